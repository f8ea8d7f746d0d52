"""The public interface as rustdoc sees it: every item with its declaration, methods and implemented traits.

    python3 .ci/api.py target/doc/isotropic              prints it
    python3 .ci/api.py target/doc/isotropic docs/api.txt compares, and prints what differs

Stable Rust has no other list that is exact: rustdoc's JSON needs a nightly. The pages of another version of rustdoc may
say the same in other words, so the first line names the version, and another one is not compared.
"""

import difflib
import html
import pathlib
import re
import subprocess
import sys

KINDS = ("struct", "enum", "trait", "fn", "macro", "constant", "type", "union", "static")


def text(piece):
    piece = re.sub(r"<details.*?<summary.*?</summary>", "", piece, flags=re.S)
    piece = re.sub(r"<[^>]*>", "", piece)
    return re.sub(r"\s+", " ", html.unescape(piece)).strip()


def page(path, name):
    source = path.read_text(encoding="utf-8")
    declaration = re.search(r'<pre class="rust item-decl"><code>(.*?)</code></pre>', source, re.S)
    if declaration is None:
        # A page that leads to where the item is re-exported.
        return
    yield f"{name}: {text(declaration.group(1))}"
    # What is implemented for everything, or follows by itself, is no decision of this crate.
    own = re.split(r'<h2 id="(?:synthetic|blanket)-implementations', source)[0]
    inherent, _, traits = own.partition('<h2 id="trait-implementations')
    inherent, _, _ = inherent.partition('<h2 id="implementors')
    for method in re.finditer(
        r'<section id="(?:tymethod|method|associatedconstant|associatedtype)\.[^"]*" class="[^"]*">(.*?)</section>',
        inherent,
        re.S,
    ):
        header = re.search(r'<h4 class="code-header">(.*?)</h4>', method.group(1), re.S)
        if header:
            yield f"{name}: {text(header.group(1))}"
    for implemented in re.finditer(r'<h3 class="code-header">(.*?)</h3>', traits, re.S):
        yield f"{name}: {text(implemented.group(1))}"


def interface(folder):
    for path in sorted(folder.rglob("*.html")):
        kind, _, rest = path.stem.partition(".")
        if kind in KINDS and rest:
            modules = path.relative_to(folder).parent.parts
            yield from page(path, "::".join((*modules, rest)))


def main(folder, known=None):
    version = subprocess.run(["rustdoc", "--version"], capture_output=True, text=True, check=True)
    lines = [version.stdout.split(" (")[0].strip(), *dict.fromkeys(interface(pathlib.Path(folder)))]
    if known is None:
        print("\n".join(lines))
        return 0
    kept = pathlib.Path(known).read_text(encoding="utf-8").splitlines()
    if kept[0] != lines[0]:
        print(f"{known} is of {kept[0]}, this is {lines[0]}: not compared")
        return 0
    changes = list(difflib.unified_diff(kept, lines, known, "now", lineterm="", n=0))
    print("\n".join(changes))
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
