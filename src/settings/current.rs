//! The settings as typed values, with their defaults.
//!
//! Invariant: every field is reached by exactly one key of [`crate::settings::keys::KEYS`], named `group.field`.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::model::system::Reach;
use crate::units::temperature::Scale;

/// Where a part of Hearthlight listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listen {
    /// Nowhere.
    Off,
    /// At this address, if the operator lets the network in.
    At(SocketAddr),
}

impl Listen {
    /// The address to bind under `reach`: any address becomes the loopback of its kind until the operator said that
    /// the local network may reach Hearthlight. `None` if switched off.
    #[must_use]
    pub fn bind(self, reach: Reach) -> Option<SocketAddr> {
        let Self::At(wanted) = self else { return None };
        if reach == Reach::Lan || wanted.ip().is_loopback() {
            return Some(wanted);
        }
        let loopback = match wanted.ip() {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        };
        Some(SocketAddr::new(loopback, wanted.port()))
    }

    const fn any(port: u16) -> Self {
        Self::At(SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port))
    }

    const fn local(port: u16) -> Self {
        Self::At(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::At(address) => address.fmt(f),
        }
    }
}

/// Defines an enum of words, and the table of those words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, default $default:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$case_doc])* $case,)+ }

        impl $name {
            /// Every value with its word, in the order a person is shown them.
            pub const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$case),)+];

            /// Its word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$case => $word,)+ }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::$default
            }
        }
    };
}

words! {
    /// What is written behind a command to a sensor device.
    LineEnd, default Auto {
        /// Tried out per device, nothing first.
        Auto = "auto",
        /// Nothing.
        None = "none",
        /// Line feed.
        Lf = "lf",
        /// Carriage return and line feed.
        Crlf = "crlf",
    }
}

words! {
    /// How sensor devices are made to report.
    Order, default Stream {
        /// They send by themselves.
        Stream = "stream",
        /// They are asked again and again.
        OnDemand = "on_demand",
    }
}

words! {
    /// How much goes to the log.
    LogLevel, default Info {
        /// What failed.
        Error = "error",
        /// And what is not as it should be.
        Warn = "warn",
        /// And what happened.
        Info = "info",
        /// And why.
        Debug = "debug",
        /// And every step.
        Trace = "trace",
    }
}

words! {
    /// The colours of a heatmap.
    Palette, default Inferno {
        /// Black over red to pale yellow; even steps.
        Inferno = "inferno",
        /// Blue to yellow; made for colour-blind eyes.
        Cividis = "cividis",
        /// Violet over green to yellow; even steps.
        Viridis = "viridis",
        /// Black over purple to cream; even steps.
        Magma = "magma",
        /// A better rainbow.
        Turbo = "turbo",
        /// The classic of thermal cameras.
        Ironbow = "ironbow",
        /// Rainbow of high contrast.
        RainbowHc = "rainbow_hc",
        /// Blue to gold.
        Arctic = "arctic",
        /// Hot is white.
        WhiteHot = "white_hot",
        /// Hot is black.
        BlackHot = "black_hot",
    }
}

words! {
    /// The look of the window.
    Theme, default System {
        /// As the desktop says.
        System = "system",
        /// Dark.
        Dark = "dark",
        /// Light.
        Light = "light",
        /// High contrast.
        Contrast = "contrast",
    }
}

words! {
    /// The temperature range of heatmaps.
    Range, default Auto {
        /// Each picture its own.
        Auto = "auto",
        /// One for all pictures.
        Shared = "shared",
    }
}

words! {
    /// What closing the window does.
    Close, default Ask {
        /// Asks, once.
        Ask = "ask",
        /// Keeps watching, hidden.
        Keep = "keep",
        /// Ends Hearthlight.
        Quit = "quit",
    }
}

words! {
    /// Whether things move in the window.
    Motion, default System {
        /// As the system says, where it does.
        System = "system",
        /// They do.
        Full = "full",
        /// They jump.
        Reduced = "reduced",
    }
}

words! {
    /// How much room things take in the window.
    Density, default Comfortable {
        /// As much as eyes like.
        Comfortable = "comfortable",
        /// As little as they need.
        Compact = "compact",
    }
}

/// All settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The sensor server.
    pub sensors: Sensors,
    /// Thermal arrays.
    pub thermal: Thermal,
    /// Lights.
    pub lights: Lights,
    /// Alarms.
    pub alarms: Alarms,
    /// What is kept of readings.
    pub history: History,
    /// What is kept of alarms.
    pub journal: Journal,
    /// Files that are written for people.
    pub files: Files,
    /// The local API.
    pub api: Api,
    /// The Hue bridge.
    pub bridge: Bridge,
    /// Frames from other programs.
    pub receive: Receive,
    /// Who may reach Hearthlight.
    pub network: Network,
    /// The person in front of it.
    pub operator: Operator,
    /// The log.
    pub log: Log,
    /// The window.
    pub window: Window,
}

impl Settings {
    /// What to call the operator: the set name, or the system's name of the user, or "operator".
    #[must_use]
    pub fn operator_name(&self) -> String {
        let system = || std::env::var("USER").or_else(|_| std::env::var("USERNAME")).ok();
        Some(self.operator.name.clone())
            .filter(|name| !name.is_empty())
            .or_else(system)
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "operator".to_owned())
    }
}

/// The sensor server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sensors {
    /// Where devices dial in.
    pub listen: Listen,
    /// Foreign addresses whose devices are live at once. Loopback always is.
    pub allow: Vec<IpNet>,
    /// The place of the device at an address, if it does not say it itself.
    pub locations: BTreeMap<IpAddr, String>,
    /// The place meant by an id that devices send.
    pub aliases: BTreeMap<String, String>,
    /// Connections in all, 1..=20000.
    pub max_connections: u32,
    /// Connections of one address, 1..=20000. Loopback may hold [`Self::max_connections`].
    pub max_per_address: u32,
    /// What ends a command.
    pub line_end: LineEnd,
    /// How devices are made to report.
    pub order: Order,
    /// Seconds between two requests on demand, 1..=3600.
    pub poll_s: u32,
}

impl Default for Sensors {
    fn default() -> Self {
        Self {
            listen: Listen::any(9001),
            allow: Vec::new(),
            locations: BTreeMap::new(),
            aliases: BTreeMap::new(),
            max_connections: 2000,
            max_per_address: 512,
            line_end: LineEnd::Auto,
            order: Order::Stream,
            poll_s: 10,
        }
    }
}

/// Thermal arrays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thermal {
    /// Emissivity of new arrays, 0.05..=1.
    pub emissivity: f32,
    /// Whether pictures are recorded.
    pub record: bool,
    /// MiB that recordings may take, 64..=1000000.
    pub record_mb: u32,
    /// Pictures a second that are recorded of an array at most, 0.1..=60.
    pub record_fps: f32,
}

impl Default for Thermal {
    fn default() -> Self {
        Self { emissivity: 0.95, record: true, record_mb: 2048, record_fps: 60.0 }
    }
}

/// Lights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lights {
    /// How long a change takes that does not say it, ms, 0..=60000.
    pub transition_ms: u32,
    /// Minutes after which what was done above an effect, a schedule or a stream ends by itself, 0..=1440; 0 for never.
    pub hold_minutes: u32,
}

impl Default for Lights {
    fn default() -> Self {
        Self { transition_ms: 400, hold_minutes: 0 }
    }
}

/// Alarms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alarms {
    /// Whether they are heard.
    pub sound: bool,
    /// Whether they are shown as notifications of the desktop.
    pub notify: bool,
}

impl Default for Alarms {
    fn default() -> Self {
        Self { sound: true, notify: true }
    }
}

/// What is kept of readings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    /// Minutes for which every reading is kept, 1..=1440.
    pub full_minutes: u32,
    /// Hours for which one value a second is kept, 1..=720.
    pub second_hours: u32,
    /// Days for which one value a minute is kept, 1..=3650.
    pub minute_days: u32,
    /// MiB on disk, 16..=1000000.
    pub disk_mb: u32,
}

impl Default for History {
    fn default() -> Self {
        Self { full_minutes: 60, second_hours: 24, minute_days: 30, disk_mb: 2048 }
    }
}

/// What is kept of alarms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Journal {
    /// Days, 1..=36500.
    pub days: u32,
    /// MiB on disk, 1..=1000000.
    pub disk_mb: u32,
}

impl Default for Journal {
    fn default() -> Self {
        Self { days: 400, disk_mb: 512 }
    }
}

/// Files that are written for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Files {
    /// The folder of exports, as a whole path; empty for the usual one.
    pub exports: String,
}

/// The local API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Api {
    /// Where `/metrics`, `/health` and the API answer.
    pub listen: Listen,
    /// Whether `/metrics` repeats figures under EmberEye's names.
    pub emberye_names: bool,
}

impl Default for Api {
    fn default() -> Self {
        Self { listen: Listen::local(9464), emberye_names: false }
    }
}

/// The Hue bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Bridge {
    /// Plain HTTP of the bridge.
    pub http: Listen,
    /// HTTPS of the bridge.
    pub https: Listen,
    /// Hue Entertainment, UDP.
    pub entertainment: Listen,
    /// Discovery by SSDP, UDP.
    pub ssdp: Listen,
    /// Discovery by mDNS, UDP.
    pub mdns: Listen,
    /// The version of its API that it announces: three numbers.
    pub api_version: String,
    /// The version of its software that it announces: ten digits.
    pub sw_version: String,
    /// Milliseconds for which changes of one thing are gathered into one event, 0..=1000.
    pub event_ms: u32,
}

impl Default for Bridge {
    fn default() -> Self {
        Self {
            http: Listen::any(80),
            https: Listen::any(443),
            entertainment: Listen::any(2100),
            ssdp: Listen::any(1900),
            mdns: Listen::any(5353),
            api_version: "1.67.0".to_owned(),
            sw_version: "1967054020".to_owned(),
            event_ms: 250,
        }
    }
}

/// Frames from other programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Receive {
    /// DDP, UDP.
    pub ddp: Listen,
    /// E1.31 (sACN), UDP.
    pub e131: Listen,
    /// Art-Net, UDP.
    pub artnet: Listen,
}

impl Default for Receive {
    fn default() -> Self {
        Self { ddp: Listen::Off, e131: Listen::Off, artnet: Listen::Off }
    }
}

/// Who may reach Hearthlight.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Network {
    /// The answer to the first-run question.
    pub reach: Reach,
}

/// The person in front of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Operator {
    /// What to call them; empty for the system's name of the user.
    pub name: String,
}

/// The log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Log {
    /// How much is logged.
    pub level: LogLevel,
    /// Number of kept files, one a day, 1..=365.
    pub files: u32,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: LogLevel::Info, files: 5 }
    }
}

/// The window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Window {
    /// Colours of heatmaps.
    pub palette: Palette,
    /// Whether heatmaps are drawn with soft edges between cells.
    pub smooth: bool,
    /// Look.
    pub theme: Theme,
    /// Scale in which temperatures are shown.
    pub units: Scale,
    /// Size of text, 0.8..=2.
    pub text_scale: f32,
    /// Temperature range of heatmaps.
    pub range: Range,
    /// What closing it does.
    pub close: Close,
    /// Whether things move.
    pub motion: Motion,
    /// How much room things take.
    pub density: Density,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            palette: Palette::Inferno,
            smooth: true,
            theme: Theme::System,
            units: Scale::Celsius,
            text_scale: 1.0,
            range: Range::Auto,
            close: Close::Ask,
            motion: Motion::System,
            density: Density::Comfortable,
        }
    }
}
