//! The board: how panes are arranged, by random stories, and the whole of it by names and keys in the window.

use std::sync::Arc;

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Rect, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use hearthlight::model::layouts::{self, LEFT};
use hearthlight::model::message::Command;
use hearthlight::model::sensors::DeviceId;
use hearthlight::ui::app::Window;
use hearthlight::ui::desk::layout::Layout;
use hearthlight::ui::panels;
use hearthlight::ui::panels::board::beside::beside;
use hearthlight::ui::panels::board::pane::Pane;
use hearthlight::ui::panels::board::panes::{Axis, MOST, Panes, Side};
use hearthlight::ui::panels::board::tree;
use proptest::prelude::*;

use crate::ui::{self, click};

const SIZE: egui::Vec2 = egui::vec2(1600.0, 900.0);

fn picture(name: &str) -> Pane {
    Pane::Picture(DeviceId::new(name))
}

fn one(name: &str) -> Panes {
    Panes::One(picture(name))
}

fn numbered(n: u8) -> Pane {
    picture(&format!("d{n}"))
}

#[test]
fn a_pane_beside_another_halves_its_place() {
    let row = Panes::split(Axis::Row, vec![one("a"), one("b")]);
    let wider = row.with(picture("c"), Some(&picture("b")), Side::Right);
    let expected = vec![(0.5, one("a")), (0.25, one("b")), (0.25, one("c"))];
    assert_eq!(wider, Panes::Split(Axis::Row, expected));
    let stacked = one("a").with(picture("b"), Some(&picture("a")), Side::Tab);
    assert_eq!(stacked, Panes::Tabs { open: 1, parts: vec![one("a"), one("b")] });
    let out = stacked.moved(&picture("b"), Side::Up, None);
    assert_eq!(out, Panes::Split(Axis::Column, vec![(0.5, one("b")), (0.5, one("a"))]));
}

#[test]
fn what_a_file_says_is_checked() {
    let deep = (0..20).fold(one("a"), |inner, _| Panes::Split(Axis::Row, vec![(1.0, inner)]));
    assert!(deep.check().unwrap_err().contains("in each other"));
    let many = Panes::split(Axis::Row, (0..=MOST as u8).map(|n| Panes::One(numbered(n))).collect());
    assert!(many.check().unwrap_err().contains("24 is the most"));
    let twice = Panes::split(Axis::Row, vec![one("a"), one("a")]);
    assert!(twice.check().unwrap_err().contains("twice"));
    let odd = Panes::One(Pane::Trend { device: DeviceId::new("a"), channel: "hottest".into(), minutes: 7 });
    assert!(odd.check().unwrap_err().contains("7 min"));
    let shares = Panes::Split(Axis::Row, vec![(f32::NAN, one("a")), (-3.0, one("b")), (1.0, Panes::NONE)]).tidy();
    assert_eq!(shares, Some(Panes::split(Axis::Row, vec![one("a"), one("b")]).tidy().unwrap()));
    assert_eq!(Panes::NONE.tidy(), None);
}

#[derive(Clone, Debug)]
enum Op {
    Add(u8, u8, Side),
    Close(u8),
    Move(u8, Side, u8),
    Resize(u8, bool, bool),
    Open(u8),
    ThroughTheTree,
    ThroughAFile,
}

fn side() -> impl Strategy<Value = Side> {
    prop::sample::select(vec![Side::Left, Side::Right, Side::Up, Side::Down, Side::Tab])
}

fn op() -> impl Strategy<Value = Op> {
    let n = 0..8_u8;
    prop_oneof![
        4 => (n.clone(), n.clone(), side()).prop_map(|(new, beside, side)| Op::Add(new, beside, side)),
        2 => n.clone().prop_map(Op::Close),
        2 => (n.clone(), side(), n.clone()).prop_map(|(pane, side, other)| Op::Move(pane, side, other)),
        1 => (n.clone(), any::<bool>(), any::<bool>()).prop_map(|(pane, row, more)| Op::Resize(pane, row, more)),
        1 => n.prop_map(Op::Open),
        1 => Just(Op::ThroughTheTree),
        1 => Just(Op::ThroughAFile),
    ]
}

fn play(panes: Option<Panes>, op: &Op) -> Option<Panes> {
    match op {
        Op::Add(new, near, side) => {
            let rest = panes.and_then(|panes| panes.without(&numbered(*new)));
            Some(match rest {
                Some(rest) => rest.with(numbered(*new), Some(&numbered(*near)), *side),
                None => Panes::One(numbered(*new)),
            })
        }
        Op::Close(pane) => panes?.without(&numbered(*pane)),
        Op::Move(pane, side, other) => panes?.moved(&numbered(*pane), *side, Some(&numbered(*other))).tidy(),
        Op::Resize(pane, row, more) => {
            panes?.resized(&numbered(*pane), if *row { Axis::Row } else { Axis::Column }, *more).tidy()
        }
        Op::Open(pane) => panes?.opened(&numbered(*pane)).tidy(),
        Op::ThroughTheTree => tree::panes(&tree::of(&panes?)),
        Op::ThroughAFile => {
            let layout = Layout { panes, ..Layout::default() };
            Layout::read(&layout.write().unwrap()).unwrap().panes
        }
    }
}

fn sound(panes: &Panes) -> bool {
    match panes {
        Panes::One(_) => true,
        Panes::Tabs { open, parts } => *open < parts.len() && parts.len() > 1 && parts.iter().all(sound),
        Panes::Split(axis, parts) => {
            let all: f32 = parts.iter().map(|(share, _)| share).sum();
            let same = |part: &Panes| matches!(part, Panes::Split(own, _) if own == axis);
            parts.len() > 1
                && (all - 1.0).abs() < 1e-3
                && parts.iter().all(|(share, part)| *share > 0.0 && !same(part) && sound(part))
        }
    }
}

proptest! {
    #[test]
    fn any_story_keeps_the_board_tidy_and_each_pane_once(story in prop::collection::vec(op(), 0..40)) {
        let mut panes = None;
        for op in &story {
            let before: Vec<Pane> = panes.iter().flat_map(|panes: &Panes| panes.all()).cloned().collect();
            panes = play(panes, op);
            let mut all: Vec<Pane> = panes.iter().flat_map(|panes: &Panes| panes.all()).cloned().collect();
            let n = all.len();
            all.sort();
            all.dedup();
            prop_assert_eq!(n, all.len(), "twice after {:?}", op);
            prop_assert!(panes.as_ref().is_none_or(sound), "{:?} after {:?}", panes, op);
            match op {
                Op::Close(pane) => prop_assert!(!all.contains(&numbered(*pane))),
                Op::Add(new, ..) => prop_assert!(all.contains(&numbered(*new))),
                Op::Move(pane, _, other) if before.contains(&numbered(*pane)) && before.contains(&numbered(*other)) => {
                    prop_assert_eq!(before.len(), all.len());
                }
                _ => {}
            }
        }
    }
}

#[test]
fn the_pane_beside_is_the_nearest_that_faces_it() {
    let at = |x: f32, y: f32, w: f32, h: f32| Rect::from_min_size(pos2(x, y), vec2(w, h));
    let spots = [
        (picture("left"), at(0.0, 0.0, 600.0, 900.0)),
        (picture("above"), at(612.0, 0.0, 400.0, 400.0)),
        (picture("below"), at(612.0, 412.0, 400.0, 488.0)),
        (picture("far"), at(1_024.0, 0.0, 300.0, 900.0)),
    ];
    let to = |from: &str, side| beside(&spots, &picture(from), side).cloned();
    assert_eq!(to("left", Side::Right), Some(picture("above")));
    assert_eq!(to("above", Side::Down), Some(picture("below")));
    assert_eq!(to("above", Side::Left), Some(picture("left")));
    assert_eq!(to("far", Side::Left), Some(picture("above")));
    assert_eq!(to("left", Side::Left), None);
    assert_eq!(to("nobody", Side::Left), None);
}

fn press(harness: &mut Harness<'_, Window>, held: Modifiers, key: Key) {
    harness.key_press_modifiers(held, key);
    harness.run_steps(3);
}

fn ctrl_shift() -> Modifiers {
    Modifiers { shift: true, ..Modifiers::COMMAND }
}

fn board(house: &ui::House) -> Harness<'static, Window> {
    let mut harness = ui::start(house, SIZE);
    press(&mut harness, Modifiers::COMMAND, Key::B);
    harness
}

fn panes(harness: &Harness<'_, Window>) -> Vec<Pane> {
    let all = harness.state().stage().board.panes();
    all.iter().flat_map(|panes| panes.all()).cloned().collect()
}

/// Types into the list of things to add, and takes the first.
fn choose(harness: &mut Harness<'_, Window>, typed: &str) {
    harness.get_by_role_and_label(Role::TextInput, "Search or command").type_text(typed);
    harness.run_steps(3);
    press(harness, Modifiers::NONE, Key::Enter);
}

#[test]
fn the_board_begins_with_pictures_a_trend_and_lists() {
    let house = ui::lived_in();
    let harness = board(&house);
    for tab in ["Bench", "Bench hottest, 10 min", "Alarms", "Journal"] {
        harness.get_by_role_and_label(Role::Tab, tab);
    }
    harness.get_by_label("Bench, hottest 41.2 degrees at row 3 column 8, live");
    assert!(harness.query_all_by_label("No alarm").count() > 0);
}

#[test]
fn all_of_it_goes_by_keys() {
    let house = ui::lived_in();
    let mut harness = board(&house);
    let begun = panes(&harness);
    // Split right: what was chosen stands beside, and is the pane one is at.
    press(&mut harness, Modifiers::COMMAND, Key::D);
    choose(&mut harness, "air smoke");
    let smoke = harness.state().stage().board.here.clone().unwrap();
    assert!(matches!(&smoke, Pane::Trend { channel, .. } if channel == "ADC1"), "{smoke:?}");
    assert_eq!(panes(&harness).len(), begun.len() + 1);
    // Back to the left, and the pane moved to the right of it.
    press(&mut harness, Modifiers::COMMAND, Key::ArrowLeft);
    let here = harness.state().stage().board.here.clone().unwrap();
    assert_ne!(here, smoke);
    let before = panes(&harness);
    press(&mut harness, ctrl_shift(), Key::ArrowRight);
    let moved = panes(&harness);
    let at = |all: &[Pane], pane: &Pane| all.iter().position(|p| p == pane).unwrap();
    assert_eq!((at(&moved, &here), at(&moved, &smoke)), (at(&before, &smoke), at(&before, &here)));
    // Wider.
    let share = |harness: &Harness<'_, Window>| {
        let board = &harness.state().stage().board;
        board.spots.iter().find(|(pane, _)| *pane == here).map(|(_, rect)| rect.width()).unwrap()
    };
    let width = share(&harness);
    press(&mut harness, Modifiers::ALT, Key::ArrowRight);
    assert!(share(&harness) > width + 4.0);
    // Closed, and back again.
    press(&mut harness, Modifiers::COMMAND, Key::W);
    assert!(!panes(&harness).contains(&here));
    harness.get_by_label_contains("Undo: Closed");
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    assert!(panes(&harness).contains(&here));
    press(&mut harness, ctrl_shift(), Key::Z);
    assert!(!panes(&harness).contains(&here));
}

#[test]
fn tabs_are_gone_through_and_one_is_closed_by_its_button() {
    let house = ui::lived_in();
    let mut harness = board(&house);
    click(&mut harness, "Alarms");
    assert_eq!(harness.state().stage().board.here, Some(Pane::Alarms));
    press(&mut harness, Modifiers::COMMAND, Key::PageDown);
    assert_eq!(harness.state().stage().board.here, Some(Pane::Journal));
    press(&mut harness, Modifiers::COMMAND, Key::PageDown);
    assert_eq!(harness.state().stage().board.here, Some(Pane::Alarms));
    click(&mut harness, "Close Journal");
    assert!(!panes(&harness).contains(&Pane::Journal));
    click(&mut harness, "Undo: Closed Journal");
    assert!(panes(&harness).contains(&Pane::Journal));
}

#[test]
fn what_is_added_again_is_moved_there() {
    let house = ui::lived_in();
    let mut harness = board(&house);
    click(&mut harness, "Alarms");
    press(&mut harness, Modifiers::COMMAND, Key::T);
    choose(&mut harness, "door");
    assert_eq!(panes(&harness).iter().filter(|pane| **pane == picture("Door")).count(), 1);
    let tabs = harness.state().stage().board.panes().unwrap().tabs_of(&Pane::Alarms);
    assert!(tabs.contains(&picture("Door")), "{tabs:?}");
}

#[test]
fn a_double_click_inspects_and_so_does_enter() {
    for by_enter in [false, true] {
        let house = ui::lived_in();
        let mut harness = board(&house);
        let pos = harness.get_by_label("Bench, hottest 41.2 degrees at row 3 column 8, live").rect().center();
        if by_enter {
            press(&mut harness, Modifiers::COMMAND, Key::ArrowDown);
            press(&mut harness, Modifiers::COMMAND, Key::ArrowUp);
            press(&mut harness, Modifiers::NONE, Key::Enter);
        } else {
            let events = &mut harness.input_mut().events;
            events.push(Event::PointerMoved(pos));
            for pressed in [true, false, true, false] {
                let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
                events.push(Event::PointerButton { pos, button, pressed, modifiers });
            }
            harness.run_steps(3);
        }
        let stage = harness.state().stage();
        assert_eq!((stage.page, stage.enlarged), (panels::order::THERMAL, true), "by Enter: {by_enter}");
        assert_eq!(stage.selected, Some(DeviceId::new("Bench")));
    }
}

#[test]
fn an_empty_board_offers_the_usual_panes() {
    let house = ui::lived_in();
    let mut harness = board(&house);
    for _ in 0..panes(&harness).len() {
        press(&mut harness, Modifiers::COMMAND, Key::W);
    }
    harness.get_by_label("The board is empty");
    click(&mut harness, "Put the usual panes on it");
    assert!(panes(&harness).contains(&Pane::Alarms));
}

/// The house whose window was left so.
fn left(body: &str) -> ui::House {
    let house = ui::lived_in();
    let mut view = hearthlight::model::snapshot::Snapshot::clone(&house.port.snapshot.load());
    view.layouts.saved.insert(LEFT.into(), body.into());
    house.port.snapshot.store(Arc::new(view));
    house
}

#[test]
fn the_board_is_found_as_it_was_left_and_what_is_gone_says_so() {
    let mut house = ui::lived_in();
    let mut harness = board(&house);
    press(&mut harness, Modifiers::COMMAND, Key::W);
    let kept = panes(&harness);
    for _ in 0..8 {
        harness.run_steps(4);
    }
    let all = ui::all_sent(&mut house).into_iter();
    let body = all.rev().find_map(|command| match command {
        Command::Layouts(layouts::Command::Put { name, body }) if name == LEFT => Some(body),
        _ => None,
    });
    let body = body.unwrap();
    assert_eq!(panes(&ui::start(&left(&body), SIZE)), kept);
    let other = body.replace("\"door\"", "\"shed\"");
    let harness = ui::start(&left(&other), SIZE);
    harness.get_by_role_and_label(Role::Tab, "shed");
    assert!(panes(&harness).contains(&picture("Shed")));
}

#[test]
fn a_board_that_cannot_be_is_left_out_with_a_word() {
    let twice = Panes::split(Axis::Row, vec![one("Bench"), one("Bench")]);
    let layout = Layout { page: "Overview".into(), board: true, panes: Some(twice), ..Layout::default() };
    let harness = ui::start(&left(&layout.write().unwrap()), SIZE);
    harness.get_by_label_contains("The board of this layout cannot be used: a pane is in it twice");
    assert!(panes(&harness).contains(&Pane::Alarms));
    let harness = ui::start(&left("(page: 7"), SIZE);
    harness.get_by_label_contains("How the window was left cannot be read");
}

#[test]
fn the_layout_board_is_picked_and_watch_goes_back() {
    let house = ui::lived_in();
    let mut harness = ui::start(&house, SIZE);
    click(&mut harness, "Layout");
    click(&mut harness, "Board");
    assert!(harness.state().stage().board.on);
    click(&mut harness, "Layout: Board");
    click(&mut harness, "Watch");
    assert!(!harness.state().stage().board.on);
}
