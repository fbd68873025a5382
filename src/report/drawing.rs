//! Drawings: flat lists of marks, and how they become PNG and SVG.
//!
//! ```text
//!  chart, heat picture, snapshot ─▶ Drawing ─▶ plotters ─▶ SVG text, or pixels ─▶ PNG
//! ```
//! Lengths are half points: a drawing of 1800 is shown 900 wide, and its PNG is crisp on screens of double density.
//!
//! Invariant: both forms show the same marks at the same places, text over all others.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use plotters::backend::{BitMapBackend, SVGBackend};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea as _};
use plotters::element::{Circle, PathElement, Polygon, Text};
use plotters::prelude::{DrawingBackend, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle};
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::report::ink::{GROUND, Ink};
use crate::report::letters::{self, Face};
use crate::report::page::escape;

/// A place: right, down.
pub type At = (i32, i32);

/// A drawing that cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("it could not be drawn: {0}")]
pub struct DrawError(String);

/// On which side of its place a text lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Begins there.
    Right,
    /// Around it.
    Middle,
    /// Ends there.
    Left,
}

/// One mark.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// An area.
    Fill {
        /// Its corners.
        corners: Vec<At>,
        /// Its colour.
        ink: Ink,
        /// How much of what is below it hides, 0..=1.
        cover: f64,
    },
    /// A line through points.
    Path {
        /// The points.
        points: Vec<At>,
        /// Its colour.
        ink: Ink,
        /// Its width.
        width: u32,
    },
    /// A circle.
    Ring {
        /// Its middle.
        centre: At,
        /// Its radius.
        radius: i32,
        /// Its colour.
        ink: Ink,
        /// The width of its line.
        width: u32,
    },
    /// A filled circle.
    Disc {
        /// Its middle.
        centre: At,
        /// Its radius.
        radius: i32,
        /// Its colour.
        ink: Ink,
    },
    /// A line of text.
    Text {
        /// Where its baseline begins, has its middle or ends.
        at: At,
        /// Which of them.
        side: Side,
        /// What it says.
        text: String,
        /// In which face.
        face: Face,
        /// The size of its letters: one em.
        size: i32,
        /// Its colour.
        ink: Ink,
    },
}

/// Pixels at a place. Only PNG has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// Where their upper left corner is.
    pub at: At,
    /// Pixels in a row, and rows.
    pub size: (u32, u32),
    /// Red, green, blue and one byte more for each.
    pub rgba: Vec<u8>,
}

/// A drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Width and height.
    pub size: (u32, u32),
    /// Under all marks.
    pub pixels: Vec<Pixels>,
    /// In the order in which they are drawn.
    pub marks: Vec<Mark>,
}

impl Drawing {
    /// An empty one.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { size: (width, height), pixels: Vec::new(), marks: Vec::new() }
    }

    /// Adds an area.
    pub fn fill(&mut self, corners: Vec<At>, ink: Ink, cover: f64) {
        self.marks.push(Mark::Fill { corners, ink, cover });
    }

    /// Adds a rectangle.
    pub fn rect(&mut self, (left, top): At, (right, bottom): At, ink: Ink, cover: f64) {
        self.fill(vec![(left, top), (right, top), (right, bottom), (left, bottom)], ink, cover);
    }

    /// Adds a line through points; fewer than two are none.
    pub fn path(&mut self, points: Vec<At>, ink: Ink, width: u32) {
        if points.len() > 1 {
            self.marks.push(Mark::Path { points, ink, width });
        }
    }

    /// Adds a level or upright line in dashes.
    pub fn dashes(&mut self, from: At, to: At, ink: Ink, width: u32) {
        const DASH: i32 = 14;
        const GAP: i32 = 10;
        let length = (to.0 - from.0).abs() + (to.1 - from.1).abs();
        let step = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
        let at = |n: i32| (from.0 + step.0 * n, from.1 + step.1 * n);
        for begin in (0..length).step_by((DASH + GAP) as usize) {
            self.path(vec![at(begin), at((begin + DASH).min(length))], ink, width);
        }
    }

    /// Adds a line of text.
    pub fn text(&mut self, at: At, side: Side, text: impl AsRef<str>, face: Face, size: i32, ink: Ink) {
        let text = text.as_ref().replace(char::is_control, " ");
        self.marks.push(Mark::Text { at, side, text, face, size, ink });
    }

    /// The drawing as PNG on white paper.
    ///
    /// # Errors
    /// None that a drawing can cause; the libraries report their own.
    pub fn png(&self) -> Result<Vec<u8>, DrawError> {
        let (width, height) = self.size;
        let mut rgb = GROUND.0.repeat(width as usize * height as usize);
        for pixels in &self.pixels {
            blit(&mut rgb, self.size, pixels);
        }
        {
            let backend = BitMapBackend::with_buffer(&mut rgb, self.size);
            paint(&backend.into_drawing_area(), &self.marks, true)?;
        }
        for mark in &self.marks {
            if let Mark::Text { at: (x, y), side, text, face, size, ink } = mark {
                let wide = letters::width_of(text, *face, *size);
                let left = match side {
                    Side::Right => *x,
                    Side::Middle => x - wide / 2,
                    Side::Left => x - wide,
                };
                letters::write(&mut rgb, self.size, (left, *y), text, *face, *size, *ink);
            }
        }
        let mut png = Vec::new();
        let written = PngEncoder::new(&mut png).write_image(&rgb, width, height, ExtendedColorType::Rgb8);
        written.map_err(|error| DrawError(error.to_string()))?;
        Ok(png)
    }

    /// The drawing as PNG in a data URI.
    ///
    /// # Errors
    /// As [`Self::png`].
    pub fn data_uri(&self) -> Result<String, DrawError> {
        Ok(format!("data:image/png;base64,{}", STANDARD.encode(self.png()?)))
    }

    /// The drawing as an SVG file with a title for those who do not see it. Its text is text, in the viewer's own font
    /// if Inter is not there.
    ///
    /// # Errors
    /// As [`Self::png`].
    pub fn svg(&self, title: &str) -> Result<String, DrawError> {
        let head = r#" xmlns="http://www.w3.org/2000/svg""#;
        let (width, height) = self.size;
        let ground = format!("<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n", GROUND.css());
        self.svg_with(head, &ground, title)
    }

    /// The drawing as SVG to stand within an HTML page, whose ground and dark colours it takes.
    ///
    /// # Errors
    /// As [`Self::png`].
    pub fn inline_svg(&self, title: &str) -> Result<String, DrawError> {
        self.svg_with("", "", title)
    }

    fn svg_with(&self, head: &str, ground: &str, title: &str) -> Result<String, DrawError> {
        let mut text = String::new();
        {
            let backend = SVGBackend::with_string(&mut text, self.size);
            let area = backend.into_drawing_area();
            paint(&area, &self.marks, false)?;
            write(&area, &self.marks)?;
            area.present().map_err(|error| DrawError(error.to_string()))?;
        }
        let (_, marks) = text.split_once('\n').unwrap_or_default();
        let ((width, height), title) = (self.size, escape(title));
        Ok(format!(
            "<svg{head} viewBox=\"0 0 {width} {height}\" width=\"{}\" height=\"{}\" role=\"img\">\n\
             <title>{title}</title>\n{ground}{marks}",
            width / 2,
            height / 2
        ))
    }
}

/// Copies pixels into a picture; what would lie outside is left away.
fn blit(rgb: &mut [u8], (width, height): (u32, u32), pixels: &Pixels) {
    let (from, _) = pixels.rgba.as_chunks::<4>();
    for (row, line) in from.chunks_exact(pixels.size.0.max(1) as usize).enumerate() {
        let Some(y) = u32::try_from(pixels.at.1 + row as i32).ok().filter(|y| *y < height) else { continue };
        for (column, [r, g, b, _]) in line.iter().enumerate() {
            let Some(x) = u32::try_from(pixels.at.0 + column as i32).ok().filter(|x| *x < width) else { continue };
            let place = (y as usize * width as usize + x as usize) * 3;
            if let Some(pixel) = rgb.get_mut(place..place + 3) {
                pixel.copy_from_slice(&[*r, *g, *b]);
            }
        }
    }
}

/// Draws all marks but text. `in_pieces`: each piece of a line by itself, for where lines meet at a sharp angle the
/// pixels of plotters run far beyond.
fn paint<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, marks: &[Mark], in_pieces: bool) -> Result<(), DrawError> {
    let colour = |Ink([r, g, b]): Ink| RGBColor(r, g, b);
    let line = |ink, width| ShapeStyle { color: colour(ink).to_rgba(), filled: false, stroke_width: width };
    for mark in marks {
        let drawn = match mark {
            Mark::Fill { corners, ink, cover } => {
                area.draw(&Polygon::new(corners.clone(), colour(*ink).mix(*cover).filled()))
            }
            Mark::Path { points, ink, width } if in_pieces && points.len() > 2 => {
                let pieces = points.windows(2);
                let joint = |at: &At| area.draw(&Circle::new(*at, (*width / 2) as i32, colour(*ink).filled()));
                pieces
                    .map(|piece| area.draw(&PathElement::new(piece.to_vec(), line(*ink, *width))))
                    .chain(points.iter().filter(|_| *width > 2).map(joint))
                    .collect()
            }
            Mark::Path { points, ink, width } => area.draw(&PathElement::new(points.clone(), line(*ink, *width))),
            Mark::Ring { centre, radius, ink, width } => area.draw(&Circle::new(*centre, *radius, line(*ink, *width))),
            Mark::Disc { centre, radius, ink } => area.draw(&Circle::new(*centre, *radius, colour(*ink).filled())),
            Mark::Text { .. } => Ok(()),
        };
        drawn.map_err(|error| DrawError(error.to_string()))?;
    }
    Ok(())
}

/// Writes text as text. Plotters divides its size by 1.24, and puts its baseline 0.76 em below its top.
fn write<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, marks: &[Mark]) -> Result<(), DrawError> {
    for mark in marks {
        let Mark::Text { at: (x, y), side, text, face, size, ink: Ink([r, g, b]) } = mark else { continue };
        let em = f64::from(*size);
        let style = if *face == Face::Strong { FontStyle::Bold } else { FontStyle::Normal };
        let anchor = match side {
            Side::Right => HPos::Left,
            Side::Middle => HPos::Center,
            Side::Left => HPos::Right,
        };
        let font = FontDesc::new(FontFamily::Name(face.family()), em * 1.24, style);
        let style = font.color(&RGBColor(*r, *g, *b)).pos(Pos::new(anchor, VPos::Top));
        let top = y - (em * 0.76).round() as i32;
        area.draw(&Text::new(text.as_str(), (*x, top), style)).map_err(|error| DrawError(error.to_string()))?;
    }
    Ok(())
}
