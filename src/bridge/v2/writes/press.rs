//! What configurations of switches mean.
//!
//! ```text
//!  {"device":{…},"where":[…],"buttons":{"<button>":{"where":[…],"on_short_release":{…},"on_repeat":{…},"on_long_press":{…}}}}
//! ```

use std::collections::BTreeMap;

use serde_json::Value;

use crate::bridge::v2::shelf::Book;
use crate::bridge::v2::writes::named;
use crate::model::bridge::job::{Doing, Job, Place, Press};

/// How much brighter or darker a light becomes at each repeat of a held button.
const STEP: f32 = 0.12;

/// What a configuration of a switch means; `None` if nothing here can do all of it.
#[must_use]
pub fn switch(book: &Book, written: &Value) -> Option<Job> {
    let usual = written.get("where").map_or(Some(Vec::new()), |at| named::places(book, at))?;
    let mut buttons: BTreeMap<u8, Vec<Press>> = BTreeMap::new();
    for (name, written) in written.get("buttons")?.as_object()? {
        let presses = presses(book, written, &usual)?;
        if !presses.is_empty() {
            buttons.insert(number(book, name)?, presses);
        }
    }
    // Dials are not carried out.
    written.get("rotary").is_none().then_some(())?;
    let input = named::input(book, written.get("device").or_else(|| written.get("source"))?)?;
    Some(Job::Switch { input, buttons: buttons.into_iter().collect() })
}

/// The number of a button by its UUID, or by a name like `button1`.
fn number(book: &Book, name: &str) -> Option<u8> {
    if let Some(number) = name.strip_prefix("button") {
        return number.parse().ok();
    }
    let kept = book.find("button", uuid::Uuid::try_parse(name).ok()?)?;
    kept.resource.body.get("metadata")?.get("control_id")?.as_u64()?.try_into().ok()
}

fn presses(book: &Book, written: &Value, usual: &[Place]) -> Option<Vec<Press>> {
    let at = written.get("where").map_or_else(|| Some(usual.to_vec()), |at| named::places(book, at))?;
    let mut presses = Vec::new();
    for (event, does) in written.as_object()? {
        match event.as_str() {
            "where" => {}
            "on_short_release" | "on_short_press" => presses.push(short(book, does, at.clone())?),
            "on_repeat" => presses.push(hold(does, at.clone())?),
            "on_long_press" => presses.push(Press::Long(at.clone(), doing(book, does.get("action")?)?)),
            _ => return None,
        }
    }
    Some(presses)
}

fn hold(written: &Value, at: Vec<Place>) -> Option<Press> {
    match written.get("action")?.as_str()? {
        "dim_up" => Some(Press::Hold(at, STEP)),
        "dim_down" => Some(Press::Hold(at, -STEP)),
        _ => None,
    }
}

fn short(book: &Book, written: &Value, at: Vec<Place>) -> Option<Press> {
    if let Some(action) = written.get("action") {
        return Some(Press::Short(at, vec![doing(book, action)?]));
    }
    let slots = match written.get("scene_cycle_extended") {
        Some(cycle) => {
            let with_off = cycle.get("with_off").and_then(|off| off.get("enabled")).and_then(Value::as_bool);
            return Some(Press::Short(at, cycled(book, cycle.get("slots")?, with_off.unwrap_or(false))?));
        }
        None => written.get("scene_cycle"),
    };
    if let Some(slots) = slots {
        return Some(Press::Short(at, cycled(book, slots, false)?));
    }
    let once = written.get("recall_single")?.as_array()?;
    let doings = once.iter().map(|one| doing(book, one.get("action")?)).collect::<Option<Vec<_>>>()?;
    (doings.len() == 1).then_some(Press::Short(at, doings))
}

/// Scenes one after the other: `[[{"action":{"recall":{…}}}], …]`, one in each slot.
fn cycled(book: &Book, slots: &Value, with_off: bool) -> Option<Vec<Doing>> {
    let slot = |slot: &Value| match slot.as_array()?.as_slice() {
        [one] => doing(book, one.get("action")?),
        _ => None,
    };
    let mut doings = slots.as_array()?.iter().map(slot).collect::<Option<Vec<_>>>()?;
    if with_off {
        doings.push(Doing::Off);
    }
    Some(doings)
}

/// `{"recall":{…}}`, `"all_off"` or `"all_on"`.
#[must_use]
pub fn doing(book: &Book, action: &Value) -> Option<Doing> {
    match action.as_str() {
        Some("all_off") => Some(Doing::Off),
        Some("all_on" | "last_on_state") => Some(Doing::On),
        Some(_) => None,
        None => named::scene(book, action.get("recall")?).map(Doing::Recall),
    }
}
