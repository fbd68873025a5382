//! What a bridge has and how that is, taken in: all of it as it was read, or changes as they happen.
//!
//! Invariant: what is read anew is told only where it is another than before, and does not count for a light whose command
//! is under way.

use crate::drivers::hub::learn;
use crate::drivers::hue::client::Bridge;
use crate::drivers::hue::home::{self, Home};
use crate::drivers::light::Said;
use crate::drivers::{LocalId, Report};
use crate::model::inputs;
use crate::model::lights::Reported;
use crate::units::moment::Moment;
use crate::wire::hue_clip::v2::{Event, Resource};

impl Bridge {
    /// What the bridge has now, in place of what it had.
    pub(super) fn settle(&mut self, mut home: Home) {
        for (id, lamp) in &mut home.lamps {
            let before = self.home.lamps.remove(id);
            if before.as_ref().is_none_or(|before| before.thing != lamp.thing) {
                self.reports.push(Report::Found(id.clone(), lamp.thing.clone()));
            }
            if before.as_ref().map_or(!lamp.reach, |before| before.reach != lamp.reach) {
                self.reports.push(Report::State(id.clone(), Said::Reach(reach(lamp.reach))));
            }
            let is_said =
                before.as_ref().is_none_or(|before| before.known != lamp.known) && lamp.known != Reported::default();
            if let Some(before) = before {
                (lamp.wanted, lamp.asked, lamp.n_tries) = (before.wanted, before.asked, before.n_tries);
                if lamp.asked {
                    // It was read before what is under way took effect.
                    lamp.known = before.known;
                    continue;
                }
            }
            if is_said {
                self.reports.push(Report::State(id.clone(), Said::Light(lamp.known.clone())));
            }
        }
        for (id, sensor) in &mut home.sensors {
            let before = self.home.sensors.remove(id);
            if before.as_ref().is_none_or(|before| before.thing != sensor.thing) {
                self.reports.push(Report::Found(id.clone(), sensor.thing.clone()));
            }
            if before.as_ref().map_or(!sensor.reach, |before| before.reach != sensor.reach) {
                self.reports.push(Report::State(id.clone(), Said::Reach(reach(sensor.reach))));
            }
            let old = before.map(|before| before.said).unwrap_or_default();
            let news = sensor.said.iter().filter(|(key, said)| old.get(*key) != Some(said));
            self.reports.extend(news.map(|(_, said)| Report::State(id.clone(), Said::Input(said.clone()))));
        }
        let gone = self.home.lamps.keys().chain(self.home.sensors.keys());
        for id in gone {
            self.queue.take(id);
            self.reports.push(Report::Gone(id.clone()));
        }
        self.home = home;
    }

    /// Takes in what changed at the bridge.
    pub(super) fn on_event(&mut self, now: Moment, event: &Event) {
        let Event::Changed(resources) = event else {
            self.read_at = Some(now);
            return;
        };
        for resource in resources {
            match resource {
                Resource::Light(light) => {
                    if light.is_renamed() {
                        self.read_at = Some(now);
                    }
                    let id = LocalId(light.id.as_str().into());
                    let Some(lamp) = self.home.lamps.get_mut(&id) else { continue };
                    let said = home::reported(light.state());
                    if said != Reported::default() {
                        learn(&mut lamp.known, said.on, said.brightness, said.color, said.effect);
                        self.reports.push(Report::State(id, Said::Light(lamp.known.clone())));
                    }
                }
                Resource::ZigbeeConnectivity(service) => {
                    let device = service.owner.as_ref().map(|owner| owner.rid.as_str());
                    self.on_reach(device.unwrap_or_default(), service.is_connected() != Some(false));
                }
                Resource::Device(_) | Resource::Room(_) | Resource::Zone(_) | Resource::BridgeHome(_) => {
                    self.read_at = Some(now);
                }
                other => self.on_sensed(other),
            }
        }
    }

    fn on_reach(&mut self, device: &str, is_reached: bool) {
        for (id, lamp) in
            self.home.lamps.iter_mut().filter(|(_, lamp)| lamp.device == device && lamp.reach != is_reached)
        {
            lamp.reach = is_reached;
            if is_reached {
                // It comes back as its power-on behaviour says, not as it was.
                lamp.known = Reported::default();
            }
            self.reports.push(Report::State(id.clone(), Said::Reach(reach(is_reached))));
        }
        let id = LocalId(device.into());
        if let Some(sensor) = self.home.sensors.get_mut(&id).filter(|sensor| sensor.reach != is_reached) {
            sensor.reach = is_reached;
            self.reports.push(Report::State(id, Said::Reach(reach(is_reached))));
        }
    }

    fn on_sensed(&mut self, resource: &Resource) {
        let Some(service) = home::sensed(resource) else { return };
        let id = LocalId(service.owner.as_ref().map(|owner| owner.rid.as_str()).unwrap_or_default().into());
        let control = self.home.controls.get(&service.id).copied().unwrap_or(0);
        let Some(sensor) = self.home.sensors.get_mut(&id) else { return };
        let Some(said) = home::said(resource, control) else { return };
        if matches!(said, inputs::Said::Button(_)) || sensor.said.get(said.key()) != Some(&said) {
            sensor.said.insert(said.key(), said.clone());
            self.reports.push(Report::State(id, Said::Input(said)));
        }
    }
}

fn reach(is_reached: bool) -> Result<(), String> {
    if is_reached { Ok(()) } else { Err("the bridge cannot reach it".to_owned()) }
}
