//! Networks and their parts: gains, the activation, Jacobians, what `Network::new` refuses.

mod activation;
mod activation_limits;
mod checks;
mod gain_enclosures;
mod gain_laws;
mod jacobian;
mod layer_numbers;
mod tanh_slope;
mod trained;
