//! The editor of a schedule: what happens where, when, on which days.

use egui::{CornerRadius, Label, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use crate::model::bridge::job::Doing;
use crate::model::bridge::plan::Days;
use crate::ui::panels::automations::given::fault;
use crate::ui::panels::automations::plans::draft::{Draft, From, MOST, NAME_LIMIT, Point, SUN_MOST, fits};
use crate::ui::plan_words::{DAYS, Names, WEEKDAYS, WEEKEND};
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::{self, ground, input, menu, scroll, section, segment, toggle};
use crate::ui::{icons, style};

/// Draws it; hands back the draft as long as it is edited.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>, mut draft: Box<Draft>) -> Option<Box<Draft>> {
    ui.spacing_mut().item_spacing.y = 0.0;
    let (mut open, mut entered) = (true, false);
    let title = if draft.id.is_some() { "Schedule" } else { "New schedule" };
    section::tall(ui, title, |ui| open = !button::icon(ui, icons::X, "Leave the schedule", false).clicked());
    ui.add_space(space::S);
    let room = ui.available_height() - size::ACTION - 2.0 * space::M - text::BODY.line;
    ui.allocate_ui(vec2(ui.available_width(), room.max(size::ROW)), |ui| {
        ui.set_min_height(room.max(size::ROW));
        scroll::page(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let width = ui.available_width() - 2.0 * space::S;
            entered = input::first(ui, &mut draft.name, "Name of the schedule", "Name", width, NAME_LIMIT);
            ui.add_space(space::L);
            part(ui, "What happens", |ui| doings(ui, scene, &mut draft));
            part(ui, "When", |ui| when(ui, &mut draft));
            part(ui, "Until", |ui| until(ui, &mut draft));
            part(ui, "How", |ui| how(ui, &mut draft));
        });
    });
    open &= finish(ui, scene, &draft, entered);
    open.then_some(draft)
}

fn part(ui: &mut Ui, title: &str, content: impl FnOnce(&mut Ui)) {
    let t = style::tokens(ui);
    section::show(ui, title, |_| {});
    ui.add_space(space::S);
    ground::tile(t, space::M).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = space::S;
        content(ui);
    });
    ui.add_space(space::L);
}

fn doings(ui: &mut Ui, scene: &Scene<'_>, draft: &mut Draft) {
    let names = Names(scene.view);
    let last = draft.doings.len() == 1;
    let mut gone = None;
    for (i, (place, doing)) in draft.doings.iter_mut().enumerate() {
        ui.horizontal_wrapped(|ui| {
            let shown = names.place(place);
            menu::drop_down(ui, &format!("Place {}: {shown}", i + 1), "", &shown, |ui| {
                let mut groups: Vec<_> = scene.view.lights.groups.values().collect();
                groups.sort_by_key(|group| (group.order, &group.name));
                let mut chosen = None;
                if menu::item(ui, place.is_none(), "Whole home", "").clicked() {
                    chosen = Some(None);
                }
                for group in groups {
                    if menu::item(ui, place.as_ref() == Some(&group.id), &group.name, "").clicked() {
                        chosen = Some(Some(group.id.clone()));
                    }
                }
                // A scene of another place does not come along.
                if let Some(chosen) = chosen.filter(|chosen| chosen != place) {
                    (*place, *doing) = (chosen, Doing::On);
                }
            });
            let shown = match doing {
                Doing::On => "On".to_owned(),
                Doing::Off => "Off".to_owned(),
                Doing::Recall(scene) => format!("Scene {}", names.scene(scene)),
            };
            menu::drop_down(ui, &format!("What happens in place {}: {shown}", i + 1), "", &shown, |ui| {
                for (value, word) in [(Doing::On, "On"), (Doing::Off, "Off")] {
                    if menu::item(ui, *doing == value, word, "").clicked() {
                        *doing = value;
                    }
                }
                for known in scene.view.lights.scenes.values() {
                    if fits(&known.content, known.group.as_ref(), place) {
                        let value = Doing::Recall(known.id.clone());
                        if menu::item(ui, *doing == value, &format!("Scene {}", known.name), "").clicked() {
                            *doing = value;
                        }
                    }
                }
            });
            if !last && button::icon(ui, icons::X, &format!("Remove place {}", i + 1), false).clicked() {
                gone = Some(i);
            }
        });
    }
    if let Some(i) = gone {
        draft.doings.remove(i);
    }
    if draft.doings.len() < MOST && ui.add(Button::new("Add a place").icon(icons::PLUS)).clicked() {
        draft.doings.push((None, Doing::On));
    }
}

fn when(ui: &mut Ui, draft: &mut Draft) {
    point(ui, &mut draft.at, "begin");
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::XS, space::XS);
        for (bit, name) in DAYS {
            if day(ui, draft.days.0 & bit != 0, name) {
                draft.days = Days(draft.days.0 ^ bit);
            }
        }
    });
    let sets = [(Days::ALL, "Every day"), (WEEKDAYS, "Weekdays"), (WEEKEND, "Weekends"), (Days(0), "Once")];
    if let Some(days) = segment::show(ui, "Days of the schedule", draft.days, &sets) {
        draft.days = days;
    }
    if draft.days == Days(0) {
        let color = style::tokens(ui).text3;
        let words = "The next time that it is so late; then it is turned off";
        ui.add(Label::new(style::job(words, text::SIDE, color)).wrap());
    }
}

/// A day of the week to be chosen. True if it was clicked.
fn day(ui: &mut Ui, on: bool, name: &str) -> bool {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(size::TOOL, size::CONTROL), Sense::click());
    let fill = if on { t.ember_dim } else { t.bg3 };
    let edge = if on { Stroke::new(stroke::HAIR, t.ember) } else { button::border(ui, false) };
    let corner = CornerRadius::same(radius::CONTROL);
    ui.painter().rect(rect, corner, fill, edge, egui::StrokeKind::Inside);
    let ink = if on { t.text1 } else { t.text2 };
    style::paint(ui.painter(), rect.center(), egui::Align2::CENTER_CENTER, name, text::BUTTON, ink);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, name));
    widgets::focus_ring(ui, &response, radius::CONTROL);
    response.clicked()
}

/// A point of the day; `what` tells one from the other.
fn point(ui: &mut Ui, point: &mut Point, what: &str) {
    ui.horizontal_wrapped(|ui| {
        let kinds = [(From::Clock, "At"), (From::Sunrise, "Sunrise"), (From::Sunset, "Sunset")];
        if let Some(from) = segment::show(ui, &format!("What it is to {what} by"), point.from, &kinds) {
            point.from = from;
        }
        match point.from {
            From::Clock => {
                input::count(ui, &mut point.hour, &format!("Hour to {what}"), "\u{a0}h", 0..=23);
                input::count(ui, &mut point.minute, &format!("Minute to {what}"), "\u{a0}min", 0..=59);
            }
            From::Sunrise | From::Sunset => {
                let mut offset = f64::from(point.offset);
                let number = input::Number {
                    name: &format!("Minutes after it to {what}"),
                    before: "",
                    unit: "\u{a0}min after it",
                    width: size::FIGURE,
                    range: -f64::from(SUN_MOST)..=f64::from(SUN_MOST),
                    step: 1.0,
                    decimals: 0,
                };
                if input::number(ui, &mut offset, &number).changed() {
                    point.offset = offset.round() as i32;
                }
            }
        }
    });
}

fn until(ui: &mut Ui, draft: &mut Draft) {
    let t = style::tokens(ui);
    ui.horizontal(|ui| {
        let mut ends = draft.until.is_some();
        if toggle::show(ui, &mut ends, "It ends with everything off").changed() {
            draft.until = ends.then(|| Point::clock((draft.at.hour + 1) % 24, draft.at.minute));
        }
        ui.label(style::job("Everything in it goes off again", text::BODY, t.text1));
    });
    if let Some(until) = &mut draft.until {
        point(ui, until, "end");
    }
}

fn how(ui: &mut Ui, draft: &mut Draft) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        input::under(ui, "Takes", |ui| {
            input::count(ui, &mut draft.transition_min, "Minutes that it takes", "\u{a0}min", 0..=109);
        });
        input::under(ui, "Earlier or later at random by up to", |ui| {
            input::count(ui, &mut draft.random_min, "Minutes earlier or later", "\u{a0}min", 0..=120);
        });
    });
}

/// What it would do, in words; save and cancel. False when one of them was pressed. `entered` is as good as Save.
fn finish(ui: &mut Ui, scene: &mut Scene<'_>, draft: &Draft, entered: bool) -> bool {
    let t = style::tokens(ui);
    let command = draft.command(scene.view);
    ui.add_space(space::S);
    match &command {
        Ok(_) => {
            let (when, does) = Names(scene.view).job(&draft.job());
            ui.add(Label::new(style::job(&format!("{when}: {does}"), text::BODY, t.text2)).truncate());
        }
        Err(missing) => fault(ui, missing),
    }
    ui.add_space(space::S);
    let mut open = true;
    ui.horizontal(|ui| {
        let save = Button::new("Save").icon(icons::SAVE).tall();
        let save = if command.is_ok() { save.ember() } else { save };
        let pressed = ui.add_enabled(command.is_ok(), save.name("Save the schedule")).clicked();
        if let (true, Ok(command)) = (pressed || entered, command) {
            scene.out.bridge(command);
            open = false;
        }
        if ui.add(Button::new("Cancel").tall().name("Cancel the schedule")).clicked() {
            open = false;
        }
    });
    open
}
