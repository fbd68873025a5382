//! PUT of a light.

use serde_json::{Map, Value};

use crate::bridge::v2::resources::parts::MAX_NAME;
use crate::bridge::v2::resources::powerup;
use crate::bridge::v2::shelf::Kept;
use crate::bridge::v2::writes::asked::Asked;
use crate::bridge::v2::writes::read;
use crate::bridge::v2::writes::write::{Done, Refusal, Write, Written};
use crate::model::bridge::ids::Thing;
use crate::model::lights::capabilities::PowerOn;
use crate::model::lights::connection::Reach;
use crate::model::lights::state::Change;
use crate::model::lights::{Aim, Command, Light, LightId};

/// What is said of a light beside its state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Its new name.
    pub name: Option<String>,
    /// What it looks like from now on.
    pub archetype: Option<String>,
    /// What it is for from now on.
    pub function: Option<String>,
}

impl Metadata {
    /// Reads it.
    ///
    /// # Errors
    /// If a member is of a wrong type or too long.
    pub fn read(body: &Map<String, Value>) -> Result<Self, Refusal> {
        let Some(metadata) = read::object(body, "metadata")? else { return Ok(Self::default()) };
        Ok(Self {
            name: read::name(metadata, "name", MAX_NAME)?,
            archetype: read::name(metadata, "archetype", MAX_NAME)?,
            function: read::name(metadata, "function", MAX_NAME)?,
        })
    }

    /// Carries it out for a light.
    ///
    /// # Errors
    /// If it is refused.
    pub async fn carry_out(self, write: &Write<'_>, thing: &Thing) -> Result<(), Refusal> {
        let Self { name, archetype, function } = self;
        if let Some(name) = name {
            write.lights(Command::Rename { light: LightId(thing.id.clone()), name }).await?;
        }
        write
            .note(thing, |extra| {
                extra.archetype = archetype.map(Into::into).or(extra.archetype.take());
                extra.function = function.map(Into::into).or(extra.function.take());
            })
            .await
    }
}

/// Changes a light.
///
/// # Errors
/// Why it is not done.
pub async fn put(write: &Write<'_>, kept: &Kept) -> Done {
    let id = LightId(kept.thing.id.clone());
    let light = write.view.lights.lights.get(&id).ok_or_else(Refusal::not_found)?;
    let asked = Asked::read(write.body)?;
    asked.check(&light.capabilities)?;
    let metadata = Metadata::read(write.body)?;
    let power_on = power_on(write.body, light)?;
    let identify = identify(write.body)?;
    let change = asked.change(light);
    let mut doubts = doubts(light, &change);
    if !change.is_empty() {
        write.lights(Command::Set { aims: vec![Aim::Light(id.clone())], change }).await?;
    }
    for change in asked.slowly().into_iter().flatten() {
        write.lights(Command::Set { aims: vec![Aim::Light(id.clone())], change }).await?;
    }
    if asked.blink || identify {
        doubts.extend(blink(write, light).await);
    }
    if let Some((power_on, written)) = power_on {
        write.lights(Command::SetPowerOn { light: id, power_on }).await?;
        write.note(&kept.thing, |extra| extra.powerup = Some(written.to_string().into())).await?;
    }
    metadata.carry_out(write, &kept.thing).await?;
    Ok(Written { made: None, doubts })
}

/// Lets a light make itself known. Says so if it may not.
pub async fn blink(write: &Write<'_>, light: &Light) -> Option<String> {
    let blinked = match light.capabilities.identify {
        true => write.lights(Command::Identify(light.id.clone())).await.is_ok(),
        false => false,
    };
    (!blinked).then(|| unreachable("identify"))
}

/// Whether a body asks to make itself known.
///
/// # Errors
/// If it asks for something else.
pub fn identify(body: &Map<String, Value>) -> Result<bool, Refusal> {
    match read::object(body, "identify")?.map(|of| read::text(of, "action")).transpose()?.flatten() {
        None => Ok(false),
        Some("identify") => Ok(true),
        Some(other) => Err(Refusal::bad(format!("invalid value for action: identify expected, not {other}"))),
    }
}

fn unreachable(command: &str) -> String {
    format!("device (light) has communication issues, command ({command}) may not have effect")
}

fn soft_off(command: &str) -> String {
    format!("device (light) is \"soft off\", command ({command}) may not have effect")
}

/// What of a change may not be seen: of a light out of reach all, of one that is off all but that.
fn doubts(light: &Light, change: &Change) -> Vec<String> {
    let off = !change.on.unwrap_or(light.wanted.on);
    let commands = [
        ("on", change.on.is_some()),
        ("dimming.brightness", change.brightness.is_some()),
        ("color", change.color.is_some()),
        ("effects.effect", change.effect.is_some()),
    ];
    let commands = commands.into_iter().filter(|(_, said)| *said).map(|(command, _)| command);
    match (light.reach == Reach::Online, off) {
        (false, _) => commands.map(unreachable).collect(),
        (true, true) => commands.filter(|command| *command != "on").map(soft_off).collect(),
        (true, false) => Vec::new(),
    }
}

/// What a light shall do when its power comes back, with that as it was written.
fn power_on<'a>(body: &'a Map<String, Value>, light: &Light) -> Result<Option<(PowerOn, &'a Value)>, Refusal> {
    let Some(written) = body.get("powerup") else { return Ok(None) };
    read::object(body, "powerup")?;
    let wrong = || Refusal::bad("invalid value for powerup: safety, powerfail, last_on_state or custom expected");
    let power_on = powerup::meant(written).ok_or_else(wrong)?;
    match light.capabilities.power_on.contains(&power_on) {
        true => Ok(Some((power_on, written))),
        false => Err(Refusal::bad("this light has no such powerup")),
    }
}
