"""Correct ports that sum in other orders, fused and not: none may be rejected.

    isotropic vectors check --exec "python3 ports/numpy/reordered.py reversed"

Every matrix product and every sum of squares goes through one of the summations below.
"""
import sys
from fractions import Fraction

import numpy as np

import adapter
import learning
import port

shuffle = np.random.default_rng(1)

def in_turn(terms):
    total = terms.dtype.type(0)
    for term in terms:
        total = total + term
    return total

def pairwise(terms):
    if len(terms) < 2:
        return in_turn(terms)
    half = len(terms) // 2
    return pairwise(terms[:half]) + pairwise(terms[half:])

def by_size(terms):
    """The largest first: the order that loses most."""
    return in_turn(terms[np.argsort(-np.abs(terms))])

def fused(a, b):
    """A chain of fused multiply-adds: each rounds once, exactly."""
    total = Fraction(0)
    for x, y in zip(a, b):
        total = Fraction(float(a.dtype.type(float(Fraction(float(x)) * Fraction(float(y)) + total))))
    return a.dtype.type(float(total))

def of(summation):
    return lambda a, b: summation(a * b)

DOTS = {
    "forward": of(in_turn),
    "reversed": of(lambda terms: in_turn(terms[::-1])),
    "permuted": of(lambda terms: in_turn(shuffle.permutation(terms))),
    "pairwise": of(pairwise),
    "largest-first": of(by_size),
    "smallest-first": of(lambda terms: in_turn(terms[np.argsort(np.abs(terms))])),
    "fused": fused,
    "extended": lambda a, b: a.dtype.type(np.sum(a.astype(np.longdouble) * b.astype(np.longdouble))),
}

def install(dot):
    def affine(layer, h, gamma):
        psi = port.psi_or_zero(layer)
        # The bias and γ ψ are terms like the others, first, last or between.
        rows = np.column_stack([layer["bias"], layer["weight"], psi]).astype(h.dtype)
        terms = np.concatenate([[1], h, [gamma]]).astype(h.dtype)
        return np.array([dot(row, terms) for row in rows], h.dtype)

    def radius(z, o):
        m = max(np.max(np.abs(z), initial=0), np.sqrt(o))
        if m == 0:
            return m, z
        parts = np.append(z / m, np.sqrt(o) / m).astype(z.dtype)
        norm = np.sqrt(dot(parts, parts))
        with np.errstate(over="ignore"):
            return m * norm, z / m / norm

    def collapsed(net, x):
        terms = [x]
        for layer in net["layers"]:
            terms = [np.array([dot(row, v) for row in layer["weight"]], x.dtype) for v in terms]
            if len(terms) > 1:
                terms[-1] = terms[-1] + port.psi_or_zero(layer)
            terms.append(layer["bias"])
        return terms[0], terms[1:]

    def times(a, b):
        if b.ndim == 2:
            return np.stack([times(a, column) for column in b.T], axis=-1).astype(b.dtype)
        return dot(a, b) if a.ndim == 1 else np.array([dot(row, b) for row in a], b.dtype)

    port.affine, port.radius, port.collapsed, learning.times = affine, radius, collapsed, times

if __name__ == "__main__":
    if len(sys.argv) == 2 and sys.argv[1] in DOTS:
        install(DOTS[sys.argv[1]])
        adapter.main()
    else:
        print("\n".join(DOTS))
