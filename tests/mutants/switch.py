#!/usr/bin/env python3
"""Mutation testing with one build: many mutants in one program, each behind a switch that the environment sets.

    switch.py rewrite COPY --sample 240 --seed 1   # rewrites the sources of COPY, a copy of the repository
    switch.py rewrite COPY --areas statement --each-file 2   # two of every file, so that no module goes without
    switch.py prune   COPY                         # drops what does not compile (cargo check), until all of it does
    switch.py run     COPY                         # builds the tests, times them, and runs them on every mutant
    switch.py run     COPY --again                 # the same on those that were missed, after tests were added to COPY

A function with mutants becomes `match crate::mutant() { 17 => { body with mutant 17 } … _ => { body } }`: whole bodies are
repeated, so that no expression has to be understood. What cannot be switched at run time (constants, `const fn`, functions
that return an `impl Trait`, bodies of macros) is left alone.

A mutant is caught when a test fails or takes ten times as long as without it. The switch is ISOTROPIC_MUTANT, read once.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

AREAS = {
    "bound": ["src/bound"],
    "certificate": ["src/certificate"],
    "invariance": ["src/invariance"],
    "interval": ["src/scalar/interval"],
    "proof": ["src/proof"],
    "judge": ["src/judge"],
    "statement": ["src/statement"],
}

# What of a group is run, where not all of it.
ONLY = {"cli": ["certif", "bound", "resize", "compress", "diff_pairs", "lost"]}

# The tests that reach an area: folders of tests/it, `lib` (the unit tests inside of the modules) and `cli`.
REACH = {
    "bound": ["lib", "bound", "invariance", "prune", "learning", "vector", "cli"],
    "certificate": ["lib", "bound", "cli"],
    "invariance": ["lib", "invariance", "cli"],
    "interval": ["lib", "scalar", "network", "bound"],
    "proof": ["lib", "proof", "report"],
    "judge": ["lib", "judge", "gauge", "statement"],
    "statement": ["lib", "statement", "fault", "proof"],
}
TESTS = sorted({name for names in REACH.values() for name in names})


def binary(group):
    """The test binary of a group of tests."""
    return group if group in ("lib", "cli") else "it"
# Seconds of a test that every mutant that nothing cheaper catches is worth.
LONGEST = 30.0

SWITCH = """
/// The mutant that is on, 0 for none.
pub(crate) fn mutant() -> u32 {
    static ON: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    *ON.get_or_init(|| std::env::var("ISOTROPIC_MUTANT").ok().and_then(|m| m.parse().ok()).unwrap_or(0))
}
"""

BINARY = {
    "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"],
    "+=": ["-="], "-=": ["+="], "*=": ["/="], "/=": ["*="],
    "<": ["<=", ">="], ">": [">=", "<="], "<=": ["<", ">="], ">=": [">", "<="],
    "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"],
}
WORDS = {
    "larger": "smaller", "smaller": "larger", "lo": "hi", "hi": "lo", "Up": "Down", "Down": "Up",
    "above_zero": "below_zero", "below_zero": "above_zero", "min": "max", "max": "min", "any": "all", "all": "any",
    "true": "false", "false": "true", "is_some": "is_none", "is_none": "is_some", "one": "zero", "zero": "one",
    "next_up": "next_down", "next_down": "next_up", "sqrt": "abs",
}


def blanked(text):
    """The text with comments, strings and characters replaced by spaces, line breaks kept."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|b?r(#*)".*?"\1|b?"(?:\\.|[^"\\])*"|b?\'(?:\\(?:x..|u\{[^}]*\}|.)|[^\'\\])\'', re.S
    )
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def closing(code, at, pair="{}"):
    """The place of the bracket that closes the one at `at`."""
    depth = 0
    for i in range(at, len(code)):
        if code[i] == pair[0]:
            depth += 1
        elif code[i] == pair[1]:
            depth -= 1
            if depth == 0:
                return i
    raise ValueError("unbalanced")


def functions(code):
    """(start, end) of the bodies that can be switched, braces excluded."""
    tests = re.search(r"#\[cfg\(test\)\]", code)
    limit = tests.start() if tests else len(code)
    found = []
    for match in re.finditer(r"\bfn\s+\w+", code[:limit]):
        before = code[code.rfind("\n", 0, match.start()) + 1 : match.start()]
        arguments = code.index("(", match.end())
        if match.end() < len(code) and code[match.end()] == "<":
            arguments = code.index("(", closing(code.replace("->", "  "), match.end(), "<>"))
        after = closing(code, arguments, "()") + 1
        brace, semicolon = code.find("{", after), code.find(";", after)
        if brace < 0 or (0 <= semicolon < brace):
            continue
        signature, end = code[after:brace], closing(code, brace)
        body = code[brace + 1 : end]
        if "const" in before or "impl" in signature.split("where")[0] or "$" in body or not body.strip():
            continue
        found.append((brace + 1, end))
    # The innermost of nested ones.
    return [f for f in found if not any(g != f and f[0] <= g[0] and g[1] <= f[1] for g in found)]


def mutations(code, start, end):
    """(from, to, replacement) for every change in the body."""
    body, found = code[start:end], []

    def add(match, group, text):
        found.append((start + match.start(group), start + match.end(group), text))

    for match in re.finditer(r"(?<=\s)([-+*/%]=?|<=|>=|<|>|==|!=|&&|\|\|)(?=\s)", body):
        for text in BINARY.get(match.group(1), []):
            add(match, 1, text)
    for match in re.finditer(r"(?:(?<=[\s(\[])|(?<=^))([!-])(?=[a-zA-Z(])", body):
        add(match, 1, "")
    for match in re.finditer(r"(?<![\w.<])(\d+)(?![\w.]|\s*>)", body):
        add(match, 1, str(int(match.group(1)) + 1))
    for match in re.finditer(r"(?<![\w.])(\d+\.\d+)(?![\w.])", body):
        add(match, 1, str(2 * float(match.group(1)) or 1.0))
    for match in re.finditer(r"(?<![\w])(\w+)(?![\w!])", body):
        if match.group(1) in WORDS:
            add(match, 1, WORDS[match.group(1)])
    return found


def listed(copy):
    mutants = []
    for area, folders in AREAS.items():
        for folder in folders:
            for path in sorted((copy / folder).rglob("*.rs")):
                text = path.read_text()
                code = blanked(text)
                for start, end in functions(code):
                    for a, b, replacement in mutations(code, start, end):
                        line = text.count("\n", 0, a) + 1
                        shown = text[text.rfind("\n", 0, a) + 1 : text.find("\n", a)].strip()
                        mutants.append({
                            "area": area, "file": str(path.relative_to(copy)), "line": line, "body": [start, end],
                            "span": [a, b], "from": text[a:b], "to": replacement, "shown": shown,
                        })
    return mutants


def write(copy, mutants):
    """Writes the sources with these mutants, and where each of them lies in what was written."""
    files = {}
    for mutant in mutants:
        files.setdefault(mutant["file"], []).append(mutant)
    original = copy / "original"
    for name, of_file in files.items():
        if not (original / name).exists():
            (original / name).parent.mkdir(parents=True, exist_ok=True)
            (original / name).write_text((copy / name).read_text())
    for kept in original.rglob("*.rs"):
        name = str(kept.relative_to(original))
        text, out, at = kept.read_text(), "", 0
        bodies = {}
        for mutant in files.get(name, []):
            bodies.setdefault(tuple(mutant["body"]), []).append(mutant)
        for (start, end), group in sorted(bodies.items()):
            out += text[at:start] + "\nmatch crate::mutant() {\n"
            for mutant in group:
                a, b = mutant["span"]
                first = out.count("\n") + 1
                out += f"{mutant['id']}u32 => {{{text[start:a]} {mutant['to']} {text[b:end]}}}\n"
                mutant["lines"] = [first, out.count("\n")]
            out += f"_ => {{{text[start:end]}}}\n}}\n"
            at = end
        (copy / name).write_text(out + text[at:])
    lib = copy / "src/lib.rs"
    if "fn mutant()" not in lib.read_text():
        lib.write_text(lib.read_text() + SWITCH)
    (copy / "mutants.json").write_text(json.dumps(mutants, indent=1))


def cargo(copy, *words):
    return subprocess.run(["nice", "-n", "15", "cargo", *words], cwd=copy, capture_output=True, text=True)


def prune(copy):
    mutants = json.loads((copy / "mutants.json").read_text())
    while True:
        done = cargo(copy, "check", "--locked", "--lib", "--message-format=json")
        bad, other = set(), []
        for line in done.stdout.splitlines():
            message = json.loads(line).get("message")
            if not isinstance(message, dict) or message.get("level") != "error" or not message["spans"]:
                continue
            hits = {
                mutant["id"] for span in message["spans"] for mutant in mutants
                if span["file_name"] == mutant["file"]
                and mutant["lines"][0] <= span["line_start"] and span["line_end"] <= mutant["lines"][1]
            }
            bad |= hits
            if not hits:
                other.append(message["rendered"])
        print(f"{len(mutants)} mutants, {len(bad)} do not compile", flush=True)
        if not bad:
            if done.returncode:
                sys.exit("".join(other) or done.stderr)
            return
        mutants = [mutant for mutant in mutants if mutant["id"] not in bad]
        write(copy, mutants)


def executables(copy, names):
    binaries = sorted({binary(name) for name in names})
    tests = [word for name in binaries for word in (["--lib"] if name == "lib" else ["--test", name])]
    done = cargo(copy, "test", "--locked", "--no-run", "--message-format=json", *tests)
    found = {}
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["profile"]["test"]:
            found["lib" if "lib" in message["target"]["kind"] else message["target"]["name"]] = message["executable"]
    if done.returncode:
        sys.exit(done.stderr)
    return found


def statement_of(mutant):
    """The statement whose module a mutant is in: the tests that run all statements then run this one alone."""
    found = re.fullmatch(r"src/statement/([a-g]\d+)\.rs", mutant["file"])
    return {"ISOTROPIC_ONLY": found.group(1).upper()} if found else {}


def passes(copy, executable, names, mutant, limit, only={}):
    environment = {**os.environ, "ISOTROPIC_MUTANT": str(mutant), "CARGO_MANIFEST_DIR": str(copy), "RUST_BACKTRACE": "0", **only}
    command = ["nice", "-n", "15", executable, "--exact", "--test-threads=1", *names]
    process = subprocess.Popen(
        command, cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True)
    ended = threading.Timer(limit, lambda: os.killpg(process.pid, 9))
    ended.start()
    for line in process.stdout:
        # The first failure settles it.
        if re.match(r"test .* \.\.\. FAILED|.*panicked at", line):
            os.killpg(process.pid, 9)
            process.wait()
            ended.cancel()
            return False, line.strip()
    process.wait()
    ended.cancel()
    return process.returncode == 0, "timeout" if process.returncode == -9 else f"exit {process.returncode}"


def timed(copy, built, names):
    """The tests with what they cost, the cheap ones together: {group: [([names], seconds)]}."""
    groups = {}
    for name in names:
        executable = built[binary(name)]
        listing = subprocess.run([executable, "--list"], cwd=copy, capture_output=True, text=True).stdout
        tests = [line[:-6] for line in listing.splitlines() if line.endswith(": test")]
        if binary(name) == "it":
            tests = [test for test in tests if test.startswith(f"{name}::")]
        if name in ONLY:
            tests = [test for test in tests if any(word in test for word in ONLY[name])]
        costs = []
        for test in tests:
            begun = time.time()
            good, why = passes(copy, executable, [test], 0, 120)
            costs.append((time.time() - begun, test))
            if not good:
                print(f"{name} {test} fails without a mutant: {why}", flush=True)
                costs.pop()
        groups[name] = []
        cheap = [(cost, test) for cost, test in costs if cost < 0.5]
        if cheap:
            groups[name].append(([test for _, test in cheap], sum(cost for cost, _ in cheap)))
        groups[name] += [([test], cost) for cost, test in sorted(costs) if 0.5 <= cost < LONGEST]
        left = [test for cost, test in costs if cost >= LONGEST]
        print(f"{name}: {len(costs)} tests, left out for their cost: {left}", flush=True)
    return groups


def run(copy, jobs, names, again):
    built = executables(copy, names)
    timing = copy / "timing.json"
    if again:
        timing.unlink(missing_ok=True)
    groups = json.loads(timing.read_text()) if timing.exists() else timed(copy, built, names)
    timing.write_text(json.dumps(groups))
    mutants = json.loads((copy / "mutants.json").read_text())
    outcome_file = copy / "outcome.json"
    outcome = json.loads(outcome_file.read_text()) if outcome_file.exists() else {}
    if again:
        outcome = {mutant: verdict for mutant, verdict in outcome.items() if verdict != "missed"}
    waiting = [mutant for mutant in mutants if str(mutant["id"]) not in outcome]
    random.Random(0).shuffle(waiting)
    lock = threading.Lock()

    def work():
        while True:
            with lock:
                if not waiting:
                    return
                mutant = waiting.pop()
            # What costs least first.
            steps = sorted(
                (cost, name, tests) for name in REACH[mutant["area"]] for tests, cost in groups.get(name, [])
            )
            verdict = "missed"
            for cost, name, tests in steps:
                good, why = passes(copy, built[binary(name)], tests, mutant["id"], 10 * cost + 20, statement_of(mutant))
                if not good:
                    verdict = f"caught by {name}: {why}"
                    break
            with lock:
                outcome[str(mutant["id"])] = verdict
                outcome_file.write_text(json.dumps(outcome, indent=1))
                if verdict == "missed":
                    place = f"{mutant['file']}:{mutant['line']}"
                    print(f"missed {mutant['id']} {place} {mutant['from']!r} -> {mutant['to']!r}  {mutant['shown']}", flush=True)

    workers = [threading.Thread(target=work) for _ in range(jobs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for area in AREAS:
        of_area = [outcome[str(m["id"])] for m in mutants if m["area"] == area]
        caught = sum(verdict != "missed" for verdict in of_area)
        print(f"{area}: {caught} of {len(of_area)} caught")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["list", "rewrite", "prune", "run"])
    parser.add_argument("copy", type=Path)
    parser.add_argument("--sample", type=int, default=240, help="mutants, equally many of each area; 0 for all")
    parser.add_argument("--each-file", type=int, default=0, help="mutants of each file instead")
    parser.add_argument("--areas", default=",".join(AREAS), help="areas, with commas between")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--tests", default=",".join(TESTS), help="test binaries, with commas between")
    parser.add_argument("--again", action="store_true", help="run what was missed once more")
    given = parser.parse_args()
    copy = given.copy.resolve()
    if given.command in ("list", "rewrite"):
        areas = given.areas.split(",")
        mutants = [mutant for mutant in listed(copy) if mutant["area"] in areas]
        for area in areas:
            print(f"{area}: {sum(m['area'] == area for m in mutants)} mutants")
        if given.command == "list":
            return
        draw = random.Random(given.seed)
        by, each = ("file", given.each_file) if given.each_file else ("area", given.sample // len(areas))
        if each:
            pools = [[m for m in mutants if m[by] == value] for value in sorted({m[by] for m in mutants}, key=str)]
            if by == "area":
                pools = [[m for m in mutants if m["area"] == area] for area in areas]
            mutants = [m for pool in pools for m in draw.sample(pool, min(each, len(pool)))]
        for number, mutant in enumerate(mutants, 1):
            mutant["id"] = number
        write(copy, mutants)
    elif given.command == "prune":
        prune(copy)
    else:
        run(copy, given.jobs, given.tests.split(","), given.again)


main()
