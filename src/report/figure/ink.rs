//! How lines are told apart: by colour and by mark.

use plotters::style::RGBColor;

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

impl Ink {
    pub(super) const ALL: [Ink; 8] = [
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
    pub(super) fn stand_in(self, dashed: bool) -> RGBColor {
        RGBColor(1, u8::from(dashed), self as u8)
    }
}

impl Mark {
    /// Whether the line is broken.
    pub(super) fn is_dashed(self) -> bool {
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
