//! Who controls a light: the layers over its base, the highest first, and what of each is seen. What lies under the one
//! that wins is what returns.

use egui::{Align2, CornerRadius, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::model::lights::layers::{self, Attribute, Kind, Source};
use crate::model::lights::{Aim, Command, Light};
use crate::ui::panels::lights::row;
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{ground, section};
use crate::ui::{light_words, style, words};

/// A row of the list.
struct Line {
    kind: &'static str,
    words: String,
    there: bool,
    drives: bool,
    /// What of it is seen, where that is not all of it.
    part: String,
    release: bool,
}

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, light: &Light) {
    let t = style::tokens(ui);
    section::quiet(ui, "Who controls this light", |ui| {
        ui.label(style::job("highest wins", text::SIDE, t.text3));
    });
    ui.add_space(space::S);
    let lines = lines(scene, light);
    let wins = lines.iter().position(|line| line.drives);
    for (i, line) in lines.iter().enumerate() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::LAYER_ROW), Sense::hover());
        if wins == Some(i) {
            ui.painter().rect_filled(rect, CornerRadius::same(radius::CONTROL), t.ember_dim);
        }
        if line.drives {
            ground::here(ui, rect);
        }
        content(ui, line, i + 1, rect);
        let now = match &*line.part {
            "" if line.drives => ", in force".to_owned(),
            "" => String::new(),
            part => format!(", in force for {part}"),
        };
        let sentence = format!("{}: {}{now}", line.kind, line.words);
        response.widget_info(|| WidgetInfo::labeled(Role::Row, true, &sentence));
        if line.release {
            let place = Rect::from_min_max(pos2(rect.right() - size::LAYER_KIND, rect.top()), rect.max);
            row::put(ui, place, "release", |ui| {
                if ui.add(Button::new("Release").name(&format!("Release {}", light.name))).clicked() {
                    scene.out.lights(Command::Release { aims: vec![Aim::Light(light.id.clone())] });
                }
            });
        }
    }
}

/// Its number, its kind, what it says; at the right what of it is seen.
fn content(ui: &Ui, line: &Line, number: usize, rect: Rect) {
    let t = style::tokens(ui);
    let y = rect.center().y;
    let ink = if line.there { t.text1 } else { t.text3 };
    let paint = |x: f32, words: &str, role, ink| {
        style::paint(ui.painter(), pos2(x, y), Align2::LEFT_CENTER, words, role, ink);
    };
    paint(rect.left() + space::S, &number.to_string(), text::FIGURE, t.text3);
    paint(rect.left() + space::XL, line.kind, text::BUTTON, ink);
    let left = rect.left() + space::XL + size::LAYER_KIND;
    let mut right = rect.right() - if line.release { size::LAYER_KIND } else { space::S };
    if !line.part.is_empty() && !line.release {
        let at = pos2(right, y);
        let said = style::paint(ui.painter(), at, Align2::RIGHT_CENTER, &line.part, text::SIDE, t.text2);
        right = said.left() - space::S;
    }
    let at = pos2(left, y);
    style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, &line.words, text::BODY, ink, right - left);
}

/// All rows; kinds that are usual also where nothing of them is there.
fn lines(scene: &Scene<'_>, light: &Light) -> Vec<Line> {
    let told = light.stack.explain();
    let has = |kind: Kind| told.iter().any(|line| line.source == Source::Layer(kind));
    let held = told.iter().position(is_hold);
    let row = |(i, line): (usize, &layers::Line)| (line.source, said(scene, light, line, held == Some(i)));
    let mut rows: Vec<(Source, Line)> = told.iter().enumerate().map(row).collect();
    for kind in [Kind::Schedule, Kind::Effect, Kind::Alarm].into_iter().filter(|kind| !has(*kind)) {
        let at = rows.iter().position(|(source, _)| is_under(*source, kind)).unwrap_or(rows.len());
        rows.insert(at, (Source::Layer(kind), nothing(light_words::kind(kind))));
    }
    if held.is_none() {
        // A touch goes above what is there, but never above an alarm.
        let at = rows.iter().position(|(source, _)| is_under(*source, Kind::Alarm)).unwrap_or(rows.len());
        rows.insert(at, (Source::Hold(Kind::Stream), nothing(YOU)));
    }
    rows.into_iter().map(|(_, line)| line).collect()
}

fn is_hold(line: &layers::Line) -> bool {
    matches!(line.source, Source::Hold(_))
}

/// Whether something lies lower than layers of a kind.
fn is_under(source: Source, kind: Kind) -> bool {
    match source {
        Source::Base => true,
        Source::Layer(own) | Source::Hold(own) => own < kind,
    }
}

const YOU: &str = "You";

fn nothing(kind: &'static str) -> Line {
    Line { kind, words: "none".to_owned(), there: false, drives: false, part: String::new(), release: false }
}

/// One of those who say something, in words.
fn said(scene: &Scene<'_>, light: &Light, line: &layers::Line, release: bool) -> Line {
    let operator = &scene.view.system.operator;
    let time = |at| words::since(at, scene.now.wall, &scene.now.zone);
    let who = light_words::who(&line.by, operator);
    let (kind, words) = match line.source {
        Source::Base => ("Base", format!("{}, by {who}", light_words::state(&light.stack.base))),
        Source::Layer(kind) => {
            let since = line.since.map_or_else(String::new, |since| format!(", since {}", time(since)));
            (light_words::kind(kind), format!("{}{since}", line.name))
        }
        Source::Hold(_) => {
            let until = line.until.map_or_else(String::new, |until| format!(", until {}", time(until)));
            let change = light_words::change(&line.change);
            match &*who {
                "you" => (YOU, format!("{change}{until}")),
                who => ("Held", format!("{change}, by {who}{until}")),
            }
        }
    };
    let drives = !line.drives.is_empty();
    let whole =
        Attribute::ALL.into_iter().filter(|attribute| attribute.is_in(&line.change)).eq(line.drives.iter().copied());
    let part = if drives && !whole { parts(&line.drives) } else { String::new() };
    Line { kind, words, there: true, drives, part, release }
}

/// Attributes in words.
fn parts(of: &[Attribute]) -> String {
    let word = |attribute: &Attribute| match attribute {
        Attribute::On => "power",
        Attribute::Brightness => "brightness",
        Attribute::Color => "colour",
    };
    of.iter().map(word).collect::<Vec<_>>().join(", ")
}
