//! Instances of behaviour scripts.
//!
//! Invariant: what an app wrote is kept word for word, also where nothing here can do it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::bridge::v2::resources::parts::MAX_NAME;
use crate::bridge::v2::resources::scripts;
use crate::bridge::v2::shelf::Kept;
use crate::bridge::v2::writes::write::{Done, Refusal, Write};
use crate::bridge::v2::writes::{job, objects, read};
use crate::model::bridge::job::Job;
use crate::model::bridge::object::{Behavior, Object};

/// Bytes of a configuration.
const MAX_CONFIGURATION: usize = 16 << 10;

/// Changes an instance; a timer that is turned on, and whatever is triggered, starts now.
///
/// # Errors
/// 400 if a member is wrong.
pub async fn put(write: &Write<'_>, kept: &Kept) -> Done {
    let before = objects::shown(write, kept)?;
    let Object::Behavior(behavior) = &*before else { return Err(Refusal::not_found()) };
    let after = said(write, behavior.clone(), behavior.enabled)?;
    objects::put(write, kept, &before, Object::Behavior(after)).await
}

/// Makes an instance.
///
/// # Errors
/// 400 if a member is wrong, or the script or the configuration is missing.
pub async fn post(write: &Write<'_>) -> Done {
    let script = read::needed(read::text(write.body, "script_id")?, "script_id")?;
    let script = Uuid::try_parse(script).ok().filter(|id| scripts::is_known(*id));
    let script = script.ok_or_else(|| Refusal::bad("invalid value for script_id: no such script"))?;
    read::needed(write.body.get("configuration"), "configuration")?;
    let new = Behavior {
        script,
        name: scripts::name(script).into(),
        enabled: false,
        configuration: "{}".into(),
        job: None,
        started: None,
    };
    objects::make(write, Object::Behavior(said(write, new, true)?), "behavior_instance").await
}

/// The instance after a write; `usual`: whether it works if the write does not say.
fn said(write: &Write<'_>, mut behavior: Behavior, usual: bool) -> Result<Behavior, Refusal> {
    let was_enabled = behavior.enabled;
    if let Some(metadata) = read::object(write.body, "metadata")?
        && let Some(name) = read::name(metadata, "name", MAX_NAME)?
    {
        behavior.name = name.into();
    }
    if let Some(configuration) = read::object(write.body, "configuration")? {
        configure(write, &mut behavior, configuration)?;
    }
    behavior.enabled = read::flag(write.body, "enabled")?.unwrap_or(usual);
    let turned_on = behavior.enabled && !was_enabled && matches!(behavior.job, Some(Job::Timer { .. }));
    if read::object(write.body, "trigger")?.is_some() {
        behavior.enabled = true;
        behavior.started = Some(now(write));
    } else if turned_on {
        behavior.started = Some(now(write));
    } else if !behavior.enabled {
        behavior.started = None;
    }
    Ok(behavior)
}

fn configure(write: &Write<'_>, behavior: &mut Behavior, written: &Map<String, Value>) -> Result<(), Refusal> {
    let written = json!(written);
    let text = written.to_string();
    if text.len() > MAX_CONFIGURATION {
        return Err(Refusal::bad("configuration is too long"));
    }
    behavior.job = job::of(&write.book, behavior.script, &written);
    behavior.configuration = text.into();
    Ok(())
}

fn now(write: &Write<'_>) -> Timestamp {
    (write.face.wall)()
}
