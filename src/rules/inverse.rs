//! What takes a command back.

use crate::model::message::Command;
use crate::model::snapshot::Snapshot;
use crate::model::{sensors, system, thermal};

/// The command that brings back what `command` changes, as `before` has it; `None` if nothing does, or if it changes
/// nothing.
#[must_use]
pub fn of(command: &Command, before: &Snapshot) -> Option<Command> {
    let inverse = match command {
        Command::System(system::Command::Set { key, .. }) => {
            let setting = before.system.settings.iter().find(|setting| *setting.key == **key)?;
            Command::System(system::Command::Set { key: key.clone(), value: setting.value.to_string() })
        }
        Command::Sensors(sensors::Command::Rename { device, .. }) => {
            let name = before.sensors.devices.get(device)?.name.to_string();
            Command::Sensors(sensors::Command::Rename { device: device.clone(), name })
        }
        Command::Sensors(sensors::Command::SetPlace { device, .. }) => {
            let place = before.sensors.devices.get(device)?.place.to_string();
            Command::Sensors(sensors::Command::SetPlace { device: device.clone(), place })
        }
        Command::Thermal(thermal::Command::Choose { device, .. }) => {
            let choice = before.thermal.arrays.get(device)?.choice;
            Command::Thermal(thermal::Command::Choose { device: device.clone(), choice })
        }
        Command::Sensors(_) | Command::System(_) | Command::Alarms(_) => return None,
    };
    (inverse != *command).then_some(inverse)
}
