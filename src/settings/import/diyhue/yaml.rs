//! YAML as diyHue writes it, read without surprises: what looks like a number keeps its own text.
//!
//! Invariant: nothing that is missing or of another kind is an error here; it is simply not there.

use serde_json::{Map, Number, Value};
use yaml_rust2::{Yaml, YamlLoader};

/// Levels of a value that is taken over as it is.
const MAX_DEPTH: usize = 12;

/// The one document of a file; an empty file is an empty one.
///
/// # Errors
/// What is wrong, and where, for people.
pub(super) fn document(text: &str) -> Result<Yaml, String> {
    let mut documents = YamlLoader::load_from_str(text).map_err(|error| error.to_string())?;
    let first = if documents.is_empty() { Yaml::Null } else { documents.swap_remove(0) };
    match first {
        Yaml::Null => Ok(Yaml::Hash(yaml_rust2::yaml::Hash::new())),
        Yaml::Hash(_) => Ok(first),
        _ => Err("it holds no entries by name".to_owned()),
    }
}

/// What stands under a key.
pub(super) fn get<'a>(yaml: &'a Yaml, key: &str) -> Option<&'a Yaml> {
    let value = yaml.as_hash()?.iter().find(|(known, _)| known.as_str() == Some(key)).map(|(_, value)| value)?;
    (!value.is_null()).then_some(value)
}

/// A text, or a number or switch in its own words.
pub(super) fn words(yaml: &Yaml) -> Option<String> {
    match yaml {
        Yaml::String(text) | Yaml::Real(text) => Some(text.clone()),
        Yaml::Integer(number) => Some(number.to_string()),
        Yaml::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The text under a key, unless it is empty.
pub(super) fn text(yaml: &Yaml, key: &str) -> Option<String> {
    get(yaml, key).and_then(words).filter(|text| !text.trim().is_empty())
}

/// The finite number of a value.
pub(super) fn number_of(yaml: &Yaml) -> Option<f64> {
    words(yaml)?.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// The finite number under a key.
pub(super) fn number(yaml: &Yaml, key: &str) -> Option<f64> {
    get(yaml, key).and_then(number_of)
}

/// The switch under a key.
pub(super) fn truth(yaml: &Yaml, key: &str) -> Option<bool> {
    get(yaml, key)?.as_bool()
}

/// The entries of a map with their names, in order.
pub(super) fn entries(yaml: &Yaml) -> impl Iterator<Item = (String, &Yaml)> {
    yaml.as_hash().into_iter().flatten().filter_map(|(key, value)| words(key).map(|key| (key, value)))
}

/// The items of a list.
pub(super) fn items(yaml: Option<&Yaml>) -> &[Yaml] {
    yaml.and_then(Yaml::as_vec).map_or(&[], Vec::as_slice)
}

/// The same as JSON; `None` if it is nested too deeply.
pub(super) fn json(yaml: &Yaml) -> Option<Value> {
    json_within(yaml, MAX_DEPTH)
}

fn json_within(yaml: &Yaml, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    Some(match yaml {
        Yaml::Real(text) => text.parse().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number),
        Yaml::Integer(number) => Value::from(*number),
        Yaml::String(text) => Value::from(text.as_str()),
        Yaml::Boolean(truth) => Value::from(*truth),
        Yaml::Array(items) => Value::Array(items.iter().map(|item| json_within(item, depth)).collect::<Option<_>>()?),
        Yaml::Hash(_) => {
            let members = entries(yaml).map(|(key, value)| Some((key, json_within(value, depth)?)));
            Value::Object(members.collect::<Option<Map<_, _>>>()?)
        }
        Yaml::Alias(_) | Yaml::Null | Yaml::BadValue => Value::Null,
    })
}
