//! Imports: files as people have them, damaged ones, and what a plan comes to against what is so already.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::model::alarms::rule::{Input, Latch, Level, Rule, RuleId, Source};
use hearthlight::model::message::Command;
use hearthlight::model::sensors::{self, Device, DeviceId, Introduced, Phase};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::{Layer, Setting};
use hearthlight::model::thermal::region::{Cell, Delta, Figure, Region, RegionId, Regions, Shape};
use hearthlight::model::thermal::{self, Array, Bookmark, Calibration, Choice, PixelMeaning};
use hearthlight::model::{alarms, export::Export};
use hearthlight::settings::current::Settings;
use hearthlight::settings::import::steps::{Standing, Steps};
use hearthlight::settings::import::{MAX_BYTES, MAX_ENTRIES, Plan, level_of, recognise};
use hearthlight::settings::keys;
use hearthlight::settings::kinds::Raw;
use hearthlight::units::grid::Size;
use jiff::Timestamp;
use proptest::prelude::*;

use crate::nouns;

const CONFIG: &str = include_str!("../fixtures/import/stream_config.json");
const REGISTRY: &str = include_str!("../fixtures/import/registry.json");
const THREATS: &str = include_str!("../fixtures/import/threat_rules.json");
const CSV: &str = include_str!("../fixtures/import/ip_map.csv");

fn plan(name: &str, text: &str) -> Plan {
    recognise(name, text).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(name: &str, text: &str) -> String {
    recognise(name, text).expect_err("refused").to_string()
}

fn known(name: &str, place: &str) -> Introduced {
    Introduced { name: name.into(), place: place.into() }
}

fn source(name: &str, threshold: f64) -> Source {
    Source {
        name: name.into(),
        hysteresis: 3.0,
        hold_readings: 2,
        hold_on: Duration::from_secs(1),
        hold_off: Duration::from_secs(10),
        weight: 0.4,
        alone: false,
        ..nouns::source(Input::Hottest { area: None }, threshold)
    }
}

/// A house with the standard rule and one device.
fn house() -> Snapshot {
    let rule = Rule {
        min_sources: 2,
        latch: Latch::Danger,
        note: "Ours.".to_owned(),
        ..nouns::rule("Fire", vec![source("Hot", 40.0), source("Smoke", 25.0), source("Flame", 25.0)])
    };
    let device = Device {
        id: DeviceId::new("room-2"),
        address: IpAddr::V4(Ipv4Addr::new(192, 168, 1, 32)),
        simulated: false,
        connected: false,
        phase: Phase::Offline,
        ..nouns::device("room_2")
    };
    let mut view = Snapshot::default();
    view.alarms.rules.insert(rule.id.clone(), Arc::new(rule));
    view.sensors.devices.insert(device.id.clone(), Arc::new(device));
    view
}

/// Does what a plan comes to, as the services would, and returns what is so then.
fn carried_out(steps: &Steps, mut settings: Settings, mut view: Snapshot) -> (Settings, Snapshot) {
    for (key, value) in &steps.settings {
        let key = keys::find(key).expect("a key");
        (key.set)(&mut settings, &Raw::Text(value.clone()))
            .unwrap_or_else(|why| panic!("{}: {value}: {why}", key.name));
    }
    for command in &steps.commands {
        match command {
            Command::Sensors(sensors::Command::Introduce { location, as_what }) => {
                match view.sensors.devices.values_mut().find(|device| *device.location == **location) {
                    Some(device) => {
                        let device = Arc::make_mut(device);
                        for (own, new) in [(&mut device.name, &as_what.name), (&mut device.place, &as_what.place)] {
                            if !new.is_empty() {
                                *own = Arc::clone(new);
                            }
                        }
                    }
                    None => drop(view.sensors.introduced.insert(location.as_str().into(), as_what.clone())),
                }
            }
            Command::Alarms(alarms::Command::PutRule(rule)) => {
                view.alarms.rules.insert(rule.id.clone(), Arc::new(Rule::clone(rule)));
            }
            Command::Thermal(thermal::Command::PutRegion { device, region }) => {
                let array = Arc::make_mut(view.thermal.arrays.get_mut(device).expect("an array"));
                array.regions = Arc::new(array.regions.put(region.clone(), array.size).expect("good"));
            }
            Command::Thermal(thermal::Command::PutDelta { device, delta }) => {
                let array = Arc::make_mut(view.thermal.arrays.get_mut(device).expect("an array"));
                array.regions = Arc::new(array.regions.put_delta(delta.clone()).expect("good"));
            }
            Command::Thermal(thermal::Command::Bookmark { at, words }) => {
                let id = view.thermal.bookmarks.len() as u64 + 1;
                let bookmark = Bookmark { id, at: *at, words: words.as_str().into(), by: "Ada".into() };
                view.thermal.bookmarks.insert(id, Arc::new(bookmark));
            }
            other => panic!("not of an import: {other:?}"),
        }
    }
    (settings, view)
}

#[test]
fn a_configuration_of_emberye_is_understood() {
    let plan = plan("stream_config.json", CONFIG);
    assert_eq!(plan.port, Some(4888));
    assert_eq!(plan.thresholds, [("Hot", 45.0), ("Smoke", 30.5), ("Flame", 25.0)]);
    let wanted = [
        ("1234", known("Server rack", "Basement")),
        ("default room", known("Kitchen stove", "Ground floor")),
        ("room_2", known("Boiler room", "Basement")),
    ];
    assert_eq!(plan.introductions, wanted.map(|(location, known)| (location.to_owned(), known)).into());
    let told = plan.warnings.join("\n");
    for words in [
        "3 cameras (Kitchen stove, Boiler room, Server rack) are not taken over",
        "port 9090",
        "400 ppm is not taken over",
        "tuned on wrong temperatures",
        "thermal calibration is not used",
        "Grafana",
        "Streams without a loc_id are left out: 1.",
        "Groups without a stream are left out: Roof.",
        "Not known here and left out: last_window_state, streams[].ptz.",
    ] {
        assert!(told.contains(words), "{words} is not in:\n{told}");
    }
}

#[test]
fn importing_changes_what_differs_and_nothing_the_second_time() {
    let (settings, view) = (Settings::default(), house());
    let plan = plan("stream_config.json", CONFIG);
    let steps = plan.steps(&Standing { settings: &settings, view: &view });
    let changes = steps.preview.changes.join("\n");
    for words in [
        "Devices dial in to port 4888 instead of 9001.",
        "The device of \"1234\" will be called \"Server rack\" and put into \"Basement\" once it dials in.",
        "\"room_2\" is renamed to \"Boiler room\" and put into \"Basement\".",
        "Rule \"Fire\": the threshold of \"Hot\" goes from 40 to 45.",
        "Rule \"Fire\": the threshold of \"Smoke\" goes from 25 to 30.5.",
    ] {
        assert!(changes.contains(words), "{words} is not in:\n{changes}");
    }
    assert!(!changes.contains("Flame"), "that one is so already:\n{changes}");
    let (settings, view) = carried_out(&steps, settings, view);
    assert_eq!(settings.sensors.listen.to_string(), "0.0.0.0:4888", "the address stays");
    let again = plan.steps(&Standing { settings: &settings, view: &view });
    assert!(again.settings.is_empty() && again.commands.is_empty(), "{again:?}");
    assert!(again.preview.changes.is_empty());
    assert_eq!(again.preview.warnings, steps.preview.warnings, "what to look after does not go away");
}

#[test]
fn a_map_of_addresses_is_laid_over_the_one_there_is() {
    let mut settings = Settings::default();
    settings.sensors.locations = [("10.0.0.1", "attic"), ("192.168.1.32", "hall")]
        .map(|(ip, location)| (ip.parse().expect("an address"), location.to_owned()))
        .into();
    let view = house();
    let list = r#"{"mappings": [{"ip": "192.168.1.31", "loc_id": "default room"}, {"ip": "192.168.1.32", "loc_id": "room_2"}, {"ip": "fe80::1", "loc_id": 1234}]}"#;
    for (name, text) in [("ip_loc_map.json", include_str!("../fixtures/import/ip_loc_map.json")), ("x.json", list)] {
        let plan = plan(name, text);
        let steps = plan.steps(&Standing { settings: &settings, view: &view });
        assert!(steps.preview.changes.contains(&"The device at 192.168.1.31 reports for \"default room\".".to_owned()));
        let moved = "The device at 192.168.1.32 reports for \"room_2\" instead of \"hall\".".to_owned();
        assert!(steps.preview.changes.contains(&moved), "{:?}", steps.preview);
        let (settings, _) = carried_out(&steps, settings.clone(), view.clone());
        assert_eq!(settings.sensors.locations.len(), 4);
        assert_eq!(settings.sensors.locations[&"fe80::1".parse::<IpAddr>().expect("an address")], "1234");
    }
}

#[test]
fn a_table_is_read_with_and_without_names_of_columns_and_with_quotes() {
    let locations = |text: &str| -> BTreeMap<String, String> {
        plan("map.csv", text).locations.into_iter().map(|(ip, location)| (ip.to_string(), location)).collect()
    };
    let wanted = [("10.0.0.5", "yard"), ("192.168.1.31", "default room"), ("192.168.1.32", "room \"two\"")];
    assert_eq!(locations(CSV), wanted.map(|(ip, location)| (ip.to_owned(), location.to_owned())).into());
    let one: BTreeMap<String, String> = [("1.2.3.4".to_owned(), "a b".to_owned())].into();
    for text in
        ["1.2.3.4,a b", "1.2.3.4 ; \"a b\"", "IP Address\tLocation\n1.2.3.4\ta b\n", "loc_id,x,ip\na b,,1.2.3.4\n"]
    {
        assert_eq!(locations(text), one, "{text}");
    }
}

#[test]
fn threat_rules_become_a_note_that_is_replaced_not_repeated() {
    let plan = plan("threat_rules.json", THREATS);
    let wanted = "From EmberEye: Danger: flame indoors; gas leak and flame; heavy smoke Warning: smoke outdoors; spark \
        Notice: steam";
    assert_eq!(plan.note.as_deref(), Some(wanted));
    assert!(plan.warnings.iter().any(|told| told.contains("NORMAL is no level")));
    let steps = plan.steps(&Standing { settings: &Settings::default(), view: &house() });
    let (settings, view) = carried_out(&steps, Settings::default(), house());
    assert_eq!(view.alarms.rules[&RuleId::new("fire")].note, format!("Ours.\n{wanted}"));
    assert!(plan.steps(&Standing { settings: &settings, view: &view }).commands.is_empty());
}

#[test]
fn an_export_of_ours_comes_back_as_it_was() {
    let plan = plan("devices.json", REGISTRY);
    let (settings, mut view) = (Settings::default(), Snapshot::default());
    let steps = plan.steps(&Standing { settings: &settings, view: &view });
    let (settings, after) = carried_out(&steps, settings, view.clone());
    assert_eq!(after.sensors.introduced[&Arc::from("room_2")], known("Boiler", "Basement"));
    assert_eq!(after.sensors.introduced[&Arc::from("attic")], known("", "Roof"));
    assert!(!after.sensors.introduced.contains_key("1234"), "it has no name of its own");
    view = after;
    view.system.settings = Arc::new(
        keys::KEYS
            .iter()
            .map(|key| Setting {
                key: key.name.into(),
                value: (key.get)(&settings).into(),
                layer: Layer::Window,
                help: Arc::default(),
            })
            .collect(),
    );
    let export = Export::of(&view);
    assert_eq!((export.locations.len(), export.aliases["7"].as_str()), (1, "attic"));
    let again = serde_json::to_string(&export).expect("JSON");
    let again = recognise("again.json", &again).expect("ours").steps(&Standing { settings: &settings, view: &view });
    assert!(again.settings.is_empty() && again.commands.is_empty(), "{again:?}");
}

/// An array for the device of the house, with these regions.
fn with_array(mut view: Snapshot, size: Size, regions: Regions) -> Snapshot {
    let array = Array {
        device: DeviceId::new("room-2"),
        size,
        meaning: PixelMeaning::Mlx90640Raw,
        calibration: Calibration::Received,
        choice: Choice::default(),
        regions: Arc::new(regions),
    };
    view.thermal.arrays.insert(array.device.clone(), Arc::new(array));
    view
}

fn drawn() -> Regions {
    let spot = |id: &str, row| Region {
        id: RegionId(id.into()),
        name: "Flue".into(),
        mask: id.starts_with('M'),
        shape: Shape::Spot(Cell { row, col: 1 }),
        emissivity: Some(0.3),
    };
    let side = |n| (RegionId::new('S', n), Figure::Max);
    let delta = Delta { id: RegionId::new('D', 1), name: "".into(), of: side(1), minus: side(2) };
    Regions { regions: vec![spot("S1", 0), spot("M1", 20), spot("S2", 3)], deltas: vec![delta] }
}

#[test]
fn regions_and_bookmarks_go_out_and_come_back() {
    let mut view = with_array(house(), Size::MLX90640, drawn());
    let at = Timestamp::from_second(1_772_000_000).expect("a time");
    let bookmark = Bookmark { id: 7, at, words: "Door".into(), by: "Ada".into() };
    view.thermal.bookmarks.insert(7, Arc::new(bookmark));
    let text = serde_json::to_string(&Export::of(&view)).expect("JSON");
    let plan = plan("devices.json", &text);
    let settings = Settings::default();
    let standing = |view: &Snapshot| plan.steps(&Standing { settings: &settings, view });
    assert!(standing(&view).commands.is_empty(), "it is so already");

    let mut own = drawn();
    own.regions[0].name = "Mine".into();
    own.regions.push(Region { id: RegionId::new('S', 9), ..own.regions[0].clone() });
    let elsewhere = with_array(house(), Size::MLX90640, own);
    let steps = standing(&elsewhere);
    assert_eq!(steps.preview.changes, ["\"room_2\" gets the regions S1.", "One bookmark is added."]);
    let (_, after) = carried_out(&steps, settings.clone(), elsewhere);
    let regions = &after.thermal.arrays[&DeviceId::new("room-2")].regions;
    assert_eq!((regions.regions.len(), &*regions.regions[0].name), (4, "Flue"), "what is there besides stays");
    assert!(standing(&after).commands.is_empty(), "the second time changes nothing");
}

#[test]
fn regions_that_cannot_be_drawn_are_told_and_left_out() {
    let told = |view: Snapshot, words: &str| {
        let text = serde_json::to_string(&Export::of(&with_array(house(), Size::MLX90640, drawn()))).expect("JSON");
        let steps = plan("devices.json", &text).steps(&Standing { settings: &Settings::default(), view: &view });
        assert!(steps.commands.is_empty(), "{steps:?}");
        assert!(steps.preview.warnings.iter().any(|told| told.contains(words)), "{:?}", steps.preview);
    };
    told(house(), "once one has");
    told(with_array(house(), Size::new(8, 8).expect("a size"), Regions::default()), "8 columns and 8 rows");
    let mut wrong = drawn();
    wrong.regions[0].id = RegionId::new('B', 1);
    let text = serde_json::to_string(&Export::of(&with_array(house(), Size::MLX90640, wrong))).expect("JSON");
    let plan = plan("devices.json", &text);
    assert!(plan.regions.is_empty() && plan.warnings[0].contains("S1 to S32"), "{:?}", plan.warnings);
}

#[test]
fn a_table_of_devices_comes_back_too() {
    let mut view = house();
    let device = Arc::make_mut(view.sensors.devices.get_mut(&DeviceId::new("room-2")).expect("a device"));
    (device.name, device.place) = ("=1+1, \"hot\"".into(), "Base;ment".into());
    let csv = Export::of(&view).devices_csv();
    assert_eq!(csv.lines().nth(1), Some("room_2,\"'=1+1, \"\"hot\"\"\",\"Base;ment\",192.168.1.32,"), "no formula");
    let plan = plan("devices.csv", &csv);
    assert_eq!(plan.introductions["room_2"], known("=1+1, \"hot\"", "Base;ment"));
    assert!(plan.locations.is_empty(), "an address that was lent to a device is no mapping");
}

#[test]
fn what_is_pinned_is_told_and_left_alone() {
    let mut view = house();
    let pinned = |key: &str, layer| Setting { key: key.into(), value: Arc::default(), layer, help: Arc::default() };
    let lines = vec![pinned("sensors.locations", Layer::File { line: 12 }), pinned("sensors.listen", Layer::Flag)];
    view.system.settings = Arc::new(lines);
    let settings = Settings::default();
    for (name, text, words) in [
        ("map.csv", "1.2.3.4,hall", "sensors.locations is set in settings.ron, line 12"),
        ("stream_config.json", CONFIG, "sensors.listen is set by --set"),
    ] {
        let steps = plan(name, text).steps(&Standing { settings: &settings, view: &view });
        assert!(steps.settings.is_empty());
        assert!(steps.preview.warnings.iter().any(|told| told.contains(words)), "{:?}", steps.preview);
    }
}

#[test]
fn without_the_standard_rule_thresholds_are_told_and_left_out() {
    let view = Snapshot::default();
    let steps = plan("c.json", CONFIG).steps(&Standing { settings: &Settings::default(), view: &view });
    assert!(!steps.commands.iter().any(|command| matches!(command, Command::Alarms(_))));
    assert!(steps.preview.warnings.iter().any(|told| told.contains("Restore the rules first")));
}

#[test]
fn a_broken_file_is_refused_with_its_place_and_the_cure() {
    let broken = include_str!("../fixtures/import/broken.json");
    let bad_ip = include_str!("../fixtures/import/bad_ip.csv");
    for (name, text, words) in [
        (
            "stream_config.json",
            broken,
            &["stream_config.json, line 4, column 52", "expected `,` or `}`", "Correct the comma"][..],
        ),
        ("a.json", "{\"streams\": [", &["line 1, column 13", "ends too early"]),
        ("a.json", "{\"streams\": {}}", &["a.json, streams: there is an object where a list", "Write a list"]),
        ("a.json", "{\"streams\": [{\"loc_id\": []}]}", &["streams[0].loc_id: there is a list where text"]),
        ("a.json", "{\"streams\": [7]}", &["streams[0]: there is a number where an object"]),
        ("a.json", "{\"tcp_port\": \"9001\"}", &["tcp_port: there is text where a number"]),
        ("a.json", "{\"tcp_port\": 90010}", &["tcp_port: 90010 is out of range", "from 1 to 65535"]),
        ("a.json", "{\"tcp_port\": 90.5}", &["tcp_port: 90.5 is no port"]),
        ("a.json", "{\"temp_threshold\": -3}", &["temp_threshold: -3 is out of range", "from 0 to 200"]),
        ("a.json", "{\n\"1.2.3.4\": \"a\",\n\"1.2.3\": \"b\"}", &["line 3: \"1.2.3\" is not an address", "IPv4"]),
        ("a.json", "{\"1.2.3.4\": null}", &["1.2.3.4: there is null where text"]),
        ("a.json", "{\"1.2.3.4\": \"a=b\"}", &["line 1: \"a=b\" cannot be a location"]),
        ("map.csv", bad_ip, &["map.csv, line 2: \"192.168.1.300\" is not an address"]),
        ("map.csv", "ip,loc_id\n1.2.3.4,\n", &["line 2: the location is missing"]),
        ("map.csv", "1.2.3.4,a\n1.2.3.4,b\n", &["line 2: 1.2.3.4 stands for \"a\" and for \"b\""]),
        ("map.csv", "1.2.3.4,\"a\n", &["line 1: a quote is opened"]),
        ("notes.txt", "Dear all", &["line 1: there is only one column"]),
        ("notes.txt", "Dear all, hello", &["line 1: \"Dear all\" is not an address"]),
        ("a.json", "hello", &["a.json, line 1, column 1"]),
        ("a.json", "", &["it is empty"]),
        ("a.json", "{}", &["none of the files that are known", "stream_config.json"]),
        ("a.json", "[]", &["none of the files that are known"]),
        ("ip_loc_map.db", "SQLite format 3\0", &["a database", "export them as CSV"]),
        (
            "a.json",
            "{\"program\": \"lumen\", \"schema\": 1, \"devices\": []}",
            &["line 1: it is an export of \"lumen\""],
        ),
        (
            "a.json",
            "{\"program\": \"hearthlight\",\n\"schema\": 9, \"devices\": []}",
            &["line 2: it was written by a newer"],
        ),
        ("a.json", "{\"schema\": 1, \"devices\": []}", &["missing field `program`"]),
        ("a.json", "{\"threat_matrix\": {\"HIGH\": \"x\"}}", &["threat_matrix.HIGH: there is text where a list"]),
    ] {
        let told = refused(name, text);
        for words in words {
            assert!(told.contains(words), "{words:?} is not in {told:?}");
        }
        assert!(told.ends_with('.') || told.ends_with('?'), "a cure ends it: {told}");
    }
}

#[test]
fn sizes_are_bounded() {
    assert!(refused("a.csv", &"x".repeat(MAX_BYTES + 1)).contains("larger than 4 MiB"));
    let lines = |n: usize| {
        (0..n).map(|n| format!("10.{}.{}.{},room {n}\n", n >> 16, (n >> 8) & 255, n & 255)).collect::<String>()
    };
    let most = plan("a.csv", &lines(MAX_ENTRIES));
    assert!(refused("a.csv", &lines(MAX_ENTRIES + 1)).contains("more than 20000 entries"));
    let steps = most.steps(&Standing { settings: &Settings::default(), view: &Snapshot::default() });
    assert_eq!(steps.preview.changes.len(), 101, "the rest in one sentence");
    let (settings, _) = carried_out(&steps, Settings::default(), Snapshot::default());
    assert_eq!(settings.sensors.locations.len(), MAX_ENTRIES);
    assert!(refused("a.json", &"[".repeat(100_000)).contains("line 1"));
}

#[test]
fn long_names_are_left_out_with_a_warning() {
    let text =
        format!(r#"{{"streams": [{{"loc_id": "a", "name": "{}"}}, {{"loc_id": "b", "name": "B"}}]}}"#, "n".repeat(65));
    let plan = plan("a.json", &text);
    assert_eq!(plan.introductions.keys().collect::<Vec<_>>(), ["b"]);
    assert!(plan.warnings.iter().any(|told| told.starts_with("\"a\" is left out")));
}

#[test]
fn five_severities_become_three_levels() {
    let of = |word| level_of(word);
    assert_eq!(
        ["NORMAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"].map(of),
        [None, Some(Level::Notice), Some(Level::Warning), Some(Level::Danger), Some(Level::Danger)]
    );
    assert_eq!([of(" low "), of("severe")], [Some(Level::Notice), None]);
}

proptest! {
    #[test]
    fn any_damage_is_read_or_refused_and_what_is_read_can_be_carried_out(
        which in 0..5_usize,
        cuts in prop::collection::vec((0..2000_usize, 0..9_usize, "[\\[\\]{}:,\";a-c0-9.\n\u{e4}-]{0,3}"), 0..4),
    ) {
        let (name, text) = [
            ("stream_config.json", CONFIG),
            ("ip_loc_map.json", include_str!("../fixtures/import/ip_loc_map.json")),
            ("map.csv", CSV),
            ("threat_rules.json", THREATS),
            ("devices.json", REGISTRY),
        ][which];
        let mut chars: Vec<char> = text.chars().collect();
        for (at, length, put) in cuts {
            let at = at % chars.len().max(1);
            let end = (at + length).min(chars.len());
            chars.splice(at..end, put.chars());
        }
        let text: String = chars.into_iter().collect();
        if let Ok(plan) = recognise(name, &text) {
            let (settings, view) = (Settings::default(), house());
            let steps = plan.steps(&Standing { settings: &settings, view: &view });
            let (settings, view) = carried_out(&steps, settings, view);
            let again = plan.steps(&Standing { settings: &settings, view: &view });
            prop_assert!(again.settings.is_empty() && again.commands.is_empty(), "{:?}", again);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,80}", name in "[a-z]{0,4}(\\.json|\\.csv)?") {
        drop(recognise(&name, &text));
    }
}
