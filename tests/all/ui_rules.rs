//! The rules editor and the list of devices, by their accessible names.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{DroppedFile, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use hearthlight::model::alarms;
use hearthlight::model::alarms::rule::{Action, Input, Level, Rule, RuleId, Scope};
use hearthlight::model::deed::Deed;
use hearthlight::model::learned::{Learned, Rest};
use hearthlight::model::message::Command;
use hearthlight::model::sensors::{self, Device, DeviceId, Ended, Phase};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::{self, ImportPreview, Layer, Reach, Setting};
use hearthlight::model::thermal::Calibration;
use hearthlight::port::slots::{DeviceSlot, Slots};
use hearthlight::port::{Asked, Query, Reply};
use hearthlight::ui::app::Window;
use hearthlight::ui::panels::automations::faults::Faults;
use hearthlight::ui::panels::automations::recipes;
use hearthlight::ui::panels::system::devices::import;
use hearthlight::ui::panels::system::devices::places;
use hearthlight::ui::standing;
use hearthlight::units::moment::Moment;

use crate::ui::{House, NOW, array, click, device, house, put_frame, questions, sent, start, tell, wall};

fn recipe(name: &str) -> Rule {
    let recipe = recipes::ALL.iter().find(|recipe| recipe.name == name).unwrap();
    (recipe.rule)()
}

/// Bench sees 41.2 C, Door is offline, Air has two channels, of which one is being learned; one rule.
fn lived_in(rule: Rule) -> House {
    let (mut snapshot, slots) = (Snapshot::default(), Slots::default());
    snapshot.system.reach = Reach::Lan;
    for (name, phase) in [("Bench", Phase::Streaming), ("Door", Phase::Offline), ("Air", Phase::Streaming)] {
        let device = Device { heard: Some(wall()), ..device(name, phase) };
        let slot = Arc::new(DeviceSlot::new(device.id.clone(), Arc::clone(&device.location)));
        match name {
            "Bench" => {
                put_frame(&slots, &slot, 41.2);
                slot.heard(NOW);
                let array = array(&device.id, Calibration::Received);
                snapshot.thermal.arrays.insert(device.id.clone(), Arc::new(array));
            }
            "Air" => {
                slot.channel("ADC1").unwrap().readings.push(NOW, 819.0);
                let rest = Rest { learning: true, samples: vec![20.0; 15], median: 20.0, mad: 0.1 };
                let rests = [("ADC1".into(), rest)].into();
                slot.learned.store(Some(Arc::new(Learned { rests, baseline: None })));
            }
            _ => {}
        }
        slots.insert(slot);
        snapshot.sensors.devices.insert(device.id.clone(), Arc::new(device));
    }
    let set = |key: &str, value: &str| Setting {
        key: key.into(),
        value: value.into(),
        layer: Layer::Default,
        help: "".into(),
    };
    let settings = vec![set("sensors.aliases", "1234=bench, 7=hall"), set("sensors.locations", "")];
    snapshot.system.settings = Arc::new(settings);
    snapshot.alarms.rules.insert(rule.id.clone(), Arc::new(rule));
    house(snapshot, slots)
}

fn open(house: &House, page: &str) -> Harness<'static, Window> {
    let mut harness = start(house, egui::vec2(1600.0, 2200.0));
    click(&mut harness, page);
    harness
}

fn type_into(harness: &mut Harness<'_, Window>, label: &str, text: &str) {
    harness.get_by_label(label).focus();
    harness.run_steps(2);
    harness.get_by_label(label).type_text(text);
    harness.run_steps(2);
}

fn put(rule: Rule) -> Command {
    Command::Alarms(alarms::Command::PutRule(Box::new(rule)))
}

#[test]
fn a_threshold_is_tuned_live_and_saved() {
    let mut house = lived_in(recipe("Too hot"));
    let mut harness = open(&house, "Automations");
    harness.get_by_label("Would not fire now; nearest: Bench, 3.8\u{a0}K below Hot");
    harness.get_by_label("Threshold of Hot").set_value_accesskit(40.0);
    harness.run_steps(3);
    harness.get_by_label("Would fire now: Warning at Bench (Hot 41.2\u{a0}\u{b0}C)");
    harness.get_by_label("Unsaved changes");
    assert!(sent(&mut house).is_empty(), "a draft changes nothing");
    click(&mut harness, "Save");
    let mut rule = recipe("Too hot");
    rule.sources[0].threshold = 40.0;
    assert_eq!(sent(&mut house), [put(rule.clone())]);
    tell(&house, |snapshot| drop(snapshot.alarms.rules.insert(rule.id.clone(), Arc::new(rule))));
    harness.run_steps(2);
    harness.get_by_label("Saved");
}

#[test]
fn what_is_wrong_stands_beside_it_and_keeps_from_saving() {
    let mut house = lived_in(recipe("Too hot"));
    let mut harness = open(&house, "Automations");
    harness.get_by_label_contains("Hot, Warning").click_accesskit();
    harness.run_steps(3);
    harness.get_by_label("Hysteresis of Hot").set_value_accesskit(-1.0);
    harness.run_steps(3);
    harness.get_by_label_contains("Cannot be saved. Source 1 (Hot): Its hysteresis must be");
    assert_eq!(harness.get_all_by_label_contains("Its hysteresis must be").count(), 2);
    harness.get_by_label("Save").click();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run_steps(3);
    assert!(sent(&mut house).is_empty());
    click(&mut harness, "Revert");
    assert!(harness.query_by_label_contains("Cannot be saved").is_none());
}

#[test]
fn faults_are_found_where_they_are() {
    let mut rule = recipe("Smoke and heat");
    assert!(Faults::of(&rule).none());
    rule.sources[1].threshold = f64::NAN;
    let faults = Faults::of(&rule);
    assert_eq!(faults.sources.keys().collect::<Vec<_>>(), [&1]);
    assert_eq!(faults.rule, None);
    let act = Action { at_least: Level::Notice, command: Deed::System(system::Command::ShowWindow) };
    let busy = Rule { actions: vec![act; 33], ..recipe("Too hot") };
    assert!(Faults::of(&busy).rule.is_some_and(|why| why.contains("32 actions")));
    let nowhere = Rule { scope: Scope::Devices([].into()), ..recipe("Too hot") };
    assert!(Faults::of(&nowhere).rule.is_some());
    let disabled = |rule: Rule| Rule {
        sources: rule.sources.into_iter().map(|source| alarms::rule::Source { enabled: false, ..source }).collect(),
        ..rule
    };
    let faults = Faults::of(&disabled(recipe("Too hot")));
    assert!(faults.sources.is_empty() && faults.rule.is_some(), "{faults:?}");
}

#[test]
fn recipes_can_be_saved_as_they_are() {
    for recipe in &recipes::ALL {
        assert_eq!(Faults::of(&(recipe.rule)()), Faults::default(), "{}", recipe.name);
    }
}

#[test]
fn a_draft_outlives_a_look_at_another_page() {
    let mut house = lived_in(recipe("Too hot"));
    let mut harness = open(&house, "Automations");
    harness.get_by_label("Threshold of Very hot").set_value_accesskit(70.0);
    harness.run_steps(2);
    click(&mut harness, "System");
    click(&mut harness, "Automations");
    harness.get_by_label("Unsaved changes");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run_steps(3);
    let mut rule = recipe("Too hot");
    rule.sources[1].threshold = 70.0;
    assert_eq!(sent(&mut house), [put(rule)]);
    harness.get_by_label("Being saved\u{2026}");
}

#[test]
fn a_test_alarm_is_raised_only_after_saying_where() {
    let mut house = lived_in(recipe("Too hot"));
    let mut harness = open(&house, "Automations");
    click(&mut harness, "Test\u{2026}");
    click(&mut harness, "Level of the test: Danger");
    assert!(sent(&mut house).is_empty());
    click(&mut harness, "Raise test alarm");
    let (rule, device) = (RuleId::new("too-hot"), DeviceId::new("Air"));
    let test = alarms::Command::Test { rule, device, level: Level::Danger };
    assert_eq!(sent(&mut house), [Command::Alarms(test)]);
}

#[test]
fn a_rule_begins_with_a_recipe_and_goes_after_a_yes() {
    let mut house = lived_in(recipe("Too hot"));
    let mut harness = open(&house, "Automations");
    click(&mut harness, "New rule\u{2026}");
    click(&mut harness, "Device silent");
    harness.get_by_label("New, not saved yet");
    click(&mut harness, "Save");
    assert_eq!(sent(&mut house), [put(recipe("Device silent"))]);
    harness.get_by_label_contains("Too hot, Danger").click_accesskit();
    harness.run_steps(3);
    click(&mut harness, "Delete this rule");
    assert!(sent(&mut house).is_empty());
    click(&mut harness, "Delete it");
    let remove = alarms::Command::RemoveRule { rule: RuleId::new("too-hot") };
    assert_eq!(sent(&mut house), [Command::Alarms(remove)]);
    click(&mut harness, "Restore standard rules\u{2026}");
    click(&mut harness, "Restore them");
    assert_eq!(sent(&mut house), [Command::Alarms(alarms::Command::RestoreRules)]);
}

#[test]
fn a_rule_is_watched_or_not_at_once_and_its_draft_stays() {
    let mut house = lived_in(recipe("Too hot"));
    let mut harness = open(&house, "Automations");
    harness.get_by_label("Threshold of Hot").set_value_accesskit(40.0);
    harness.run_steps(2);
    click(&mut harness, "Watch Too hot");
    assert_eq!(sent(&mut house), [put(Rule { enabled: false, ..recipe("Too hot") })]);
    harness.get_by_label("Not watched; it would fire now: Warning at Bench (Hot 41.2\u{a0}\u{b0}C)");
    harness.get_by_label("Unsaved changes");
}

#[test]
fn learning_is_said_plainly() {
    let house = lived_in(recipe("Smoke and heat"));
    let mut harness = open(&house, "Automations");
    harness.get_by_label_contains(
        "Smoke above rest, Warning, Smoke (ADC1) above its rest \u{b7} weight 0.5, learning, 3\u{a0}min left (Air)",
    );
    harness.get_by_label_contains("Much smoke, Danger").click_accesskit();
    harness.run_steps(3);
    harness.get_by_label_contains("Air: 20.0\u{a0}%, off, learning, 3\u{a0}min left");
}

#[test]
fn crossings_of_the_last_minutes_are_counted() {
    let house = lived_in(recipe("Too hot"));
    let slot = house.port.slots.device(&DeviceId::new("Bench")).unwrap();
    for (i, value) in [40.0, 50.0, 44.0, 50.0, 40.0, 50.0, 41.2].into_iter().enumerate() {
        slot.hottest.push(Moment::from_millis(40_000 + 1_000 * i as u64), value);
    }
    let mut harness = open(&house, "Automations");
    harness.get_by_label_contains("Hot, Warning").click_accesskit();
    harness.run_steps(3);
    // 44 is within the hysteresis of 3 K.
    harness.get_by_label_contains("would have crossed 2 times");
}

#[test]
fn inputs_of_all_kinds_can_be_chosen() {
    let mut house = lived_in(recipe("Device silent"));
    let mut harness = open(&house, "Automations");
    harness.get_by_label_contains("Silent, Warning").click_accesskit();
    harness.run_steps(3);
    click(&mut harness, "What Silent looks at");
    click(&mut harness, "Channel above rest");
    click(&mut harness, "Save");
    let mut rule = recipe("Device silent");
    rule.sources[0].input = Input::AboveRest { key: "ADC1".into() };
    (rule.sources[0].threshold, rule.sources[0].hysteresis) = (10.0, 1.0);
    assert_eq!(sent(&mut house), [put(rule)]);
}

#[test]
fn only_failed_devices_are_shown_with_cause_and_cure() {
    let house = lived_in(recipe("Too hot"));
    let mut harness = open(&house, "System");
    harness.get_by_label_contains("Bench, live");
    click(&mut harness, "Show: Failed only");
    harness.get_by_label_contains("Closed by device. It dials in again by itself");
    assert!(harness.query_by_label_contains("Bench, live").is_none());
    tell(&house, |snapshot| drop(snapshot.sensors.devices.remove(&DeviceId::new("Door"))));
    harness.run_steps(3);
    harness.get_by_label("All devices are online. Nothing to mend.");
}

#[test]
fn only_a_connected_device_can_be_let_dial_in_anew() {
    let mut house = lived_in(recipe("Too hot"));
    let mut harness = open(&house, "System");
    click(&mut harness, "Reconnect Bench");
    click(&mut harness, "Reconnect Door");
    let reconnect = sensors::Command::Reconnect { device: DeviceId::new("Bench") };
    assert_eq!(sent(&mut house), [Command::Sensors(reconnect)]);
}

#[test]
fn a_place_is_set_in_the_table() {
    let mut house = lived_in(recipe("Too hot"));
    let mut harness = open(&house, "System");
    click(&mut harness, "Set the place of Bench");
    harness.get_by_label("Place of Bench").type_text("Lab");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    let set = sensors::Command::SetPlace { device: DeviceId::new("Bench"), place: "Lab".to_owned() };
    assert_eq!(sent(&mut house), [Command::Sensors(set)]);
}

#[test]
fn going_out_of_service_takes_a_reason() {
    let mut house = lived_in(recipe("Too hot"));
    let mut harness = open(&house, "System");
    click(&mut harness, "More for Bench");
    click(&mut harness, "Out of service\u{2026}");
    click(&mut harness, "Take it out of service");
    assert!(sent(&mut house).is_empty());
    type_into(&mut harness, "Reason", "new burner");
    click(&mut harness, "Take it out of service");
    let take = alarms::Command::TakeOutOfService { device: DeviceId::new("Bench"), reason: "new burner".to_owned() };
    assert_eq!(sent(&mut house), [Command::Alarms(take)]);
}

/// Answers the newest question about an import.
fn answer(questions: &crossbeam_channel::Receiver<Asked>, reply: Reply) -> Query {
    let asked = questions.try_iter().filter(|asked| matches!(asked.query, Query::ImportPreview { .. })).last();
    let asked = asked.unwrap();
    (asked.answer)(reply);
    asked.query
}

#[test]
fn an_import_is_shown_before_it_is_done() {
    let mut house = lived_in(recipe("Too hot"));
    let questions = questions(&mut house);
    let mut harness = open(&house, "System");
    type_into(&mut harness, "Name of the file to import", "ip_loc_map.json");
    type_into(&mut harness, "What is in the file to import", "{}");
    click(&mut harness, "Preview the import");
    let changes = vec!["192.168.1.20 will be the place hall.".to_owned()];
    let preview = ImportPreview { kind: "Address list".to_owned(), changes, warnings: vec!["No serials.".to_owned()] };
    let query = answer(&questions, Reply::Import(Ok(preview)));
    assert_eq!(query, Query::ImportPreview { name: "ip_loc_map.json".to_owned(), text: "{}".into() });
    harness.run_steps(3);
    harness.get_by_label("Address list: 1 change");
    harness.get_by_label("192.168.1.20 will be the place hall.");
    harness.get_by_label("No serials.");
    assert!(sent(&mut house).is_empty());
    click(&mut harness, "Import what was previewed");
    let import = system::Command::Import { name: "ip_loc_map.json".to_owned(), text: "{}".to_owned() };
    assert_eq!(sent(&mut house), [Command::System(import)]);
}

#[test]
fn what_is_wrong_with_an_import_is_shown_and_nothing_can_be_imported() {
    let mut house = lived_in(recipe("Too hot"));
    let questions = questions(&mut house);
    let mut harness = open(&house, "System");
    type_into(&mut harness, "Name of the file to import", "map.csv");
    type_into(&mut harness, "What is in the file to import", "x");
    click(&mut harness, "Preview the import");
    let why = "line 1: \"x\" is no address. Write it as 192.168.1.20";
    answer(&questions, Reply::Import(Err(why.to_owned())));
    harness.run_steps(3);
    harness.get_by_label("This cannot be imported");
    harness.get_by_label(why);
    assert!(harness.query_by_label("Import what was previewed").is_none());
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        panic!("the window reads no files")
    }
}

#[test]
fn a_dropped_file_becomes_a_command_to_copy() {
    let house = lived_in(recipe("Too hot"));
    let mut harness = open(&house, "System");
    harness.input_mut().dropped_files.push(Arc::new(Dropped(PathBuf::from("/home/ana/my map.csv"))));
    harness.run_steps(3);
    let line = if cfg!(windows) {
        "hearthlight import \"/home/ana/my map.csv\""
    } else {
        "hearthlight import '/home/ana/my map.csv'"
    };
    harness.get_by_label(line);
    harness.get_by_label("Copy the import command");
}

#[test]
fn other_names_are_added_and_removed_as_a_setting() {
    let mut house = lived_in(recipe("Too hot"));
    let mut harness = open(&house, "System");
    let set = |value: &str| {
        let (key, value) = ("sensors.aliases".to_owned(), value.to_owned());
        Command::System(system::Command::Set { key, value })
    };
    click(&mut harness, "Remove 1234");
    assert_eq!(sent(&mut house), [set("7=hall")]);
    type_into(&mut harness, "New id", "9");
    type_into(&mut harness, "Location of the new id", "attic");
    click(&mut harness, "Add to other names");
    assert_eq!(sent(&mut house), [set("1234=bench, 7=hall, 9=attic")]);
    type_into(&mut harness, "New address", "not one");
    harness.get_by_label("This is not an address such as 192.168.1.20");
}

#[test]
fn pairs_of_a_setting_come_back_as_they_were() {
    for text in ["", "a=b", "192.168.1.20=hall, 192.168.1.21=boiler room"] {
        assert_eq!(places::text_of(&places::pairs(text)), text);
    }
}

#[test]
fn trouble_is_told_with_what_helps() {
    let trouble = |change: fn(&mut Device)| {
        let mut device = device("Door", Phase::Offline);
        change(&mut device);
        let later = wall() + jiff::SignedDuration::from_secs(95);
        standing::trouble(&device, later).map(|(cause, _)| cause)
    };
    let told = |change| trouble(change).unwrap();
    assert_eq!(trouble(|d| d.phase = Phase::Streaming), None);
    assert_eq!(told(|d| (d.ended, d.heard) = (None, None)), "Never connected");
    assert_eq!(told(|d| d.connected = true), "Silent for 95\u{a0}s");
    assert_eq!(told(|d| d.phase = Phase::Late), "Silent for 95\u{a0}s");
    assert_eq!(told(|_| ()), "Closed by device");
    assert_eq!(told(|d| d.ended = Some(Ended::Reset)), "Connection reset or keep-alive failed");
    assert_eq!(told(|d| d.ended = Some(Ended::OnlyBadPackets)), "Only bad packets for a minute");
    assert_eq!(told(|d| d.ended = Some(Ended::WrongProtocol)), "It speaks another protocol; is this the right port?");
    assert_eq!(told(|d| d.accepted = false), "Refused until you accept it: 192.168.1.77 is not in sensors.allow");
}

#[test]
fn a_path_is_quoted_as_a_shell_takes_it() {
    assert_eq!(import::quoted("devices.csv"), "devices.csv");
    let odd = if cfg!(windows) { "\"it's here.csv\"" } else { "'it'\\''s here.csv'" };
    assert_eq!(import::quoted("it's here.csv"), odd);
}
