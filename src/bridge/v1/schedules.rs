//! `/schedules`: what happens because it is time.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::bridge::v1::ask::{Ask, Reply, Written};
use crate::bridge::v1::body::Field;
use crate::bridge::v1::error::{Error, What};
use crate::bridge::v1::kept::Family;
use crate::bridge::v1::{orders, time, when};
use crate::model::bridge::MAX_OBJECTS;
use crate::model::bridge::kept::{Kind, ObjectId};
use crate::model::bridge::object::Object;
use crate::model::bridge::plan::{Schedule, When};

/// `/schedules`.
pub const FAMILY: Family<Schedule> = Family {
    kind: Kind::Schedule,
    of: |object| if let Object::Schedule(one) = object { Some(one) } else { None },
    value,
    create,
    put,
};

fn value(ask: &Ask<'_>, schedule: &Schedule) -> Value {
    let zone = time::zone(ask.view);
    let (written, is_utc) = &schedule.written;
    let (local, utc) = match schedule.when {
        When::Once(at) => {
            let random = written.split_once('A').map(|(_, random)| format!("A{random}")).unwrap_or_default();
            let utc = when::instant(at, &zone).map_or_else(|| written.to_string(), time::utc);
            let local =
                if *is_utc { at.strftime("%Y-%m-%dT%H:%M:%S").to_string() + &random } else { written.to_string() };
            (local, if *is_utc { written.to_string() } else { utc + &random })
        }
        _ => (written.to_string(), written.to_string()),
    };
    let mut value = json!({
        "name": schedule.name,
        "description": schedule.description,
        "command": serde_json::from_str::<Value>(&schedule.command).unwrap_or_else(|_| json!({})),
        "localtime": local,
        "time": utc,
        "created": time::utc(schedule.created),
        "status": if schedule.enabled { "enabled" } else { "disabled" },
        "autodelete": schedule.autodelete,
        "recycle": schedule.recycle,
    });
    if let Some(started) = schedule.started {
        value["starttime"] = json!(time::utc(started));
    }
    value
}

fn create(ask: &Ask<'_>) -> Result<Reply, Error> {
    let (members, at) = (ask.members()?, ask.at());
    members.need(&at, "command")?;
    match (members.get("localtime"), members.get("time")) {
        (Some(_), Some(_)) => return Err(Error::new(at, What::BothTimes)),
        (None, None) => return Err(Error::new(at, What::MissingParameters)),
        _ => {}
    }
    if ask.view.bridge.objects.keys().filter(|id| id.kind == Kind::Schedule).count() >= MAX_OBJECTS {
        return Err(Error::new(at, What::SchedulesFull));
    }
    let mut schedule = Schedule {
        name: "schedule".into(),
        description: Arc::default(),
        owner: Some(ask.key.app.clone()),
        written: (Arc::default(), false),
        when: When::Timer { seconds: 0, repeat: None },
        random_s: 0,
        command: Arc::default(),
        acts: Vec::new(),
        enabled: true,
        autodelete: true,
        recycle: false,
        created: ask.now,
        started: None,
        fired: None,
    };
    members.fields(&at).try_for_each(|field| take(ask, &field, &mut schedule))?;
    begin(ask, &mut schedule, true);
    not_past(ask, &schedule, &at)?;
    Ok(Reply::keeps(Object::Schedule(schedule)))
}

fn put(ask: &Ask<'_>, id: &ObjectId, schedule: &Schedule) -> Result<Reply, Error> {
    let (members, at, mut written, mut new) = (ask.members()?, ask.at(), Written::default(), schedule.clone());
    if members.get("localtime").is_some() && members.get("time").is_some() {
        return Err(Error::new(at, What::BothTimes));
    }
    written.each(&members, &at, |field| {
        let mut next = new.clone();
        take(ask, field, &mut next)?;
        if matches!(field.name, "localtime" | "time" | "status") {
            not_past(ask, &next, &field.address())?;
        }
        new = next;
        Ok(())
    });
    let restarts = members.get("status").is_some() || new.when != schedule.when;
    begin(ask, &mut new, restarts);
    if new != *schedule {
        written.put_or_enable(&members, id, Object::Schedule(new));
    }
    Ok(Reply::Writes(written))
}

/// A timer that is enabled runs from now on.
fn begin(ask: &Ask<'_>, schedule: &mut Schedule, restarts: bool) {
    match schedule.when {
        When::Timer { .. } if schedule.enabled && restarts => schedule.started = Some(ask.now),
        When::Timer { .. } => {}
        _ => schedule.started = None,
    }
}

/// What happens once must be yet to come.
fn not_past(ask: &Ask<'_>, schedule: &Schedule, at: &str) -> Result<(), Error> {
    let over = match schedule.when {
        When::Once(once) => when::instant(once, &time::zone(ask.view)).is_some_and(|once| once <= ask.now),
        _ => false,
    };
    if over && schedule.enabled { Err(Error::new(at, What::Past)) } else { Ok(()) }
}

fn take(ask: &Ask<'_>, field: &Field<'_>, schedule: &mut Schedule) -> Result<(), Error> {
    match field.name {
        "name" => schedule.name = field.text(0..=32)?.into(),
        "description" => schedule.description = field.text(0..=64)?.into(),
        "status" => schedule.enabled = field.enabled()?,
        "autodelete" => schedule.autodelete = field.flag()?,
        "recycle" => schedule.recycle = field.flag()?,
        "localtime" | "time" => {
            let text = field.text(1..=64)?;
            let (wanted, random_s) = when::read(text).ok_or_else(|| field.invalid())?;
            let is_utc = field.name == "time";
            schedule.when = if is_utc { when::local(wanted, &time::zone(ask.view)) } else { wanted };
            (schedule.written, schedule.random_s) = ((text.into(), is_utc), random_s);
        }
        "command" => {
            let acts = field.value.as_object().and_then(|command| orders::compile(ask, command));
            schedule.acts = acts.ok_or_else(|| Error::new(field.address(), What::Command))?;
            schedule.command = field.value.to_string().into();
        }
        "created" | "starttime" | "owner" => return Err(field.read_only()),
        _ => return Err(field.unknown()),
    }
    Ok(())
}
