//! What the writes of all kinds of kept things have in common.

use std::sync::Arc;

use crate::bridge::v2::shelf::Kept;
use crate::bridge::v2::writes::write::{Done, Refusal, Write, Written};
use crate::model::bridge::Command;
use crate::model::bridge::ids::{Kind, Thing};
use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::object::Object;

/// What a resource shows of what apps keep.
///
/// # Errors
/// 404 if it is gone, or shows something else.
pub fn shown(write: &Write<'_>, kept: &Kept) -> Result<Arc<Object>, Refusal> {
    let found = id(kept).and_then(|id| write.view.bridge.objects.get(&id));
    found.cloned().ok_or_else(Refusal::not_found)
}

fn id(kept: &Kept) -> Option<ObjectId> {
    match kept.thing.kind {
        Kind::Object(kind) => Some(ObjectId { kind, id: Arc::clone(&kept.thing.id) }),
        _ => None,
    }
}

/// Keeps it as it is now. Nothing is asked if it was so before.
///
/// # Errors
/// 400 with the reason if it is refused.
pub async fn put(write: &Write<'_>, kept: &Kept, before: &Object, after: Object) -> Done {
    if *before != after {
        write.bridge(Command::Put { id: Some(Arc::clone(&kept.thing.id)), object: Box::new(after) }).await?;
    }
    Ok(Written::default())
}

/// Makes one; `service` is the type of its resource.
///
/// # Errors
/// 400 with the reason if it is refused; 503 if it gets no id in time.
pub async fn make(write: &Write<'_>, object: Object, service: &str) -> Done {
    let kind = object.kind();
    let made = write.bridge(Command::Put { id: None, object: Box::new(object) }).await?;
    let made = made.ok_or_else(|| Refusal { status: 503, why: "It was made, but has no id yet.".to_owned() })?;
    let ids = write.named(&Thing::new(Kind::Object(kind), made)).await?;
    Ok(Written { made: Some(ids.service(service)), ..Written::default() })
}

/// Removes it.
///
/// # Errors
/// 400 with the reason if it is refused.
pub async fn delete(write: &Write<'_>, kept: &Kept) -> Done {
    let id = id(kept).ok_or_else(Refusal::not_allowed)?;
    write.bridge(Command::Remove(id)).await?;
    Ok(Written::default())
}
