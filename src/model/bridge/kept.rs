//! What apps keep in the bridge is told apart by its kind and a slug.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A sensor that only apps write.
    Clip,
    /// A rule of version 1.
    Rule,
    /// A schedule of version 1.
    Schedule,
    /// A resourcelink of version 1.
    Link,
    /// An instance of a behaviour script, version 2.
    Behavior,
    /// A phone that says whether it is at home.
    Client,
    /// An entertainment area.
    Area,
    /// Scenes by day and time, version 2.
    SmartScene,
}

/// What it is told apart by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ObjectId {
    /// What it is.
    pub kind: Kind,
    /// A slug among those of its kind, for ever.
    pub id: Arc<str>,
}

impl Kind {
    /// Every kind with its word.
    pub const WORDS: [(Self, &str); 8] = [
        (Self::Clip, "clip"),
        (Self::Rule, "rule"),
        (Self::Schedule, "schedule"),
        (Self::Link, "link"),
        (Self::Behavior, "behavior"),
        (Self::Client, "client"),
        (Self::Area, "area"),
        (Self::SmartScene, "smart_scene"),
    ];
}

impl From<ObjectId> for String {
    fn from(id: ObjectId) -> Self {
        let word = Kind::WORDS.iter().find(|(kind, _)| *kind == id.kind).map_or("", |(_, word)| word);
        format!("{word}/{}", id.id)
    }
}

impl TryFrom<String> for ObjectId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (word, id) = text.split_once('/').ok_or_else(|| format!("\"{text}\" is no kind/id"))?;
        let kind = Kind::WORDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind);
        kind.map(|kind| Self { kind, id: id.into() }).ok_or_else(|| format!("nothing of the kind \"{word}\" is kept"))
    }
}
