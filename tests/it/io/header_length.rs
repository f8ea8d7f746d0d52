//! Safetensors whose first bytes, the length of the header, are those that other formats begin with.

use isotropic::io::{ReadOptions, safetensors};

/// The shipped network with its header padded by spaces, which the format allows, to `length` bytes.
fn padded(length: usize) -> Vec<u8> {
    let bytes = isotropic::io::shipped::NETWORKS[0].1;
    let had = usize::try_from(u64::from_le_bytes(bytes[..8].try_into().expect("8 bytes")))
        .expect("small");
    let mut out = (length as u64).to_le_bytes().to_vec();
    out.extend_from_slice(&bytes[8..8 + had]);
    out.resize(8 + length, b' ');
    out.extend_from_slice(&bytes[8 + had..]);
    out
}

#[test]
fn header_lengths_that_begin_as_a_pickle_or_gzip_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    for length in [0x380, 0x480, 0x580, 0x8b1f] {
        let had = u64::from_le_bytes(
            isotropic::io::shipped::NETWORKS[0].1[..8]
                .try_into()
                .expect("8 bytes"),
        );
        if (length as u64) < had {
            continue;
        }
        let bytes = padded(length);
        let path = folder.path().join(format!("{length}.safetensors"));
        std::fs::write(&path, &bytes).expect("written");
        let read = isotropic::io::read_network(&path, &ReadOptions::default());
        let plain = safetensors::read("x", &bytes, &ReadOptions::default()).expect("a network");
        assert_eq!(
            read.expect("a network").widths(),
            plain.widths(),
            "{length}"
        );
    }
}
