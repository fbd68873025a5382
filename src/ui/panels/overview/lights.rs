//! Lights on the overview: a row for each room with its switch and its brightness, and what is out of reach.
//!
//! ```text
//! (o) Workshop            [ ][ ][ ]   ---|==o==|---   38-90 %
//!     2 of 3 on, 1 out of reach
//! ```
//!
//! Invariant: only rows in sight are counted and drawn.

use egui::{Align2, Color32, CornerRadius, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::ui::panels::lights::state::Desk;
use crate::ui::panels::lights::{acts, room, row};
use crate::ui::panels::overview::rooms::{Rooms, Row, Tally};
use crate::ui::panels::{adding, order, thermal};
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{Density, size, space, stroke, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{self, glyph, ground, scroll, section, swatch, toggle};
use crate::ui::{icons, light_words, style, words};

/// Rows that there is room for, whatever else wants it.
const LEAST: usize = 3;
/// Columns of rooms that fill the page, at most.
const COLUMNS: usize = 3;
/// Cells of a room's swatch, at most.
const CELLS: usize = 12;

fn tall(density: Density) -> f32 {
    density.row(size::ROW_TWO)
}

/// The height of the block: the least that it takes, and with all its rows; zeros without rows.
#[must_use]
pub fn heights(rows: usize, density: Density) -> [f32; 2] {
    let of = |rows: usize| if rows == 0 { 0.0 } else { size::SECTION + space::S + rows as f32 * tall(density) };
    [of(rows.min(LEAST)), of(rows)]
}

/// How many of so many rows are shown in a block of this height: all, or one less than fit, for the line that says how
/// many more there are.
#[must_use]
pub fn fitting(rows: usize, height: f32, density: Density) -> usize {
    let room = ((height - size::SECTION - space::S + 0.5) / tall(density)).max(0.0) as usize;
    if rows <= room { rows } else { room.saturating_sub(1) }
}

/// Brings the rows up to date; hands back how many there are.
pub fn refresh(scene: &mut Scene<'_>) -> usize {
    scene.stage.overview.rooms.refresh(&scene.view.lights, scene.view.seq);
    scene.stage.overview.rooms.len()
}

/// Draws the block in `rect`.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) {
    let t = style::tokens(ui);
    let head = Rect::from_min_size(rect.min, vec2(rect.width(), size::SECTION));
    let mut place = ui.new_child(UiBuilder::new().max_rect(head).id_salt("lights"));
    let words = tally(scene.stage.overview.rooms.tally);
    section::show(&mut place, "Lights", |ui| {
        ui.label(style::job(&words, text::SIDE, t.text3));
        thermal::time::live(ui, scene);
    });
    let under = rect.with_min_y(head.bottom() + space::S);
    ground::paint(ui, under);
    let n = scene.stage.overview.rooms.len();
    let shown = fitting(n, rect.height(), scene.choices.density);
    let tall = tall(scene.choices.density);
    let place =
        |i: usize| Rect::from_min_size(pos2(under.left(), under.top() + i as f32 * tall), vec2(under.width(), tall));
    with_rows(ui, scene, |ui, scene, desk, rooms| {
        for i in 0..shown {
            if ui.is_rect_visible(place(i))
                && let Some(row) = rooms.row(&scene.view.lights, i)
            {
                draw(ui, scene, desk, &row, place(i), i > 0);
            }
        }
    });
    if shown < n {
        more(ui, scene, n - shown, place(shown));
    }
}

/// Fills the page with lights where there is no sensor.
pub fn page(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let n = refresh(scene);
    let words = tally(scene.stage.overview.rooms.tally);
    section::tall(ui, "Lights", |ui| {
        if ui.add(Button::new("Add a light\u{2026}").icon(icons::PLUS)).on_hover_text("Ctrl+N").clicked() {
            adding::begin(scene);
        }
        ui.label(style::job(&words, text::SIDE, t.text3));
    });
    ui.add_space(space::S);
    thermal::empty::line(ui, scene);
    ui.add_space(space::S);
    let tall = tall(scene.choices.density);
    scroll::page(ui, |ui| {
        let width = ui.available_width();
        let columns = ((width / size::ROOM_COLUMN) as usize).clamp(1, COLUMNS.min(n.max(1)));
        let (area, _) = ui.allocate_exact_size(vec2(width, n.div_ceil(columns) as f32 * tall), Sense::hover());
        ground::paint(ui, area);
        let seen = ui.clip_rect().intersect(area);
        let line = |y: f32| ((y - area.top()) / tall).max(0.0) as usize;
        let (first, last) = (line(seen.top()), line(seen.bottom()) + 1);
        let wide = (width / columns as f32).floor();
        let place = |i: usize| {
            let at = vec2((i % columns) as f32 * wide, (i / columns) as f32 * tall);
            Rect::from_min_size(area.min + at, vec2(wide, tall))
        };
        with_rows(ui, scene, |ui, scene, desk, rooms| {
            for i in first * columns..n.min(last * columns) {
                if let Some(row) = rooms.row(&scene.view.lights, i) {
                    draw(ui, scene, desk, &row, place(i), i >= columns);
                }
            }
        });
        for column in 1..columns {
            let x = area.left() + column as f32 * wide;
            ui.painter().vline(x, area.y_range().shrink(1.0), Stroke::new(stroke::HAIR, t.line));
        }
    });
}

/// The page's memory in hand while rows are drawn.
fn with_rows(ui: &mut Ui, scene: &mut Scene<'_>, content: impl FnOnce(&mut Ui, &mut Scene<'_>, &mut Desk, &mut Rooms)) {
    let mut desk = std::mem::take(&mut scene.stage.lights);
    let mut rooms = std::mem::take(&mut scene.stage.overview.rooms);
    content(ui, scene, &mut desk, &mut rooms);
    (scene.stage.lights, scene.stage.overview.rooms) = (desk, rooms);
}

fn tally(of: Tally) -> String {
    let lost = if of.lost > 0 { format!(" \u{b7} {} out of reach", of.lost) } else { String::new() };
    format!("{} of {} on{lost}", of.on, of.all)
}

/// Where things stand in a row.
struct Cells {
    toggle: Rect,
    name: Rect,
    swatch: Option<Rect>,
    track: Rect,
    figure: Rect,
}

impl Cells {
    fn of(rect: Rect) -> Self {
        let cell = |from: f32, to: f32| Rect::from_min_max(pos2(from, rect.top()), pos2(to.max(from), rect.bottom()));
        let (most, share, colours) = size::ROOM_SLIDER;
        let toggle = cell(rect.left() + space::M, rect.left() + space::M + size::TOGGLE[0]);
        let figure = cell(rect.right() - space::M - size::PERCENT, rect.right() - space::M);
        let (left, right) = (toggle.right() + space::M, figure.left() - space::S);
        let track = cell(right - ((right - left) * share).min(most), right);
        let swatch = (rect.width() >= colours)
            .then(|| cell(track.left() - space::M - size::LIGHT_SWATCH[0], track.left() - space::M))
            .map(|cell| Rect::from_center_size(cell.center(), size::LIGHT_SWATCH.into()));
        let end = swatch.map_or(track.left(), |swatch| swatch.left()) - space::M;
        Self { toggle, name: cell(left, end), swatch, track, figure }
    }
}

fn draw(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, row: &Row, rect: Rect, line: bool) {
    let t = style::tokens(ui);
    let section = &row.section;
    let response = ui.interact(rect, ui.scope_id().with(("room", &section.key)), Sense::click());
    if response.hovered() {
        ui.painter().rect_filled(rect.shrink(1.0), CornerRadius::ZERO, t.bg3);
    }
    if line {
        ui.painter().hline(rect.x_range().shrink(1.0), rect.top(), Stroke::new(stroke::HAIR, t.line));
    }
    let state = state(row);
    let lost = if row.lost > 0 { format!(", {} out of reach", row.lost) } else { String::new() };
    let sentence = format!("{}, {state}{lost}", section.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &sentence));
    widgets::focus_ring(ui, &response, 0);
    let cells = Cells::of(rect);
    row::put(ui, cells.toggle, ("on", &section.key), |ui| {
        let mut on = section.on > 0;
        if toggle::show(ui, &mut on, &format!("Switch {}, {state}", section.name)).changed() {
            acts::switch(scene, desk, section.aims(), on);
        }
    });
    name(ui, row, &state, cells.name);
    if let Some(place) = cells.swatch {
        swatch::paint(ui.painter(), place, &colours(row), t);
    }
    room::brightness(ui, scene, section, (cells.track, cells.figure), &mut desk.hand);
    if response.clicked() {
        go(ui, scene, desk, row);
    }
}

/// How many are on; of one light alone, whether it is.
fn state(row: &Row) -> String {
    match (&row.favourite, row.section.on) {
        (Some(_), 0) => "off".to_owned(),
        (Some(_), _) => "on".to_owned(),
        (None, on) => format!("{on} of {} on", row.section.lights.len()),
    }
}

/// The colours of its lights that are on.
fn colours(row: &Row) -> Vec<Color32> {
    let lit = row.section.lights.iter().map(|light| light_words::swatch(light));
    match &row.favourite {
        Some(_) => lit.flatten().collect(),
        None => lit.filter_map(|cells| cells.first().copied()).take(CELLS).collect(),
    }
}

/// The name over how many are on; beside that, what is out of reach.
fn name(ui: &Ui, row: &Row, state: &str, cell: Rect) {
    let t = style::tokens(ui);
    let (upper, lower) = (cell.center().y - 8.0, cell.center().y + 9.0);
    let mut left = cell.left();
    if row.favourite.is_some() {
        let at = pos2(left + text::ICON_S.size / 2.0, upper);
        style::icon(ui.painter(), at, icons::BOOKMARK, text::ICON_S, t.text2);
        left += text::ICON_S.size + space::XS;
    }
    let line = |x: f32, y: f32, words: &str, role, ink| {
        style::paint_within(ui.painter(), pos2(x, y), Align2::LEFT_CENTER, words, role, ink, cell.right() - x).right()
    };
    line(left, upper, &row.section.name, text::BUTTON, t.text1);
    let end = line(cell.left(), lower, state, text::SIDE, t.text3);
    if row.lost > 0 {
        let mark = end + space::S;
        glyph::paint(ui.painter(), pos2(mark + size::GLYPH / 2.0, lower), Standing::Offline, t);
        let wordy = cell.width() >= size::ROOM_WORDY;
        let words = if wordy { format!("{} out of reach", row.lost) } else { row.lost.to_string() };
        line(mark + size::GLYPH + space::XS, lower, &words, text::SIDE, t.text2);
    }
}

/// The last line of a block that has no room for all.
fn more(ui: &Ui, scene: &mut Scene<'_>, n: usize, rect: Rect) {
    let t = style::tokens(ui);
    let response = ui.interact(rect, ui.scope_id().with("more rooms"), Sense::click());
    if response.hovered() {
        ui.painter().rect_filled(rect.shrink(1.0), CornerRadius::same(1), t.bg3);
    }
    ui.painter().hline(rect.x_range().shrink(1.0), rect.top(), Stroke::new(stroke::HAIR, t.line));
    let words = words::many(n, "more room");
    let at = pos2(rect.left() + 2.0 * space::M + size::TOGGLE[0], rect.center().y);
    let said = style::paint(ui.painter(), at, Align2::LEFT_CENTER, &words, text::BODY, t.text2);
    let at = pos2(said.right() + space::S + text::ICON_S.size / 2.0, rect.center().y);
    style::icon(ui.painter(), at, icons::CHEVRON_RIGHT, text::ICON_S, t.text2);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
    widgets::focus_ring(ui, &response, 0);
    if response.clicked() {
        scene.stage.page = order::LIGHTS;
        ui.ctx().request_repaint();
    }
}

/// Goes to the Lights page, at a room or at one light.
fn go(ui: &Ui, scene: &mut Scene<'_>, desk: &mut Desk, row: &Row) {
    match &row.favourite {
        Some(light) => {
            desk.show(light);
            scene.stage.inspector = Some(true);
        }
        None => desk.show_section(&row.section.key),
    }
    scene.stage.page = order::LIGHTS;
    ui.ctx().request_repaint();
}
