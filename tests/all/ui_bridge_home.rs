//! A house with a bridge, as the window sees it: apps, what they asked, switches, schedules. Filled by hand.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use hearthlight::model::bridge::app::{App, AppId};
use hearthlight::model::bridge::ids::{BridgeId, Ids, Kind as ThingKind, Thing};
use hearthlight::model::bridge::job::{Daily, Doing, End, Job};
use hearthlight::model::bridge::kept::{Kind, ObjectId};
use hearthlight::model::bridge::object::{Behavior, Clip, Object};
use hearthlight::model::bridge::plan::{
    Act, Condition, Days, Operator, Rule, Schedule, SmartScene, Status, Subject, TimePoint, Week, When,
};
use hearthlight::model::inputs::{Aspect, Input, InputId, Said};
use hearthlight::model::lights::connection::{Connection, ConnectionId, Counts, Reach, Target};
use hearthlight::model::lights::group::{Group, GroupId, GroupKind};
use hearthlight::model::lights::scene::{Content, Scene, SceneId, Slot};
use hearthlight::model::lights::state::Change;
use hearthlight::model::lights::{Aim, Command as Lighting};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::{Listener, PortState};
use hearthlight::port::visits::{Visit, Visits};
use jiff::civil::{Time, time};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

pub(crate) fn app_id() -> AppId {
    AppId("0a1b2c3d-0000-4000-8000-000000000001".into())
}

pub(crate) fn kept(kind: Kind, id: &str) -> ObjectId {
    ObjectId { kind, id: id.into() }
}

fn ago(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_sub(SignedDuration::from_secs(seconds)).unwrap()
}

fn at(hour: i8, minute: i8) -> Time {
    time(hour, minute, 0, 0)
}

/// Puts a bridge with its apps into a house.
pub(crate) fn bridge(snapshot: &mut Snapshot, now: Timestamp) {
    let bridge = &mut snapshot.bridge;
    bridge.identity.id = BridgeId::of_mac([0x00, 0x17, 0x88, 0xaa, 0xbb, 0xcc]);
    bridge.identity.zone = "Europe/Berlin".into();
    bridge.identity.place = Some((52.52, 13.405));
    let apps = [
        ("1", "hue_essentials#iPhone", 86_400 * 40, Some(480), true),
        ("2", "Philips hue#Pixel 8", 86_400 * 90, Some(4), false),
        ("3", "home-assistant#hallway", 86_400 * 120, None, false),
    ];
    for (id, name, since, used, streams) in apps {
        let id = AppId(format!("0a1b2c3d-0000-4000-8000-00000000000{id}").into());
        let used = used.map(|seconds| ago(now, seconds));
        let app = App { id: id.clone(), name: name.into(), created: ago(now, since), used, streams };
        bridge.apps.insert(id, Arc::new(app));
    }
    snapshot.system.listeners = [
        ("bridge.http", "Hue bridge, HTTP", "0.0.0.0:80", PortState::Open { at: "192.168.1.10:80".into() }),
        ("bridge.https", "Hue bridge, HTTPS", "0.0.0.0:443", PortState::Open { at: "192.168.1.10:8443".into() }),
        ("bridge.ssdp", "Hue discovery by SSDP, UDP", "0.0.0.0:1900", PortState::Open { at: "0.0.0.0:1900".into() }),
        (
            "bridge.mdns",
            "Hue discovery by mDNS, UDP",
            "0.0.0.0:5353",
            PortState::Failed { why: "Port 5353 is used by avahi-daemon.".into() },
        ),
    ]
    .map(|(key, purpose, wanted, state)| Listener {
        key: key.into(),
        purpose: purpose.into(),
        wanted: wanted.into(),
        state,
    })
    .to_vec();
}

/// What apps asked in the last seconds.
pub(crate) fn visits(visits: &Visits, now: Timestamp) {
    let (phone, wall) = (IpAddr::from([192, 168, 1, 23]), IpAddr::from([192, 168, 1, 5]));
    let name: Arc<str> = "home-assistant#hallway".into();
    let asked = |seconds, method: &str, path: &str, tls, refused: Option<&str>| Visit {
        at: ago(now, seconds),
        tls,
        method: method.into(),
        path: path.into(),
        status: 200,
        refused: refused.map(Into::into),
    };
    let agent = Some("HueEssentials/4 (iPhone)");
    visits.note(phone, None, None, asked(30, "M-SEARCH", "ssdp:all", false, None));
    visits.note(phone, None, agent, asked(29, "GET", "/description.xml", false, None));
    visits.note(phone, None, agent, asked(28, "GET", "/api/config", false, None));
    for seconds in [27, 26, 25] {
        visits.note(phone, None, agent, asked(seconds, "POST", "/api", true, Some("link button not pressed")));
    }
    visits.note(wall, Some(&name), Some("aiohue"), asked(20, "GET", "/eventstream/clip/v2", true, None));
    visits.note(wall, Some(&name), Some("aiohue"), asked(12, "GET", "/clip/v2/resource/light", true, None));
    let uuid = "/clip/v2/resource/grouped_light/3f3d1a5e-0000-4000-8000-0123456789ab";
    visits.note(wall, Some(&name), Some("aiohue"), asked(4, "PUT", uuid, true, None));
}

/// Puts rooms, scenes, switches and sensors into a house.
pub(crate) fn rooms(snapshot: &mut Snapshot, now: Timestamp) {
    let lights = &mut snapshot.lights;
    for (i, (id, name)) in [("kitchen", "Kitchen"), ("bedroom", "Bedroom")].into_iter().enumerate() {
        let id = GroupId(id.into());
        let group = Group {
            id: id.clone(),
            name: name.into(),
            kind: GroupKind::Room,
            lights: std::collections::BTreeSet::default(),
            order: i as u32,
        };
        lights.groups.insert(id, Arc::new(group));
    }
    let scene = |id: &str, name: &str, group: &str, content| Scene {
        id: SceneId(id.into()),
        name: name.into(),
        group: Some(GroupId(group.into())),
        transition_ms: 400,
        content,
        active: false,
        palette: None,
        moving: false,
    };
    let slot = |hour: u16, scene: &str| Slot { from_minute: hour * 60, scene: SceneId(scene.into()) };
    let day = Content::OfDay(vec![slot(7, "energize"), slot(20, "relax")]);
    for known in [
        scene("energize", "Energize", "kitchen", Content::Still(BTreeMap::new())),
        scene("relax", "Relax", "kitchen", Content::Still(BTreeMap::new())),
        Scene { active: true, ..scene("day", "Kitchen by day", "kitchen", day) },
    ] {
        lights.scenes.insert(known.id.clone(), Arc::new(known));
    }
    let connection = Connection {
        id: ConnectionId("z2m".into()),
        identity: None,
        name: "zigbee2mqtt".into(),
        model: "Coordinator".into(),
        target: Target { family: "zigbee2mqtt".into(), address: "192.168.1.3".into(), options: BTreeMap::new() },
        reach: Reach::Online,
        latency_ms: None,
        counts: Counts::default(),
        simulated: false,
    };
    lights.connections.insert(connection.id.clone(), Arc::new(connection));
    let names: Arc<[Arc<str>]> = ["on_press", "off_press", "up_hold"].map(Arc::from).to_vec().into();
    let said = |all: &[(i64, Said)]| -> BTreeMap<Arc<str>, (Timestamp, Said)> {
        all.iter().map(|(seconds, said)| (said.key().into(), (ago(now, *seconds), said.clone()))).collect()
    };
    let unreachable = Reach::Unreachable { since: ago(now, 7_200), why: "no answer for 2 h".into() };
    let inputs = [
        (
            "dimmer",
            "Bedroom dimmer",
            "Philips RWL021",
            vec![Aspect::Buttons(Arc::clone(&names)), Aspect::Battery],
            said(&[(900, Said::Button("on_press".into())), (900, Said::Battery(72.0))]),
            Reach::Online,
        ),
        (
            "hall",
            "Hallway sensor",
            "Philips SML001",
            vec![Aspect::Motion, Aspect::Temperature, Aspect::LightLevel, Aspect::Battery],
            said(&[
                (9, Said::Motion(true)),
                (60, Said::Temperature(21.4)),
                (60, Said::LightLevel(120.0)),
                (3_600, Said::Battery(9.0)),
            ]),
            Reach::Online,
        ),
        (
            "door",
            "Front door",
            "Aqara MCCGQ11LM",
            vec![Aspect::Contact],
            said(&[(7_200, Said::Contact(true))]),
            unreachable,
        ),
    ];
    for (id, name, model, aspects, said, reach) in inputs {
        let id = InputId(id.into());
        let input = Input {
            id: id.clone(),
            name: name.into(),
            model: model.into(),
            connection: ConnectionId("z2m".into()),
            local: name.into(),
            aspects: aspects.into(),
            said,
            reach,
        };
        lights.inputs.insert(id, Arc::new(input));
    }
    let seen: Vec<Thing> =
        snapshot.sensors.devices.keys().map(|id| Thing::new(ThingKind::Sensor, id.to_string())).collect();
    for thing in seen {
        let ids = Ids { root: Uuid::nil(), own: BTreeMap::new(), v1: BTreeMap::new() };
        Arc::make_mut(&mut snapshot.bridge.ids).insert(thing, Arc::new(ids));
    }
}

/// Puts what apps keep into a house.
pub(crate) fn plans(snapshot: &mut Snapshot, now: Timestamp) {
    let kitchen = || Some(GroupId("kitchen".into()));
    let bedroom = || Some(GroupId("bedroom".into()));
    let weekdays = Days(124);
    let behavior = |name: &str, enabled, job: Option<Job>| {
        Object::Behavior(Behavior {
            script: Uuid::nil(),
            name: name.into(),
            enabled,
            configuration: r#"{"custom":"kept"}"#.into(),
            job,
            started: None,
        })
    };
    let morning = Job::Schedule {
        doings: vec![(kitchen(), Doing::Recall(SceneId("energize".into()))), (bedroom(), Doing::Off)],
        from: Daily { at: TimePoint::Time(at(6, 30)), days: weekdays },
        until: Some(TimePoint::Time(at(8, 0))),
        transition_s: 300,
        random_s: 600,
    };
    let wake = Job::WakeUp {
        places: vec![bedroom()],
        when: Daily { at: TimePoint::Time(at(6, 30)), days: weekdays },
        fade_s: 1_800,
        brightness: 1.0,
        off_after_s: None,
    };
    let sleep = Job::Sleep {
        places: vec![bedroom()],
        when: Some(Daily { at: TimePoint::Sunset(30), days: Days(127) }),
        fade_s: 900,
        end: End::Off,
    };
    let off = Change { on: Some(false), ..Change::default() };
    let all_off = || Lighting::Set { aims: vec![Aim::All], change: off.clone() };
    let schedule = Schedule {
        name: "All off".into(),
        description: "".into(),
        owner: Some(app_id()),
        written: ("W127/T23:30:00".into(), false),
        when: When::Weekly(Days(127), at(23, 30)),
        random_s: 600,
        command: "{}".into(),
        acts: vec![Act::Lights(all_off())],
        enabled: true,
        autodelete: false,
        recycle: false,
        created: now,
        started: None,
        fired: Some(ago(now, 50_000)),
    };
    let hall = InputId("hall".into());
    let rule = Rule {
        name: "Hallway at night".into(),
        owner: Some(AppId("gone".into())),
        status: Status::LoopsDetected,
        recycle: false,
        created: now,
        triggered: Some(ago(now, 400)),
        times: 12,
        written_conditions: "[]".into(),
        written_actions: "[]".into(),
        conditions: vec![
            Condition { subject: Subject::Input(hall, "motion".into()), operator: Operator::Equal(1) },
            Condition { subject: Subject::Clock, operator: Operator::Within(Days(127), at(22, 0), at(6, 0)) },
        ],
        acts: vec![Act::Lights(all_off())],
    };
    let week = |days, slots: &[(TimePoint, &str)]| Week {
        days,
        slots: slots.iter().map(|(from, scene)| (*from, SceneId((*scene).into()))).collect(),
    };
    let smart = SmartScene {
        name: "Natural light".into(),
        group: GroupId("kitchen".into()),
        weeks: vec![week(Days(127), &[(TimePoint::Time(at(7, 0)), "energize"), (TimePoint::Sunset(0), "relax")])],
        transition_ms: 60_000,
        active: true,
    };
    let clip = Clip {
        name: "Guest mode".into(),
        kind: "CLIPGenericFlag".into(),
        model: "m".into(),
        maker: "m".into(),
        version: "1".into(),
        unique: "u".into(),
        recycle: false,
        state: r#"{"flag":true,"lastupdated":"none"}"#.into(),
        config: "{}".into(),
        updated: Some(ago(now, 300)),
    };
    for (id, object) in [
        ("1", behavior("Morning", true, Some(morning))),
        ("2", behavior("Wake up", true, Some(wake))),
        ("3", behavior("Good night", false, Some(sleep))),
        ("4", behavior("Something new", true, None)),
        ("5", Object::Schedule(schedule)),
        ("6", Object::Rule(rule)),
        ("7", Object::SmartScene(smart)),
        ("8", Object::Clip(clip)),
    ] {
        let id = kept(object.kind(), id);
        snapshot.bridge.objects.insert(id, Arc::new(object));
    }
}
