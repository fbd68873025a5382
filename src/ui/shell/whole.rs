//! Where everything stands in the window: bars at its edges, the rail, the page in what is left, the inspector beside it.
//!
//! Invariant: keys are heard before anything is drawn, those of what is under the keyboard first.

use egui::{CentralPanel, CornerRadius, Frame, Margin, Panel, Rect, ScrollArea, Stroke, Ui, UiBuilder};

use crate::model::system::Reach;
use crate::ui::desk::{naming, small};
use crate::ui::panels::thermal::inspect;
use crate::ui::panels::{self, adding, inspector};
use crate::ui::scene::Scene;
use crate::ui::shell::parts::Part;
use crate::ui::shell::{bar, border, closing, first_run, keys, keys_page, palette, rail, splitter, stopped, top};
use crate::ui::theme::{Density, Tokens, size, space, stroke};

/// The height of what stands at the bottom.
pub fn above(ui: &Ui, scene: &mut Scene<'_>) -> f32 {
    let lines = [scene.stage.closing, scene.stage.desk.naming.is_some()];
    let asked = lines.into_iter().filter(|open| *open).count() as f32 * size::TOP;
    let stopped = if scene.view.system.stopped.is_some() { size::BAR_NOTICE } else { 0.0 };
    bar::grown(ui, scene) + asked + stopped
}

/// Draws everything: bars first, the page in what is left, the inspector beside it. Hands back what was decided about
/// closing.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, t: &Tokens) -> Option<closing::Decided> {
    keys::tell_repeats(ui.ctx(), &mut scene.stage.held);
    palette::keys(ui.ctx(), scene);
    // What is under the keyboard comes before the window.
    inspect::keys::handle(ui.ctx(), scene);
    keys::handle(ui.ctx(), scene);
    scene.stage.parts.begin(ui.ctx());
    let wide = ui.available_width() >= size::WIDE;
    let decided = bottom(ui, scene, t);
    let ground = Frame::NONE.fill(t.bg1);
    let (small, wall) = (scene.stage.desk.small, scene.stage.wall);
    if !wall && !small {
        Panel::top("top").exact_size(size::TOP).show_separator_line(false).frame(ground).show(ui, |ui| {
            scene.stage.parts.mark(ui, Part::Top);
            top::show(ui, scene);
        });
        let width = if wide { size::RAIL } else { size::RAIL_NARROW };
        Panel::left("rail").exact_size(width).resizable(false).show_separator_line(false).frame(ground).show(
            ui,
            |ui| {
                scene.stage.parts.mark(ui, Part::Rail);
                edge(ui, t);
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| rail::show(ui, scene, wide));
            },
        );
    }
    let asks = scene.view.system.reach == Reach::Unanswered && !scene.view.system.demo;
    let page = panels::PAGES.get(scene.stage.page).or_else(|| panels::PAGES.first());
    let adds = scene.stage.adding.is_on(scene.stage.page) && !small;
    let inspects = page.is_some_and(|page| page.inspects) && !asks && !wall && !small && !adds;
    let inspected = inspects && inspector::has_something(scene) && scene.stage.inspector.unwrap_or(wide);
    let place = Frame::NONE.fill(t.bg0);
    CentralPanel::default().frame(place).show(ui, |ui| {
        let rest = ui.available_rect_before_wrap();
        let most = rest.width() - size::PAGE_MIN;
        // Where there is no room for both the inspector takes it all, but only for something.
        let alone = most < size::INSPECTOR_RANGE[0];
        if inspected && alone && inspector::is_filled(scene) {
            beside(ui, scene, t, rest);
            return;
        }
        let inspected = inspected && !alone;
        let width = if inspected { inspector::width(scene).min(most) } else { 0.0 };
        let (left, right) = rest.split_left_right_at_x(rest.right() - width);
        let inset = match scene.choices.density {
            _ if small => Margin::same(space::XS as i8),
            Density::Comfortable => PAGE,
            Density::Compact => Margin::same(space::S as i8),
        };
        let mut child = ui.new_child(UiBuilder::new().max_rect(left).id_salt("page"));
        child.set_clip_rect(left.intersect(ui.clip_rect()));
        scene.stage.parts.mark(&child, Part::Page);
        Frame::NONE.inner_margin(inset).show(&mut child, |ui| {
            ui.set_min_size(ui.available_size());
            match page {
                _ if asks => first_run::show(ui, scene),
                _ if adds => adding::show(ui, scene),
                _ if small => small::show(ui, scene),
                Some(page) => (page.show)(ui, scene),
                None => {}
            }
        });
        if inspected {
            beside(ui, scene, t, right);
            if let Some(width) = splitter::show(ui, right, right.width()) {
                scene.stage.desk.wanted_width = width;
            }
        }
    });
    keys_page::show(ui, scene);
    border::show(ui, scene);
    decided
}

/// Around the page.
const PAGE: Margin =
    Margin { left: space::L as i8, right: space::L as i8, top: space::M as i8, bottom: space::L as i8 };

/// The bars at the bottom, the lowest first: alarms, the stop, questions.
fn bottom(ui: &mut Ui, scene: &mut Scene<'_>, t: &Tokens) -> Option<closing::Decided> {
    let (ground, question) = (Frame::NONE.fill(t.bg1), Frame::NONE.fill(t.bg3));
    let line = |id: &'static str, height: f32, frame: Frame| {
        Panel::bottom(id).exact_size(height).show_separator_line(false).frame(frame)
    };
    line("bar", bar::grown(ui, scene), ground).show(ui, |ui| {
        scene.stage.parts.mark(ui, Part::Bar);
        bar::show(ui, scene);
    });
    if let Some(stop) = scene.view.system.stopped.clone() {
        line("stopped", size::BAR_NOTICE, question).show(ui, |ui| stopped::show(ui, scene, &stop));
    }
    let mut decided = None;
    if scene.stage.closing {
        line("closing", size::TOP, question).show(ui, |ui| decided = closing::show(ui, scene));
    }
    if scene.stage.desk.naming.is_some() {
        line("naming", size::TOP, question).show(ui, |ui| naming::show(ui, scene));
    }
    decided
}

/// The inspector, as wide as it is wanted.
fn beside(ui: &mut Ui, scene: &mut Scene<'_>, t: &Tokens, rect: Rect) {
    ui.painter().rect_filled(rect, CornerRadius::ZERO, t.bg1);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("inspector"));
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    scene.stage.parts.mark(&child, Part::Inspector);
    inspector::show(&mut child, scene);
}

/// The hairline between the rail and the page.
fn edge(ui: &Ui, t: &Tokens) {
    let rect = ui.max_rect();
    ui.painter().vline(rect.right() - stroke::HAIR, rect.y_range(), Stroke::new(stroke::HAIR, t.line));
}
