//! What apps see of the house: which things there are, and which parts of them have an id of their own in version 1.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::bridge::family::Family;
use crate::model::bridge::ids::{Ids, Kind, Thing};
use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::object::Object;
use crate::model::inputs::{Aspect, Input};
use crate::model::lights::LightId;
use crate::model::lights::group::GroupId;
use crate::model::lights::scene::SceneId;
use crate::model::sensors::Device;
use crate::model::snapshot::Snapshot;

/// A thing that needs ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Which.
    pub thing: Thing,
    /// Its parts that have an id in version 1: "" for the thing as a whole, else the name of a sensor that it is.
    pub parts: Vec<&'static str>,
}

impl Need {
    fn whole(kind: Kind, id: &Arc<str>) -> Self {
        Self { thing: Thing::new(kind, Arc::clone(id)), parts: vec![""] }
    }

    /// That of a light.
    #[must_use]
    pub fn light(id: &LightId) -> Self {
        Self::whole(Kind::Light, &id.0)
    }

    /// That of a room or zone.
    #[must_use]
    pub fn group(id: &GroupId) -> Self {
        Self::whole(Kind::Group, &id.0)
    }

    /// That of a scene.
    #[must_use]
    pub fn scene(id: &SceneId) -> Self {
        Self::whole(Kind::Scene, &id.0)
    }

    /// That of something that apps keep; some of it only version 2 knows.
    #[must_use]
    pub fn object(id: &ObjectId) -> Self {
        let kind = Kind::Object(id.kind);
        let parts = if Family::of(kind).is_some() { vec![""] } else { Vec::new() };
        Self { thing: Thing::new(kind, Arc::clone(&id.id)), parts }
    }

    /// That of a switch or sensor behind a hub of lights.
    #[must_use]
    pub fn input(input: &Input) -> Self {
        let parts = input.aspects.iter().filter_map(|aspect| match aspect {
            Aspect::Buttons(_) => Some("button"),
            Aspect::Motion => Some("motion"),
            Aspect::Contact => Some("contact"),
            Aspect::Temperature => Some("temperature"),
            Aspect::LightLevel => Some("light_level"),
            Aspect::Battery => None,
        });
        Self { thing: Thing::new(Kind::Input, Arc::clone(&input.id.0)), parts: parts.collect() }
    }

    /// That of a sensor device of our own: an alarm of it is motion, a thermal array has a temperature.
    #[must_use]
    pub fn sensor(device: &Device, view: &Snapshot) -> Self {
        let array = view.thermal.arrays.contains_key(&device.id);
        let parts = if array { vec!["motion", "temperature"] } else { vec!["motion"] };
        Self { thing: Thing::new(Kind::Sensor, Arc::clone(&device.id.0)), parts }
    }

    /// Whether these ids are all it needs.
    #[must_use]
    pub fn is_met(&self, ids: &Ids) -> bool {
        self.parts.iter().all(|part| ids.v1.contains_key(*part))
    }
}

/// Everything that apps see: the bridge, the home, and what is in the house.
#[must_use]
pub fn all(view: &Snapshot, objects: &BTreeMap<ObjectId, Arc<Object>>) -> Vec<Need> {
    let bridge = Need { thing: Thing::new(Kind::Bridge, ""), parts: Vec::new() };
    let mut needs = vec![bridge, Need::whole(Kind::Home, &"".into())];
    needs.extend(view.lights.lights.keys().map(Need::light));
    needs.extend(view.lights.groups.keys().map(Need::group));
    needs.extend(view.lights.scenes.keys().map(Need::scene));
    needs.extend(view.lights.inputs.values().map(|input| Need::input(input)));
    let devices = view.sensors.devices.values().filter(|device| device.accepted);
    needs.extend(devices.map(|device| Need::sensor(device, view)));
    needs.extend(objects.keys().map(Need::object));
    needs
}
