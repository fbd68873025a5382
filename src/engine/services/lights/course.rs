//! What is remembered of an active scene.

use std::sync::Arc;

use crate::model::lights::scene::SceneId;
use crate::units::moment::Moment;

/// How far an active scene is.
#[derive(Clone, Debug)]
pub(super) struct Motion {
    /// Who recalled it, in words.
    pub(super) by: Arc<str>,
    /// The part of the day that is shown, if it follows the day.
    pub(super) part: Option<SceneId>,
    /// Colours that were passed.
    pub(super) step: u64,
    /// When the next colour is due, if colours move.
    pub(super) next_at: Option<Moment>,
}
