//! An export of ours: devices, the map of addresses, aliases.

use crate::model::export::{Export, PROGRAM, SCHEMA};
use crate::settings::import::{File, ImportError, Plan, broken};
use crate::settings::kinds;

pub(super) fn read(file: File<'_>) -> Result<Plan, ImportError> {
    let export: Export = serde_json::from_str(file.text).map_err(|error| broken(file, &error))?;
    let Export { program, schema, devices, introduced, locations, aliases } = export;
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
    }
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
    if plan.locations.is_empty() && plan.introductions.is_empty() && plan.aliases.is_empty() {
        let text = "It names no address, no alias, and no device with a name or place of its own.".to_owned();
        plan.warnings.push(text);
    }
    Ok(plan)
}
