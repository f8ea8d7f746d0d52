"""Both sides in turn, ROUNDS times; ratios pair by pair, written to benches/RESULTS.md.

    run.py OUR_BENCHMARK RESULTS.md
"""

import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

ROUNDS = int(os.environ.get("ROUNDS", "3"))
HERE = pathlib.Path(__file__).parent


def run(command):
    environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    environment["OPENBLAS_NUM_THREADS"] = "1"
    text = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    return {line["work"]: line["ms"] for line in map(json.loads, text.splitlines())}


def machine():
    """The processor, and the kernel that NumPy's BLAS has chosen."""
    cpu = platform.processor() or platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
    import flint
    import gmpy2
    import mpmath
    import numpy
    from threadpoolctl import threadpool_info

    blas = ", ".join(f"{x['internal_api']} {x['version']} ({x.get('architecture')})" for x in threadpool_info())
    rust = subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.strip()
    versions = f"NumPy {numpy.__version__} with {blas}; python-flint {flint.__version__}; "
    versions += f"mpmath {mpmath.__version__} with gmpy2 {gmpy2.version()}"
    return f"{cpu}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.0f}; {rust}; {versions}."


def main(ours, results):
    pairs = {}
    for _ in range(ROUNDS):
        mine, theirs = run([ours, "--bench"]), run([sys.executable, HERE / "peers.py"])
        for work in mine.keys() & theirs.keys():
            pairs.setdefault(work, []).append((mine[work], theirs[work]))
        order = list(mine)
    lines = [
        "# Ours and theirs",
        "",
        "Written by `make bench-peers`: milliseconds of CPU time on one thread, both sides in turn "
        f"{ROUNDS} times; the ratio is taken pair by pair.",
        "",
        machine(),
        "",
        "| work | ours, ms | peer, ms | ratio | least to largest |",
        "|---|---|---|---|---|",
    ]
    for work in filter(pairs.get, order):
        mine, theirs = (statistics.median(side) for side in zip(*pairs[work]))
        ratios = sorted(a / b for a, b in pairs[work])
        spread = f"{ratios[0]:.3g} to {ratios[-1]:.3g}"
        lines.append(f"| {work} | {mine:.3g} | {theirs:.3g} | {statistics.median(ratios):.3g} | {spread} |")
    pathlib.Path(results).write_text("\n".join(lines) + "\n")


main(*sys.argv[1:])
