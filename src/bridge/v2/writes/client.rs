//! Phones that say whether they are at home.

use crate::bridge::v2::resources::parts::MAX_NAME;
use crate::bridge::v2::shelf::Kept;
use crate::bridge::v2::writes::write::{Done, Refusal, Write};
use crate::bridge::v2::writes::{objects, read};
use crate::model::bridge::object::{Client, Object};

/// Changes a phone: its name, or whether it is at home.
///
/// # Errors
/// 400 if a member is wrong.
pub async fn put(write: &Write<'_>, kept: &Kept) -> Done {
    let before = objects::shown(write, kept)?;
    let Object::Client(client) = &*before else { return Err(Refusal::not_found()) };
    let after = said(write, client.clone())?;
    objects::put(write, kept, &before, Object::Client(after)).await
}

/// Makes a phone.
///
/// # Errors
/// 400 if a member is wrong or the name is missing.
pub async fn post(write: &Write<'_>) -> Done {
    read::needed(write.body.get("name"), "name")?;
    let client = said(write, Client { name: "".into(), at_home: None })?;
    objects::make(write, Object::Client(client), "geofence_client").await
}

fn said(write: &Write<'_>, mut client: Client) -> Result<Client, Refusal> {
    if let Some(name) = read::name(write.body, "name", MAX_NAME)? {
        client.name = name.into();
    }
    client.at_home = read::flag(write.body, "is_at_home")?.or(client.at_home);
    Ok(client)
}
