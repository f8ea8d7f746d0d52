"""Answers the conformance vectors: cases as JSON lines on standard input, an answer to each on standard output.

    isotropic vectors check --exec "python3 ports/numpy/adapter.py"

Every call goes through the modules `port` and `learning`, so that planted.py and reordered.py can replace parts of it.
"""
import json
import sys
from fractions import Fraction

import numpy as np

import learning
import port
from port import Refused

def number(text, dtype):
    """Hex float, decimal or p/q, rounded once."""
    try:
        x = float(Fraction(text)) if "/" in text else float.fromhex(text) if "0x" in text else float(text)
    except ValueError as why:
        raise Refused(f"{text} is no number") from why
    with np.errstate(over="ignore"):
        x = dtype(x)
    port.require(np.isfinite(x), f"{text} is not finite")
    return x

def array(texts, dtype):
    if isinstance(texts, str):
        return number(texts, dtype)
    parts = [array(part, dtype) for part in texts]
    port.require(len({np.shape(part) for part in parts}) <= 1, "rows of different lengths")
    return np.array(parts, dtype)

class Case:
    """The named parts of an input, as numbers of one dtype."""

    def __init__(self, parts, dtype):
        self.parts, self.dtype, self.net = parts, dtype, None

    def __getitem__(self, name):
        value = self.parts[name]
        return value if isinstance(value, int) else array(value, self.dtype)

    def word(self, name, default=None):
        return self.parts.get(name, default)

    def threshold(self, parts):
        return number(parts["threshold"], self.dtype) if "threshold" in parts else None

    def network(self):
        """The network: the same object each time, so that a change made in place would be seen."""
        if self.net is None:
            self.net = self.read_network()
        return self.net

    def read_network(self):
        parts = self.parts["network"]
        layers = [port.layer_of(*(array(layer[name], self.dtype) if name in layer else None for name in ("weight", "bias", "psi")))
                  for layer in parts["layers"]]
        o = array(parts["o"], self.dtype) if "o" in parts else np.zeros(len(layers) - 1, self.dtype)
        return port.check({"gain": parts["gain"], "threshold": self.threshold(parts), "layers": layers, "o": o})

    def tensors(self):
        found = {}
        for name, tensor in self.parts["tensors"].items():
            port.require(0 not in tensor["shape"], f"{name} is empty")
            found[name] = port.tensor(array(tensor["data"], self.dtype), tensor["shape"])
        return found

def after(net, case, **more):
    """What every answer about a network ends with."""
    return {"widths": port.widths(net), **more, "y": port.forward(net, case["x"])[0]}

def zeros(net):
    return sum(int(np.sum(layer["weight"] == 0)) for layer in net["layers"])

def share(rest, whole):
    return np.linalg.norm(rest) / np.linalg.norm(whole)

def points(operation, case):
    gain, t = case.word("gain"), case.threshold(case.parts)
    port.check_gain(gain, t)
    if operation == "gain":
        return {"gamma": port.gamma_of(gain, t, np.sqrt(case["r"]))}
    if operation == "jacobian":
        return {"jacobian": port.jacobian(gain, t, case["z"], case["o"])}
    h, gamma = port.activate(gain, t, case["z"], case["o"])
    return {"h": h, "gamma": gamma}

def in_gauge(operation, case):
    net = case.network()
    if operation == "rotate":
        l = case["layer"]
        net = port.rotate(net, l, case["rotation"])
        layer = net["layers"][l - 1]
        psi = {} if layer["psi"] is None else {"psi": layer["psi"]}
        return {"weight": layer["weight"], "bias": layer["bias"], **psi, "next_weight": net["layers"][l]["weight"],
                "y": port.forward(net, case["x"])[0]}
    if operation in ("alternate", "triangular"):
        net = getattr(port, operation)(net)
        sigma = [np.linalg.svd(layer["weight"], compute_uv=False) for layer in net["layers"][:-1]]
        return after(net, case, zeros=zeros(net), **({"sigma": sigma} if operation == "triangular" else {}))
    l = case["layer"]
    net = getattr(port, operation)(net, l)
    w = net["layers"][l - 1]["weight"]
    if operation == "left":
        gram = w @ w.T
        norm = np.linalg.norm(w)
        return after(net, case, sigma=np.linalg.norm(w, axis=1), off_diagonal=np.linalg.norm(gram - np.diag(np.diag(gram))) / norm**2)
    rest = w.copy()
    np.fill_diagonal(rest, 0)
    return after(net, case, sigma=np.diag(w), off_diagonal=share(rest, w))

def resized(operation, case):
    before = case.network()
    if operation == "compress":
        return after(port.compress(before), case)
    if operation == "adapt":
        return after(port.adapt(before, case["theta"], case["buffer"]), case)
    l = case["layer"]
    if operation == "grow":
        net = port.grow(before, l, case["columns"])
        return after(net, case, bias=net["layers"][l - 1]["bias"], next_weight=net["layers"][l]["weight"])
    if operation == "grow-with-bias":
        net = port.grow_with_bias(before, l, case["beta"], case["column"])
    elif operation == "remove":
        net = port.remove(before, l, case["neuron"])
    else:
        net = port.truncate(before, l, case["width"])
    more = {"o": net["o"], "next_psi": port.psi_or_zero(net["layers"][l])}
    if operation == "grow-with-bias":
        more["bias"] = net["layers"][l - 1]["bias"]
    if operation == "truncate":
        more["sigma"] = port.spectrum(before, l)
        more["change"] = np.linalg.norm(port.forward(before, case["x"])[0] - port.forward(net, case["x"])[0])
    return after(net, case, **more)

EDITS = {
    "rotate": lambda net, case: port.rotate(net, case["layer"], case["rotation"]),
    "grow": lambda net, case: port.grow(net, case["layer"], case["columns"]),
    "grow-with-bias": lambda net, case: port.grow_with_bias(net, case["layer"], case["beta"], case["column"]),
    "left": lambda net, case: port.left(net, case["layer"]),
    "full": lambda net, case: port.full(net, case["layer"]),
    "alternate": lambda net, case: port.alternate(net),
    "triangular": lambda net, case: port.triangular(net),
    "truncate": lambda net, case: port.truncate(net, case["layer"], case["width"]),
    "compress": lambda net, case: port.compress(net),
    "adapt": lambda net, case: port.adapt(net, case["theta"], case["buffer"]),
}

def images(case):
    """An operation once, and its network for many inputs."""
    net = EDITS[case.word("operation")](case.network(), case)
    return {"widths": port.widths(net), "y": [port.forward(net, x)[0] for x in case["inputs"]]}

def whole(operation, case):
    net = case.network()
    y, gammas = port.forward(net, case["x"])
    if operation == "forward":
        return {"y": y, "gammas": gammas}
    linear, constants = port.collapsed(net, case["x"])
    products = [np.prod(np.array(gammas[k:], y.dtype)) for k in range(len(gammas) + 1)]
    y = products[0] * linear + sum(p * c for p, c in zip(products, constants))
    return {"linear": linear, "constants": constants, "gammas": gammas, "y": y}

def state(case):
    action = case.word("action")
    if action == "step":
        p, m = port.step(*(case[name] for name in ("parameter", "momentum", "gradient", "rate", "friction")), case.word("frozen") == "yes")
        return {"parameter": p, "momentum": m}
    names = ("weight", "bias", "psi", "next_weight")
    more = {"rotate": ("r", "rotation"), "grow": ("count", "count"), "remove": ("neuron", "neuron")}[action]
    return dict(zip(names, port.momentum([case[name] for name in names], action, **{more[0]: case[more[1]]})))

def step(case):
    """One step of an optimiser; what its rule does not have is not there."""
    def part(name):
        return case[name] if case.word(name) is not None else None
    rule = case.word("optimiser")
    second = "second_moments" if rule == "adamw" else "second"
    betas = (case["beta_1"], case["beta_2"]) if rule.startswith("adam") else None
    after = learning.optimise(rule, *(case[name] for name in ("parameter", "gradient", "step", "rate", "decay")), v=part("momentum"),
                              mu=part("friction"), betas=betas, epsilon=part("epsilon"), second=part(second), count=part("count"))
    return {name: x for name, x in zip(("parameter", "momentum", second), after) if x is not None}

def exactly(texts):
    """The rational numbers that are written."""
    if isinstance(texts, str):
        if "0x" not in texts:
            return Fraction(texts)
        # Hex floats of any length: float.fromhex would round a long one.
        mantissa, exponent = texts.replace("0x", "").split("p")
        whole, _, fraction = mantissa.partition(".")
        return int(whole + fraction, 16) * Fraction(2) ** (int(exponent) - 4 * len(fraction))
    return [exactly(part) for part in texts]

def exact_network(parts):
    layers = [{"weight": exactly(layer["weight"]), "bias": exactly(layer["bias"]), "psi": exactly(layer["psi"]) if "psi" in layer else None}
              for layer in parts["layers"]]
    return {"gain": parts["gain"], "layers": layers, "o": exactly(parts["o"]) if "o" in parts else [Fraction(0)] * (len(layers) - 1)}

def decided(case):
    equal, level = learning.decide(exact_network(case.word("network")), exact_network(case.word("other")))
    return {"equal": int(equal), **({"level": level} if level is not None else {})}

def answer(operation, case):
    if operation == "harness":
        return {"x": case["x"]}
    if operation in ("gain", "activation", "jacobian"):
        return points(operation, case)
    if operation in ("rotate", "left", "full", "alternate", "triangular"):
        return in_gauge(operation, case)
    if operation in ("forward", "collapsed"):
        return whole(operation, case)
    if operation == "batch":
        net = case.network()
        return {"y": [port.forward(net, x)[0] for x in case["inputs"]]}
    if operation == "images":
        return images(case)
    if operation == "optimiser-state":
        return state(case)
    if operation == "optimiser-step":
        return step(case)
    if operation == "gradient":
        return learning.gradient(case.network(), case["inputs"], case["targets"], case.word("loss"))
    if operation == "decide":
        return decided(case)
    if operation == "import":
        net = port.from_tensors(case.tensors(), case.word("gain"), case.word("lengths", "log"))
        return after(net, case, o=net["o"])
    return resized(operation, case)

def spelled(x):
    if isinstance(x, (list, tuple)) or np.ndim(x):
        return [spelled(part) for part in x]
    return str(x) if isinstance(x, (int, np.integer)) else float(x).hex()

def reply(question):
    """The answer to one case, as a dict."""
    dtype = np.float32 if question["precision"] == "f32" else np.float64
    case, operation = Case(question["input"], dtype), question["operation"]
    invalid = operation == "invalid"
    try:
        outputs = answer(case.word("operation") if invalid else operation, case)
        return {"outputs": {name: spelled(x) for name, x in outputs.items()}}
    except Refused as why:
        outputs = {}
        if invalid:
            try:
                # The network as it is after the refusal.
                outputs = {"y": spelled(port.forward(case.network(), case["x"])[0])}
            except (Refused, KeyError):
                pass
        return {"refused": str(why), "outputs": outputs}

def main():
    for line in sys.stdin:
        question = json.loads(line)
        try:
            said = reply(question)
        except Exception as why:  # a mistake of the port: no answer, and the next case is heard
            said = {"crashed": f"{type(why).__name__}: {why}"}
        print(json.dumps({"id": question["id"], **said}), flush=True)

if __name__ == "__main__":
    main()
