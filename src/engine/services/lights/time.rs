//! What happens by itself when time passes, and what was stored taken in.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::services::lights::book::{Lights, Line, Now, Own, ThingId};
use crate::engine::services::lights::grants::COUNT;
use crate::engine::services::lights::secrets::Secrets;
use crate::engine::services::lights::wanted::wanted;
use crate::model::lights::{self, Update};
use crate::units::moment::Moment;

/// The service looks after itself at least so often.
const ROUND: Duration = Duration::from_secs(10);
/// The same while the demo home looks for its devices.
const DEMO_ROUND: Duration = Duration::from_secs(1);

impl Lights {
    /// Takes in what was stored. Lights are there at once, with what they can do and in their rooms; they are out of reach
    /// until their connections say otherwise.
    pub fn restore(&mut self, stored: lights::Lights, secrets: Secrets) {
        self.secrets = secrets;
        let families = std::mem::take(&mut self.state.families);
        self.state = lights::Lights { families, ..stored };
        let master = self.state.master;
        for id in self.state.connections.keys() {
            self.lines.insert(id.clone(), Line::default());
        }
        for (id, light) in &mut self.state.lights {
            let light = Arc::make_mut(light);
            light.wanted = wanted(&light.stack, master, &light.capabilities);
            let line = self.lines.entry(light.connection.clone()).or_default();
            line.things.insert(Arc::clone(&light.local), ThingId::Light(id.clone()));
            self.own.insert(id.clone(), Own::default());
        }
        for (id, input) in &self.state.inputs {
            let line = self.lines.entry(input.connection.clone()).or_default();
            line.things.insert(Arc::clone(&input.local), ThingId::Input(id.clone()));
        }
        self.hold_ends = self.state.lights.values().filter_map(|light| light.stack.expires()).min();
        let known = &self.state.lights;
        for group in self.state.groups.values_mut() {
            Arc::make_mut(group).lights.retain(|id| known.contains_key(id));
        }
    }

    /// The fact that tells everything at once, after a restart.
    #[must_use]
    pub fn opening(&self) -> Update {
        Update::Reset(Arc::new(self.state.clone()))
    }

    /// Begins: connections are opened, scenes that were active go on.
    pub fn begin(&mut self, now: Now) {
        (self.now, self.ticked) = (now, now);
        self.resume_motions();
        self.start_all();
    }

    /// Does what is due.
    pub fn on_tick(&mut self, now: Now) {
        (self.now, self.ticked) = (now, now);
        self.expire_holds();
        self.move_scenes();
        self.count_frames();
        self.miss_things();
        self.look_after_findings();
    }

    /// When to come again if nothing happens before.
    #[must_use]
    pub fn wake_at(&self) -> Moment {
        let Now { at, wall } = self.ticked;
        let looks = self.demo && at < Moment::ZERO + Duration::from_secs(60);
        let round = at + self.ask_pause().min(if looks { DEMO_ROUND } else { ROUND });
        let hold = self.hold_ends.map(|until| at + until.duration_since(wall).try_into().unwrap_or(Duration::ZERO));
        let count = self.streaming().then(|| self.counted + COUNT);
        [Some(round), hold, count, self.next_motion()].into_iter().flatten().min().unwrap_or(round)
    }
}
