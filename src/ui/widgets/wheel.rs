//! The colour wheel: the chromaticities around white as a disc, hue round and purity out, with the triangle that a light
//! can show. A point of the disc is a point of CIE xy, so the triangle is a triangle.
//!
//! Invariant: what is picked lies in the light's triangle.

use egui::{
    Color32, ColorImage, Mesh, Pos2, Rect, Sense, Shape, Stroke, TextureHandle, TextureOptions, Ui, Vec2, pos2, vec2,
};

use crate::ui::theme::{over_heat, radius, shade, size, stroke};
use crate::ui::widgets::slider;
use crate::ui::{light_words, style, widgets};
use crate::units::color::{Gamut, Xy};

/// How far from white its rim is, in xy: far enough for the corners of every usual light.
const REACH: f32 = 0.42;
/// Pixels of its picture along each side.
const PIXELS: usize = 224;

/// The picture of the disc, painted once for each triangle and ground.
#[derive(Default)]
pub struct Wheel {
    kept: Option<(Gamut, Color32, TextureHandle)>,
}

impl std::fmt::Debug for Wheel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wheel").field("painted", &self.kept.is_some()).finish()
    }
}

/// What was picked, and in which movement of the hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picked {
    /// The colour, within the triangle.
    pub xy: Xy,
    /// See [`slider::gesture`].
    pub gesture: u64,
}

/// A colour's place on a disc of radius 1 around the origin, y up.
fn place(xy: Xy) -> Vec2 {
    vec2(xy.x() - Xy::D65.x(), xy.y() - Xy::D65.y()) / REACH
}

/// The colour of such a place; what is no colour becomes the nearest that is.
fn colour(at: Vec2) -> Xy {
    let (x, y) = ((Xy::D65.x() + at.x * REACH).max(0.0), (Xy::D65.y() + at.y * REACH).max(0.0));
    let over = (x + y).max(1.0);
    Xy::new(x / over, y / over).unwrap_or(Xy::D65)
}

impl Wheel {
    /// Shows the disc, `across` wide, with its handle on `now`; hands back what was picked.
    pub fn show(&mut self, ui: &mut Ui, across: f32, gamut: Gamut, now: Xy, name: &str) -> Option<Picked> {
        let id = ui.scope_id().with(("wheel", name));
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(across), Sense::hover());
        let response = ui.interact(rect, id, Sense::click_and_drag());
        let (center, r) = (rect.center(), across / 2.0);
        let on_screen = |at: Vec2| center + vec2(at.x, -at.y) * r;
        let pointed = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked());
        let (along, up) = slider::arrows(ui, &response);
        let picked = match pointed {
            _ if response.double_clicked() => Some(Xy::D65),
            Some(at) => {
                let way = vec2(at.x - center.x, center.y - at.y) / r;
                Some(colour(way / way.length().max(1.0)))
            }
            None if along != 0.0 || up != 0.0 => Some(colour(place(now) + vec2(along, up) / 100.0)),
            None => None,
        };
        let picked = picked.map(|xy| gamut.clamp(xy));
        let ground = style::tokens(ui).bg1;
        self.paint(ui, rect, gamut, ground);
        triangle(ui, &gamut, on_screen);
        let shown = picked.unwrap_or(now);
        slider::handle(ui, on_screen(place(shown)), size::WHEEL_HANDLE, light_words::paint(shown));
        let value = format!("{}, x {:.3}, y {:.3}", shown.linear().srgb().hex(), shown.x(), shown.y());
        response.widget_info(|| slider::plane(name, &value));
        widgets::focus_ring(ui, &response, radius::TILE);
        let gesture = slider::gesture(ui, &response);
        picked.map(|xy| Picked { xy, gesture })
    }

    fn paint(&mut self, ui: &Ui, rect: Rect, gamut: Gamut, ground: Color32) {
        if self.kept.as_ref().is_none_or(|(of, on, _)| (*of, *on) != (gamut, ground)) {
            let texture = ui.ctx().load_texture("colour wheel", picture(&gamut, ground), TextureOptions::LINEAR);
            self.kept = Some((gamut, ground, texture));
        }
        let Some((.., texture)) = &self.kept else { return };
        let mut mesh = Mesh::with_texture(texture.id());
        mesh.add_rect_with_uv(rect, Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)), Color32::WHITE);
        ui.painter().add(Shape::mesh(mesh));
    }
}

/// The disc; beyond its rim, and outside the triangle, the ground shows.
fn picture(gamut: &Gamut, ground: Color32) -> ColorImage {
    let half = PIXELS as f32 / 2.0;
    let pixels = (0..PIXELS * PIXELS).map(|i| {
        let way = vec2((i % PIXELS) as f32 + 0.5 - half, half - (i / PIXELS) as f32 - 0.5) / half;
        let rim = ((1.0 - way.length()) * half + 0.5).clamp(0.0, 1.0);
        if rim <= 0.0 {
            return Color32::TRANSPARENT;
        }
        let xy = colour(way);
        let color = light_words::paint(xy);
        let shown = if gamut.contains(xy) { color } else { color.lerp_to_gamma(ground, shade::OUTSIDE) };
        shown.gamma_multiply(rim)
    });
    ColorImage::new([PIXELS, PIXELS], pixels.collect())
}

/// The light's triangle, where it fits the disc.
fn triangle(ui: &Ui, gamut: &Gamut, on_screen: impl Fn(Vec2) -> Pos2) {
    let corners = [gamut.red, gamut.green, gamut.blue].map(place);
    if corners.iter().any(|corner| corner.length() > 1.05) {
        return;
    }
    let points = corners.map(on_screen).to_vec();
    ui.painter().add(Shape::closed_line(points.clone(), Stroke::new(stroke::MARK + stroke::HAIR, over_heat::HALO)));
    ui.painter().add(Shape::closed_line(points, Stroke::new(stroke::GLYPH, over_heat::MARK)));
}
