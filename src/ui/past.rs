//! The past: which instant all pictures show, if not the present one.

use jiff::Timestamp;

use crate::ui::asking::Asking;

/// Where in time the window looks.
#[derive(Debug, Default)]
pub struct Past {
    /// The instant shown; `None` = now.
    pub at: Option<Timestamp>,
    /// How fast it plays on; 0 = it stands.
    pub speed: f32,
    /// The question for pictures.
    pub asking: Asking,
}

impl Past {
    /// Whether the window shows the past.
    #[must_use]
    pub const fn is_past(&self) -> bool {
        self.at.is_some()
    }
}
