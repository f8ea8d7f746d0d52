"""The vectors in one file, the same bytes wherever it is made, and its SHA-256 beside it.

    python3 ports/archive.py FOLDER
"""
import hashlib
import io
import json
import pathlib
import sys
import tarfile

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors" / "v1"

def packed(name):
    """A tar of the folder: sorted, without owners or times."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in sorted(VECTORS.rglob("*")):
            if path.is_file():
                entry = tarfile.TarInfo(f"{name}/{path.relative_to(VECTORS).as_posix()}")
                entry.size, entry.mode = path.stat().st_size, 0o644
                tar.addfile(entry, io.BytesIO(path.read_bytes()))
    return plain.getvalue()

def main(folder):
    manifest = json.loads((VECTORS / "MANIFEST.json").read_text())
    for entry in manifest["files"]:
        if hashlib.sha256((VECTORS / entry["file"]).read_bytes()).hexdigest() != entry["sha256"]:
            sys.exit(f"{entry['file']} is not the file of the manifest")
    name = f"isotropic-vectors-{manifest['version']}.{manifest['minor']}"
    archive = pathlib.Path(folder) / f"{name}.tar"
    archive.parent.mkdir(parents=True, exist_ok=True)
    # Not compressed: what a compressor makes of it depends on its version.
    data = packed(name)
    archive.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    archive.with_name(archive.name + ".sha256").write_text(f"{digest}  {archive.name}\n")
    print(f"{archive}: {manifest['numberOfCases']} cases, {len(data)} bytes, SHA-256 {digest}")

if __name__ == "__main__":
    main(*sys.argv[1:])
