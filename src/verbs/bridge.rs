//! `hearthlight bridge`: the button and the apps of the running instance's Hue bridge, and what another one had.

mod import;

use std::process::ExitCode;

use anyhow::bail;
use hearthlight::cli::Common;
use hearthlight::cli::bridge::{Bridge, Verb};
use reqwest::Method;
use serde_json::Value;

use super::lights::shown::table;
use super::running::Running;

/// Does what was asked, and answers in words or JSON.
pub fn run(common: &Common, wanted: &Bridge) -> anyhow::Result<ExitCode> {
    let running = || Running::find(common);
    let (answer, words) = match &wanted.verb {
        Verb::Press => press(&running()?)?,
        Verb::Status => status(&running()?)?,
        Verb::Apps => apps(&running()?)?,
        Verb::Revoke { app } => revoke(&running()?, app)?,
        Verb::Import { folder, dry_run } => import::run(common, folder, *dry_run)?,
    };
    let said = if wanted.json { serde_json::to_string_pretty(&answer)? } else { words };
    println!("{}", said.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// An answer, and words for it.
type Said = anyhow::Result<(Value, String)>;

fn bridge(running: &Running) -> anyhow::Result<Value> {
    running.ask(Method::GET, "/api/v1/bridge", None)
}

fn press(running: &Running) -> Said {
    let _: Value = running.ask(Method::POST, "/api/v1/bridge/link-button", None)?;
    let bridge = bridge(running)?;
    let words = format!("The button is pressed. Apps that ask until {} are given a key.", text(&bridge, "open_until"));
    Ok((bridge, words))
}

fn status(running: &Running) -> Said {
    let bridge = bridge(running)?;
    let or = |key, or: &str| bridge[key].as_str().unwrap_or(or).to_owned();
    let n_apps = bridge["apps"].as_array().map_or(0, Vec::len);
    let button = match bridge["open_until"].as_str() {
        Some(until) => format!("pressed by {}, until {until}", text(&bridge, "pressed_by")),
        None => "not pressed".to_owned(),
    };
    let rows = [
        ("Name", or("name", "")),
        ("Number", or("id", "")),
        ("HTTP", or("http", "closed")),
        ("HTTPS", or("https", "closed")),
        ("Versions", format!("API {}, software {}", text(&bridge, "api_version"), text(&bridge, "sw_version"))),
        ("Time zone", or("zone", "")),
        ("Button", button),
        ("Apps", n_apps.to_string()),
    ];
    let words = table(&rows.map(|(what, value)| vec![what.to_owned(), value]));
    Ok((bridge, words))
}

fn apps(running: &Running) -> Said {
    let mut bridge = bridge(running)?;
    let apps = bridge["apps"].take();
    let rows: Vec<Vec<String>> = list(&apps)
        .iter()
        .map(|app| {
            let used = app["used"].as_str().map_or_else(|| "never used".to_owned(), |used| format!("used {used}"));
            vec![text(app, "name").to_owned(), text(app, "id").to_owned(), used]
        })
        .collect();
    let words = if rows.is_empty() {
        "No app holds a key. hearthlight bridge press lets one in.".to_owned()
    } else {
        table(&rows)
    };
    Ok((apps, words))
}

fn revoke(running: &Running, wanted: &str) -> Said {
    let bridge = bridge(running)?;
    let apps = list(&bridge["apps"]);
    let named: Vec<&Value> =
        apps.iter().filter(|app| text(app, "id") == wanted || text(app, "name") == wanted).collect();
    let app = match named.as_slice() {
        [app] => *app,
        [] => bail!("No app is called {wanted}. hearthlight bridge apps lists those that hold a key."),
        _ => bail!("Several apps are called {wanted}. Say the id of one; hearthlight bridge apps lists them."),
    };
    let outcome = running.ask(Method::DELETE, &format!("/api/v1/bridge/apps/{}", text(app, "id")), None)?;
    Ok((outcome, format!("{} holds no key any more.", text(app, "name"))))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}
