//! What takes a deed back.

use crate::model::deed::{Deed, Lights, Thermal};
use crate::model::snapshot::Snapshot;
use crate::model::{sensors, system};

/// The deed that brings back what `deed` changes, as `before` has it; `None` if nothing does, or if it changes nothing.
#[must_use]
pub fn of(deed: &Deed, before: &Snapshot) -> Option<Deed> {
    let inverse = match deed {
        Deed::System(system::Command::Set { key, .. }) => {
            let setting = before.system.settings.iter().find(|setting| *setting.key == **key)?;
            Deed::System(system::Command::Set { key: key.clone(), value: setting.value.to_string() })
        }
        Deed::Sensors(sensors::Command::Rename { device, .. }) => {
            let name = before.sensors.devices.get(device)?.name.to_string();
            Deed::Sensors(sensors::Command::Rename { device: device.clone(), name })
        }
        Deed::Sensors(sensors::Command::SetPlace { device, .. }) => {
            let place = before.sensors.devices.get(device)?.place.to_string();
            Deed::Sensors(sensors::Command::SetPlace { device: device.clone(), place })
        }
        Deed::Thermal(Thermal::Choose { device, .. }) => {
            let choice = before.thermal.arrays.get(device)?.choice;
            Deed::Thermal(Thermal::Choose { device: device.clone(), choice })
        }
        Deed::Lights(Lights::Alert { aims, .. }) => Deed::Lights(Lights::EndAlert { aims: aims.clone() }),
        Deed::Sensors(_) | Deed::Thermal(_) | Deed::Lights(_) | Deed::System(_) => return None,
    };
    (inverse != *deed).then_some(inverse)
}
