//! The editor of a room or zone: its name, what it is, what is in it.

use egui::{ScrollArea, Ui};

use crate::model::lights::group::GroupKind;
use crate::model::lights::{Command, LightId, MAX_NAME};
use crate::ui::panels::lights::draft::GroupDraft;
use crate::ui::panels::lights::room;
use crate::ui::panels::lights::state::Desk;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::{fact, input, section, segment, toggle};
use crate::ui::{icons, style, words};

/// Draws the editor; false when it is done with.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, draft: &mut GroupDraft) -> bool {
    let t = style::tokens(ui);
    let word = room::kind(draft.kind);
    let mut open = true;
    let title = if draft.id.is_some() { word.to_owned() } else { format!("New {word}") };
    section::quiet(ui, &title, |ui| open = !button::icon(ui, icons::X, "Cancel editing", false).clicked());
    ui.add_space(space::S);
    let width = ui.available_width() - 2.0 * space::S;
    let entered = input::first(ui, &mut draft.name, "Name of the room or zone", "Name", width, MAX_NAME);
    ui.add_space(space::S);
    let kinds = [(GroupKind::Room, "Room"), (GroupKind::Zone, "Zone")];
    if let Some(kind) = segment::wide(ui, "Kind", draft.kind, &kinds) {
        draft.kind = kind;
    }
    ui.add_space(space::XS);
    let what = match draft.kind {
        GroupKind::Room => "A light is in one room; it leaves the one it was in",
        GroupKind::Zone => "Any lights of any rooms",
    };
    ui.label(style::job(what, text::SIDE, t.text3));
    ui.add_space(space::M);
    section::quiet(ui, &words::many(draft.lights.len(), "light"), |_| ());
    ui.add_space(space::XS);
    input::line(ui, &mut draft.filter, "Filter the lights of the editor", "Filter", width, MAX_NAME);
    ui.add_space(space::XS);
    members(ui, scene, draft);
    ui.add_space(space::M);
    ui.horizontal(|ui| {
        let command = draft.command();
        let save = ui.add_enabled_ui(command.is_some(), |ui| ui.add(Button::new("Save").ember().icon(icons::CHECK)));
        if let Some(command) = command.filter(|_| entered || save.inner.clicked()) {
            desk.makes(&scene.view.lights, format!("add the {word} {}", draft.name.trim()), &command);
            scene.out.lights(command);
            open = false;
        }
        if ui.add(Button::new("Cancel")).clicked() {
            open = false;
        }
        if let Some(id) = draft.id.clone()
            && !scene.view.lights.scenes.values().any(|known| known.group.as_ref() == Some(&id))
            && ui.add(Button::new("Delete").icon(icons::TRASH_2)).clicked()
        {
            scene.out.lights(Command::RemoveGroup(id));
            open = false;
        }
    });
    open
}

/// Every light with a switch for whether it is in it; only those in sight are drawn.
fn members(ui: &mut Ui, scene: &Scene<'_>, draft: &mut GroupDraft) {
    let view = &scene.view.lights;
    let filter = draft.filter.to_lowercase();
    let passes = |name: &str| filter.split_whitespace().all(|word| name.to_lowercase().contains(word));
    let mut offered: Vec<(&LightId, &str)> =
        view.lights.values().map(|light| (&light.id, &*light.name)).filter(|(_, name)| passes(name)).collect();
    offered.sort_by_cached_key(|(_, name)| name.to_lowercase());
    ScrollArea::vertical().max_height(size::EDITOR_LIST).show_rows(ui, size::CONTROL, offered.len(), |ui, range| {
        for (id, name) in offered.get(range).unwrap_or_default() {
            fact::with(ui, name, |ui| {
                let mut member = draft.lights.contains(*id);
                if toggle::show(ui, &mut member, &format!("{name} is in it")).changed() {
                    if member {
                        draft.lights.insert((*id).clone());
                    } else {
                        draft.lights.remove(*id);
                    }
                }
            });
        }
    });
}
