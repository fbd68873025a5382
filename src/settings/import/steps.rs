//! From a plan to what is to be done: held against what is so already, so that only differences remain.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::model::alarms;
use crate::model::alarms::rule::{Rule, RuleId, Source};
use crate::model::message::Command;
use crate::model::sensors::{self, Device, Introduced};
use crate::model::snapshot::Snapshot;
use crate::model::system::{ImportPreview, Layer};
use crate::settings::current::{Listen, Settings};
use crate::settings::import::Plan;
use crate::settings::import::drawn::Drawn;
use crate::settings::import::emberye::NOTE;
use crate::settings::keys;

/// The rule that thresholds go to.
const RULE: &str = "fire";
/// Sentences of one kind that a preview tells.
const TOLD: usize = 100;
/// Characters that a rule's note may have.
const MAX_NOTE: usize = 500;

/// What is so already.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The settings in force.
    pub settings: &'a Settings,
    /// The state.
    pub view: &'a Snapshot,
}

/// What is to be done, and what people are told of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Steps {
    /// Settings with their new values, as behind `--set`.
    pub settings: Vec<(&'static str, String)>,
    /// Commands to other services.
    pub commands: Vec<Command>,
    /// The same in words.
    pub preview: ImportPreview,
}

impl Plan {
    /// What is to be done so that all of the plan is so.
    #[must_use]
    pub fn steps(&self, standing: &Standing<'_>) -> Steps {
        let preview = ImportPreview { kind: self.kind.clone(), changes: Vec::new(), warnings: self.warnings.clone() };
        let mut steps = Steps { preview, ..Steps::default() };
        self.maps(standing, &mut steps);
        self.port(standing, &mut steps);
        self.introductions(standing, &mut steps);
        self.pictures(standing, &mut steps);
        self.rule(standing, &mut steps);
        steps
    }

    fn maps(&self, standing: &Standing<'_>, steps: &mut Steps) {
        let mut wanted = standing.settings.clone();
        let sensors = &mut wanted.sensors;
        let addresses = merge(&mut sensors.locations, &self.locations, "The device at");
        steps.set(standing, "sensors.locations", &wanted, addresses);
        let ids = merge(&mut wanted.sensors.aliases, &self.aliases, "A device that sends the id");
        steps.set(standing, "sensors.aliases", &wanted, ids);
    }

    fn port(&self, standing: &Standing<'_>, steps: &mut Steps) {
        let Some(port) = self.port else { return };
        let mut wanted = standing.settings.clone();
        let Listen::At(at) = &mut wanted.sensors.listen else {
            steps
                .preview
                .warnings
                .push(format!("Devices dialled in to port {port}; here sensors.listen is off, and stays so."));
            return;
        };
        let before = *at;
        at.set_port(port);
        let told = (*at != before).then(|| format!("Devices dial in to port {port} instead of {}.", before.port()));
        steps.set(standing, "sensors.listen", &wanted, told.into_iter().collect());
    }

    fn introductions(&self, standing: &Standing<'_>, steps: &mut Steps) {
        let mut told = Vec::new();
        for (location, known) in &self.introductions {
            let here = standing.view.sensors.devices.values().find(|d| d.accepted && *d.location == **location);
            let sentence = match here {
                Some(device) => of_device(device, known),
                None => of_location(location, known, standing.view.sensors.introduced.get(location.as_str())),
            };
            if let Some(sentence) = sentence {
                told.push(sentence);
                let (location, as_what) = (location.clone(), known.clone());
                steps.commands.push(Command::Sensors(sensors::Command::Introduce { location, as_what }));
            }
        }
        steps.tell(told);
    }

    fn pictures(&self, standing: &Standing<'_>, steps: &mut Steps) {
        let mut drawn = Drawn::default();
        for (location, regions) in &self.regions {
            drawn.regions(location, regions, standing.view);
        }
        drawn.bookmarks(&self.bookmarks, standing.view);
        steps.commands.extend(drawn.commands);
        steps.preview.warnings.extend(drawn.warnings);
        steps.tell(drawn.told);
    }

    fn rule(&self, standing: &Standing<'_>, steps: &mut Steps) {
        if self.thresholds.is_empty() && self.note.is_none() {
            return;
        }
        let Some(known) = standing.view.alarms.rules.get(&RuleId::new(RULE)) else {
            let text =
                format!("There is no rule \"{RULE}\" that thresholds and notes could go to. Restore the rules first.");
            steps.preview.warnings.push(text);
            return;
        };
        let mut rule = Rule::clone(known);
        let mut told = Vec::new();
        for (source, threshold) in &self.thresholds {
            match rule.sources.iter_mut().find(|known| *known.name == **source) {
                Some(known) => told.extend(tune(known, *threshold)),
                None => steps.preview.warnings.push(format!(
                    "The rule \"{}\" has no source \"{source}\" any more; its threshold of {threshold} is not taken over.",
                    rule.name
                )),
            }
        }
        if let Some(note) = &self.note {
            told.extend(self.annotate(&mut rule, note, steps));
        }
        if rule != **known {
            let told = told.into_iter().map(|what| format!("Rule \"{}\": {what}.", rule.name)).collect();
            steps.tell(told);
            steps.commands.push(Command::Alarms(alarms::Command::PutRule(Box::new(rule))));
        }
    }

    /// Puts a note behind what stands there, in place of an earlier one.
    fn annotate(&self, rule: &mut Rule, note: &str, steps: &mut Steps) -> Option<String> {
        let own = rule.note.split(NOTE).next().unwrap_or_default().trim();
        let whole = if own.is_empty() { note.to_owned() } else { format!("{own}\n{note}") };
        let cut: String = whole.chars().take(MAX_NOTE).collect();
        if cut.len() < whole.len() {
            steps.preview.warnings.push(format!("The note is cut after {MAX_NOTE} characters."));
        }
        (rule.note != cut).then(|| {
            rule.note = cut;
            "its note tells what EmberEye's threat rules say".to_owned()
        })
    }
}

impl Steps {
    /// Sets a key to what it has in `wanted`, unless there is nothing to tell, or the key is pinned.
    fn set(&mut self, standing: &Standing<'_>, key: &'static str, wanted: &Settings, told: Vec<String>) {
        let Some(known) = keys::find(key).filter(|_| !told.is_empty()) else { return };
        let layer = standing.view.system.settings.iter().find(|line| *line.key == *key).map(|line| &line.layer);
        let value = (known.get)(wanted);
        let pinned = match layer {
            Some(Layer::File { line }) => format!("in settings.ron, line {line}"),
            Some(Layer::Flag) => "by --set".to_owned(),
            _ => {
                self.settings.push((key, value));
                return self.tell(told);
            }
        };
        self.preview
            .warnings
            .push(format!("{key} is set {pinned}, so it cannot be changed here. Set it there to: {value}"));
    }

    fn tell(&mut self, mut told: Vec<String>) {
        let more = told.len().saturating_sub(TOLD);
        told.truncate(TOLD);
        self.preview.changes.append(&mut told);
        if more > 0 {
            self.preview.changes.push(format!("And {more} more of this kind."));
        }
    }
}

/// Lays `new` over `old`; a sentence for each difference.
fn merge<K: Ord + Clone + Display>(old: &mut BTreeMap<K, String>, new: &BTreeMap<K, String>, who: &str) -> Vec<String> {
    let mut told = Vec::new();
    for (key, location) in new {
        match old.insert(key.clone(), location.clone()) {
            None => told.push(format!("{who} {key} reports for \"{location}\".")),
            Some(before) if before != *location => {
                told.push(format!("{who} {key} reports for \"{location}\" instead of \"{before}\"."));
            }
            Some(_) => {}
        }
    }
    told
}

/// What changes for a device that is there.
fn of_device(device: &Device, known: &Introduced) -> Option<String> {
    let name = Some(&known.name).filter(|name| !name.is_empty() && **name != device.name);
    let place = Some(&known.place).filter(|place| !place.is_empty() && **place != device.place);
    let what = match (name, place) {
        (None, None) => return None,
        (Some(name), None) => format!("is renamed to \"{name}\""),
        (None, Some(place)) => format!("is put into \"{place}\""),
        (Some(name), Some(place)) => format!("is renamed to \"{name}\" and put into \"{place}\""),
    };
    Some(format!("\"{}\" {what}.", device.name))
}

/// What a location's device will be called, unless that is known already.
fn of_location(location: &str, known: &Introduced, already: Option<&Introduced>) -> Option<String> {
    if already == Some(known) {
        return None;
    }
    let mut what = Vec::new();
    if !known.name.is_empty() {
        what.push(format!("called \"{}\"", known.name));
    }
    if !known.place.is_empty() {
        what.push(format!("put into \"{}\"", known.place));
    }
    Some(format!("The device of \"{location}\" will be {} once it dials in.", what.join(" and ")))
}

fn tune(source: &mut Source, threshold: f64) -> Option<String> {
    let before = std::mem::replace(&mut source.threshold, threshold);
    ((before - threshold).abs() > f64::EPSILON).then(|| {
        let off = if source.enabled { "" } else { "; it is switched off, and stays so" };
        format!("the threshold of \"{}\" goes from {before} to {threshold}{off}", source.name)
    })
}
