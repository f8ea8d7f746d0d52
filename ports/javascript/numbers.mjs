// Numbers as the vectors spell them: hex floats, decimals and p/q in, hex floats out.

export class Refused extends Error {}

export function require(condition, why) {
  if (!condition) throw new Refused(why);
}

// ±0x1.8p-3: JavaScript has no reader for these. Up to 14 hex digits fit into a double without rounding.
function readHex(text) {
  const parts = /^([+-]?)0x([0-9a-f]+)(?:\.([0-9a-f]*))?p([+-]?\d+)$/i.exec(text);
  require(parts, `${text} is no number`);
  const [, sign, whole, fraction = "", exponent] = parts;
  const digits = BigInt(`0x${whole}${fraction}`);
  const value = scale(Number(digits), Number(exponent) - 4 * fraction.length);
  return sign === "-" ? -value : value;
}

// x 2^e in steps that round at most once, at the end: 2^e itself may be out of range.
function scale(x, e) {
  while (e > 1000) { x *= 2 ** 1000; e -= 1000; }
  while (e < -1000) {
    // Below the normal numbers a product rounds, so the rest of the exponent goes in first.
    if (Math.abs(x) < 2 ** 1000) return x * 2 ** (e + 1000 < -1000 ? -2000 : e + 1000) * 2 ** -1000;
    x *= 2 ** -1000; e += 1000;
  }
  return x * 2 ** e;
}

// The number that a text spells; `round` is Math.fround for single precision.
export function read(text, round) {
  require(typeof text === "string", `${JSON.stringify(text)} is no string`);
  let x;
  if (/0x/i.test(text)) x = readHex(text);
  else if (text.includes("/")) {
    const [p, q] = text.split("/").map(Number);
    x = p / q;
  } else {
    require(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text), `${text} is no finite number`);
    x = Number(text);
  }
  x = round(x);
  require(Number.isFinite(x), `${text} is not finite`);
  return x;
}

// Hex floats lose nothing and need no shortest-digits algorithm: sign, 1.fraction and exponent are in the bits.
export function write(x) {
  if (x === 0) return Object.is(x, -0) ? "-0x0p+0" : "0x0p+0";
  if (!Number.isFinite(x)) return String(x);
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(x));
  const word = bits.getBigUint64(0);
  const biased = Number(word >> 52n);
  const fraction = (word & 0xfffffffffffffn).toString(16).padStart(13, "0").replace(/0+$/, "");
  const [lead, exponent] = biased === 0 ? ["0", -1022] : ["1", biased - 1023];
  return `${x < 0 ? "-" : ""}0x${lead}${fraction && "."}${fraction}p${exponent < 0 ? "" : "+"}${exponent}`;
}
