//! Lights that alarms hold: from the rule's action to the layer, and back.

use std::sync::Arc;

use hearthlight::heat::watch::check::check;
use hearthlight::model::alarms;
use hearthlight::model::alarms::alarm::{Alarm, Done, Shelf, State};
use hearthlight::model::alarms::rule::{Action, Input, Level, Rule, Source};
use hearthlight::model::deed::{self, Deed, Until, layer_key};
use hearthlight::model::lights::connection::{ConnectionId, Reach};
use hearthlight::model::lights::group::{Group, GroupId, GroupKind};
use hearthlight::model::lights::layers::{Kind, Layer, Stack};
use hearthlight::model::lights::state::Change;
use hearthlight::model::lights::{self, Aim, Command, Light, LightId};
use hearthlight::model::message::{self, Origin, Update};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::{self, Stopped};
use hearthlight::rules::{self, alerts, inverse, words};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::nouns;
use crate::rules::{Engine, alarm};

fn source() -> Source {
    Source { name: "Hot".into(), level: Level::Danger, ..nouns::source(Input::Silent, 60.0) }
}

fn light(id: &str, layers: Vec<Layer>) -> Arc<Light> {
    Arc::new(Light {
        id: LightId(id.into()),
        name: id.into(),
        model: "".into(),
        connection: ConnectionId("hub".into()),
        local: id.into(),
        capabilities: Arc::new(lights::capabilities::Capabilities::switch(1.0)),
        stack: Arc::new(Stack { layers, ..Stack::default() }),
        wanted: lights::state::State::default(),
        reported: lights::Reported::default(),
        reach: Reach::Online,
        streaming_fps: 0.0,
        power_on: None,
        favourite: false,
    })
}

fn layer(key: &str) -> Layer {
    Layer {
        key: key.into(),
        kind: Kind::Alarm,
        name: "Fire at Bench".into(),
        by: "".into(),
        since: Timestamp::UNIX_EPOCH,
        change: Change::default(),
        hold: None,
    }
}

fn hall() -> Aim {
    Aim::Group(GroupId("hall".into()))
}

fn change() -> Change {
    let deed::Lights::Alert { change, .. } = deed::Lights::all_red() else { panic!("an alert") };
    change
}

fn alert(aims: Vec<Aim>, until: Until) -> Deed {
    Deed::Lights(deed::Lights::Alert { aims, change: change(), until })
}

fn done(deed: &Deed) -> Done {
    let undo = inverse::of(deed, &Snapshot::default());
    Done { what: words::of(deed), at: Timestamp::UNIX_EPOCH, refused: None, undo, undone: false }
}

/// A house with two lights, the desk in the hall; its fire rule does `deeds`, and did them for `alarm`.
fn house(deeds: &[Deed], alarm: &Alarm) -> Snapshot {
    let mut view = crate::rules::house(alarm);
    let rule = Rule::clone(view.alarms.rules.values().next().unwrap());
    let action = |deed: &Deed| Action { at_least: Level::Warning, command: deed.clone() };
    let rule = Rule { actions: deeds.iter().map(action).collect(), ..rule };
    view.alarms.rules.insert(rule.id.clone(), Arc::new(rule));
    let alarm = Alarm { done: deeds.iter().map(done).collect(), ..alarm.clone() };
    view.alarms.active.insert(alarm.id.clone(), Arc::new(alarm));
    for id in ["desk", "shelf"] {
        view.lights.lights.insert(LightId(id.into()), light(id, Vec::new()));
    }
    let group = Group {
        id: GroupId("hall".into()),
        name: "Hall".into(),
        kind: GroupKind::Room,
        lights: [LightId("desk".into())].into(),
        order: 0,
    };
    view.lights.groups.insert(group.id.clone(), Arc::new(group));
    view
}

/// Lays layers over lights and takes them away, as the lights service does.
pub(crate) fn obey(view: &mut Snapshot, command: &Command) {
    match command {
        Command::PutLayer { key, aims, .. } => {
            for id in view.lights.aimed(aims) {
                let mut layers = view.lights.lights[&id].stack.layers.clone();
                layers.retain(|known| known.key != *key);
                layers.push(layer(key));
                view.lights.lights.insert(id.clone(), light(&id.0, layers));
            }
        }
        Command::RemoveLayer { key, .. } => {
            for (id, known) in view.lights.lights.clone() {
                let mut layers = known.stack.layers.clone();
                layers.retain(|known| known.key != *key);
                view.lights.lights.insert(id.clone(), light(&id.0, layers));
            }
        }
        other => panic!("{other:?}"),
    }
}

/// What is due: `+` and `-` with the keys of layers.
fn due(view: &Snapshot) -> Vec<String> {
    let told = alerts::due(view).into_iter().map(|(alarm, command)| {
        assert_eq!(&*alarm, "fire--bench");
        match command {
            Command::PutLayer { kind: Kind::Alarm, key, .. } => format!("+{key}"),
            Command::RemoveLayer { kind: Kind::Alarm, key } => format!("-{key}"),
            other => panic!("{other:?}"),
        }
    });
    told.collect()
}

/// Does what is due, until nothing is.
fn settle(view: &mut Snapshot) {
    for (_, command) in alerts::due(view) {
        obey(view, &command);
    }
    assert_eq!(due(view), [""; 0], "nothing is due twice");
}

fn n_layers(view: &Snapshot) -> [usize; 2] {
    ["desk", "shelf"].map(|id| view.lights.lights[&LightId(id.into())].stack.layers.len())
}

fn with_state(view: &mut Snapshot, state: State) {
    let known = view.alarms.active.values().next().unwrap();
    let known = Alarm { state, ..Alarm::clone(known) };
    view.alarms.active.insert(known.id.clone(), Arc::new(known));
}

#[test]
fn a_layer_lies_as_long_as_its_alarm_holds_it() {
    for (until, held) in [(Until::Cleared, [true, true, false]), (Until::Acknowledged, [true, false, true])] {
        let mut view = house(&[alert(vec![Aim::All], until)], &alarm(Level::Danger));
        assert_eq!(due(&view), ["+fire--bench/all"], "one that is missing is put, as after a restart");
        settle(&mut view);
        assert_eq!(n_layers(&view), [1, 1]);
        for (state, held) in [State::Unacknowledged, State::Acknowledged, State::Cleared].into_iter().zip(held) {
            with_state(&mut view, state);
            settle(&mut view);
            assert_eq!(n_layers(&view), [usize::from(held); 2], "{until:?} {state:?}");
        }
        with_state(&mut view, State::Unacknowledged);
        settle(&mut view);
        view.alarms.active.clear();
        settle(&mut view);
        assert_eq!(n_layers(&view), [0, 0], "it is normal again");
    }
}

#[test]
fn each_alarm_and_each_choice_of_lights_has_its_own_layer() {
    let deeds = [alert(vec![Aim::All], Until::Cleared), alert(vec![hall()], Until::Cleared)];
    let mut view = house(&deeds, &alarm(Level::Danger));
    settle(&mut view);
    assert_eq!(n_layers(&view), [2, 1]);
    let other = Alarm { id: alarms::alarm::AlarmId("fire--stove".into()), ..alarm(Level::Danger) };
    let other = Alarm { done: deeds.iter().map(done).collect(), ..other };
    view.alarms.active.insert(other.id.clone(), Arc::new(other));
    settle(&mut view);
    assert_eq!(n_layers(&view), [4, 2]);
    view.alarms.active.remove(&alarm(Level::Danger).id);
    settle(&mut view);
    assert_eq!(n_layers(&view), [2, 1], "those of the other alarm stay");
}

#[test]
fn what_was_taken_back_refused_shelved_or_never_done_is_not_held() {
    let deed = alert(vec![hall()], Until::Cleared);
    let changed = |change: fn(&mut Snapshot)| {
        let mut view = house(std::slice::from_ref(&deed), &alarm(Level::Danger));
        settle(&mut view);
        change(&mut view);
        settle(&mut view);
        n_layers(&view)
    };
    assert_eq!(changed(|_| {}), [1, 0]);
    assert_eq!(changed(|view| edit(view, |done| done[0].undone = true)), [0, 0]);
    assert_eq!(changed(|view| edit(view, |done| done[0].refused = Some("stopped by Ana".into()))), [0, 0]);
    assert_eq!(changed(|view| edit(view, Vec::clear)), [0, 0]);
    assert_eq!(changed(|view| view.alarms.rules.clear()), [0, 0], "its rule is gone");
    assert_eq!(
        changed(|view| {
            let (since, until) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
            let shelf = Shelf { by: "Ana".into(), since, until, reason: "".into() };
            view.alarms.shelved.insert(alarm(Level::Danger).id, shelf);
        }),
        [0, 0]
    );
}

fn edit(view: &mut Snapshot, change: fn(&mut Vec<Done>)) {
    let mut known = Alarm::clone(view.alarms.active.values().next().unwrap());
    change(&mut known.done);
    view.alarms.active.insert(known.id.clone(), Arc::new(known));
}

#[test]
fn layers_of_others_are_left_alone() {
    let mut view = Snapshot::default();
    let foreign = Layer { kind: Kind::Automation, ..layer("evening/all") };
    view.lights.lights.insert(LightId("desk".into()), light("desk", vec![layer("by-hand"), foreign]));
    assert_eq!(due(&view), [""; 0]);
    let gone = light("desk", vec![layer("fire--bench/all")]);
    view.lights.lights.insert(LightId("desk".into()), gone);
    assert_eq!(due(&view), ["-fire--bench/all"], "of an alarm that ended while nobody looked");
}

#[test]
fn an_alert_is_told_and_taken_back() {
    let deed = alert(vec![hall(), Aim::Light(LightId("desk".into()))], Until::Acknowledged);
    assert_eq!(
        &*words::of(&deed),
        "lit up the lights of hall, desk: on, 100 %, #FF0000, within 0 ms, until acknowledged"
    );
    let back = inverse::of(&deed, &Snapshot::default()).unwrap();
    assert_eq!(&*words::of(&back), "let go of the lights of hall, desk");
    assert_eq!(inverse::of(&back, &Snapshot::default()), None);
    let command = |deed| message::Command::of(deed, &alarm(Level::Danger), Timestamp::UNIX_EPOCH);
    let key = layer_key("fire--bench", &[Aim::Light(LightId("desk".into())), hall()]);
    assert_eq!(&*key, "fire--bench/group:hall,light:desk", "whatever the order");
    let removed = Command::RemoveLayer { kind: Kind::Alarm, key: Arc::clone(&key) };
    assert_eq!(command(back), message::Command::Lights(removed));
    let message::Command::Lights(Command::PutLayer { kind: Kind::Alarm, key: put, name, .. }) = command(deed) else {
        panic!("a layer")
    };
    assert_eq!((put, &*name), (key, "Fire at Bench"));
}

#[test]
fn an_alert_that_cannot_be_is_refused_with_its_rule() {
    let view = house(&[], &alarm(Level::Danger));
    let rule = Rule::clone(view.alarms.rules.values().next().unwrap());
    let refused = |lights| {
        let actions = vec![Action { at_least: Level::Danger, command: Deed::Lights(lights) }];
        check(&Rule { actions, sources: vec![source()], ..rule.clone() })
    };
    let of = |aims, change| deed::Lights::Alert { aims, change, until: Until::Cleared };
    assert_eq!(refused(deed::Lights::all_red()), Ok(()));
    for (lights, words) in [
        (of(Vec::new(), change()), "lights up nothing"),
        (of(vec![Aim::All; 65], change()), "more than 64"),
        (of(vec![Aim::All], Change { transition_ms: Some(1), ..Change::default() }), "changes nothing"),
        (of(vec![Aim::All], Change { brightness: Some(f32::NAN), ..Change::default() }), "between 0 and 1"),
        (deed::Lights::EndAlert { aims: vec![Aim::All] }, "by themselves"),
    ] {
        let why = refused(lights).unwrap_err();
        assert!(why.starts_with("action 1: ") && why.contains(words), "{why}");
    }
}

/// The next command is about lights; the house obeys.
async fn next_lights(engine: &mut Engine) -> (Command, Origin) {
    let envelope = engine.next(None).await;
    let message::Command::Lights(command) = envelope.command else { panic!("{:?}", envelope.command) };
    (command, envelope.origin)
}

#[tokio::test]
async fn from_the_alarm_to_the_layer_and_back() {
    let deed = alert(vec![Aim::All], Until::Cleared);
    let mut view = house(std::slice::from_ref(&deed), &alarm(Level::Danger));
    view.alarms.active.clear();
    let mut engine = Engine::new(view, 16);
    let stop = CancellationToken::new();
    let running = tokio::spawn(rules::run(engine.port.clone(), stop.clone()));
    engine.say(alarms::Update::Raised(Arc::new(alarm(Level::Danger))), Origin::System);
    let from = Origin::Alarm("fire--bench".into());
    let (put, origin) = next_lights(&mut engine).await;
    assert!(matches!(&put, Command::PutLayer { key, .. } if &**key == "fire--bench/all"), "{put:?}");
    assert_eq!(origin, from);
    let reported = engine.acted().await;
    assert_eq!((reported.what, reported.refused), (words::of(&deed), None));
    // It clears, comes back under the master stop, and is raised again after that.
    let known = Alarm::clone(&engine.port.view().alarms.active[&alarm(Level::Danger).id]);
    let cleared = Alarm { state: State::Cleared, ..known.clone() };
    engine.say(alarms::Update::Changed(Arc::new(cleared)), Origin::System);
    let removed = Command::RemoveLayer { kind: Kind::Alarm, key: "fire--bench/all".into() };
    assert_eq!(next_lights(&mut engine).await, (removed.clone(), from.clone()));
    let press = |stopped| Update::System(system::Update::Stopped(stopped));
    let stopped = Some(Stopped { by: "Ana".into(), since: Timestamp::UNIX_EPOCH });
    engine.tell(press(stopped), Origin::Operator("Ana".into()));
    let again = Alarm { state: State::Unacknowledged, ..known };
    engine.say(alarms::Update::Raised(Arc::new(again.clone())), Origin::System);
    engine.tell(press(None), Origin::Operator("Ana".into()));
    engine.say(alarms::Update::Raised(Arc::new(again)), Origin::System);
    assert_eq!(next_lights(&mut engine).await, (put, from.clone()), "put again without being done again");
    engine.say(alarms::Update::Gone(alarm(Level::Danger).id), Origin::System);
    assert_eq!(next_lights(&mut engine).await, (removed, from));
    stop.cancel();
    running.await.unwrap();
}
