//! Commands of one window frame, on their way to the port.
//!
//! Invariant: a frame sends at most one command for each thing that can be set: the last one.

use std::sync::Arc;

use crate::model::message::{Command, Origin, Ticket};
use crate::model::{alarms, bridge, exports, layouts, lights, sensors, system, thermal};
use crate::port::Port;

/// What panels ask for while they are drawn.
#[derive(Debug, Default)]
pub struct Outbox {
    commands: Vec<Command>,
}

impl Outbox {
    /// Asks something of the sensor server.
    pub fn sensors(&mut self, command: sensors::Command) {
        self.push(Command::Sensors(command));
    }

    /// Asks something of the thermal service.
    pub fn thermal(&mut self, command: thermal::Command) {
        self.push(Command::Thermal(command));
    }

    /// Asks something of the alarm service.
    pub fn alarms(&mut self, command: alarms::Command) {
        self.push(Command::Alarms(command));
    }

    /// Asks something of lights and their connections.
    pub fn lights(&mut self, command: lights::Command) {
        self.push(Command::Lights(command));
    }

    /// Asks something of the Hue bridge.
    pub fn bridge(&mut self, command: bridge::Command) {
        self.push(Command::Bridge(command));
    }

    /// Saves or removes a layout.
    pub fn layouts(&mut self, command: layouts::Command) {
        self.push(Command::Layouts(command));
    }

    /// Has a file written.
    pub fn exports(&mut self, command: exports::Command) {
        self.push(Command::Exports(command));
    }

    /// Asks something of the program.
    pub fn system(&mut self, command: system::Command) {
        self.push(Command::System(command));
    }

    /// Sends a command that was sent before, or one that takes it back.
    pub fn again(&mut self, command: Command) {
        self.push(command);
    }

    /// What is to be sent, in order: [`Self::flush`] hands back a ticket for each.
    #[must_use]
    pub fn waiting(&self) -> &[Command] {
        &self.commands
    }

    fn push(&mut self, command: Command) {
        self.commands.retain(|earlier| !same_thing(earlier, &command));
        self.commands.push(command);
    }

    /// Sends everything; hands back the tickets, in order.
    pub fn flush(&mut self, port: &Port, operator: &Arc<str>) -> Vec<Ticket> {
        self.commands.drain(..).map(|command| port.send(command, Origin::Operator(Arc::clone(operator)))).collect()
    }
}

/// Whether a later command makes an earlier one pointless.
fn same_thing(earlier: &Command, later: &Command) -> bool {
    match (earlier, later) {
        (
            Command::Thermal(thermal::Command::Choose { device: a, .. }),
            Command::Thermal(thermal::Command::Choose { device: b, .. }),
        ) => a == b,
        (
            Command::System(system::Command::Set { key: a, .. }),
            Command::System(system::Command::Set { key: b, .. }),
        ) => a == b,
        (Command::Lights(a), Command::Lights(b)) => same_light(a, b),
        (a, b) => a == b,
    }
}

/// Whether a later command to lights makes an earlier one pointless: it says all that the earlier one said.
fn same_light(earlier: &lights::Command, later: &lights::Command) -> bool {
    use lights::Command as C;
    match (earlier, later) {
        (C::Set { aims: a, change: earlier }, C::Set { aims: b, change: later }) => {
            a == b && earlier.then(later) == *later
        }
        (C::SetMaster(_), C::SetMaster(_)) => true,
        // Steps add up.
        (C::Step { .. }, _) => false,
        (a, b) => a == b,
    }
}
