//! One entry of a file laid over the settings, for every layer that is a file.

use std::collections::BTreeMap;

use crate::model::system::Layer;
use crate::settings::current::Settings;
use crate::settings::file::{Entry, Fault};
use crate::settings::keys::{self, Key};
use crate::settings::nearest::nearest;

/// Where the values come from that are not built in.
pub(crate) type Layers = BTreeMap<&'static str, Layer>;

/// Sets what one entry of a file says.
pub(crate) fn lay_entry(entry: &Entry, settings: &mut Settings) -> Result<&'static Key, Fault> {
    let Some(key) = keys::find(&entry.key) else { return Err(unknown_key(entry)) };
    match (key.set)(settings, &entry.value) {
        Ok(()) => Ok(key),
        Err(wrong) => Err(Fault {
            at: entry.value_at,
            what: format!("{}: the value {wrong}", key.name),
            right: format!("It takes {}.", (key.right)()),
        }),
    }
}

/// The fault of a key that does not exist, with the nearest that does.
fn unknown_key(entry: &Entry) -> Fault {
    let (group, field) = entry.key.split_once('.').unwrap_or((&entry.key, ""));
    let group = nearest(group, keys::groups().into_iter()).unwrap_or(group);
    let right = keys::suggest(&format!("{group}.{field}"));
    Fault { at: entry.key_at, what: format!("{} is not a setting", entry.key), right }
}
