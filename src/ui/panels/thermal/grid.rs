//! The grid of tiles: as large pictures as the room allows, all at once where they can be seen at once.
//!
//! Invariant: no tile is narrower than its name, its figure and its range need.

use std::sync::Arc;

use egui::{Rect, Sense, Ui, vec2};

use crate::model::sensors::Device;
use crate::ui::panels::thermal::tile;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space};

/// Share of a picture's width that is not worth another column.
const WORTH: f32 = 1.01;

/// How many tiles stand side by side, and how large each is, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Tiles side by side, 1 or more.
    pub columns: usize,
    /// Width of a tile.
    pub width: f32,
    /// Height of a tile.
    pub height: f32,
}

impl Plan {
    /// The plan for `n` tiles in `width` by `height`: the largest pictures that need no scrolling; if pictures would
    /// become too small, an easy width and scrolling.
    #[must_use]
    pub fn of(n: usize, width: f32, height: f32) -> Self {
        let (mut best, mut largest) = (None, 0.0);
        for columns in 1..=at_least(size::TILE_MIN, n, width) {
            let rows = n.max(1).div_ceil(columns) as f32;
            let tile = tile_width(width, columns);
            let share = ((height - space::L * (rows - 1.0)) / rows).floor();
            let plan = Self { columns, width: tile, height: tile::height(tile).min(share) };
            let picture = tile::Parts::of(plan.width, plan.height).picture;
            if picture.y >= size::TILE_PICTURE && picture.x > largest * WORTH {
                (best, largest) = (Some(plan), picture.x);
            }
        }
        best.unwrap_or_else(|| Self::scrolled(n, width))
    }

    fn scrolled(n: usize, width: f32) -> Self {
        let columns = at_least(size::TILE_EASY, n, width);
        let tile = tile_width(width, columns);
        Self { columns, width: tile, height: tile::height(tile) }
    }
}

/// The most columns of at least this width for `n` tiles.
fn at_least(tile: f32, n: usize, width: f32) -> usize {
    (((width + space::L) / (tile + space::L)) as usize).clamp(1, n.max(1))
}

fn tile_width(width: f32, columns: usize) -> f32 {
    ((width - space::L * (columns as f32 - 1.0)) / columns as f32).floor()
}

/// Draws the tiles; `height` is the room in which all of them should be seen.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, tiles: &[Arc<Device>], height: f32) {
    let Plan { columns, width, height } = Plan::of(tiles.len(), ui.available_width(), height);
    scene.stage.columns = columns;
    let rows = tiles.len().div_ceil(columns) as f32;
    let wanted = vec2(ui.available_width(), rows * height + (rows - 1.0) * space::L);
    let (area, _) = ui.allocate_exact_size(wanted, Sense::hover());
    for (i, device) in tiles.iter().enumerate() {
        let at = vec2((i % columns) as f32 * (width + space::L), (i / columns) as f32 * (height + space::L));
        tile::show(ui, scene, device, Rect::from_min_size(area.min + at, vec2(width, height)));
    }
}
