//! POST, PUT and DELETE of scenes.

use std::sync::Arc;

use crate::bridge::v2::resources::index::speed_meant;
use crate::bridge::v2::resources::scene::USUAL_SPEED;
use crate::bridge::v2::shelf::Kept;
use crate::bridge::v2::writes::read;
use crate::bridge::v2::writes::scene_body::{self, Action, Recall, SceneBody};
use crate::bridge::v2::writes::write::{Done, Refusal, Write, Written};
use crate::model::bridge::ids::{Kind, Thing};
use crate::model::lights::Command;
use crate::model::lights::group::{Group, GroupId};
use crate::model::lights::scene::{Content, Palette, Scene, SceneId};

/// How long it takes to show a scene that apps made, ms.
const USUAL_MS: u32 = 400;
/// Colours that are taken from a scene's lights for its palette.
const MAX_COLORS: usize = 9;

/// Makes a scene.
///
/// # Errors
/// Why it is not done.
pub async fn post(write: &Write<'_>) -> Done {
    let group = scene_body::group(write)?;
    let body = SceneBody::read(write, group_of(write, Some(&group))?)?;
    let name = read::needed(body.name.clone(), "metadata.name")?;
    let content = Some(Content::Still(read::needed(body.actions.clone(), "actions")?));
    let put = Command::PutScene { scene: None, name, group: Some(group), transition_ms: USUAL_MS, content };
    let thing = Thing::new(Kind::Scene, write.lights(put).await?.unwrap_or_default());
    let id = SceneId(thing.id.clone());
    if let Some(palette) = body.palette.as_ref().and_then(|(palette, _)| palette.clone()) {
        let palette = Some(paced(palette, body.speed.unwrap_or(USUAL_SPEED)));
        write.lights(Command::SetPalette { scene: id.clone(), palette }).await?;
    }
    let ids = write.named(&thing).await?;
    write
        .note(&thing, |extra| {
            body.note(extra);
            extra.owner = Some(write.key.app.clone());
        })
        .await?;
    if let Some(how) = body.recall {
        recall(write, &id, how).await?;
    }
    Ok(Written { made: Some(ids.service("scene")), doubts: Vec::new() })
}

/// Changes a scene, and shows it.
///
/// # Errors
/// Why it is not done.
pub async fn put(write: &Write<'_>, kept: &Kept) -> Done {
    let id = SceneId(kept.thing.id.clone());
    let known = write.view.lights.scenes.get(&id).ok_or_else(Refusal::not_found)?;
    let body = SceneBody::read(write, group_of(write, known.group.as_ref())?)?;
    if body.name.is_some() || body.actions.is_some() {
        let put = Command::PutScene {
            scene: Some(id.clone()),
            name: body.name.clone().unwrap_or_else(|| known.name.to_string()),
            group: known.group.clone(),
            transition_ms: known.transition_ms,
            content: Some(body.actions.clone().map_or_else(|| known.content.clone(), Content::Still)),
        };
        write.lights(put).await?;
    }
    repaint(write, &id, kept, &body).await?;
    write.note(&kept.thing, |extra| body.note(extra)).await?;
    if let Some(how) = body.recall {
        recall(write, &id, how).await?;
    }
    Ok(Written::default())
}

/// Removes a scene.
///
/// # Errors
/// Why it is not done; 409 if another scene shows it.
pub async fn delete(write: &Write<'_>, kept: &Kept) -> Done {
    let remove = Command::RemoveScene(SceneId(kept.thing.id.clone()));
    write.lights(remove).await.map_err(|refusal| Refusal::conflict(refusal.why))?;
    Ok(Written::default())
}

fn group_of<'a>(write: &'a Write<'_>, group: Option<&GroupId>) -> Result<&'a Group, Refusal> {
    let group = group.and_then(|group| write.view.lights.groups.get(group));
    group.map(|group| &**group).ok_or_else(Refusal::not_found)
}

/// The scene as it is now, after what was done already.
fn now(write: &Write<'_>, id: &SceneId) -> Result<Arc<Scene>, Refusal> {
    write.face.view().lights.scenes.get(id).cloned().ok_or_else(Refusal::not_found)
}

/// Writes a new palette, or its old one at a new speed.
async fn repaint(write: &Write<'_>, id: &SceneId, kept: &Kept, body: &SceneBody) -> Result<(), Refusal> {
    if body.palette.is_none() && body.speed.is_none() {
        return Ok(());
    }
    let scene = now(write, id)?;
    let known = match &scene.content {
        Content::Moving(palette) => Some(palette),
        Content::Still(_) => scene.palette.as_ref(),
        Content::OfDay(_) => None,
    };
    let palette = match &body.palette {
        Some((palette, _)) => palette.clone(),
        None => known.cloned(),
    };
    let noted = write.view.bridge.extra(&kept.thing).and_then(|extra| extra.speed);
    let palette = palette.map(|palette| paced(palette, body.speed.or(noted).unwrap_or(USUAL_SPEED)));
    let command = match (&scene.content, palette) {
        (Content::Moving(_), Some(palette)) => Command::PutScene {
            scene: Some(id.clone()),
            name: scene.name.to_string(),
            group: scene.group.clone(),
            transition_ms: scene.transition_ms,
            content: Some(Content::Moving(palette)),
        },
        (Content::Still(_), palette) => Command::SetPalette { scene: id.clone(), palette },
        (Content::Moving(_), None) | (Content::OfDay(_), _) => return Ok(()),
    };
    write.lights(command).await.map(drop)
}

fn paced(palette: Palette, speed: f64) -> Palette {
    Palette { speed: speed_meant(speed), ..palette }
}

async fn recall(write: &Write<'_>, id: &SceneId, how: Recall) -> Result<(), Refusal> {
    let scene = now(write, id)?;
    let extra = write.face.view().bridge.extra(&Thing::new(Kind::Scene, id.0.clone())).cloned();
    let by_itself = scene.palette.is_some() && extra.as_ref().is_some_and(|extra| extra.auto_dynamic);
    let moving = match how.action {
        Action::Active => by_itself,
        Action::Static => false,
        Action::Dynamic => true,
    };
    if let (true, None, Content::Still(_)) = (moving, &scene.palette, &scene.content) {
        let speed = extra.and_then(|extra| extra.speed).unwrap_or(USUAL_SPEED);
        let palette = palette_of(&scene).ok_or_else(|| Refusal::bad("this scene has no palette"))?;
        write.lights(Command::SetPalette { scene: id.clone(), palette: Some(paced(palette, speed)) }).await?;
    }
    let Recall { duration_ms: transition_ms, brightness, .. } = how;
    write.lights(Command::Show { scene: id.clone(), transition_ms, brightness, moving }).await.map(drop)
}

/// The palette of a scene that has none: the colours of its lights.
fn palette_of(scene: &Scene) -> Option<Palette> {
    let Content::Still(states) = &scene.content else { return None };
    let mut colors = Vec::new();
    for color in states.values().filter_map(|change| change.color.clone()) {
        if colors.len() < MAX_COLORS && !colors.contains(&color) {
            colors.push(color);
        }
    }
    let shares: Vec<f32> = states.values().filter_map(|change| change.brightness).collect();
    let brightness = if shares.is_empty() { 1.0 } else { shares.iter().sum::<f32>() / shares.len() as f32 };
    (!colors.is_empty()).then_some(Palette { colors, brightness, speed: 0.0 })
}
