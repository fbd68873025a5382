//! The quiet line: nothing is wrong, how many sensors are watched, how many lights there are, and when something last was.
//!
//! Invariant: ALL CLEAR is said only if nothing is wrong that the program knows of; otherwise there is only no alarm.
//! It is said of what is watched: lights that are out of reach are counted, they do not take it back.

use egui::{Align2, Rect, Stroke, Ui, pos2};

use crate::model::system::Level;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::widgets::glyph;
use crate::ui::{alarm_words, light_words, style, words};

fn count(scene: &Scene<'_>, standing: Standing) -> usize {
    scene.view.sensors.devices.values().filter(|device| Standing::of(device) == standing).count()
}

/// The worst standing of a device that is used.
fn worst(scene: &Scene<'_>) -> Standing {
    let found = Standing::ALL.into_iter().rfind(|s| *s != Standing::Off && count(scene, *s) > 0);
    found.unwrap_or(Standing::Off)
}

fn word(scene: &Scene<'_>) -> &'static str {
    let warned = scene.view.system.notices.values().any(|notice| notice.level == Level::Warning);
    match worst(scene) {
        Standing::Off => "Nothing watched",
        Standing::Live | Standing::Pending if !warned => "ALL CLEAR",
        _ => "No alarms",
    }
}

fn watched(scene: &Scene<'_>) -> String {
    let (all, live) = (scene.view.sensors.devices.len(), count(scene, Standing::Live));
    let sensors = match all {
        0 => None,
        _ if all == live => Some(words::many(all, "sensor")),
        _ => Some(format!("{live} of {} live", words::many(all, "sensor"))),
    };
    let parts: Vec<String> = [sensors, lights(scene)].into_iter().flatten().collect();
    if parts.is_empty() { "No device has dialled in yet".to_owned() } else { parts.join(", ") }
}

/// How many lights there are, and how many of them are out of reach.
fn lights(scene: &Scene<'_>) -> Option<String> {
    let lights = &scene.view.lights.lights;
    let lost = lights.values().filter(|light| light_words::is_lost(light)).count();
    let many = words::many(lights.len(), "light");
    match lost {
        _ if lights.is_empty() => None,
        0 => Some(many),
        _ => Some(format!("{many}, {lost} out of reach")),
    }
}

/// When an alarm was last raised, and which; it was acknowledged, or it would still be there.
fn last(scene: &Scene<'_>) -> String {
    let Some((id, at)) = &scene.view.alarms.last else { return "no alarm so far".to_owned() };
    let at = words::since(*at, scene.now.wall, &scene.now.zone);
    format!("last alarm {at}: {}, acknowledged", alarm_words::name_of(scene.view, id))
}

/// The whole line as one sentence.
#[must_use]
pub fn sentence(scene: &Scene<'_>) -> String {
    format!("{}. {}, {}", word(scene), watched(scene), last(scene))
}

/// Shows the line in `rect`.
pub fn show(ui: &Ui, scene: &Scene<'_>, rect: Rect) {
    let t = style::tokens(ui);
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(stroke::HAIR, t.line));
    let y = rect.center().y;
    let left = rect.left() + space::L;
    glyph::paint(ui.painter(), pos2(left + size::SHAPE / 2.0, y), worst(scene), t);
    let at = pos2(left + size::SHAPE + space::M, y);
    let said = style::paint(ui.painter(), at, Align2::LEFT_CENTER, word(scene), text::STRONG, t.text1);
    let at = pos2(said.right() + space::M, y);
    let said = style::paint(ui.painter(), at, Align2::LEFT_CENTER, &watched(scene), text::BODY, t.text1);
    let mut x = said.right() + space::L;
    for standing in Standing::ALL.into_iter().filter(|s| *s != Standing::Live && count(scene, *s) > 0) {
        glyph::paint(ui.painter(), pos2(x + size::GLYPH / 2.0, y), standing, t);
        let words = format!("{} {}", count(scene, standing), standing.word());
        let at = pos2(x + size::GLYPH + space::XS, y);
        x = style::paint(ui.painter(), at, Align2::LEFT_CENTER, &words, text::SIDE, t.text2).right() + space::L;
    }
    let right = pos2(rect.right() - space::L, y);
    let room = right.x - x;
    style::paint_within(ui.painter(), right, Align2::RIGHT_CENTER, &last(scene), text::SIDE, t.text2, room);
}
