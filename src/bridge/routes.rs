//! Where requests lead, by names for measuring: few, and the same whatever is asked.

/// Names of version 1, by family; the last one is for all others.
const V1: [(&str, &str); 12] = [
    ("", "v1"),
    ("lights", "v1 lights"),
    ("groups", "v1 groups"),
    ("scenes", "v1 scenes"),
    ("sensors", "v1 sensors"),
    ("rules", "v1 rules"),
    ("schedules", "v1 schedules"),
    ("resourcelinks", "v1 resourcelinks"),
    ("config", "v1 config"),
    ("capabilities", "v1 capabilities"),
    ("info", "v1 info"),
    ("*", "v1 other"),
];

/// Names of version 2, by type; the last one is for all others.
const V2: [(&str, &str); 16] = [
    ("", "v2"),
    ("light", "v2 light"),
    ("grouped_light", "v2 grouped_light"),
    ("room", "v2 room"),
    ("zone", "v2 zone"),
    ("bridge_home", "v2 bridge_home"),
    ("scene", "v2 scene"),
    ("smart_scene", "v2 smart_scene"),
    ("device", "v2 device"),
    ("bridge", "v2 bridge"),
    ("button", "v2 button"),
    ("motion", "v2 motion"),
    ("entertainment_configuration", "v2 entertainment_configuration"),
    ("behavior_instance", "v2 behavior_instance"),
    ("geofence_client", "v2 geofence_client"),
    ("*", "v2 other"),
];

/// The name of a request of version 1; `path` is what is behind the key.
#[must_use]
pub fn v1(path: &[String]) -> &'static str {
    named(&V1, path)
}

/// The name of a request of version 2; `path` is what is behind `resource`.
#[must_use]
pub fn v2(path: &[String]) -> &'static str {
    named(&V2, path)
}

fn named(table: &[(&str, &'static str)], path: &[String]) -> &'static str {
    let first = path.first().map_or("", String::as_str);
    let known = table.iter().find(|(word, _)| *word == first).or(table.last());
    known.map_or("other", |(_, name)| name)
}
