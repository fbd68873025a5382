//! What behaviour scripts do, in terms of the house.

use serde::{Deserialize, Serialize};

use crate::model::bridge::plan::{Days, TimePoint};
use crate::model::inputs::InputId;
use crate::model::lights::group::GroupId;
use crate::model::lights::scene::SceneId;

/// Where something happens: a room or zone; `None` for the whole home.
pub type Place = Option<GroupId>;

/// What is done with a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// It goes on, as it was.
    On,
    /// It goes off.
    Off,
    /// A scene is recalled.
    Recall(SceneId),
}

/// How sleep ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Off.
    Off,
    /// As dim as it can be.
    Nightlight,
}

/// When, on which days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Daily {
    /// The point of the day.
    pub at: TimePoint,
    /// Days of the week; none for once.
    pub days: Days,
}

/// What a behaviour does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// Brighten slowly, so that it is light at the time.
    WakeUp {
        /// Where.
        places: Vec<Place>,
        /// When it is to be bright.
        when: Daily,
        /// Seconds from dark to there.
        fade_s: u32,
        /// How bright, 0..=1.
        brightness: f32,
        /// Seconds after which it goes off, if it does.
        off_after_s: Option<u32>,
    },
    /// Dim slowly from the time on.
    Sleep {
        /// Where.
        places: Vec<Place>,
        /// When it begins; `None` if only by hand.
        when: Option<Daily>,
        /// Seconds until it is over.
        fade_s: u32,
        /// How it ends.
        end: End,
    },
    /// Something from one time to another.
    Schedule {
        /// What.
        doings: Vec<(Place, Doing)>,
        /// When it begins.
        from: Daily,
        /// When it ends with everything off, if it does.
        until: Option<TimePoint>,
        /// How long a change takes, seconds.
        transition_s: u32,
        /// Up to so many seconds earlier or later, at random.
        random_s: u32,
    },
    /// Something after a while.
    Timer {
        /// What.
        doings: Vec<(Place, Doing)>,
        /// Seconds.
        seconds: u32,
    },
    /// Something while somebody is there.
    Motion {
        /// What sees them.
        input: InputId,
        /// What, by the time of day from which on it holds.
        by_day: Vec<(TimePoint, Vec<(Place, Doing)>)>,
        /// Seconds without motion until it is off.
        off_after_s: u32,
        /// Light level above which nothing happens, lux.
        brighter_than: Option<f32>,
    },
    /// Something by a button.
    Switch {
        /// Whose buttons.
        input: InputId,
        /// By the number of the button: scenes, one after the other; on/off where there are none.
        buttons: Vec<(u8, Vec<Press>)>,
    },
    /// Something when the first comes home, or the last leaves.
    Presence {
        /// Whether it is about coming.
        coming: bool,
        /// What.
        doings: Vec<(Place, Doing)>,
    },
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Press {
    /// Pressed and let go: these, one after the other at each press.
    Short(Vec<Place>, Vec<Doing>),
    /// Held: brighter or darker by this at each repeat, -1..=1.
    Hold(Vec<Place>, f32),
    /// Held: this, once.
    Long(Vec<Place>, Doing),
}
