//! Lights, rooms, scenes and findings as lines of text.

use serde_json::Value;

use super::named::text;

/// Lines whose columns stand below each other.
pub(in super::super) fn table(rows: &[Vec<String>]) -> String {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..n_columns).map(|column| wide(column).unwrap_or(0)).collect();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).map(|(cell, wide)| format!("{cell:<wide$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    });
    lines.collect()
}

/// How something fares: empty if it answers.
fn reach(one: &Value) -> String {
    match (text(one, "reach"), text(one, "why")) {
        ("online", _) => String::new(),
        (reach, "") => reach.to_owned(),
        (reach, why) => format!("{reach}: {why}"),
    }
}

fn percent(share: &Value) -> String {
    share.as_f64().map(|share| format!("{:.0} %", share * 100.0)).unwrap_or_default()
}

fn state(state: &Value) -> String {
    if state["on"] != true {
        return "off".to_owned();
    }
    let color = &state["color"];
    let shown = match (state["effect"].as_str(), color["mirek"].as_f64(), color["gradient"].as_array()) {
        (Some(effect), ..) => effect.to_owned(),
        (None, Some(mirek), _) => format!("{:.0} K", 1e6 / mirek.max(1.0)),
        (None, None, Some(points)) => points.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        (None, None, None) => text(color, "hex").to_owned(),
    };
    format!("{} {shown}", percent(&state["brightness"]))
}

/// Lights, by room and name.
pub(super) fn lights(all: &[Value]) -> String {
    if all.is_empty() {
        return "There are no lights. hearthlight lights search looks for some.".to_owned();
    }
    let mut all: Vec<&Value> = all.iter().collect();
    all.sort_by_key(|one| (text(one, "room").to_owned(), text(one, "name").to_owned()));
    let row = |one: &&Value| {
        let words = |key| text(one, key).to_owned();
        vec![words("room"), words("name"), words("id"), state(&one["wanted"]), words("family"), reach(one)]
    };
    table(&all.iter().map(row).collect::<Vec<_>>())
}

/// Rooms and zones.
pub(super) fn groups(all: &[Value]) -> String {
    if all.is_empty() {
        return "There are no rooms. They are made in the window.".to_owned();
    }
    let row = |one: &Value| {
        let n = one["lights"].as_array().map_or(0, Vec::len);
        let lit = match one["on"].as_u64() {
            None | Some(0) => "off".to_owned(),
            Some(on) => format!("{on} on, {}", percent(&one["brightness"])),
        };
        let words = |key| text(one, key).to_owned();
        vec![words("name"), words("id"), words("kind"), format!("{n} lights"), lit]
    };
    table(&all.iter().map(row).collect::<Vec<_>>())
}

/// Scenes.
pub(super) fn scenes(all: &[Value]) -> String {
    if all.is_empty() {
        return "There are no scenes. They are made in the window.".to_owned();
    }
    let row = |one: &Value| {
        let words = |key| text(one, key).to_owned();
        let active = if one["active"] == true { "active" } else { "" };
        vec![words("group"), words("name"), words("id"), words("kind"), active.to_owned()]
    };
    table(&all.iter().map(row).collect::<Vec<_>>())
}

/// What was found.
pub(super) fn findings(all: &[Value]) -> String {
    if all.is_empty() {
        return "Nothing new was found. hearthlight lights connect --family FAMILY --address ADDRESS takes what does not \
                show itself."
            .to_owned();
    }
    let row = |one: &Value| ["name", "model", "family", "address", "key"].map(|key| text(one, key).to_owned()).to_vec();
    table(&all.iter().map(row).collect::<Vec<_>>())
}

/// How a new connection fares.
pub(super) fn connected(one: &Value) -> String {
    let n = one["lights"].as_array().map_or(0, Vec::len);
    match reach(one) {
        why if why.is_empty() => format!("Connected: {} ({}), lights: {n}.", text(one, "name"), text(one, "model")),
        why => format!("{} is kept and tried again and again, but now it is {why}", text(one, "name")),
    }
}
