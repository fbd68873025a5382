//! Version 2 over the test house: resources as they are read, written and told to those who listen.

mod keeper;
mod lights;
mod reads;
mod rooms;
mod scenes;
mod schema;

use std::collections::BTreeSet;

use hearthlight::bridge::v2;
use hearthlight::bridge::v2::change::{Change, Changes, What};
use hearthlight::bridge::v2::shelf::Book;
use hearthlight::model::bridge::ids::{Kind, Thing};
use hearthlight::model::message::Command;
use hearthlight::model::snapshot::Snapshot;
use serde_json::Value;
use tokio::sync::broadcast::Receiver;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::house::{self, House, json};

/// A house whose book is kept, and one who hears what changes in it.
pub struct Bridge {
    pub house: House,
    heard: Receiver<Changes>,
}

impl Bridge {
    /// The small house, with its book written.
    pub async fn new() -> Self {
        Self::of(house::snapshot()).await
    }

    /// A house of these things, with its book written.
    pub async fn of(snapshot: Snapshot) -> Self {
        let house = House::of(snapshot);
        let face = house.face.clone();
        tokio::spawn(v2::book::run(face.clone(), CancellationToken::new()));
        face.book.at(face.view().seq).await.expect("a book");
        let heard = face.book.changes.subscribe();
        Self { house, heard }
    }

    /// Asks, and gives the status and the body.
    pub async fn ask(&self, method: &str, path: &str, body: impl Into<Vec<u8>>) -> (u16, Value) {
        let answer = v2::answer(&self.house.face, &self.house.request(method, path, body)).await;
        (answer.status, json(&answer))
    }

    /// The data of what can be read.
    pub async fn get(&self, path: &str) -> Vec<Value> {
        let (status, body) = self.ask("GET", path, "").await;
        assert_eq!((status, &body["errors"]), (200, &Value::Array(Vec::new())), "{path}");
        body["data"].as_array().expect("an array").clone()
    }

    /// One resource of a thing.
    pub async fn one(&self, kind: &str, of: ThingKind, id: &str) -> Value {
        self.get(&format!("{kind}/{}", self.id(kind, of, id))).await.remove(0)
    }

    /// The UUID of a resource of a thing.
    pub fn id(&self, kind: &str, of: ThingKind, id: &str) -> Uuid {
        self.house.view().bridge.ids(&Thing::new(of, id)).expect("ids").service(kind)
    }

    /// Writes, and gives the status, the body and what it came down to.
    pub async fn put(&self, kind: &str, of: ThingKind, id: &str, body: &Value) -> (u16, Value, Vec<Command>) {
        let path = format!("{kind}/{}", self.id(kind, of, id));
        let (status, answer) = self.ask("PUT", &path, body.to_string()).await;
        (status, answer, self.house.sent())
    }

    /// What changed since the last call.
    pub fn heard(&mut self) -> Vec<Change> {
        let mut all = Vec::new();
        while let Ok(changes) = self.heard.try_recv() {
            all.extend(changes.changes.iter().cloned());
        }
        all
    }
}

pub use hearthlight::model::bridge::ids::Kind as ThingKind;

/// What changed, in words: `update light dimming`.
pub fn words(changes: &[Change]) -> Vec<String> {
    let word = |change: &Change| {
        let what = match change.what {
            What::Add => return format!("add {}", change.kind),
            What::Delete => return format!("delete {}", change.kind),
            What::Update => "update",
        };
        let named = ["id", "id_v1", "type", "owner", "service_id"];
        let members: Vec<_> = change.body.keys().filter(|key| !named.contains(&key.as_str())).cloned().collect();
        format!("{what} {} {}", change.kind, members.join(" "))
    };
    changes.iter().map(word).collect()
}

/// Whether every reference in a book leads somewhere in it; pictures of the maker's lead nowhere.
pub fn assert_whole(book: &Book) {
    let all: Vec<_> = book.kinds.values().flat_map(|kind| kind.all()).collect();
    let there: BTreeSet<(String, String)> =
        all.iter().map(|kept| (kept.resource.kind.to_owned(), kept.resource.id.to_string())).collect();
    assert_eq!(there.len(), all.len(), "ids are unique");
    for kept in all {
        for (rtype, rid) in references(&Value::Object(kept.resource.body.clone())) {
            let pair = (rtype, rid);
            assert!(pair.0 == "public_image" || there.contains(&pair), "{} names {pair:?}", kept.resource.kind);
        }
    }
}

fn references(value: &Value) -> Vec<(String, String)> {
    let inner = |values: &mut dyn Iterator<Item = &Value>| values.flat_map(references).collect::<Vec<_>>();
    match value {
        Value::Object(map) => match (map.get("rtype"), map.get("rid")) {
            (Some(rtype), Some(rid)) => {
                vec![(rtype.as_str().unwrap().to_owned(), rid.as_str().unwrap().to_owned())]
            }
            _ => inner(&mut map.values()),
        },
        Value::Array(all) => inner(&mut all.iter()),
        _ => Vec::new(),
    }
}

/// A thing of the house.
pub fn thing(kind: Kind, id: &str) -> Thing {
    Thing::new(kind, id)
}
