//! The Hue bridge, switches and sensors, and schedules in the window, by their accessible names.

#[path = "ui_bridge_home.rs"]
pub(crate) mod home;

use std::sync::Arc;

use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use hearthlight::model::bridge::job::{Daily, Doing, Job};
use hearthlight::model::bridge::kept::Kind;
use hearthlight::model::bridge::object::Object;
use hearthlight::model::bridge::plan::{Days, TimePoint, When};
use hearthlight::model::bridge::{Command, Pressed};
use hearthlight::model::inputs::{InputId, Said};
use hearthlight::model::lights::group::GroupId;
use hearthlight::model::lights::scene::SceneId;
use hearthlight::model::message;
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system;
use hearthlight::ui::app::Window;
use hearthlight::ui::panels::automations::plans::draft::Draft;
use hearthlight::ui::panels::automations::plans::entries;
use hearthlight::ui::panels::system::bridge::told;
use hearthlight::ui::panels::system::inputs::says;
use hearthlight::ui::panels::system::part::Part;
use hearthlight::ui::plan_words::{self, Names};
use hearthlight::ui::undo::inverse;
use jiff::SignedDuration;
use jiff::civil::time;

use crate::ui::{self, House, click, sent, tell, wall};
use crate::ui_manners::{badly_named, out_of_reach};

fn full() -> Snapshot {
    let mut snapshot = Snapshot::clone(&ui::lived_in().port.view());
    home::bridge(&mut snapshot, wall());
    home::rooms(&mut snapshot, wall());
    home::plans(&mut snapshot, wall());
    snapshot
}

fn house() -> House {
    let house = ui::lived_in();
    tell(&house, |snapshot| *snapshot = Snapshot { seq: snapshot.seq, ..full() });
    home::visits(&house.port.slots.bridge.visits, wall());
    house
}

fn on(house: &House, part: &str) -> Harness<'static, Window> {
    let mut harness = ui::start(house, vec2(1700.0, 1800.0));
    click(&mut harness, "System");
    click(&mut harness, part);
    harness
}

fn schedules(house: &House) -> Harness<'static, Window> {
    let mut harness = ui::start(house, vec2(1700.0, 1200.0));
    click(&mut harness, "Automations");
    click(&mut harness, "Automations: Schedules and apps");
    harness
}

fn bridge(house: &mut House) -> Vec<Command> {
    let only = |command| match command {
        message::Command::Bridge(command) => Some(command),
        _ => None,
    };
    sent(house).into_iter().filter_map(only).collect()
}

fn pressed(seconds: i64) -> Option<Pressed> {
    Some(Pressed { by: "Ana".into(), until: wall().checked_add(SignedDuration::from_secs(seconds)).unwrap() })
}

#[test]
fn the_link_button_is_pressed_and_counts_down() {
    let mut house = house();
    let mut harness = on(&house, "System: Hue bridge");
    click(&mut harness, "Press the link button");
    assert_eq!(bridge(&mut house), [Command::Press]);
    tell(&house, |snapshot| snapshot.bridge.pressed = pressed(21));
    harness.run_steps(3);
    harness.get_by_label("Press the link button again, 21 seconds left");
    harness.get_by_label("The link button is pressed");
    harness.get_by_label_contains("Pressed by Ana");
    click(&mut harness, "Close pairing now");
    assert_eq!(bridge(&mut house), [Command::Unpress]);
    tell(&house, |snapshot| snapshot.bridge.pressed = pressed(1));
    harness.run_steps(3);
    harness.get_by_label("Press the link button again, 1 second left");
    // What is over is over, also if the engine did not say so yet.
    tell(&house, |snapshot| snapshot.bridge.pressed = pressed(-1));
    harness.run_steps(3);
    harness.get_by_label("Press the link button");
}

#[test]
fn what_apps_ask_is_told_and_who_was_paired() {
    let house = house();
    let mut harness = on(&house, "System: Hue bridge");
    harness
        .get_by_label_contains("HueEssentials/4, 192.168.1.23, asked for a key; told: link button not pressed \u{d7}3");
    harness.get_by_label_contains("home-assistant, 192.168.1.5, listens to what happens");
    harness.get_by_label_contains("changed grouped light");
    harness.get_by_label("Code for cameras: http://192.168.1.10/");
    let id = hearthlight::model::bridge::app::AppId("new".into());
    tell(&house, |snapshot| {
        let app = hearthlight::model::bridge::app::App {
            id: id.clone(),
            name: "Hue Sync#PC".into(),
            created: wall(),
            used: None,
            streams: true,
        };
        snapshot.bridge.apps.insert(id.clone(), Arc::new(app));
    });
    harness.run_steps(3);
    harness.get_by_label("Paired with Hue Sync");
    harness.get_by_label_contains("Hue Sync (new), PC");
}

#[test]
fn a_key_is_taken_back_after_one_question_and_for_good() {
    let mut house = house();
    let mut harness = on(&house, "System: Hue bridge");
    let revoke = |harness: &mut Harness<'_, Window>| {
        harness.get_by_label_contains("Revoke hue_essentials iPhone").click();
        harness.run_steps(3);
        harness.get_by_label_contains("This cannot be undone");
    };
    revoke(&mut harness);
    click(&mut harness, "Keep it");
    assert_eq!(bridge(&mut house), []);
    revoke(&mut harness);
    click(&mut harness, "Revoke it");
    assert_eq!(bridge(&mut house), [Command::Revoke(home::app_id())]);
    assert!(harness.state().stage().undo.last().is_none());
}

#[test]
fn each_client_shows_what_it_asked() {
    let house = house();
    let mut harness = on(&house, "System: Hue bridge");
    harness.get_by_label_contains("192.168.1.23, \u{2013}, HueEssentials/4 (iPhone), 6, 3").click();
    harness.run_steps(3);
    harness.get_by_label_contains("GET /description.xml, HTTP 200");
    let refused = harness.query_all_by_label_contains("POST /api; told: link button not pressed, HTTPS 200");
    assert_eq!(refused.count(), 3);
}

#[test]
fn versions_are_raised_by_one_click() {
    let mut house = house();
    let mut harness = on(&house, "System: Hue bridge");
    click(&mut harness, "Raise the versions that apps see");
    let set = |key: &str, value: &str| {
        message::Command::System(system::Command::Set { key: key.to_owned(), value: value.to_owned() })
    };
    assert_eq!(sent(&mut house), [set("bridge.api_version", "1.68.0"), set("bridge.sw_version", "1968054020")]);
}

#[test]
fn name_and_place_are_changed_and_taken_back() {
    let mut house = house();
    let mut harness = on(&house, "System: Hue bridge");
    harness.get_by_label_contains("001788FFFEAABBCC");
    harness.get_by_label_contains("rises 06:5");
    click(&mut harness, "Rename the bridge");
    harness.get_by_label("Name of the bridge").type_text(" two");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let said = bridge(&mut house);
    assert!(matches!(&said[..], [Command::Rename(name)] if name.contains("two")), "{said:?}");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(3);
    assert_eq!(bridge(&mut house), [Command::Rename("Hearthlight".into())]);
    click(&mut harness, "Change place and time zone\u{2026}");
    let role = egui::accesskit::Role::TextInput;
    harness.get_by_role_and_label(role, "Time zone").focus();
    harness.run_steps(2);
    harness.get_by_role_and_label(role, "Time zone").type_text("x");
    harness.run_steps(3);
    harness.get_by_label_contains("No zone has this name");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    harness.get_by_role_and_label(role, "Time zone").type_text("Lisbon");
    harness.run_steps(3);
    click(&mut harness, "Europe/Lisbon");
    click(&mut harness, "Save place and time zone");
    assert_eq!(bridge(&mut house), [Command::SetZone("Europe/Lisbon".into())]);
}

#[test]
fn without_ports_nothing_is_promised() {
    let house = house();
    tell(&house, |snapshot| {
        snapshot.system.listeners.truncate(1);
        snapshot.system.listeners[0].state = system::PortState::Failed { why: "Port 80 is used by nginx.".into() };
        snapshot.bridge.apps.clear();
    });
    let harness = on(&house, "System: Hue bridge");
    harness.get_by_label("Apps cannot reach the bridge");
    harness.get_by_label("No port of the bridge is open");
    harness.get_by_label_contains("No app is paired yet");
}

#[test]
fn the_palette_and_the_wizard_lead_to_pairing() {
    let mut house = house();
    let mut harness = ui::start(&house, vec2(1600.0, 900.0));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run_steps(2);
    harness.get_by_role_and_label(egui::accesskit::Role::TextInput, "Search or command").type_text("link button");
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_eq!(bridge(&mut house), [Command::Press]);
    assert_eq!(harness.state().stage().system, Part::Bridge);
    let mut harness = ui::start(&house, vec2(1600.0, 900.0));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::N);
    harness.run_steps(3);
    click(&mut harness, "Pair an app\u{2026}");
    harness.get_by_label("Press the link button");
}

#[test]
fn inputs_say_what_they_said_and_a_pressed_one_is_marked() {
    let house = house();
    let mut harness = on(&house, "System: Switches and sensors");
    harness
        .get_by_label_contains("Hallway sensor, motion, temperature, light level, Philips SML001, zigbee2mqtt, motion");
    harness.get_by_label_contains("Its battery is at 9\u{a0}%");
    harness.get_by_label_contains("no answer for 2 h");
    harness.get_by_label_contains("Guest mode, CLIPGenericFlag, flag true");
    harness.get_by_label_contains("Bench, 41.2");
    assert!(harness.query_by_label_contains("Bedroom dimmer (pressed)").is_none());
    tell(&house, |snapshot| {
        let input = snapshot.lights.inputs.get_mut(&InputId("dimmer".into())).unwrap();
        Arc::make_mut(input).said.insert("button".into(), (wall(), Said::Button("off_press".into())));
    });
    harness.run_steps(3);
    harness.get_by_label_contains("Bedroom dimmer (pressed), 3 buttons");
    harness.get_by_label_contains("button 4 pressed");
}

#[test]
fn schedules_say_when_what_and_whose() {
    let house = house();
    let harness = schedules(&house);
    let all_off =
        "All off, schedule, hue_essentials, on, Every day 23:30, up to 10\u{a0}min later: All lights off, next";
    harness.get_by_label_contains(all_off);
    harness
        .get_by_label_contains("Morning, schedule, on, Weekdays 06:30 until 08:00, up to 10\u{a0}min earlier or later");
    harness.get_by_label_contains("It triggered itself again and again");
    harness.get_by_label_contains("an app that was revoked");
    harness.get_by_label_contains("Natural light, smart scene, on, Every day 07:00 Energize, sunset Relax: In Kitchen");
    harness.get_by_label_contains("Kitchen by day, scene of lights, on, Every day 07:00 Energize, 20:00 Relax");
}

#[test]
fn schedules_are_turned_off_and_on_and_deleted() {
    let mut house = house();
    let mut harness = schedules(&house);
    click(&mut harness, "Turn All off on, schedule");
    let id = home::kept(Kind::Schedule, "5");
    assert_eq!(bridge(&mut house), [Command::Enable { id: id.clone(), on: false }]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(3);
    assert_eq!(bridge(&mut house), [Command::Enable { id: id.clone(), on: true }]);
    click(&mut harness, "Delete All off, schedule\u{2026}");
    click(&mut harness, "Keep it");
    assert_eq!(bridge(&mut house), []);
    click(&mut harness, "Delete All off, schedule\u{2026}");
    click(&mut harness, "Delete it");
    assert_eq!(bridge(&mut house), [Command::Remove(id)]);
}

#[test]
fn a_schedule_is_made_and_apps_can_read_it() {
    let mut house = house();
    let mut harness = schedules(&house);
    click(&mut harness, "New schedule\u{2026}");
    harness.get_by_label_contains("It needs a name");
    harness.get_by_label("Name of the schedule").focus();
    harness.run_steps(2);
    harness.get_by_label("Name of the schedule").type_text("Evening");
    harness.run_steps(3);
    harness.get_by_label_contains("What happens in place 1: On").click();
    harness.run_steps(3);
    click(&mut harness, "Scene Relax");
    click(&mut harness, "What it is to begin by: Sunset");
    click(&mut harness, "Sat");
    click(&mut harness, "Save the schedule");
    let said = bridge(&mut house);
    let [Command::Put { id: None, object }] = &said[..] else { panic!("{said:?}") };
    let Object::Behavior(behavior) = &**object else { panic!("{object:?}") };
    let job = Job::Schedule {
        doings: vec![(Some(GroupId("kitchen".into())), Doing::Recall(SceneId("relax".into())))],
        from: Daily { at: TimePoint::Sunset(0), days: Days(126) },
        until: None,
        transition_s: 0,
        random_s: 0,
    };
    assert_eq!((behavior.job.as_ref(), &*behavior.name, behavior.enabled), (Some(&job), "Evening", true));
    let written: serde_json::Value = serde_json::from_str(&behavior.configuration).unwrap();
    assert_eq!(written["when_extended"]["start_at"]["time_point"]["type"], "sunset");
    assert_eq!(written["when_extended"]["recurrence_days"].as_array().unwrap().len(), 6);
    assert_eq!(written["what"][0]["group"]["rtype"], "room");
    assert_eq!(written["what"][0]["recall"]["rtype"], "scene");
    harness.get_by_label_contains("Morning, schedule, on");
    assert!(harness.query_by_label("Name of the schedule").is_none());
}

#[test]
fn a_schedule_of_an_app_is_changed_and_keeps_what_is_not_known_here() {
    let snapshot = full();
    let id = home::kept(Kind::Behavior, "1");
    let Object::Behavior(before) = &*snapshot.bridge.objects[&id] else { panic!() };
    let mut draft = Draft::of(&id.id, before).unwrap();
    assert_eq!(Some(draft.job()), before.job, "what is not touched stays");
    draft.random_min = 0;
    let command = draft.command(&snapshot).unwrap();
    let Command::Put { id: Some(same), object } = &command else { panic!("{command:?}") };
    let Object::Behavior(after) = &**object else { panic!() };
    assert_eq!(*same, id.id);
    let written: serde_json::Value = serde_json::from_str(&after.configuration).unwrap();
    assert_eq!(written["custom"], "kept");
    assert_eq!(written["when_extended"]["start_at"]["transition"]["minutes"], 5);
    assert_eq!(written["when_extended"]["end_at"]["time_point"]["time"]["hour"], 8);
    assert!(written["when_extended"].get("randomization").is_none());
    let back = Command::Put { id: Some(same.clone()), object: Box::new(Object::Behavior(before.clone())) };
    let (words, undone) = inverse::of(&snapshot, &message::Command::Bridge(command)).unwrap();
    assert_eq!((words.as_str(), undone), ("change Morning", message::Command::Bridge(back)));
    draft.doings = vec![(Some(GroupId("attic".into())), Doing::On)];
    assert!(draft.command(&snapshot).unwrap_err().contains("room in it is gone"));
    let mut nowhere = snapshot;
    nowhere.bridge.identity.place = None;
    let mut sun = Draft::new(&nowhere);
    sun.name = "Dawn".into();
    sun.at.from = hearthlight::ui::panels::automations::plans::draft::From::Sunrise;
    assert!(sun.command(&nowhere).unwrap_err().contains("need a place"));
}

/// How one gets to a part.
type Way = fn(&mut Harness<'static, Window>);

/// The parts and how one gets there.
fn each_part(size: egui::Vec2, mut look: impl FnMut(&str, &mut Harness<'static, Window>)) {
    let parts: [(&str, Way); 5] = [
        ("bridge", |h| {
            click(h, "System");
            click(h, "System: Hue bridge");
        }),
        ("place", |h| {
            click(h, "System");
            click(h, "System: Hue bridge");
            click(h, "Show good checks");
            click(h, "Change place and time zone\u{2026}");
        }),
        ("inputs", |h| {
            click(h, "System");
            click(h, "System: Switches and sensors");
        }),
        ("schedules", |h| {
            click(h, "Automations");
            click(h, "Automations: Schedules and apps");
        }),
        ("schedule", |h| {
            click(h, "Automations");
            click(h, "Automations: Schedules and apps");
            click(h, "Edit Morning, schedule\u{2026}");
        }),
    ];
    for (name, go) in parts {
        let mut harness = ui::start(&house(), size);
        go(&mut harness);
        harness.run_steps(4);
        look(name, &mut harness);
    }
}

#[test]
fn each_control_has_a_name_and_can_be_hit_also_at_twice_the_size_of_text() {
    each_part(vec2(1600.0, 900.0), |part, harness| {
        let wrong = badly_named(harness);
        assert!(wrong.is_empty(), "{part}: {wrong:#?}");
    });
    // 1280 x 800 at 200 %.
    let size = vec2(640.0, 400.0);
    each_part(size, |part, harness| {
        let wrong = out_of_reach(harness, size);
        assert!(wrong.is_empty(), "{part}: {wrong:#?}");
    });
}

#[test]
fn times_and_requests_read_as_people_say_them() {
    let at = time(6, 30, 0, 0);
    let when = |when| plan_words::when(&when, 0, false);
    assert_eq!(plan_words::when(&When::Weekly(Days(124), at), 600, false), "Weekdays 06:30, up to 10\u{a0}min later");
    assert_eq!(when(When::Weekly(Days(3), at)), "Weekends 06:30");
    assert_eq!(when(When::Weekly(Days(80), at)), "Mon, Wed 06:30");
    assert_eq!(when(When::Interval(Days(127), at, time(8, 0, 0, 0))), "Every day 06:30\u{2013}08:00");
    assert_eq!(when(When::Timer { seconds: 5_400, repeat: None }), "1\u{a0}h 30\u{a0}min after it is started");
    assert_eq!(when(When::Timer { seconds: 10, repeat: Some(Some(5)) }), "Every 10\u{a0}s, 5 times");
    assert_eq!(plan_words::point(TimePoint::Sunset(-30)), "30\u{a0}min before sunset");
    assert_eq!(told::asked("GET", "/api/<key>/lights"), "read lights");
    assert_eq!(told::asked("PUT", "/api/<key>/lights/3/state"), "changed light 3");
    assert_eq!(told::asked("POST", "/api/"), "asked for a key");
    assert_eq!(
        told::asked("DELETE", "/clip/v2/resource/smart_scene/3f3d1a5e-0000-4000-8000-0123"),
        "removed smart scene"
    );
    assert_eq!(told::asked("GET", "/debug/clip.html"), "GET /debug/clip.html");
    assert_eq!(says::button("3_hold"), "button 3 held");
    assert_eq!(says::button("shake"), "shake");
    let snapshot = full();
    let listed = entries::all(&snapshot);
    assert!(listed.iter().all(|entry| !entry.name.is_empty() && !entry.when.is_empty() && !entry.does.is_empty()));
    assert_eq!(Names(&snapshot).scene(&SceneId("x".into())), "a scene that is gone");
}
