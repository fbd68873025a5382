//! The window's manners, by its accessible names: finding, taking back, stopping, layouts, jobs, parts, names.

use std::sync::Arc;

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Rect, Vec2, ViewportCommand, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{AccessKitNode, By, NodeT as _, Queryable as _};
use hearthlight::model::exports::{self, Job};
use hearthlight::model::layouts::{self, LEFT};
use hearthlight::model::message::{Command, Outcome, Ticket};
use hearthlight::model::sensors::{self, DeviceId};
use hearthlight::model::system::{self, Desktop, Layer, Setting, Stopped};
use hearthlight::ui::app::Window;
use hearthlight::ui::choices::{Choices, Motion, Theme};
use hearthlight::ui::desk::layout::{self, Layout};
use hearthlight::ui::desk::place::Place;
use hearthlight::ui::desk::{self, built_in};
use hearthlight::ui::find::{find, find_thing};
use hearthlight::ui::panels;
use hearthlight::ui::shell::registry;
use hearthlight::ui::style;
use hearthlight::ui::theme::{Look, size};
use hearthlight::ui::undo::{Undo, inverse};
use hearthlight::ui::widgets::heat_view;

use crate::ui::{self, House, click, sent, tell};

const WIDE: Vec2 = vec2(1600.0, 900.0);

fn setting(key: &str, value: &str) -> Setting {
    Setting { key: key.into(), value: value.into(), layer: Layer::Default, help: "What it does.".into() }
}

fn press(harness: &mut Harness<'_, Window>, key: Key) {
    harness.key_press(key);
    harness.run_steps(2);
}

/// One press in one frame: a frame of the test takes a quarter of a second.
fn tap(harness: &mut Harness<'_, Window>, key: Key) {
    let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE };
    harness.input_mut().events.extend([event(true), event(false)]);
    harness.step();
}

fn ctrl(harness: &mut Harness<'_, Window>, key: Key) {
    harness.key_press_modifiers(Modifiers::COMMAND, key);
    harness.run_steps(2);
}

fn ctrl_shift(harness: &mut Harness<'_, Window>, key: Key) {
    harness.key_press_modifiers(Modifiers { shift: true, ..Modifiers::COMMAND }, key);
    harness.run_steps(2);
}

fn type_text(harness: &mut Harness<'_, Window>, label: &str, text: &str) {
    harness.get_by_role_and_label(Role::TextInput, label).type_text(text);
    harness.run_steps(3);
}

fn options(harness: &Harness<'_, Window>) -> Vec<String> {
    let all = harness.query_all_by_role(Role::ListBoxOption);
    all.filter_map(|node| node.accesskit_node().label()).collect()
}

#[test]
fn letters_are_found_in_their_order_and_beginnings_of_words_count_most() {
    assert_eq!(find("pal", "Next palette").unwrap().at, [5, 6, 7]);
    assert_eq!(find("np", "Next palette").unwrap().at, [0, 5]);
    assert!(find("pal", "Next palette").unwrap().score > find("pal", "Provisional").map_or(0, |m| m.score));
    assert!(find("pal next", "Next palette").is_some());
    assert_eq!(find("xyz", "Next palette"), None);
    assert_eq!(find("", "Next palette").unwrap().score, 0);
    assert_eq!(find("\u{c4}r", "\u{e4}rger").unwrap().at, [0, 1]);
    let (by_name, by_also) = (find_thing("bench", "Bench", "").unwrap(), find_thing("bench", "Door", "bench").unwrap());
    assert!(by_name.score > by_also.score && by_also.at.is_empty());
    assert!(find_thing("small", "Small", "").unwrap().score > find_thing("small", "Smaller", "").unwrap().score);
    assert!(find_thing("pal", "Fire", "a place of all").is_none(), "scattered letters in a long text");
    assert!(find_thing("bench 192.168", "Bench", "192.168.1.77").is_some());
}

proptest::proptest! {
    #[test]
    fn what_is_found_is_there_in_its_order(typed in "[a-c ]{0,6}", text in "[a-cA-C -]{0,24}") {
        if let Some(found) = find(&typed, &text) {
            let letters: Vec<char> = text.to_lowercase().chars().collect();
            proptest::prop_assert!(found.at.is_sorted() && found.at.iter().all(|i| *i < letters.len()));
            let wanted: std::collections::BTreeSet<char> = typed.chars().filter(|c| !c.is_whitespace()).collect();
            let marked: std::collections::BTreeSet<char> = found.at.iter().map(|i| letters[*i]).collect();
            proptest::prop_assert_eq!(wanted, marked);
        }
    }
}

#[test]
fn the_palette_finds_sensors_actions_and_settings_and_goes_there() {
    let house = ui::lived_in();
    tell(&house, |s| s.system.settings = Arc::new(vec![setting("alarms.sound", "true")]));
    let mut harness = ui::start(&house, WIDE);
    ctrl(&mut harness, Key::K);
    assert!(harness.state().stage().finder.open.is_some());
    type_text(&mut harness, "Search or command", "door");
    assert_eq!(options(&harness).first().map(String::as_str), Some("Sensors: Door"));
    press(&mut harness, Key::Enter);
    assert!(harness.state().stage().finder.open.is_none());
    assert_eq!(harness.state().stage().selected, Some(DeviceId::new("Door")));
    ctrl(&mut harness, Key::K);
    assert_eq!(options(&harness).first().map(String::as_str), Some("Recent: Door"));
    type_text(&mut harness, "Search or command", "192.168.1.77");
    assert!(options(&harness).len() >= 3);
    ctrl(&mut harness, Key::K);
    ctrl(&mut harness, Key::K);
    type_text(&mut harness, "Search or command", "alarms.sound");
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().stage().page, panels::order::SYSTEM);
    assert_eq!(harness.state().stage().setting.as_ref().map(|(key, _)| key.as_str()), Some("alarms.sound"));
}

#[test]
fn each_part_of_a_page_is_found_by_its_name_and_gone_to() {
    let mut harness = ui::start(&ui::lived_in(), WIDE);
    let mut shown = Vec::new();
    for (place, page) in panels::PAGES.iter().enumerate() {
        for part in page.parts {
            ctrl(&mut harness, Key::K);
            type_text(&mut harness, "Search or command", part.name);
            assert_eq!(options(&harness).first(), Some(&format!("Places: {}, {}", part.name, page.name)));
            press(&mut harness, Key::Enter);
            harness.run_steps(4);
            assert_eq!(harness.state().stage().page, place, "{}", part.name);
            let stage = harness.state().stage();
            let parts = (stage.plans.shown, stage.history.part, stage.system);
            shown.push((place, parts, heading_at(&harness, part.name)));
        }
    }
    let first = |n: usize| shown[..n].iter().all(|now| !shown[n..].contains(now));
    assert!((1..shown.len()).all(first), "each shows something of its own: {shown:?}");
}

/// Where the heading of a section stands, if it is in sight.
fn heading_at(harness: &Harness<'_, Window>, name: &str) -> Option<i32> {
    let words = name.to_uppercase();
    let heading = harness.query_by_label(&words)?;
    let top = heading.rect().top();
    (0.0..WIDE.y).contains(&top).then_some(top as i32)
}

#[test]
fn arrows_choose_in_the_palette_and_escape_closes_it_only() {
    let mut house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    click(&mut harness, "Search or command (Ctrl+K)");
    type_text(&mut harness, "Search or command", "palette");
    press(&mut harness, Key::ArrowDown);
    let chosen = |harness: &Harness<'_, Window>| {
        harness
            .query_all_by_role(Role::ListBoxOption)
            .position(|node| node.accesskit_node().is_selected() == Some(true))
    };
    assert_eq!(chosen(&harness), Some(1));
    press(&mut harness, Key::ArrowUp);
    assert_eq!(chosen(&harness), Some(0));
    tap(&mut harness, Key::Escape);
    tap(&mut harness, Key::Escape);
    assert!(harness.state().stage().finder.open.is_none());
    assert!(sent(&mut house).is_empty(), "closing the palette is no first half of a stop");
    ctrl(&mut harness, Key::K);
    type_text(&mut harness, "Search or command", "qqqq");
    harness.get_by_label("Nothing is called \u{201c}qqqq\u{201d}");
}

#[test]
fn names_of_actions_are_unique_and_no_two_share_a_key() {
    // What these do on Lights they do to the selected light, and only there.
    const ON_LIGHTS: [&str; 3] = ["B", "F2", "I"];
    let lights: Vec<_> = panels::lights::acts::ACTIONS.iter().map(|action| action.name).collect();
    let mut names = std::collections::BTreeSet::new();
    let mut keys: Vec<String> = Vec::new();
    for action in registry::all() {
        assert!(!action.name.is_empty() && names.insert(action.name), "{}", action.name);
        let own = |key: &String| !lights.contains(&action.name) || !ON_LIGHTS.contains(&key.as_str());
        keys.extend(action.chords.iter().map(|chord| chord.words()).filter(own));
    }
    let n = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), n, "{keys:?}");
}

#[test]
fn the_page_of_keys_comes_from_the_actions() {
    let house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::Questionmark);
    harness.run_steps(2);
    for action in registry::all().filter(|action| !action.chords.is_empty()) {
        assert!(harness.query_all_by_label(action.name).count() > 0, "{}", action.name);
    }
    harness.get_by_label("Master stop: rules run no actions");
    press(&mut harness, Key::Escape);
    assert!(!harness.state().stage().keys);
}

fn rename_bench(harness: &mut Harness<'_, Window>) {
    press(harness, Key::F2);
    harness.get_by_label("Name of the sensor").type_text(" top");
    harness.run_steps(2);
    press(harness, Key::Enter);
}

fn rename(name: &str) -> Command {
    Command::Sensors(sensors::Command::Rename { device: DeviceId::new("Bench"), name: name.to_owned() })
}

#[test]
fn a_name_is_taken_back_and_given_again() {
    let mut house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    rename_bench(&mut harness);
    assert_eq!(sent(&mut house), [rename("Bench top")]);
    ctrl(&mut harness, Key::Z);
    assert_eq!(sent(&mut house), [rename("Bench")]);
    harness.get_by_label("Undone: rename Bench to Bench top");
    click(&mut harness, "Redo: Undone: rename Bench to Bench top");
    assert_eq!(sent(&mut house), [rename("Bench top")]);
    harness.get_by_label("Done again: rename Bench to Bench top");
    ctrl(&mut harness, Key::Z);
    ctrl_shift(&mut harness, Key::Z);
    ctrl(&mut harness, Key::Z);
    ctrl(&mut harness, Key::Y);
    let all = ["Bench", "Bench top", "Bench", "Bench top"].map(rename);
    assert_eq!(sent(&mut house), all);
}

#[test]
fn a_refused_step_cannot_be_taken_back() {
    let mut house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    rename_bench(&mut harness);
    let n = house.port.tickets.load(std::sync::atomic::Ordering::Relaxed);
    let refused = (1..=n).map(|ticket| (Ticket(ticket), Outcome::Refused { why: "No.".to_owned() }));
    house.port.outcomes.lock().extend(refused);
    harness.run_steps(2);
    drop(sent(&mut house));
    ctrl(&mut harness, Key::Z);
    assert!(sent(&mut house).is_empty());
}

#[test]
fn steps_are_dropped_when_refused_whichever_way_they_went() {
    let (again, back) = (rename("B"), rename("A"));
    let mut undo = Undo::default();
    undo.did("rename", again.clone(), back.clone());
    assert!(undo.sent(&again, Ticket(1)) && !undo.sent(&again, Ticket(2)));
    assert_eq!(undo.undo().map(|step| step.back.clone()), Some(back.clone().into()));
    assert!(undo.sent(&back, Ticket(3)));
    assert!(!undo.refused(Ticket(1)), "an outcome of before the undo is about the past");
    assert!(undo.refused(Ticket(3)) && undo.next().is_none() && undo.last().is_none());
}

#[test]
fn only_what_has_an_exact_inverse_is_a_step() {
    let view = ui::lived_in().port.view();
    let accept = Command::Sensors(sensors::Command::Accept { device: DeviceId::new("Garage") });
    let left = layouts::Command::Put { name: LEFT.to_owned(), body: "()".to_owned() };
    assert_eq!(inverse::of(&view, &accept), None);
    assert_eq!(inverse::of(&view, &Command::Layouts(left)), None);
    assert_eq!(inverse::of(&view, &rename("Bench")), None, "nothing changes");
    let own = layouts::Command::Put { name: "Mine".to_owned(), body: "()".to_owned() };
    let gone = Command::Layouts(layouts::Command::Remove { name: "Mine".to_owned() });
    assert_eq!(inverse::of(&view, &Command::Layouts(own)).map(|(_, back)| back), Some(gone));
}

#[test]
fn escape_twice_is_the_master_stop_and_the_line_resumes() {
    let mut house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    tap(&mut harness, Key::Escape);
    assert!(sent(&mut house).is_empty());
    harness.run_steps(4);
    tap(&mut harness, Key::Escape);
    assert!(sent(&mut house).is_empty(), "too late to be the second of two");
    tap(&mut harness, Key::Escape);
    assert_eq!(sent(&mut house), [Command::System(system::Command::Stop)]);
    tell(&house, |s| s.system.stopped = Some(Stopped { by: "Ana".into(), since: ui::wall() }));
    harness.run_steps(2);
    let line = harness.get_by_label("Stopped by Ana at 14:13: rules run no actions").rect();
    let bar = harness.get_by_label_contains("No alarms. ").rect();
    assert!(line.bottom() <= bar.top(), "{line:?} {bar:?}");
    harness.get_by_label("Master stop: Stopped by Ana at 14:13: rules run no actions");
    tap(&mut harness, Key::Escape);
    tap(&mut harness, Key::Escape);
    assert!(sent(&mut house).is_empty());
    click(&mut harness, "Resume");
    assert_eq!(sent(&mut house), [Command::System(system::Command::Resume)]);
}

fn job(standing: exports::Standing, since: i64) -> Job {
    let since = ui::wall() - jiff::SignedDuration::from_secs(since);
    Job { id: 7, name: "Snapshot of Bench".into(), since, standing }
}

#[test]
fn a_long_job_shows_how_far_it_is_and_what_became_of_it() {
    let mut house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    let put = |house: &House, standing, since| {
        tell(house, |s| drop(s.exports.jobs.insert(7, Arc::new(job(standing, since)))));
    };
    put(&house, exports::Standing::Running(0.2), 0);
    harness.run_steps(2);
    assert!(harness.query_by_label("Cancel: Snapshot of Bench").is_none(), "it is young");
    put(&house, exports::Standing::Running(0.42), 2);
    harness.run_steps(2);
    harness.get_by_label("Snapshot of Bench: 42\u{a0}%");
    click(&mut harness, "Cancel: Snapshot of Bench");
    assert_eq!(sent(&mut house), [Command::Exports(exports::Command::Cancel(7))]);
    put(&house, exports::Standing::Done { path: "/home/ana/bench-1.png".into(), bytes: 10 }, 3);
    harness.run_steps(3);
    harness.get_by_label("Saved bench-1.png");
    click(&mut harness, "Show: Saved bench-1.png");
    assert_eq!(sent(&mut house), [Command::Exports(exports::Command::Reveal(7))]);
    assert!(harness.query_by_label("Saved bench-1.png").is_none());
    put(&house, exports::Standing::Failed("The disk is full.".into()), 3);
    harness.run_steps(3);
    assert!(harness.query_by_label("Snapshot of Bench: The disk is full.").is_none(), "it said how it ended before");
}

#[test]
fn what_was_over_before_the_window_opened_says_nothing() {
    let house = ui::lived_in();
    let done = exports::Standing::Done { path: "a.png".into(), bytes: 1 };
    tell(&house, |s| drop(s.exports.jobs.insert(7, Arc::new(job(done, 3)))));
    let harness = ui::start(&house, WIDE);
    assert!(harness.query_by_label("Saved a.png").is_none());
    harness.get_by_label("Saved files");
}

#[test]
fn layouts_are_picked_saved_and_removed() {
    let mut house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    click(&mut harness, "Layout");
    click(&mut harness, "Tune");
    let stage = harness.state().stage();
    assert_eq!((stage.page, stage.enlarged, stage.desk.width()), (panels::order::THERMAL, true, size::INSPECTOR_TUNE));
    harness.get_by_label("Layout: Tune");
    ctrl(&mut harness, Key::S);
    let line = harness.get_by_role_and_label(Role::TextInput, "Name of the layout");
    line.type_text("x");
    harness.run_steps(2);
    click(&mut harness, "Save");
    let [Command::Layouts(layouts::Command::Put { name, body })] = &sent(&mut house)[..] else { panic!() };
    let layout = Layout::read(body).unwrap();
    assert_eq!((name.as_str(), layout.page.as_str(), layout.inspecting), ("Tunex", "Thermal", true));
    let (name, body) = (Arc::from(name.as_str()), Arc::from(body.as_str()));
    tell(&house, |s| drop(s.layouts.saved.insert(name, body)));
    harness.run_steps(2);
    click(&mut harness, "Overview");
    assert!(!harness.state().stage().enlarged);
    click(&mut harness, "Layout: Tunex");
    click(&mut harness, "Tunex");
    assert_eq!((harness.state().stage().page, harness.state().stage().enlarged), (panels::order::THERMAL, true));
    click(&mut harness, "Layout: Tunex");
    click(&mut harness, "Remove the layout Tunex");
    let remove = layouts::Command::Remove { name: "Tunex".to_owned() };
    assert_eq!(sent(&mut house), [Command::Layouts(remove)]);
    harness.get_by_label("Undo: Removed the layout Tunex");
}

#[test]
fn a_built_in_name_is_not_saved_over() {
    let mut house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    ctrl(&mut harness, Key::S);
    harness.get_by_role_and_label(Role::TextInput, "Name of the layout").type_text("Watch");
    harness.run_steps(2);
    harness.get_by_label("This name belongs to a layout that comes with Hearthlight");
    press(&mut harness, Key::Enter);
    assert!(sent(&mut house).is_empty());
    press(&mut harness, Key::Escape);
    assert!(harness.state().stage().desk.naming.is_none());
}

#[test]
fn another_layout_loses_nothing_that_is_typed() {
    let house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    press(&mut harness, Key::F2);
    harness.get_by_label("Name of the sensor").type_text(" top");
    harness.run_steps(2);
    let before = harness.state().stage().renaming.clone();
    assert!(before.is_some());
    click(&mut harness, "Layout");
    click(&mut harness, "Watch");
    assert_eq!(harness.state().stage().selected, Some(DeviceId::new("Bench")));
}

#[test]
fn the_small_window_shows_the_least_margin_and_gives_the_whole_one_back() {
    let house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    click(&mut harness, "Thermal");
    click(&mut harness, "Layout");
    click(&mut harness, "Small");
    harness.set_size(vec2(320.0, 180.0));
    harness.run_steps(3);
    harness.get_by_label("Bench, hottest 41.2 degrees at row 3 column 8, live");
    assert!(harness.query_by_label("Overview").is_none() && harness.query_by_label("Layout").is_none());
    harness.get_by_label_contains("No alarms. 2 of 4");
    press(&mut harness, Key::Escape);
    harness.set_size(WIDE);
    harness.run_steps(3);
    assert_eq!(harness.state().stage().page, panels::order::THERMAL);
    harness.get_by_label("Overview");
}

#[test]
fn the_window_is_found_as_it_was_left() {
    let mut house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    click(&mut harness, "Thermal");
    press(&mut harness, Key::ArrowRight);
    harness.run_steps(6);
    let left = ui::all_sent(&mut house).into_iter().rev().find_map(|command| match command {
        Command::Layouts(layouts::Command::Put { name, body }) if name == LEFT => Some(body),
        _ => None,
    });
    let body = left.expect("how the window is left is kept");
    harness.run_steps(8);
    assert!(ui::all_sent(&mut house).is_empty(), "nothing changed since");
    let again = ui::lived_in();
    tell(&again, |s| drop(s.layouts.saved.insert(LEFT.into(), body.as_str().into())));
    let harness = ui::start(&again, WIDE);
    assert_eq!(harness.state().stage().page, panels::order::THERMAL);
    assert_eq!(harness.state().stage().selected, Some(DeviceId::new("Door")));
    assert!(!desk::names(&again.port.view().layouts).contains(&String::new()));
}

#[test]
fn a_layout_reads_what_it_wrote_and_bears_nonsense() {
    for (name, _) in built_in::ALL {
        let layout = built_in::of(name).unwrap();
        assert_eq!(Layout::read(&layout.write().unwrap()), Ok(layout));
    }
    assert_eq!(Layout::read("()"), Ok(Layout::default()));
    assert!(Layout::read("(page: 3)").is_err());
    assert_eq!(
        [layout::width(f32::NAN), layout::width(0.0), layout::width(9e9), layout::width(3.0)],
        [336.0, 336.0, 560.0, 280.0]
    );
}

#[test]
fn a_place_that_no_screen_shows_is_not_used() {
    let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(1920.0, 1080.0));
    let second = screen.translate(vec2(1920.0, 0.0));
    let place = |x: f32, y: f32| Place { at: Some([x, y]), size: [1440.0, 900.0], ..Place::default() };
    assert!(place(100.0, 50.0).is_on(&[screen]) && place(2_500.0, 10.0).is_on(&[screen, second]));
    assert!(!place(2_500.0, 10.0).is_on(&[screen]) && !place(-1_400.0, 0.0).is_on(&[screen]));
    assert!(!place(0.0, 1_070.0).is_on(&[screen]) && !place(f32::NAN, 0.0).is_on(&[screen]));
    let moves = |place: Place| {
        let commands = place.commands(&[screen], size::WINDOW_MIN, 2.0);
        commands.into_iter().find(|command| matches!(command, ViewportCommand::OuterPosition(_)))
    };
    assert_eq!(moves(place(100.0, 50.0)), Some(ViewportCommand::OuterPosition(pos2(50.0, 25.0))));
    assert_eq!(moves(place(2_500.0, 10.0)), None);
    let huge = Place { size: [9e9, f32::NAN], ..Place::default() };
    assert_eq!(huge.fitting(&[screen], size::WINDOW_MIN), vec2(1920.0, 600.0));
}

#[test]
fn the_inspector_is_as_wide_as_it_was_made() {
    let house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    harness.get_by_label("Width of the inspector: 336").focus();
    harness.run_steps(2);
    press(&mut harness, Key::ArrowLeft);
    harness.get_by_label("Width of the inspector: 352");
    for _ in 0..40 {
        press(&mut harness, Key::ArrowLeft);
    }
    harness.get_by_label("Width of the inspector: 560");
}

#[test]
fn a_picture_opens_in_its_own_window_eight_at_most() {
    let house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    click(&mut harness, "More");
    click(&mut harness, "Open in own window");
    assert_eq!(harness.state().stage().desk.apart.len(), 1);
    assert_eq!(harness.query_all_by_label("Bench, hottest 41.2 degrees at row 3 column 8, live").count(), 2);
    let mut desk = hearthlight::ui::desk::state::Desk::default();
    assert!((0..8).all(|i| desk.open_apart(&DeviceId::new(&format!("d{i}")))));
    assert!(!desk.open_apart(&DeviceId::new("d8")) && desk.open_apart(&DeviceId::new("d3")));
    desk.close_apart(&DeviceId::new("d3"));
    assert_eq!(desk.apart().len(), 7);
}

#[test]
fn f6_steps_through_the_parts_and_tab_goes_on_in_them() {
    let house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    let mut seen = Vec::new();
    for _ in 0..5 {
        press(&mut harness, Key::F6);
        let focused = harness.query_all(By::new().predicate(|node| node.is_focused()));
        seen.extend(focused.filter_map(|node| node.accesskit_node().label()));
    }
    assert_eq!(seen, ["Top bar", "Places", "Page", "Inspector", "Alarms"]);
    press(&mut harness, Key::F6);
    press(&mut harness, Key::F6);
    press(&mut harness, Key::Tab);
    assert!(harness.get_by_label("Overview").is_focused());
    assert_eq!(harness.state().stage().parts.taken(), None);
}

#[test]
fn nothing_moves_where_motion_is_reduced() {
    let house = ui::lived_in();
    tell(&house, |s| s.system.settings = Arc::new(vec![setting("window.motion", "reduced")]));
    let harness = ui::start(&house, WIDE);
    assert_eq!(harness.ctx.global_style().animation_time, 0.0);
    assert!(ui::start(&ui::lived_in(), WIDE).ctx.global_style().animation_time > 0.0);
}

/// What a person acts on.
const CONTROLS: [Role; 12] = [
    Role::Button,
    Role::RadioButton,
    Role::MenuItemRadio,
    Role::TextInput,
    Role::MultilineTextInput,
    Role::SpinButton,
    Role::Slider,
    Role::CheckBox,
    Role::Switch,
    Role::Tab,
    Role::ListItem,
    Role::Splitter,
];

/// A control as a screen reader has it.
#[derive(Clone, Debug, PartialEq)]
struct Control {
    role: Role,
    name: String,
    rect: Rect,
    scrolled: bool,
    enabled: bool,
}

fn controls(harness: &Harness<'_, Window>) -> Vec<Control> {
    let mut found = Vec::new();
    collect(harness.root().accesskit_node(), false, &mut found);
    found
}

fn collect(node: AccessKitNode<'_>, scrolled: bool, found: &mut Vec<Control>) {
    if CONTROLS.contains(&node.role()) {
        let name = node.label().or_else(|| node.value()).unwrap_or_default();
        let b = node.bounding_box().unwrap_or_default();
        let rect = Rect::from_min_max(pos2(b.x0 as f32, b.y0 as f32), pos2(b.x1 as f32, b.y1 as f32));
        found.push(Control { role: node.role(), name, rect, scrolled, enabled: !node.is_disabled() });
    }
    let scrolled = scrolled || node.role() == Role::ScrollView;
    node.children().for_each(|child| collect(child, scrolled, found));
}

/// A state of the window and how one gets there.
type State = (&'static str, fn(&mut Harness<'static, Window>));

const STATES: [State; 16] = [
    ("overview", |h| click(h, "Overview")),
    ("thermal", |h| click(h, "Thermal")),
    ("inspected", |h| {
        click(h, "Thermal");
        press(h, Key::Enter);
    }),
    ("automations", |h| click(h, "Automations")),
    ("history", |h| click(h, "History")),
    ("journal", |h| {
        click(h, "History");
        click(h, "History: Journal");
    }),
    ("trends", |h| {
        click(h, "History");
        click(h, "History: Trends");
    }),
    ("board", |h| {
        h.key_press_modifiers(Modifiers::COMMAND, Key::Num1);
        ctrl(h, Key::B);
    }),
    ("system", |h| click(h, "System")),
    ("palette", |h| ctrl(h, Key::K)),
    ("keys", |h| h.key_press(Key::Questionmark)),
    ("naming", |h| ctrl(h, Key::S)),
    ("view", |h| click(h, "View")),
    ("layouts", |h| click(h, "Layout")),
    ("renaming", |h| press(h, Key::F2)),
    ("inspector", |h| {
        click(h, "Thermal");
        press(h, Key::I);
    }),
];

/// Lived in, with rules, an alarm, a saved layout and a stop: as much at once as there can be.
fn full() -> House {
    let house = ui::lived_in();
    tell(&house, |s| {
        s.system.settings = Arc::new(vec![setting("alarms.sound", "true"), setting("window.close", "ask")]);
        s.system.operator = "Ana".into();
        s.system.stopped = Some(Stopped { by: "Ana".into(), since: ui::wall() });
        s.layouts.saved.insert("Night".into(), "()".into());
        for recipe in hearthlight::ui::panels::automations::recipes::ALL {
            let rule = (recipe.rule)();
            s.alarms.rules.insert(rule.id.clone(), Arc::new(rule));
        }
    });
    house
}

/// Controls without a name, and with that of another one.
pub(crate) fn badly_named(harness: &Harness<'_, Window>) -> Vec<String> {
    let all = controls(harness);
    assert!(all.len() > 5);
    let wrong = |(i, control): (usize, &Control)| {
        let twin = all.iter().take(i).find(|c| (c.role, &c.name) == (control.role, &control.name));
        match twin {
            _ if control.name.trim().is_empty() => Some(format!("{control:?} has no name")),
            Some(twin) => Some(format!("{control:?} and {twin:?}")),
            None => None,
        }
    };
    all.iter().enumerate().filter_map(wrong).collect()
}

/// Controls that are beside the window, or too small to be hit.
pub(crate) fn out_of_reach(harness: &Harness<'_, Window>, size: Vec2) -> Vec<String> {
    let wrong = |control: Control| {
        let (x, r) = (control.rect.x_range(), control.rect);
        if !(x.min >= -0.5 && x.max <= size.x + 0.5) {
            Some(format!("{control:?} is outside"))
        } else if r.width() < 12.0 || r.height() < 12.0 {
            Some(format!("{control:?} is too small to be hit"))
        } else {
            None
        }
    };
    controls(harness).into_iter().filter(|control| control.role != Role::Splitter).filter_map(wrong).collect()
}

fn each_state(size: Vec2, mut look: impl FnMut(&str, &mut Harness<'static, Window>)) {
    for (name, go) in STATES {
        for (kind, house) in [("full", full()), ("empty", ui::empty())] {
            let mut harness = ui::start(&house, size);
            if kind == "empty" && matches!(name, "inspected" | "renaming" | "inspector") {
                continue;
            }
            go(&mut harness);
            harness.run_steps(3);
            look(&format!("{kind} {name}"), &mut harness);
        }
    }
}

#[test]
fn each_control_has_a_name_of_its_own() {
    each_state(WIDE, |state, harness| {
        let wrong = badly_named(harness);
        assert!(wrong.is_empty(), "{state}: {wrong:#?}");
    });
}

#[test]
fn each_control_is_in_a_small_window_at_twice_the_size_of_text() {
    // 1280 x 800 at 200 %.
    let size = vec2(640.0, 400.0);
    let mut wrong = Vec::new();
    each_state(size, |state, harness| {
        wrong.extend(out_of_reach(harness, size).into_iter().map(|control| format!("{state}: {control}")));
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn tab_reaches_each_control_and_what_is_scrolled_comes_into_sight() {
    let size = vec2(1280.0, 800.0);
    for (name, go) in
        STATES.iter().filter(|(name, _)| !matches!(*name, "palette" | "keys" | "view" | "layouts" | "renaming"))
    {
        let mut harness = ui::start(&full(), size);
        go(&mut harness);
        harness.run_steps(3);
        let wanted: Vec<Control> = controls(&harness).into_iter().filter(|control| control.enabled).collect();
        let mut reached = std::collections::BTreeSet::new();
        for _ in 0..wanted.len() + 12 {
            tap(&mut harness, Key::Tab);
            let id = harness.ctx.memory(egui::Memory::focused);
            let all = harness.query_all(By::new().predicate(|node| node.is_focused()));
            for node in all.filter(|_| id.is_some()) {
                let label = node.accesskit_node().label().or_else(|| node.accesskit_node().value());
                reached.insert(label.unwrap_or_default());
            }
        }
        // A picture with the keyboard says the cell under it as well.
        let is_reached = |name: &str| reached.iter().any(|label: &String| label.starts_with(name));
        let missed: Vec<&Control> = wanted.iter().filter(|control| !is_reached(&control.name)).collect();
        assert!(missed.is_empty(), "{name}: {missed:#?}\nreached {reached:?}");
    }
}

#[test]
fn the_look_and_the_motion_follow_the_desktop_where_the_settings_say_so() {
    let wants = |dark, contrast, still| Desktop { dark, contrast, still };
    let mut choices = Choices::default();
    assert_eq!(choices.look(Desktop::default(), true), Look::Dark);
    assert_eq!(choices.look(Desktop::default(), false), Look::Light);
    assert_eq!(choices.look(wants(Some(false), None, None), true), Look::Light);
    assert_eq!(choices.look(wants(Some(true), Some(true), None), false), Look::Contrast);
    assert!(choices.is_still(wants(None, None, Some(true))) && !choices.is_still(Desktop::default()));
    (choices.theme, choices.motion) = (Theme::Dark, Motion::Full);
    assert_eq!(choices.look(wants(Some(false), Some(true), None), false), Look::Dark);
    assert!(!choices.is_still(wants(None, None, Some(true))));
    let house = ui::lived_in();
    let harness = ui::start(&house, WIDE);
    assert!(!style::is_still(&harness.ctx));
    tell(&house, |s| s.system.desktop = wants(None, None, Some(true)));
    let harness = ui::start(&house, WIDE);
    assert!(style::is_still(&harness.ctx));
}

#[test]
fn compact_rows_are_lower_and_still_can_be_hit() {
    let mut house = full();
    let tall = |harness: &mut Harness<'_, Window>| {
        click(harness, "Automations");
        let row = harness.query_all_by_label_contains("Device silent").next().unwrap().rect().height();
        click(harness, "Overview");
        row
    };
    let mut harness = ui::start(&house, WIDE);
    let comfortable = tall(&mut harness);
    click(&mut harness, "View");
    click(&mut harness, "Compact");
    harness.run_steps(2);
    press(&mut harness, Key::Escape);
    let compact = tall(&mut harness);
    assert!(compact < comfortable && compact >= size::CONTROL, "{compact} of {comfortable}");
    let set = system::Command::Set { key: "window.density".into(), value: "compact".into() };
    assert!(sent(&mut house).contains(&Command::System(set)));
}

#[test]
fn what_is_chosen_quickly_is_not_undone_by_what_was_chosen_before() {
    let mut house = ui::lived_in();
    tell(&house, |s| s.system.settings = Arc::new(vec![setting("window.text_scale", "1")]));
    let mut harness = ui::start(&house, WIDE);
    ctrl(&mut harness, Key::Plus);
    ctrl(&mut harness, Key::Plus);
    assert_eq!(harness.state().choices().text_scale, 1.5);
    // The first of them comes back while the second is on its way.
    tell(&house, |s| s.system.settings = Arc::new(vec![setting("window.text_scale", "1.25")]));
    harness.run_steps(2);
    assert_eq!(harness.state().choices().text_scale, 1.5);
    ctrl(&mut harness, Key::Plus);
    assert_eq!(harness.state().choices().text_scale, 1.75);
    // Once all are answered, the settings count: they may have been changed outside.
    let n = house.port.tickets.load(std::sync::atomic::Ordering::Relaxed);
    house.port.outcomes.lock().extend((1..=n).map(|ticket| (Ticket(ticket), Outcome::Done { seq: 1, made: None })));
    tell(&house, |s| s.system.settings = Arc::new(vec![setting("window.text_scale", "0.9")]));
    harness.run_steps(2);
    assert_eq!(harness.state().choices().text_scale, 0.9);
    drop(sent(&mut house));
}

#[test]
fn a_key_that_is_let_go_of_under_another_name_is_not_held() {
    let house = ui::lived_in();
    let mut harness = ui::start(&house, WIDE);
    let event = |key, pressed| {
        let (physical_key, modifiers) = (Some(Key::Equals), Modifiers::COMMAND);
        Event::Key { key, physical_key, pressed, repeat: false, modifiers }
    };
    for scale in [1.25, 1.5] {
        // Shift goes up before the key does.
        harness.input_mut().events.extend([event(Key::Plus, true), event(Key::Equals, false)]);
        harness.run_steps(2);
        assert_eq!(harness.state().choices().text_scale, scale);
    }
    harness.input_mut().events.extend([event(Key::Plus, true)]);
    harness.run_steps(1);
    harness.input_mut().events.extend([event(Key::Plus, true)]);
    harness.run_steps(1);
    assert_eq!(harness.state().choices().text_scale, 1.75, "held down it acts once");
}

#[test]
fn the_figure_of_the_hottest_cell_stands_whole_in_its_well() {
    let well = Rect::from_min_size(pos2(10.0, 10.0), vec2(120.0, 90.0));
    let size = vec2(70.0, 18.0);
    for at in [pos2(12.0, 12.0), pos2(128.0, 14.0), pos2(70.0, 95.0), pos2(80.0, 50.0)] {
        let place = heat_view::beside_hottest(well, at, size).unwrap();
        assert!(well.contains_rect(place), "{at}: {place}");
    }
    assert_eq!(heat_view::beside_hottest(well, well.center(), vec2(121.0, 18.0)), None);
}
