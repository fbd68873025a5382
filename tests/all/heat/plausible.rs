//! What must not reach an alarm, and what must.

use hearthlight::heat::plausible::{Gate, Implausible, range};
use hearthlight::heat::profile::scale;
use hearthlight::model::thermal::{PixelMeaning, ThermalFrame};
use hearthlight::units::grid::Size;

use super::frame_of;

/// 20 C all over a 10 x 10 array, but `n` cells at `hot`.
fn scene(n: usize, hot: f32) -> ThermalFrame {
    let cells: Vec<f32> = (0..100).map(|cell| if cell < n { hot } else { 20.0 }).collect();
    frame_of(10, 10, &cells)
}

#[test]
fn a_room_is_believed() {
    let mut gate = Gate::default();
    let frame = scene(0, 20.0);
    assert_eq!(gate.check(&frame, None), Ok(()));
    assert_eq!(gate.check(&frame, Some(&frame)), Ok(()));
}

#[test]
fn a_cell_out_of_range_is_refused_with_its_place() {
    let refused = Gate::default().check(&scene(1, 400.5), None);
    assert_eq!(refused, Err(Implausible::Cell { cell: 0, celsius: 400.5, low: -60.0, high: 400.0 }));
    assert_eq!(refused.expect_err("refused").to_string(), "cell 0 reads 400.5 C, outside -60 to 400 C");
    assert!(Gate::default().check(&scene(1, -60.5), None).is_err());
    assert!(Gate::default().check(&scene(1, 400.0), None).is_ok());
    assert!(Gate::default().check(&scene(1, -60.0), None).is_ok());
}

#[test]
fn an_open_flame_is_refused_once_then_believed() {
    let (room, fire) = (scene(0, 20.0), scene(1, 520.0));
    let mut gate = Gate::default();
    assert!(gate.check(&fire, Some(&room)).is_err());
    assert_eq!(gate.check(&fire, Some(&room)), Ok(()));
    assert_eq!(gate.check(&fire, Some(&fire)), Ok(()), "for as long as it burns");
    assert_eq!(gate.check(&room, Some(&fire)), Ok(()));
    assert!(gate.check(&fire, Some(&room)).is_err(), "a single flash is damage again");
}

#[test]
fn a_flickering_fire_is_believed_from_its_second_frame_on() {
    let room = scene(0, 20.0);
    let flames = |odd: usize| {
        let flame = |cell: usize| if cell % 2 == odd { 350.0 } else { 120.0 };
        let cells: Vec<f32> = (0..100).map(|cell| if cell < 30 { flame(cell) } else { 20.0 }).collect();
        frame_of(10, 10, &cells)
    };
    let mut gate = Gate::default();
    assert!(gate.check(&flames(0), Some(&room)).is_err());
    assert_eq!(gate.check(&flames(1), Some(&room)), Ok(()), "no cell is as it was, but the same ones are hot");
}

#[test]
fn a_broken_cell_is_not_judged() {
    let mut frame = scene(1, 1000.0);
    frame.set_broken(0);
    assert_eq!(Gate::default().check(&frame, None), Ok(()));
}

#[test]
fn a_frame_without_any_value_is_refused_unless_it_waits_for_calibration() {
    let nothing = frame_of(2, 2, &[f32::NAN; 4]);
    assert_eq!(Gate::default().check(&nothing, None), Err(Implausible::Empty(4)));
    let mut uncalibrated = ThermalFrame::blank();
    scale(PixelMeaning::Mlx90640Raw, &[0; 834], Size::MLX90640, &mut uncalibrated);
    assert_eq!(Gate::default().check(&uncalibrated, None), Ok(()));
}

#[test]
fn four_percent_may_jump_five_may_not() {
    let before = scene(0, 20.0);
    assert_eq!(Gate::default().check(&scene(4, 90.0), Some(&before)), Ok(()));
    let refused = Gate::default().check(&scene(5, 90.0), Some(&before));
    assert_eq!(refused, Err(Implausible::Jump { jumped: 5, cells: 100 }));
    let text = "5 of 100 cells changed by more than 60 K since the last frame; the limit is 5 %";
    assert_eq!(refused.expect_err("refused").to_string(), text);
    assert_eq!(Gate::default().check(&scene(100, 80.0), Some(&before)), Ok(()), "60 K is no jump");
}

#[test]
fn a_jump_that_lasts_is_believed_at_the_second_frame() {
    let (before, mut gate) = (scene(0, 20.0), Gate::default());
    assert!(gate.check(&scene(50, 200.0), Some(&before)).is_err());
    let second = scene(50, 210.0);
    assert_eq!(gate.check(&second, Some(&before)), Ok(()));
    assert_eq!(gate.check(&scene(50, 215.0), Some(&second)), Ok(()));
    assert!(gate.check(&before, Some(&second)).is_err(), "and so is its end");
    assert_eq!(gate.check(&before, Some(&second)), Ok(()));
}

#[test]
fn jumps_that_differ_are_never_believed() {
    let (before, mut gate) = (scene(0, 20.0), Gate::default());
    for round in 0..10 {
        let cells: Vec<f32> = (0..100).map(|cell| if cell / 10 == round { 300.0 } else { 20.0 }).collect();
        assert!(gate.check(&frame_of(10, 10, &cells), Some(&before)).is_err(), "round {round}");
    }
}

#[test]
fn a_good_frame_between_ends_the_wait() {
    let (before, mut gate) = (scene(0, 20.0), Gate::default());
    assert!(gate.check(&scene(50, 200.0), Some(&before)).is_err());
    assert!(gate.check(&before, Some(&before)).is_ok());
    assert!(gate.check(&scene(50, 200.0), Some(&before)).is_err());
}

#[test]
fn another_size_has_nothing_to_compare_with() {
    let before = frame_of(2, 2, &[20.0; 4]);
    assert_eq!(Gate::default().check(&scene(100, 300.0), Some(&before)), Ok(()));
}

#[test]
fn a_single_cell_may_jump_when_it_lasts() {
    let (cold, hot, mut gate) = (frame_of(1, 1, &[20.0]), frame_of(1, 1, &[120.0]), Gate::default());
    assert!(gate.check(&hot, Some(&cold)).is_err());
    assert!(gate.check(&hot, Some(&cold)).is_ok());
}

#[test]
fn ranges_follow_the_arrays() {
    assert_eq!(range(PixelMeaning::Mlx90640Raw), -60.0..=400.0);
    assert_eq!(range(PixelMeaning::CentiOffset27), -60.0..=400.0);
    assert!(range(PixelMeaning::DeciKelvin).contains(&1000.0), "HTPA arrays see 1000 C");
    assert!(!range(PixelMeaning::CentiKelvin).contains(&-273.15), "a word of 0");
    assert!(range(PixelMeaning::QuarterCelsius).contains(&100.0));
}
