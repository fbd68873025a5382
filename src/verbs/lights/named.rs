//! Finds what a person means by a name or an id.

use anyhow::bail;
use hearthlight::model::lights::group::GroupId;
use hearthlight::model::lights::{Aim, LightId};
use serde_json::Value;

/// The lights and groups of the API.
pub(super) struct House {
    /// Lights.
    pub lights: Vec<Value>,
    /// Rooms and zones.
    pub groups: Vec<Value>,
}

/// A text field; empty if it is none.
pub(super) fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object[key].as_str().unwrap_or_default()
}

impl House {
    /// What a name or id means: ids before names, lights before groups.
    pub(super) fn aim(&self, name: &str) -> anyhow::Result<Aim> {
        let light = |one: &Value| Aim::Light(LightId(text(one, "id").into()));
        let group = |one: &Value| Aim::Group(GroupId(text(one, "id").into()));
        if let Some(one) = self.lights.iter().find(|one| text(one, "id") == name) {
            return Ok(light(one));
        }
        if let Some(one) = self.groups.iter().find(|one| text(one, "id") == name) {
            return Ok(group(one));
        }
        let called = |one: &&Value| same(text(one, "name"), name);
        let lights: Vec<&Value> = self.lights.iter().filter(called).collect();
        let groups: Vec<&Value> = self.groups.iter().filter(called).collect();
        match (lights.as_slice(), groups.as_slice()) {
            ([one], []) => Ok(light(one)),
            ([], [one]) => Ok(group(one)),
            ([], []) if same(name, "all") => Ok(Aim::All),
            ([], []) => bail!("There is no light or room {name}. hearthlight lights list shows those there are."),
            _ => bail!("{name} means several: {}. Write the id of one.", ids(lights.into_iter().chain(groups))),
        }
    }
}

/// The one of a list that a name or id means; `how` is the subcommand that lists them.
pub(super) fn one_of<'a>(all: &'a [Value], name: &str, what: &str, how: &str) -> anyhow::Result<&'a Value> {
    if let Some(one) = all.iter().find(|one| text(one, "id") == name) {
        return Ok(one);
    }
    let called: Vec<&Value> = all.iter().filter(|one| same(text(one, "name"), name)).collect();
    match called.as_slice() {
        [one] => Ok(one),
        [] => bail!("There is no {what} {name}. hearthlight {how} shows those there are."),
        _ => bail!("{name} means several: {}. Write the id of one.", ids(called.into_iter())),
    }
}

/// What was found, by key, address or name.
pub(super) fn found<'a>(findings: &'a [Value], name: &str) -> anyhow::Result<&'a Value> {
    for key in ["key", "address", "name"] {
        let meant: Vec<&Value> = findings.iter().filter(|one| same(text(one, key), name)).collect();
        match meant.as_slice() {
            [] => {}
            [one] => return Ok(one),
            several => {
                let keys: Vec<&str> = several.iter().map(|one| text(one, "key")).collect();
                bail!("{name} means several: {}. Write the key of one.", keys.join(", "))
            }
        }
    }
    bail!("Nothing called {name} was found. hearthlight lights search lists what there is.")
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn ids<'a>(several: impl Iterator<Item = &'a Value>) -> String {
    several.map(|one| text(one, "id")).collect::<Vec<_>>().join(", ")
}
