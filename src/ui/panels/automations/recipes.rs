//! Rules to begin with.

use std::sync::Arc;
use std::time::Duration;

use crate::model::alarms::rule::{ChannelUnit, Compare, Confidence, Input, Latch, Level, Rule, RuleId, Scope, Source};
use crate::units::grid::Patch;

/// A rule to begin with.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Its name.
    pub name: &'static str,
    /// What it is for, one sentence.
    pub what: &'static str,
    /// The rule.
    pub rule: fn() -> Rule,
}

/// All recipes, in the order shown.
pub static ALL: [Recipe; 6] = [
    Recipe { name: "Too hot", what: "The hottest cell of a picture is above a limit", rule: too_hot },
    Recipe { name: "Rises fast", what: "Something warms faster than it should", rule: rises_fast },
    Recipe { name: "Hotter than around it", what: "One area is hotter than the rest of the picture", rule: hotter },
    Recipe { name: "Unusually warm", what: "Warmer than the picture that was learned", rule: unusual },
    Recipe { name: "Smoke and heat", what: "Two weak signs at once make an alarm", rule: smoke_and_heat },
    Recipe { name: "Device silent", what: "A device sends nothing any more", rule: silent },
];

/// A source that raises by itself, after two readings and one second, for what a recipe leaves open.
#[must_use]
pub fn source(name: &str, input: Input, threshold: f64, hysteresis: f64, level: Level) -> Source {
    Source {
        name: name.into(),
        enabled: true,
        input,
        compare: Compare::AtLeast,
        threshold,
        hysteresis,
        hold_readings: 2,
        hold_on: Duration::from_secs(1),
        hold_off: Duration::from_secs(10),
        weight: 0.5,
        alone: true,
        level,
    }
}

/// A rule of these sources.
#[must_use]
pub fn rule(name: &str, sources: Vec<Source>) -> Rule {
    Rule {
        id: RuleId::new(name),
        name: name.into(),
        enabled: true,
        scope: Scope::Everywhere,
        // Together sources say no more than the mildest of them does alone, unless somebody wants it so.
        together: sources.iter().map(|source| source.level).min().unwrap_or(Level::Warning),
        sources,
        min_sources: 1,
        confidence: Confidence::Independent,
        latch: Latch::Danger,
        actions: Vec::new(),
        note: String::new(),
    }
}

fn too_hot() -> Rule {
    let input = || Input::Hottest { area: None };
    rule(
        "Too hot",
        vec![source("Hot", input(), 45.0, 3.0, Level::Warning), source("Very hot", input(), 60.0, 3.0, Level::Danger)],
    )
}

fn rises_fast() -> Rule {
    let input = || Input::Rise { floor: 30.0 };
    rule(
        "Rises fast",
        vec![
            source("Rises", input(), 8.0, 1.0, Level::Warning),
            source("Rises fast", input(), 15.0, 1.5, Level::Danger),
        ],
    )
}

fn hotter() -> Rule {
    let area = Patch { top: 0, left: 0, bottom: 7, right: 7 };
    rule(
        "Hotter than around it",
        vec![source("Area hotter than the rest", Input::Difference { area, against: None }, 15.0, 2.0, Level::Warning)],
    )
}

fn unusual() -> Rule {
    rule("Unusually warm", vec![source("Unusually warm cells", Input::Unusual, 6.0, 2.0, Level::Notice)])
}

fn smoke_and_heat() -> Rule {
    let key: Arc<str> = "ADC1".into();
    let together = |source: Source| Source { alone: false, ..source };
    let smoke = source("Smoke above rest", Input::AboveRest { key: Arc::clone(&key) }, 5.0, 1.0, Level::Warning);
    let much = source("Much smoke", Input::Channel { key, unit: ChannelUnit::Percent }, 40.0, 4.0, Level::Danger);
    let warm = source("Warm", Input::Hottest { area: None }, 40.0, 3.0, Level::Warning);
    Rule {
        min_sources: 2,
        together: Level::Danger,
        ..rule("Smoke and heat", vec![together(smoke), together(warm), much])
    }
}

fn silent() -> Rule {
    let silence = Source {
        hold_readings: 1,
        hold_on: Duration::ZERO,
        ..source("Silent", Input::Silent, 60.0, 0.0, Level::Warning)
    };
    rule("Device silent", vec![silence])
}
