//! What changed from one rule to another, in words: `Fire: Hot threshold 40 -> 45 C`.

use std::time::Duration;

use crate::heat::watch::measure::unit;
use crate::model::alarms::rule::{Confidence, Latch, Rule, Scope, Source};
use crate::report::words::{number, quantity};

/// The longest sentence, characters.
const LONGEST: usize = 600;

/// One sentence about all that changed.
#[must_use]
pub fn sentence(old: &Rule, new: &Rule) -> String {
    let mut told = of_rule(old, new);
    told.extend(of_sources(&old.sources, &new.sources));
    let text = format!("{}: {}", new.name, told.join("; "));
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST - 1).chain(['…']).collect() }
}

fn of_rule(old: &Rule, new: &Rule) -> Vec<String> {
    let mut told = Vec::new();
    let mut tell = |differs: bool, text: String| told.extend(differs.then_some(text));
    tell(old.name != new.name, format!("renamed, it was {}", old.name));
    tell(old.enabled != new.enabled, switched(new.enabled).to_owned());
    tell(old.scope != new.scope, format!("it holds {}", scope(&new.scope)));
    let (was, is) = (old.min_sources, new.min_sources);
    tell(was != is, format!("sources together {was} -> {is}"));
    let (was, is) = (old.together.word(), new.together.word());
    tell(was != is, format!("level together {was} -> {is}"));
    let (was, is) = (confidence(old.confidence), confidence(new.confidence));
    tell(was != is, format!("confidence {was} -> {is}"));
    tell(old.latch != new.latch, format!("stays until acknowledged: {}", latch(new.latch)));
    let (was, is) = (old.actions.len(), new.actions.len());
    tell(old.actions != new.actions, format!("actions changed, {was} -> {is}"));
    tell(old.note != new.note, "note changed".to_owned());
    told
}

/// Sources are the same by name; where a name is new and another is gone at the same place, it was renamed.
fn of_sources(old: &[Source], new: &[Source]) -> Vec<String> {
    let in_old = |source: &Source| old.iter().find(|other| other.name == source.name);
    let in_new = |source: &Source| new.iter().any(|other| other.name == source.name);
    let mut told = Vec::new();
    for (i, source) in new.iter().enumerate() {
        match (in_old(source), old.get(i).filter(|was| !in_new(was))) {
            (Some(was), _) => told.extend(of_source(was, source)),
            (None, Some(was)) => {
                told.push(format!("{} renamed to {}", was.name, source.name));
                told.extend(of_source(was, source));
            }
            (None, None) => told.push(format!("{} added", source.name)),
        }
    }
    let gone =
        old.iter().enumerate().filter(|(i, was)| !in_new(was) && new.get(*i).is_none_or(|is| in_old(is).is_some()));
    told.extend(gone.map(|(_, was)| format!("{} removed", was.name)));
    if told.is_empty() && old != new {
        told.push("sources in another order".to_owned());
    }
    told
}

fn of_source(old: &Source, new: &Source) -> Vec<String> {
    let mut told = Vec::new();
    let (name, unit) = (&new.name, unit(&new.input));
    let mut tell = |differs: bool, text: String| told.extend(differs.then(|| format!("{name} {text}")));
    let change = |was: f64, is: f64| format!("{} -> {}", number(was), quantity(is, unit));
    tell(old.enabled != new.enabled, switched(new.enabled).to_owned());
    tell(old.input != new.input, "looks at something else".to_owned());
    tell(old.compare != new.compare, "looks at the other side of its threshold".to_owned());
    let (was, is) = (old.threshold, new.threshold);
    tell(was != is, format!("threshold {}", change(was, is)));
    tell(old.hysteresis != new.hysteresis, format!("hysteresis {}", change(old.hysteresis, new.hysteresis)));
    let (was, is) = (old.hold_readings, new.hold_readings);
    tell(was != is, format!("holds on for {was} -> {is} readings"));
    tell(old.hold_on != new.hold_on, format!("hold-on {}", seconds(old.hold_on, new.hold_on)));
    tell(old.hold_off != new.hold_off, format!("hold-off {}", seconds(old.hold_off, new.hold_off)));
    let (was, is) = (old.weight, new.weight);
    tell(was != is, format!("weight {was:.2} -> {is:.2}"));
    tell(old.alone != new.alone, (if new.alone { "alarms alone" } else { "does not alarm alone" }).to_owned());
    let (was, is) = (old.level.word(), new.level.word());
    tell(was != is, format!("level {was} -> {is}"));
    told
}

const fn switched(on: bool) -> &'static str {
    if on { "switched on" } else { "switched off" }
}

fn seconds(was: Duration, is: Duration) -> String {
    format!("{} -> {}", number(was.as_secs_f64()), quantity(is.as_secs_f64(), "s"))
}

fn scope(scope: &Scope) -> String {
    match scope {
        Scope::Everywhere => "everywhere".to_owned(),
        Scope::Devices(devices) => {
            let names: Vec<&str> = devices.iter().map(crate::model::sensors::DeviceId::as_str).collect();
            format!("at {}", names.join(", "))
        }
    }
}

const fn confidence(how: Confidence) -> &'static str {
    match how {
        Confidence::Independent => "independent",
        Confidence::Sum => "sum",
    }
}

const fn latch(latch: Latch) -> &'static str {
    match latch {
        Latch::Never => "never",
        Latch::Danger => "Danger only",
        Latch::Always => "always",
    }
}
