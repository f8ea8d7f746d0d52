//! A line chart with two axes, drawn by plotters.

use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{
    axis::Axis,
    ink::{Ink, Mark},
};

/// What is drawn is this many times as large as it is shown, because plotters rounds to whole pixels.
pub(super) const FINE: u32 = 4;

/// Size of a chart and of its letters, in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Format {
    pub size: (u32, u32),
    pub letters: u32,
}

impl Format {
    /// Beside others, or on a phone.
    pub const COLUMN: Format = Format {
        size: (400, 290),
        letters: 13,
    };
    /// As wide as a page.
    pub const PAGE: Format = Format {
        size: (960, 440),
        letters: 13,
    };
    /// As wide as the text of a paper, 160 mm, with letters of 9 pt.
    pub const PAPER: Format = Format {
        size: (605, 380),
        letters: 12,
    };
}

/// A place on the horizontal axis with words above it.
pub(in crate::report) struct Post {
    pub at: f64,
    pub words: String,
}

/// One line.
#[derive(Clone)]
pub(in crate::report) struct Series {
    pub points: Vec<(f64, f64)>,
    pub ink: Ink,
    pub mark: Mark,
}

/// A chart to be drawn.
pub(in crate::report) struct Chart {
    pub x: Axis,
    pub y: Axis,
    pub series: Vec<Series>,
    pub posts: Vec<Post>,
}

impl Chart {
    /// The chart as an `svg` element, with more attributes for it and more elements inside.
    ///
    /// # Errors
    /// What plotters says.
    pub fn svg(&self, format: Format, attributes: &str, inside: &str) -> Result<String, String> {
        let (width, height) = (format.size.0 * FINE, format.size.1 * FINE);
        Ok(format!(
            "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" {attributes}>{inside}{}</svg>",
            self.elements(format)?
        ))
    }

    /// What the chart consists of, [`FINE`] times as large as it is shown.
    ///
    /// # Errors
    /// What plotters says.
    pub fn elements(&self, format: Format) -> Result<String, String> {
        let mut svg = String::new();
        self.draw(format, &mut svg).map_err(|why| why.to_string())?;
        let body = svg.split_once('>').map_or("", |(_, body)| body);
        let mut body = body
            .replace(" font-family=\"sans-serif\"", "")
            .replace(" opacity=\"1\"", "");
        for ink in Ink::ALL {
            for (dashed, more) in [(false, ""), (true, " stroke-dasharray=\"20 14\"")] {
                let RGBColor(r, g, b) = ink.stand_in(dashed);
                let colour = format!("\"var(--{})\"{more}", ink.name());
                body = body.replace(&format!("\"#{r:02X}{g:02X}{b:02X}\""), &colour);
            }
        }
        let body = body.trim();
        Ok(body.strip_suffix("</svg>").unwrap_or(body).to_string())
    }

    fn draw(&self, format: Format, svg: &mut String) -> Result<(), Box<dyn std::error::Error>> {
        let size = (format.size.0 * FINE, format.size.1 * FINE);
        let area = SVGBackend::with_string(svg, size).into_drawing_area();
        // plotters scales a font by 1/1.24.
        let font = |pixels: u32, ink: Ink| {
            let size = f64::from(pixels * FINE) * 1.24;
            ("sans-serif", size).into_font().color(&ink.stand_in(false))
        };
        let mut chart = ChartBuilder::on(&area)
            .margin_top(if self.posts.is_empty() { 8 } else { 26 } * FINE)
            // Ascenders of the title reach a little over the edge.
            .margin_left(4 * FINE)
            .margin_right(14 * FINE)
            .x_label_area_size(42 * FINE)
            .y_label_area_size(64 * FINE)
            .build_cartesian_2d(self.x.clone(), self.y.clone())?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(Ink::Grid.stand_in(false).stroke_width(FINE))
            .axis_style(Ink::Axis.stand_in(false).stroke_width(FINE))
            .label_style(font(format.letters, Ink::Label))
            .axis_desc_style(font(format.letters, Ink::Label))
            .x_desc(self.x.title)
            .y_desc(self.y.title)
            .draw()?;
        let (low, high) = (self.y.range.start, self.y.range.end);
        for post in &self.posts {
            let style = Ink::Label.stand_in(true).stroke_width(FINE * 3 / 2);
            let ends = vec![(post.at, low), (post.at, high)];
            chart.draw_series([PathElement::new(ends, style)])?;
            let share = (post.at - self.x.range.start) / (self.x.range.end - self.x.range.start);
            // Words keep inside of the chart.
            let side = match share {
                ..0.3 => HPos::Left,
                0.7.. => HPos::Right,
                _ => HPos::Center,
            };
            let style = font(format.letters, Ink::Label);
            let (x, y) = chart.plotting_area().map_coordinate(&(post.at, high));
            let place = (x, y - 4 * FINE as i32);
            area.draw(&Text::new(
                post.words.clone(),
                place,
                style.pos(Pos::new(side, VPos::Bottom)),
            ))?;
        }
        for series in &self.series {
            let colour = series.ink.stand_in(series.mark.is_dashed());
            let width = if matches!(series.mark, Mark::Rule | Mark::Thin) {
                FINE * 3 / 2
            } else {
                FINE * 2
            };
            chart.draw_series(LineSeries::new(
                series.points.iter().copied(),
                colour.stroke_width(width),
            ))?;
            let solid = series.ink.stand_in(false).filled();
            let stroke = series.ink.stand_in(false).stroke_width(FINE * 2);
            let points = series.points.iter().copied();
            // Points that would run into each other are drawn small.
            let fine = if series.points.len() > 40 {
                FINE / 2
            } else {
                FINE
            };
            match series.mark {
                Mark::Dots => {
                    chart.draw_series(points.map(|at| Circle::new(at, 3 * fine, solid)))?;
                }
                Mark::Dashes => {
                    chart.draw_series(points.map(|at| TriangleMarker::new(at, 4 * fine, solid)))?;
                }
                Mark::Crosses | Mark::Ticks => {
                    chart.draw_series(points.map(|at| Cross::new(at, 3 * FINE, stroke)))?;
                }
                Mark::Rings => {
                    chart.draw_series(points.map(|at| Circle::new(at, 3 * FINE, stroke)))?;
                }
                Mark::Rule | Mark::Thin => {}
            }
        }
        area.present()?;
        Ok(())
    }
}
