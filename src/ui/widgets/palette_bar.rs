//! Palette bars: the colours of heat with their own ends as figures.

use egui::{Color32, Mesh, Painter, Rect, Shape, pos2};

/// Steps in which a bar is drawn; between them colours are mixed.
const STEPS: usize = 48;

/// Paints a palette from low (bottom) to high (top).
pub fn paint(painter: &Painter, rect: Rect, lut: &[[u8; 3]; 256]) {
    let mut mesh = Mesh::default();
    for step in 0..=STEPS {
        let share = step as f32 / STEPS as f32;
        let [r, g, b] = lut[(share * 255.0) as usize & 255];
        let color = Color32::from_rgba_premultiplied(r, g, b, u8::MAX);
        let y = egui::lerp(rect.bottom()..=rect.top(), share);
        mesh.colored_vertex(pos2(rect.left(), y), color);
        mesh.colored_vertex(pos2(rect.right(), y), color);
        if step > 0 {
            let i = 2 * step as u32;
            mesh.add_triangle(i - 2, i - 1, i);
            mesh.add_triangle(i - 1, i, i + 1);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// Paints a palette from low (left) to high (right): a swatch in a menu.
pub fn paint_across(painter: &Painter, rect: Rect, lut: &[[u8; 3]; 256]) {
    let mut mesh = Mesh::default();
    for step in 0..=STEPS {
        let share = step as f32 / STEPS as f32;
        let [r, g, b] = lut[(share * 255.0) as usize & 255];
        let color = Color32::from_rgba_premultiplied(r, g, b, u8::MAX);
        let x = egui::lerp(rect.left()..=rect.right(), share);
        mesh.colored_vertex(pos2(x, rect.top()), color);
        mesh.colored_vertex(pos2(x, rect.bottom()), color);
        if step > 0 {
            let i = 2 * step as u32;
            mesh.add_triangle(i - 2, i - 1, i);
            mesh.add_triangle(i - 1, i, i + 1);
        }
    }
    painter.add(Shape::mesh(mesh));
}
