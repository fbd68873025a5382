//! What stands in the way of apps, before the button is pressed: ports, identity, versions; each with its cure.

use std::net::SocketAddr;

use egui::{Label, Sense, Ui, vec2};

use crate::model::bridge::ids::BridgeId;
use crate::model::system::{Listener, PortState};
use crate::ui::panels::system::bridge::parts::head;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::{icons, style};

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Good,
    Know,
    Bad,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Check {
    level: Level,
    /// What was looked at.
    what: String,
    /// How it is.
    words: String,
    /// What helps.
    cure: Option<String>,
}

/// Ports of the bridge: the setting, the port that apps expect with its protocol, whether apps need it, what it is for.
const PORTS: [(&str, u16, &str, bool, &str); 5] = [
    ("bridge.http", 80, "tcp", true, "HTTP for older apps"),
    ("bridge.https", 443, "tcp", true, "HTTPS for apps of today"),
    ("bridge.entertainment", 2100, "udp", false, "Hue Entertainment"),
    ("bridge.ssdp", 1900, "udp", false, "SSDP, so that apps find the bridge"),
    ("bridge.mdns", 5353, "udp", false, "mDNS, so that apps find the bridge"),
];

/// All checks, in the order in which an app needs them.
fn checks(scene: &Scene<'_>) -> Vec<Check> {
    let doors = &scene.view.system.listeners;
    let ports = PORTS.iter().map(|(key, usual, protocol, needed, purpose)| {
        let door = doors.iter().find(|door| *door.key == **key);
        let (level, words, cure) = port(door, *usual, *needed, purpose);
        Check { level, what: format!("{usual}/{protocol}"), words, cure }
    });
    let mut all: Vec<Check> = ports.collect();
    let known = scene.view.bridge.identity.id != BridgeId::default();
    all.push(Check {
        level: if known { Level::Good } else { Level::Bad },
        what: "identity".to_owned(),
        words: if known { scene.view.bridge.identity.id.upper() } else { "the bridge has no id yet".to_owned() },
        cure: (!known).then(|| "It is made at the start: see whether the data folder can be written".to_owned()),
    });
    all
}

fn port(door: Option<&Listener>, usual: u16, needed: bool, purpose: &str) -> (Level, String, Option<String>) {
    let missing = if needed { Level::Bad } else { Level::Know };
    match door.map(|door| &door.state) {
        Some(PortState::Open { at }) => {
            let port = at.parse::<SocketAddr>().ok().map(|at| at.port());
            match port.filter(|port| *port != usual) {
                None => (Level::Good, format!("open, {purpose}"), None),
                Some(other) => (
                    Level::Know,
                    format!("{other} instead, {purpose}"),
                    Some(format!("Most apps ask at {usual} only. What ports need stands below.")),
                ),
            }
        }
        Some(PortState::Failed { why }) => (missing, format!("could not be opened, {purpose}"), Some(why.clone())),
        Some(PortState::Off) => (missing, format!("off, {purpose}"), None),
        Some(PortState::NotBuilt) | None => (Level::Know, format!("not in this version, {purpose}"), None),
    }
}

/// Draws them.
pub(super) fn show(ui: &mut Ui, scene: &Scene<'_>) {
    let all = checks(scene);
    let count = |level| all.iter().filter(|check| check.level == level).count();
    let mut counted = vec![format!("{} good", count(Level::Good))];
    counted.extend([(Level::Know, "to know"), (Level::Bad, "wrong")].into_iter().filter_map(|(level, word)| {
        let n = count(level);
        (n > 0).then(|| format!("{n} {word}"))
    }));
    head(ui, "Checks before pairing", &counted.join(", "));
    let t = style::tokens(ui);
    for (i, check) in all.iter().enumerate() {
        if i > 0 {
            ui.add_space(space::XS);
            let line = egui::Stroke::new(stroke::HAIR, t.line);
            ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top(), line);
        }
        ui.add_space(space::XS);
        row(ui, check);
    }
}

fn row(ui: &mut Ui, check: &Check) {
    let t = style::tokens(ui);
    let (icon, color, word) = match check.level {
        Level::Good => (icons::CHECK, t.ok, "good"),
        Level::Know => (icons::TRIANGLE_ALERT, t.warning, "to know"),
        Level::Bad => (icons::CIRCLE_X, t.danger, "wrong"),
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let (place, response) = ui.allocate_exact_size(vec2(size::SHAPE, text::BODY.line), Sense::hover());
        style::icon(ui.painter(), place.center(), icon, text::ICON_S, color);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, word));
        let (place, _) = ui.allocate_exact_size(vec2(size::CHECK, text::BODY.line), Sense::hover());
        let at = place.left_center();
        style::paint(ui.painter(), at, egui::Align2::LEFT_CENTER, &check.what, text::FIGURE, t.text1);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            let sentence = format!("{}: {}", check.what, check.words);
            let label = ui.add(Label::new(style::job(&check.words, text::BODY, t.text2)).wrap());
            label.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &sentence));
            if let Some(cure) = &check.cure {
                ui.add(Label::new(style::job(cure, text::SIDE, t.text3)).wrap());
            }
        });
    });
}
