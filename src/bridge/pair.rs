//! Pairing: `POST /api`. An app that asks while the button is pressed gets a key.
//!
//! Invariant: there is no other way to a key, and the key is random: 40 letters and digits are 238 bits.

use std::io;
use std::sync::Arc;

use hyper::Method;
use serde_json::{Value, json};

use crate::bridge::face::Face;
use crate::bridge::request::{self, Answer};
use crate::model::bridge;
use crate::model::bridge::app::Secret;
use crate::model::message::{Command, Origin, Outcome};

/// Characters of a key.
const KEY: usize = 40;
/// Characters of the name that an app gives itself.
const MAX_NAME: usize = 40;

/// What an app asks for.
struct Wish {
    name: String,
    streams: bool,
}

/// Answers a request to `/api`.
pub async fn answer(face: &Face, method: &Method, body: &[u8]) -> Answer {
    if *method != Method::POST {
        return error(4, "/", &format!("method, {method}, not available for resource, /"));
    }
    match read(body) {
        Ok(wish) => pair(face, wish).await,
        Err(refusal) => refusal,
    }
}

/// What the body asks for.
fn read(body: &[u8]) -> Result<Wish, Answer> {
    let unreadable = || error(2, "/", "body contains invalid JSON");
    let Some(Value::Object(body)) = request::json(body) else { return Err(unreadable()) };
    if body.contains_key("username") {
        return Err(error(6, "/username", "parameter, username, not available"));
    }
    let invalid = |value: &Value, what: &str| {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let shown: String = shown.chars().take(80).collect();
        error(7, &format!("/{what}"), &format!("invalid value, {shown}, for parameter, {what}"))
    };
    let name = body.get("devicetype").ok_or_else(|| error(5, "/", "missing parameters in body"))?;
    let sound = |name: &&str| (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    let name = name.as_str().filter(sound).ok_or_else(|| invalid(name, "devicetype"))?.to_owned();
    let streams = match body.get("generateclientkey") {
        None => false,
        Some(Value::Bool(streams)) => *streams,
        Some(other) => return Err(invalid(other, "generateclientkey")),
    };
    Ok(Wish { name, streams })
}

async fn pair(face: &Face, Wish { name, streams }: Wish) -> Answer {
    if face.view().bridge.pressed.is_none() {
        return not_pressed();
    }
    let Ok((key, client_key)) = secrets(streams) else { return error(901, "/", "Internal error, 500") };
    let origin = Origin::Hue(name.as_str().into());
    let secret = |text: &String| Secret::new(text.as_str());
    let command = bridge::Command::Pair { name, key: secret(&key), client_key: client_key.as_ref().map(secret) };
    match face.port.call(Command::Bridge(command), origin).await {
        Outcome::Done { .. } => {
            let mut success = json!({ "username": key });
            if let Some(client_key) = client_key {
                success["clientkey"] = client_key.into();
            }
            Answer::ok(&json!([{ "success": success }]))
        }
        // The time may have run out since we looked.
        Outcome::Refused { .. } if face.view().bridge.pressed.is_none() => not_pressed(),
        Outcome::Refused { why } => Answer { refused: Some(why.into()), ..error(901, "/", "Internal error, 503") },
    }
}

fn not_pressed() -> Answer {
    error(101, "", "link button not pressed")
}

/// An error of version 1: the status is 200 all the same.
fn error(kind: u16, address: &str, description: &str) -> Answer {
    let body = json!([{ "error": { "type": kind, "address": address, "description": description } }]);
    Answer { refused: Some(Arc::from(description)), ..Answer::ok(&body) }
}

/// A key, and one for streaming.
fn secrets(streams: bool) -> io::Result<(String, Option<String>)> {
    let client_key = || {
        let mut bytes = [0; 16];
        fill(&mut bytes)?;
        Ok::<String, io::Error>(bytes.iter().map(|byte| format!("{byte:02X}")).collect())
    };
    Ok((key()?, if streams { Some(client_key()?) } else { None }))
}

fn key() -> io::Result<String> {
    const SIGNS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut key = String::with_capacity(KEY);
    while key.len() < KEY {
        let mut bytes = [0; 64];
        fill(&mut bytes)?;
        // 248 is four times 62: every sign is as likely as any other.
        let even = bytes.iter().filter(|byte| **byte < 248);
        let signs = even.filter_map(|byte| SIGNS.get(usize::from(*byte) % SIGNS.len())).map(|sign| char::from(*sign));
        key.extend(signs.take(KEY - key.len()));
    }
    Ok(key)
}

fn fill(bytes: &mut [u8]) -> io::Result<()> {
    getrandom::fill(bytes).map_err(|error| io::Error::other(error.to_string()))
}
