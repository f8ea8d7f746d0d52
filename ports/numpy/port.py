"""Isotropic networks in NumPy, written from the equations in docs/PORTING.md.

The activation works with ρ = √(‖z‖² + o) and z/ρ, never with r = ρ², which overflows. A network is a dict with gain, threshold, layers (each weight, bias and psi or None) and o (squared intrinsic lengths of
the hidden layers). Layers count from 1. Nothing is changed in place. adapter.py answers the conformance vectors.
"""
import numpy as np

class Refused(Exception):
    """The operation does not admit this input."""

def require(condition, why):
    if not condition:
        raise Refused(why)

GAINS = ("tanh", "algebraic", "rational", "rational-tanh", "soft-threshold", "linear", "log1p")

def radius(z, o):
    """ρ, and the direction z/ρ, with squares that neither overflow nor underflow. ρ may be infinite: inverse() is not 0 then."""
    root = np.sqrt(o)
    m = max(np.max(np.abs(z), initial=0), root)
    if m == 0:
        return m, z
    scaled, rest = z / m, root / m
    norm = np.sqrt(np.sum(scaled * scaled) + rest * rest)
    with np.errstate(over="ignore"):
        return m * norm, scaled / norm

def inverse(z, o):
    """1/ρ for ρ > 1, finite and not 0 even where ρ overflows."""
    m = max(np.max(np.abs(z), initial=0), np.sqrt(o))
    return (1 / m) / np.sqrt(np.sum((z / m) ** 2) + (np.sqrt(o) / m) ** 2)

def gamma_of(gain, t, rho):
    """γ = g(ρ²); ρ² itself is formed only where it cannot overflow."""
    one = rho.dtype.type(1)
    if rho == 0:
        return 0 * one if gain == "soft-threshold" else one
    if gain == "tanh":
        return np.tanh(rho) / rho
    if gain == "algebraic":
        return one / np.hypot(one, rho)
    if gain == "rational":
        q = 1 / max(rho, one)
        return q * q / (q * q + one) if rho > one else one / (one + rho * rho)
    if gain == "rational-tanh":
        q = 1 / max(rho, one)
        s = min(rho, one) ** 2
        return (15 * q * q + s) / (15 * q * q + 6 * s)
    if gain == "soft-threshold":
        return max(0 * one, one - t / rho)
    if gain == "log1p":
        return np.log1p(rho) / rho if np.isfinite(rho) else 0 * one
    return one

def sigma_of(gain, t, rho, q):
    """σ(ρ) = ρ g(ρ²) for ρ > 1 with q = 1/ρ, where it is bounded; None where h = γ z does."""
    if gain == "tanh":
        return np.tanh(rho)
    if gain == "algebraic":
        return 1 / np.hypot(q, rho.dtype.type(1))
    if gain == "rational":
        return q / (q * q + 1)
    if gain == "log1p":
        return np.log1p(rho) if np.isfinite(rho) else -np.log(q)
    return None

def activate(gain, t, z, o):
    """h = γ z and γ."""
    check_gain(gain, t)
    require(np.all(np.isfinite(z)) and np.isfinite(o), "not finite")
    require(o >= 0, f"o = {o} is negative")
    rho, direction = radius(z, o)
    gamma = gamma_of(gain, t, rho)
    sigma = sigma_of(gain, t, rho, inverse(z, o)) if rho > 1 else None
    return (gamma * z if sigma is None else sigma * direction), gamma

def check_gain(gain, t):
    require(gain in GAINS, f"there is no gain {gain}")
    require((t is not None) == (gain == "soft-threshold"), "a threshold belongs to soft-threshold")
    require(t is None or t > 0, "the threshold must be positive")

def jacobian(gain, t, z, o):
    """γ I + 2 g'(r) z zᵀ, the latter as (ρ dγ/dρ) (z/ρ)(z/ρ)ᵀ."""
    rho, direction = radius(z, o)
    gamma = gamma_of(gain, t, rho)
    if rho == 0:
        return gamma * np.eye(len(z), dtype=z.dtype)
    # r/(1+r) and the like by whichever of ρ and 1/ρ is at most 1.
    q = 1 / max(rho, rho.dtype.type(1))
    r, unit = min(rho, rho.dtype.type(1)) ** 2, q * q
    along = {
        "tanh": lambda: 1 - np.tanh(rho) ** 2 - gamma,
        "algebraic": lambda: -r / (unit + r) ** 1.5 * q,
        "rational": lambda: -2 * r * unit / (unit + r) ** 2,
        "rational-tanh": lambda: -150 * r * unit / (15 * unit + 6 * r) ** 2,
        "soft-threshold": lambda: t / rho if rho > t else 0,
        "linear": lambda: 0,
        "log1p": lambda: 1 / (1 + rho) - gamma,
    }[gain]()
    return gamma * np.eye(len(z), dtype=z.dtype) + z.dtype.type(along) * np.outer(direction, direction)

def layer_of(weight, bias, psi):
    return {"weight": weight, "bias": bias, "psi": psi}

def check(net):
    """Every shape fits, every number is finite, no o is negative."""
    check_gain(net["gain"], net["threshold"])
    layers, o = net["layers"], net["o"]
    require(layers and layers[0]["psi"] is None, "no layers, or ψ on the first")
    require(len(o) == len(layers) - 1, "one o for each hidden layer")
    require(np.all(np.isfinite(o)) and np.all(o >= 0), "o must be finite and not negative")
    below = layers[0]["weight"].shape[-1]
    for layer in layers:
        w, b, psi = layer["weight"], layer["bias"], layer["psi"]
        require(w.ndim == 2 and w.size and w.shape[1] == below, "a weight does not fit")
        require(b.shape == (len(w),) and (psi is None or psi.shape == b.shape), "a bias or ψ does not fit")
        require(all(np.all(np.isfinite(p)) for p in (w, b, psi) if p is not None), "not finite")
        below = len(w)
    return net

def affine(layer, h, gamma):
    """z = W h + b + γ ψ."""
    z = layer["weight"] @ h + layer["bias"]
    return z if layer["psi"] is None else z + gamma * layer["psi"]

def forward(net, x):
    """y, and the gains of the hidden layers."""
    require(len(x) == net["layers"][0]["weight"].shape[1], "the input has another length")
    h, gamma, gammas = x, x.dtype.type(1), []
    for l, layer in enumerate(net["layers"], 1):
        z = affine(layer, h, gamma)
        if l == len(net["layers"]):
            return z, gammas
        h, gamma = activate(net["gain"], net["threshold"], z, net["o"][l - 1])
        gammas.append(gamma)

def widths(net):
    return [net["layers"][0]["weight"].shape[1]] + [len(layer["bias"]) for layer in net["layers"]]

def psi_or_zero(layer):
    return np.zeros_like(layer["bias"]) if layer["psi"] is None else layer["psi"]

def check_hidden(net, l, least=1):
    require(least <= l < len(net["layers"]), f"there is no hidden layer {l} for this")

def changed(net, l, layer, next_weight, next_psi=None, o=None):
    """A copy with another hidden layer l, and what follows from it."""
    layers, lengths = list(net["layers"]), net["o"].copy()
    after = layers[l]
    layers[l - 1] = layer
    layers[l] = layer_of(next_weight, after["bias"], after["psi"] if next_psi is None else next_psi)
    if o is not None:
        lengths[l - 1] = o
    return check({**net, "layers": layers, "o": lengths})

def carried(net, l, m, **more):
    """Hidden layer l seen through m, whose rows are orthonormal."""
    layer, after = net["layers"][l - 1], net["layers"][l]["weight"]
    psi = None if layer["psi"] is None else m @ layer["psi"]
    return changed(net, l, layer_of(m @ layer["weight"], m @ layer["bias"], psi), after @ m.T, **more)

def rotate(net, l, r):
    check_hidden(net, l)
    require(r.shape == (widths(net)[l],) * 2, "the rotation has another size")
    return carried(net, l, r)

def left(net, l):
    check_hidden(net, l)
    u, _, _ = np.linalg.svd(net["layers"][l - 1]["weight"], full_matrices=True)
    return carried(net, l, u.T)

def with_weight(net, l, weight):
    """Zeros that the gauge promises are stored as zeros."""
    layer = net["layers"][l - 1]
    layers = list(net["layers"])
    layers[l - 1] = layer_of(weight, layer["bias"], layer["psi"])
    return {**net, "layers": layers}

def full(net, l):
    check_hidden(net, l, least=2)
    u, s, vt = np.linalg.svd(net["layers"][l - 1]["weight"], full_matrices=True)
    exact = np.zeros((len(u), len(vt)), s.dtype)
    np.fill_diagonal(exact, s)
    return with_weight(carried(carried(net, l, u.T), l - 1, vt), l, exact)

def alternate(net):
    for l in range(2, len(net["layers"]), 2):
        net = full(net, l)
    return net

def triangular(net):
    for l in range(1, len(net["layers"])):
        q, r = np.linalg.qr(net["layers"][l - 1]["weight"], mode="complete")
        net = with_weight(carried(net, l, q.T), l, np.triu(r))
    return net

def grow(net, l, columns, beta=0):
    check_hidden(net, l)
    layer, after = net["layers"][l - 1], net["layers"][l]["weight"]
    require(columns.ndim == 2 and len(columns) == len(after), "a column has another length")
    q, dtype = columns.shape[1], after.dtype
    psi = None if layer["psi"] is None else np.append(layer["psi"], np.zeros(q, dtype))
    grown = layer_of(np.vstack([layer["weight"], np.zeros((q, layer["weight"].shape[1]), dtype)]),
                     np.append(layer["bias"], np.full(q, beta, dtype)), psi)
    return changed(net, l, grown, np.hstack([after, columns]))

def grow_with_bias(net, l, beta, column):
    check_hidden(net, l)
    o = net["o"][l - 1] - beta * beta
    require(o >= 0, "β² is more than o")
    grown = grow(net, l, column[:, None], beta)
    psi = psi_or_zero(net["layers"][l]) - column * beta
    return changed(grown, l, grown["layers"][l - 1], grown["layers"][l]["weight"], psi, o)

def remove(net, l, neuron):
    check_hidden(net, l)
    require(1 <= neuron <= widths(net)[l], f"there is no neuron {neuron}")
    require(widths(net)[l] > 1, "a layer keeps at least one neuron")
    layer, after = net["layers"][l - 1], net["layers"][l]["weight"]
    i = neuron - 1
    require(not np.any(layer["weight"][i]) and psi_or_zero(layer)[i] == 0, "the neuron is not constant")
    beta, w = layer["bias"][i], after[:, i]
    psi = None if layer["psi"] is None else np.delete(layer["psi"], i)
    rest = layer_of(np.delete(layer["weight"], i, 0), np.delete(layer["bias"], i), psi)
    return changed(net, l, rest, np.delete(after, i, 1), *absorbed(net, l, w * beta, beta * beta))

def absorbed(net, l, pushed, squared):
    """What becomes of ψ_{l+1} and o_l."""
    return psi_or_zero(net["layers"][l]) + pushed, net["o"][l - 1] + squared

def augmented(net, l):
    layer = net["layers"][l - 1]
    return layer["weight"] if layer["psi"] is None else np.column_stack([layer["weight"], layer["psi"]])

def spectrum(net, l):
    """The singular values of [W ψ], n_l of them."""
    s = np.linalg.svd(augmented(net, l), compute_uv=False)
    return np.append(s, np.zeros(widths(net)[l] - len(s), s.dtype))

def truncate(net, l, p):
    check_hidden(net, l)
    require(1 <= p < widths(net)[l], f"{p} is not between 1 and the width")
    kept = np.linalg.svd(augmented(net, l), full_matrices=True)[0][:, :p]
    bias = net["layers"][l - 1]["bias"]
    dropped = bias - kept @ (kept.T @ bias)
    psi, o = absorbed(net, l, net["layers"][l]["weight"] @ dropped, dropped @ dropped)
    return carried(net, l, kept.T, next_psi=psi, o=o)

def compress(net):
    for l in range(1, len(net["layers"])):
        a = augmented(net, l)
        s = spectrum(net, l)
        rank = max(1, int(np.sum(s > max(a.shape) * np.finfo(a.dtype).eps * 8 * s[0])))
        if rank < len(s):
            net = truncate(net, l, rank)
    return net

def adapt(net, theta, buffer):
    require(theta >= 0, "θ is negative")
    for l in range(1, len(net["layers"])):
        s = spectrum(net, l)
        target = max(1, int(np.sum(s > theta)) + buffer)
        if target > len(s):
            net = grow(net, l, np.zeros((widths(net)[l + 1], target - len(s)), s.dtype))
        elif target < len(s):
            net = truncate(net, l, target)
    return net

def collapsed(net, x):
    """A x and c_1 … c_L."""
    terms = [x]
    for layer in net["layers"]:
        terms = [layer["weight"] @ v for v in terms]
        if len(terms) > 1:
            terms[-1] = terms[-1] + psi_or_zero(layer)
        terms.append(layer["bias"])
    return terms[0], terms[1:]

def momentum(state, action, r=None, count=0, neuron=0):
    """What becomes of a layer's momentum: of its weight, bias and ψ, and of the next weight."""
    w, b, psi, after = state
    if action == "rotate":
        return r @ w, r @ b, r @ psi, after @ r.T
    if action == "grow":
        more = (0, count)
        return np.pad(w, (more, (0, 0))), np.pad(b, more), np.pad(psi, more), np.pad(after, ((0, 0), more))
    i = neuron - 1
    return np.delete(w, i, 0), np.delete(b, i), np.delete(psi, i), np.delete(after, i, 1)

def step(p, m, g, rate, friction, frozen):
    if frozen:
        return p, m
    m = friction * m + g
    return p - rate * m, m

def tensor(data, shape):
    """Entries in C order."""
    return data.reshape(shape)

def from_tensors(tensors, gain, lengths):
    """A network from a state dictionary of name → array: every tensor is wanted, and none besides."""
    require(lengths in ("log", "squared"), "lengths is neither log nor squared")
    depth = 1 + max((i for i in range(len(tensors)) for kind in ("weight", "bias") if f"{kind}_parameters.{i}" in tensors), default=0)
    wanted = {f"{kind}_parameters.{i}" for kind in ("weight", "bias") for i in range(depth)}
    families = [[f"psi_parameters.{i}" for i in range(depth - 1)],
                [f"activation.{i}.intrinsic_length" for i in range(depth - 1)], [f"activation.{i}.o_const" for i in range(depth - 1)]]
    for family in families:
        wanted |= set(family) if any(name in tensors for name in family) else set()
    require(set(tensors) == wanted, "a tensor is missing, or has no place")
    require(not (set(families[1]) & wanted and set(families[2]) & wanted), "o is missing or given twice")
    require(all(tensors[name].size == 1 and tensors[name].ndim <= 1 for name in families[1] + families[2] if name in wanted), "an o does not fit")
    parts = [[tensors.get(f"{kind}_parameters.{i - (kind == 'psi')}") for kind in ("weight", "bias", "psi")]
             for i in range(depth)]
    require(all(w is not None and b is not None for w, b, _ in parts), "a tensor is missing")
    layers = [layer_of(*part) for part in parts]
    o = np.zeros(depth - 1, layers[0]["weight"].dtype)
    for i in range(depth - 1):
        stored = tensors.get(f"activation.{i}.intrinsic_length")
        if stored is not None:
            o[i] = np.ravel(stored)[0] if lengths == "squared" else np.exp(np.ravel(stored)[0])
        elif f"activation.{i}.o_const" in tensors:
            o[i] = np.ravel(tensors[f"activation.{i}.o_const"])[0]
    return check({"gain": gain, "threshold": None, "layers": layers, "o": o})
