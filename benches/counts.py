"""Instructions of a dozen commands under callgrind, which shows programs AVX2 and not AVX-512 and counts the same on every machine.

    counts.py isotropic counts.json           names what takes over 5 % more than the file says: exit 1
    counts.py isotropic counts.json --write   writes the file
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

GROWTH = 1.05
DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
WIDE, NARROW = f"{DATA}/digits-64-128-96-10.safetensors", f"{DATA}/digits-64-48-32-10.safetensors"
INPUTS = f"--inputs {DATA}/digits.csv.gz --divide 16"

COMMANDS = {
    "eval in f64": f"eval {WIDE} {INPUTS} --rows 0..200 --scalar f64",
    "eval in f32": f"eval {WIDE} {INPUTS} --rows 0..200 --scalar f32",
    "eval in mp256": f"eval {NARROW} {INPUTS} --rows 0..8 --scalar mp256",
    "info": f"info {WIDE}",
    "diagonalise, left": f"diagonalise {WIDE} --gauge left --scalar f64 -o out.safetensors",
    "diagonalise, full": f"diagonalise {WIDE} --gauge full --scalar f64 -o out.safetensors",
    "diagonalise, triangular": f"diagonalise {WIDE} --gauge triangular --scalar f64 -o out.safetensors",
    "diagonalise in mp256": f"diagonalise {NARROW} --gauge left --scalar mp256 -o out.yaml",
    "rotate": f"rotate {WIDE} --seed 3 --dtype f64 -o out.safetensors",
    "shrink": f"resize {WIDE} --widths 64,96,72,10 --scalar f64 -o out.safetensors",
    "grow": f"resize {WIDE} --widths 64,160,128,10 --scalar f64 -o out.safetensors",
    "gradient": f"gradient {NARROW} {INPUTS} --rows 0..200",
    "train one epoch": f"train {DATA}/digits.csv.gz --divide 16 --widths 64,48,32,10 --epochs 1 --threads 1 -o out.safetensors",
}


def instructions(program, command, folder):
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--trace-children=no"]
    done = subprocess.run(valgrind + [program, *command.split()], capture_output=True, text=True, cwd=folder)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"isotropic {command}: exit {done.returncode}\n{done.stderr}")
    return int(re.search(r"Collected *: *(\d+)", done.stderr).group(1))


def main(program, file, *options):
    program = str(pathlib.Path(program).resolve())
    with tempfile.TemporaryDirectory() as folder:
        # Every command starts, so what starting takes is in all of them: it is taken off.
        start = instructions(program, "--version", folder)
        counts = {name: instructions(program, command, folder) - start for name, command in COMMANDS.items()}
    compiler = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    path = pathlib.Path(file)
    if "--write" in options:
        path.write_text(json.dumps({"compiler": compiler, "instructions": counts}, indent=2, ensure_ascii=False) + "\n")
        return 0
    known = json.loads(path.read_text())
    if known["compiler"] != compiler:
        print(f"counted with {known['compiler']}, and this is {compiler}: some of what differs may be the compiler's")
    grown = 0
    for name in list(counts) + [name for name in known["instructions"] if name not in counts]:
        before, now = known["instructions"].get(name), counts.get(name)
        if before is None or now is None:
            print(f"{name}: {'not in the file' if before is None else 'gone'}; count again with --write")
            grown += 1
        else:
            more = now > before * GROWTH
            print(f"{'MORE: ' if more else ''}{name}: {now} instructions, {100 * now / before - 100:+.1f} %")
            grown += more
    return 1 if grown else 0


sys.exit(main(*sys.argv[1:]))
