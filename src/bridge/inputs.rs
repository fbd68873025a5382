//! Which switch or sensor of Philips a switch or sensor of another make passes for.

use std::sync::Arc;

use crate::model::bridge::extra::Extra;
use crate::model::inputs::Aspect;
use crate::model::inputs::buttons::{Press, Turn};

/// What an input passes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// The model id: `SML001`.
    pub id: &'static str,
    /// The name of the product.
    pub name: &'static str,
    /// Its firmware.
    pub software: &'static str,
    /// Its hardware in version 2.
    pub platform: &'static str,
}

const fn model(id: &'static str, name: &'static str) -> Model {
    Model { id, name, software: "2.77.39", platform: "100b-119" }
}

/// A motion sensor, and what measures temperature or light.
pub const SENSOR: Model = model("SML001", "Hue motion sensor");
const CONTACT: Model = model("SOC001", "Hue secure contact sensor");
const DIAL: Model = model("RDM002", "Hue tap dial switch");
const BUTTON: Model = model("RDM003", "Hue smart button");
const DIMMER: Model = model("RWL022", "Hue dimmer switch");
const MODULE: Model = model("RDM001", "Hue wall switch module");

/// What an input with these aspects passes for.
#[must_use]
pub fn of(aspects: &[Aspect]) -> Model {
    let names = names(aspects);
    match Press::all(names).len() {
        _ if turns(names) => DIAL,
        1 => BUTTON,
        2..=4 => DIMMER,
        5.. => MODULE,
        0 if aspects.contains(&Aspect::Contact) => CONTACT,
        0 => SENSOR,
    }
}

/// What it looks like: as noted by an app.
#[must_use]
pub fn archetype(extra: Option<&Extra>) -> Arc<str> {
    extra.and_then(|extra| extra.archetype.clone()).unwrap_or_else(|| "unknown_archetype".into())
}

/// The names of what its buttons and dials say.
#[must_use]
pub fn names(aspects: &[Aspect]) -> &[Arc<str>] {
    let names = aspects.iter().find_map(|aspect| match aspect {
        Aspect::Buttons(names) => Some(&**names),
        _ => None,
    });
    names.unwrap_or_default()
}

/// Whether one of these names is a dial's.
#[must_use]
pub fn turns(names: &[Arc<str>]) -> bool {
    names.iter().any(|name| Turn::of(name).is_some())
}
