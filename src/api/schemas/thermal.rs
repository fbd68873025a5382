//! Thermal arrays, their regions, bookmarks.

use serde_json::{Value, json};

use crate::api::schemas::{
    count, described, list, number, object, one_of, or_null, phase, profile, slug, text, time, truth,
};

pub(super) fn array() -> Value {
    let mounting = object(&[
        ("quarter_turns", count("Clockwise quarter turns of the picture, 0 to 3")),
        ("mirror", truth("Mirrored left to right, before turning")),
    ]);
    object(&[
        ("id", slug()),
        ("name", text("What people call the device")),
        ("location", text("The place it reports for")),
        ("rows", count("Rows of the array")),
        ("cols", count("Columns of the array")),
        ("profile", profile()),
        ("automatic", truth("The profile was recognised, not chosen")),
        ("calibration", one_of(&["not_needed", "missing", "stored", "received", "changed"])),
        ("calibrated", truth("The newest frame shows true temperatures")),
        ("emissivity", number("Emissivity set, 0.05 to 1")),
        ("reflected", or_null("number", "Reflected temperature set, C; null = from the chip temperature")),
        ("mounting", mounting),
        ("fps", or_null("number", "Frames a second, from the period")),
        ("period_s", or_null("number", "Seconds between readings, once learned")),
        ("phase", phase()),
        ("age_s", or_null("number", "Age of the newest frame in seconds")),
        ("min", or_null("number", "Coldest cell, C")),
        ("mean", or_null("number", "Mean of all cells, C")),
        ("max", or_null("number", "Hottest cell, C")),
        ("ambient", or_null("number", "Chip temperature, C")),
        ("sequence", or_null("integer", "Number of the newest frame")),
        ("regions", described(list(&region()), "What is measured, and masks, which are left out")),
        ("deltas", described(list(&delta()), "Differences of two regions")),
    ])
}

fn region() -> Value {
    object(&[
        ("id", label()),
        ("name", text("What people call it; may be empty")),
        ("kind", one_of(&["spot", "box", "circle", "polygon", "line"])),
        ("mask", truth("Its cells are left out of the extremes, of other regions and of alarms")),
        ("shape", shape()),
        ("emissivity", or_null("number", "Emissivity of what is there; null = that of the array")),
        ("cells", count("Cells measured in the newest frame: those with a value and without a mask")),
        ("max", or_null("number", "Its hottest cell, C")),
        ("mean", or_null("number", "The mean of its cells, C")),
        ("min", or_null("number", "Its coldest cell, C")),
    ])
}

fn delta() -> Value {
    let side = || object(&[("region", label()), ("figure", one_of(&["max", "mean", "min"]))]);
    object(&[
        ("id", label()),
        ("name", text("What people call it; may be empty")),
        ("of", side()),
        ("minus", side()),
        ("kelvin", or_null("number", "The first less the second, K")),
    ])
}

/// Regions and deltas as an import takes them.
pub(super) fn exported() -> Value {
    let side = || list(&text("Label of a region; behind it max, mean or min"));
    let region = object(&[
        ("id", label()),
        ("name", text("What people call it; may be empty")),
        ("shape", shape()),
        ("mask", truth("Its cells are left out")),
        ("emissivity", or_null("number", "Emissivity of what is there; null = that of the array")),
    ]);
    let delta = object(&[
        ("id", label()),
        ("name", text("What people call it; may be empty")),
        ("of", side()),
        ("minus", side()),
    ]);
    object(&[("regions", list(&region)), ("deltas", list(&delta))])
}

fn label() -> Value {
    text("The letter of its kind and a number: S1, B2, C1, P1, L1, M1 for a mask, D1 for a delta")
}

fn shape() -> Value {
    json!({
        "type": "object",
        "description": "In the sensor's own order, columns from the left and rows from the top, from 0",
        "examples": [
            { "spot": { "row": 3, "col": 7 } },
            { "box": { "top": 0, "left": 0, "bottom": 2, "right": 5 } },
            { "circle": { "centre": { "x": 8.5, "y": 4.0 }, "radius": 2.5 } },
            { "polygon": [{ "x": 0.0, "y": 0.0 }, { "x": 4.0, "y": 0.0 }, { "x": 0.0, "y": 4.0 }] },
            { "line": { "from": { "row": 0, "col": 0 }, "to": { "row": 5, "col": 9 } } },
        ],
    })
}

pub(super) fn bookmark() -> Value {
    object(&[
        ("id", slug()),
        ("name", text("What is there; may be empty")),
        ("at", time("When")),
        ("by", text("Who made it")),
    ])
}

/// A bookmark as an import takes it.
pub(super) fn exported_bookmark() -> Value {
    object(&[("at", time("When")), ("words", text("What is there; may be empty")), ("by", text("Who made it"))])
}
