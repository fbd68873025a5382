//! Files in, files out, through the local API of the running Hearthlight: import, export.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use hearthlight::cli::Common;
use hearthlight::io::files;
use hearthlight::model::export::Export;
use hearthlight::model::system::ImportPreview;
use reqwest::Method;
use serde_json::json;

use super::running::Running;

/// Tells what a file would change, and with `yes` changes it.
pub fn import(common: &Common, file: &Path, yes: bool) -> anyhow::Result<ExitCode> {
    let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
    let running = Running::find(common)?;
    let body = json!({ "name": name, "text": text, "apply": yes });
    let preview: ImportPreview = running.ask(Method::POST, "/api/v1/import", Some(&body))?;
    say(&told(&preview, yes));
    Ok(ExitCode::SUCCESS)
}

/// Tells the person. Whoever reads along may have had enough.
fn say(text: &str) {
    drop(writeln!(std::io::stdout(), "{text}"));
}

fn told(preview: &ImportPreview, yes: bool) -> String {
    let ImportPreview { kind, changes, warnings } = preview;
    let mut lines = vec![format!("This is {kind}.")];
    lines.push(match (changes.is_empty(), yes) {
        (true, _) => "There is nothing to change: all of it is so already.".to_owned(),
        (false, true) => "Changed:".to_owned(),
        (false, false) => "It would change:".to_owned(),
    });
    lines.extend(changes.iter().map(|change| format!("  {change}")));
    if !warnings.is_empty() {
        lines.push("Look after this yourself:".to_owned());
        lines.extend(warnings.iter().map(|warning| format!("  {warning}")));
    }
    if !yes && !changes.is_empty() {
        lines.push("Nothing was changed. Say it again with --yes to import it.".to_owned());
    }
    lines.join("\n")
}

/// Writes the devices into a file, in the form that its ending says.
pub fn export_devices(common: &Common, file: &Path) -> anyhow::Result<ExitCode> {
    let ending = file.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
    if !matches!(ending.as_str(), "json" | "csv") {
        bail!("{}: the ending says in which form to write it. Name it .json or .csv", file.display());
    }
    let export: Export = Running::find(common)?.ask(Method::GET, "/api/v1/registry", None)?;
    let text = match ending.as_str() {
        "csv" => export.devices_csv(),
        _ => serde_json::to_string_pretty(&export)? + "\n",
    };
    files::replace(file, text.as_bytes()).with_context(|| format!("{} cannot be written", file.display()))?;
    let devices = match export.devices.len() {
        1 => "One device was".to_owned(),
        n => format!("{n} devices were"),
    };
    say(&format!("{devices} written to {}.", file.display()));
    Ok(ExitCode::SUCCESS)
}
