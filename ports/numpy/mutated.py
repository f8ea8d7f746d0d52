"""Every small change of port.py or learning.py, one at a time, against the vectors: which would pass unnoticed?

    python3 ports/numpy/mutated.py ISOTROPIC [--list] [--learning] [--drawn=SEED] [FILE]

FILE is what an earlier run printed: its survivors alone are tried again. --learning changes learning.py, and asks what it answers.
--drawn=SEED tries 200 changes of other kinds, drawn by that seed: names and operands exchanged, a call left out, … They are what
cases written for the survivors of the others are measured on.

A mutant changes one operator, constant, comparison, condition, transposition or slice, or drops a statement. It is viable if the
module still loads. It is killed if a case fails in f64 or f32, and survives if all pass. Survivors are listed with their lines;
docs/port-mutants.md says of each why no case can see it.
"""
import ast
import copy
import itertools
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import types

import numpy as np

import adapter
import learning
import port

HERE = pathlib.Path(__file__).parent
VECTORS = HERE.parent.parent / "vectors" / "v1"
SWAPPED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
           ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
           ast.And: ast.Or, ast.Or: ast.And}
TURNED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}

def changes(node):
    """What can be done to a node: pairs of a name and a function that does it to a copy of the node."""
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPPED:
        yield f"{type(node.op).__name__} for another", lambda n: setattr(n, "op", SWAPPED[type(n.op)]())
    if isinstance(node, ast.BoolOp):
        yield "and for or", lambda n: setattr(n, "op", SWAPPED[type(n.op)]())
    if isinstance(node, ast.Compare):
        for table in (SWAPPED, TURNED):
            if type(node.ops[0]) in table:
                yield "comparison", lambda n, table=table: n.ops.__setitem__(0, table[type(n.ops[0])]())
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "flag", lambda n: setattr(n, "value", not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield "constant + 1", lambda n: setattr(n, "value", n.value + 1)
        if node.value:
            yield "constant to 0", lambda n: setattr(n, "value", 0)
    if isinstance(node, (ast.If, ast.IfExp)):
        for value in (True, False):
            yield f"condition {value}", lambda n, value=value: setattr(n, "test", ast.Constant(value))
    if isinstance(node, ast.UnaryOp):
        yield "sign or not dropped", lambda n: setattr(n, "op", ast.UAdd() if isinstance(n.op, ast.USub) else ast.USub())
    if isinstance(node, ast.Slice) and (node.lower or node.upper):
        yield "slice dropped", lambda n: (setattr(n, "lower", None), setattr(n, "upper", None))

def dropped(node):
    """Statements that can be left out of a body."""
    for field in ("body", "orelse"):
        statements = getattr(node, field, None)
        if isinstance(statements, list):
            for at, statement in enumerate(statements):
                said = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
                if isinstance(statement, (ast.Expr, ast.AugAssign, ast.Assign)) and not said:
                    yield field, at

def mutants(source):
    """Pairs of a description and the source of a changed module."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    def changed(index, act):
        other = copy.deepcopy(tree)
        act(list(ast.walk(other))[index])
        return ast.unparse(ast.fix_missing_locations(other))
    for index, node in enumerate(nodes):
        line = getattr(node, "lineno", 0)
        for name, act in changes(node):
            yield f"{line}: {name}: {ast.unparse(node)[:60]}", changed(index, act)
        if isinstance(node, ast.Attribute) and node.attr == "T":
            yield f"{line}: not transposed: {ast.unparse(node)[:60]}", changed(index, lambda n: setattr(n, "attr", "real"))
        if isinstance(node, (ast.FunctionDef, ast.If, ast.For, ast.With)):
            for field, at in dropped(node):
                text = ast.unparse(getattr(node, field)[at])[:60]
                yield (f"{getattr(node, field)[at].lineno}: dropped: {text}",
                       changed(index, lambda n, field=field, at=at: getattr(n, field).__setitem__(at, ast.Pass())))

# Changes of other kinds, of which a seed draws some.

NEIGHBOURS = {"max": "min", "min": "max", "any": "all", "all": "any", "zeros_like": "ones_like", "zeros": "ones", "eye": "ones"}

def other_changes(node, names):
    """As `changes`; `names` are those that the function around the node gives to anything."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        for name in sorted(names - {node.id}):
            yield f"{name} for it", lambda n, name=name: setattr(n, "id", name)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div, ast.MatMult, ast.Pow)):
        def exchange(n):
            n.left, n.right = n.right, n.left
        yield "operands exchanged", exchange
    if isinstance(node, ast.Call):
        if len(node.args) > 1 and not any(isinstance(a, ast.Starred) for a in node.args):
            yield "arguments exchanged", lambda n: n.args.__setitem__(slice(0, 2), n.args[1::-1])
        for at in range(len(node.keywords)):
            yield "keyword dropped", lambda n, at=at: n.keywords.pop(at)
    if isinstance(node, (ast.Name, ast.Attribute)):
        field = "id" if isinstance(node, ast.Name) else "attr"
        if getattr(node, field) in NEIGHBOURS:
            yield "neighbour", lambda n, field=field: setattr(n, field, NEIGHBOURS[getattr(n, field)])
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        yield "constant - 1", lambda n: setattr(n, "value", n.value - 1)
        if node.value:
            yield "constant doubled", lambda n: setattr(n, "value", 2 * n.value)
    if isinstance(node, (ast.If, ast.IfExp)):
        yield "condition negated", lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
    if isinstance(node, (ast.For, ast.comprehension)):
        for name, part in (("first", "[1:]"), ("last", "[:-1]")):
            def shorten(n, part=part):
                n.iter = ast.parse(f"list({ast.unparse(n.iter)}){part}", mode="eval").body
            yield f"{name} turn left out", shorten
    if isinstance(node, ast.AugAssign) and type(node.op) in SWAPPED:
        yield "other sign", lambda n: setattr(n, "op", SWAPPED[type(n.op)]())

def drawn(source, seed, count=200):
    """`count` of the other changes, by a seed: as many of each kind as there are, as long as there are."""
    tree, kinds, random_order = ast.parse(source), {}, random.Random(seed)
    nodes = list(ast.walk(tree))
    places = {id(node): index for index, node in enumerate(nodes)}
    for function in nodes:
        if isinstance(function, ast.FunctionDef):
            inside = list(ast.walk(function))
            names = {n.arg for n in inside if isinstance(n, ast.arg)}
            names |= {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            for node in inside:
                for name, act in other_changes(node, names):
                    kinds.setdefault("another name" if name.endswith(" for it") else name, []).append((node, name, act))
    for changes_of_kind in kinds.values():
        random_order.shuffle(changes_of_kind)
    turns = itertools.chain.from_iterable(itertools.zip_longest(*kinds.values()))
    for node, name, act in itertools.islice(filter(None, turns), count):
        other = copy.deepcopy(tree)
        changed = list(ast.walk(other))[places[id(node)]]
        act(changed)
        line = getattr(node, "lineno", getattr(getattr(node, "target", None), "lineno", 0))
        yield f"{line}: {name}: {ast.unparse(node)[:60]}", ast.unparse(ast.fix_missing_locations(other))

# The operations that a module answers; None for all.
ANSWERS = {"port": None, "learning": ("gradient", "optimiser-step", "decide", "invalid")}

def questions(module):
    for file in sorted(VECTORS.glob("*.json")):
        if file.name == "MANIFEST.json" or file.stem not in (ANSWERS[module.__name__] or [file.stem]):
            continue
        content = json.loads(file.read_text())
        for case in content["cases"]:
            for precision in case["precisions"]:
                yield {"id": case["id"], "operation": content["operation"], "precision": precision, "input": case["input"]}

def put(module, source):
    """Gives `module` what this source defines; whether it loads."""
    changed = types.ModuleType(module.__name__)
    try:
        exec(compile(source, f"{module.__name__}.py", "exec"), changed.__dict__)
    except Exception:
        return False
    for name, value in vars(changed).items():
        if not name.startswith("__"):
            setattr(module, name, value)
    # The adapter holds the class that the port raises.
    adapter.Refused = port.Refused
    return True

def answered(question):
    try:
        with np.errstate(all="ignore"):
            return adapter.reply(question)
    except Exception as why:
        return {"crashed": type(why).__name__}

def killed(isotropic, asked, right, only):
    """Whether a case fails. Only answers that differ from the right port's are judged: the others pass."""
    for precision in ("f64", "f32"):
        results, different = {}, False
        for question, expected in zip(asked, right):
            if question["precision"] == precision:
                said = answered(question)
                if "crashed" in said:
                    return True
                different |= said != expected
                results[question["id"]] = said
        if not different:
            continue
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"format": "isotropic-results", "version": 1, "precision": precision, "results": results}, file)
            file.flush()
            check = [isotropic, "vectors", "check", "--vectors", str(VECTORS), "--against", file.name, *only]
            if subprocess.run(check, capture_output=True).returncode != 0:
                return True
    return False

def main(isotropic, *options):
    only_list = "--list" in options
    # Of an earlier run: those that survived it.
    again = [name for name in options if not name.startswith("--")]
    earlier = pathlib.Path(again[0]).read_text().replace("survived ", "").split("\n") if again else None
    module = learning if "--learning" in options else port
    source = (HERE / f"{module.__name__}.py").read_text()
    asked = list(questions(module))
    only = ["--only", ",".join(ANSWERS[module.__name__])] if ANSWERS[module.__name__] else []
    right = [answered(question) for question in asked]
    viable, survivors = 0, []
    seeds = [int(name.removeprefix("--drawn=")) for name in options if name.startswith("--drawn=")]
    for description, changed in drawn(source, seeds[0]) if seeds else mutants(source):
        if only_list:
            print(description)
            continue
        if earlier is not None and description.split("\n")[0] not in earlier:
            continue
        if put(module, changed):
            viable += 1
            if not killed(isotropic, asked, right, only):
                survivors.append(description)
                print(f"survived {description}", flush=True)
    if not only_list:
        caught = viable - len(survivors)
        print(f"{viable} viable mutants, {caught} caught ({100 * caught / viable:.1f} %), {len(survivors)} survived")

if __name__ == "__main__":
    main(*sys.argv[1:])
