//! Reads the files of diyHue's configuration folder.
//!
//! Invariant: an entry that cannot be taken over is left out and named, with the reason; it spoils no other.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use uuid::Uuid;
use yaml_rust2::Yaml;

use crate::model::bridge::Identity;
use crate::model::bridge::app::{App, Secret};
use crate::model::bridge::extra::Extra;
use crate::model::bridge::ids::BridgeId;
use crate::model::bridge::object::Clip;
use crate::model::lights::MAX_NAME;
use crate::model::lights::connection::Target;
use crate::model::lights::group::GroupKind;
use crate::settings::import::diyhue::house::{House, OldArea, OldGroup, OldLight, OldScene, Way, app_id};
use crate::settings::import::diyhue::state;
use crate::settings::import::diyhue::yaml::{self, document, entries, get, items, number, number_of, text, truth};

/// The files that are read; all but the first may be missing.
pub const FILES: [&str; 10] = [
    "config.yaml",
    "lights.yaml",
    "groups.yaml",
    "scenes.yaml",
    "sensors.yaml",
    "rules.yaml",
    "schedules.yaml",
    "resourcelinks.yaml",
    "behavior_instance.yaml",
    "smart_scene.yaml",
];
/// The file of its certificate.
pub const CERTIFICATE: &str = "cert.pem";
/// Bytes that a file may have.
pub const MAX_BYTES: u64 = 16 << 20;
/// Characters of an app's name that are kept.
const MAX_APP: usize = 40;
/// Entries of one kind that are taken over.
const MAX_ENTRIES: usize = 5000;

/// Files by their names, and the certificate if there is one.
///
/// # Errors
/// What is wrong with which file, for people.
pub fn read(files: &BTreeMap<String, String>) -> Result<House, String> {
    let open = |name: &str| {
        let text = files.get(name).map_or("", String::as_str);
        document(text).map_err(|why| format!("{name} is not as diyHue writes it: {why}."))
    };
    let config = open("config.yaml")?;
    let mut house = House { identity: identity(&config)?, ..House::default() };
    house.certificate = files.get(CERTIFICATE).map(|pem| Secret::new(pem.as_str()));
    house.apps(&config);
    house.lights(&open("lights.yaml")?, &config);
    house.groups(&open("groups.yaml")?);
    house.scenes(&open("scenes.yaml")?);
    house.sensors(&open("sensors.yaml")?);
    for (name, words) in LEFT {
        house.leave(entries(&open(name)?).count(), words);
    }
    Ok(house)
}

/// What is not taken over at all.
const LEFT: [(&str, (&str, &str)); 5] = [
    ("rules.yaml", ("Rules", "what they do has to be set up anew in the app that made them.")),
    ("schedules.yaml", ("Schedules", "set them up anew, in the app or under Automations.")),
    ("resourcelinks.yaml", ("Links between resources", "apps make them with what they belong to.")),
    ("behavior_instance.yaml", ("Automations of apps", "set them up anew in the app.")),
    ("smart_scene.yaml", ("Scenes by time of day", "set them up anew.")),
];

fn identity(config: &Yaml) -> Result<Identity, String> {
    let id = text(config, "bridgeid").as_deref().and_then(bridge_id);
    let id = id.or_else(|| text(config, "mac").as_deref().and_then(mac).map(BridgeId::of_mac));
    let id = id.ok_or("config.yaml has neither \"bridgeid\" nor \"mac\": this is no folder of diyHue.")?;
    let usual = Identity::default();
    let name = text(config, "name").map_or(usual.name, |name| short(&name, 32));
    Ok(Identity {
        id,
        name,
        zone: text(config, "timezone").map_or(usual.zone, Into::into),
        place: None,
        api_version: text(config, "apiversion").map_or(usual.api_version, Into::into),
        sw_version: text(config, "swversion").map_or(usual.sw_version, Into::into),
    })
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|c| c.to_digit(16)).filter_map(|d| u8::try_from(d).ok()).collect();
    digits.chunks_exact(2).filter_map(|pair| Some(pair.first()? << 4 | pair.last()?)).collect()
}

fn mac(text: &str) -> Option<[u8; 6]> {
    hex(text).try_into().ok()
}

fn bridge_id(text: &str) -> Option<BridgeId> {
    let bytes: [u8; 8] = hex(text).try_into().ok()?;
    let id = BridgeId(bytes);
    (BridgeId::of_mac(id.mac()) == id).then_some(id)
}

fn short(text: &str, most: usize) -> Arc<str> {
    text.trim().chars().filter(|c| !c.is_control()).take(most).collect::<String>().into()
}

fn name_of(entry: &Yaml, number: &str) -> Arc<str> {
    text(entry, "name").map_or_else(|| number.into(), |name| short(&name, MAX_NAME))
}

fn uuid_of(entry: &Yaml) -> Option<Uuid> {
    text(entry, "id_v2").and_then(|id| id.parse().ok())
}

fn numbers_of(entry: &Yaml, key: &str) -> Vec<Arc<str>> {
    items(get(entry, key)).iter().filter_map(yaml::words).map(Into::into).collect()
}

/// diyHue writes times without a zone.
fn time(entry: &Yaml, key: &str) -> Option<Timestamp> {
    let at: DateTime = text(entry, key)?.parse().ok()?;
    at.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
}

impl House {
    fn leave(&mut self, n: usize, (what, why): (&str, &str)) {
        if n > 0 {
            self.left.push(format!("{what} ({n}): {why}"));
        }
    }

    fn apps(&mut self, config: &Yaml) {
        for (key, entry) in get(config, "whitelist").into_iter().flat_map(entries).take(MAX_ENTRIES) {
            let client_key = text(entry, "client_key").filter(|key| hex(key).len() == 16).map(Secret::new);
            let name = text(entry, "name").map_or_else(|| "app".into(), |name| short(&name, MAX_APP));
            let app = App {
                id: app_id(&key),
                name,
                created: time(entry, "create_date").unwrap_or(Timestamp::UNIX_EPOCH),
                used: time(entry, "last_use_date"),
                streams: client_key.is_some(),
            };
            self.apps.push((app, Secret::new(key), client_key));
        }
    }

    fn lights(&mut self, lights: &Yaml, config: &Yaml) {
        for (number, entry) in entries(lights).take(MAX_ENTRIES) {
            let name = name_of(entry, &number);
            let Some(id) = uuid_of(entry) else {
                self.left.push(format!("Light {number} \"{name}\": it has no id_v2."));
                continue;
            };
            let extra = Extra {
                function: text(entry, "function").map(Into::into),
                archetype: get(entry, "config")
                    .and_then(|config| text(config, "archetype"))
                    .map(|word| archetype(&word)),
                ..Extra::default()
            };
            let way = way(entry, config);
            self.lights.push(OldLight { number: number.into(), id, name, way, extra });
        }
    }

    fn groups(&mut self, groups: &Yaml) {
        for (number, entry) in entries(groups).take(MAX_ENTRIES) {
            let (name, kind) = (name_of(entry, &number), text(entry, "type").unwrap_or_default());
            let Some(id) = uuid_of(entry) else {
                self.left.push(format!("Group {number} \"{name}\": it has no id_v2."));
                continue;
            };
            let number: Arc<str> = number.into();
            let kind = match kind.as_str() {
                "Entertainment" => {
                    self.areas.push(area(entry, number, id, name));
                    continue;
                }
                "Room" => GroupKind::Room,
                // Groups of lights of older apps are as zones are.
                _ => GroupKind::Zone,
            };
            let class = text(entry, "class").filter(|class| class != "Other");
            let archetype = class.map(|class| class.to_lowercase().replace(' ', "_").into());
            let extra = Extra { archetype, ..Extra::default() };
            self.groups.push(OldGroup { number, id, name, kind, lights: numbers_of(entry, "lights"), extra });
        }
    }

    fn scenes(&mut self, scenes: &Yaml) {
        for (number, entry) in entries(scenes).take(MAX_ENTRIES) {
            let name = name_of(entry, &number);
            let Some(id) = uuid_of(entry) else {
                self.left.push(format!("Scene {number} \"{name}\": it has no id_v2."));
                continue;
            };
            let states = get(entry, "lightstates").into_iter().flat_map(entries);
            let states = states.map(|(light, state)| (light.into(), state::change(state))).collect();
            let group = text(entry, "group").map(Into::into);
            self.scenes.push(OldScene { number: number.into(), id, name, group, states, extra: noted(entry) });
        }
    }

    fn sensors(&mut self, sensors: &Yaml) {
        let mut n_left = 0;
        for (number, entry) in entries(sensors).take(MAX_ENTRIES) {
            let kind = text(entry, "type").unwrap_or_default();
            match uuid_of(entry) {
                Some(id) if kind.starts_with("CLIP") => {
                    let clip = clip(entry, &number, &kind);
                    self.clips.push((number.into(), id, clip));
                }
                _ if kind == "Daylight" => self.identity.place = get(entry, "config").and_then(place),
                _ => n_left += 1,
            }
        }
        self.leave(n_left, ("Switches and sensors", "they come with their hub once that is connected here."));
    }
}

/// What was noted beside a scene.
fn noted(entry: &Yaml) -> Extra {
    let appdata = get(entry, "appdata").and_then(|data| {
        let version = number(data, "version")?;
        Some((version as u8, text(data, "data").unwrap_or_default().into()))
    });
    let palette =
        get(entry, "palette").and_then(yaml::json).filter(|palette| palette.as_object().is_some_and(|p| !p.is_empty()));
    Extra {
        appdata,
        picture: text(entry, "picture").map(Into::into),
        image: text(entry, "image").and_then(|image| image.parse().ok()),
        recycle: truth(entry, "recycle").unwrap_or_default(),
        owner: text(entry, "owner").map(|key| app_id(&key)),
        palette: palette.map(|palette| palette.to_string().into()),
        speed: number(entry, "speed").filter(|speed| (0.0..=1.0).contains(speed)),
        ..Extra::default()
    }
}

/// Version 1 writes these words in one, version 2 with lines between: `sultanbulb`, `sultan_bulb`.
fn archetype(word: &str) -> Arc<str> {
    const WORDS: [(&str, &str); 6] = [
        ("sultanbulb", "sultan_bulb"),
        ("classicbulb", "classic_bulb"),
        ("huelightstrip", "hue_lightstrip"),
        ("candlebulb", "candle_bulb"),
        ("spotbulb", "spot_bulb"),
        ("vintagebulb", "vintage_bulb"),
    ];
    WORDS.iter().find(|(old, _)| *old == word).map_or(word, |(_, new)| new).into()
}

fn area(entry: &Yaml, number: Arc<str>, id: Uuid, name: Arc<str>) -> OldArea {
    let point = |point: &Yaml| -> Option<[f64; 3]> {
        let all: Option<Vec<f64>> = match point {
            Yaml::Array(parts) => parts.iter().map(number_of).collect(),
            _ => ["x", "y", "z"].iter().map(|axis| yaml::number(point, axis)).collect(),
        };
        let all: [f64; 3] = all?.try_into().ok()?;
        Some(all.map(|part| part.clamp(-1.0, 1.0)))
    };
    let positions = |light: &str| {
        let place = get(entry, "locations").and_then(|all| get(all, light));
        let several: Vec<[f64; 3]> = items(place).iter().filter_map(point).take(2).collect();
        let one = || place.and_then(point).unwrap_or_default();
        if several.is_empty() { vec![one()] } else { several }
    };
    let places = numbers_of(entry, "lights").into_iter().map(|light| (Arc::clone(&light), positions(&light))).collect();
    let kind = text(entry, "configuration_type").unwrap_or_else(|| "screen".to_owned()).into();
    OldArea { number, id, name, kind, places }
}

fn clip(entry: &Yaml, number: &str, kind: &str) -> Clip {
    let short_of = |key: &str, most: usize| text(entry, key).map_or_else(|| "".into(), |text| short(&text, most));
    let object = |key: &str| {
        let value = get(entry, key).and_then(yaml::json).filter(serde_json::Value::is_object);
        value.map_or_else(|| "{}".into(), |value| value.to_string().into())
    };
    Clip {
        name: short(&name_of(entry, number), 32),
        kind: short(kind, 40),
        model: short_of("modelid", 32),
        maker: short_of("manufacturername", 32),
        version: short_of("swversion", 16),
        unique: short_of("uniqueid", 32),
        recycle: truth(entry, "recycle").unwrap_or_default(),
        state: object("state"),
        config: object("config"),
        updated: get(entry, "state").and_then(|state| time(state, "lastupdated")),
    }
}

/// `52.5200N` and `13.4050E`.
fn place(config: &Yaml) -> Option<(f64, f64)> {
    let degrees = |key: &str, negative: char, most: f64| -> Option<f64> {
        let text = text(config, key)?;
        let value: f64 = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()?;
        let value = if text.to_ascii_uppercase().ends_with(negative) { -value } else { value };
        (value.abs() <= most).then_some(value)
    };
    Some((degrees("lat", 'S', 90.0)?, degrees("long", 'W', 180.0)?))
}

/// How diyHue reaches a light, and whether Hearthlight can, too.
fn way(entry: &Yaml, config: &Yaml) -> Way {
    let protocol = text(entry, "protocol").unwrap_or_default();
    let empty = Yaml::Null;
    let how = get(entry, "protocol_cfg").unwrap_or(&empty);
    let ours = |family: &str, address: Option<String>, identity, local| {
        let Some(address) = address else { return Way::Foreign(format!("{protocol} without an address")) };
        let target = Target { family: family.into(), address: address.into(), options: BTreeMap::new() };
        Way::Ours { target, secrets: BTreeMap::new(), identity, local }
    };
    let address = text(how, "ip");
    match protocol.as_str() {
        "wled" if number(how, "segmentId").unwrap_or_default() > 0.0 => {
            Way::Foreign("a further segment of a WLED, which is one light here".to_owned())
        }
        "wled" => ours("wled", address, text(how, "mac"), None),
        "yeelight" => {
            let is_back = truth(how, "backlight").unwrap_or_default();
            let id = text(how, "id").map(|id| id.trim_end_matches("bg").to_owned());
            let local = if is_back { "background" } else { "light" };
            ours("yeelight", address, id, Some(local.to_owned()))
        }
        "hue" => match ours("hue", address, None, text(how, "uniqueid")) {
            Way::Ours { target, identity, local, .. } => {
                let secrets = text(how, "hueUser").map(|key| ("key".to_owned(), key)).into_iter().collect();
                Way::Ours { target, secrets, identity, local }
            }
            foreign => foreign,
        },
        "mqtt" => by_mqtt(how, config),
        "" | "dummy" => Way::Foreign("a light that diyHue only plays".to_owned()),
        other => Way::Foreign(format!("reached by {other}, which Hearthlight does not speak")),
    }
}

/// zigbee2mqtt names its topics after itself.
fn by_mqtt(how: &Yaml, config: &Yaml) -> Way {
    let topic = text(how, "command_topic").unwrap_or_default();
    let broker = get(how, "mqtt_server").or_else(|| get(config, "mqtt"));
    let host = broker.and_then(|broker| text(broker, "mqttServer"));
    let (Some(broker), Some(host)) = (broker, host) else { return Way::Foreign("MQTT without a broker".to_owned()) };
    if !topic.starts_with("zigbee2mqtt/") {
        return Way::Foreign("reached by MQTT, but not by zigbee2mqtt".to_owned());
    }
    let port =
        text(broker, "mqttPort").filter(|port| port != "1883").map_or_else(String::new, |port| format!(":{port}"));
    let target =
        Target { family: "zigbee2mqtt".into(), address: format!("{host}{port}").into(), options: BTreeMap::new() };
    let secret = |key: &str, ours: &str| text(broker, key).map(|text| (ours.to_owned(), text));
    let secrets = [secret("mqttUser", "user"), secret("mqttPassword", "password")].into_iter().flatten().collect();
    let local = text(how, "uid").and_then(|uid| uid.split('_').next().map(str::to_owned));
    Way::Ours { target, secrets, identity: None, local: local.filter(|ieee| ieee.starts_with("0x")) }
}
