"""Every vector file against its JSON Schema, by the maintained validator `jsonschema`; and what the schemas must reject.

    python3 ports/schemas.py [ISOTROPIC]
"""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

from jsonschema import Draft202012Validator

folder = pathlib.Path(__file__).resolve().parent.parent / "vectors" / "v1"

# Ways to spoil any file: name, and the change.
SPOILT = {
    "version": lambda file: file.update(version=2),
    "operation": lambda file: file.update(operation="other"),
    "stray key": lambda file: file.update(extra=1),
    "no cases": lambda file: file.update(cases=[]),
    "id": lambda file: file["cases"][0].update(id="Other/Case"),
    "no input": lambda file: file["cases"][0].pop("input"),
    "precision": lambda file: file["cases"][0].update(precisions=["f16"]),
    "result": lambda file: file["cases"][0].update(result="maybe"),
    "flag": lambda file: file["cases"][0].update(flags=["not camel case"]),
    "stray output": lambda file: file["cases"][0]["expected"].update(other={"compare": "exact", "value": "1"}),
    "note": lambda file: next(iter(file["notes"].values())).pop("remedy"),
}
# The same, where there is a valid case.
SPOILT_VALID = {
    "a number that is none": lambda case: next(iter(case["expected"].values())).update(value="one"),
    "a JSON number": lambda case: next(iter(case["expected"].values())).update(value=1.0),
    "compare": lambda case: next(iter(case["expected"].values())).update(compare="close"),
    "stray input": lambda case: case["input"].update(other="0x1p+0"),
    "missing input": lambda case: case["input"].pop(next(iter(case["input"]))),
}

# What goes between a port and its judge: for each schema what it must accept, and what it must not.
EXCHANGED = {
    "line": (
        [{"id": "gain/tanh-zero", "operation": "gain", "precision": "f64", "input": {"gain": "tanh", "r": "0x0p+0"}}],
        [{"id": "gain/tanh-zero", "operation": "gains", "precision": "f64", "input": {}}, {"id": "gain/tanh-zero", "operation": "gain", "precision": "f64"}],
    ),
    "answer": (
        [{"id": "gain/tanh-zero", "outputs": {"gamma": "1.0"}}, {"id": "adapt/one", "outputs": {"widths": [1, 2], "y": ["0x1p+0", "-1/3"]}, "refused": None},
         {"id": "invalid/one", "refused": "no", "outputs": {}}, {"id": "full/one", "unsupported": True}, {"id": "full/one", "crashed": "TypeError"}],
        [{"outputs": {"gamma": "1.0"}}, {"id": "gain/tanh-zero"}, {"id": "gain/tanh-zero", "outputs": {"gamma": 0.5}},
         {"id": "gain/tanh-zero", "outputs": {"gamma": "one"}}, {"id": "gain/tanh-zero", "outputs": None}, {"id": "gain/tanh-zero", "unsupported": False}],
    ),
    "results": (
        [{"format": "isotropic-results", "version": 1, "precision": "f32", "results": {"gain/tanh-zero": {"outputs": {"gamma": "1"}}}}],
        [{"format": "isotropic-results", "version": 2, "results": {}}, {"format": "isotropic-results", "version": 1, "results": {"gain": {"outputs": {}}}},
         {"format": "isotropic-results", "version": 1, "results": {"gain/tanh-zero": {}}}],
    ),
    "profile": (
        [{"format": "isotropic-profile", "gains": ["tanh"]}, {"format": "isotropic-profile", "operations": ["harness", "gain"]}],
        [{"gains": ["tanh"]}, {"format": "isotropic-profile", "gains": []}, {"format": "isotropic-profile", "gains": ["relu"]}],
    ),
}

def exchanged(isotropic):
    """The schemas of what is exchanged, the verdicts by what the program writes."""
    for name in (*EXCHANGED, "verdict"):
        schema = json.loads((folder / "schemas" / f"{name}.json").read_text())
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        good, bad = EXCHANGED.get(name, ([], []))
        if name == "verdict" and isotropic:
            for port in (["--only", "harness"], ["--only", "harness", "--exec", "true"], ["--only", "gain", "--gains", "tanh"]):
                with tempfile.NamedTemporaryFile(suffix=".json") as file:
                    subprocess.run([isotropic, "vectors", "check", *port, "--json", file.name], capture_output=True, check=False)
                    good.append(json.loads(pathlib.Path(file.name).read_text()))
            bad = [{**good[0], "version": 2}, {**good[0], "passed": -1}, {**good[0], "cases": [{"id": "harness/one"}]}]
        for example in good:
            errors = [error.message[:200] for error in validator.iter_errors(example)]
            if errors:
                sys.exit(f"{name}.json refuses {json.dumps(example)[:200]}: {errors[0]}")
        for example in bad:
            if validator.is_valid(example):
                sys.exit(f"{name}.json accepts {json.dumps(example)[:200]}")

def main(isotropic=None):
    exchanged(isotropic)
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    checked = 0
    for entry in manifest["files"]:
        file = json.loads((folder / entry["file"]).read_text())
        schema = json.loads((folder / file["schema"]).read_text())
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        errors = [f"{entry['file']}: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(file)]
        if errors:
            sys.exit("\n".join(errors[:10]))
        head = {**file, "cases": file["cases"][:1]}
        for name, spoil in SPOILT.items():
            bad = copy.deepcopy(head)
            spoil(bad)
            if validator.is_valid(bad):
                sys.exit(f"{entry['file']}: the schema accepts a wrong {name}")
        for name, spoil in SPOILT_VALID.items() if file["operation"] != "invalid" else ():
            bad = copy.deepcopy(head)
            spoil(bad["cases"][0])
            if validator.is_valid(bad):
                sys.exit(f"{entry['file']}: the schema accepts {name}")
        checked += file["numberOfCases"]
    if checked == 0 or checked != manifest["numberOfCases"]:
        sys.exit(f"{checked} cases checked, {manifest['numberOfCases']} in the manifest")
    print(f"{checked} cases in {len(manifest['files'])} files fit their schemas; every spoilt file was rejected")

if __name__ == "__main__":
    main(*sys.argv[1:])
