//! The one question of the first start: may the local network reach Hearthlight?

use egui::{Label, Ui, vec2};

use crate::model::system::Command;
use crate::ui::icons;
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::ground;

/// Draws the card instead of a page.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let width = size::CARD.min(ui.available_width());
    ui.add_space((ui.available_height() * 0.14).max(space::L));
    ui.vertical_centered(|ui| {
        ui.set_max_width(width);
        let (rect, _) = ui.allocate_exact_size(vec2(width, text::ICON_XL.size), egui::Sense::hover());
        style::icon(ui.painter(), rect.center(), icons::NETWORK, text::ICON_XL, t.text3);
        ui.add_space(space::M);
        ui.label(style::job("May your local network reach Hearthlight?", text::TITLE, t.text1));
        let lead = "Sensors dial in to this computer. Until you answer, only programs on this computer can.";
        ui.label(style::job(lead, text::LEAD, t.text2));
        ui.add_space(space::XL);
    });
    let left = (ui.available_width() - width) / 2.0;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        ui.add_space((left - space::L).max(0.0));
        let each = (width - space::L) / 2.0;
        let yes = "Sensors on your network can connect. Their protocol has no password, so a device never seen before waits \
                   until you accept it here.";
        if choice(ui, each, "Local network", yes, Button::new("Allow the local network").ember().tall()) {
            scene.out.system(Command::AnswerReach { lan: true });
        }
        let no = "Nothing beyond this computer gets an answer. Simulated sensors and the demo home work; sensors on your \
                  network do not.";
        if choice(ui, each, "This computer only", no, Button::new("Keep to this computer").tall()) {
            scene.out.system(Command::AnswerReach { lan: false });
        }
    });
    ui.add_space(space::L);
    ui.vertical_centered(|ui| {
        ui.label(style::job("You can change this at any time in System, Network", text::SIDE, t.text3));
    });
}

fn choice(ui: &mut Ui, width: f32, title: &str, consequence: &str, button: Button<'_>) -> bool {
    let t = style::tokens(ui);
    ground::tile(t, space::L)
        .show(ui, |ui| {
            ui.vertical(|ui| {
                ui.set_width(width - 2.0 * space::L);
                ui.label(style::job(title, text::TILE_NAME, t.text1));
                ui.add_space(space::S);
                let words = ui.add(Label::new(style::job(consequence, text::BODY, t.text2)).wrap());
                // Both buttons stand on one line, however long the words are.
                ui.add_space((size::CHOICE_WORDS - words.rect.height()).max(0.0) + space::M);
                ui.add(button).clicked()
            })
            .inner
        })
        .inner
}
