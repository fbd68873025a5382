//! Resources beside lights: switches, sensors, automations, areas, smart scenes, phones; shown and written.

mod areas;
mod behaviors;
mod inputs;
mod smart_scenes;

use std::sync::Arc;

use hearthlight::bridge::request::Answer;
use hearthlight::bridge::v2::change::Resource;
use hearthlight::bridge::v2::keeper::Keeper;
use hearthlight::bridge::v2::resources;
use hearthlight::bridge::v2::resources::index::Index;
use hearthlight::bridge::v2::shelf::Book;
use hearthlight::bridge::v2::{self, book};
use hearthlight::model::bridge::ids::{Kind, Thing};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::units::moment::Moment;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::bridge::house::{self, House};

/// The resources of a thing.
fn of(view: &Snapshot, kind: Kind, id: &str) -> Vec<Resource> {
    resources::of(view, &Index::of(&view.lights), &Thing::new(kind, id), house::now())
}

/// The first resource of a type among these.
fn one(resources: &[Resource], kind: &str) -> Value {
    let found = resources.iter().find(|resource| resource.kind == kind);
    json!(found.unwrap_or_else(|| panic!("no {kind}")).body)
}

/// A reference to a service of a thing.
fn refer(view: &Snapshot, kind: Kind, id: &str, service: &str) -> Value {
    let ids = view.bridge.ids(&Thing::new(kind, id)).expect("ids");
    json!({"rid": ids.service(service), "rtype": service})
}

fn book_of(view: &Snapshot) -> Book {
    let mut keeper = Keeper::default();
    keeper.reload(Arc::new(view.clone()), Moment::ZERO, house::now());
    keeper.book()
}

/// A house whose book is kept.
fn kept_house() -> House {
    let house = House::new();
    tokio::spawn(book::run(house.face.clone(), CancellationToken::new()));
    house
}

async fn ask(house: &House, method: &str, path: &str, body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    v2::answer(&house.face, &house.request(method, path, body)).await
}

/// Makes a resource; gives its id.
async fn make(house: &House, kind: &str, body: &Value) -> String {
    let made = ask(house, "POST", kind, body).await;
    let answer = house::json(&made);
    assert_eq!(made.status, 201, "{answer}");
    answer["data"][0]["rid"].as_str().expect("an id").to_owned()
}

/// Reads a resource.
async fn read(house: &House, kind: &str, id: &str) -> Value {
    let answer = ask(house, "GET", &format!("{kind}/{id}"), &Value::Null).await;
    assert_eq!(answer.status, 200);
    house::json(&answer)["data"][0].take()
}
