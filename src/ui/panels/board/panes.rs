//! How the panes of the board are arranged: side by side, under each other, or one behind the other as tabs.
//!
//! ```text
//! Split(Row, [(0.6, One(Picture("bench"))),
//!             (0.4, Split(Column, [(0.5, One(Alarms)), (0.5, Tabs { open: 0, parts: [..] })]))])
//! ```
//!
//! Invariant: what [`Panes::tidy`] hands out has no empty or needless part, shares that are positive and add up to 1,
//! and no split directly in a split of the same axis. Every change ends with it.
//! Invariant: what a file says is asked by [`Panes::check`] before it is used.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ui::panels::board::pane::Pane;
use crate::ui::panels::history::picks::SPANS;

/// Panes on the board.
pub const MOST: usize = 24;
/// Parts in each other.
const DEEPEST: usize = 12;
/// Letters of a channel's key.
const KEY_LIMIT: usize = 64;
/// The least and the most share that the keyboard gives to a part of a split.
const SHARES: [f32; 2] = [0.1, 0.9];
/// What one press gives more.
const STEP: f32 = 1.15;

/// How the parts of a split stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Axis {
    /// Side by side.
    Row,
    /// Under each other.
    Column,
}

/// Where something is, seen from a pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Left of it.
    Left,
    /// Right of it.
    Right,
    /// Above it.
    Up,
    /// Below it.
    Down,
    /// In its place, as one more tab.
    Tab,
}

impl Side {
    /// The axis on which it is; `None` for a tab.
    #[must_use]
    pub const fn axis(self) -> Option<Axis> {
        match self {
            Self::Left | Self::Right => Some(Axis::Row),
            Self::Up | Self::Down => Some(Axis::Column),
            Self::Tab => None,
        }
    }

    const fn is_before(self) -> bool {
        matches!(self, Self::Left | Self::Up)
    }
}

/// Panes, arranged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Panes {
    /// One alone.
    One(Pane),
    /// One behind the other.
    Tabs {
        /// The place of the one in front.
        open: usize,
        /// All of them.
        parts: Vec<Panes>,
    },
    /// Beside each other, with the share of each.
    Split(Axis, Vec<(f32, Panes)>),
}

impl Panes {
    /// No pane at all.
    pub const NONE: Self = Self::Tabs { open: 0, parts: Vec::new() };

    /// Equal parts on an axis.
    #[must_use]
    pub fn split(axis: Axis, parts: Vec<Self>) -> Self {
        Self::Split(axis, parts.into_iter().map(|part| (1.0, part)).collect())
    }

    /// All panes, in reading order.
    #[must_use]
    pub fn all(&self) -> Vec<&Pane> {
        match self {
            Self::One(pane) => vec![pane],
            Self::Tabs { parts, .. } => parts.iter().flat_map(Self::all).collect(),
            Self::Split(_, parts) => parts.iter().flat_map(|(_, part)| part.all()).collect(),
        }
    }

    /// Whether a pane is here.
    #[must_use]
    pub fn holds(&self, pane: &Pane) -> bool {
        self.all().contains(&pane)
    }

    /// Whether this can be shown.
    ///
    /// # Errors
    /// What is wrong, for a person.
    pub fn check(&self) -> Result<(), String> {
        if self.depth() > DEEPEST {
            return Err(format!("more than {DEEPEST} parts are in each other"));
        }
        let all = self.all();
        if all.len() > MOST {
            return Err(format!("it has {} panes, {MOST} is the most", all.len()));
        }
        if all.iter().collect::<BTreeSet<_>>().len() < all.len() {
            return Err("a pane is in it twice".to_owned());
        }
        all.into_iter().try_for_each(|pane| match pane {
            Pane::Trend { channel, .. } if channel.len() > KEY_LIMIT => Err("the name of a channel is too long".into()),
            Pane::Trend { minutes, .. } if SPANS.iter().all(|(known, _)| known != minutes) => {
                Err(format!("a trend over {minutes} min is not possible"))
            }
            _ => Ok(()),
        })
    }

    fn depth(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Tabs { parts, .. } => 1 + parts.iter().map(Self::depth).max().unwrap_or(0),
            Self::Split(_, parts) => 1 + parts.iter().map(|(_, part)| part.depth()).max().unwrap_or(0),
        }
    }

    /// The same without empty and needless parts, and with sound shares; `None` if nothing is left.
    #[must_use]
    pub fn tidy(self) -> Option<Self> {
        match self {
            Self::One(_) => Some(self),
            Self::Tabs { open, parts } => tidy_tabs(open, parts),
            Self::Split(axis, parts) => tidy_split(axis, parts),
        }
    }

    /// The same without a pane.
    #[must_use]
    pub fn without(self, pane: &Pane) -> Option<Self> {
        self.keep(&mut |known| known != pane).tidy()
    }

    fn keep(self, wanted: &mut dyn FnMut(&Pane) -> bool) -> Self {
        match self {
            Self::One(ref pane) if !wanted(pane) => Self::NONE,
            Self::One(_) => self,
            Self::Tabs { open, parts } => {
                Self::Tabs { open, parts: parts.into_iter().map(|part| part.keep(wanted)).collect() }
            }
            Self::Split(axis, parts) => {
                Self::Split(axis, parts.into_iter().map(|(share, part)| (share, part.keep(wanted))).collect())
            }
        }
    }

    /// The same with one more pane on a side of `beside`, or of everything if that is not here.
    #[must_use]
    pub fn with(self, new: Pane, beside: Option<&Pane>, side: Side) -> Self {
        let place = |group: Self, new: Pane| match side.axis() {
            Some(axis) if side.is_before() => Self::split(axis, vec![Self::One(new), group]),
            Some(axis) => Self::split(axis, vec![group, Self::One(new)]),
            None => group.stacked(new),
        };
        let done = match beside.filter(|pane| self.holds(pane)) {
            Some(pane) => {
                let mut new = Some(new);
                self.map_group(pane, &mut |group| match new.take() {
                    Some(new) => place(group, new),
                    None => group,
                })
            }
            None => place(self, new),
        };
        done.tidy().unwrap_or(Self::NONE)
    }

    fn stacked(self, new: Pane) -> Self {
        let mut parts = match self {
            Self::Tabs { parts, .. } => parts,
            other => vec![other],
        };
        parts.push(Self::One(new));
        Self::Tabs { open: parts.len() - 1, parts }
    }

    /// Whether this is the place of a pane: itself, or the tabs among which it is.
    fn is_group_of(&self, pane: &Pane) -> bool {
        let is = |part: &Self| matches!(part, Self::One(known) if known == pane);
        match self {
            Self::Tabs { parts, .. } => parts.iter().any(is),
            other => is(other),
        }
    }

    fn map_group(self, pane: &Pane, edit: &mut dyn FnMut(Self) -> Self) -> Self {
        if self.is_group_of(pane) {
            return edit(self);
        }
        match self {
            Self::One(_) => self,
            Self::Tabs { open, parts } => {
                Self::Tabs { open, parts: parts.into_iter().map(|part| part.map_group(pane, edit)).collect() }
            }
            Self::Split(axis, parts) => {
                let parts = parts.into_iter().map(|(share, part)| (share, part.map_group(pane, edit)));
                Self::Split(axis, parts.collect())
            }
        }
    }

    /// The panes that share a place with `pane` as tabs, itself among them.
    #[must_use]
    pub fn tabs_of(&self, pane: &Pane) -> Vec<Pane> {
        match self {
            Self::One(known) if known == pane => vec![pane.clone()],
            Self::One(_) => Vec::new(),
            Self::Tabs { parts, .. } if self.is_group_of(pane) => {
                parts.iter().filter_map(|part| part.all().first().map(|pane| (*pane).clone())).collect()
            }
            Self::Tabs { parts, .. } => {
                parts.iter().map(|part| part.tabs_of(pane)).find(|tabs| !tabs.is_empty()).unwrap_or_default()
            }
            Self::Split(_, parts) => {
                parts.iter().map(|(_, part)| part.tabs_of(pane)).find(|tabs| !tabs.is_empty()).unwrap_or_default()
            }
        }
    }

    /// The same with a pane in front of the tabs among which it is.
    #[must_use]
    pub fn opened(self, pane: &Pane) -> Self {
        match self {
            Self::One(_) => self,
            Self::Tabs { open, parts } => {
                let open = parts.iter().position(|part| part.holds(pane)).unwrap_or(open);
                Self::Tabs { open, parts: parts.into_iter().map(|part| part.opened(pane)).collect() }
            }
            Self::Split(axis, parts) => {
                Self::Split(axis, parts.into_iter().map(|(share, part)| (share, part.opened(pane))).collect())
            }
        }
    }

    /// The same with `new` in the place of `old`, and `old` in that of `new` if it is here.
    #[must_use]
    pub fn swapped(self, old: &Pane, new: &Pane) -> Self {
        match self {
            Self::One(pane) if pane == *old => Self::One(new.clone()),
            Self::One(pane) if pane == *new => Self::One(old.clone()),
            Self::One(_) => self,
            Self::Tabs { open, parts } => {
                Self::Tabs { open, parts: parts.into_iter().map(|part| part.swapped(old, new)).collect() }
            }
            Self::Split(axis, parts) => {
                Self::Split(axis, parts.into_iter().map(|(share, part)| (share, part.swapped(old, new))).collect())
            }
        }
    }

    /// The same with a pane moved to a side: out of its tabs, or in the place of `neighbour`.
    #[must_use]
    pub fn moved(self, pane: &Pane, side: Side, neighbour: Option<&Pane>) -> Self {
        let tabs = self.tabs_of(pane);
        match (tabs.into_iter().find(|other| other != pane), neighbour) {
            (Some(other), _) => match self.without(pane) {
                Some(rest) => rest.with(pane.clone(), Some(&other), side),
                None => Self::One(pane.clone()),
            },
            (None, Some(neighbour)) => self.swapped(pane, neighbour),
            (None, None) => self,
        }
    }

    /// The same with a pane that has a little more, or less, of the nearest split on an axis.
    #[must_use]
    pub fn resized(self, pane: &Pane, axis: Axis, more: bool) -> Self {
        match self {
            Self::One(_) => self,
            Self::Tabs { open, parts } => {
                Self::Tabs { open, parts: parts.into_iter().map(|part| part.resized(pane, axis, more)).collect() }
            }
            Self::Split(own, mut parts) => {
                let deeper = |part: &Self| part.holds(pane) && part.splits(pane, axis);
                if own == axis && !parts.iter().any(|(_, part)| deeper(part)) {
                    give(&mut parts, pane, more);
                } else {
                    parts = parts.into_iter().map(|(share, part)| (share, part.resized(pane, axis, more))).collect();
                }
                Self::Split(own, parts)
            }
        }
    }

    /// Whether a split on this axis has a part with the pane.
    fn splits(&self, pane: &Pane, axis: Axis) -> bool {
        match self {
            Self::One(_) => false,
            Self::Tabs { parts, .. } => parts.iter().any(|part| part.splits(pane, axis)),
            Self::Split(own, parts) => {
                (*own == axis && self.holds(pane)) || parts.iter().any(|(_, part)| part.splits(pane, axis))
            }
        }
    }
}

/// Gives the part with a pane more of a split, or less.
fn give(parts: &mut [(f32, Panes)], pane: &Pane, more: bool) {
    let Some(at) = parts.iter().position(|(_, part)| part.holds(pane)) else { return };
    let all: f32 = parts.iter().map(|(share, _)| share).sum();
    let Some(own) = parts.get(at).map(|(share, _)| share / all) else { return };
    let [least, most] = SHARES;
    let wanted = (if more { own * STEP } else { own / STEP }).clamp(least.min(own), most.max(own));
    let rest = (1.0 - wanted) / (1.0 - own).max(f32::EPSILON);
    for (i, (share, _)) in parts.iter_mut().enumerate() {
        *share = if i == at { wanted } else { *share / all * rest };
    }
}

fn tidy_tabs(open: usize, parts: Vec<Panes>) -> Option<Panes> {
    let before = parts.iter().take(open).cloned().filter_map(Panes::tidy).count();
    let mut parts: Vec<Panes> = parts.into_iter().filter_map(Panes::tidy).collect();
    if parts.len() <= 1 {
        return parts.pop();
    }
    Some(Panes::Tabs { open: before.min(parts.len() - 1), parts })
}

fn tidy_split(axis: Axis, parts: Vec<(f32, Panes)>) -> Option<Panes> {
    let sound = |share: f32| if share.is_finite() && share > 0.0 { share } else { 1.0 };
    let mut flat: Vec<(f32, Panes)> = Vec::new();
    for (share, part) in parts {
        match part.tidy() {
            // Its shares add up to 1 already.
            Some(Panes::Split(own, inner)) if own == axis => {
                flat.extend(inner.into_iter().map(|(of, part)| (sound(share) * of, part)));
            }
            Some(part) => flat.push((sound(share), part)),
            None => {}
        }
    }
    if flat.len() <= 1 {
        return flat.pop().map(|(_, part)| part);
    }
    let all: f32 = flat.iter().map(|(share, _)| share).sum();
    flat.iter_mut().for_each(|(share, _)| *share /= all);
    Some(Panes::Split(axis, flat))
}
