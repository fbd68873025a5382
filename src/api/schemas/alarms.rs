//! Alarms, rules and the journal.

use serde_json::{Value, json};

use crate::api::schemas::{count, described, list, number, object, one_of, or_null, slug, text, time, truth};
use crate::model::alarms::journal::What;

fn level() -> Value {
    one_of(&["notice", "warning", "danger"])
}

/// A value, or null.
fn optional(kind: &Value) -> Value {
    match kind["enum"].as_array() {
        Some(words) => json!({ "enum": words.iter().cloned().chain([Value::Null]).collect::<Vec<_>>() }),
        None => {
            let mut kind = kind.clone();
            kind["type"] = json!([kind["type"], "null"]);
            kind
        }
    }
}

pub(super) fn alarm() -> Value {
    let action = object(&[
        ("what", text("What was done")),
        ("at", time("When")),
        ("refused", or_null("string", "Why it was refused, if it was")),
        ("undone", truth("It was taken back")),
    ]);
    object(&[
        ("id", slug()),
        ("name", text("The rule's name")),
        ("rule", slug()),
        ("device", slug()),
        ("location", text("Where")),
        ("level", level()),
        ("state", one_of(&["unacknowledged", "acknowledged", "cleared"])),
        ("test", truth("It is a test")),
        ("latched", truth("It stays until acknowledged")),
        ("shelved_until", or_null("string", "Silenced until then")),
        ("raised", time("When it was raised")),
        ("changed", time("When it last became worse, was cleared or acknowledged")),
        ("over", or_null("string", "When its condition was over, if it is")),
        ("acknowledged_by", or_null("string", "Who took note")),
        ("acknowledged_at", or_null("string", "When")),
        ("confidence", number("How sure the rule is, 0 to 1")),
        ("crossings", count("How often it crossed its threshold since it was raised")),
        ("reasons", described(list(&reason()), "The worst first")),
        ("actions", list(&action)),
    ])
}

fn reason() -> Value {
    object(&[
        ("name", text("The source's name")),
        ("device", slug()),
        ("level", level()),
        ("on", truth("It is on now")),
        ("stale", truth("Nothing came from its source for too long")),
        ("value", number("The worst value so far, in its unit")),
        ("threshold", number("In the same unit")),
        ("unit", text("C, K, K/min, %, points, s, cells or empty")),
        ("since", time("When it came on")),
        ("age_s", number("Seconds since then; in the journal, at the time of the entry")),
        ("cell", described(optional(&list(&count("Row and column"))), "Where in the picture")),
    ])
}

pub(super) fn rule() -> Value {
    let patch = described(
        optional(&object(&[
            ("top", count("First row")),
            ("left", count("First column")),
            ("bottom", count("Last row")),
            ("right", count("Last column")),
        ])),
        "Cells of the picture, borders included; null = all of it",
    );
    let kinds = &["hottest", "hot_cells", "rise", "difference", "unusual", "channel", "above_rest", "silent"];
    let input = object(&[
        ("kind", one_of(kinds)),
        ("key", or_null("string", "The channel's key on the wire")),
        ("unit", text("Of value, threshold and hysteresis")),
        ("at_least", or_null("number", "Cells count from this temperature on, C")),
        ("area", patch.clone()),
        ("against", patch),
    ]);
    let source = object(&[
        ("name", text("What people call it")),
        ("enabled", truth("It counts")),
        ("input", input),
        ("compare", one_of(&["at_least", "at_most"])),
        ("threshold", number("In the unit of its input")),
        ("hysteresis", number("How far back over the threshold it must come to be off again")),
        ("hold_readings", count("So many readings in a row ...")),
        ("hold_on_s", number("... and so long the condition must hold, s")),
        ("hold_off_s", number("So long it must be over, s")),
        ("weight", number("How sure it makes us, 0 to 1")),
        ("alone", truth("It raises the alarm by itself")),
        ("level", level()),
    ]);
    object(&[
        ("id", slug()),
        ("name", text("What people call it")),
        ("enabled", truth("It is watched")),
        ("devices", described(optional(&list(&slug())), "Where it holds; null = everywhere")),
        ("min_sources", count("So many sources that may not alarm alone must be on together")),
        ("together", level()),
        ("confidence", one_of(&["independent", "sum"])),
        ("latch", one_of(&["never", "danger", "always"])),
        ("note", text("Of whoever wrote it")),
        ("actions", count("Commands that it runs")),
        ("sources", list(&source)),
    ])
}

/// The fields of an entry without its picture.
fn entry_fields() -> Vec<(&'static str, Value)> {
    let kinds: Vec<&str> = What::ALL.iter().map(|what| what.label()).collect();
    vec![
        ("seq", count("Its number; counts up over all runs")),
        ("at", time("When")),
        ("what", one_of(&kinds)),
        ("alarm", or_null("string", "Id of the alarm")),
        ("rule", or_null("string", "Id of the rule")),
        ("device", or_null("string", "Id of the device")),
        ("location", or_null("string", "Where")),
        ("level", optional(&level())),
        ("by", text("Who did it")),
        ("test", truth("It is about a test")),
        ("text", text("One sentence")),
        ("reasons", list(&reason())),
    ]
}

pub(super) fn page() -> Value {
    object(&[
        ("entries", described(list(&object(&entry_fields())), "The newest first")),
        ("more", truth("There are older ones")),
    ])
}

pub(super) fn entry_with_picture() -> Value {
    let still = object(&[
        ("rows", count("Rows")),
        ("cols", count("Columns")),
        ("celsius", described(list(&or_null("number", "Temperature of a cell, C")), "Row-major")),
    ]);
    let mut fields = entry_fields();
    fields.push(("still", described(optional(&still), "The picture at that time")));
    object(&fields)
}
