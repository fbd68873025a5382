//! What apps asked of the bridge, in words. Pure: visits in, sentences out.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::model::bridge::{Bridge, PAIRING_S};
use crate::port::visits::{Client, Visit};

/// Lines of a story, at most.
const MOST: usize = 60;

/// How a line stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It does not.
    Plain,
    /// Something was refused.
    Refused,
    /// An app was paired.
    Paired,
}

/// One line of the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When; of many the last.
    pub at: Timestamp,
    /// What happened.
    pub words: String,
    /// Who did it, and from where.
    pub who: Arc<str>,
    /// How it stands out.
    pub tone: Tone,
    /// How often it happened one after the other.
    pub times: usize,
}

/// What all clients asked, with presses of the button and new apps between, the newest last. What one asks again and
/// again is one line.
#[must_use]
pub fn story(clients: &[Client], bridge: &Bridge) -> Vec<Line> {
    let mut visits: Vec<(&Client, &Visit)> =
        clients.iter().flat_map(|client| client.visits.iter().map(move |visit| (client, visit))).collect();
    visits.sort_by_key(|(_, visit)| visit.at);
    let newest = visits.iter().skip(visits.len().saturating_sub(4 * MOST));
    let mut lines: Vec<Line> = newest.map(|(client, visit)| line(client, visit)).collect();
    lines.extend(bridge.pressed.as_ref().map(|pressed| Line {
        at: pressed.until.checked_sub(SignedDuration::from_secs(i64::from(PAIRING_S))).unwrap_or(pressed.until),
        words: format!("pressed the link button, {PAIRING_S}\u{a0}s"),
        who: Arc::clone(&pressed.by),
        tone: Tone::Plain,
        times: 1,
    }));
    // What was paired before all that is no part of the story.
    let first = lines.iter().map(|line| line.at).min();
    let apps = bridge.apps.values().filter(|app| first.is_some_and(|first| app.created >= first));
    lines.extend(apps.map(|app| Line {
        at: app.created,
        words: format!("paired as {}", app_name(&app.name).0),
        who: Arc::clone(&app.name),
        tone: Tone::Paired,
        times: 1,
    }));
    lines.sort_by_key(|line| line.at);
    let mut story: Vec<Line> = Vec::with_capacity(MOST);
    for line in lines {
        match story.last_mut() {
            Some(last) if last.words == line.words && last.who == line.who => {
                (last.at, last.times) = (line.at, last.times + 1);
            }
            _ => story.push(line),
        }
    }
    story.split_off(story.len().saturating_sub(MOST))
}

fn line(client: &Client, visit: &Visit) -> Line {
    let asked = asked(&visit.method, &visit.path);
    let words = match &visit.refused {
        Some(why) => format!("{asked}; told: {why}"),
        None => asked,
    };
    let tone = if visit.refused.is_some() { Tone::Refused } else { Tone::Plain };
    Line { at: visit.at, words, who: who(client).into(), tone, times: 1 }
}

/// Who a client is: its app, or what it calls itself, and its address.
#[must_use]
pub fn who(client: &Client) -> String {
    let name = client.app.as_ref().map(|app| app_name(app).0).or_else(|| client.agent.as_deref().map(short));
    name.map_or_else(|| client.address.to_string(), |name| format!("{name}, {}", client.address))
}

/// The program of a `User-Agent`, without its details.
fn short(agent: &str) -> &str {
    agent.split([' ', '(']).next().filter(|first| !first.is_empty()).unwrap_or(agent)
}

/// The application and the device of an app's name, `application#device`.
#[must_use]
pub fn app_name(name: &str) -> (&str, &str) {
    name.split_once('#').unwrap_or((name, ""))
}

/// What a request wanted.
#[must_use]
pub fn asked(method: &str, path: &str) -> String {
    match method {
        "M-SEARCH" => return "looked for a bridge by SSDP".to_owned(),
        "mDNS" => return "looked for a bridge by mDNS".to_owned(),
        _ => {}
    }
    let path = path.split('?').next().unwrap_or(path).trim_matches('/');
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let said = match parts.as_slice() {
        ["description.xml"] => Some("read who the bridge is".to_owned()),
        ["api"] if method == "POST" => Some("asked for a key".to_owned()),
        ["api", "config"] | ["api", "nouser" | "0" | "<key>", "config"] if method == "GET" => {
            Some("read name and version".to_owned())
        }
        ["api", _] | ["clip", "v2", "resource"] if method == "GET" => Some("read everything".to_owned()),
        ["api", _, rest @ ..] | ["clip", "v2", "resource", rest @ ..] => verb(method, rest),
        ["eventstream", ..] => Some("listens to what happens".to_owned()),
        ["auth", "v1"] => Some("asked for its own id".to_owned()),
        _ => None,
    };
    said.unwrap_or_else(|| format!("{method} /{path}"))
}

/// What is done with a kind of thing: `lights`, `groups/1/action`, `light/<uuid>`.
fn verb(method: &str, rest: &[&str]) -> Option<String> {
    let (kind, id) = (rest.first()?.replace('_', " "), rest.get(1));
    // Ids of version 2 say nothing to people.
    let number = id.filter(|id| id.len() <= 8).map(|id| format!(" {id}")).unwrap_or_default();
    let one = kind.strip_suffix('s').unwrap_or(&kind);
    let many = if kind.ends_with('s') { kind.clone() } else { format!("{kind}s") };
    Some(match (method, id) {
        ("GET", None) => format!("read {many}"),
        ("GET", Some(_)) => format!("read {one}{number}"),
        ("PUT", None) => format!("changed {kind}"),
        ("PUT", Some(_)) => format!("changed {one}{number}"),
        ("POST", None) => format!("made a new {one}"),
        ("POST", Some(_)) => format!("wrote {one}{number}"),
        ("DELETE", _) => format!("removed {one}{number}"),
        _ => return None,
    })
}
