//! True temperatures: the recorded device against the answers computed in double precision beside the recording.

use hearthlight::heat::mlx90640::{Calibration, CalibrationError, EEPROM_WORDS, FRAME_WORDS, looks_like};
use hearthlight::heat::plausible::Implausible;
use hearthlight::heat::recorded::recorded_eeprom;
use hearthlight::model::thermal::{Optics, PixelMeaning, ThermalFrame};
use hearthlight::units::grid::Size;
use proptest::prelude::*;

use super::calibration;

pub(super) const CAPTURE_A: &[u8] = include_bytes!("../fixtures/thermal/capture-a-quiet.rx.bin");
const EXPECTED_A: &str = include_str!("../fixtures/thermal/capture-a-quiet.expected.csv");
pub(super) const CAPTURE_B: &[u8] = include_bytes!("../fixtures/thermal/capture-b-commands.rx.bin");
const EXPECTED_B: &str = include_str!("../fixtures/thermal/capture-b-commands.expected.csv");

/// Payloads of all `#frame` packets of a capture, damaged ones too.
pub(super) fn frames(capture: &[u8]) -> Vec<&[u8]> {
    let lines = capture.split(|&byte| byte == b'\n').filter(|line| line.starts_with(b"#frame1234:"));
    lines.map(|line| line["#frame1234:".len()..].trim_ascii_end()).map(|p| p.strip_suffix(b"!").unwrap_or(p)).collect()
}

pub(super) fn words(hex: &[u8]) -> Vec<u16> {
    let word = |digits: &[u8; 4]| u16::from_str_radix(std::str::from_utf8(digits).expect("text"), 16).expect("hex");
    hex.as_chunks::<4>().0.iter().map(word).collect()
}

fn first_frame() -> Vec<u16> {
    words(frames(CAPTURE_A)[0])
}

fn temperatures(words: &[u16], optics: Optics) -> Result<ThermalFrame, Implausible> {
    let mut frame = ThermalFrame::blank();
    calibration().temperatures(words, optics, &mut frame).map(|()| frame)
}

/// A frame at chip 32.078 C and 3.278 V in which every pixel has this count.
fn uniform(count: i16) -> Vec<u16> {
    let mut words = first_frame();
    words[..768].fill(count as u16);
    words
}

fn check_capture(capture: &[u8], expected: &str) {
    let frames = frames(capture);
    let rows: Vec<Vec<f32>> = expected
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
        .map(|line| line.split(',').map(|number| number.parse().expect("a number")).collect())
        .collect();
    assert_eq!(rows.len(), 6);
    for row in rows {
        let [index, vdd, ta, min, mean, max] = row[..6] else { panic!("six numbers first") };
        let mut frame = temperatures(&words(frames[index as usize]), Optics::default()).expect("a good frame");
        frame.measure();
        assert!((frame.supply.expect("supply") - vdd).abs() <= 0.000_06, "frame {index}");
        assert!((frame.ambient.expect("ambient") - ta).abs() <= 0.000_6, "frame {index}");
        assert_eq!(row.len(), 6 + 768);
        for (cell, want) in row[6..].iter().enumerate() {
            let got = frame.get(cell).expect("no pixel is broken");
            assert!((got - want).abs() <= 0.01, "frame {index} cell {cell}: {got}, not {want}");
        }
        let e = frame.extremes.expect("extremes");
        for (got, want) in [(e.min, min), (e.mean, mean), (e.max, max)] {
            assert!((got - want).abs() <= 0.01, "frame {index}: {got}, not {want}");
        }
    }
}

#[test]
fn the_quiet_capture_has_its_true_temperatures() {
    assert_eq!(frames(CAPTURE_A).len(), 40);
    check_capture(CAPTURE_A, EXPECTED_A);
}

#[test]
fn the_capture_with_commands_has_its_true_temperatures() {
    assert_eq!(frames(CAPTURE_B).len(), 16);
    check_capture(CAPTURE_B, EXPECTED_B);
}

#[test]
fn the_first_recorded_pixels_are_as_worked_by_hand() {
    let frame = temperatures(&first_frame(), Optics::default()).expect("a good frame");
    for (cell, want) in [26.20, 26.40, 26.57, 26.47, 25.99, 26.30].into_iter().enumerate() {
        assert!((frame.get(cell).expect("valid") - want).abs() <= 0.01);
    }
    assert_eq!((frame.size, frame.meaning, frame.calibrated), (Size::MLX90640, PixelMeaning::Mlx90640Raw, true));
    assert_eq!(frame.emissivity, 0.95);
    assert!((frame.supply.expect("supply") - 3.277_96).abs() < 1e-5);
    assert!((frame.ambient.expect("ambient") - 32.078).abs() < 1e-3);
    assert_eq!(frame.extremes, None, "measuring is the caller's");
}

#[test]
fn the_check_pixel_is_as_worked_by_hand() {
    let words = first_frame();
    assert_eq!(words[12 * 32 + 16], 0xFF86);
    for (emissivity, want) in [(0.95, 27.266), (1.0, 27.109)] {
        let frame = temperatures(&words, Optics { emissivity, reflected: None }).expect("a good frame");
        assert!((frame.get(12 * 32 + 16).expect("valid") - want).abs() < 0.001);
    }
}

#[test]
fn counts_mean_the_temperatures_of_the_whole_range() {
    let table: [(i16, i16, f32); 10] = [
        (-424, -201, 0.0),
        (-211, -112, 20.0),
        (-88, -60, 30.0),
        (48, -4, 40.0),
        (359, 127, 60.0),
        (729, 282, 80.0),
        (1165, 464, 100.0),
        (2501, 1023, 150.0),
        (4283, 1769, 200.0),
        (9085, 3779, 300.0),
    ];
    for (centre, corner, celsius) in table {
        for (count, cell) in [(centre, 12 * 32 + 16), (corner, 0)] {
            let frame = temperatures(&uniform(count), Optics::default()).expect("a good frame");
            let got = frame.get(cell).expect("valid");
            assert!((got - celsius).abs() <= 0.5, "count {count} at {cell}: {got}, not {celsius}");
        }
    }
}

#[test]
fn recorded_frames_look_like_an_mlx90640_and_others_do_not() {
    let good = frames(CAPTURE_A).into_iter().map(words);
    assert!(good.into_iter().all(|words| looks_like(&words)));
    assert!(!looks_like(&first_frame()[..768]));
    assert!(!looks_like(&[0; FRAME_WORDS]));
    for (at, bad) in [(778, 3999), (768, 14_999), (800, 2501), (810, 0)] {
        let mut words = first_frame();
        words[at] = bad;
        assert!(!looks_like(&words), "word {at}");
    }
}

#[test]
fn a_frame_with_impossible_circumstances_is_refused_with_numbers() {
    let with = |at: usize, word: i16| {
        let mut words = first_frame();
        words[at] = word as u16;
        temperatures(&words, Optics::default()).err()
    };
    assert_eq!(with(778, 0), Some(Implausible::Gain(0)));
    assert_eq!(with(778, -5765), Some(Implausible::Gain(-5765)));
    assert!(matches!(with(810, -10_000), Some(Implausible::Supply(v)) if v < 3.0));
    assert!(matches!(with(810, -15_000), Some(Implausible::Supply(v)) if v > 3.6));
    assert!(matches!(with(800, 1000), Some(Implausible::Ambient(t)) if t < -40.0));
    assert!(matches!(with(800, 2500), Some(Implausible::Ambient(t)) if t > 85.0));
    assert!(matches!(with(768, -14_769), Some(Implausible::Ambient(_))), "a division by zero is out of range");
    assert_eq!(temperatures(&first_frame()[..833], Optics::default()).err(), Some(Implausible::Words(833)));
    assert_eq!(with(810, -10_000).expect("refused").to_string(), "supply 2.48 V is outside 3.0 to 3.6 V");
}

#[test]
fn a_refused_frame_leaves_the_last_one_alone() {
    let mut frame = temperatures(&first_frame(), Optics::default()).expect("a good frame");
    let before: Vec<_> = frame.cells().collect();
    assert!(calibration().temperatures(&uniform(0)[..10], Optics::default(), &mut frame).is_err());
    assert_eq!(frame.cells().collect::<Vec<_>>(), before);
}

#[test]
fn a_broken_pixel_and_an_outlier_have_no_value() {
    let mut eeprom = recorded_eeprom();
    eeprom[64 + 100] = 0;
    eeprom[64 + 200] |= 1;
    let calibration = Calibration::from_eeprom(&eeprom).expect("two of 768 may be bad");
    assert_eq!((calibration.broken(), calibration.outliers()), (&[100_u16][..], &[200_u16][..]));
    let mut frame = ThermalFrame::blank();
    calibration.temperatures(&first_frame(), Optics::default(), &mut frame).expect("a good frame");
    assert_eq!(frame.broken().collect::<Vec<_>>(), [100, 200]);
    assert_eq!((frame.get(100), frame.get(200), frame.n_broken()), (None, None, 2));
    let whole = temperatures(&first_frame(), Optics::default()).expect("a good frame");
    assert_eq!(frame.get(101), whole.get(101));
}

#[test]
fn counts_that_mean_no_temperature_break_their_pixel_only() {
    let mut words = first_frame();
    words[5] = i16::MIN as u16;
    let frame = temperatures(&words, Optics::default()).expect("a good frame");
    assert_eq!(frame.broken().collect::<Vec<_>>(), [5]);
    assert!(frame.cells().flatten().all(f32::is_finite));
}

#[test]
fn emissivity_out_of_range_is_brought_into_it() {
    for (given, used) in [(0.0, 0.05), (7.0, 1.0), (f32::NAN, 0.95), (-1.0, 0.05)] {
        let optics = Optics { emissivity: given, reflected: None };
        let frame = temperatures(&first_frame(), optics).expect("a good frame");
        assert_eq!(frame.emissivity, used);
        assert!(frame.cells().flatten().all(f32::is_finite));
    }
}

#[test]
fn words_that_are_no_calibration_are_refused() {
    let refused = |change: &dyn Fn(&mut Vec<u16>)| {
        let mut words = recorded_eeprom();
        change(&mut words);
        Calibration::from_eeprom(&words).err()
    };
    assert_eq!(refused(&|_| ()), None);
    assert_eq!(refused(&|w| w.truncate(831)), Some(CalibrationError::Length(831)));
    assert_eq!(refused(&|w| w.push(0)), Some(CalibrationError::Length(833)));
    assert_eq!(refused(&|w| w.fill(0)), Some(CalibrationError::Blank(0)));
    assert_eq!(refused(&|w| w.fill(0xFFFF)), Some(CalibrationError::Blank(0xFFFF)));
    assert_eq!(refused(&|w| w[48] = 0), Some(CalibrationError::Absurd { what: "gain", value: 0.0 }));
    assert!(matches!(refused(&|w| w[51] &= 0xFF), Some(CalibrationError::Absurd { .. })), "no supply slope");
    assert!(matches!(refused(&|w| w[50] &= 0xFC00), Some(CalibrationError::Absurd { .. })), "no chip slope");
    assert_eq!(refused(&|w| w[64..64 + 76].fill(0)), None);
    assert_eq!(refused(&|w| w[64..64 + 77].fill(0)), Some(CalibrationError::TooManyBroken(77)));
    assert!(matches!(
        refused(&|w| w[64..].iter_mut().for_each(|w| *w |= 1)),
        Some(CalibrationError::TooManyBroken(768))
    ));
    let error = refused(&|w| w[48] = 0).expect("refused").to_string();
    assert_eq!(error, "calibration: gain is 0");
}

#[test]
fn a_chip_that_sees_nothing_is_refused() {
    let mut words = recorded_eeprom();
    words[33..48].fill(0);
    words[64..].iter_mut().for_each(|w| *w &= !0x03F0);
    let error = Calibration::from_eeprom(&words).expect_err("no pixel is sensitive");
    assert!(matches!(error, CalibrationError::Absurd { what, .. } if what.contains("alpha")), "{error}");
}

/// The control word of a frame: chess or interleaved, 0.5 Hz, resolution of 18 bits, subpages on.
fn control(chess: bool) -> u16 {
    0x0801 | if chess { 0x1000 } else { 0 }
}

#[test]
fn a_real_control_word_in_chess_pattern_changes_nothing() {
    let mut words = first_frame();
    words[832] = control(true);
    let with = temperatures(&words, Optics::default()).expect("a good frame");
    let without = temperatures(&first_frame(), Optics::default()).expect("a good frame");
    assert_eq!(with.all_valid(), without.all_valid());
}

/// The maker's library adds to a chess-calibrated chip's counts, read interleaved: C3 on odd rows and -C3 on even ones;
/// minus C2 times 0, -1, 0, 1 along even rows, and the reverse along odd ones. Here C2 = 3.5 and C3 = 0.125.
#[test]
fn interleaved_reading_is_corrected() {
    let shift = [[-0.125, -0.125 + 3.5, -0.125, -0.125 - 3.5], [0.125, 0.125 - 3.5, 0.125, 0.125 + 3.5]];
    let mut words = first_frame();
    words[832] = control(false);
    let interleaved = temperatures(&words, Optics::default()).expect("a good frame");
    let at = |delta: i16, cell: usize| {
        let mut words = first_frame();
        words[cell] = words[cell].wrapping_add_signed(delta);
        temperatures(&words, Optics::default()).expect("a good frame").get(cell).expect("valid")
    };
    for cell in [0, 1, 2, 3, 32, 33, 34, 35, 400, 433, 767] {
        // Counts are steps; the corrections are not: compare with the slope around the count. The gain is 1.0057.
        let slope = (at(8, cell) - at(-8, cell)) / (16.0 * 1.005_724);
        let want = at(0, cell) + slope * shift[cell / 32 % 2][cell % 4];
        let got = interleaved.get(cell).expect("valid");
        assert!((got - want).abs() < 0.01, "cell {cell}: {got}, not {want}");
    }
}

#[test]
fn another_adc_resolution_scales_the_supply_word() {
    let mut words = first_frame();
    words[832] = 0x1C01; // 19 bits where the calibration has 18: all words are twice as big
    words[810] = ((words[810] as i16) * 2) as u16;
    let frame = temperatures(&words, Optics::default()).expect("a good frame");
    assert!((frame.supply.expect("supply") - 3.277_96).abs() < 1e-5);
}

/// A calibration whose pixels see their compensation pixels, and are read as `chess` says by default.
fn with_compensation(chess: bool) -> Calibration {
    let mut eeprom = recorded_eeprom();
    eeprom[60] = (eeprom[60] & 0xFF00) | 0x20;
    if !chess {
        eeprom[12] &= !0x1000;
    }
    Calibration::from_eeprom(&eeprom).expect("a good calibration")
}

#[test]
fn compensation_pixels_reach_the_pixels_of_their_subpage() {
    for (chess, other) in [(true, 1), (false, 32)] {
        let calibration = with_compensation(chess);
        let mut words = first_frame();
        let mut frames = [ThermalFrame::blank(), ThermalFrame::blank()];
        for frame in &mut frames {
            calibration.temperatures(&words, Optics::default(), frame).expect("a good frame");
            words[808] = words[808].wrapping_add(20);
        }
        assert_eq!(frames[0].get(0), frames[1].get(0), "cell 0 is of subpage 0");
        assert!(frames[0].get(other) > frames[1].get(other), "cell {other} is of subpage 1");
    }
}

/// A scene of all temperatures between two, mixed.
fn scene(low: f32, high: f32) -> Vec<f32> {
    (0..768_u16).map(|cell| low + (high - low) * f32::from(cell * 61 % 769) / 768.0).collect()
}

/// Turns a scene into words and back, and checks that every cell is nearer to its count than to the next ones.
fn there_and_back(calibration: &Calibration, scene: &[f32], ambient: f32, supply: f32, optics: Optics) {
    let mut words = vec![0; FRAME_WORDS];
    calibration.counts(scene, ambient, supply, optics, &mut words);
    assert!(looks_like(&words));
    assert_eq!(words[832..], [1, 1]);
    let [below, here, above] = [-1, 0, 1].map(|delta| {
        let mut words = words.clone();
        words[..768].iter_mut().for_each(|word| *word = word.wrapping_add_signed(delta));
        let mut frame = ThermalFrame::blank();
        calibration.temperatures(&words, optics, &mut frame).expect("a frame of our own is plausible");
        frame
    });
    assert!((here.ambient.expect("ambient") - ambient).abs() < 0.01);
    assert!((here.supply.expect("supply") - supply).abs() < 0.000_2);
    for (cell, want) in scene.iter().enumerate() {
        let [below, here, above] = [&below, &here, &above].map(|frame| frame.get(cell).expect("valid"));
        let slack = 0.03 * (above - below) + 0.002;
        let (low, high) = ((below + here) / 2.0 - slack, (here + above) / 2.0 + slack);
        assert!((low..=high).contains(want), "cell {cell}: {want} gave {here}, between {below} and {above}");
    }
}

#[test]
fn a_count_at_room_temperature_is_a_third_of_a_kelvin_at_most() {
    let [here, next] = [-60, -59].map(|count| temperatures(&uniform(count), Optics::default()).expect("a good frame"));
    for (here, next) in here.cells().flatten().zip(next.cells().flatten()) {
        assert!((0.05..=0.33).contains(&(next - here)), "{here} {next}");
    }
}

#[test]
fn a_simulated_frame_keeps_the_tail_of_a_real_one() {
    let mut words = [0; FRAME_WORDS];
    calibration().counts(&[27.0; 768], 32.078, 3.277_96, Optics::default(), &mut words);
    let real = first_frame();
    for at in 768..FRAME_WORDS {
        let near = words[at].abs_diff(real[at]) <= if at == 768 { 1 } else { 0 };
        assert!(near, "word {at}: {:04X}, not {:04X}", words[at], real[at]);
    }
}

#[test]
fn a_scene_too_short_is_filled_up_and_a_buffer_too_short_is_filled() {
    let mut words = [0xAAAA; 100];
    calibration().counts(&[], 30.0, 3.3, Optics::default(), &mut words);
    assert!(words.iter().all(|&w| w != 0xAAAA));
    calibration().counts(&[f32::NAN; 768], f32::NAN, f32::INFINITY, Optics::default(), &mut [0; FRAME_WORDS]);
}

proptest! {
    #[test]
    fn counts_are_the_reverse_of_temperatures(
        low in -40.0_f32..100.0,
        width in 0.0_f32..300.0,
        ambient in -30.0_f32..80.0,
        supply in 3.05_f32..3.55,
        emissivity in 0.3_f32..=1.0,
        reflected in prop::option::of(-20.0_f32..60.0),
        kind in 0..3_usize,
    ) {
        let calibration = &[calibration(), with_compensation(true), with_compensation(false)][kind];
        there_and_back(calibration, &scene(low, low + width), ambient, supply, Optics { emissivity, reflected });
    }

    #[test]
    fn any_words_give_temperatures_or_a_reason(
        calibration in prop::collection::vec(any::<u16>(), EEPROM_WORDS),
        frame in prop::collection::vec(any::<u16>(), FRAME_WORDS),
    ) {
        let mut out = ThermalFrame::blank();
        let _ = super::calibration().temperatures(&frame, Optics::default(), &mut out);
        let mut tail_is_good = frame;
        tail_is_good[768..].copy_from_slice(&first_frame()[768..]);
        super::calibration().temperatures(&tail_is_good, Optics::default(), &mut out).expect("plausible");
        prop_assert!(out.cells().flatten().all(f32::is_finite));
        let mut words = recorded_eeprom();
        words[..64].copy_from_slice(&calibration[..64]);
        if let Ok(calibration) = Calibration::from_eeprom(&words) {
            if calibration.temperatures(&tail_is_good, Optics::default(), &mut out).is_ok() {
                prop_assert!(out.cells().flatten().all(f32::is_finite));
            }
            calibration.counts(&[25.0; 768], 30.0, 3.3, Optics::default(), &mut [0; FRAME_WORDS]);
        }
        let _ = Calibration::from_eeprom(&calibration);
    }
}
