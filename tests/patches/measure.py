#!/usr/bin/env python3
"""How many places adding one thing touches, and that it compiles: a patch for each kind of thing.

    measure.py TARGET [KIND …]

A folder beside this file holds the new files of a patch and `lines.txt`: a path, then for each place in that file a line that stands
there, followed by lines to add after it (`+`) or one that replaces it (`-`). A patch is applied to a copy of what is committed, in
TARGET, and type-checked there. Fails when a patch does not apply or compile, or touches more files than PLACES says.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# New files, changed files. A gain's others are places where a person has to choose a theorem, or to write a formula a second time.
PLACES = {"gain": (1, 3), "statement": (2, 1), "operation": (3, 1), "command": (1, 1)}


def change(copy, lines):
    """Applies lines.txt; returns how many lines were added or replaced in each file."""
    touched, path, text, at = {}, None, [], 0
    for line in lines + [None]:
        if line is not None and line.startswith("#"):
            continue
        if line is None or (copy / line.strip()).is_file() and not line.startswith((" ", "+", "-")):
            if path:
                (copy / path).write_text("\n".join(text))
            if line is not None:
                path, at = line, 0
                text = (copy / path).read_text().split("\n")
                touched[path] = 0
        elif line.startswith("+"):
            at += 1
            text.insert(at, line[1:])
            touched[path] += 1
        elif line.startswith("-"):
            text[at] = line[1:]
            touched[path] += 1
        else:
            if line not in text[at:]:
                sys.exit(f"{path}: no line {line!r} after line {at + 1}")
            at = text.index(line, at)
    return touched


def main():
    target = Path(sys.argv[1]).resolve()
    kinds = sys.argv[2:] or [kind for kind in PLACES if (HERE / kind).is_dir()]
    environment = {**os.environ, "CARGO_TARGET_DIR": str(target / "build")}
    late = False
    for kind in kinds:
        copy = target / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir(parents=True)
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "x", "-C", copy], input=archive, check=True)
        new = [file for file in (HERE / kind).rglob("*") if file.is_file() and file.name != "lines.txt"]
        for file in new:
            (copy / file.relative_to(HERE / kind)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy / file.relative_to(HERE / kind))
        touched = change(copy, (HERE / kind / "lines.txt").read_text().split("\n")[:-1])
        built = subprocess.run(["cargo", "check", "--locked", "--lib", "--all-features"], cwd=copy, env=environment,
                               capture_output=True, text=True)
        good = built.returncode == 0 and len(new) <= PLACES[kind][0] and len(touched) <= PLACES[kind][1]
        places = ", ".join(f"{path} ({count})" for path, count in touched.items())
        print(f"{kind}: {len(new)} new, {len(touched)} changed (lines): {places}{'' if good else ': FAILED'}", flush=True)
        if built.returncode:
            print(built.stderr)
        late |= not good
    shutil.rmtree(target / "copy", ignore_errors=True)
    sys.exit(late)


main()
