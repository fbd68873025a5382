//! The device registry as a file that people carry about: devices, regions of their pictures, bookmarks. Written by
//! `hearthlight export devices`, read by an import.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::sensors::Introduced;
use crate::model::snapshot::Snapshot;
use crate::model::thermal::region::Regions;

/// What [`Export::program`] says.
pub const PROGRAM: &str = "hearthlight";
/// The newest version of this form.
pub const SCHEMA: u32 = 1;

/// Devices, and how they are told apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// Who wrote it: [`PROGRAM`].
    pub program: String,
    /// Version of the form.
    pub schema: u32,
    /// Devices that were taken in.
    pub devices: Vec<ExportedDevice>,
    /// Locations that are known though no device reports for them yet.
    #[serde(default)]
    pub introduced: BTreeMap<Arc<str>, Introduced>,
    /// The location of the device at an address.
    #[serde(default)]
    pub locations: BTreeMap<String, String>,
    /// The location meant by an id that devices send.
    #[serde(default)]
    pub aliases: BTreeMap<String, String>,
    /// Moments worth finding again.
    #[serde(default)]
    pub bookmarks: Vec<ExportedBookmark>,
}

/// A bookmark as far as it outlives its machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedBookmark {
    /// When.
    pub at: Timestamp,
    /// What is there; may be empty.
    #[serde(default)]
    pub words: Arc<str>,
    /// Who made it.
    #[serde(default)]
    pub by: Arc<str>,
}

/// A device as far as it outlives its machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportedDevice {
    /// Its slug.
    #[serde(default)]
    pub id: Arc<str>,
    /// What people call it.
    #[serde(default)]
    pub name: Arc<str>,
    /// The room or group it is in; may be empty.
    #[serde(default)]
    pub place: Arc<str>,
    /// The place it reports for.
    pub location: Arc<str>,
    /// The address it last dialled in from, if known.
    #[serde(default)]
    pub address: Option<IpAddr>,
    /// Its serial number, if it sent one.
    #[serde(default)]
    pub serial: Option<Arc<str>>,
    /// What is measured in the picture of its array, and what is left out.
    #[serde(default)]
    pub regions: Regions,
}

impl Export {
    /// What is so now.
    #[must_use]
    pub fn of(view: &Snapshot) -> Self {
        let devices = view.sensors.devices.values().filter(|device| device.accepted).map(|device| ExportedDevice {
            id: Arc::clone(&device.id.0),
            name: Arc::clone(&device.name),
            place: Arc::clone(&device.place),
            location: Arc::clone(&device.location),
            address: Some(device.address).filter(|address| !address.is_unspecified()),
            serial: device.serial.clone(),
            regions: view
                .thermal
                .arrays
                .get(&device.id)
                .map(|array| Regions::clone(&array.regions))
                .unwrap_or_default(),
        });
        let bookmarks = view.thermal.bookmarks.values().map(|bookmark| ExportedBookmark {
            at: bookmark.at,
            words: Arc::clone(&bookmark.words),
            by: Arc::clone(&bookmark.by),
        });
        Self {
            program: PROGRAM.to_owned(),
            schema: SCHEMA,
            devices: devices.collect(),
            introduced: view.sensors.introduced.clone(),
            locations: table(view, "sensors.locations"),
            aliases: table(view, "sensors.aliases"),
            bookmarks: bookmarks.collect(),
        }
    }

    /// The devices as a table with a line of names: what spreadsheets read (RFC 4180).
    #[must_use]
    pub fn devices_csv(&self) -> String {
        let mut out = "location,name,place,address,serial\r\n".to_owned();
        for device in &self.devices {
            let address = device.address.map(|address| address.to_string()).unwrap_or_default();
            let values =
                [&*device.location, &device.name, &device.place, &address, device.serial.as_deref().unwrap_or("")];
            out += &values.map(quoted).join(",");
            out += "\r\n";
        }
        out
    }
}

/// A value in quotes where it needs them. What a spreadsheet would take for a formula gets an apostrophe in front.
fn quoted(value: &str) -> String {
    if value.starts_with(['=', '+', '-', '@']) {
        return quoted(&format!("'{value}"));
    }
    if value.contains([',', ';', '"', '\n', '\r', '\t']) || value.trim() != value {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

/// A setting of the form `left=right, left=right`.
fn table(view: &Snapshot, key: &str) -> BTreeMap<String, String> {
    let line = view.system.settings.iter().find(|line| *line.key == *key);
    let pairs = line.map_or("", |line| &*line.value).split(", ").filter_map(|pair| pair.split_once('='));
    pairs.map(|(left, right)| (left.to_owned(), right.to_owned())).collect()
}
