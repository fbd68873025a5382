//! What references in configurations name: places, scenes, switches and sensors.

use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use crate::bridge::v2::shelf::Book;
use crate::model::bridge::ids::{Kind, Thing};
use crate::model::bridge::job::{Doing, Place};
use crate::model::inputs::InputId;
use crate::model::lights::group::GroupId;
use crate::model::lights::scene::SceneId;

/// The thing that a reference names.
#[must_use]
pub fn named<'a>(book: &'a Book, reference: &Value) -> Option<&'a Thing> {
    let id = Uuid::try_parse(reference.get("rid")?.as_str()?).ok()?;
    book.find(reference.get("rtype")?.as_str()?, id).map(|kept| &kept.thing)
}

/// A room, a zone, or the home.
#[must_use]
pub fn place(book: &Book, reference: &Value) -> Option<Place> {
    let thing = named(book, reference)?;
    match thing.kind {
        Kind::Group => Some(Some(GroupId(Arc::clone(&thing.id)))),
        Kind::Home => Some(None),
        _ => None,
    }
}

/// Whole rooms: `[{"group":{…}}]`. `None` where single lights of them are meant.
#[must_use]
pub fn places(book: &Book, written: &Value) -> Option<Vec<Place>> {
    let one = |one: &Value| match one.get("items") {
        Some(items) if items.as_array().is_none_or(|items| !items.is_empty()) => None,
        _ => place(book, one.get("group")?),
    };
    written.as_array()?.iter().map(one).collect()
}

/// A scene.
#[must_use]
pub fn scene(book: &Book, reference: &Value) -> Option<SceneId> {
    named(book, reference).filter(|thing| thing.kind == Kind::Scene).map(|thing| SceneId(Arc::clone(&thing.id)))
}

/// The switch or sensor that a device, or a service of it, belongs to.
#[must_use]
pub fn input(book: &Book, reference: &Value) -> Option<InputId> {
    named(book, reference).filter(|thing| thing.kind == Kind::Input).map(|thing| InputId(Arc::clone(&thing.id)))
}

/// What is done where: `[{"group":{…},"recall":{…}}]` or `[{"group":{…},"on":{"on":false}}]`; with neither this is done.
#[must_use]
pub fn doings(book: &Book, written: &Value, without: &Doing) -> Option<Vec<(Place, Doing)>> {
    let one = |one: &Value| {
        let on = one.pointer("/on/on").map(Value::as_bool);
        let doing = match (one.get("recall"), on) {
            (Some(recall), _) => Doing::Recall(scene(book, recall)?),
            (None, Some(on)) => {
                if on? {
                    Doing::On
                } else {
                    Doing::Off
                }
            }
            (None, None) => without.clone(),
        };
        Some((place(book, one.get("group")?)?, doing))
    };
    written.as_array()?.iter().map(one).collect()
}
