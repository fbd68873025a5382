//! How the overview divides its room: heat first; alarms, lights and air right of it or under it.
//!
//! ```text
//!  +--------------+-------+-------+     +-----------------+--------+
//!  | main         | half  | half  |     | main    | half  | alarms |
//!  |              +-------+-------+     |         +-------+        |
//!  |              | half  | half  |     |         | half  | lights |
//!  +--------------+-------+-------+     +-----------------+        |
//!  | alarms       | lights  | air |     | small, small, . | air    |
//!  +--------------+---------+-----+     +-----------------+--------+
//! ```
//!
//! Where there is too little room for a large tile all are alike, in as many columns as fit.
//!
//! Invariant: no two parts overlap; heat has at least [`size::HEAT_SHARE`] of the height. Lights take what the others leave,
//! but never less than their least height.

use egui::{Rect, Vec2, pos2, vec2};

use crate::ui::panels::thermal::{grid, tile};
use crate::ui::theme::{size, space};

/// Height of a picture by its width.
const RATIO: f32 = 0.75;
/// Tiles beside the main one.
const HALVES: usize = 4;
/// The least that heat may have beside a column.
const HEAT_MIN: f32 = 620.0;

/// What wants room.
#[derive(Clone, Copy, Debug)]
pub struct Needed {
    /// Tiles.
    pub tiles: usize,
    /// Height of the alarms, with their header.
    pub alarms: f32,
    /// Height of the lights, with their header: the least, and with all their rows; zeros if there are none.
    pub lights: [f32; 2],
    /// Height of the air readings, with their header; 0 if there are none.
    pub air: f32,
}

/// A part beside the heat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Alarms,
    Lights,
    Air,
}

impl Needed {
    /// The least height of a part; `None` if there is nothing in it.
    fn least(&self, part: Part) -> Option<f32> {
        let height = match part {
            Part::Alarms => return Some(self.alarms),
            Part::Lights => self.lights[0],
            Part::Air => self.air,
        };
        (height > 0.0).then_some(height)
    }

    /// The least height of parts under each other.
    fn column(&self, parts: &[Part]) -> f32 {
        let heights: Vec<f32> = parts.iter().filter_map(|part| self.least(*part)).collect();
        heights.iter().sum::<f32>() + heights.len().saturating_sub(1) as f32 * space::XL
    }

    /// How what stands under the heat is put into columns: the parts of each, and its share of the width.
    fn columns(&self, width: f32) -> Vec<(Vec<Part>, f32)> {
        use Part::{Air, Alarms, Lights};
        let has = |part| self.least(part).is_some();
        match (has(Lights), has(Air)) {
            (true, true) if width >= size::OVERVIEW_THREE => {
                vec![(vec![Alarms], 0.36), (vec![Lights], 0.32), (vec![Air], 0.32)]
            }
            (true, _) if width >= size::OVERVIEW_TWO => vec![(vec![Alarms, Air], 0.5), (vec![Lights], 0.5)],
            (false, true) if width >= size::OVERVIEW_TWO => vec![(vec![Alarms], 0.6), (vec![Air], 0.4)],
            _ => vec![(vec![Alarms, Lights, Air], 1.0)],
        }
    }

    /// The least height of all that stands under the heat.
    fn under(&self, width: f32) -> f32 {
        self.columns(width).iter().map(|(parts, _)| self.column(parts)).fold(0.0, f32::max)
    }
}

/// Where everything is, from the upper left corner of the room.
#[derive(Clone, Debug)]
pub struct Plan {
    /// All tiles together.
    pub heat: Rect,
    /// The main tile, if there is one.
    pub main: Option<Rect>,
    /// Up to four of half its height.
    pub halves: Vec<Rect>,
    /// The others.
    pub small: Vec<Rect>,
    /// Alarms.
    pub alarms: Rect,
    /// Lights.
    pub lights: Option<Rect>,
    /// Air readings.
    pub air: Option<Rect>,
    /// The room that all of it takes.
    pub size: Vec2,
}

impl Plan {
    /// The plan for a room. The column at the right is taken if it leaves larger pictures, or if there are many.
    #[must_use]
    pub fn of(needed: &Needed, room: Vec2) -> Self {
        let left = room.x - size::OVERVIEW_SIDE - space::L;
        let many = needed.tiles > 1 + HALVES;
        let aside = main_height(needed, left, room.y);
        let under = main_height(needed, room.x, heat_height(needed, room));
        if left >= HEAT_MIN && (many || aside >= under) {
            Self::aside(needed, room, left)
        } else {
            Self::under(needed, room)
        }
    }

    /// All tiles in their order.
    pub fn tiles(&self) -> impl Iterator<Item = Rect> {
        self.main.into_iter().chain(self.halves.iter().copied()).chain(self.small.iter().copied())
    }

    fn aside(needed: &Needed, room: Vec2, left: f32) -> Self {
        let mut plan = Self::heat(needed, vec2(left, room.y));
        let column = Rect::from_min_size(pos2(left + space::L, 0.0), vec2(size::OVERVIEW_SIDE, room.y));
        let bottom = plan.put_column(needed, &[Part::Alarms, Part::Lights, Part::Air], column);
        plan.size = vec2(room.x, plan.heat.bottom().max(bottom));
        plan
    }

    fn under(needed: &Needed, room: Vec2) -> Self {
        let mut plan = Self::heat(needed, vec2(room.x, heat_height(needed, room)));
        let top = plan.heat.bottom() + space::XL;
        let height = (room.y - top).max(needed.under(room.x));
        let columns = needed.columns(room.x);
        let width = room.x - (columns.len() - 1) as f32 * space::L;
        let (mut left, mut bottom) = (0.0, top);
        for (parts, share) in columns {
            let column = Rect::from_min_size(pos2(left, top), vec2((width * share).floor(), height));
            bottom = plan.put_column(needed, &parts, column).max(bottom);
            left = column.right() + space::L;
        }
        plan.size = vec2(room.x, bottom);
        plan
    }

    /// Puts parts under each other; lights take what the others leave. Hands back where they end.
    fn put_column(&mut self, needed: &Needed, parts: &[Part], column: Rect) -> f32 {
        let spare = (column.height() - needed.column(parts)).max(0.0);
        let mut top = column.top();
        let mut bottom = top;
        for part in parts {
            let Some(least) = needed.least(*part) else { continue };
            let more = if *part == Part::Lights { spare.min(needed.lights[1] - least) } else { 0.0 };
            let rect = Rect::from_min_size(pos2(column.left(), top), vec2(column.width(), least + more));
            match part {
                Part::Alarms => self.alarms = rect,
                Part::Lights => self.lights = Some(rect),
                Part::Air => self.air = Some(rect),
            }
            bottom = rect.bottom();
            top = bottom + space::XL;
        }
        bottom
    }

    /// The tiles in a room of this width, and of this height if they are few.
    fn heat(needed: &Needed, room: Vec2) -> Self {
        let mut plan = Self {
            heat: Rect::from_min_size(pos2(0.0, 0.0), vec2(room.x, 0.0)),
            main: None,
            halves: Vec::new(),
            small: Vec::new(),
            alarms: Rect::ZERO,
            lights: None,
            air: None,
            size: Vec2::ZERO,
        };
        if needed.tiles == 0 {
            plan.heat.max.y = size::ROW;
            return plan;
        }
        let height = main_height(needed, room.x, room.y).floor();
        if height < size::MAIN_LOW && needed.tiles > 1 {
            plan.put_small(needed.tiles, room);
            return plan;
        }
        let halves = (needed.tiles - 1).min(HALVES);
        let width = if halves == 0 { room.x } else { main_width(height).min(room.x).floor() };
        plan.main = Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(width, height)));
        plan.heat.max.y = height;
        plan.put_halves(halves, vec2(room.x, height), width);
        plan.put_small(needed.tiles - 1 - halves, vec2(room.x, room.y));
        plan
    }

    fn put_halves(&mut self, n: usize, block: Vec2, main: f32) {
        let columns = columns_of(n);
        if columns == 0 {
            return;
        }
        let each = ((block.x - main) / columns as f32 - space::L).floor();
        let half = ((block.y - space::L) / 2.0).floor();
        // One alone is as tall as its picture wants it: nothing stands under it.
        let tall = if n == 1 { tile::height(each).clamp(half, block.y) } else { half };
        for i in 0..n {
            let (column, row) = (i % columns, i / columns);
            let at = pos2(main + space::L + column as f32 * (each + space::L), row as f32 * (tall + space::L));
            self.halves.push(Rect::from_min_size(at, vec2(each, tall)));
        }
    }

    fn put_small(&mut self, n: usize, room: Vec2) {
        if n == 0 {
            return;
        }
        let top = if self.main.is_some() { self.heat.bottom() + space::L } else { 0.0 };
        let grid::Plan { columns, width, height } = grid::Plan::of(n, room.x, room.y - top);
        for i in 0..n {
            let at = vec2((i % columns) as f32 * (width + space::L), (i / columns) as f32 * (height + space::L));
            self.small.push(Rect::from_min_size(pos2(0.0, top) + at, vec2(width, height)));
        }
        self.heat.max.y = self.small.last().map_or(top, Rect::bottom);
    }
}

/// The height left for heat over what stands under it.
fn heat_height(needed: &Needed, room: Vec2) -> f32 {
    (room.y - space::XL - needed.under(room.x)).max(size::HEAT_SHARE * room.y)
}

const fn columns_of(halves: usize) -> usize {
    halves.div_ceil(2)
}

/// The width of a main tile of this height: its picture has 4:3.
fn main_width(height: f32) -> f32 {
    (height - size::MAIN_HEAD - size::MAIN_FOOT) / RATIO + size::SCALE_MAIN
}

/// The height of the main tile: as tall as there is room, and as the width allows with all pictures at 4:3.
fn main_height(needed: &Needed, width: f32, height: f32) -> f32 {
    let columns = columns_of(needed.tiles.saturating_sub(1).min(HALVES)) as f32;
    // main_width(h) + columns * (gap + half_width((h - gap) / 2)) = width, solved for h.
    let solved = |bars: f32| {
        let fixed = size::SCALE_MAIN - (size::MAIN_HEAD + size::MAIN_FOOT) / RATIO
            + columns * (space::L + size::SCALE - (space::L / 2.0 + bars) / RATIO);
        (width - fixed) / ((1.0 + columns / 2.0) / RATIO)
    };
    let dense = solved(size::TILE_HEAD_DENSE + size::TILE_FOOT_DENSE).min(2.0 * size::TILE_DENSE + space::L);
    let widest = solved(size::TILE_HEAD + size::TILE_FOOT).max(if columns > 0.0 { dense } else { 0.0 });
    // With a few more tiles than stand beside the main one, a row of small ones is seen as well.
    let more = needed.tiles > 1 + HALVES;
    let height = if more { size::HEAT_SHARE * height } else { height };
    widest.min(height).max(size::MAIN_HEAD + size::MAIN_FOOT + size::TILE_PICTURE)
}
