//! What the bar asks before it acts: for how long to shelve and why, whether to take back what actions did.
//!
//! Invariant: a question stays with the alarm it was asked for, whatever becomes more pressing; it goes with it.

use egui::{Align, Key, Layout, Ui};

use crate::model::alarms::Command;
use crate::model::alarms::alarm::AlarmId;
use crate::ui::alarm_words;
use crate::ui::icons;
use crate::ui::scene::Scene;
use crate::ui::shell::alarm_bar::state::Question;
use crate::ui::style;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::input;

/// For how long one can shelve, minutes.
const MINUTES: [u32; 3] = [5, 15, 60];
/// Longest reason, characters.
pub const REASON_LIMIT: usize = 200;

/// Whether there is still something to ask about.
#[must_use]
pub fn stands(scene: &Scene<'_>, question: &Question) -> bool {
    let active = &scene.view.alarms.active;
    match question {
        Question::Shelve { alarm, .. } => active.contains_key(alarm),
        Question::Undo { alarm } => active.get(alarm).is_some_and(|a| alarm_words::undoable(a).next().is_some()),
    }
}

/// Draws the question that is open.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(question) = scene.stage.bar.question.take() else { return };
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.add_space(space::L);
        scene.stage.bar.question = match question {
            Question::Shelve { alarm, reason } => shelve(ui, scene, alarm, reason),
            Question::Undo { alarm } => undo(ui, scene, alarm),
        };
    });
}

fn shelve(ui: &mut Ui, scene: &mut Scene<'_>, alarm: AlarmId, mut reason: String) -> Option<Question> {
    let t = style::tokens(ui);
    let title = format!("Shelve {}", alarm_words::name_of(scene.view, &alarm));
    let mut asked = None;
    let mut open = true;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add_space(space::S);
        if button::icon(ui, icons::X, "Do not shelve", false).clicked() {
            open = false;
        }
        for minutes in MINUTES.into_iter().rev() {
            let word = format!("{minutes}\u{a0}min");
            if ui.add(Button::new(&word).name(&format!("Shelve for {minutes} minutes"))).clicked() {
                asked = Some(minutes);
            }
        }
        let room = ui.available_width();
        let id = ui.scope_id().with(("why", alarm.as_str()));
        let fresh = ui.ctx().read_response(id).is_none();
        let width = size::WHY.min(room / 2.0);
        let edit = input::edit(ui, &mut reason, "Why, if you like", width, REASON_LIMIT).id(id);
        let edit = ui.add(edit).accessible_name("Why it is shelved");
        if fresh {
            // Who asked for the question wants to write; what is written is no longer a key.
            edit.request_focus();
        }
        if edit.lost_focus() && ui.input(|i| i.key_pressed(Key::Escape)) {
            open = false;
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(egui::Label::new(style::job(&title, text::STRONG, t.text1)).truncate());
        });
    });
    if let Some(minutes) = asked {
        scene.out.alarms(Command::Shelve { alarm, minutes, reason: reason.trim().to_owned() });
        return None;
    }
    open.then_some(Question::Shelve { alarm, reason })
}

fn undo(ui: &mut Ui, scene: &mut Scene<'_>, id: AlarmId) -> Option<Question> {
    let t = style::tokens(ui);
    let alarm = scene.view.alarms.active.get(&id).cloned()?;
    let what: Vec<_> = alarm_words::undoable(&alarm).map(|done| done.what.to_string()).collect();
    let words = format!("{}: {}", alarm_words::name(scene.view, &alarm), what.join("; "));
    let mut answer = None;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add_space(space::S);
        if ui.add(Button::new("Leave them as they are")).clicked() {
            answer = Some(false);
        }
        if ui.add(Button::new("Take them back").icon(icons::UNDO)).clicked() {
            answer = Some(true);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.label(style::job("Take back these actions?", text::STRONG, t.text1));
            ui.add(egui::Label::new(style::job(&words, text::BODY, t.text2)).truncate());
        });
    });
    if answer == Some(true) {
        scene.out.alarms(Command::UndoActions { alarm: id.clone() });
    }
    answer.is_none().then_some(Question::Undo { alarm: id })
}
