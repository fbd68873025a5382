//! Commands: which one is whose, and those that are small.

use std::sync::Arc;

use crate::drivers::light::Wish;
use crate::engine::services::lights::book::{Deed, Lights, Now};
use crate::engine::services::lights::checks;
use crate::model::lights::capabilities::PowerOn;
use crate::model::lights::connection::Reach;
use crate::model::lights::layers::Layer;
use crate::model::lights::{Command, Light, LightId};
use crate::model::message::Origin;

impl Lights {
    /// Decides on a command. What follows is in [`Lights::take`].
    ///
    /// # Errors
    /// Why it is refused, for a person; nothing was changed.
    pub fn on_command(&mut self, command: Command, origin: &Origin, now: Now) -> Result<(), String> {
        self.now = now;
        let by = origin.words();
        match command {
            Command::Set { aims, change } => self.set(&aims, change, &by),
            Command::Step { aims, by: step } => self.step(&aims, step, &by),
            Command::Restore { bases } => self.restore_bases(bases, &by),
            Command::Release { aims } => self.release(&aims),
            Command::PutLayer { kind, key, name, aims, change } => {
                let layer = Layer { key, kind, name, by, since: now.wall, change, hold: None };
                self.put_layer(&layer, &aims)
            }
            Command::RemoveLayer { kind, key } => {
                self.remove_layer(kind, &key);
                Ok(())
            }
            Command::SetMaster(master) => self.set_master(master),
            Command::Identify(light) => self.identify(&light),
            Command::SetPowerOn { light, power_on } => self.set_power_on(&light, power_on),
            Command::Rename { light, name } => self.rename(&light, &name),
            Command::SetFavourite { light, favourite } => self.set_favourite(&light, favourite),
            Command::ForgetLight(light) => self.forget_light(&light),
            Command::PutGroup { group, name, kind, lights } => self.put_group(group, &name, kind, lights),
            Command::RemoveGroup(group) => self.remove_group(&group),
            Command::PutScene { scene, name, group, transition_ms, content } => {
                self.put_scene(scene, &name, group, transition_ms, content)
            }
            Command::RemoveScene(scene) => self.remove_scene(&scene),
            Command::Recall { scene, transition_ms } => self.show(&scene, transition_ms, None, false, &by),
            Command::Show { scene, transition_ms, brightness, moving } => {
                self.show(&scene, transition_ms, brightness, moving, &by)
            }
            Command::SetPalette { scene, palette } => self.set_palette(&scene, palette),
            Command::StopScene(scene) => self.stop_scene(&scene),
            Command::Search(on) => {
                self.search(on);
                Ok(())
            }
            Command::Sweep(networks) => self.sweep(networks),
            Command::Connect { target, secrets } => self.connect(target, secrets).map(drop),
            Command::Redirect { connection, target, secrets } => self.redirect(&connection, target, secrets),
            Command::Retry(connection) => self.retry(&connection),
            Command::RenameConnection { connection, name } => self.rename_connection(&connection, &name),
            Command::Disconnect(connection) => self.disconnect(&connection),
        }
    }

    pub(super) fn light(&self, id: &LightId) -> Result<&Arc<Light>, String> {
        self.state.lights.get(id).ok_or_else(|| checks::no_light(id))
    }

    fn identify(&mut self, id: &LightId) -> Result<(), String> {
        let light = self.light(id)?;
        if !light.capabilities.identify {
            return Err(format!("{} cannot make itself known. Switch it off and on instead.", light.name));
        }
        if let Reach::Unreachable { why, .. } | Reach::Refused { why } = &light.reach {
            return Err(format!("{} is out of reach: {why}", light.name));
        }
        self.ask(id, Wish::Identify);
        Ok(())
    }

    fn set_power_on(&mut self, id: &LightId, power_on: PowerOn) -> Result<(), String> {
        let light = self.light(id)?;
        if !light.capabilities.power_on.contains(&power_on) {
            return Err(format!("{} cannot be told that for when its power comes back.", light.name));
        }
        self.edit(id, |light| light.power_on = Some(power_on));
        self.ask(id, Wish::PowerOn(power_on));
        Ok(())
    }

    fn rename(&mut self, id: &LightId, name: &str) -> Result<(), String> {
        self.light(id)?;
        let name = checks::name(name)?;
        self.edit(id, |light| light.name = name);
        Ok(())
    }

    fn set_favourite(&mut self, id: &LightId, favourite: bool) -> Result<(), String> {
        self.light(id)?;
        self.edit(id, |light| light.favourite = favourite);
        Ok(())
    }

    fn forget_light(&mut self, id: &LightId) -> Result<(), String> {
        let light = self.light(id)?;
        let line = self.lines.get(&light.connection);
        if line.is_some_and(|line| line.up_since.is_some() && line.there.contains(&light.local)) {
            let connection = self.state.connections.get(&light.connection);
            let whose = connection.map_or("its connection", |connection| &connection.name);
            return Err(format!("{} is still there, so it would come back. Remove it from {whose} first.", light.name));
        }
        self.remove_light(&id.clone());
        Ok(())
    }

    fn search(&mut self, on: bool) {
        self.out.deeds.push(if on { Deed::Ask } else { Deed::Pause });
        if self.state.search.running != on {
            (self.state.search.running, self.changed.search) = (on, true);
        }
    }

    fn sweep(&mut self, networks: Vec<String>) -> Result<(), String> {
        /// Larger networks take too long, and trouble too many.
        const LARGEST: u8 = 20;
        for network in &networks {
            let right = network.parse::<ipnet::Ipv4Net>().is_ok_and(|network| network.prefix_len() >= LARGEST);
            if !right {
                return Err(format!(
                    "\"{network}\" is no network to ask. Write one such as 192.168.1.0/24, /{LARGEST} at most."
                ));
            }
        }
        self.out.deeds.push(Deed::Sweep(networks));
        Ok(())
    }
}
