//! Reports, pictures and charts, written by the running Hearthlight.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use hearthlight::cli::{ChartForm, Common, PictureForm, Report};
use hearthlight::model::exports::{self, Export, Look};
use hearthlight::model::sensors::DeviceId;
use hearthlight::units::grid::Mounting;
use hearthlight::units::temperature::Scale;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::running::Running;

/// Between two looks at a job.
const LOOK: Duration = Duration::from_millis(150);

/// A job, as the API serves it.
#[derive(Deserialize)]
struct Job {
    id: String,
    standing: String,
    path: Option<PathBuf>,
    why: Option<String>,
}

/// Has a report written, waits for it, and tells where it is.
pub fn write(common: &Common, report: &Report) -> anyhow::Result<ExitCode> {
    let running = Running::find(common)?;
    let (export, to) = match report {
        Report::Incident { which, to } => (incident(&running, which)?, to),
        Report::Snapshot { device, form, at, to } => (snapshot(&running, device, *form, *at, to.as_deref())?, to),
        Report::History { channels, from, to, form, file } => {
            (history(&running, channels, (*from, *to), *form, file.as_deref())?, file)
        }
    };
    let written = done(&running, &export)?;
    let place = match to {
        Some(to) => {
            moved(&written, to)
                .with_context(|| format!("{} cannot be written; the report is {}", to.display(), written.display()))?;
            to
        }
        None => &written,
    };
    drop(writeln!(std::io::stdout(), "{}", place.display()));
    Ok(ExitCode::SUCCESS)
}

/// Waits until the job is over. Returns its file.
fn done(running: &Running, export: &Export) -> anyhow::Result<PathBuf> {
    let mut job: Job = running.ask(Method::POST, "/api/v1/exports", Some(&serde_json::to_value(export)?))?;
    let path = format!("/api/v1/exports/{}", job.id);
    while job.standing == "running" {
        std::thread::sleep(LOOK);
        job = running.ask(Method::GET, &path, None)?;
    }
    match (job.path, job.why) {
        (Some(path), _) => Ok(path),
        (None, Some(why)) => bail!("{why}"),
        (None, None) => bail!("Somebody cancelled it."),
    }
}

/// Moves a file, also from one disk to another.
fn moved(from: &Path, to: &Path) -> std::io::Result<()> {
    if fs::rename(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to)?;
    fs::remove_file(from)
}

fn incident(running: &Running, which: &str) -> anyhow::Result<Export> {
    let entry = match which.parse() {
        Ok(entry) => entry,
        Err(_) => last_raised(running, which)?,
    };
    Ok(Export::Incident { entry, scale: scale(running)? })
}

/// The entry that raised an alarm the last time.
fn last_raised(running: &Running, alarm: &str) -> anyhow::Result<u64> {
    let mut before = String::new();
    loop {
        let page: Value =
            running.ask(Method::GET, &format!("/api/v1/journal?what=raised,tested&limit=1000{before}"), None)?;
        let entries = page["entries"].as_array().map(Vec::as_slice).unwrap_or_default();
        if let Some(seq) = entries.iter().find(|entry| entry["alarm"] == alarm).and_then(|entry| entry["seq"].as_u64())
        {
            return Ok(seq);
        }
        let last = entries.last().and_then(|entry| entry["seq"].as_u64());
        let Some(last) = last.filter(|_| page["more"] == true) else {
            bail!("The journal has no alarm {alarm}. GET /api/v1/journal lists what it has.")
        };
        before = format!("&before={last}");
    }
}

/// A setting's value.
fn setting(running: &Running, key: &str) -> anyhow::Result<String> {
    let all: Vec<Value> = running.ask(Method::GET, "/api/v1/settings", None)?;
    let line = all.iter().find(|line| line["key"] == key);
    Ok(line.and_then(|line| line["value"].as_str()).unwrap_or_default().to_owned())
}

fn scale(running: &Running) -> anyhow::Result<Scale> {
    Ok(serde_json::from_value(json!(setting(running, "window.units")?)).unwrap_or_default())
}

/// As the window shows it.
fn snapshot(
    running: &Running,
    device: &str,
    form: Option<PictureForm>,
    at: Option<Timestamp>,
    to: Option<&Path>,
) -> anyhow::Result<Export> {
    let array: Value = running.ask(Method::GET, &format!("/api/v1/thermal/{device}"), None)?;
    let mounting: Mounting = serde_json::from_value(array["mounting"].clone()).unwrap_or_default();
    let look = Look {
        palette: setting(running, "window.palette")?.into(),
        smooth: setting(running, "window.smooth")? == "true",
        colours: exports::Colours::Heat,
        span: None,
        isotherm: None,
        mounting,
        scale: scale(running)?,
    };
    let form = match form_of(form, to, PictureForm::Png)? {
        PictureForm::Csv => exports::PictureForm::Csv,
        PictureForm::Json => exports::PictureForm::Json,
        PictureForm::Png => exports::PictureForm::Png,
    };
    Ok(Export::Snapshot { device: DeviceId(device.into()), at, form, look })
}

fn history(
    running: &Running,
    channels: &[(String, String)],
    (from, to): (Option<Timestamp>, Option<Timestamp>),
    form: Option<ChartForm>,
    file: Option<&Path>,
) -> anyhow::Result<Export> {
    let to = to.unwrap_or_else(Timestamp::now);
    let from = from.map_or_else(|| to.checked_sub(SignedDuration::from_hours(1)), Ok)?;
    let form = match form_of(form, file, ChartForm::Csv)? {
        ChartForm::Csv => exports::ChartForm::Csv,
        ChartForm::Png => exports::ChartForm::Png,
        ChartForm::Svg => exports::ChartForm::Svg,
        ChartForm::Html => exports::ChartForm::Html,
    };
    let channels =
        channels.iter().map(|(device, key)| (DeviceId(device.as_str().into()), key.as_str().into())).collect();
    Ok(Export::History { channels, from, to, form, scale: scale(running)? })
}

/// The form that was asked for, or that of a file's ending.
fn form_of<F: ValueEnum>(asked: Option<F>, file: Option<&Path>, usual: F) -> anyhow::Result<F> {
    if let Some(form) = asked {
        return Ok(form);
    }
    let Some(file) = file else { return Ok(usual) };
    let ending = file.extension().and_then(OsStr::to_str).unwrap_or_default();
    F::from_str(ending, true).map_err(|_| {
        let known: Vec<String> = F::value_variants()
            .iter()
            .filter_map(|form| Some(format!(".{}", form.to_possible_value()?.get_name())))
            .collect();
        anyhow::anyhow!(
            "{}: the ending says in which form to write it. Name it {}, or give --form",
            file.display(),
            known.join(", ")
        )
    })
}
