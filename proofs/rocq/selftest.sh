#!/bin/sh
# Watches check.sh refuse what it must refuse. Tiny theories without mathcomp: a few seconds in all.
set -eu
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A sound theory of one theorem.
fresh() {
  rm -rf "$work/source"
  mkdir "$work/source"
  printf 'Section S.\nVariable n : nat.\n(* Axiom: a word in a comment (* a nested one *) is no axiom. *)\nTheorem same : n = n.\nProof. reflexivity. Qed.\nEnd S.\n' >"$work/source/good.v"
  printf 'A1:\n  - {theorem: same, file: good.v}\n' >"$work/source/theorems.yaml"
}

run() { "$here/check.sh" "$work/source" "$work/build" >"$work/output" 2>&1; }

refused() {
  if run; then
    echo "selftest: accepted: $1" >&2
    exit 1
  fi
  # For the reason it should be, in its last line, not because something else broke.
  tail -n 1 "$work/output" | grep -q -- "$2" "$work/output" || {
    echo "selftest: $1: refused without \"$2\":" >&2
    cat "$work/output" >&2
    exit 1
  }
  echo "refused: $1"
}

plant() { printf '%s\n' "$1" >>"$work/source/good.v"; }

fresh
run || { cat "$work/output" >&2; exit 1; }
echo "accepted: a sound theory"

fresh; plant 'Axiom absurd : False.'
refused 'an axiom' 'assumes something'
fresh; plant 'Lemma more : True. Proof. exact I. Qed. Axiom absurd : False.'
refused 'an axiom at the end of a line' 'assumes something'
fresh; plant 'Theorem hole : 1 = 2.
Admitted.'
printf '  - {theorem: hole, file: good.v}\n' >>"$work/source/theorems.yaml"
refused 'an unfinished proof' 'assumes something'
fresh; plant 'Variable absurd : False.'
refused 'a variable outside of a section' 'does not compile'
fresh; plant 'Require Import Coq.Logic.Classical. Theorem middle : forall P, P \/ ~ P. Proof. exact classic. Qed.'
printf '  - {theorem: middle, file: good.v}\n' >>"$work/source/theorems.yaml"
refused 'an axiom of the standard library' 'not every theorem is closed'
fresh; plant 'Theorem wrong : 1 = 2. Proof. reflexivity. Qed.'
printf '  - {theorem: wrong, file: good.v}\n' >>"$work/source/theorems.yaml"
refused 'a wrong proof' 'does not compile'
fresh; plant 'Theorem more : True. Proof. exact I. Qed.'
refused 'a theorem that is not listed' 'not listed'
fresh; printf '  - {theorem: ghost, file: good.v}\n' >>"$work/source/theorems.yaml"
refused 'a listed theorem that does not exist' 'does not exist'
fresh; : >"$work/source/theorems.yaml"
refused 'an empty list' 'lists no theorem'
fresh; printf 'A2: [{theorem: same}]\n' >>"$work/source/theorems.yaml"
refused 'a line that is no theorem' 'neither'
fresh; plant '(* not closed'
refused 'a comment that is not closed' 'not closed'
