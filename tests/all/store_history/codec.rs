//! Packing: everything comes back as it was, and no bytes at all bring a decoder down.

use hearthlight::store::history::cells::{self, Cell};
use hearthlight::store::history::codec::{self, MAX_POINTS, Sample};
use hearthlight::store::history::column::{fold_one, unfold_one};
use hearthlight::store::history::tail;
use hearthlight::store::history::varint::{Damaged, Reader, put, put_signed, unzigzag, zigzag};
use proptest::prelude::*;

fn unpacked(samples: &[Sample]) -> Vec<Sample> {
    let mut out = Vec::new();
    codec::decode(&codec::encode(samples), samples.len(), &mut out).expect("our own bytes");
    out
}

fn unpacked_cells(cells: &[Cell]) -> Vec<Cell> {
    let mut out = Vec::new();
    cells::decode(&cells::encode(cells), cells.len(), &mut out).expect("our own bytes");
    out
}

/// Values as sensors send them: decimals of up to three places, or floats of 32 bits.
fn values() -> impl Strategy<Value = Vec<f64>> {
    let decimal = (0..=3_i32, -4_000_000_000_000_i64..4_000_000_000_000);
    let decimal = decimal.prop_map(|(places, whole)| whole as f64 / 10_f64.powi(places));
    let small = (0..=3_i32, -5_000_i64..5_000).prop_map(|(places, whole)| whole as f64 / 10_f64.powi(places));
    let narrow =
        (0..=3_i32, -99_999_i64..99_999).prop_map(|(p, whole)| f64::from((whole as f64 / 10_f64.powi(p)) as f32));
    let float = any::<f32>().prop_filter("a number", |value| value.is_finite()).prop_map(f64::from);
    let up_to = 1..60_usize;
    prop_oneof![
        proptest::collection::vec(decimal, up_to.clone()),
        proptest::collection::vec(small.clone(), up_to.clone()),
        proptest::collection::vec(narrow.clone(), up_to.clone()),
        proptest::collection::vec(prop_oneof![small, narrow], up_to.clone()),
        proptest::collection::vec(float, up_to),
    ]
}

fn samples() -> impl Strategy<Value = Vec<Sample>> {
    values().prop_flat_map(|values| {
        let times = prop_oneof![
            proptest::collection::vec(1_770_000_000_000_i64..1_770_000_060_000, values.len()),
            proptest::collection::vec(any::<i64>(), values.len()),
        ];
        times.prop_map(move |times| {
            times.into_iter().zip(&values).map(|(at_ms, value)| Sample { at_ms, value: *value }).collect()
        })
    })
}

/// Whether values that fit no common form still came back as near as a float of 32 bits is.
fn near(came: f64, was: f64) -> bool {
    came == was || came == f64::from(was as f32)
}

proptest! {
    #[test]
    fn samples_come_back_as_they_were(samples in samples()) {
        let came = unpacked(&samples);
        prop_assert_eq!(came.len(), samples.len());
        for (came, was) in came.iter().zip(&samples) {
            prop_assert_eq!(came.at_ms, was.at_ms);
            prop_assert!(near(came.value, was.value), "{} was {}", came.value, was.value);
        }
    }

    #[test]
    fn values_of_one_kind_come_back_exactly(places in 0..=3_i32, wholes in proptest::collection::vec(any::<i32>(), 1..50), narrow: bool) {
        let wholes: Vec<f64> = wholes.into_iter().map(|whole| f64::from(whole) / 10_f64.powi(places)).collect();
        let value = |wide: f64| if narrow { f64::from(wide as f32) } else { wide };
        let samples: Vec<Sample> = wholes.into_iter().map(|wide| Sample { at_ms: 0, value: value(wide) }).collect();
        prop_assert_eq!(unpacked(&samples), samples);
    }

    #[test]
    fn floats_come_back_exactly(values in proptest::collection::vec(any::<f32>(), 1..50)) {
        let samples: Vec<Sample> = values.iter().map(|value| Sample { at_ms: 0, value: f64::from(*value) }).collect();
        for (came, was) in unpacked(&samples).iter().zip(&values) {
            prop_assert!(came.value == f64::from(*was) || (was.is_nan() && came.value.is_nan()));
        }
    }

    #[test]
    fn every_truncation_is_damage_and_leaves_nothing(samples in samples()) {
        let bytes = codec::encode(&samples);
        for end in 0..bytes.len() {
            let mut out = vec![Sample::default()];
            prop_assert_eq!(codec::decode(&bytes[..end], samples.len(), &mut out), Err(Damaged));
            prop_assert_eq!(out.len(), 1);
        }
        for n in [0, samples.len() - 1, samples.len() + 1, MAX_POINTS + 1, usize::MAX] {
            prop_assert_eq!(codec::decode(&bytes, n, &mut Vec::new()), Err(Damaged));
        }
    }

    #[test]
    fn any_bytes_give_the_stated_number_or_damage(kind in 0..4_u8, bytes in proptest::collection::vec(any::<u8>(), 0..300), n in 0..400_usize) {
        let bytes = [vec![kind], bytes].concat();
        let (mut samples, mut cells) = (Vec::new(), Vec::new());
        let read = codec::decode(&bytes, n, &mut samples);
        prop_assert_eq!(samples.len(), if read.is_ok() { n } else { 0 });
        let read = cells::decode(&bytes, n, &mut cells);
        prop_assert_eq!(cells.len(), if read.is_ok() { n } else { 0 });
        let mut rows = 0;
        let _ = tail::read(&bytes, |_, _, _| rows += 1);
        prop_assert!(rows <= bytes.len() / 3);
    }

    #[test]
    fn cells_come_back_as_they_were_and_damaged_ones_do_not(samples in samples()) {
        let cells = cells::fold(&samples, 1000);
        prop_assert!(cells.is_sorted_by(|a, b| a.at_ms < b.at_ms));
        prop_assert_eq!(cells.iter().map(|cell| cell.n as usize).sum::<usize>(), samples.len());
        for (came, was) in unpacked_cells(&cells).iter().zip(&cells) {
            prop_assert_eq!((came.at_ms, came.n), (was.at_ms, was.n));
            prop_assert!(near(came.min, was.min) && near(came.mean, was.mean) && near(came.max, was.max));
        }
        let bytes = cells::encode(&cells);
        for end in 0..bytes.len() {
            prop_assert_eq!(cells::decode(&bytes[..end], cells.len(), &mut Vec::new()), Err(Damaged));
        }
    }

    #[test]
    fn rows_of_the_tail_come_back_and_truncated_ones_as_far_as_they_go(samples in samples(), minute: i32) {
        let mut row = tail::Row::default();
        let channel = |n: usize| (n as u32).wrapping_mul(0x0101_0101);
        for (n, sample) in samples.iter().enumerate() {
            row.push(i64::from(minute), channel(n), *sample);
        }
        for end in 0..=row.bytes().len() {
            let mut n = 0;
            let read = tail::read(&row.bytes()[..end], |of, id, came| {
                assert_eq!((of, id, came.at_ms), (i64::from(minute), channel(n), samples[n].at_ms));
                assert!(near(came.value, samples[n].value));
                n += 1;
            });
            prop_assert!(n == samples.len() || end < row.bytes().len());
            prop_assert!(read.is_ok() || end < row.bytes().len());
        }
        let (mut draft, mut came) = (tail::Draft::default(), Vec::new());
        samples.iter().for_each(|sample| draft.push(*sample));
        draft.read(&mut came);
        prop_assert_eq!(came.len(), samples.len());
    }

    #[test]
    fn one_value_comes_back_and_any_number_is_some_value(values in values(), number: u64) {
        for value in values {
            prop_assert_eq!(unfold_one(fold_one(value)), value);
        }
        let _ = unfold_one(number);
    }

    #[test]
    fn numbers_come_back(number: u64, signed: i64, bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
        let mut out = Vec::new();
        put(&mut out, number);
        put_signed(&mut out, signed);
        let mut from = Reader::new(&out);
        prop_assert_eq!((from.number(), from.signed(), from.is_done()), (Ok(number), Ok(signed), true));
        prop_assert_eq!(unzigzag(zigzag(signed)), signed);
        let _ = Reader::new(&bytes).number();
    }

    #[test]
    fn cells_merge_to_the_same_in_any_order(samples in samples(), cut in 0..60_usize) {
        let (first, second) = samples.split_at(cut.min(samples.len()));
        let mut merged = [cells::fold(second, 1000), cells::fold(first, 1000)].concat();
        cells::settle(&mut merged);
        let whole = cells::fold(&samples, 1000);
        prop_assert_eq!(merged.len(), whole.len());
        for (a, b) in merged.iter().zip(&whole) {
            prop_assert_eq!((a.at_ms, a.n, a.min, a.max), (b.at_ms, b.n, b.min, b.max));
            let scale = b.min.abs().max(b.max.abs()).max(1e-30);
            prop_assert!((a.mean - b.mean).abs() <= 1e-9 * scale, "{} {}", a.mean, b.mean);
        }
    }
}

#[test]
fn a_minute_of_a_usual_channel_takes_little_more_than_two_bytes_a_reading() {
    let value = |n: i64| (269 + n % 7) as f64;
    let samples: Vec<Sample> =
        (0..240).map(|n| Sample { at_ms: 1_770_000_000_000 + 250 * n + n % 3, value: value(n) }).collect();
    assert!(codec::encode(&samples).len() < 240 * 2 + 20);
    let hot: Vec<Sample> =
        samples.iter().map(|s| Sample { value: f64::from((s.value * 0.0873) as f32), ..*s }).collect();
    assert!(codec::encode(&hot).len() < 240 * 5);
}

#[test]
fn a_number_of_more_than_64_bits_is_damage() {
    assert_eq!(Reader::new(&[0xff; 9]).number(), Err(Damaged), "it does not end");
    assert_eq!(Reader::new(&[[0xff; 9].as_slice(), &[2]].concat()).number(), Err(Damaged));
    assert_eq!(Reader::new(&[[0xff; 9].as_slice(), &[1]].concat()).number(), Ok(u64::MAX));
}
