//! Rows of what was learned: one packed body a device.
//!
//! ```text
//!  1: u8 │ n: u16 │ n times: key (u16, bytes) median mad: f32 learning: u8 samples (u16, f32 each)
//!  has picture: u8 │ columns rows: u16 │ mean variance: f32 a cell │ seconds: f32 │ learning: u8 │ FNV-1a of all: u64
//! ```
//! Numbers are little-endian; a floating-point number comes back bit by bit as it was.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, params};

use crate::model::learned::{Baseline, Learned, Rest};
use crate::model::sensors::DeviceId;
use crate::store::records::Kept;
use crate::store::rows::checksum;
use crate::units::grid::Size;

/// The first byte of a body; another one is not known here.
const FORMAT: u8 = 1;

pub(crate) fn write(device: &DeviceId, learned: &Learned, to: &Connection) -> rusqlite::Result<u64> {
    let body = encode(learned);
    to.prepare_cached("INSERT OR REPLACE INTO learned VALUES (?1, ?2)")?.execute(params![device.as_str(), body])?;
    Ok((device.as_str().len() + body.len()) as u64)
}

/// What was learned, by device.
pub(crate) fn learned(from: &Connection) -> rusqlite::Result<Kept<(DeviceId, Learned)>> {
    let mut kept = Kept { records: Vec::new(), damaged: Vec::new() };
    let mut statement = from.prepare("SELECT device, body FROM learned ORDER BY device")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let device: String = row.get(0)?;
        match decode(row.get_ref(1)?.as_blob()?) {
            Some(learned) => kept.records.push((DeviceId(device.into()), learned)),
            None => kept.damaged.push(format!("What was learned of {device} is damaged; it is learned anew.")),
        }
    }
    Ok(kept)
}

fn encode(learned: &Learned) -> Vec<u8> {
    let mut out = vec![FORMAT];
    let fits = |(key, rest): &(&Arc<str>, &Rest)| key.len().max(rest.samples.len()) <= usize::from(u16::MAX);
    let rests: Vec<_> = learned.rests.iter().filter(fits).take(usize::from(u16::MAX)).collect();
    out.extend((rests.len() as u16).to_le_bytes());
    for (key, rest) in rests {
        out.extend((key.len() as u16).to_le_bytes());
        out.extend(key.as_bytes());
        put_floats(&mut out, &[rest.median, rest.mad]);
        out.push(rest.learning.into());
        out.extend((rest.samples.len() as u16).to_le_bytes());
        put_floats(&mut out, &rest.samples);
    }
    let whole = |picture: &&Arc<Baseline>| {
        let cells = picture.size.cells();
        picture.mean.len() == cells && picture.variance.len() == cells
    };
    let picture = learned.baseline.as_ref().filter(whole);
    out.push(picture.is_some().into());
    if let Some(Baseline { size, mean, variance, seconds, learning }) = picture.map(|picture| &**picture) {
        out.extend((size.cols() as u16).to_le_bytes());
        out.extend((size.rows() as u16).to_le_bytes());
        put_floats(&mut out, mean);
        put_floats(&mut out, variance);
        put_floats(&mut out, &[*seconds]);
        out.push((*learning).into());
    }
    out.extend(checksum(&out).to_le_bytes());
    out
}

fn put_floats(out: &mut Vec<u8>, values: &[f32]) {
    out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

fn decode(bytes: &[u8]) -> Option<Learned> {
    let (body, sum) = bytes.split_last_chunk::<8>()?;
    if checksum(body) != u64::from_le_bytes(*sum) {
        return None;
    }
    let mut from = Reader(body);
    if from.byte()? != FORMAT {
        return None;
    }
    let mut rests = BTreeMap::new();
    for _ in 0..from.short()? {
        let n = from.short()?;
        let key = std::str::from_utf8(from.take(n.into())?).ok()?.into();
        let (median, mad, learning) = (from.float()?, from.float()?, from.byte()? != 0);
        let n = from.short()?;
        rests.insert(key, Rest { median, mad, learning, samples: from.floats(n.into())? });
    }
    let baseline = if from.byte()? == 0 { None } else { Some(Arc::new(picture(&mut from)?)) };
    from.0.is_empty().then_some(Learned { rests, baseline })
}

fn picture(from: &mut Reader<'_>) -> Option<Baseline> {
    let size = Size::new(from.short()?, from.short()?)?;
    let (mean, variance) = (from.floats(size.cells())?, from.floats(size.cells())?);
    Some(Baseline { size, mean, variance, seconds: from.float()?, learning: from.byte()? != 0 })
}

/// What is left of a body.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    fn chunk<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.chunk().map(|[byte]| byte)
    }

    fn short(&mut self) -> Option<u16> {
        self.chunk().map(u16::from_le_bytes)
    }

    fn float(&mut self) -> Option<f32> {
        self.chunk().map(f32::from_le_bytes)
    }

    fn floats(&mut self, n: usize) -> Option<Vec<f32>> {
        let bytes = self.take(n * 4)?;
        Some(bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{decode, encode};
    use crate::model::learned::{Baseline, Learned, Rest};
    use crate::units::grid::Size;

    fn some() -> Learned {
        let rest = Rest { median: 12.5, mad: 0.25, learning: false, samples: vec![12.0, 12.5, 13.0] };
        let size = Size::new(2, 3).expect("a size");
        let baseline = Baseline { size, mean: vec![21.5; 6], variance: vec![0.1; 6], seconds: 300.0, learning: true };
        Learned { rests: [("ADC1".into(), rest)].into(), baseline: Some(Arc::new(baseline)) }
    }

    #[test]
    fn what_was_learned_comes_back() {
        for learned in [some(), Learned { baseline: None, ..some() }, Learned::default()] {
            assert_eq!(decode(&encode(&learned)), Some(learned));
        }
    }

    #[test]
    fn no_truncation_and_no_flipped_bit_is_taken() {
        let body = encode(&some());
        for n in 0..body.len() {
            assert_eq!(decode(&body[..n]), None);
            let mut flipped = body.clone();
            flipped[n] ^= 1;
            assert_eq!(decode(&flipped), None);
        }
    }
}
