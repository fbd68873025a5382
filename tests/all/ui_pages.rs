//! Overview and History, by their accessible names, with a fake store behind the questions.

use std::sync::Arc;

use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use hearthlight::model::alarms::alarm::{Alarm, AlarmId, Noted, OutOfService, Reason, Shelf, State};
use hearthlight::model::alarms::journal::{Entry, Filter, Page, Still, What};
use hearthlight::model::alarms::rule::{Input, Latch, Level, Rule, RuleId, Source};
use hearthlight::model::history::{Point, Resolution, Series};
use hearthlight::model::lights::group::{Group, GroupId};
use hearthlight::model::lights::state::Change;
use hearthlight::model::lights::{self, Aim, Light, LightId};
use hearthlight::model::message::Command;
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::snapshot::Snapshot;
use hearthlight::port::{Asked, Query, Reply};
use hearthlight::ui::app::Window;
use hearthlight::ui::panels;
use hearthlight::ui::panels::history::picks::View;
use hearthlight::ui::panels::overview::order::{Rank, next};
use hearthlight::ui::panels::overview::plan::{Needed, Plan};
use hearthlight::ui::theme::size;

use crate::nouns;
use crate::report::entry;
use crate::ui::{self, House};
use crate::ui_lights::lit;

/// A house whose questions are answered by `answer` when [`answer_all`] is called.
pub(crate) struct Stand {
    pub(crate) house: House,
    pub(crate) questions: crossbeam_channel::Receiver<Asked>,
    pub(crate) harness: Harness<'static, Window>,
}

pub(crate) fn stand(mut house: House, change: impl FnOnce(&mut Snapshot)) -> Stand {
    let questions = ui::questions(&mut house);
    let mut snapshot = Snapshot::clone(&house.port.view());
    change(&mut snapshot);
    house.port.snapshot.store(Arc::new(snapshot));
    let harness = ui::start(&house, vec2(1600.0, 900.0));
    Stand { house, questions, harness }
}

impl Stand {
    /// Answers what was asked, until nothing more is; hands back the questions.
    pub(crate) fn answer(&mut self, answer: impl Fn(&Query) -> Reply) -> Vec<Query> {
        let mut asked = Vec::new();
        for _ in 0..8 {
            while let Ok(question) = self.questions.try_recv() {
                let reply = answer(&question.query);
                asked.push(question.query.clone());
                (question.answer)(reply);
            }
            self.harness.run_steps(2);
        }
        asked
    }

    pub(crate) fn go(&mut self, page: &str) {
        ui::click(&mut self.harness, page);
    }

    pub(crate) fn tell(&self, change: impl FnOnce(&mut Snapshot)) {
        ui::tell(&self.house, change);
    }
}

fn rule(threshold: f64) -> Rule {
    let source = Source {
        name: "Hottest cell".into(),
        hysteresis: 2.0,
        level: Level::Danger,
        ..nouns::source(Input::Hottest { area: None }, threshold)
    };
    Rule {
        id: RuleId::new("hot"),
        together: Level::Danger,
        latch: Latch::Danger,
        ..nouns::rule("Too hot", vec![source])
    }
}

fn alarm(device: &str, level: Level, state: State) -> Alarm {
    let reason = Reason {
        source: 0,
        name: "Hottest cell".into(),
        device: DeviceId::new(device),
        level,
        on: true,
        value: 83.6,
        threshold: 60.0,
        unit: "C".into(),
        since: ui::wall(),
        cell: Some((2, 7)),
        stale: false,
    };
    Alarm {
        name: "Too hot".into(),
        location: device.to_lowercase().into(),
        state,
        raised: ui::wall(),
        changed: ui::wall(),
        acknowledged: (state == State::Acknowledged).then(|| Noted { by: "Ana".into(), at: ui::wall() }),
        reasons: vec![reason],
        confidence: 0.9,
        ..nouns::alarm("hot", device, level)
    }
}

fn put(snapshot: &mut Snapshot, alarm: Alarm) {
    snapshot.alarms.active.insert(alarm.id.clone(), Arc::new(alarm));
}

/// 450 entries, given out in pages as the store does.
fn journal(filter: &Filter) -> Reply {
    let all = (1..=450).rev().map(|seq| entry(seq, What::Setting, "hot--bench", Level::Notice));
    let mut entries: Vec<Entry> = all
        .filter(|e| filter.before.is_none_or(|before| e.seq < before))
        .filter(|e| filter.what.is_empty() || filter.what.contains(&e.what))
        .filter(|e| e.text.contains(&filter.text))
        .take(usize::from(filter.limit) + 1)
        .collect();
    let more = entries.len() > usize::from(filter.limit);
    entries.truncate(usize::from(filter.limit));
    Reply::Journal(Page { entries, more })
}

pub(crate) fn store(query: &Query) -> Reply {
    match query {
        Query::Journal(filter) => journal(filter),
        Query::Entry(seq) => {
            let mut entry = entry(*seq, What::Setting, "hot--bench", Level::Danger);
            entry.reasons = alarm("Bench", Level::Danger, State::Unacknowledged).reasons;
            entry.still =
                Some(Arc::new(Still { columns: 4, rows: 2, centi: vec![2_000, 3_000, i16::MIN, 8_360, 0, 0, 0, 0] }));
            Reply::Entry(Some(Box::new(entry)))
        }
        Query::History(span) => {
            let points = (0..60_i64).map(|i| {
                let value = 40.0 + i as f32 / 10.0;
                let at_ms = span.to.as_millisecond() - (60 - i) * 1_000;
                Point { at_ms, min: value, mean: value, max: value }
            });
            Reply::History(Series { span: span.clone(), resolution: Resolution::Second, points: points.collect() })
        }
        _ => Reply::Failed("not asked here".to_owned()),
    }
}

#[test]
fn without_devices_the_overview_says_what_to_do() {
    let mut stand = stand(ui::empty(), |_| {});
    stand.harness.get_by_label("Nothing connected yet");
    stand.harness.get_by_label("hearthlight --demo");
    ui::click(&mut stand.harness, "What a sensor sends");
    assert_eq!(stand.harness.state().stage().page, panels::order::THERMAL);
    stand.go("Overview");
    ui::click(&mut stand.harness, "Add a light\u{2026}");
    assert!(stand.harness.state().stage().adding.open);
}

#[test]
fn lights_without_sensors_fill_the_overview() {
    let mut stand = stand(ui::empty(), |snapshot| snapshot.lights = lit());
    assert!(stand.harness.query_by_label("Nothing connected yet").is_none());
    stand.harness.get_by_label_contains("No sensor can connect");
    stand.harness.get_by_label("3 of 4 on \u{b7} 1 out of reach");
    stand.harness.get_by_label("Kitchen, 1 of 1 on, 1 out of reach");
    ui::click(&mut stand.harness, "Workshop, 2 of 3 on");
    let stage = stand.harness.state().stage();
    assert_eq!(stage.page, panels::order::LIGHTS);
    assert!(stage.lights.picked.is_empty(), "going there picks nothing");
}

#[test]
fn rooms_stand_beside_alarms_and_air_as_many_as_fit() {
    let stand = stand(ui::lived_in(), |snapshot| {
        snapshot.lights = lit();
        let workshop = Group::clone(&snapshot.lights.groups[&GroupId("workshop".into())]);
        for i in 0..500 {
            let id = GroupId(format!("room-{i:03}").into());
            let room = Group { id: id.clone(), name: format!("Room {i:03}").into(), order: 1, ..workshop.clone() };
            snapshot.lights.groups.insert(id, Arc::new(room));
        }
    });
    stand.harness.get_by_label("Kitchen, 1 of 1 on, 1 out of reach");
    stand.harness.get_by_label("Air, smoke: 20.0\u{a0}%, flame: none, no rest level yet");
    assert!(stand.harness.query_all_by_label("No alarm").next().is_some());
    assert!(stand.harness.query_by_label("Room 499, 2 of 3 on").is_none());
    let rooms = &stand.harness.state().stage().overview.rooms;
    let more = format!("{} more rooms", rooms.len() - rooms.counted());
    stand.harness.get_by_label(&more);
    assert!(rooms.len() == 502 && rooms.counted() < 20, "{} rows were counted", rooms.counted());
}

#[test]
fn a_room_of_the_overview_is_switched_and_dimmed_as_one() {
    let mut stand = stand(ui::lived_in(), |snapshot| snapshot.lights = lit());
    ui::click(&mut stand.harness, "Switch Workshop, 2 of 3 on");
    let change = Change { on: Some(false), ..Change::default() };
    let aims = vec![Aim::Group(GroupId("workshop".into()))];
    assert_eq!(ui::sent(&mut stand.house), [Command::Lights(lights::Command::Set { aims, change })]);
    stand.harness.get_by_label("Brightness of Workshop").focus();
    stand.harness.run_steps(2);
    stand.harness.key_press(Key::ArrowLeft);
    stand.harness.run_steps(2);
    let shares: Vec<f32> = ui::sent(&mut stand.house)
        .iter()
        .map(|command| match command {
            Command::Lights(lights::Command::Set { change, .. }) => change.brightness.unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    // The mean goes from 60 to 59 %, each in proportion.
    assert!(
        matches!(shares[..], [low, high] if (low - 0.393).abs() < 0.01 && (high - 0.787).abs() < 0.01),
        "{shares:?}"
    );
}

#[test]
fn favourites_stand_first_and_lights_without_a_room_last() {
    let mut stand = stand(ui::lived_in(), |snapshot| {
        snapshot.lights = lit();
        let id = LightId("strip".into());
        let favourite = Light { favourite: true, ..Light::clone(&snapshot.lights.lights[&id]) };
        snapshot.lights.lights.insert(id, Arc::new(favourite));
        snapshot.lights.groups.remove(&GroupId("kitchen".into()));
    });
    let top = |label: &str| stand.harness.get_by_label(label).rect().top();
    let tops = [top("Desk strip, on"), top("Workshop, 2 of 3 on"), top("No room, 1 of 1 on, 1 out of reach")];
    assert!(tops.is_sorted(), "{tops:?}");
    ui::click(&mut stand.harness, "Desk strip, on");
    let stage = stand.harness.state().stage();
    assert_eq!((stage.page, &stage.lights.here), (panels::order::LIGHTS, &Some(LightId("strip".into()))));
}

#[test]
fn the_quiet_line_counts_lights_and_those_out_of_reach() {
    let stand = stand(ui::empty(), |snapshot| snapshot.lights = lit());
    stand.harness.get_by_label("Nothing watched. 4 lights, 1 out of reach, no alarm so far");
    let alone = self::stand(ui::empty(), |_| {});
    alone.harness.get_by_label("Nothing watched. No device has dialled in yet, no alarm so far");
    let watched = self::stand(ui::lived_in(), |snapshot| {
        snapshot.lights = lit();
        for name in ["Door", "Garage"] {
            snapshot.sensors.devices.remove(&DeviceId::new(name));
        }
    });
    watched.harness.get_by_label("ALL CLEAR. 2 sensors, 4 lights, 1 out of reach, no alarm so far");
}

#[test]
fn the_overview_is_the_start_and_shows_air_boards_apart() {
    let stand = stand(ui::lived_in(), |_| {});
    assert_eq!(stand.harness.state().stage().page, panels::order::OVERVIEW);
    stand.harness.get_by_label("Bench, hottest 41.2 degrees at row 3 column 8, live");
    stand.harness.get_by_label("Air, smoke: 20.0\u{a0}%, flame: none, no rest level yet");
    assert!(stand.harness.query_all_by_label("No alarm").next().is_some());
}

#[test]
fn alarms_stand_in_the_order_of_urgency_and_select_their_device() {
    let mut stand = stand(ui::lived_in(), |snapshot| {
        put(snapshot, alarm("Bench", Level::Warning, State::Acknowledged));
        put(snapshot, alarm("Door", Level::Danger, State::Unacknowledged));
        let shelf = Shelf { by: "Ana".into(), since: ui::wall(), until: ui::wall(), reason: "painting".into() };
        snapshot.alarms.shelved.insert(AlarmId("smoke--cellar".into()), shelf);
        let out = OutOfService { by: "Ana".into(), since: ui::wall(), reason: "broken".into() };
        snapshot.alarms.out_of_service.insert(DeviceId::new("Air"), out);
    });
    stand.harness.get_by_label_contains("WARNING: Too hot, Bench");
    stand.harness.get_by_label_contains("acknowledged by Ana");
    stand.harness.get_by_label_contains("shelved by Ana: painting");
    stand.harness.get_by_label_contains("out of service by Ana: broken");
    let said = "DANGER: Too hot, Door, Hottest cell 83.6\u{a0}\u{b0}C, limit 60.0\u{a0}\u{b0}C, not acknowledged";
    ui::click(&mut stand.harness, said);
    assert_eq!(stand.harness.state().stage().selected, Some(DeviceId::new("Door")));
    // The one that is lost stands first while it is in danger.
    assert_eq!(stand.harness.state().stage().overview.order[0], DeviceId::new("Door"));
}

#[test]
fn a_flood_becomes_one_line_for_each_device() {
    let stand = stand(ui::lived_in(), |snapshot| {
        for i in 0..17 {
            let mut alarm = alarm("Bench", Level::Warning, State::Unacknowledged);
            alarm.id = AlarmId(format!("rule-{i}--bench").into());
            put(snapshot, alarm);
        }
        let flood = hearthlight::model::alarms::alarm::Flood { since: ui::wall(), n_recent: 17 };
        snapshot.alarms.flood = Some(flood);
    });
    let said = "WARNING: 17 alarms from Bench, first: Too hot";
    assert_eq!(stand.harness.query_all_by_label_contains(said).count(), 2, "on the page, and in the bar");
}

#[test]
fn margins_are_measured_against_the_rules_that_hold() {
    let stand = stand(ui::lived_in(), |snapshot| {
        snapshot.alarms.rules.insert(RuleId::new("hot"), Arc::new(rule(60.0)));
    });
    let margins = &stand.harness.state().stage().margins;
    let bench = margins.get(&DeviceId::new("Bench")).and_then(|m| m.heat.clone()).unwrap();
    assert!((bench.left() - 18.8).abs() < 0.01, "{bench:?}");
    assert!(!margins.contains_key(&DeviceId::new("Door")), "a lost device measures nothing");
}

fn ranks(shares: &[f64]) -> Vec<(DeviceId, Rank)> {
    let rank =
        |(i, share): (usize, &f64)| (DeviceId::new(&format!("d{i}")), Rank { alarm: None, lost: false, share: *share });
    shares.iter().enumerate().map(rank).collect()
}

#[test]
fn noise_does_not_shuffle_tiles_and_a_real_difference_does() {
    let names = |order: Vec<DeviceId>| order.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let first = next(&[], &ranks(&[0.5, 0.3, 0.4]));
    assert_eq!(names(first.clone()), "d1 d2 d0");
    assert_eq!(next(&first, &ranks(&[0.5, 0.41, 0.4])), first);
    assert_eq!(names(next(&first, &ranks(&[0.1, 0.3, 0.4]))), "d0 d1 d2");
    let mut lost = ranks(&[0.1, 0.3, 0.4]);
    lost[0].1.lost = true;
    assert_eq!(names(next(&first, &lost)), "d1 d2 d0");
    lost[0].1.alarm = Some(Level::Danger);
    assert_eq!(names(next(&first, &lost)), "d0 d1 d2");
}

#[test]
fn heat_has_most_of_the_room_and_nothing_overlaps() {
    for (width, height) in [(1384.0, 936.0), (1160.0, 656.0), (1888.0, 1000.0), (840.0, 460.0)] {
        for tiles in 0..=25 {
            for (alarms, lights, air) in [
                (68.0, [0.0; 2], 0.0),
                (68.0, [0.0; 2], 160.0),
                (700.0, [0.0; 2], 300.0),
                (68.0, [160.0, 292.0], 0.0),
                (68.0, [160.0, 22_028.0], 160.0),
                (700.0, [72.0, 72.0], 300.0),
            ] {
                let plan = Plan::of(&Needed { tiles, alarms, lights, air }, vec2(width, height));
                let context = format!("{width}x{height}, {tiles} tiles, {alarms} {lights:?} {air}: {plan:?}");
                let mut all: Vec<_> = plan.tiles().collect();
                assert_eq!(all.len(), tiles, "{context}");
                if tiles > 0 && width > 1_000.0 {
                    assert!(plan.heat.height() >= size::HEAT_SHARE * height * 0.8, "{context}");
                }
                all.push(plan.alarms);
                all.extend(plan.air);
                all.extend(plan.lights);
                if let Some(rect) = plan.lights {
                    assert!((lights[0]..=lights[1]).contains(&rect.height()), "{context}");
                    assert!(
                        rect.height() <= lights[0] || rect.bottom() <= height.max(plan.alarms.bottom()) + 0.5,
                        "{context}"
                    );
                }
                for (i, one) in all.iter().enumerate() {
                    assert!(one.left() >= 0.0 && one.right() <= width + 0.5, "{context}");
                    assert!(one.width() > 100.0 && one.height() > 60.0, "{context}");
                    assert!(all[..i].iter().all(|other| !other.shrink(0.5).intersects(*one)), "{i} {context}");
                }
            }
        }
    }
}

#[test]
fn the_journal_comes_in_pages_and_filters_are_asked_of_the_store() {
    let mut stand = stand(ui::lived_in(), |_| {});
    stand.go("History");
    stand.answer(store);
    ui::click(&mut stand.harness, "History: Journal");
    let asked = stand.answer(store);
    assert!(asked.iter().any(|query| matches!(query, Query::Journal(f) if f.limit == 200 && f.what.is_empty())));
    stand.harness.get_by_label_contains("setting, Bench, setting 450, by Ana");
    assert!(stand.harness.query_by_label_contains("setting 251,").is_none(), "not in sight");
    stand.harness.key_press(Key::End);
    stand.harness.run_steps(3);
    let asked = stand.answer(store);
    let older = |query: &Query| matches!(query, Query::Journal(f) if f.before == Some(251));
    assert!(asked.iter().any(older), "{asked:?}");
    stand.harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    stand.harness.run_steps(2);
    stand.harness.get_by_label("Filter").type_text("449");
    stand.harness.run_steps(2);
    let asked = stand.answer(store);
    assert!(asked.iter().any(|query| matches!(query, Query::Journal(f) if f.text == "449")), "{asked:?}");
    stand.harness.get_by_label_contains("setting 449, by Ana");
    assert!(stand.harness.query_by_label_contains("setting 448,").is_none());
}

#[test]
fn something_written_asks_the_newest_page_again() {
    let mut stand = stand(ui::lived_in(), |_| {});
    stand.go("History");
    ui::click(&mut stand.harness, "History: Journal");
    stand.answer(store);
    assert_eq!(stand.answer(store), []);
    stand.tell(|snapshot| snapshot.alarms.journaled = 451);
    stand.harness.run_steps(2);
    let asked = stand.answer(store);
    assert!(matches!(asked.as_slice(), [Query::Journal(f)] if f.before.is_none()), "{asked:?}");
}

#[test]
fn an_entry_opens_with_its_reasons_and_its_picture() {
    let mut stand = stand(ui::lived_in(), |_| {});
    stand.go("History");
    ui::click(&mut stand.harness, "History: Journal");
    stand.answer(store);
    stand.harness.key_press(Key::ArrowDown);
    stand.harness.run_steps(2);
    stand.harness.key_press(Key::Enter);
    stand.harness.run_steps(2);
    let asked = stand.answer(store);
    assert_eq!(asked, [Query::Entry(450)]);
    stand.harness.get_by_label("Hottest cell 83.6\u{a0}\u{b0}C, limit 60.0\u{a0}\u{b0}C");
    stand.harness.get_by_label_contains(", hottest 83.6\u{a0}\u{b0}C");
    ui::click(&mut stand.harness, "Close the entry");
    assert!(!stand.harness.state().stage().history.opened.is_open());
}

#[test]
fn entries_are_copied_with_a_word_about_how_many() {
    let mut stand = stand(ui::lived_in(), |_| {});
    stand.go("History");
    ui::click(&mut stand.harness, "History: Journal");
    stand.answer(store);
    ui::click(&mut stand.harness, "Copy these entries as CSV");
    let asked = stand.answer(store);
    assert!(matches!(asked.as_slice(), [Query::Journal(f)] if f.limit == 1_000), "{asked:?}");
    stand.harness.get_by_label("450 entries copied as CSV");
}

#[test]
fn alarms_that_go_on_stand_before_those_that_were() {
    let story = |query: &Query| match query {
        Query::Journal(_) => Reply::Journal(Page {
            entries: vec![
                entry(9, What::Raised, "hot--bench", Level::Danger),
                entry(3, What::Cleared, "hot--door", Level::Warning),
                entry(2, What::Raised, "hot--door", Level::Warning),
            ],
            more: false,
        }),
        other => store(other),
    };
    let mut stand = stand(ui::lived_in(), |snapshot| {
        put(snapshot, alarm("Bench", Level::Danger, State::Unacknowledged));
    });
    stand.go("History");
    stand.answer(story);
    let first = stand.harness.get_by_label_contains("DANGER: Bench, Too hot").rect();
    let second = stand.harness.get_by_label_contains("WARNING: Bench, raised 2, 00:00:01, over").rect();
    assert!(first.top() < second.top());
    assert!(stand.harness.query_by_label_contains("raised 9").is_none(), "it is the one that goes on");
}

#[test]
fn what_cannot_be_read_is_said_in_place_with_its_cause() {
    let fail = |_: &Query| Reply::Failed("The disk is gone.".to_owned());
    let mut stand = stand(ui::lived_in(), |_| {});
    stand.go("History");
    stand.answer(fail);
    stand.harness.get_by_label("The disk is gone.");
    ui::click(&mut stand.harness, "History: Trends");
    stand.answer(fail);
    stand.harness.get_by_label("The history cannot be read");
}

#[test]
fn trends_are_asked_for_zoomed_and_live_again() {
    let mut stand = stand(ui::lived_in(), |snapshot| {
        snapshot.alarms.rules.insert(RuleId::new("hot"), Arc::new(rule(60.0)));
    });
    stand.go("History");
    ui::click(&mut stand.harness, "History: Trends");
    let asked = stand.answer(store);
    assert!(asked.iter().any(|query| matches!(query, Query::History(s) if &*s.channel == "hottest")), "{asked:?}");
    stand.harness.get_by_label("Bench hottest: 45.9\u{a0}\u{b0}C");
    ui::click(&mut stand.harness, "Add a channel");
    ui::click(&mut stand.harness, "smoke");
    let asked = stand.answer(store);
    assert!(asked.iter().any(|query| matches!(query, Query::History(s) if &*s.channel == "ADC1")), "{asked:?}");
    let plot = stand.harness.get_by_label("Trend of Bench hottest").rect();
    let at = |share: f32| plot.left() + share * plot.width();
    stand.harness.drag_at(egui::pos2(at(0.5), plot.center().y));
    stand.harness.run_steps(2);
    stand.harness.hover_at(egui::pos2(at(0.75), plot.center().y));
    stand.harness.run_steps(2);
    stand.harness.drop_at(egui::pos2(at(0.75), plot.center().y));
    stand.harness.run_steps(2);
    let View::Held(from, to) = stand.harness.state().stage().history.trends.view else { panic!("not zoomed") };
    assert!((to - from - 150_000).abs() < 3_000, "{}", to - from);
    stand.answer(store);
    stand.harness.get_by_label("Back to live (L)");
    stand.harness.key_press(Key::L);
    stand.harness.run_steps(2);
    assert!(stand.harness.state().stage().history.trends.is_live());
}

#[test]
fn no_history_yet_says_since_when_it_is_recorded() {
    let none = |query: &Query| match query {
        Query::History(span) => {
            Reply::History(Series { span: span.clone(), resolution: Resolution::Full, points: Vec::new() })
        }
        other => store(other),
    };
    let mut stand = stand(ui::lived_in(), |_| {});
    stand.go("History");
    ui::click(&mut stand.harness, "History: Trends");
    stand.answer(none);
    stand.harness.get_by_label_contains("No history yet, recording since ");
}
