"""What the hints make of planted bugs: those that have a name must be named first and alone, the others not at all.

    python3 ports/hints.py ISOTROPIC [NODE]

The bugs of ports/javascript/bugs.mjs were written before the hints; ports/numpy/planted.py has one for each flag of the cases.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
LEAST_NAMED, MOST_MISNAMED = 0.8, 0.1

def verdict(isotropic, port):
    """The JSON verdict on a port."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run([isotropic, "vectors", "check", "--exec", port, "--json", file.name], capture_output=True, check=False)
        return json.loads(pathlib.Path(file.name).read_text())

def lines(*command):
    return [line.split() for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()]

def bugs(node):
    """Triples of a name, the flags that are right, and the command of the port."""
    script = HERE / "javascript" / "planted.mjs"
    for name, *flags in lines(node, script):
        yield f"javascript {name}", flags, f"{node} {script} {name}"
    script = HERE / "numpy" / "planted.py"
    for (name,) in lines(sys.executable, script):
        yield f"numpy {name}", [name], f"{sys.executable} {script} {name}"

def main(isotropic, node="node"):
    passed, named, flagged, misnamed, unflagged = [], 0, 0, 0, 0
    for name, flags, port in bugs(node):
        found = verdict(isotropic, port)
        mistakes = [mistake["flag"] for mistake in found["mistakes"]]
        if found["failed"] == 0:
            passed.append(name)
        if flags:
            flagged += 1
            right = len(mistakes) == 1 and mistakes[0] in flags
            named += right
        else:
            unflagged += 1
            right = not mistakes
            misnamed += not right
        if not right or found["failed"] == 0:
            print(f"{name}: {found['failed']} failed, first in {found['first_operation_that_fails']}, named {mistakes}, right {flags}", flush=True)
    print(f"{flagged} bugs with a name, {named} named first and alone; {unflagged} without, {misnamed} given a wrong one; {len(passed)} not caught")
    if passed or named < LEAST_NAMED * flagged or misnamed > MOST_MISNAMED * unflagged:
        sys.exit("too few are named, too many misnamed, or a bug is not caught")

if __name__ == "__main__":
    main(*sys.argv[1:])
