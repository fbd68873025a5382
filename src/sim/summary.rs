//! What simulated devices did, in numbers.

use std::ops::AddAssign;

use serde::Serialize;

/// Counts of one device, or the sum over many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Connections made.
    pub connections: u64,
    /// Frames whose last byte went out, damaged ones counted.
    pub frames_sent: u64,
    /// Frames hit by an order that came while they were being sent.
    pub frames_damaged_by_orders: u64,
    /// Frames damaged because that device was told to.
    pub frames_damaged_by_fault: u64,
    /// Greetings, sensor lines and garbage.
    pub other_packets_sent: u64,
    /// Orders that arrived, lost ones counted.
    pub orders_received: u64,
    /// Orders lost because a packet was being sent.
    pub orders_lost: u64,
    /// Orders that were not spelled as the device wants them, or ask for what it does not have.
    pub orders_ignored: u64,
    /// Orders for the calibration that arrived, lost ones counted.
    pub calibrations_ordered: u64,
    /// Calibrations sent whole.
    pub calibrations_answered: u64,
    /// Calibrations hit by an order.
    pub calibrations_damaged: u64,
    /// Restarts.
    pub reboots: u64,
    /// Bytes sent.
    pub bytes_sent: u64,
}

impl AddAssign for Summary {
    fn add_assign(&mut self, other: Self) {
        self.connections += other.connections;
        self.frames_sent += other.frames_sent;
        self.frames_damaged_by_orders += other.frames_damaged_by_orders;
        self.frames_damaged_by_fault += other.frames_damaged_by_fault;
        self.other_packets_sent += other.other_packets_sent;
        self.orders_received += other.orders_received;
        self.orders_lost += other.orders_lost;
        self.orders_ignored += other.orders_ignored;
        self.calibrations_ordered += other.calibrations_ordered;
        self.calibrations_answered += other.calibrations_answered;
        self.calibrations_damaged += other.calibrations_damaged;
        self.reboots += other.reboots;
        self.bytes_sent += other.bytes_sent;
    }
}
