//! The second step: what discovery sees, or an address by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Align, CornerRadius, Frame, Label, Layout, Margin, Rect, Sense, Ui, vec2};

use crate::model::lights::Command;
use crate::model::lights::connection::{Connection, Family, Finding, Reach, Target};
use crate::ui::panels::adding::state::{ByHand, Step};
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{radius, size, space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{blank, glyph, ground, input, menu, segment, table};
use crate::ui::{icons, style, words};

const COLUMNS: [table::Column; 5] = [
    table::words("Name", 1.4),
    table::words("Family", 1.1),
    table::words("Address", 1.3),
    table::words("What it says it is", 1.8),
    table::words("Seen", 0.7),
];

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    looking(ui, scene);
    list(ui, scene);
    ui.add_space(space::M);
    not_there(ui, scene);
    if scene.stage.adding.by_hand.is_some() {
        ui.add_space(space::M);
        by_hand(ui, scene);
    }
}

/// Where it looks, and the switch for that.
fn looking(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let search = scene.view.lights.search.clone();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        glyph::show(ui, if search.running { Standing::Pending } else { Standing::Off });
        let word = if search.running { "Looking on" } else { "Not looking; announcements are still heard on" };
        ui.label(style::job(word, text::BODY, t.text1));
        let on = search.on.join(", ");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let (word, icon) = if search.running { ("Pause", icons::PAUSE) } else { ("Look again", icons::SEARCH) };
            if ui.add(Button::new(word).icon(icon)).clicked() {
                scene.out.lights(Command::Search(!search.running));
            }
            let found = words::many(shown(scene).len(), "device");
            ui.label(style::job(&format!("{found} found"), text::FIGURE, t.text2));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(style::job(&on, text::BODY, t.text2)).truncate());
            });
        });
    });
    ui.add_space(space::S);
    if let Some(percent) = search.swept {
        progress(ui, percent);
    }
    for trouble in &*search.troubles {
        ui.add(Label::new(style::job(trouble, text::SIDE, t.warning)).wrap());
    }
    ui.add_space(space::S);
}

fn progress(ui: &mut Ui, percent: u8) {
    let t = style::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::PROGRESS), Sense::hover());
    let corner = CornerRadius::same(radius::PICTURE);
    ui.painter().rect_filled(rect, corner, t.bg3);
    let done = Rect::from_min_size(rect.min, vec2(rect.width() * f32::from(percent.min(100)) / 100.0, rect.height()));
    ui.painter().rect_filled(done, corner, t.text2);
    ui.add_space(space::S);
}

/// The findings of the chosen family.
fn shown(scene: &Scene<'_>) -> Vec<Arc<Finding>> {
    let family = scene.stage.adding.family.clone();
    let fits = |finding: &&Arc<Finding>| family.as_ref().is_none_or(|family| finding.target.family == *family);
    let mut shown: Vec<_> = scene.view.lights.findings.values().filter(fits).cloned().collect();
    shown.sort_by(|a, b| (&a.target.family, &a.name, &a.key).cmp(&(&b.target.family, &b.name, &b.key)));
    shown
}

fn family_name(scene: &Scene<'_>, id: &str) -> String {
    let known = scene.view.lights.families.iter().find(|family| *family.id == *id);
    known.map_or_else(|| id.to_owned(), |family| family.name.to_string())
}

fn list(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let findings = shown(scene);
    let family = scene.stage.adding.family.clone();
    let fits = |known: &&Arc<Connection>| family.as_ref().is_none_or(|family| known.target.family == *family);
    let added: Vec<_> = scene.view.lights.connections.values().filter(fits).cloned().collect();
    ground::tile(t, Margin { left: 1, right: 1, top: space::XS as i8, bottom: 0 }).show(ui, |ui| {
        ui.set_width(ui.available_width());
        table::header(ui, &COLUMNS);
        if findings.is_empty() && added.is_empty() {
            Frame::NONE.inner_margin(Margin::same(space::M as i8)).show(ui, |ui| {
                let words = match scene.view.lights.search.running {
                    true => "Nothing has answered yet. Most devices answer within three seconds.",
                    false => "Nothing has announced itself",
                };
                blank::line(ui, words);
            });
        }
        for finding in &findings {
            row(ui, scene, finding);
        }
        for known in &added {
            already(ui, scene, known);
        }
    });
}

fn row(ui: &mut Ui, scene: &mut Scene<'_>, finding: &Finding) {
    let picked = scene.stage.adding.picked.as_ref() == Some(&finding.key) && scene.stage.adding.by_hand.is_none();
    scene.stage.ticking = true;
    let cells = [
        finding.name.to_string(),
        family_name(scene, &finding.target.family),
        finding.target.address.to_string(),
        finding.model.to_string(),
        words::age(scene.now.since(finding.seen)),
    ];
    let line =
        table::Row { standing: Some(Standing::Live), cells: &cells, selected: picked, clickable: true, note: None };
    let (response, _) = table::row(ui, &COLUMNS, &line);
    if response.clicked() || response.double_clicked() {
        (scene.stage.adding.picked, scene.stage.adding.by_hand) = (Some(Arc::clone(&finding.key)), None);
    }
    if response.double_clicked() {
        prove(scene, finding.target.clone(), BTreeMap::new());
    }
}

/// Those that are there already are told of, never hidden.
fn already(ui: &mut Ui, scene: &Scene<'_>, known: &Connection) {
    let standing = match known.reach {
        Reach::Online => Standing::Live,
        Reach::Starting | Reach::Waiting { .. } => Standing::Pending,
        Reach::Unreachable { .. } | Reach::Refused { .. } => Standing::Offline,
    };
    let cells = [
        known.name.to_string(),
        family_name(scene, &known.target.family),
        known.target.address.to_string(),
        known.model.to_string(),
        "added".to_owned(),
    ];
    let line = table::Row { standing: Some(standing), cells: &cells, selected: false, clickable: false, note: None };
    table::row(ui, &COLUMNS, &line);
}

fn not_there(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        ui.label(style::job("Not there?", text::BODY, t.text2));
        if ui.add(Button::new("Enter address\u{2026}")).clicked() {
            let first = scene.stage.adding.family.clone();
            let first = first.or_else(|| scene.view.lights.families.first().map(|family| Arc::clone(&family.id)));
            scene.stage.adding.by_hand = Some(ByHand { family: first.unwrap_or_default(), ..ByHand::default() });
        }
        if ui.add(Button::new("Ask every address")).on_hover_text(SWEEP).clicked() {
            scene.out.lights(Command::Sweep(Vec::new()));
        }
        if ui.add(Button::new("Why is it missing?")).clicked() {
            scene.stage.adding.missing = !scene.stage.adding.missing;
        }
    });
    if scene.stage.adding.missing {
        ui.add_space(space::S);
        for reason in REASONS {
            ui.add(Label::new(style::job(reason, text::BODY, t.text2)).wrap());
            ui.add_space(space::XS);
        }
    }
}

const SWEEP: &str = "Sends one short request to each address of your networks, for devices that do not answer to \
                     everybody. Takes some seconds.";
const REASONS: [&str; 5] = [
    "It must be switched on and in the same network as this computer; a guest network keeps devices apart.",
    "Many access points do not pass on what is sent to everybody. Enter its address by hand: it stands in your router.",
    "Yeelight and Govee want \u{201c}LAN control\u{201d} switched on in their app, for each device.",
    "Behind a zigbee2mqtt or a Hue bridge the hub is found, not each lamp. For zigbee2mqtt enter the broker's address.",
    "A firewall on this computer may drop the answers. System, Network lists the ports, and hearthlight check tests them.",
];

/// The form of what is written down by hand.
fn by_hand(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let Some(mut hand) = scene.stage.adding.by_hand.take() else { return };
    let families = Arc::clone(&scene.view.lights.families);
    let family = families.iter().find(|family| family.id == hand.family);
    ground::tile(t, space::M).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(space::M, space::M);
            input::under(ui, "Family", |ui| {
                let name = family.map_or("", |family| &*family.name);
                menu::drop_down(ui, "Family of the device", "", name, |ui| {
                    for family in &*families {
                        if menu::item(ui, family.id == hand.family, &family.name, "").clicked() {
                            (hand.family, hand.fields) = (Arc::clone(&family.id), BTreeMap::new());
                        }
                    }
                });
            });
            let Some(family) = family else { return };
            input::under(ui, "Address", |ui| {
                input::line(ui, &mut hand.address, "Address", &family.address_hint, size::FIELD, 253);
            });
            family.fields.iter().for_each(|field| one(ui, &mut hand.fields, field));
        });
    });
    scene.stage.adding.by_hand = Some(hand);
}

fn one(ui: &mut Ui, fields: &mut BTreeMap<Arc<str>, String>, field: &crate::model::lights::connection::Field) {
    let content = fields.entry(Arc::clone(&field.key)).or_insert_with(|| field.default.to_string());
    input::under(ui, &field.name, |ui| {
        if field.words.is_empty() {
            if field.secret {
                input::secret(ui, content, &field.name, &field.hint, size::FIELD, 256);
            } else {
                input::line(ui, content, &field.name, &field.hint, size::FIELD, 256);
            }
        } else if field.words.len() <= 3 {
            let options: Vec<_> = field.words.iter().enumerate().map(|(n, word)| (n, &**word)).collect();
            let chosen = field.words.iter().position(|word| **word == **content).unwrap_or(0);
            if let Some(picked) = segment::show(ui, &field.name, chosen, &options) {
                *content = field.words.get(picked).map(ToString::to_string).unwrap_or_default();
            }
        } else {
            menu::drop_down(ui, &field.name, "", &content.clone(), |ui| {
                for word in &*field.words {
                    if menu::item(ui, **word == **content, word, "").clicked() {
                        *content = word.to_string();
                    }
                }
            });
        }
    });
}

/// The way on: the name of what is picked stands on it.
pub fn next(ui: &mut Ui, scene: &mut Scene<'_>) {
    let wanted = match &scene.stage.adding.by_hand {
        Some(hand) => written(hand, &scene.view.lights.families),
        None => scene.stage.adding.finding(&scene.view.lights).map(|finding| {
            let words = format!("Prove {}", finding.name);
            (words, finding.target.clone(), BTreeMap::new())
        }),
    };
    match wanted {
        Some((words, target, secrets)) => {
            if ui.add(Button::new(&words).ember().tall()).clicked() {
                prove(scene, target, secrets);
            }
        }
        None => {
            let _ = ui.add_enabled(false, Button::new("Prove it").tall());
        }
    }
}

fn written(hand: &ByHand, families: &[Family]) -> Option<(String, Target, BTreeMap<String, String>)> {
    let family = families.iter().find(|family| family.id == hand.family)?;
    let address = hand.address.trim();
    if address.is_empty() {
        return None;
    }
    let (mut options, mut secrets) = (BTreeMap::new(), BTreeMap::new());
    for field in &*family.fields {
        let said = hand.fields.get(&field.key).map(|said| said.trim()).filter(|said| !said.is_empty());
        match said {
            Some(said) if field.secret => drop(secrets.insert(field.key.to_string(), said.to_owned())),
            Some(said) => drop(options.insert(Arc::clone(&field.key), said.into())),
            None => {}
        }
    }
    let target = Target { family: Arc::clone(&family.id), address: address.into(), options };
    Some((format!("Prove {address}"), target, secrets))
}

fn prove(scene: &mut Scene<'_>, target: Target, secrets: BTreeMap<String, String>) {
    scene.stage.adding.ask(target.clone(), &scene.view.lights);
    debug_assert_eq!(scene.stage.adding.step, Step::Prove);
    scene.out.lights(Command::Connect { target, secrets });
}
