//! Settings: layers and who wins, every kind of mistake and where it is said to be, the window's own file.

mod diyhue;
mod import;

use std::fs;
use std::path::{Path, PathBuf};

use hearthlight::model::system::{Layer, Reach};
use hearthlight::settings::current::{Close, Listen, Order, Palette, Settings};
use hearthlight::settings::file;
use hearthlight::settings::keys::{KEYS, find};
use hearthlight::settings::kinds::Raw;
use hearthlight::settings::layers::{Loaded, SettingsError, load};
use hearthlight::settings::paths::Paths;
use hearthlight::settings::window::{ChangeError, change_window};
use proptest::prelude::*;
use tempfile::TempDir;

const FULL: &str = include_str!("fixtures/settings/full.ron");
const WINDOW_V1: &str = include_str!("fixtures/settings/window.v1.ron");

/// A profile in a folder of its own.
struct Home {
    _folder: TempDir,
    paths: Paths,
}

fn home(settings: &str, window: &str) -> Home {
    let folder = tempfile::tempdir().expect("a folder");
    let paths = Paths::under(folder.path(), None);
    paths.create().expect("folders");
    for (path, text) in [(&paths.settings, settings), (&paths.window, window)] {
        if !text.is_empty() {
            fs::write(path, text).expect("written");
        }
    }
    Home { _folder: folder, paths }
}

fn flags(sets: &[&str]) -> Vec<String> {
    sets.iter().map(|set| (*set).to_owned()).collect()
}

fn loaded(settings: &str, window: &str, sets: &[&str]) -> Loaded {
    load(&home(settings, window).paths, &flags(sets)).expect("loads")
}

fn layer(loaded: &Loaded, key: &str) -> Layer {
    loaded.views.iter().find(|view| &*view.key == key).expect("known").layer.clone()
}

fn value(loaded: &Loaded, key: &str) -> String {
    loaded.views.iter().find(|view| &*view.key == key).expect("known").value.to_string()
}

fn write(path: &Path, content: &[u8]) -> std::io::Result<()> {
    fs::write(path, content)
}

/// Checks that a file's mistake is said to be at a place, and what is said of it.
fn check_fault(settings: &str, line: usize, column: usize, words: &[&str]) {
    let home = home(settings, "");
    match load(&home.paths, &[]) {
        Err(error @ SettingsError::File { .. }) => {
            let text = error.to_string();
            let SettingsError::File { at, file, .. } = &error else { unreachable!() };
            assert_eq!((at.line, at.column), (line, column), "{text}\n{settings}");
            assert_eq!(file, &home.paths.settings);
            for word in words.iter().copied().chain(["settings.ron, line "]) {
                assert!(text.contains(word), "{word:?} is not in: {text}");
            }
        }
        other => panic!("{settings}\n{other:?}"),
    }
}

#[test]
fn without_files_everything_is_as_built_in() {
    let all = loaded("", "", &[]);
    assert_eq!(all.settings, Settings::default());
    assert_eq!(all.views.len(), KEYS.len());
    assert!(all.views.iter().all(|view| view.layer == Layer::Default && !view.help.is_empty()));
    assert_eq!(value(&all, "sensors.listen"), "0.0.0.0:9001");
    assert_eq!(value(&all, "api.listen"), "127.0.0.1:9464");
    assert_eq!(value(&all, "receive.e131"), "off");
    for (key, port) in [("http", 80), ("https", 443), ("entertainment", 2100), ("ssdp", 1900), ("mdns", 5353)] {
        assert_eq!(value(&all, &format!("bridge.{key}")), format!("0.0.0.0:{port}"));
    }
}

#[test]
fn a_blank_or_empty_file_sets_nothing() {
    for text in ["\n", "// nothing yet\n  // really\n", "()", "() // end", "\u{feff}()\r\n", "( sensors: () )"] {
        assert_eq!(loaded(text, "", &[]).settings, Settings::default(), "{text}");
    }
}

#[test]
fn every_kind_of_value_is_read() {
    let Settings { sensors, thermal, api, operator, window, receive, .. } = loaded(FULL, "", &[]).settings;
    assert_eq!(sensors.listen.to_string(), "127.0.0.1:19001");
    assert_eq!(sensors.allow.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.0.0.0/8", "192.168.1.20/32"]);
    assert_eq!(sensors.locations.values().collect::<Vec<_>>(), ["kitchen", "hall"]);
    assert_eq!(sensors.aliases.get("1234").map(String::as_str), Some("bench"));
    assert_eq!((sensors.max_connections, sensors.poll_s, sensors.order), (1000, 30, Order::OnDemand));
    assert_eq!(thermal.emissivity, 0.9);
    assert_eq!((api.listen, receive.ddp.to_string()), (Listen::Off, "[::1]:4048".to_owned()));
    assert_eq!(operator.name, r"Ann \ Bob");
    assert_eq!((window.palette, window.smooth, window.text_scale), (Palette::Cividis, false, 1.25));
}

#[test]
fn each_layer_overrules_the_one_below() {
    let file = "(\n  window: (\n    palette: \"viridis\",\n    close: \"keep\",\n  ),\n)";
    let all = loaded(file, WINDOW_V1, &["window.close=quit", "window.close=ask"]);
    assert_eq!(
        (all.settings.window.palette, layer(&all, "window.palette")),
        (Palette::Viridis, Layer::File { line: 3 })
    );
    assert_eq!((all.settings.network.reach, layer(&all, "network.reach")), (Reach::Lan, Layer::Window));
    assert_eq!((all.settings.window.close, layer(&all, "window.close")), (Close::Ask, Layer::Flag));
    assert_eq!((all.settings.window.smooth, layer(&all, "window.smooth")), (true, Layer::Default));
    assert!(all.notices.is_empty());
}

#[test]
fn flags_take_lists_and_tables_as_text() {
    let sets = ["sensors.allow=10.0.0.0/8, 1.2.3.4", "sensors.locations=1.2.3.4=hall, ::1=shed", "operator.name=a=b"];
    let all = loaded("", "", &sets);
    assert_eq!(value(&all, "sensors.allow"), "10.0.0.0/8, 1.2.3.4/32");
    assert_eq!(value(&all, "sensors.locations"), "1.2.3.4=hall, ::1=shed");
    assert_eq!(all.settings.operator_name(), "a=b");
    assert!(loaded("(sensors: (allow: [\"::1\"]))", "", &["sensors.allow="]).settings.sensors.allow.is_empty());
}

#[test]
fn a_wrong_value_of_each_kind_is_pointed_at() {
    let cases = [
        ("sensors", "listen: \"localhost\"", 9, &["\"localhost\" is not an address", "ADDR:PORT"][..]),
        ("sensors", "listen: \"1.2.3.4:70000\"", 9, &["ADDR:PORT"]),
        ("sensors", "listen: [\"1.2.3.4:1\"]", 9, &["is a list"]),
        ("sensors", "allow: [\"10.0.0.0/40\"]", 8, &["\"10.0.0.0/40\" is not a network"]),
        ("sensors", "allow: {\"a\": \"b\"}", 8, &["is a table"]),
        ("sensors", "locations: {\"kitchen\": \"10.0.0.5\"}", 12, &["\"kitchen\" is not an address"]),
        ("sensors", "locations: {\"::1\": \"a\", \"0::1\": \"b\"}", 12, &["stands twice"]),
        ("sensors", "locations: {\"::1\": \"\"}", 12, &["is not a name of a place"]),
        ("sensors", "aliases: {\"a=b\": \"c\"}", 10, &["is not an id of a device"]),
        ("sensors", "max_connections: 0", 18, &["0 is out of range", "from 1 to 20000"]),
        ("files", "exports: \"reports\"", 10, &["\"reports\" is not a whole path", "or \"\" for the usual folder"]),
        ("files", "exports: [\"/tmp\"]", 10, &["is a list"]),
        ("sensors", "poll_s: 2.5", 9, &["\"2.5\" is not such a number", "from 1 to 3600"]),
        ("sensors", "line_end: \"cr\"", 11, &["\"cr\" is not one of its words", "\"crlf\""]),
        ("thermal", "emissivity: 1.5", 13, &["1.5 is out of range", "from 0.05 to 1"]),
        ("thermal", "emissivity: NaN", 13, &["out of range"]),
        ("thermal", "record_mb: 63", 12, &["63 is out of range", "from 64 to 1000000"]),
        ("thermal", "record_fps: 0.05", 13, &["0.05 is out of range", "from 0.1 to 60"]),
        ("window", "smooth: 1", 9, &["\"1\" is neither true nor false", "true or false"]),
        ("operator", "name: \"a\\nb\"", 7, &["control character"]),
    ];
    for (group, line, column, words) in cases {
        let key = format!("{group}.{}", line.split(':').next().unwrap_or_default());
        let text = format!("(\n{group}: (\n// \u{e4}\u{f6}\u{fc}\n{line},\n))");
        let words: Vec<_> = words.iter().copied().chain([key.as_str()]).collect();
        check_fault(&text, 4, column, &words);
    }
}

#[test]
fn an_unknown_key_is_pointed_at_and_the_nearest_named() {
    check_fault(
        "(\n  sensors: (lisen: \"off\"),\n)",
        2,
        13,
        &["sensors.lisen is not a setting", "Did you mean sensors.listen?"],
    );
    check_fault("(\n  sensor: (listen: \"off\"),\n)", 2, 12, &["Did you mean sensors.listen?"]);
    check_fault("(sensors: (favourite_colour: 1))", 1, 12, &["Keys of sensors are", "sensors.poll_s"]);
    check_fault("(kitchenware: (a: 1))", 1, 16, &["Groups are sensors, thermal"]);
    check_fault("(schema: (version: 1))", 1, 11, &["schema.version is not a setting"]);
}

#[test]
fn text_that_is_not_a_settings_file_is_pointed_at() {
    check_fault("(\n  sensors: (\n    listen: 127.0.0.1:9001,\n  ),\n)", 3, 12, &["quotes"]);
    check_fault("(\n  sensors: (listen: \"off\"\n", 2, 26, &["cannot be read"]);
    check_fault("( sensors.listen: \"off\" )", 1, 10, &["cannot be read", "no dots"]);
    check_fault("(\n  sensors: 5,\n)", 2, 12, &["( sensors: ( listen:"]);
    check_fault(
        "(sensors: (poll_s: 5, order: stream,\n poll_s: 6))",
        2,
        2,
        &["sensors.poll_s stands twice, first in line 1"],
    );
    check_fault("(window: none)", 1, 10, &["is no group"]);
    check_fault("// so\nhello // (all) ", 2, 1, &["( sensors: ( listen:"]);
}

#[test]
fn a_wrong_flag_says_what_would_be_right() {
    let home = home("", "");
    let cases = [
        ("sensors.listen", "Write KEY=VALUE"),
        ("sensors.port=1", "Did you mean"),
        ("sensors.poll_s=0", "It takes a number from 1 to 3600."),
        ("sensors.locations=hall", "has no = in \"hall\""),
        ("window.theme=pink", "\"contrast\""),
    ];
    for (set, words) in cases {
        let text = load(&home.paths, &flags(&[set])).expect_err("refused").to_string();
        assert!(text.starts_with(&format!("--set {set}: ")) && text.contains(words), "{text}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let home = home("", "");
    fs::create_dir(&home.paths.settings).expect("made");
    let text = load(&home.paths, &[]).expect_err("refused").to_string();
    assert!(text.contains("settings.ron") && text.contains("cannot be read"), "{text}");
}

#[test]
fn the_window_changes_what_is_not_pinned() {
    let home = home("(operator: (name: \"Ann\"))", "");
    let sets = flags(&["log.files=3"]);
    let change = |key: &str, value: &str| change_window(&home.paths, &sets, key, value, write);
    change("window.palette", "turbo").expect("changed");
    change("sensors.locations", "10.0.0.5=hall").expect("changed");
    let all = change("window.palette", "magma").expect("changed again");
    assert_eq!((all.settings.window.palette, layer(&all, "window.palette")), (Palette::Magma, Layer::Window));
    assert_eq!(load(&home.paths, &sets).expect("loads"), all);
    assert_eq!(value(&all, "sensors.locations"), "10.0.0.5=hall");
    assert_eq!(value(&all, "operator.name"), "Ann");
}

#[test]
fn the_window_may_not_change_what_is_pinned_wrong_or_unknown() {
    let mut home = home("(\n  window: (theme: \"dark\"),\n)", "");
    let sets = flags(&["window.units=kelvin"]);
    let change = |paths: &Paths, key: &str, value: &str| {
        change_window(paths, &sets, key, value, |_, _| panic!("nothing is written")).expect_err("refused")
    };
    let text = change(&home.paths, "window.theme", "light").to_string();
    assert!(text.contains("settings.ron, line 2"), "{text}");
    assert!(matches!(change(&home.paths, "window.units", "celsius"), ChangeError::PinnedByFlag { .. }));
    assert!(matches!(change(&home.paths, "window.range", "wide"), ChangeError::Wrong { .. }));
    let text = change(&home.paths, "window.them", "light").to_string();
    assert!(text.contains("Did you mean window.theme?"), "{text}");
    fs::write(&home.paths.settings, "(").expect("written");
    assert!(matches!(change(&home.paths, "window.range", "shared"), ChangeError::Broken(_)));
    home.paths.settings = PathBuf::from("/nowhere/settings.ron");
    let full = |_: &Path, _: &[u8]| Err(std::io::Error::other("no space left"));
    let text = change_window(&home.paths, &[], "window.range", "shared", full).expect_err("refused").to_string();
    assert!(text.contains("settings.window.ron") && text.contains("no space left"), "{text}");
}

#[test]
fn a_broken_window_file_is_set_aside_and_reported() {
    for text in ["(window: (palette: \"mud\"))", "((", "(schema: (version: 99))", "(window: (colour: 1))", "\u{0}"] {
        let home = home("", text);
        let all = load(&home.paths, &[]).expect("loads all the same");
        assert_eq!(all.settings, Settings::default());
        assert_eq!(all.notices.len(), 1, "{text}");
        let aside = home.paths.window.with_extension("ron.bad");
        assert_eq!(fs::read_to_string(aside).expect("kept"), text);
        assert!(load(&home.paths, &[]).expect("loads").notices.is_empty());
    }
}

#[test]
fn nothing_but_loopback_is_bound_until_the_operator_says_so() {
    let at = |text: &str| text.parse().map(Listen::At).expect("an address");
    let cases = [("0.0.0.0:9001", "127.0.0.1:9001"), ("[::]:9001", "[::1]:9001"), ("192.168.1.2:80", "127.0.0.1:80")];
    for (wanted, local) in cases {
        for reach in [Reach::Unanswered, Reach::Loopback] {
            assert_eq!(at(wanted).bind(reach), local.parse().ok(), "{wanted}");
        }
        assert_eq!(at(wanted).bind(Reach::Lan), wanted.parse().ok());
    }
    assert_eq!(Listen::Off.bind(Reach::Lan), None);
}

#[test]
fn keys_are_unique_grouped_and_shown_as_they_are_read() {
    let everything = loaded(FULL, WINDOW_V1, &[]).settings;
    for (index, key) in KEYS.iter().enumerate() {
        assert!(!KEYS[..index].iter().any(|other| other.name == key.name), "{}", key.name);
        assert!(key.help.ends_with('.'), "{}", key.name);
        let mut copy = Settings::default();
        (find(key.name).expect("found").set)(&mut copy, &Raw::Text((key.get)(&everything))).expect(key.name);
        assert_eq!((key.get)(&copy), (key.get)(&everything), "{}", key.name);
    }
}

#[cfg(unix)]
#[test]
fn secrets_are_closed_to_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = home("", "");
    fs::set_permissions(&home.paths.secrets, fs::Permissions::from_mode(0o755)).expect("set");
    home.paths.create().expect("again");
    assert_eq!(fs::metadata(&home.paths.secrets).expect("there").permissions().mode() & 0o777, 0o700);
    assert!(home.paths.logs.is_dir() && home.paths.recordings.is_dir());
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("written");
    let text = Paths::under(&file, None).create().expect_err("refused").to_string();
    assert!(text.contains("--data"), "{text}");
}

#[test]
fn every_truncation_of_a_file_is_read_or_refused() {
    for (end, _) in FULL.char_indices() {
        let text = &FULL[..end];
        if let Err(fault) = file::read(text) {
            assert!(fault.at.line <= text.matches('\n').count() + 1, "{fault:?}");
        }
    }
}

#[test]
fn deep_nesting_is_read_or_refused() {
    for depth in 0..300 {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        drop(file::read(&format!("(a: (b: {open}{close}))")));
        drop(file::read(&"(a: ".repeat(depth)));
    }
}

proptest! {
    #[test]
    fn any_damage_is_read_or_refused(cuts in proptest::collection::vec((0..FULL.len(), 0..9_usize, "[(){}\\[\\],:\"\\\\/*r#\n]?"), 1..4)) {
        let mut text = FULL.to_owned();
        for (at, length, put) in cuts {
            let (at, end) = (at.min(text.len()), (at + length).min(text.len()));
            text.replace_range(at..end, &put);
        }
        drop(file::read(&text));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[(){}\\[\\]a-c:,\"\\\\r#/* \n0-9.\u{e4}-]{0,60}") {
        drop(file::read(&text));
    }

    #[test]
    fn any_name_survives_the_windows_file(name in "[^\u{0}-\u{1f}\u{7f}-\u{9f}]{0,64}") {
        let home = home("", "");
        let all = change_window(&home.paths, &[], "operator.name", &name, write).expect("changed");
        prop_assert_eq!(&all.settings.operator.name, name.trim());
        prop_assert!(all.notices.is_empty());
    }

    #[test]
    fn any_flag_is_taken_or_refused(text in ".{0,40}") {
        let home = home("", "");
        for key in KEYS {
            drop(load(&home.paths, &[format!("{}={text}", key.name)]));
        }
    }
}
