//! A network that is being trained: its parameters, how o is trained, and the state of the optimiser.

use super::{Descent, LengthMode, Optimiser, State};
use crate::{
    error::Error,
    gauge,
    linalg::Matrix,
    network::{
        Network,
        gradient::{Gradient, Loss, Room, Tangent, Targets, Trainable},
    },
    resize,
};

/// A network with the state of its optimiser. Rotations, growth and removals go through it, so that the state follows.
///
/// ```
/// use isotropic::learning::{Descent, LengthMode, Optimiser, Trainee, train};
/// use isotropic::linalg::{Matrix, Vector};
/// use isotropic::network::gradient::{Loss, Targets};
/// use isotropic::{Gain, Layer, Network, scalar::Rational};
///
/// let q = |n: i64| Rational::ratio(n, 4).unwrap_or_default();
/// let layer = |seed: i64| Layer {
///     weight: Matrix::from_fn(2, 2, |i, j| q(seed + i as i64 - 2 * j as i64)),
///     bias: Vector::from_element(2, q(1)),
///     psi: None,
/// };
/// let network = Network::new(vec![layer(1), layer(-1)], Gain::Rational, None)?;
/// let descent = Descent::plain(Optimiser::Momentum { mu: q(2) });
/// let mut trainee = Trainee::new(network, LengthMode::Fixed, &descent.optimiser)?;
/// let x = Matrix::from_fn(2, 3, |i, j| q((3 * i + j) as i64));
/// let targets = Targets::Labels(vec![0, 1, 1]);
/// // Two exact steps with the rate 1/4: the loss falls.
/// let losses = train(&mut trainee, &descent, &x, &targets, Loss::Squared, &[q(1), q(1)])?;
/// assert!(losses[1] < losses[0]);
/// # Ok::<(), isotropic::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Trainee<S> {
    pub(super) network: Network<S>,
    mode: LengthMode,
    /// What is trained in place of o_l.
    pub(super) trained: Vec<S>,
    pub(super) state: State<S>,
}

impl<S: Trainable> Trainee<S> {
    /// A network at the start of its training. Unless o is fixed, it gets intrinsic lengths if it has none.
    ///
    /// # Errors
    /// [`Error::Value`] for o = 0 trained as ln o; [`Error::NeedsReal`] for logarithms or roots in exact arithmetic.
    pub fn new(
        network: Network<S>,
        mode: LengthMode,
        optimiser: &Optimiser<S>,
    ) -> Result<Self, Error> {
        let trained = network
            .hidden()
            .map(|l| mode.trained(l, &network.length_squared(l)))
            .collect::<Result<_, _>>()?;
        Self::assemble(network, mode, trained, optimiser)
    }

    /// As [`Trainee::new`] with λ_l given and o_l = λ_l², so that no root is needed.
    ///
    /// # Errors
    /// [`Error::Shape`] unless there is one λ for each hidden layer.
    pub fn with_roots(
        network: Network<S>,
        roots: Vec<S>,
        optimiser: &Optimiser<S>,
    ) -> Result<Self, Error> {
        let lengths = roots.iter().map(|root| root.clone() * root).collect();
        let (layers, gain, _) = network.into_parts();
        let network = Network::new(layers, gain, Some(lengths))?;
        Self::assemble(network, LengthMode::Root, roots, optimiser)
    }

    fn assemble(
        network: Network<S>,
        mode: LengthMode,
        trained: Vec<S>,
        optimiser: &Optimiser<S>,
    ) -> Result<Self, Error> {
        let keeps = network.has_lengths() || mode != LengthMode::Fixed;
        let (layers, gain, lengths) = network.into_parts();
        let network = Network::new(layers, gain, keeps.then_some(lengths))?;
        let state = State::new(&network, optimiser);
        Ok(Trainee {
            network,
            mode,
            trained,
            state,
        })
    }

    /// From parts that fit.
    #[cfg(feature = "io")]
    pub(super) fn from_parts(
        network: Network<S>,
        mode: LengthMode,
        trained: Vec<S>,
        state: State<S>,
    ) -> Self {
        Trainee {
            network,
            mode,
            trained,
            state,
        }
    }

    /// The network as it is now.
    pub fn network(&self) -> &Network<S> {
        &self.network
    }

    /// The state of the optimiser.
    pub fn state(&self) -> &State<S> {
        &self.state
    }

    /// The state, to be changed: for controls, which leave it behind on purpose.
    pub fn state_mut(&mut self) -> &mut State<S> {
        &mut self.state
    }

    /// How o is trained.
    pub fn mode(&self) -> LengthMode {
        self.mode
    }

    /// What is trained in place of o_1 … o_{L-1}.
    pub fn trained_lengths(&self) -> &[S] {
        &self.trained
    }

    /// The loss on a batch (x of n_0 × N) and its gradient with respect to what is trained: that of o by the chain rule.
    ///
    /// # Errors
    /// As [`gradient`](crate::network::gradient::gradient()).
    pub fn gradient(
        &self,
        x: &Matrix<S>,
        targets: &Targets<S>,
        loss: Loss,
    ) -> Result<Gradient<S>, Error> {
        self.gradient_in(&mut Room::default(), x, targets, loss)
    }

    /// [`Trainee::gradient`], in room that is there, and on its threads: the same bits.
    ///
    /// # Errors
    /// As [`Trainee::gradient`].
    pub fn gradient_in(
        &self,
        room: &mut Room<S>,
        x: &Matrix<S>,
        targets: &Targets<S>,
        loss: Loss,
    ) -> Result<Gradient<S>, Error> {
        let mut found = room.gradient(&self.network, x, targets, loss)?;
        let trained = self.network.hidden().zip(&self.trained);
        for (of, (l, trained)) in found.parameters.lengths.iter_mut().zip(trained) {
            *of = self
                .mode
                .chain(of, trained, &self.network.length_squared(l));
        }
        Ok(found)
    }

    /// Rotates hidden layer `l` by an orthogonal R (n_l × n_l), parameters and state (THEORY F1).
    ///
    /// # Errors
    /// As [`gauge::rotate`].
    pub fn rotate(
        &mut self,
        l: usize,
        r: &Matrix<S>,
        optimiser: &Optimiser<S>,
    ) -> Result<(), Error> {
        self.network = gauge::rotate(&self.network, l, r)?;
        self.state.carry(l, r, optimiser);
        Ok(())
    }

    /// Appends neurons with zero rows and these outgoing columns (n_{l+1} × q) to hidden layer `l`: the function stays the
    /// same bit for bit (THEORY C1), and they start with nothing remembered (F3).
    ///
    /// # Errors
    /// As [`resize::grow`].
    pub fn grow(&mut self, l: usize, columns: &Matrix<S>) -> Result<(), Error> {
        self.network = resize::grow(&self.network, l, columns)?;
        self.state.grow(l, columns.ncols());
        Ok(())
    }

    /// Keeps the components of hidden layer `l` along the orthonormal columns of `basis` (n_l × p) and holds the rest at those
    /// of `point` (n_l entries): the bias for D2 and D4, the mean of z_l for D10. The state is cut with it; that of o stays.
    ///
    /// # Errors
    /// As [`resize::project_to`]; [`Error::NeedsReal`] for ln o or λ in exact arithmetic.
    pub fn project_to(
        &mut self,
        l: usize,
        basis: &Matrix<S>,
        point: &[S],
        optimiser: &Optimiser<S>,
    ) -> Result<(), Error> {
        let network = resize::project_to(&self.network, l, basis, point)?;
        let o = network.length_squared(l);
        if o != self.network.length_squared(l) {
            self.trained[l - 1] = self.mode.trained(l, &o)?;
        }
        self.network = network;
        self.state.carry(l, &basis.transpose(), optimiser);
        self.state.follow_psi(&self.network);
        Ok(())
    }

    /// Puts another network in the place of this one, changing the momenta (and second moments by entry) by `follow`: for
    /// changes of the inputs and outputs. o is taken from the network.
    ///
    /// # Errors
    /// [`Error::Shape`] if a momentum does not have the new shape then; as [`Trainee::new`] for o.
    pub fn replace(
        &mut self,
        network: Network<S>,
        follow: impl Fn(&mut Tangent<S>),
    ) -> Result<(), Error> {
        let mut next = self.clone();
        for (l, trained) in network.hidden().zip(&mut next.trained) {
            let o = network.length_squared(l);
            if o != self.network.length_squared(l) {
                *trained = self.mode.trained(l, &o)?;
            }
        }
        next.network = network;
        follow(&mut next.state.first);
        if let super::state::Second::Entries(moments) = &mut next.state.second {
            follow(moments);
        }
        next.state.follow_psi(&next.network);
        next.state.check(&next.network)?;
        *self = next;
        Ok(())
    }
}

/// One step on all of the data for each rate, and the losses before each. The plain loop, for every field.
///
/// # Errors
/// As [`Trainee::gradient`] and [`Trainee::step`].
pub fn train<S: Trainable>(
    trainee: &mut Trainee<S>,
    descent: &Descent<S>,
    x: &Matrix<S>,
    targets: &Targets<S>,
    loss: Loss,
    rates: &[S],
) -> Result<Vec<S>, Error> {
    let mut losses = vec![];
    for rate in rates {
        let found = trainee.gradient(x, targets, loss)?;
        trainee.step(descent, found.parameters, rate)?;
        losses.push(found.loss);
    }
    Ok(losses)
}
