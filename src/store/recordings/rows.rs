//! The cells of one picture, packed: differences, folded by zigzag, in groups of up to 32 cells of one row; each group
//! with as many bits a cell as its largest difference needs.
//!
//! ```text
//!  | width, bits 0..=16 | n cells x width bits, the lowest first, filled up to a whole byte |   for each group
//! ```
//!
//! Temperatures are hundredths of a kelvin above -100 C in 16 bits: what is colder than -100.00 C or hotter than 555.35 C
//! is kept as that. Differences are those to the same cell of the picture before; without one, to the cell on the left (the first of a
//! row: to the cell above it). They wrap around, so that any picture follows any other.
//!
//! Invariant: reading never panics and never reads beyond its bytes, whatever they are.

use crate::store::history::varint::{Damaged, Reader};

/// Cells of a group at most.
pub const GROUP: usize = 32;
/// The lowest temperature, C.
const COLDEST: f32 = -100.0;

/// Hundredths of a kelvin above [`COLDEST`], rounded; the conversion from `f32` saturates.
#[must_use]
pub fn quantised(celsius: f32) -> u16 {
    ((celsius - COLDEST) * 100.0 + 0.5) as u16
}

/// The temperature in C.
#[must_use]
pub fn celsius(quantised: u16) -> f32 {
    f32::from(quantised) / 100.0 + COLDEST
}

/// Appends `cells`, rows of `cols`; `before` are the cells of the picture before, as many.
pub fn put(cells: &[u16], before: Option<&[u16]>, cols: usize, out: &mut Vec<u8>) {
    let mut folded = [0; GROUP];
    if let Some(before) = before {
        let groups = |cells| <[u16]>::chunks(cells, cols).flat_map(|row| row.chunks(GROUP));
        for (group, old) in groups(cells).zip(groups(before)) {
            for ((folded, cell), old) in folded.iter_mut().zip(group).zip(old) {
                *folded = fold(cell.wrapping_sub(*old));
            }
            put_group(folded.iter().take(group.len()), out);
        }
        return;
    }
    let mut above = 0_u16;
    for row in cells.chunks(cols) {
        let mut left = above;
        above = row.first().copied().unwrap_or(0);
        for group in row.chunks(GROUP) {
            for (folded, cell) in folded.iter_mut().zip(group) {
                *folded = fold(cell.wrapping_sub(left));
                left = *cell;
            }
            put_group(folded.iter().take(group.len()), out);
        }
    }
}

/// Puts what was packed in place of `cells`, which hold the picture before unless `alone`.
///
/// # Errors
/// The bytes are no such picture; the cells may hold a part of it.
pub fn take(from: &mut Reader<'_>, alone: bool, cols: usize, cells: &mut [u16]) -> Result<(), Damaged> {
    let mut above = 0_u16;
    for row in cells.chunks_mut(cols) {
        let mut left = above;
        for group in row.chunks_mut(GROUP) {
            let packed = Packed::of(from, group.len())?;
            if alone {
                packed.each(group, |cell, difference| {
                    left = left.wrapping_add(difference);
                    *cell = left;
                });
            } else {
                packed.each(group, |cell, difference| *cell = cell.wrapping_add(difference));
            }
        }
        above = row.first().copied().unwrap_or(0);
    }
    Ok(())
}

/// Skips a picture that follows another, but for one cell: by how much that one changed.
///
/// # Errors
/// The bytes are no such picture.
pub fn take_one(from: &mut Reader<'_>, cell: usize, cols: usize, n_cells: usize) -> Result<u16, Damaged> {
    let (mut at, mut found) = (0, 0);
    while at < n_cells {
        let len = GROUP.min(cols - at % cols);
        let packed = Packed::of(from, len)?;
        if (at..at + len).contains(&cell) {
            let mut differences = [0; GROUP];
            packed.each(&mut differences, |cell, difference| *cell = difference);
            found = differences.get(cell - at).copied().unwrap_or(0);
        }
        at += len;
    }
    Ok(found)
}

const fn fold(difference: u16) -> u16 {
    let signed = difference as i16;
    ((signed << 1) ^ (signed >> 15)) as u16
}

const fn unfold(folded: u16) -> u16 {
    (folded >> 1) ^ 0_u16.wrapping_sub(folded & 1)
}

fn put_group<'a>(folded: impl Iterator<Item = &'a u16> + Clone, out: &mut Vec<u8>) {
    let width = u16::BITS - folded.clone().fold(0, |all, folded| all | folded).leading_zeros();
    out.push(width as u8);
    let (mut bits, mut n) = (0_u64, 0);
    for folded in folded {
        bits |= u64::from(*folded) << n;
        n += width;
        if n >= 32 {
            out.extend_from_slice(&(bits as u32).to_le_bytes());
            (bits, n) = (bits >> 32, n - 32);
        }
    }
    out.extend(bits.to_le_bytes().iter().take(n.div_ceil(8) as usize));
}

/// A group as it lies in the bytes.
struct Packed<'a> {
    width: u32,
    bytes: &'a [u8],
}

impl<'a> Packed<'a> {
    fn of(from: &mut Reader<'a>, n: usize) -> Result<Self, Damaged> {
        let width = u32::from(from.byte()?);
        if width > u16::BITS {
            return Err(Damaged);
        }
        Ok(Self { width, bytes: from.bytes((n * width as usize).div_ceil(8))? })
    }

    /// Hands each cell and its difference to `put`.
    fn each(&self, cells: &mut [u16], mut put: impl FnMut(&mut u16, u16)) {
        let (words, rest) = self.bytes.as_chunks::<4>();
        let mut last = [0; 4];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        let mut words = words.iter().copied().chain([last]).map(u32::from_le_bytes);
        let (mut bits, mut n, mask) = (0_u64, 0, (1_u64 << self.width) - 1);
        for cell in cells {
            if n < self.width {
                bits |= u64::from(words.next().unwrap_or(0)) << n;
                n += 32;
            }
            put(cell, unfold((bits & mask) as u16));
            (bits, n) = (bits >> self.width, n.saturating_sub(self.width));
        }
    }
}
