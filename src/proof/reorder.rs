//! Not trusted. Sums in another order: the steps by commutativity and associativity that lead from one term to another.
//! They are proposed here, and checked in `rewrite.rs` as if the script had them one by one.

use super::{Op, Step, Term};

/// The rule of a script that stands for such steps.
pub(super) const REORDER: &str = "ac";

/// Steps from a term to another that differs in the order and the brackets of its sums; where it differs otherwise, they
/// do not get there. Positions are counted from `at`.
pub(super) fn reordering(from: &Term, to: &Term, at: &[usize]) -> Vec<Step> {
    let mut steps = vec![];
    walk(from, to, at, &mut steps);
    steps
}

fn walk(from: &Term, to: &Term, at: &[usize], steps: &mut Vec<Step>) {
    if from == to {
        return;
    }
    if is_sum(from) && is_sum(to) {
        return sum(from, to, at, steps);
    }
    let (Term::Node(op, these), Term::Node(other, those)) = (from, to) else {
        return;
    };
    if op == other {
        for (child, (this, that)) in these.iter().zip(those).enumerate() {
            walk(this, that, &below(at, &[child]), steps);
        }
    }
}

/// (… (s_0 + s_1) + …) + s_n, then the summands one by one to their places, each put in order itself, then the brackets of
/// the other sum.
fn sum(from: &Term, to: &Term, at: &[usize], steps: &mut Vec<Step>) {
    let mut summands = flattened(from, at, steps);
    let mut brackets = vec![];
    let wanted = flattened(to, at, &mut brackets);
    if summands.len() != wanted.len() {
        return;
    }
    let last = summands.len() - 1;
    // The sum of which summand i is the right side.
    let sum_at = |i: usize| below(at, &vec![0; last - i]);
    for (i, wanted) in wanted.iter().enumerate() {
        let same = |summand: &Term| ordered(summand) == ordered(wanted);
        let Some(found) = summands.iter().skip(i).position(same) else {
            return;
        };
        for right in (i + 1..=i + found).rev() {
            let here = sum_at(right);
            if right == 1 {
                steps.push(step("add-comm", false, here));
            } else {
                steps.push(step("add-assoc", false, here.clone()));
                steps.push(step("add-comm", false, below(&here, &[1])));
                steps.push(step("add-assoc", true, here));
            }
            summands.swap(right - 1, right);
        }
    }
    for (i, (summand, wanted)) in summands.iter().zip(&wanted).enumerate() {
        let here = match i {
            0 => below(&sum_at(1), &[0]),
            i => below(&sum_at(i), &[1]),
        };
        walk(summand, wanted, &here, steps);
    }
    let backwards = brackets.into_iter().rev().map(|step: Step| Step {
        back: !step.back,
        ..step
    });
    steps.extend(backwards);
}

/// The summands, and the steps that leave no sum on the right of a `+`.
fn flattened(term: &Term, at: &[usize], steps: &mut Vec<Step>) -> Vec<Term> {
    let (Term::Node(Op::Add, children), mut left) = (term, None::<Term>) else {
        return vec![term.clone()];
    };
    let [a, b] = children.as_slice() else {
        return vec![term.clone()];
    };
    let mut right = b;
    // A + (B + C) becomes (A + B) + C until C is no sum.
    while let Term::Node(Op::Add, inner) = right {
        let [first, second] = inner.as_slice() else {
            break;
        };
        steps.push(step("add-assoc", true, at.to_vec()));
        let before = left.unwrap_or_else(|| a.clone());
        left = Some(Term::Node(Op::Add, vec![before, first.clone()]));
        right = second;
    }
    let left = left.unwrap_or_else(|| a.clone());
    let mut summands = flattened(&left, &below(at, &[0]), steps);
    summands.push(right.clone());
    summands
}

/// The term with the summands of every sum in one order, to compare it by.
fn ordered(term: &Term) -> Term {
    if is_sum(term) {
        let mut summands: Vec<Term> = flattened(term, &[], &mut vec![])
            .iter()
            .map(ordered)
            .collect();
        summands.sort();
        return Term::Node(Op::Add, summands);
    }
    match term {
        Term::Node(op, children) => Term::Node(op.clone(), children.iter().map(ordered).collect()),
        Term::Variable(_) | Term::Zero(..) | Term::Identity(_) => term.clone(),
    }
}

fn is_sum(term: &Term) -> bool {
    matches!(term, Term::Node(Op::Add, children) if children.len() == 2)
}

fn below(at: &[usize], further: &[usize]) -> Vec<usize> {
    [at, further].concat()
}

fn step(rule: &str, back: bool, at: Vec<usize>) -> Step {
    Step {
        rule: rule.into(),
        back,
        at,
        ..Step::default()
    }
}
