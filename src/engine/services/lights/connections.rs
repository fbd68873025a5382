//! Connections: made, moved to another address, named, forgotten.
//!
//! Invariant: of two connections of one family and identity only one stays.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::drivers::light::LightDriver;
use crate::drivers::{Dial, Family, Opening};
use crate::engine::services::lights::book::{Deed, Lights, Line, ThingId};
use crate::engine::services::lights::checks;
use crate::model::lights::connection::{Connection, ConnectionId, Counts, Reach, Target};

/// Connections, at most.
const MAX_CONNECTIONS: usize = 500;

impl Lights {
    pub(super) fn family(&self, id: &str) -> Result<&'static Family<LightDriver>, String> {
        let known = self.families.iter().copied().find(|family| family.id == id);
        known.ok_or_else(|| {
            let ids: Vec<_> = self.families.iter().map(|family| family.id).collect();
            format!("There is no family of lights \"{id}\". There are {}.", ids.join(", "))
        })
    }

    /// A driver for what is there.
    fn open(&self, target: &Target, secrets: &BTreeMap<String, String>) -> Result<Opening<LightDriver>, String> {
        checks::options(&target.options)?;
        checks::options(secrets)?;
        let family = self.family(&target.family)?;
        (family.open)(&Dial { address: &target.address, options: &target.options, secrets }).map_err(|wrong| wrong.0)
    }

    pub(super) fn connect(
        &mut self,
        target: Target,
        secrets: BTreeMap<String, String>,
    ) -> Result<ConnectionId, String> {
        let here = self.state.connections.values().find(|known| is_at(known, &target));
        if let Some(here) = here.cloned() {
            if here.reach == Reach::Online {
                return Err(format!("It is here already, as \"{}\".", here.name));
            }
            return self.redirect(&here.id, target, secrets).map(|()| here.id.clone());
        }
        if self.state.connections.len() >= MAX_CONNECTIONS {
            return Err(format!("There are {MAX_CONNECTIONS} connections already. Remove one first."));
        }
        let opening = self.open(&target, &secrets)?;
        let finding = self.state.findings.values().find(|finding| finding.target == target).cloned();
        let (identity, name, model) = match &finding {
            Some(finding) => (finding.identity.clone(), Arc::clone(&finding.name), Arc::clone(&finding.model)),
            None => (None, checks::tidy(&target.address, &target.family), Arc::clone(&target.family)),
        };
        let slug = checks::free_slug(&name, |id| self.state.connections.contains_key(&ConnectionId(Arc::clone(id))));
        let id = ConnectionId(slug);
        if let Some(finding) = finding {
            self.drop_finding(&finding.key);
        }
        if self.secrets.add(&id, secrets) {
            self.out.deeds.push(Deed::Keep);
        }
        self.lines.insert(id.clone(), Line { linked: true, ..Line::default() });
        let (reach, simulated) = (Reach::Starting, self.demo);
        let counts = Counts::default();
        let connection =
            Connection { id: id.clone(), identity, name, model, target, reach, latency_ms: None, counts, simulated };
        self.state.connections.insert(id.clone(), Arc::new(connection));
        self.changed.connections.insert(id.clone());
        self.out.deeds.push(Deed::Start(id.clone(), opening));
        Ok(id)
    }

    /// A person says where a connection leads, so another device may be there now.
    pub(super) fn redirect(
        &mut self,
        id: &ConnectionId,
        target: Target,
        secrets: BTreeMap<String, String>,
    ) -> Result<(), String> {
        let known = self.connection(id)?;
        if known.target.family != target.family {
            return Err(format!("\"{}\" is of another family. Remove it and add it again.", known.name));
        }
        let moved = known.target.address != target.address;
        let mut all = self.secrets.of(id);
        all.extend(secrets.clone());
        let opening = self.open(&target, &all)?;
        if self.secrets.add(id, secrets) {
            self.out.deeds.push(Deed::Keep);
        }
        self.edit_connection(id, |known| {
            known.target = target;
            known.identity = known.identity.take().filter(|_| !moved);
        });
        self.start(id, opening);
        Ok(())
    }

    /// The same device was seen at another address.
    pub(super) fn follow_device(&mut self, id: &ConnectionId, address: &str, options: Vec<(String, String)>) {
        let Some(known) = self.state.connections.get(id) else { return };
        let mut target = known.target.clone();
        target.address = address.into();
        target.options.extend(options.into_iter().map(|(key, text)| (key.into(), text.into())));
        match self.open(&target, &self.secrets.of(id)) {
            Ok(opening) => {
                self.edit_connection(id, |known| known.target = target);
                self.start(id, opening);
            }
            Err(why) => tracing::warn!(connection = &*id.0, why, "a device moved to where it cannot be reached"),
        }
    }

    /// Opens a connection again, with what was learned about it: some secrets go with every request.
    pub(super) fn open_anew(&mut self, id: &ConnectionId) {
        let Some(known) = self.state.connections.get(id) else { return };
        match self.open(&known.target.clone(), &self.secrets.of(id)) {
            Ok(opening) => self.start(id, opening),
            Err(why) => tracing::warn!(connection = &*id.0, why, "a connection cannot be opened with what it told"),
        }
    }

    /// Starts the link of a connection, or starts it anew.
    fn start(&mut self, id: &ConnectionId, opening: Opening<LightDriver>) {
        let line = self.lines.entry(id.clone()).or_default();
        (line.health, line.waiting, line.up_since, line.linked) = (Reach::Starting, None, None, true);
        line.there.clear();
        self.end_leases_behind(id);
        self.out.deeds.push(Deed::Start(id.clone(), opening));
        self.reach_anew(id);
    }

    /// Starts the links of what was stored.
    pub(super) fn start_all(&mut self) {
        for connection in self.state.connections.values().cloned().collect::<Vec<_>>() {
            match self.open(&connection.target, &self.secrets.of(&connection.id)) {
                Ok(opening) => self.start(&connection.id, opening),
                Err(why) => {
                    self.lines.entry(connection.id.clone()).or_default().health = Reach::Refused { why: why.into() };
                    self.reach_anew(&connection.id);
                }
            }
        }
    }

    pub(super) fn retry(&mut self, id: &ConnectionId) -> Result<(), String> {
        let target = self.connection(id)?.target.clone();
        if self.lines.get(id).is_some_and(|line| line.linked) {
            self.out.deeds.push(Deed::Retry(id.clone()));
            return Ok(());
        }
        let opening = self.open(&target, &self.secrets.of(id))?;
        self.start(id, opening);
        Ok(())
    }

    pub(super) fn rename_connection(&mut self, id: &ConnectionId, name: &str) -> Result<(), String> {
        self.connection(id)?;
        let name = checks::name(name)?;
        self.edit_connection(id, |known| known.name = name);
        Ok(())
    }

    pub(super) fn disconnect(&mut self, id: &ConnectionId) -> Result<(), String> {
        self.connection(id)?;
        self.forget_connection(id);
        Ok(())
    }

    /// Forgets a connection with its things and secrets.
    pub(super) fn forget_connection(&mut self, id: &ConnectionId) {
        self.out.deeds.push(Deed::Stop(id.clone()));
        let things = self.lines.get(id).map(|line| line.things.clone()).unwrap_or_default();
        for thing in things.into_values() {
            match thing {
                ThingId::Light(light) => self.remove_light(&light),
                ThingId::Input(input) => {
                    self.state.inputs.remove(&input);
                    self.changed.inputs.insert(input);
                }
            }
        }
        self.lines.remove(id);
        if self.secrets.forget(id) {
            self.out.deeds.push(Deed::Keep);
        }
        self.state.connections.remove(id);
        self.changed.connections.insert(id.clone());
    }

    /// The device at the end of a connection said who it is.
    pub(super) fn identified(&mut self, id: &ConnectionId, identity: &str, name: &str, model: &str) {
        let Some(known) = self.state.connections.get(id).cloned() else { return };
        if self.is_itself(Some(identity)) {
            let why =
                "This is the bridge that Hearthlight itself is. Its lights are here already: remove this connection.";
            return self.part_from(id, why.to_owned());
        }
        if known.identity.as_ref().is_some_and(|known| **known != *identity) {
            let why =
                format!("Another device ({}) answers at {}. ", checks::tidy(name, identity), known.target.address);
            let cure = "This one is found again by itself when it is on the network; or change the address.";
            return self.part_from(id, why + cure);
        }
        if let Some(older) = self.with_identity(&known.target.family, identity).filter(|older| older.id != *id) {
            let (older, target) = (Arc::clone(older), known.target.clone());
            self.forget_connection(id);
            if older.reach != Reach::Online {
                let options = target.options.iter().map(|(key, text)| (key.to_string(), text.to_string())).collect();
                self.follow_device(&older.id, &target.address, options);
            }
            return;
        }
        let unnamed = known.name == checks::tidy(&known.target.address, &known.target.family);
        self.edit_connection(id, |known| {
            known.identity = Some(identity.into());
            known.model = checks::tidy(model, &known.model);
            if unnamed {
                known.name = checks::tidy(name, &known.name);
            }
        });
    }

    /// Ends the link to what turned out not to be the device of a connection.
    fn part_from(&mut self, id: &ConnectionId, why: String) {
        let line = self.lines.entry(id.clone()).or_default();
        (line.health, line.up_since, line.linked) = (Reach::Refused { why: why.into() }, None, false);
        self.out.deeds.push(Deed::Stop(id.clone()));
        self.reach_anew(id);
    }

    pub(super) fn with_identity(&self, family: &str, identity: &str) -> Option<&Arc<Connection>> {
        let is_it =
            |known: &&Arc<Connection>| *known.target.family == *family && known.identity.as_deref() == Some(identity);
        self.state.connections.values().find(is_it)
    }

    fn connection(&self, id: &ConnectionId) -> Result<&Arc<Connection>, String> {
        self.state.connections.get(id).ok_or_else(|| format!("There is no connection \"{}\" any more.", id.0))
    }

    /// Changes a connection.
    pub(super) fn edit_connection(&mut self, id: &ConnectionId, change: impl FnOnce(&mut Connection)) {
        let Some(known) = self.state.connections.get_mut(id) else { return };
        let before = Arc::clone(known);
        change(Arc::make_mut(known));
        if before != *known {
            self.changed.connections.insert(id.clone());
        }
    }
}

fn is_at(known: &Connection, target: &Target) -> bool {
    known.target.family == target.family && known.target.address == target.address
}
