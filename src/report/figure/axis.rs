//! Axes: their ranges, ticks and how numbers are spelt there.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

/// One axis.
#[derive(Clone)]
pub(in crate::report) struct Axis {
    pub title: &'static str,
    pub range: Range<f64>,
    pub ticks: Vec<f64>,
    pub spell: fn(f64) -> String,
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
    // A computed logarithm of 1000 may lie just below 3; the next digit's, 0.3 away, is never meant.
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
