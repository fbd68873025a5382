//! Fusion: what the sources of one rule say together.
//!
//! Invariant: pure; the order of sources does not matter. A source that is stale says nothing.

use crate::model::alarms::rule::{Confidence, Level, Rule, Source};

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
///
/// A source that may alarm alone does so at its own level. All sources that are on, alone or not, count towards
/// [`Rule::min_sources`]; with enough of them it is the worst of their levels, and at least [`Rule::together`].
#[must_use]
pub fn judge(rule: &Rule, standings: &[Standing]) -> Option<Verdict> {
    let on = || counted(rule, standings);
    let alone = on().filter(|source| source.alone).map(|source| source.level).max();
    let enough = on().count() >= usize::from(rule.min_sources.max(1));
    let together = enough.then(|| on().map(|source| source.level).fold(rule.together, Level::max));
    let level = alone.max(together)?;
    Some(Verdict { level, confidence: confidence(rule.confidence, on().map(|source| source.weight)) })
}

fn counted<'a>(rule: &'a Rule, standings: &'a [Standing]) -> impl Iterator<Item = &'a Source> {
    let counts = |(source, standing): &(&Source, &Standing)| source.enabled && standing.on && !standing.stale;
    rule.sources.iter().zip(standings).filter(counts).map(|(source, _)| source)
}

fn confidence(how: Confidence, weights: impl Iterator<Item = f32>) -> f32 {
    let weights = weights.map(|weight| if weight.is_finite() { weight.clamp(0.0, 1.0) } else { 0.0 });
    match how {
        Confidence::Independent => 1.0 - weights.map(|weight| 1.0 - weight).product::<f32>(),
        Confidence::Sum => weights.sum::<f32>().min(1.0),
    }
}
