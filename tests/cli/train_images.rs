//! `train` on folders of images.

use std::{fs, path::Path};

use crate::{folder, refused, train::run};

/// A file of IDX images of 3 × 2 pixels, or of labels.
fn idx(count: u32, labels: bool) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, if labels { 1 } else { 3 }];
    bytes.extend(count.to_be_bytes());
    if labels {
        bytes.extend((0..count).map(|j| (j % 10) as u8));
    } else {
        bytes.extend(3u32.to_be_bytes());
        bytes.extend(2u32.to_be_bytes());
        bytes.extend((0..count * 6).map(|p| (p * 37 % 256) as u8));
    }
    bytes
}

pub(crate) fn mnist(at: &Path) {
    fs::create_dir(at.join("mnist")).unwrap();
    for (name, bytes) in [
        ("train-images-idx3-ubyte", idx(50, false)),
        ("train-labels-idx1-ubyte", idx(50, true)),
        ("t10k-images-idx3-ubyte", idx(20, false)),
        ("t10k-labels-idx1-ubyte", idx(20, true)),
    ] {
        fs::write(at.join("mnist").join(name), bytes).unwrap();
    }
}

#[test]
fn a_folder_of_images_is_trained_on() {
    let folder = folder();
    let at = folder.path();
    mnist(at);
    let line = "train mnist --widths 6,5,10 --epochs 4 --batch 20";
    let (code, out, err) = run(at, &format!("{line} --checkpoint m.ck -o m.safetensors"));
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("held out: loss"), "{out}");
    // The same numbers as a table give the same network: pixels over 255, the test images held out.
    let mut table = String::new();
    for (part, count) in [(50, 50), (20, 20)] {
        let pixels = &idx(part, false)[16..];
        for j in 0..count {
            for pixel in &pixels[6 * j..6 * j + 6] {
                table += &format!("{pixel},");
            }
            table += &format!("{}\n", j % 10);
        }
    }
    let head = "a,b,c,d,e,f,label\n".to_string();
    fs::write(at.join("t.csv"), head + &table).unwrap();
    let as_table = line.replace("mnist", "t.csv --divide 255 --held-out 20");
    assert_eq!(run(at, &format!("{as_table} -o t.safetensors")).0, Some(0));
    let read = |name: &str| fs::read(at.join(name)).unwrap();
    assert!(read("m.safetensors") == read("t.safetensors"));
    // Resumed, and with the last of the images to train on held out instead.
    let (code, _, err) = run(at, "train --resume m.ck -o r.safetensors");
    assert_eq!(code, Some(0), "{err}");
    assert!(read("m.safetensors") == read("r.safetensors"));
    let held = format!("{line} --held-out 8 --checkpoint h.ck -o h.safetensors");
    let (code, out, err) = run(at, &held);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("held out: loss"), "{out}");
    assert!(read("h.safetensors") != read("m.safetensors"));
    let (_, out, _) = run(at, &format!("{line} --held-out 0 -o n.safetensors"));
    assert!(!out.contains("held out"), "{out}");
    let cases: [(&str, &[&str]); 8] = [
        (
            "train mnist --widths 7,5,10 -o x.yaml",
            &["6 pixels each", "7, the inputs"],
        ),
        (
            "train mnist --widths 6,5,9 -o x.yaml",
            &["a label 9", "0 to 8"],
        ),
        (
            "train mnist --widths 6,5,10 --divide 255 -o x.yaml",
            &["--divide has no effect"],
        ),
        (
            "train mnist --widths 6,5,10 --held-out 50 -o x.yaml",
            &["--held-out 50"],
        ),
        (
            "train sub --widths 6,5,10 -o x.yaml",
            &["no data set", "CIFAR-10"],
        ),
        (
            "train --resume m.ck --held-out 3 -o x.yaml",
            &["--held-out"],
        ),
        (
            "train --resume h.ck --held-out 3 -o x.yaml",
            &["--held-out was 8"],
        ),
        ("train --resume m.ck --rows 0..9 -o x.yaml", &["--rows"]),
    ];
    fs::create_dir(at.join("sub")).unwrap();
    for (line, parts) in cases {
        let arguments: Vec<&str> = line.split(' ').collect();
        refused(at, &arguments, parts);
    }
    let mut cut = idx(50, false);
    cut.pop();
    fs::write(at.join("mnist/train-images-idx3-ubyte"), cut).unwrap();
    refused(
        at,
        &["train", "--resume", "m.ck", "-o", "x.yaml"],
        &["train-images-idx3-ubyte", "315 bytes"],
    );
}

#[test]
fn the_batches_of_cifar_are_trained_on() {
    let folder = folder();
    let at = folder.path();
    fs::create_dir(at.join("cifar")).unwrap();
    let names = (1..=5).map(|k| format!("data_batch_{k}.bin"));
    for (k, name) in (0..).zip(names.chain(["test_batch.bin".to_string()])) {
        let records = (0..4).flat_map(|j| {
            let label = ((4 * k + j) % 10) as u8;
            std::iter::once(label).chain((0..3072).map(move |p| ((p * 7 + j * 31 + k) % 256) as u8))
        });
        fs::write(at.join("cifar").join(name), records.collect::<Vec<u8>>()).unwrap();
    }
    let line = "train cifar --widths 3072,3,10 --epochs 2 --batch 10 -o c.safetensors";
    let (code, out, err) = run(at, line);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("held out: loss") && out.contains("widths 3072-3-10"),
        "{out}"
    );
}
