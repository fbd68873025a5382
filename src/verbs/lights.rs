//! Lights of the running Hearthlight, through its local API.

mod families;
mod named;
pub(super) mod shown;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use hearthlight::cli::Common;
use hearthlight::cli::lights::{Connect, Lights, Set, Verb};
use hearthlight::model::lights::connection::Target;
use hearthlight::model::lights::{Command, LightId};
use hearthlight::model::message;
use reqwest::Method;
use serde_json::{Value, json};

use super::running::Running;
use named::House;

/// Between two looks at what comes by and by.
const LOOK: Duration = Duration::from_millis(300);
/// How long a new connection may take to answer.
const ANSWERS: Duration = Duration::from_secs(15);

/// Does what was asked, and answers in words or JSON.
pub fn run(common: &Common, wanted: &Lights) -> anyhow::Result<ExitCode> {
    let json = wanted.json;
    let said = match &wanted.verb {
        Verb::Families => families::list(json)?,
        Verb::List => listed(common, json, "lights", shown::lights)?,
        Verb::Rooms => listed(common, json, "groups", shown::groups)?,
        Verb::Scene { scene: None } => listed(common, json, "scenes", shown::scenes)?,
        Verb::Scene { scene: Some(scene) } => recall(&Running::find(common)?, json, scene)?,
        Verb::Set(wanted) => set(&Running::find(common)?, json, wanted)?,
        Verb::Identify { light } => identify(&Running::find(common)?, json, light)?,
        Verb::Search { seconds, sweep } => {
            search(&Running::find(common)?, json, Duration::from_secs(seconds.get().into()), sweep)?
        }
        Verb::Connect(wanted) => connect(&Running::find(common)?, json, wanted)?,
    };
    say(&said);
    Ok(ExitCode::SUCCESS)
}

/// Tells the person. Whoever reads along may have had enough.
fn say(text: &str) {
    drop(writeln!(std::io::stdout(), "{}", text.trim_end()));
}

fn list(running: &Running, name: &str) -> anyhow::Result<Vec<Value>> {
    running.ask(Method::GET, &format!("/api/v1/{name}"), None)
}

fn listed(common: &Common, json: bool, name: &str, words: fn(&[Value]) -> String) -> anyhow::Result<String> {
    let all = list(&Running::find(common)?, name)?;
    if json { Ok(serde_json::to_string_pretty(&all)?) } else { Ok(words(&all)) }
}

fn do_it(running: &Running, command: Command) -> anyhow::Result<Value> {
    let command = serde_json::to_value(message::Command::Lights(command))?;
    running.ask(Method::POST, "/api/v1/commands", Some(&command))
}

/// The outcome as it came, or words for it.
fn told(json: bool, outcome: &Value, words: String) -> String {
    if json { outcome.to_string() } else { words }
}

fn set(running: &Running, json: bool, wanted: &Set) -> anyhow::Result<String> {
    let change = wanted.change();
    if change.is_empty() {
        bail!("There is nothing to change. Say what: --on, --off, --brightness, --color, --kelvin or --effect.");
    }
    let house = House { lights: list(running, "lights")?, groups: list(running, "groups")? };
    let aims = wanted.which.iter().map(|name| house.aim(name)).collect::<anyhow::Result<_>>()?;
    let outcome = do_it(running, Command::Set { aims, change })?;
    Ok(told(json, &outcome, format!("Changed {}.", wanted.which.join(", "))))
}

fn recall(running: &Running, json: bool, name: &str) -> anyhow::Result<String> {
    let scenes = list(running, "scenes")?;
    let scene = named::one_of(&scenes, name, "scene", "lights scene")?;
    let (id, title) = (named::text(scene, "id"), named::text(scene, "name"));
    let outcome: Value = running.ask(Method::POST, &format!("/api/v1/scenes/{id}/recall"), None)?;
    Ok(told(json, &outcome, format!("{title} is shown.")))
}

fn identify(running: &Running, json: bool, name: &str) -> anyhow::Result<String> {
    let lights = list(running, "lights")?;
    let light = named::one_of(&lights, name, "light", "lights list")?;
    let outcome = do_it(running, Command::Identify(LightId(named::text(light, "id").into())))?;
    Ok(told(json, &outcome, format!("{} makes itself known.", named::text(light, "name"))))
}

/// Looks for so long, and lists what was found.
fn search(running: &Running, json: bool, time: Duration, sweep: &[String]) -> anyhow::Result<String> {
    let networks: Vec<&String> = sweep.iter().filter(|network| *network != "own").collect();
    let hunt = if sweep.is_empty() { json!({ "on": true }) } else { json!({ "sweep": networks }) };
    let _: Value = running.ask(Method::POST, "/api/v1/search", Some(&hunt))?;
    std::thread::sleep(time);
    let found = list(running, "findings")?;
    let _: Value = running.ask(Method::POST, "/api/v1/search", Some(&json!({ "on": false })))?;
    if json { Ok(serde_json::to_string_pretty(&found)?) } else { Ok(shown::findings(&found)) }
}

fn connect(running: &Running, json: bool, wanted: &Connect) -> anyhow::Result<String> {
    let target = target(running, wanted)?;
    let mut secrets = BTreeMap::new();
    for key in &wanted.secrets {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).context("Standard input cannot be read")?;
        secrets.insert(key.clone(), line.trim_end_matches(['\r', '\n']).to_owned());
    }
    do_it(running, Command::Connect { target: target.clone(), secrets })?;
    let known = answered(running, &target)?;
    if json { Ok(serde_json::to_string_pretty(&known)?) } else { Ok(shown::connected(&known)) }
}

/// Where it is: as the flags say, or as discovery found it.
fn target(running: &Running, wanted: &Connect) -> anyhow::Result<Target> {
    let mut target = match (&wanted.found, &wanted.family, &wanted.address) {
        (Some(found), ..) => {
            let findings = list(running, "findings")?;
            let finding = named::found(&findings, found)?;
            let options = serde_json::from_value(finding["options"].clone()).unwrap_or_default();
            let text = |key| named::text(finding, key).into();
            Target { family: text("family"), address: text("address"), options }
        }
        (None, Some(family), Some(address)) => {
            let known = families::known(family)?;
            Target { family: known.into(), address: address.as_str().into(), options: BTreeMap::new() }
        }
        _ => bail!("Say what to connect: something that lights search lists, or --family and --address."),
    };
    let options = wanted.options.iter().map(|(key, value)| (key.as_str().into(), value.as_str().into()));
    target.options.extend(options);
    Ok(target)
}

/// The connection, once it answers, or does not.
fn answered(running: &Running, target: &Target) -> anyhow::Result<Value> {
    let start = Instant::now();
    loop {
        let known = list(running, "connections")?.into_iter().find(|known| {
            named::text(known, "family") == &*target.family && named::text(known, "address") == &*target.address
        });
        match known {
            Some(known) if known["reach"] != "starting" || start.elapsed() >= ANSWERS => return Ok(known),
            None if start.elapsed() >= ANSWERS => {
                bail!("It was taken, but no connection to {} is listed. Look at System in the window.", target.address)
            }
            _ => std::thread::sleep(LOOK),
        }
    }
}
