//! What EmberEye keeps on disk: its configuration, its map of addresses, its threat rules.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::Value;

use crate::settings::import::fields::{Fields, text, wrong};
use crate::settings::import::{File, ImportError, Plan, Spot, level_of};

/// What a note of a rule begins with that comes from here; it is replaced by the next import.
pub(super) const NOTE: &str = "From EmberEye:";
/// Names that a warning tells at most.
const NAMED: usize = 10;

/// `stream_config.json`: cameras with their locations and groups, the port, thresholds.
pub(super) fn stream_config(file: File<'_>, value: &Value) -> Result<Plan, ImportError> {
    let mut fields = Fields::of(file, value, "")?;
    let mut plan = Plan { kind: "EmberEye's configuration (stream_config.json)".to_owned(), ..Plan::default() };
    let mut unknown = BTreeSet::new();
    streams(file, &mut fields, &mut plan, &mut unknown)?;
    if let Some(port) = fields.number("tcp_port", 1.0, 65_535.0)? {
        plan.port = Some(whole(file, "tcp_port", port)?);
    }
    if let Some(port) = fields.number("metrics_port", 1.0, 65_535.0)? {
        plan.warnings.push(format!(
            "EmberEye served its metrics on port {port}, for the whole network. Hearthlight serves its own where \
             api.listen says; set that, and api.emberye_names, if a dashboard of yours asks there."
        ));
    }
    thresholds(&mut fields, &mut plan)?;
    if [fields.get("thermal_calibration"), fields.get("thermal_use_eeprom")] != [None, None] {
        plan.warnings.push(
            "EmberEye's thermal calibration is not used: true temperatures come from the calibration that each array \
             sends of itself."
                .to_owned(),
        );
    }
    let (enabled, url) = (fields.get("enable_grafana"), fields.get("grafana_url"));
    if enabled == Some(&Value::Bool(true)) || url.is_some_and(|url| url != "") {
        let text = "Grafana is not embedded; a dashboard for your own Grafana lies in packaging/grafana.";
        plan.warnings.push(text.to_owned());
    }
    // How EmberEye served its connections: there is one way here.
    fields.get("tcp_mode");
    unknown.extend(fields.unknown().into_iter().map(str::to_owned));
    if !unknown.is_empty() {
        plan.warnings.push(format!("Not known here and left out: {}.", some(unknown.iter().map(String::as_str))));
    }
    Ok(plan)
}

fn streams(
    file: File<'_>,
    fields: &mut Fields<'_>,
    plan: &mut Plan,
    unknown: &mut BTreeSet<String>,
) -> Result<(), ImportError> {
    let (mut cameras, mut nameless, mut used) = (Vec::new(), 0, BTreeSet::new());
    for (path, stream) in fields.list("streams")? {
        let mut stream = Fields::of(file, stream, &path)?;
        let location = stream.text("loc_id")?;
        let (name, group) = (stream.text("name")?, stream.text("group")?);
        if !stream.text("url")?.is_empty() {
            cameras.push(if name.is_empty() { location.clone() } else { name.clone() });
        }
        unknown.extend(stream.unknown().into_iter().map(|key| format!("streams[].{key}")));
        if location.trim().is_empty() {
            nameless += 1;
        }
        file.introduce(plan, &location, &name, &group)?;
        used.insert(group);
    }
    let mut idle = Vec::new();
    for (path, group) in fields.list("groups")? {
        let group = text(file, &path, group)?;
        if !used.contains(&group) {
            idle.push(group);
        }
    }
    if !cameras.is_empty() {
        let (n, names) = (cameras.len(), some(cameras.iter().map(String::as_str)));
        let (cameras, are) = if n == 1 { ("camera", "is") } else { ("cameras", "are") };
        plan.warnings.push(format!(
            "{n} {cameras} ({names}) {are} not taken over: this version has no cameras. Import the file again once it has."
        ));
    }
    if nameless > 0 {
        plan.warnings.push(format!("Streams without a loc_id are left out: {nameless}."));
    }
    if !idle.is_empty() {
        let idle = some(idle.iter().map(String::as_str));
        plan.warnings.push(format!("Groups without a stream are left out: {idle}."));
    }
    Ok(())
}

fn thresholds(fields: &mut Fields<'_>, plan: &mut Plan) -> Result<(), ImportError> {
    for (key, source, high) in [
        ("temp_threshold", "Hot", 200.0),
        ("smoke_threshold_pct", "Smoke", 100.0),
        ("flame_threshold_pct", "Flame", 100.0),
    ] {
        plan.thresholds.extend(fields.number(key, 0.0, high)?.map(|value| (source, value)));
    }
    if let Some(ppm) = fields.number("gas_ppm_threshold", 0.0, 10_000.0)? {
        plan.warnings.push(format!(
            "The gas threshold of {ppm} ppm is not taken over: without a calibration of that sensor in clean air, ppm \
             are a guess. Gas raises an alarm by how far it rises above its rest level."
        ));
    }
    plan.warnings.push(
        "EmberEye's temperature thresholds were tuned on wrong temperatures: it did not use the arrays' calibrations. \
         Look at them again while you watch true temperatures."
            .to_owned(),
    );
    Ok(())
}

/// Whether this is a map of addresses: its mappings by name, or addresses as keys, or a list of pairs.
pub(super) fn is_ip_map(value: &Value) -> bool {
    match value {
        Value::Object(map) if map.contains_key("mappings") => true,
        Value::Object(map) => map.keys().any(|key| key.parse::<IpAddr>().is_ok()),
        Value::Array(items) => items.iter().any(|item| item.get("ip").is_some()),
        _ => false,
    }
}

/// `ip_loc_map.json`: `{"192.168.1.20": "hall"}`, or a list of `{ip, loc_id}`; either may stand under `mappings`.
pub(super) fn ip_map(file: File<'_>, value: &Value) -> Result<Plan, ImportError> {
    let mut plan = Plan { kind: "EmberEye's map of addresses (ip_loc_map.json)".to_owned(), ..Plan::default() };
    match value.get("mappings").unwrap_or(value) {
        Value::Object(map) => {
            for (ip, location) in map {
                let location = text(file, ip, location)?;
                file.map(&mut plan, ip, &location, || file.line_of(ip))?;
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                let mut fields = Fields::of(file, item, &format!("[{n}]"))?;
                let (ip, location) = (fields.text("ip")?, fields.text("loc_id")?);
                file.map(&mut plan, &ip, &location, || file.line_of(&ip))?;
            }
        }
        other => return Err(wrong(file, "mappings", other, "an object in braces")),
    }
    Ok(plan)
}

/// `threat_rules.json`: texts by severity, which become the note of the standard rule.
pub(super) fn threat_rules(file: File<'_>, value: &Value) -> Result<Plan, ImportError> {
    let mut plan = Plan { kind: "EmberEye's threat rules (threat_rules.json)".to_owned(), ..Plan::default() };
    let mut fields = Fields::of(file, value, "")?;
    let Some(matrix) = fields.get("threat_matrix") else { return Ok(plan) };
    let matrix = matrix.as_object().ok_or_else(|| wrong(file, "threat_matrix", matrix, "an object in braces"))?;
    let mut parts = Vec::new();
    for (severity, texts) in matrix {
        let path = format!("threat_matrix.{severity}");
        let list = texts.as_array().ok_or_else(|| wrong(file, &path, texts, "a list in brackets"))?;
        let texts: Vec<String> = list
            .iter()
            .enumerate()
            .map(|(n, item)| text(file, &format!("{path}[{n}]"), item))
            .collect::<Result<_, _>>()?;
        match level_of(severity) {
            Some(level) if !texts.is_empty() => parts.push((level, texts.join("; "))),
            Some(_) => {}
            None => plan.warnings.push(format!("{severity} is no level here; its {} texts are left out.", texts.len())),
        }
    }
    // Two of its severities become one level here: their texts stand together.
    parts.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    let mut note = NOTE.to_owned();
    let mut last = None;
    for (level, texts) in parts {
        note += &if last == Some(level) { format!("; {texts}") } else { format!(" {}: {texts}", level.word()) };
        last = Some(level);
    }
    plan.note = last.map(|_| note);
    plan.warnings.push(
        "Threat rules speak of what a camera sees, and this version has no cameras: their texts become a note of the \
         rule for fire, nothing more."
            .to_owned(),
    );
    Ok(plan)
}

/// The first names, and how many more there are.
fn some<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let mut told: Vec<String> = names.take(NAMED).map(str::to_owned).collect();
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    told.join(", ")
}

fn whole(file: File<'_>, key: &str, number: f64) -> Result<u16, ImportError> {
    if number.fract() == 0.0 && (1.0..=65_535.0).contains(&number) {
        return Ok(number as u16);
    }
    Err(file.wrong(Spot::Key(key.to_owned()), format!("{number} is no port"), "Write a whole number from 1 to 65535."))
}
