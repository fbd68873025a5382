//! Subcommands that do one thing and end: show, check, backup, restore, import, export, report, lights, bridge,
//! replay, load, sim.

#![allow(clippy::print_stdout, reason = "the terminal is where these answer")]

mod backup;
mod bridge;
mod check;
mod exchange;
mod lights;
mod report;
mod running;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use hearthlight::cli::{Action, ArrayKind, Common, LoadSensors, Replay, SceneKind, Sim, SimGas, SimLamps, SimThermal};
use hearthlight::io::http;
use hearthlight::io::lock::{self, Running};
use hearthlight::settings::current::Listen;
use hearthlight::settings::paths::Paths;
use hearthlight::sim;
use hearthlight::sim::lights::fleet::{self, FleetOpts};
use hearthlight::sim::lights::lamp::LampFaults;
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
        Action::Check => Ok(check::run(common)),
        Action::Backup(wanted) => backup::save(common, &wanted),
        Action::Restore(wanted) => backup::restore(common, &wanted),
        Action::Replay(replay) => runtime()?.block_on(play(replay)),
        Action::LoadSensors(load) => runtime()?.block_on(load_sensors(common, load)),
        Action::Sim(sim) => runtime()?.block_on(simulate(sim)),
        Action::Import { file, yes } => exchange::import(common, &file, yes),
        Action::ExportDevices { file } => exchange::export_devices(common, &file),
        Action::Report(wanted) => report::write(common, &wanted),
        Action::Lights(wanted) => lights::run(common, &wanted),
        Action::Bridge(wanted) => bridge::run(common, &wanted),
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
        let client = http::client().timeout(Duration::from_secs(3)).build()?;
        let request = client.post(format!("http://{api}/api/v1/commands")).bearer_auth(token.trim());
        let answer = request.json(&serde_json::json!({ "system": "show_window" })).send().await?;
        answer.error_for_status()?;
        Ok(())
    })
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
        Sim::Lights(lights) => {
            let family = sim::lights::family(lights.family).context("no such family")?;
            print_json(&fleet::run(family, fleet_opts(lights.lights), &stop).await)
        }
    }
}

fn fleet_opts(lights: SimLamps) -> FleetOpts {
    let SimLamps { count, listen, port, kind, pixels, late_ms, mute, loses, seconds } = lights;
    let late = late_ms.map(|ms| Duration::from_millis(ms.get().into()));
    FleetOpts {
        count: count.get(),
        listen,
        port: port.map_or(0, Into::into),
        kind,
        pixels: pixels.map_or(0, Into::into),
        faults: LampFaults { late, mute, loses: loses.map(Into::into) },
        lasts: seconds.map(|seconds| Duration::from_secs(seconds.get().into())),
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
