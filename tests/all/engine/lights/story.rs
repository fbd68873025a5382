//! Random stories of writes, layers, holds, releases, alarms, strangers' hands and outages. Beside the service a model,
//! as simple as can be, that knows each attribute by itself, predicts what the light shows.

use std::collections::BTreeMap;
use std::time::Duration;

use hearthlight::engine::link::Health;
use hearthlight::engine::services::lights::book::Prefs;
use hearthlight::model::lights::layers::Kind;
use hearthlight::model::lights::state::{Change, Color, State};
use hearthlight::model::lights::{Aim, Command, Reported};
use hearthlight::units::color::Xy;
use proptest::prelude::*;

use super::Home;

/// A hold ends after so many minutes.
const HOLD: u64 = 5;

#[derive(Clone, Debug)]
enum Op {
    Set(Say),
    Put(usize, u8, Say),
    Remove(usize, u8),
    Release,
    Stranger(Say),
    Down,
    Up,
    Wait(u8),
}

/// On, brightness in quarters, one of four colours.
type Say = (Option<bool>, Option<u8>, Option<u8>);

const KINDS: [Kind; 5] = [Kind::Schedule, Kind::Effect, Kind::Automation, Kind::Stream, Kind::Alarm];

fn color(n: u8) -> Color {
    let (x, y) = [(0.64, 0.33), (0.3, 0.6), (0.17, 0.08), (0.4, 0.4)][usize::from(n % 4)];
    Color::Xy(Xy::new(x, y).unwrap())
}

fn change(say: &Say) -> Change {
    let (on, brightness, n) = *say;
    let brightness = brightness.map(|quarters| f32::from(quarters) / 4.0);
    Change { on, brightness, color: n.map(color), ..Change::default() }
}

fn say() -> impl Strategy<Value = Say> {
    let any_say = (any::<Option<bool>>(), proptest::option::of(1..=4_u8), proptest::option::of(0..4_u8));
    any_say.prop_filter("it says something", |say| *say != (None, None, None))
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => say().prop_map(Op::Set),
        4 => (0..5_usize, 0..2_u8, say()).prop_map(|(kind, key, say)| Op::Put(kind, key, say)),
        3 => (0..5_usize, 0..2_u8).prop_map(|(kind, key)| Op::Remove(kind, key)),
        1 => Just(Op::Release),
        2 => say().prop_map(Op::Stranger),
        1 => Just(Op::Down),
        1 => Just(Op::Up),
        2 => (0..4_u8).prop_map(Op::Wait),
    ]
}

/// A layer: kind, key.
type Name = (usize, u8);

/// One attribute by itself: its base, and for each layer what it says and what is held above it.
struct Column<V> {
    base: V,
    above: BTreeMap<Name, (Option<V>, Option<V>)>,
}

impl<V: Clone> Column<V> {
    /// From the top: holds hide layers, layers hide what is below them. `order` names layers from the lowest to the highest.
    fn shown(&self, order: &[Name]) -> V {
        let top = order.iter().rev().find_map(|name| {
            let (says, held) = self.above.get(name)?;
            held.clone().or_else(|| says.clone())
        });
        top.unwrap_or_else(|| self.base.clone())
    }

    /// Where a touch goes: the layer that it is held above, if not into the base.
    fn touch(&mut self, order: &[Name], value: Option<V>) -> Option<Name> {
        let value = value?;
        let masks = |name: &&Name| self.above.get(name).is_some_and(|(says, held)| says.is_some() || held.is_some());
        match order.iter().rev().filter(|name| name.0 != 4).find(masks) {
            Some(name) => {
                self.above.entry(*name).or_insert((None, None)).1 = Some(value);
                Some(*name)
            }
            None => {
                self.base = value;
                None
            }
        }
    }

    fn put(&mut self, name: Name, says: Option<V>) {
        self.above.entry(name).or_insert((None, None)).0 = says;
    }

    fn masked(&self) -> bool {
        self.above.values().any(|(says, held)| says.is_some() || held.is_some())
    }
}

struct Model {
    on: Column<bool>,
    brightness: Column<u8>,
    color: Column<u8>,
    order: Vec<Name>,
    held_until: BTreeMap<Name, u64>,
    minute: u64,
}

fn column<V>(base: V) -> Column<V> {
    Column { base, above: BTreeMap::new() }
}

impl Model {
    fn touch(&mut self, (on, brightness, color): Say) {
        let into = [
            self.on.touch(&self.order, on),
            self.brightness.touch(&self.order, brightness),
            self.color.touch(&self.order, color),
        ];
        for name in into.into_iter().flatten() {
            self.held_until.insert(name, self.minute + HOLD);
        }
    }

    fn put(&mut self, name: Name, (on, brightness, color): Say) {
        if !self.order.contains(&name) {
            let at = self.order.iter().filter(|known| known.0 <= name.0).count();
            self.order.insert(at, name);
        }
        self.on.put(name, on);
        self.brightness.put(name, brightness);
        self.color.put(name, color);
    }

    fn remove(&mut self, name: Name) {
        self.order.retain(|known| *known != name);
        self.held_until.remove(&name);
        self.on.above.remove(&name);
        self.brightness.above.remove(&name);
        self.color.above.remove(&name);
    }

    fn end_holds(&mut self, over: impl Fn(u64) -> bool) {
        let ended: Vec<_> = self.held_until.iter().filter(|(_, until)| over(**until)).map(|(name, _)| *name).collect();
        for name in ended {
            self.held_until.remove(&name);
            self.on.above.entry(name).and_modify(|layer| layer.1 = None);
            self.brightness.above.entry(name).and_modify(|layer| layer.1 = None);
            self.color.above.entry(name).and_modify(|layer| layer.1 = None);
        }
    }

    /// Somebody else changed the light: what no layer masks is its base from now on. How it looks while off does not count.
    fn stranger(&mut self, says: Say) -> Say {
        let shown = self.shown();
        let on = says.0.unwrap_or(shown.0);
        if !self.on.masked() {
            self.on.base = on;
        }
        if on {
            if let Some(brightness) = says.1.filter(|_| !self.brightness.masked()) {
                self.brightness.base = brightness;
            }
            if let Some(color) = says.2.filter(|_| !self.color.masked()) {
                self.color.base = color;
            }
        }
        (Some(on), says.1, says.2)
    }

    fn shown(&self) -> (bool, u8, u8) {
        (self.on.shown(&self.order), self.brightness.shown(&self.order), self.color.shown(&self.order))
    }
}

/// Lets a light and its model live through a story.
fn live(story: &[Op]) {
    let mut home = Home::with(&["a"]);
    home.lights.set_prefs(Prefs { transition_ms: 0, hold_minutes: HOLD as u32 });
    home.set("a", Change { on: Some(false), brightness: Some(1.0), color: Some(color(0)), ..Change::default() });
    let (order, held_until) = (Vec::new(), BTreeMap::new());
    let mut model = Model { on: column(false), brightness: column(4), color: column(0), order, held_until, minute: 0 };
    let (mut up, mut device) = (true, home.wanted("a"));
    for op in story {
        home.wished.clear();
        match op {
            Op::Set(say) => {
                model.touch(*say);
                home.set("a", change(say));
            }
            Op::Put(kind, key, say) => {
                model.put((*kind, *key), *say);
                home.layer(KINDS[*kind], &key.to_string(), "a", change(say));
            }
            Op::Remove(kind, key) => {
                model.remove((*kind, *key));
                let key = key.to_string().into();
                home.command(Command::RemoveLayer { kind: KINDS[*kind], key }).unwrap();
            }
            Op::Release => {
                model.end_holds(|_| true);
                home.command(Command::Release { aims: vec![Aim::All] }).unwrap();
            }
            Op::Stranger(say) if up => {
                // Nothing of ours is on its way any more.
                home.now.at = home.now.at + Duration::from_secs(30);
                let (on, brightness, n) = model.stranger(*say);
                let brightness = brightness.map(|quarters| f32::from(quarters) / 4.0);
                let reported = Reported { on, brightness, color: n.map(color), effect: None };
                // Only what it says now counts, not what it said long ago.
                let shown = home.wanted("a");
                let all =
                    Reported { brightness: Some(shown.brightness), color: Some(shown.color), ..Reported::default() };
                home.says("a", Reported { on: Some(shown.on), ..all });
                home.says("a", reported);
                home.wished.clear();
                device = home.wanted("a");
            }
            Op::Stranger(_) => {}
            Op::Down => {
                home.down();
                up = false;
            }
            Op::Up => {
                home.health(Health::Online);
                up = true;
            }
            Op::Wait(minutes) => {
                model.minute += u64::from(*minutes);
                let now = model.minute;
                model.end_holds(|until| until <= now);
                home.pass(60.0 * f64::from(*minutes));
            }
        }
        if let Some(state) = home.wished.get("a").filter(|_| up) {
            device = state.clone();
        }
        let (on, brightness, n) = model.shown();
        let predicted = State { on, brightness: f32::from(brightness) / 4.0, color: color(n), effect: None };
        assert_eq!(home.wanted("a"), predicted, "after {op:?}");
        assert!(!up || device == predicted, "the light itself shows {device:?} after {op:?}, not {predicted:?}");
        let lines = home.light("a").stack.explain();
        let driven: usize = lines.iter().map(|line| line.drives.len()).sum();
        assert_eq!(driven, 3, "each attribute has one who drives it");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_shown_always_follows_from_the_layers(story in proptest::collection::vec(op(), 1..60)) {
        live(&story);
    }
}
