"""What a NumPy, FLINT or mpmath user would write for the work of main.rs, timed by CPU time of one thread."""

import json
import os
import random
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import flint
import mpmath
import numpy as np

ONLY = os.environ.get("ISOTROPIC_PEERS", "")


def measure(work, runs, run):
    if ONLY not in work:
        return
    run()
    times = []
    for _ in range(runs):
        start = time.process_time_ns()
        run()
        times.append(time.process_time_ns() - start)
    times.sort()
    print(json.dumps({"work": work, "ms": times[runs // 2] / 1e6}), flush=True)


def matrix(m, n, kind=np.float64):
    return np.asfortranarray(np.random.default_rng(1).uniform(-1, 1, (m, n)) / np.sqrt(n), dtype=kind)


def joined(widths, kind):
    """[W b ψ] of every layer: one product does the whole pre-activation."""
    layers = []
    for l in range(1, len(widths)):
        parts = [matrix(widths[l], widths[l - 1], kind), np.full((widths[l], 1), 0.125, kind)]
        if l > 1:
            parts.append(np.full((widths[l], 1), 0.125, kind))
        layers.append(np.ascontiguousarray(np.hstack(parts)))
    return layers


def forward(layers, x):
    """Columns are inputs; o = 1; the buffers hold h, 1 and γ."""
    h = x
    for layer in layers[:-1]:
        z = layer @ h
        n = len(z)
        h = np.empty((n + 2, z.shape[1]), z.dtype)
        rho = np.sqrt(np.einsum("ij,ij->j", z, z) + z.dtype.type(1))
        gain = np.tanh(rho) / rho
        np.multiply(z, gain, out=h[:n])
        h[n] = 1
        h[n + 1] = gain
    return layers[-1] @ h


for widths in ([64, 128, 128, 10], [784, 500, 500, 10]):
    for name, kind in (("f64", np.float64), ("f32", np.float32)):
        layers = joined(widths, kind)
        x = np.vstack([matrix(widths[0], 256, kind), np.ones((1, 256), kind)])
        shown = "-".join(map(str, widths))
        measure(f"evaluate {shown} {name}, batch 256", 15, lambda: forward(layers, x))

for n in (100, 200, 500, 1000):
    a = matrix(n, n)
    measure(f"SVD {n}×{n}", 3, lambda: np.linalg.svd(a))
    measure(f"QR with Q {n}×{n}", 5, lambda: np.linalg.qr(a))

n = 1000
below, w, above = matrix(n, n), matrix(n, n), matrix(10, n)
b, psi, b_below = np.full(n, 0.125), np.full(n, 0.125), np.full(n, 0.125)


def diagonalised():
    u, s, vt = np.linalg.svd(w)
    return vt @ below, vt @ b_below, np.diag(s), u.T @ b, u.T @ psi, above @ u


measure("full diagonalisation 1000", 3, diagonalised)
n = 500
below, w, above = matrix(n, n), matrix(n, n), matrix(10, n)
b, psi, b_below = np.full(n, 0.125), np.full(n, 0.125), np.full(n, 0.125)


def triangular():
    q, r = np.linalg.qr(w)
    return r, q.T @ b, q.T @ psi, above @ q


measure("full diagonalisation 500", 3, diagonalised)
measure("triangular 500", 3, triangular)
column = matrix(n, 1)


def grown():
    return (
        np.vstack([below, np.zeros((1, n))]),
        np.append(b_below, 0.0),
        np.hstack([w, column]),
    )


measure("grow one at 500", 15, grown)


def truncated(w, b, psi, above, p):
    joint = w if psi is None else np.column_stack([w, psi])
    u = np.linalg.svd(joint, full_matrices=False)[0][:, :p]
    kept = u.T @ b
    dropped = b - u @ kept
    return u.T @ joint, kept, above @ u, dropped @ dropped, above @ dropped


n = 100
w, above = matrix(n, n), matrix(10, n)
b, psi = np.full(n, 0.125), np.full(n, 0.125)
measure("truncate 100 to 75", 5, lambda: truncated(w, b, psi, above, 75))
measure("truncate 100 to 25", 5, lambda: truncated(w, b, psi, above, 25))
wide = matrix(n, 3072)
measure("truncate 100×3072 to 75", 3, lambda: truncated(wide, b, None, above, 75))

for bits in (128, 256, 512, 1024):
    flint.ctx.prec = bits
    for n in (64, 128, 256):
        half = flint.arb(0.5)
        unit = flint.arb(2) ** bits
        a = flint.arb_mat(n, n, [flint.arb(random.getrandbits(bits)) / unit - half for _ in range(n * n)])
        measure(f"product {n}×{n}, {bits} bits", 5, lambda: a * a)



def long_forward(layers, h):
    """The forward pass with [W b ψ] as one matrix; columns are inputs, o = 1."""
    for layer in layers[:-1]:
        z = layer * h
        columns = z.ncols()
        entries = z.tolist()
        gains = []
        for j in range(columns):
            r = flint.arb(1)
            for row in entries:
                r += row[j] * row[j]
            rho = r.sqrt()
            gains.append(rho.tanh() / rho)
        scaled = [[x * gain for x, gain in zip(row, gains)] for row in entries]
        h = flint.arb_mat(scaled + [[flint.arb(1)] * columns, gains])
    return layers[-1] * h


def long_matrix(rows, columns):
    scale = flint.arb(2) ** flint.ctx.prec * flint.arb(columns).sqrt() / 2
    draw = lambda: flint.arb(random.getrandbits(flint.ctx.prec)) / scale
    return flint.arb_mat([[draw() for _ in range(columns)] for _ in range(rows)])


for bits in (128, 256, 512, 1024):
    flint.ctx.prec = bits
    widths = (64, 128, 96, 10)
    layers = [long_matrix(m, n + (2 if l else 1)) for l, (n, m) in enumerate(zip(widths, widths[1:]))]
    x = flint.arb_mat(long_matrix(64, 64).tolist() + [[flint.arb(1)] * 64])
    measure(f"evaluate 64-128-96-10 {bits} bits, batch 64", 5, lambda: long_forward(layers, x))

mpmath.mp.prec = 256
for n in (16, 32, 64):
    a = mpmath.matrix(n, n)
    for i in range(n):
        for j in range(n):
            a[i, j] = mpmath.mpf(random.getrandbits(256)) / mpmath.mpf(2) ** 256 - mpmath.mpf(0.5)
    measure(f"SVD {n}×{n}, 256 bits", 1, lambda: mpmath.svd_r(a))
