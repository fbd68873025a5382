//! Alarms in the window: what each state says, what buttons and keys ask for, and that nothing is lost while it does.

use std::sync::Arc;

use egui::accesskit::Live;
use egui::{Color32, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hearthlight::model::alarms::Command as Ask;
use hearthlight::model::alarms::alarm::{Alarm, AlarmId, Done, Flood, Noted, OutOfService, Reason, Shelf, State};
use hearthlight::model::alarms::rule::{Input, Latch, Level, Rule, RuleId, Source};
use hearthlight::model::deed::Deed;
use hearthlight::model::learned::{Learned, Rest};
use hearthlight::model::message::{Command, Envelope, Origin};
use hearthlight::model::sensors::{DeviceId, Phase};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::{self, Layer, Reach, Setting};
use hearthlight::model::thermal::{Array, Calibration, Choice, PixelMeaning};
use hearthlight::port::Published;
use hearthlight::port::slots::{DeviceSlot, Slots};
use hearthlight::ui::app::Window;
use hearthlight::ui::panels;
use hearthlight::ui::shell::alarm_bar::lines::{self, Line, Tone};
use hearthlight::ui::shell::alarm_bar::state::Growth;
use hearthlight::ui::shell::keys::PLACES;
use hearthlight::ui::theme::{Look, contrast, size};
use hearthlight::ui::widgets::alarmed::Alarmed;
use hearthlight::units::grid::Size;
use hearthlight::units::moment::Moment;
use jiff::{SignedDuration, Timestamp};

use crate::nouns;
use crate::ui::{self, NOW, click, device, wall};

fn ago(seconds: i64) -> Timestamp {
    wall() - SignedDuration::from_secs(seconds)
}

fn reason(device: &str, name: &str, level: Level, (value, threshold, unit): (f64, f64, &str)) -> Reason {
    let device = DeviceId::new(device);
    let since = ago(4);
    Reason {
        source: 0,
        name: name.into(),
        device,
        level,
        on: true,
        value,
        threshold,
        unit: unit.into(),
        since,
        cell: None,
        stale: false,
    }
}

fn alarm(rule: &str, at: &str, level: Level, reasons: Vec<Reason>) -> Alarm {
    Alarm {
        location: at.to_lowercase().into(),
        raised: ago(4),
        changed: ago(4),
        reasons,
        ..nouns::alarm(rule, at, level)
    }
}

fn hot(at: &str) -> Alarm {
    let mut hottest = reason(at, "Hottest cell", Level::Danger, (85.3, 60.0, "C"));
    hottest.cell = Some((11, 20));
    let rise = reason(at, "Rise", Level::Warning, (22.0, 10.0, "K/min"));
    alarm("Hot spot", at, Level::Danger, vec![hottest, rise])
}

fn smoke(at: &str) -> Alarm {
    alarm("Smoke", at, Level::Warning, vec![reason(at, "Above rest", Level::Warning, (14.25, 8.0, "points"))])
}

fn silent(at: &str) -> Alarm {
    alarm("Silent", at, Level::Notice, vec![reason(at, "No packet", Level::Notice, (31.0, 30.0, "s"))])
}

fn noted(mut alarm: Alarm) -> Alarm {
    alarm.state = State::Acknowledged;
    alarm.acknowledged = Some(Noted { by: "Ana".into(), at: ago(200) });
    alarm
}

fn cleared(mut alarm: Alarm) -> Alarm {
    (alarm.state, alarm.raised, alarm.over) = (State::Cleared, ago(300), Some(ago(48)));
    alarm
}

fn acted(mut alarm: Alarm) -> Alarm {
    let undo = Some(Deed::System(system::Command::ShowWindow));
    let done = |what: &str, refused: Option<&str>, undo| Done {
        what: what.into(),
        at: ago(2),
        refused: refused.map(Into::into),
        undo,
        undone: false,
    };
    alarm.done = vec![done("Lights red", None, undo), done("Furby shouts", Some("it sleeps"), None)];
    alarm
}

fn rule(name: &str) -> Rule {
    let source = Source {
        name: "Hottest cell".into(),
        hysteresis: 2.0,
        weight: 0.9,
        level: Level::Danger,
        ..nouns::source(Input::Hottest { area: None }, 60.0)
    };
    Rule { min_sources: 2, together: Level::Notice, latch: Latch::Danger, ..nouns::rule(name, vec![source]) }
}

/// A house with alarms: Bench and Rack see heat, Air smells, Door is lost.
struct House {
    snapshot: Snapshot,
    home: ui::House,
}

impl House {
    fn new(alarms: impl IntoIterator<Item = Alarm>) -> Self {
        let (mut snapshot, slots) = (Snapshot::default(), Slots::default());
        snapshot.system.reach = Reach::Lan;
        snapshot.system.operator = "Ana".into();
        for name in ["Bench", "Rack", "Air", "Door"] {
            let phase = if name == "Door" { Phase::Offline } else { Phase::Streaming };
            let device = device(name, phase);
            let slot = DeviceSlot::new(device.id.clone(), Arc::clone(&device.location));
            if name == "Air" {
                slot.channel("ADC1").unwrap().readings.push(NOW, 819.0);
            } else {
                let meaning = PixelMeaning::QuarterCelsius;
                let (calibration, choice) = (Calibration::NotNeeded, Choice::default());
                let array = Array {
                    device: device.id.clone(),
                    size: Size::MLX90640,
                    meaning,
                    calibration,
                    choice,
                    regions: Arc::default(),
                };
                snapshot.thermal.arrays.insert(device.id.clone(), Arc::new(array));
            }
            slots.insert(Arc::new(slot));
            snapshot.sensors.devices.insert(device.id.clone(), Arc::new(device));
        }
        for name in ["Hot spot", "Smoke"] {
            snapshot.alarms.rules.insert(RuleId::new(name), Arc::new(rule(name)));
        }
        let mut house = Self { snapshot, home: ui::house(Snapshot::default(), slots) };
        house.put(alarms);
        house.home.port.snapshot.store(Arc::new(house.snapshot.clone()));
        house
    }

    fn put(&mut self, alarms: impl IntoIterator<Item = Alarm>) {
        for alarm in alarms {
            self.snapshot.alarms.active.insert(alarm.id.clone(), Arc::new(alarm));
        }
    }

    /// Changes what is so, and publishes it.
    fn change(&mut self, how: impl FnOnce(&mut Snapshot)) {
        how(&mut self.snapshot);
        self.snapshot.seq += 1;
        let snapshot = Arc::new(self.snapshot.clone());
        self.home.facts.send(Published { snapshot, facts: Arc::from([]) }).unwrap();
    }

    fn open(&self) -> Harness<'static, Window> {
        self.open_at(egui::vec2(1600.0, 900.0))
    }

    fn open_at(&self, size: egui::Vec2) -> Harness<'static, Window> {
        ui::start(&self.home, size)
    }

    fn envelopes(&mut self) -> Vec<Envelope> {
        std::iter::from_fn(|| self.home.commands.try_recv().ok()).map(|posted| posted.envelope).collect()
    }

    fn asked(&mut self) -> Vec<Ask> {
        let alarms = |envelope: Envelope| match envelope.command {
            Command::Alarms(ask) => Some(ask),
            _ => None,
        };
        self.envelopes().into_iter().filter_map(alarms).collect()
    }
}

fn press(harness: &mut Harness<'_, Window>, key: Key) {
    harness.key_press(key);
    harness.run_steps(2);
}

/// The sentence that screen readers watch, and how they announce it.
fn told(harness: &Harness<'_, Window>) -> (String, Live) {
    let found: Vec<_> = harness
        .query_all(egui_kittest::kittest::by().predicate(|node| node.live() != Live::Off))
        .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.accesskit_node().live()))
        .collect();
    assert_eq!(found.len(), 1, "one live region: {found:?}");
    found.into_iter().next().unwrap()
}

fn said(alarms: impl IntoIterator<Item = Alarm>) -> String {
    told(&House::new(alarms).open()).0
}

#[test]
fn each_state_is_said_in_one_sentence() {
    let why = "Why: Hottest cell, row 12 column 21; Rise: 22.0\u{a0}K/min (limit 10)";
    let hot_spot = "Danger: Hot spot, Bench 85.3\u{a0}\u{b0}C (limit 60), since 14:13:16";
    assert_eq!(said([hot("Bench")]), format!("{hot_spot}, not acknowledged. {why}"));
    assert_eq!(said([noted(hot("Bench"))]), format!("{hot_spot}, acknowledged by Ana 14:10. {why}"));
    assert_eq!(
        said([smoke("Air")]),
        "Warning: Smoke, Air 14.2\u{a0}points (limit 8), since 14:13:16, not acknowledged. Why: Above rest"
    );
    assert_eq!(
        said([cleared(smoke("Air"))]),
        "Warning: Smoke, Air 14.2\u{a0}points (limit 8), since 14:08:20, cleared after 00:04:12, not acknowledged"
    );
    let mut test = smoke("Air");
    test.test = true;
    assert!(said([test]).starts_with("TEST. Warning: Smoke, Air"));
}

#[test]
fn silence_is_no_data_and_never_a_value() {
    let sentence = said([silent("Door")]);
    let start = "Notice: No data from Door for 00:00:31, since 14:13:16, not acknowledged. Why: connection closed";
    assert!(sentence.starts_with(start), "{sentence}");
    assert!(!sentence.contains("limit"), "{sentence}");
}

#[test]
fn a_stale_reason_and_one_that_is_over_are_said() {
    let mut stale = hot("Bench");
    stale.reasons[1].stale = true;
    let house = House::new([stale]);
    house.home.port.slots.device(&DeviceId::new("Bench")).unwrap().heard(Moment::from_millis(29_000));
    assert!(told(&house.open()).0.ends_with("Rise: 22.0\u{a0}K/min (limit 10), no data for 31\u{a0}s"));
    let mut over = hot("Bench");
    over.reasons[1].on = false;
    over.over = Some(ago(2));
    let sentence = said([over]);
    assert!(sentence.contains("over since 14:13:18, stays until acknowledged"), "{sentence}");
    assert!(sentence.ends_with("(limit 10), over"), "{sentence}");
}

#[test]
fn all_clear_is_said_only_if_nothing_is_wrong() {
    let mut house = House::new([]);
    let id = AlarmId::of(&RuleId::new("Smoke"), "Air");
    house.snapshot.alarms.last = Some((id, ago(3_600)));
    house.home.port.snapshot.store(Arc::new(house.snapshot.clone()));
    let last = "last alarm 13:13: Smoke, Air, acknowledged";
    assert_eq!(told(&house.open()).0, format!("No alarms. 3 of 4 sensors live, {last}"));
    drop(house.snapshot.sensors.devices.remove(&DeviceId::new("Door")));
    house.home.port.snapshot.store(Arc::new(house.snapshot.clone()));
    assert_eq!(told(&house.open()), (format!("ALL CLEAR. 3 sensors, {last}"), Live::Polite));
}

#[test]
fn acknowledging_is_asked_for_in_the_operators_name() {
    let mut house = House::new([hot("Bench"), smoke("Air")]);
    let mut harness = house.open();
    click(&mut harness, "Acknowledge");
    let envelopes = house.envelopes();
    let ask = Ask::Acknowledge { alarm: AlarmId::of(&RuleId::new("Hot spot"), "Bench") };
    let found: Vec<_> = envelopes.iter().map(|e| (e.command.clone(), e.origin.clone())).collect();
    assert_eq!(found, [(Command::Alarms(ask), Origin::Operator("Ana".into()))]);
}

#[test]
fn keys_act_on_the_most_pressing_alarm() {
    let mut house = House::new([acted(hot("Bench")), smoke("Air")]);
    let mut harness = house.open();
    let alarm = AlarmId::of(&RuleId::new("Hot spot"), "Bench");
    press(&mut harness, Key::A);
    press(&mut harness, Key::S);
    press(&mut harness, Key::M);
    let shelve = Ask::Shelve { alarm: alarm.clone(), minutes: 10, reason: String::new() };
    let acknowledge = Ask::Acknowledge { alarm: alarm.clone() };
    assert_eq!(house.asked(), [acknowledge, shelve, Ask::Mute { minutes: Some(10) }]);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::A);
    harness.run_steps(2);
    assert_eq!(house.asked(), [Ask::AcknowledgeAll { device: None }]);
    press(&mut harness, Key::U);
    assert!(house.asked().is_empty(), "taking back is asked about first");
    click(&mut harness, "Take them back");
    assert_eq!(house.asked(), [Ask::UndoActions { alarm }]);
    assert!(harness.query_by_label("Take them back").is_none());
}

#[test]
fn keys_act_on_the_selected_devices_alarm_if_a_person_selected_it() {
    let mut house = House::new([hot("Bench"), smoke("Air")]);
    let mut harness = house.open();
    harness.key_press_modifiers(Modifiers::COMMAND, PLACES[panels::order::THERMAL]);
    harness.run_steps(2);
    harness.get_by_label("Air, air, live, Warning").click();
    harness.run_steps(2);
    press(&mut harness, Key::A);
    assert_eq!(house.asked(), [Ask::Acknowledge { alarm: AlarmId::of(&RuleId::new("Smoke"), "Air") }]);
    // Its alarm is noted: the key goes back to the most pressing of all.
    house.change(|s| drop(s.alarms.active.insert(smoke("Air").id, Arc::new(noted(smoke("Air"))))));
    harness.run_steps(2);
    press(&mut harness, Key::A);
    assert_eq!(house.asked(), [Ask::Acknowledge { alarm: AlarmId::of(&RuleId::new("Hot spot"), "Bench") }]);
}

#[test]
fn going_there_selects_the_device_on_its_page() {
    let house = House::new([smoke("Air")]);
    let mut harness = house.open();
    click(&mut harness, "System");
    press(&mut harness, Key::G);
    assert_eq!(harness.state().stage().selected, Some(DeviceId::new("Air")));
    assert_eq!(harness.state().stage().page, panels::order::THERMAL);
}

#[test]
fn a_key_that_is_held_down_acknowledges_once() {
    let mut house = House::new([hot("Bench"), smoke("Air")]);
    let mut harness = house.open();
    for repeat in [false, true, true] {
        let modifiers = Modifiers::NONE;
        harness.event(egui::Event::Key { key: Key::A, physical_key: None, pressed: true, repeat, modifiers });
        harness.run_steps(1);
    }
    assert_eq!(house.asked().len(), 1);
}

#[test]
fn a_danger_takes_no_keyboard_from_a_field() {
    let mut house = House::new([]);
    let mut harness = house.open();
    click(&mut harness, "Rename (F2)");
    harness.get_by_label("Name of the sensor").type_text(" am");
    harness.run_steps(1);
    house.change(|s| drop(s.alarms.active.insert(hot("Rack").id, Arc::new(hot("Rack")))));
    harness.run_steps(2);
    assert_eq!(told(&harness).1, Live::Assertive);
    let field = harness.get_by_label("Name of the sensor");
    assert!(field.is_focused());
    field.type_text("asgu");
    harness.run_steps(2);
    assert_eq!(harness.get_by_label("Name of the sensor").value().unwrap_or_default(), "Bench amasgu");
    assert!(house.asked().is_empty());
}

#[test]
fn a_danger_is_on_top_within_one_frame_whatever_chatters() {
    let chatter = |crossings| {
        let mut alarm = smoke("Air");
        alarm.crossings = crossings;
        alarm
    };
    let mut house = House::new([chatter(1)]);
    let mut harness = house.open();
    for crossings in 2..=200 {
        house.change(|s| drop(s.alarms.active.insert(chatter(1).id, Arc::new(chatter(crossings)))));
        if crossings == 100 {
            house.change(|s| drop(s.alarms.active.insert(hot("Rack").id, Arc::new(hot("Rack")))));
        }
        harness.step();
        assert_eq!(told(&harness).0.starts_with("Danger: Hot spot, Rack"), crossings >= 100, "{crossings}");
    }
    click(&mut harness, "1 more");
    harness.get_by_label("WARNING: Smoke, Air 14.2\u{a0}points (limit 8), not acknowledged");
    assert_eq!(lines::of(&house.snapshot.alarms).len(), 2);
}

#[test]
fn a_sentence_is_told_once_though_its_figures_move() {
    let mut house = House::new([hot("Bench")]);
    let mut harness = house.open();
    let before = told(&harness).0;
    let hotter = |changed| {
        let mut alarm = hot("Bench");
        (alarm.reasons[0].value, alarm.changed) = (91.0, changed);
        Arc::new(alarm)
    };
    house.change(|s| drop(s.alarms.active.insert(hot("Bench").id, hotter(ago(4)))));
    harness.run_steps(2);
    assert_eq!(told(&harness).0, before);
    house.change(|s| drop(s.alarms.active.insert(hot("Bench").id, hotter(wall()))));
    harness.run_steps(2);
    assert!(told(&harness).0.contains("91.0"));
}

fn flood() -> House {
    let mut rack: Vec<_> = (0..16).map(|i| alarm(&format!("Rule {i}"), "Rack", Level::Notice, Vec::new())).collect();
    let (mut first, mut second) = (smoke("Rack"), hot("Rack"));
    (first.level, first.raised) = (Level::Danger, ago(60));
    second.raised = ago(10);
    rack.extend([first, second]);
    let mut house = House::new(rack);
    house.put([smoke("Air")]);
    house.snapshot.alarms.flood = Some(Flood { since: ago(60), n_recent: 19 });
    house.home.port.snapshot.store(Arc::new(house.snapshot.clone()));
    house
}

#[test]
fn a_flood_has_one_line_a_device() {
    let mut house = flood();
    let found = lines::of(&house.snapshot.alarms);
    assert_eq!(found.len(), 2);
    let Some(Line::Group { first, all }) = found.first() else { panic!("{found:?}") };
    assert_eq!((&*first.name, all.len()), ("Smoke", 18), "the first of the worst is told");
    let mut harness = house.open();
    let sentence = "DANGER: 18 alarms from Rack, first: Smoke 14.2\u{a0}points, not acknowledged";
    assert_eq!(told(&harness).0, sentence);
    click(&mut harness, "Acknowledge all");
    press(&mut harness, Key::A);
    let all = Ask::AcknowledgeAll { device: Some(DeviceId::new("Rack")) };
    assert_eq!(house.asked(), [all.clone(), all]);
}

#[test]
fn shelving_asks_for_how_long_and_why_and_stays_with_its_alarm() {
    let mut house = House::new([smoke("Air")]);
    let mut harness = house.open();
    click(&mut harness, "Shelve 10\u{a0}min");
    let alarm = AlarmId::of(&RuleId::new("Smoke"), "Air");
    assert_eq!(house.asked(), [Ask::Shelve { alarm: alarm.clone(), minutes: 10, reason: String::new() }]);
    click(&mut harness, "Shelve for another time, or say why");
    assert!(harness.get_by_label("Why it is shelved").is_focused());
    harness.get_by_label("Why it is shelved").type_text("welding");
    harness.run_steps(1);
    house.change(|s| drop(s.alarms.active.insert(hot("Rack").id, Arc::new(hot("Rack")))));
    harness.run_steps(2);
    click(&mut harness, "Shelve for 60 minutes");
    assert_eq!(house.asked(), [Ask::Shelve { alarm, minutes: 60, reason: "welding".to_owned() }]);
    assert!(harness.query_by_label("Why it is shelved").is_none());
}

#[test]
fn what_is_held_back_is_said_and_can_be_ended() {
    let mut house = House::new([smoke("Air")]);
    let id = smoke("Air").id;
    let shelf = Shelf {
        by: "Ana".into(),
        since: ago(60),
        until: wall() + SignedDuration::from_secs(540),
        reason: "welding".into(),
    };
    drop(house.snapshot.alarms.shelved.insert(id.clone(), shelf));
    let how = OutOfService { by: "Ana".into(), since: ago(600), reason: "being moved".into() };
    drop(house.snapshot.alarms.out_of_service.insert(DeviceId::new("Rack"), how));
    house.home.port.snapshot.store(Arc::new(house.snapshot.clone()));
    let mut harness = house.open();
    assert_eq!(told(&harness).0, "Shelved: Smoke, Air, until 14:22, by Ana: welding");
    click(&mut harness, "End shelving");
    click(&mut harness, "1 more");
    harness.get_by_label("Out of service: Rack, since 14:03, by Ana: being moved");
    click(&mut harness, "Put back: Rack");
    let back = Ask::PutBackInService { device: DeviceId::new("Rack") };
    assert_eq!(house.asked(), [Ask::Unshelve { alarm: id }, back]);
}

#[test]
fn sounds_are_muted_and_come_back() {
    let mut house = House::new([hot("Bench")]);
    let mut harness = house.open();
    click(&mut harness, "Mute alarm sounds for 10 minutes (M)");
    house.change(|s| s.alarms.muted_until = Some(wall() + SignedDuration::from_secs(530)));
    harness.run_steps(2);
    click(&mut harness, "Alarm sounds are muted for 9 more minutes. Sound again (M)");
    assert_eq!(house.asked(), [Ask::Mute { minutes: Some(10) }, Ask::Mute { minutes: None }]);
    let setting = Setting { key: "alarms.sound".into(), value: "false".into(), layer: Layer::Window, help: "".into() };
    house.change(|s| s.system.settings = Arc::new(vec![setting]));
    harness.run_steps(2);
    press(&mut harness, Key::M);
    assert!(house.asked().is_empty());
    click(&mut harness, "Alarm sounds are off. System, Settings, alarms.sound switches them on");
    assert_eq!(harness.state().stage().page, panels::order::SYSTEM);
}

#[test]
fn what_actions_did_is_said_and_what_was_refused() {
    let house = House::new([acted(hot("Bench"))]);
    let harness = house.open();
    let did = "did: Lights red 14:13:18; refused: Furby shouts: it sleeps";
    assert_eq!(harness.get_all_by_label(did).count(), 2, "in the bar and in the inspector");
    harness.get_by_label("Undo actions\u{2026}: Hot spot, Bench");
    harness.get_by_label("Undo actions\u{2026}");
    assert!(House::new([hot("Bench")]).open().query_by_label("Undo actions\u{2026}").is_none());
}

#[test]
fn tiles_and_places_carry_the_worst_alarm() {
    let mut test = smoke("Rack");
    test.test = true;
    let house = House::new([hot("Bench"), noted(smoke("Bench")), test]);
    let harness = house.open();
    harness.get_by_label("Bench, no picture yet, live, Danger");
    harness.get_by_label("Rack, no picture yet, live, TEST Warning");
    harness.get_by_label("Danger on Thermal");
    let alarms = &house.snapshot.alarms;
    assert_eq!(Alarmed::of(alarms, &DeviceId::new("Door")), None);
    let t = Look::Dark.tokens();
    let border = |at: &str| Alarmed::of(alarms, &DeviceId::new(at)).and_then(|alarmed| alarmed.border(t));
    assert_eq!(border("Bench").map(|(line, dashed)| (line.color, dashed)), Some((t.danger, false)));
    assert_eq!(border("Rack").map(|(line, dashed)| (line.color, dashed)), Some((t.warning, true)));
    let notice = House::new([silent("Door")]).snapshot.alarms;
    assert!(Alarmed::of(&notice, &DeviceId::new("Door")).unwrap().border(t).is_none());
}

#[test]
fn the_border_shows_only_what_nobody_took_note_of() {
    let border = |alarms: Vec<Alarm>| lines::border(&House::new(alarms).snapshot.alarms);
    assert_eq!(border(vec![hot("Bench"), smoke("Air")]), Some((Level::Danger, false)));
    assert_eq!(border(vec![noted(hot("Bench")), smoke("Air")]), Some((Level::Warning, false)));
    assert_eq!(border(vec![noted(hot("Bench")), cleared(smoke("Air"))]), None);
    let mut test = hot("Bench");
    test.test = true;
    assert_eq!(border(vec![test, hot("Rack")]), Some((Level::Danger, false)));
}

#[test]
fn the_inspector_says_what_was_learned_and_takes_out_of_service() {
    let mut house = House::new([smoke("Air")]);
    let mut learned = Learned::default();
    let rest = Rest { median: 12.3, mad: 0.4, learning: false, samples: Vec::new() };
    drop(learned.rests.insert("ADC1".into(), rest));
    house.home.port.slots.device(&DeviceId::new("Air")).unwrap().learned.store(Some(Arc::new(learned)));
    let mut harness = house.open();
    harness.get_by_label("not learned yet");
    press(&mut harness, Key::G);
    harness.get_by_label("12.3\u{a0}% \u{b1}\u{a0}0.4");
    click(&mut harness, "Learn rest levels and the usual picture anew");
    click(&mut harness, "Take out of service\u{2026}");
    harness.get_by_label("Why it goes out of service").type_text("moved");
    harness.run_steps(2);
    click(&mut harness, "Take out of service");
    let device = DeviceId::new("Air");
    let out = Ask::TakeOutOfService { device: device.clone(), reason: "moved".to_owned() };
    assert_eq!(house.asked(), [Ask::Relearn { device: device.clone() }, out]);
    click(&mut harness, "Test alarm");
    harness.get_all_by_label("Danger").next().unwrap().click();
    harness.run_steps(2);
    let test = Ask::Test { rule: RuleId::new("Hot spot"), device, level: Level::Danger };
    assert_eq!(house.asked(), [test]);
}

#[test]
fn all_that_is_loud_fits_a_small_window() {
    for width in [1_280.0, 960.0, 480.0] {
        let house = House::new([acted(hot("Bench")), smoke("Air"), silent("Door")]);
        let harness = house.open_at(egui::vec2(width, 700.0));
        let rects = ["Acknowledge", "Go there", "2 more"].map(|label| harness.get_by_label(label).rect());
        for rect in rects {
            assert!(rect.right() <= width && rect.left() >= 0.0, "{width}: {rect:?}");
            assert!(rect.height() >= size::ALARM_BUTTON && rect.width() >= size::ALARM_BUTTON, "{width}: {rect:?}");
        }
    }
}

#[test]
fn the_bar_is_as_high_as_it_is_pressing_and_gets_there_in_time() {
    let height = |alarms: Vec<Alarm>| lines::of(&House::new(alarms).snapshot.alarms)[0].tone().height();
    assert_eq!(height(vec![hot("Bench")]), 88.0);
    assert_eq!(height(vec![smoke("Air")]), 64.0);
    assert_eq!(height(vec![silent("Door")]), 40.0);
    assert_eq!(height(vec![cleared(smoke("Air"))]), 40.0);
    assert_eq!(height(vec![noted(hot("Bench"))]), 32.0);
    assert_eq!(Tone::Held.height(), 32.0);
    let mut growth = Growth::default();
    assert_eq!(growth.toward(32.0, 1.0), 32.0);
    assert_eq!(growth.toward(88.0, 2.0), 32.0);
    let half = growth.toward(88.0, 2.06);
    assert!(half > 75.0 && half < 88.0, "it eases out: {half}");
    assert_eq!(growth.toward(88.0, 2.12), 88.0);
}

/// Words on the bars and on their buttons, in each look.
#[test]
fn words_on_the_bars_can_be_read() {
    for look in [Look::Dark, Look::Light, Look::Contrast] {
        let t = look.tokens();
        let pairs: [(Color32, [Color32; 2]); 3] = [
            (t.on_danger, [t.danger_fill, t.danger_button]),
            (t.on_warning, [t.warning_fill, t.warning_button]),
            (t.on_notice, [t.notice_fill, t.notice_button]),
        ];
        for (text, grounds) in pairs {
            for ground in grounds {
                assert!(contrast(text, ground) >= 4.5, "{look:?} {text:?} on {ground:?}");
                // A key cap lies on its button.
                let cap = ground.lerp_to_gamma(text, 0.14);
                assert!(contrast(text, cap) >= 4.5, "{look:?} {text:?} on the cap {cap:?}: {}", contrast(text, cap));
            }
            let [fill, _] = grounds;
            let cap = text.lerp_to_gamma(fill, 0.14);
            assert!(contrast(fill, cap) >= 4.5, "{look:?} first button's cap {cap:?}: {}", contrast(fill, cap));
        }
    }
}

#[test]
fn an_alarm_whose_cells_are_all_masked_says_what_ends_it() {
    let mut alarm = hot("Bench");
    alarm.reasons[0].stale = true;
    let house = House::new([alarm]);
    let (slots, slot) = (&house.home.port.slots, house.home.port.slots.device(&DeviceId::new("Bench")).unwrap());
    let put = |masked: u64| {
        let mut frame = slot.frames.recycle(&slots.frame_bytes);
        let filled = Arc::get_mut(&mut frame).unwrap();
        filled.begin(Size::MLX90640).fill(20.0);
        filled.set_masked(&[masked; 12]);
        (filled.at, filled.wall, filled.calibrated) = (NOW, wall(), true);
        filled.measure();
        slot.frames.put(frame, &slots.frame_bytes);
    };
    put(1);
    assert!(!told(&house.open()).0.contains("masks hide"));
    put(u64::MAX);
    let sentence = told(&house.open()).0;
    let cure = "masks hide all it looks at, so it cannot end: move the mask, or change its rule";
    assert!(sentence.contains(cure), "{sentence}");
}
