//! Tasks in the plane, and readers of the formats that users download, on small files.

use std::{fs, io::Write, path::Path};

use flate2::{Compression, write::GzEncoder};
use isotropic::{
    experiment::{Plane, folder},
    io::images::{cifar10, idx_images, idx_labels, read_folder},
};
use tempfile::TempDir;

#[test]
fn points_have_the_class_of_their_place() {
    for (plane, x, y, class) in [
        (Plane::Xor, 0.5, 0.5, 0),
        (Plane::Xor, -0.5, 0.5, 1),
        (Plane::Xor, -0.5, -0.5, 0),
        (Plane::Disc, 0.5, 0.5, 1),
        (Plane::Disc, 0.6, 0.6, 0),
        (Plane::Checkerboard, 0.0, 0.0, 1),
        (Plane::Checkerboard, 0.0, 0.9, 0),
        (Plane::Checkerboard, -0.9, 0.9, 1),
        (Plane::Checkerboard, 1.0, 1.0, 1),
    ] {
        assert_eq!(plane.label(x, y), class, "{plane:?} {x} {y}");
    }
    for plane in Plane::ALL {
        let data = plane.data(2000, 10, 1);
        let inside = data.train.labels().iter().sum::<usize>();
        // Half of the square each; 5/9 of the checkerboard.
        assert!((900..1200).contains(&inside), "{plane:?}: {inside}");
        assert_eq!(plane.data(5, 5, 3), plane.data(5, 5, 3));
    }
}

fn images(count: u32) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 3];
    for n in [count, 2, 3] {
        bytes.extend(n.to_be_bytes());
    }
    bytes.extend((0..count * 6).map(|p| (p * 7 % 256) as u8));
    bytes
}

fn labels(labels: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 1];
    bytes.extend((labels.len() as u32).to_be_bytes());
    bytes.extend(labels);
    bytes
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(vec![], Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

fn write(folder: &TempDir, name: &str, bytes: &[u8]) {
    fs::write(folder.path().join(name), bytes).expect("written");
}

#[test]
fn idx_files_are_read_plain_and_compressed() {
    let at = TempDir::new().expect("a folder");
    write(&at, "train-images-idx3-ubyte", &images(4));
    write(&at, "train-labels.idx1-ubyte", &labels(&[3, 0, 9, 1]));
    write(&at, "t10k-images-idx3-ubyte.gz", &zipped(&images(2)));
    write(&at, "t10k-labels-idx1-ubyte.gz", &zipped(&labels(&[7, 7])));
    let found = read_folder(at.path()).expect("readable");
    assert_eq!((found.name, found.train.size), ("MNIST", 6));
    assert_eq!(found.train.labels, [3, 0, 9, 1]);
    assert_eq!(found.test.pixels, images(2)[16..]);
    let data = folder(at.path()).expect("readable");
    assert_eq!(data.train.x.shape(), (6, 4));
    // The second image starts with pixel 6: 42 of 255.
    assert_eq!(data.train.x[(0, 1)], 42.0 / 255.0);
}

#[test]
fn cifar_batches_are_read() {
    let at = TempDir::new().expect("a folder");
    let batch = |label: u8, pixel: u8| {
        let mut bytes = vec![label];
        bytes.extend(vec![pixel; 3072]);
        bytes
    };
    for k in 1..=5 {
        write(&at, &format!("data_batch_{k}.bin"), &batch(k, 10 * k));
    }
    write(
        &at,
        "test_batch.bin",
        &[batch(9, 255), batch(0, 1)].concat(),
    );
    let found = read_folder(at.path()).expect("readable");
    assert_eq!((found.name, found.train.size), ("CIFAR-10", 3072));
    assert_eq!(
        (found.train.labels, found.test.labels),
        (vec![1, 2, 3, 4, 5], vec![9, 0])
    );
    let data = folder(at.path()).expect("readable");
    assert_eq!(data.train.x[(3071, 4)], 50.0 / 255.0);
}

#[test]
fn what_is_damaged_is_refused_with_its_place() {
    let said = |result: Result<(usize, Vec<u8>), isotropic::io::FileError>| {
        result.expect_err("refused").to_string()
    };
    let mut short = images(3);
    short.pop();
    assert!(
        said(idx_images("f", &short)).contains("33 bytes"),
        "{}",
        said(idx_images("f", &short))
    );
    assert!(said(idx_images("f", &labels(&[1]))).contains("00 00 08 01"));
    assert!(said(idx_images("f", &images(0))).contains("0 images"));
    assert!(said(idx_images("f", &[0, 0, 8, 3, 0])).contains("head of 16 bytes"));
    let label = idx_labels("f", &labels(&[1, 10]))
        .expect_err("refused")
        .to_string();
    assert!(label.contains("label 2") && label.contains("10"), "{label}");
    let length = cifar10("f", &[0; 3072]).expect_err("refused").to_string();
    assert!(
        length.contains("3072 bytes") && length.contains("3073"),
        "{length}"
    );
    let mut record = vec![0; 2 * 3073];
    record[3073] = 10;
    let label = cifar10("f", &record).expect_err("refused").to_string();
    assert!(label.contains("record 2"), "{label}");
    assert!(cifar10("f", &[]).is_err());
}

#[test]
fn a_folder_without_its_files_is_refused() {
    let at = TempDir::new().expect("a folder");
    let said = |path: &Path| read_folder(path).expect_err("refused").to_string();
    assert!(said(at.path()).contains("no data set"));
    write(&at, "train-images-idx3-ubyte", &images(2));
    assert!(
        said(at.path()).contains("train-labels"),
        "{}",
        said(at.path())
    );
    write(&at, "train-labels-idx1-ubyte", &labels(&[1]));
    // One label for two images.
    assert!(
        said(at.path()).contains("one for each image"),
        "{}",
        said(at.path())
    );
    write(&at, "train-labels-idx1-ubyte", &[0x1f, 0x8b, 1, 2]);
    assert!(said(at.path()).contains("gzip"), "{}", said(at.path()));
}
