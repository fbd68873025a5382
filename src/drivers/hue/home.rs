//! What a bridge has, the same for both versions of its API: lights, groups that one command reaches, inputs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::drivers::LocalId;
use crate::drivers::hub::{Pending, change, learn, picked};
use crate::drivers::light::Thing;
use crate::model::inputs::{Aspect, Said};
use crate::model::lights::Reported;
use crate::model::lights::capabilities::{Capabilities, PowerOn, Rates};
use crate::model::lights::state::{self, Change, State};
use crate::units::color::{Gamut, Mirek};
use crate::wire::hue_clip::v2::{Device, Light, Metadata, Place, Reference, Resource, Service};
use crate::wire::hue_clip::{self, v1};

/// Commands a second that a bridge passes on to one light.
pub(super) const LIGHTS_HZ: f32 = 10.0;

/// A light behind the bridge.
pub(super) struct Lamp {
    /// What the bridge calls it in paths.
    pub(super) path: String,
    /// Its device, for what is asked of that.
    pub(super) device: String,
    pub(super) thing: Thing,
    pub(super) can: Arc<Capabilities>,
    /// What it said, or was told since.
    pub(super) known: Reported,
    /// What was wanted of it last.
    pub(super) wanted: Option<(State, u32)>,
    /// Whether an answer is due.
    pub(super) asked: bool,
    pub(super) n_tries: u32,
    pub(super) reach: bool,
}

/// A switch or sensor behind the bridge.
pub(super) struct Sensor {
    pub(super) thing: Thing,
    pub(super) reach: bool,
    pub(super) said: BTreeMap<&'static str, Said>,
}

/// What a bridge has.
#[derive(Default)]
pub(super) struct Home {
    pub(super) lamps: BTreeMap<LocalId, Lamp>,
    pub(super) sensors: BTreeMap<LocalId, Sensor>,
    /// What one command reaches: its path, and the lights.
    pub(super) groups: Vec<(String, BTreeSet<LocalId>)>,
    /// The place of each button on its device, by the button's id.
    pub(super) controls: BTreeMap<String, u32>,
}

impl Lamp {
    fn new(path: &str, device: &str, thing: Thing, can: Capabilities, known: Reported, reach: bool) -> Self {
        let (path, device) = (path.to_owned(), device.to_owned());
        Self { path, device, thing, can: Arc::new(can), known, wanted: None, asked: false, n_tries: 0, reach }
    }

    /// What has to be said so that it is as wanted; `None` if it is already. It counts as said from now on.
    pub(super) fn turn_to(&mut self, pending: &Pending) -> Option<Change> {
        self.wanted = Some((pending.state.clone(), pending.transition_ms));
        let change = change(&self.known, &pending.state, &self.can);
        if change.is_empty() {
            return None;
        }
        learn(&mut self.known, change.on, change.brightness, change.color.clone(), change.effect.clone());
        self.asked = true;
        Some(change)
    }
}

/// What can be done with a light by what is said of it.
struct Skills {
    dims: bool,
    gamut: Option<Gamut>,
    mirek: Option<(u16, u16)>,
    segments: u16,
    effects: Arc<[Arc<str>]>,
    power_on: Arc<[PowerOn]>,
}

impl From<Skills> for Capabilities {
    fn from(Skills { dims, gamut, mirek, segments, effects, power_on }: Skills) -> Self {
        Self {
            dimming: dims,
            color: gamut,
            mirek: mirek.map(|(least, most)| least..=most),
            segments,
            pixels: 0,
            transition: dims,
            effects,
            power_on,
            identify: true,
            rates: Rates { changes_hz: LIGHTS_HZ, frames_hz: 0.0 },
        }
    }
}

/// A state of the wire as reported.
pub(super) fn reported(said: hue_clip::State) -> Reported {
    let color = said.color.map(|color| match color {
        hue_clip::Color::Xy(xy) => state::Color::Xy(xy),
        hue_clip::Color::Mirek(mirek) => state::Color::Mirek(Mirek::new(mirek)),
        hue_clip::Color::Gradient(points) => state::Color::Gradient(points.into()),
    });
    Reported { on: said.on, brightness: said.brightness, color, effect: said.effect.map(Into::into) }
}

/// What to ask of lights that can do this.
pub(super) fn asked(change: &Change, transition_ms: u32, can: &Capabilities) -> hue_clip::State {
    let color = change.color.as_ref().map(|color| match color {
        state::Color::Gradient(points) if can.segments >= 2 && points.len() >= 2 => {
            hue_clip::Color::Gradient(picked(points, usize::from(can.segments)))
        }
        state::Color::Mirek(mirek) if can.mirek.is_some() => hue_clip::Color::Mirek(mirek.get()),
        other => hue_clip::Color::Xy(other.xy()),
    });
    let duration_ms = can.transition.then_some(transition_ms);
    let effect = change.effect.as_deref().map(str::to_owned);
    hue_clip::State { on: change.on, brightness: change.brightness, color, effect, duration_ms }
}

/// What a sensor's resource says, with `control` for the place of a button.
pub(super) fn said(resource: &Resource, control: u32) -> Option<Said> {
    match resource {
        Resource::Motion(service) => service.motion().map(Said::Motion),
        Resource::Temperature(service) => service.temperature().map(Said::Temperature),
        Resource::LightLevel(service) => service.lux().map(Said::LightLevel),
        Resource::Contact(service) => service.contact().map(Said::Contact),
        Resource::DevicePower(service) => service.battery().map(Said::Battery),
        Resource::Button(service) => service.button().map(|event| Said::Button(format!("{control}_{event}").into())),
        Resource::RelativeRotary(service) => service.turned().map(|way| Said::Button(format!("rotary_{way}").into())),
        _ => None,
    }
}

/// The sensor's resource, if it is one.
pub(super) fn sensed(resource: &Resource) -> Option<&Service> {
    match resource {
        Resource::Motion(service)
        | Resource::Temperature(service)
        | Resource::LightLevel(service)
        | Resource::Contact(service)
        | Resource::DevicePower(service)
        | Resource::Button(service)
        | Resource::RelativeRotary(service) => Some(service),
        _ => None,
    }
}

fn control(service: &Service) -> u32 {
    service.metadata.as_ref().and_then(|metadata| metadata.control_id).unwrap_or(0)
}

fn name_of(metadata: Option<&Metadata>) -> &str {
    metadata.and_then(|metadata| metadata.name.as_deref()).unwrap_or_default()
}

fn owner(reference: Option<&Reference>) -> &str {
    reference.map(|owner| owner.rid.as_str()).unwrap_or_default()
}

impl Home {
    /// Whether a light can be asked something: it is asked one thing at a time.
    pub(super) fn is_ready(&self, light: &LocalId) -> bool {
        self.lamps.get(light).is_some_and(|lamp| !lamp.asked)
    }

    /// What the second version of the API says there is.
    pub(super) fn of_v2(resources: &[Resource]) -> Self {
        let index = Index::new(resources);
        let mut home = Self::default();
        for resource in resources {
            match resource {
                Resource::Light(light) => drop(home.lamps.insert(LocalId(light.id.as_str().into()), index.lamp(light))),
                Resource::Device(device) => {
                    let sensor = index.sensor(device, &mut home.controls);
                    home.sensors.extend(sensor.map(|sensor| (LocalId(device.id.as_str().into()), sensor)));
                }
                Resource::Room(place) | Resource::Zone(place) => home.groups.extend(index.group(place, false)),
                Resource::BridgeHome(place) => home.groups.extend(index.group(place, true)),
                _ => {}
            }
        }
        home
    }

    /// What the first version of the API says there is.
    pub(super) fn of_v1(lights: &[v1::Light], groups: &[v1::Group]) -> Self {
        let mut home = Self::default();
        let id = |light: &v1::Light| LocalId(light.uniqueid.as_str().into());
        for light in lights {
            let room = groups.iter().find(|group| group.is_room && group.lights.contains(&light.number));
            home.lamps.insert(id(light), lamp_v1(light, room));
        }
        for group in groups {
            let of_number = |number: &String| lights.iter().find(|light| light.number == *number).map(id);
            let members: Option<BTreeSet<_>> = group.lights.iter().map(of_number).collect();
            home.groups.extend(members.map(|members| (group.number.clone(), members)));
        }
        home.groups.push(("0".to_owned(), home.lamps.keys().cloned().collect()));
        home
    }
}

fn lamp_v1(light: &v1::Light, room: Option<&v1::Group>) -> Lamp {
    let skills = Skills {
        dims: light.dims,
        gamut: light.gamut,
        mirek: light.mirek,
        segments: 0,
        effects: light.loops.then(|| "colorloop".into()).into_iter().collect(),
        power_on: if light.startup { [PowerOn::On, PowerOn::Previous].into() } else { Arc::new([]) },
    };
    let can = Capabilities::from(skills);
    let thing = Thing::Light {
        name: light.name.as_str().into(),
        model: light.modelid.as_str().into(),
        room: room.map(|room| room.name.as_str().into()),
        capabilities: Arc::new(can.clone()),
    };
    Lamp::new(&light.number, &light.number, thing, can, reported(light.state.clone()), light.reachable)
}

/// Resources by what points to them.
struct Index<'a> {
    devices: BTreeMap<&'a str, &'a Device>,
    rooms: BTreeMap<&'a str, &'a Place>,
    lights: BTreeMap<&'a str, &'a Light>,
    connected: BTreeMap<&'a str, bool>,
    senses: BTreeMap<&'a str, Vec<&'a Resource>>,
}

impl<'a> Index<'a> {
    fn new(resources: &'a [Resource]) -> Self {
        let mut index = Self {
            devices: BTreeMap::new(),
            rooms: BTreeMap::new(),
            lights: BTreeMap::new(),
            connected: BTreeMap::new(),
            senses: BTreeMap::new(),
        };
        for resource in resources {
            match resource {
                Resource::Light(light) => drop(index.lights.insert(&light.id, light)),
                Resource::Device(device) => drop(index.devices.insert(&device.id, device)),
                Resource::Room(room) => {
                    index.rooms.extend(room.children.iter().map(|child| (child.rid.as_str(), room)));
                }
                Resource::ZigbeeConnectivity(service) => {
                    index.connected.insert(owner(service.owner.as_ref()), service.is_connected() != Some(false));
                }
                other => {
                    let service = sensed(other);
                    let device = service.map(|service| owner(service.owner.as_ref()));
                    device.into_iter().for_each(|device| index.senses.entry(device).or_default().push(other));
                }
            }
        }
        index
    }

    fn reach(&self, device: &str) -> bool {
        self.connected.get(device).copied().unwrap_or(true)
    }

    fn model(&self, device: &str) -> Arc<str> {
        let product = self.devices.get(device).and_then(|device| device.product_data.as_ref());
        product
            .map(|product| format!("{} {}", product.product_name, product.model_id))
            .unwrap_or_default()
            .trim()
            .into()
    }

    fn lamp(&self, light: &Light) -> Lamp {
        let device = owner(light.owner.as_ref());
        let name = match (name_of(light.metadata.as_ref()), self.devices.get(device)) {
            ("", Some(device)) => name_of(device.metadata.as_ref()),
            (name, _) => name,
        };
        let skills = Skills {
            dims: light.dims(),
            gamut: light.gamut(),
            mirek: light.mirek(),
            segments: light.points(),
            effects: light.effects().map(Arc::from).collect(),
            power_on: match light.has_powerup() {
                true => [PowerOn::Off, PowerOn::On, PowerOn::Previous].into(),
                false => Arc::new([]),
            },
        };
        let can = Capabilities::from(skills);
        let thing = Thing::Light {
            name: name.into(),
            model: self.model(device),
            room: self.rooms.get(device).map(|room| name_of(room.metadata.as_ref()).into()),
            capabilities: Arc::new(can.clone()),
        };
        Lamp::new(&light.id, device, thing, can, reported(light.state()), self.reach(device))
    }

    /// A device's switch or sensor, if it is one; what its buttons said last was said long ago.
    fn sensor(&self, device: &Device, controls: &mut BTreeMap<String, u32>) -> Option<Sensor> {
        let senses = self.senses.get(device.id.as_str())?;
        let mut buttons: Vec<Arc<str>> = Vec::new();
        let (mut aspects, mut known) = (Vec::new(), BTreeMap::new());
        for resource in senses {
            match resource {
                Resource::Motion(_) => aspects.push(Aspect::Motion),
                Resource::Temperature(_) => aspects.push(Aspect::Temperature),
                Resource::LightLevel(_) => aspects.push(Aspect::LightLevel),
                Resource::Contact(_) => aspects.push(Aspect::Contact),
                Resource::DevicePower(_) => aspects.push(Aspect::Battery),
                Resource::Button(service) => {
                    let place = control(service);
                    controls.insert(service.id.clone(), place);
                    buttons.extend(service.button_events().map(|event| format!("{place}_{event}").into()));
                }
                _ => buttons.extend(["rotary_clock_wise".into(), "rotary_counter_clock_wise".into()]),
            }
            let value = said(resource, 0).filter(|said| !matches!(said, Said::Button(_)));
            known.extend(value.map(|value| (value.key(), value)));
        }
        if !buttons.is_empty() {
            aspects.insert(0, Aspect::Buttons(buttons.into()));
        }
        let thing = Thing::Input {
            name: name_of(device.metadata.as_ref()).into(),
            model: self.model(&device.id),
            aspects: aspects.into(),
        };
        let only_power = matches!(&thing, Thing::Input { aspects, .. } if **aspects == [Aspect::Battery]);
        (!only_power).then(|| Sensor { thing, reach: self.reach(&device.id), said: known })
    }

    /// What the one command of a place reaches.
    fn group(&self, place: &Place, is_all: bool) -> Option<(String, BTreeSet<LocalId>)> {
        let command = place.services.iter().find(|service| service.rtype == "grouped_light")?;
        let is_in = |light: &&&Light| {
            let device = owner(light.owner.as_ref());
            is_all || place.children.iter().any(|child| child.rid == light.id || child.rid == device)
        };
        let members = self.lights.values().filter(is_in).map(|light| LocalId(light.id.as_str().into()));
        Some((command.rid.clone(), members.collect()))
    }
}
