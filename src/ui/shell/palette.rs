//! The command palette: a line to type in, and under it everything that matches.
//!
//! Invariant: it lies over the page under the top bar and ends above the bar of alarms.

pub mod entries;
pub mod go;
pub mod state;

use egui::text::LayoutJob;
use egui::{
    Align2, Area, Context, CornerRadius, Id, Key, Modifiers, Order, Role, ScrollArea, Sense, Stroke, TextEdit, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::ui::scene::Scene;
use crate::ui::shell::palette::state::{Hit, Open, Target};
use crate::ui::theme::{Tokens, radius, size, space, stroke, text};
use crate::ui::widgets::{ground, menu};
use crate::ui::{icons, style};

/// What the line is called.
pub const NAME: &str = "Search or command";

/// What can be typed there.
const ALL: &str = "Action, sensor, place, address, rule, setting\u{2026}";

/// Takes the keys of the open palette before anything else sees them.
pub fn keys(ctx: &Context, scene: &mut Scene<'_>) {
    let Some(mut open) = scene.stage.finder.open.take() else { return };
    let pressed = |key| ctx.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    if pressed(Key::Escape) {
        ctx.request_repaint();
        return;
    }
    let step = isize::from(pressed(Key::ArrowDown)) - isize::from(pressed(Key::ArrowUp));
    if step != 0 {
        open.step(step);
    }
    let chosen = if pressed(Key::Enter) { open.hits().get(open.at).map(|hit| hit.target.clone()) } else { None };
    scene.stage.finder.open = Some(open);
    if let Some(target) = chosen {
        choose(ctx, scene, &target);
    }
}

fn choose(ctx: &Context, scene: &mut Scene<'_>, target: &Target) {
    scene.stage.finder.chose(target.clone());
    go::to(scene, target);
    ctx.request_repaint();
}

/// Draws the open palette; `above` is the height of what stands at the bottom of the window.
pub fn show(ui: &Ui, scene: &mut Scene<'_>, above: f32) {
    let Some(mut open) = scene.stage.finder.open.take() else { return };
    if open.found.as_ref().is_none_or(|(text, _)| *text != open.text) {
        open.found = Some((open.text.clone(), entries::find(scene, open.only, &open.text)));
        (open.at, open.follow) = (0, true);
    }
    let t = style::tokens(ui);
    let window = ui.ctx().content_rect();
    let width = size::FINDER.min(window.width() - 2.0 * space::S);
    let top = space::S / 2.0;
    let height = (window.height() - above - top - space::L).min(size::FINDER_TALL);
    // Over the field that opens it, or in the middle where there is none.
    let field = scene.stage.finder.field.take().map(|field| field.left() - space::S);
    let left = field.unwrap_or((window.width() - width) / 2.0).min(window.right() - space::S - width);
    let area = Area::new(Id::unique("finder"))
        .order(Order::Foreground)
        .fixed_pos(pos2(left.max(0.0), window.top() + top))
        .default_size(vec2(width, height));
    let mut clicked = None;
    let shown = area.fade_in(false).accessible_name(NAME).show(ui.ctx(), |ui| {
        ground::sheet(t, space::S).show(ui, |ui| {
            ui.set_width(width - 2.0 * space::S);
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            line(ui, &mut open);
            ui.add_space(space::S);
            let rest = (height - size::FINDER_LINE - 3.0 * space::S).max(size::FINDER_ROW);
            ScrollArea::vertical()
                .max_height(rest)
                .min_scrolled_height(rest)
                .show(ui, |ui| clicked = list(ui, &mut open));
        });
    });
    let outside = ui.input(|i| i.pointer.any_pressed() && i.pointer.interact_pos().is_some())
        && ui.input(|i| i.pointer.interact_pos()).is_some_and(|at| !shown.response.rect.contains(at));
    if !(outside && open.begun) {
        open.begun = true;
        scene.stage.finder.open = Some(open);
    }
    if let Some(target) = clicked {
        choose(ui.ctx(), scene, &target);
    }
}

/// The line that is typed in; it keeps the keyboard as long as the palette is open.
fn line(ui: &mut Ui, open: &mut Open) {
    let t = style::tokens(ui);
    let before = open.text.clone();
    let edit = TextEdit::singleline(&mut open.text)
        .id(Id::unique("finder line"))
        .font(style::font(text::LEAD))
        .text_color(t.text1)
        .hint_text(style::job(open.only.unwrap_or(ALL), text::LEAD, t.text3))
        .desired_width(f32::INFINITY)
        .char_limit(80)
        .min_size(vec2(0.0, size::FINDER_LINE))
        .align(Align2::LEFT_CENTER);
    let response = ui.add(edit).accessible_name(NAME);
    if !response.has_focus() {
        response.request_focus();
    }
    if open.text != before {
        ui.ctx().request_repaint();
    }
    let chosen = row_id(open.at);
    let some = !open.hits().is_empty();
    ui.ctx().accesskit_node_builder(response.id, |node| {
        if some {
            node.set_active_descendant(chosen.accesskit_id());
        }
    });
}

fn row_id(at: usize) -> Id {
    Id::unique(("finder row", at))
}

/// What was found, under the headings of its groups.
fn list(ui: &mut Ui, open: &mut Open) -> Option<Target> {
    let t = style::tokens(ui);
    if open.hits().is_empty() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
        let words = format!("Nothing is called \u{201c}{}\u{201d}", open.text.trim());
        let at = pos2(rect.left() + space::S, rect.center().y);
        style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, &words, text::BODY, t.text2, rect.width());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
        return None;
    }
    let (mut group, mut clicked, mut hovered) = ("", None, None);
    for (i, hit) in open.hits().iter().enumerate() {
        if hit.group != group {
            group = hit.group;
            menu::heading(ui, group);
        }
        let (pressed, under) = row(ui, i, hit, i == open.at, open.follow && i == open.at);
        if pressed {
            clicked = Some(hit.target.clone());
        }
        if under {
            hovered = Some(i);
        }
    }
    open.follow = false;
    // The pointer chooses only when it moves: a list that scrolls under it is not chosen from.
    if let Some(i) = hovered.filter(|_| ui.input(|i| i.pointer.delta().length_sq() > 0.0)) {
        open.at = i;
    }
    clicked
}

/// One thing; whether it was clicked, and whether the pointer is on it.
fn row(ui: &mut Ui, i: usize, hit: &Hit, chosen: bool, follow: bool) -> (bool, bool) {
    let t = style::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::FINDER_ROW), Sense::hover());
    // The keyboard stays with the line; arrows choose.
    let sense = Sense::CLICK;
    let response = ui.interact(rect, row_id(i), sense);
    if follow {
        ui.scroll_to_rect(rect, None);
    }
    if chosen {
        ui.painter().rect_filled(rect, CornerRadius::same(radius::CONTROL), t.ember_dim);
    }
    let y = rect.center().y;
    let ink = if chosen { t.ember } else { t.text2 };
    style::icon(ui.painter(), pos2(rect.left() + space::M, y), hit.icon, text::ICON_M, ink);
    let right = pos2(rect.right() - space::S, y);
    let quiet = if chosen { t.text2 } else { t.text3 };
    let side_room = rect.width() * 0.4;
    let side = style::paint_within(ui.painter(), right, Align2::RIGHT_CENTER, &hit.side, text::SIDE, quiet, side_room);
    let left = rect.left() + space::M + text::ICON_M.size + space::S;
    let mut job = marked(hit, t);
    job.wrap.max_width = (side.left() - space::M - left).max(0.0);
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(pos2(left, y - galley.size().y / 2.0), galley, t.text1);
    let name = if hit.side.is_empty() { hit.name.clone() } else { format!("{}, {}", hit.name, hit.side) };
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, format!("{}: {name}", hit.group)));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_selected(chosen));
    (response.clicked(), response.hovered())
}

/// The name with the letters that were found in bold.
fn marked(hit: &Hit, t: &Tokens) -> LayoutJob {
    let mut job = LayoutJob::default();
    if hit.marks.is_empty() {
        style::append(&mut job, &hit.name, text::BODY, t.text1);
        return job;
    }
    let (mut run, mut bold) = (String::new(), false);
    for (i, letter) in hit.name.chars().enumerate() {
        let found = hit.marks.binary_search(&i).is_ok();
        if found != bold && !run.is_empty() {
            flush(&mut job, &mut run, bold, t);
        }
        bold = found;
        run.push(letter);
    }
    flush(&mut job, &mut run, bold, t);
    job
}

fn flush(job: &mut LayoutJob, run: &mut String, bold: bool, t: &Tokens) {
    let (role, color) = if bold { (text::STRONG, t.text1) } else { (text::BODY, t.text2) };
    style::append(job, run, role, color);
    run.clear();
}

/// The field in the top bar that opens the palette: `width` wide, or an icon where there is little room.
pub fn field(ui: &mut Ui, scene: &mut Scene<'_>, width: f32) {
    use crate::ui::shell::deeds::FIND;
    use crate::ui::widgets::{self, button};
    if width < size::SEARCH_MIN {
        if button::icon(ui, icons::SEARCH, &FIND.tip(), false).clicked() {
            scene.stage.finder.toggle();
        }
        return;
    }
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(width.min(size::SEARCH[0]), size::SEARCH[1]), Sense::click());
    let border = Stroke::new(stroke::HAIR, if response.hovered() { t.text3 } else { t.edge });
    ui.painter().rect(rect, CornerRadius::same(radius::CONTROL), t.bg0, border, egui::StrokeKind::Inside);
    let y = rect.center().y;
    style::icon(ui.painter(), pos2(rect.left() + space::L, y), icons::SEARCH, text::ICON_S, t.text3);
    let at = pos2(rect.left() + 2.0 * space::L, y);
    let caps = FIND.chords.first().map(|chord| chord.words()).unwrap_or_default();
    let right = pos2(rect.right() - space::S, y);
    let key = ui.painter().layout_job(style::job(&caps, text::KEY, t.text2));
    let cap = Align2::RIGHT_CENTER.anchor_size(right, key.size() + vec2(space::S, 2.0));
    ui.painter().rect_filled(cap, CornerRadius::same(radius::KEY), t.bg3);
    ui.painter().galley(cap.center() - key.size() / 2.0, key, t.text2);
    let room = cap.left() - space::S - at.x;
    style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, NAME, text::BODY, t.text3, room);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, FIND.tip()));
    widgets::focus_ring(ui, &response, radius::CONTROL);
    scene.stage.finder.field = Some(rect);
    if response.clicked() {
        scene.stage.finder.toggle();
    }
}
