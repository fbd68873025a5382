//! What comes from another bridge: its apps go on as before, since number, certificate, keys and ids are taken over.
//!
//! Invariant: where a number of its things is taken by a thing here, the one here leaves it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::services::bridge::book::Bridge;
use crate::engine::services::bridge::{checks, keys};
use crate::io::certificate::Certificate;
use crate::model::bridge::app::{App, AppId, Secret};
use crate::model::bridge::ids::{Ids, Thing};
use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::object::Object;
use crate::model::bridge::{Identity, Import};
use crate::store::records::BridgeChange;

impl Bridge {
    /// Takes it over, in order.
    ///
    /// # Errors
    /// Why the first thing is refused; what came before it is taken over.
    pub(super) fn import(&mut self, import: Import) -> Result<(), String> {
        let Import { identity, apps, ids, extras, objects, certificate } = import;
        if let Some(identity) = identity {
            self.become_it(&identity, certificate.as_ref())?;
        }
        for (app, key, client_key) in apps {
            self.import_app(&app, &key, client_key.as_ref())?;
        }
        self.import_ids(ids);
        for (thing, extra) in extras {
            checks::extra(&extra)?;
            self.note(thing, extra);
        }
        for (id, object) in objects {
            self.import_object(id, object)?;
        }
        Ok(())
    }

    /// Becomes another bridge, with its certificate or one that is made for its number.
    fn become_it(&mut self, identity: &Identity, certificate: Option<&Secret>) -> Result<(), String> {
        let name = checks::name(&identity.name)?;
        let zone = checks::zone(&identity.zone).unwrap_or_else(|_| Arc::clone(&self.state.identity.zone));
        let place = identity.place.or(self.state.identity.place);
        let id = identity.id;
        let shown = match certificate {
            Some(pem) => Certificate::read(pem.reveal())?,
            None => Certificate::make(id.0)?,
        };
        if !shown.is_of(id.0) {
            return Err("The certificate belongs to another bridge.".to_owned());
        }
        self.out.certificate = Some(shown);
        self.keys.id = id;
        self.names.set_bridge(id);
        self.out.keys = true;
        self.identify(Identity { id, name, zone, place, ..self.state.identity.clone() });
        Ok(())
    }

    fn import_app(&mut self, app: &App, key: &Secret, client_key: Option<&Secret>) -> Result<(), String> {
        let (name, key) = (checks::app(&app.name)?, checks::foreign_key(key)?);
        let streaming = client_key.and_then(|secret| keys::client_key(secret.reveal()));
        let known = self.keys.find(&key).map(|known| known.app.clone());
        let id = known.unwrap_or_else(|| if app.id.0.is_empty() { self.app_id(&key) } else { app.id.clone() });
        let streams = streaming.is_some();
        self.admit(App { id: AppId(id.0), name, streams, ..app.clone() }, key, streaming)
    }

    fn import_ids(&mut self, ids: Vec<(Thing, Ids)>) {
        let ids: BTreeMap<Thing, Arc<Ids>> = ids.into_iter().map(|(thing, ids)| (thing, Arc::new(ids))).collect();
        let moved = self.names.take_over(ids.clone().into_iter().collect());
        for thing in ids.into_keys().chain(moved) {
            let Some(ids) = self.names.get(&thing).cloned() else { continue };
            self.out.changes.push(BridgeChange::Ids(thing.clone(), Arc::clone(&ids)));
            if self.state.ids(&thing).is_some_and(|known| *known != ids) {
                self.call(thing, ids);
            }
        }
        self.out.named = true;
    }

    fn import_object(&mut self, id: Option<Arc<str>>, object: Object) -> Result<(), String> {
        checks::object(&object)?;
        self.has_room(&object)?;
        let kind = object.kind();
        let id = id.inspect(|id| self.names.take_object(kind, id)).unwrap_or_else(|| self.names.next_object(kind));
        self.keep_object(ObjectId { kind, id }, object);
        Ok(())
    }
}
