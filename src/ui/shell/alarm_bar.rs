//! The line of alarms at the bottom: always there, quiet when all is well, as high as what it tells is pressing.
//!
//! Invariant: the most pressing alarm is shown in the frame in which it is known, whatever else goes on; it takes no
//! keyboard focus and covers nothing: the bar pushes the page up.

pub mod acts;
pub mod buttons;
pub mod calm;
pub mod clear;
pub mod lines;
pub mod loud;
pub mod question;
pub mod state;

use egui::accesskit::Live;
use egui::{Margin, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::model::alarms::alarm::Alarm;
use crate::model::alarms::rule::Level;
use crate::ui::alarm_words;
use crate::ui::scene::Scene;
use crate::ui::shell::alarm_bar::acts::{Act, Choice, Keyed};
use crate::ui::shell::alarm_bar::lines::{Line, Tone};
use crate::ui::shell::alarm_bar::state::Question;
use crate::ui::theme::{size, space};

/// How high everything is that this module shows, in points: question, list and the most pressing line.
#[must_use]
pub fn height(scene: &Scene<'_>) -> f32 {
    let lines = lines::of(&scene.view.alarms);
    let own = lines.first().map_or(size::BAR, |line| line.tone().height());
    own + list_height(scene, &lines) + question_height(scene)
}

fn list_height(scene: &Scene<'_>, lines: &[Line]) -> f32 {
    if !scene.stage.bar.open {
        return 0.0;
    }
    lines.len().saturating_sub(1).min(size::BAR_LINES) as f32 * size::BAR_NOTICE
}

fn question_height(scene: &Scene<'_>) -> f32 {
    let stands = scene.stage.bar.question.as_ref().is_some_and(|question| question::stands(scene, question));
    if stands { size::TOP } else { 0.0 }
}

/// Shows question and list, and under them the most pressing line; `between` is shown above that one.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, between: impl FnOnce(&mut Ui, &mut Scene<'_>)) {
    let lines = lines::of(&scene.view.alarms);
    if lines.len() < 2 {
        scene.stage.bar.open = false;
    }
    let keyed = Keyed::of(scene, &lines);
    let mut clicked = None;
    if question_height(scene) > 0.0 {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::TOP), Sense::hover());
        let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(question_salt(scene)));
        child.painter().rect_filled(rect, 0.0, crate::ui::style::tokens(&child).bg2);
        question::show(&mut child, scene);
    } else {
        scene.stage.bar.question = None;
    }
    let others = list_height(scene, &lines);
    if others > 0.0 {
        clicked = list(ui, scene, &lines, &keyed, others);
    }
    between(ui, scene);
    let own = lines.first().map_or(size::BAR, |line| line.tone().height());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), own), Sense::hover());
    match lines.first() {
        None => {
            clear::show(ui, scene, rect);
            let sentence = clear::sentence(scene);
            tell(ui, rect, sentence, Live::Polite, "");
        }
        Some(line) => clicked = first(ui, scene, rect, line, &keyed, lines.len() - 1).or(clicked),
    }
    if let Some(act) = clicked {
        acts::perform(scene, act);
    }
}

fn question_salt(scene: &Scene<'_>) -> (&'static str, String) {
    let of = match &scene.stage.bar.question {
        Some(Question::Shelve { alarm, .. } | Question::Undo { alarm }) => alarm.to_string(),
        None => String::new(),
    };
    ("question", of)
}

/// The sentence of an alarm as it was when the alarm last changed in a way that matters.
fn told(scene: &mut Scene<'_>, alarm: &Alarm) -> String {
    if let Some(said) = scene.stage.bar.told(alarm) {
        return said;
    }
    let said = alarm_words::sentence(scene, alarm);
    scene.stage.bar.tell(alarm, said.clone());
    said
}

/// The most pressing line.
fn first(ui: &Ui, scene: &mut Scene<'_>, rect: Rect, line: &Line, keyed: &Keyed, more: usize) -> Option<Act> {
    let mut choices = acts::choices(scene, line, keyed, true);
    if more > 0 {
        choices.push(acts::more(more, scene.stage.bar.open));
    }
    let tone = line.tone();
    match line.alarm() {
        Some(alarm) => {
            scene.stage.ticking |= alarm_words::ticks(alarm);
            let sentence = match line {
                Line::Group { .. } => calm::sentence(scene, line),
                _ => told(scene, alarm),
            };
            let live = if tone == Tone::New(Level::Danger) { Live::Assertive } else { Live::Polite };
            tell(ui, rect, sentence, live, &alarm_words::did(scene, alarm));
            match tone {
                Tone::New(_) => loud::show(ui, scene, rect, line, alarm, &choices),
                _ => calm::show(ui, scene, rect, line, &choices),
            }
        }
        None => {
            let sentence = calm::sentence(scene, line);
            tell(ui, rect, sentence, Live::Polite, "");
            calm::show(ui, scene, rect, line, &choices)
        }
    }
}

/// The node that screen readers watch: always the same one, so that a new sentence is announced once.
fn tell(ui: &Ui, rect: Rect, sentence: String, live: Live, did: &str) {
    let id = egui::Id::unique("alarm bar");
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &sentence));
    ui.ctx().accesskit_node_builder(id, |node| node.set_live(live));
    let whole = if did.is_empty() { sentence } else { format!("{sentence}\n{did}") };
    if !did.is_empty() {
        let acted = ui.interact(rect, id.with("did"), Sense::hover());
        acted.widget_info(|| WidgetInfo::labeled(Role::Label, true, did));
    }
    response.on_hover_text(whole);
}

/// The other lines, as many as have room; the rest is scrolled to.
fn list(ui: &mut Ui, scene: &mut Scene<'_>, lines: &[Line], keyed: &Keyed, height: f32) -> Option<Act> {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("alarms"));
    child.spacing_mut().item_spacing.y = 0.0;
    let mut clicked = None;
    let margin = Margin { right: space::XS as i8, ..Margin::ZERO };
    ScrollArea::vertical().auto_shrink(false).content_margin(margin).show(&mut child, |ui| {
        for line in lines.iter().skip(1) {
            let wanted = vec2(ui.available_width(), size::BAR_NOTICE);
            let (row, response) = ui.allocate_exact_size(wanted, Sense::hover());
            let choices: Vec<Choice> = acts::choices(scene, line, keyed, false);
            let sentence = calm::sentence(scene, line);
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
            scene.stage.ticking |= line.alarm().is_some_and(|alarm| alarm_words::ticks(alarm));
            clicked = calm::show(ui, scene, row, line, &choices).or(clicked.take());
        }
    });
    clicked
}

/// Where the content of a panel that is still growing is: as high as it will be, its top in sight. One that shrinks
/// keeps its bottom in sight.
#[must_use]
pub fn content(panel: Rect, target: f32) -> Rect {
    if target > panel.height() {
        Rect::from_min_size(panel.min, vec2(panel.width(), target))
    } else {
        Rect::from_min_max(pos2(panel.left(), panel.bottom() - target), panel.max)
    }
}
