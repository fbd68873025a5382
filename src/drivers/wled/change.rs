//! From how a node is to how it shall be, with as few words as that takes; and back.

use std::sync::Arc;

use crate::drivers::wled::colors::{self, Paint};
use crate::model::lights::Reported;
use crate::model::lights::state::State;
use crate::wire::wled::message::{self, LC_CCT, Segment};
use crate::wire::wled::patch::{Patch, Rgbw, SegmentPatch};

/// What a node's words mean: its capabilities, and the names of its effects by their numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Dialect {
    /// Capabilities, summed.
    pub(super) lc: u8,
    /// Effects; the number of each is its place.
    pub(super) names: Vec<Arc<str>>,
}

/// What a node calls effects that it does not have, and the one that is none.
const NO_EFFECTS: &[&str] = &["", "-", "RSVD", "Solid"];

impl Dialect {
    /// The effects that can be asked for.
    pub(super) fn effects(&self) -> Arc<[Arc<str>]> {
        self.names.iter().filter(|name| !NO_EFFECTS.contains(&&***name)).cloned().collect()
    }

    fn number(&self, state: &State) -> u16 {
        let place = |name: &Arc<str>| self.names.iter().position(|known| known == name);
        state.effect.as_ref().and_then(place).and_then(|place| u16::try_from(place).ok()).unwrap_or(0)
    }

    fn name(&self, number: u16) -> Arc<str> {
        let known = self.names.get(usize::from(number)).filter(|_| number != 0);
        known.cloned().unwrap_or_else(|| if number == 0 { "".into() } else { number.to_string().into() })
    }

    /// What to tell a node that is like `base`, so that it becomes as wanted.
    pub(super) fn patch(&self, base: &message::State, wanted: &State, transition_ms: u32) -> Patch {
        let (on, bri) = (wanted.on && wanted.brightness > 0.0, colors::bri(wanted));
        let segments = base.seg.iter().enumerate().map(|(n, segment)| {
            let paint = colors::paint(&wanted.color, n, base.seg.len(), self.lc);
            repaint(segment, paint, self.number(wanted), on)
        });
        Patch {
            on: (base.on != on).then_some(on),
            bri: (self.lc != 0 && base.bri != bri).then_some(bri),
            tt: Some(u16::try_from((transition_ms + 50) / 100).unwrap_or(u16::MAX)),
            seg: if self.lc == 0 { Vec::new() } else { segments.filter(|patch| !patch.is_empty()).collect() },
        }
    }

    /// How a light is whose node is like `state`. If that is what was wanted last, it is that to the last digit.
    pub(super) fn reported(&self, state: &message::State, wanted: Option<&State>) -> Reported {
        if let Some(wanted) = wanted.filter(|wanted| self.patch(state, wanted, 0).is_empty()) {
            return Reported {
                on: Some(wanted.on),
                brightness: (self.lc != 0).then_some(wanted.brightness),
                color: (self.lc != 0).then(|| wanted.color.clone()),
                effect: Some(wanted.effect.clone().unwrap_or_default()),
            };
        }
        let cct = |segment: &Segment| (self.lc & LC_CCT != 0).then_some(segment.cct);
        let paints: Vec<_> = state.seg.iter().map(|segment| Paint { color: segment.col, cct: cct(segment) }).collect();
        let main = state.seg.iter().find(|segment| segment.id == state.mainseg).or(state.seg.first());
        Reported {
            on: Some(state.on),
            brightness: (self.lc != 0).then(|| f32::from(state.bri) / 255.0),
            color: colors::read(&paints, self.lc).filter(|_| self.lc != 0),
            effect: main.map(|main| self.name(main.fx)),
        }
    }
}

fn repaint(segment: &Segment, Paint { color, cct }: Paint, effect: u16, on: bool) -> SegmentPatch {
    SegmentPatch {
        id: segment.id,
        on: (on && !segment.on).then_some(true),
        frz: segment.frz.then_some(false),
        fx: (segment.fx != effect).then_some(effect),
        cct: cct.filter(|cct| segment.cct != *cct),
        col: (segment.col != color).then_some([Rgbw(color)]),
    }
}

/// How a node is after it was told so.
pub(super) fn told(base: &message::State, patch: &Patch) -> message::State {
    let mut state = base.clone();
    (state.on, state.bri) = (patch.on.unwrap_or(base.on), patch.bri.unwrap_or(base.bri));
    for change in &patch.seg {
        let SegmentPatch { id, on, frz, fx, cct, col } = change;
        let Some(segment) = state.seg.iter_mut().find(|segment| segment.id == *id) else { continue };
        segment.on = on.unwrap_or(segment.on);
        segment.frz = frz.unwrap_or(segment.frz);
        segment.fx = fx.unwrap_or(segment.fx);
        segment.cct = cct.unwrap_or(segment.cct);
        segment.col = col.map_or(segment.col, |[Rgbw(color)]| color);
    }
    state
}
