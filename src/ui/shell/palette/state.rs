//! What the command palette remembers: what is typed, what was found, what was done last.
//!
//! Invariant: while it is closed nothing is kept but the last few things that were chosen.

use crate::model::alarms::alarm::AlarmId;
use crate::model::alarms::rule::RuleId;
use crate::model::lights::LightId;
use crate::model::lights::group::GroupId;
use crate::model::lights::scene::SceneId;
use crate::model::sensors::DeviceId;
use crate::model::thermal::region::RegionId;
use crate::ui::panels::board::pane::Pane;

/// Things chosen lately that are offered first.
const RECENT: usize = 6;

/// What can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An action, by its name.
    Action(&'static str),
    /// A place of the rail.
    Place(usize),
    /// A part of a place, by the numbers of both.
    Part(usize, usize),
    /// A sensor.
    Device(DeviceId),
    /// A light.
    Light(LightId),
    /// A room or zone.
    Group(GroupId),
    /// A scene of lights.
    Scene(SceneId),
    /// A region or delta of an array.
    Region(DeviceId, RegionId),
    /// An alarm.
    Alarm(AlarmId),
    /// A rule.
    Rule(RuleId),
    /// A layout, by its name.
    Layout(String),
    /// A setting, by its key.
    Setting(String),
    /// A bookmark.
    Bookmark(u64),
    /// A pane for the board.
    Pane(Pane),
}

/// One thing that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its heading.
    pub group: &'static str,
    /// What it is.
    pub target: Target,
    /// Its icon.
    pub icon: char,
    /// Its name.
    pub name: String,
    /// What stands at the right.
    pub side: String,
    /// Which letters of the name were found.
    pub marks: Vec<usize>,
}

/// The open palette.
#[derive(Debug, Default)]
pub struct Open {
    /// The one group that is looked through; `None` for all.
    pub only: Option<&'static str>,
    /// What is typed.
    pub text: String,
    /// What was found, and for which text.
    pub found: Option<(String, Vec<Hit>)>,
    /// The chosen one.
    pub at: usize,
    /// Whether the list scrolls to it.
    pub follow: bool,
    /// Whether the field has had the keyboard.
    pub begun: bool,
}

impl Open {
    /// What was found.
    #[must_use]
    pub fn hits(&self) -> &[Hit] {
        self.found.as_ref().map_or(&[], |(_, hits)| hits)
    }

    /// Chooses the one `step` further, around the ends.
    pub fn step(&mut self, step: isize) {
        let n = self.hits().len() as isize;
        if n > 0 {
            self.at = (self.at as isize + step).rem_euclid(n) as usize;
            self.follow = true;
        }
    }
}

/// The command palette.
#[derive(Debug, Default)]
pub struct Finder {
    /// It, while it is open.
    pub open: Option<Box<Open>>,
    /// What was chosen lately, the newest first.
    pub recent: Vec<Target>,
    /// Where the field is that opens it.
    pub field: Option<egui::Rect>,
}

impl Finder {
    /// Opens it, or closes it.
    pub fn toggle(&mut self) {
        self.open = if self.open.is_some() { None } else { Some(Box::default()) };
    }

    /// Opens it for the things of one group.
    pub fn look_for(&mut self, group: &'static str) {
        self.open = Some(Box::new(Open { only: Some(group), ..Open::default() }));
    }

    /// Notes what was chosen, and closes.
    pub fn chose(&mut self, target: Target) {
        self.open = None;
        self.recent.retain(|known| *known != target);
        self.recent.insert(0, target);
        self.recent.truncate(RECENT);
    }
}
