//! Flags: what each line means, and which lines are refused.

use clap::error::ErrorKind;
use hearthlight::cli::lights::{Lights, Verb};
use hearthlight::cli::{
    Action, ArrayKind, ChartForm, Common, Invocation, PictureForm, Report, Sim, SimLamps, parse_from,
};
use hearthlight::model::lights::state::{Change, Color};
use hearthlight::sim::lights::FAMILIES;
use hearthlight::units::color::Mirek;

fn parsed(line: &str) -> Invocation {
    parse_from(line.split_whitespace()).unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn refused(line: &str) -> clap::Error {
    parse_from(line.split_whitespace()).expect_err(line)
}

#[test]
fn without_a_subcommand_the_engine_runs() {
    let cases =
        [("", false, false), ("--headless", true, false), ("--demo", false, true), ("--demo --headless", true, true)];
    for (flags, headless, demo) in cases {
        let found = parsed(&format!("hearthlight {flags}"));
        assert_eq!(
            found,
            Invocation { common: Common::default(), action: Action::Run { headless, demo, stall: None } }
        );
    }
}

#[test]
fn the_windows_test_hook_needs_the_window() {
    let Action::Run { stall, .. } = parsed("hearthlight --demo --stall-window 30").action else { panic!("run") };
    assert_eq!(stall.map(|pause| pause.as_secs()), Some(30));
    assert_eq!(refused("hearthlight --headless --stall-window 30").kind(), ErrorKind::ArgumentConflict);
    assert_eq!(refused("hearthlight --stall-window 30 check").kind(), ErrorKind::ArgumentConflict);
}

#[test]
fn common_flags_stand_anywhere() {
    for line in [
        "hearthlight --data d --settings s.ron --set a.b=1 --set a.b=2 --log debug check",
        "hearthlight check --data d --settings s.ron --set a.b=1 --set a.b=2 --log debug",
    ] {
        let Invocation { common, action } = parsed(line);
        assert_eq!(action, Action::Check);
        assert_eq!(common.data, Some("d".into()));
        assert_eq!(common.settings, Some("s.ron".into()));
        assert_eq!(common.sets, ["a.b=1", "a.b=2", "log.level=debug"]);
    }
}

#[test]
fn backup_and_restore_have_their_flags() {
    for (flags, force) in [("", false), (" --force", true)] {
        let Action::Backup(backup) = parsed(&format!("hearthlight backup b.db{flags}")).action else {
            panic!("backup")
        };
        assert_eq!((backup.file, backup.force), ("b.db".into(), force));
    }
    for (flags, yes) in [("", false), (" --yes", true)] {
        let Action::Restore(restore) = parsed(&format!("hearthlight restore b.db{flags}")).action else { panic!() };
        assert_eq!((restore.file, restore.yes), ("b.db".into(), yes));
    }
}

#[test]
fn replay_has_its_flags() {
    let Action::Replay(plain) = parsed("hearthlight replay x.rx.bin").action else { panic!("replay") };
    assert_eq!((plain.speed, plain.pieces, plain.to.to_string()), (1.0, None, "127.0.0.1:9001".to_owned()));
    let line = "hearthlight replay x.rx.bin --calibration e.txt --to [::1]:1 --speed 0 --pieces 7";
    let Action::Replay(full) = parsed(line).action else { panic!("replay") };
    assert_eq!((full.speed, full.pieces.map(usize::from)), (0.0, Some(7)));
    assert_eq!((full.calibration, full.to.to_string()), (Some("e.txt".into()), "[::1]:1".to_owned()));
}

#[test]
fn load_has_its_flags() {
    let line =
        "hearthlight load sensors --clients 100 --rate 2.5 --packets 9 --seconds 3 --frames --to 127.0.0.1:19001";
    let Action::LoadSensors(load) = parsed(line).action else { panic!("load") };
    assert_eq!((load.clients.get(), load.rate, load.frames, load.flat_out), (100, 2.5, true, false));
    assert_eq!((load.packets.map(u64::from), load.seconds.map(u32::from)), (Some(9), Some(3)));
    assert_eq!(load.api.to_string(), "127.0.0.1:9464");
    let Action::LoadSensors(flat) = parsed("hearthlight load sensors --flat-out").action else { panic!("load") };
    assert!(flat.flat_out);
}

#[test]
fn simulated_devices_have_their_flags() {
    let line = "hearthlight sim thermal --count 5 --to 127.0.0.1:1 --period-ms 250 --half-duplex --seconds 9 --faults --name hall --array lepton";
    let Action::Sim(Sim::Thermal(thermal)) = parsed(line).action else { panic!("thermal") };
    assert_eq!((thermal.devices.count.get(), thermal.devices.period_ms.get()), (5, 250));
    assert_eq!((thermal.half_duplex, thermal.devices.faults, thermal.array), (true, true, ArrayKind::Lepton));
    assert_eq!((thermal.devices.seconds.map(u32::from), thermal.devices.name.as_deref()), (Some(9), Some("hall")));
    let Action::Sim(Sim::Gas(gas)) = parsed("hearthlight sim gas").action else { panic!("gas") };
    assert_eq!((gas.devices.count.get(), gas.devices.seconds), (1, None));
    let Action::Sim(Sim::Floor(floor)) = parsed("hearthlight sim floor --listen 127.0.0.1:9").action else {
        panic!("floor")
    };
    assert_eq!(floor.listen.port(), 9);
}

#[test]
fn simulated_lights_of_every_family_have_their_flags() {
    let line = "hearthlight sim wled --count 3 --kind segments --pixels 90 --late-ms 300 --loses 7 --mute --port 8080";
    let Action::Sim(Sim::Lights(lights)) = parsed(line).action else { panic!("lights") };
    let SimLamps { count, port, kind, pixels, late_ms, mute, loses, .. } = lights.lights;
    assert_eq!((lights.family, kind.as_str(), mute), ("wled", "segments", true));
    let numbers =
        (count.get(), port.map(Into::into), pixels.map(Into::into), late_ms.map(Into::into), loses.map(Into::into));
    assert_eq!(numbers, (3, Some(8080_u16), Some(90_u16), Some(300_u32), Some(7_u32)));
    let help = refused("hearthlight sim --help").to_string();
    for family in FAMILIES {
        assert!(help.contains(family.id), "{} is missing in\n{help}", family.id);
        let Action::Sim(Sim::Lights(lights)) = parsed(&format!("hearthlight sim {}", family.id)).action else {
            panic!("{}", family.id)
        };
        assert_eq!((lights.family, lights.lights.count.get()), (family.id, 1));
    }
    refused("hearthlight sim toaster");
}

#[test]
fn files_go_in_and_out() {
    let import = |line: &str| parsed(line).action;
    assert_eq!(import("hearthlight import a.json"), Action::Import { file: "a.json".into(), yes: false });
    assert_eq!(import("hearthlight import --yes a.json"), Action::Import { file: "a.json".into(), yes: true });
    assert_eq!(import("hearthlight export devices d.csv"), Action::ExportDevices { file: "d.csv".into() });
}

#[test]
fn reports_are_asked_for() {
    let report = |line: &str| match parsed(line).action {
        Action::Report(report) => report,
        other => panic!("{other:?}"),
    };
    let to = Some("a.html".into());
    assert_eq!(
        report("hearthlight report incident fire--bench --to a.html"),
        Report::Incident { which: "fire--bench".to_owned(), to }
    );
    assert_eq!(
        report("hearthlight report snapshot bench --form csv --at 2026-03-01T12:00:00Z"),
        Report::Snapshot {
            device: "bench".to_owned(),
            form: Some(PictureForm::Csv),
            at: Some("2026-03-01T12:00:00Z".parse().expect("a time")),
            to: None
        }
    );
    let channels = vec![("bench".to_owned(), "hottest".to_owned()), ("bench".to_owned(), "B1.max".to_owned())];
    assert_eq!(
        report("hearthlight report history --channel bench:hottest --channel bench:B1.max --form svg --file a.svg"),
        Report::History { channels, from: None, to: None, form: Some(ChartForm::Svg), file: Some("a.svg".into()) }
    );
}

#[test]
fn lights_are_changed() {
    let lights = |line: &str| match parsed(&format!("hearthlight lights {line}")).action {
        Action::Lights(lights) => lights,
        other => panic!("{other:?}"),
    };
    assert_eq!(lights("list --json"), Lights { json: true, verb: Verb::List });
    let Verb::Set(set) = lights("set Desk kitchen --on --brightness 40% --kelvin 2700 --transition 250").verb else {
        panic!("set")
    };
    let color = Some(Color::Mirek(Mirek::new(370)));
    let on = Change { on: Some(true), brightness: Some(0.4), color, transition_ms: Some(250), effect: None };
    assert_eq!((set.change(), set.which), (on, vec!["Desk".to_owned(), "kitchen".to_owned()]));
    let Verb::Set(off) = lights("set all --off").verb else { panic!("set") };
    assert_eq!(off.change(), Change { on: Some(false), ..Change::default() });
    assert_eq!(lights("scene").verb, Verb::Scene { scene: None });
    let Verb::Connect(connect) =
        lights("connect --family serial --address COM3 --option pixels=30 --secret password").verb
    else {
        panic!("connect")
    };
    assert_eq!(connect.options, [("pixels".to_owned(), "30".to_owned())]);
}

#[test]
fn bad_flags_are_refused_with_code_2() {
    for line in [
        "hearthlight --nonsense",
        "hearthlight paint",
        "hearthlight --headless check",
        "hearthlight --demo sim gas",
        "hearthlight --log loud",
        "hearthlight backup",
        "hearthlight restore",
        "hearthlight restore b.db --force",
        "hearthlight replay",
        "hearthlight replay x --speed -1",
        "hearthlight replay x --speed NaN",
        "hearthlight replay x --pieces 0",
        "hearthlight load",
        "hearthlight load sensors --clients 0",
        "hearthlight load sensors --rate 0",
        "hearthlight load sensors --flat-out --rate 5",
        "hearthlight load sensors --to somewhere",
        "hearthlight sim",
        "hearthlight import",
        "hearthlight export",
        "hearthlight export devices",
        "hearthlight report",
        "hearthlight report incident",
        "hearthlight report snapshot bench --form html",
        "hearthlight report history",
        "hearthlight report history --channel bench",
        "hearthlight report history --channel bench:ADC1 --from noon",
        "hearthlight lights",
        "hearthlight lights set --on",
        "hearthlight lights set desk --on --off",
        "hearthlight lights set desk --brightness 101",
        "hearthlight lights set desk --color red",
        "hearthlight lights set desk --kelvin 2700 --mirek 370",
        "hearthlight lights connect",
        "hearthlight lights connect --family wled",
        "hearthlight lights connect desk --family wled --address 10.0.0.4",
        "hearthlight lights search --seconds 0",
        "hearthlight sim floor",
        "hearthlight sim thermal --array furnace",
    ] {
        assert_eq!(refused(line).exit_code(), 2, "{line}");
    }
}

#[test]
fn help_and_version_are_clean_exits() {
    for (line, kind) in [
        ("hearthlight --help", ErrorKind::DisplayHelp),
        ("hearthlight load sensors --help", ErrorKind::DisplayHelp),
        ("hearthlight sim thermal --help", ErrorKind::DisplayHelp),
        ("hearthlight --version", ErrorKind::DisplayVersion),
    ] {
        let shown = refused(line);
        assert_eq!((shown.kind(), shown.exit_code()), (kind, 0), "{line}");
    }
    let help = refused("hearthlight --help").to_string();
    for word in [
        "--headless",
        "--demo",
        "show",
        "check",
        "backup",
        "restore",
        "replay",
        "load",
        "sim",
        "import",
        "export",
        "report",
        "lights",
        "--data",
        "--settings",
        "--set",
        "--log",
    ] {
        assert!(help.contains(word), "{word}");
    }
}
