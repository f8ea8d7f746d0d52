//! Changing the parameters of a network in place.

use crate::{
    error::Error,
    network::{Layer, Network},
    scalar::Field,
};

impl<S: Field> Network<S> {
    /// Changes the layers and o_1 … o_{L-1}, of which there are none where the network stores none, and checks what
    /// has become of them; `change` says whether it has seen that every entry of the layers is finite. After an error the network holds what was refused, and must not be used.
    pub(crate) fn update(
        &mut self,
        change: impl FnOnce(&mut [Layer<S>], &mut [S]) -> bool,
    ) -> Result<(), Error> {
        let finite = change(
            &mut self.layers,
            self.length_squared.as_deref_mut().unwrap_or(&mut []),
        );
        if finite {
            self.check_lengths()
        } else {
            self.check()
        }
    }
}
