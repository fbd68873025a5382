//! The heading of a room, zone or other section: one control for all its lights, with their spread.

use egui::{Align2, CornerRadius, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::model::lights::group::{Group, GroupKind};
use crate::model::lights::{Command, LightId};
use crate::ui::panels::lights::acts;
use crate::ui::panels::lights::cells::Cells;
use crate::ui::panels::lights::draft::{Draft, GroupDraft, SceneDraft};
use crate::ui::panels::lights::row::{self, Dragged};
use crate::ui::panels::lights::rows::Section;
use crate::ui::panels::lights::state::{Asked, Desk, Hand};
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::slider::{Ground, Slider};
use crate::ui::widgets::{self, ask, button, menu, slider, toggle};
use crate::ui::{icons, light_words, style, words};

/// What is asked of the page.
#[derive(Debug, Default)]
pub struct Done {
    /// It is to be opened or closed.
    pub flip: bool,
    /// All its lights are to be picked.
    pub pick: bool,
    /// An editor is to be opened.
    pub edit: Option<Draft>,
    /// A question is to be asked.
    pub ask: Option<Asked>,
    /// The hand on its slider.
    pub hand: Option<Hand>,
}

/// Shows the heading at a place.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &Desk, section: &Section, rect: Rect) -> Done {
    let t = style::tokens(ui);
    let mut done = Done { hand: desk.hand.clone(), ..Done::default() };
    let id = ui.scope_id().with(("section", &section.key));
    let response = ui.interact(rect, id, Sense::click());
    let round = radius::TILE;
    let low = if section.open && !section.lights.is_empty() || !section.scenes.is_empty() { 0 } else { round };
    let corner = CornerRadius { nw: round, ne: round, sw: low, se: low };
    ui.painter().rect_filled(rect.shrink(stroke::HAIR), corner, t.bg3);
    drop_here(ui, scene, section, rect, &response);
    let many = words::many(section.lights.len(), "light");
    let sentence = format!("{}, {many}, {} on", section.name, section.on);
    response.widget_info(|| WidgetInfo::labeled(Role::Row, true, &sentence));
    widgets::focus_ring(ui, &response, round);
    done.pick = response.clicked();
    let cells = Cells::of(rect);
    let fold = Rect::from_center_size(cells.glyph.center(), vec2(size::CONTROL, size::CONTROL));
    row::put(ui, fold, ("fold", &section.key), |ui| {
        let (icon, word) = if section.open { (icons::CHEVRON_DOWN, "Close") } else { (icons::CHEVRON_RIGHT, "Open") };
        if button::icon(ui, icon, &format!("{word} {}", section.name), false).clicked() {
            done.flip = true;
        }
    });
    if !section.lights.is_empty() {
        row::put(ui, cells.toggle, ("on", &section.key), |ui| {
            let mut on = section.on > 0;
            let name = format!("Switch {}, {} of {} on", section.name, section.on, section.lights.len());
            if toggle::show(ui, &mut on, &name).changed() {
                acts::switch(scene, desk, section.aims(), on);
            }
        });
        brightness(ui, scene, section, (cells.slider, cells.percent), &mut done.hand);
    }
    let y = rect.center().y;
    let at = pos2(cells.name.left(), y);
    let named = style::paint_within(
        ui.painter(),
        at,
        Align2::LEFT_CENTER,
        &section.name,
        text::STRONG,
        t.text1,
        cells.name.width(),
    );
    let left = named.right() + space::S;
    let room = cells.swatch.right() - left;
    style::paint_within(ui.painter(), pos2(left, y), Align2::LEFT_CENTER, &many, text::SIDE, t.text2, room);
    more(ui, scene, section, rect, &mut done);
    done
}

/// The slider of all lights of a section with their spread, and the figure of it, each at its place.
pub fn brightness(
    ui: &Ui,
    scene: &mut Scene<'_>,
    section: &Section,
    (track, figure): (Rect, Rect),
    hand: &mut Option<Hand>,
) {
    let name = format!("Brightness of {}", section.name);
    let low = section.spread.iter().copied().fold(f32::INFINITY, f32::min);
    let high = section.spread.iter().copied().fold(0.0, f32::max);
    let spread = section.spread.len() > 1 && (high - low) >= 0.01;
    let ground = if spread { Ground::Spread(&section.spread) } else { Ground::Track };
    let slider = Slider { ground, ..Slider::share(&name, section.mean()) };
    let place = Rect::from_center_size(track.center(), vec2(track.width(), size::SLIDER));
    let moved = slider.at(ui, place, ui.scope_id().with(("brightness", &section.key)));
    if let Some(to) = moved.to {
        let gesture = slider::gesture(ui, &moved.response);
        acts::dim(scene, hand, section, to, gesture, moved.response.dragged());
    }
    if spread {
        let words = format!("{:.0}\u{2013}{}", low * 100.0, light_words::percent(high));
        let ink = style::tokens(ui).text1;
        let at = figure.right_center();
        style::paint(ui.painter(), at, Align2::RIGHT_CENTER, &words, text::FIGURE, ink);
    } else {
        row::percent(ui, figure, moved.shown);
    }
}

/// Lights that are dropped on a room come into it.
fn drop_here(ui: &Ui, scene: &mut Scene<'_>, section: &Section, rect: Rect, response: &egui::Response) {
    let takes = section.group.is_some() || section.key.is_empty();
    if !takes {
        return;
    }
    if response.dnd_hover_payload::<Dragged>().is_some() {
        let line = Stroke::new(stroke::SELECTED, style::tokens(ui).ember);
        ui.painter().rect_stroke(rect, CornerRadius::same(radius::TILE), line, StrokeKind::Inside);
    }
    let Some(dropped) = response.dnd_release_payload::<Dragged>() else { return };
    let lights = dropped.0.iter().cloned();
    match &section.group {
        Some(group) => acts::put_into(scene, group, lights),
        None => acts::take_out(scene, &lights.collect()),
    }
}

/// What else can be done with a section.
fn more(ui: &mut Ui, scene: &mut Scene<'_>, section: &Section, rect: Rect, done: &mut Done) {
    let at = pos2(rect.right() - space::S - size::CONTROL / 2.0, rect.center().y);
    let place = Rect::from_center_size(at, vec2(size::CONTROL, size::CONTROL));
    row::put(ui, place, ("more", &section.key), |ui| {
        let response = button::icon(ui, icons::ELLIPSIS, &format!("More about {}", section.name), false);
        menu::popup(&response, |ui| {
            if menu::item(ui, false, "Select its lights", "").clicked() {
                done.pick = true;
            }
            let scene_of = section.group.as_ref().map(|group| group.id.clone());
            if menu::item(ui, false, "Save what it shows as a scene\u{2026}", "").clicked() {
                let only = section.aim.is_none().then(|| section.lights.iter().map(|l| l.id.clone()).collect());
                done.edit = Some(Draft::Scene(SceneDraft::new(scene_of, only)));
            }
            let Some(group) = &section.group else { return };
            let word = kind(group.kind);
            if menu::item(ui, false, &format!("Edit this {word}\u{2026}"), "").clicked() {
                done.edit = Some(Draft::Group(GroupDraft::of(group)));
            }
            let asks = if section.scenes.is_empty() { "" } else { "\u{2026}" };
            if menu::item(ui, false, &format!("Delete this {word}{asks}"), "").clicked() {
                if section.scenes.is_empty() {
                    scene.out.lights(Command::RemoveGroup(group.id.clone()));
                } else {
                    done.ask = Some(Asked::Delete(group.id.clone()));
                }
            }
        });
    });
}

/// The word of a kind of group.
#[must_use]
pub const fn kind(kind: GroupKind) -> &'static str {
    match kind {
        GroupKind::Room => "room",
        GroupKind::Zone => "zone",
    }
}

/// Asks before a room or zone goes that has scenes. True when it was answered.
pub fn ask_delete(ui: &mut Ui, scene: &mut Scene<'_>, group: &Group) -> bool {
    let n = scene.view.lights.scenes.values().filter(|known| known.group.as_ref() == Some(&group.id)).count();
    let go = if n == 1 { "scene goes" } else { "scenes go" };
    let question = format!("Delete {}? Its {n} {go} too; its lights stay.", group.name);
    let answer = ask::show(ui, &question, "Delete it", "Keep it");
    if answer == Some(true) {
        scene.out.lights(Command::RemoveGroup(group.id.clone()));
    }
    answer.is_some()
}

/// The lights of a section.
pub fn ids(section: &Section) -> impl Iterator<Item = &LightId> {
    section.lights.iter().map(|light| &light.id)
}
