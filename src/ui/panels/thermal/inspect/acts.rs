//! What is done to regions, deltas and their alarms: sent as commands, and noted with what takes it back.
//!
//! Invariant: each act sends one command for each thing it changes, and notes a step for each of them.

use std::sync::Arc;

use crate::model::alarms;
use crate::model::alarms::rule::{Compare, Input, Level, Rule, RuleId, Scope, Source};
use crate::model::message;
use crate::model::sensors::DeviceId;
use crate::model::thermal::region::{Delta, Figure, MAX_OF_A_KIND, Region, RegionId, Regions, Shape};
use crate::model::thermal::{Array, Command};
use crate::ui::panels::thermal::inspect::state::{Pair, Tool};
use crate::ui::scene::Scene;

/// A region of this shape under the next free label, if there is one.
#[must_use]
pub fn fresh(scene: &Scene<'_>, array: &Array, tool: Tool, shape: Shape) -> Option<Region> {
    let id = scene.stage.inspect.regions(array).free(tool.letter()?)?;
    Some(Region { id, name: Arc::default(), shape, mask: tool == Tool::Mask, emissivity: None })
}

/// Whether the tool in hand can make one more; if not, says so and takes the hand.
pub fn has_room(scene: &mut Scene<'_>, array: &Array) -> bool {
    let tool = scene.stage.inspect.tool;
    let regions = scene.stage.inspect.regions(array);
    if tool.letter().is_none_or(|letter| regions.free(letter).is_some()) {
        return true;
    }
    let kind = plural(tool.word());
    scene.stage.saying = Some(format!("An array has {MAX_OF_A_KIND} {kind} at most. Remove one first."));
    scene.stage.inspect.take(Tool::Hand);
    false
}

fn plural(word: &str) -> String {
    let word = word.to_lowercase();
    if word.ends_with('x') { format!("{word}es") } else { format!("{word}s") }
}

/// Puts a region: `verb` says what was done to it.
pub fn put(scene: &mut Scene<'_>, device: &DeviceId, region: Region, was: Option<Region>, verb: &str) {
    if was.as_ref() == Some(&region) {
        return;
    }
    let words = format!("{verb} {}", region.id);
    let back = match was.clone() {
        Some(region) => Command::PutRegion { device: device.clone(), region },
        None => Command::RemoveRegion { device: device.clone(), region: region.id.clone() },
    };
    scene.stage.inspect.note_sent(device, region.clone(), was);
    send(scene, words, Command::PutRegion { device: device.clone(), region }, back);
}

fn send(scene: &mut Scene<'_>, words: String, again: Command, back: Command) {
    scene.stage.undo.did(words, message::Command::Thermal(again.clone()), message::Command::Thermal(back));
    scene.out.thermal(again);
}

/// Gives a region or delta another name.
pub fn rename(scene: &mut Scene<'_>, array: &Array, id: &RegionId, name: &str) {
    let regions = scene.stage.inspect.regions(array);
    if let Some(region) = regions.get(id) {
        let renamed = Region { name: name.into(), ..region.clone() };
        put(scene, &array.device, renamed, Some(region.clone()), "rename");
    } else if let Some(delta) = regions.delta(id).filter(|delta| &*delta.name != name) {
        let device = &array.device;
        let again = Command::PutDelta { device: device.clone(), delta: Delta { name: name.into(), ..delta.clone() } };
        let back = Command::PutDelta { device: device.clone(), delta: delta.clone() };
        send(scene, format!("rename {id}"), again, back);
    }
}

/// Removes a region with its deltas, or a delta; and the alarms on them. What goes with it is noted first, so that it
/// comes back behind what it needs.
pub fn remove(scene: &mut Scene<'_>, array: &Array, id: &RegionId) {
    let regions = scene.stage.inspect.regions(array);
    let needs = |delta: &&Delta| delta.id == *id || delta.of.0 == *id || delta.minus.0 == *id;
    for delta in regions.deltas.iter().filter(needs) {
        forget_alarm(scene, &array.device, &delta.id);
        let again = Command::RemoveDelta { device: array.device.clone(), delta: delta.id.clone() };
        let back = Command::PutDelta { device: array.device.clone(), delta: delta.clone() };
        send(scene, format!("remove {}", delta.id), again, back);
    }
    if let Some(region) = regions.get(id) {
        forget_alarm(scene, &array.device, id);
        let again = Command::RemoveRegion { device: array.device.clone(), region: id.clone() };
        let back = Command::PutRegion { device: array.device.clone(), region: region.clone() };
        send(scene, format!("remove {id}"), again, back);
    }
    scene.stage.inspect.sent = None;
    scene.stage.inspect.drop_begun();
    scene.stage.inspect.select(None);
}

fn forget_alarm(scene: &mut Scene<'_>, device: &DeviceId, id: &RegionId) {
    if let Some(rule) = scene.view.alarms.rules.get(&rule_id(device, id)) {
        let back = alarms::Command::PutRule(Box::new(Rule::clone(rule)));
        let again = alarms::Command::RemoveRule { rule: rule.id.clone() };
        note_alarm(scene, format!("remove the alarm on {id}"), again, back);
    }
}

/// Adds a delta of two figures, and selects it.
pub fn add_delta(scene: &mut Scene<'_>, array: &Array, [of, minus]: Pair) {
    let Some(id) = scene.stage.inspect.regions(array).free('D') else {
        scene.stage.saying = Some(format!("An array has {MAX_OF_A_KIND} deltas at most. Remove one first."));
        return;
    };
    let delta = Delta { id: id.clone(), name: Arc::default(), of, minus };
    let again = Command::PutDelta { device: array.device.clone(), delta };
    let back = Command::RemoveDelta { device: array.device.clone(), delta: id.clone() };
    send(scene, format!("add {id}"), again, back);
    scene.stage.inspect.pair = None;
}

/// The id of the rule that is the alarm on a region.
#[must_use]
pub fn rule_id(device: &DeviceId, region: &RegionId) -> RuleId {
    RuleId::new(&format!("region-{device}-{region}"))
}

/// An alarm on a region to begin with: a little above what it reads now.
#[must_use]
pub fn alarm(device: &DeviceId, name: &str, region: &RegionId, now: Option<f32>) -> Rule {
    let least = if region.is_delta() { [10.0, 20.0] } else { [45.0, 60.0] };
    let above = now.filter(|now| now.is_finite()).map_or(least[0], |now| (f64::from(now) / 5.0).ceil() * 5.0 + 5.0);
    let warning = least[0].max(above);
    let danger = least[1].max(warning + 15.0);
    let input = Input::Region { region: region.clone(), figure: Figure::Max };
    let source = |level: Level, threshold: f64, seconds: u64| Source {
        name: format!("{region} {}", level.word().to_lowercase()).into(),
        enabled: true,
        input: input.clone(),
        compare: Compare::AtLeast,
        threshold,
        hysteresis: 1.0,
        hold_readings: 1,
        hold_on: std::time::Duration::from_secs(seconds),
        hold_off: std::time::Duration::from_secs(10),
        weight: 0.5,
        alone: true,
        level,
    };
    let name: String = format!("{region} on {name}").chars().take(64).collect();
    Rule {
        id: rule_id(device, region),
        name: name.into(),
        enabled: true,
        scope: Scope::Devices([device.clone()].into()),
        sources: vec![source(Level::Warning, warning, 5), source(Level::Danger, danger, 0)],
        min_sources: 1,
        together: Level::Warning,
        confidence: alarms::rule::Confidence::default(),
        latch: alarms::rule::Latch::default(),
        actions: Vec::new(),
        note: String::new(),
    }
}

/// Puts the alarm on a region in force as it is.
pub fn put_alarm(scene: &mut Scene<'_>, region: &RegionId, rule: Rule) {
    let before = scene.view.alarms.rules.get(&rule.id).cloned();
    if before.as_deref() == Some(&rule) {
        return;
    }
    let back = match before {
        Some(before) => alarms::Command::PutRule(Box::new(Rule::clone(&before))),
        None => alarms::Command::RemoveRule { rule: rule.id.clone() },
    };
    note_alarm(scene, format!("change the alarm on {region}"), alarms::Command::PutRule(Box::new(rule)), back);
}

/// Takes the alarm off a region.
pub fn remove_alarm(scene: &mut Scene<'_>, device: &DeviceId, region: &RegionId) {
    forget_alarm(scene, device, region);
}

fn note_alarm(scene: &mut Scene<'_>, words: String, again: alarms::Command, back: alarms::Command) {
    scene.stage.undo.did(words, message::Command::Alarms(again.clone()), message::Command::Alarms(back));
    scene.out.alarms(again);
}

/// The word of a region's or delta's kind.
#[must_use]
pub fn kind(regions: &Regions, id: &RegionId) -> &'static str {
    match regions.get(id) {
        Some(Region { mask: true, .. }) => "Mask",
        Some(Region { shape: Shape::Spot(_), .. }) => "Spot",
        Some(Region { shape: Shape::Box(_), .. }) => "Box",
        Some(Region { shape: Shape::Circle { .. }, .. }) => "Circle",
        Some(Region { shape: Shape::Polygon(_), .. }) => "Polygon",
        Some(Region { shape: Shape::Line { .. }, .. }) => "Line",
        None => "Delta",
    }
}
