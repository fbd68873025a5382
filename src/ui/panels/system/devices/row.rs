//! One device: a line of facts, its trouble under it, and what can be done about it.

use egui::{CornerRadius, Frame, Margin, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, vec2};

use crate::model::alarms;
use crate::model::sensors::{self, Device};
use crate::model::thermal::{Array, Calibration};
use crate::ui::panels;
use crate::ui::panels::system::devices::state::Asking;
use crate::ui::scene::Scene;
use crate::ui::standing::{self, Standing};
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::field::{self, Edited};
use crate::ui::widgets::{self, ask, menu, table};
use crate::ui::{icons, style, words};

/// Columns; the last holds buttons.
const COLUMNS: [table::Column; 10] = [
    table::words("Name", 1.7),
    table::words("State", 1.05),
    table::words("Place", 1.3),
    table::words("Location", 1.1),
    table::words("Address", 1.25),
    table::words("Serial number", 1.0),
    table::words("Kind", 1.25),
    table::figures("Tries", 0.4),
    table::figures("Last heard", 0.75),
    table::words("", 1.15),
];
/// The columns for a list of this width: a name is shown whole before what else there is to know; the row's own page has
/// all of it.
#[must_use]
pub fn columns(width: f32) -> [table::Column; 10] {
    let mut columns = COLUMNS;
    for (i, from) in FROM {
        if let Some(column) = columns.get_mut(i).filter(|_| width < from) {
            column.share = 0.0;
        }
    }
    columns
}

/// Columns that are left out below a width.
const FROM: [(usize, f32); 5] = [(3, 860.0), (4, 640.0), (5, 980.0), (6, 760.0), (7, 640.0)];
/// Place of the columns that are edited.
const NAME: usize = 0;
const PLACE: usize = 2;
/// Longest name, place and reason.
const NAME_LIMIT: usize = 64;
const REASON_LIMIT: usize = 200;

/// What reconnecting means.
const RECONNECT: &str = "Close its connection so that it dials in anew; devices dial in, they cannot be dialled";
const NOTHING_TO_CLOSE: &str = "Not connected: it must dial in by itself; devices cannot be dialled";

/// About how high the row of a device is.
#[must_use]
pub fn height(scene: &Scene<'_>, device: &Device) -> f32 {
    let note = if note(scene, device).is_some() { size::SECTION + space::XS } else { 0.0 };
    scene.choices.density.row(size::TABLE_ROW + space::XS) + note
}

/// What is wrong and what helps; that it is out of service.
fn note(scene: &Scene<'_>, device: &Device) -> Option<String> {
    let trouble = standing::trouble(device, scene.now.wall).map(|(cause, cure)| {
        let stop = if cause.ends_with('?') { "" } else { "." };
        format!("{cause}{stop} {cure}.")
    });
    let out = scene.view.alarms.out_of_service.get(&device.id).map(|out| {
        let since = words::since(out.since, scene.now.wall, &scene.now.zone);
        format!("Out of service since {since} by {}: {}.", out.by, out.reason)
    });
    match (out, trouble) {
        (Some(out), Some(trouble)) => Some(format!("{out} {trouble}")),
        (out, trouble) => out.or(trouble),
    }
}

/// Draws the row, and the question about it that is open.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    let t = style::tokens(ui);
    let asking = match &scene.stage.devices.asking {
        Some((id, asking)) if *id == device.id => Some(asking.clone()),
        _ => None,
    };
    let mut cells = cells(scene, device);
    match &asking {
        Some(Asking::Name(_)) => cells[NAME].clear(),
        Some(Asking::Place(_)) => cells[PLACE].clear(),
        _ => {}
    }
    let note = note(scene, device);
    let selected = scene.stage.selected.as_ref() == Some(&device.id);
    let standing = Some(Standing::of(device));
    let note = note.as_deref().map(|note| (note, t.text2));
    let line = table::Row { standing, cells: &cells, note, selected, clickable: true };
    let (response, places) = table::row(ui, &columns(ui.available_width()), &line);
    if response.clicked() {
        scene.stage.select(&device.id);
        (scene.stage.page, scene.stage.inspector) = (panels::order::THERMAL, Some(true));
    }
    if let Some(last) = places.last() {
        actions(ui, scene, device, *last);
    }
    if asking.is_none()
        && let Some(cell) = places.get(PLACE)
    {
        place(ui, scene, device, *cell);
    }
    match asking {
        Some(Asking::Name(content)) => {
            edit(ui, scene, device, places.get(NAME), content, "Name", Asking::Name);
        }
        Some(Asking::Place(content)) => {
            edit(ui, scene, device, places.get(PLACE), content, "Place", Asking::Place);
        }
        Some(Asking::OutOfService(reason)) => out_of_service(ui, scene, device, reason),
        Some(Asking::Forget) => forget(ui, scene, device),
        None => {}
    }
}

fn cells(scene: &mut Scene<'_>, device: &Device) -> [String; 10] {
    let standing = Standing::of(device);
    let slot = scene.port.slots.device(&device.id);
    let heard = match slot.as_ref().and_then(|slot| slot.last_heard()) {
        Some(_) if standing == Standing::Live => "now".to_owned(),
        Some(at) => {
            scene.stage.ticking = true;
            words::age(scene.now.moment.since(at))
        }
        None => match device.heard {
            Some(at) => {
                scene.stage.ticking = true;
                words::age(scene.now.since(at))
            }
            None if device.accepted => "never".to_owned(),
            None => words::UNKNOWN.to_owned(),
        },
    };
    if matches!(standing, Standing::Stale | Standing::Offline) && device.connected {
        scene.stage.ticking = true;
    }
    let channels = slot.map_or(0, |slot| slot.channels().len());
    let simulated = if device.simulated { ", simulated" } else { "" };
    [
        device.name.to_string(),
        format!("{}{simulated}", standing.word()),
        device.place.to_string(),
        device.location.to_string(),
        device.address.to_string(),
        device.serial.as_deref().unwrap_or(words::UNKNOWN).to_owned(),
        kind(scene.array(&device.id).as_deref(), channels),
        words::count(u64::from(device.attempts)),
        heard,
        String::new(),
    ]
}

/// What a device measures.
fn kind(array: Option<&Array>, channels: usize) -> String {
    let channels = (channels > 0).then(|| words::many(channels, "channel"));
    let array = array.map(|array| {
        let state = match array.calibration {
            Calibration::Missing => " uncalibrated",
            Calibration::Changed => " calibration changed",
            Calibration::NotNeeded | Calibration::Stored | Calibration::Received => "",
        };
        format!("{}\u{d7}{}{state}", array.size.cols(), array.size.rows())
    });
    match (array, channels) {
        (Some(array), Some(channels)) => format!("{array}, {channels}"),
        (array, channels) => array.or(channels).unwrap_or_else(|| words::UNKNOWN.to_owned()),
    }
}

/// The place can be clicked, to be changed.
fn place(ui: &Ui, scene: &mut Scene<'_>, device: &Device, cell: Rect) {
    let t = style::tokens(ui);
    let rect = Rect::from_center_size(cell.center(), vec2(cell.width() + 2.0 * space::XS, size::CONTROL));
    let response = ui.interact(rect, ui.scope_id().with(("place", &device.id)), Sense::click());
    let name = format!("Set the place of {}", device.name);
    if response.hovered() || response.has_focus() {
        let corner = CornerRadius::same(radius::CONTROL);
        ui.painter().rect_stroke(rect, corner, Stroke::new(stroke::HAIR, t.edge), StrokeKind::Inside);
        let at = rect.right_center() - vec2(text::ICON_S.size, 0.0);
        style::icon(ui.painter(), at, icons::PENCIL, text::ICON_S, t.text2);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    widgets::focus_ring(ui, &response, radius::CONTROL);
    if response.clicked() {
        scene.stage.devices.asking = Some((device.id.clone(), Asking::Place(device.place.to_string())));
    }
}

fn actions(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, cell: Rect) {
    let min = cell.right_center() - vec2(cell.width(), size::CONTROL / 2.0);
    let place = Rect::from_min_max(min, cell.right_center() + vec2(0.0, size::CONTROL / 2.0));
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(place).layout(layout).id_salt(("actions", &device.id)));
    ui.spacing_mut().item_spacing.x = space::XS;
    let more = button::icon(&mut ui, icons::ELLIPSIS, &format!("More for {}", device.name), false);
    menu::popup(&more, |ui| choices(ui, scene, device));
    if !device.accepted {
        if ui.add(Button::new("Accept").name(&format!("Accept {}", device.name))).clicked() {
            scene.out.sensors(sensors::Command::Accept { device: device.id.clone() });
        }
        return;
    }
    let name = format!("Reconnect {}", device.name);
    let reconnect = ui.add_enabled_ui(device.connected, |ui| {
        let response = button::icon(ui, icons::REFRESH_CW, &name, false);
        response.on_hover_text(RECONNECT).on_disabled_hover_text(NOTHING_TO_CLOSE)
    });
    if reconnect.inner.clicked() {
        scene.out.sensors(sensors::Command::Reconnect { device: device.id.clone() });
    }
}

fn choices(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    let out = scene.view.alarms.out_of_service.contains_key(&device.id);
    let mut asking = None;
    if menu::item(ui, false, "Rename\u{2026}", "").clicked() {
        asking = Some(Asking::Name(device.name.to_string()));
    }
    if menu::item(ui, false, "Set place\u{2026}", "").clicked() {
        asking = Some(Asking::Place(device.place.to_string()));
    }
    if menu::item(ui, false, "Ask for its calibration", "").clicked() {
        scene.out.sensors(sensors::Command::AskCalibration { device: device.id.clone() });
    }
    if menu::item(ui, false, "Learn its rest anew", "").clicked() {
        scene.out.alarms(alarms::Command::Relearn { device: device.id.clone() });
    }
    if out {
        if menu::item(ui, false, "Put back in service", "").clicked() {
            scene.out.alarms(alarms::Command::PutBackInService { device: device.id.clone() });
        }
    } else if menu::item(ui, false, "Out of service\u{2026}", "").clicked() {
        asking = Some(Asking::OutOfService(String::new()));
    }
    if menu::item(ui, false, "Forget\u{2026}", "").clicked() {
        asking = Some(Asking::Forget);
    }
    if let Some(asking) = asking {
        scene.stage.devices.asking = Some((device.id.clone(), asking));
    }
}

/// A cell that is being edited: Enter sets, Escape leaves.
fn edit(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    device: &Device,
    cell: Option<&Rect>,
    mut content: String,
    what: &str,
    again: fn(String) -> Asking,
) {
    let Some(cell) = cell else { return };
    let indent = if what == "Name" { size::GLYPH + space::S } else { 0.0 };
    let place =
        Rect::from_center_size(cell.center(), vec2(cell.width(), size::CONTROL)).with_min_x(cell.left() + indent);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(place).id_salt(("edit", &device.id)));
    let name = format!("{what} of {}", device.name);
    let edited = field::line(&mut ui, &mut content, &name, place.width() - 2.0 * space::S, NAME_LIMIT);
    scene.stage.devices.asking = match edited {
        Edited::Open => Some((device.id.clone(), again(content))),
        Edited::Left => None,
        Edited::Done => {
            set(scene, device, what, content.trim());
            None
        }
    };
}

fn set(scene: &mut Scene<'_>, device: &Device, what: &str, content: &str) {
    let id = device.id.clone();
    if what == "Place" && content != &*device.place {
        scene.out.sensors(sensors::Command::SetPlace { device: id, place: content.to_owned() });
    } else if what == "Name" && !content.is_empty() && content != &*device.name {
        scene.out.sensors(sensors::Command::Rename { device: id, name: content.to_owned() });
    }
}

fn question<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    let t = style::tokens(ui);
    let margin = Margin { left: (space::M + size::GLYPH + space::S) as i8, ..Margin::same(space::M as i8) };
    Frame::NONE
        .fill(t.bg1)
        .inner_margin(margin)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            content(ui)
        })
        .inner
}

fn out_of_service(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, mut reason: String) {
    let t = style::tokens(ui);
    question(ui, |ui| {
        let words = format!(
            "Why does {} go out of service? Its alarms are closed, and none is raised until it is back.",
            device.name
        );
        ui.label(style::job(&words, text::BODY, t.text1));
        ui.add_space(space::S);
        ui.horizontal(|ui| {
            let edited = field::line(ui, &mut reason, "Reason", size::TOAST, REASON_LIMIT);
            let told = !reason.trim().is_empty();
            let take = ui.add_enabled(told, Button::new("Take it out of service")).clicked();
            let leave = ui.add(Button::new("Leave it in service")).clicked();
            let asking = (device.id.clone(), Asking::OutOfService(reason.clone()));
            scene.stage.devices.asking = if told && (take || edited == Edited::Done) {
                let reason = reason.trim().to_owned();
                scene.out.alarms(alarms::Command::TakeOutOfService { device: device.id.clone(), reason });
                None
            } else {
                Some(asking).filter(|_| !leave)
            };
        });
    });
}

fn forget(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    let words = format!("Forget {}? Its name, place and settings go; if it dials in again it is new.", device.name);
    match question(ui, |ui| ask::show(ui, &words, "Forget it", "Keep it")) {
        Some(true) => {
            scene.out.sensors(sensors::Command::Forget { device: device.id.clone() });
            scene.stage.devices.asking = None;
        }
        Some(false) => scene.stage.devices.asking = None,
        None => {}
    }
}
