//! QR codes: a text as a square that cameras read, drawn as one mesh, with the quiet border that they need.

use egui::{Mesh, Rect, Response, Role, Sense, Shape, Ui, Vec2, WidgetInfo, vec2};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::ui::theme::code;

/// Cells of quiet around the code (ISO/IEC 18004, 6.3.8: four).
const QUIET: i32 = 4;

/// A code, made once for its text.
#[derive(Clone)]
pub struct Code {
    text: String,
    made: Option<QrCode>,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Code").field("text", &self.text).finish_non_exhaustive()
    }
}

impl Code {
    /// The code of a text; the one that is there already if it is that of the same text.
    #[must_use]
    pub fn of(before: Option<Self>, text: &str) -> Self {
        before
            .filter(|code| code.text == text)
            .unwrap_or_else(|| Self { text: text.to_owned(), made: QrCode::encode_text(text, QrCodeEcc::Medium).ok() })
    }

    /// What cameras read in it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Draws it, `across` wide at most: each cell is a whole number of pixels. Nothing if the text is too long for one.
    pub fn show(&self, ui: &mut Ui, across: f32) -> Option<Response> {
        let made = self.made.as_ref()?;
        let cells = made.size() + 2 * QUIET;
        let pixels = ui.ctx().pixels_per_point();
        let cell = (across * pixels / cells as f32).floor().max(1.0) / pixels;
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(cell * cells as f32), Sense::hover());
        let mut mesh = Mesh::default();
        mesh.add_colored_rect(rect, code::PAPER);
        for y in 0..made.size() {
            for x in (0..made.size()).filter(|x| made.get_module(*x, y)) {
                let at = rect.min + vec2((x + QUIET) as f32, (y + QUIET) as f32) * cell;
                mesh.add_colored_rect(Rect::from_min_size(at, Vec2::splat(cell)), code::INK);
            }
        }
        ui.painter().add(Shape::mesh(mesh));
        let sentence = format!("Code for cameras: {}", self.text);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &sentence));
        Some(response)
    }
}
