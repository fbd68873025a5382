//! The text of `/metrics`: exact for a small house, and parsed strictly for any house.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::engine::metrics::{Input, MAX_PLACES, ProcessFigures, render};
use hearthlight::model::alarms::alarm::{Alarm, State};
use hearthlight::model::alarms::rule::{Level, RuleId};
use hearthlight::model::lights::connection::{Connection, ConnectionId, Counts, Reach, Target};
use hearthlight::model::sensors::{Device, DeviceId, Phase};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::thermal::ThermalFrame;
use hearthlight::port::slots::{DeviceSlot, Slots};
use hearthlight::units::grid::Size;
use hearthlight::units::moment::Moment;
use jiff::Timestamp;
use proptest::prelude::*;

use crate::nouns;

/// A house to be measured.
#[derive(Default)]
struct House {
    slots: Slots,
    snapshot: Snapshot,
    emberye_names: bool,
}

impl House {
    fn add(&mut self, id: &str, location: &str) -> Arc<DeviceSlot> {
        let id = DeviceId(id.into());
        let slot = Arc::new(DeviceSlot::new(id.clone(), location.into()));
        self.slots.insert(Arc::clone(&slot));
        let device = Device { id: id.clone(), simulated: false, phase: Phase::Late, ..nouns::device(location) };
        self.snapshot.sensors.devices.insert(id, Arc::new(device));
        slot
    }

    fn link(&mut self, id: &str, reach: Reach) {
        let id = ConnectionId(id.into());
        let connection = Connection {
            id: id.clone(),
            identity: None,
            name: id.0.clone(),
            model: Arc::default(),
            target: Target::default(),
            reach,
            latency_ms: None,
            counts: Counts::default(),
            simulated: false,
        };
        self.snapshot.lights.connections.insert(id, Arc::new(connection));
    }

    fn alarm(&mut self, rule: &str, level: Level, state: State, test: bool) {
        let alarm = Alarm { name: "Fire".into(), state, test, confidence: 0.4, ..nouns::alarm(rule, "kitchen", level) };
        self.snapshot.alarms.active.insert(alarm.id.clone(), Arc::new(alarm));
    }

    fn text(&self, open_metrics: bool) -> String {
        let process =
            ProcessFigures { cpu_seconds: 1.5, resident_bytes: 20_971_520, open_fds: Some(12), threads: None };
        let input = Input {
            slots: &self.slots,
            snapshot: &self.snapshot,
            process,
            now: Moment::from_millis(100_000),
            started: Timestamp::from_millisecond(1_772_366_400_250).expect("a time"),
            version: "1.2.3",
            commit: "abc\"\\\n",
            channels: &[("bus", 3, 1024)],
            store_written_bytes: 4096,
            recorded_bytes: 1_000_000,
            recording_dropped: 3,
            emberye_names: self.emberye_names,
        };
        render(&input, open_metrics)
    }
}

fn frame(celsius: [f32; 2], ambient: Option<f32>) -> Arc<ThermalFrame> {
    let mut frame = ThermalFrame::blank();
    frame.begin(Size::new(2, 1).expect("a size")).copy_from_slice(&celsius);
    frame.measure();
    frame.ambient = ambient;
    Arc::new(frame)
}

fn small_house() -> House {
    let mut house = House::default();
    let slot = house.add("kitchen", "kitchen");
    slot.accepted[0].add(300);
    slot.accepted[1].add(20);
    slot.rejected[1].add(2);
    slot.parts_rejected.add(1);
    slot.bytes.add(123_456);
    slot.commands[2][0].add(1);
    slot.heard(Moment::from_millis(99_500));
    slot.channel("ADC1").expect("room").readings.push(Moment::from_millis(99_500), 512.0);
    slot.frames.put(frame([21.1, 60.4], Some(31.4)), &house.slots.frame_bytes);
    house.slots.connections.opened.add(3);
    house.slots.connections.closed.add(1);
    house.slots.connections.replaced.add(1);
    house.slots.rejected_unknown[3].add(7);
    house.slots.ingest[0].note_n(Duration::from_micros(20), 290);
    house.slots.ingest[0].note_n(Duration::from_micros(400), 9);
    house.slots.ingest[0].note(Duration::from_secs(2));
    slot.hot_cells.set(Some(7.0));
    slot.history_dropped.add(5);
    house.slots.raised.add(&RuleId::new("fire"), &"kitchen".into(), Level::Danger);
    house.slots.alarm_latency.note(Duration::from_micros(80));
    house.slots.fusion.note_n(Duration::from_micros(3), 4);
    house.alarm("fire", Level::Danger, State::Unacknowledged, false);
    house.slots.light_sends.of("wled").note(Duration::from_micros(80));
    house.slots.bridge.requests.of(("v2 light", 200)).note(Duration::from_micros(80));
    house.link("shelf", Reach::Online);
    house
}

#[test]
fn active_alarms_are_counted_by_level_and_by_whether_somebody_knows() {
    let mut house = House::default();
    for (rule, level, state, test) in [
        ("a", Level::Danger, State::Unacknowledged, false),
        ("b", Level::Danger, State::Unacknowledged, false),
        ("c", Level::Danger, State::Acknowledged, false),
        ("d", Level::Notice, State::Acknowledged, false),
        ("over", Level::Danger, State::Cleared, false),
        ("test", Level::Warning, State::Unacknowledged, true),
    ] {
        house.alarm(rule, level, state, test);
    }
    let page = Page::parse(&house.text(false), false);
    let of = |severity: &str, acknowledged: &str| {
        let labels = [("severity", severity), ("acknowledged", acknowledged)];
        let labels = labels.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec();
        page.samples[&("hearthlight_alarms_active".to_owned(), labels)]
    };
    assert_eq!([of("danger", "false"), of("danger", "true"), of("warning", "false")], [2.0, 1.0, 0.0]);
    assert_eq!([of("warning", "true"), of("notice", "false"), of("notice", "true")], [0.0, 0.0, 1.0]);
}

#[test]
fn alarms_of_locations_beyond_the_cap_share_one_label() {
    let house = House::default();
    for n in 0..MAX_PLACES + 3 {
        house.slots.raised.add(&RuleId::new("fire"), &format!("l{n:05}").into(), Level::Warning);
    }
    let raised = Page::parse(&house.text(false), false).by_location("hearthlight_alarms_total");
    assert_eq!((raised.len(), raised["other"], raised["l00000"]), (MAX_PLACES + 1, 3.0, 1.0));
}

#[test]
fn figures_are_repeated_under_emberye_s_names_if_that_is_set() {
    let mut house = small_house();
    assert!(!house.text(false).contains("emberye_"));
    house.emberye_names = true;
    for open_metrics in [false, true] {
        let page = Page::parse(&house.text(open_metrics), open_metrics);
        let of = |name: &str| {
            let mut found = page.samples.iter().filter(|((family, _), _)| family == name);
            let ((_, labels), value) = found.next().unwrap_or_else(|| panic!("no {name}"));
            assert!(found.next().is_none() && labels.iter().all(|(label, _)| label == "location_id"));
            *value
        };
        assert_eq!(of("emberye_uptime_seconds"), 100.0);
        assert_eq!(of("emberye_tcp_packets_received_total"), 322.0);
        assert_eq!(of("emberye_tcp_packets_error_total"), 2.0);
        assert!((of("emberye_tcp_packet_latency_avg_ms") - (290.0 * 0.02 + 9.0 * 0.4 + 2000.0) / 300.0).abs() < 1e-9);
        assert_eq!([of("emberye_tcp_queue_depth"), of("emberye_tcp_connections_active")], [3.0, 1.0]);
        assert_eq!([of("emberye_fusion_invocations_total"), of("emberye_fusion_alarms_total")], [4.0, 1.0]);
        assert!((of("emberye_fusion_latency_avg_ms") - 0.003).abs() < 1e-9);
    }
}

#[test]
fn a_small_house_is_golden_to_the_letter() {
    let text = small_house().text(false);
    assert!(text == include_str!("fixtures/api/metrics.txt"), "\n{text}");
}

#[test]
fn a_small_house_is_golden_in_openmetrics_too() {
    let text = small_house().text(true);
    assert!(text == include_str!("fixtures/api/metrics.openmetrics.txt"), "\n{text}");
}

#[test]
fn histograms_add_up() {
    let page = Page::parse(&small_house().text(false), false);
    let of = |suffix: &str, le: Option<&str>| {
        let mut labels = vec![("kind".to_owned(), "sensor".to_owned())];
        labels.extend(le.map(|le| ("le".to_owned(), le.to_owned())));
        page.samples[&(format!("hearthlight_sensor_ingest_seconds{suffix}"), labels)]
    };
    assert_eq!([of("_bucket", Some("1e-05")), of("_bucket", Some("2.5e-05"))], [0.0, 290.0]);
    assert_eq!([of("_bucket", Some("0.0005")), of("_bucket", Some("1.0"))], [299.0, 299.0]);
    assert_eq!([of("_bucket", Some("+Inf")), of("_count", None)], [300.0, 300.0]);
    assert!((of("_sum", None) - (290.0 * 20e-6 + 9.0 * 400e-6 + 2.0)).abs() < 1e-9);
}

#[test]
fn two_devices_of_one_location_have_a_series_each() {
    let mut house = House::default();
    // The third has the id that the second would like to have as its label, as its location.
    for (id, location, n) in [("hall", "hall", 1), ("hall-2", "hall", 2), ("x", "hall-2", 4), ("y", "", 8)] {
        house.add(id, location).bytes.add(n);
    }
    let page = Page::parse(&house.text(false), false);
    let bytes = page.by_location("hearthlight_sensor_bytes_total");
    let wanted = [("hall", 1.0), ("hall-2", 4.0), ("hall-2#2", 2.0), ("y", 8.0)];
    assert_eq!(bytes, wanted.map(|(label, n)| (label.to_owned(), n)).into());
}

#[test]
fn beyond_the_cap_all_share_one_label() {
    let mut house = House::default();
    for n in 0..MAX_PLACES + 3 {
        let slot = house.add(&format!("d{n:05}"), if n == 0 { "other" } else { "" });
        slot.bytes.add(10);
        slot.heard(Moment::from_millis(90_000 + n as u64));
        slot.channel("ADC1").expect("room").readings.push(Moment::ZERO, 1.0);
        slot.frames.put(frame([n as f32, n as f32 + 2.0], Some(n as f32)), &house.slots.frame_bytes);
    }
    let page = Page::parse(&house.text(false), false);
    let bytes = page.by_location("hearthlight_sensor_bytes_total");
    assert_eq!((bytes.len(), bytes["other"], bytes["d00000"]), (MAX_PLACES + 1, 30.0, 10.0));
    assert_eq!(page.by_location("hearthlight_sensor_age_seconds")["other"], 9.0);
    assert_eq!(page.by_location("hearthlight_device_up")["other"], 1.0);
    assert_eq!(page.by_location("hearthlight_sensor_value").len(), MAX_PLACES);
    let celsius = |stat: &str| {
        let labels = [("location", "other"), ("stat", stat)].map(|(name, text)| (name.to_owned(), text.to_owned()));
        page.samples[&("hearthlight_thermal_celsius".to_owned(), labels.to_vec())]
    };
    assert_eq!(["min", "mean", "max", "ambient"].map(celsius), [1000.0, 1002.0, 1004.0, 1001.0]);
}

#[test]
fn a_device_is_up_while_it_is_connected_and_not_silent() {
    let mut house = House::default();
    for (id, connected, phase) in [
        ("a", true, Phase::Streaming),
        ("b", true, Phase::Late),
        ("c", true, Phase::Offline),
        ("d", false, Phase::Offline),
    ] {
        house.add(id, id);
        let id = DeviceId(id.into());
        let known = house.snapshot.sensors.devices.get_mut(&id).expect("a device");
        *known = Arc::new(Device { connected, phase, ..Device::clone(known) });
    }
    let up = Page::parse(&house.text(false), false).by_location("hearthlight_device_up");
    assert_eq!(up.into_values().collect::<Vec<_>>(), [1.0, 1.0, 0.0, 0.0]);
}

#[test]
fn a_device_without_a_slot_is_down_and_one_without_state_is_counted() {
    let mut house = House::default();
    house.add("seen", "seen");
    house.add("stored", "stored");
    house.slots.remove(&DeviceId("stored".into()));
    house.snapshot.sensors.devices.remove(&DeviceId("seen".into()));
    let page = Page::parse(&house.text(false), false);
    assert_eq!(page.by_location("hearthlight_device_up").into_keys().collect::<Vec<_>>(), ["stored"]);
    assert_eq!(page.by_location("hearthlight_sensor_bytes_total").into_keys().collect::<Vec<_>>(), ["seen", "stored"]);
}

type Labels = Vec<(String, String)>;

/// A page read back by a parser that forgives nothing.
struct Page {
    samples: HashMap<(String, Labels), f64>,
}

impl Page {
    fn parse(text: &str, open_metrics: bool) -> Self {
        assert!(text.ends_with('\n') && !text.contains("\n\n"));
        assert_eq!(text.ends_with("\n# EOF\n"), open_metrics);
        let mut seen = HashSet::new();
        let mut samples = HashMap::new();
        let (mut family, mut kind) = (String::new(), String::new());
        let body = text.strip_suffix("# EOF\n").unwrap_or(text);
        let mut lines = body.lines();
        while let Some(line) = lines.next() {
            if let Some(help) = line.strip_prefix("# HELP ") {
                let (name, words) = help.split_once(' ').expect("help in words");
                assert!(seen.insert(name.to_owned()), "{name} is described twice");
                assert!(words.ends_with('.') && !words.contains(['\\', '"']));
                let described = lines.next().and_then(|line| line.strip_prefix("# TYPE ")).expect("a type");
                let (same, of_type) = described.split_once(' ').expect("a type");
                assert_eq!(same, name);
                (family, kind) = (name.to_owned(), of_type.to_owned());
                continue;
            }
            let (name, labels, value) = sample(line);
            assert!(is_sample_of(&name, &family, &kind, open_metrics), "{name} stands below {family} {kind}");
            assert!(kind != "counter" || value >= 0.0);
            assert!(samples.insert((name, labels), value).is_none(), "twice: {line}");
        }
        let page = Self { samples };
        page.check_histograms();
        page
    }

    /// The values of a family that has no label but `location`, or one other that is the same everywhere.
    fn by_location(&self, name: &str) -> BTreeMap<String, f64> {
        let of_family = self.samples.iter().filter(|((family, _), _)| family == name);
        of_family.map(|((_, labels), value)| (labels[0].1.clone(), *value)).collect()
    }

    fn check_histograms(&self) {
        let mut buckets: HashMap<(&str, Labels), Vec<(f64, f64)>> = HashMap::new();
        for ((name, labels), value) in &self.samples {
            if let Some(family) = name.strip_suffix("_bucket") {
                let (le, rest): (Labels, Labels) = labels.iter().cloned().partition(|(name, _)| name == "le");
                buckets.entry((family, rest)).or_default().push((number(&le[0].1), *value));
            }
        }
        for ((family, labels), mut counts) in buckets {
            counts.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert!(counts.is_sorted_by(|a, b| a.1 <= b.1), "{family} is not cumulative");
            let (last, total) = counts[counts.len() - 1];
            assert_eq!((last, total), (f64::INFINITY, self.samples[&(format!("{family}_count"), labels.clone())]));
            assert!(self.samples[&(format!("{family}_sum"), labels)] >= 0.0);
        }
    }
}

fn is_sample_of(name: &str, family: &str, kind: &str, open_metrics: bool) -> bool {
    let suffix = name.strip_prefix(family);
    match kind {
        "gauge" | "unknown" => suffix == Some(""),
        "counter" if open_metrics => suffix == Some("_total"),
        "counter" => suffix == Some("") && name.ends_with("_total"),
        "histogram" => matches!(suffix, Some("_bucket" | "_sum" | "_count")),
        _ => false,
    }
}

/// `name{label="text",...} value`
fn sample(line: &str) -> (String, Labels, f64) {
    let end = line.find(['{', ' ']).expect("a name");
    let (name, mut rest) = line.split_at(end);
    assert!(is_name(name), "{line}");
    let mut labels = Labels::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = inner;
        loop {
            let (label, behind) = rest.split_once("=\"").expect("a label");
            assert!(is_name(label), "{line}");
            let (text, behind) = quoted(behind);
            labels.push((label.to_owned(), text));
            if let Some(behind) = behind.strip_prefix('}') {
                rest = behind;
                break;
            }
            rest = behind.strip_prefix(',').expect("a comma");
        }
    }
    (name.to_owned(), labels, number(rest.strip_prefix(' ').expect("a value")))
}

/// Text up to the closing quote, and what is behind it.
fn quoted(text: &str) -> (String, &str) {
    let (mut out, mut chars) = (String::new(), text.char_indices());
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (out, &text[at + 1..]),
            '\\' => out.push(match chars.next() {
                Some((_, 'n')) => '\n',
                Some((_, c @ ('"' | '\\'))) => c,
                other => panic!("a wrong escape: {other:?}"),
            }),
            c => out.push(c),
        }
    }
    panic!("no closing quote in {text}")
}

fn number(text: &str) -> f64 {
    match text {
        "NaN" => f64::NAN,
        "+Inf" => f64::INFINITY,
        "-Inf" => f64::NEG_INFINITY,
        _ => {
            assert!(text.chars().all(|c| matches!(c, '0'..='9' | '.' | '-' | 'e')), "{text}");
            text.parse().expect("a number")
        }
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

#[derive(Clone, Debug)]
struct AnyDevice {
    id: u16,
    location: String,
    channels: Vec<(String, f64)>,
    counts: [u32; 4],
    cells: [f32; 2],
}

fn any_device() -> impl Strategy<Value = AnyDevice> {
    let location = prop_oneof![Just("hall".to_owned()), Just("other".to_owned()), "[a-c]", "(?s).{0,12}"];
    let channels = prop::collection::vec(("(?s).{0,8}", any::<f64>()), 0..4);
    (any::<u16>(), location, channels, any::<[u32; 4]>(), any::<[f32; 2]>())
        .prop_map(|(id, location, channels, counts, cells)| AnyDevice { id, location, channels, counts, cells })
}

proptest! {
    #[test]
    fn any_house_is_a_valid_page(devices in prop::collection::vec(any_device(), 0..12)) {
        let mut house = House::default();
        for device in &devices {
            let slot = house.add(&format!("d{}", device.id % 32), &device.location);
            let [accepted, rejected, bytes, commands] = device.counts.map(u64::from);
            slot.accepted[device.id as usize % 5].add(accepted);
            slot.rejected[device.id as usize % 7].add(rejected);
            slot.bytes.add(bytes);
            slot.commands[device.id as usize % 3][device.id as usize % 2].add(commands);
            slot.frames.put(frame(device.cells, Some(device.cells[0])), &house.slots.frame_bytes);
            house.slots.ingest[device.id as usize % 5].note(Duration::from_micros(bytes));
            for (key, value) in &device.channels {
                slot.channel(key).expect("room").readings.push(Moment::ZERO, *value);
            }
        }
        let plain = Page::parse(&house.text(false), false);
        let open = Page::parse(&house.text(true), true);
        prop_assert_eq!(plain.samples.len(), open.samples.len());
        let values = plain.samples.iter().filter(|((name, _), _)| name == "hearthlight_sensor_value").count();
        let channels: usize = house.slots.devices().values().map(|slot| slot.channels().len()).sum();
        prop_assert_eq!(values, channels);
    }
}
