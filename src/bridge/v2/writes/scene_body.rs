//! What a body says of a scene.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::bridge::v2::resources::index::speed_meant;
use crate::bridge::v2::resources::parts::MAX_NAME;
use crate::bridge::v2::writes::asked::{Asked, LONGEST_MS, share};
use crate::bridge::v2::writes::read;
use crate::bridge::v2::writes::write::{Refusal, Write};
use crate::model::bridge::extra::Extra;
use crate::model::bridge::ids::Kind;
use crate::model::lights::LightId;
use crate::model::lights::group::{Group, GroupId};
use crate::model::lights::scene::Palette;
use crate::model::lights::state::{Change, Color};
use crate::units::color::Mirek;

/// Characters of an app's own word.
const MAX_APPDATA: usize = 16;
/// Colours of a palette, and whites and brightnesses.
const MAX_COLORS: usize = 9;

/// How a scene shall be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// As it is by itself.
    Active,
    /// Standing still.
    Static,
    /// Moving through its palette.
    Dynamic,
}

/// That a scene shall be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recall {
    /// How.
    pub action: Action,
    /// How long it takes, ms.
    pub duration_ms: Option<u32>,
    /// How bright, as a share.
    pub brightness: Option<f32>,
}

/// What a body says.
#[derive(Clone, Debug, Default)]
pub struct SceneBody {
    /// Its name.
    pub name: Option<String>,
    /// Its picture.
    pub image: Option<Uuid>,
    /// An app's own word.
    pub appdata: Option<String>,
    /// The states of its lights.
    pub actions: Option<BTreeMap<LightId, Change>>,
    /// Its palette: what it comes down to at a usual speed, and as written.
    pub palette: Option<(Option<Palette>, Value)>,
    /// Its speed as apps see it.
    pub speed: Option<f64>,
    /// Whether showing it lets it move.
    pub auto_dynamic: Option<bool>,
    /// That it shall be shown.
    pub recall: Option<Recall>,
}

impl SceneBody {
    /// Reads it for a scene of this room or zone.
    ///
    /// # Errors
    /// If a member is of a wrong type or out of range, or a light is not of the group.
    pub fn read(write: &Write<'_>, group: &Group) -> Result<Self, Refusal> {
        let body = write.body;
        let nothing = Map::new();
        let metadata = read::object(body, "metadata")?.unwrap_or(&nothing);
        let image = read::object(metadata, "image")?.map(|image| read::text(image, "rid")).transpose()?.flatten();
        let id = |id: &str| Uuid::try_parse(id).map_err(|_| Refusal::bad("invalid value for image: a uuid expected"));
        Ok(Self {
            name: read::name(metadata, "name", MAX_NAME)?,
            image: image.map(id).transpose()?,
            appdata: read::name(metadata, "appdata", MAX_APPDATA)?,
            actions: read::array(body, "actions")?.map(|all| actions(write, group, all)).transpose()?,
            palette: read::object(body, "palette")?.map(palette).transpose()?,
            speed: read::number(body, "speed", 0.0..=1.0)?,
            auto_dynamic: read::flag(body, "auto_dynamic")?,
            recall: read::object(body, "recall")?.map(recall).transpose()?.flatten(),
        })
    }

    /// Notes what only apps know of it.
    pub fn note(&self, extra: &mut Extra) {
        if let Some(image) = self.image {
            extra.image = Some(image);
        }
        if let Some(appdata) = &self.appdata {
            extra.appdata = Some((1, appdata.as_str().into()));
        }
        if let Some((_, written)) = &self.palette {
            extra.palette = Some(written.to_string().into());
        }
        extra.speed = self.speed.or(extra.speed);
        extra.auto_dynamic = self.auto_dynamic.unwrap_or(extra.auto_dynamic);
    }
}

/// The room or zone that a body names.
///
/// # Errors
/// If it names none.
pub fn group(write: &Write<'_>) -> Result<GroupId, Refusal> {
    let reference = read::needed(write.body.get("group"), "group")?;
    let kept = write.referred(reference).filter(|kept| kept.thing.kind == Kind::Group);
    let gone = || Refusal::bad("invalid value for group: a room or zone expected");
    kept.map(|kept| GroupId(kept.thing.id.clone())).ok_or_else(gone)
}

fn actions(write: &Write<'_>, group: &Group, all: &[Value]) -> Result<BTreeMap<LightId, Change>, Refusal> {
    let mut states = BTreeMap::new();
    for one in all {
        let kept = one.get("target").and_then(|target| write.referred(target));
        let id = kept.filter(|kept| kept.resource.kind == "light").map(|kept| LightId(kept.thing.id.clone()));
        let id = id.filter(|id| group.lights.contains(id));
        let id = id.ok_or_else(|| Refusal::bad("invalid value for actions: a light of the group expected"))?;
        let light = write.view.lights.lights.get(&id).ok_or_else(Refusal::not_found)?;
        let action = read::needed(one.get("action").and_then(Value::as_object), "action")?;
        let asked = Asked::read(action)?;
        // A scene keeps what its light can show; what it cannot it would not show either.
        let change = Asked { brightness_delta: None, mirek_delta: None, ..asked }.change(light);
        if !change.is_empty() {
            states.insert(id, change);
        }
    }
    Ok(states)
}

fn recall(of: &Map<String, Value>) -> Result<Option<Recall>, Refusal> {
    let action = match read::text(of, "action")? {
        None => return Ok(None),
        Some("active") => Action::Active,
        Some("static") => Action::Static,
        Some("dynamic_palette") => Action::Dynamic,
        Some(other) => {
            return Err(Refusal::bad(format!(
                "invalid value for action: active, static or dynamic_palette expected, not {other}"
            )));
        }
    };
    let duration_ms = read::number(of, "duration", 0.0..=f64::from(u32::MAX))?.map(|ms| ms.min(LONGEST_MS) as u32);
    let dimming = read::object(of, "dimming")?.map(brightness).transpose()?.flatten();
    Ok(Some(Recall { action, duration_ms, brightness: dimming.map(share) }))
}

fn brightness(of: &Map<String, Value>) -> Result<Option<f64>, Refusal> {
    read::number(of, "brightness", 0.0..=100.0)
}

/// A palette as it can be gone through, `None` if it has no colours; and as it was written.
fn palette(of: &Map<String, Value>) -> Result<(Option<Palette>, Value), Refusal> {
    let mut colors = Vec::new();
    let mut shares = Vec::new();
    let entries = |key| Ok(read::array(of, key)?.map_or(&[][..], Vec::as_slice));
    for (key, most) in [("color", MAX_COLORS), ("color_temperature", 1), ("dimming", 1)] {
        let all: &[Value] = entries(key)?;
        if all.len() > most {
            return Err(Refusal::bad(format!("invalid value for palette.{key}: {most} at most expected")));
        }
        for entry in all {
            let entry = read::needed(entry.as_object(), key)?;
            let dimming = if key == "dimming" { Some(entry) } else { read::object(entry, "dimming")? };
            shares.extend(dimming.map(brightness).transpose()?.flatten().map(share));
            match key {
                "color" => colors.push(Color::Xy(read::color(read::needed(read::object(entry, key)?, key)?)?)),
                "color_temperature" => {
                    let white = read::needed(read::object(entry, key)?, key)?;
                    let mirek = read::needed(read::number(white, "mirek", 50.0..=1000.0)?, "mirek")?;
                    colors.push(Color::Mirek(Mirek::new(mirek.round() as u16)));
                }
                _ => {}
            }
        }
    }
    // The arrays are expected by those who read it back.
    let mut written = of.clone();
    for key in ["color", "dimming", "color_temperature", "effects", "effects_v2"] {
        written.entry(key).or_insert_with(|| Value::Array(Vec::new()));
    }
    colors.truncate(MAX_COLORS);
    let brightness = shares.iter().sum::<f32>() / shares.len().max(1) as f32;
    let brightness = if shares.is_empty() { 1.0 } else { brightness.clamp(share(0.0), 1.0) };
    let palette = Palette { colors, brightness, speed: speed_meant(0.5) };
    Ok(((!palette.colors.is_empty()).then_some(palette), Value::Object(written)))
}
