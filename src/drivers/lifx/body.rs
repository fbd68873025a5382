//! What a LIFX device is made of, and the packets that paint it.
//!
//! Invariant: a body has at least one pixel, and at most as many as a frame.

use std::ops::Range;

use crate::drivers::lifx::color::alike;
use crate::model::frame::MAX_PIXELS;
use crate::wire::lifx::message::Message;
use crate::wire::lifx::parts::{Apply, Area, CELLS, Colors, Hsbk, TILES, ZONES};

/// What a device is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// One light.
    Bulb,
    /// Zones in a row.
    Strip {
        /// How many.
        n_zones: usize,
        /// It takes all of them at once.
        extended: bool,
    },
    /// Tiles: width and height of each.
    Matrix(Vec<(u8, u8)>),
}

/// What a device shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fill {
    /// The same everywhere.
    One(Hsbk),
    /// Each zone or cell by itself.
    Each(Vec<Hsbk>),
}

impl Fill {
    /// Whether they are the same but for the rounding inside devices.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.matches(other, alike)
    }

    /// Whether they are the same; the hue of a white is none.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.matches(other, |a, b| {
            let hueless = |color: Hsbk| if color.saturation == 0 { Hsbk { hue: 0, ..color } } else { color };
            hueless(a) == hueless(b)
        })
    }

    fn matches(&self, other: &Self, same: impl Fn(Hsbk, Hsbk) -> bool) -> bool {
        match (self, other) {
            (Self::One(a), Self::One(b)) => same(*a, *b),
            (Self::Each(a), Self::Each(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(*a, *b)),
            (Self::One(one), Self::Each(each)) | (Self::Each(each), Self::One(one)) => {
                !each.is_empty() && each.iter().all(|color| same(*color, *one))
            }
        }
    }
}

impl Body {
    /// Tiles of a chain; `None` if it has no cell, or a tile of a size that no packet can name.
    #[must_use]
    pub fn matrix(tiles: impl Iterator<Item = (u8, u8)>) -> Option<Self> {
        let tiles: Vec<(u8, u8)> = tiles.take(TILES).collect();
        let right = |(width, height): &(u8, u8)| *width > 0 && usize::from(*width) <= CELLS && *height > 0;
        let body = Self::Matrix(tiles.iter().copied().take_while(right).collect());
        (tiles.iter().all(right) && (1..=MAX_PIXELS).contains(&body.n_pixels())).then_some(body)
    }

    /// How many pixels it has.
    #[must_use]
    pub fn n_pixels(&self) -> usize {
        match self {
            Self::Bulb => 1,
            Self::Strip { n_zones, .. } => *n_zones,
            Self::Matrix(tiles) => tiles.iter().map(|(width, height)| usize::from(*width) * usize::from(*height)).sum(),
        }
    }

    /// How many packets all its pixels take, each of another colour.
    #[must_use]
    pub fn n_packets(&self) -> usize {
        match self {
            Self::Bulb => 1,
            Self::Strip { n_zones, extended: true } => n_zones.div_ceil(ZONES),
            Self::Strip { n_zones, extended: false } => *n_zones,
            Self::Matrix(tiles) => tiles.iter().map(|size| blocks(*size) + usize::from(blocks(*size) > 1)).sum(),
        }
    }

    /// The packets that read its cells; none for what is no matrix.
    pub fn reads(&self) -> impl Iterator<Item = Area> + '_ {
        let tiles: &[(u8, u8)] = if let Self::Matrix(tiles) = self { tiles } else { &[] };
        tiles.iter().zip(0..).flat_map(|(size, tile)| {
            let (width, rows) = (size.0, rows(*size));
            (0..blocks(*size)).map(move |block| Area {
                tile,
                length: 1,
                width,
                y: (block * rows) as u8,
                ..Area::default()
            })
        })
    }

    /// Where the cells of such an answer are among all pixels.
    #[must_use]
    pub fn place(&self, tile: u8, y: u8) -> Option<Range<usize>> {
        let Self::Matrix(tiles) = self else { return None };
        let cells = |(width, height): &(u8, u8)| usize::from(*width) * usize::from(*height);
        let before: usize = tiles.iter().take(usize::from(tile)).map(cells).sum();
        let size = tiles.get(usize::from(tile))?;
        let start = usize::from(y) * usize::from(size.0);
        let end = (start + rows(*size) * usize::from(size.0)).min(cells(size));
        (start < end).then_some(before + start..before + end)
    }

    /// The packets that paint it.
    pub fn paint(&self, fill: &Fill, duration_ms: u32, put: &mut dyn FnMut(&Message<'_>)) {
        match (self, fill) {
            (_, Fill::One(color)) => put(&Message::SetColor { color: *color, duration_ms }),
            (_, Fill::Each(colors)) => self.paint_each(colors, &[], duration_ms, put),
        }
    }

    /// The packets that paint each pixel. Tiles that show what they shall already, by `shown`, are left out.
    pub fn paint_each(&self, colors: &[Hsbk], shown: &[Hsbk], duration_ms: u32, put: &mut dyn FnMut(&Message<'_>)) {
        match self {
            Self::Bulb => {
                let color = colors.first().copied().unwrap_or_default();
                put(&Message::SetColor { color, duration_ms });
            }
            Self::Strip { extended: true, .. } => paint_strip(colors, duration_ms, put),
            Self::Strip { extended: false, .. } => paint_old_strip(colors, duration_ms, put),
            Self::Matrix(tiles) => {
                let mut start = 0;
                for (size, tile) in tiles.iter().zip(0..) {
                    let cells = start..start + usize::from(size.0) * usize::from(size.1);
                    start = cells.end;
                    let Some(wanted) = colors.get(cells.clone()) else { return };
                    if shown.get(cells) != Some(wanted) {
                        paint_tile(tile, *size, wanted, duration_ms, put);
                    }
                }
            }
        }
    }
}

/// Rows of a tile that one packet takes.
fn rows((width, height): (u8, u8)) -> usize {
    (CELLS / usize::from(width.max(1))).clamp(1, usize::from(height.max(1)))
}

/// Packets for the cells of a tile.
fn blocks(size: (u8, u8)) -> usize {
    usize::from(size.1).div_ceil(rows(size))
}

fn paint_strip(colors: &[Hsbk], duration_ms: u32, put: &mut dyn FnMut(&Message<'_>)) {
    for (n, part) in colors.chunks(ZONES).enumerate() {
        let apply = if (n + 1) * ZONES >= colors.len() { Apply::Now } else { Apply::Hold };
        let colors = Colors::List(part);
        put(&Message::SetExtendedColorZones { duration_ms, apply, index: (n * ZONES) as u16, colors });
    }
}

/// One packet for each run of zones of one colour.
fn paint_old_strip(colors: &[Hsbk], duration_ms: u32, put: &mut dyn FnMut(&Message<'_>)) {
    let mut start = 0;
    for run in colors.chunk_by(|a, b| a == b) {
        let end = start + run.len();
        let apply = if end >= colors.len() { Apply::Now } else { Apply::Hold };
        let color = run.first().copied().unwrap_or_default();
        put(&Message::SetColorZones { start: start as u8, end: (end - 1) as u8, color, duration_ms, apply });
        start = end;
    }
}

/// A tile of more cells than a packet has is painted out of sight, and then shown.
fn paint_tile(tile: u8, size: (u8, u8), colors: &[Hsbk], duration_ms: u32, put: &mut dyn FnMut(&Message<'_>)) {
    let ((width, height), rows) = (size, rows(size));
    let is_split = blocks(size) > 1;
    for (n, part) in colors.chunks(rows * usize::from(width)).enumerate() {
        let (buffer, y) = (u8::from(is_split), (n * rows) as u8);
        let area = Area { tile, length: 1, buffer, x: 0, y, width };
        let duration_ms = if is_split { 0 } else { duration_ms };
        put(&Message::Set64 { area, duration_ms, colors: Colors::List(part) });
    }
    if is_split {
        put(&Message::CopyFrameBuffer { tile, length: 1, from: 1, to: 0, width, height, duration_ms });
    }
}
