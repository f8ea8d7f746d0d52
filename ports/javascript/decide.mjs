// Whether two networks are one function, over ℚ: BigInt fractions, nothing rounded.

import { require } from "./numbers.mjs";

const gcd = (a, b) => { while (b) [a, b] = [b, a % b]; return a < 0n ? -a : a; };

export class Fraction {
  constructor(p, q = 1n) {
    const by = gcd(p, q) * (q < 0n ? -1n : 1n);
    this.p = p / by;
    this.q = q / by;
  }

  // The number that is written: a hex float of any length, a decimal or p/q.
  static read(text) {
    const hex = /^(-?)0x([0-9a-f]+)(?:\.([0-9a-f]*))?p([+-]?\d+)$/i.exec(text);
    if (hex) {
      const [, sign, whole, fraction = "", exponent] = hex;
      const shift = BigInt(exponent) - 4n * BigInt(fraction.length);
      const digits = BigInt(`0x${whole}${fraction}`) * (sign ? -1n : 1n);
      return shift < 0n ? new Fraction(digits, 1n << -shift) : new Fraction(digits << shift);
    }
    const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?(?:\/(\d+))?$/i.exec(text);
    require(parts, `${text} is no number`);
    const [, sign, whole, fraction = "", exponent = "0", below = "1"] = parts;
    const tens = BigInt(exponent) - BigInt(fraction.length);
    const digits = BigInt(whole + fraction) * (sign ? -1n : 1n);
    return tens < 0n ? new Fraction(digits, BigInt(below) * 10n ** -tens) : new Fraction(digits * 10n ** tens, BigInt(below));
  }

  plus({ p, q }) { return new Fraction(this.p * q + p * this.q, this.q * q); }
  times({ p, q }) { return new Fraction(this.p * p, this.q * q); }
  inverse() { return new Fraction(this.q, this.p); }
  get isZero() { return this.p === 0n; }
}

const [ZERO, ONE] = [new Fraction(0n), new Fraction(1n)];
const same = (a, b) => JSON.stringify(a, written) === JSON.stringify(b, written);
const written = (_, x) => (typeof x === "bigint" ? String(x) : x);
const transposed = (a) => a[0].map((_, j) => a.map((row) => row[j]));
const product = (a, b) => a.map((row) => transposed(b).map((column) => row.reduce((sum, x, k) => sum.plus(x.times(column[k])), ZERO)));
const isZero = (a) => a.every((row) => row.every((x) => x.isZero));

export function exactNetwork({ gain, layers, o }) {
  const list = (texts) => texts.map(Fraction.read);
  return {
    gain,
    layers: layers.map(({ weight, bias, psi }) => ({ weight: weight.map(list), bias: list(bias), psi: psi ? list(psi) : bias.map(() => ZERO) })),
    o: o ? list(o) : layers.slice(1).map(() => ZERO),
  };
}

// N_1 … N_{L-1}, V_L, and the B_l.
function invariants({ layers: [first, ...rest], o }) {
  let v = first.weight.map((row, i) => [...row, first.bias[i]]);
  const [grams, through] = [[], [first.weight]];
  rest.forEach(({ weight, bias, psi }, at) => {
    const n = product(transposed(v), v);
    n.at(-1)[n.length - 1] = n.at(-1).at(-1).plus(o[at]);
    grams.push(n);
    const b = product(weight, v);
    b.forEach((row, i) => { row[row.length - 1] = row.at(-1).plus(psi[i]); });
    through.push(b);
    v = b.map((row, i) => [...row, bias[i]]);
  });
  return { grams, v, through };
}

// B8 for 1/(1+r): the last entry of every N + e eᵀ becomes 1.
function unscaled({ grams, v }) {
  const t = grams.map((n) => ONE.plus(n.at(-1).at(-1)).inverse());
  const factors = (l, columns) => Array.from({ length: columns }, (_, column) =>
    t.slice(Math.max(0, column - (columns - l)), l - 1).reduce((all, one) => all.times(one), ONE));
  const level = (n, at) => {
    const by = factors(at + 1, n.length);
    const corner = n.length - 1;
    return n.map((row, i) => row.map((x, j) => (i === corner && j === corner ? x.plus(ONE) : x).times(by[i]).times(by[j]).times(t[at])));
  };
  const by = factors(grams.length + 1, v[0].length);
  return [grams.map(level), v.map((row) => row.map((x, j) => x.times(by[j])))];
}

// A x + c of a network whose gain is 1.
function affineMap({ layers: [first, ...rest] }) {
  let [a, c] = [first.weight, first.bias];
  for (const { weight, bias, psi } of rest) {
    a = product(weight, a);
    c = product(weight, c.map((x) => [x])).map(([x], i) => x.plus(bias[i]).plus(psi[i]));
  }
  return [a, c];
}

export function decide(a, b) {
  const ends = ({ layers }) => [layers[0].weight[0].length, layers.at(-1).bias.length];
  if (!same(ends(a), ends(b))) return { equal: 0 };
  if (a.gain === "linear" && b.gain === "linear") return { equal: Number(same(affineMap(a), affineMap(b))) };
  const [of, other] = [invariants(a), invariants(b)];
  const sameDepth = of.grams.length === other.grams.length;
  if (sameDepth && same(of.grams, other.grams) && same(of.v, other.v)) return { equal: 1, level: 0 };
  if (a.gain === "tanh") {
    if (isZero(of.through.at(-1)) && isZero(other.through.at(-1))) return { equal: Number(same(a.layers.at(-1).bias, b.layers.at(-1).bias)) };
    const constant = [of, other].some(({ through }) => through.some(isZero));
    if (constant || !sameDepth) return { equal: 0 };
    const at = of.grams.findIndex((n, l) => !same(n, other.grams[l]));
    return { equal: 0, level: at < 0 ? of.grams.length + 1 : at + 1 };
  }
  return { equal: Number(sameDepth && a.gain === "rational" && same(unscaled(of), unscaled(other))) };
}
