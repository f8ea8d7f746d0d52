#!/bin/sh
# The ports against the vectors: right in both precisions; the NumPy port also whatever the order of summation, and every
# planted bug rejected by a case that names it. Usage: ports/run.sh ISOTROPIC [PYTHON [NODE]]
set -eu
cd "$(dirname "$0")/.."
isotropic=$1
python=${2:-python3}
node=${3:-node}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# judge NAME ARGUMENTS…: one line if it succeeds, everything if not.
judge() {
  name=$1
  shift
  if "$isotropic" vectors check "$@" >"$log" 2>&1; then
    echo "$name: $(tail -n 1 "$log")"
  else
    echo "$name: FAILED"
    cat "$log"
    status=1
  fi
}
for precision in f64 f32; do
  judge "javascript, $precision" --precision "$precision" --exec "$node ports/javascript/adapter.mjs"
  judge "numpy, $precision" --precision "$precision" --exec "$python ports/numpy/adapter.py"
  for order in $("$python" ports/numpy/reordered.py); do
    judge "numpy, $precision, $order" --precision "$precision" --exec "$python ports/numpy/reordered.py $order"
  done
done
count=0
for flag in $("$python" ports/numpy/planted.py); do
  judge "planted" --exec "$python ports/numpy/planted.py $flag" --expect-rejected "$flag"
  count=$((count + 1))
done
[ "$count" -ge 15 ] || { echo "only $count planted bugs"; status=1; }
exit $status
