// Answers the conformance vectors: cases as JSON lines on standard input, an answer to each on standard output.
//
//     isotropic vectors check --exec "node ports/javascript/adapter.mjs"
//
// For a port of your own: keep numbers.mjs and this loop, and put your functions into ANSWERS one by one; what is not
// there is answered with "unsupported".

import { createInterface } from "node:readline";
import { decide, exactNetwork } from "./decide.mjs";
import { gradient, optimised } from "./learning.mjs";
import { Matrix, norm, svd } from "./matrix.mjs";
import * as port from "./network.mjs";
import { Refused, read, require, write } from "./numbers.mjs";

// The named parts of a case, as numbers of one precision.
class Case {
  constructor(parts, precision) {
    const single = precision === "f32";
    Object.assign(this, { parts, Store: single ? Float32Array : Float64Array, round: single ? Math.fround : (x) => x });
  }

  number(name) { return read(this.parts[name], this.round); }
  vector(name) { return this.list(this.parts[name]); }
  matrix(name) { return this.rows(this.parts[name]); }
  word(name) { return this.parts[name]; }
  threshold({ threshold }) { return threshold === undefined ? undefined : read(threshold, this.round); }
  list(texts) { return this.Store.from(texts, (text) => read(text, this.round)); }

  rows(texts) {
    const rows = texts.map((row) => this.list(row));
    const cols = rows[0]?.length ?? 0;
    require(rows.every((row) => row.length === cols), "rows of different lengths");
    return Matrix.from(rows.length, cols, this.Store, (i, j) => rows[i][j]);
  }

  // The same network each time, so that a change made in place would be seen.
  network() {
    this.net ??= this.readNetwork(this.parts.network);
    return this.net;
  }

  readNetwork(parts) {
    const layers = parts.layers.map(({ weight, bias, psi }) =>
      ({ weight: this.rows(weight), bias: this.list(bias), psi: psi ? this.list(psi) : null }));
    const o = parts.o ? this.list(parts.o) : new this.Store(layers.length - 1);
    return port.checked({ gain: parts.gain, threshold: this.threshold(parts), layers, o });
  }

  tensors() {
    const tensor = ({ shape, data }) => ({ shape, data: this.list(data) });
    return new Map(Object.entries(this.parts.tensors).map(([name, given]) => [name, tensor(given)]));
  }
}

// What every answer about a network ends with.
const after = (net, asked, more = {}) => ({ widths: port.widths(net), ...more, y: port.forward(net, asked.vector("x")).y });
const gauge = (operation, more) => (asked) => {
  const net = operation(asked.network(), asked.word("layer"));
  return after(net, asked, more(net, asked.word("layer")));
};
const zeros = (net) => net.layers.reduce((sum, { weight }) => sum + weight.data.filter((x) => x === 0).length, 0);
const part = (a, inside) => a.data.map((x, k) => (inside(Math.floor(k / a.cols), k % a.cols) ? x : 0));

// The operations that `images` asks for, as they change a network.
const EDITS = {
  rotate: (net, asked) => port.rotate(net, asked.word("layer"), asked.matrix("rotation")),
  grow: (net, asked) => port.grow(net, asked.word("layer"), asked.matrix("columns")),
  "grow-with-bias": (net, asked) => port.growWithBias(net, asked.word("layer"), asked.number("beta"), asked.vector("column")),
  left: (net, asked) => port.left(net, asked.word("layer")),
  full: (net, asked) => port.full(net, asked.word("layer")),
  alternate: (net) => port.alternate(net),
  triangular: (net) => port.triangular(net),
  truncate: (net, asked) => port.truncate(net, asked.word("layer"), asked.word("width")),
  compress: (net) => port.compress(net),
  adapt: (net, asked) => port.adapt(net, asked.number("theta"), asked.word("buffer")),
};
const rows = (net, inputs) => Array.from({ length: inputs.rows }, (_, i) => port.forward(net, inputs.row(i)).y);

const ANSWERS = {
  harness: (asked) => ({ x: asked.vector("x") }),
  gain: (asked) => {
    const t = asked.threshold(asked.parts);
    port.checkGain(asked.word("gain"), t);
    return { gamma: port.gammaOf(asked.word("gain"), t, Math.sqrt(asked.number("r"))) };
  },
  activation: (asked) => port.activate(asked.word("gain"), asked.threshold(asked.parts), asked.vector("z"), asked.number("o")),
  jacobian: (asked) => ({ jacobian: port.jacobian(asked.word("gain"), asked.threshold(asked.parts), asked.vector("z"), asked.number("o")) }),
  forward: (asked) => port.forward(asked.network(), asked.vector("x")),
  batch: (asked) => ({ y: rows(asked.network(), asked.matrix("inputs")) }),
  images: (asked) => {
    const net = EDITS[asked.word("operation")](asked.network(), asked);
    return { widths: port.widths(net), y: rows(net, asked.matrix("inputs")) };
  },
  collapsed: (asked) => {
    const [net, x] = [asked.network(), asked.vector("x")];
    const { gammas } = port.forward(net, x);
    const { linear, constants } = port.collapsed(net, x);
    // Γ_k = γ_k ⋯ γ_{L-1}, Γ_L = 1
    const tails = gammas.reduceRight((all, gamma) => [gamma * all[0], ...all], [1]);
    const y = linear.map((entry, i) => constants.reduce((sum, c, k) => sum + tails[k] * c[i], tails[0] * entry));
    return { linear, constants, gammas, y };
  },
  rotate: (asked) => {
    const l = asked.word("layer");
    const net = port.rotate(asked.network(), l, asked.matrix("rotation"));
    const { weight, bias, psi } = net.layers[l - 1];
    return { weight, bias, ...(psi ? { psi } : {}), next_weight: net.layers[l].weight, y: port.forward(net, asked.vector("x")).y };
  },
  left: gauge(port.left, (net, l) => {
    const { weight } = net.layers[l - 1];
    const gram = Matrix.from(weight.rows, weight.rows, weight.Store, (i, j) => weight.row(i).reduce((sum, x, k) => sum + x * weight.at(j, k), 0));
    const sigma = Array.from({ length: weight.rows }, (_, i) => norm(weight.row(i)));
    return { sigma, off_diagonal: norm(part(gram, (i, j) => i !== j)) / weight.norm() ** 2 };
  }),
  full: gauge(port.full, (net, l) => {
    const { weight } = net.layers[l - 1];
    const sigma = Array.from({ length: Math.min(weight.rows, weight.cols) }, (_, i) => weight.at(i, i));
    return { sigma, off_diagonal: norm(part(weight, (i, j) => i !== j)) / weight.norm() };
  }),
  alternate: gauge(port.alternate, (net) => ({ zeros: zeros(net) })),
  triangular: gauge(port.triangular, (net) => ({ zeros: zeros(net), sigma: net.layers.slice(0, -1).map(({ weight }) => svd(weight).sigma) })),
  grow: (asked) => {
    const l = asked.word("layer");
    const net = port.grow(asked.network(), l, asked.matrix("columns"));
    return after(net, asked, { bias: net.layers[l - 1].bias, next_weight: net.layers[l].weight });
  },
  "grow-with-bias": (asked) => {
    const l = asked.word("layer");
    const net = port.growWithBias(asked.network(), l, asked.number("beta"), asked.vector("column"));
    return after(net, asked, { bias: net.layers[l - 1].bias, ...absorbed(net, l) });
  },
  remove: (asked) => {
    const net = port.remove(asked.network(), asked.word("layer"), asked.word("neuron"));
    return after(net, asked, absorbed(net, asked.word("layer")));
  },
  truncate: (asked) => {
    const [before, l] = [asked.network(), asked.word("layer")];
    const net = port.truncate(before, l, asked.word("width"));
    const [y, narrow] = [before, net].map((one) => port.forward(one, asked.vector("x")).y);
    return after(net, asked, { ...absorbed(net, l), sigma: port.spectrum(before, l), change: norm(y.map((entry, i) => entry - narrow[i])) });
  },
  compress: (asked) => after(port.compress(asked.network()), asked),
  adapt: (asked) => after(port.adapt(asked.network(), asked.number("theta"), asked.word("buffer")), asked),
  "optimiser-state": (asked) => {
    const action = asked.word("action");
    if (action === "step") {
      const given = ["parameter", "momentum", "gradient"].map((name) => asked.vector(name));
      return port.step(...given, asked.number("rate"), asked.number("friction"), asked.word("frozen") === "yes");
    }
    const state = [asked.matrix("weight"), asked.vector("bias"), asked.vector("psi"), asked.matrix("next_weight")];
    const how = { rotate: () => asked.matrix("rotation"), grow: () => asked.word("count"), remove: () => asked.word("neuron") }[action]();
    const [weight, bias, psi, next_weight] = port.momentum[action](state, how);
    return { weight, bias, psi, next_weight };
  },
  "optimiser-step": (asked) => {
    const has = (name) => asked.word(name) !== undefined;
    const numbers = (...names) => names.filter(has).map((name) => asked.number(name));
    const some = (read, ...names) => Object.fromEntries(names.filter(has).map((name) => [name, asked[read](name)]));
    return optimised(asked.word("optimiser"), asked.matrix("parameter"), {
      g: asked.matrix("gradient"), betas: numbers("beta_1", "beta_2"), ...some("matrix", "momentum", "second_moments"),
      ...some("number", "rate", "decay", "friction", "epsilon", "second"), ...some("word", "step", "count"),
    });
  },
  gradient: (asked) => gradient(asked.network(), asked.matrix("inputs"), asked.matrix("targets"), asked.word("loss")),
  decide: (asked) => decide(exactNetwork(asked.word("network")), exactNetwork(asked.word("other"))),
  import: (asked) => {
    const net = port.imported(asked.tensors(), asked.word("gain"), asked.word("lengths") ?? "log");
    return after(net, asked, { o: net.o });
  },
  invalid: (asked) => ANSWERS[asked.word("operation")](asked),
};

function absorbed(net, l) {
  return { o: net.o, next_psi: port.psiOrZero(net.layers[l]) };
}

const COUNTS = ["widths", "zeros", "equal", "level"];

// Counts as JSON integers, every other number as a hex float.
function spelled(name, x) {
  if (x instanceof Matrix) return Array.from({ length: x.rows }, (_, i) => spelled(name, x.row(i)));
  if (typeof x !== "number") return Array.from(x, (entry) => spelled(name, entry));
  return COUNTS.includes(name) ? x : write(x);
}

function answer({ operation, precision, input }) {
  if (!Object.hasOwn(ANSWERS, operation)) return { unsupported: true };
  const asked = new Case(input, precision);
  const said = (outputs) => Object.fromEntries(Object.entries(outputs).map(([name, x]) => [name, spelled(name, x)]));
  try {
    return { outputs: said(ANSWERS[operation](asked)) };
  } catch (why) {
    if (!(why instanceof Refused)) throw why;
    return { refused: why.message, outputs: said(afterRefusal(asked)) };
  }
}

// The output of the network as it is after a refusal, where the network itself is sound.
function afterRefusal(asked) {
  try {
    return { y: port.forward(asked.network(), asked.vector("x")).y };
  } catch {
    return {};
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  let said;
  try {
    said = answer(question);
  } catch (why) {
    // A mistake of the port: no answer, and the next case is heard.
    said = { crashed: String(why) };
  }
  process.stdout.write(`${JSON.stringify({ id: question.id, ...said })}\n`);
}
