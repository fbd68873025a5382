//! Rows of lights, their stacks, rooms and zones, scenes, connections and inputs: a JSON body each, under the id.
//!
//! What changes often, the stack, has a row of its own beside the light's, which is mostly what it can do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::Connection as Database;
use serde::{Deserialize, Serialize};

use crate::model::inputs::{Aspect, Input, InputId};
use crate::model::lights::capabilities::{Capabilities, PowerOn};
use crate::model::lights::connection::{Connection, ConnectionId, Counts, Reach, Target};
use crate::model::lights::group::{Group, GroupId};
use crate::model::lights::layers::Stack;
use crate::model::lights::scene::{Scene, SceneId};
use crate::model::lights::{Light, LightId, Lights, Reported};
use crate::store::records::{KeptLights, LightsChange, is_kept};
use crate::store::rows::{execute, put, remove, rows, single};

/// The single thing that is the master brightness.
const MASTER: &str = "lights_master";

#[derive(Serialize, Deserialize)]
struct LightBody {
    name: Arc<str>,
    model: Arc<str>,
    connection: ConnectionId,
    local: Arc<str>,
    capabilities: Arc<Capabilities>,
    power_on: Option<PowerOn>,
    favourite: bool,
}

#[derive(Serialize, Deserialize)]
struct ConnectionBody {
    identity: Option<Arc<str>>,
    name: Arc<str>,
    model: Arc<str>,
    target: Target,
    simulated: bool,
}

#[derive(Serialize, Deserialize)]
struct InputBody {
    name: Arc<str>,
    model: Arc<str>,
    connection: ConnectionId,
    local: Arc<str>,
    aspects: Arc<[Aspect]>,
}

pub(crate) fn write(change: &LightsChange, to: &Database) -> rusqlite::Result<u64> {
    match change {
        LightsChange::Light(light) => put("light", &light.id.0, &LightBody::of(light), to),
        LightsChange::Stack(id, stack) => {
            let mut stack = Stack::clone(stack);
            stack.layers.retain(is_kept);
            put("light_stack", &id.0, &stack, to)
        }
        LightsChange::ForgetLight(id) => {
            remove("light_stack", &id.0, to)?;
            remove("light", &id.0, to)
        }
        LightsChange::Group(group) => put("light_group", &group.id.0, group, to),
        LightsChange::ForgetGroup(id) => remove("light_group", &id.0, to),
        LightsChange::Scene(scene) => put("scene", &scene.id.0, scene, to),
        LightsChange::ForgetScene(id) => remove("scene", &id.0, to),
        LightsChange::Connection(connection) => {
            put("connection", &connection.id.0, &ConnectionBody::of(connection), to)
        }
        LightsChange::ForgetConnection(id) => remove("connection", &id.0, to),
        LightsChange::Input(input) => put("input", &input.id.0, &InputBody::of(input), to),
        LightsChange::ForgetInput(id) => remove("input", &id.0, to),
        LightsChange::Master(master) => {
            let body = master.to_string();
            execute(to, "INSERT OR REPLACE INTO single VALUES (?1, ?2)", [MASTER, &body])?;
            Ok((MASTER.len() + body.len()) as u64)
        }
    }
}

/// Everything about lights. What is damaged, or belongs to what is, is left out and told of.
pub(crate) fn lights(from: &Database) -> rusqlite::Result<KeptLights> {
    let mut damaged = Vec::new();
    let connections = rows("connection", "connection to lights", from, &mut damaged)?;
    let mut stacks: BTreeMap<Arc<str>, Stack> = rows("light_stack", "state of the light", from, &mut damaged)?;
    let lights = rows("light", "light", from, &mut damaged)?;
    let groups: BTreeMap<_, Arc<Group>> = rows("light_group", "room or zone", from, &mut damaged)?;
    let scenes: BTreeMap<_, Arc<Scene>> = rows("scene", "scene", from, &mut damaged)?;
    let inputs = rows("input", "switch or sensor", from, &mut damaged)?;
    let connections: BTreeMap<_, _> = connections
        .into_iter()
        .map(|(id, body): (_, ConnectionBody)| (ConnectionId(Arc::clone(&id)), Arc::new(body.connection(id))))
        .collect();
    let mut all = Lights { master: master(from)?, ..Lights::default() };
    let mut orphans = BTreeSet::new();
    for (id, body) in lights {
        let body: LightBody = body;
        if !connections.contains_key(&body.connection) {
            orphans.insert(id);
            continue;
        }
        let stack = stacks.remove(&id).unwrap_or_default();
        all.lights.insert(LightId(Arc::clone(&id)), Arc::new(body.light(id, stack)));
    }
    for (id, body) in inputs {
        let body: InputBody = body;
        if connections.contains_key(&body.connection) {
            all.inputs.insert(InputId(Arc::clone(&id)), Arc::new(body.input(id)));
        } else {
            orphans.insert(id);
        }
    }
    damaged.extend(orphans.iter().map(|id| format!("Left out: the stored \"{id}\", whose connection is not there.")));
    all.groups = groups.into_iter().map(|(id, group)| (GroupId(id), group)).collect();
    all.scenes = scenes.into_iter().map(|(id, scene)| (SceneId(id), scene)).collect();
    all.connections = connections;
    Ok(KeptLights { lights: all, damaged })
}

fn master(from: &Database) -> rusqlite::Result<f32> {
    let master = single(MASTER, from)?.and_then(|body| body.parse().ok());
    Ok(master.filter(|master| (0.0..=1.0).contains(master)).unwrap_or(1.0))
}

impl LightBody {
    fn of(light: &Light) -> Self {
        Self {
            name: Arc::clone(&light.name),
            model: Arc::clone(&light.model),
            connection: light.connection.clone(),
            local: Arc::clone(&light.local),
            capabilities: Arc::clone(&light.capabilities),
            power_on: light.power_on,
            favourite: light.favourite,
        }
    }

    fn light(self, id: Arc<str>, stack: Stack) -> Light {
        let Self { name, model, connection, local, capabilities, power_on, favourite } = self;
        Light {
            id: LightId(id),
            name,
            model,
            connection,
            local,
            capabilities,
            wanted: stack.shown(),
            stack: Arc::new(stack),
            reported: Reported::default(),
            reach: Reach::Starting,
            streaming_fps: 0.0,
            power_on,
            favourite,
        }
    }
}

impl ConnectionBody {
    fn of(connection: &Connection) -> Self {
        let Connection { identity, name, model, target, simulated, .. } = connection.clone();
        Self { identity, name, model, target, simulated }
    }

    fn connection(self, id: Arc<str>) -> Connection {
        let Self { identity, name, model, target, simulated } = self;
        let (id, reach, counts) = (ConnectionId(id), Reach::Starting, Counts::default());
        Connection { id, identity, name, model, target, reach, latency_ms: None, counts, simulated }
    }
}

impl InputBody {
    fn of(input: &Input) -> Self {
        let Input { name, model, connection, local, aspects, .. } = input.clone();
        Self { name, model, connection, local, aspects }
    }

    fn input(self, id: Arc<str>) -> Input {
        let Self { name, model, connection, local, aspects } = self;
        let (id, said) = (InputId(id), BTreeMap::new());
        Input { id, name, model, connection, local, aspects, said, reach: Reach::Starting }
    }
}
