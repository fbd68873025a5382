//! Version 1 of the API, over a house whose lights are decided on by the real service.

mod errors;
mod groups;
mod large;
mod lights;
mod malformed;
mod others;
mod rules;
mod scenes;
mod schedules;
mod sensors;

use serde_json::{Value, json};

/// The numbers of the errors in an answer, and what they are about, in order; 0 for a success.
fn outcome(answer: &Value) -> Vec<(u64, String)> {
    let entries = answer.as_array().expect("a list of entries");
    let entry = |entry: &Value| match (entry.get("success"), entry.get("error")) {
        (Some(Value::Object(done)), None) => (0, done.keys().next().cloned().expect("an address")),
        (Some(Value::String(done)), None) => (0, done.clone()),
        (None, Some(error)) => {
            let (number, address) = (error["type"].as_u64(), error["address"].as_str());
            assert!(error["description"].is_string(), "{error}");
            (number.expect("a number"), address.expect("an address").to_owned())
        }
        _ => panic!("neither success nor error: {entry}"),
    };
    entries.iter().map(entry).collect()
}

/// What an answer that is one error says.
fn error(answer: &Value) -> (u64, &str, &str) {
    let [entry] = answer.as_array().map(Vec::as_slice).expect("a list") else { panic!("one entry: {answer}") };
    let error = &entry["error"];
    let text = |name: &str| error[name].as_str().expect("a text");
    (error["type"].as_u64().expect("a number"), text("address"), text("description"))
}

/// The id that an answer gives to what was made.
fn made(answer: &Value) -> String {
    answer[0]["success"]["id"].as_str().unwrap_or_else(|| panic!("nothing was made: {answer}")).to_owned()
}

fn done(address: &str, value: &Value) -> Value {
    json!([{"success": {address: value}}])
}
