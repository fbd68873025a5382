//! The window with 25 arrays and 10 plots, drawn without a screen: taking in and drawing, and tessellation of what was
//! drawn; with and without the tree for screen readers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use divan::Bencher;
use egui::{Context, FullOutput, Pos2, RawInput, Rect, vec2};
use hearthlight::model::history::Point;
use hearthlight::model::lights::capabilities::{Capabilities, Rates};
use hearthlight::model::lights::connection::{self, ConnectionId};
use hearthlight::model::lights::group::{Group, GroupId, GroupKind};
use hearthlight::model::lights::layers::Stack;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::model::lights::{self, Light, LightId, Lights, Reported};
use hearthlight::model::message::{Origin, Stamped, Update};
use hearthlight::model::sensors::{Device, DeviceId, Phase};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::Reach;
use hearthlight::model::thermal::{Array, Calibration, Choice, PixelMeaning};
use hearthlight::port::slots::{DeviceSlot, Kind, Slots};
use hearthlight::port::{Facts, Feed, Port, Published, Wake};
use hearthlight::ui::app::{self, Window, WindowOptions};
use hearthlight::ui::widgets::plot::{Line, Plot};
use hearthlight::units::color::{Gamut, Xy};
use hearthlight::units::grid::Size;
use hearthlight::units::moment::Moment;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::{broadcast, mpsc, watch};

/// Arrays on screen at once.
const ARRAYS: usize = 25;
/// Window frames of the quantiles.
const FRAMES: usize = 2_000;
/// Time between two window frames, milliseconds: pictures at 8 a second.
const STEP: u64 = 125;
/// Plots in the busy window, of [`POINTS`] each.
const PLOTS: usize = 10;
/// Points of a plot: two for each column that it has on screen.
const POINTS: i64 = 600;
/// Every array sent a picture since the last window frame.
const NEW: &str = "new";
/// None did.
const UNCHANGED: &str = "unchanged";
/// Lights of the Lights page.
const LIGHTS: usize = 200;

fn main() {
    divan::main();
    // Only `cargo bench` says so: a listing or a test of the benchmarks need not wait.
    if std::env::args().any(|arg| arg == "--bench") {
        for (pictures, plots, reader) in
            [(NEW, 0, false), (UNCHANGED, 0, false), (NEW, PLOTS, false), (NEW, PLOTS, true), (UNCHANGED, PLOTS, true)]
        {
            quantiles(pictures, plots, reader);
        }
        many_lights(false);
        many_lights(true);
    }
}

/// A light of one of ten rooms.
fn light(i: usize) -> Light {
    let color = Color::Xy(Xy::new(0.2 + 0.002 * i as f32, 0.35).unwrap_or(Xy::D65));
    let base = State { on: !i.is_multiple_of(7), brightness: (i % 100) as f32 / 100.0, color, effect: None };
    let rates = Rates { changes_hz: 10.0, frames_hz: 25.0 };
    let can =
        Capabilities { dimming: true, color: Some(Gamut::C), mirek: Some(153..=500), ..Capabilities::switch(10.0) };
    Light {
        id: LightId(format!("light-{i:03}").into()),
        name: format!("Lamp {i:03}").into(),
        model: "Hue LCT024".into(),
        connection: ConnectionId("bridge".into()),
        local: format!("{i}").into(),
        capabilities: Arc::new(Capabilities { rates, ..can }),
        stack: Arc::new(Stack { base: base.clone(), ..Stack::default() }),
        wanted: base,
        reported: Reported::default(),
        reach: connection::Reach::Online,
        streaming_fps: 0.0,
        power_on: None,
        favourite: false,
    }
}

/// The lights, ten rooms of them, and one that is changed anew: its facts are folded as the engine's are.
fn house_of_lights() -> Lights {
    let mut lights = Lights::default();
    for i in 0..LIGHTS {
        let light = light(i);
        lights.lights.insert(light.id.clone(), Arc::new(light));
    }
    for room in 0..10 {
        let id = GroupId(format!("room-{room}").into());
        let members = lights.lights.keys().skip(room).step_by(10).cloned().collect();
        let name = format!("Room {room}").into();
        let group = Group { id: id.clone(), name, kind: GroupKind::Room, lights: members, order: 0 };
        lights.groups.insert(id, Arc::new(group));
    }
    lights
}

/// The Lights page where one light changes before every frame, as under a slider that is dragged.
#[allow(clippy::print_stdout, reason = "a benchmark speaks to whoever runs it")]
fn many_lights(reader: bool) {
    let mut snapshot = Snapshot { lights: house_of_lights(), ..Snapshot::default() };
    snapshot.system.reach = Reach::Lan;
    let (facts, receiver) = crossbeam_channel::bounded(64);
    let facts_of = Facts { receiver, lagged: Arc::new(AtomicBool::new(false)) };
    let mut stand = Stand::of(snapshot, Arc::default(), facts_of, 0);
    if reader {
        stand.ctx.enable_accesskit();
    }
    stand.go(egui::Key::Num2);
    (0..8).for_each(|_| stand.rest());
    let mut shown = Snapshot { lights: house_of_lights(), ..Snapshot::default() };
    let mut took: Vec<Duration> = (0..FRAMES)
        .map(|frame| {
            let mut changed = light(frame % LIGHTS);
            Arc::make_mut(&mut changed.stack).base.brightness = (frame % 97) as f32 / 97.0;
            let fact = Stamped {
                seq: frame as u64 + 1,
                at: Moment::from_millis(frame as u64),
                wall: wall(),
                origin: Origin::System,
                cause: None,
                update: Update::Lights(lights::Update::Light(Arc::new(changed))),
            };
            shown.apply(&fact);
            drop(facts.try_send(Published { snapshot: Arc::new(shown.clone()), facts: Arc::from([fact]) }));
            let start = Instant::now();
            stand.rest();
            start.elapsed()
        })
        .collect();
    took.sort_unstable();
    let below = |share: f64| took[(FRAMES as f64 * share) as usize];
    let reader = if reader { "on" } else { "off" };
    println!(
        "window, {LIGHTS} lights, one changes each frame, screen reader {reader}, {FRAMES} frames: p50 {:?}, p99 {:?}",
        below(0.5),
        below(0.99)
    );
}

/// A window, the arrays it shows, and a context without a screen.
struct Stand {
    ctx: Context,
    window: Window,
    slots: Arc<Slots>,
    moment: Arc<AtomicU64>,
    plots: usize,
}

impl Stand {
    fn new(plots: usize) -> Self {
        let (mut snapshot, slots) = (Snapshot::default(), Arc::<Slots>::default());
        snapshot.system.reach = Reach::Lan;
        for i in 0..ARRAYS {
            let device = device(&format!("Array {i:02}"));
            slots.insert(Arc::new(DeviceSlot::new(device.id.clone(), Arc::clone(&device.location))));
            snapshot.thermal.arrays.insert(device.id.clone(), Arc::new(array(&device.id)));
            snapshot.sensors.devices.insert(device.id.clone(), Arc::new(device));
        }
        let nothing = Facts { receiver: crossbeam_channel::bounded(64).1, lagged: Arc::new(AtomicBool::new(false)) };
        let mut stand = Self::of(snapshot, slots, nothing, plots);
        // Fonts and layouts settle, the pulse has its first second, and the series of the trends are full.
        for _ in 0..600 {
            stand.measure_anew();
        }
        (0..8).for_each(|_| stand.rest());
        stand
    }

    /// A window on this state, that takes these facts in.
    fn of(snapshot: Snapshot, slots: Arc<Slots>, facts: Facts, plots: usize) -> Self {
        let moment = Arc::new(AtomicU64::new(0));
        let read = Arc::clone(&moment);
        let clock: app::Clock = Arc::new(move || (Moment::from_millis(read.load(Ordering::Relaxed)), wall()));
        let port = port(snapshot, Arc::clone(&slots), facts);
        let window = Window::new(port, WindowOptions { clock, zone: TimeZone::UTC, stall: None });
        let ctx = Context::default();
        app::prepare(&ctx);
        Self { ctx, window, slots, moment, plots }
    }

    /// Presses the key of a place.
    fn go(&mut self, key: egui::Key) {
        let modifiers = egui::Modifiers::COMMAND;
        let event = egui::Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
        let window = &mut self.window;
        let input = RawInput { events: vec![event], focused: true, ..RawInput::default() };
        let mut output = self.ctx.run_ui(input, |ui| window.draw(ui));
        output.textures_delta.clear();
    }

    /// Every array sends a picture other than the one before.
    fn measure_anew(&self) {
        let millis = self.moment.fetch_add(STEP, Ordering::Relaxed) + STEP;
        for (i, slot) in self.slots.devices().values().enumerate() {
            let mut frame = slot.frames.recycle(&self.slots.frame_bytes);
            let Some(filled) = Arc::get_mut(&mut frame) else { continue };
            let shift = (millis / STEP) as f32 * 0.11 + i as f32;
            for (cell, celsius) in filled.begin(Size::MLX90640).iter_mut().enumerate() {
                let (x, y) = ((cell % 32) as f32 / 32.0, (cell / 32) as f32 / 24.0);
                *celsius = 22.0 + 14.0 * (3.0 * x + shift).sin() + 9.0 * (5.0 * y - shift).cos();
            }
            filled.calibrated = true;
            (filled.at, filled.wall) = (Moment::from_millis(millis), wall());
            filled.measure();
            let hottest = filled.extremes.map_or(0.0, |e| f64::from(e.max));
            slot.hottest.push(Moment::from_millis(millis), hottest);
            slot.frames.put(frame, &self.slots.frame_bytes);
            slot.accepted[Kind::Frame as usize].add(1);
        }
    }

    /// One frame of the window as eframe runs it.
    fn draw(&mut self) -> FullOutput {
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, vec2(1920.0, 1080.0)));
        let time = self.moment.load(Ordering::Relaxed) as f64 / 1_000.0;
        let input = RawInput { screen_rect, time: Some(time), focused: true, ..RawInput::default() };
        let (window, plots) = (&mut self.window, self.plots);
        let mut output = self.ctx.run_ui(input, |ui| {
            window.take_in(ui.ctx());
            window.draw(ui);
            (0..plots).for_each(|n| plot(ui, n, time));
        });
        // There is no card to take the pictures.
        output.textures_delta.clear();
        output
    }

    /// Turns what was drawn into triangles; hands back how many meshes there are.
    fn tessellate(&self, output: FullOutput) -> usize {
        let FullOutput { shapes, pixels_per_point, .. } = output;
        self.ctx.tessellate(shapes, pixels_per_point).len()
    }

    fn rest(&mut self) {
        let output = self.draw();
        self.tessellate(output);
    }
}

fn wall() -> Timestamp {
    Timestamp::from_second(1_790_000_000).unwrap_or_default()
}

fn device(name: &str) -> Device {
    Device {
        id: DeviceId::new(name),
        name: name.into(),
        location: name.to_lowercase().into(),
        place: Arc::default(),
        attempts: 0,
        heard: None,
        serial: None,
        address: std::net::Ipv4Addr::new(192, 168, 1, 77).into(),
        accepted: true,
        simulated: false,
        connected: true,
        phase: Phase::Streaming,
        ended: None,
        since: wall(),
        period: Some(Duration::from_millis(STEP)),
        line_end: None,
    }
}

fn array(device: &DeviceId) -> Array {
    Array {
        device: device.clone(),
        size: Size::MLX90640,
        meaning: PixelMeaning::Mlx90640Raw,
        calibration: Calibration::Received,
        choice: Choice::default(),
        regions: Arc::default(),
    }
}

fn port(snapshot: Snapshot, slots: Arc<Slots>, facts: Facts) -> Port {
    Port {
        commands: mpsc::channel(64).0,
        questions: crossbeam_channel::bounded(16).0,
        snapshot: Arc::new(ArcSwap::from_pointee(snapshot)),
        published: watch::channel(0).1,
        feed: Feed(broadcast::channel(4).0),
        facts,
        slots,
        wake: Wake::default(),
        outcomes: Arc::default(),
        tickets: Arc::new(AtomicU64::new(0)),
        quit: watch::channel(false).0,
    }
}

/// One plot over the window, its line another in each frame.
fn plot(ui: &egui::Ui, n: usize, time: f64) {
    let wave = |i: i64| (30.0 + 5.0 * (i as f64 / 40.0 + n as f64 + time).sin()) as f32;
    let points: Vec<Point> = (0..POINTS)
        .map(|i| Point { at_ms: i * 1_000, min: wave(i) - 0.5, mean: wave(i), max: wave(i) + 0.5 })
        .collect();
    let whole = 0..points.len();
    let runs = std::slice::from_ref(&whole);
    let name = format!("Trend {n}");
    let line = Line { name: &name, points: &points, runs, series: n % 6 };
    let plot = Plot {
        name: &name,
        lines: &[line],
        limits: &[],
        shades: &[],
        span: (0, POINTS * 1_000),
        unit: "C",
        zone: &TimeZone::UTC,
        least: 1.0,
    };
    let (row, column) = (n / 2, n % 2);
    let at = Pos2::new(200.0 + 560.0 * column as f32, 100.0 + 180.0 * row as f32);
    plot.show(ui, Rect::from_min_size(at, vec2(540.0, 170.0)));
}

/// Half and 99 of 100 of many window frames stay below these times: drawing and tessellation in one.
#[allow(clippy::print_stdout, reason = "a benchmark speaks to whoever runs it")]
fn quantiles(pictures: &str, plots: usize, reader: bool) {
    let mut stand = Stand::new(plots);
    if reader {
        stand.ctx.enable_accesskit();
    }
    let mut took: Vec<Duration> = (0..FRAMES)
        .map(|_| {
            if pictures == NEW {
                stand.measure_anew();
            }
            let start = Instant::now();
            stand.rest();
            start.elapsed()
        })
        .collect();
    took.sort_unstable();
    let below = |share: f64| took[(FRAMES as f64 * share) as usize];
    let reader = if reader { "on" } else { "off" };
    println!(
        "window, {ARRAYS} tiles, {pictures}, {plots} plots, screen reader {reader}, {FRAMES} frames: p50 {:?}, p99 {:?}",
        below(0.5),
        below(0.99)
    );
}

#[divan::bench(args = [NEW, UNCHANGED])]
fn draw(bencher: Bencher<'_, '_>, pictures: &str) {
    let stand = std::cell::RefCell::new(Stand::new(0));
    let prepare = || {
        if pictures == NEW {
            stand.borrow().measure_anew();
        }
    };
    bencher.with_inputs(prepare).bench_local_values(|()| stand.borrow_mut().draw());
}

#[divan::bench(args = [NEW, UNCHANGED])]
fn tessellate(bencher: Bencher<'_, '_>, pictures: &str) {
    let stand = std::cell::RefCell::new(Stand::new(0));
    let drawn = || {
        if pictures == NEW {
            stand.borrow().measure_anew();
        }
        stand.borrow_mut().draw()
    };
    bencher.with_inputs(drawn).bench_local_values(|output| stand.borrow().tessellate(output));
}
