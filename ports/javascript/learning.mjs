// Gradients and optimiser steps in JavaScript, beside network.mjs and in its terms.

import { Matrix, apply, dot, norm, product } from "./matrix.mjs";
import { activate, affine, psiOrZero, slope } from "./network.mjs";
import { require } from "./numbers.mjs";

// The loss of one row, and D_L = ∂L/∂y before it is divided by the number of rows.
const LOSSES = {
  squared: (y, t) => {
    const d = y.map((entry, i) => entry - t[i]);
    return { value: dot(d, d) / 2, d };
  },
  "cross-entropy": (y, t) => {
    require(t.filter((entry) => entry !== 0).length === 1 && t.includes(1), "a target is no unit vector");
    const most = Math.max(...y);
    const e = Float64Array.from(y, (entry) => Math.exp(entry - most));
    const sum = e.reduce((all, entry) => all + entry, 0);
    return { value: Math.log(sum) - (y[t.indexOf(1)] - most), d: y.map((_, i) => e[i] / sum - t[i]) };
  },
};

export function gradient(net, inputs, targets, loss) {
  const { layers } = net;
  require(Object.hasOwn(LOSSES, loss), `there is no loss ${loss}`);
  require(inputs.rows === targets.rows, "as many targets as inputs");
  require(inputs.cols === layers[0].weight.cols, "the input has another length");
  require(targets.cols === layers.at(-1).bias.length, "the target has another length");
  const { Store } = inputs;
  const zeros = () => layers.map((layer) => layer.bias.map(() => 0));
  const [weight, bias, psi] = [layers.map(({ weight: w }) => Matrix.zeros(w.rows, w.cols, Store)), zeros(), zeros()];
  const [o, input, share] = [new Store(net.o.length), Matrix.zeros(inputs.rows, inputs.cols, Store), 1 / inputs.rows];
  let total = 0;
  for (let row = 0; row < inputs.rows; row++) {
    // Forward, with what each layer was given.
    let [h, gamma] = [inputs.row(row), 0];
    const given = [];
    const zs = layers.map((layer, at) => {
      given.push({ h, gamma });
      const z = affine(layer, h, gamma);
      if (at < layers.length - 1) ({ h, gamma } = activate(net.gain, net.threshold, z, net.o[at]));
      return z;
    });
    const { value, d: whole } = LOSSES[loss](zs.at(-1), targets.row(row));
    total += value * share;
    let d = whole.map((entry) => entry * share);
    for (let at = layers.length - 1; at >= 0; at--) {
      const layer = layers[at];
      const below = given[at];
      for (let i = 0; i < d.length; i++) {
        bias[at][i] += d[i];
        psi[at][i] += below.gamma * d[i];
        for (let j = 0; j < below.h.length; j++) weight[at].data[i * below.h.length + j] += d[i] * below.h[j];
      }
      const v = apply(layer.weight.transposed(), d);
      if (at === 0) {
        input.data.set(v, row * inputs.cols);
        break;
      }
      const z = zs[at - 1];
      const bend = slope(net.gain, net.threshold, z, net.o[at - 1]) * (dot(z, v) + dot(psiOrZero(layer), d));
      o[at - 1] += bend;
      d = v.map((entry, i) => below.gamma * entry + 2 * bend * z[i]);
    }
  }
  const some = psi.filter((_, at) => layers[at].psi);
  return { loss: total, weight, bias, ...(some.length ? { psi: some } : {}), ...(o.length ? { o } : {}), input };
}

// An odd polynomial five times: singular values come near 1, null directions stay null.
function orthogonalised(m) {
  const size = m.norm();
  if (size === 0) return m;
  let x = m.map((entry) => entry / size);
  for (let k = 0; k < 5; k++) {
    const gram = product(x, x.transposed());
    const inner = gram.plus(product(gram, gram), -4.775, 2.0315);
    x = x.plus(product(inner, x), 3.4445, 1);
  }
  const factor = Math.sqrt(Math.max(1, m.rows / m.cols));
  return x.map((entry) => entry * factor);
}

// v → μ v + g; `direction` makes of g and v what is descended along.
const withMomentum = (direction) => ({ g, momentum, friction }) => {
  const v = momentum.plus(g, friction, 1);
  return { momentum: v, along: direction(g, v, friction) };
};

// Adam's two moments; `mean` makes the second one's mean of g and what there was.
const adam = (name, moment, mean) => (given) => {
  const { g, momentum, betas: [first, second], epsilon, step } = given;
  const v = momentum.plus(g, first, 1 - first);
  const s = moment(given[name], g, second);
  const [left, right] = [1 - first ** step, 1 - second ** step];
  const along = v.map((entry, k) => entry / left / (Math.sqrt(mean(s, k, given) / right) + epsilon));
  return { momentum: v, [name]: s, along };
};

const RULES = {
  sgd: { coupled: true, move: ({ g }) => ({ along: g }) },
  momentum: { coupled: true, move: withMomentum((g, v) => v) },
  nesterov: { coupled: true, move: withMomentum((g, v, mu) => g.plus(v, 1, mu)) },
  muon: { coupled: false, move: withMomentum((g, v, mu) => orthogonalised(g.plus(v, 1, mu))) },
  "adam-tensor": {
    coupled: false,
    move: adam("second", (old, g, beta) => beta * old + (1 - beta) * dot(g.data, g.data), (s, k, { count }) => s / count),
  },
  adamw: {
    coupled: false,
    move: adam("second_moments", (old, g, beta) => old.plus(g.map((x) => x * x), beta, 1 - beta), (s, k) => s.data[k]),
  },
};

// One step on a tensor: `given` has g, the rule's state and its numbers.
export function optimised(rule, theta, { rate, decay, ...given }) {
  require(Object.hasOwn(RULES, rule), `there is no optimiser ${rule}`);
  require(given.step >= 1, "steps count from 1");
  const shaped = [given.g, given.momentum, given.second_moments].filter((a) => a);
  require(shaped.every((a) => a.rows === theta.rows && a.cols === theta.cols), "a state has another shape");
  const { coupled, move } = RULES[rule];
  const g = coupled ? given.g.plus(theta, 1, decay) : given.g;
  const { along, ...state } = move({ ...given, g });
  const keep = coupled ? 1 : 1 - rate * decay;
  return { parameter: theta.plus(along, keep, -rate), ...state };
}
