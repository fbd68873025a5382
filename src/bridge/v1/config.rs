//! `/config`: the bridge itself, and whose keys it knows.

use hyper::Method;
use ipnet::Ipv4Net;
use serde_json::{Map, Value, json};

use crate::bridge::about;
use crate::bridge::v1::ask::{Ask, Reply, Written};
use crate::bridge::v1::body::Field;
use crate::bridge::v1::error::{Error, What};
use crate::bridge::v1::time;
use crate::model::bridge::Command;
use crate::model::lights::Command as LightsCommand;
use crate::model::message::Command as Any;

/// The radio channel that a bridge without a radio says it has.
const CHANNEL: u8 = 25;
/// Members that can be read only, beside those of the short config.
const READ_ONLY: [&str; 24] = [
    "datastoreversion",
    "swversion",
    "apiversion",
    "mac",
    "bridgeid",
    "factorynew",
    "replacesbridgeid",
    "modelid",
    "starterkitid",
    "ipaddress",
    "netmask",
    "gateway",
    "proxyaddress",
    "proxyport",
    "UTC",
    "localtime",
    "zigbeechannel",
    "portalservices",
    "portalconnection",
    "portalstate",
    "internetservices",
    "backup",
    "whitelist",
    "swupdate",
];

/// Answers a request; `rest` is the path behind `/config`.
///
/// # Errors
/// What is wrong with the whole of it.
pub fn reply(ask: &Ask<'_>, rest: &[&str]) -> Result<Reply, Error> {
    match (ask.method, rest) {
        (&Method::GET, []) => Ok(Reply::Shows(value(ask))),
        (&Method::PUT, []) => put(ask),
        (&Method::GET, ["whitelist"]) => Ok(Reply::Shows(whitelist(ask))),
        (method, ["whitelist", key]) => {
            let whose = ask.ring.find(key).ok_or_else(|| ask.not_available())?;
            match method {
                &Method::GET => Ok(Reply::Shows(whitelist(ask)[key].clone())),
                &Method::DELETE => Ok(Reply::deleted(ask, Any::Bridge(Command::Revoke(whose.app.clone())))),
                _ => Err(ask.wrong_method()),
            }
        }
        (_, [] | ["whitelist"]) => Err(ask.wrong_method()),
        _ => Err(ask.not_available()),
    }
}

/// All of it: what everybody may read, and the rest.
#[must_use]
pub fn value(ask: &Ask<'_>) -> Value {
    let identity = &ask.view.bridge.identity;
    let network = ask.network.unwrap_or_default();
    let zone = time::zone(ask.view);
    let more = json!({
        "zigbeechannel": CHANNEL,
        "dhcp": true,
        "ipaddress": network.addr(),
        "netmask": network.netmask(),
        "gateway": gateway(network),
        "proxyaddress": "none",
        "proxyport": 0,
        "UTC": time::utc(ask.now),
        "localtime": time::local(ask.now, &zone),
        "timezone": identity.zone,
        "linkbutton": ask.view.bridge.pressed.as_ref().is_some_and(|pressed| pressed.until > ask.now),
        "touchlink": false,
        "portalservices": false,
        "portalconnection": "disconnected",
        "portalstate": {"signedon": false, "incoming": false, "outgoing": false, "communication": "disconnected"},
        "internetservices": {
            "internet": "disconnected",
            "remoteaccess": "disconnected",
            "time": "disconnected",
            "swupdate": "disconnected",
        },
        "swupdate2": {
            "checkforupdate": false,
            "lastchange": "2026-01-01T00:00:00",
            "bridge": {"state": "noupdates", "lastinstall": "2026-01-01T00:00:00"},
            "state": "noupdates",
            "autoinstall": {"updatetime": "T14:00:00", "on": false},
        },
        "backup": {"status": "idle", "errorcode": 0},
        "whitelist": whitelist(ask),
    });
    let mut value = about::short_config(identity);
    if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
        value.extend(more);
    }
    value
}

/// The first address of our network: where a router is, as a rule.
fn gateway(network: Ipv4Net) -> Value {
    json!(network.hosts().next().unwrap_or_else(|| network.addr()))
}

fn whitelist(ask: &Ask<'_>) -> Value {
    let keys = ask.ring.all().map(|key| {
        let entry = json!({
            "last use date": time::utc(key.used().unwrap_or(key.created)),
            "create date": time::utc(key.created),
            "name": key.name,
        });
        (key.key.to_string(), entry)
    });
    Value::Object(keys.collect::<Map<_, _>>())
}

fn put(ask: &Ask<'_>) -> Result<Reply, Error> {
    let (members, mut written, mut commands) = (ask.members()?, Written::default(), Vec::new());
    written.each(&members, &ask.at(), |field| {
        commands.extend(command(field)?);
        Ok(())
    });
    written.commands = commands;
    Ok(Reply::Writes(written))
}

fn command(field: &Field<'_>) -> Result<Option<Any>, Error> {
    let bridge = |command| Ok(Some(Any::Bridge(command)));
    match field.name {
        "name" => bridge(Command::Rename(field.text(4..=32)?.to_owned())),
        "timezone" => {
            let name = field.text(1..=64)?;
            let known = jiff::tz::TimeZone::get(name).is_ok();
            if known { bridge(Command::SetZone(name.to_owned())) } else { Err(field.invalid()) }
        }
        "linkbutton" => bridge(if field.flag()? { Command::Press } else { Command::Unpress }),
        // Looking for lights that are near is all that it asks for.
        "touchlink" => Ok(field.flag()?.then_some(Any::Lights(LightsCommand::Search(true)))),
        "dhcp" if field.flag()? => Ok(None),
        "dhcp" => Err(Error::new(field.address(), What::Dhcp)),
        // Updates come with Hearthlight's own packages: there is never one to look for here.
        "swupdate2" => field.object().map(|_| None),
        name if READ_ONLY.contains(&name) => Err(field.read_only()),
        _ => Err(field.unknown()),
    }
}
