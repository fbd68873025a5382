//! What the list of devices and its forms remember from frame to frame.

use std::sync::Arc;

use crate::model::sensors::DeviceId;
use crate::model::system::ImportPreview;
use crate::port::{Answer, Reply};
use crate::ui::panels::system::devices::order::Order;

/// What is being done on this page.
#[derive(Debug, Default)]
pub struct Desk {
    /// Text that a row must contain.
    pub filter: String,
    /// Whether only devices with trouble are shown.
    pub failed: bool,
    /// What is asked of one device.
    pub asking: Option<(DeviceId, Asking)>,
    /// The order of rows.
    pub order: Order,
    /// The import form.
    pub import: Form,
    /// Known places and aliases.
    pub places: Forms,
}

/// A question about one device that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Its new name.
    Name(String),
    /// Its new place.
    Place(String),
    /// Why it goes out of service.
    OutOfService(String),
    /// Whether it is to be forgotten.
    Forget,
}

/// The import form.
#[derive(Debug, Default)]
pub struct Form {
    /// The file's name, which tells what is in it.
    pub name: String,
    /// What is in it.
    pub text: String,
    /// A file that was dropped.
    pub dropped: Option<String>,
    /// What the engine finds in it.
    pub answer: Answer,
    /// Whether it was asked.
    pub asked: bool,
    /// What was found.
    pub found: Option<Result<ImportPreview, String>>,
    /// What had been imported when this form was sent.
    pub sent: Option<Option<Arc<ImportPreview>>>,
}

impl Form {
    /// Takes what came.
    pub fn take(&mut self) {
        let Some(reply) = self.answer.take() else { return };
        self.asked = false;
        self.found = match &*reply {
            Reply::Import(found) => Some(found.clone()),
            Reply::Failed(why) => Some(Err(why.clone())),
            _ => None,
        };
    }

    /// Forgets what was found in a text that is another one now.
    pub fn changed(&mut self) {
        // A question that is on its way is about the old text: its answer goes nowhere.
        (self.answer, self.asked, self.found) = (Answer::default(), false, None);
    }
}

/// What is typed for new pairs.
#[derive(Debug, Default)]
pub struct Forms {
    /// Of addresses.
    pub locations: (String, String),
    /// Of ids.
    pub aliases: (String, String),
}
