//! `check`: tests what Hearthlight needs of this machine, a line for each thing, with the cure where one is needed.
//!
//! Invariant: nothing is changed but that missing folders are made; it may be run beside a running Hearthlight.
//!
//! To add one: a function that pushes [`Finding`]s, called in [`run`].

mod bridge;

use std::process::ExitCode;

use hearthlight::cli::Common;
use hearthlight::io::{lock, notify, process, sound, tcp};
use hearthlight::settings::current::{Listen, Settings};
use hearthlight::settings::layers;
use hearthlight::settings::paths::Paths;
use hearthlight::store::examine;

/// Space on disk below which the operator is told, bytes.
const LITTLE_SPACE: u64 = 1 << 30;
/// Space on disk below which nothing can be kept for long, bytes.
const NO_SPACE: u64 = 64 << 20;

/// How a thing was found.
enum Verdict {
    /// As it should be.
    Fine,
    /// Something goes without it: what, and the cure.
    Lacking(String),
    /// Hearthlight cannot work like this: cause and cure.
    Broken(String),
}

/// One line of the self-test.
struct Finding {
    what: String,
    verdict: Verdict,
}

impl Finding {
    fn of(what: impl Into<String>, result: Result<(), String>) -> Self {
        Self { what: what.into(), verdict: result.map_or_else(Verdict::Broken, |()| Verdict::Fine) }
    }

    fn wanted(what: impl Into<String>, result: Result<(), String>) -> Self {
        Self { what: what.into(), verdict: result.map_or_else(Verdict::Lacking, |()| Verdict::Fine) }
    }
}

/// Tests everything. Exit code 1 if something is broken.
pub fn run(common: &Common) -> ExitCode {
    let mut findings = Vec::new();
    match crate::paths(common, false) {
        Ok(paths) => of_paths(common, &paths, &mut findings),
        Err(error) => findings.push(Finding::of("folders", Err(error.to_string()))),
    }
    findings.push(Finding::of("clock", clock()));
    of_desktop(&mut findings);
    for Finding { what, verdict } in &findings {
        match verdict {
            Verdict::Fine => println!("ok       {what}"),
            Verdict::Lacking(cure) => println!("without  {what}: {cure}"),
            Verdict::Broken(cure) => println!("broken   {what}: {cure}"),
        }
    }
    let broken = findings.iter().any(|finding| matches!(finding.verdict, Verdict::Broken(_)));
    if broken { ExitCode::from(1) } else { ExitCode::SUCCESS }
}

fn of_paths(common: &Common, paths: &Paths, findings: &mut Vec<Finding>) {
    let writable = paths.create().and_then(|()| {
        let probe = paths.data.join(".check");
        std::fs::write(&probe, b"check")?;
        std::fs::remove_file(&probe)
    });
    let cure = |error: std::io::Error| format!("{error}. Check who owns it and whether the disk is full.");
    findings.push(Finding::of(format!("data folder {}", paths.data.display()), writable.map_err(cure)));
    findings.push(space(paths));
    findings.push(database(paths));
    let running = lock::running(&paths.lock).is_some();
    if running {
        findings.push(Finding::of("a running Hearthlight on this folder (its ports count as fine)", Ok(())));
    }
    let loaded = layers::load(paths, &common.sets);
    findings.push(Finding::of("settings", loaded.as_ref().map(|_| ()).map_err(ToString::to_string)));
    if let Ok(loaded) = loaded {
        of_settings(paths, &loaded.settings, running, findings);
    }
}

fn of_settings(paths: &Paths, settings: &Settings, running: bool, findings: &mut Vec<Finding>) {
    // Listening needs a runtime, though nothing runs on it.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return };
    let _entered = runtime.enter();
    for (key, listen) in [("sensors.listen", settings.sensors.listen), ("api.listen", settings.api.listen)] {
        let result = if running { Ok(()) } else { port(key, listen, settings) };
        findings.push(Finding::of(format!("{key} {listen}"), result));
    }
    let wanted = u64::from(settings.sensors.max_connections) + crate::FILES_BESIDE_CONNECTIONS;
    let allowed = process::raise_file_limit(wanted).filter(|&allowed| allowed < wanted);
    let files = allowed.map_or(Ok(()), |allowed| {
        Err(format!(
            "The system allows {allowed} open files, sensors.max_connections needs {wanted}. Raise the limit (ulimit -n) \
             or lower the setting."
        ))
    });
    findings.push(Finding::wanted("open files", files));
    bridge::look(paths, settings, running, findings);
    if settings.alarms.sound {
        findings.push(Finding::wanted("sound of alarms", sound::found().map(drop)));
    }
    if settings.alarms.notify {
        findings.push(Finding::wanted("notifications of alarms", notify::reachable()));
    }
}

fn of_desktop(findings: &mut Vec<Finding>) {
    findings.push(match crate::missing_display() {
        None => Finding::of("display", Ok(())),
        Some(why) => Finding::wanted("display", Err(why.to_owned())),
    });
}

fn port(key: &str, listen: Listen, settings: &Settings) -> Result<(), String> {
    let Some(at) = listen.bind(settings.network.reach) else { return Ok(()) };
    tcp::listen(at).map(drop).map_err(|error| tcp::explain(at, key, &error))
}

/// Times of alarms and certificates need a clock that was set.
fn clock() -> Result<(), String> {
    let year = jiff::Zoned::now().year();
    if year < 2026 { Err(format!("It shows the year {year}. Set it, or switch network time on.")) } else { Ok(()) }
}

/// Room for history, journal and recordings.
fn space(paths: &Paths) -> Finding {
    let Some(free) = process::free_space(&paths.data) else {
        return Finding::wanted("space on disk", Err("The system does not tell how much there is.".to_owned()));
    };
    let what = format!("space on disk ({} MB free)", free >> 20);
    let cure = || "Free some, or choose a folder on another disk with --data.".to_owned();
    if free < NO_SPACE {
        Finding::of(what, Err(format!("Too little to keep anything. {}", cure())))
    } else if free < LITTLE_SPACE {
        Finding::wanted(what, Err(format!("History and recordings may be cut short. {}", cure())))
    } else {
        Finding::of(what, Ok(()))
    }
}

/// Whether what is stored is sound.
fn database(paths: &Paths) -> Finding {
    match examine::examine(&paths.db) {
        Ok(None) => Finding::of("database (none yet)", Ok(())),
        Ok(Some(found)) => {
            let damage = found.damage.map_or(Ok(()), |damage| {
                Err(format!("{damage}. Restore a backup (hearthlight restore), or move {} away.", paths.db.display()))
            });
            Finding::of(format!("database (version {}, {} kB)", found.version, found.bytes >> 10), damage)
        }
        Err(error) => Finding::of("database", Err(error.to_string())),
    }
}
