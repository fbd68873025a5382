//! `/resourcelinks`: what belongs together, in an app's view.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::bridge::v1::ask::{Ask, Reply, Written};
use crate::bridge::v1::body::Field;
use crate::bridge::v1::error::{Error, What};
use crate::bridge::v1::kept::Family;
use crate::model::bridge::kept::{Kind, ObjectId};
use crate::model::bridge::object::{Link, Object};

/// Addresses in one link, at most.
const MOST: usize = 64;
/// Characters of an address, at most.
const ADDRESS: usize = 64;

/// `/resourcelinks`.
pub const FAMILY: Family<Link> = Family {
    kind: Kind::Link,
    of: |object| if let Object::Link(one) = object { Some(one) } else { None },
    value,
    create,
    put,
};

fn value(ask: &Ask<'_>, link: &Link) -> Value {
    json!({
        "name": link.name,
        "description": link.description,
        "type": "Link",
        "classid": link.class,
        "owner": ask.owner(link.owner.as_ref()),
        "recycle": link.recycle,
        "links": link.links,
    })
}

fn create(ask: &Ask<'_>) -> Result<Reply, Error> {
    let (members, at) = (ask.members()?, ask.at());
    for name in ["name", "classid", "links"] {
        members.need(&at, name)?;
    }
    let mut link = Link {
        name: Arc::default(),
        description: Arc::default(),
        class: 1,
        owner: Some(ask.key.app.clone()),
        recycle: false,
        links: Vec::new(),
    };
    let mut wanted = members.fields(&at).filter(|field| field.name != "type" || field.value != "Link");
    wanted.try_for_each(|field| take(&field, &mut link))?;
    Ok(Reply::keeps(Object::Link(link)))
}

fn put(ask: &Ask<'_>, id: &ObjectId, link: &Link) -> Result<Reply, Error> {
    let (members, mut written, mut new) = (ask.members()?, Written::default(), link.clone());
    written.each(&members, &ask.at(), |field| take(field, &mut new));
    if new != *link {
        written.put(id, Object::Link(new));
    }
    Ok(Reply::Writes(written))
}

fn take(field: &Field<'_>, link: &mut Link) -> Result<(), Error> {
    match field.name {
        "name" => link.name = field.name()?.into(),
        "description" => link.description = field.text(0..=64)?.into(),
        "classid" => link.class = field.whole(1..=65_535)?,
        "recycle" => link.recycle = field.flag()?,
        "links" => {
            let list = field.list()?;
            if list.len() > MOST {
                return Err(Error::new(field.address(), What::TooMany));
            }
            let right = |text: &&str| text.starts_with('/') && text.len() <= ADDRESS;
            let address = |value: &Value| value.as_str().filter(right).map(Arc::from);
            let links = list.iter().map(address).collect::<Option<_>>();
            link.links = links.ok_or_else(|| field.invalid())?;
        }
        "type" | "owner" => return Err(field.read_only()),
        _ => return Err(field.unknown()),
    }
    Ok(())
}
