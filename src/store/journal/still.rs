//! A picture in its column: columns and rows, then hundredths of a degree, each 16 bits, little-endian.

use crate::model::alarms::journal::Still;

pub(super) fn encode(still: &Still) -> Vec<u8> {
    let head = [still.columns.to_le_bytes(), still.rows.to_le_bytes()];
    head.into_iter().chain(still.centi.iter().map(|centi| centi.to_le_bytes())).flatten().collect()
}

/// The picture, or nothing if its size is not what its head says.
pub(super) fn decode(bytes: &[u8]) -> Option<Still> {
    let (&[a, b, c, d], rest) = bytes.split_first_chunk()?;
    let (columns, rows) = (u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]));
    let (cells, odd) = rest.as_chunks();
    let whole = odd.is_empty() && cells.len() == usize::from(columns) * usize::from(rows);
    whole.then(|| Still { columns, rows, centi: cells.iter().map(|cell| i16::from_le_bytes(*cell)).collect() })
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use crate::model::alarms::journal::Still;

    #[test]
    fn a_picture_comes_back_and_a_part_of_it_does_not() {
        let still = Still { columns: 3, rows: 2, centi: vec![i16::MIN, -4000, 0, 2137, 8500, i16::MAX] };
        let bytes = encode(&still);
        assert_eq!(decode(&bytes), Some(still));
        assert!((0..bytes.len()).all(|n| decode(&bytes[..n]).is_none()));
        assert_eq!(decode(&[bytes, vec![0, 0]].concat()), None);
    }
}
