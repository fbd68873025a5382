//! What stands in the way of apps, looked at before the button is pressed and while it is: what the doctor finds, with its
//! cure, and a button where a command cures it.

use std::sync::Arc;

use egui::{Label, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use crate::port::doctor::{Finding, Level};
use crate::ui::panels::system::bridge::parts::head;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::widgets::button::Button;
use crate::ui::{icons, style};

/// The section of checks that are good: closed unless opened.
const GOOD: &str = "good checks";

/// Draws them, the worst first.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let all = Arc::clone(&scene.stage.bridge.kept.findings);
    let count = |level| all.iter().filter(|finding| finding.level == level).count();
    let counted = [(Level::Fine, "good"), (Level::Warning, "to know"), (Level::Broken, "wrong")];
    let counted: Vec<String> = counted
        .into_iter()
        .map(|(level, word)| (count(level), word))
        .filter(|(n, word)| *n > 0 || *word == "good")
        .map(|(n, word)| format!("{n} {word}"))
        .collect();
    head(ui, "Checks before pairing", &counted.join(", "));
    let t = style::tokens(ui);
    let open = scene.stage.opened.contains(GOOD);
    for (i, finding) in all.iter().enumerate().filter(|(_, finding)| open || finding.level != Level::Fine) {
        row(ui, scene, finding, i);
        ui.add_space(space::XS);
        let line = Stroke::new(stroke::HAIR, t.line);
        ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top(), line);
        ui.add_space(space::XS);
    }
    let good = count(Level::Fine);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let (place, _) = ui.allocate_exact_size(vec2(size::SHAPE, size::CONTROL), Sense::hover());
        style::icon(ui.painter(), place.center(), icons::CHECK, text::ICON_S, t.ok);
        let checks = if good == 1 { "check is" } else { "checks are" };
        ui.label(style::job(&format!("{good} {checks} good"), text::BODY, t.text2));
        let (word, name) = if open { ("Hide", "Hide good checks") } else { ("Show", "Show good checks") };
        if ui.add(Button::new(word).name(name)).clicked() {
            scene.stage.flip(GOOD);
        }
    });
}

fn row(ui: &mut Ui, scene: &mut Scene<'_>, finding: &Finding, i: usize) {
    let t = style::tokens(ui);
    let (icon, color, word) = match finding.level {
        Level::Fine => (icons::CHECK, t.ok, "good"),
        Level::Warning => (icons::TRIANGLE_ALERT, t.warning, "to know"),
        Level::Broken => (icons::CIRCLE_X, t.danger, "wrong"),
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let (place, response) = ui.allocate_exact_size(vec2(size::SHAPE, text::BODY.line), Sense::hover());
        style::icon(ui.painter(), place.center(), icon, text::ICON_S, color);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, word));
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            let ink = if finding.level == Level::Fine { t.text2 } else { t.text1 };
            ui.add(Label::new(style::job(&finding.what, text::BODY, ink)).wrap());
            if !finding.cure.is_empty() {
                ui.add(Label::new(style::job(&finding.cure, text::SIDE, t.text3)).wrap());
            }
            if !finding.deeds.is_empty() {
                let name = format!("Do it, check {}: {}", i + 1, finding.cure);
                if ui.add(Button::new("Do it").icon(icons::CHECK).name(&name)).clicked() {
                    finding.deeds.iter().cloned().for_each(|deed| scene.out.again(deed));
                }
            }
        });
    });
}
