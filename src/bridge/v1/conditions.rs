//! Conditions of rules, in terms of the house.
//!
//! What a rule compares is what version 1 shows: [`Said::number`](crate::model::inputs::Said::number) of a switch or
//! sensor, brightness 1..=254 of a light, yes and no as 1 and 0.

use serde_json::{Map, Value};

use crate::bridge::v1::sensors::{self, Sense};
use crate::bridge::v1::{clip, number, when};
use crate::model::bridge::plan::{Any, Condition, LightField, Operator, Subject};
use crate::model::snapshot::Snapshot;

/// What a rule looks at.
enum Looked {
    /// What is compared.
    At(Subject),
    /// The same, with yes for no.
    Reverse(Subject),
    /// It is always so.
    Always(i64),
}

/// What one condition means; the inner `None` if it always holds. `None` if it names nothing, or compares what cannot be
/// compared.
#[must_use]
pub fn compile(view: &Snapshot, condition: &Map<String, Value>) -> Option<Option<Condition>> {
    if condition.keys().any(|name| !matches!(name.as_str(), "address" | "operator" | "value")) {
        return None;
    }
    let address = condition.get("address")?.as_str()?;
    let operator = operator(condition.get("operator")?.as_str()?, condition.get("value"))?;
    let parts: Vec<&str> = address.split('/').filter(|part| !part.is_empty()).collect();
    let of = |subject, operator| Some(Some(Condition { subject, operator }));
    match (looked_at(view, &parts)?, operator) {
        (Looked::At(Subject::Clock), operator @ (Operator::Within(..) | Operator::Outside(..))) => {
            of(Subject::Clock, operator)
        }
        (Looked::At(Subject::Clock), _) | (_, Operator::Within(..) | Operator::Outside(..)) => None,
        (Looked::At(subject), operator) => of(subject, operator),
        (Looked::Reverse(subject), Operator::Equal(yes)) => of(subject, Operator::Equal(1 - yes)),
        (Looked::Reverse(subject), operator) => of(subject, operator),
        (Looked::Always(is), Operator::Equal(wanted)) if is == wanted => Some(None),
        _ => None,
    }
}

fn looked_at(view: &Snapshot, path: &[&str]) -> Option<Looked> {
    match path {
        ["config", "localtime"] => Some(Looked::At(Subject::Clock)),
        ["lights", number, "state", name] => {
            let field = match *name {
                "on" => LightField::On,
                "bri" => LightField::Bri,
                "reachable" => LightField::Reachable,
                _ => return None,
            };
            Some(Looked::At(Subject::Light(number::light(view, number)?.id.clone(), field)))
        }
        ["groups", number, "state", name] => {
            let any = match *name {
                "any_on" => Any::Any,
                "all_on" => Any::All,
                _ => return None,
            };
            let group = if *number == "0" { None } else { Some(number::group(view, number)?) };
            Some(Looked::At(Subject::Group(group, any)))
        }
        ["sensors", number, part @ ("state" | "config"), name] => of_sensor(&sensors::find(view, number)?, part, name),
        _ => None,
    }
}

fn of_sensor(sense: &Sense<'_>, part: &str, name: &str) -> Option<Looked> {
    match (sense, part, name) {
        (Sense::Daylight, "state", "daylight" | "lastupdated") => Some(Looked::At(Subject::Daylight)),
        (Sense::Clip(id, kept), "state", name) => {
            let said = clip::says(&kept.kind) == Some(name) || name == "lastupdated";
            said.then(|| Looked::At(Subject::Clip(id.clone(), name.into())))
        }
        (Sense::Clip(id, _), _, "on" | "reachable" | "battery") => {
            Some(Looked::At(Subject::Clip(id.clone(), name.into())))
        }
        (Sense::Input(input, of, _), "state", name) => {
            let at = |key: &str| Subject::Input(input.id.clone(), key.into());
            match (*of, name) {
                ("motion", "presence") | ("temperature", "temperature") | ("light_level", "lightlevel") => {
                    Some(Looked::At(at(of)))
                }
                // What is kept is whether it is closed.
                ("contact", "open") => Some(Looked::Reverse(at(of))),
                ("button", "buttonevent") => Some(Looked::At(at(of))),
                ("light_level", "dark" | "daylight") => Some(Looked::At(at(name))),
                (_, "lastupdated") => Some(Looked::At(at("updated"))),
                _ => None,
            }
        }
        (Sense::Input(input, ..), _, "battery") => Some(Looked::At(Subject::Input(input.id.clone(), "battery".into()))),
        (_, "config", "on") => Some(Looked::Always(1)),
        _ => None,
    }
}

fn operator(word: &str, value: Option<&Value>) -> Option<Operator> {
    let text = value.and_then(Value::as_str);
    match (word, value) {
        ("eq", Some(value)) => Some(Operator::Equal(number_of(value)?)),
        ("gt", Some(value)) => Some(Operator::Greater(number_of(value)?)),
        ("lt", Some(value)) => Some(Operator::Less(number_of(value)?)),
        ("dx", None) => Some(Operator::Changed),
        ("ddx", _) => Some(Operator::ChangedAgo(when::duration(text?)?)),
        ("stable", _) => Some(Operator::Stable(when::duration(text?)?)),
        ("not stable", _) => Some(Operator::NotStable(when::duration(text?)?)),
        ("in", _) => when::within(text?).map(|(days, from, to)| Operator::Within(days, from, to)),
        ("not in", _) => when::within(text?).map(|(days, from, to)| Operator::Outside(days, from, to)),
        _ => None,
    }
}

/// A whole number, or yes or no; as a rule, written as a text.
fn number_of(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(yes) => Some(i64::from(*yes)),
        Value::String(text) if text == "true" => Some(1),
        Value::String(text) if text == "false" => Some(0),
        Value::String(text) => text.parse().ok(),
        value => value.as_i64(),
    }
}
