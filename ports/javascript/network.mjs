// Isotropic networks in JavaScript, from the equations in docs/PORTING.md.
//
// A network is { gain, threshold, layers: [{ weight, bias, psi }], o }: o holds the squared intrinsic lengths of the
// hidden layers, psi is null where there is none. Layers count from 1. No function changes what it is given.

import { Matrix, apply, dot, norm, product, qr, svd } from "./matrix.mjs";
import { require } from "./numbers.mjs";

// Each gain by ρ ≤ 1 (`near`: γ) and by q = 1/ρ < 1 (`far`: γ), its profile σ where that is bounded, and ρ dγ/dρ.
// Written in 1/ρ nothing overflows; ρ itself may, and q is then small but not 0.
const GAINS = {
  tanh: {
    near: (rho) => (rho === 0 ? 1 : Math.tanh(rho) / rho),
    far: (q) => Math.tanh(1 / q) * q,
    sigma: (q) => Math.tanh(1 / q),
    stretch: (rho, q, gamma) => 1 - Math.tanh(rho) ** 2 - gamma,
  },
  algebraic: {
    near: (rho) => 1 / Math.sqrt(1 + rho * rho),
    far: (q) => q / Math.sqrt(1 + q * q),
    sigma: (q) => 1 / Math.sqrt(1 + q * q),
    stretch: (rho, q) => (rho < 1 ? -rho * rho / (1 + rho * rho) ** 1.5 : -q / (1 + q * q) ** 1.5),
  },
  rational: {
    near: (rho) => 1 / (1 + rho * rho),
    far: (q) => (q * q) / (1 + q * q),
    sigma: (q) => q / (1 + q * q),
    stretch: (rho, q) => (rho < 1 ? -2 * rho * rho / (1 + rho * rho) ** 2 : -2 * q * q / (1 + q * q) ** 2),
  },
  "rational-tanh": {
    near: (rho) => (15 + rho * rho) / (15 + 6 * rho * rho),
    far: (q) => (15 * q * q + 1) / (15 * q * q + 6),
    stretch: (rho, q) => (rho < 1 ? -150 * rho * rho / (15 + 6 * rho * rho) ** 2 : -150 * q * q / (15 * q * q + 6) ** 2),
  },
  "soft-threshold": {
    near: (rho, t) => (rho > t ? 1 - t / rho : 0),
    far: (q, t) => Math.max(0, 1 - t * q),
    stretch: (rho, q, gamma, t) => (rho > t ? t / rho : 0),
  },
  log1p: {
    near: (rho) => (rho === 0 ? 1 : Math.log1p(rho) / rho),
    far: (q) => (Math.log1p(q) - Math.log(q)) * q,
    sigma: (q) => Math.log1p(q) - Math.log(q),
    stretch: (rho, q, gamma) => 1 / (1 + rho) - gamma,
  },
  linear: { near: () => 1, far: () => 1, stretch: () => 0 },
};

export function checkGain(gain, t) {
  require(Object.hasOwn(GAINS, gain), `there is no gain ${gain}`);
  require((t !== undefined) === (gain === "soft-threshold"), "a threshold belongs to soft-threshold alone");
  require(t === undefined || t > 0, "the threshold must be positive");
}

export function gammaOf(gain, t, rho) {
  return rho > 1 ? GAINS[gain].far(1 / rho, t) : GAINS[gain].near(rho, t);
}

// ρ = √(‖z‖² + o), 1/ρ, and z/ρ, by way of the largest of |z_i| and √o. A single-precision port gets ρ in a double.
function polar(z, o) {
  const root = Math.sqrt(o);
  let most = root;
  for (const entry of z) most = Math.max(most, Math.abs(entry));
  if (most === 0) return { rho: 0, inverse: Infinity, direction: z.map(() => 0) };
  const scaled = Float64Array.from(z, (entry) => entry / most);
  const size = norm([...scaled, root / most]);
  return { rho: most * size, inverse: 1 / most / size, direction: scaled.map((entry) => entry / size) };
}

export function activate(gain, t, z, o) {
  checkGain(gain, t);
  require(o >= 0, `o = ${o} is negative`);
  const { rho, inverse, direction } = polar(z, o);
  const { near, far, sigma } = GAINS[gain];
  const gamma = rho > 1 ? far(inverse, t) : near(rho, t);
  // Where γ may be subnormal h is σ(ρ) (z/ρ).
  const h = rho > 1 && sigma ? direction.map((entry) => sigma(inverse) * entry) : Float64Array.from(z, (entry) => gamma * entry);
  return { h: z.constructor.from(h), gamma };
}

// γ I + (ρ dγ/dρ) (z/ρ)(z/ρ)ᵀ
export function jacobian(gain, t, z, o) {
  checkGain(gain, t);
  require(o >= 0, `o = ${o} is negative`);
  const { rho, inverse, direction } = polar(z, o);
  const gamma = rho > 1 ? GAINS[gain].far(inverse, t) : GAINS[gain].near(rho, t);
  const along = rho === 0 ? 0 : GAINS[gain].stretch(rho, inverse, gamma, t);
  return Matrix.from(z.length, z.length, z.constructor, (i, j) => (i === j ? gamma : 0) + along * direction[i] * direction[j]);
}

// g'(r) at r = 0.
const AT_ZERO = { tanh: -1 / 3, algebraic: -1 / 2, rational: -1, "rational-tanh": -1 / 3, "soft-threshold": 0, linear: 0 };

// g'(r) at r = ‖z‖² + o.
export function slope(gain, t, z, o) {
  const { rho, inverse } = polar(z, o);
  if (rho === 0) {
    require(Object.hasOwn(AT_ZERO, gain), `${gain} has no derivative by r at 0`);
    return AT_ZERO[gain];
  }
  // The series where sech² - γ would cancel: the next term is below one rounding.
  const r = rho * rho;
  if (gain === "tanh" && rho < 2 ** -9) return AT_ZERO.tanh + r * (4 / 15 - (r * 17) / 105);
  const gamma = rho > 1 ? GAINS[gain].far(inverse, t) : GAINS[gain].near(rho, t);
  return (GAINS[gain].stretch(rho, inverse, gamma, t) / 2) * inverse * inverse;
}

export function checked(net) {
  checkGain(net.gain, net.threshold);
  require(net.layers.length > 0 && net.layers[0].psi === null, "no layers, or ψ on the first");
  require(net.o.length === net.layers.length - 1, "there is one o for each hidden layer");
  require(net.o.every((o) => Number.isFinite(o) && o >= 0), "o must be finite and not negative");
  let below = net.layers[0].weight.cols;
  for (const { weight, bias, psi } of net.layers) {
    require(weight.rows > 0 && weight.cols > 0 && weight.cols === below, "a weight does not fit");
    require(bias.length === weight.rows && (psi === null || psi.length === weight.rows), "a bias or ψ does not fit");
    for (const part of [weight.data, bias, psi ?? []]) require(part.every(Number.isFinite), "a parameter is not finite");
    below = weight.rows;
  }
  return net;
}

export function forward(net, x) {
  require(x.length === net.layers[0].weight.cols, "the input has another length");
  const gammas = [];
  let [h, gamma] = [x, 0];
  net.layers.forEach((layer, at) => {
    const z = affine(layer, h, gamma);
    if (at === net.layers.length - 1) h = z;
    else {
      ({ h, gamma } = activate(net.gain, net.threshold, z, net.o[at]));
      gammas.push(gamma);
    }
  });
  return { y: h, gammas };
}

export function affine({ weight, bias, psi }, h, gamma) {
  return apply(weight, h).map((sum, i) => sum + bias[i] + (psi ? gamma * psi[i] : 0));
}

export const widths = (net) => [net.layers[0].weight.cols, ...net.layers.map((layer) => layer.bias.length)];
export const psiOrZero = (layer) => layer.psi ?? layer.bias.map(() => 0);

function hidden(net, l, least = 1) {
  require(Number.isInteger(l) && l >= least && l < net.layers.length, `there is no hidden layer ${l} for this`);
  return [net.layers[l - 1], net.layers[l]];
}

// The network with hidden layer l and what follows it replaced.
function replaced(net, l, layer, next, o = net.o[l - 1]) {
  const layers = [...net.layers];
  layers[l - 1] = layer;
  layers[l] = { ...layers[l], ...next };
  return checked({ ...net, layers, o: net.o.map((old, at) => (at === l - 1 ? o : old)) });
}

// Hidden layer l seen through m, whose rows are orthonormal.
function seen(net, l, m, next = {}, o) {
  const [layer, after] = hidden(net, l);
  const image = { weight: product(m, layer.weight), bias: apply(m, layer.bias), psi: layer.psi && apply(m, layer.psi) };
  return replaced(net, l, image, { weight: product(after.weight, m.transposed()), ...next }, o);
}

export function rotate(net, l, r) {
  const [layer] = hidden(net, l);
  require(r.rows === layer.bias.length && r.cols === r.rows, "the rotation has another size");
  return seen(net, l, r);
}

// Zeros that a gauge promises are stored as zeros.
function withWeight(net, l, weight) {
  return { ...net, layers: net.layers.map((layer, at) => (at === l - 1 ? { ...layer, weight } : layer)) };
}

export function left(net, l) {
  const [layer] = hidden(net, l);
  return seen(net, l, svd(layer.weight).u.transposed());
}

export function full(net, l) {
  const [layer] = hidden(net, l, 2);
  const { u, sigma, v } = svd(layer.weight);
  const { rows, cols, Store } = layer.weight;
  const diagonal = Matrix.from(rows, cols, Store, (i, j) => (i === j ? sigma[i] : 0));
  return withWeight(seen(seen(net, l, u.transposed()), l - 1, v.transposed()), l, diagonal);
}

export function alternate(net) {
  for (let l = 2; l < net.layers.length; l += 2) net = full(net, l);
  return net;
}

export function triangular(net) {
  for (let l = 1; l < net.layers.length; l++) {
    const { turned, t } = qr(net.layers[l - 1].weight);
    net = withWeight(seen(net, l, turned), l, t);
  }
  return net;
}

export function grow(net, l, columns, beta = 0) {
  const [layer, after] = hidden(net, l);
  require(columns.rows === after.weight.rows, "a column has another length");
  const { rows, cols, Store } = layer.weight;
  const longer = (vector, entry) => Store.from([...vector, ...Array(columns.cols).fill(entry)]);
  return replaced(net, l, {
    weight: Matrix.from(rows + columns.cols, cols, Store, (i, j) => (i < rows ? layer.weight.at(i, j) : 0)),
    bias: longer(layer.bias, beta),
    psi: layer.psi && longer(layer.psi, 0),
  }, { weight: Matrix.from(columns.rows, rows + columns.cols, Store, (i, j) => (j < rows ? after.weight.at(i, j) : columns.at(i, j - rows))) });
}

export function growWithBias(net, l, beta, column) {
  const [, after] = hidden(net, l);
  const o = net.o[l - 1] - beta * beta;
  require(o >= 0, "β² is more than o");
  const grown = grow(net, l, new Matrix(column.length, 1, column), beta);
  const psi = psiOrZero(after).map((old, i) => old - column[i] * beta);
  return replaced(grown, l, grown.layers[l - 1], { psi }, o);
}

const without = (vector, at) => vector && vector.filter((_, i) => i !== at);
const withoutRow = (a, at) => new Matrix(a.rows - 1, a.cols, a.data.filter((_, k) => Math.floor(k / a.cols) !== at));
const withoutColumn = (a, at) => new Matrix(a.rows, a.cols - 1, a.data.filter((_, k) => k % a.cols !== at));

export function remove(net, l, neuron) {
  const [layer, after] = hidden(net, l);
  require(Number.isInteger(neuron) && neuron >= 1 && neuron <= layer.bias.length, `there is no neuron ${neuron}`);
  require(layer.bias.length > 1, "a layer keeps at least one neuron");
  const at = neuron - 1;
  require(layer.weight.row(at).every((x) => x === 0) && psiOrZero(layer)[at] === 0, "the neuron is not constant");
  const beta = layer.bias[at];
  const psi = psiOrZero(after).map((old, i) => old + after.weight.at(i, at) * beta);
  const rest = { weight: withoutRow(layer.weight, at), bias: without(layer.bias, at), psi: without(layer.psi, at) };
  return replaced(net, l, rest, { weight: withoutColumn(after.weight, at), psi }, net.o[l - 1] + beta * beta);
}

// [W ψ]
function augmented({ weight, psi }) {
  if (!psi) return weight;
  return Matrix.from(weight.rows, weight.cols + 1, weight.Store, (i, j) => (j < weight.cols ? weight.at(i, j) : psi[i]));
}

// The n_l singular values of [W_l ψ_l], the zeros of a wide layer included.
export function spectrum(net, l) {
  const { sigma } = svd(augmented(net.layers[l - 1]));
  return Array.from({ length: net.layers[l - 1].bias.length }, (_, i) => sigma[i] ?? 0);
}

export function truncate(net, l, p) {
  const [layer, after] = hidden(net, l);
  require(Number.isInteger(p) && p >= 1 && p < layer.bias.length, `${p} is not between 1 and the width`);
  const { u } = svd(augmented(layer));
  const kept = Matrix.from(p, u.rows, u.Store, (i, j) => u.at(j, i));
  // What is dropped of the bias is constant: it goes into o and ψ.
  const inside = apply(kept.transposed(), apply(kept, layer.bias));
  const dropped = layer.bias.map((b, i) => b - inside[i]);
  const psi = psiOrZero(after).map((old, i) => old + dot(after.weight.row(i), dropped));
  return seen(net, l, kept, { psi }, net.o[l - 1] + dot(dropped, dropped));
}

export function compress(net) {
  for (let l = 1; l < net.layers.length; l++) {
    const { rows, cols, Store } = augmented(net.layers[l - 1]);
    const sigma = spectrum(net, l);
    const unit = Store === Float32Array ? 2 ** -23 : Number.EPSILON;
    const rank = Math.max(1, sigma.filter((s) => s > 8 * unit * Math.max(rows, cols) * sigma[0]).length);
    if (rank < sigma.length) net = truncate(net, l, rank);
  }
  return net;
}

export function adapt(net, theta, buffer) {
  require(theta >= 0, "θ is negative");
  for (let l = 1; l < net.layers.length; l++) {
    const sigma = spectrum(net, l);
    const target = Math.max(1, sigma.filter((s) => s > theta).length + buffer);
    const next = net.layers[l].weight;
    if (target > sigma.length) net = grow(net, l, Matrix.zeros(next.rows, target - sigma.length, next.Store));
    else if (target < sigma.length) net = truncate(net, l, target);
  }
  return net;
}

// A x and c_1 … c_L
export function collapsed(net, x) {
  let terms = [x];
  for (const layer of net.layers) {
    terms = terms.map((term) => apply(layer.weight, term));
    // The newest constant meets ψ of this layer; the input term never does.
    if (terms.length > 1) terms.push(terms.pop().map((entry, i) => entry + psiOrZero(layer)[i]));
    terms.push(layer.bias);
  }
  return { linear: terms[0], constants: terms.slice(1) };
}

// What becomes of the momentum of W_l, b_l, ψ_l and W_{l+1}: it transforms as its parameter does.
export const momentum = {
  rotate: ([w, b, psi, after], r) => [product(r, w), apply(r, b), apply(r, psi), product(after, r.transposed())],
  grow: ([w, b, psi, after], count) => {
    const longer = (vector) => w.Store.from([...vector, ...Array(count).fill(0)]);
    return [Matrix.from(w.rows + count, w.cols, w.Store, (i, j) => (i < w.rows ? w.at(i, j) : 0)), longer(b), longer(psi),
      Matrix.from(after.rows, after.cols + count, w.Store, (i, j) => (j < after.cols ? after.at(i, j) : 0))];
  },
  remove: ([w, b, psi, after], neuron) =>
    [withoutRow(w, neuron - 1), without(b, neuron - 1), without(psi, neuron - 1), withoutColumn(after, neuron - 1)],
};

export function step(parameter, velocity, gradient, rate, friction, frozen) {
  if (frozen) return { parameter, momentum: velocity };
  const moved = velocity.map((m, i) => friction * m + gradient[i]);
  return { parameter: parameter.map((p, i) => p - rate * moved[i]), momentum: moved };
}

// A network from a state dictionary: Map of name → { shape, data }, every tensor with its place.
export function imported(tensors, gain, lengths) {
  require(lengths === "log" || lengths === "squared", "lengths is neither log nor squared");
  const rest = new Map(tensors);
  const take = (name, dimensions) => {
    const tensor = rest.get(name);
    require(tensor, `${name} is missing`);
    require(dimensions.includes(tensor.shape.length) && !tensor.shape.includes(0), `${name} has another shape`);
    rest.delete(name);
    return tensor;
  };
  const layers = [];
  while (rest.has(`weight_parameters.${layers.length}`)) {
    const i = layers.length;
    const { shape, data } = take(`weight_parameters.${i}`, [2]);
    layers.push({ weight: new Matrix(shape[0], shape[1], data), bias: take(`bias_parameters.${i}`, [1]).data, psi: null });
  }
  require(layers.length > 0, "there is no weight");
  const inner = layers.length - 1;
  // A kind of tensor is there for every layer or for none.
  const family = (name, dimensions) => {
    if (![...Array(inner).keys()].some((i) => rest.has(name(i)))) return null;
    return Array.from({ length: inner }, (_, i) => take(name(i), dimensions));
  };
  family((i) => `psi_parameters.${i}`, [1])?.forEach(({ data }, i) => { layers[i + 1].psi = data; });
  const trained = family((i) => `activation.${i}.intrinsic_length`, [0, 1]);
  const constant = family((i) => `activation.${i}.o_const`, [0, 1]);
  require(!(trained && constant), "o is given twice");
  require(rest.size === 0, `${[...rest.keys()][0]} has no place`);
  const Store = layers[0].bias.constructor;
  const o = Store.from({ length: inner }, (_, i) => {
    const stored = trained ?? constant;
    if (!stored) return 0;
    require(stored[i].data.length === 1, "an o does not fit");
    const [value] = stored[i].data;
    return trained && lengths === "log" ? Math.exp(value) : value;
  });
  return checked({ gain, threshold: undefined, layers, o });
}
