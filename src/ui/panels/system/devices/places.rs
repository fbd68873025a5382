//! Known places of addresses, and other names of ids: two small tables that are settings.

use std::net::IpAddr;

use egui::{Rect, Ui, UiBuilder, vec2};

use crate::model::system::{Command, Layer, Setting};
use crate::ui::panels::system::devices::state::Forms;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::{blank, input, table};
use crate::ui::{icons, style};

/// Longest side of a pair.
const LIMIT: usize = 64;

/// One of the two tables.
struct Kind {
    key: &'static str,
    title: &'static str,
    side: &'static str,
    left: &'static str,
    columns: [table::Column; 3],
    form: fn(&mut Forms) -> &mut (String, String),
    wrong: fn(&str) -> Option<&'static str>,
}

static LOCATIONS: Kind = Kind {
    key: "sensors.locations",
    title: "Known places",
    side: "for devices that do not say where they are",
    left: "Address",
    columns: [table::words("Address", 1.0), table::words("Location", 1.0), table::words("", 0.2)],
    form: |forms| &mut forms.locations,
    wrong: |text| text.parse::<IpAddr>().is_err().then_some("This is not an address such as 192.168.1.20"),
};

static ALIASES: Kind = Kind {
    key: "sensors.aliases",
    title: "Other names",
    side: "ids that makers leave in, such as 1234",
    left: "Id",
    columns: [table::words("Id that is sent", 1.0), table::words("Location meant", 1.0), table::words("", 0.2)],
    form: |forms| &mut forms.aliases,
    wrong: wrong_name,
};

/// Why a text is no name, if it is none.
fn wrong_name(text: &str) -> Option<&'static str> {
    if text.contains([',', '=']) || text.chars().any(char::is_control) {
        Some("A comma, = and control characters cannot be in it")
    } else {
        None
    }
}

/// The pairs of a setting's text: `a=b`, with commas between them.
#[must_use]
pub fn pairs(value: &str) -> Vec<(String, String)> {
    let pair = |item: &str| item.split_once('=').map(|(a, b)| (a.trim().to_owned(), b.trim().to_owned()));
    value.split(',').filter_map(pair).collect()
}

/// The text of a setting that holds these pairs.
#[must_use]
pub fn text_of(pairs: &[(String, String)]) -> String {
    let items: Vec<_> = pairs.iter().map(|(left, place)| format!("{left}={place}")).collect();
    items.join(", ")
}

/// Draws both tables: side by side where there is room.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let find = |kind: &Kind| scene.view.system.settings.iter().find(|setting| *setting.key == *kind.key).cloned();
    let (Some(locations), Some(aliases)) = (find(&LOCATIONS), find(&ALIASES)) else { return };
    let x = std::mem::replace(&mut ui.spacing_mut().item_spacing.x, space::L);
    ui.columns_const(|[left, right]| {
        for side in [&mut *left, &mut *right] {
            side.spacing_mut().item_spacing = vec2(space::S, 0.0);
        }
        one(left, scene, &LOCATIONS, &locations);
        one(right, scene, &ALIASES, &aliases);
    });
    ui.spacing_mut().item_spacing.x = x;
}

fn one(ui: &mut Ui, scene: &mut Scene<'_>, kind: &Kind, setting: &Setting) {
    let pinned = match &setting.layer {
        Layer::Default | Layer::Window => None,
        Layer::File { line } => Some(format!("set in settings.ron, line {line}")),
        Layer::Flag => Some("set by --set".to_owned()),
    };
    let known = pairs(&setting.value);
    super::super::part(ui, kind.title, pinned.as_deref().unwrap_or(kind.side), |ui| {
        table::header(ui, &kind.columns);
        if known.is_empty() {
            super::sentence(ui, "None yet");
        }
        for (at, (left, place)) in known.iter().enumerate() {
            let cells = [left.clone(), place.clone(), String::new()];
            let (_, places) = table::row(ui, &kind.columns, &table::Row { cells: &cells, ..table::Row::default() });
            if pinned.is_none()
                && let Some(last) = places.last()
                && remove(ui, *last, left)
            {
                let rest: Vec<_> = known.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, p)| p.clone()).collect();
                scene.out.system(Command::Set { key: kind.key.to_owned(), value: text_of(&rest) });
            }
        }
        if pinned.is_none() {
            add(ui, scene, kind, &known);
        }
    });
}

fn remove(ui: &mut Ui, cell: Rect, left: &str) -> bool {
    let center = cell.right_center() - vec2(size::CONTROL / 2.0, 0.0);
    let place = Rect::from_center_size(center, vec2(size::CONTROL, size::CONTROL));
    let mut place = ui.new_child(UiBuilder::new().max_rect(place).id_salt(("remove", left)));
    button::icon(&mut place, icons::X, &format!("Remove {left}"), false).clicked()
}

fn add(ui: &mut Ui, scene: &mut Scene<'_>, kind: &Kind, known: &[(String, String)]) {
    let form = (kind.form)(&mut scene.stage.devices.places);
    let margin = egui::Margin::symmetric(space::M as i8, space::S as i8);
    egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.horizontal(|ui| {
            let width = (ui.available_width() - size::FIGURE - 6.0 * space::S) / 2.0;
            input::line(ui, &mut form.0, &format!("New {}", kind.left.to_lowercase()), kind.left, width, LIMIT);
            let name = format!("Location of the new {}", kind.left.to_lowercase());
            input::line(ui, &mut form.1, &name, "Location", width, LIMIT);
            let (left, place) = (form.0.trim().to_owned(), form.1.trim().to_owned());
            let whole = !left.is_empty() && !place.is_empty();
            let right = whole && wrong(kind, &left, &place).is_none();
            let name = format!("Add to {}", kind.title.to_lowercase());
            if ui.add_enabled(right, Button::new("Add").name(&name)).clicked() {
                let mut all: Vec<_> = known.iter().filter(|(key, _)| *key != left).cloned().collect();
                all.push((left, place));
                scene.out.system(Command::Set { key: kind.key.to_owned(), value: text_of(&all) });
                *form = Default::default();
            }
        });
        if let Some(why) = wrong(kind, form.0.trim(), form.1.trim()) {
            let color = style::tokens(ui).warning;
            ui.label(style::job(why, text::SIDE, color));
        }
        if known.iter().any(|(key, _)| key == form.0.trim()) {
            blank::line(ui, "It is in the list already; its location will be changed");
        }
    });
}

fn wrong(kind: &Kind, left: &str, place: &str) -> Option<&'static str> {
    let left = if left.is_empty() { None } else { (kind.wrong)(left) };
    left.or_else(|| wrong_name(place))
}
