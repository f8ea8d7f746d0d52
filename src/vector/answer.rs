//! What a port answers: named quantities.

use super::{input::Refusal, tree::Tree};
use crate::{
    linalg::Matrix,
    scalar::{Field, Rational},
};

/// The outputs of one case, exact values of whatever arithmetic computed them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Names and values, in the order of the operation's description.
    pub outputs: Vec<(&'static str, Tree<Rational>)>,
}

impl Answer {
    /// The output of that name.
    pub fn get(&self, name: &str) -> Option<&Tree<Rational>> {
        let found = self.outputs.iter().find(|(known, _)| *known == name);
        found.map(|(_, tree)| tree)
    }

    pub(super) fn with(
        mut self,
        name: &'static str,
        tree: Option<Tree<Rational>>,
    ) -> Result<Self, Refusal> {
        self.outputs
            .push((name, tree.ok_or(Refusal::NotFinite(name))?));
        Ok(self)
    }

    pub(super) fn number<S: Field>(self, name: &'static str, x: &S) -> Result<Self, Refusal> {
        self.with(name, Tree::number(x))
    }

    pub(super) fn vector<S: Field>(self, name: &'static str, x: &[S]) -> Result<Self, Refusal> {
        self.with(name, Tree::vector(x))
    }

    pub(super) fn matrix<S: Field>(
        self,
        name: &'static str,
        a: &Matrix<S>,
    ) -> Result<Self, Refusal> {
        self.with(name, Tree::matrix(a))
    }

    pub(super) fn counts(self, name: &'static str, items: &[usize]) -> Result<Self, Refusal> {
        self.with(name, Some(Tree::counts(items)))
    }
}
