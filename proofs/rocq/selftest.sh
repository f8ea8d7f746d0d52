#!/bin/sh
# Watches check.sh refuse what it must refuse. Tiny theories without mathcomp: under a minute in all.
set -eu
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() { "$here/check.sh" "$work/source" "$work/build" >"$work/output" 2>&1; }

# What the theorems and definitions say now is what they are to say.
pin() {
  : >"$work/source/statements.txt"
  run || cp "$work/build/statements.txt" "$work/source/statements.txt"
}

# A sound theory of one theorem.
rm -rf "$work/sound"
mkdir "$work/sound" "$work/source"
printf 'Section S.\nVariable n : nat.\n(* Axiom: a word in a comment (* a nested one *) is no axiom. *)\nDefinition twice := n + n.\nTheorem same : twice = n + n.\nProof. reflexivity. Qed.\nEnd S.\n' >"$work/source/good.v"
printf 'A1:\n  - {theorem: same, file: good.v}\n' >"$work/source/theorems.yaml"
pin
cp "$work"/source/* "$work/sound"

fresh() { rm -rf "$work/source"; cp -r "$work/sound" "$work/source"; }

refused() {
  if run; then
    echo "selftest: accepted: $1" >&2
    exit 1
  fi
  # For the reason it should be, not because something else broke.
  grep -q -- "$2" "$work/output" || {
    echo "selftest: $1: refused without \"$2\":" >&2
    cat "$work/output" >&2
    exit 1
  }
  echo "refused: $1"
}

accepted() {
  run || { echo "selftest: refused: $1" >&2; cat "$work/output" >&2; exit 1; }
  echo "accepted: $1"
}

plant() { printf '%s\n' "$1" >>"$work/source/good.v"; }
list() { printf '  - {theorem: %s, file: good.v}\n' "$1" >>"$work/source/theorems.yaml"; }
replace() { sed "s/$1/$2/" "$work/sound/good.v" >"$work/source/good.v"; }

fresh
accepted 'a sound theory'

# What a theory may not assume.
fresh; plant 'Axiom absurd : False.'
refused 'an axiom' 'assumes something'
fresh; plant 'Lemma more : True. Proof. exact I. Qed. Axiom absurd : False.'
refused 'an axiom at the end of a line' 'assumes something'
fresh; plant 'Require Import String. Definition open := "(*"%string. Axiom absurd : False. Definition shut := "*)"%string.'
refused 'an axiom between strings that look like a comment' 'assumes something'
fresh; plant '(* " *) Axiom absurd : False. (* " *)'
accepted 'a comment with a string that looks like its end'
fresh; plant 'Theorem hole : 1 = 2.
Admitted.'; list hole
refused 'an unfinished proof' 'assumes something'
fresh; plant 'Variable absurd : False.'
refused 'a variable outside of a section' 'does not compile'
fresh; plant 'Require Import Coq.Logic.Classical.
Theorem middle : forall P, P \/ ~ P. Proof. exact classic. Qed.'; list middle
refused 'an axiom of the standard library' 'not every theorem is closed'
printf 'Axioms:\nClassical_Prop.classic : forall P : Prop, P \\/ ~ P\n' >"$work/source/axioms.txt"; pin
accepted 'the same axiom, where axioms.txt lists it'
printf 'Axioms:\n' >"$work/source/axioms.txt"
refused 'an axiom that axioms.txt does not list' 'does not say'

# What a list may not leave out or make up.
fresh; plant 'Theorem wrong : 1 = 2. Proof. reflexivity. Qed.'; list wrong
refused 'a wrong proof' 'does not compile'
fresh; plant 'Theorem more : True. Proof. exact I. Qed.'
refused 'a theorem that is not listed' 'not listed'
fresh; plant 'Local Theorem more : True. Proof. exact I. Qed.'
refused 'a local theorem that is not listed' 'does not begin its line'
fresh; plant '#[global] Theorem more : True. Proof. exact I. Qed.'
refused 'a theorem behind an attribute' 'without attributes'
fresh; plant 'Proposition more : True. Proof. exact I. Qed.'
refused 'a theorem by another name' 'neither a Theorem'
fresh; plant 'Lemma one : True. Proof. exact I. Qed. Theorem more : True. Proof. exact I. Qed.'
refused 'a theorem in the middle of a line' 'does not begin its line'
fresh; list ghost
refused 'a listed theorem that does not exist' 'does not exist'
fresh; : >"$work/source/theorems.yaml"
refused 'an empty list' 'lists no theorem'
fresh; printf 'A2: [{theorem: same}]\n' >>"$work/source/theorems.yaml"
refused 'a line that is no theorem' 'neither'
fresh; plant '(* not closed'
refused 'a comment that is not closed' 'not closed'

# What a theorem may not stop saying.
fresh; replace 'Theorem same : twice = n + n' 'Theorem same : n = n'
refused 'a changed statement' 'says something else'
fresh; replace 'twice := n + n' 'twice := n + (n + 0)'; sed -i 's/reflexivity/unfold twice; now rewrite <- plus_n_O/' "$work/source/good.v"
refused 'a changed definition' 'says something else'
fresh; replace 'Variable n : nat.' 'Variable n : nat. Hypothesis absurd : False.'
sed -i 's/Proof. reflexivity/Proof. destruct absurd/' "$work/source/good.v"
refused 'a premise in the section' 'says something else'
pin
refused 'a premise that nothing meets, its statement committed' 'assumes something, and no instances.v'
fresh; plant 'Theorem less : forall m, 0 = m -> m = 0. Proof. intros m E; symmetry; exact E. Qed.'; list less; pin
refused 'a premise that nothing is shown to meet' 'assumes something, and no instances.v'
printf 'Require Import Isotropic.good.\nDefinition here := less 0 eq_refl.\n' >"$work/source/instances.v"; pin
accepted 'a premise that instances.v meets'
mv "$work/source/instances.v" "$work/source/instances_more.v"
accepted 'a premise that instances_more.v meets'
mv "$work/source/instances_more.v" "$work/source/more.v"; pin
refused 'a premise that a file of another name meets' 'assumes something, and no instances.v'
