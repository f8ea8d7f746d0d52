#!/bin/sh
# Compiles the proofs of a directory and asks Rocq what each listed theorem assumes.
#
#   check.sh SOURCE BUILD
#
# Fails on a proof that does not compile, on any axiom or unfinished proof, on an empty list, and on
# a theorem that is listed and not there or there and not listed. Nothing is written to SOURCE.
set -eu
export LC_ALL=C
source=${1%/}
build=$2
list="$source/theorems.yaml"
here=$(dirname "$0")

fail() { echo "proofs: $*" >&2; exit 1; }

[ -f "$list" ] || fail "$list is missing"
rm -rf "$build"
mkdir -p "$build"
build=$(cd "$build" && pwd)
awk -f "$here/list.awk" "$list" >"$build/listed"
[ -s "$build/listed" ] || fail "$list lists no theorem"

# What the text says: no way around a proof, and every Theorem and Corollary is listed (a Lemma is a step on
# the way, except in axioms.v, where it is an axiom of the symbolic kernel).
: >"$build/found"
for file in "$source"/*.v; do
  name=$(basename "$file")
  awk -f "$here/strip.awk" "$file" >"$build/$name.text"
  if grep -nwE 'Admitted|admit|Axioms?|Conjectures?|Parameters?|Abort|bypass_check|Declare|Unset +(Guard|Positivity|Universe) +Checking' \
    "$build/$name.text"; then
    fail "$file assumes something, or leaves a proof unfinished"
  fi
  keywords='Theorem|Corollary'
  [ "$name" != axioms.v ] || keywords='Theorem|Corollary|Lemma'
  sed -nE 's/^[ \t]*('"$keywords"')[ \t]+([A-Za-z_0-9'"'"']+).*/'"$name"' \2/p' "$build/$name.text" >>"$build/found"
done
sort "$build/found" >"$build/stated"
cut -d' ' -f2,3 "$build/listed" | sort -u >"$build/names"
[ -s "$build/stated" ] || fail "$source states no theorem"
comm -23 "$build/stated" "$build/names" >"$build/unlisted"
[ ! -s "$build/unlisted" ] || fail "stated and not listed in $list: $(tr '\n' ';' <"$build/unlisted")"

# What Rocq says.
options="-q -noglob -w -notation-overridden,-ambiguous-paths,+local-declaration -R $build Isotropic"
(cd "$source" && coqdep -sort -R . Isotropic ./*.v 2>"$build/coqdep.log") >"$build/order" ||
  fail "coqdep: $(cat "$build/coqdep.log")"
for file in $(cat "$build/order"); do
  name=$(basename "$file" .v)
  # shellcheck disable=SC2086
  coqc $options -o "$build/$name.vo" "$source/$name.v" || fail "$source/$name.v does not compile"
done

# One term that mentions every listed theorem: it assumes what any of them does, and asking once is ten times as
# fast. Only when it assumes something is each theorem asked, to name the culprit.
sed "s/\.v / /" "$build/names" | while read -r file theorem; do
  echo "Isotropic.$file.$theorem"
done >"$build/theorems"
sed 's/\.v .*//; s/^/Require Isotropic./; s/$/./' "$build/names" | sort -u >"$build/required"
{
  cat "$build/required"
  echo 'Definition every_theorem : Set :='
  sed 's/^/  let _ := @/; s/$/ in/' "$build/theorems"
  echo '  unit.'
  echo 'Print Assumptions every_theorem.'
} >"$build/Assumptions.v"
# shellcheck disable=SC2086
coqc $options -o "$build/Assumptions.vo" "$build/Assumptions.v" >"$build/assumptions" ||
  fail "a listed theorem does not exist"
if [ "$(cat "$build/assumptions")" != 'Closed under the global context' ]; then
  { cat "$build/required"; sed 's/.*/Print Assumptions &./' "$build/theorems"; } >"$build/Each.v"
  # shellcheck disable=SC2086
  coqc $options -o "$build/Each.vo" "$build/Each.v" | paste -d: "$build/theorems" - | grep -v ':Closed under' || true
  cat "$build/assumptions"
  fail "not every theorem is closed under the global context"
fi
while read -r id file theorem; do
  printf '%-7s %-34s %-14s closed under the global context\n' "$id" "$theorem" "$file"
done <"$build/listed"
echo "$(wc -l <"$build/names" | tr -d " ") theorems in $(wc -w <"$build/order" | tr -d " ") files, no axiom assumed"
