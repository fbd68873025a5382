//! The objects of the API as JSON Schema (2020-12, as OpenAPI 3.1 uses it), by name.
//!
//! Invariant: an object here names exactly the fields that are served; all of them are required unless their name in
//! [`object`] ends with `?`.

mod alarms;
mod bridge;
mod exports;
mod lights;
mod thermal;

use serde_json::{Map, Value, json};

/// All schemas by name.
pub(super) fn all() -> Value {
    json!({
        "Problem": problem(),
        "Alarm": alarms::alarm(),
        "Rule": alarms::rule(),
        "Page": alarms::page(),
        "Entry": alarms::entry_with_picture(),
        "Registry": registry(),
        "File": object(&[
            ("name", text("The file's name")),
            ("text", text("What is in it, at most 4 MiB")),
            ("apply?", truth("Import it; else only what it would change is told")),
        ]),
        "Preview": object(&[
            ("kind", text("What the file is")),
            ("changes", list(&text("What is taken over"))),
            ("warnings", list(&text("What is not, and what to look after"))),
        ]),
        "Export": exports::wanted(),
        "Job": exports::job(),
        "Health": health(),
        "Array": thermal::array(),
        "Bookmark": thermal::bookmark(),
        "Frame": frame(),
        "Device": device(),
        "Readings": readings(),
        "Series": series(),
        "Rejected": rejected(),
        "Light": lights::light(),
        "Change": lights::change(),
        "Group": lights::group(),
        "Scene": lights::scene(),
        "Connection": lights::connection(),
        "Finding": lights::finding(),
        "Hunt": lights::hunt(),
        "Bridge": bridge::bridge(),
        "Visitor": bridge::visitor(),
        "Setting": setting(),
        "Value": object(&[("value", json!({ "type": ["string", "number", "boolean"] }))]),
        "Command": command(),
        "Outcome": object(&[("done", object(&[("seq", count("The state shows it from this sequence number on"))]))]),
        "State": state(),
        "Description": { "type": "object", "description": "An OpenAPI 3.1 document" },
    })
}

fn problem() -> Value {
    object(&[
        ("type", text("Always about:blank")),
        ("title", text("The status in words")),
        ("status", count("The HTTP status")),
        ("detail", text("Cause and cure")),
        ("kept?", list(&count("Sequence number of a kept frame"))),
    ])
}

fn health() -> Value {
    object(&[
        ("status", one_of(&["ok"])),
        ("version", text("Version of the program")),
        ("uptime_s", number("Seconds since the program was started")),
        ("devices", count("Sensor devices known")),
        ("live", count("Sensor devices that send as expected")),
        ("alarms", count("Alarms whose condition holds")),
    ])
}

fn frame() -> Value {
    let cell = or_null("number", "Temperature of a cell, C; null = no value");
    object(&[
        ("rows", count("Rows")),
        ("cols", count("Columns")),
        ("celsius", described(list(&cell), "Row-major, in the sensor's own order")),
        ("broken", list(&count("Index of a cell without a value"))),
        ("calibrated", truth("The values are true temperatures")),
        ("profile", profile()),
        ("at", time("When its last byte was read")),
        ("sequence", count("Ordinal among all frame packets of the device, damaged ones counted")),
    ])
}

fn device() -> Value {
    let channel = object(&[
        ("key", text("Its key on the wire")),
        ("value", number("Newest value, as the device sent it")),
        ("at", time("When it was read")),
    ]);
    let rest = object(&[
        ("key", text("The channel's key on the wire")),
        ("median", number("Its rest level, percent points of a 12-bit converter")),
        ("mad", number("Its noise, in the same")),
        ("learning", truth("It is being learned: the numbers mean nothing yet")),
    ]);
    object(&[
        ("id", slug()),
        ("name", text("What people call it")),
        ("location", text("The place it reports for")),
        ("place", text("The room or group it is in; may be empty")),
        ("serial", or_null("string", "Serial number, if it sent one")),
        ("address", text("Where it last dialled in from")),
        ("phase", phase()),
        ("connected", truth("A connection is open")),
        ("accepted", truth("False while it waits for the operator")),
        ("simulated", truth("It says of itself that it is simulated")),
        ("since", time("When it entered this phase")),
        ("ended", or_null("string", "Why its last connection ended")),
        ("trouble", or_null("string", "What is wrong with it")),
        ("attempts", count("Connections it opened since its last valid packet")),
        ("heard", or_null("string", "When its last valid packet came")),
        ("period_s", or_null("number", "Seconds between readings, once learned")),
        ("age_s", or_null("number", "Seconds since its last valid packet")),
        ("accepted_packets", count("Packets accepted")),
        ("rejected", json!({ "type": "object", "additionalProperties": count("Packets rejected for this reason") })),
        ("parts_rejected", count("KEY=VALUE parts dropped from accepted lines")),
        ("channels", list(&channel)),
        ("rests", list(&rest)),
    ])
}

fn registry() -> Value {
    let device = object(&[
        ("id", slug()),
        ("name", text("What people call it")),
        ("place", text("The room or group it is in; may be empty")),
        ("location", text("The place it reports for")),
        ("address", or_null("string", "Where it last dialled in from")),
        ("serial", or_null("string", "Serial number, if it sent one")),
        ("regions", thermal::exported()),
    ]);
    let names = |meaning: &str| described(json!({ "type": "object" }), meaning);
    object(&[
        ("program", one_of(&["hearthlight"])),
        ("schema", count("Version of this form: 1")),
        ("devices", list(&device)),
        ("introduced", names("Name and place of locations that no device reports for yet")),
        ("locations", names("The location of the device at an address")),
        ("aliases", names("The location meant by an id that devices send")),
        ("bookmarks", list(&thermal::exported_bookmark())),
    ])
}

fn readings() -> Value {
    let reading = object(&[("at", time("When it was read")), ("value", number("As the device sent it"))]);
    object(&[
        ("id", slug()),
        ("name", text("What people call the device")),
        ("location", text("The place it reports for")),
        ("key", text("The channel's key on the wire")),
        ("readings", described(list(&reading), "Oldest first")),
    ])
}

fn series() -> Value {
    let point = object(&[
        ("at", time("When its stretch of time begins")),
        ("min", number("The lowest value in it")),
        ("mean", number("The mean of all values in it")),
        ("max", number("The highest value in it")),
    ]);
    object(&[
        ("device", slug()),
        ("channel", text("The channel's key on the wire, or hottest")),
        ("from", time("From then on")),
        ("to", time("Up to then")),
        ("resolution", one_of(&["full", "second", "minute"])),
        ("points", described(list(&point), "In order of time; where nothing was heard there are none")),
    ])
}

fn rejected() -> Value {
    let reasons = &["length", "not_hex", "no_colon", "unknown_kind", "too_long", "not_utf8", "implausible"];
    object(&[
        ("at", time("When it came")),
        ("location", text("Where it came from, as far as known")),
        ("reason", one_of(reasons)),
        ("detail", text("What was expected and what came")),
        ("start", text("Its first 80 characters")),
    ])
}

fn setting() -> Value {
    object(&[
        ("id", slug()),
        ("name", text("The key")),
        ("key", text("Dotted key")),
        ("value", text("Its value as text")),
        ("source", one_of(&["default", "window", "file", "flag"])),
        ("line", or_null("integer", "Line in settings.ron, if the file pins it")),
        ("help", text("What it does")),
    ])
}

fn command() -> Value {
    let bare = json!({
        "type": "object",
        "description": "An internal command: {subsystem: {name: {field: value}}} or {subsystem: name}",
        "examples": [
            { "sensors": { "rename": { "device": "kitchen", "name": "Stove" } } },
            { "system": "show_window" },
        ],
    });
    let cause = count("Sequence number of the fact that led to this");
    let told = object(&[("command", bare.clone()), ("cause?", cause)]);
    json!({ "oneOf": [bare, told] })
}

fn state() -> Value {
    let part = || json!({ "type": "object" });
    object(&[
        ("schema", count("Version of the internal types: 1")),
        ("seq", count("Sequence number of the newest fact")),
        ("sensors", part()),
        ("thermal", part()),
        ("alarms", part()),
        ("layouts", part()),
        ("exports", part()),
        ("lights", part()),
        ("bridge", part()),
        ("system", part()),
    ])
}

/// An object with these fields; a name that ends with `?` may be missing.
fn object(fields: &[(&str, Value)]) -> Value {
    let name_of = |name: &str| name.trim_end_matches('?').to_owned();
    let properties: Map<String, Value> = fields.iter().map(|(name, kind)| (name_of(name), kind.clone())).collect();
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).filter(|name| !name.ends_with('?')).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn described(mut schema: Value, meaning: &str) -> Value {
    schema["description"] = meaning.into();
    schema
}

fn text(meaning: &str) -> Value {
    json!({ "type": "string", "description": meaning })
}

fn slug() -> Value {
    json!({ "type": "string", "pattern": "^[a-z0-9-]+$" })
}

fn time(meaning: &str) -> Value {
    json!({ "type": "string", "format": "date-time", "description": meaning })
}

fn number(meaning: &str) -> Value {
    json!({ "type": "number", "description": meaning })
}

fn count(meaning: &str) -> Value {
    json!({ "type": "integer", "minimum": 0, "description": meaning })
}

fn truth(meaning: &str) -> Value {
    json!({ "type": "boolean", "description": meaning })
}

fn or_null(kind: &str, meaning: &str) -> Value {
    json!({ "type": [kind, "null"], "description": meaning })
}

fn one_of(words: &[&str]) -> Value {
    json!({ "enum": words })
}

fn phase() -> Value {
    one_of(&["identify", "start", "streaming", "late", "offline"])
}

fn profile() -> Value {
    text("What the numbers on the wire mean, such as mlx90640-raw, centi-offset-27 or custom: value*0.01+27")
}
