//! What words mean.

use hearthlight::heat::profile::{ARRAYS, known, recognise, scale};
use hearthlight::model::thermal::{Choice, PixelMeaning, ThermalFrame};
use hearthlight::units::grid::Size;

use super::calibration;

fn one(meaning: PixelMeaning, word: u16) -> f32 {
    let mut frame = ThermalFrame::blank();
    scale(meaning, &[word], Size::new(1, 1).expect("a size"), &mut frame);
    assert!(frame.calibrated);
    assert_eq!((frame.meaning, frame.ambient, frame.supply), (meaning, None, None));
    frame.get(0).expect("a value")
}

#[test]
fn every_scale_has_its_examples() {
    let table = [
        (PixelMeaning::CentiOffset27, 0xFFB0, 26.20),
        (PixelMeaning::CentiOffset27, 0xFFB6, 26.26),
        (PixelMeaning::CentiOffset27, 0x14D0, 80.28),
        (PixelMeaning::CentiOffset27, 0xF574, 0.0),
        (PixelMeaning::CentiOffset27, 0x0000, 27.0),
        (PixelMeaning::CentiKelvin, 29_815, 25.0),
        (PixelMeaning::CentiKelvin, 65_535, 382.2),
        (PixelMeaning::DeciKelvin, 2_982, 25.05),
        (PixelMeaning::DeciKelvin, 12_731, 999.95),
        (PixelMeaning::DeciCelsius, 0xFFFF, -0.1),
        (PixelMeaning::DeciCelsius, 250, 25.0),
        (PixelMeaning::QuarterCelsius, 0x064, 25.0),
        (PixelMeaning::QuarterCelsius, 0xFFF, -0.25),
        (PixelMeaning::QuarterCelsius, 0x800, -512.0),
        (PixelMeaning::Custom { scale: 1.0 / 64.0, offset: -273.15 }, 19_082, 25.006),
        (PixelMeaning::Custom { scale: 1.0, offset: 0.5 }, 0xFFFF, -0.5),
    ];
    for (meaning, word, want) in table {
        let got = one(meaning, word);
        assert!((got - want).abs() < 1e-3, "{meaning:?} {word:04X}: {got}, not {want}");
    }
}

#[test]
fn a_word_without_a_temperature_is_a_broken_cell() {
    let mut frame = ThermalFrame::blank();
    scale(PixelMeaning::DeciCelsius, &[1, 2], Size::new(2, 2).expect("a size"), &mut frame);
    assert_eq!(frame.broken().collect::<Vec<_>>(), [2, 3]);
    scale(PixelMeaning::Custom { scale: f32::MAX, offset: 0.0 }, &[0, 9], Size::new(2, 1).expect("a size"), &mut frame);
    assert_eq!(frame.cells().collect::<Vec<_>>(), [Some(0.0), None]);
}

#[test]
fn raw_counts_without_calibration_show_no_number() {
    let mut frame = ThermalFrame::blank();
    scale(PixelMeaning::Mlx90640Raw, &[0; 834], Size::MLX90640, &mut frame);
    assert!(!frame.calibrated);
    assert_eq!(frame.n_broken(), 768);
}

#[test]
fn frames_are_recognised_by_their_number_of_words() {
    let auto = Choice::default();
    let size = |cols, rows| Size::new(cols, rows).expect("a size");
    let table = [
        (768, size(32, 24), PixelMeaning::CentiOffset27),
        (834, size(32, 24), PixelMeaning::CentiOffset27),
        (64, size(8, 8), PixelMeaning::QuarterCelsius),
        (192, size(16, 12), PixelMeaning::CentiOffset27),
        (1024, size(32, 32), PixelMeaning::DeciKelvin),
        (5120, size(80, 64), PixelMeaning::DeciKelvin),
        (4800, size(80, 60), PixelMeaning::CentiKelvin),
        (19_200, size(160, 120), PixelMeaning::CentiKelvin),
    ];
    for (n_words, size, meaning) in table {
        assert_eq!(recognise(&vec![7; n_words], &auto), Some((size, meaning)), "{n_words} words");
    }
    assert_eq!(recognise(&[], &auto), None);
    assert_eq!(recognise(&[7; 767], &auto), None);
    assert_eq!(known(64).map(|array| array.name), Some("AMG8833"));
    assert_eq!(known(834).map(|array| array.size), Some(Size::MLX90640));
    assert_eq!(known(833), None);
}

#[test]
fn a_raw_frame_is_recognised_by_its_tail() {
    let mut words = [0; 834];
    calibration().counts(&[30.0; 768], 30.0, 3.3, Choice::default().optics, &mut words);
    assert_eq!(recognise(&words, &Choice::default()), Some((Size::MLX90640, PixelMeaning::Mlx90640Raw)));
    words[778] = 1;
    assert_eq!(recognise(&words, &Choice::default()), Some((Size::MLX90640, PixelMeaning::CentiOffset27)));
}

#[test]
fn the_operators_choice_wins() {
    let choose = |meaning, size: Option<(u16, u16)>| Choice {
        meaning,
        size: size.map(|(cols, rows)| Size::new(cols, rows).expect("a size")),
        ..Choice::default()
    };
    let shape = |n_words: usize, choice: Choice| {
        recognise(&vec![7; n_words], &choice).map(|(size, meaning)| (size.cols(), size.rows(), meaning))
    };
    let (offset, kelvin) = (PixelMeaning::CentiOffset27, PixelMeaning::CentiKelvin);
    assert_eq!(shape(64, choose(None, Some((16, 4)))), Some((16, 4, offset)));
    assert_eq!(shape(64, choose(Some(kelvin), Some((4, 16)))), Some((4, 16, kelvin)));
    assert_eq!(shape(64, choose(Some(kelvin), None)), Some((8, 8, kelvin)));
    assert_eq!(shape(64, choose(None, Some((8, 9)))), None);
    assert_eq!(shape(12, choose(None, Some((4, 3)))), Some((4, 3, offset)));
    assert_eq!(shape(12, choose(Some(kelvin), None)), None);
    assert_eq!(shape(834, choose(Some(kelvin), Some((32, 24)))), Some((32, 24, kelvin)));
    assert_eq!(shape(834, choose(None, Some((24, 32)))), None);
    assert_eq!(shape(834, choose(None, Some((417, 2)))), None, "834 words are 768 pixels and a tail");
    assert_eq!(shape(768, choose(None, Some((24, 32)))), Some((24, 32, offset)));
}

#[test]
fn names_of_arrays_are_unique() {
    let mut names: Vec<_> = ARRAYS.iter().map(|array| array.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ARRAYS.len());
}
