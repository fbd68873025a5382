//! Yeelight's local protocol: announcements over UDP, and lines of JSON over TCP.
//!
//! ```text
//! HTTP/1.1 200 OK | NOTIFY * HTTP/1.1      {"id":1,"method":"set_rgb","params":[16711680,"smooth",500]}   ─▶
//! Location: yeelight://192.168.1.5:55443   {"id":1,"result":["ok"]}                                       ◀─
//! id: 0x000000000015243f  …                {"method":"props","params":{"power":"on"}}                     ◀─
//! ```
//!
//! Invariant: a line is at most [`MAX_LINE`] bytes; no bytes cause a panic.

use std::io::Write as _;
use std::net::SocketAddr;

use serde_json::Value;

use crate::wire::Error;

/// Where devices listen for commands, unless they say another port.
pub const PORT: u16 = 55_443;
/// Where devices listen for searches, and announce themselves.
pub const SEARCH_PORT: u16 = 1982;
/// The search; devices compare it as it stands.
pub const SEARCH: &[u8] =
    b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1982\r\nMAN: \"ssdp:discover\"\r\nST: wifi_bulb\r\n";
/// Bytes of one line, at most.
pub const MAX_LINE: usize = 16 * 1024;

/// How a device announces itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advert<'a> {
    /// Where it takes commands.
    pub location: SocketAddr,
    /// Its number, as it writes it: `0x000000000015243f`.
    pub id: &'a str,
    /// What it is: `color`, `mono`, `stripe`, `ceiling4`.
    pub model: &'a str,
    /// Its firmware.
    pub firmware: &'a str,
    /// The methods that it knows, with blanks between.
    pub support: &'a str,
    /// What a person called it; often empty.
    pub name: &'a str,
}

/// Reads an answer to a search, or an announcement.
///
/// # Errors
/// [`Error::Malformed`] if it is neither, or does not say where it is and which one.
pub fn decode_advert(bytes: &[u8]) -> Result<Advert<'_>, Error> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::Malformed { what: "text" })?;
    let mut lines = text.split("\r\n");
    let first = lines.next().unwrap_or_default();
    if !(first.starts_with("HTTP/1.1 200") || first.starts_with("NOTIFY ")) {
        return Err(Error::Unsupported);
    }
    let fields = || lines.clone().take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(':'));
    let field = |key: &str| {
        fields().find(|(known, _)| known.trim().eq_ignore_ascii_case(key)).map_or("", |(_, value)| value.trim())
    };
    let location = field("location").strip_prefix("yeelight://").and_then(|at| at.parse().ok());
    let location = location.ok_or(Error::Malformed { what: "location" })?;
    let id = field("id");
    if identity(id).is_none() {
        return Err(Error::Malformed { what: "id" });
    }
    let (model, firmware, support, name) = (field("model"), field("fw_ver"), field("support"), field("name"));
    Ok(Advert { location, id, model, firmware, support, name })
}

/// A device's number as lower case hex without its leading `0x`: 1 to 16 digits.
#[must_use]
pub fn identity(id: &str) -> Option<String> {
    let digits = id.trim().trim_start_matches("0x");
    let right = (1..=16).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    right.then(|| digits.to_ascii_lowercase())
}

/// One parameter of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param<'a> {
    /// A number.
    Int(i64),
    /// A word without anything that JSON escapes.
    Word(&'a str),
}

/// Appends a command as a line of its own.
pub fn encode_call(id: u32, method: &str, params: &[Param<'_>], out: &mut Vec<u8>) {
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{{\"id\":{id},\"method\":\"{method}\",\"params\":[");
    for (n, param) in params.iter().enumerate() {
        let comma = if n == 0 { "" } else { "," };
        let _ = match param {
            Param::Int(number) => write!(out, "{comma}{number}"),
            Param::Word(word) => write!(out, "{comma}\"{word}\""),
        };
    }
    out.extend(b"]}\r\n");
}

/// A command as a device reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Repeated in the answer.
    pub id: i64,
    /// What to do.
    pub method: String,
    /// With what.
    pub params: Vec<Value>,
}

/// Reads a command.
///
/// # Errors
/// [`Error::Malformed`] if it is none.
pub fn decode_call(line: &[u8]) -> Result<Call, Error> {
    let wrong = Error::Malformed { what: "command" };
    let mut value: Value = serde_json::from_slice(line).map_err(|_| wrong)?;
    let id = value.get("id").and_then(Value::as_i64).ok_or(wrong)?;
    let method = value.get("method").and_then(Value::as_str).ok_or(wrong)?.to_owned();
    let Some(Value::Array(params)) = value.get_mut("params").map(Value::take) else { return Err(wrong) };
    Ok(Call { id, method, params })
}

/// What a device says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To the command of that number: what it returns.
    Done(u32, Vec<String>),
    /// To the command of that number, or to none: it was not done, and why.
    Failed(Option<u32>, String),
    /// Properties changed: names and values.
    Props(Vec<(String, String)>),
}

/// Reads a line of a device.
///
/// # Errors
/// [`Error::Malformed`] if it is none.
pub fn decode_answer(line: &[u8]) -> Result<Answer, Error> {
    let value: Value = serde_json::from_slice(line).map_err(|_| Error::Malformed { what: "answer" })?;
    let id = value.get("id").and_then(Value::as_u64).and_then(|id| u32::try_from(id).ok());
    if let Some(error) = value.get("error") {
        let why = error.get("message").map_or_else(|| text(error), text);
        return Ok(Answer::Failed(id, why));
    }
    if let (Some(id), Some(Value::Array(results))) = (id, value.get("result")) {
        return Ok(Answer::Done(id, results.iter().map(text).collect()));
    }
    match (value.get("method").and_then(Value::as_str), value.get("params")) {
        (Some("props"), Some(Value::Object(props))) => {
            Ok(Answer::Props(props.iter().map(|(name, value)| (name.clone(), text(value))).collect()))
        }
        _ => Err(Error::Malformed { what: "answer" }),
    }
}

/// A value as text, without quotes.
#[must_use]
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Cuts a stream into lines.
#[derive(Debug, Default)]
pub struct Lines {
    held: Vec<u8>,
    /// Up to where it was handed out.
    taken: usize,
    /// The line is too long: all up to its end is left out.
    skips: bool,
}

impl Lines {
    /// Takes a piece of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        self.held.drain(..self.taken);
        self.taken = 0;
        self.held.extend(bytes);
    }

    /// The next whole line without its end; `None` if there is none yet. Empty lines are left out.
    ///
    /// # Errors
    /// [`Error::Malformed`] once for a line that is too long.
    pub fn next_line(&mut self) -> Result<Option<&[u8]>, Error> {
        loop {
            let rest = self.held.get(self.taken..).unwrap_or_default();
            let Some(end) = memchr::memchr(b'\n', rest) else {
                let was_long = rest.len() > MAX_LINE;
                if was_long || self.skips {
                    self.clear();
                    self.skips = true;
                }
                return if was_long { Err(Error::Malformed { what: "line" }) } else { Ok(None) };
            };
            let start = self.taken;
            self.taken += end + 1;
            if std::mem::take(&mut self.skips) || rest.get(..end).is_none_or(|line| line.trim_ascii().is_empty()) {
                continue;
            }
            return Ok(self.held.get(start..start + end).map(<[u8]>::trim_ascii));
        }
    }

    /// Forgets what it holds.
    pub fn clear(&mut self) {
        self.held.clear();
        (self.taken, self.skips) = (0, false);
    }
}
