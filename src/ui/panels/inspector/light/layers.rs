//! Who controls a light: the layers over its base, the highest first. What lies under the one that wins is what returns.

use egui::{Align2, CornerRadius, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::model::lights::layers::Kind;
use crate::model::lights::{Aim, Command, Light};
use crate::ui::panels::lights::row;
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::section;
use crate::ui::{light_words, style, words};

/// A row of the list.
struct Line {
    kind: &'static str,
    words: String,
    there: bool,
}

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, light: &Light) {
    let t = style::tokens(ui);
    section::quiet(ui, "Who controls this light", |ui| {
        ui.label(style::job("highest wins", text::SIDE, t.text3));
    });
    ui.add_space(space::S);
    let lines = lines(scene, light);
    let wins = lines.iter().position(|line| line.there);
    let held = light_words::hold(&light.stack).is_some();
    for (i, line) in lines.iter().enumerate() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::LAYER_ROW), Sense::hover());
        if wins == Some(i) {
            ui.painter().rect_filled(rect, CornerRadius::same(radius::CONTROL), t.ember_dim);
            let bar = Rect::from_min_size(rect.min, vec2(size::HERE[0], rect.height()));
            ui.painter().rect_filled(bar, CornerRadius::ZERO, t.ember);
        }
        let y = rect.center().y;
        let ink = if line.there { t.text1 } else { t.text3 };
        let number = format!("{}", i + 1);
        style::paint(
            ui.painter(),
            pos2(rect.left() + space::S, y),
            Align2::LEFT_CENTER,
            &number,
            text::FIGURE,
            t.text3,
        );
        let at = pos2(rect.left() + space::XL, y);
        style::paint(ui.painter(), at, Align2::LEFT_CENTER, line.kind, text::BUTTON, ink);
        let left = rect.left() + space::XL + size::LAYER_KIND;
        let release = held && line.kind == YOU;
        let room = rect.right() - left - if release { size::LAYER_KIND } else { space::S };
        style::paint_within(ui.painter(), pos2(left, y), Align2::LEFT_CENTER, &line.words, text::BODY, ink, room);
        let now = if wins == Some(i) { ", in force" } else { "" };
        let sentence = format!("{}: {}{now}", line.kind, line.words);
        response.widget_info(|| WidgetInfo::labeled(Role::Row, true, &sentence));
        if release {
            let place = Rect::from_min_max(pos2(rect.right() - size::LAYER_KIND, rect.top()), rect.max);
            row::put(ui, place, "release", |ui| {
                if ui.add(Button::new("Release").name(&format!("Release {}", light.name))).clicked() {
                    scene.out.lights(Command::Release { aims: vec![Aim::Light(light.id.clone())] });
                }
            });
        }
    }
}

const YOU: &str = "You";

/// All rows; kinds that are rare only where they are there.
fn lines(scene: &Scene<'_>, light: &Light) -> Vec<Line> {
    let operator = &scene.view.system.operator;
    let of = |kind: Kind| {
        let own: Vec<String> = light
            .stack
            .layers
            .iter()
            .rev()
            .filter(|layer| layer.kind == kind)
            .map(|layer| {
                let since = words::since(layer.since, scene.now.wall, &scene.now.zone);
                format!("{}, since {since}", layer.name)
            })
            .collect();
        let there = !own.is_empty();
        Line { kind: light_words::kind(kind), words: if there { own.join("; ") } else { "none".to_owned() }, there }
    };
    let hold = light_words::hold(&light.stack).map(|hold| {
        let until = hold.until.map(|until| words::since(until, scene.now.wall, &scene.now.zone));
        let until = until.map_or_else(String::new, |until| format!(", until {until}"));
        let by = light_words::who(&hold.by, operator);
        let by = if by == "you" { String::new() } else { format!(", {by}") };
        format!("{}{by}{until}", light_words::change(&hold.change))
    });
    let you = Line { kind: YOU, there: hold.is_some(), words: hold.unwrap_or_else(|| "none".to_owned()) };
    let base = format!("{}, by {}", light_words::state(&light.stack.base), light_words::who(&light.stack.by, operator));
    let rare = [Kind::Stream, Kind::Automation].map(of).into_iter().filter(|line| line.there);
    let mut lines = vec![of(Kind::Alarm), you];
    lines.extend(rare);
    lines.extend([of(Kind::Effect), of(Kind::Schedule), Line { kind: "Base", words: base, there: true }]);
    lines
}
