//! The head of the wizard: its title and how far it is.

use egui::{Align, Align2, Layout, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::panels::adding::state::Step;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::{icons, style};

/// Draws it.
pub fn show(ui: &mut Ui, step: Step) {
    let t = style::tokens(ui);
    ui.horizontal(|ui| {
        ui.label(style::job("Add device", text::TITLE, t.text1));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(style::job(&format!("step {} of {}", step.number(), Step::ALL.len()), text::FIGURE, t.text2));
        });
    });
    ui.add_space(space::M);
    rule(ui);
    steps(ui, step);
    rule(ui);
}

fn rule(ui: &Ui) {
    let line = Stroke::new(stroke::HAIR, style::tokens(ui).line);
    ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top(), line);
}

/// Numbers in circles with their words; where the words have no room, only the one of now has them.
fn steps(ui: &mut Ui, now: Step) {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::STEPS), Sense::hover());
    let words = Step::ALL.map(|(_, word)| ui.painter().layout_job(style::job(word, text::BUTTON, t.text1)).size().x);
    let across = size::STEP;
    let all = words.iter().sum::<f32>() + 5.0 * (across + space::S) + 4.0 * (2.0 * space::M + size::STEP_LINE[0]);
    let spelled = all <= rect.width();
    let mut x = rect.left();
    let y = rect.center().y;
    for (n, ((step, word), width)) in Step::ALL.into_iter().zip(words).enumerate() {
        if n > 0 {
            let reached = if step <= now { t.text2 } else { t.line };
            let line = if spelled { size::STEP_LINE[0] } else { size::STEP_LINE[1] };
            ui.painter().hline(x + space::M..=x + space::M + line, y, Stroke::new(stroke::HAIR, reached));
            x += 2.0 * space::M + line;
        }
        let middle = pos2(x + across / 2.0, y);
        let (fill, edge, ink) = match step.cmp(&now) {
            std::cmp::Ordering::Less => (t.bg3, t.bg3, t.text1),
            std::cmp::Ordering::Equal => (t.ember, t.ember, t.on_ember),
            std::cmp::Ordering::Greater => (t.bg1, t.edge, t.text2),
        };
        ui.painter().circle(middle, across / 2.0 - 1.0, fill, Stroke::new(stroke::HAIR, edge));
        match step < now {
            true => style::icon(ui.painter(), middle, icons::CHECK, text::ICON_S, ink),
            false => {
                let number = step.number().to_string();
                style::paint(ui.painter(), middle, Align2::CENTER_CENTER, &number, text::FIGURE, ink);
            }
        }
        x += across;
        if spelled || step == now {
            let ink = if step == now { t.text1 } else { t.text2 };
            let at = pos2(x + space::S, y);
            style::paint(ui.painter(), at, Align2::LEFT_CENTER, word, text::BUTTON, ink);
            x += space::S + width;
        }
    }
    let word = Step::ALL[now as usize].1;
    let sentence = format!("Step {} of {}, {word}", now.number(), Step::ALL.len());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
}
