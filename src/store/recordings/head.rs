//! What is kept of a picture besides its cells.
//!
//! ```text
//!  | flags | sequence - that before | us - that before | ambient, 0.01 K | supply, mV | meaning, emissivity | runs |
//!    1 byte  signed                   signed             signed            signed       1 (+ 8) + 4 bytes     n, n lengths
//! ```
//!
//! Numbers without a size are those of [`varint`](crate::store::history::varint). Flags: 1 cells do not follow those
//! of the picture before, 2 calibrated, 4 ambient follows, 8 supply follows, 16 meaning and emissivity follow (else as
//! before), 32 some cells are broken, 64 which ones follows (else as before): lengths of runs of cells, good ones first,
//! then broken ones, and so on in turn.

use std::sync::Arc;

use crate::model::thermal::{PixelMeaning, ThermalFrame};
use crate::store::history::varint::{Damaged, Reader, put, put_signed};

const ALONE: u8 = 1;
const CALIBRATED: u8 = 2;
const AMBIENT: u8 = 4;
const SUPPLY: u8 = 8;
const FACTS: u8 = 16;
const BROKEN: u8 = 32;
const RUNS: u8 = 64;

/// What is kept of a picture besides its cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// When, us since 1970.
    pub us: i64,
    /// [`ThermalFrame::sequence`].
    pub sequence: u64,
    /// Whether its cells do not follow those of the picture before.
    pub alone: bool,
    /// [`ThermalFrame::calibrated`].
    pub calibrated: bool,
    /// Chip temperature, 0.01 C.
    pub ambient: Option<i64>,
    /// Supply, mV.
    pub supply: Option<i64>,
    /// What the numbers on the wire meant.
    pub meaning: PixelMeaning,
    /// Emissivity used.
    pub emissivity: f32,
    /// Lengths of runs of cells: good ones, broken ones, and so on in turn; empty if none is broken.
    pub runs: Arc<[u32]>,
}

impl Head {
    /// That of the picture before the first.
    #[must_use]
    pub fn none() -> Self {
        Self {
            us: 0,
            sequence: 0,
            alone: true,
            calibrated: true,
            ambient: None,
            supply: None,
            meaning: PixelMeaning::Mlx90640Raw,
            emissivity: 1.0,
            runs: Arc::from([]),
        }
    }

    /// That of a picture which counts as taken at `us`. `before` lends its runs if they are the same.
    #[must_use]
    pub fn of(frame: &ThermalFrame, us: i64, alone: bool, before: &Self, scratch: &mut Vec<u32>) -> Self {
        scratch.clear();
        if frame.n_broken() > 0 {
            runs(frame, scratch);
        }
        let same = **scratch == *before.runs;
        let scaled = |value: Option<f32>, by: f32| {
            value.map(|value| value * by).filter(|value| value.is_finite()).map(|value| value.round() as i64)
        };
        Self {
            us,
            sequence: frame.sequence,
            alone,
            calibrated: frame.calibrated,
            ambient: scaled(frame.ambient, 100.0),
            supply: scaled(frame.supply, 1000.0),
            meaning: frame.meaning,
            emissivity: frame.emissivity,
            runs: if same { Arc::clone(&before.runs) } else { scratch.as_slice().into() },
        }
    }

    /// Whether no cell has a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.len() == 2 && self.runs.first() == Some(&0)
    }

    /// Whether a cell has a value.
    #[must_use]
    pub fn has(&self, cell: usize) -> bool {
        let mut end = 0;
        let run = self.runs.iter().position(|run| {
            end += *run as usize;
            cell < end
        });
        run.is_none_or(|run| run % 2 == 0)
    }

    /// Appends it; `before` is that of the picture before.
    pub fn put(&self, before: &Self, out: &mut Vec<u8>) {
        let facts = (self.meaning, self.emissivity.to_bits()) != (before.meaning, before.emissivity.to_bits());
        let (broken, new_runs) = (!self.runs.is_empty(), self.runs != before.runs);
        let flags = [
            (self.alone, ALONE),
            (self.calibrated, CALIBRATED),
            (self.ambient.is_some(), AMBIENT),
            (self.supply.is_some(), SUPPLY),
            (facts, FACTS),
            (broken, BROKEN),
            (broken && new_runs, RUNS),
        ];
        out.push(flags.iter().filter(|(is, _)| *is).fold(0, |all, (_, flag)| all | flag));
        put_signed(out, self.sequence.wrapping_sub(before.sequence) as i64);
        put_signed(out, self.us.wrapping_sub(before.us));
        self.ambient.into_iter().chain(self.supply).for_each(|number| put_signed(out, number));
        if facts {
            put_meaning(self.meaning, out);
            out.extend_from_slice(&self.emissivity.to_le_bytes());
        }
        if broken && new_runs {
            put(out, self.runs.len() as u64);
            self.runs.iter().for_each(|run| put(out, u64::from(*run)));
        }
    }

    /// Reads the one behind `before`, of a picture of `n_cells`.
    ///
    /// # Errors
    /// The bytes are no head.
    pub fn take(from: &mut Reader<'_>, before: &Self, n_cells: usize) -> Result<Self, Damaged> {
        let flags = from.byte()?;
        let is = |flag| flags & flag != 0;
        let mut head = before.clone();
        (head.alone, head.calibrated) = (is(ALONE), is(CALIBRATED));
        head.sequence = before.sequence.wrapping_add(from.signed()? as u64);
        head.us = before.us.wrapping_add(from.signed()?);
        head.ambient = if is(AMBIENT) { Some(from.signed()?) } else { None };
        head.supply = if is(SUPPLY) { Some(from.signed()?) } else { None };
        if is(FACTS) {
            head.meaning = take_meaning(from)?;
            head.emissivity = take_f32(from)?;
        }
        match (is(BROKEN), is(RUNS)) {
            (false, _) => head.runs = Arc::from([]),
            (true, true) => head.runs = take_runs(from, n_cells)?,
            (true, false) if head.runs.is_empty() => return Err(Damaged),
            (true, false) => {}
        }
        Ok(head)
    }
}

/// Lengths of runs of good and broken cells in turn, good ones first.
fn runs(frame: &ThermalFrame, out: &mut Vec<u32>) {
    let (mut broken, mut len) = (false, 0);
    for cell in frame.cells() {
        if cell.is_none() != broken {
            out.push(len);
            (broken, len) = (!broken, 0);
        }
        len += 1;
    }
    out.push(len);
}

fn take_runs(from: &mut Reader<'_>, n_cells: usize) -> Result<Arc<[u32]>, Damaged> {
    let n = usize::try_from(from.number()?).map_err(|_| Damaged)?;
    // A run takes a byte at least.
    if n > from.left() {
        return Err(Damaged);
    }
    let runs = (0..n).map(|_| from.number().and_then(|run| u32::try_from(run).map_err(|_| Damaged)));
    let runs: Vec<u32> = runs.collect::<Result<_, _>>()?;
    let sum: u64 = runs.iter().map(|run| u64::from(*run)).sum();
    if sum == n_cells as u64 && n >= 2 { Ok(runs.into()) } else { Err(Damaged) }
}

fn put_meaning(meaning: PixelMeaning, out: &mut Vec<u8>) {
    out.push(match meaning {
        PixelMeaning::Mlx90640Raw => 0,
        PixelMeaning::CentiOffset27 => 1,
        PixelMeaning::CentiKelvin => 2,
        PixelMeaning::DeciKelvin => 3,
        PixelMeaning::DeciCelsius => 4,
        PixelMeaning::QuarterCelsius => 5,
        PixelMeaning::Custom { .. } => 6,
    });
    if let PixelMeaning::Custom { scale, offset } = meaning {
        out.extend_from_slice(&scale.to_le_bytes());
        out.extend_from_slice(&offset.to_le_bytes());
    }
}

fn take_meaning(from: &mut Reader<'_>) -> Result<PixelMeaning, Damaged> {
    Ok(match from.byte()? {
        0 => PixelMeaning::Mlx90640Raw,
        1 => PixelMeaning::CentiOffset27,
        2 => PixelMeaning::CentiKelvin,
        3 => PixelMeaning::DeciKelvin,
        4 => PixelMeaning::DeciCelsius,
        5 => PixelMeaning::QuarterCelsius,
        6 => PixelMeaning::Custom { scale: take_f32(from)?, offset: take_f32(from)? },
        _ => return Err(Damaged),
    })
}

fn take_f32(from: &mut Reader<'_>) -> Result<f32, Damaged> {
    let (bytes, _) = from.bytes(4)?.split_first_chunk::<4>().ok_or(Damaged)?;
    Ok(f32::from_le_bytes(*bytes))
}
