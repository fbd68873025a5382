//! The window's file: `settings.window.ron`, written by us alone, `( schema: ( version: 1 ), window: ( ... ) )`.
//!
//! Invariant: a file that cannot be understood is set aside, not overwritten.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use crate::model::system::Layer;
use crate::settings::current::Settings;
use crate::settings::entry::{Layers, lay_entry};
use crate::settings::file::{self, Entry, Fault};
use crate::settings::keys::KEYS;
use crate::settings::kinds::Raw;

/// The version of the file that we write.
const VERSION: usize = UPGRADES.len() + 1;

/// Steps of the file's past: the first makes version 2 of version 1, and so on.
const UPGRADES: [fn(&mut Vec<Entry>); 0] = [];

const VERSION_KEY: &str = "schema.version";

/// Lays the window's file over `settings`. A file that cannot be understood changes nothing, is set aside, and is
/// reported in the answer.
pub(crate) fn lay(path: &Path, settings: &mut Settings, layers: &mut Layers) -> Option<String> {
    let why = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => error.to_string(),
        Ok(source) => match understand(&source) {
            Ok((values, keys)) => {
                *settings = values;
                layers.extend(keys.into_iter().map(|key| (key, Layer::Window)));
                return None;
            }
            Err(Fault { at, what, right }) => format!("line {}, column {}: {what}. {right}", at.line, at.column),
        },
    };
    Some(set_aside(path, &why))
}

/// The settings a window's file describes, and which keys it names.
fn understand(source: &str) -> Result<(Settings, Vec<&'static str>), Fault> {
    let mut entries = file::read(source)?;
    let version = take_version(&mut entries)?;
    for upgrade in UPGRADES.iter().skip(version - 1) {
        upgrade(&mut entries);
    }
    let mut settings = Settings::default();
    let keys =
        entries.iter().map(|entry| lay_entry(entry, &mut settings).map(|key| key.name)).collect::<Result<_, _>>()?;
    Ok((settings, keys))
}

/// Takes the version out of the entries: 1..=[`VERSION`].
fn take_version(entries: &mut Vec<Entry>) -> Result<usize, Fault> {
    let Some(index) = entries.iter().position(|entry| entry.key == VERSION_KEY) else { return Ok(1) };
    let entry = entries.remove(index);
    let version = if let Raw::Text(text) = &entry.value { text.parse().ok() } else { None };
    match version {
        Some(version) if (1..=VERSION).contains(&version) => Ok(version),
        _ => Err(Fault {
            at: entry.value_at,
            what: "this version of the file is not known here".to_owned(),
            right: "A newer Hearthlight may have written it.".to_owned(),
        }),
    }
}

fn set_aside(path: &Path, why: &str) -> String {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".bad");
    let (shown, kept) = (path.display(), Path::new(&aside).display());
    match std::fs::rename(path, &aside) {
        Ok(()) => {
            format!("{shown} could not be understood ({why}). It was set aside as {kept}; set again what it held.")
        }
        Err(error) => format!("{shown} could not be understood ({why}), nor set aside ({error}). Take it away."),
    }
}

/// The file's text: the keys of the window's layer with their values.
pub(crate) fn text(settings: &Settings, layers: &Layers) -> String {
    let mut groups: BTreeMap<&str, String> = BTreeMap::new();
    for key in KEYS.iter().filter(|key| layers.contains_key(key.name)) {
        let (group, field) = key.name.split_once('.').unwrap_or((key.name, ""));
        let line = format!("        {field}: {},\n", quoted(&(key.get)(settings)));
        groups.entry(group).or_default().push_str(&line);
    }
    let groups: String = groups.iter().map(|(group, lines)| format!("    {group}: (\n{lines}    ),\n")).collect();
    let title = "// Written by Hearthlight. Your own settings belong in settings.ron.";
    format!("{title}\n(\n    schema: (version: {VERSION}),\n{groups})\n")
}

/// A text in RON's quotes.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}
