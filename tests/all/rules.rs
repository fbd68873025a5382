//! Rules in action: which actions are due, what takes them back, what they are called.

use std::collections::BTreeMap;
use std::sync::Arc;

use hearthlight::model::alarms::alarm::{Alarm, AlarmId, Done, Shelf};
use hearthlight::model::alarms::rule::{Action, Level, Rule};
use hearthlight::model::deed::{Deed, Thermal};
use hearthlight::model::message::{Command, Envelope, Origin, Outcome, Stamped, Update};
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::Stopped;
use hearthlight::model::thermal::region::RegionId;
use hearthlight::model::{alarms, lights, sensors, system, thermal};
use hearthlight::port::{Feed, Port, Posted, Published};
use hearthlight::rules::{self, decide, inverse, words};
use hearthlight::units::moment::Moment;
use jiff::Timestamp;
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;

use crate::nouns::{self, plug};

fn set(key: &str, value: &str) -> Deed {
    Deed::System(system::Command::Set { key: key.to_owned(), value: value.to_owned() })
}

fn of(deed: Deed) -> Command {
    Command::of(deed, &alarm(Level::Danger), Timestamp::UNIX_EPOCH)
}

pub(crate) fn alarm(level: Level) -> Alarm {
    Alarm { name: "Fire".into(), ..nouns::alarm("fire", "Bench", level) }
}

fn done(deed: &Deed, undo: Option<Deed>) -> Done {
    Done { what: words::of(deed), at: Timestamp::UNIX_EPOCH, refused: None, undo, undone: false }
}

/// A house whose fire rule sets `a` from Warning on and `b` at Danger.
pub(crate) fn house(alarm: &Alarm) -> Snapshot {
    let action = |at_least, command| Action { at_least, command };
    let rule = Rule {
        actions: vec![
            action(Level::Warning, set("a", "1")),
            action(Level::Danger, set("b", "1")),
            action(Level::Warning, set("a", "1")),
        ],
        ..nouns::rule("Fire", Vec::new())
    };
    let mut view = Snapshot::default();
    view.alarms.rules = BTreeMap::from([(rule.id.clone(), Arc::new(rule))]);
    view.alarms.active = BTreeMap::from([(alarm.id.clone(), Arc::new(alarm.clone()))]);
    view
}

#[test]
fn actions_are_due_from_their_level_on_each_once() {
    let due = |level| decide::due(&alarm(level), &house(&alarm(level)));
    assert_eq!(due(Level::Notice), []);
    assert_eq!(due(Level::Warning), [set("a", "1")]);
    assert_eq!(due(Level::Danger), [set("a", "1"), set("b", "1")]);
}

#[test]
fn an_action_is_written_as_a_command_and_none_can_touch_alarms() {
    let action = |command: Command| serde_json::json!({ "at_least": "notice", "command": command });
    let own = Command::Alarms(alarms::Command::AcknowledgeAll { device: None });
    let said = serde_json::from_value::<Action>(action(own)).unwrap_err().to_string();
    assert!(said.contains("alarms"), "{said}");
    let device = DeviceId::new("bench");
    let choose = Thermal::Choose { device: device.clone(), choice: thermal::Choice::default() };
    let reconnect = sensors::Command::Reconnect { device: device.clone() };
    let bookmark = Thermal::Bookmark { words: "Fire".to_owned() };
    for deed in [set("a", "1"), Deed::Sensors(reconnect), Deed::Thermal(choose), Deed::Thermal(bookmark)] {
        let read: Action = serde_json::from_value(action(of(deed.clone()))).unwrap();
        assert_eq!(read, Action { at_least: Level::Notice, command: deed });
    }
    let unmask = thermal::Command::RemoveRegion { device, region: RegionId::new('M', 1) };
    let said = serde_json::from_value::<Action>(action(Command::Thermal(unmask))).unwrap_err().to_string();
    assert!(said.contains("remove_region"), "{said}");
}

#[test]
fn one_that_became_worse_runs_only_what_was_not_done_yet() {
    let mut worse = alarm(Level::Danger);
    worse.done.push(done(&set("a", "1"), Some(set("a", "0"))));
    assert_eq!(decide::due(&worse, &house(&worse)), [set("b", "1")]);
    worse.done[0].undone = true;
    assert_eq!(decide::due(&worse, &house(&worse)), [set("b", "1")], "what a person took back stays so");
    worse.done[0] = Done { refused: Some("busy".into()), undo: None, undone: false, ..worse.done[0].clone() };
    assert_eq!(decide::due(&worse, &house(&worse)).len(), 2, "what was refused is tried again");
    let stale = alarm(Level::Danger);
    worse.done[0].refused = None;
    assert_eq!(decide::due(&stale, &house(&worse)), [set("b", "1")], "the house knows more than an old fact");
    let mut over = house(&worse);
    over.alarms.active.clear();
    assert_eq!(decide::due(&stale, &over).len(), 2, "it is normal again; the fact counts");
}

#[test]
fn nothing_is_done_for_a_test_or_while_it_is_shelved() {
    let mut test = alarm(Level::Danger);
    test.test = true;
    assert_eq!(decide::due(&test, &house(&test)), []);
    let real = alarm(Level::Danger);
    let mut view = house(&real);
    let (since, until) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
    view.alarms.shelved.insert(real.id.clone(), Shelf { by: "Ann".into(), since, until, reason: "".into() });
    assert_eq!(decide::due(&real, &view), []);
    assert_eq!(decide::due(&real, &Snapshot::default()), [], "its rule is gone");
}

#[test]
fn what_was_done_last_is_taken_back_first() {
    let mut alarm = alarm(Level::Danger);
    let (first, second) = (set("a", "1"), set("a", "2"));
    alarm.done =
        vec![done(&first, Some(set("a", "0"))), done(&set("b", "1"), None), done(&second, Some(first.clone()))];
    let undo: Vec<_> = decide::to_undo(&alarm).into_iter().filter_map(|done| done.undo).collect();
    assert_eq!(undo, [first, set("a", "0")]);
    alarm.done[2].undone = true;
    assert_eq!(decide::to_undo(&alarm).len(), 1);
}

#[test]
fn the_inverse_brings_back_what_was() {
    let mut before = Snapshot::default();
    let setting =
        system::Setting { key: "a".into(), value: "old".into(), layer: system::Layer::Default, help: "".into() };
    before.system.settings = Arc::new(vec![setting]);
    let device = DeviceId::new("bench");
    let mut known = known_device(&device);
    known.name = "Bench".into();
    known.place = "Kitchen".into();
    before.sensors.devices.insert(device.clone(), Arc::new(known));
    let array = thermal::Array {
        device: device.clone(),
        size: hearthlight::units::grid::Size::MLX90640,
        meaning: thermal::PixelMeaning::Mlx90640Raw,
        calibration: thermal::Calibration::Received,
        choice: thermal::Choice::default(),
        regions: Arc::default(),
    };
    before.thermal.arrays.insert(device.clone(), Arc::new(array));
    let inverse = |deed: &Deed| inverse::of(deed, &before);
    assert_eq!(inverse(&set("a", "new")), Some(set("a", "old")));
    assert_eq!(inverse(&set("a", "old")), None, "it changes nothing");
    assert_eq!(inverse(&set("unknown", "x")), None);
    let rename = |name: &str| Deed::Sensors(sensors::Command::Rename { device: device.clone(), name: name.to_owned() });
    assert_eq!(inverse(&rename("Hot")), Some(rename("Bench")));
    let place =
        |place: &str| Deed::Sensors(sensors::Command::SetPlace { device: device.clone(), place: place.to_owned() });
    assert_eq!(inverse(&place("")), Some(place("Kitchen")));
    let choose = |emissivity| {
        let optics = thermal::Optics { emissivity, reflected: None };
        let choice = thermal::Choice { optics, ..thermal::Choice::default() };
        Deed::Thermal(Thermal::Choose { device: device.clone(), choice })
    };
    assert_eq!(inverse(&choose(0.5)), Some(choose(0.95)));
    assert_eq!(inverse(&Deed::System(system::Command::ShowWindow)), None);
    assert_eq!(inverse(&Deed::Sensors(sensors::Command::Forget { device: device.clone() })), None);
}

#[test]
fn what_was_done_is_called_so_that_people_know_it() {
    assert_eq!(&*words::of(&set("thermal.emissivity", "0.9")), "set thermal.emissivity to 0.9");
    let device = DeviceId::new("bench");
    let place = |place: &str| {
        words::of(&Deed::Sensors(sensors::Command::SetPlace { device: device.clone(), place: place.to_owned() }))
    };
    assert_eq!((&*place("Kitchen"), &*place("")), ("put bench into Kitchen", "took bench out of its place"));
}

fn known_device(id: &DeviceId) -> sensors::Device {
    sensors::Device { id: id.clone(), name: "".into(), ..nouns::device("Bench") }
}

/// An engine of which only the mailbox is there.
pub(crate) struct Engine {
    pub(crate) port: Port,
    inbox: mpsc::Receiver<Posted>,
}

impl Engine {
    pub(crate) fn new(view: Snapshot, feed: usize) -> Self {
        let (commands, inbox) = mpsc::channel(8);
        let port = Port { feed: Feed(broadcast::channel(feed).0), ..plug(commands, view) };
        Self { port, inbox }
    }

    pub(crate) fn say(&self, update: alarms::Update, origin: Origin) -> u64 {
        self.tell(Update::Alarms(update), origin)
    }

    pub(crate) fn tell(&self, update: Update, origin: Origin) -> u64 {
        let mut view = Snapshot::clone(&self.port.view());
        let (seq, at, wall) = (view.seq + 1, Moment::ZERO, Timestamp::UNIX_EPOCH);
        let fact = Stamped { seq, at, wall, origin, cause: None, update };
        view.apply(&fact);
        let snapshot = Arc::new(view);
        self.port.snapshot.store(Arc::clone(&snapshot));
        // Nobody may be listening yet.
        drop(self.port.feed.0.send(Published { snapshot, facts: Arc::new([fact]) }));
        seq
    }

    /// The next command; it is answered like this.
    pub(crate) async fn next(&mut self, refused: Option<&str>) -> Envelope {
        let Posted { envelope, reply } = self.inbox.recv().await.unwrap();
        if let Command::Alarms(alarms::Command::Acted { alarm, done }) = &envelope.command {
            let mut known = Alarm::clone(&self.port.view().alarms.active[alarm]);
            known.done.retain(|other| other.what != done.what);
            known.done.push(Done::clone(done));
            self.say(alarms::Update::Changed(Arc::new(known)), envelope.origin.clone());
        }
        if let Command::Lights(command) = &envelope.command {
            let mut view = Snapshot::clone(&self.port.view());
            crate::rules_alerts::obey(&mut view, command);
            self.tell(Update::Lights(lights::Update::Reset(Arc::new(view.lights))), envelope.origin.clone());
        }
        let outcome = match refused {
            Some(why) => Outcome::Refused { why: why.to_owned() },
            None => Outcome::Done { seq: self.port.view().seq, made: None },
        };
        reply.unwrap().send(outcome).unwrap();
        envelope
    }

    pub(crate) async fn acted(&mut self) -> Done {
        match self.next(None).await.command {
            Command::Alarms(alarms::Command::Acted { done, .. }) => *done,
            other => panic!("a report, not {other:?}"),
        }
    }
}

fn view_of(alarm: &Alarm) -> Snapshot {
    let mut view = house(alarm);
    let setting = |key: &str| system::Setting {
        key: key.into(),
        value: "0".into(),
        layer: system::Layer::Default,
        help: "".into(),
    };
    view.system.settings = Arc::new(vec![setting("a"), setting("b")]);
    view
}

#[tokio::test]
async fn an_alarm_runs_its_actions_reports_them_and_takes_them_back() {
    let mut view = view_of(&alarm(Level::Danger));
    view.alarms.active.clear();
    let mut engine = Engine::new(view, 16);
    let stop = CancellationToken::new();
    let running = tokio::spawn(rules::run(engine.port.clone(), stop.clone()));
    let seq = engine.say(alarms::Update::Raised(Arc::new(alarm(Level::Danger))), Origin::System);
    let first = engine.next(None).await;
    assert_eq!((&first.command, first.cause), (&of(set("a", "1")), Some(seq)));
    assert_eq!(first.origin, Origin::Alarm("fire--bench".into()));
    let done = engine.acted().await;
    assert_eq!((&*done.what, &done.undo, &done.refused), ("set a to 1", &Some(set("a", "0")), &None));
    assert_eq!(engine.next(Some("busy")).await.command, of(set("b", "1")));
    let done = engine.acted().await;
    assert_eq!((done.refused.as_deref(), done.undo), (Some("busy"), None));
    let ann = Origin::Operator("Ann".into());
    let known = Arc::clone(&engine.port.view().alarms.active[&alarm(Level::Danger).id]);
    engine.say(alarms::Update::UndoAsked { alarm: known }, ann.clone());
    let undo = engine.next(None).await;
    assert_eq!((undo.command, undo.origin), (of(set("a", "0")), ann));
    let done = engine.acted().await;
    assert!(done.undone && done.undo.is_none() && &*done.what == "set a to 1");
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn one_that_was_missed_is_acted_on_and_one_that_was_done_is_not() {
    // Two facts more than the feed holds: the first alarm is missed.
    let mut acted = alarm(Level::Warning);
    acted.id = AlarmId("fire--stove".into());
    acted.done.push(done(&set("a", "1"), None));
    let mut view = view_of(&alarm(Level::Warning));
    view.alarms.active.insert(acted.id.clone(), Arc::new(acted));
    let mut engine = Engine::new(view, 1);
    let stop = CancellationToken::new();
    let running = tokio::spawn(rules::run(engine.port.clone(), stop.clone()));
    let caught_up = engine.next(Some("busy")).await;
    assert_eq!(caught_up.origin, Origin::Alarm("fire--bench".into()), "what was raised before it listened");
    engine.acted().await;
    let missed = Alarm { id: AlarmId("fire--shed".into()), ..alarm(Level::Warning) };
    engine.say(alarms::Update::Raised(Arc::new(missed)), Origin::System);
    for n in 0..3 {
        engine.say(alarms::Update::Journaled(n), Origin::System);
    }
    assert_eq!(engine.next(None).await.origin, Origin::Alarm("fire--shed".into()));
    engine.acted().await;
    stop.cancel();
    running.await.unwrap();
}

fn stopped() -> Option<Stopped> {
    Some(Stopped { by: "Ana".into(), since: Timestamp::UNIX_EPOCH })
}

fn press(engine: &Engine, stopped: Option<Stopped>) {
    engine.tell(Update::System(system::Update::Stopped(stopped)), Origin::Operator("Ana".into()));
}

/// What was reported: what, and why it was not done.
fn told(done: &Done) -> (&str, Option<&str>) {
    (&done.what, done.refused.as_deref())
}

#[tokio::test]
async fn the_master_stop_holds_actions_back_and_nothing_is_caught_up_with() {
    let mut view = view_of(&alarm(Level::Danger));
    view.alarms.active.clear();
    let mut engine = Engine::new(view, 16);
    let stop = CancellationToken::new();
    let running = tokio::spawn(rules::run(engine.port.clone(), stop.clone()));
    press(&engine, stopped());
    let held = alarm(Level::Warning);
    engine.say(alarms::Update::Raised(Arc::new(held.clone())), Origin::System);
    assert_eq!(told(&engine.acted().await), ("set a to 1", Some("stopped by Ana")), "reported, not sent");
    press(&engine, None);
    // What comes next is about the next alarm: nothing was sent because the stop was released.
    let later = Alarm { id: AlarmId("fire--shed".into()), ..alarm(Level::Warning) };
    engine.say(alarms::Update::Raised(Arc::new(later)), Origin::System);
    let next = engine.next(None).await;
    assert_eq!((next.command, next.origin), (of(set("a", "1")), Origin::Alarm("fire--shed".into())));
    assert_eq!(told(&engine.acted().await), ("set a to 1", None));
    // The one that was held back gets worse: that is new, and so is all that is due for it.
    let worse = Alarm { done: engine.port.view().alarms.active[&held.id].done.clone(), ..alarm(Level::Danger) };
    engine.say(alarms::Update::Raised(Arc::new(worse)), Origin::System);
    for (key, what) in [("a", "set a to 1"), ("b", "set b to 1")] {
        assert_eq!(engine.next(None).await.command, of(set(key, "1")));
        assert_eq!(told(&engine.acted().await), (what, None));
    }
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn a_stop_between_two_actions_holds_the_second_back_and_undo_works_under_it() {
    let mut view = view_of(&alarm(Level::Danger));
    view.alarms.active.clear();
    let mut engine = Engine::new(view, 16);
    let stop = CancellationToken::new();
    let running = tokio::spawn(rules::run(engine.port.clone(), stop.clone()));
    engine.say(alarms::Update::Raised(Arc::new(alarm(Level::Danger))), Origin::System);
    assert_eq!(engine.next(None).await.command, of(set("a", "1")));
    press(&engine, stopped());
    assert_eq!(told(&engine.acted().await), ("set a to 1", None));
    assert_eq!(told(&engine.acted().await), ("set b to 1", Some("stopped by Ana")));
    let known = Arc::clone(&engine.port.view().alarms.active[&alarm(Level::Danger).id]);
    engine.say(alarms::Update::UndoAsked { alarm: known }, Origin::Operator("Ana".into()));
    assert_eq!(engine.next(None).await.command, of(set("a", "0")), "a person may take back what was done");
    assert!(engine.acted().await.undone);
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn what_was_raised_under_a_stop_that_was_missed_is_held_back() {
    let mut view = view_of(&alarm(Level::Warning));
    view.alarms.active.clear();
    view.system.stopped = stopped();
    // Two facts more than the feed holds: both the alarm and the release are missed.
    let mut engine = Engine::new(view, 1);
    let stop = CancellationToken::new();
    let running = tokio::spawn(rules::run(engine.port.clone(), stop.clone()));
    tokio::task::yield_now().await;
    engine.say(alarms::Update::Raised(Arc::new(alarm(Level::Warning))), Origin::System);
    press(&engine, None);
    for n in 0..3 {
        engine.say(alarms::Update::Journaled(n), Origin::System);
    }
    assert_eq!(told(&engine.acted().await), ("set a to 1", Some("stopped by Ana")));
    stop.cancel();
    running.await.unwrap();
}
