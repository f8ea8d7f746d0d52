//! A line chart with two axes, drawn by plotters.

use std::ops::Range;

use plotters::{
    coord::ranged1d::{KeyPointHint, NoDefaultFormatting, ValueFormatter},
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
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

/// The role of a line, which is its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Ink {
    Axis,
    Grid,
    Label,
    Blue,
    Orange,
    Green,
    Purple,
    Amber,
}

/// How a series is drawn: never told apart by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Mark {
    /// A line with points.
    Dots,
    /// A dashed line with triangles.
    Dashes,
    /// A dashed line with crosses.
    Crosses,
    /// A dashed line with rings.
    Rings,
    /// A line with crosses.
    Ticks,
    /// A thin line without points, one of many.
    Thin,
    /// A thin dashed line without points.
    Rule,
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

/// One axis.
#[derive(Clone)]
pub(in crate::report) struct Axis {
    pub title: &'static str,
    pub range: Range<f64>,
    pub ticks: Vec<f64>,
    pub spell: fn(f64) -> String,
}

/// A chart to be drawn.
pub(in crate::report) struct Chart {
    pub x: Axis,
    pub y: Axis,
    pub series: Vec<Series>,
    pub posts: Vec<Post>,
}

impl Ink {
    const ALL: [Ink; 8] = [
        Ink::Axis,
        Ink::Grid,
        Ink::Label,
        Ink::Blue,
        Ink::Orange,
        Ink::Green,
        Ink::Purple,
        Ink::Amber,
    ];

    /// The CSS variable of the palette.
    pub fn name(self) -> &'static str {
        match self {
            Ink::Axis => "axis",
            Ink::Grid => "grid",
            Ink::Label => "label",
            Ink::Blue => "blue",
            Ink::Orange => "orange",
            Ink::Green => "green",
            Ink::Purple => "purple",
            Ink::Amber => "amber",
        }
    }

    /// A colour that stands for the role until the drawing is done.
    fn stand_in(self, dashed: bool) -> RGBColor {
        RGBColor(1, u8::from(dashed), self as u8)
    }
}

impl Mark {
    /// Whether the line is broken.
    fn is_dashed(self) -> bool {
        match self {
            Mark::Dots | Mark::Ticks | Mark::Thin => false,
            Mark::Dashes | Mark::Crosses | Mark::Rings | Mark::Rule => true,
        }
    }

    /// A piece of such a line with its point, 28 × 12 pixels: what a legend shows.
    pub fn sample(self, ink: Ink) -> String {
        let ink = format!("var(--{})", ink.name());
        let dashes = match self.is_dashed() {
            true => " stroke-dasharray=\"5 3.5\"",
            false => "",
        };
        let width = if matches!(self, Mark::Rule | Mark::Thin) {
            1.5
        } else {
            2.0
        };
        let line = format!(
            "<path d=\"M0 6H28\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"{width}\"{dashes}/>"
        );
        line + &match self {
            Mark::Dots => format!("<circle cx=\"14\" cy=\"6\" r=\"3\" fill=\"{ink}\"/>"),
            Mark::Dashes => format!("<path d=\"M10 9L14 2L18 9Z\" fill=\"{ink}\"/>"),
            Mark::Crosses | Mark::Ticks => {
                format!("<path d=\"M11 3L17 9M11 9L17 3\" stroke=\"{ink}\" stroke-width=\"2\"/>")
            }
            Mark::Rings => format!(
                "<circle cx=\"14\" cy=\"6\" r=\"3\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"2\"/>"
            ),
            Mark::Rule | Mark::Thin => String::new(),
        }
    }
}

impl Axis {
    /// An axis of powers: `range` in exponents, ticks at whole ones, `step` the first of the list that
    /// leaves no more than seven.
    pub fn of_powers(
        title: &'static str,
        range: Range<f64>,
        steps: &[f64],
        spell: fn(f64) -> String,
    ) -> Self {
        let range = range.start.floor()..range.end.ceil().max(range.start.floor() + 1.0);
        let ticks = ticks(&range, steps);
        Axis {
            title,
            ticks,
            range,
            spell,
        }
    }

    /// An axis of sizes, on a logarithmic scale: `range` in exponents of ten. Where it spans less than two powers of ten, ticks
    /// are at 1, 2 and 5 times each, and the axis ends at the ticks around what there is.
    pub fn of_sizes(title: &'static str, range: Range<f64>) -> Self {
        if range.end - range.start >= 2.0 {
            return Axis::of_powers(title, range, &TENS, power_of_ten);
        }
        let decades = range.start.floor() as i32..=range.end.ceil() as i32;
        let all: Vec<f64> = decades
            .flat_map(|e| [1.0f64, 2.0, 5.0].map(|m| f64::from(e) + m.log10()))
            .collect();
        let below = all.iter().rposition(|tick| *tick <= range.start);
        let above = all.iter().position(|tick| *tick >= range.end);
        let (below, above) = (below.unwrap_or(0), above.unwrap_or(all.len() - 1));
        let ticks = all[below..=above.max(below + 1)].to_vec();
        Axis {
            title,
            range: all[below]..all[above.max(below + 1)],
            ticks,
            spell: one_digit,
        }
    }

    /// An axis that counts from 0.
    pub fn of_counts(title: &'static str, end: f64) -> Self {
        let range = 0.0..end;
        let steps: Vec<f64> = (0..9)
            .flat_map(|power| [1.0, 2.0, 5.0].map(|step| step * 10f64.powi(power)))
            .collect();
        Axis {
            title,
            ticks: ticks(&range, &steps),
            range,
            spell: |x| format!("{x:.0}"),
        }
    }
}

impl Axis {
    /// An axis of per cents from somewhat below `low` to 100.
    pub fn of_percent(title: &'static str, low: f64) -> Self {
        let start = (low / 10.0).floor() * 10.0;
        // A curve that stays at 100 needs an axis too.
        let start = start.min(90.0);
        let ticks = (0..=10).map(|k| f64::from(k) * 10.0);
        Axis {
            title,
            range: start..100.0,
            ticks: ticks.filter(|tick| *tick >= start).collect(),
            spell: |x| format!("{x:.0}"),
        }
    }
}

/// Multiples of the first step that gives at most seven of them.
fn ticks(range: &Range<f64>, steps: &[f64]) -> Vec<f64> {
    let span = range.end - range.start;
    let fits = |step: &&f64| span / **step <= 7.0;
    let step = steps.iter().find(fits).copied().unwrap_or(span);
    let first = (range.start / step).ceil() * step;
    (0..8)
        .map(|i| first + f64::from(i) * step)
        .take_while(|tick| *tick <= range.end)
        .collect()
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        let share = (value - self.range.start) / (self.range.end - self.range.start);
        from + (share * f64::from(to - from)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format(value: &f64) -> String {
        value.to_string()
    }

    fn format_ext(&self, value: &f64) -> String {
        (self.spell)(*value)
    }
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

/// Steps for powers of ten.
pub(in crate::report) const TENS: [f64; 7] = [1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0];

/// Steps for powers of two.
pub(super) const BITS: [f64; 6] = [8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// 10⁻⁵, or 1 for 10⁰.
pub(in crate::report) fn power_of_ten(exponent: f64) -> String {
    match exponent as i64 {
        0 => "1".into(),
        1 => "10".into(),
        e => format!("10{}", superscript(e)),
    }
}

/// 0.2, 50 or 2·10⁻⁵, for exponents of numbers of one digit.
fn one_digit(exponent: f64) -> String {
    let power = (exponent + 1e-6).floor();
    let digit = 10f64.powf(exponent - power).round();
    match power as i32 {
        0..=3 => format!("{:.0}", digit * 10f64.powf(power)),
        e @ -3..=-1 => format!(
            "{:.*}",
            e.unsigned_abs() as usize,
            digit * 10f64.powf(power)
        ),
        _ if digit == 1.0 => power_of_ten(power),
        _ => format!("{digit:.0}·{}", power_of_ten(power)),
    }
}

/// 2⁻⁵³.
pub(super) fn power_of_two(exponent: f64) -> String {
    match exponent as i64 {
        0 => "1".into(),
        e => format!("2{}", superscript(e)),
    }
}

fn superscript(n: i64) -> String {
    let raise = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '0' | '4'..='9' => char::from_u32(0x2070 + (c as u32 - '0' as u32)).unwrap_or(c),
        c => c,
    };
    n.to_string().chars().map(raise).collect()
}

#[cfg(test)]
mod tests {
    use super::Axis;

    #[test]
    fn sizes_within_two_powers_of_ten_have_an_axis_of_their_own() {
        for (low, high, expected) in [
            (-2.15, -2.001, &["0.005", "0.01"][..]),
            (-0.4, 0.31, &["0.2", "0.5", "1", "2", "5"]),
            (1.0, 1.0, &["10", "20"]),
            (-6.3, -6.2, &["5·10⁻⁷", "10⁻⁶"]),
        ] {
            let axis = Axis::of_sizes("", low..high);
            let spelt: Vec<String> = axis.ticks.iter().map(|tick| (axis.spell)(*tick)).collect();
            assert_eq!(spelt, expected, "{low} to {high}");
            assert!(axis.range.start <= low && high <= axis.range.end);
        }
        let wide = Axis::of_sizes("", -6.5..1.2);
        assert_eq!(wide.range, -7.0..2.0);
    }
}
