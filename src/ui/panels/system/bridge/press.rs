//! The link button: a large ring, what happens while it empties, and what came of it.

use egui::{Label, Ui, vec2};

use crate::model::bridge::{Command, PAIRING_S};
use crate::model::system::PortState;
use crate::ui::panels::system::bridge::told;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text, time};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::ring::{self, Ring};
use crate::ui::{icons, style, words};

/// Seconds for which pairing is still open; `None` if it is not.
pub(super) fn left(scene: &Scene<'_>) -> Option<f32> {
    let pressed = scene.view.bridge.pressed.as_ref()?;
    let left = pressed.until.duration_since(scene.now.wall).as_secs_f32();
    (left > 0.0).then_some(left.min(PAIRING_S as f32))
}

/// The app that was paired just now, the newest.
fn paired<'a>(scene: &'a Scene<'_>) -> Option<&'a str> {
    let newest = scene.view.bridge.apps.values().max_by_key(|app| app.created)?;
    let ago = scene.now.wall.duration_since(newest.created).as_secs();
    (ago < time::PAIRED_S).then(|| told::app_name(&newest.name).0)
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let left = left(scene);
    let seconds = left.map_or(0, |left| left.ceil() as usize);
    let sentence = match left {
        Some(_) => format!("Press the link button again, {} left", words::many(seconds, "second")),
        None => "Press the link button".to_owned(),
    };
    ui.vertical_centered(|ui| {
        let ring = Ring {
            left: left.map(|left| left / PAIRING_S as f32),
            figure: &seconds.to_string(),
            icon: icons::LINK,
            word: if left.is_some() { "seconds left" } else { "Press" },
            name: &sentence,
        };
        let across = size::LINK.min(ui.available_width());
        if ring::show(ui, across, &ring).clicked() {
            scene.out.bridge(Command::Press);
        }
        ui.add_space(space::L);
        says(ui, scene, left.is_some());
    });
    match left {
        Some(_) if style::is_still(ui.ctx()) => scene.stage.ticking = true,
        Some(_) => ui.ctx().request_repaint_after(time::RING),
        None => {}
    }
}

/// What is so, what is to be done.
fn says(ui: &mut Ui, scene: &mut Scene<'_>, open: bool) {
    let t = style::tokens(ui);
    let by = scene.view.bridge.pressed.as_ref().map(|pressed| pressed.by.to_string()).unwrap_or_default();
    let (title, side) = match (open, paired(scene), closed(scene)) {
        (_, _, Some(why)) => ("Apps cannot reach the bridge".to_owned(), why),
        (true, Some(app), _) => {
            (format!("Paired with {app}"), "Other apps may ask for a key until the ring is empty".to_owned())
        }
        (true, None, _) => {
            let by = if by.is_empty() { String::new() } else { format!("Pressed by {by}. ") };
            let rest = "Open the app and let it search. It may ask for a key until the ring is empty.";
            ("The link button is pressed".to_owned(), format!("{by}{rest}"))
        }
        (false, Some(app), _) => (format!("Paired with {app}"), "Press again to pair another app".to_owned()),
        (false, None, _) => {
            let words =
                "Let the app look for a bridge, then press. Every app that asks in the 30\u{a0}s after it gets a key.";
            ("Pair an app".to_owned(), words.to_owned())
        }
    };
    ui.label(style::job(&title, text::TILE_NAME, t.text1));
    ui.add_space(space::XS);
    ui.add(Label::new(style::job(&side, text::BODY, t.text2)).wrap());
    if open {
        ui.add_space(space::M);
        let stop = Button::new("Stop now").icon(icons::X).name("Close pairing now");
        if ui.add_sized(vec2(0.0, size::CONTROL), stop).clicked() {
            scene.out.bridge(Command::Unpress);
        }
    }
}

/// Why no app can reach the bridge, if none can.
fn closed(scene: &Scene<'_>) -> Option<String> {
    let doors =
        || scene.view.system.listeners.iter().filter(|door| matches!(&*door.key, "bridge.http" | "bridge.https"));
    if doors().any(|door| matches!(door.state, PortState::Open { .. })) {
        return None;
    }
    let why = doors().find_map(|door| match &door.state {
        PortState::Failed { why } => Some(why.clone()),
        _ => None,
    });
    Some(why.unwrap_or_else(|| "Its ports are off. Set bridge.http and bridge.https in System, Settings.".to_owned()))
}
