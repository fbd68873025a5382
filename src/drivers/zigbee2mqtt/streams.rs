//! Frames to lights that take only a few commands a second: the newest colour counts, and only if it can be told from
//! the one before.
//!
//! Invariant: a stream ends when it is left or brings nothing for [`ENDS_AFTER`]; then its light shows its state again.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::drivers::LocalId;
use crate::model::frame::Frame;
use crate::model::lights::state::{Color, State};
use crate::units::color::Linear;
use crate::units::moment::Moment;

/// A stream that brings nothing for this long has ended.
const ENDS_AFTER: Duration = Duration::from_millis(2500);
/// How long a light takes from one colour to the next, ms: it hides the steps.
pub(super) const FADE_MS: u32 = 250;
/// Colours closer than this look the same while they change.
const SAME_XY: f32 = 0.03;
/// Brightnesses closer than this look the same while they change.
const SAME_BRIGHTNESS: f32 = 16.0 / 254.0;

struct Stream {
    last: Moment,
    left: bool,
    before: State,
    shown: Option<State>,
}

/// Which lights are streamed to.
#[derive(Default)]
pub(super) struct Streams(BTreeMap<LocalId, Stream>);

impl Streams {
    /// Whether a light is streamed to.
    pub(super) fn is_streamed(&self, light: &LocalId) -> bool {
        self.0.get(light).is_some_and(|stream| !stream.left)
    }

    /// Ends a stream.
    pub(super) fn leave(&mut self, light: &LocalId) {
        self.0.get_mut(light).into_iter().for_each(|stream| stream.left = true);
    }

    /// What a frame makes of a light, if that can be told from the frame before. `before` is how it is without.
    pub(super) fn frame(
        &mut self,
        now: Moment,
        light: &LocalId,
        frame: &Frame,
        before: impl FnOnce() -> State,
    ) -> Option<State> {
        let stream = self.0.entry(light.clone()).or_insert_with(|| Stream {
            last: now,
            left: false,
            before: before(),
            shown: None,
        });
        (stream.last, stream.left) = (now, false);
        let state = mean(frame);
        if stream.shown.as_ref().is_some_and(|shown| looks_same(shown, &state)) {
            return None;
        }
        stream.shown = Some(state.clone());
        Some(state)
    }

    /// Streams that have ended, with how their lights were before.
    pub(super) fn ended(&mut self, now: Moment) -> Vec<(LocalId, State)> {
        let is_over = |stream: &Stream| stream.left || now >= stream.last + ENDS_AFTER;
        let over: Vec<_> =
            self.0.iter().filter(|(_, stream)| is_over(stream)).map(|(light, _)| light.clone()).collect();
        over.into_iter().filter_map(|light| self.0.remove(&light).map(|stream| (light, stream.before))).collect()
    }

    /// When the next stream ends if nothing comes.
    pub(super) fn next_end(&self) -> Option<Moment> {
        self.0.values().map(|stream| stream.last + ENDS_AFTER).min()
    }
}

/// All pixels of a frame as one light.
fn mean(frame: &Frame) -> State {
    let n_pixels = frame.pixels().len().max(1) as f32;
    let sum = frame.pixels().iter().fold([0.0_f32; 3], |[r, g, b], pixel| [r + pixel.r, g + pixel.g, b + pixel.b]);
    let [r, g, b] = sum.map(|part| part / n_pixels);
    let light = Linear::new(r, g, b);
    let brightness = light.peak();
    let on = brightness >= 0.5 / 254.0;
    State { on, brightness: if on { brightness } else { 1.0 }, color: Color::Xy(light.xy()), effect: None }
}

fn looks_same(a: &State, b: &State) -> bool {
    a.on == b.on
        && (a.brightness - b.brightness).abs() < SAME_BRIGHTNESS
        && a.color.xy().distance(b.color.xy()) < SAME_XY
}
