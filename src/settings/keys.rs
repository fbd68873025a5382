//! The one table of keys. Flags, files, help and the window's list of settings all come from it.
//!
//! Invariant: a key's name is the path of its field, so that the two cannot part.

use crate::model::system::Reach;
use crate::settings::current::{Close, Density, LineEnd, LogLevel, Motion, Order, Palette, Range, Settings, Theme};
use crate::settings::kinds::{self, Address, Folder, Form, Kind, Line, Networks, Number, Places, Raw, Switch, Words};
use crate::settings::nearest::nearest;
use crate::units::temperature::Scale;

/// One thing that can be set.
pub struct Key {
    /// Dotted name, as in `--set NAME=VALUE`.
    pub name: &'static str,
    /// What it does, one sentence.
    pub help: &'static str,
    /// Its value in these settings as text, in the form of `--set`.
    pub get: fn(&Settings) -> String,
    /// Reads a value into these settings; or says what is wrong with it, and changes nothing.
    pub set: fn(&mut Settings, &Raw) -> Result<(), String>,
    /// What would be right, for an error: "it takes ...".
    pub right: fn() -> String,
}

macro_rules! key {
    ($group:ident.$field:ident, $kind:expr, $help:literal) => {
        Key {
            name: concat!(stringify!($group), ".", stringify!($field)),
            help: $help,
            get: |settings| $kind.show(&settings.$group.$field),
            set: |settings, raw| $kind.read(raw).map(|value| settings.$group.$field = value),
            right: || $kind.right(),
        }
    };
}

const REACH: &[(&str, Reach)] =
    &[("unanswered", Reach::Unanswered), ("loopback", Reach::Loopback), ("lan", Reach::Lan)];
const UNITS: &[(&str, Scale)] =
    &[("celsius", Scale::Celsius), ("fahrenheit", Scale::Fahrenheit), ("kelvin", Scale::Kelvin)];
const LOCATIONS: Places<std::net::IpAddr> =
    Places { key: |text| text.parse().ok(), of: "an address", example: "192.168.1.20" };
const ALIASES: Places<String> = Places { key: kinds::name, of: "an id of a device", example: "1234" };

const API_VERSION: Form =
    Form { holds: is_api_version, what: "three numbers with dots between them", example: "1.67.0" };
const SW_VERSION: Form = Form { holds: is_sw_version, what: "ten digits", example: "1967054020" };

fn is_api_version(text: &str) -> bool {
    let numbers: Vec<&str> = text.split('.').collect();
    numbers.len() == 3 && numbers.iter().all(|number| number.len() <= 4 && number.parse::<u16>().is_ok())
}

fn is_sw_version(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Every key, in the order a person is shown them.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    key!(sensors.listen, Address, "Where sensor devices dial in; the protocol knows no passwords."),
    key!(sensors.allow, Networks, "Networks whose devices are live at once instead of waiting for you."),
    key!(sensors.locations, LOCATIONS, "The place of a device by its address, for devices that do not say it themselves."),
    key!(sensors.aliases, ALIASES, "The place meant by an id that devices send, such as the 1234 that some makers leave in."),
    key!(sensors.max_connections, Number(1..=20_000), "How many sensor connections are held in all."),
    key!(sensors.max_per_address, Number(1..=20_000), "How many sensor connections one address may hold; this machine may hold them all."),
    key!(sensors.line_end, Words(LineEnd::WORDS), "What ends a command to a sensor device; auto tries each until one is answered."),
    key!(sensors.order, Words(Order::WORDS), "Whether devices send by themselves (stream) or are asked (on_demand)."),
    key!(sensors.poll_s, Number(1..=3600), "Seconds between two requests to a device that is asked."),
    key!(thermal.emissivity, Number(0.05..=1.0), "Emissivity of arrays seen for the first time: 0.95 for most surfaces, far less for bare metal."),
    key!(thermal.record, Switch, "Whether thermal pictures are recorded, so that they can be looked at later."),
    key!(thermal.record_mb, Number(64..=1_000_000), "MiB that recorded pictures may take on disk; beyond that the oldest goes first."),
    key!(thermal.record_fps, Number(0.1..=60.0), "How many pictures a second are recorded of an array at most."),
    key!(lights.transition_ms, Number(0..=60_000), "Milliseconds that a change of lights takes unless it says its own time."),
    key!(lights.hold_minutes, Number(0..=1440), "Minutes after which what you did to a light under an effect, a schedule or a stream ends; 0 keeps it until you release it."),
    key!(alarms.sound, Switch, "Whether alarms are heard; a Danger repeats until somebody acknowledges it."),
    key!(alarms.notify, Switch, "Whether alarms are shown as notifications of the desktop."),
    key!(history.full_minutes, Number(1..=1440), "Minutes for which every reading is kept."),
    key!(history.second_hours, Number(1..=720), "Hours for which one value a second is kept."),
    key!(history.minute_days, Number(1..=3650), "Days for which one value a minute is kept."),
    key!(history.disk_mb, Number(16..=1_000_000), "MiB that history may take on disk; beyond that the oldest goes first."),
    key!(journal.days, Number(1..=36_500), "Days for which journal entries are kept."),
    key!(journal.disk_mb, Number(1..=1_000_000), "MiB that the journal may take on disk; beyond that the oldest goes first."),
    key!(files.exports, Folder, "The folder of snapshots, charts and reports; empty for Hearthlight in your documents."),
    key!(api.listen, Address, "Where /metrics, /health and the local API answer."),
    key!(api.emberye_names, Switch, "Whether /metrics repeats figures under the names that EmberEye's dashboards ask for."),
    key!(bridge.http, Address, "Where the Hue bridge answers HTTP."),
    key!(bridge.https, Address, "Where the Hue bridge answers HTTPS."),
    key!(bridge.entertainment, Address, "Where the Hue bridge takes Hue Entertainment streams."),
    key!(bridge.ssdp, Address, "Where the Hue bridge is found by SSDP."),
    key!(bridge.mdns, Address, "Where the Hue bridge is found by mDNS."),
    key!(bridge.api_version, API_VERSION, "The version of the API that the Hue bridge announces; raise it when an app calls the bridge too old."),
    key!(bridge.sw_version, SW_VERSION, "The version of the software that the Hue bridge announces; raise it when an app calls the bridge too old."),
    key!(bridge.event_ms, Number(0..=1000), "Milliseconds for which Hue apps hear changes of one thing as one, after the first, which they hear at once."),
    key!(receive.ddp, Address, "Where frames come in by DDP, usually port 4048."),
    key!(receive.e131, Address, "Where frames come in by E1.31, usually port 5568."),
    key!(receive.artnet, Address, "Where frames come in by Art-Net, usually port 6454."),
    key!(network.reach, Words(REACH), "Who may reach Hearthlight: only this machine, until you answer lan."),
    key!(operator.name, Line(64), "What the window calls you; empty for your name on this system."),
    key!(log.level, Words(LogLevel::WORDS), "How much goes to the log."),
    key!(log.files, Number(1..=365), "How many log files are kept, one a day."),
    key!(window.palette, Words(Palette::WORDS), "The colours of heatmaps."),
    key!(window.smooth, Switch, "Whether heatmaps blend from cell to cell."),
    key!(window.theme, Words(Theme::WORDS), "The look of the window."),
    key!(window.units, Words(UNITS), "The scale in which temperatures are shown; files and the API stay with Celsius."),
    key!(window.text_scale, Number(0.8..=2.0), "The size of text in the window; 1 is normal."),
    key!(window.range, Words(Range::WORDS), "Whether each heatmap has its own range of temperatures or all share one."),
    key!(window.close, Words(Close::WORDS), "What closing the window does: ask, keep watching hidden, or quit."),
    key!(window.motion, Words(Motion::WORDS), "Whether bars and switches move; reduced lets them jump. Pictures move at their own rate."),
    key!(window.density, Words(Density::WORDS), "How much room rows and controls take; compact shows more at once."),
];

/// The key of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// What to say to somebody who wrote an unknown key: the nearest known one, or the known ones of its group.
#[must_use]
pub fn suggest(name: &str) -> String {
    if let Some(near) = nearest(name, KEYS.iter().map(|key| key.name)) {
        return format!("Did you mean {near}?");
    }
    let group = name.split('.').next().unwrap_or_default();
    let names: Vec<_> =
        KEYS.iter().map(|key| key.name).filter(|known| known.split('.').next() == Some(group)).collect();
    if names.is_empty() {
        format!("Groups are {}.", groups().join(", "))
    } else {
        format!("Keys of {group} are {}.", names.join(", "))
    }
}

/// Names of groups: what stands before the dot, in the order of the table.
#[must_use]
pub fn groups() -> Vec<&'static str> {
    let mut groups: Vec<_> = KEYS.iter().filter_map(|key| key.name.split('.').next()).collect();
    groups.dedup();
    groups
}
