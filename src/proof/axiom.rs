//! Trusted. The axioms: what holds for matrices over every commutative ring. `proofs/rocq/axioms.v`
//! proves each of them under the same name.

use super::{Problem, Shape, Signature, Term, parse_equation, parse_shape};

/// Name, metavariables with their shapes, and the equation. Dimensions are metavariables too.
type Row = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

#[rustfmt::skip]
const AXIOMS: &[Row] = &[
    ("add-comm",    &[("A", "m×n"), ("B", "m×n")],                             "A + B = B + A"),
    ("add-assoc",   &[("A", "m×n"), ("B", "m×n"), ("C", "m×n")],               "A + B + C = A + (B + C)"),
    ("add-zero",    &[("A", "m×n")],                                           "A + 0[m×n] = A"),
    ("mul-assoc",   &[("A", "m×n"), ("B", "n×p"), ("C", "p×q")],               "A B C = A (B C)"),
    ("mul-id-l",    &[("A", "m×n")],                                           "I[m] A = A"),
    ("mul-id-r",    &[("A", "m×n")],                                           "A I[n] = A"),
    ("mul-zero-l",  &[("A", "n×p")],                                           "0[m×n] A = 0[m×p]"),
    ("mul-zero-r",  &[("A", "m×n")],                                           "A 0[n×p] = 0[m×p]"),
    ("mul-add-l",   &[("A", "m×n"), ("B", "n×p"), ("C", "n×p")],               "A (B + C) = A B + A C"),
    ("mul-add-r",   &[("A", "m×n"), ("B", "m×n"), ("C", "n×p")],               "(A + B) C = A C + B C"),
    ("mul-scalar",  &[("A", "m×1"), ("s", "1×1")],                             "A s = s · A"),
    ("mul-hcat",    &[("A", "m×n"), ("B", "n×p"), ("C", "n×q")],               "A [B, C] = [A B, A C]"),
    ("scalar-comm", &[("s", "1×1"), ("t", "1×1")],                             "s t = t s"),
    ("tr-add",      &[("A", "m×n"), ("B", "m×n")],                             "(A + B)ᵀ = Aᵀ + Bᵀ"),
    ("tr-mul",      &[("A", "m×n"), ("B", "n×p")],                             "(A B)ᵀ = Bᵀ Aᵀ"),
    ("tr-sc",       &[("s", "1×1"), ("A", "m×n")],                             "(s · A)ᵀ = s · Aᵀ"),
    ("tr-tr",       &[("A", "m×n")],                                           "Aᵀᵀ = A"),
    ("tr-zero",     &[],                                                       "0[m×n]ᵀ = 0[n×m]"),
    ("sc-mul-l",    &[("s", "1×1"), ("A", "m×n"), ("B", "n×p")],               "(s · A) B = s · A B"),
    ("sc-mul-r",    &[("s", "1×1"), ("A", "m×n"), ("B", "n×p")],               "A (s · B) = s · A B"),
    ("sc-add",      &[("s", "1×1"), ("A", "m×n"), ("B", "m×n")],               "s · (A + B) = s · A + s · B"),
    ("sc-sum",      &[("s", "1×1"), ("t", "1×1"), ("A", "m×n")],               "(s + t) · A = s · A + t · A"),
    ("sc-sc",       &[("s", "1×1"), ("t", "1×1"), ("A", "m×n")],               "s · t · A = s t · A"),
    ("sc-one",      &[("A", "m×n")],                                           "I[1] · A = A"),
    ("sc-zero",     &[("s", "1×1")],                                           "s · 0[m×n] = 0[m×n]"),
    ("sc-zero-l",   &[("A", "m×n")],                                           "0[1×1] · A = 0[m×n]"),
    ("hcat-vcat",   &[("A", "m×n"), ("B", "m×p"), ("C", "n×q"), ("D", "p×q")], "[A, B] [C; D] = A C + B D"),
    ("hcat-add",    &[("A", "m×n"), ("B", "m×p"), ("C", "m×n"), ("D", "m×p")], "[A, B] + [C, D] = [A + C, B + D]"),
    ("vcat-mul",    &[("A", "m×n"), ("B", "p×n"), ("C", "n×q")],               "[A; B] C = [A C; B C]"),
    ("vcat-add",    &[("A", "m×n"), ("B", "p×n"), ("C", "m×n"), ("D", "p×n")], "[A; B] + [C; D] = [A + C; B + D]"),
    ("sc-vcat",     &[("s", "1×1"), ("A", "m×n"), ("B", "p×n")],               "s · [A; B] = [s · A; s · B]"),
    ("tr-vcat",     &[("A", "m×n"), ("B", "p×n")],                             "[A; B]ᵀ = [Aᵀ, Bᵀ]"),
];

/// An equation that holds whatever stands for its metavariables, the variables of `signature`, and for
/// its dimensions.
#[derive(Clone, Debug)]
pub struct Axiom {
    /// Its name.
    pub name: &'static str,
    /// The metavariables, with their shapes, and the dimensions that occur.
    pub signature: Signature,
    /// The left side.
    pub left: Term,
    /// The right side.
    pub right: Term,
}

/// All axioms.
///
/// # Errors
/// [`Problem`], if the table above were wrong; a test sees that it is not.
pub fn axioms() -> Result<Vec<Axiom>, Problem> {
    let read = |(name, variables, equation): &Row| {
        let mut signature = Signature {
            dimensions: ["m", "n", "p", "q"].map(String::from).into(),
            ..Signature::default()
        };
        for (variable, shape) in *variables {
            let shape = parse_shape(shape, &signature)?;
            signature.variables.insert((*variable).into(), shape);
        }
        let (left, right) = parse_equation(equation, &signature)?;
        same_shape(&left, &right, &signature)?;
        Ok(Axiom {
            name,
            signature,
            left,
            right,
        })
    };
    AXIOMS.iter().map(read).collect()
}

/// Two terms may only be called equal if they have one shape.
pub(super) fn same_shape(a: &Term, b: &Term, signature: &Signature) -> Result<Shape, Problem> {
    let (left, right) = (signature.shape(a)?, signature.shape(b)?);
    if left == right {
        return Ok(left);
    }
    let (left, right) = (left.to_string(), right.to_string());
    Err(Problem::ShapesDiffer { left, right })
}
