//! Letters: how wide a text is, and its pixels.
//!
//! Plotters has letters too, but leaves out the space before each and rounds where it lies; figures fell apart.
//!
//! Invariant: the fonts come with the program, none is the system's; the same text is the same pixels everywhere.

use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef, Glyph, PxScale, ScaleFont as _, point};

use crate::report::fonts;
use crate::report::ink::Ink;

/// A typeface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Text.
    Plain,
    /// Headings.
    Strong,
    /// Figures in columns.
    Mono,
}

/// The fonts, by place of the face. They are ours and tested; one that is none would leave its texts out.
static FONTS: LazyLock<[Option<FontRef<'static>>; 3]> = LazyLock::new(|| {
    let all = [fonts::INTER_REGULAR, fonts::INTER_SEMI_BOLD, fonts::JETBRAINS_MONO_REGULAR];
    all.map(|bytes| FontRef::try_from_slice(bytes).ok())
});

impl Face {
    /// Its name where another program shows the text, with what is taken if that has no such font.
    #[must_use]
    pub const fn family(self) -> &'static str {
        match self {
            Self::Plain | Self::Strong => "Inter, system-ui, sans-serif",
            Self::Mono => "JetBrains Mono, ui-monospace, monospace",
        }
    }

    fn font(self) -> Option<&'static FontRef<'static>> {
        FONTS.get(self as usize)?.as_ref()
    }
}

/// The glyphs of a text from (0, 0) on its baseline, and how wide all of it is. `em`: the size of its letters.
fn laid_out(text: &str, face: Face, em: i32) -> (Vec<Glyph>, f32) {
    let Some(font) = face.font() else { return (Vec::new(), 0.0) };
    let per_em = font.height_unscaled() / font.units_per_em().unwrap_or(1000.0);
    let font = font.as_scaled(PxScale::from(em as f32 * per_em));
    let (mut x, mut before, mut glyphs) = (0.0, None, Vec::new());
    for letter in text.chars() {
        let id = font.glyph_id(letter);
        x += before.map_or(0.0, |before| font.kern(before, id));
        glyphs.push(id.with_scale_and_position(font.scale(), point(x, 0.0)));
        x += font.h_advance(id);
        before = Some(id);
    }
    (glyphs, x)
}

/// How wide a text is.
#[must_use]
pub fn width_of(text: &str, face: Face, em: i32) -> i32 {
    laid_out(text, face, em).1.ceil() as i32
}

/// A text cut so that it is at most so wide.
#[must_use]
pub fn fitted(text: &str, face: Face, em: i32, width: i32) -> String {
    if width_of(text, face, em) <= width {
        return text.to_owned();
    }
    let mut cut: Vec<char> = text.chars().collect();
    while cut.pop().is_some() {
        let shorter: String = cut.iter().collect::<String>().trim_end().to_owned() + "\u{2026}";
        if width_of(&shorter, face, em) <= width {
            return shorter;
        }
    }
    String::new()
}

/// Writes a text into pixels of red, green and blue, its baseline beginning at a place; what would lie outside is left
/// away.
pub(super) fn write(
    rgb: &mut [u8],
    (width, height): (u32, u32),
    (left, baseline): (i32, i32),
    text: &str,
    face: Face,
    em: i32,
    Ink(ink): Ink,
) {
    let Some(font) = face.font() else { return };
    for glyph in laid_out(text, face, em).0 {
        // A blank has no outline.
        let Some(outline) = font.outline_glyph(glyph) else { continue };
        let begin = outline.px_bounds().min;
        outline.draw(|x, y, cover| {
            let place = |begin: f32, of: i32, step: u32, end: u32| {
                u32::try_from(begin as i32 + of + step as i32).ok().filter(|place| *place < end)
            };
            let x = place(begin.x, left, x, width);
            let Some((x, y)) = x.zip(place(begin.y, baseline, y, height)) else { return };
            let at = (y as usize * width as usize + x as usize) * 3;
            for (part, ink) in rgb.get_mut(at..at + 3).into_iter().flatten().zip(ink) {
                let cover = cover.clamp(0.0, 1.0);
                *part = (f32::from(*part) + (f32::from(ink) - f32::from(*part)) * cover).round() as u8;
            }
        });
    }
}
