//! The limits of alarm rules as lines of a plot.

use crate::report::limits::{self, Unit};
use crate::ui::panels::history::legend;
use crate::ui::panels::history::picks::Pick;
use crate::ui::scene::Scene;
use crate::ui::widgets::plot::Limit;

/// The limits of the channels of a plot, in the unit shown.
#[must_use]
pub fn of(scene: &Scene<'_>, picks: &[&Pick], unit: Unit) -> Vec<Limit> {
    let scale = scene.choices.scale;
    let mut out: Vec<Limit> = Vec::new();
    for pick in picks {
        let slot = scene.port.slots.device(&pick.device);
        let learned = slot.and_then(|slot| slot.learned.load_full());
        let rest = learned.and_then(|learned| learned.rests.get(&pick.channel).map(|rest| f64::from(rest.median)));
        let rules = scene.view.alarms.rules.values().map(|rule| &**rule);
        for limit in limits::limits(rules, &pick.device, &pick.channel, rest) {
            let value = unit.in_scale(limit.value, scale);
            if out.iter().all(|known| (known.value - value).abs() > 1e-6) {
                let name = format!("{} {}", limit.level.word(), legend::figure(unit, value));
                out.push(Limit { value, name });
            }
        }
    }
    out
}
