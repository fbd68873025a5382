//! What Hue apps call things: UUIDs in version 2 of the API, short ids in version 1.
//!
//! A thing has one root UUID; each of its services (light, device, motion …) is named by a UUIDv5 of the root and the
//! service's type, unless it came with an own one from another bridge.
//!
//! Invariant: a [`Thing`]'s text is `kind/id`, and reads back.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::model::bridge::kept::Kind as ObjectKind;

/// The number of a bridge: 8 bytes, those of its MAC with `FF FE` in the middle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BridgeId(pub [u8; 8]);

/// What a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The bridge itself.
    Bridge,
    /// The whole home: the group of all lights.
    Home,
    /// A light.
    Light,
    /// A room or zone.
    Group,
    /// A scene.
    Scene,
    /// A switch or sensor behind a hub of lights.
    Input,
    /// A sensor device of our own: its temperature and its alarms.
    Sensor,
    /// Something that apps keep.
    Object(ObjectKind),
}

/// Something that apps see, by what it is and its id in the model; the bridge and the home have an empty one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thing {
    /// What it is.
    pub kind: Kind,
    /// Its id in the model.
    pub id: Arc<str>,
}

/// What a thing is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ids {
    /// What its services' UUIDs are made of; that of the thing itself if it is one resource only.
    pub root: Uuid,
    /// Own UUIDs of services, by type, where they came from another bridge.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub own: BTreeMap<Arc<str>, Uuid>,
    /// Its ids in version 1, by part: a light, group, scene or object has one under ""; an input and a sensor device have
    /// one for each v1 sensor that they are, under the key of [`crate::model::inputs::Said`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub v1: BTreeMap<Arc<str>, Arc<str>>,
}

impl Ids {
    /// The UUID of a service of this type (`light`, `device`, `zigbee_connectivity`, `button/1` …).
    #[must_use]
    pub fn service(&self, kind: &str) -> Uuid {
        self.own.get(kind).copied().unwrap_or_else(|| Uuid::new_v5(&self.root, kind.as_bytes()))
    }

    /// The id in version 1 of the whole thing.
    #[must_use]
    pub fn number(&self) -> Option<&Arc<str>> {
        self.v1.get("")
    }
}

impl BridgeId {
    /// That of a MAC.
    #[must_use]
    pub const fn of_mac(mac: [u8; 6]) -> Self {
        let [a, b, c, d, e, f] = mac;
        Self([a, b, c, 0xFF, 0xFE, d, e, f])
    }

    /// The MAC in it.
    #[must_use]
    pub const fn mac(self) -> [u8; 6] {
        let [a, b, c, _, _, d, e, f] = self.0;
        [a, b, c, d, e, f]
    }

    /// 16 hex digits, lower case.
    #[must_use]
    pub fn lower(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// 16 hex digits, upper case.
    #[must_use]
    pub fn upper(self) -> String {
        self.lower().to_uppercase()
    }

    /// The MAC in lower case with these between its bytes.
    #[must_use]
    pub fn mac_text(self, between: &str) -> String {
        self.mac().map(|byte| format!("{byte:02x}")).join(between)
    }

    /// What the UUIDs of this bridge are made of.
    #[must_use]
    pub fn namespace(self) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_OID, &self.0)
    }
}

impl Kind {
    /// Every kind with its word.
    pub const WORDS: [(Self, &str); 15] = [
        (Self::Bridge, "bridge"),
        (Self::Home, "home"),
        (Self::Light, "light"),
        (Self::Group, "group"),
        (Self::Scene, "scene"),
        (Self::Input, "input"),
        (Self::Sensor, "sensor"),
        (Self::Object(ObjectKind::Clip), "clip"),
        (Self::Object(ObjectKind::Rule), "rule"),
        (Self::Object(ObjectKind::Schedule), "schedule"),
        (Self::Object(ObjectKind::Link), "link"),
        (Self::Object(ObjectKind::Behavior), "behavior"),
        (Self::Object(ObjectKind::Client), "client"),
        (Self::Object(ObjectKind::Area), "area"),
        (Self::Object(ObjectKind::SmartScene), "smart_scene"),
    ];
}

impl Thing {
    /// A thing.
    #[must_use]
    pub fn new(kind: Kind, id: impl Into<Arc<str>>) -> Self {
        Self { kind, id: id.into() }
    }

    /// Its root UUID on this bridge, if it did not come from another one.
    #[must_use]
    pub fn root(&self, bridge: BridgeId) -> Uuid {
        Uuid::new_v5(&bridge.namespace(), self.to_string().as_bytes())
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Kind::WORDS.iter().find(|(kind, _)| *kind == self.kind).map_or("", |(_, word)| word);
        write!(f, "{word}/{}", self.id)
    }
}

impl FromStr for Thing {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, id) = text.split_once('/').ok_or_else(|| format!("\"{text}\" is no kind/id"))?;
        let kind = Kind::WORDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind);
        kind.map(|kind| Self::new(kind, id)).ok_or_else(|| format!("there are no things of the kind \"{word}\""))
    }
}

impl Serialize for Thing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Thing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
