//! Scenes by day and time.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::bridge::v2::resources::day;
use crate::bridge::v2::resources::parts::MAX_NAME;
use crate::bridge::v2::shelf::Kept;
use crate::bridge::v2::writes::when;
use crate::bridge::v2::writes::write::{Done, Refusal, Write};
use crate::bridge::v2::writes::{objects, read};
use crate::model::bridge::ids::Kind;
use crate::model::bridge::object::Object;
use crate::model::bridge::plan::{Days, SmartScene, TimePoint, Week};
use crate::model::lights::group::GroupId;
use crate::model::lights::scene::SceneId;

/// How long it takes from one scene to the next, ms, unless an app says otherwise.
const USUAL_MS: u32 = 60_000;
/// The longest that it takes, ms.
const LONGEST_MS: f64 = 6_000_000.0;
/// Parts of a day.
const MAX_SLOTS: usize = 50;
/// Parts of a week.
const MAX_WEEKS: usize = 7;

/// Changes a smart scene; `recall` turns it on or off.
///
/// # Errors
/// 400 if a member is wrong.
pub async fn put(write: &Write<'_>, kept: &Kept) -> Done {
    let before = objects::shown(write, kept)?;
    let Object::SmartScene(scene) = &*before else { return Err(Refusal::not_found()) };
    let mut after = said(write, scene.clone())?;
    if let Some(recall) = read::object(write.body, "recall")? {
        after.active = recalled(recall)?;
    }
    objects::put(write, kept, &before, Object::SmartScene(after)).await
}

/// Makes a smart scene.
///
/// # Errors
/// 400 if a member is wrong, or name, group or times are missing.
pub async fn post(write: &Write<'_>) -> Done {
    let metadata = read::needed(read::object(write.body, "metadata")?, "metadata")?;
    read::needed(metadata.get("name"), "metadata.name")?;
    read::needed(write.body.get("week_timeslots"), "week_timeslots")?;
    let group = read::needed(write.body.get("group"), "group")?;
    let group = write.referred(group).map(|kept| &kept.thing).filter(|thing| thing.kind == Kind::Group);
    let group = group.ok_or_else(|| Refusal::bad("group names no room or zone"))?;
    let new = SmartScene {
        name: "".into(),
        group: GroupId(Arc::clone(&group.id)),
        weeks: Vec::new(),
        transition_ms: USUAL_MS,
        active: false,
    };
    let mut scene = said(write, new)?;
    if let Some(recall) = read::object(write.body, "recall")? {
        scene.active = recalled(recall)?;
    }
    objects::make(write, Object::SmartScene(scene), "smart_scene").await
}

fn recalled(recall: &Map<String, Value>) -> Result<bool, Refusal> {
    match read::needed(read::text(recall, "action")?, "action")? {
        "activate" => Ok(true),
        "deactivate" => Ok(false),
        other => Err(Refusal::bad(format!("invalid value for action: {other}"))),
    }
}

fn said(write: &Write<'_>, mut scene: SmartScene) -> Result<SmartScene, Refusal> {
    if let Some(metadata) = read::object(write.body, "metadata")?
        && let Some(name) = read::name(metadata, "name", MAX_NAME)?
    {
        scene.name = name.into();
    }
    if let Some(ms) = read::number(write.body, "transition_duration", 0.0..=LONGEST_MS)? {
        scene.transition_ms = ms as u32;
    }
    if let Some(weeks) = read::array(write.body, "week_timeslots")? {
        if weeks.len() > MAX_WEEKS {
            return Err(Refusal::bad("too many week_timeslots"));
        }
        scene.weeks = weeks.iter().map(|week| of_week(write, week)).collect::<Result<_, _>>()?;
    }
    Ok(scene)
}

fn of_week(write: &Write<'_>, week: &Value) -> Result<Week, Refusal> {
    let week = week.as_object().ok_or_else(|| Refusal::bad("week_timeslots are not objects"))?;
    let days = match read::array(week, "recurrence")? {
        Some(written) => days(written)?,
        None => Days::ALL,
    };
    let slots = read::needed(read::array(week, "timeslots")?, "timeslots")?;
    if !(1..=MAX_SLOTS).contains(&slots.len()) {
        return Err(Refusal::bad(format!("a day has 1 to {MAX_SLOTS} timeslots")));
    }
    Ok(Week { days, slots: slots.iter().map(|slot| of_slot(write, slot)).collect::<Result<_, _>>()? })
}

fn days(written: &[Value]) -> Result<Days, Refusal> {
    let words: Option<Vec<&str>> = written.iter().map(Value::as_str).collect();
    words.and_then(day::days).ok_or_else(|| Refusal::bad("invalid value for recurrence: days of the week expected"))
}

fn of_slot(write: &Write<'_>, slot: &Value) -> Result<(TimePoint, SceneId), Refusal> {
    let start = slot.get("start_time").and_then(when::point);
    let start = start.ok_or_else(|| Refusal::bad("invalid value for start_time"))?;
    let scene = slot.get("target").and_then(|target| write.referred(target)).map(|kept| &kept.thing);
    let scene = scene.filter(|thing| thing.kind == Kind::Scene);
    let scene = scene.ok_or_else(|| Refusal::bad("the target of a timeslot is no scene"))?;
    Ok((start, SceneId(Arc::clone(&scene.id))))
}
