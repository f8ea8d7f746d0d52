"""Gradients, optimiser steps and exact decisions in NumPy, beside port.py and in its terms."""
from fractions import Fraction

import numpy as np

import port

def times(a, b):
    """A B, each a matrix or a vector: every product but the outer ones, so that reordered.py can sum in another order."""
    return a @ b

# Gradients.

def slope(gain, t, rho, gamma, z):
    """g'(r) at r = ρ²: at 0 the limit. From ρ dγ/dρ = 2 r g'(r), where that does not cancel."""
    one = z.dtype.type(1)
    r = rho * rho
    if gain == "tanh":
        # The series where sech² - γ would leave few digits: its next term is below 2^-53 of the first.
        if rho < 2 ** -9:
            return -one / 3 + r * (4 * one / 15 - r * (17 * one / 105))
        return (1 - np.tanh(rho) ** 2 - gamma) / (2 * r)
    if gain == "algebraic":
        return -0.5 * gamma ** 3
    if gain == "rational":
        return -gamma * gamma
    if gain == "rational-tanh":
        return -75 / (15 + 6 * r) ** 2
    if gain == "soft-threshold":
        return t / (2 * r * rho) if rho > t else 0 * one
    if gain == "log1p":
        port.require(rho > 0, "ln(1+ρ)/ρ has no derivative by r at 0")
        return (1 / (1 + rho) - gamma) / (2 * r)
    return 0 * one

def loss_of(name, y, t):
    """The loss of one row and its derivative by y."""
    if name == "squared":
        return times(y - t, y - t) / 2, y - t
    port.require(name == "cross-entropy", f"there is no loss {name}")
    port.require(np.sum(t != 0) == 1 and np.sum(t) == 1, "a target is no unit vector")
    shifted = y - np.max(y)
    e = np.exp(shifted)
    return np.log(np.sum(e)) - times(t, shifted), e / np.sum(e) - t

def gradient(net, inputs, targets, loss):
    """The loss and its derivatives by every W, b, ψ and o, and by the inputs."""
    layers, depth = net["layers"], len(net["layers"])
    port.require(len(inputs) == len(targets), "as many targets as inputs")
    port.require(inputs.ndim == 2 and inputs.shape[1] == layers[0]["weight"].shape[1], "the input has another length")
    port.require(targets.ndim == 2 and targets.shape[1] == len(layers[-1]["bias"]), "the target has another length")
    dtype = inputs.dtype
    found = {"loss": dtype.type(0), "weight": [np.zeros_like(layer["weight"]) for layer in layers],
             "bias": [np.zeros_like(layer["bias"]) for layer in layers], "psi": [np.zeros_like(layer["bias"]) for layer in layers],
             "o": np.zeros(depth - 1, dtype), "input": np.zeros_like(inputs)}
    share = dtype.type(1) / dtype.type(len(inputs))
    for row, (x, t) in enumerate(zip(inputs, targets)):
        h, gamma, passed = x, dtype.type(1), []
        for l, layer in enumerate(layers, 1):
            z = port.affine(layer, h, gamma)
            passed.append((h, gamma, z))
            if l < depth:
                h, gamma = port.activate(net["gain"], net["threshold"], z, net["o"][l - 1])
        value, d = loss_of(loss, z, t)
        found["loss"] += value * share
        d = d * share
        for l in range(depth, 0, -1):
            layer, (below, gamma, _) = layers[l - 1], passed[l - 1]
            found["weight"][l - 1] += np.outer(d, below)
            found["bias"][l - 1] += d
            v = times(layer["weight"].T, d)
            if l == 1:
                found["input"][row] = v
                break
            found["psi"][l - 1] += gamma * d
            z, o = passed[l - 2][2], net["o"][l - 2]
            along = times(z, v) + times(port.psi_or_zero(layer), d)
            bend = slope(net["gain"], net["threshold"], port.radius(z, o)[0], gamma, z) * along
            found["o"][l - 2] += bend
            d = gamma * v + 2 * bend * z
    psi = [g for g, layer in zip(found.pop("psi"), layers) if layer["psi"] is not None]
    return {**found, **({"psi": psi} if psi else {})}

# Optimisers.

def muon(m):
    """About U Vᵀ for M = U S Vᵀ, by five steps of an odd polynomial."""
    size = np.linalg.norm(m)
    if size == 0:
        return m
    x = m / size
    a, b, c = (m.dtype.type(k) for k in (3.4445, -4.7750, 2.0315))
    for _ in range(5):
        gram = times(x, x.T)
        x = a * x + times(b * gram + c * times(gram, gram), x)
    return x * m.dtype.type(np.sqrt(max(1, m.shape[0] / m.shape[1])))

def optimise(rule, theta, g, t, rate, decay, v=None, mu=None, betas=None, epsilon=None, second=None, count=None):
    """θ, v and the second moment after one step."""
    port.require(rule in ("sgd", "momentum", "nesterov", "muon", "adam-tensor", "adamw"), f"there is no optimiser {rule}")
    port.require(t >= 1, "steps count from 1")
    port.require(all(a is None or a.shape == theta.shape for a in (g, v)), "a state has another shape")
    if rule in ("sgd", "momentum", "nesterov"):
        g = g + decay * theta
    else:
        theta = (1 - rate * decay) * theta
    if rule == "sgd":
        return theta - rate * g, None, None
    if mu is not None:
        v = mu * v + g
        if rule == "momentum":
            return theta - rate * v, v, None
        ahead = g + mu * v
        return theta - rate * (ahead if rule == "nesterov" else muon(ahead)), v, None
    one = theta.dtype.type(1)
    v = betas[0] * v + (1 - betas[0]) * g
    square = g * g if rule == "adamw" else times(g.ravel(), g.ravel())
    second = betas[1] * second + (1 - betas[1]) * square
    mean = second / (1 - betas[1] ** t) / (one if rule == "adamw" else theta.dtype.type(count))
    return theta - rate * (v / (1 - betas[0] ** t)) / (np.sqrt(mean) + epsilon), v, second

# Exact decisions: over ℚ, with matrices as lists of rows.

def product(a, b):
    return [[sum((x * y for x, y in zip(row, column)), Fraction(0)) for column in zip(*b)] for row in a]

def invariants(net):
    """N_1 … N_{L-1} and V_L, and whether some B_l is 0 (W_1 among them)."""
    grams, dead = [], False
    v = [[*row, b] for row, b in zip(net["layers"][0]["weight"], net["layers"][0]["bias"])]
    dead |= not any(any(row) for row in net["layers"][0]["weight"])
    last_dead = False
    for layer, o in zip(net["layers"][1:], net["o"]):
        n = product(list(map(list, zip(*v))), v)
        n[-1][-1] += o
        grams.append(n)
        through = product(layer["weight"], v)
        psi = layer["psi"] or [Fraction(0)] * len(through)
        for row, extra in zip(through, psi):
            row[-1] += extra
        last_dead = not any(any(row) for row in through)
        dead |= last_dead
        v = [[*row, b] for row, b in zip(through, layer["bias"])]
    return grams, v, dead, last_dead

def unscaled(grams, v):
    """B8's scaling of 1/(1+r) taken away: every 1 + (N_l)_ee becomes 1."""
    t = [1 / (1 + n[-1][-1]) for n in grams]
    def factors(l, columns):
        # T_k = t_k ⋯ t_{l-1}; the first columns are those of the inputs.
        inputs = columns - l
        of = [Fraction(1)] * (l + 1)
        for k in range(l - 1, 0, -1):
            of[k] = of[k + 1] * t[k - 1]
        return [of[max(1, column - inputs + 1)] for column in range(columns)]
    out = []
    for l, n in enumerate(grams, 1):
        by = factors(l, len(n))
        out.append([[t[l - 1] * a * b * (x + (i == j == len(n) - 1)) for j, (x, b) in enumerate(zip(row, by))]
                    for i, (row, a) in enumerate(zip(n, by))])
    by = factors(len(grams) + 1, len(v[0]))
    return out, [[x * b for x, b in zip(row, by)] for row in v]

def affine_map(net):
    """A and Σ c_k of a network whose gain is 1."""
    a, c = net["layers"][0]["weight"], net["layers"][0]["bias"]
    for layer in net["layers"][1:]:
        a = product(layer["weight"], a)
        image = product(layer["weight"], [[x] for x in c])
        c = [x[0] + b + p for x, b, p in zip(image, layer["bias"], layer["psi"] or [Fraction(0)] * len(image))]
    return a, c

def decide(a, b):
    """Whether two networks of rational numbers are one function, and for tanh the level of the first difference."""
    def ends(net):
        return len(net["layers"][0]["weight"][0]), len(net["layers"][-1]["bias"])
    if ends(a) != ends(b):
        return False, None
    if a["gain"] == b["gain"] == "linear":
        return affine_map(a) == affine_map(b), None
    (n, v, dead, last), (n_b, v_b, dead_b, last_b) = invariants(a), invariants(b)
    same_depth = len(n) == len(n_b)
    if same_depth and (n, v) == (n_b, v_b):
        return True, 0
    if a["gain"] == "tanh":
        if last and last_b:
            return a["layers"][-1]["bias"] == b["layers"][-1]["bias"], None
        if dead or dead_b or not same_depth:
            return False, None
        return False, next((l for l, (x, y) in enumerate(zip(n, n_b), 1) if x != y), len(n) + 1)
    return same_depth and a["gain"] == "rational" and unscaled(n, v) == unscaled(n_b, v_b), None
