//! What the bridge does when it is asked.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use uuid::Uuid;

use crate::engine::services::bridge::book::{Bridge, Now};
use crate::engine::services::bridge::checks;
use crate::engine::services::bridge::keys;
use crate::model::bridge::app::{App, AppId, Secret};
use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::object::Object;
use crate::model::bridge::{Command, Identity, MAX_APPS, MAX_OBJECTS, PAIRING_S, Pressed, Update, amend};
use crate::model::message::Origin;
use crate::port::ring::Key;

impl Bridge {
    /// Decides on a command. What it did up to a refusal stays done.
    ///
    /// # Errors
    /// Why it is refused, for a person.
    pub fn on_command(&mut self, command: Command, origin: &Origin, now: Now) -> Result<(), String> {
        match command {
            Command::Press => self.press(origin, now),
            Command::Unpress => self.set_open(None, None),
            Command::Pair { name, key, client_key } => self.pair(&name, &key, client_key.as_ref(), now)?,
            Command::Revoke(app) => self.revoke(&app)?,
            Command::Rename(name) => {
                let name = checks::name(&name)?;
                self.identify(Identity { name, ..self.state.identity.clone() });
            }
            Command::SetZone(zone) => {
                let zone = checks::zone(&zone)?;
                self.identify(Identity { zone, ..self.state.identity.clone() });
            }
            Command::SetPlace(latitude, longitude) => {
                let place = Some(checks::place(latitude, longitude)?);
                self.identify(Identity { place, ..self.state.identity.clone() });
            }
            Command::PutExtra { thing, extra } => {
                checks::extra(&extra)?;
                self.state.ids(&thing).ok_or("This thing is not there.")?;
                self.note(thing, extra);
            }
            Command::Put { id, object } => self.put(id, *object)?,
            Command::Remove(id) => {
                self.kept(&id)?;
                self.drop_object(&id);
            }
            Command::Fired { id, at } => match self.state.objects.get(&id).map(|object| amend::fired(object, at)) {
                Some(Some(object)) => self.keep_object(id, object),
                Some(None) => self.drop_object(&id),
                None => {}
            },
            Command::Write { id, state } => {
                let object = amend::written(self.kept(&id)?, &state, now.wall)?;
                checks::object(&object)?;
                self.keep_object(id, object);
            }
            Command::Enable { id, on } => {
                let object = amend::enabled(self.kept(&id)?, on, now.wall);
                self.keep_object(id, object);
            }
            Command::Import(import) => self.import(*import)?,
        }
        Ok(())
    }

    fn press(&mut self, origin: &Origin, now: Now) {
        let open = Duration::from_secs(PAIRING_S.into());
        let until = now.wall.checked_add(SignedDuration::from_secs(PAIRING_S.into())).unwrap_or(now.wall);
        self.set_open(Some(Pressed { by: origin.words(), until }), Some(now.at + open));
    }

    fn pair(&mut self, name: &str, key: &Secret, client_key: Option<&Secret>, now: Now) -> Result<(), String> {
        // The clock may not have called yet; whoever is refused must see that it is closed.
        self.on_tick(now.at);
        if !self.is_open(now.at) {
            return Err("The button was not pressed.".to_owned());
        }
        let (name, key) = (checks::app(name)?, checks::key(key)?);
        let streaming = match client_key {
            Some(secret) => Some(keys::client_key(secret.reveal()).ok_or("A key for streaming has 32 hex digits.")?),
            None => None,
        };
        if self.keys.find(&key).is_some() {
            return Err("This key is taken.".to_owned());
        }
        let id = self.app_id(&key);
        self.made = Some(Arc::clone(&id.0));
        let app = App { id, name, created: now.wall, used: None, streams: streaming.is_some() };
        self.admit(app, key, streaming)
    }

    /// What an app is told apart by: made of its key, which it does not give away.
    pub(super) fn app_id(&self, key: &str) -> AppId {
        AppId(Uuid::new_v5(&self.state.identity.id.namespace(), key.as_bytes()).to_string().into())
    }

    /// Gives an app its key.
    pub(super) fn admit(&mut self, app: App, key: Arc<str>, client_key: Option<[u8; 16]>) -> Result<(), String> {
        if self.keys.keys.len() >= MAX_APPS && !self.keys.keys.contains_key(&app.id) {
            return Err(format!("{MAX_APPS} apps hold a key already. Take the key of one back that is not used."));
        }
        self.keys.keys.insert(app.id.clone(), Arc::new(Key::new(&app, key, client_key)));
        self.out.keys = true;
        self.say(Update::App(Arc::new(app)));
        Ok(())
    }

    fn revoke(&mut self, app: &AppId) -> Result<(), String> {
        self.keys.keys.remove(app).ok_or("No such app holds a key.")?;
        self.out.keys = true;
        self.say(Update::AppGone(app.clone()));
        Ok(())
    }

    fn put(&mut self, id: Option<Arc<str>>, object: Object) -> Result<(), String> {
        checks::object(&object)?;
        let kind = object.kind();
        let id = match id {
            Some(id) => ObjectId { kind, id },
            None => {
                self.has_room(&object)?;
                let id = self.names.next_object(kind);
                self.made = Some(Arc::clone(&id));
                self.keep_object(ObjectId { kind, id }, object);
                return Ok(());
            }
        };
        self.kept(&id)?;
        self.made = Some(Arc::clone(&id.id));
        self.keep_object(id, object);
        Ok(())
    }

    fn kept(&self, id: &ObjectId) -> Result<&Object, String> {
        self.state.objects.get(id).map(|object| &**object).ok_or_else(|| "This is not there.".to_owned())
    }

    /// Whether one more of its kind can be kept.
    pub(super) fn has_room(&self, object: &Object) -> Result<(), String> {
        let kind = object.kind();
        let n = self.state.objects.keys().filter(|id| id.kind == kind).count();
        if n < MAX_OBJECTS { Ok(()) } else { Err(format!("{MAX_OBJECTS} of these are kept already.")) }
    }
}
