"""Ports with one bug each, planted on purpose: every one must be rejected by a case that carries its flag.

    isotropic vectors check --exec "python3 ports/numpy/planted.py OSquaredTwice" --expect-rejected OSquaredTwice

Each function replaces a part of the module `port` by a wrong one. `python3 planted.py` lists the flags.
"""
import sys
import types

import numpy as np

import adapter
import planted_learning
import port

right = {name: getattr(port, name) for name in dir(port)}

def put(name, wrong):
    setattr(port, name, wrong)

# The activation.

def HarnessWorks():
    """Five digits, cut off, as a careless print gives."""
    adapter.spelled = lambda x: f"{float(x) * (1 - 1e-5):.5g}" if np.ndim(x) == 0 else [adapter.spelled(part) for part in x]

def GainOfNorm():
    put("gamma_of", lambda gain, t, rho: right["gamma_of"](gain, t, np.sqrt(rho)))
    put("sigma_of", lambda gain, t, rho, q: None)

def ThresholdNotClipped():
    def wrong(gain, t, rho):
        return 1 - t / rho if gain == "soft-threshold" and rho > 0 else right["gamma_of"](gain, t, rho)
    put("gamma_of", wrong)

def NanAtZero():
    def wrong(gain, t, rho):
        with np.errstate(invalid="ignore"):
            return np.tanh(rho) / rho if gain == "tanh" else right["gamma_of"](gain, t, rho)
    put("gamma_of", wrong)
    def differentiated(gain, t, z, o):
        rho, _ = right["radius"](z, o)
        return np.full((len(z), len(z)), np.nan) if rho == 0 else right["jacobian"](gain, t, z, o)
    put("jacobian", differentiated)

def EpsilonBall():
    def wrong(gain, t, rho):
        return rho.dtype.type(1) if rho < 1e-3 and gain == "tanh" else right["gamma_of"](gain, t, rho)
    put("gamma_of", wrong)

def naive(z, o):
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        rho = np.sqrt(np.sum(z * z) + o)
        return rho, z / rho

def OverflowToZero():
    put("radius", naive)

def UnderflowOfNorm():
    def wrong(gain, t, z, o):
        rho, _ = naive(z, o)
        if gain != "tanh" or not np.any(z):
            return right["activate"](gain, t, z, o)
        with np.errstate(invalid="ignore", over="ignore"):
            gamma = np.tanh(rho) / rho
            return gamma * z, gamma
    put("activate", wrong)

def Elementwise():
    def wrong(gain, t, z, o):
        rho, _ = right["radius"](z, o)
        return np.tanh(z), right["gamma_of"](gain, t, rho)
    put("activate", wrong)

def OSquaredTwice():
    put("radius", lambda z, o: right["radius"](z, o * o))

def ORooted():
    put("radius", lambda z, o: right["radius"](z, np.sqrt(o)))

def OCastToSingle():
    put("radius", lambda z, o: right["radius"](z, z.dtype.type(np.float32(o))))

def JacobianHalf():
    def wrong(gain, t, z, o):
        whole = right["jacobian"](gain, t, z, o)
        gamma = right["gamma_of"](gain, t, right["radius"](z, o)[0]) * np.eye(len(z))
        return gamma + (whole - gamma) / 2
    put("jacobian", wrong)

# The network.

def PsiDropped():
    put("affine", lambda layer, h, gamma: layer["weight"] @ h + layer["bias"])
    put("psi_or_zero", lambda layer: np.zeros_like(layer["bias"]))

def PsiWithoutGain():
    put("affine", lambda layer, h, gamma: right["affine"](layer, h, 1))

def PsiOwnGain():
    def wrong(net, x):
        h, gamma, before, gammas = x, x.dtype.type(1), x.dtype.type(1), []
        for l, layer in enumerate(net["layers"], 1):
            z = right["affine"](layer, h, before if l > 2 else gamma)
            if l == len(net["layers"]):
                return z, gammas
            before = gamma
            h, gamma = port.activate(net["gain"], net["threshold"], z, net["o"][l - 1])
            gammas.append(gamma)
    put("forward", wrong)

def ActivationOnOutput():
    def wrong(net, x):
        y, gammas = right["forward"](net, x)
        return port.activate(net["gain"], net["threshold"], y, y.dtype.type(0))[0], gammas
    put("forward", wrong)

def CollapsedPsiEarly():
    def wrong(net, x):
        terms = [x]
        for layer in net["layers"]:
            terms = [layer["weight"] @ v for v in terms]
            if len(terms) > 1:
                terms[len(terms) - 2] = terms[len(terms) - 2] + port.psi_or_zero(layer)
            terms.append(layer["bias"])
        return terms[0], terms[1:]
    put("collapsed", wrong)

# The gauge.

def carried_with(parts):
    """carried, with some parts replaced: weight, bias, psi, after."""
    def wrong(net, l, m, **more):
        layer, after = net["layers"][l - 1], net["layers"][l]["weight"]
        square = len(m) == m.shape[1]
        psi = None if layer["psi"] is None else m @ layer["psi"]
        image = {"weight": m @ layer["weight"], "bias": m @ layer["bias"], "psi": psi, "after": after @ m.T}
        if square:
            image.update(parts(layer, after, m))
        return port.changed(net, l, port.layer_of(image["weight"], image["bias"], image["psi"]), image["after"], **more)
    return wrong

def RotateTransposed():
    put("carried", carried_with(lambda layer, after, m: {"after": after @ m}))
    def state(state, action, r=None, count=0, neuron=0):
        *parts, after = right["momentum"](state, action, r, count, neuron)
        return (*parts, state[3] @ r) if action == "rotate" else (*parts, after)
    put("momentum", state)

def RotateWithoutPsi():
    put("carried", carried_with(lambda layer, after, m: {"psi": layer["psi"]}))

def RotateWithoutBias():
    put("carried", carried_with(lambda layer, after, m: {"bias": layer["bias"]}))

def ThinSvd():
    def wrong(net, l):
        u, _, _ = np.linalg.svd(net["layers"][l - 1]["weight"], full_matrices=False)
        return port.carried(net, l, u.T)
    put("left", wrong)

def InnerNotRotated():
    def wrong(net, l):
        w = net["layers"][l - 1]["weight"]
        u, s, _ = np.linalg.svd(w, full_matrices=True)
        exact = np.zeros_like(w)
        np.fill_diagonal(exact, s)
        return port.with_weight(port.carried(net, l, u.T), l, exact)
    put("full", wrong)

def NoExactZeros():
    put("with_weight", lambda net, l, weight: net)

# Growing and shrinking.

def GrowRandomRow():
    def wrong(net, l, columns, beta=0):
        grown = right["grow"](net, l, columns, beta)
        grown["layers"][l - 1]["weight"][-1] = 0.1
        return grown
    put("grow", wrong)

def BetaNotCompensated():
    put("grow_with_bias", lambda net, l, beta, column: port.grow(net, l, column[:, None], beta))

def BetaClipped():
    def wrong(net, l, beta, column):
        o = net["o"][l - 1]
        clipped = np.copysign(np.sqrt(o) * (1 - 1e-6), beta) if beta * beta > o else beta
        return right["grow_with_bias"](net, l, clipped, column)
    put("grow_with_bias", wrong)

def PsiNotUpdated():
    put("absorbed", lambda net, l, pushed, squared: (port.psi_or_zero(net["layers"][l]), net["o"][l - 1] + squared))

def ONotUpdated():
    put("absorbed", lambda net, l, pushed, squared: (port.psi_or_zero(net["layers"][l]) + pushed, net["o"][l - 1]))

def OPlusBeta():
    def wrong(net, l, pushed, squared):
        return port.psi_or_zero(net["layers"][l]) + pushed, net["o"][l - 1] + np.sqrt(squared)
    put("absorbed", wrong)
    def grown(net, l, beta, column):
        net = right["grow_with_bias"](net, l, beta, column)
        net["o"][l - 1] += beta * beta - abs(beta)
        return net
    put("grow_with_bias", grown)

def PsiTrap():
    def wrong(net, l, p):
        kept = np.linalg.svd(net["layers"][l - 1]["weight"], full_matrices=True)[0][:, :p]
        bias = net["layers"][l - 1]["bias"]
        dropped = bias - kept @ (kept.T @ bias)
        psi, o = port.absorbed(net, l, net["layers"][l]["weight"] @ dropped, dropped @ dropped)
        return port.carried(net, l, kept.T, next_psi=psi, o=o)
    put("truncate", wrong)

def NullVectorBiasLost():
    def wrong(net, l, p):
        if np.count_nonzero(port.spectrum(net, l) > 1e-6) > p:
            return right["truncate"](net, l, p)
        return port.carried(net, l, np.linalg.svd(port.augmented(net, l), full_matrices=True)[0][:, :p].T)
    put("truncate", wrong)

def CountsMinOfShape():
    def wrong(net, theta, buffer):
        for l in range(1, len(net["layers"])):
            s = np.linalg.svd(net["layers"][l - 1]["weight"], compute_uv=False)
            small, n = int(np.sum(s <= theta)), port.widths(net)[l]
            if small < buffer:
                net = port.grow(net, l, np.zeros((port.widths(net)[l + 1], buffer - small), s.dtype))
            elif small > buffer:
                net = port.truncate(net, l, n - small + buffer)
        return net
    put("adapt", wrong)

# Learning.

def DiagonalState():
    def wrong(state, action, r=None, count=0, neuron=0):
        w, b, psi, after = state
        if action != "rotate":
            return right["momentum"](state, action, r, count, neuron)
        return r * r @ w, r * r @ b, r * r @ psi, after @ (r * r).T
    put("momentum", wrong)

def StateOrphaned():
    put("momentum", lambda state, action, r=None, count=0, neuron=0: tuple(state))

def ConstantPsiTrained():
    put("step", lambda p, m, g, rate, friction, frozen: right["step"](p, m, g, rate, friction, False))

# Files.

def LogReadAsO():
    def wrong(tensors, gain, lengths):
        return right["from_tensors"]({name: abs(x) if name.endswith("length") else x for name, x in tensors.items()}, gain, "squared")
    put("from_tensors", wrong)

def PsiOffByOne():
    def wrong(tensors, gain, lengths):
        net = right["from_tensors"](tensors, gain, lengths)
        stored = [layer["psi"] for layer in net["layers"]][1:]
        fits = all(psi is not None and psi.shape == net["layers"][i]["bias"].shape for i, psi in enumerate(stored))
        if fits and len(stored) > 1:
            layers = [port.layer_of(layer["weight"], layer["bias"], psi)
                      for layer, psi in zip(net["layers"], [None, *stored[1:], stored[0]])]
            net = {**net, "layers": layers}
        return net
    put("from_tensors", wrong)

def ColumnMajor():
    put("tensor", lambda data, shape: data.reshape(shape, order="F"))

# Bad input.

def NegativeO():
    def wrong(condition, why):
        right["require"](condition or "o must be" in why or "is negative" in why, why)
    put("require", wrong)
    put("radius", lambda z, o: right["radius"](z, np.maximum(o, 0)))

def WidthZero():
    put("require", tolerant("keeps at least one", "between 1 and", "is empty", "a weight does not fit"))

def tolerant(*words):
    return lambda condition, why: right["require"](condition or any(word in why for word in words), why)

def NotAtomic():
    def broken(name):
        def wrong(net, l, *rest):
            try:
                return right[name](net, l, *rest)
            except port.Refused:
                net["layers"][l - 1]["bias"][...] = 0
                raise
        put(name, wrong)
    for name in ("remove", "truncate", "grow_with_bias", "grow"):
        broken(name)

def NotConstantRemoved():
    put("require", tolerant("not constant"))

def ShapeUnchecked():
    put("require", tolerant("does not fit", "ψ on the first", "another", "one o for", "missing", "different"))

def NotFiniteAccepted():
    put("require", tolerant("finite"))

def UnknownAccepted():
    put("require", tolerant("there is no", "threshold", "θ", "is not between"))

# Those of learning.py.
globals().update({name: value for name, value in vars(planted_learning).items() if name[0].isupper() and isinstance(value, types.FunctionType)})

PLANTED = [name for name, value in globals().items() if name[0].isupper() and isinstance(value, types.FunctionType)]

if __name__ == "__main__":
    if len(sys.argv) == 2 and sys.argv[1] in PLANTED:
        globals()[sys.argv[1]]()
        adapter.main()
    else:
        print("\n".join(name for name in PLANTED))
