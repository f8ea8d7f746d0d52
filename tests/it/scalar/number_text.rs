//! Numbers as text: read exactly, written so that they round-trip, refused with a reason.

use crate::support::scalars;

use isotropic::scalar::{
    Field, Mp, Rational,
    text::{NumberError, hex, parse, parse_exact},
};
use proptest::prelude::*;
use rug::Rational as Q;
use scalars::{Case, is_rounded, scalar, values};

/// Written and read back without loss.
fn law_text<S: Case>(write: impl Fn(&S) -> Option<String>) -> Result<(), String> {
    for a in values::<S>() {
        let Some(text) = write(&a) else {
            // Only a rational whose denominator is no power of two has no hex form.
            if S::precision().is_some() {
                return Err(format!("{a} has no text"));
            }
            continue;
        };
        match parse::<S>(&text) {
            Ok(back) if back == a => {}
            outcome => {
                return Err(format!(
                    "{}: {a} is written {text} and read {outcome:?}",
                    S::name()
                ));
            }
        }
    }
    Ok(())
}

fn round_trips<S: Case>() {
    law_text::<S>(|x| Some(x.to_string())).unwrap();
    law_text(hex::<S>).unwrap();
}

#[test]
fn every_scalar_survives_its_text() {
    round_trips::<f32>();
    round_trips::<f64>();
    round_trips::<Mp<64>>();
    round_trips::<Mp<256>>();
    round_trips::<Mp<1024>>();
    round_trips::<Rational>();
    assert_eq!(hex(&Rational::ratio(1, 3).unwrap()), None);
}

/// Too few digits are refused by the same law.
#[test]
fn lossy_text_is_refused() {
    let refused = |law: &str, outcome: Result<(), String>| {
        assert!(outcome.is_err(), "{law}: the wrong operation passed");
    };
    refused(
        "fifteen digits",
        law_text::<f64>(|x| Some(format!("{x:.14e}"))),
    );
    refused(
        "f64 digits of a wide number",
        law_text::<Mp<256>>(|x| Some(format!("{:e}", Field::to_f64(x)))),
    );
}

#[test]
fn decimals_in_any_radix_are_rounded_once() {
    use num_traits::Num;
    let tenth = Mp::<64>::from_str_radix("0.1", 10).unwrap();
    is_rounded(&tenth, &Q::from((1, 10))).unwrap();
    assert_eq!(
        Rational::from_str_radix("-22/7", 10).unwrap(),
        Rational::ratio(-22, 7).unwrap()
    );
}

#[test]
fn formatting() {
    let third = Mp::<256>::from_rational(&Rational::ratio(-1, 3).unwrap());
    assert_eq!(format!("{third:.3}"), "-3.333e-1");
    assert_eq!(format!("{:.3}", Mp::<64>::from_int(1024)), "1.024e3");
    assert_eq!(scalar::<Mp<64>>(0.5).to_string(), "5e-1");
    assert_eq!(scalar::<Mp<64>>(1.5).to_string(), "1.5");
    assert_eq!(scalar::<Mp<64>>(f64::NEG_INFINITY).to_string(), "-inf");
    assert_eq!(scalar::<Mp<64>>(f64::NAN).to_string(), "NaN");
    assert_eq!(hex(&-0.1875_f64).unwrap(), "-0x1.8p-3");
    assert_eq!(hex(&f64::from_bits(1)).unwrap(), "0x1p-1074");
    assert_eq!(hex(&0.0_f32).unwrap(), "0x0p+0");
    assert_eq!(hex(&f64::NAN), None);
    assert_eq!(<Mp<512> as Field>::name(), "mp512");
}

#[test]
fn every_way_a_number_can_be_wrong() {
    let malformed = [
        "", "+", "-", ".", "--1", "1-", "e5", "1e", "1e+", "1e5.5", "0x", "0x1p", "0xg", "1/2/3",
        "/3", "3/", "1/-2", "1.5/2", "one", "1,5", " 1", "1 ", "1_000", "٣", "1e٣", "+-1", "nan1",
    ];
    for text in malformed {
        assert_eq!(
            parse_exact(text),
            Err(NumberError::Malformed(text.into())),
            "{text:?}"
        );
    }
    for text in [
        "nan",
        "NaN",
        "-nan",
        ".nan",
        "inf",
        "-Inf",
        ".inf",
        "+infinity",
    ] {
        assert_eq!(
            parse_exact(text),
            Err(NumberError::NotFinite(text.into())),
            "{text:?}"
        );
    }
    for text in ["1/0", "-0/0", "7/000"] {
        assert_eq!(
            parse_exact(text),
            Err(NumberError::ZeroDenominator(text.into())),
            "{text:?}"
        );
    }
    for text in [
        "1e100001",
        "-1e-100001",
        "0x1p100001",
        "1e99999999999999999999",
        "1e-99999999999999999999",
    ] {
        assert_eq!(
            parse_exact(text),
            Err(NumberError::ExponentOutOfRange(text.into())),
            "{text:?}"
        );
    }
    for (text, outcome) in [
        ("1e309", parse::<f64>("1e309")),
        ("4e38", parse::<f32>("4e38").map(f64::from)),
    ] {
        assert!(
            matches!(outcome, Err(NumberError::Overflow { text: ref t, .. }) if t == text),
            "{text}"
        );
    }
    // A long text is shortened in the message.
    let Err(NumberError::Malformed(shown)) = parse_exact(&"z".repeat(10_000)) else {
        panic!("refused");
    };
    assert!(shown.chars().count() <= 41 && shown.ends_with('…'));

    for (text, p, q) in [
        ("1.", 1, 1),
        (".5", 1, 2),
        ("-1.5e-1", -3, 20),
        ("+22/7", 22, 7),
        ("0X1.8P-3", 3, 16),
        ("6/4", 3, 2),
        ("0x.8", 1, 2),
        ("1E2", 100, 1),
        ("-0", 0, 1),
        ("00012", 12, 1),
    ] {
        assert_eq!(
            parse_exact(text),
            Ok(Rational::ratio(p, q).unwrap()),
            "{text}"
        );
    }
}

proptest! {
    /// Any float survives decimal and hex; any decimal is read as fl of its exact value.
    #[test]
    fn text_of_any_f64(bits: u64) {
        let x = f64::from_bits(bits);
        prop_assume!(x.is_finite());
        prop_assert_eq!(parse::<f64>(&x.to_string()), Ok(x));
        prop_assert_eq!(parse::<f64>(&hex(&x).unwrap()), Ok(x));
        let wide: Mp<256> = Field::from_f64(x);
        prop_assert_eq!(parse::<Mp<256>>(&wide.to_string()), Ok(wide));
    }

    #[test]
    fn text_of_any_f32(bits: u32) {
        let x = f32::from_bits(bits);
        prop_assume!(x.is_finite());
        prop_assert_eq!(parse::<f32>(&x.to_string()), Ok(x));
        prop_assert_eq!(parse::<f32>(&hex(&x).unwrap()), Ok(x));
    }

    /// Short decimals go to the platform's parser: it rounds as the exact value is rounded, in every way to write one.
    #[test]
    fn decimals_are_rounded_as_their_exact_values(
        (sign, whole, fraction) in ("[+-]?", "[0-9]{0,25}", "[0-9]{0,25}"),
        e in -345i32..320,
        (point, mark) in ("[.]?", "e[+]?|E|"),
    ) {
        let e = if mark == "e+" { e.abs() } else { e };
        let exponent = if mark.is_empty() { String::new() } else { format!("{mark}{e}") };
        let text = format!("{sign}{whole}{point}{fraction}{exponent}");
        let Ok(exact) = parse_exact(&text) else {
            prop_assert!(parse::<f64>(&text).is_err() && parse::<f32>(&text).is_err(), "{}", text);
            return Ok(());
        };
        let double = f64::from_rational(&exact);
        let single = f32::from_rational(&exact);
        // Bits: a zero that is written with a minus is the rational 0.
        let read = (parse::<f64>(&text).map(f64::to_bits).ok(), parse::<f32>(&text).map(f32::to_bits).ok());
        let rounded = (double.is_finite().then_some(double.to_bits()), single.is_finite().then_some(single.to_bits()));
        prop_assert_eq!(read, rounded, "{}", text);
    }
}

/// Half way between two numbers, half the smallest, half above the largest, and the limit on exponents.
#[test]
fn decimals_at_ties_and_ends() {
    for text in [
        "9007199254740993",
        "9007199254740992.99999999999999999999",
        "2.47032822920623272088e-324",
        "2.4703282292062327208e-324",
        "1.7976931348623158079e308",
        "1.7976931348623158e308",
        "16777217",
        "7.0064923216240853e-46",
        "3.4028235677973366e38",
        "-0",
        "-0.0e5",
        "-1e-400",
        "1e-400",
        "1e99999",
        "1e100001",
        "00000.1",
        "1.",
        ".5",
        "5e+3",
    ] {
        let exactly = |x: f64| x.is_finite().then_some(x.to_bits());
        let exact = parse_exact(text).ok();
        let double = exact.as_ref().and_then(|q| exactly(f64::from_rational(q)));
        let single = exact
            .as_ref()
            .and_then(|q| exactly(f64::from(f32::from_rational(q))));
        assert_eq!(parse::<f64>(text).ok().and_then(exactly), double, "{text}");
        assert_eq!(
            parse::<f32>(text).ok().map(f64::from).and_then(exactly),
            single,
            "{text}"
        );
    }
}
