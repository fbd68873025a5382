//! `/rules`: what happens because something else did.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::bridge::v1::ask::{Ask, Reply, Written};
use crate::bridge::v1::body::Field;
use crate::bridge::v1::error::{Error, What};
use crate::bridge::v1::kept::Family;
use crate::bridge::v1::{conditions, orders, time};
use crate::model::bridge::MAX_OBJECTS;
use crate::model::bridge::kept::{Kind, ObjectId};
use crate::model::bridge::object::Object;
use crate::model::bridge::plan::{Rule, Status};

/// Conditions of a rule, and its actions, at most.
const MOST: usize = 8;

/// `/rules`.
pub const FAMILY: Family<Rule> = Family {
    kind: Kind::Rule,
    of: |object| if let Object::Rule(one) = object { Some(one) } else { None },
    value,
    create,
    put,
};

fn value(ask: &Ask<'_>, rule: &Rule) -> Value {
    let status = match rule.status {
        Status::Enabled => "enabled",
        Status::Disabled => "disabled",
        Status::ResourceDeleted => "resourcedeleted",
        Status::LoopsDetected => "loopsdetected",
    };
    json!({
        "name": rule.name,
        "owner": ask.owner(rule.owner.as_ref()),
        "created": time::utc(rule.created),
        "lasttriggered": time::utc_or_none(rule.triggered),
        "timestriggered": rule.times,
        "status": status,
        "recycle": rule.recycle,
        "conditions": written(&rule.written_conditions),
        "actions": written(&rule.written_actions),
    })
}

fn written(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!([]))
}

fn create(ask: &Ask<'_>) -> Result<Reply, Error> {
    let (members, at) = (ask.members()?, ask.at());
    for name in ["name", "conditions", "actions"] {
        members.need(&at, name)?;
    }
    if ask.view.bridge.objects.keys().filter(|id| id.kind == Kind::Rule).count() >= MAX_OBJECTS {
        return Err(Error::new(at, What::RulesFull));
    }
    let mut rule = Rule {
        name: Arc::default(),
        owner: Some(ask.key.app.clone()),
        status: Status::Enabled,
        recycle: false,
        created: ask.now,
        triggered: None,
        times: 0,
        written_conditions: Arc::default(),
        written_actions: Arc::default(),
        conditions: Vec::new(),
        acts: Vec::new(),
    };
    members.fields(&at).try_for_each(|field| take(ask, &field, &mut rule))?;
    Ok(Reply::keeps(Object::Rule(rule)))
}

fn put(ask: &Ask<'_>, id: &ObjectId, rule: &Rule) -> Result<Reply, Error> {
    let (members, mut written, mut new) = (ask.members()?, Written::default(), rule.clone());
    written.each(&members, &ask.at(), |field| take(ask, field, &mut new));
    if new != *rule {
        written.put_or_enable(&members, id, Object::Rule(new));
    }
    Ok(Reply::Writes(written))
}

fn take(ask: &Ask<'_>, field: &Field<'_>, rule: &mut Rule) -> Result<(), Error> {
    match field.name {
        "name" => rule.name = field.name()?.into(),
        "recycle" => rule.recycle = field.flag()?,
        "status" => rule.status = if field.enabled()? { Status::Enabled } else { Status::Disabled },
        "conditions" => {
            let compiled = each(field, What::Condition, |condition| conditions::compile(ask.view, condition))?;
            rule.conditions = compiled.into_iter().flatten().collect();
            rule.written_conditions = field.value.to_string().into();
        }
        "actions" => {
            rule.acts = each(field, What::Action, |action| orders::compile(ask, action))?.concat();
            rule.written_actions = field.value.to_string().into();
        }
        "owner" | "created" | "lasttriggered" | "timestriggered" => return Err(field.read_only()),
        _ => return Err(field.unknown()),
    }
    Ok(())
}

/// What each object of a list means; the address of what is wrong says which.
fn each<T>(
    field: &Field<'_>,
    wrong: What,
    compile: impl Fn(&Map<String, Value>) -> Option<T>,
) -> Result<Vec<T>, Error> {
    let list = field.list()?;
    match list.len() {
        0 => return Err(Error::new(field.address(), wrong)),
        n if n > MOST => return Err(Error::new(field.address(), What::TooMany)),
        _ => {}
    }
    let at = |n: usize| Error::new(format!("{}/{n}", field.address()), wrong.clone());
    let one = |(n, value): (usize, &Value)| value.as_object().and_then(&compile).ok_or_else(|| at(n));
    list.iter().enumerate().map(one).collect()
}
