//! From facts to the things whose resources they may change.
//!
//! Invariant: a fact that no resource shows touches nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::bridge::v2::resources::index::Index;
use crate::model::bridge::ids::{Kind, Thing};
use crate::model::bridge::kept::{Kind as ObjectKind, ObjectId};
use crate::model::bridge::object::Object;
use crate::model::lights::group::GroupId;
use crate::model::lights::scene::{Content, SceneId};
use crate::model::lights::{self, LightId};
use crate::model::message::Update;
use crate::model::snapshot::Snapshot;
use crate::model::{alarms, bridge, sensors, thermal};

/// What facts touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Things whose every resource must be looked at.
    pub whole: BTreeSet<Thing>,
    /// Rooms, zones and the home, of which only what their lights are together.
    pub summaries: BTreeSet<Thing>,
    /// Everything must be looked at.
    pub all: bool,
}

/// The state before and after facts, to find out what they touch.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// Before.
    pub before: &'a Snapshot,
    /// After all of them.
    pub after: &'a Snapshot,
    /// The index of the state after.
    pub index: &'a Index,
}

impl Touched {
    /// Adds what a fact touches.
    pub fn note(&mut self, update: &Update, around: Around<'_>) {
        match update {
            Update::Lights(update) => self.lights(update, around),
            Update::Bridge(update) => self.bridge(update, around),
            Update::Sensors(update) => self.sensors(update),
            Update::Thermal(update) => self.thermal(update),
            Update::Alarms(update) => self.alarms(update, around),
            Update::Layouts(_) | Update::Exports(_) | Update::System(_) => {}
        }
    }

    fn thing(&mut self, kind: Kind, id: &Arc<str>) {
        self.whole.insert(Thing::new(kind, Arc::clone(id)));
    }

    fn home(&mut self) {
        self.whole.insert(Thing::new(Kind::Home, ""));
    }

    fn lights(&mut self, update: &lights::Update, around: Around<'_>) {
        match update {
            lights::Update::Light(light) => {
                self.thing(Kind::Light, &light.id.0);
                self.summaries.insert(Thing::new(Kind::Home, ""));
                let groups = around.index.groups(&light.id).iter();
                self.summaries.extend(groups.map(|group| Thing::new(Kind::Group, group.0.clone())));
                if !around.before.lights.lights.contains_key(&light.id) {
                    self.around_light(&light.id, around);
                }
            }
            lights::Update::LightGone(light) => {
                self.thing(Kind::Light, &light.0);
                self.around_light(light, around);
            }
            lights::Update::Group(group) => self.group(&group.id, around),
            lights::Update::GroupGone(group) => self.group(group, around),
            lights::Update::Scene(scene) => self.thing(Kind::Scene, &scene.id.0),
            lights::Update::SceneGone(scene) => self.scene(scene, around),
            lights::Update::Input(input) => self.thing(Kind::Input, &input.id.0),
            lights::Update::InputGone(input) => self.named(&Thing::new(Kind::Input, input.0.clone()), around),
            lights::Update::Search(_) => self.thing(Kind::Bridge, &"".into()),
            lights::Update::Reset(_) => self.all = true,
            lights::Update::Connection(_)
            | lights::Update::ConnectionGone(_)
            | lights::Update::Found(_)
            | lights::Update::FindingGone(_)
            | lights::Update::Master(_) => {}
        }
    }

    /// Whatever refers to a light.
    fn around_light(&mut self, light: &LightId, around: Around<'_>) {
        self.home();
        for group in around.index.groups(light) {
            self.thing(Kind::Group, &group.0);
        }
        let shows = |content: &Content| match content {
            Content::Still(states) => states.contains_key(light),
            Content::Moving(_) => true,
            Content::OfDay(_) => false,
        };
        let scenes = around.after.lights.scenes.values().filter(|scene| shows(&scene.content));
        self.whole.extend(scenes.map(|scene| Thing::new(Kind::Scene, scene.id.0.clone())));
        self.objects(around, |object| match object {
            Object::Area(area) => area.places.iter().any(|place| place.light == *light),
            _ => false,
        });
    }

    /// A room or zone, and whatever refers to it.
    fn group(&mut self, group: &GroupId, around: Around<'_>) {
        self.thing(Kind::Group, &group.0);
        self.home();
        let scenes = around.after.lights.scenes.values().filter(|scene| scene.group.as_ref() == Some(group));
        self.whole.extend(scenes.map(|scene| Thing::new(Kind::Scene, scene.id.0.clone())));
        self.objects(around, |object| match object {
            Object::SmartScene(by_day) => by_day.group == *group,
            Object::Behavior(_) => true,
            _ => false,
        });
    }

    /// A scene, and whatever refers to it.
    fn scene(&mut self, scene: &SceneId, around: Around<'_>) {
        self.thing(Kind::Scene, &scene.0);
        self.objects(around, |object| match object {
            Object::SmartScene(by_day) => by_day.weeks.iter().flat_map(|week| &week.slots).any(|(_, of)| of == scene),
            Object::Behavior(_) => true,
            _ => false,
        });
    }

    fn objects(&mut self, around: Around<'_>, refers: impl Fn(&Object) -> bool) {
        let referring = around.after.bridge.objects.iter().filter(|(_, object)| refers(object));
        self.whole.extend(referring.map(|(id, _)| Thing::new(Kind::Object(id.kind), Arc::clone(&id.id))));
    }

    fn bridge(&mut self, update: &bridge::Update, around: Around<'_>) {
        match update {
            bridge::Update::Identity(_) => self.thing(Kind::Bridge, &"".into()),
            bridge::Update::Ids(named) => named.iter().for_each(|(thing, _)| self.named(thing, around)),
            bridge::Update::ThingGone(thing) => self.named(thing, around),
            bridge::Update::Extra(thing, _) => drop(self.whole.insert(thing.clone())),
            bridge::Update::Object(id, _) | bridge::Update::ObjectGone(id) => self.object(id),
            bridge::Update::Reset(_) => self.all = true,
            bridge::Update::Pressed(_) | bridge::Update::App(_) | bridge::Update::AppGone(_) => {}
        }
    }

    fn object(&mut self, id: &ObjectId) {
        let only_v1 = [ObjectKind::Clip, ObjectKind::Rule, ObjectKind::Schedule, ObjectKind::Link];
        if !only_v1.contains(&id.kind) {
            self.thing(Kind::Object(id.kind), &id.id);
        }
    }

    /// A thing that is shown from now on, or no longer, and whatever refers to it.
    fn named(&mut self, thing: &Thing, around: Around<'_>) {
        let id = || Arc::clone(&thing.id);
        match thing.kind {
            Kind::Light => self.around_light(&LightId(id()), around),
            Kind::Group => self.group(&GroupId(id()), around),
            Kind::Scene => self.scene(&SceneId(id()), around),
            Kind::Input | Kind::Sensor => {
                self.home();
                self.objects(around, |object| matches!(object, Object::Behavior(_)));
            }
            Kind::Bridge | Kind::Home => self.all = true,
            Kind::Object(_) => {}
        }
        self.whole.insert(thing.clone());
    }

    fn sensors(&mut self, update: &sensors::Update) {
        match update {
            sensors::Update::Changed(device) => self.thing(Kind::Sensor, &device.id.0),
            sensors::Update::Forgotten(device) => {
                self.thing(Kind::Sensor, &device.0);
                self.home();
            }
            sensors::Update::Introduced { .. } => {}
            sensors::Update::Reset(_) => self.all = true,
        }
    }

    fn thermal(&mut self, update: &thermal::Update) {
        match update {
            thermal::Update::Changed(array) => self.thing(Kind::Sensor, &array.device.0),
            thermal::Update::Hottest { device, .. } | thermal::Update::Forgotten(device) => {
                self.thing(Kind::Sensor, &device.0);
            }
            thermal::Update::Bookmarked(_) | thermal::Update::BookmarkGone(_) => {}
            thermal::Update::Reset(_) => self.all = true,
        }
    }

    fn alarms(&mut self, update: &alarms::Update, around: Around<'_>) {
        match update {
            alarms::Update::Raised(alarm) | alarms::Update::Changed(alarm) => {
                self.thing(Kind::Sensor, &alarm.device.0);
            }
            alarms::Update::Gone(alarm) => {
                if let Some(alarm) = around.before.alarms.active.get(alarm) {
                    self.thing(Kind::Sensor, &alarm.device.0);
                }
            }
            alarms::Update::OutOfService { device, .. } => self.thing(Kind::Sensor, &device.0),
            alarms::Update::Reset(_) => self.all = true,
            _ => {}
        }
    }
}
