#!/bin/sh
# run.sh TARGET_FOLDER RUNS [MINUTES]: so many executions of each reader under libFuzzer, in at most so many minutes each. The
# instrumentation is LLVM's own and needs no nightly compiler. What a run finds stays in the corpus of the folder; seeds are
# beside this file. Exit 1 on the first input that makes a reader panic, run out of memory or hang; libFuzzer names the file.
set -eu
folder=$1
runs=$2
minutes=${3:-0}
here=$(cd "$(dirname "$0")" && pwd)
host=$(rustc -vV | sed -n 's/^host: //p')
export CARGO_TARGET_DIR="$folder"
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
 -Cllvm-args=-sanitizer-coverage-trace-compares"
# With a target of its own, build scripts are left as they are.
cargo build --release --manifest-path "$here/Cargo.toml" --target "$host"
for target in safetensors yaml table certificate proof; do
  corpus="$folder/corpus/$target"
  mkdir -p "$corpus"
  echo "== $target"
  "$folder/$host/release/$target" "$corpus" "$here/seeds/$target" -runs="$runs" -max_total_time=$((minutes * 60)) \
    -max_len=8192 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$folder/" -verbosity=0
done
