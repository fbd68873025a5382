//! The event stream: when what is told, how it looks, and who hears it.

mod event;
mod listeners;
mod mixer;
mod told;

use std::sync::Arc;

use hearthlight::bridge::events::event::{Event, EventId};
use hearthlight::bridge::events::mixer::{Message, Mixer};
use hearthlight::bridge::v2::change::{Change, What};
use hearthlight::units::moment::Moment;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

/// The UUID of resource number `n`.
fn id(n: u8) -> Uuid {
    Uuid::from_bytes([n; 16])
}

/// A change of resource number `n` of this kind.
fn change(what: What, kind: &'static str, n: u8, members: Value) -> Change {
    let Value::Object(mut body) = members else { panic!("no object: {members}") };
    body.insert("id".into(), json!(id(n)));
    body.insert("type".into(), kind.into());
    Change { what, kind, id: id(n), id_v1: None, body, at: Moment::ZERO }
}

/// A light number `n` is this bright.
fn bright(n: u8, percent: u32) -> Change {
    change(What::Update, "light", n, json!({"dimming": {"brightness": percent}}))
}

fn ms(ms: u64) -> Moment {
    Moment::from_millis(ms)
}

/// A message of one change.
fn message(change: Change) -> Message {
    let mut mixer = Mixer::default();
    mixer.add(ms(0), &[change]);
    mixer.take(ms(0)).pop().expect("a message")
}

fn event(id: &str, created: Timestamp, message: &Message) -> Arc<Event> {
    Arc::new(Event::new(id.parse::<EventId>().expect("a number"), created, message, Uuid::nil()))
}
