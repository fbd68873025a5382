//! How a device or a place is marked by its alarms: the worst of them, by shape, word and border.

use egui::{Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind};

use crate::model::alarms::Alarms;
use crate::model::alarms::alarm::State;
use crate::model::alarms::rule::Level;
use crate::model::sensors::DeviceId;
use crate::ui::standing::Standing;
use crate::ui::theme::{Tokens, radius, size, stroke, text};
use crate::ui::widgets::alarm_shape::{self, Ink};
use crate::ui::widgets::{glyph, rounded};
use crate::ui::{icons, style};

/// The worst of some alarms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarmed {
    /// At least one is active; the worst of those.
    Active {
        /// How bad.
        level: Level,
        /// Whether nobody took note.
        new: bool,
        /// Whether it is a test.
        test: bool,
    },
    /// None is active, but nobody took note of at least one; the worst of those.
    Cleared(Level),
    /// All there are is shelved.
    Shelved,
    /// Nobody would hear of one.
    OutOfService,
}

impl Alarmed {
    /// The mark of a device, if it has one.
    #[must_use]
    pub fn of(alarms: &Alarms, device: &DeviceId) -> Option<Self> {
        let worst = Self::any(alarms, |id| id == device);
        worst.or_else(|| alarms.out_of_service.contains_key(device).then_some(Self::OutOfService)).or_else(|| {
            let shelved = |id| alarms.active.get(id).is_some_and(|alarm| alarm.device == *device);
            alarms.shelved.keys().any(shelved).then_some(Self::Shelved)
        })
    }

    /// The worst alarm of the devices that count.
    #[must_use]
    pub fn any(alarms: &Alarms, counts: impl Fn(&DeviceId) -> bool) -> Option<Self> {
        let held = |id| alarms.shelved.contains_key(id);
        let all = alarms.active.values().filter(|alarm| counts(&alarm.device) && !held(&alarm.id));
        let worst =
            all.max_by_key(|alarm| (alarm.state != State::Cleared, alarm.level, alarm.is_new(), !alarm.test))?;
        Some(match worst.state {
            State::Cleared => Self::Cleared(worst.level),
            _ => Self::Active { level: worst.level, new: worst.is_new(), test: worst.test },
        })
    }

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active { level, test: false, .. } => level.word(),
            Self::Active { level: Level::Danger, .. } => "TEST Danger",
            Self::Active { level: Level::Warning, .. } => "TEST Warning",
            Self::Active { level: Level::Notice, .. } => "TEST Notice",
            Self::Cleared(_) => "cleared",
            Self::Shelved => "shelved",
            Self::OutOfService => "out of service",
        }
    }

    /// What a screen reader says.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Active { new: false, .. } => format!("{}, acknowledged", self.word()),
            Self::Cleared(level) => format!("{}, cleared", level.word()),
            _ => self.word().to_owned(),
        }
    }

    /// How wide its shape is on a tile: only Danger and Warning are loud.
    #[must_use]
    pub const fn across(self) -> f32 {
        match self {
            Self::Active { level: Level::Danger | Level::Warning, .. } => size::SHAPE_TILE,
            _ => size::SHAPE_RAIL,
        }
    }

    /// Paints its shape around a point: filled while active, an outline once it is over.
    pub fn paint(self, painter: &Painter, at: Pos2, across: f32, t: &Tokens) {
        match self {
            Self::Active { level, .. } => alarm_shape::level(painter, at, across, level, t),
            Self::Cleared(level) => alarm_shape::inked(painter, at, across, level, Ink::outline(level, t)),
            Self::Shelved => style::icon(painter, at, icons::CLOCK, text::ICON_M, t.text2),
            Self::OutOfService => glyph::paint(painter, at, Standing::Off, t),
        }
    }

    /// The border of its tile, and whether it is dashed; a Notice has none.
    #[must_use]
    pub const fn border(self, t: &Tokens) -> Option<(Stroke, bool)> {
        match self {
            Self::Active { level: Level::Danger, test, .. } => Some((line(t.danger), test)),
            Self::Active { level: Level::Warning, test, .. } => Some((line(t.warning), test)),
            _ => None,
        }
    }
}

const fn line(color: Color32) -> Stroke {
    Stroke { width: stroke::ALARM, color }
}

/// Paints the border of a tile, dashed for a test.
pub fn frame(painter: &Painter, rect: Rect, (line, dashed): (Stroke, bool)) {
    if !dashed {
        painter.rect_stroke(rect, CornerRadius::same(radius::TILE), line, StrokeKind::Inside);
        return;
    }
    let r = f32::from(radius::TILE);
    let rect = rect.shrink(line.width / 2.0);
    let path = rounded::path(rect, r);
    painter.extend(Shape::dashed_line(&path, line, stroke::TEST[0], stroke::TEST[1]));
}
