//! The rules that come with the program. Source of the fire rule's thresholds and weights: EmberEye's table, made
//! honest: hysteresis, hold-on and hold-off, levels above rest, and the rate of rise of fire detectors (8.3 K/min).

use std::time::Duration;

use crate::model::alarms::rule::{ChannelUnit, Compare, Confidence, Input, Latch, Level, Rule, RuleId, Scope, Source};

/// Warmer than any body, C: what the sensor sees of a person stays below.
const BODY: f64 = 38.0;

/// The rules that come with the program; [`crate::heat::watch::check::check`] takes them all.
#[must_use]
pub fn rules() -> Vec<Rule> {
    vec![fire(), unusual_heat(), no_data()]
}

fn fire() -> Rule {
    let source = |name: &str, input: Input, threshold: f64, hysteresis: f64| Source {
        hysteresis,
        ..source(name, input, threshold)
    };
    let alone = |level: Level, weight: f32, source: Source| Source { level, weight, alone: true, ..source };
    let floor = BODY as f32;
    let mut rule = rule("fire", "Fire");
    rule.sources = vec![
        Source { weight: 0.4, ..source("Hot", Input::Hottest { area: None }, 40.0, 3.0) },
        Source {
            hold_readings: 1,
            ..alone(Level::Danger, 0.95, source("Critical heat", Input::Hottest { area: None }, 60.0, 3.0))
        },
        alone(Level::Warning, 0.5, source("Smoke", percent("ADC1"), 25.0, 2.5)),
        alone(Level::Warning, 0.5, source("Smoke above rest", above_rest("ADC1"), 10.0, 1.0)),
        Source { enabled: false, ..source("Flame", percent("ADC2"), 25.0, 2.5) },
        source("Flame above rest", above_rest("ADC2"), 10.0, 1.0),
        Source { hold_readings: 1, ..source("Flame detector", raw("DIO"), 0.5, 0.0) },
        alone(Level::Warning, 0.5, source("Rising", Input::Rise { floor }, 8.0, 0.8)),
        alone(Level::Danger, 0.8, source("Rising fast", Input::Rise { floor }, 15.0, 1.5)),
    ];
    rule.min_sources = 2;
    rule.together = Level::Danger;
    rule.latch = Latch::Danger;
    rule.note = "Flame by percentage is disabled: real boards rest at 32 %, above its 25 %. Enable it for a board that \
                 rests well below. Gas in ppm is left out on purpose: a ppm without a calibration in clean air is a guess."
        .to_owned();
    rule
}

fn unusual_heat() -> Rule {
    let mut rule = rule("unusual-heat", "Unusual heat");
    let notice = |source: Source| Source {
        hold_readings: 3,
        hold_off: Duration::from_secs(30),
        level: Level::Notice,
        weight: 0.4,
        ..source
    };
    rule.sources = vec![
        notice(source("Unusual", Input::Unusual, 4.0)),
        notice(Source { hysteresis: 1.0, ..source("Warmer than a body", Input::Hottest { area: None }, BODY) }),
    ];
    rule.min_sources = 2;
    rule.together = Level::Notice;
    rule.note = "Whoever walks into the picture is unusual too, so that something must be warmer than a body as well. \
                 Where nobody walks, let Unusual alarm alone."
        .to_owned();
    rule
}

fn no_data() -> Rule {
    let mut rule = rule("no-data", "No data");
    rule.sources = vec![Source {
        hold_readings: 1,
        hold_off: Duration::ZERO,
        alone: true,
        weight: 0.9,
        ..source("Silent", Input::Silent, 30.0)
    }];
    rule.note = "A device that sends slowly has at least three of its periods.".to_owned();
    rule
}

fn rule(id: &str, name: &str) -> Rule {
    Rule {
        id: RuleId::new(id),
        name: name.into(),
        enabled: true,
        scope: Scope::Everywhere,
        sources: Vec::new(),
        min_sources: 1,
        together: Level::Warning,
        confidence: Confidence::Independent,
        latch: Latch::Never,
        actions: Vec::new(),
        note: String::new(),
    }
}

/// A Warning that does not alarm alone: on after two readings, off after ten seconds.
fn source(name: &str, input: Input, threshold: f64) -> Source {
    Source {
        name: name.into(),
        enabled: true,
        input,
        compare: Compare::AtLeast,
        threshold,
        hysteresis: 0.0,
        hold_readings: 2,
        hold_on: Duration::ZERO,
        hold_off: Duration::from_secs(10),
        weight: 0.3,
        alone: false,
        level: Level::Warning,
    }
}

fn percent(key: &str) -> Input {
    Input::Channel { key: key.into(), unit: ChannelUnit::Percent }
}

fn raw(key: &str) -> Input {
    Input::Channel { key: key.into(), unit: ChannelUnit::Raw }
}

fn above_rest(key: &str) -> Input {
    Input::AboveRest { key: key.into() }
}
