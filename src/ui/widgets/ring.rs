//! A large round button with a ring around it that empties: the link button.

use egui::{Align2, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

use crate::ui::theme::{size, space, stroke, text};
use crate::ui::{style, widgets};

/// Ticks around it, and how many of them are shorter between two long ones.
const TICKS: u8 = 30;
const LONG: u8 = 5;

/// What it shows.
#[derive(Clone, Copy, Debug)]
pub struct Ring<'a> {
    /// What is left, 0..=1; `None` for a ring that rests.
    pub left: Option<f32>,
    /// What stands in the middle: a figure while the ring empties, an icon else.
    pub figure: &'a str,
    /// The icon.
    pub icon: char,
    /// The word under it.
    pub word: &'a str,
    /// What a screen reader says.
    pub name: &'a str,
}

/// Draws it, so wide. It is clicked as a whole.
pub fn show(ui: &mut Ui, across: f32, ring: &Ring<'_>) -> Response {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(across), Sense::click());
    let (middle, radius) = (rect.center(), (across - size::LINK_RING) / 2.0);
    let painter = ui.painter();
    painter.circle_stroke(middle, radius, Stroke::new(size::LINK_RING, t.bg3));
    for edge in [-0.5, 0.5] {
        painter.circle_stroke(middle, radius + edge * size::LINK_RING, widgets::button::border(ui, false));
    }
    let at = |share: f32, radius: f32| {
        let angle = share * std::f32::consts::TAU;
        middle + vec2(angle.sin(), -angle.cos()) * radius
    };
    if let Some(left) = ring.left.map(|left| left.clamp(0.0, 1.0)).filter(|left| *left > 0.0) {
        let pieces = (left * 120.0).ceil().max(1.0) as u16;
        let arc = (0..=pieces).map(|i| at(left * f32::from(i) / f32::from(pieces), radius)).collect();
        painter.add(Shape::line(arc, Stroke::new(size::LINK_RING, t.ember)));
        for end in [0.0, left] {
            painter.circle_filled(at(end, radius), size::LINK_RING / 2.0, t.ember);
        }
    }
    let inner = radius - size::LINK_RING / 2.0 - space::XS;
    for tick in 0..TICKS {
        let share = f32::from(tick) / f32::from(TICKS);
        let long = if tick % LONG == 0 { space::S } else { space::XS };
        painter.line_segment([at(share, inner), at(share, inner - long)], Stroke::new(stroke::HAIR, t.text3));
    }
    let disc = radius - size::LINK_RING / 2.0 - size::LINK_TICKS;
    let over = response.hovered() || response.has_focus();
    let fill = if over { t.bg3.lerp_to_gamma(t.text1, 0.08) } else { t.bg3 };
    painter.circle(middle, disc, fill, widgets::button::border(ui, false));
    if ring.left.is_some() {
        let up = middle - vec2(0.0, text::SIDE.line / 2.0);
        style::paint(painter, up, Align2::CENTER_CENTER, ring.figure, text::HERO, t.text1);
        let under = pos2(middle.x, up.y + text::HERO.line / 2.0);
        style::paint(painter, under, Align2::CENTER_TOP, ring.word, text::BODY, t.text2);
    } else {
        let up = middle - vec2(0.0, text::TILE_NAME.line / 2.0 + space::XS);
        style::icon(painter, up, ring.icon, text::ICON_XL, t.ember);
        let under = pos2(middle.x, up.y + text::ICON_XL.line / 2.0 + space::S);
        style::paint(painter, under, Align2::CENTER_TOP, ring.word, text::TILE_NAME, t.text1);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), ring.name));
    if response.has_focus() {
        let focus = Stroke::new(stroke::FOCUS, t.focus);
        ui.painter().circle_stroke(middle, across / 2.0 + stroke::FOCUS_GAP, focus);
    }
    response
}
