//! POST, PUT and DELETE of rooms and zones.
//!
//! Invariant: a light that comes into a room leaves the room it was in; apps hear of both.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::bridge::v2::resources::group;
use crate::bridge::v2::shelf::Kept;
use crate::bridge::v2::writes::light::Metadata;
use crate::bridge::v2::writes::read;
use crate::bridge::v2::writes::write::{Done, Refusal, Write, Written};
use crate::model::bridge::ids::{Kind, Thing};
use crate::model::lights::group::{GroupId, GroupKind};
use crate::model::lights::{Command, LightId};

/// Makes a room or zone.
///
/// # Errors
/// Why it is not done.
pub async fn post(write: &Write<'_>, kind: &str) -> Done {
    let Metadata { name, archetype, .. } = Metadata::read(write.body)?;
    let name = read::needed(name, "metadata.name")?;
    let archetype = read::needed(archetype, "metadata.archetype")?;
    let lights = read::needed(children(write)?, "children")?;
    let kind = if kind == "room" { GroupKind::Room } else { GroupKind::Zone };
    let made = write.lights(Command::PutGroup { group: None, name, kind, lights }).await?;
    let thing = Thing::new(Kind::Group, made.unwrap_or_default());
    let ids = write.named(&thing).await?;
    write.note(&thing, |extra| extra.archetype = Some(archetype.into())).await?;
    Ok(Written { made: Some(ids.service(group::kind(kind))), doubts: Vec::new() })
}

/// Changes a room or zone.
///
/// # Errors
/// Why it is not done.
pub async fn put(write: &Write<'_>, kept: &Kept) -> Done {
    let id = GroupId(kept.thing.id.clone());
    let known = write.view.lights.groups.get(&id).ok_or_else(Refusal::not_found)?;
    let Metadata { name, archetype, .. } = Metadata::read(write.body)?;
    let children = children(write)?;
    if name.is_some() || children.is_some() {
        let name = name.unwrap_or_else(|| known.name.to_string());
        let lights = children.unwrap_or_else(|| known.lights.clone());
        write.lights(Command::PutGroup { group: Some(id), name, kind: known.kind, lights }).await?;
    }
    if let Some(archetype) = archetype {
        write.note(&kept.thing, |extra| extra.archetype = Some(archetype.into())).await?;
    }
    Ok(Written::default())
}

/// Removes a room or zone, with its scenes.
///
/// # Errors
/// Why it is not done.
pub async fn delete(write: &Write<'_>, kept: &Kept) -> Done {
    write.lights(Command::RemoveGroup(GroupId(kept.thing.id.clone()))).await?;
    Ok(Written::default())
}

/// The lights among the children: devices or lights. What is no light has its place by itself.
fn children(write: &Write<'_>) -> Result<Option<BTreeSet<LightId>>, Refusal> {
    let Some(children) = read::array(write.body, "children")? else { return Ok(None) };
    let light = |child: &Value| {
        let gone = || Refusal::bad(format!("invalid value for children: {child} is not there"));
        let kept = write.referred(child).ok_or_else(gone)?;
        Ok((kept.thing.kind == Kind::Light).then(|| LightId(kept.thing.id.clone())))
    };
    let lights = children.iter().map(light).collect::<Result<Vec<_>, Refusal>>()?;
    Ok(Some(lights.into_iter().flatten().collect()))
}
