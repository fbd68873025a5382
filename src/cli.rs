//! Flags and subcommands, parsed once into one strong type: only [`Invocation`] travels.
//!
//! Invariant: what is not in this version has no flag; nothing is accepted and then ignored.

pub mod bridge;
pub mod lights;

use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU16, NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, CommandFactory as _, FromArgMatches, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::cli::bridge::Bridge;
use crate::cli::lights::Lights;
use crate::settings::current::{Listen, LogLevel};
use crate::sim::lights::{FAMILIES, SimFamily, family};

/// What a person asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Invocation {
    /// Where things are, and what is set for this run.
    pub common: Common,
    /// What to do.
    pub action: Action,
}

/// What holds for every action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Common {
    /// The data folder, if not the platform's.
    pub data: Option<PathBuf>,
    /// The operator's settings file, if not the usual one.
    pub settings: Option<PathBuf>,
    /// `KEY=VALUE` each, `--log` among them as `log.level=...`, in order; the last one wins.
    pub sets: Vec<String>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Run the engine with a window, or without one.
    Run {
        /// No window.
        headless: bool,
        /// The demo home instead of the operator's.
        demo: bool,
        /// A test hook: for how long the window's thread stands still, once.
        stall: Option<Duration>,
    },
    /// Bring a running instance's window forward.
    Show,
    /// Test this machine for what Hearthlight needs.
    Check,
    /// Save everything but secrets in one file.
    Backup(Backup),
    /// Put a saved file back in place, or show what that would do.
    Restore(Restore),
    /// Play a recorded capture at a sensor server.
    Replay(Replay),
    /// Generate load of sensor devices.
    LoadSensors(LoadSensors),
    /// Run simulated devices.
    Sim(Sim),
    /// Import a file into the running instance.
    Import {
        /// The file.
        file: PathBuf,
        /// Do it; else only tell what it would change.
        yes: bool,
    },
    /// Write the running instance's devices into a file.
    ExportDevices {
        /// The file; its ending says in which form.
        file: PathBuf,
    },
    /// Have the running instance write a report.
    Report(Report),
    /// Show and change lights of the running instance.
    Lights(Lights),
    /// The Hue bridge of the running instance: its button, and the apps that hold a key.
    Bridge(Bridge),
}

/// The text of the flags, as clap sees it.
#[derive(Parser)]
#[command(
    name = "hearthlight",
    version,
    about = "Watches heat and air, and is the control centre for thermal sensors, lights, printers and toys.",
    after_help = "Without a subcommand the window opens, with the engine behind it.\n\
                  Exit codes: 0 clean, 1 a check failed, 2 a bad flag or setting or no display, 3 already running."
)]
struct Flags {
    /// Run the engine alone, until Ctrl-C or SIGTERM.
    #[arg(long)]
    headless: bool,
    /// Show the demo home: simulated devices on this machine only, with a profile of its own.
    #[arg(long)]
    demo: bool,
    /// A test hook: let the window's thread stand still once for SECS, 5 s after its start.
    #[arg(long, value_name = "SECS", hide = true, conflicts_with = "headless")]
    stall_window: Option<NonZeroU32>,
    /// Keep everything in this folder instead of the platform's folders.
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// Read this file instead of the usual settings.ron.
    #[arg(long, value_name = "FILE", global = true)]
    settings: Option<PathBuf>,
    /// Set any setting for this run, for example --set sensors.listen=127.0.0.1:19001; may be given again.
    #[arg(long = "set", value_name = "KEY=VALUE", global = true)]
    sets: Vec<String>,
    /// Say how much goes to the log.
    #[arg(long, value_name = "LEVEL", global = true, value_parser = log_levels())]
    log: Option<String>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

fn log_levels() -> PossibleValuesParser {
    LogLevel::WORDS.iter().map(|(word, _)| *word).collect::<Vec<_>>().into()
}

#[derive(Subcommand)]
enum Verb {
    /// Bring the window of the running Hearthlight forward.
    Show,
    /// Test ports, folders and clock, and name the cure for what is broken; exits with 1 if something is.
    Check,
    /// Save database and settings in one file, also while Hearthlight runs; secrets are left out.
    Backup(Backup),
    /// Show what a backup holds and would replace; with --yes put it in place.
    Restore(Restore),
    /// Play a recorded capture at a sensor server, at the pace it was recorded.
    Replay(Replay),
    /// Generate load and print one JSON object with what was sent, what was accepted, and how fast.
    #[command(subcommand)]
    Load(Load),
    /// Run one kind of simulated device by itself.
    #[command(subcommand)]
    Sim(Sim),
    /// Import EmberEye's configuration, its map of addresses, or an export of ours, into the running Hearthlight.
    Import {
        /// stream_config.json, ip_loc_map.json, threat_rules.json, a CSV of ip,loc_id, or an export.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Do it; without this only what it would change is told.
        #[arg(long)]
        yes: bool,
    },
    /// Write something of the running Hearthlight into a file.
    #[command(subcommand)]
    Export(Export),
    /// Have the running Hearthlight write a report, a picture or a chart, and say where it is.
    #[command(subcommand)]
    Report(Report),
    /// Show and change lights, rooms and scenes of the running Hearthlight, and connect new ones.
    Lights(Lights),
    /// Press the button of the Hue bridge of the running Hearthlight, and see which apps hold a key.
    Bridge(Bridge),
}

/// What can be written into a file.
#[derive(Subcommand)]
enum Export {
    /// The devices with their names and places, and the map of addresses.
    Devices {
        /// Where to; ends with .json, to be imported again, or with .csv.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// What can be reported.
#[derive(Subcommand, Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// All that is known of one alarm, as a page of its own.
    Incident {
        /// The number of one of its journal entries, or its id such as fire--kitchen for the last time it was raised.
        #[arg(value_name = "ENTRY|ALARM")]
        which: String,
        /// Move it there; without this it stays in the folder of exports.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// One thermal picture with its numbers.
    Snapshot {
        /// The device's id.
        #[arg(value_name = "DEVICE")]
        device: String,
        /// As what; without it as the ending of --to says, else png.
        #[arg(long, value_name = "FORM")]
        form: Option<PictureForm>,
        /// When, for example 2026-03-01T12:00:00Z; without it, now.
        #[arg(long, value_name = "TIME")]
        at: Option<Timestamp>,
        /// Move it there; without this it stays in the folder of exports.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// What channels showed over time.
    History {
        /// A device's id and a channel's key, for example kitchen:hottest; may be given again.
        #[arg(long = "channel", value_name = "DEVICE:KEY", required = true, value_parser = channel)]
        channels: Vec<(String, String)>,
        /// From this time on, for example 2026-03-01T12:00:00Z; an hour before --to, if not given.
        #[arg(long, value_name = "TIME")]
        from: Option<Timestamp>,
        /// Up to this time; now, if not given.
        #[arg(long, value_name = "TIME")]
        to: Option<Timestamp>,
        /// As what; without it as the ending of --file says, else csv.
        #[arg(long, value_name = "FORM")]
        form: Option<ChartForm>,
        /// Move it there; without this it stays in the folder of exports.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

fn channel(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once(':').filter(|(device, key)| !device.is_empty() && !key.is_empty());
    let (device, key) = parts.ok_or("a device's id, a colon and a channel's key, such as kitchen:ADC1")?;
    Ok((device.to_owned(), key.to_owned()))
}

/// The form of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PictureForm {
    /// The matrix in degrees Celsius with facts and meters.
    Csv,
    /// The same as JSON.
    Json,
    /// A picture with regions, figures and scale.
    Png,
}

/// The form of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChartForm {
    /// Numbers.
    Csv,
    /// A picture.
    Png,
    /// A drawing.
    Svg,
    /// One self-contained page.
    Html,
}

/// Where to save.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The file to make.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Write over a file that is there.
    #[arg(long)]
    pub force: bool,
}

/// What to put back.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct Restore {
    /// A file that backup made.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Do it; what is there now is kept beside it as NAME.before-restore.
    #[arg(long)]
    pub yes: bool,
}

/// How to play a recorded capture.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct Replay {
    /// The capture (.rx.bin), timed by the .chunks.jsonl beside it.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// A file with the calibration, 832 words of 4 hex digits, sent first.
    #[arg(long, value_name = "FILE")]
    pub calibration: Option<PathBuf>,
    /// The sensor server.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9001")]
    pub to: SocketAddr,
    /// How many times faster than recorded; 0 means without waiting.
    #[arg(long, value_name = "N", default_value = "1", value_parser = speed)]
    pub speed: f64,
    /// Send in pieces of at most N bytes, to test how a server puts them together.
    #[arg(long, value_name = "N")]
    pub pieces: Option<NonZeroUsize>,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if speed.is_finite() && speed >= 0.0 => Ok(speed),
        _ => Err("write a number from 0 up, such as 1 or 2.5".to_owned()),
    }
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate <= 100_000.0 => Ok(rate),
        _ => Err("write packets per second, above 0 and up to 100000".to_owned()),
    }
}

fn api(text: &str) -> Result<Listen, String> {
    match text {
        "off" => Ok(Listen::Off),
        _ => text.parse().map(Listen::At).map_err(|_| "write ADDR:PORT or off".to_owned()),
    }
}

#[derive(Subcommand)]
enum Load {
    /// Many sensor devices at once.
    Sensors(LoadSensors),
}

/// How to load a sensor server.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct LoadSensors {
    /// How many devices.
    #[arg(long, value_name = "N", default_value = "10")]
    pub clients: NonZeroU32,
    /// Packets per second of each device.
    #[arg(long, value_name = "HZ", default_value = "10", value_parser = rate)]
    pub rate: f64,
    /// Stop after this many packets of each device.
    #[arg(long, value_name = "N")]
    pub packets: Option<NonZeroU64>,
    /// Stop after this many seconds; 10 if no number of packets is given.
    #[arg(long, value_name = "S")]
    pub seconds: Option<NonZeroU32>,
    /// Send thermal frames instead of sensor lines.
    #[arg(long)]
    pub frames: bool,
    /// Send as fast as the server takes it, whatever the rate.
    #[arg(long, conflicts_with = "rate")]
    pub flat_out: bool,
    /// What the names of the places begin with; a number follows. Two loads at once need two names.
    #[arg(long, value_name = "PREFIX", default_value = "load")]
    pub name: String,
    /// The sensor server.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9001")]
    pub to: SocketAddr,
    /// Where the server's /metrics tell what it accepted; `off` for a server that has none.
    #[arg(long, value_name = "ADDR|off", default_value = "127.0.0.1:9464", value_parser = api)]
    pub api: Listen,
}

/// Which devices to simulate.
#[derive(Subcommand, Clone, Debug, PartialEq)]
pub enum Sim {
    /// Thermal arrays that dial in to a sensor server.
    Thermal(SimThermal),
    /// Gas, smoke and flame sensors that dial in to a sensor server.
    Gas(SimGas),
    /// A bare reader of lines that does nothing else: the floor that load figures are measured against.
    Floor(SimFloor),
    /// Lights of one family.
    #[command(flatten)]
    Lights(SimLights),
}

/// Simulated lights: a subcommand for each family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimLights {
    /// The family's id.
    pub family: &'static str,
    /// What they are started with.
    pub lights: SimLamps,
}

impl FromArgMatches for SimLights {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let known = matches.subcommand().and_then(|(name, inner)| Some((family(name)?.id, inner)));
        let (family, inner) = known.ok_or_else(|| Flags::command().error(ErrorKind::InvalidSubcommand, "no family"))?;
        Ok(Self { family, lights: SimLamps::from_arg_matches(inner)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for SimLights {
    fn augment_subcommands(command: Command) -> Command {
        let one = |family: &&SimFamily| SimLamps::augment_args(Command::new(family.id)).about(family.about);
        command.subcommands(FAMILIES.iter().map(one))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        family(name).is_some()
    }
}

/// What simulated lights are started with.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct SimLamps {
    /// How many.
    #[arg(long, value_name = "N", default_value = "1")]
    pub count: NonZeroU32,
    /// The address of the first one; on Linux the others follow on loopback, elsewhere all are there.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
    pub listen: IpAddr,
    /// The port; without it the family's own, or a free one where that is taken.
    #[arg(long, value_name = "PORT")]
    pub port: Option<NonZeroU16>,
    /// What they are, in words of their family, such as strip or bulb.
    #[arg(long, value_name = "WORD", default_value = "")]
    pub kind: String,
    /// Pixels or segments of each, where they have any.
    #[arg(long, value_name = "N")]
    pub pixels: Option<NonZeroU16>,
    /// Answer this many milliseconds late.
    #[arg(long, value_name = "N")]
    pub late_ms: Option<NonZeroU32>,
    /// Take connections and never answer.
    #[arg(long)]
    pub mute: bool,
    /// Lose one of N datagrams.
    #[arg(long, value_name = "N")]
    pub loses: Option<NonZeroU32>,
    /// Stop after this many seconds; without it, run until Ctrl-C.
    #[arg(long, value_name = "S")]
    pub seconds: Option<NonZeroU32>,
}

/// What simulated devices that dial in have in common.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct SimDevices {
    /// How many devices.
    #[arg(long, value_name = "N", default_value = "1")]
    pub count: NonZeroU32,
    /// The sensor server.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9001")]
    pub to: SocketAddr,
    /// Milliseconds from one packet to the next.
    #[arg(long, value_name = "N", default_value = "1000")]
    pub period_ms: NonZeroU32,
    /// Stop after this many seconds; without it, run until Ctrl-C.
    #[arg(long, value_name = "S")]
    pub seconds: Option<NonZeroU32>,
    /// Misbehave now and then: damaged packets, pauses, lost connections.
    #[arg(long)]
    pub faults: bool,
    /// What the names of the places begin with; a number follows.
    #[arg(long, value_name = "PREFIX")]
    pub name: Option<String>,
}

/// Simulated thermal arrays.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct SimThermal {
    /// What all simulated devices have.
    #[command(flatten)]
    pub devices: SimDevices,
    /// Hear no command while sending, like a device on a half-duplex radio.
    #[arg(long)]
    pub half_duplex: bool,
    /// Which sensor to be.
    #[arg(long, value_name = "KIND", default_value = "mlx90640")]
    pub array: ArrayKind,
    /// What it looks at; without it, each device at something else.
    #[arg(long, value_name = "SCENE")]
    pub scene: Option<SceneKind>,
}

/// Simulated gas sensors.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct SimGas {
    /// What all simulated devices have.
    #[command(flatten)]
    pub devices: SimDevices,
}

/// A bare reader.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct SimFloor {
    /// Where to listen.
    #[arg(long, value_name = "ADDR")]
    pub listen: SocketAddr,
}

/// A kind of thermal array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ArrayKind {
    /// 32 x 24 cells, raw counts with a calibration.
    Mlx90640,
    /// 8 x 8 cells, quarters of a degree.
    Amg8833,
    /// 160 x 120 cells, hundredths of a kelvin.
    Lepton,
}

/// A scene that is asked for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SceneKind {
    /// A work bench.
    Bench,
    /// A room in which a fire grows and is put out, every seven minutes.
    Fire,
    /// A stove with a pan that is forgotten now and then.
    Stove,
    /// An even wall of 28 C, one cell of which jumps to 85 C for 4 s every 16 s: to try alarms with.
    Jump,
}

/// Parses the flags of this process. Ends it for `--help` and `--version` (code 0) and for bad flags (code 2).
#[must_use]
pub fn parse() -> Invocation {
    parse_from(std::env::args_os()).unwrap_or_else(|error| error.exit())
}

/// Parses flags; the first is the program's name.
///
/// # Errors
/// For bad flags, and for `--help` and `--version`, whose text the error holds.
pub fn parse_from(args: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Invocation, clap::Error> {
    let Flags { headless, demo, stall_window, data, settings, mut sets, log, verb } = Flags::try_parse_from(args)?;
    let stall = stall_window.map(|seconds| Duration::from_secs(seconds.get().into()));
    sets.extend(log.map(|level| format!("log.level={level}")));
    let common = Common { data, settings, sets };
    let Some(verb) = verb else { return Ok(Invocation { common, action: Action::Run { headless, demo, stall } }) };
    if headless || demo || stall.is_some() {
        let flag = match (headless, demo) {
            (true, _) => "--headless",
            (false, true) => "--demo",
            (false, false) => "--stall-window",
        };
        let text = format!("{flag} runs the engine and goes with no subcommand");
        return Err(Flags::command().error(ErrorKind::ArgumentConflict, text));
    }
    let action = match verb {
        Verb::Show => Action::Show,
        Verb::Check => Action::Check,
        Verb::Backup(backup) => Action::Backup(backup),
        Verb::Restore(restore) => Action::Restore(restore),
        Verb::Replay(replay) => Action::Replay(replay),
        Verb::Load(Load::Sensors(load)) => Action::LoadSensors(load),
        Verb::Sim(sim) => Action::Sim(sim),
        Verb::Import { file, yes } => Action::Import { file, yes },
        Verb::Export(Export::Devices { file }) => Action::ExportDevices { file },
        Verb::Report(report) => Action::Report(report),
        Verb::Lights(lights) => Action::Lights(lights),
        Verb::Bridge(bridge) => Action::Bridge(bridge),
    };
    Ok(Invocation { common, action })
}
