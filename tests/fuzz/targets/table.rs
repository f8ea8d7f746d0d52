//! Inputs as a table of text, a NumPy array or an archive of them. The first byte chooses the options.

#![no_main]

use isotropic::io::inputs::{InputOptions, read_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    let given = |bit: u8| choice >> bit & 1 == 1;
    let options = InputOptions {
        width: given(0).then_some(2),
        outputs: given(1).then_some(3),
        divide: given(2).then(|| "16".into()),
        label: given(3).then(|| "label".into()),
        label_base: given(4).then_some(1),
        rows: given(5).then_some(1..3),
        standard: None,
    };
    if let Ok(inputs) = read_bytes::<f64>("x", bytes, &options) {
        assert_eq!(inputs.x.ncols(), inputs.lines.len());
        assert!(inputs.x.iter().all(|x| x.is_finite()));
        assert!(inputs.labels.is_none_or(|labels| labels.len() == inputs.lines.len()));
    }
});
