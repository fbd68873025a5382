//! PUT of a grouped light: of the lights of a room, of a zone, or of the home.
//!
//! Invariant: what does not say on or off changes only lights that are on.
//! Invariant: what is the same for all lights is one command.

use std::sync::Arc;

use crate::bridge::v2::shelf::Kept;
use crate::bridge::v2::writes::asked::{Asked, Delta};
use crate::bridge::v2::writes::light::blink;
use crate::bridge::v2::writes::write::{Done, Refusal, Write, Written};
use crate::model::bridge::ids::Kind;
use crate::model::lights::group::GroupId;
use crate::model::lights::state::Change;
use crate::model::lights::{Aim, Command, Light};

/// Changes the lights of a group.
///
/// # Errors
/// Why it is not done.
pub async fn put(write: &Write<'_>, kept: &Kept) -> Done {
    let asked = Asked::read(write.body)?;
    let (aim, lights) = members(write, kept)?;
    let lit: Vec<_> = lights.iter().filter(|light| asked.on.unwrap_or(light.wanted.on)).copied().collect();
    let change = asked.for_all();
    let dark = asked.on.is_none() && lit.is_empty() && (!change.is_empty() || asked.steps());
    let aims = match asked.on.is_some() || lit.len() == lights.len() {
        true => vec![aim],
        false => lit.iter().map(|light| Aim::Light(light.id.clone())).collect(),
    };
    if !change.is_empty() && !dark {
        write.lights(Command::Set { aims, change }).await?;
    }
    for command in steps(&asked, &lit) {
        write.lights(command).await?;
    }
    if asked.blink {
        for light in lights.iter().filter(|light| light.capabilities.identify) {
            // One that is out of reach does not keep the others from blinking.
            drop(blink(write, light).await);
        }
    }
    let off = "device (grouped_light) is \"soft off\", command (dimming) may not have effect".to_owned();
    Ok(Written { made: None, doubts: dark.then_some(off).into_iter().collect() })
}

fn members<'a>(write: &'a Write<'_>, kept: &Kept) -> Result<(Aim, Vec<&'a Arc<Light>>), Refusal> {
    let all = &write.view.lights;
    if kept.thing.kind == Kind::Home {
        return Ok((Aim::All, all.lights.values().collect()));
    }
    let id = GroupId(kept.thing.id.clone());
    let group = all.groups.get(&id).ok_or_else(Refusal::not_found)?;
    Ok((Aim::Group(id), group.lights.iter().filter_map(|light| all.lights.get(light)).collect()))
}

/// Steps, light by light: each goes on from where it is.
fn steps(asked: &Asked, lit: &[&Arc<Light>]) -> Vec<Command> {
    let only = Asked {
        brightness_delta: asked.brightness_delta,
        mirek_delta: asked.mirek_delta,
        duration_ms: asked.duration_ms,
        ..Asked::default()
    };
    if let Asked { brightness_delta: Some(Delta::By(by)), mirek_delta: None, duration_ms: None, .. } = only
        && by > 0.0
    {
        let aims = lit.iter().map(|light| Aim::Light(light.id.clone())).collect();
        return vec![Command::Step { aims, by: (by / 100.0) as f32 }];
    }
    let each = lit.iter().map(|light| (light, only.change(light)));
    let right = each.filter(|(_, change): &(_, Change)| !change.is_empty());
    right.map(|(light, change)| Command::Set { aims: vec![Aim::Light(light.id.clone())], change }).collect()
}
