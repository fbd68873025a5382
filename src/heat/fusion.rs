//! Fusion: what the sources of one rule say together.

use crate::model::alarms::rule::{Level, Rule};

/// How one source stands, as fusion sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is on.
    pub on: bool,
    /// Whether nothing came from it for too long: then it does not count.
    pub stale: bool,
}

/// What the sources say together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// How bad it is.
    pub level: Level,
    /// How sure, 0..=1.
    pub confidence: f32,
}

/// Judges: `None` if it is no alarm. `standings` are those of `rule.sources`, in their order; missing ones are off.
#[must_use]
pub fn judge(_rule: &Rule, _standings: &[Standing]) -> Option<Verdict> {
    None
}
