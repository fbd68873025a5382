//! The scenes of a room as a strip: their colours, a click recalls; what moves can be held, the rest is behind the dots.

use egui::{
    Align2, Color32, CornerRadius, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::model::lights::Command;
use crate::model::lights::scene::{Content, Scene as LightScene};
use crate::ui::panels::lights::draft::{Draft, SceneDraft};
use crate::ui::panels::lights::row;
use crate::ui::panels::lights::rows::Section;
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::{self, button, menu, swatch};
use crate::ui::{icons, light_words, style};

/// Colours of a chip, at most.
const COLORS: usize = 5;

/// Shows the scenes of a section; hands back an editor that was asked for.
pub fn strip(ui: &mut Ui, scene: &mut Scene<'_>, section: &Section, rect: Rect) -> Option<Draft> {
    let line = Stroke::new(stroke::HAIR, style::tokens(ui).line);
    ui.painter().hline(rect.x_range().shrink(stroke::HAIR), rect.bottom(), line);
    let mut edit = None;
    row::put(ui, rect.shrink2(vec2(space::M, 0.0)), ("scenes", &section.key), |ui| {
        ScrollArea::horizontal().show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            ui.horizontal_centered(|ui| {
                for known in &section.scenes {
                    if chip(ui, known) {
                        scene.out.lights(Command::Recall { scene: known.id.clone(), transition_ms: None });
                    }
                    if known.active && runs(known) {
                        let name = format!("Stop the scene {}", known.name);
                        if button::icon(ui, icons::CIRCLE_STOP, &name, false).clicked() {
                            scene.out.lights(Command::StopScene(known.id.clone()));
                        }
                    }
                    let more =
                        button::icon(ui, icons::ELLIPSIS, &format!("More about the scene {}", known.name), false);
                    menu::popup(&more, |ui| {
                        if menu::item(ui, false, "Edit this scene\u{2026}", "").clicked() {
                            edit = Some(Draft::Scene(SceneDraft::of(known)));
                        }
                        if menu::item(ui, false, "Delete this scene", "").clicked() {
                            scene.out.lights(Command::RemoveScene(known.id.clone()));
                        }
                    });
                    ui.add_space(space::S);
                }
            });
        });
    });
    edit
}

/// Whether a scene goes on after it was recalled.
#[must_use]
pub const fn runs(scene: &LightScene) -> bool {
    matches!(scene.content, Content::Moving(_) | Content::OfDay(_))
}

/// What a scene holds, in a word.
#[must_use]
pub const fn kind(scene: &LightScene) -> &'static str {
    match scene.content {
        Content::Still(_) => "scene",
        Content::Moving(_) => "moving scene",
        Content::OfDay(_) => "scene of the day",
    }
}

/// The colours of a scene, a few of them.
#[must_use]
pub fn colors(scene: &LightScene) -> Vec<Color32> {
    match &scene.content {
        Content::Still(states) => {
            let lit =
                states.values().filter(|change| change.on != Some(false)).filter_map(|change| change.color.as_ref());
            let mut colors: Vec<Color32> = lit.map(|color| light_words::paint(color.xy())).collect();
            colors.dedup();
            let step = colors.len().div_ceil(COLORS).max(1);
            colors.into_iter().step_by(step).collect()
        }
        Content::Moving(palette) => palette.colors.iter().map(|color| light_words::paint(color.xy())).collect(),
        Content::OfDay(_) => Vec::new(),
    }
}

/// A scene to be clicked.
fn chip(ui: &mut Ui, scene: &LightScene) -> bool {
    let t = style::tokens(ui);
    let colors = colors(scene);
    let galley = ui.painter().layout_job(style::job(&scene.name, text::BUTTON, t.text1));
    let swatch_wide = size::DOT;
    let wanted = vec2(space::S + swatch_wide + space::S + galley.size().x + space::M, size::CONTROL);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    let fill = if scene.active { t.ember_dim } else { t.bg3 };
    let fill = if response.hovered() { fill.lerp_to_gamma(t.text1, 0.08) } else { fill };
    let border = if scene.active { Stroke::new(stroke::SELECTED, t.ember) } else { button::border(ui, false) };
    ui.painter().rect(rect, CornerRadius::same(radius::CONTROL), fill, border, StrokeKind::Inside);
    let place = Rect::from_min_size(
        pos2(rect.left() + space::S, rect.center().y - size::LIGHT_SWATCH[1] / 2.0),
        vec2(swatch_wide, size::LIGHT_SWATCH[1]),
    );
    match scene.content {
        Content::OfDay(_) => style::icon(ui.painter(), place.center(), icons::CLOCK, text::ICON_S, t.text2),
        _ => swatch::paint(ui.painter(), place, &colors, t),
    }
    let at = Align2::LEFT_CENTER.anchor_size(pos2(place.right() + space::S, rect.center().y), galley.size());
    ui.painter().galley(at.min, galley, t.text1);
    let name = format!("Show the {} {}", kind(scene), scene.name);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, scene.active, &name));
    widgets::focus_ring(ui, &response, radius::CONTROL);
    response.clicked()
}
