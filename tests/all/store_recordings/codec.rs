//! Blocks: any pictures come back, any damage is told from them, and the format is the one of the files that are there.

use std::sync::Arc;

use hearthlight::model::thermal::{PixelMeaning, ThermalFrame};
use hearthlight::store::recordings::block::Block;
use hearthlight::store::recordings::builder::Builder;
use hearthlight::store::recordings::checksum::checksum;
use hearthlight::store::recordings::header::checked;
use hearthlight::store::recordings::segment::{self, Table};
use hearthlight::units::grid::Size;
use proptest::prelude::*;

use super::{NOON, frame, id, time};

/// Half of what is kept, and what `f32` can tell at 655 K.
const NEAR: f32 = 0.005 + 0.0001;

fn packed(frames: &[Arc<ThermalFrame>]) -> Vec<u8> {
    let mut builder = Builder::default();
    for frame in frames {
        assert!(builder.takes(frame.size, frame.wall.as_microsecond()));
        builder.add(frame, frame.wall.as_microsecond());
    }
    builder.bytes()
}

fn check_same(found: &ThermalFrame, wanted: &ThermalFrame) -> Result<(), TestCaseError> {
    prop_assert_eq!((found.sequence, found.wall, found.size), (wanted.sequence, wanted.wall, wanted.size));
    prop_assert_eq!((found.calibrated, found.meaning), (wanted.calibrated, wanted.meaning));
    prop_assert_eq!(found.emissivity, wanted.emissivity);
    prop_assert_eq!(
        (found.ambient.is_some(), found.supply.is_some()),
        (wanted.ambient.is_some(), wanted.supply.is_some())
    );
    for (found, wanted) in found.ambient.iter().zip(&wanted.ambient) {
        prop_assert!((found - wanted).abs() < NEAR);
    }
    for (found, wanted) in found.supply.iter().zip(&wanted.supply) {
        prop_assert!((found - wanted).abs() < 0.001);
    }
    prop_assert_eq!(found.n_broken(), wanted.n_broken());
    for (found, wanted) in found.cells().zip(wanted.cells()) {
        match (found, wanted) {
            (Some(found), Some(wanted)) => prop_assert!((found - wanted).abs() <= NEAR, "{found} is not {wanted}"),
            (found, wanted) => prop_assert_eq!(found, wanted),
        }
    }
    let mut measured = found.clone();
    measured.measure();
    prop_assert_eq!(found.extremes, measured.extremes);
    Ok(())
}

fn meaning() -> impl Strategy<Value = PixelMeaning> {
    prop_oneof![
        Just(PixelMeaning::Mlx90640Raw),
        Just(PixelMeaning::CentiKelvin),
        Just(PixelMeaning::QuarterCelsius),
        (-10.0..10.0_f32, -300.0..300.0_f32).prop_map(|(scale, offset)| PixelMeaning::Custom { scale, offset }),
    ]
}

prop_compose! {
    fn any_frame(size: Size)(
        cells in prop_oneof![
            prop::collection::vec(-100.0..555.35_f32, size.cells()),
            prop::collection::vec(20.0..24.0_f32, size.cells()),
            Just(vec![23.0; size.cells()]),
        ],
        broken in prop_oneof![
            Just(Vec::new()),
            Just((0..size.cells()).collect()),
            prop::collection::vec(0..size.cells(), 0..5),
        ],
        (sequence, calibrated) in any::<(u64, bool)>(),
        ambient in prop::option::of(-40.0..125.0_f32),
        supply in prop::option::of(2.5..4.0_f32),
        meaning in meaning(),
        emissivity in prop_oneof![Just(0.95_f32), 0.05..1.0_f32],
    ) -> ThermalFrame {
        let mut frame = ThermalFrame::blank();
        frame.begin(size).copy_from_slice(&cells);
        broken.into_iter().for_each(|cell: usize| frame.set_broken(cell));
        frame.measure();
        (frame.sequence, frame.calibrated, frame.ambient, frame.supply) = (sequence, calibrated, ambient, supply);
        (frame.meaning, frame.emissivity) = (meaning, emissivity);
        frame
    }
}

fn any_frames() -> impl Strategy<Value = Vec<Arc<ThermalFrame>>> {
    let sizes = prop_oneof![Just((32, 24)), Just((1, 1)), (1..70_u16, 1..6_u16)];
    let frames = sizes.prop_flat_map(|(cols, rows)| {
        let size = Size::new(cols, rows).expect("a size");
        prop::collection::vec((any_frame(size), 0..8000_i64), 1..12)
    });
    (frames, -NOON..NOON).prop_map(|(frames, start)| {
        let mut us = start;
        let timed = frames.into_iter().map(|(mut frame, gap)| {
            us += gap;
            frame.wall = time(us);
            Arc::new(frame)
        });
        timed.collect()
    })
}

proptest! {
    #[test]
    fn any_pictures_come_back_in_any_order(frames in any_frames(), order in prop::collection::vec(any::<prop::sample::Index>(), 1..12)) {
        let mut block = Block::open(packed(&frames)).expect("whole");
        for n in (0..frames.len()).chain(order.iter().map(|n| n.index(frames.len()))) {
            check_same(&block.frame(n).expect("there"), &frames[n])?;
        }
        prop_assert!(block.frame(frames.len()).is_err());
    }

    #[test]
    fn a_single_cell_shows_what_it_shows_in_whole_pictures(frames in any_frames(), cell in 0..800_usize) {
        let mut block = Block::open(packed(&frames)).expect("whole");
        let whole: Vec<_> = (0..frames.len())
            .filter_map(|n| {
                let frame = block.frame(n).expect("there");
                Some((frame.wall.as_microsecond(), frame.get(cell)?))
            })
            .collect();
        let mut single = Vec::new();
        block.each_of(cell, |us, celsius| single.push((us, celsius)));
        prop_assert_eq!(single, whole);
    }

    #[test]
    fn damage_is_never_a_picture(frames in any_frames(), at in any::<prop::sample::Index>(), change in 1..=255_u8) {
        let mut bytes = packed(&frames);
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        prop_assert!(Block::open(bytes).is_err());
    }

    #[test]
    fn no_bytes_with_a_right_checksum_panic(frames in any_frames(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = packed(&frames);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            if !(12..16).contains(&at) {
                bytes[at] = value;
            }
        }
        let sum = checksum(&[&bytes[..12], &bytes[16..]]);
        bytes[12..16].copy_from_slice(&sum.to_le_bytes());
        if let Ok(mut block) = Block::open(bytes) {
            block.each_of(3, |_, _| {});
            for n in 0..block.heads().len() {
                drop(block.frame(n));
            }
        }
    }

    #[test]
    fn a_file_cut_off_anywhere_has_the_blocks_before(gaps in prop::collection::vec(0..2_000_000_i64, 1..6), cut in any::<prop::sample::Index>()) {
        let (mut file, mut ends, mut us) = (Vec::new(), Vec::new(), NOON);
        for gap in gaps {
            us += gap;
            file.extend(packed(&[frame(1, us, 20.0), frame(2, us + 1000, 21.0)]));
            us += 1000;
            ends.push((file.len(), us));
        }
        let cut = cut.index(file.len() + 1);
        let table = Table::searched(&file[..cut], NOON);
        let whole: Vec<_> = ends.iter().filter(|(end, _)| *end <= cut).collect();
        prop_assert_eq!(table.last_us(), whole.last().map(|(_, us)| *us));
        prop_assert_eq!(table.begun_at(i64::MAX), whole.len());
    }

    #[test]
    fn damage_in_a_file_costs_the_blocks_it_is_in(at in any::<prop::sample::Index>(), len in 1..300_usize) {
        let block = |n: i64| packed(&[frame(1, NOON + n * 1_000_000, n as f32)]);
        let mut file: Vec<u8> = (0..10).flat_map(block).collect();
        let one = block(0).len();
        let at = at.index(file.len());
        let end = (at + len).min(file.len());
        file[at..end].iter_mut().for_each(|byte| *byte = !*byte);
        let hit = (at / one..=(end - 1) / one).count();
        prop_assert_eq!(Table::searched(&file, NOON).begun_at(i64::MAX), 10 - hit);
    }

    #[test]
    fn any_start_is_a_name(us in -60_000_000_000_000_000..200_000_000_000_000_000_i64) {
        prop_assert_eq!(segment::start_us(&segment::name(us)), Some(us));
    }
}

#[test]
fn temperatures_beyond_the_range_are_kept_as_its_ends() {
    let mut odd = ThermalFrame::blank();
    odd.begin(Size::new(4, 1).expect("a size")).copy_from_slice(&[-273.15, -100.0, 555.35, 1200.0]);
    let found = Block::open(packed(&[Arc::new(odd)])).expect("whole").frame(0).expect("there");
    let found: Vec<_> = found.cells().map(|cell| (cell.expect("a value") * 100.0).round()).collect();
    assert_eq!(found, [-10_000.0, -10_000.0, 55_535.0, 55_535.0]);
}

#[test]
fn the_checksum_is_crc_32c() {
    // RFC 3720, appendix B.4.
    assert_eq!(checksum(&[&[0; 32]]), 0x8A91_36AA);
    assert_eq!(checksum(&[&[0xff; 32]]), 0x62A8_AB43);
    assert_eq!(checksum(&[&(0..32).collect::<Vec<u8>>()]), 0x46DD_794E);
    assert_eq!(checksum(&[b"1234", b"", b"56789"]), 0xE306_9283);
}

#[test]
fn the_format_is_that_of_files_already_written() {
    let mut one = ThermalFrame::clone(&frame(7, NOON, 20.0));
    one.set_broken(2);
    one.ambient = Some(31.25);
    let bytes = packed(&[Arc::new(one), frame(8, NOON + 125_000, 20.5)]);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, include_str!("../fixtures/store/block-v1.hex").trim());
    assert_eq!(checked(&bytes).expect("whole").0.count, 2);
}

#[test]
fn names_are_times_and_folders_are_devices() {
    assert_eq!(segment::name(NOON + 5), "20260301T120000.000005Z.heat");
    for odd in ["", ".heat", "20260301T120000.heat", "20260301T120000Z", "20261301T120000Z.heat", "notes.txt"] {
        assert_eq!(segment::start_us(odd), None, "{odd}");
    }
    for name in ["hall", "aux", "com1", "com12", "nul"] {
        let folder = segment::folder("/r".as_ref(), &id(name));
        let folder = folder.file_name().and_then(|folder| folder.to_str()).expect("a name");
        assert_eq!(segment::device(folder), Some(id(name)));
        assert_eq!(folder != name, ["aux", "com1", "nul"].contains(&name));
    }
    assert_eq!(segment::device("Not Ours"), None);
}
