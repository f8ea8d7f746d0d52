"""The bugs that planted.py plants in learning.py: gradients, optimiser steps, exact decisions."""
import math
from fractions import Fraction

import numpy as np

import adapter
import learning
import port

right = {name: getattr(learning, name) for name in dir(learning)}
kept = {name: getattr(adapter, name) for name in ("exactly", "exact_network")}

def teach(name, wrong):
    setattr(learning, name, wrong)

def after_gradient(change):
    """gradient, with what it found changed afterwards; `change` also gets the network and the inputs."""
    def wrong(net, inputs, targets, loss):
        found = right["gradient"](net, inputs, targets, loss)
        return {**found, **change(found, net, inputs)}
    teach("gradient", wrong)

# Gradients.

def WeightGradientTransposed():
    after_gradient(lambda found, net, inputs: {"weight": [w.T for w in found["weight"]]})

def of_squared(factor):
    def wrong(name, y, t):
        value, d = right["loss_of"](name, y, t)
        by = y.dtype.type(factor(len(y))) if name == "squared" else y.dtype.type(1)
        return value * by, d * by
    teach("loss_of", wrong)

def HalfLost():
    of_squared(lambda n: 2)

def MeanOverEntries():
    of_squared(lambda n: 1 / n)

def SumForMean():
    def times(part, n):
        return [times(one, n) for one in part] if isinstance(part, list) else part * n
    after_gradient(lambda found, net, inputs: {name: times(part, inputs.dtype.type(len(inputs))) for name, part in found.items()})

def GainHeldConstant():
    teach("slope", lambda gain, t, rho, gamma, z: z.dtype.type(0))

def PsiGradientWithoutGain():
    def change(found, net, inputs):
        psi = [g for g, layer in zip(found["bias"], net["layers"]) if layer["psi"] is not None]
        return {"psi": psi} if psi else {}
    after_gradient(change)

def GainPathLost():
    def wrong(net, inputs, targets, loss):
        known = port.psi_or_zero
        port.psi_or_zero = lambda layer: np.zeros_like(layer["bias"])
        try:
            return right["gradient"](net, inputs, targets, loss)
        finally:
            port.psi_or_zero = known
    teach("gradient", wrong)

def SlopeCancels():
    def wrong(gain, t, rho, gamma, z):
        if gain == "tanh" and rho > 0:
            return (1 - np.tanh(rho) ** 2 - gamma) / (2 * rho * rho)
        return right["slope"](gain, t, rho, gamma, z)
    teach("slope", wrong)

def OGradientOfLength():
    after_gradient(lambda found, net, inputs: {"o": found["o"] * 2 * np.sqrt(net["o"])})

def SoftmaxUnshifted():
    def wrong(name, y, t):
        if name != "cross-entropy":
            return right["loss_of"](name, y, t)
        with np.errstate(over="ignore", invalid="ignore"):
            e = np.exp(y)
            return np.log(np.sum(e)) - t @ y, e / np.sum(e) - t
    teach("loss_of", wrong)

# Optimisers.

COUPLED = ("sgd", "momentum", "nesterov")

def DecayDecoupled():
    def wrong(rule, theta, g, t, rate, decay, **more):
        if rule not in COUPLED:
            return right["optimise"](rule, theta, g, t, rate, decay, **more)
        moved, *state = right["optimise"](rule, theta, g, t, rate, 0 * decay, **more)
        return (moved - rate * decay * theta, *state)
    teach("optimise", wrong)

def DecayCoupled():
    def wrong(rule, theta, g, t, rate, decay, **more):
        if rule in COUPLED:
            return right["optimise"](rule, theta, g, t, rate, decay, **more)
        return right["optimise"](rule, theta, g + decay * theta, t, rate, 0 * decay, **more)
    teach("optimise", wrong)

def BiasCorrectionLost():
    def wrong(rule, theta, g, t, rate, decay, **more):
        return right["optimise"](rule, theta, g, 10 ** 6, rate, decay, **more)
    teach("optimise", wrong)

def EpsilonInsideRoot():
    def wrong(rule, theta, g, t, rate, decay, epsilon=None, **more):
        if epsilon is None:
            return right["optimise"](rule, theta, g, t, rate, decay, **more)
        _, v, second = right["optimise"](rule, theta, g, t, rate, decay, epsilon=epsilon, **more)
        mean = second / (1 - more["betas"][1] ** t) / (1 if rule == "adamw" else more["count"])
        return (1 - rate * decay) * theta - rate * (v / (1 - more["betas"][0] ** t)) / np.sqrt(mean + epsilon), v, second
    teach("optimise", wrong)

def CountOfNow():
    def wrong(rule, theta, g, t, rate, decay, count=None, **more):
        return right["optimise"](rule, theta, g, t, rate, decay, count=theta.size, **more)
    teach("optimise", wrong)

def MomentumBefore():
    def wrong(rule, theta, g, t, rate, decay, **more):
        moved, v, second = right["optimise"](rule, theta, g, t, rate, decay, **more)
        return (theta - rate * more["v"] if rule == "momentum" else moved), v, second
    teach("optimise", wrong)

def NesterovIsHeavyBall():
    def wrong(rule, *rest, **more):
        return right["optimise"]("momentum" if rule == "nesterov" else rule, *rest, **more)
    teach("optimise", wrong)

def MuonFactorLost():
    teach("muon", lambda m: right["muon"](m) / m.dtype.type(math.sqrt(max(1, m.shape[0] / m.shape[1]))))

# Decisions.

def ParametersCompared():
    teach("decide", lambda a, b: (a == b, None))

def NumbersRounded():
    def wrong(texts):
        exact = kept["exactly"](texts)
        return Fraction(float(exact)) if isinstance(exact, Fraction) else exact
    adapter.exactly = wrong

def outputs(net, x):
    """y in doubles."""
    def array(part):
        return None if part is None else np.array(part, float)
    layers = [port.layer_of(array(layer["weight"]), array(layer["bias"]), array(layer["psi"])) for layer in net["layers"]]
    return port.forward({"gain": net["gain"], "threshold": None, "layers": layers, "o": array(net["o"])}, np.array(x, float))[0]

def close(a, b, x):
    y, other = outputs(a, x), outputs(b, x)
    return y.shape == other.shape and np.linalg.norm(y - other) < 1e-9

def DecidedByTolerance():
    def wrong(a, b):
        n = len(a["layers"][0]["weight"][0])
        equal, level = right["decide"](a, b)
        return equal or all(close(a, b, [0.1 + k + 0.3 * i for i in range(n)]) for k in range(3)), level
    teach("decide", wrong)

def DecidedAtAPoint():
    def wrong(case):
        nets = [adapter.exact_network(case.word(name)) for name in ("network", "other")]
        return {"equal": int(close(*nets, [float(x) for x in adapter.exactly(case.word("x"))])), "level": 0}
    adapter.decided = wrong

def ScalingMissed():
    teach("unscaled", lambda grams, v: (grams, v))

def ConstantsCompared():
    def wrong(net):
        return (*right["invariants"](net)[:3], False)
    teach("invariants", wrong)

def LinearByDepth():
    def wrong(a, b):
        depths = len(a["layers"]) == len(b["layers"])
        return right["decide"](a, b) if depths or a["gain"] != "linear" else (False, None)
    teach("decide", wrong)

def ODropped():
    def wrong(parts):
        net = kept["exact_network"](parts)
        return {**net, "o": [Fraction(0) for _ in net["o"]]}
    adapter.exact_network = wrong
