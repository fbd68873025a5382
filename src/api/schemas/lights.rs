//! Lights and what belongs to them, as JSON Schema.

use serde_json::{Value, json};

use super::{count, described, list, number, object, one_of, or_null, slug, text, time, truth};

pub(super) fn light() -> Value {
    with_reach(&[
        ("id", slug()),
        ("name", text("What people call it")),
        ("model", text("Maker and model")),
        ("room", or_null("string", "The room it is in")),
        ("family", or_null("string", "By what it is driven, such as wled or lifx")),
        ("connection", slug()),
        ("favourite", truth("Somebody marked it")),
        ("latency_ms", or_null("number", "From a question to its answer, smoothed; null = it never answers")),
        ("streaming_fps", number("Frames a second that go to it now")),
        ("power_on", or_null("string", "What it does when its power comes back: off, on or previous; null = unknown")),
        (
            "wanted",
            object(&[
                ("on", truth("It shall be on")),
                ("brightness", number("Share of its most, 0 to 1; kept while it is off")),
                ("color", color()),
                ("effect", or_null("string", "The effect of its own that shall run")),
            ]),
        ),
        (
            "reported",
            object(&[
                ("on", or_null("boolean", "It says it is on; null = it does not say")),
                ("brightness", or_null("number", "The brightness it says, 0 to 1")),
                ("color", color_or_null()),
                ("effect", or_null("string", "The effect of its own that runs")),
            ]),
        ),
        ("capabilities", capabilities()),
        ("controlled_by", described(list(&hand()), "Who drives it, from the top; the last is its base")),
    ])
}

/// An object with these fields and those of something that can be out of reach.
fn with_reach(fields: &[(&str, Value)]) -> Value {
    let reach = [
        ("reach", one_of(&["starting", "online", "waiting", "unreachable", "refused"])),
        ("reachable", truth("It answers")),
        ("why", or_null("string", "Why it does not, or what a person has to do")),
        ("unreachable_since", json!({ "type": ["string", "null"], "description": "Since when it does not answer" })),
    ];
    object(&[fields, &reach].concat())
}

fn color() -> Value {
    object(&[
        ("x", number("CIE 1931 x")),
        ("y", number("CIE 1931 y")),
        ("hex", text("As a screen shows it: #RRGGBB")),
        ("mirek", or_null("integer", "If it is a white: a million divided by its kelvin")),
        (
            "gradient",
            json!({ "type": ["array", "null"], "items": text("#RRGGBB"), "description": "Along its segments" }),
        ),
    ])
}

fn color_or_null() -> Value {
    let mut schema = color();
    schema["type"] = json!(["object", "null"]);
    schema
}

fn capabilities() -> Value {
    let corner = object(&[("x", number("CIE 1931 x")), ("y", number("CIE 1931 y"))]);
    object(&[
        ("dimming", truth("It can be dimmed")),
        (
            "gamut",
            json!({
                "type": ["array", "null"],
                "items": corner,
                "description": "Red, green and blue corner of the colours it mixes; null = one colour only",
            }),
        ),
        ("mirek_min", or_null("integer", "Its coldest white; null = it mixes none")),
        ("mirek_max", or_null("integer", "Its warmest white")),
        ("segments", count("Parts that take a colour each")),
        ("pixels", count("Pixels that can be streamed to; 0 = it cannot be streamed to")),
        ("transition", truth("It fades by itself")),
        ("effects", list(&text("An effect of its own"))),
        ("power_on", list(&one_of(&["off", "on", "previous"]))),
        ("identify", truth("It can make itself known")),
        ("changes_hz", number("Changes a second that it takes")),
        ("frames_hz", number("Frames a second that it takes; 0 = it cannot be streamed to")),
    ])
}

fn hand() -> Value {
    let attributes = |meaning| described(list(&one_of(&["on", "brightness", "color"])), meaning);
    object(&[
        ("kind", one_of(&["base", "hold", "schedule", "effect", "automation", "stream", "alarm"])),
        ("above", or_null("string", "The kind of layer that a hold lies above")),
        ("name", text("What people call it; empty for the base")),
        ("by", text("Who put it there; empty = the light itself")),
        ("since", or_null("string", "Since when")),
        ("until", or_null("string", "When it ends by itself")),
        ("says", attributes("What it says something about; an effect counts as color")),
        ("drives", attributes("What of that is seen: nothing above says otherwise")),
    ])
}

/// A change of lights, as a request says it.
pub(super) fn change() -> Value {
    let color = json!({
        "description": "One of color, mirek and gradient. #RRGGBB, or CIE 1931 x and y",
        "oneOf": [
            { "type": "string", "examples": ["#FF8800"] },
            object(&[("x", number("0 to 1")), ("y", number("0 to 1"))]),
        ],
    });
    object(&[
        ("on?", truth("On or off")),
        ("brightness?", number("Share of its most, 0 to 1")),
        ("color?", color.clone()),
        ("mirek?", count("A white: a million divided by its kelvin, 50 to 1000")),
        ("gradient?", list(&color)),
        ("effect?", text("An effect of its own, by name; empty ends it")),
        ("transition_ms?", count("How long it takes")),
    ])
}

pub(super) fn group() -> Value {
    object(&[
        ("id", slug()),
        ("name", text("What people call it")),
        ("kind", one_of(&["room", "zone"])),
        ("lights", list(&slug())),
        ("on", count("Lights in it that shall be on")),
        ("reachable", count("Lights in it that answer")),
        ("brightness", or_null("number", "Mean brightness of those that shall be on, 0 to 1")),
    ])
}

pub(super) fn scene() -> Value {
    object(&[
        ("id", slug()),
        ("name", text("What people call it")),
        ("group", or_null("string", "The room or zone it belongs to; null = the whole house")),
        ("kind", one_of(&["still", "moving", "of_day"])),
        ("transition_ms", count("How long it takes to be there")),
        ("active", truth("It was recalled last, and nothing touched its lights since")),
    ])
}

pub(super) fn connection() -> Value {
    with_reach(&[
        ("id", slug()),
        ("name", text("What people call it")),
        ("model", text("What it says it is")),
        ("family", text("By what it is driven, such as wled or lifx")),
        ("address", text("Where it is")),
        ("options", options()),
        ("identity", or_null("string", "MAC, serial number or a bridge's id, once known")),
        ("latency_ms", or_null("number", "From a question to its answer, smoothed; null = it never answers")),
        ("sent", count("Packets, requests and messages sent")),
        ("received", count("The same received")),
        ("malformed", count("Those received that were malformed")),
        ("outages", count("Outages since the start of the program")),
        ("simulated", truth("It is of the demo home")),
        ("lights", list(&slug())),
    ])
}

pub(super) fn finding() -> Value {
    object(&[
        ("key", text("What it is told apart by")),
        ("name", text("What it calls itself")),
        ("model", text("What it says it is")),
        ("family", text("By what it would be driven")),
        ("address", text("Where it is")),
        ("options", options()),
        ("identity", or_null("string", "MAC, serial number or a bridge's id, if it told")),
        ("seen", time("When it was seen last")),
    ])
}

fn options() -> Value {
    json!({ "type": "object", "additionalProperties": text("What else its family wants to know") })
}

/// What to look for, as a request says it.
pub(super) fn hunt() -> Value {
    object(&[
        ("on?", truth("Look, or stop looking; look if it is not said")),
        ("sweep?", list(&text("A network of which each address is asked, in CIDR; empty = those of this machine"))),
    ])
}
