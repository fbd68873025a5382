//! How a picture is looked at: range, isotherm, modes, palettes and comparison, by accessible names.

use std::sync::Arc;
use std::time::Duration;

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use hearthlight::heat::isotherm::Isotherm;
use hearthlight::heat::palette::Palette;
use hearthlight::model::history::Point;
use hearthlight::model::learned::{Baseline, Learned};
use hearthlight::model::sensors::{DeviceId, Phase};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::Reach;
use hearthlight::model::thermal::{Calibration, ThermalFrame};
use hearthlight::port::slots::{DeviceSlot, Slots};
use hearthlight::port::{Query, Reply};
use hearthlight::ui::app::Window;
use hearthlight::ui::now::Now;
use hearthlight::ui::outline;
use hearthlight::ui::paint::Paint;
use hearthlight::ui::panels::thermal::inspect::compare::Halves;
use hearthlight::ui::panels::thermal::inspect::watched::Watched;
use hearthlight::ui::views::{LEAST_HELD, Mode, Range, Slow, Views};
use hearthlight::units::grid::{Mounting, Size};
use hearthlight::units::moment::Moment;
use hearthlight::units::temperature::Scale;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::ui::{House, array, click, device, house, put_frame, rests, start, wall};

const SIZE: egui::Vec2 = egui::vec2(1600.0, 1000.0);

/// Bench and Rack are live: 20 C with one cell of 41.2 and of 33.2.
fn two_arrays() -> House {
    let (mut snapshot, slots) = (Snapshot::default(), Slots::default());
    snapshot.system.reach = Reach::Lan;
    for (name, hottest) in [("Bench", 41.2), ("Rack", 33.2)] {
        let device = device(name, Phase::Streaming);
        let slot = Arc::new(DeviceSlot::new(device.id.clone(), Arc::clone(&device.location)));
        put_frame(&slots, &slot, hottest);
        slots.insert(slot);
        let array = array(&device.id, Calibration::Received);
        snapshot.thermal.arrays.insert(device.id.clone(), Arc::new(array));
        snapshot.sensors.devices.insert(device.id.clone(), Arc::new(device));
    }
    house(snapshot, slots)
}

fn bench() -> DeviceId {
    DeviceId::new("Bench")
}

fn rack() -> DeviceId {
    DeviceId::new("Rack")
}

/// The window on Thermal, Bench selected.
fn tiles(house: &House) -> Harness<'static, Window> {
    let mut harness = start(house, SIZE);
    click(&mut harness, "Thermal");
    harness
}

/// The window with Bench inspected.
fn inspected(house: &House) -> Harness<'static, Window> {
    let mut harness = tiles(house);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    harness
}

fn view(harness: &Harness<'_, Window>) -> hearthlight::ui::views::View {
    harness.state().stage().views.of(&bench())
}

fn send(house: &House, id: &DeviceId, hottest: f32) {
    let slot = house.port.slots.device(id).unwrap();
    put_frame(&house.port.slots, &slot, hottest);
}

fn press(harness: &mut Harness<'_, Window>, key: Key) {
    harness.key_press(key);
    harness.run_steps(3);
}

/// Puts a figure into a field, as a person types it.
fn type_figure(harness: &mut Harness<'_, Window>, label: &str, figure: &str) {
    harness.get_by_role_and_label(Role::SpinButton, label).click();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_role_and_label(Role::SpinButton, label).type_text(figure);
    harness.run_steps(2);
    press(harness, Key::Enter);
}

#[test]
fn a_held_tile_keeps_its_span_while_the_others_move() {
    let house = two_arrays();
    let mut harness = tiles(&house);
    assert_eq!(harness.state().pictures().span(&bench()), (20.0, 41.2));
    press(&mut harness, Key::R);
    harness.get_by_label("Bench, hottest 41.2 degrees at row 3 column 8, live, range held");
    send(&house, &bench(), 80.0);
    send(&house, &rack(), 70.0);
    harness.run_steps(3);
    assert_eq!(harness.state().pictures().span(&bench()), (20.0, 41.2));
    assert_eq!(harness.state().pictures().span(&rack()), (20.0, 70.0));
    click(&mut harness, "Let the range of Bench go (R)");
    assert_eq!(harness.state().pictures().span(&bench()), (20.0, 80.0));
}

#[test]
fn without_a_selection_all_are_held_and_let_go() {
    let house = two_arrays();
    let mut harness = tiles(&house);
    press(&mut harness, Key::Escape);
    press(&mut harness, Key::R);
    assert!(harness.state().stage().views.is_locked(&bench()) && harness.state().stage().views.is_locked(&rack()));
    click(&mut harness, "Let all ranges go (R)");
    assert!(!harness.state().stage().views.is_locked(&bench()) && !harness.state().stage().views.is_locked(&rack()));
}

#[test]
fn one_range_for_all_leaves_a_held_one_alone() {
    let house = two_arrays();
    let mut harness = tiles(&house);
    press(&mut harness, Key::R);
    click(&mut harness, "Range: Shared range");
    send(&house, &rack(), 90.4);
    harness.run_steps(3);
    assert_eq!(harness.state().pictures().span(&bench()), (20.0, 41.2));
    assert_eq!(harness.state().pictures().span(&rack()), (20.0, 91.0));
}

#[test]
fn typing_low_holds_the_range() {
    let house = two_arrays();
    let mut harness = inspected(&house);
    type_figure(&mut harness, "Low", "25,5");
    assert_eq!(view(&harness).range, Range::Locked(25.5, 41.2));
    harness.get_by_label("Let the range go (R)");
    type_figure(&mut harness, "Low", "60");
    let Range::Locked(low, high) = view(&harness).range else { panic!("{:?}", view(&harness)) };
    assert_eq!(low, 60.0);
    assert!((high - 75.7).abs() < 0.01, "an end beyond the other takes it along: {high}");
    click(&mut harness, "Range of this picture: 2\u{2013}98\u{a0}%");
    assert_eq!(view(&harness).range, Range::Percentile);
    assert_eq!(harness.state().pictures().span(&bench()), (18.0, 22.0));
}

#[test]
fn a_range_that_is_let_go_is_as_before() {
    let house = two_arrays();
    let mut harness = inspected(&house);
    click(&mut harness, "Range of this picture: Slow");
    click(&mut harness, "Hold the range (R)");
    assert!(view(&harness).range.is_locked());
    press(&mut harness, Key::R);
    assert_eq!(view(&harness).range, Range::Slow);
}

#[test]
fn handles_move_by_keys() {
    let house = two_arrays();
    let mut harness = inspected(&house);
    harness.get_by_label("Low end of the range, 20.0").focus();
    harness.run_steps(2);
    press(&mut harness, Key::ArrowUp);
    assert_eq!(view(&harness).range, Range::Locked(20.1, 41.2));
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowUp);
    harness.run_steps(3);
    assert_eq!(view(&harness).range, Range::Locked(21.1, 41.2));
    harness.get_by_label("Low end of the range, 21.1");
    harness.get_by_label("High end of the range, 41.2").focus();
    harness.run_steps(2);
    press(&mut harness, Key::ArrowDown);
    assert_eq!(view(&harness).range, Range::Locked(21.1, 41.1));
}

#[test]
fn fields_and_handles_are_in_the_chosen_scale() {
    let mut house = two_arrays();
    let mut snapshot = Snapshot::clone(&house.port.view());
    snapshot.system.settings = Arc::new(vec![hearthlight::model::system::Setting {
        key: "window.units".into(),
        value: "fahrenheit".into(),
        layer: hearthlight::model::system::Layer::Window,
        help: "".into(),
    }]);
    let slots = Arc::clone(&house.port.slots);
    house = crate::ui::house(snapshot, Slots::default());
    house.port.slots = slots;
    let mut harness = inspected(&house);
    harness.get_by_label("Low end of the range, 68.0");
    type_figure(&mut harness, "Low", "77");
    assert_eq!(view(&harness).range, Range::Locked(25.0, 41.2));
}

#[test]
fn the_isotherm_counts_what_it_holds() {
    let house = two_arrays();
    let mut harness = inspected(&house);
    click(&mut harness, "Isotherm: Off");
    click(&mut harness, "Above");
    type_figure(&mut harness, "Isotherm", "41");
    assert_eq!(view(&harness).isotherm, Some(Isotherm::Above(41.0)));
    let frame = harness.state().pictures().frame(&bench()).unwrap();
    let naive = (0..frame.size.cells()).filter(|&cell| frame.get(cell).is_some_and(|celsius| celsius >= 41.0)).count();
    assert_eq!(naive, 1);
    harness.get_by_label("isotherm 41.0: 1 cell, 0.1\u{a0}%");
    click(&mut harness, "Isotherm: Above");
    click(&mut harness, "Below");
    let below = (0..frame.size.cells()).filter(|&cell| frame.get(cell).is_some_and(|celsius| celsius <= 41.0)).count();
    harness.get_by_label(&format!("isotherm 41.0: {below} cells, 99.9\u{a0}%"));
}

#[test]
fn what_is_compared_shares_one_range() {
    let house = two_arrays();
    let mut harness = inspected(&house);
    click(&mut harness, "Compare with\u{2026}");
    click(&mut harness, "Rack");
    let spans = |harness: &Harness<'_, Window>| [bench(), rack()].map(|id| harness.state().pictures().span(&id));
    assert_eq!(spans(&harness), [(20.0, 41.2); 2]);
    harness.get_by_label("Hottest: Bench 41.2, Rack 33.2, apart +8.0\u{a0}K");
    send(&house, &rack(), 60.0);
    harness.run_steps(3);
    assert_eq!(spans(&harness), [(20.0, 60.0); 2]);
    press(&mut harness, Key::R);
    send(&house, &rack(), 70.0);
    harness.run_steps(3);
    assert_eq!(spans(&harness), [(20.0, 60.0); 2]);
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("End comparison").is_none());
    harness.get_by_label("Inspect Rack, hottest 70.0 degrees at row 3 column 8, live");
}

#[test]
fn a_small_tile_is_inspected_by_a_click() {
    let house = two_arrays();
    let mut harness = inspected(&house);
    click(&mut harness, "Inspect Rack, hottest 33.2 degrees at row 3 column 8, live");
    assert_eq!(harness.state().stage().selected, Some(rack()));
    assert!(harness.state().stage().enlarged);
    harness.get_by_label("Inspect Bench, hottest 41.2 degrees at row 3 column 8, live");
}

#[test]
fn a_difference_waits_until_the_usual_picture_is_learned() {
    let house = two_arrays();
    let mut harness = inspected(&house);
    click(&mut harness, "Colours: Heat");
    harness.get_by_label("Difference to usual, not possible: Its usual picture is not known yet");
    press(&mut harness, Key::Escape);
    let n = Size::MLX90640.cells();
    let usual =
        Baseline { size: Size::MLX90640, mean: vec![21.0; n], variance: vec![0.1; n], seconds: 900.0, learning: false };
    let learned = Learned { baseline: Some(Arc::new(usual)), ..Learned::default() };
    house.port.slots.device(&bench()).unwrap().learned.store(Some(Arc::new(learned)));
    click(&mut harness, "Colours: Heat");
    click(&mut harness, "Difference to usual");
    assert_eq!(view(&harness).mode, Mode::Difference);
    let (low, high) = harness.state().pictures().span(&bench());
    assert!((high - 20.2).abs() < 0.001 && low == -high, "{low} {high}");
    harness.get_by_label("High end of the range, +20.2");
    type_figure(&mut harness, "High", "5");
    assert_eq!(harness.state().pictures().span(&bench()), (-5.0, 5.0));
    click(&mut harness, "Colours: Difference to usual");
    click(&mut harness, "Above limit");
    assert!(matches!(view(&harness).mode, Mode::AboveLimit(_)));
    assert_eq!(view(&harness).range, Range::Auto, "ends of differences mean nothing for temperatures");
}

#[test]
fn unsafe_palettes_are_marked_in_the_menu_and_in_use() {
    let house = two_arrays();
    let mut harness = tiles(&house);
    assert!(harness.query_by_label("not colour-blind safe").is_none());
    click(&mut harness, "Palette: Inferno");
    for palette in Palette::ALL {
        let mark = if palette.colour_blind_safe() { "" } else { ", not colour-blind safe" };
        harness.get_by_label(&format!("{}{mark}", palette.name()));
    }
    click(&mut harness, "Turbo, not colour-blind safe");
    harness.get_by_label("Palette: Turbo, not colour-blind safe");
    harness.get_by_label("not colour-blind safe");
}

#[test]
fn a_picture_turns_both_ways_by_keys() {
    let mut house = two_arrays();
    let mut harness = tiles(&house);
    harness.get_by_label("Turn the picture back by 90\u{b0}").focus();
    harness.run_steps(2);
    press(&mut harness, Key::Enter);
    let sent = crate::ui::sent(&mut house);
    let turned = |command: &hearthlight::model::message::Command| format!("{command:?}").contains("quarter_turns: 3");
    assert!(sent.iter().any(turned), "{sent:?}");
}

#[test]
fn an_inspected_picture_rests() {
    let house = two_arrays();
    let mut harness = inspected(&house);
    click(&mut harness, "Isotherm: Off");
    click(&mut harness, "Above");
    click(&mut harness, "Range of this picture: Slow");
    harness.remove_cursor();
    rests(&mut harness);
}

#[test]
fn everything_is_there_in_a_small_window_and_scrolls() {
    let house = two_arrays();
    let mut harness = start(&house, egui::vec2(1280.0, 800.0));
    click(&mut harness, "Thermal");
    press(&mut harness, Key::Enter);
    for label in ["Range of this picture: Lock", "Low end of the range, 20.0", "Isotherm: Off", "Colours: Heat"] {
        let rect = harness.get_by_label(label).rect();
        assert!(rect.right() <= 1280.0, "{label}: {rect:?}");
    }
}

// Below: without a window.

fn second(n: f64) -> Timestamp {
    Timestamp::from_millisecond((n * 1_000.0) as i64).unwrap()
}

#[test]
fn a_slow_range_goes_two_thirds_of_the_way_in_its_time_constant() {
    let begun = Slow::follow(None, (20.0, 30.0), second(0.0));
    assert_eq!(begun.ends, (20.0, 30.0));
    let there = Slow::follow(Some(begun), (20.0, 130.0), second(0.5));
    assert!((there.ends.1 - (30.0 + 100.0 * (1.0 - (-1.0_f32).exp()))).abs() < 0.01, "{there:?}");
    assert_eq!(there.ends.0, 20.0);
    let long = Slow::follow(Some(there), (20.0, 130.0), second(60.0));
    assert!((long.ends.1 - 130.0).abs() < 0.001);
    let back = Slow::follow(Some(long), (0.0, 1.0), second(1.0));
    assert_eq!(back.ends, (0.0, 1.0), "a picture of before starts anew");
}

proptest! {
    #[test]
    fn a_slow_range_never_overshoots_whatever_the_steps(steps in prop::collection::vec((1_u32..2_000, 10.0_f32..90.0), 1..40)) {
        let mut at = second(0.0);
        let mut slow = Slow::follow(None, (0.0, 50.0), at);
        for (ms, high) in steps {
            let before = slow.ends.1;
            at += SignedDuration::from_millis(i64::from(ms));
            slow = Slow::follow(Some(slow), (0.0, high), at);
            prop_assert!(slow.ends.1 >= before.min(high) - 1e-3 && slow.ends.1 <= before.max(high) + 1e-3);
        }
    }

    #[test]
    fn held_ends_are_always_sound(low in any::<f32>(), high in any::<f32>()) {
        let mut views = Views::default();
        views.hold(&bench(), (low, high));
        let Range::Locked(low, high) = views.of(&bench()).range else { panic!() };
        prop_assert!(low.is_finite() && high.is_finite() && high - low >= LEAST_HELD * 0.99);
    }

    #[test]
    fn scales_go_there_and_back(celsius in -150.0_f32..3_000.0) {
        for scale in [Scale::Celsius, Scale::Fahrenheit, Scale::Kelvin] {
            prop_assert!((scale.celsius(scale.of(celsius)) - celsius).abs() < 0.01);
            prop_assert!((scale.kelvin(scale.of_difference(celsius)) - celsius).abs() < 0.01);
        }
    }

    #[test]
    fn an_outline_uses_each_piece_once(cells in prop::collection::vec(0.0_f32..100.0, 64), level in 10.0_f32..90.0) {
        let frame = frame_of(8, 8, &cells);
        let mut pieces = Vec::new();
        hearthlight::heat::contour::trace(&frame, Mounting::default(), level, &mut pieces);
        let lines = outline::join(&pieces);
        prop_assert_eq!(lines.iter().map(|line| line.len() - 1).sum::<usize>(), pieces.len());
    }
}

#[test]
fn a_cell_that_is_rested_on_is_asked_for_once_and_its_line_goes_on() {
    let mut house = two_arrays();
    let (sender, asked) = crossbeam_channel::bounded(4);
    house.port.questions = sender;
    let (ctx, id, mut watched) = (egui::Context::default(), bench(), Watched::default());
    let now = |ms| Now { moment: Moment::from_millis(ms), wall: wall(), zone: jiff::tz::TimeZone::UTC };
    let frame = |ms: i64, celsius: f32| {
        let mut frame = frame_of(2, 2, &[celsius; 4]);
        frame.wall = wall() + SignedDuration::from_millis(ms);
        frame
    };
    let at = wall().as_millisecond();
    let look = |watched: &mut Watched, ms: u64, cell, frame: &ThermalFrame| {
        ctx.begin_pass(egui::RawInput { time: Some(ms as f64 / 1_000.0), ..egui::RawInput::default() });
        ctx.end_pass().textures_delta.clear();
        watched.look(&ctx, &house.port, &now(ms), (&id, cell), frame);
    };
    look(&mut watched, 0, 3, &frame(0, 20.0));
    assert!(asked.is_empty(), "nobody rests on it yet");
    look(&mut watched, 150, 3, &frame(0, 20.0));
    look(&mut watched, 160, 3, &frame(0, 20.0));
    let question = asked.try_recv().unwrap();
    assert!(asked.is_empty());
    let Query::CellHistory(span) = question.query else { panic!("{:?}", question.query) };
    assert_eq!((span.cell, span.to, span.from), (3, wall(), wall() - SignedDuration::from_secs(60)));
    let point = |ms: i64, mean: f32| Point { at_ms: at + ms, min: mean, mean, max: mean };
    (question.answer)(Reply::CellHistory(span, vec![point(-70_000, 9.0), point(-1_000, 19.0), point(0, 99.0)]));
    look(&mut watched, 170, 3, &frame(125, 20.5));
    let line = watched.line(wall() + SignedDuration::from_millis(125));
    assert_eq!(line, [(at - 1_000, 19.0), (at, 20.0), (at + 125, 20.5)]);
    look(&mut watched, 180, 0, &frame(125, 20.5));
    look(&mut watched, 400, 0, &frame(125, 20.5));
    (asked.try_recv().unwrap().answer)(Reply::Failed("Nothing is recorded.".to_owned()));
    look(&mut watched, 410, 0, &frame(250, 21.0));
    assert!(watched.is_unrecorded());
    assert_eq!(watched.line(wall() + SignedDuration::from_millis(250)).len(), 2, "what comes is drawn all the same");
}

#[test]
fn the_pointer_shows_one_tag_and_the_window_rests() {
    let house = two_arrays();
    let mut harness = inspected(&house);
    let picture = harness.get_by_label_contains("Bench, hottest 41.2").rect();
    harness.hover_at(picture.center());
    harness.run_steps(4);
    let delay = harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert_eq!(delay, Duration::MAX, "who rests on a cell sees it change with the frames, not before");
}

fn frame_of(cols: u16, rows: u16, cells: &[f32]) -> ThermalFrame {
    let mut frame = ThermalFrame::blank();
    frame.begin(Size::new(cols, rows).unwrap()).copy_from_slice(cells);
    frame.measure();
    frame
}

#[test]
fn around_a_hot_spot_the_outline_is_one_closed_line_with_the_heat_at_its_left() {
    let mut cells = vec![20.0; 49];
    cells[3 * 7 + 3] = 60.0;
    let frame = frame_of(7, 7, &cells);
    let lines = outline::lines(&frame, Mounting::default(), Isotherm::Above(40.0));
    let [line] = &lines[..] else { panic!("{lines:?}") };
    let ends = (line[0], line[line.len() - 1]);
    assert!((ends.0.0 - ends.1.0).abs() < 0.01 && (ends.0.1 - ends.1.1).abs() < 0.01, "{line:?}");
    // With y down, what is at the left of a line lies inside if the line goes against the clock: its area is negative.
    let area: f32 = line.windows(2).map(|p| p[0].0 * p[1].1 - p[1].0 * p[0].1).sum();
    assert!(area < 0.0, "{line:?}");
    let cold = outline::lines(&frame, Mounting::default(), Isotherm::Below(40.0));
    let area: f32 = cold[0].windows(2).map(|p| p[0].0 * p[1].1 - p[1].0 * p[0].1).sum();
    assert!(area > 0.0, "{cold:?}");
}

#[test]
fn views_are_kept_without_what_is_of_the_moment() {
    let mut views = Views::default();
    views.hold(&bench(), (22.0, 45.0));
    views.edit(&rack()).isotherm = Some(Isotherm::Between(30.0, 40.0));
    views.edit(&rack()).mode = Mode::AboveLimit(38.0);
    views.edit(&DeviceId::new("Door"));
    views.beside = Some(rack());
    let kept = ron::to_string(&views.kept()).unwrap();
    let mut back = Views::default();
    back.take_over(&ron::from_str(&kept).unwrap());
    assert_eq!((back.of(&bench()), back.of(&rack())), (views.of(&bench()), views.of(&rack())));
    assert_eq!(back.kept().len(), 2, "what is as of a new device is not kept");
    assert_eq!(back.beside, None);
    back.take_over(&ron::from_str(&kept.replace("22", "99")).unwrap());
    assert!(!back.is_locked(&bench()), "ends in the wrong order are no range");
}

#[test]
fn masked_cells_have_no_part_in_a_range() {
    let mut cells = vec![20.0; 100];
    cells[7] = 400.0;
    let mut frame = frame_of(10, 10, &cells);
    assert_eq!(Paint::Heat.span(&frame, 0.0, &mut Vec::new()), Some((20.0, 400.0)));
    frame.set_masked(&[1 << 7, 0]);
    frame.measure();
    assert_eq!(Paint::Heat.span(&frame, 0.0, &mut Vec::new()), Some((18.0, 22.0)));
    assert_eq!(Isotherm::Above(300.0).share(&frame), Some(0.0));
}

#[test]
fn compared_pictures_stand_as_they_are_largest() {
    let wide = Halves::of(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1_000.0, 400.0)));
    assert!(wide.first.right() <= wide.second.left() && wide.first.size() == wide.second.size());
    let high = Halves::of(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(500.0, 900.0)));
    assert!(high.first.bottom() <= high.second.top() && high.first.size() == high.second.size());
    assert!(wide.words.bottom() <= wide.first.top());
}
