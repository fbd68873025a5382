//! Hot paths of the heat room: temperatures of a frame, its picture, what the rules say of it.

use std::sync::Arc;
use std::time::Duration;

use divan::{Bencher, black_box};
use hearthlight::heat::mlx90640::{Calibration, FRAME_WORDS};
use hearthlight::heat::palette::Palette;
use hearthlight::heat::picture::{Painter, Span};
use hearthlight::heat::plausible::Gate;
use hearthlight::heat::recorded::recorded_eeprom;
use hearthlight::heat::region::Plan;
use hearthlight::heat::watch::{Program, Watch, standard};
use hearthlight::model::alarms::rule::{Input, Source};
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::meters::Meters;
use hearthlight::model::thermal::region::{Point, Region, RegionId, Regions, Shape};
use hearthlight::model::thermal::{Optics, ThermalFrame};
use hearthlight::units::grid::{Mounting, Patch, Size};
use hearthlight::units::moment::Moment;

fn main() {
    divan::main();
}

fn calibration() -> Calibration {
    Calibration::from_eeprom(&recorded_eeprom()).expect("the recorded calibration is good")
}

fn scene() -> Vec<f32> {
    (0..768_u16).map(|cell| 22.0 + f32::from(cell % 32) / 4.0 + f32::from(cell / 32) / 8.0).collect()
}

fn words() -> Vec<u16> {
    let mut words = vec![0; FRAME_WORDS];
    calibration().counts(&scene(), 32.0, 3.3, Optics::default(), &mut words);
    words
}

fn frame() -> ThermalFrame {
    let mut frame = ThermalFrame::blank();
    calibration().temperatures(&words(), Optics::default(), &mut frame).expect("a good frame");
    frame
}

#[divan::bench]
fn calibration_from_eeprom(bencher: Bencher<'_, '_>) {
    let eeprom = recorded_eeprom();
    bencher.bench_local(|| Calibration::from_eeprom(black_box(&eeprom)));
}

#[divan::bench]
fn temperatures(bencher: Bencher<'_, '_>) {
    let (calibration, words, mut frame) = (calibration(), words(), ThermalFrame::blank());
    bencher.bench_local(|| calibration.temperatures(black_box(&words), Optics::default(), &mut frame));
}

#[divan::bench]
fn counts(bencher: Bencher<'_, '_>) {
    let (calibration, scene, mut words) = (calibration(), scene(), vec![0; FRAME_WORDS]);
    bencher.bench_local(|| calibration.counts(black_box(&scene), 32.0, 3.3, Optics::default(), &mut words));
}

#[divan::bench]
fn gate(bencher: Bencher<'_, '_>) {
    let (frame, mut gate) = (frame(), Gate::default());
    bencher.bench_local(|| gate.check(black_box(&frame), Some(&frame)));
}

#[divan::bench]
fn paint(bencher: Bencher<'_, '_>) {
    let (frame, mut painter, mut out) = (frame(), Painter::default(), vec![]);
    let (span, lut) = (Span::auto(&frame), Palette::Inferno.lut());
    bencher.bench_local(|| painter.paint(black_box(&frame), Mounting::default(), lut, span, &mut out));
}

#[divan::bench]
fn paint_smooth_tenfold(bencher: Bencher<'_, '_>) {
    let (frame, mut painter, mut out) = (frame(), Painter::default(), vec![]);
    let (span, lut) = (Span::auto(&frame), Palette::Inferno.lut());
    bencher.bench_local(|| painter.paint_smooth(black_box(&frame), Mounting::default(), lut, span, 10, &mut out));
}

/// 32 regions, boxes and circles of 9 to 200 cells, every fourth with an emissivity of its own; and a mask.
fn plan() -> Plan {
    let boxed = |n: u16| Patch { top: n % 16, left: n % 20, bottom: n % 16 + 2 + n % 6, right: n % 20 + 2 + n % 9 };
    let circle = |n: u16| Shape::Circle { centre: Point { x: 16.0, y: 12.0 }, radius: 2.0 + f32::from(n) / 5.0 };
    let region = |n: u16| Region {
        id: RegionId::new(if n.is_multiple_of(2) { 'B' } else { 'C' }, usize::from(n) + 1),
        name: "".into(),
        shape: if n.is_multiple_of(2) { Shape::Box(boxed(n)) } else { circle(n) },
        mask: false,
        emissivity: n.is_multiple_of(4).then_some(0.8),
    };
    let mask = Region { id: RegionId::new('M', 1), mask: true, ..region(0) };
    let regions = (0..32).map(region).chain([mask]).collect();
    Plan::new(Size::MLX90640, &Regions { regions, deltas: Vec::new() })
}

#[divan::bench]
fn read_32_regions(bencher: Bencher<'_, '_>) {
    let (plan, frame, mut meters) = (plan(), frame(), Meters::default());
    bencher.bench_local(|| plan.read(black_box(&frame), &mut meters));
}

/// The rules that come with the program, and two sources more: eight that look at frames.
fn watch() -> Watch {
    let mut rules = standard::rules();
    let area = Patch { top: 4, left: 4, bottom: 11, right: 15 };
    let like = rules[0].sources[0].clone();
    for input in [Input::HotCells { at_least: 50.0 }, Input::Difference { area, against: None }] {
        rules[0].sources.push(Source { input, ..like.clone() });
    }
    let program = Arc::new(Program { revision: 1, rules: rules.into_iter().map(Arc::new).collect() });
    Watch::new(DeviceId::new("hall"), &program, &[], None, Moment::ZERO)
}

#[divan::bench]
fn watch_frame(bencher: Bencher<'_, '_>) {
    let (mut frame, mut watch, mut out) = (frame(), watch(), vec![]);
    frame.measure();
    let mut next = || {
        frame.at = frame.at + Duration::from_millis(63);
        watch.frame(black_box(&frame), &mut out);
        out.clear();
    };
    // Until its usual picture is known.
    (0..6000).for_each(|_| next());
    bencher.bench_local(next);
}

#[divan::bench]
fn watch_reading(bencher: Bencher<'_, '_>) {
    let (mut now, mut watch, mut out) = (Moment::ZERO, watch(), vec![]);
    bencher.bench_local(|| {
        now = now + Duration::from_millis(1);
        watch.reading(0, "ADC1", black_box(275.0), now, &mut out);
        out.clear();
    });
}
