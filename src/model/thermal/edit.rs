//! Changes of an array's regions, and why one is refused: cause and cure, in words. Pure; the same lines decide on a
//! command, on what was stored and on what is imported.
//!
//! Invariant: what comes out keeps that of [`Regions`]: labels are unique, there are at most [`MAX_OF_A_KIND`] of a
//! kind, and a delta refers to regions that are there and measured.

use crate::model::thermal::region::{
    Cell, Delta, MAX_CORNERS, MAX_NAME, MAX_OF_A_KIND, Point, Region, RegionId, Regions, Shape,
};
use crate::units::grid::{Patch, Size};

/// The letter of a mask, whatever its shape.
const MASK: char = 'M';
/// The letter of a delta.
const DELTA: char = 'D';
/// How far beyond the edge of an array a corner or centre may lie, cells.
const BORDER: f32 = 1.0;
/// Longer than the diagonal of the largest array, cells.
const MAX_RADIUS: f32 = 1_500.0;

impl Shape {
    /// What people call its kind; also in the API.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Spot(_) => "spot",
            Self::Box(_) => "box",
            Self::Circle { .. } => "circle",
            Self::Polygon(_) => "polygon",
            Self::Line { .. } => "line",
        }
    }
}

impl Regions {
    /// With a region added, or in place of the one of its label, on an array of this size.
    ///
    /// # Errors
    /// What is wrong with it, and the cure.
    pub fn put(&self, region: Region, size: Size) -> Result<Self, String> {
        check_region(&region)?;
        check_place(&region.shape, size)?;
        let mut next = self.clone();
        match next.regions.iter_mut().find(|known| known.id == region.id) {
            Some(known) => *known = region,
            None => next.regions.push(region),
        }
        Ok(next)
    }

    /// With a delta added, or in place of the one of its label.
    ///
    /// # Errors
    /// What is wrong with it, and the cure.
    pub fn put_delta(&self, delta: Delta) -> Result<Self, String> {
        self.check_delta(&delta)?;
        let mut next = self.clone();
        match next.deltas.iter_mut().find(|known| known.id == delta.id) {
            Some(known) => *known = delta,
            None => next.deltas.push(delta),
        }
        Ok(next)
    }

    /// Without a region, and without deltas of it.
    ///
    /// # Errors
    /// There is none of this label.
    pub fn without(&self, id: &RegionId) -> Result<Self, String> {
        self.get(id).ok_or_else(|| format!("There is no region {id} any more."))?;
        let mut next = self.clone();
        next.regions.retain(|region| region.id != *id);
        next.deltas.retain(|delta| delta.of.0 != *id && delta.minus.0 != *id);
        Ok(next)
    }

    /// Without a delta.
    ///
    /// # Errors
    /// There is none of this label.
    pub fn without_delta(&self, id: &RegionId) -> Result<Self, String> {
        self.delta(id).ok_or_else(|| format!("There is no delta {id} any more."))?;
        let mut next = self.clone();
        next.deltas.retain(|delta| delta.id != *id);
        Ok(next)
    }

    /// Whether all of it could have been put in one by one, whatever the size of the array.
    ///
    /// # Errors
    /// The first thing that is wrong, and the cure.
    pub fn check(&self) -> Result<(), String> {
        let twice = |id: &RegionId| format!("The label {id} is there twice. Give one of the two another number.");
        for (n, region) in self.regions.iter().enumerate() {
            check_region(region)?;
            if self.regions.iter().take(n).any(|other| other.id == region.id) {
                return Err(twice(&region.id));
            }
        }
        for (n, delta) in self.deltas.iter().enumerate() {
            self.check_delta(delta)?;
            if self.deltas.iter().take(n).any(|other| other.id == delta.id) {
                return Err(twice(&delta.id));
            }
        }
        Ok(())
    }

    fn check_delta(&self, delta: &Delta) -> Result<(), String> {
        check_label(&delta.id, DELTA, "delta")?;
        check_name(&delta.name)?;
        for (region, _) in [&delta.of, &delta.minus] {
            match self.get(region) {
                Some(known) if known.mask => {
                    return Err(format!("{region} is a mask and is not measured. Choose another region."));
                }
                Some(_) => {}
                None => return Err(format!("There is no region {region}. Draw it first, or choose another one.")),
            }
        }
        Ok(())
    }
}

/// What does not depend on the array.
fn check_region(region: &Region) -> Result<(), String> {
    let Region { id, name, shape, mask, emissivity } = region;
    match mask {
        true => check_label(id, MASK, "mask"),
        false => check_label(id, shape.letter(), shape.kind()),
    }?;
    check_name(name)?;
    if let Some(emissivity) = emissivity.filter(|e| !(0.05..=1.0).contains(e)) {
        return Err(format!("Emissivity must lie between 0.05 and 1, not {emissivity}."));
    }
    check_shape(shape)
}

fn check_shape(shape: &Shape) -> Result<(), String> {
    let ensure = |good: bool, wrong: &str| if good { Ok(()) } else { Err(wrong.to_owned()) };
    match shape {
        Shape::Spot(_) | Shape::Line { .. } => Ok(()),
        Shape::Box(Patch { top, left, bottom, right }) => {
            ensure(top <= bottom && left <= right, "The box is empty. Put the smaller row and column first.")
        }
        Shape::Circle { centre, radius } => {
            ensure(is_finite(*centre), "The middle of a circle must be a place in the picture.")?;
            let good = *radius > 0.0 && *radius <= MAX_RADIUS;
            ensure(good, "The radius of a circle must be above 0 and not larger than the picture.")
        }
        Shape::Polygon(corners) => {
            let n = corners.len();
            let wrong = format!("A polygon has 3 to {MAX_CORNERS} corners, not {n}. Set more, or fewer.");
            ensure((3..=MAX_CORNERS).contains(&n), &wrong)?;
            ensure(corners.iter().copied().all(is_finite), "The corners of a polygon must be places in the picture.")
        }
    }
}

/// Whether a shape lies in an array of this size, its border included.
fn check_place(shape: &Shape, size: Size) -> Result<(), String> {
    let cell = |Cell { row, col }: Cell| usize::from(row) < size.rows() && usize::from(col) < size.cols();
    let within = |at: f32, end: usize| (-BORDER..=end as f32 + BORDER).contains(&at);
    let point = |Point { x, y }: Point| within(x, size.cols()) && within(y, size.rows());
    let inside = match shape {
        Shape::Spot(at) => cell(*at),
        Shape::Box(Patch { bottom, right, .. }) => cell(Cell { row: *bottom, col: *right }),
        Shape::Circle { centre, radius } => point(*centre) && *radius <= (size.cols() + size.rows()) as f32,
        Shape::Polygon(corners) => corners.iter().copied().all(point),
        Shape::Line { from, to } => cell(*from) && cell(*to),
    };
    if inside {
        return Ok(());
    }
    let (kind, cols, rows) = (shape.kind(), size.cols(), size.rows());
    Err(format!("The {kind} lies outside of the picture, which has {cols} columns and {rows} rows. Move it inside."))
}

fn is_finite(Point { x, y }: Point) -> bool {
    x.is_finite() && y.is_finite()
}

fn check_label(id: &RegionId, letter: char, kind: &str) -> Result<(), String> {
    if (1..=MAX_OF_A_KIND).any(|number| RegionId::new(letter, number) == *id) {
        return Ok(());
    }
    Err(format!(
        "The label of a {kind} is {letter}1 to {letter}{MAX_OF_A_KIND}, not \"{}\". Remove one if all are taken.",
        id.as_str().escape_debug()
    ))
}

fn check_name(name: &str) -> Result<(), String> {
    if name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control) {
        return Ok(());
    }
    Err(format!("A name has {MAX_NAME} characters at most, on one line. Shorten it."))
}
