//! What the desk remembers between frames. Knows nothing of the scene.

use crate::model::sensors::DeviceId;
use crate::ui::desk::layout::{self, Apart, Layout};
use crate::ui::desk::place::Place;

/// Windows of their own at once.
pub const MOST_APART: usize = 8;

/// The desk.
#[derive(Debug, Default)]
pub struct Desk {
    /// The layout that was put on last.
    pub current: Option<String>,
    /// The name being given to a layout.
    pub naming: Option<String>,
    /// Whether the window is the small one.
    pub small: bool,
    /// How it was before it became small.
    pub before: Option<Box<Layout>>,
    /// The width of the inspector where a person set one; 0 = the usual one.
    pub wanted_width: f32,
    /// Pictures in windows of their own, as they were opened.
    pub apart: Vec<Apart>,
    /// Where those windows are now, in their order.
    pub apart_now: Vec<Option<Place>>,
    /// Where the window is.
    pub here: Option<Place>,
    /// Where the window is wanted.
    pub wanted: Option<Place>,
    /// How it was when it was last seen, and when that is to be kept, seconds.
    pub(super) left: (Option<Box<Layout>>, Option<f64>),
}

impl Desk {
    /// The width of the inspector, points.
    #[must_use]
    pub fn width(&self) -> f32 {
        layout::width(self.wanted_width)
    }

    /// Begins to name the layout.
    pub fn name_it(&mut self) {
        self.naming = Some(self.current.clone().unwrap_or_default());
    }

    /// Opens a device's picture in a window of its own. False if there are [`MOST_APART`] already.
    pub fn open_apart(&mut self, device: &DeviceId) -> bool {
        if self.apart.iter().any(|apart| apart.device == *device) {
            return true;
        }
        let room = self.apart.len() < MOST_APART;
        if room {
            self.apart.push(Apart { device: device.clone(), place: None });
            self.apart_now.resize(self.apart.len(), None);
        }
        room
    }

    /// Closes a device's own window.
    pub fn close_apart(&mut self, device: &DeviceId) {
        if let Some(i) = self.apart.iter().position(|apart| apart.device == *device) {
            self.apart.remove(i);
            if i < self.apart_now.len() {
                self.apart_now.remove(i);
            }
        }
    }

    /// Puts these windows there instead of those that are.
    pub fn set_apart(&mut self, apart: &[Apart]) {
        self.apart = apart.iter().take(MOST_APART).cloned().collect();
        self.apart_now = vec![None; self.apart.len()];
    }

    /// The windows of their own as they are now.
    #[must_use]
    pub fn apart(&self) -> Vec<Apart> {
        let now = self.apart_now.iter().copied().chain(std::iter::repeat(None));
        self.apart
            .iter()
            .zip(now)
            .map(|(apart, now)| Apart { device: apart.device.clone(), place: now.or(apart.place) })
            .collect()
    }
}
