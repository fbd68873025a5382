//! A switch or sensor behind a hub of lights: its device and a service for each thing that it says.

use jiff::Timestamp;

use crate::bridge::inputs;
use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::parts::{self, Make};
use crate::bridge::v2::resources::said::{Service, v1_of};
use crate::model::bridge::ids::{Ids, Thing};
use crate::model::inputs::buttons::Press;
use crate::model::inputs::{Aspect, Input, InputId, Said};
use crate::model::lights::connection::Reach;
use crate::model::snapshot::Snapshot;

/// The resources of an input; none if it is gone.
#[must_use]
pub fn of(view: &Snapshot, thing: &Thing, ids: &Ids) -> Vec<Resource> {
    let Some(input) = view.lights.inputs.get(&InputId(thing.id.clone())) else { return Vec::new() };
    let service = Service { ids, valid: input.reach == Reach::Online };
    let mut resources: Vec<Resource> = input.aspects.iter().flat_map(|aspect| said(&service, input, aspect)).collect();
    let v1 = v1_of(ids, "");
    resources.push(parts::connectivity(ids, v1.clone(), &input.reach));
    let model = inputs::of(&input.aspects);
    let make = Make {
        model: model.id,
        product: model.name,
        product_archetype: "unknown_archetype",
        software: model.software,
        platform: model.platform,
        name: &input.name,
        archetype: &inputs::archetype(view.bridge.extra(thing).map(|extra| &**extra)),
    };
    resources.push(parts::device(ids, v1, &make, Vec::new()));
    resources
}

/// The services for an aspect.
fn said(service: &Service<'_>, input: &Input, aspect: &Aspect) -> Vec<Resource> {
    let last = |key: &str| input.said.get(key).map(|(at, said)| (*at, said));
    match aspect {
        Aspect::Buttons(names) => {
            let named = |part: &str| last(part).and_then(name);
            let button =
                |(number, events): (u8, Vec<_>)| service.button(number, &events, named(&format!("button/{number}")));
            let buttons = Press::all(names).into_iter().map(button);
            buttons.chain(inputs::turns(names).then(|| service.rotary(named("relative_rotary")))).collect()
        }
        Aspect::Motion => vec![service.motion(last("motion").and_then(flag))],
        Aspect::Contact => vec![service.contact(last("contact").and_then(flag))],
        Aspect::Temperature => vec![service.temperature(last("temperature").and_then(number))],
        Aspect::LightLevel => vec![service.light_level(last("light_level").and_then(number))],
        Aspect::Battery => {
            last("battery").and_then(number).map(|(_, percent)| service.power(percent)).into_iter().collect()
        }
    }
}

fn name((at, said): (Timestamp, &Said)) -> Option<(Timestamp, &str)> {
    match said {
        Said::Button(name) => Some((at, name)),
        _ => None,
    }
}

const fn flag((at, said): (Timestamp, &Said)) -> Option<(Timestamp, bool)> {
    match said {
        Said::Motion(is) | Said::Contact(is) => Some((at, *is)),
        _ => None,
    }
}

const fn number((at, said): (Timestamp, &Said)) -> Option<(Timestamp, f32)> {
    match said {
        Said::Temperature(number) | Said::LightLevel(number) | Said::Battery(number) => Some((at, *number)),
        _ => None,
    }
}
