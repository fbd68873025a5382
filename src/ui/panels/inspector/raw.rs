//! Raw data: rejected packets by reason, and the newest of them. Closed unless opened.

use egui::{Label, Ui};

use crate::model::sensors::Device;
use crate::port::slots::{DeviceSlot, REASON_NAMES, Reject};
use crate::ui::now::Now;
use crate::ui::scene::Scene;
use crate::ui::theme::{space, text};
use crate::ui::widgets::{blank, button, fact, section};
use crate::ui::{icons, style, words};

/// The section's name in the set of opened ones.
const SECTION: &str = "raw";
/// Rejected packets shown of one device.
const SHOWN: usize = 8;

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, slot: Option<&DeviceSlot>) {
    let open = scene.stage.opened.contains(SECTION);
    let icon = if open { icons::CHEVRON_DOWN } else { icons::CHEVRON_RIGHT };
    section::quiet(ui, "Raw data", |ui| {
        let name = if open { "Hide rejected packets" } else { "Show rejected packets" };
        if button::icon(ui, icon, name, false).clicked() {
            scene.stage.flip(SECTION);
        }
    });
    if !open {
        return;
    }
    ui.add_space(space::S);
    let counts = slot.map(|slot| REASON_NAMES.iter().zip(&slot.rejected)).into_iter().flatten();
    for (name, counter) in counts.filter(|(_, counter)| counter.get() > 0) {
        fact::figure(ui, &name.replace('_', " "), &words::count(counter.get()));
    }
    scene.stage.rejected.refresh(scene.port, scene.pulse.lost);
    let kept = std::sync::Arc::clone(&scene.stage.rejected.kept);
    let mut own = kept.iter().filter(|reject| reject.location == device.location).take(SHOWN).peekable();
    if own.peek().is_none() {
        blank::line(ui, "No packet was rejected");
    }
    for reject in own {
        packet(ui, scene.now, reject);
    }
}

/// One rejected packet: when, why, the evidence, how it began.
pub fn packet(ui: &mut Ui, now: &Now, reject: &Reject) {
    let t = style::tokens(ui);
    ui.add_space(space::S);
    let reason = REASON_NAMES.get(reject.reason as usize).copied().unwrap_or_default().replace('_', " ");
    let title = format!("{}  {reason}", words::clock(reject.wall, &now.zone));
    ui.label(style::job(&title, text::FIGURE, t.text1));
    ui.add(Label::new(style::job(&reject.detail, text::SIDE, t.text2)).wrap());
    ui.add(Label::new(style::job(&reject.start, text::AXIS_FIGURE, t.text3)).truncate().selectable(true));
}
