//! The operations, one file of vectors each.
//!
//! An operation is a [`Question`]: it *drafts* its cases, *answers* an input in any arithmetic (the references at 512 and
//! 1024 bits, the exact ones over ℚ, and this crate's own answers in f32 and f64 with the same text), and derives what
//! rounding *allows* each output. A new operation is a file with these, a text beside it that describes it, and its
//! `mod` and its line in the table below; its file in `vectors/v1` comes from `isotropic vectors generate`.

mod absorbed;
mod activation;
mod adapt;
mod allow;
mod alternate;
mod batch;
mod collapsed;
mod compress;
mod decide;
mod draft;
mod forward;
mod full;
mod gain;
mod gradient;
mod grow;
mod grow_with_bias;
mod harness;
mod images;
mod import;
mod in_gauge;
mod invalid;
mod jacobian;
mod left;
mod model;
mod optimiser_state;
mod optimiser_step;
mod question;
mod remove;
mod rotate;
mod shrunk;
mod triangular;
mod truncate;

pub(super) use allow::Allowances;
pub(super) use draft::{Allow, Draft, Source};
use question::{Edited, Question};

use super::{
    answer::Answer,
    input::{Input, Refusal},
    judge::Reply,
    part::Part,
};
use crate::{Error, network::Network, scalar::Real};

/// The table: name, which is also the file's, and module.
macro_rules! operations {
    ($($variant:ident = $name:literal in $module:ident;)*) => {
        /// What a vector file is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the description says it")]
        pub enum Operation {
            $($variant,)*
        }

        impl Operation {
            /// All of them, in the order in which a port is best written.
            pub const ALL: [Operation; [$($name),*].len()] = [$(Operation::$variant),*];

            /// The name, which is also the file's.
            pub fn name(self) -> &'static str {
                match self {
                    $(Operation::$variant => $name,)*
                }
            }

            /// Inputs, outputs and the equation.
            pub fn description(self) -> &'static str {
                let text = match self {
                    $(Operation::$variant => $module::Cases::DESCRIPTION,)*
                };
                text.trim_end()
            }

            /// The parts of an input. Those of `invalid` are any other operation's, good or bad.
            pub fn inputs(self) -> &'static [Part] {
                match self {
                    $(Operation::$variant => $module::Cases::INPUTS,)*
                }
            }

            /// The parts of an answer.
            pub fn outputs(self) -> &'static [Part] {
                match self {
                    $(Operation::$variant => $module::Cases::OUTPUTS,)*
                }
            }

            /// The vector file of this version.
            pub(super) const fn file(self) -> &'static str {
                match self {
                    $(Operation::$variant => {
                        include_str!(concat!("../../../vectors/v1/", $name, ".json"))
                    })*
                }
            }

            /// The cases, drawn from a seed.
            pub(super) fn drafts(self, seed: u64) -> Result<Vec<Draft>, Error> {
                let source = &Source {
                    seed,
                    operation: self.name(),
                };
                match self {
                    $(Operation::$variant => $module::Cases::drafts(source),)*
                }
            }

            /// The answer over ℚ, for the operations and gains that have one.
            pub(super) fn exact(self, input: &Input) -> Option<Answer> {
                match self {
                    $(Operation::$variant => $module::Cases::exact(input),)*
                }
            }

            /// What rounding allows each output.
            pub(super) fn allowances(self, input: &Input) -> Allowances {
                match self {
                    $(Operation::$variant => $module::Cases::allowances(input),)*
                }
            }

            /// The network after an operation that changes it.
            fn edited<S: Real>(self, input: &Input) -> Result<Network<S>, Refusal> {
                match self {
                    $(Operation::$variant => $module::Cases::edited::<S>(input),)*
                }
            }

            /// The same for the allowances, with what a port's parameters may be off by.
            fn errors(self, input: &Input) -> Result<Edited, Refusal> {
                match self {
                    $(Operation::$variant => $module::Cases::errors(input),)*
                }
            }

            /// The answer to an input of the operation itself.
            fn answer_to<S: Real>(self, input: &Input) -> Result<Answer, Refusal> {
                match self {
                    $(Operation::$variant => $module::Cases::answer::<S>(input),)*
                }
            }
        }
    };
}

operations! {
    Harness = "harness" in harness;
    Gain = "gain" in gain;
    Activation = "activation" in activation;
    Forward = "forward" in forward;
    Batch = "batch" in batch;
    Rotate = "rotate" in rotate;
    Grow = "grow" in grow;
    GrowWithBias = "grow-with-bias" in grow_with_bias;
    Remove = "remove" in remove;
    Collapsed = "collapsed" in collapsed;
    Left = "left" in left;
    Full = "full" in full;
    Alternate = "alternate" in alternate;
    Triangular = "triangular" in triangular;
    Truncate = "truncate" in truncate;
    Compress = "compress" in compress;
    Adapt = "adapt" in adapt;
    OptimiserState = "optimiser-state" in optimiser_state;
    Jacobian = "jacobian" in jacobian;
    Gradient = "gradient" in gradient;
    OptimiserStep = "optimiser-step" in optimiser_step;
    Decide = "decide" in decide;
    Images = "images" in images;
    Import = "import" in import;
    Invalid = "invalid" in invalid;
}

impl Operation {
    /// The operation of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// The answer of this crate in the arithmetic `S`. What `invalid` asks is answered by the operation that it names.
    ///
    /// # Errors
    /// [`Refusal`], with the reason.
    pub fn answer<S: Real>(self, input: &Input) -> Result<Answer, Refusal> {
        if self != Operation::Invalid {
            return self.answer_to::<S>(input);
        }
        Operation::named(input)?.answer_to::<S>(input)
    }

    /// The operation that an input names.
    fn named(input: &Input) -> Result<Self, Refusal> {
        match Operation::from_name(&input.word("operation")?) {
            Some(Operation::Invalid) | None => Err(Refusal::Input {
                name: "operation".into(),
                why: "there is no such operation".into(),
            }),
            Some(other) => Ok(other),
        }
    }

    /// The same as a port would say it; with `invalid`, a refusal comes with the network's output afterwards.
    pub fn reply<S: Real>(self, input: &Input, invalid: bool) -> Reply {
        let spelled = |answer: Answer| {
            let outputs = answer.outputs.into_iter();
            outputs
                .map(|(name, tree)| (name.to_string(), tree.spelled(&super::text::spell_whole)))
                .collect()
        };
        match self.answer::<S>(input) {
            Ok(answer) => Reply::Given {
                outputs: spelled(answer),
                refused: None,
            },
            Err(why) => Reply::Given {
                outputs: match invalid {
                    true => Self::after_refusal::<S>(input)
                        .map(spelled)
                        .unwrap_or_default(),
                    false => std::collections::BTreeMap::new(),
                },
                refused: Some(why.to_string()),
            },
        }
    }

    /// The network in the state dictionary of an input.
    pub(super) fn imported<S: Real>(input: &Input) -> Result<Network<S>, Refusal> {
        import::network(input)
    }

    /// What is answered beside a refusal.
    pub(super) fn after_refusal<S: Real>(input: &Input) -> Option<Answer> {
        Operation::Invalid.answer_to::<S>(input).ok()
    }
}
