//! The families of lights that Hearthlight knows.

use anyhow::{Context as _, bail};
use hearthlight::drivers::{Field, LIGHTS};
use serde_json::{Value, json};

/// What of each family is tested, by name of the test.
const TESTED: &str = include_str!("../../../tests/all/fixtures/families.txt");

/// The id of a family.
pub(super) fn known(id: &str) -> anyhow::Result<&'static str> {
    let ids: Vec<&str> = LIGHTS.iter().map(|family| family.id).collect();
    match LIGHTS.iter().find(|family| family.id.eq_ignore_ascii_case(id)) {
        Some(family) => Ok(family.id),
        None => bail!("There is no family {id}. It is one of {}.", ids.join(", ")),
    }
}

/// All of them.
pub(super) fn list(json: bool) -> anyhow::Result<String> {
    if json {
        let all: Vec<Value> = LIGHTS.iter().map(|family| object(family)).collect();
        return serde_json::to_string_pretty(&all).context("It cannot be written as JSON");
    }
    let each = LIGHTS.iter().map(|family| {
        let head = format!("{}: {}\n  {}\n  address: {}\n", family.id, family.name, family.about, family.address_hint);
        head + &family.fields.iter().map(line).collect::<String>() + "\n"
    });
    Ok(each.collect::<String>() + "Tested, by name of the test:\n\n" + TESTED)
}

fn line(field: &Field) -> String {
    let kind = if field.secret { "secret" } else { "option" };
    let usual = if field.default.is_empty() { String::new() } else { format!("; {} if not given", field.default) };
    let words = if field.words.is_empty() { String::new() } else { format!(": {}", field.words.join(", ")) };
    format!("  {kind} {}: {}{words}{usual}\n", field.key, field.hint)
}

fn object(family: &hearthlight::drivers::Family<hearthlight::drivers::light::LightDriver>) -> Value {
    let fields = family.fields.iter().map(|field| {
        json!({
            "key": field.key, "name": field.name, "hint": field.hint, "default": field.default,
            "words": field.words, "secret": field.secret,
        })
    });
    json!({
        "id": family.id, "name": family.name, "about": family.about, "address_hint": family.address_hint,
        "fields": fields.collect::<Vec<_>>(),
    })
}
