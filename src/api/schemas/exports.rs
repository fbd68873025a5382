//! Exports.

use serde_json::{Value, json};

use crate::api::schemas::{number, object, one_of, or_null, slug, text, time};

/// A job, as it is served.
pub(super) fn job() -> Value {
    object(&[
        ("id", slug()),
        ("name", text("What it writes")),
        ("since", time("When it was asked for")),
        ("standing", one_of(&["running", "done", "failed", "cancelled"])),
        ("done", number("The share that is done, 0 to 1")),
        ("path", or_null("string", "The file, once it is there")),
        ("bytes", or_null("integer", "Its size")),
        ("why", or_null("string", "Why there is none: cause and cure")),
    ])
}

/// What can be asked for.
pub(super) fn wanted() -> Value {
    let look = json!({
        "palette": "inferno", "smooth": true, "colours": "heat", "span": null, "isotherm": null,
        "mounting": { "quarter_turns": 0, "mirror": false }, "scale": "celsius",
    });
    json!({
        "type": "object",
        "description": "What is to be written, in internal types: one of snapshot, clip, history, incident",
        "examples": [
            { "incident": { "entry": 7, "scale": "celsius" } },
            { "snapshot": { "device": "kitchen", "at": null, "form": "png", "look": look } },
            { "history": {
                "channels": [["kitchen", "hottest"]],
                "from": "2026-03-01T12:00:00Z", "to": "2026-03-01T13:00:00Z", "form": "csv", "scale": "celsius",
            } },
        ],
    })
}
