//! What is shipped beside the program speaks of what the program really has.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hearthlight::engine::metrics::{Input, ProcessFigures, render};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::port::slots::Slots;
use hearthlight::units::moment::Moment;
use serde_json::Value;

const RULES: &str = "prometheus/hearthlight-rules.yml";
const DASHBOARD: &str = "grafana/hearthlight.json";

fn path(inside: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging").join(inside)
}

fn text(inside: &str) -> String {
    fs::read_to_string(path(inside)).expect("a packaged file")
}

/// Names of samples that the exporter writes, or would write if there were something to tell.
fn served() -> BTreeSet<String> {
    let process = ProcessFigures { open_fds: Some(1), threads: Some(1), ..ProcessFigures::default() };
    let page = render(
        &Input {
            slots: &Slots::default(),
            snapshot: &Snapshot::default(),
            process,
            now: Moment::ZERO,
            started: jiff::Timestamp::UNIX_EPOCH,
            version: "",
            commit: "",
            channels: &[],
            store_written_bytes: 0,
            recorded_bytes: 0,
            recording_dropped: 0,
            emberye_names: true,
        },
        false,
    );
    let types = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    types
        .flat_map(|(family, kind)| match kind {
            "histogram" => ["_bucket", "_sum", "_count"].map(|end| format!("{family}{end}")).to_vec(),
            _ => vec![family.to_owned()],
        })
        .collect()
}

/// Words that begin like a metric of ours, or of the process.
fn metrics_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let ours = |word: &&str| ["hearthlight_", "process_", "emberye_"].iter().any(|start| word.starts_with(start));
    // The key of a setting begins like one, too.
    words.filter(ours).filter(|word| *word != "emberye_names").map(str::to_owned).collect()
}

/// Every `expr` of the dashboard, and the queries of its variables.
fn expressions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(text) if name == "expr" => found.push(text.to_owned()),
                    _ => expressions(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| expressions(item, found)),
        _ => {}
    }
}

#[test]
fn every_metric_that_is_asked_for_is_served() {
    let served = served();
    for file in [RULES, DASHBOARD, "README.md"] {
        let asked = metrics_in(&text(file));
        assert!(file == "README.md" || asked.len() > 5, "{file}: {asked:?}");
        let missing: Vec<_> = asked.difference(&served).collect();
        assert!(missing.is_empty(), "{file} asks for {missing:?}");
    }
}

#[test]
fn the_dashboard_is_json_whose_panels_each_have_an_id_and_a_place_of_their_own() {
    let dashboard: Value = serde_json::from_str(&text(DASHBOARD)).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let mut ids = BTreeSet::new();
    let mut taken = BTreeSet::new();
    for panel in panels {
        assert!(ids.insert(panel["id"].as_u64()), "{} twice", panel["id"]);
        let at = |key: &str| panel["gridPos"][key].as_u64().expect("a place");
        assert!(at("x") + at("w") <= 24);
        for (x, y) in (at("x")..at("x") + at("w")).flat_map(|x| (at("y")..at("y") + at("h")).map(move |y| (x, y))) {
            assert!(taken.insert((x, y)), "{} covers another panel", panel["title"]);
        }
    }
    let mut found = Vec::new();
    expressions(&dashboard, &mut found);
    assert!(found.len() > 20);
}

#[test]
fn the_service_runs_without_a_window_and_comes_back() {
    let unit = text("linux/hearthlight.service");
    for line in ["ExecStart=/usr/bin/hearthlight --headless", "Restart=always", "WantedBy=default.target"] {
        assert!(unit.lines().any(|found| found == line), "{line}");
    }
}

#[test]
#[ignore = "needs HEARTHLIGHT_PROMTOOL: the promtool of Prometheus"]
fn prometheus_understands_rules_and_dashboard() {
    let promtool = std::env::var("HEARTHLIGHT_PROMTOOL").expect("HEARTHLIGHT_PROMTOOL names the program");
    let check = |file: &Path| {
        let output = std::process::Command::new(&promtool).args(["check", "rules"]).arg(file).output().expect("ran");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    check(&path(RULES));
    // The dashboard's expressions as recording rules, with what Grafana puts in for its variables.
    let mut found = Vec::new();
    expressions(&serde_json::from_str(&text(DASHBOARD)).expect("JSON"), &mut found);
    let rule = |(n, expr): (usize, &String)| {
        let expr = expr.replace("$__rate_interval", "5m").replace("$instance", ".*").replace("$location", ".*");
        serde_json::json!({ "record": format!("panel_{n}"), "expr": expr })
    };
    let rules: Vec<_> = found.iter().enumerate().map(rule).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("dashboard.yml");
    // JSON is YAML.
    let groups = serde_json::json!({ "groups": [{ "name": "dashboard", "rules": rules }] });
    fs::write(&file, groups.to_string()).expect("written");
    check(&file);
}

/// The value of a `key = value` line of a package file.
fn value_of<'a>(text: &'a str, key: &str) -> &'a str {
    text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap_or_default()
}

#[test]
fn the_menu_entry_starts_the_program_and_has_its_icon() {
    let entry = text("linux/hearthlight.desktop");
    assert_eq!(value_of(&entry, "Exec"), "hearthlight");
    let icon = value_of(&entry, "Icon");
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).expect("a manifest");
    assert!(manifest.contains(&format!("/scalable/apps/{icon}.svg")), "the package has no icon of the name {icon}");
    // What the window calls itself, so that a desktop finds the entry that belongs to it.
    let window = include_str!("../../src/ui/app.rs");
    assert!(window.contains(&format!("with_app_id(\"{}\")", value_of(&entry, "StartupWMClass"))));
}

#[test]
fn everything_that_goes_into_the_package_is_there() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(top.join("Cargo.toml")).expect("a manifest");
    let deb = manifest.split("[package.metadata.deb]").nth(1).and_then(|rest| rest.split("\n[").next()).expect("deb");
    let sources = deb.lines().filter_map(|line| line.trim().strip_prefix("[\"")?.split('"').next());
    let missing: Vec<_> =
        sources.filter(|source| !source.starts_with("target/") && !top.join(source).exists()).collect();
    assert!(missing.is_empty(), "not there: {missing:?}");
}

#[test]
fn a_mac_is_told_why_bluetooth_and_the_network_are_used() {
    let plist = text("macos/Info.plist");
    for key in ["NSBluetoothAlwaysUsageDescription", "NSLocalNetworkUsageDescription"] {
        let after = plist.split(&format!("<key>{key}</key>")).nth(1).expect(key);
        let sentence = after.split("<string>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
        assert!(sentence.starts_with("Hearthlight ") && sentence.ends_with('.'), "{key}: {sentence}");
    }
}

#[test]
fn every_package_has_the_version_of_the_program() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(text("macos/Info.plist").contains(&format!("<string>{version}</string>")));
    assert!(text("linux/org.hearthlight.hearthlight.metainfo.xml").contains(&format!("version=\"{version}\"")));
    assert!(text("linux/changelog").contains(&format!("({version}-")));
}

/// Runs a program on a packaged file; panics with what it says if it finds fault.
fn validate(program: &str, arguments: &[&str], inside: &str) {
    let out = Command::new(program).args(arguments).arg(path(inside)).output();
    let out = out.unwrap_or_else(|error| panic!("{program}: {error}"));
    let said = [out.stdout, out.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(out.status.success(), "{program} {inside}: {said}");
}

#[test]
#[ignore = "needs desktop-file-validate and appstreamcli"]
fn menu_entry_and_description_are_valid() {
    validate("desktop-file-validate", &[], "linux/hearthlight.desktop");
    validate("appstreamcli", &["validate", "--no-net"], "linux/org.hearthlight.hearthlight.metainfo.xml");
}
