//! The Hue bridge and who asks it, as JSON Schema.

use serde_json::{Value, json};

use super::{count, described, list, number, object, or_null, text, time, truth};

pub(super) fn bridge() -> Value {
    let app = object(&[
        ("id", text("What it is told apart by, a UUID")),
        ("name", text("What it calls itself: application#device")),
        ("created", time("Since when it holds a key")),
        ("used", or_null("string", "When it used the key last, to the minute")),
        ("streams", truth("It has a key for streaming, too")),
    ]);
    let place = json!({
        "type": ["object", "null"],
        "description": "Where it stands, for sunrise and sunset",
        "properties": {
            "latitude": number("Degrees north"),
            "longitude": number("Degrees east"),
        },
        "required": ["latitude", "longitude"],
    });
    object(&[
        ("id", text("Its number, 16 hex digits")),
        ("mac", text("The MAC in it")),
        ("name", text("What people call it")),
        ("api_version", text("The version of the API that it announces")),
        ("sw_version", text("The version of the software that it announces")),
        ("zone", text("The time zone of its clock")),
        ("place", place),
        ("http", or_null("string", "Where it answers HTTP; null = nowhere")),
        ("https", or_null("string", "Where it answers HTTPS; null = nowhere")),
        ("open_until", or_null("string", "Until when apps are given keys; null = they are not")),
        ("pressed_by", or_null("string", "Who pressed the button, while apps are given keys")),
        ("apps", described(list(&app), "Apps that hold a key")),
    ])
}

pub(super) fn visitor() -> Value {
    let visit = object(&[
        ("at", time("When")),
        ("tls", truth("It came by HTTPS")),
        ("method", text("The verb; M-SEARCH or mDNS for a search")),
        ("path", text("The path, with <key> in the place of a key")),
        ("status", count("The HTTP status; 200 for version 1 even where it refuses")),
        ("refused", or_null("string", "Why it was refused, if it was")),
    ]);
    object(&[
        ("address", text("From where")),
        ("app", or_null("string", "The app's name, once it used a key")),
        ("agent", or_null("string", "What it calls itself")),
        ("requests", count("How often it asked")),
        ("refused", count("How often that was refused")),
        ("visits", described(list(&visit), "Its last requests, the newest last")),
    ])
}
