//! The window, by its accessible names: what is shown, what a click asks for, and that it rests.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use egui::{Color32, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hearthlight::model::layouts::{self, LEFT};
use hearthlight::model::message::{Command, Outcome, Ticket};
use hearthlight::model::sensors::{self, Device, DeviceId, Ended, Phase};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::{self, Layer, Level, Listener, Notice, PortState, Reach, Setting};
use hearthlight::model::thermal::{Array, Calibration, Choice, PixelMeaning};
use hearthlight::port::slots::{DeviceSlot, Kind, Slots};
use hearthlight::port::{Asked, Facts, Port, Posted, Published};
use hearthlight::ui::app::{self, Window, WindowOptions};
use hearthlight::ui::choices::{Choices, Range};
use hearthlight::ui::panels::thermal::grid::Plan;
use hearthlight::ui::panels::thermal::tile;
use hearthlight::ui::theme::{Look, Tokens, contrast, size, space};
use hearthlight::ui::widgets::heat_view;
use hearthlight::ui::{panels, words};
use hearthlight::units::grid::Size;
use hearthlight::units::moment::Moment;
use hearthlight::units::temperature::Scale;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::mpsc;

use crate::nouns::{self, plug};

pub(crate) const NOW: Moment = Moment::from_millis(60_000);

pub(crate) struct House {
    pub(crate) port: Port,
    pub(crate) commands: mpsc::Receiver<Posted>,
    pub(crate) facts: crossbeam_channel::Sender<Published>,
}

pub(crate) fn wall() -> Timestamp {
    Timestamp::from_second(1_790_000_000).unwrap()
}

pub(crate) fn house(snapshot: Snapshot, slots: Slots) -> House {
    let (sender, commands) = mpsc::channel(64);
    let (facts, receiver) = crossbeam_channel::bounded(64);
    let received = Facts { receiver, lagged: Arc::default() };
    let port = Port { facts: received, slots: Arc::new(slots), ..plug(sender, snapshot) };
    House { port, commands, facts }
}

pub(crate) fn device(name: &str, phase: Phase) -> Device {
    Device {
        location: name.to_lowercase().into(),
        address: "192.168.1.77".parse().unwrap(),
        simulated: false,
        connected: phase != Phase::Offline,
        phase,
        ended: (phase == Phase::Offline).then_some(Ended::ClosedByDevice),
        since: wall(),
        period: Some(Duration::from_millis(125)),
        ..nouns::device(name)
    }
}

pub(crate) fn array(device: &DeviceId, calibration: Calibration) -> Array {
    Array {
        device: device.clone(),
        size: Size::MLX90640,
        meaning: PixelMeaning::Mlx90640Raw,
        calibration,
        choice: Choice::default(),
        regions: Arc::default(),
    }
}

pub(crate) fn put_frame(slots: &Slots, slot: &DeviceSlot, hottest: f32) {
    let mut frame = slot.frames.recycle(&slots.frame_bytes);
    let filled = Arc::get_mut(&mut frame).unwrap();
    let cells = filled.begin(Size::MLX90640);
    cells.fill(20.0);
    cells[2 * 32 + 7] = hottest;
    filled.set_broken(100);
    filled.calibrated = true;
    (filled.at, filled.wall) = (NOW, wall());
    filled.measure();
    slot.hottest.push(NOW, f64::from(hottest));
    slot.frames.put(frame, &slots.frame_bytes);
    slot.accepted[Kind::Frame as usize].add(1);
}

/// Bench is live, Door is lost, Garage waits, Air has channels.
pub(crate) fn lived_in() -> House {
    let (mut snapshot, slots) = (Snapshot::default(), Slots::default());
    snapshot.system.reach = Reach::Lan;
    for (name, phase) in [("Bench", Phase::Streaming), ("Door", Phase::Offline), ("Air", Phase::Streaming)] {
        let device = device(name, phase);
        let slot = Arc::new(DeviceSlot::new(device.id.clone(), Arc::clone(&device.location)));
        if name == "Air" {
            slot.channel("ADC1").unwrap().readings.push(NOW, 819.0);
            slot.channel("DIO").unwrap().readings.push(NOW, 0.0);
        } else {
            put_frame(&slots, &slot, 41.2);
            let array = array(&device.id, Calibration::Received);
            snapshot.thermal.arrays.insert(device.id.clone(), Arc::new(array));
        }
        slots.insert(slot);
        snapshot.sensors.devices.insert(device.id.clone(), Arc::new(device));
    }
    let mut garage = device("Garage", Phase::Identify);
    garage.accepted = false;
    snapshot.sensors.devices.insert(garage.id.clone(), Arc::new(garage));
    house(snapshot, slots)
}

pub(crate) fn empty() -> House {
    let mut snapshot = Snapshot::default();
    snapshot.system.reach = Reach::Loopback;
    house(snapshot, Slots::default())
}

fn open(house: &House) -> Harness<'static, Window> {
    open_at(house, egui::vec2(1600.0, 900.0))
}

/// The window on Thermal.
fn open_at(house: &House, size: egui::Vec2) -> Harness<'static, Window> {
    let mut harness = start(house, size);
    click(&mut harness, "Thermal");
    harness
}

/// The window as it starts.
pub(crate) fn start(house: &House, size: egui::Vec2) -> Harness<'static, Window> {
    let clock: app::Clock = Arc::new(|| (NOW, wall()));
    let window = Window::new(house.port.clone(), WindowOptions { clock, zone: TimeZone::UTC, stall: None });
    let mut harness =
        Harness::builder().with_size(size).with_context_setup(app::prepare).with_max_steps(12).build_ui_state(
            |ui, window: &mut Window| {
                window.take_in(ui.ctx());
                window.draw(ui);
            },
            window,
        );
    harness.run_steps(3);
    harness
}

/// Changes what is so, and publishes it.
pub(crate) fn tell(house: &House, change: impl FnOnce(&mut Snapshot)) {
    let mut snapshot = Snapshot::clone(&house.port.view());
    snapshot.seq += 1;
    change(&mut snapshot);
    let snapshot = Arc::new(snapshot);
    house.port.snapshot.store(Arc::clone(&snapshot));
    house.facts.send(Published { snapshot, facts: Arc::from([]) }).unwrap();
}

/// What the window asks from now on.
pub(crate) fn questions(house: &mut House) -> crossbeam_channel::Receiver<Asked> {
    let (sender, questions) = crossbeam_channel::bounded(64);
    house.port.questions = sender;
    questions
}

/// Nothing asks for another frame once all has settled, and no picture is made anew.
pub(crate) fn rests(harness: &mut Harness<'_, Window>) {
    harness.run();
    harness.step();
    let sets = harness.state().pictures().sets();
    harness.step();
    let output = &harness.output().viewport_output[&egui::ViewportId::ROOT];
    assert_eq!(output.repaint_delay, Duration::MAX);
    assert_eq!(harness.state().pictures().sets(), sets);
}

/// What a person asked for: how the window is left is kept without being asked.
pub(crate) fn sent(house: &mut House) -> Vec<Command> {
    let mut all = all_sent(house);
    all.retain(|command| !matches!(command, Command::Layouts(layouts::Command::Put { name, .. }) if name == LEFT));
    all
}

/// Everything that was sent.
pub(crate) fn all_sent(house: &mut House) -> Vec<Command> {
    std::iter::from_fn(|| house.commands.try_recv().ok()).map(|posted| posted.envelope.command).collect()
}

pub(crate) fn click(harness: &mut Harness<'_, Window>, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(3);
}

#[test]
fn a_picture_says_its_hottest_cell_in_a_sentence() {
    let house = lived_in();
    let harness = open(&house);
    harness.get_by_label("Bench, hottest 41.2 degrees at row 3 column 8, live");
    harness.get_by_label("Door, hottest 41.2 degrees at row 3 column 8, offline");
}

#[test]
fn a_waiting_device_is_accepted_by_its_button() {
    let mut house = lived_in();
    let mut harness = open(&house);
    click(&mut harness, "Accept Garage");
    let accept = sensors::Command::Accept { device: DeviceId::new("Garage") };
    assert_eq!(sent(&mut house), [Command::Sensors(accept)]);
}

#[test]
fn air_shows_percent_and_never_ppm_without_a_calibration() {
    let house = lived_in();
    let harness = open(&house);
    harness.get_by_label("Air, smoke: 20.0\u{a0}%, live");
    harness.get_by_label("Air, flame detector: none, live");
}

#[test]
fn without_devices_the_wire_format_and_the_port_are_shown() {
    let mut snapshot = Snapshot::default();
    snapshot.system.reach = Reach::Loopback;
    let state = PortState::Open { at: "127.0.0.1:9001".to_owned() };
    let line = Listener { key: "sensors.listen".into(), purpose: "sensors".into(), wanted: "9001".into(), state };
    snapshot.system.listeners.push(line);
    let house = house(snapshot, Slots::default());
    let mut harness = open(&house);
    harness.get_by_label("No sensor has dialled in yet");
    harness.get_by_label("127.0.0.1:9001");
    click(&mut harness, "Copy the address");
}

#[test]
fn a_port_that_failed_says_why_in_place() {
    let mut snapshot = Snapshot::default();
    snapshot.system.reach = Reach::Loopback;
    let state = PortState::Failed { why: "Port 9001 is used by diyhue.".to_owned() };
    let line = Listener { key: "sensors.listen".into(), purpose: "sensors".into(), wanted: "9001".into(), state };
    snapshot.system.listeners.push(line);
    let notice = Notice { level: Level::Warning, text: "Sensors cannot connect.".into(), since: wall() };
    snapshot.system.notices.insert("port".into(), notice);
    let house = house(snapshot, Slots::default());
    let harness = open(&house);
    harness.get_by_label("The sensor port could not be opened");
    harness.get_by_label("Port 9001 is used by diyhue.");
    harness.get_by_label("Warning: Sensors cannot connect.");
}

#[test]
fn the_first_question_is_asked_once_and_answered_by_a_command() {
    let mut house = house(Snapshot::default(), Slots::default());
    let mut harness = open(&house);
    harness.get_by_label("May your local network reach Hearthlight?");
    click(&mut harness, "Keep to this computer");
    assert_eq!(sent(&mut house), [Command::System(system::Command::AnswerReach { lan: false })]);
    let empty = empty();
    assert!(open(&empty).query_by_label("May your local network reach Hearthlight?").is_none());
}

#[test]
fn the_demo_home_never_asks() {
    let mut snapshot = Snapshot::default();
    snapshot.system.demo = true;
    let house = house(snapshot, Slots::default());
    assert!(open(&house).query_by_label("May your local network reach Hearthlight?").is_none());
}

#[test]
fn choices_take_effect_at_once_and_are_remembered() {
    let mut house = lived_in();
    let mut harness = open(&house);
    click(&mut harness, "Range: Shared range");
    assert_eq!(harness.state().choices().range, Range::Shared);
    harness.key_press(Key::P);
    harness.run_steps(3);
    let set =
        |key: &str, value: &str| Command::System(system::Command::Set { key: key.to_owned(), value: value.to_owned() });
    assert_eq!(sent(&mut house), [set("window.range", "shared"), set("window.palette", "cividis")]);
}

#[test]
fn settings_come_back_as_choices() {
    let set = |key: &str, value: &str| Setting {
        key: key.into(),
        value: value.into(),
        layer: Layer::Window,
        help: "".into(),
    };
    let settings = [
        set("window.palette", "white_hot"),
        set("window.units", "kelvin"),
        set("window.text_scale", "7"),
        set("window.smooth", "false"),
        set("window.theme", "nonsense"),
    ];
    let choices = Choices::of(&settings);
    assert_eq!((choices.palette.name(), choices.scale, choices.smooth), ("White hot", Scale::Kelvin, false));
    assert_eq!((choices.text_scale, choices.theme), (2.0, hearthlight::ui::choices::Theme::System));
}

#[test]
fn keys_go_places_select_enlarge_and_come_back() {
    let house = lived_in();
    let mut harness = open(&house);
    let places = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];
    harness.key_press_modifiers(Modifiers::COMMAND, places[panels::order::SYSTEM]);
    harness.run_steps(2);
    assert_eq!(harness.state().stage().page, panels::order::SYSTEM);
    harness.key_press_modifiers(Modifiers::COMMAND, places[panels::order::THERMAL]);
    harness.run_steps(2);
    assert_eq!(harness.state().stage().selected, Some(DeviceId::new("Bench")));
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    assert_eq!(harness.state().stage().selected, Some(DeviceId::new("Door")));
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    harness.get_by_label("All arrays");
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert!(harness.query_by_label("All arrays").is_none());
}

#[test]
fn the_inspector_shows_meaning_and_changes_it() {
    let mut house = lived_in();
    let mut harness = open(&house);
    harness.get_by_label("mlx90640-raw, automatic");
    click(&mut harness, "Mirror the picture");
    let mut choice = Choice::default();
    choice.mounting.mirror = true;
    let device = DeviceId::new("Bench");
    let choose = hearthlight::model::thermal::Command::Choose { device, choice };
    assert_eq!(sent(&mut house), [Command::Thermal(choose)]);
    assert!(harness.state().stage().wish.is_some());
}

#[test]
fn a_refused_wish_is_taken_back_and_said() {
    let mut house = lived_in();
    let mut harness = open(&house);
    click(&mut harness, "Mirror the picture");
    let why = "There is no such array.".to_owned();
    house.port.outcomes.lock().push((Ticket(1), Outcome::Refused { why }));
    harness.run_steps(2);
    assert!(harness.state().stage().wish.is_none());
    harness.get_by_label("There is no such array.");
    assert_eq!(sent(&mut house).len(), 1);
}

#[test]
fn a_device_is_renamed_by_enter_and_forgotten_only_after_a_yes() {
    let mut house = lived_in();
    let mut harness = open(&house);
    click(&mut harness, "Rename (F2)");
    harness.get_by_label("Name of the sensor").type_text(" top");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    let device = DeviceId::new("Bench");
    let rename = sensors::Command::Rename { device: device.clone(), name: "Bench top".to_owned() };
    assert_eq!(sent(&mut house), [Command::Sensors(rename)]);
    click(&mut harness, "More");
    click(&mut harness, "Forget\u{2026}");
    assert!(sent(&mut house).is_empty());
    click(&mut harness, "Forget it");
    assert_eq!(sent(&mut house), [Command::Sensors(sensors::Command::Forget { device })]);
}

/// One array whose newest frame came before any calibration.
fn uncalibrated(calibration: Calibration) -> House {
    let (mut snapshot, slots) = (Snapshot::default(), Slots::default());
    snapshot.system.reach = Reach::Lan;
    let device = device("Spare", Phase::Streaming);
    let slot = Arc::new(DeviceSlot::new(device.id.clone(), Arc::clone(&device.location)));
    let mut frame = slot.frames.recycle(&slots.frame_bytes);
    let filled = Arc::get_mut(&mut frame).unwrap();
    filled.begin(Size::MLX90640).fill(0.0);
    (0..Size::MLX90640.cells()).for_each(|cell| filled.set_broken(cell));
    filled.measure();
    slot.frames.put(frame, &slots.frame_bytes);
    slots.insert(slot);
    let array = array(&device.id, calibration);
    snapshot.thermal.arrays.insert(device.id.clone(), Arc::new(array));
    snapshot.sensors.devices.insert(device.id.clone(), Arc::new(device));
    house(snapshot, slots)
}

#[test]
fn an_uncalibrated_array_says_so_plainly() {
    let house = uncalibrated(Calibration::Missing);
    let harness = open(&house);
    harness.get_by_label("Spare, no temperatures: not calibrated, live");
    harness.get_by_label("uncalibrated");
    harness.get_by_label("max \u{2013} \u{b0}C");
}

#[test]
fn a_calibration_that_came_after_the_newest_frame_is_said() {
    for calibration in [Calibration::Stored, Calibration::Received] {
        let house = uncalibrated(calibration);
        open(&house).get_by_label("Spare, no temperatures: calibration has come, live");
    }
}

#[test]
fn system_lists_devices_ports_and_where_settings_come_from() {
    let house = lived_in();
    let mut snapshot = Snapshot::clone(&house.port.view());
    snapshot.seq = 1;
    let layer = Layer::File { line: 12 };
    let setting = Setting { key: "sensors.allow".into(), value: "10.0.0.0/8".into(), layer, help: "Who.".into() };
    snapshot.system.settings = Arc::new(vec![setting]);
    house.facts.send(Published { snapshot: Arc::new(snapshot), facts: Arc::from([]) }).unwrap();
    let mut harness = open_at(&house, egui::vec2(1600.0, 1800.0));
    click(&mut harness, "System");
    harness.get_by_label("sensors.allow, 10.0.0.0/8, set in settings.ron, line 12, Who.");
    assert!(harness.query_by_label("Change sensors.allow").is_none());
    harness.get_by_label_contains("Door, offline");
}

#[test]
fn the_window_rests_when_nothing_changes() {
    let mut snapshot = Snapshot::clone(&lived_in().port.view());
    let slots = lived_in().port.slots;
    // Lost devices show an age that ticks; live ones do not.
    let _ = snapshot.sensors.devices.remove(&DeviceId::new("Door"));
    let mut house = house(snapshot, Slots::default());
    house.port.slots = slots;
    let mut harness = open(&house);
    rests(&mut harness);
}

#[test]
fn an_age_on_screen_asks_for_the_next_second_only() {
    let house = lived_in();
    let mut harness = open(&house);
    harness.run_steps(4);
    let delay = harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert!(delay > Duration::from_millis(100) && delay <= Duration::from_secs(1), "{delay:?}");
}

#[test]
fn a_new_frame_sets_one_texture_once() {
    let house = lived_in();
    let mut harness = open(&house);
    harness.run_steps(3);
    let before = harness.state().pictures().sets();
    let slot = house.port.slots.device(&DeviceId::new("Bench")).unwrap();
    put_frame(&house.port.slots, &slot, 50.0);
    harness.run_steps(3);
    assert_eq!(harness.state().pictures().sets(), before + 1);
    harness.get_by_label("Bench, hottest 50.0 degrees at row 3 column 8, live");
}

#[test]
fn neighbours_leave_the_cell_itself_and_broken_ones_out() {
    let (slots, id) = (Slots::default(), DeviceId::new("x"));
    let slot = DeviceSlot::new(id, "x".into());
    put_frame(&slots, &slot, 90.0);
    let frame = slot.frames.newest().unwrap();
    assert_eq!(heat_view::neighbours(&frame, 2 * 32 + 7), Some(20.0));
    assert_eq!(heat_view::neighbours(&frame, 2 * 32 + 8), Some((7.0 * 20.0 + 90.0) / 8.0));
    assert_eq!(heat_view::neighbours(&frame, 0), Some(20.0));
}

#[test]
fn all_tiles_fit_where_they_can() {
    let seen_at_once = |n: usize| {
        let plan = Plan::of(n, 1384.0, 936.0);
        let rows = n.div_ceil(plan.columns) as f32;
        assert!((1..=n).contains(&plan.columns), "{n}: {plan:?}");
        assert!(plan.width >= size::TILE_MIN, "{n}: {plan:?}");
        rows * plan.height + (rows - 1.0) * space::L <= 936.0
    };
    assert!((1..=36).all(seen_at_once));
    assert!(!seen_at_once(60));
}

#[test]
fn few_tiles_are_large_and_many_fill_the_height() {
    let plan = |n| Plan::of(n, 1384.0, 936.0);
    assert_eq!((plan(1).columns, plan(4).columns, plan(9).columns, plan(25).columns), (1, 2, 3, 5));
    let filled = 5.0 * plan(25).height + 4.0 * space::L;
    assert!((930.0..=936.0).contains(&filled), "{filled}");
    let pictures = [1, 4, 9, 25].map(|n| tile::Parts::of(plan(n).width, plan(n).height).picture.x);
    assert!(pictures.is_sorted_by(|a, b| a > b), "{pictures:?}");
}

#[test]
fn a_flame_is_a_word() {
    let house = lived_in();
    let slot = house.port.slots.device(&DeviceId::new("Air")).unwrap();
    slot.channel("DIO").unwrap().readings.push(NOW, 1.0);
    open(&house).get_by_label("Air, flame detector: FLAME, live");
}

#[test]
fn more_channels_than_a_row_holds_are_counted() {
    let house = lived_in();
    let slot = house.port.slots.device(&DeviceId::new("Air")).unwrap();
    (0..20).for_each(|i| slot.channel(&format!("K{i}")).unwrap().readings.push(NOW, f64::from(i)));
    let harness = open(&house);
    harness.get_by_label("Air, K0: 0, live");
    assert!(harness.query_by_label("Air, K19: 19, live").is_none());
}

#[test]
fn figures_read_as_people_write_them() {
    assert_eq!(words::degrees(Some(-3.25), Scale::Celsius), "\u{2212}3.2");
    assert_eq!(words::degrees(None, Scale::Celsius), "\u{2013}");
    assert_eq!(words::degrees_with_unit(Some(0.0), Scale::Fahrenheit), "32.0\u{a0}\u{b0}F");
    assert_eq!(words::rate(Some(-0.01), Scale::Celsius), "+0.0/min");
    assert_eq!(words::degrees(Some(-0.01), Scale::Celsius), "0.0");
    assert_eq!(words::range(22.0, 56.8, Scale::Celsius), "22.0\u{2013}56.8");
    assert_eq!(words::range(-9.5, -3.0, Scale::Celsius), "\u{2212}9.5\u{a0}\u{2013}\u{a0}\u{2212}3.0");
    let custom = PixelMeaning::Custom { scale: 0.01, offset: -40.0 };
    assert_eq!(words::meaning(custom), "custom: value\u{a0}\u{d7}\u{a0}0.01\u{a0}\u{2212}40");
    assert_eq!(words::age(Duration::from_secs(31)), "31\u{a0}s");
    assert_eq!(words::count(3_336), "3,336");
    assert_eq!(words::count(999), "999");
    assert_eq!(words::period(Some(Duration::from_millis(126))), "7.9\u{a0}fps");
    assert_eq!(words::bytes(3_350), "3.4\u{a0}kB");
}

/// LOOK promises: text at least 4.5 on each ground, lines and glyphs at least 3.0, in each look.
#[test]
fn contrasts_are_as_promised() {
    for look in [Look::Dark, Look::Light, Look::Contrast] {
        let t = look.tokens();
        let least = |color: Color32, grounds: &[Color32]| {
            grounds.iter().map(|ground| contrast(color, *ground)).fold(f32::MAX, f32::min)
        };
        let grounds = [t.bg0, t.bg1, t.bg2, t.bg3];
        for (name, color) in texts(t) {
            let measured = least(color, &grounds);
            assert!(measured >= 4.45, "{look:?} {name}: {measured}");
        }
        assert!(least(t.edge, &grounds) >= 3.0, "{look:?} edge");
        assert!(least(t.focus, &grounds) >= 14.0, "{look:?} focus");
        let pairs = [
            (t.on_ember, t.ember),
            (t.text3, t.ember_dim),
            (t.text1, t.ember_dim),
            (t.on_danger, t.danger_fill),
            (t.on_warning, t.warning_fill),
            (t.on_notice, t.notice_fill),
        ];
        for (text, fill) in pairs {
            assert!(contrast(text, fill) >= 4.5, "{look:?} {text:?} on {fill:?}: {}", contrast(text, fill));
        }
        for (i, series) in t.series.iter().enumerate() {
            assert!(contrast(*series, t.bg2) >= 3.0, "{look:?} series {i}");
        }
    }
}

fn texts(t: &Tokens) -> [(&'static str, Color32); 11] {
    [
        ("text1", t.text1),
        ("text2", t.text2),
        ("text3", t.text3),
        ("ember", t.ember),
        ("danger", t.danger),
        ("warning", t.warning),
        ("notice", t.notice),
        ("ok", t.ok),
        ("pending", t.pending),
        ("stale", t.stale),
        ("offline", t.offline),
    ]
}

/// A colour written anywhere in the window but in `theme.rs` fails.
#[test]
fn colours_are_written_in_the_theme_only() {
    let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui");
    let mut files = Vec::new();
    collect(&room, &mut files);
    assert!(files.len() > 20, "{}", files.len());
    let forbidden = ["from_rgb(", "from_gray(", "from_hex", "hex_color!", "Color32::RED", "Color32::GRAY", "hex(0x"];
    for file in files.iter().filter(|file| !file.ends_with("theme.rs")) {
        let content = std::fs::read_to_string(file).unwrap();
        for word in forbidden {
            assert!(!content.contains(word), "{} contains {word}", file.display());
        }
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            files.push(path);
        }
    }
}

/// Every icon has a glyph, and so has every character the window writes: kittest panics on one that has none.
#[test]
fn every_icon_has_a_glyph() {
    let mut harness = Harness::builder().with_context_setup(app::prepare).build_ui(|ui| {
        for icon in hearthlight::ui::icons::ALL {
            let role = hearthlight::ui::theme::text::ICON_M;
            ui.label(hearthlight::ui::style::job(&icon.to_string(), role, ui.visuals().text_color()));
        }
    });
    harness.run();
    assert!(harness.root().accesskit_node().children().count() > 0);
}
