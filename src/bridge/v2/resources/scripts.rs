//! The behaviour scripts that a bridge has. They are the same on every bridge, their ids included.

use serde_json::json;
use uuid::{Uuid, uuid};

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::parts;

/// Brighten slowly in the morning.
pub const WAKE_UP: Uuid = uuid!("ff8957e3-2eb9-4699-a0c8-ad2cb3ede704");
/// Dim slowly in the evening.
pub const GO_TO_SLEEP: Uuid = uuid!("7e571ac6-f363-42e1-809a-4cbf6523ed72");
/// Something when the first comes home.
pub const COMING_HOME: Uuid = uuid!("fd60fcd1-4809-4813-b510-4a18856a595c");
/// Something when the last leaves.
pub const LEAVING_HOME: Uuid = uuid!("0194752a-2d53-4f92-8209-dfdc52745af3");
/// Something at a time.
pub const SCHEDULE: Uuid = uuid!("7238c707-8693-4f19-9095-ccdc1444d228");
/// Something after a while.
pub const TIMERS: Uuid = uuid!("e73bc72d-96b1-46f8-aa57-729861f80c78");
/// What lights show after a stream.
pub const AFTER_STREAMING: Uuid = uuid!("7719b841-6b3d-448d-a0e7-601ae9edb6a2");
/// Scenes by the time of day.
pub const NATURAL_LIGHT: Uuid = uuid!("a4260b49-0c69-4926-a29c-417f4a38a352");
/// What buttons do; in newer apps what motion sensors do, too.
pub const SWITCHES: Uuid = uuid!("67d9395b-4403-42cc-b5f0-740b699d67c6");
/// What motion sensors do.
pub const MOTION: Uuid = uuid!("bba79770-19f1-11ec-9621-0242ac130002");

/// Each script with its name, its category and what it is for.
const SCRIPTS: [(Uuid, &str, &str, &str); 10] = [
    (WAKE_UP, "Basic wake up routine", "automation", "Gradually brighten lights in the morning"),
    (GO_TO_SLEEP, "Basic go to sleep routine", "automation", "Gradually dim lights in the evening"),
    (COMING_HOME, "Coming home", "automation", "Turn lights on when you come home"),
    (LEAVING_HOME, "Leaving home", "automation", "Turn lights off when you leave"),
    (SCHEDULE, "Schedule", "automation", "Schedule turning on and off lights"),
    (TIMERS, "Timers", "automation", "Countdown timer"),
    (AFTER_STREAMING, "Light state after streaming", "entertainment", "State of lights after streaming"),
    (NATURAL_LIGHT, "Natural light", "automation", "Natural light during the day"),
    (SWITCHES, "Hue Switches", "accessory", "What buttons and dials do"),
    (MOTION, "Motion Sensor", "accessory", "What motion sensors do"),
];

/// All scripts.
#[must_use]
pub fn all() -> Vec<Resource> {
    let script = |(id, name, category, description): &(Uuid, &str, &str, &str)| {
        let members = json!({
            "description": description,
            "configuration_schema": {},
            "trigger_schema": {},
            "state_schema": {},
            "version": "0.0.1",
            "metadata": {"name": name, "category": category},
            "supported_features": [],
        });
        parts::resource("behavior_script", *id, None, members)
    };
    SCRIPTS.iter().map(script).collect()
}

/// Whether there is such a script.
#[must_use]
pub fn is_known(id: Uuid) -> bool {
    SCRIPTS.iter().any(|(known, ..)| *known == id)
}

/// The name of a script; empty if there is none.
#[must_use]
pub fn name(id: Uuid) -> &'static str {
    SCRIPTS.iter().find(|(known, ..)| *known == id).map_or("", |(_, name, ..)| name)
}
