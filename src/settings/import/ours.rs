//! An export of ours: devices with their regions, the map of addresses, aliases, bookmarks.

use crate::model::export::{Export, ExportedBookmark, ExportedDevice, PROGRAM, SCHEMA};
use crate::model::thermal::MAX_BOOKMARKS;
use crate::settings::import::{File, ImportError, Plan, broken, label};
use crate::settings::kinds;

pub(super) fn read(file: File<'_>) -> Result<Plan, ImportError> {
    let export: Export = serde_json::from_str(file.text).map_err(|error| broken(file, &error))?;
    let Export { program, schema, devices, introduced, locations, aliases, bookmarks } = export;
    if program != PROGRAM {
        let what = format!("it is an export of {program:?}");
        return Err(file.wrong(file.line_of("program"), what, "Only exports of Hearthlight are read."));
    }
    if schema > SCHEMA {
        let what = format!("it was written by a newer Hearthlight (schema {schema}, this one knows {SCHEMA})");
        return Err(file.wrong(
            file.line_of("schema"),
            what,
            "Install that version, or export it again from this one.",
        ));
    }
    let mut plan = Plan { kind: "an export of Hearthlight".to_owned(), ..Plan::default() };
    for device in devices {
        file.introduce(&mut plan, &device.location, &device.name, &device.place)?;
        draw(&mut plan, &device);
    }
    mark(&mut plan, &bookmarks);
    for (location, known) in introduced {
        file.introduce(&mut plan, &location, &known.name, &known.place)?;
    }
    for (ip, location) in locations {
        file.map(&mut plan, &ip, &location, || file.line_of(&ip))?;
    }
    for (id, location) in aliases {
        let (Some(left), Some(right)) = (kinds::name(&id), kinds::name(&location)) else {
            let cure = "Ids and locations have 1 to 64 characters, without comma and equals sign.";
            return Err(file.wrong(file.line_of(&id), format!("{id:?} or {location:?} is none"), cure));
        };
        plan.aliases.insert(left, right);
    }
    file.check_size(&plan)?;
    let nothing = Plan { kind: plan.kind.clone(), warnings: plan.warnings.clone(), ..Plan::default() };
    if plan == nothing {
        let text =
            "It names no address, no alias, no bookmark, and no device with a name, a place or regions of its own.";
        plan.warnings.push(text.to_owned());
    }
    Ok(plan)
}

/// Adds the regions of a device's array. Those that could not have been drawn are left out, with a warning.
fn draw(plan: &mut Plan, device: &ExportedDevice) {
    let ExportedDevice { location, regions, .. } = device;
    match (regions.is_empty(), regions.check(), label(location)) {
        (true, ..) | (_, _, None) => {}
        (_, Err(why), _) => plan.warnings.push(format!("\"{location}\": its regions are left out. {why}")),
        (_, Ok(()), Some(location)) => drop(plan.regions.insert(location.to_owned(), regions.clone())),
    }
}

fn mark(plan: &mut Plan, bookmarks: &[ExportedBookmark]) {
    let (good, bad): (Vec<_>, Vec<_>) = bookmarks.iter().partition(|b| fits(&b.words));
    let newest = good.len().saturating_sub(MAX_BOOKMARKS);
    plan.bookmarks.extend(good.into_iter().skip(newest).map(|b| (b.at, b.words.trim().to_owned())));
    let n_left = bad.len() + newest;
    if n_left > 0 {
        plan.warnings.push(format!(
            "{n_left} bookmarks are left out: their words are longer than 80 characters, or there are more than \
             {MAX_BOOKMARKS}."
        ));
    }
}

/// Whether these can be a bookmark's words.
fn fits(words: &str) -> bool {
    words.trim().chars().count() <= 80 && !words.chars().any(char::is_control)
}
