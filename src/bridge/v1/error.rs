//! What can be wrong with a request of version 1: number, address and words, as every Hue app knows them.
//!
//! Invariant: this is the one table of them; each goes out with status 200.

use serde_json::{Value, json};

/// Characters of a wrong value that are repeated, at most.
const MAX_ECHO: usize = 64;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Nobody holds the key.
    Unauthorized,
    /// The body is no JSON, or no object.
    BadJson,
    /// There is no such thing.
    NotAvailable,
    /// This verb does nothing there.
    Method(String),
    /// Something that must be said is not.
    MissingParameters,
    /// Nothing is called so.
    Unknown(String),
    /// A value of the wrong type, or out of range.
    Invalid {
        /// Whose.
        name: String,
        /// Which, as it was written.
        value: String,
    },
    /// It can be read only.
    ReadOnly(String),
    /// A list is too long.
    TooMany,
    /// The button was not pressed.
    Button,
    /// The address of the bridge is not for apps to settle.
    Dhcp,
    /// The light is off, and the request does not turn it on.
    Off(String),
    /// There are as many groups as there can be.
    GroupsFull,
    /// All lights are a group that cannot be changed.
    GroupKind,
    /// A light is in another room already.
    OneRoom,
    /// Nobody can stream there now.
    Stream,
    /// There are as many scenes as there can be.
    ScenesFull,
    /// A rule, schedule or link needs the scene.
    SceneLocked,
    /// A scene of no lights.
    EmptyScene,
    /// Apps cannot make such a sensor.
    SensorKind,
    /// There are as many sensors as there can be.
    SensorsFull,
    /// There are as many rules as there can be.
    RulesFull,
    /// A condition names nothing, or compares what cannot be compared.
    Condition,
    /// An action does nothing that can be done.
    Action,
    /// There are as many schedules as there can be.
    SchedulesFull,
    /// Both of the two ways to say a time.
    BothTimes,
    /// A time that is over.
    Past,
    /// A schedule's command does nothing that can be done.
    Command,
    /// The house refused: why, for people.
    Refused(String),
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The path behind the key.
    pub address: String,
    /// What.
    pub what: What,
}

impl Error {
    /// Something is wrong at an address.
    #[must_use]
    pub fn new(address: impl Into<String>, what: What) -> Self {
        Self { address: address.into(), what }
    }

    /// A value that cannot be.
    #[must_use]
    pub fn invalid(address: impl Into<String>, name: &str, value: &Value) -> Self {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let value = value.chars().take(MAX_ECHO).collect();
        Self::new(address, What::Invalid { name: name.to_owned(), value })
    }

    /// Its number.
    #[must_use]
    pub const fn number(&self) -> u16 {
        match self.what {
            What::Unauthorized => 1,
            What::BadJson => 2,
            What::NotAvailable => 3,
            What::Method(_) => 4,
            What::MissingParameters => 5,
            What::Unknown(_) => 6,
            What::Invalid { .. } => 7,
            What::ReadOnly(_) => 8,
            What::TooMany => 11,
            What::Button => 101,
            What::Dhcp => 110,
            What::Off(_) => 201,
            What::GroupsFull => 301,
            What::GroupKind => 305,
            What::OneRoom => 306,
            What::Stream => 307,
            What::ScenesFull => 402,
            What::SceneLocked => 403,
            What::EmptyScene => 404,
            What::SensorKind => 501,
            What::SensorsFull => 502,
            What::RulesFull => 601,
            What::Condition => 607,
            What::Action => 608,
            What::SchedulesFull => 701,
            What::BothTimes => 703,
            What::Past => 705,
            What::Command => 706,
            What::Refused(_) => 901,
        }
    }

    /// Its words.
    #[must_use]
    pub fn description(&self) -> String {
        let words = match &self.what {
            What::Unauthorized => "unauthorized user",
            What::BadJson => "body contains invalid JSON",
            What::NotAvailable => return format!("resource, {}, not available", self.address),
            What::Method(verb) => return format!("method, {verb}, not available for resource, {}", self.address),
            What::MissingParameters => "missing parameters in body",
            What::Unknown(name) => return format!("parameter, {name}, not available"),
            What::Invalid { name, value } => return format!("invalid value, {value}, for parameter, {name}"),
            What::ReadOnly(name) => return format!("parameter, {name}, is not modifiable"),
            What::TooMany => "too many items in list",
            What::Button => "link button not pressed",
            What::Dhcp => "DHCP cannot be disabled",
            What::Off(name) => return format!("parameter, {name}, is not modifiable. Device is set to off."),
            What::GroupsFull => "group could not be created. Group table is full.",
            What::GroupKind => "It is not allowed to update or delete group of this type",
            What::OneRoom => "A light can only be used in one room at the same time",
            What::Stream => "Cannot claim stream ownership",
            What::ScenesFull => "Scene could not be created. Scene buffer in bridge full.",
            What::SceneLocked => "Scene could not be removed, because it's locked.",
            What::EmptyScene => "Scene could not be created, group is empty.",
            What::SensorKind => "Not allowed to create sensor type",
            What::SensorsFull => "Sensor list is full.",
            What::RulesFull => "Rule engine full.",
            What::Condition => "Condition error",
            What::Action => "Action error",
            What::SchedulesFull => "Schedule list is full.",
            What::BothTimes => "Schedule cannot set time and local time.",
            What::Past => "Cannot enable schedule, time is in the past.",
            What::Command => "Command error",
            What::Refused(why) => return format!("Internal error, {why}"),
        };
        words.to_owned()
    }

    /// As it is sent.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({"error": {"type": self.number(), "address": self.address, "description": self.description()}})
    }
}
