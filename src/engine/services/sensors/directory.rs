//! What a session asks of the house, and what it is answered: rarely, never per packet.

use std::net::IpAddr;
use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::engine::services::sensors::place::Places;
use crate::engine::services::thermal::Cell;
use crate::heat::watch::{Edge, Program, Watch};
use crate::model::alarms::rule::RuleId;
use crate::model::sensors::DeviceId;
use crate::model::thermal::PixelMeaning;
use crate::port::slots::DeviceSlot;
use crate::units::grid::Size;
use crate::units::moment::Moment;
use crate::wire::thermal::LineEnd;

/// A wish to report for a location.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Which connection.
    pub connection: u64,
    /// From where.
    pub address: IpAddr,
    /// When the connection was opened.
    pub opened: Moment,
    /// The serial number it sent.
    pub serial: Option<Arc<str>>,
    /// The location it reports for.
    pub location: Arc<str>,
}

/// What a claim is answered with.
#[derive(Debug)]
pub struct Handle {
    /// Where its readings go.
    pub slot: Arc<DeviceSlot>,
    /// How its frames become temperatures.
    pub cell: Arc<Cell>,
    /// The command spelling that it was seen to answer.
    pub line_end: Option<LineEnd>,
    /// What holds its readings against the rules.
    pub watch: Watch,
    /// The rules in force.
    pub program: Arc<ArcSwap<Program>>,
}

/// What a session asks of the house: rarely, never per packet.
pub trait Directory: Places {
    /// Binds a connection to a device. `None`: no more devices can be taken.
    fn claim(&self, claim: &Claim) -> Option<Handle>;
    /// A frame of another size or meaning than before came in.
    fn recognised(&self, device: &DeviceId, size: Size, meaning: PixelMeaning);
    /// A calibration came in.
    ///
    /// # Errors
    /// It is no calibration: why.
    fn calibration(&self, device: &DeviceId, words: &[u16]) -> Result<(), String>;
    /// This spelling of commands was answered.
    fn answered(&self, device: &DeviceId, end: LineEnd);
    /// Sources of rules turned: alarms are decided here, at once.
    fn turned(&self, device: &DeviceSlot, edges: &[Edge]);
    /// Sources of rules that are on at a device.
    fn on(&self, device: &DeviceSlot) -> Vec<(RuleId, u16)>;
    /// Whether the operator asked for a new calibration since the last call.
    fn take_calibration_wish(&self, device: &DeviceId) -> bool;
}
