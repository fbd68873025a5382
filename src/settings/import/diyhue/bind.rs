//! Which light of diyHue is which light here: by what its connection is told apart by, by its address, by its name.
//!
//! Invariant: a light here is at most one light there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::lights::connection::{Connection, Reach};
use crate::model::lights::{Command, Light, LightId, Lights};
use crate::settings::import::diyhue::house::{House, OldLight, Way};

/// Lights that were found here, by their numbers there; and why the others were not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bound {
    /// Those that are here.
    pub here: BTreeMap<Arc<str>, LightId>,
    /// The others, a sentence each.
    pub missing: Vec<String>,
}

/// Finds the lights of `house` among those that are here.
#[must_use]
pub fn bind(house: &House, here: &Lights) -> Bound {
    let (mut bound, mut taken) = (Bound::default(), BTreeSet::new());
    // Those that can be told for certain first: a name must not take what another light is.
    for sure in [true, false] {
        for light in house.lights.iter().filter(|light| !bound.here.contains_key(&light.number)).collect::<Vec<_>>() {
            let found = if sure { by_connection(light, here, &taken) } else { by_name(light, here, &taken) };
            if let Some(found) = found {
                taken.insert(found.clone());
                bound.here.insert(Arc::clone(&light.number), found);
            }
        }
    }
    let missing = house.lights.iter().filter(|light| !bound.here.contains_key(&light.number));
    bound.missing = missing.map(|light| why_missing(light, here)).collect();
    bound
}

/// Connections that lights of `house` want and that are not here yet, each once.
#[must_use]
pub fn connections(house: &House, here: &Lights, bound: &Bound) -> Vec<Command> {
    let mut seen = BTreeSet::new();
    let mut commands = Vec::new();
    for light in house.lights.iter().filter(|light| !bound.here.contains_key(&light.number)) {
        let Way::Ours { target, secrets, .. } = &light.way else { continue };
        let is_new = connection_of(light, here).is_none();
        if is_new && seen.insert((Arc::clone(&target.family), Arc::clone(&target.address))) {
            commands.push(Command::Connect { target: target.clone(), secrets: secrets.clone() });
        }
    }
    commands
}

/// Letters and digits alone: `AA:BB` and `0xaabb` are the same.
fn plain(identity: &str) -> String {
    let identity = identity.trim().to_ascii_lowercase();
    let identity = identity.strip_prefix("0x").unwrap_or(&identity);
    let digits: String = identity.chars().filter(char::is_ascii_alphanumeric).collect();
    digits.trim_start_matches('0').to_owned()
}

/// A host without scheme, port and slashes.
fn host(address: &str) -> &str {
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let address = address.split('/').next().unwrap_or_default();
    address.rsplit_once(':').filter(|(host, _)| !host.contains(':')).map_or(address, |(host, _)| host)
}

fn connection_of<'a>(light: &OldLight, here: &'a Lights) -> Option<&'a Arc<Connection>> {
    let Way::Ours { target, identity, .. } = &light.way else { return None };
    let mut of_family = here.connections.values().filter(|known| known.target.family == target.family);
    let wanted = identity.as_deref().map(plain);
    let by_identity =
        of_family.clone().find(|known| wanted.is_some() && known.identity.as_deref().map(plain) == wanted);
    // Another device may have the address by now.
    by_identity.or_else(|| {
        of_family.find(|known| {
            let at_it = host(&known.target.address).eq_ignore_ascii_case(host(&target.address));
            at_it && (wanted.is_none() || known.identity.is_none())
        })
    })
}

fn by_connection(light: &OldLight, here: &Lights, taken: &BTreeSet<LightId>) -> Option<LightId> {
    let Way::Ours { local, .. } = &light.way else { return None };
    let connection = connection_of(light, here)?;
    let free = |known: &&Arc<Light>| known.connection == connection.id && !taken.contains(&known.id);
    let behind: Vec<&Arc<Light>> = here.lights.values().filter(free).collect();
    let named = local.as_deref().and_then(|local| behind.iter().find(|known| known.local.eq_ignore_ascii_case(local)));
    let same = behind.iter().find(|known| same_name(known, light));
    // One light behind it is the one that is meant, unless it is a hub.
    let only = behind.first().filter(|_| behind.len() == 1 && local.is_none());
    named.or(same).or(only).map(|known| known.id.clone())
}

fn same_name(known: &Light, light: &OldLight) -> bool {
    known.name.trim().to_lowercase() == light.name.trim().to_lowercase()
}

/// A name that only one light here and one light there has.
fn by_name(light: &OldLight, here: &Lights, taken: &BTreeSet<LightId>) -> Option<LightId> {
    let mut same = here.lights.values().filter(|known| same_name(known, light));
    let first = same.next().filter(|known| !taken.contains(&known.id))?;
    same.next().is_none().then(|| first.id.clone())
}

fn why_missing(light: &OldLight, here: &Lights) -> String {
    let why = match (&light.way, connection_of(light, here)) {
        (Way::Foreign(why), _) => {
            format!("{why}. If it is connected here by another way, name it the same and import again.")
        }
        (Way::Ours { target, .. }, None) => format!("{} at {} is not connected.", target.family, target.address),
        (Way::Ours { .. }, Some(known)) => match &known.reach {
            Reach::Online => format!("\"{}\" is connected, but has no such light.", known.name),
            Reach::Waiting { what } => format!("\"{}\" waits: {what}", known.name),
            Reach::Unreachable { why, .. } | Reach::Refused { why } => {
                format!("\"{}\" does not answer: {why}", known.name)
            }
            Reach::Starting => format!("\"{}\" did not answer yet.", known.name),
        },
    };
    format!("Light {} \"{}\": {why}", light.number, light.name)
}
