//! Subcommands that do one thing and end: show, check, backup, restore, import, export, replay, load, sim.

#![allow(clippy::print_stdout, reason = "the terminal is where these answer")]

mod backup;
mod exchange;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use hearthlight::cli::{Action, ArrayKind, Common, LoadSensors, Replay, SceneKind, Sim, SimGas, SimThermal};
use hearthlight::io::lock::{self, Running};
use hearthlight::io::tcp;
use hearthlight::settings::current::Listen;
use hearthlight::settings::layers;
use hearthlight::settings::paths::Paths;
use hearthlight::sim;
use hearthlight::sim::plan::{Limit, LoadOpts, Mode};
use hearthlight::sim::scene::Scene;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

/// Runs a subcommand.
pub fn run(common: &Common, action: Action) -> anyhow::Result<ExitCode> {
    let runtime = || tokio::runtime::Runtime::new().context("no runtime");
    match action {
        Action::Run { .. } => Ok(ExitCode::SUCCESS),
        Action::Show => show(common),
        Action::Check => Ok(check(common)),
        Action::Backup(wanted) => backup::save(common, &wanted),
        Action::Restore(wanted) => backup::restore(common, &wanted),
        Action::Replay(replay) => runtime()?.block_on(play(replay)),
        Action::LoadSensors(load) => runtime()?.block_on(load_sensors(common, load)),
        Action::Sim(sim) => runtime()?.block_on(simulate(sim)),
        Action::Import { file, yes } => exchange::import(common, &file, yes),
        Action::ExportDevices { file } => exchange::export_devices(common, &file),
    }
}

fn print_json(value: &impl Serialize) -> anyhow::Result<ExitCode> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(ExitCode::SUCCESS)
}

fn show(common: &Common) -> anyhow::Result<ExitCode> {
    let paths = crate::paths(common, false)?;
    let running = lock::running(&paths.lock).context("Hearthlight is not running on this data folder.")?;
    println!("{}", bring_forward(&paths, Some(running)));
    Ok(ExitCode::SUCCESS)
}

/// Asks the running instance to bring its window forward; returns what to tell the person.
pub fn bring_forward(paths: &Paths, running: Option<Running>) -> String {
    let known = running.map_or_else(String::new, |running| format!(" (process {})", running.pid));
    let head = format!("Hearthlight is already running on {}{known}", paths.data.display());
    let asked = running.and_then(|running| running.api).map(|api| ask_for_window(paths, api));
    match asked {
        Some(Ok(())) => format!("{head}; its window was asked to come forward, if it has one."),
        Some(Err(error)) => format!("{head}, but it did not answer: {error:#}."),
        None => format!("{head}. Its local API is off, so its window cannot be called."),
    }
}

fn ask_for_window(paths: &Paths, api: SocketAddr) -> anyhow::Result<()> {
    let token = std::fs::read_to_string(paths.secrets.join("api.token")).context("its token cannot be read")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(3)).build()?;
        let request = client.post(format!("http://{api}/api/v1/commands")).bearer_auth(token.trim());
        let answer = request.json(&serde_json::json!({ "system": "show_window" })).send().await?;
        answer.error_for_status()?;
        Ok(())
    })
}

/// One line of the self-test.
struct Finding {
    what: String,
    broken: Option<String>,
}

impl Finding {
    fn of(what: impl Into<String>, result: Result<(), String>) -> Self {
        Self { what: what.into(), broken: result.err() }
    }
}

/// Tests what Hearthlight needs of this machine. Exit code 1 if something is broken.
fn check(common: &Common) -> ExitCode {
    let mut findings = Vec::new();
    match crate::paths(common, false) {
        Ok(paths) => check_paths(common, &paths, &mut findings),
        Err(error) => findings.push(Finding::of("folders", Err(error.to_string()))),
    }
    findings.push(Finding::of("clock", check_clock()));
    // Without a display Hearthlight runs headless: worth a line, but nothing is broken.
    findings
        .push(Finding::of(crate::missing_display().map_or("display", |_| "no display here: --headless only"), Ok(())));
    for Finding { what, broken } in &findings {
        match broken {
            None => println!("ok      {what}"),
            Some(cure) => println!("broken  {what}: {cure}"),
        }
    }
    let broken = findings.iter().any(|finding| finding.broken.is_some());
    if broken { ExitCode::from(1) } else { ExitCode::SUCCESS }
}

fn check_paths(common: &Common, paths: &Paths, findings: &mut Vec<Finding>) {
    let writable = paths.create().and_then(|()| {
        let probe = paths.data.join(".check");
        std::fs::write(&probe, b"check")?;
        std::fs::remove_file(&probe)
    });
    let cure = |error: std::io::Error| format!("{error}. Check who owns it and whether the disk is full.");
    findings.push(Finding::of(format!("data folder {}", paths.data.display()), writable.map_err(cure)));
    let running = lock::running(&paths.lock).is_some();
    if running {
        findings.push(Finding::of("a running Hearthlight on this folder (its ports count as fine)", Ok(())));
    }
    let loaded = layers::load(paths, &common.sets);
    findings.push(Finding::of("settings", loaded.as_ref().map(|_| ()).map_err(ToString::to_string)));
    let Ok(loaded) = loaded else { return };
    let settings = loaded.settings;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return };
    let _entered = runtime.enter();
    for (key, listen) in [("sensors.listen", settings.sensors.listen), ("api.listen", settings.api.listen)] {
        let result = if running { Ok(()) } else { check_port(key, listen, settings.network.reach) };
        findings.push(Finding::of(format!("{key} {listen}"), result));
    }
}

fn check_port(key: &str, listen: Listen, reach: hearthlight::model::system::Reach) -> Result<(), String> {
    let Some(at) = listen.bind(reach) else { return Ok(()) };
    tcp::listen(at).map(drop).map_err(|error| tcp::explain(at, key, &error))
}

/// Times of alarms and certificates need a clock that was set.
fn check_clock() -> Result<(), String> {
    let year = jiff::Zoned::now().year();
    if year < 2026 { Err(format!("It shows the year {year}. Set it, or switch network time on.")) } else { Ok(()) }
}

async fn play(replay: Replay) -> anyhow::Result<ExitCode> {
    let Replay { file, calibration, to, speed, pieces } = replay;
    let opts = sim::replay::ReplayOpts { file, to, calibration, speed, pieces: pieces.map(Into::into) };
    print_json(&sim::replay::replay(opts).await?)
}

async fn load_sensors(common: &Common, load: LoadSensors) -> anyhow::Result<ExitCode> {
    let token =
        crate::paths(common, false).ok().map(|paths| paths.secrets.join("api.token")).filter(|file| file.exists());
    let LoadSensors { clients, rate, packets, seconds, frames, flat_out, name, to, api } = load;
    let limit = match packets {
        Some(packets) => Limit::Packets(packets.get() * u64::from(clients.get())),
        None => Limit::Seconds(seconds.map_or(10.0, |seconds| f64::from(seconds.get()))),
    };
    let opts = LoadOpts {
        prefix: name,
        to,
        api: match api {
            Listen::At(api) => Some(api),
            Listen::Off => None,
        },
        token,
        mode: if frames { Mode::Frames } else { Mode::Lines },
        clients: clients.get() as usize,
        rate_hz: (!flat_out).then_some(rate),
        limit,
    };
    print_json(&sim::load::load(opts).await?)
}

/// Cancelled by Ctrl-C or SIGTERM.
fn stop_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        crate::asked_to_stop().await;
        token.cancel();
    });
    stop
}

async fn simulate(sim: Sim) -> anyhow::Result<ExitCode> {
    let stop = stop_signal();
    match sim {
        Sim::Thermal(thermal) => print_json(&sim::thermal::run_many(thermal_opts(thermal), stop).await),
        Sim::Gas(gas) => print_json(&sim::gas::run_many(gas_opts(gas), stop).await),
        Sim::Floor(floor) => print_json(&sim::floor::run(floor.listen, stop).await?),
    }
}

fn thermal_opts(thermal: SimThermal) -> sim::thermal::ThermalOpts {
    let SimThermal { devices, half_duplex, array, scene } = thermal;
    sim::thermal::ThermalOpts {
        to: devices.to,
        count: devices.count.get() as usize,
        period: Duration::from_millis(devices.period_ms.get().into()),
        half_duplex,
        faults: devices.faults,
        seconds: devices.seconds.map(|seconds| f64::from(seconds.get())),
        prefix: devices.name.unwrap_or_else(|| "sim-thermal".to_owned()),
        array: match array {
            ArrayKind::Mlx90640 => sim::array::ArrayKind::Mlx90640,
            ArrayKind::Amg8833 => sim::array::ArrayKind::Amg8833,
            ArrayKind::Lepton => sim::array::ArrayKind::Lepton,
        },
        scene: scene.map(|scene| match scene {
            SceneKind::Bench => Scene::Bench,
            SceneKind::Fire => Scene::Fire,
            SceneKind::Stove => Scene::Stove,
            SceneKind::Jump => Scene::Jump,
        }),
    }
}

fn gas_opts(gas: SimGas) -> sim::gas::GasOpts {
    let SimGas { devices } = gas;
    sim::gas::GasOpts {
        to: devices.to,
        count: devices.count.get() as usize,
        period: Duration::from_millis(devices.period_ms.get().into()),
        faults: devices.faults,
        seconds: devices.seconds.map(|seconds| f64::from(seconds.get())),
        prefix: devices.name.unwrap_or_else(|| "sim-gas".to_owned()),
    }
}
