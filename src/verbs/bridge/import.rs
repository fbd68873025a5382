//! `hearthlight bridge import`: a configuration folder of diyHue, taken over by the running instance.
//!
//! Invariant: with `--dry-run` nothing is asked of the running instance but how it is.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use hearthlight::cli::Common;
use hearthlight::io::certificate::Certificate;
use hearthlight::model::bridge::Bridge;
use hearthlight::model::lights::connection::Reach;
use hearthlight::model::lights::group::GroupId;
use hearthlight::model::lights::scene::SceneId;
use hearthlight::model::lights::{self, Lights};
use hearthlight::model::message;
use hearthlight::settings::import::diyhue::bind::{Bound, bind, connections};
use hearthlight::settings::import::diyhue::house::House;
use hearthlight::settings::import::diyhue::plan::{self, Placed};
use hearthlight::settings::import::diyhue::read::{self, CERTIFICATE, FILES, MAX_BYTES};
use reqwest::Method;
use serde_json::{Value, json};

use crate::verbs::running::Running;

/// How long new connections may take to answer.
const ANSWERS: Duration = Duration::from_secs(20);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(300);

/// What came of it: what was taken over, and what was not.
struct Told {
    taken: Vec<String>,
    left: Vec<String>,
}

/// Takes a folder over, or tells what that would do. Returns the answer as JSON and in words.
pub(super) fn run(common: &Common, folder: &Path, dry_run: bool) -> anyhow::Result<(Value, String)> {
    let mut house = read(folder)?;
    check_certificate(&mut house);
    let told = if dry_run {
        // It need not run for that; if it does, it is told which lights are there already.
        let (lights, _) = Running::find(common).ok().map(|running| view(&running)).transpose()?.unwrap_or_default();
        let bound = bind(&house, &lights);
        Told { taken: plan::preview(&house, &bound, &lights), left: bound.missing }
    } else {
        carry_out(&Running::find(common)?, &house)?
    };
    let left: Vec<String> = told.left.into_iter().chain(house.left).collect();
    let answer = json!({ "taken": told.taken, "left": left, "done": !dry_run });
    Ok((answer, words(&told.taken, &left, dry_run)))
}

fn words(taken: &[String], left: &[String], dry_run: bool) -> String {
    let mut lines = vec![if dry_run { "It would take over:" } else { "Taken over:" }.to_owned()];
    lines.extend(taken.iter().map(|line| format!("  {line}")));
    if !left.is_empty() {
        lines.push("Left out:".to_owned());
        lines.extend(left.iter().map(|line| format!("  {line}")));
    }
    lines.push(if dry_run {
        "Nothing was changed. Say it again without --dry-run to import it.".to_owned()
    } else {
        "Stop diyHue now: two bridges of one number confuse every app. What was left out can be imported again later."
            .to_owned()
    });
    lines.join("\n")
}

fn read(folder: &Path) -> anyhow::Result<House> {
    let mut files = BTreeMap::new();
    for name in FILES.into_iter().chain([CERTIFICATE]) {
        let path = folder.join(name);
        match fs::metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Ok(meta) if meta.len() > MAX_BYTES => bail!("{} is too large to be diyHue's.", path.display()),
            _ => {}
        }
        let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        files.insert(name.to_owned(), text);
    }
    if !files.contains_key(FILES[0]) {
        bail!(
            "There is no {} in {}. Name the folder that diyHue keeps its configuration in.",
            FILES[0],
            folder.display()
        );
    }
    read::read(&files).map_err(anyhow::Error::msg)
}

/// A certificate that is no good would spoil the rest; without it a new one is made.
fn check_certificate(house: &mut House) {
    let Some(pem) = &house.certificate else {
        return house
            .left
            .push(format!("The certificate: there is no {CERTIFICATE}. A new one is made; apps may ask again."));
    };
    let why = match Certificate::read(pem.reveal()) {
        Ok(certificate) if certificate.is_of(house.identity.id.0) => return,
        Ok(_) => "it belongs to another bridge.".to_owned(),
        Err(why) => why,
    };
    house.certificate = None;
    house.left.push(format!("The certificate: {why} A new one is made; apps may ask again."));
}

/// What the running instance has.
fn view(running: &Running) -> anyhow::Result<(Lights, Bridge)> {
    let mut state: Value = running.ask(Method::GET, "/api/v1/state", None)?;
    let lights = serde_json::from_value(state["lights"].take()).context("Its lights are not understood")?;
    let bridge = serde_json::from_value(state["bridge"].take()).context("Its bridge is not understood")?;
    Ok((lights, bridge))
}

fn post(running: &Running, command: &Value) -> anyhow::Result<Option<String>> {
    let outcome: Value = running.ask(Method::POST, "/api/v1/commands", Some(command))?;
    Ok(outcome.pointer("/done/made").and_then(Value::as_str).map(str::to_owned))
}

fn post_lights(running: &Running, command: lights::Command) -> anyhow::Result<Option<String>> {
    post(running, &serde_json::to_value(message::Command::Lights(command))?)
}

fn carry_out(running: &Running, house: &House) -> anyhow::Result<Told> {
    let mut left = Vec::new();
    let mut identity = plan::identity(house).into_iter();
    if let Some(first) = identity.next() {
        post(running, &plan::posted(&first)?).context("The bridge's number and certificate were not taken over")?;
    }
    for import in identity {
        if let Err(why) = post(running, &plan::posted(&import)?) {
            left.extend(import.apps.iter().map(|(app, _, _)| format!("The key of {}: {why}", app.name)));
        }
    }
    let bound = connect(running, house, &mut left)?;
    let placed = place(running, house, &bound, &mut left)?;
    for import in plan::things(house, &bound, &placed) {
        if let Err(why) = post(running, &plan::posted(&import)?) {
            left.push(format!("Some of what apps call things: {why}"));
        }
    }
    let (lights, _) = view(running)?;
    left.splice(0..0, bound.missing.iter().cloned());
    Ok(Told { taken: plan::preview(house, &bound, &lights), left })
}

/// Connects what is not connected yet, and waits until it answers or does not.
fn connect(running: &Running, house: &House, left: &mut Vec<String>) -> anyhow::Result<Bound> {
    let (lights, _) = view(running)?;
    let wanted = connections(house, &lights, &bind(house, &lights));
    let any = !wanted.is_empty();
    for command in wanted {
        if let Err(why) = post_lights(running, command) {
            left.push(format!("A connection: {why}"));
        }
    }
    let begun = Instant::now();
    loop {
        let (lights, _) = view(running)?;
        let bound = bind(house, &lights);
        let starting = lights.connections.values().any(|known| known.reach == Reach::Starting);
        if bound.missing.is_empty() || !any || (!starting && begun.elapsed() > LOOK * 4) || begun.elapsed() >= ANSWERS {
            return Ok(bound);
        }
        std::thread::sleep(LOOK);
    }
}

/// Makes rooms, zones and scenes, or changes those that are there.
fn place(running: &Running, house: &House, bound: &Bound, left: &mut Vec<String>) -> anyhow::Result<Placed> {
    let mut placed = Placed::default();
    for group in &house.groups {
        let (lights, bridge) = view(running)?;
        let Some(command) = plan::group(group, bound, &lights, &bridge) else {
            left.push(format!("Group {} \"{}\": none of its lights is here.", group.number, group.name));
            continue;
        };
        let known = match &command {
            lights::Command::PutGroup { group, .. } => group.clone(),
            _ => None,
        };
        match post_lights(running, command) {
            Ok(made) => {
                let id = known.or(made.map(|made| GroupId(made.into())));
                placed.groups.extend(id.map(|id| (group.number.clone(), id)));
            }
            Err(why) => left.push(format!("Group {} \"{}\": {why}", group.number, group.name)),
        }
    }
    let (lights, bridge) = view(running)?;
    for scene in &house.scenes {
        let Some(command) = plan::scene(scene, bound, &placed, &lights, &bridge) else {
            left.push(format!("Scene {} \"{}\": its room or its lights are not here.", scene.number, scene.name));
            continue;
        };
        let known = match &command {
            lights::Command::PutScene { scene, .. } => scene.clone(),
            _ => None,
        };
        match post_lights(running, command) {
            Ok(made) => {
                let id = known.or(made.map(|made| SceneId(made.into())));
                placed.scenes.extend(id.map(|id| (scene.number.clone(), id)));
            }
            Err(why) => left.push(format!("Scene {} \"{}\": {why}", scene.number, scene.name)),
        }
    }
    Ok(placed)
}
