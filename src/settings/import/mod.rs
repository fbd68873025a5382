//! Import: what other programs, and exports of ours, have in a file, as a plan that is shown before it is carried out.
//!
//! [`recognise`] reads a file into a [`Plan`]; [`steps`] holds a plan against what is so already. Both are pure: a
//! preview and the import itself come from the same lines.
//!
//! Invariant: a plan holds only what can be carried out; what cannot is a warning in words.
//! Invariant: importing a file twice changes nothing the second time.
//!
//! To add one: a function from a file's content to a [`Plan`] in a file of its program, and its line in `of_json`.

pub mod diyhue;
mod drawn;
mod emberye;
mod fields;
mod ours;
pub mod steps;
mod table;

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::Value;

use crate::model::alarms::rule::Level;
use crate::model::sensors::Introduced;
use crate::model::thermal::region::Regions;
use crate::settings::kinds;

/// Bytes that a file may have.
pub const MAX_BYTES: usize = 4 << 20;
/// Addresses, locations, devices that a file may name.
pub const MAX_ENTRIES: usize = 20_000;

/// What a file asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// What the file is, in words.
    pub kind: String,
    /// The location of the device at an address.
    pub locations: BTreeMap<IpAddr, String>,
    /// The location meant by an id that devices send.
    pub aliases: BTreeMap<String, String>,
    /// Name and place of the device of a location.
    pub introductions: BTreeMap<String, Introduced>,
    /// Regions of the picture of a location's array.
    pub regions: BTreeMap<String, Regions>,
    /// Moments worth finding again, with their words.
    pub bookmarks: Vec<(Timestamp, String)>,
    /// The port where sensor devices dial in.
    pub port: Option<u16>,
    /// Thresholds of the standard rule, by its sources' names, in their units.
    pub thresholds: Vec<(&'static str, f64)>,
    /// A note for the standard rule.
    pub note: Option<String>,
    /// What is not taken over, and what to look after, a sentence each.
    pub warnings: Vec<String>,
}

/// Where in a file something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// Everywhere, or nowhere in particular.
    File,
    /// In a line, from 1.
    Line(usize),
    /// At a character, line and column from 1.
    At(usize, usize),
    /// At a key, such as `streams[2].loc_id`.
    Key(String),
}

/// Why a file cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ImportError {
    /// The file's name.
    pub file: String,
    /// Where it is wrong.
    pub spot: Spot,
    /// What is wrong there.
    pub what: String,
    /// What would cure it, a sentence.
    pub cure: String,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, spot, what, cure } = self;
        match spot {
            Spot::File => write!(f, "{file}: {what}. {cure}"),
            Spot::Line(line) => write!(f, "{file}, line {line}: {what}. {cure}"),
            Spot::At(line, column) => write!(f, "{file}, line {line}, column {column}: {what}. {cure}"),
            Spot::Key(key) => write!(f, "{file}, {key}: {what}. {cure}"),
        }
    }
}

/// A file on its way to a plan.
#[derive(Clone, Copy)]
struct File<'a> {
    name: &'a str,
    text: &'a str,
}

impl File<'_> {
    fn wrong(&self, spot: Spot, what: impl Into<String>, cure: impl Into<String>) -> ImportError {
        ImportError { file: self.name.to_owned(), spot, what: what.into(), cure: cure.into() }
    }

    /// The line in which `"key"` stands first, from 1.
    fn line_of(&self, key: &str) -> Spot {
        let quoted = format!("\"{key}\"");
        self.text.lines().position(|line| line.contains(&quoted)).map_or(Spot::File, |at| Spot::Line(at + 1))
    }

    /// Adds an address; `spot` is where it stands.
    fn map(&self, plan: &mut Plan, ip: &str, location: &str, spot: impl Fn() -> Spot) -> Result<(), ImportError> {
        let address: IpAddr = ip.trim().parse().map_err(|_| {
            let cure = "Write an IPv4 or IPv6 address, such as 192.168.1.20.";
            self.wrong(spot(), format!("{ip:?} is not an address"), cure)
        })?;
        let location = kinds::name(location).ok_or_else(|| {
            let cure = "A location has 1 to 64 characters, without comma and equals sign.";
            self.wrong(spot(), format!("{location:?} cannot be a location"), cure)
        })?;
        let known = plan.locations.insert(address, location.clone());
        if let Some(other) = known.filter(|other| *other != location) {
            let what = format!("{address} stands for {other:?} and for {location:?}");
            return Err(self.wrong(spot(), what, "Take one of the two lines out."));
        }
        self.check_size(plan)
    }

    /// Adds what a location is to be called. What is too long is left out, with a warning.
    fn introduce(&self, plan: &mut Plan, location: &str, name: &str, place: &str) -> Result<(), ImportError> {
        let (Some(location), Some(name), Some(place)) = (label(location), label(name), label(place)) else {
            plan.warnings.push(format!(
                "\"{}\" is left out: names, locations and groups have at most 64 characters.",
                location.chars().take(64).collect::<String>()
            ));
            return Ok(());
        };
        let name = if name == location { "" } else { name };
        let known = Introduced { name: name.into(), place: place.into() };
        if !location.is_empty() && known != Introduced::default() {
            plan.introductions.insert(location.to_owned(), known);
        }
        self.check_size(plan)
    }

    fn check_size(&self, plan: &Plan) -> Result<(), ImportError> {
        if plan.locations.len().max(plan.introductions.len()).max(plan.aliases.len()) > MAX_ENTRIES {
            let what = format!("it has more than {MAX_ENTRIES} entries");
            return Err(self.wrong(Spot::File, what, "Split it into several files."));
        }
        Ok(())
    }
}

/// A text of at most 64 characters in one line, trimmed.
fn label(text: &str) -> Option<&str> {
    let text = text.trim();
    (text.chars().count() <= 64 && !text.chars().any(char::is_control)).then_some(text)
}

/// Reads a file: what it is shows in its content, not in its name.
///
/// # Errors
/// It is broken, or none of the files known here: where, what, and the cure.
pub fn recognise(name: &str, text: &str) -> Result<Plan, ImportError> {
    let file = File { name, text: text.strip_prefix('\u{feff}').unwrap_or(text) };
    if text.len() > MAX_BYTES {
        let what = format!("it is larger than {} MiB", MAX_BYTES >> 20);
        return Err(file.wrong(Spot::File, what, "A configuration is far smaller; is this the right file?"));
    }
    if text.starts_with("SQLite format 3") {
        let cure = "In EmberEye's log viewer, open IP-Loc mappings, export them as CSV, and import that.";
        return Err(file.wrong(Spot::File, "it is a database, which is not read", cure));
    }
    match file.text.trim_start().chars().next() {
        None => Err(file.wrong(Spot::File, "it is empty", "Is this the right file?")),
        Some('{' | '[') => of_json(file),
        Some(_) if name.to_ascii_lowercase().ends_with(".json") => of_json(file),
        Some(_) => table::read(file),
    }
}

fn of_json(file: File<'_>) -> Result<Plan, ImportError> {
    let value: Value = serde_json::from_str(file.text).map_err(|error| broken(file, &error))?;
    let has = |key: &str| value.get(key).is_some();
    if has("program") || (has("schema") && has("devices")) {
        ours::read(file)
    } else if has("streams") || has("tcp_port") || has("temp_threshold") {
        emberye::stream_config(file, &value)
    } else if has("threat_matrix") {
        emberye::threat_rules(file, &value)
    } else if emberye::is_ip_map(&value) || file.name.contains("ip_loc_map") {
        emberye::ip_map(file, &value)
    } else {
        let cure = "Known are EmberEye's stream_config.json, ip_loc_map.json, threat_rules.json and its table of \
            addresses as CSV, and exports of Hearthlight.";
        Err(file.wrong(Spot::File, "it is none of the files that are known here", cure))
    }
}

/// What is wrong with JSON that cannot be read.
fn broken(file: File<'_>, error: &serde_json::Error) -> ImportError {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default().to_owned();
    let cure = if error.is_eof() {
        "The file ends too early: copy it again, whole."
    } else if error.is_data() {
        "Correct it there, or export it again."
    } else {
        "Correct the comma, bracket or quote at or before that place, or copy the file again."
    };
    file.wrong(Spot::At(error.line(), error.column()), what, cure)
}

/// The level that a severity of EmberEye becomes; `NORMAL` and other words are none.
#[must_use]
pub fn level_of(word: &str) -> Option<Level> {
    match word.trim().to_ascii_uppercase().as_str() {
        "LOW" => Some(Level::Notice),
        "MEDIUM" => Some(Level::Warning),
        "HIGH" | "CRITICAL" => Some(Level::Danger),
        _ => None,
    }
}
