//! Files: what is read is what was written, and nothing that can stand in a file makes a reader panic.

mod header_length;
mod inputs;
mod networks;

use crate::support::command::{self, SMALL, SMALL_YAML, safetensors, small_with};
use isotropic::{
    Gain, Layer, Network, Scalar,
    io::{
        self, Dtype, LengthReading, LengthWriting, Numerals, ReadOptions, Stored, WriteOptions,
        inputs::{InputOptions, Inputs, read_bytes},
        shipped,
    },
    linalg::{Matrix, Vector},
    network::evaluate_batch,
    scalar::{Field, Mp, Rational},
};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A random network with full-precision entries: quotients of integers.
fn random<S: Field>(
    widths: &[usize],
    gain: Gain<S>,
    lengths: bool,
    rng: &mut impl Rng,
) -> Network<S> {
    let mut number =
        || S::from_int(rng.random_range(-999..=999)) / S::from_int(rng.random_range(1..=999));
    let layers = widths.windows(2).enumerate().map(|(i, pair)| Layer {
        weight: Matrix::from_fn(pair[1], pair[0], |_, _| number()),
        bias: Vector::from_fn(pair[1], |_, _| number()),
        psi: (i > 0).then(|| Vector::from_fn(pair[1], |_, _| number())),
    });
    let layers = layers.collect();
    let lengths = lengths.then(|| widths[2..].iter().map(|_| number().abs()).collect());
    Network::new(layers, gain, lengths).unwrap()
}

fn round_trip<S: Field>(network: &Network<S>, name: &str, options: &WriteOptions) -> Network<S> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    io::write_network(&path, network, options).unwrap();
    io::read_network(&path, &ReadOptions::default())
        .unwrap()
        .network()
        .unwrap()
}

fn gains<S: Field>() -> [Gain<S>; 3] {
    [
        Gain::Tanh,
        Gain::RationalTanh,
        Gain::SoftThreshold {
            t: S::from_f64(0.375),
        },
    ]
}

fn yaml_round_trips<S: Field>() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for (widths, lengths) in [
        (&[3, 1][..], false),
        (&[1, 4, 2], true),
        (&[5, 3, 4, 2], false),
    ] {
        for gain in gains() {
            let network = random::<S>(widths, gain, lengths, &mut rng);
            for numerals in [None, Some(Numerals::Decimal), Some(Numerals::Hex)] {
                let options = WriteOptions {
                    numerals,
                    ..WriteOptions::default()
                };
                // Rationals with a soft threshold are not evaluated, but they are stored.
                if S::precision().is_none() && !network.gain().is_rational() {
                    continue;
                }
                assert_eq!(
                    round_trip(&network, "n.yaml", &options),
                    network,
                    "{} {widths:?}",
                    S::name()
                );
            }
        }
    }
}

#[test]
fn yaml_keeps_every_bit_of_every_scalar() {
    yaml_round_trips::<f32>();
    yaml_round_trips::<f64>();
    yaml_round_trips::<Mp<64>>();
    yaml_round_trips::<Mp<1024>>();
    yaml_round_trips::<Rational>();
}

#[test]
fn hexadecimal_yaml_is_the_same_number_in_wider_arithmetic() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let network = random::<f64>(&[3, 4, 2], Gain::Tanh, true, &mut rng);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("n.yml");
    let options = WriteOptions {
        numerals: Some(Numerals::Hex),
        ..WriteOptions::default()
    };
    io::write_network(&path, &network, &options).unwrap();
    let wide = io::read_network(&path, &ReadOptions::default())
        .unwrap()
        .network::<Mp<512>>()
        .unwrap();
    assert_eq!(wide, network.cast().unwrap());
}

#[test]
fn safetensors_keep_every_bit_of_their_dtype() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for gain in gains() {
        let network = random::<f64>(&[4, 3, 5, 2], gain, true, &mut rng);
        assert_eq!(
            round_trip(&network, "n.safetensors", &WriteOptions::default()),
            network
        );
    }
    for gain in gains() {
        let network = random::<f32>(&[4, 3, 5, 2], gain, true, &mut rng);
        let options = WriteOptions {
            dtype: Some(Dtype::F32),
            ..WriteOptions::default()
        };
        assert_eq!(round_trip(&network, "n.safetensors", &options), network);
        assert_eq!(
            round_trip(&network, "n.safetensors", &WriteOptions::default()),
            network
        );
    }
}

#[test]
fn a_wider_number_is_rounded_once_when_it_is_written() {
    // 1 + 2^-24 + 2^-60 goes up to the next single; through double it would first lose the 2^-60 and
    // then, being a tie, go down to 1.
    let text = "isotropic: 1\nwidths: [1, 1]\ngain: tanh\nlayers: [{weight: [['0x1.000001000000001p+0']], bias: ['0']}]";
    let stored = io::yaml::read("text", text, &ReadOptions::default()).unwrap();
    let options = WriteOptions {
        dtype: Some(Dtype::F32),
        ..WriteOptions::default()
    };
    let written =
        io::safetensors::write("out", &stored.network::<Mp<128>>().unwrap(), &options).unwrap();
    let read = io::safetensors::read("out", &written.bytes, &ReadOptions::default()).unwrap();
    assert_eq!(
        read.network::<f32>().unwrap().layer(1).weight[0],
        1.0 + f32::EPSILON
    );
    assert_eq!(
        stored.network::<f32>().unwrap().layer(1).weight[0],
        1.0 + f32::EPSILON
    );
}

#[test]
fn the_same_network_gives_the_same_bytes() {
    let stored =
        io::safetensors::read("small", &safetensors(&SMALL, &[]), &ReadOptions::default()).unwrap();
    let write = || {
        io::safetensors::write(
            "out",
            &stored.network::<f64>().unwrap(),
            &WriteOptions::default(),
        )
        .unwrap()
        .bytes
    };
    let bytes = write();
    assert_eq!(bytes, write());
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap());
    assert_eq!(length % 8, 0, "the data must be aligned");
    let header = String::from_utf8(bytes[8..8 + length as usize].to_vec()).unwrap();
    for expected in [
        r#""isotropic.format":"1""#,
        r#""isotropic.widths":"2,3,1""#,
        r#""isotropic.gain":"tanh""#,
        r#""activation.0.o_const":{"dtype":"F64","shape":[]"#,
        r#""weight_parameters.0":{"dtype":"F64","shape":[3,2]"#,
    ] {
        assert!(header.contains(expected), "{expected} in {header}");
    }
}

#[test]
fn rows_of_the_file_are_rows_of_the_matrix() {
    let stored =
        io::safetensors::read("small", &safetensors(&SMALL, &[]), &ReadOptions::default()).unwrap();
    let network = stored.network::<f64>().unwrap();
    assert_eq!(
        network.layer(1).weight,
        Matrix::from_row_slice(3, 2, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    );
    assert_eq!(network.layer(2).psi.as_ref().unwrap()[0], -1.5);
    assert_eq!(network.parameter_count(), 15);
}

#[test]
fn the_length_is_what_name_metadata_and_option_say() {
    let o =
        |tensors: &[command::Tensor], metadata: &[(&str, &str)], told: Option<LengthReading>| {
            let options = ReadOptions {
                lengths: told,
                ..ReadOptions::default()
            };
            let stored =
                io::safetensors::read("small", &safetensors(tensors, metadata), &options).unwrap();
            stored.network::<f64>().unwrap().length_squared(1)
        };
    let root_e = 0.5_f64.exp();
    let says = |meaning| [("isotropic.intrinsic_length", meaning)];
    assert_eq!(o(&SMALL, &[], None), root_e);
    assert_eq!(o(&SMALL, &[], Some(LengthReading::Squared)), 0.5);
    assert_eq!(o(&SMALL, &says("squared"), None), 0.5);
    assert_eq!(o(&SMALL, &says("log"), None), root_e);
    assert_eq!(
        o(&SMALL, &says("squared"), Some(LengthReading::Logarithm)),
        root_e
    );
    let mut constant = SMALL;
    constant[0] = ("activation.0.o_const", &[1], &[0.5]);
    assert_eq!(
        o(&constant, &[], None),
        0.5,
        "o_const is o, and a scalar may have shape [1]"
    );
    assert_eq!(o(&SMALL[1..], &[], None), 0.0, "no activation tensors");
}

#[test]
fn absent_parameters_stay_absent() {
    let tensors: Vec<_> = SMALL
        .into_iter()
        .filter(|(name, ..)| !name.starts_with("psi") && !name.starts_with("act"))
        .collect();
    let stored = io::safetensors::read(
        "small",
        &safetensors(&tensors, &[]),
        &ReadOptions::default(),
    )
    .unwrap();
    let network = stored.network::<f64>().unwrap();
    assert_eq!(network.parameter_count(), 13);
    for name in ["n.safetensors", "n.yaml"] {
        assert_eq!(
            round_trip(&network, name, &WriteOptions::default()),
            network
        );
    }
}

#[test]
fn some_layers_without_psi_get_zeros_in_safetensors() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let network = random::<f64>(&[2, 3, 3, 1], Gain::Tanh, true, &mut rng);
    let mut layers = network.layers().to_vec();
    layers[1].psi = None;
    let network = Network::new(layers.clone(), Gain::Tanh, None).unwrap();
    assert_eq!(
        round_trip(&network, "n.yaml", &WriteOptions::default()),
        network
    );
    layers[1].psi = Some(Vector::from_element(3, 0.0));
    let filled = Network::new(layers, Gain::Tanh, None).unwrap();
    assert_eq!(
        round_trip(&network, "n.safetensors", &WriteOptions::default()),
        filled
    );
}

#[test]
fn logarithms_come_back_within_their_rounding_and_zero_has_none() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let network = random::<f64>(&[2, 3, 1], Gain::Tanh, true, &mut rng);
    let options = WriteOptions {
        lengths: Some(LengthWriting::Logarithm),
        ..WriteOptions::default()
    };
    let (before, after) = (
        network.length_squared(1),
        round_trip(&network, "n.safetensors", &options).length_squared(1),
    );
    // |Δ ln o| ≤ u |ln o|, and e^ passes it on as a relative error; one more u for rounding o.
    assert!(
        (before - after).abs() <= f64::unit_roundoff() * (1.1 + 1.1 * before.ln().abs()) * before
    );

    let zero = Network::new(network.layers().to_vec(), Gain::Tanh, Some(vec![0.0])).unwrap();
    let message = io::safetensors::write("out", &zero, &options)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("hidden layer 1") && message.contains("write o itself"),
        "{message}"
    );
}

#[test]
fn exact_arithmetic_takes_what_is_rational_and_refuses_the_rest() {
    let read = |options: &ReadOptions| {
        io::safetensors::read("small", &safetensors(&SMALL, &[]), options).unwrap()
    };
    let message = read(&ReadOptions::default())
        .network::<Rational>()
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("tanh") && message.contains("use f64 or mp256"),
        "{message}"
    );

    let rational = ReadOptions {
        gain: Some("rational".into()),
        ..ReadOptions::default()
    };
    let message = read(&rational)
        .network::<Rational>()
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("hidden layer 1")
            && message.contains("convert the file to one that holds o"),
        "{message}"
    );

    let squared = ReadOptions {
        lengths: Some(LengthReading::Squared),
        ..rational
    };
    let network = read(&squared).network::<Rational>().unwrap();
    assert_eq!(network.length_squared(1), Rational::ratio(1, 2).unwrap());

    // The checks work on exact networks whatever the gain: e^(1/2) at that many bits, then as exact.
    let o = read(&ReadOptions::default())
        .exact(300)
        .unwrap()
        .length_squared(1);
    assert_eq!(
        Mp::<256>::from_rational(&o),
        isotropic::scalar::Real::exp(&Mp::<256>::from_f64(0.5))
    );
}

#[test]
fn numbers_beyond_the_scalar_name_their_place() {
    let text = SMALL_YAML.replace("\"4\"", "\"1e300\"");
    let stored = io::yaml::read("big.yaml", &text, &ReadOptions::default()).unwrap();
    assert!(stored.network::<f64>().is_ok());
    let message = stored.network::<f32>().unwrap_err().to_string();
    for part in [
        "big.yaml",
        "layer 1, weight, row 2, column 2",
        "f32",
        "wider arithmetic",
    ] {
        assert!(message.contains(part), "{part} in {message}");
    }
    let message = io::safetensors::write(
        "out",
        &stored.network::<f64>().unwrap(),
        &WriteOptions {
            dtype: Some(Dtype::F32),
            ..WriteOptions::default()
        },
    );
    let message = message.unwrap_err().to_string();
    for part in [
        "weight_parameters.0",
        "row 2, column 2",
        "1e300",
        "write f64 or",
    ] {
        assert!(message.contains(part), "{part} in {message}");
    }
}

#[test]
fn gain_and_threshold_of_file_and_options() {
    let metadata = [
        ("isotropic.gain", "soft-threshold"),
        ("isotropic.threshold", "1/3"),
    ];
    let bytes = safetensors(&SMALL, &metadata);
    let gain = |gain: Option<&str>, threshold: Option<Rational>| {
        let options = ReadOptions {
            gain: gain.map(Into::into),
            threshold,
            ..ReadOptions::default()
        };
        io::safetensors::read("small", &bytes, &options).map(|stored| stored.gain().clone())
    };
    let third = Rational::ratio(1, 3).unwrap();
    let half = Rational::ratio(1, 2).unwrap();
    assert_eq!(
        gain(None, None).unwrap(),
        Gain::SoftThreshold { t: third.clone() }
    );
    assert_eq!(
        gain(None, Some(half.clone())).unwrap(),
        Gain::SoftThreshold { t: half.clone() }
    );
    assert_eq!(
        gain(Some("soft-threshold"), None).unwrap(),
        Gain::SoftThreshold { t: third }
    );
    assert_eq!(gain(Some("tanh"), None).unwrap(), Gain::Tanh);
    assert!(
        gain(Some("tanh"), Some(half))
            .unwrap_err()
            .to_string()
            .contains("takes no threshold")
    );
}

#[test]
fn an_unquoted_number_is_taken_at_its_text() {
    let unquoted =
        io::yaml::read("n", &SMALL_YAML.replace('"', ""), &ReadOptions::default()).unwrap();
    let quoted = io::yaml::read("n", SMALL_YAML, &ReadOptions::default()).unwrap();
    assert_eq!(unquoted, quoted);
    assert_eq!(
        quoted.exact(64).unwrap().layer(2).weight[(0, 1)],
        Rational::ratio(1, 5).unwrap(),
        "0.2 is 1/5"
    );
}

fn table<S: Field>(text: &str, divide: Option<&str>) -> Result<Inputs<S>, String> {
    let options = InputOptions {
        divide: divide.map(Into::into),
        ..InputOptions::default()
    };
    read_bytes("t.csv", text.as_bytes(), &options).map_err(|why| why.to_string())
}

#[test]
fn inputs_with_and_without_header_and_labels() {
    let plain = table::<f64>("1,2\n3,4\n", None).unwrap();
    assert_eq!(plain.x, Matrix::from_row_slice(2, 2, &[1.0, 3.0, 2.0, 4.0]));
    assert_eq!(plain.labels, None);
    let headed = table::<f64>("a,label,b\r\n 1 ,7,2\r\n\r\n3,0,4", None).unwrap();
    assert_eq!(headed.x, plain.x);
    assert_eq!(headed.labels, Some(vec![7, 0]));
    assert_eq!(headed.lines, [2, 4]);
    let marked = table::<f64>("\u{feff}a,b\n1,2\n3,4\n", None).unwrap();
    assert_eq!(marked.x, plain.x, "a byte order mark");
}

#[test]
fn inputs_are_rounded_once_and_then_divided() {
    let exact = table::<Rational>("0.1,1/3,0x1.8p1\n", Some("0.3")).unwrap();
    let ratio = |p, q| Rational::ratio(p, q).unwrap();
    assert_eq!(
        exact.x.as_slice(),
        [ratio(1, 3), ratio(10, 9), ratio(10, 1)]
    );
    let rounded = table::<f64>("0.1,1/3,0x1.8p1\n", Some("0.3")).unwrap();
    assert_eq!(
        rounded.x.as_slice(),
        [0.1 / 0.3, (1.0 / 3.0) / 0.3, 3.0 / 0.3]
    );
}

#[test]
fn the_shipped_networks_read_the_shipped_digits() {
    let networks = shipped::networks().unwrap();
    let digits = shipped::test_digits::<f64>().unwrap();
    assert_eq!((digits.x.nrows(), digits.x.ncols()), (64, 360));
    assert_eq!(shipped::digits::<f32>().unwrap().lines.len(), 1797);
    let widths: Vec<_> = networks.iter().map(Stored::widths).collect();
    assert_eq!(widths, [vec![64, 48, 32, 10], vec![64, 128, 96, 10]]);
    let right: Vec<_> = networks
        .iter()
        .map(|network| right::<f64>(network, &digits))
        .collect();
    assert_eq!(right, [323, 324], "test accuracy 0.897 and 0.900");
}

fn right<S: Scalar>(network: &Stored, inputs: &Inputs<S>) -> usize {
    let y = evaluate_batch(&network.network().unwrap(), &inputs.x).unwrap();
    let labels = inputs.labels.as_ref().unwrap();
    (0..y.ncols())
        .filter(|&j| {
            y.column(j)
                .iter()
                .enumerate()
                .all(|(i, v)| i == labels[j] || *v < y[(labels[j], j)])
        })
        .count()
}

/// Damages small files at random: every outcome but a panic will do.
#[test]
fn no_damage_makes_a_reader_panic() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let binary = safetensors(
        &small_with(("x", &[], &[])),
        &[("isotropic.widths", "2,3,1")],
    );
    let mut accepted = 0;
    let halved = InputOptions {
        divide: Some("2".into()),
        ..InputOptions::default()
    };
    for _ in 0..3000 {
        let mut bytes = binary.clone();
        let mut text = SMALL_YAML.as_bytes().to_vec();
        let mut cells = b"a,label,b\n1,7,2.5\n0x1p3,0,1/3\n".to_vec();
        for bytes in [&mut bytes, &mut text, &mut cells] {
            for _ in 0..rng.random_range(1..4) {
                let at = rng.random_range(0..bytes.len());
                match rng.random_range(0..4) {
                    0 => bytes[at] = rng.random(),
                    1 => bytes[at] ^= 1 << rng.random_range(0..8),
                    2 => drop(bytes.drain(at..(at + rng.random_range(0..9)).min(bytes.len()))),
                    _ => bytes.insert(at, b"{}[]:,\"-&*0"[rng.random_range(0..11)]),
                }
                if bytes.is_empty() {
                    bytes.push(0);
                }
            }
        }
        let options = ReadOptions::default();
        accepted += usize::from(io::safetensors::read("b", &bytes, &options).is_ok());
        if let Ok(text) = std::str::from_utf8(&text) {
            accepted += usize::from(io::yaml::read("t", text, &options).is_ok());
        }
        accepted += usize::from(read_bytes::<f64>("c", &cells, &halved).is_ok());
    }
    assert!(
        (100..8900).contains(&accepted),
        "{accepted}: the damage must be neither void nor total"
    );
}
