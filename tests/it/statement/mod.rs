//! The catalogue: complete, verified in every arithmetic, on every family and on given networks, and what is allowed held to
//! laws and worked examples.

mod catalogue;
mod coverage;
mod dimension;
mod generated;
mod given;
mod laws;
mod worked;

use isotropic::statement::{Arithmetic, Case, Entry, Measurement, Origin, Variant, catalogue};

/// The statements, or those that ISOTROPIC_ONLY names: what changes of one module are run against.
fn entries() -> Vec<Entry> {
    let mut all = catalogue().expect("the declarations parse");
    if let Ok(only) = std::env::var("ISOTROPIC_ONLY") {
        all.retain(|entry| only.split(',').any(|id| id == entry.id()));
    }
    all
}

/// A statement and each of its controls.
fn variants(entry: &Entry) -> Vec<Variant<&str>> {
    let controls = entry.declaration.controls.iter();
    let controls = controls.map(|control| Variant::Control(&control.id[..]));
    std::iter::once(Variant::Faithful).chain(controls).collect()
}

/// Where the cases of a variant come from: generated networks, or the family that a control asks for.
fn origin(entry: &Entry, variant: Variant<&str>) -> Origin {
    match variant {
        Variant::Faithful => Origin::Generated,
        Variant::Control(id) => entry.declaration.origin(id, &Origin::Generated),
    }
}

/// What one case gives; an operation that fails ends the test, with its place.
fn measured(
    entry: &Entry,
    variant: Variant<&str>,
    arithmetic: Arithmetic,
    case: &Case,
) -> Option<Measurement> {
    let found = entry.measure(arithmetic, variant, case);
    found.unwrap_or_else(|error| {
        let (id, title) = (entry.id(), arithmetic.title());
        panic!("{id} {variant:?} in {title}: {error}")
    })
}
