//! Effects that lights have by themselves, under the names that Hue apps know.
//!
//! Invariant: a name that is shown leads back to the effect it was made of.

use std::sync::Arc;

use crate::model::lights::capabilities::Capabilities;

/// What apps call no effect.
pub const NONE: &str = "no_effect";
/// Effects that apps know.
const KNOWN: [&str; 10] =
    ["candle", "fire", "prism", "sparkle", "opal", "glisten", "underwater", "cosmos", "sunbeam", "enchant"];
/// Names of others for the same.
const ALIKE: [(&str, &str); 2] = [("fireplace", "fire"), ("fire_2012", "fire")];

/// The name that apps know an effect by; `None` for one that they do not know.
#[must_use]
pub fn known(own: &str) -> Option<&'static str> {
    let plain = |c: char| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let name: String = own.chars().map(plain).collect();
    let alike = ALIKE.iter().find(|(other, _)| *other == name).map(|(_, known)| *known);
    alike.or_else(|| KNOWN.iter().find(|known| **known == name).copied())
}

/// The name that apps see: the one they know, else its own.
#[must_use]
pub fn shown(own: &str) -> &str {
    known(own).unwrap_or(own)
}

/// The effect of a light that apps mean by a name; empty for none, `None` if it has no such effect.
#[must_use]
pub fn meant(can: &Capabilities, name: &str) -> Option<Arc<str>> {
    if name == NONE {
        return Some("".into());
    }
    let exact = can.effects.iter().find(|own| ***own == *name);
    exact.or_else(|| can.effects.iter().find(|own| shown(own) == name)).cloned()
}
