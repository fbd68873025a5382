//! Time in the window: the past as a state machine, and by accessible names with a fake store behind the questions.

use std::sync::Arc;
use std::time::Duration;

use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;
use hearthlight::model::alarms::journal::{Entry, Page, What};
use hearthlight::model::alarms::rule::Level;
use hearthlight::model::exports::{self, Export};
use hearthlight::model::message::Command;
use hearthlight::model::recording::{Heat, Instant};
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::region::{Cell, Delta, Figure, Region, RegionId, Regions, Shape};
use hearthlight::model::thermal::{self, Array, Bookmark, ThermalFrame};
use hearthlight::port::{Query, Reply};
use hearthlight::ui::bookmarks::Marks;
use hearthlight::ui::now::Now;
use hearthlight::ui::outbox::Outbox;
use hearthlight::ui::panels;
use hearthlight::ui::panels::history::legend;
use hearthlight::ui::panels::thermal::inspect::scrub::out;
use hearthlight::ui::past::{Past, Trouble};
use hearthlight::ui::shell::keys::PLACES;
use hearthlight::ui::undo::Undo;
use hearthlight::units::grid::Size;
use hearthlight::units::temperature::Scale;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::report::entry;
use crate::ui::{self, NOW, lived_in, put_frame, sent, wall};
use crate::ui_pages::{Stand, stand, store};

fn before(seconds: i64) -> Timestamp {
    wall() - SignedDuration::from_secs(seconds)
}

fn now() -> Now {
    later(0)
}

fn later(ms: u64) -> Now {
    let wall = wall() + SignedDuration::from_millis(ms as i64);
    Now { moment: NOW + Duration::from_millis(ms), wall, zone: TimeZone::UTC }
}

fn bench() -> DeviceId {
    DeviceId::new("Bench")
}

fn frame(hottest: f32, at: Timestamp, sequence: u64) -> Arc<ThermalFrame> {
    let mut frame = ThermalFrame::blank();
    frame.begin(Size::MLX90640).fill(20.0);
    frame.begin(Size::MLX90640)[2 * 32 + 7] = hottest;
    (frame.wall, frame.sequence, frame.calibrated) = (at, sequence, true);
    frame.measure();
    Arc::new(frame)
}

fn heat(at: Timestamp, hottest: f32) -> Heat {
    Heat { at: Some(at), frames: [(bench(), frame(hottest, at, 57_180))].into() }
}

fn ask(past: &mut Past) -> Option<(u64, Instant)> {
    past.question(NOW, wall())
}

#[test]
fn dragging_asks_for_the_newest_place_only_and_shows_each_answer() {
    let mut past = Past::default();
    assert_eq!(ask(&mut past), None);
    past.seek(before(30), &now());
    assert_eq!(ask(&mut past), Some((1, Instant::At(before(30)))));
    for seconds in [40, 50, 60] {
        past.seek(before(seconds), &now());
        assert_eq!(ask(&mut past), None, "one question at a time");
    }
    past.answer(1, &Reply::Heat(heat(before(30), 50.0)));
    assert_eq!((past.at, past.shown()), (Some(before(60)), Some(before(30))), "the last answer while the next comes");
    assert_eq!(ask(&mut past), Some((2, Instant::At(before(60)))));
    past.answer(2, &Reply::Heat(heat(before(60), 51.0)));
    assert_eq!((past.shown(), ask(&mut past)), (Some(before(60)), None));
}

#[test]
fn an_answer_to_another_question_is_ignored() {
    let mut past = Past::default();
    past.seek(before(30), &now());
    ask(&mut past);
    past.answer(7, &Reply::Heat(heat(before(90), 50.0)));
    assert_ne!(past.shown(), Some(before(90)));
    past.back_to_live();
    past.answer(1, &Reply::Heat(heat(before(30), 50.0)));
    assert!(!past.is_past() && past.shown().is_none());
    past.seek(before(20), &now());
    assert_eq!(ask(&mut past), Some((2, Instant::At(before(20)))), "numbers go on");
    past.answer(1, &Reply::Heat(heat(before(30), 50.0)));
    assert_ne!(past.shown(), Some(before(30)));
}

#[test]
fn steps_go_from_frame_to_frame_one_question_each() {
    let mut past = Past::default();
    past.step(&bench(), Some(before(1)), false, &now());
    assert_eq!(ask(&mut past), Some((1, Instant::Before(bench(), before(1)))), "from the frame that is shown");
    past.step(&bench(), Some(before(1)), false, &now());
    past.step(&bench(), Some(before(1)), false, &now());
    assert_eq!(ask(&mut past), None);
    past.answer(1, &Reply::Heat(heat(before(2), 50.0)));
    assert_eq!(past.at, Some(before(2)));
    assert_eq!(ask(&mut past), Some((2, Instant::Before(bench(), before(2)))));
    past.answer(2, &Reply::Heat(heat(before(3), 50.0)));
    assert_eq!(ask(&mut past), Some((3, Instant::Before(bench(), before(3)))));
    past.answer(3, &Reply::Heat(Heat::default()));
    assert_eq!((past.at, past.trouble()), (Some(before(3)), Some(&Trouble::First)));
    past.step(&bench(), Some(before(3)), true, &now());
    assert_eq!(ask(&mut past), Some((4, Instant::After(bench(), before(3)))));
    past.answer(4, &Reply::Heat(heat(before(2), 50.0)));
    assert_eq!((past.at, past.trouble()), (Some(before(2)), None));
}

#[test]
fn there_is_nothing_after_the_present() {
    let mut past = Past::default();
    past.step(&bench(), None, true, &now());
    past.skip(10, &now());
    assert!(!past.is_past());
    past.skip(-10, &now());
    assert_eq!(past.at, Some(before(10)));
    past.skip(10, &now());
    assert!(!past.is_past(), "now is the present");
}

#[test]
fn playing_asks_ahead_and_ends_live() {
    let mut past = Past::default();
    past.seek(before(60), &now());
    ask(&mut past);
    past.answer(1, &Reply::Heat(heat(before(60), 50.0)));
    past.choose(10.0, NOW);
    past.play(NOW);
    let (number, instant) = ask(&mut past).unwrap();
    let Instant::At(ahead) = instant else { panic!("{instant:?}") };
    assert!(ahead > before(60) && ahead < before(58));
    past.answer(number, &Reply::Heat(heat(ahead, 52.0)));
    assert_eq!((past.shown(), ask(&mut past)), (Some(before(60)), None), "it is not time yet");
    let then = later(1_000);
    assert!(past.question(then.moment, then.wall).is_some(), "the next one ahead");
    assert_eq!(past.shown(), Some(ahead));
    assert_eq!(past.at, Some(before(50)));
    let end = later(10_000);
    assert_eq!(past.question(end.moment, end.wall), None);
    assert!(!past.is_past() && past.shown().is_none());
}

#[test]
fn a_failure_stops_and_says_why_and_pausing_asks_for_the_very_place() {
    let mut past = Past::default();
    past.seek(before(60), &now());
    ask(&mut past);
    past.answer(1, &Reply::Heat(heat(before(60), 50.0)));
    past.play(NOW);
    let then = later(500);
    past.question(then.moment, then.wall);
    past.pause();
    past.answer(2, &Reply::Heat(heat(before(1), 50.0)));
    assert_eq!(past.shown(), Some(before(60)), "what was asked ahead is not wanted any more");
    let at = past.at.unwrap();
    assert_eq!(past.question(then.moment, then.wall), Some((3, Instant::At(at))));
    past.answer(3, &Reply::Failed("The disk is gone.".to_owned()));
    assert_eq!(past.trouble(), Some(&Trouble::Failed("The disk is gone.".to_owned())));
    assert!(past.is_past() && !past.is_playing());
}

#[derive(Clone, Debug)]
enum Op {
    Seek(i64),
    Skip(i64),
    Step(bool),
    Toggle,
    Speed(usize),
    Live,
    Ask,
    Answer(bool),
    Wait(u64),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        (-10_i64..4_000).prop_map(Op::Seek),
        (-20_i64..20).prop_map(Op::Skip),
        any::<bool>().prop_map(Op::Step),
        Just(Op::Toggle),
        (0..4_usize).prop_map(Op::Speed),
        Just(Op::Live),
        Just(Op::Ask),
        any::<bool>().prop_map(Op::Answer),
        (0_u64..5_000).prop_map(Op::Wait),
    ]
}

proptest! {
    #[test]
    fn any_story_keeps_one_question_and_one_instant(story in proptest::collection::vec(op(), 0..60)) {
        let (mut past, mut ms, mut flying) = (Past::default(), 0, None::<(u64, Instant)>);
        for op in story {
            let at = later(ms);
            match op {
                Op::Seek(seconds) => past.seek(before(seconds), &at),
                Op::Skip(seconds) => past.skip(seconds, &at),
                Op::Step(forward) => past.step(&bench(), past.shown(), forward, &at),
                Op::Toggle => past.toggle(&at),
                Op::Speed(i) => past.choose(hearthlight::ui::past::SPEEDS[i], at.moment),
                Op::Live => { past.back_to_live(); flying = None; }
                Op::Ask => if let Some(asked) = past.question(at.moment, at.wall) {
                    prop_assert!(flying.is_none(), "two questions at once");
                    flying = Some(asked);
                },
                Op::Answer(found) => if let Some((number, instant)) = flying.take() {
                    let then = match instant { Instant::At(t) | Instant::After(_, t) | Instant::Before(_, t) => t };
                    let reply = if found { heat(then, 50.0) } else { Heat::default() };
                    past.answer(number, &Reply::Heat(reply));
                },
                Op::Wait(more) => ms += more,
            }
            if !past.is_past() { flying = None; }
            prop_assert_eq!(past.is_past(), past.shown().is_some());
            prop_assert!(past.at.is_none_or(|t| t <= later(ms).wall));
            prop_assert!(past.is_past() || !past.is_playing());
        }
    }
}

fn mark(id: u64, words: &str) -> Arc<Bookmark> {
    Arc::new(Bookmark { id, at: before(60), words: words.into(), by: "Ana".into() })
}

#[test]
fn a_bookmark_made_again_has_another_number_and_can_still_be_taken_back() {
    let (mut marks, mut undo, mut out) = (Marks::default(), Undo::default(), Outbox::default());
    marks.make(before(60), " fan moved ", &mut out);
    marks.refresh(&[].into(), 1, &mut undo);
    assert!(undo.last().is_none(), "not before it is there");
    marks.refresh(&[(4, mark(4, "fan moved"))].into(), 2, &mut undo);
    let removal = |bookmark| Command::Thermal(thermal::Command::RemoveBookmark { bookmark });
    let making = Command::Thermal(thermal::Command::Bookmark { at: before(60), words: "fan moved".to_owned() });
    assert_eq!(undo.undo().map(|step| step.back.clone()), Some(removal(4).into()));
    marks.refresh(&[].into(), 3, &mut undo);
    assert_eq!(undo.redo().map(|step| step.again.clone()), Some(making.into()));
    marks.refresh(&[(5, mark(5, "fan moved"))].into(), 4, &mut undo);
    assert_eq!(undo.undo().map(|step| step.back.clone()), Some(removal(5).into()));
}

#[test]
fn a_time_is_read_as_people_type_it() {
    let near: Timestamp = "2026-09-21T10:00:00Z".parse().unwrap();
    let read = |typed: &str| out::time(typed, near, &TimeZone::UTC).map(|at| at.to_string());
    assert_eq!(read(" 09:44:10 ").as_deref(), Some("2026-09-21T09:44:10Z"));
    assert_eq!(read("09:44").as_deref(), Some("2026-09-21T09:44:00Z"));
    assert_eq!(read("2026-09-20 23:59:59").as_deref(), Some("2026-09-20T23:59:59Z"));
    assert_eq!(read("25:00"), None);
    assert_eq!(read(""), None);
}

/// Answers for pictures: Bench was so hot then, Door was silent; everything else as the fake store does.
fn recorded(query: &Query) -> Reply {
    match query {
        Query::Heat(Instant::At(at)) => Reply::Heat(heat(*at, 55.5)),
        Query::Heat(Instant::Before(_, at)) => Reply::Heat(heat(*at - SignedDuration::from_millis(125), 44.4)),
        Query::Heat(Instant::After(_, at)) => Reply::Heat(heat(*at + SignedDuration::from_millis(125), 66.6)),
        other => store(other),
    }
}

/// Bench fills the page of Thermal.
fn inspecting() -> Stand {
    let mut stand = stand(lived_in(), |_| {});
    stand.go("Thermal");
    press(&mut stand, Modifiers::NONE, Key::Enter);
    stand.answer(recorded);
    stand
}

fn press(stand: &mut Stand, modifiers: Modifiers, key: Key) {
    stand.harness.key_press_modifiers(modifiers, key);
    stand.harness.run_steps(3);
}

fn time_of(seconds: i64) -> String {
    before(seconds).to_zoned(TimeZone::UTC).strftime("%H:%M:%S").to_string()
}

fn badge(stand: &Stand, seconds: i64) -> bool {
    stand.harness.query_by_label(&format!("PAST {}", time_of(seconds))).is_some()
}

fn place(stand: &mut Stand, number: Key) {
    press(stand, Modifiers::COMMAND, number);
}

#[test]
fn space_holds_every_picture_at_this_instant_until_l() {
    let mut stand = inspecting();
    press(&mut stand, Modifiers::NONE, Key::Space);
    let slot = stand.house.port.slots.device(&bench()).unwrap();
    put_frame(&stand.house.port.slots, &slot, 77.7);
    stand.harness.run_steps(3);
    for page in [PLACES[panels::order::THERMAL], PLACES[panels::order::OVERVIEW]] {
        place(&mut stand, page);
        assert!(badge(&stand, 0), "{page:?}");
        stand.harness.get_by_label("Bench, hottest 41.2 degrees at row 3 column 8, past");
    }
    stand.harness.get_by_label("Door, hottest 41.2 degrees at row 3 column 8, past");
    press(&mut stand, Modifiers::NONE, Key::L);
    assert!(!badge(&stand, 0));
    stand.harness.get_by_label("Bench, hottest 77.7 degrees at row 3 column 8, live");
    place(&mut stand, PLACES[panels::order::THERMAL]);
    assert!(!badge(&stand, 0));
}

#[test]
fn all_tiles_show_the_same_instant_and_say_where_nothing_was_recorded() {
    let mut stand = inspecting();
    press(&mut stand, Modifiers::SHIFT, Key::ArrowLeft);
    let asked = stand.answer(recorded);
    assert!(asked.contains(&Query::Heat(Instant::At(before(10)))), "{asked:?}");
    assert!(badge(&stand, 10));
    stand.harness.get_by_label("Bench, hottest 55.5 degrees at row 3 column 8, past");
    stand.harness.get_by_label_contains("frame 57,180, 10\u{a0}s ago");
    press(&mut stand, Modifiers::NONE, Key::Escape);
    for page in [PLACES[panels::order::THERMAL], PLACES[panels::order::OVERVIEW]] {
        place(&mut stand, page);
        assert!(badge(&stand, 10), "{page:?}");
        stand.harness.get_by_label("Bench, hottest 55.5 degrees at row 3 column 8, past");
        stand.harness.get_by_label("Door, nothing recorded, past");
    }
    ui::click(&mut stand.harness, "Back to live (L)");
    assert!(!badge(&stand, 10));
    stand.harness.get_by_label("Door, hottest 41.2 degrees at row 3 column 8, offline");
}

#[test]
fn arrows_step_by_a_frame_of_the_inspected_array() {
    let mut stand = inspecting();
    press(&mut stand, Modifiers::NONE, Key::ArrowLeft);
    let asked = stand.answer(recorded);
    assert!(asked.contains(&Query::Heat(Instant::Before(bench(), wall()))), "{asked:?}");
    stand.harness.get_by_label("Bench, hottest 44.4 degrees at row 3 column 8, past");
    press(&mut stand, Modifiers::NONE, Key::ArrowRight);
    stand.answer(recorded);
    stand.harness.get_by_label("Bench, hottest 66.6 degrees at row 3 column 8, past");
    assert_eq!(stand.harness.state().stage().past.at, Some(wall()));
    press(&mut stand, Modifiers::NONE, Key::Space);
    assert!(!stand.harness.state().stage().past.is_past(), "played to now, so it is live");
}

#[test]
fn esc_comes_back_to_live_after_everything_else() {
    let mut stand = inspecting();
    press(&mut stand, Modifiers::SHIFT, Key::ArrowLeft);
    press(&mut stand, Modifiers::NONE, Key::Escape);
    assert!(!stand.harness.state().stage().enlarged, "the page first");
    assert!(stand.harness.state().stage().past.is_past());
    // Twice in a row it would be the master stop.
    stand.harness.run_steps(120);
    press(&mut stand, Modifiers::NONE, Key::Escape);
    assert!(!stand.harness.state().stage().past.is_past());
    assert!(stand.harness.state().stage().selected.is_some(), "the selection last");
}

#[test]
fn the_line_of_time_is_a_slider_that_goes_where_it_is_pressed() {
    let mut stand = inspecting();
    let node = stand.harness.get_by_label("Time of Bench");
    assert_eq!(node.value().as_deref(), Some("now"));
    let rect = node.rect();
    stand.harness.drag_at(egui::pos2(rect.center().x, rect.center().y));
    stand.harness.run_steps(2);
    let first = stand.harness.state().stage().past.at.unwrap();
    assert!((first.duration_since(before(900)).as_secs()).abs() < 3, "{first}");
    stand.harness.hover_at(egui::pos2(rect.left() + rect.width() * 0.75, rect.center().y));
    stand.harness.run_steps(2);
    stand.harness.hover_at(egui::pos2(rect.left() + rect.width() * 0.25, rect.center().y));
    stand.harness.run_steps(2);
    let asked: Vec<Query> = stand.questions.try_iter().map(|question| question.query).collect();
    let heats = asked.iter().filter(|query| matches!(query, Query::Heat(_))).count();
    assert_eq!(heats, 1, "one question, however far it is dragged: {asked:?}");
    stand.harness.drop_at(egui::pos2(rect.left() + rect.width() * 0.25, rect.center().y));
    stand.harness.run_steps(2);
    let last = stand.harness.state().stage().past.at.unwrap();
    assert!((last.duration_since(before(1_350)).as_secs()).abs() < 3, "{last}");
    let value = stand.harness.get_by_label("Time of Bench").value();
    assert!(value.as_deref().is_some_and(|value| value.ends_with(", past")), "{value:?}");
    press(&mut stand, Modifiers::NONE, Key::L);
    stand.harness.get_by_label("Time of Bench").click();
    stand.harness.run_steps(2);
    let clicked = stand.harness.state().stage().past.at.unwrap();
    assert!((clicked.duration_since(before(900)).as_secs()).abs() < 3, "{clicked}");
    stand.harness.get_by_label("Time of Bench").focus();
    stand.harness.run_steps(2);
    press(&mut stand, Modifiers::NONE, Key::Home);
    assert_eq!(stand.harness.state().stage().past.at, Some(before(1_800)));
    press(&mut stand, Modifiers::NONE, Key::PageUp);
    assert_eq!(stand.harness.state().stage().past.at, Some(before(3_600)));
    press(&mut stand, Modifiers::NONE, Key::End);
    assert!(!stand.harness.state().stage().past.is_past());
}

#[test]
fn what_cannot_be_read_is_said_in_place_and_the_last_pictures_stay() {
    let fail = |query: &Query| match query {
        Query::Heat(_) => Reply::Failed("The disk is gone.".to_owned()),
        other => store(other),
    };
    let mut stand = inspecting();
    press(&mut stand, Modifiers::SHIFT, Key::ArrowLeft);
    stand.answer(fail);
    stand.harness.get_by_label("The pictures of then cannot be read: The disk is gone.");
    stand.harness.get_by_label("Bench, hottest 41.2 degrees at row 3 column 8, past");
    assert!(badge(&stand, 0), "the badge tells what the pictures show");
    press(&mut stand, Modifiers::NONE, Key::Escape);
    stand.harness.get_by_label("cannot be read");
}

#[test]
fn a_bookmark_is_named_found_again_and_removed_with_a_way_back() {
    let mut stand = inspecting();
    press(&mut stand, Modifiers::SHIFT, Key::ArrowLeft);
    stand.answer(recorded);
    press(&mut stand, Modifiers::NONE, Key::B);
    stand.harness.get_by_label("Name of the bookmark").type_text("fan moved");
    stand.harness.run_steps(2);
    press(&mut stand, Modifiers::NONE, Key::Enter);
    let made = thermal::Command::Bookmark { at: before(10), words: "fan moved".to_owned() };
    assert_eq!(sent(&mut stand.house), [Command::Thermal(made.clone())]);
    stand.tell(|snapshot| {
        let bookmark = Bookmark { id: 3, at: before(10), words: "fan moved".into(), by: "Ana".into() };
        snapshot.thermal.bookmarks.insert(3, Arc::new(bookmark));
    });
    stand.harness.run_steps(3);
    let removal = Command::Thermal(thermal::Command::RemoveBookmark { bookmark: 3 });
    let step = stand.harness.state().stage().undo.last().cloned().unwrap();
    assert_eq!((step.again, step.back), (Command::Thermal(made.clone()).into(), removal.clone().into()));
    press(&mut stand, Modifiers::NONE, Key::L);
    ui::click(&mut stand.harness, "All bookmarks, 1");
    ui::click(&mut stand.harness, "fan moved");
    assert_eq!(stand.harness.state().stage().past.at, Some(before(10)));
    stand.answer(recorded);
    ui::click(&mut stand.harness, "All bookmarks, 1");
    ui::click(&mut stand.harness, "Remove the bookmark fan moved");
    assert_eq!(sent(&mut stand.house), [removal]);
    let step = stand.harness.state().stage().undo.last().cloned().unwrap();
    assert_eq!(step.back, Command::Thermal(made).into());
}

#[test]
fn esc_keeps_a_bookmark_without_a_name_wherever_pictures_are() {
    let mut stand = stand(lived_in(), |_| {});
    press(&mut stand, Modifiers::NONE, Key::B);
    stand.harness.get_by_label("Name of the bookmark").type_text("half a na");
    stand.harness.run_steps(2);
    press(&mut stand, Modifiers::NONE, Key::Escape);
    let made = thermal::Command::Bookmark { at: wall(), words: String::new() };
    assert_eq!(sent(&mut stand.house), [Command::Thermal(made)]);
    assert!(stand.harness.query_by_label("Name of the bookmark").is_none());
}

#[test]
fn what_is_shown_is_written_as_files() {
    let mut stand = inspecting();
    press(&mut stand, Modifiers::SHIFT, Key::ArrowLeft);
    stand.answer(recorded);
    ui::click(&mut stand.harness, "Report\u{2026}");
    stand.harness.get_by_label("No alarm went on here");
    ui::click(&mut stand.harness, "Snapshot PNG");
    let exports = sent(&mut stand.house);
    let [Command::Exports(exports::Command::Start(Export::Snapshot { device, at, look, .. }))] = &exports[..] else {
        panic!("{exports:?}")
    };
    assert_eq!((device, *at, &*look.palette), (&bench(), Some(before(10)), "inferno"));
    ui::click(&mut stand.harness, "Clip\u{2026}");
    ui::click(&mut stand.harness, "Clip, from the play head");
    ui::click(&mut stand.harness, "Write the clip");
    let exports = sent(&mut stand.house);
    let clip = Export::Clip { device: bench(), from: before(10), to: wall() };
    assert_eq!(exports, [Command::Exports(exports::Command::Start(clip))]);
}

#[test]
fn the_alarm_under_the_play_head_is_reported() {
    let story = |query: &Query| match query {
        Query::Journal(_) => {
            let told = |seq, what, seconds| {
                let entry = entry(seq, what, "hot--bench", Level::Warning);
                Entry { at: before(seconds), device: Some(bench()), ..entry }
            };
            let entries = vec![told(3, What::Cleared, 5), told(2, What::Raised, 60)];
            Reply::Journal(Page { entries, more: false })
        }
        other => recorded(other),
    };
    let mut stand = stand(lived_in(), |_| {});
    stand.go("Thermal");
    press(&mut stand, Modifiers::NONE, Key::Enter);
    stand.answer(story);
    press(&mut stand, Modifiers::SHIFT, Key::ArrowLeft);
    stand.answer(story);
    ui::click(&mut stand.harness, "Report\u{2026}");
    ui::click(&mut stand.harness, "Incident report");
    let exports = sent(&mut stand.house);
    let incident = Export::Incident { entry: 2, scale: Scale::Celsius };
    assert_eq!(exports, [Command::Exports(exports::Command::Start(incident))]);
}

#[test]
fn the_window_rests_while_it_stands_in_the_past() {
    let mut stand = stand(lived_in(), |snapshot| drop(snapshot.sensors.devices.remove(&DeviceId::new("Door"))));
    stand.go("Thermal");
    press(&mut stand, Modifiers::NONE, Key::Space);
    press(&mut stand, Modifiers::SHIFT, Key::ArrowLeft);
    stand.answer(recorded);
    stand.harness.run();
    stand.harness.step();
    let sets = stand.harness.state().pictures().sets();
    stand.harness.step();
    let output = &stand.harness.output().viewport_output[&egui::ViewportId::ROOT];
    assert_eq!(output.repaint_delay, Duration::MAX);
    assert_eq!(stand.harness.state().pictures().sets(), sets);
}

#[test]
fn pictures_of_then_are_shown_from_an_entry_and_from_a_trend() {
    let mut stand = stand(lived_in(), |_| {});
    let old = |query: &Query| match store(query) {
        Reply::Entry(Some(mut entry)) => {
            (entry.at, entry.device) = (before(600), Some(bench()));
            Reply::Entry(Some(entry))
        }
        _ => recorded(query),
    };
    stand.go("History");
    ui::click(&mut stand.harness, "History: Journal");
    stand.answer(old);
    press(&mut stand, Modifiers::NONE, Key::ArrowDown);
    press(&mut stand, Modifiers::NONE, Key::Enter);
    stand.answer(old);
    ui::click(&mut stand.harness, "Show pictures of then");
    stand.answer(old);
    let stage = stand.harness.state().stage();
    assert_eq!((stage.page, stage.enlarged, stage.past.at), (panels::order::THERMAL, true, Some(before(600))));
    assert!(badge(&stand, 600));
    press(&mut stand, Modifiers::NONE, Key::L);
    stand.go("History");
    ui::click(&mut stand.harness, "History: Trends");
    stand.answer(recorded);
    assert!(stand.harness.query_by_label("Show pictures of then").is_none(), "no time is marked");
    stand.harness.get_by_label("Trend of Bench hottest").click();
    stand.harness.run_steps(3);
    ui::click(&mut stand.harness, "Show pictures of then");
    let stage = stand.harness.state().stage();
    assert_eq!((stage.page, stage.enlarged), (panels::order::THERMAL, true));
    let at = stage.past.at.unwrap();
    assert!((at.duration_since(before(300)).as_secs()).abs() < 3, "{at}");
}

fn regions() -> Regions {
    let spot = |id: &str, name: &str| Region {
        id: RegionId(id.into()),
        name: name.into(),
        shape: Shape::Spot(Cell { row: 1, col: 1 }),
        mask: false,
        emissivity: None,
    };
    let delta = Delta {
        id: RegionId("D1".into()),
        name: "".into(),
        of: (RegionId("S1".into()), Figure::Max),
        minus: (RegionId("S2".into()), Figure::Max),
    };
    Regions { regions: vec![spot("S1", "PSU"), spot("S2", "")], deltas: vec![delta] }
}

#[test]
fn regions_are_channels_with_their_names_and_units() {
    let regions = regions();
    assert_eq!(legend::region(&regions, "S1").as_deref(), Some("S1 PSU"));
    assert_eq!(legend::region(&regions, "D1").as_deref(), Some("D1"));
    assert_eq!(legend::region(&regions, "B1.max"), None);
    let mut stand = stand(lived_in(), |snapshot| {
        let array = snapshot.thermal.arrays.get_mut(&bench()).unwrap();
        *array = Arc::new(Array { regions: Arc::new(regions.clone()), ..Array::clone(array) });
    });
    stand.go("History");
    ui::click(&mut stand.harness, "History: Trends");
    for channel in ["S1 PSU", "D1"] {
        ui::click(&mut stand.harness, "Add a channel");
        ui::click(&mut stand.harness, channel);
    }
    let asked = stand.answer(recorded);
    let asks = |key: &str| asked.iter().any(|query| matches!(query, Query::History(span) if &*span.channel == key));
    assert!(asks("S1") && asks("D1"), "{asked:?}");
    stand.harness.get_by_label("Bench S1 PSU: 45.9\u{a0}\u{b0}C");
    stand.harness.get_by_label("Bench D1: 45.9\u{a0}K");
}

#[test]
fn a_narrow_line_of_time_keeps_all_its_buttons() {
    let mut stand = inspecting();
    for width in [1_600.0, 1_280.0, 960.0] {
        stand.harness.set_size(vec2(width, 700.0));
        stand.harness.run_steps(3);
        for name in ["Clip\u{2026}", "Report\u{2026}", "Bookmark (B)", "Line of time: 30 min", "Speed: 1\u{d7}"] {
            assert!(stand.harness.query_by_label(name).is_some(), "{name} at {width}");
        }
    }
}
