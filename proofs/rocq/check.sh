#!/bin/sh
# Compiles the proofs of a directory and asks Rocq what each listed theorem says and assumes.
#
#   check.sh SOURCE BUILD [BASE]
#
# BASE is the build of proofs/rocq where SOURCE stands on it. Fails on a proof that does not compile, on an unfinished
# proof, on an axiom that SOURCE/axioms.txt does not list (without that file: on any), on an empty list, on a theorem
# that is listed and not there or there and not listed, and where a theorem or a definition no longer says what
# SOURCE/statements.txt says, and on a theorem with premises that no instances.v meets (nor instances_*.v). Nothing is
# written to SOURCE.
set -eu
export LC_ALL=C
# Each file is a process of seconds and some 300 MB, of which little could be freed: without collecting it takes a fifth less.
export OCAMLRUNPARAM="${OCAMLRUNPARAM-s=512k,o=100000}"
source=${1%/}
build=$2
base=${3:-}
list="$source/theorems.yaml"
here=$(dirname "$0")

fail() { echo "proofs: $*" >&2; exit 1; }

[ -f "$list" ] || fail "$list is missing"
rm -rf "$build"
mkdir -p "$build"
build=$(cd "$build" && pwd)
library=Isotropic
options="-q -noglob -w -notation-overridden,-ambiguous-paths,+local-declaration"
if [ -n "$base" ]; then
  library=IsotropicReals
  options="$options -R $(cd "$base" && pwd) Isotropic"
fi
options="$options -R $build $library"

awk -f "$here/list.awk" "$list" >"$build/listed"
[ -s "$build/listed" ] || fail "$list lists no theorem"

# What the text says: no way around a proof, and every Theorem and Corollary is listed (a Lemma is a step on
# the way, except in axioms.v, where it is an axiom of the symbolic kernel). A theorem has one way to be written, at
# the start of a line and without attributes, so that none is missed.
: >"$build/found"
: >"$build/defined"
for file in "$source"/*.v; do
  name=$(basename "$file")
  awk -f "$here/strip.awk" "$file" >"$build/$name.text" || fail "$file cannot be read"
  if grep -nwE 'Admitted|admit|Axioms?|Conjectures?|Parameters?|Abort|bypass_check|Declare|Unset +(Guard|Positivity|Universe) +Checking' \
    "$build/$name.text"; then
    fail "$file assumes something, or leaves a proof unfinished"
  fi
  if grep -nwE 'Propositions?|Facts?|Remarks?|Property' "$build/$name.text" || grep -nF '#[' "$build/$name.text"; then
    fail "$file states something as neither a Theorem, a Corollary nor a Lemma without attributes"
  fi
  if [ "$(grep -owE 'Theorem|Corollary' "$build/$name.text" | wc -l)" != \
    "$(grep -cE '^(Theorem|Corollary) ' "$build/$name.text")" ]; then
    grep -nwE 'Theorem|Corollary' "$build/$name.text" | grep -vE '^[0-9]+:(Theorem|Corollary) ' || true
    fail "$file: a Theorem or Corollary does not begin its line"
  fi
  keywords='Theorem|Corollary'
  [ "$name" != axioms.v ] || keywords='Theorem|Corollary|Lemma'
  sed -nE 's/^('"$keywords"')[ \t]+([A-Za-z_0-9'"'"']+).*/'"$name"' \2/p' "$build/$name.text" >>"$build/found"
  case "$name" in
  instances*) ;;
  *)
    sed -nE 's/^(Definition|Fixpoint|Inductive|Record)[ \t]+([A-Za-z_0-9'"'"']+).*/'"${name%.v}"'.\2/p' \
      "$build/$name.text" >>"$build/defined"
    ;;
  esac
done
sort "$build/found" >"$build/stated"
cut -d' ' -f2,3 "$build/listed" | sort -u >"$build/names"
[ -s "$build/stated" ] || fail "$source states no theorem"
comm -23 "$build/stated" "$build/names" >"$build/unlisted"
[ ! -s "$build/unlisted" ] || fail "stated and not listed in $list: $(tr '\n' ';' <"$build/unlisted")"

# What Rocq says.
(cd "$source" && coqdep -sort -R . "$library" ./*.v 2>"$build/coqdep.log") >"$build/order" ||
  fail "coqdep: $(cat "$build/coqdep.log")"
for file in $(cat "$build/order"); do
  name=$(basename "$file" .v)
  # shellcheck disable=SC2086
  coqc $options -o "$build/$name.vo" "$source/$name.v" || fail "$source/$name.v does not compile"
done

# One term that mentions every listed theorem: it assumes what any of them does, and asking once is ten times as
# fast. Only when it assumes what it must not is each theorem asked, to name the culprit.
sed "s/\.v / /" "$build/names" | while read -r file theorem; do
  echo "$library.$file.$theorem"
done >"$build/theorems"
sed 's/\.v .*//; s/^/Require '"$library"'./; s/$/./' "$build/names" | sort -u >"$build/required"
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
if [ -f "$source/axioms.txt" ]; then
  grep -v '^#' "$source/axioms.txt" | diff - "$build/assumptions" ||
    fail "the theorems assume (>) what $source/axioms.txt does not say (<)"
  assumed="the $(grep -c '^[A-Z][A-Za-z_]*\.[a-z_]* *:\|^[A-Z][A-Za-z_]*\.[a-z_]*$' "$build/assumptions") axioms of axioms.txt"
elif [ "$(cat "$build/assumptions")" != 'Closed under the global context' ]; then
  { cat "$build/required"; sed 's/.*/Print Assumptions &./' "$build/theorems"; } >"$build/Each.v"
  # shellcheck disable=SC2086
  coqc $options -o "$build/Each.vo" "$build/Each.v" | paste -d: "$build/theorems" - | grep -v ':Closed under' || true
  cat "$build/assumptions"
  fail "not every theorem is closed under the global context"
else
  assumed='no axiom'
fi

# What each listed theorem says, its premises included, and what the definitions mean that it is said with: in
# Rocq's own words, notations off, so that a statement cannot change behind its name.
tr ' ' '\n' <"$build/order" | sed -n 's,^\./,,; s/^\(.*\)\.v$/Require '"$library"'.\1./p' | sort -u >"$build/every"
{
  cat "$build/every"
  echo 'Set Printing Width 110. Unset Printing Notations.'
  sed 's/^/Check @/; s/$/./' "$build/theorems"
  sort -u "$build/defined" | sed 's/^/Print '"$library"'./; s/$/./'
} >"$build/Statements.v"
# shellcheck disable=SC2086
coqc $options -o "$build/Statements.vo" "$build/Statements.v" >"$build/statements.txt" ||
  fail "a definition cannot be printed"
[ -f "$source/statements.txt" ] || fail "$source/statements.txt is missing: $build/statements.txt is what it must hold"
diff "$source/statements.txt" "$build/statements.txt" >"$build/changed" || {
  head -n 40 "$build/changed" >&2
  fail "a statement or a definition says something else than $source/statements.txt; if that is meant, copy $build/statements.txt there"
}

# A theorem that assumes something is applied somewhere to a case that meets it: in instances.v, or where another
# folder stands on this one. `(_ : …)` is how Rocq prints a premise; controls refute, and assume nothing to speak of.
cat "$build"/instances*.v.text >"$build/applied" 2>/dev/null || true
awk '/^[a-z0-9_]+\.[A-Za-z_0-9'"'"']+ *$/ { name = $1 } / = *$/ { name = "" }
  /\(_ :/ && name != "" { print name; name = "" }' "$build/statements.txt" |
  sed "s/^/$library./" | grep -xFf "$build/theorems" | grep -vE '^[A-Za-z]*\.(controls(_[a-z]+)?|axioms)\.' >"$build/conditional" ||
  true
while read -r theorem; do
  grep -qwF "${theorem##*.}" "$build/applied" ||
    grep -qwF "${theorem##*.}" "$source"/../rocq-reals/*.v 2>/dev/null ||
    fail "$theorem assumes something, and no instances.v applies it to a case that meets that"
done <"$build/conditional"

while read -r id file theorem; do
  printf '%-7s %-34s %s\n' "$id" "$theorem" "$file"
done <"$build/listed"
echo "$(wc -l <"$build/names" | tr -d " ") theorems in $(wc -w <"$build/order" | tr -d " ") files, $assumed assumed"
