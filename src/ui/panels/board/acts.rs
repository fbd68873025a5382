//! What can be done with panes. Every change of the arrangement is a step that can be taken back.

use crate::ui::panels::board::beside::beside;
use crate::ui::panels::board::offers;
use crate::ui::panels::board::pane::Pane;
use crate::ui::panels::board::panes::{Axis, MOST, Panes, Side};
use crate::ui::panels::history::state::Part;
use crate::ui::panels::{self, board};
use crate::ui::scene::Scene;
use crate::ui::shell::toasts::Offer;
use crate::ui::undo::Deed;

/// Asks what the next pane shows, and remembers on which side it goes.
pub fn ask(scene: &mut Scene<'_>, side: Option<Side>) {
    scene.stage.board.adding = side;
    scene.stage.finder.look_for(board::ADD);
}

/// Puts a pane beside the one that one is at; one that is on the board already is moved there.
pub fn add(scene: &mut Scene<'_>, pane: &Pane) {
    let board = &scene.stage.board;
    let here = board.here.clone().filter(|here| here != pane);
    let side = board.adding.unwrap_or_else(|| room(scene, here.as_ref()));
    scene.stage.board.adding = None;
    let words = format!("add {}", offers::title(scene, pane));
    let full = scene.stage.board.panes().is_some_and(|panes| panes.all().len() >= MOST && !panes.holds(pane));
    if full {
        scene.stage.saying = Some(format!("The board has {MOST} panes already: close one first."));
        return;
    }
    change(scene, words, |panes| {
        let rest = panes.and_then(|panes| panes.without(pane));
        Some(rest.map_or_else(|| Panes::One(pane.clone()), |rest| rest.with(pane.clone(), here.as_ref(), side)))
    });
    scene.stage.board.go(pane);
}

/// The side on which a pane has more room to give.
fn room(scene: &Scene<'_>, here: Option<&Pane>) -> Side {
    let spot = scene.stage.board.spots.iter().find(|(pane, _)| Some(pane) == here);
    match spot {
        Some((_, rect)) if rect.height() * 4.0 > rect.width() * 3.0 => Side::Down,
        _ => Side::Right,
    }
}

/// Closes a pane; the one beside it, or behind it, is the next one is at.
pub fn close(scene: &mut Scene<'_>, pane: &Pane) {
    let Some(panes) = scene.stage.board.panes().filter(|panes| panes.holds(pane)) else { return };
    let tabs = panes.tabs_of(pane);
    let behind = tabs.into_iter().find(|other| other != pane);
    let sides = [Side::Left, Side::Right, Side::Up, Side::Down];
    let near = || sides.into_iter().find_map(|side| beside(&scene.stage.board.spots, pane, side)).cloned();
    let next = behind.or_else(near);
    let words = format!("close {}", offers::title(scene, pane));
    let said = format!("Closed {}", offers::title(scene, pane));
    change(scene, words, |panes| panes?.without(pane));
    scene.stage.toasts.offer(said, "Undo", Offer::Undo);
    if let Some(next) = next {
        scene.stage.board.go(&next);
    }
}

/// Goes to the pane on a side.
pub fn go(scene: &mut Scene<'_>, side: Side) {
    let board = &mut scene.stage.board;
    let next = match &board.here {
        Some(here) => beside(&board.spots, here, side).cloned(),
        None => board.spots.first().map(|(pane, _)| pane.clone()),
    };
    if let Some(next) = next {
        (board.here, board.take) = (Some(next), true);
    }
}

/// Moves the pane one is at to a side: out of its tabs, or in the place of its neighbour.
pub fn shift(scene: &mut Scene<'_>, side: Side) {
    let Some(here) = scene.stage.board.here.clone() else { return };
    let neighbour = beside(&scene.stage.board.spots, &here, side).cloned();
    let words = format!("move {}", offers::title(scene, &here));
    change(scene, words, |panes| Some(panes?.moved(&here, side, neighbour.as_ref())));
    scene.stage.board.take = true;
}

/// Gives the pane one is at a little more room on an axis, or less.
pub fn resize(scene: &mut Scene<'_>, axis: Axis, more: bool) {
    if let Some(here) = scene.stage.board.here.clone()
        && let Some(panes) = scene.stage.board.panes()
    {
        scene.stage.board.set(Some(panes.resized(&here, axis, more)));
        scene.stage.board.take = true;
    }
}

/// Goes to the next tab in the place one is at, or to the one before, around the ends.
pub fn tab(scene: &mut Scene<'_>, step: isize) {
    let Some(here) = scene.stage.board.here.clone() else { return };
    let tabs = scene.stage.board.panes().map(|panes| panes.tabs_of(&here)).unwrap_or_default();
    let at = tabs.iter().position(|pane| *pane == here).unwrap_or(0) as isize + step;
    let next = at.checked_rem_euclid(tabs.len() as isize).and_then(|at| tabs.get(at as usize));
    if let Some(next) = next {
        scene.stage.board.go(next);
    }
}

/// Shows another span of time in a trend's pane.
pub fn span(scene: &mut Scene<'_>, pane: &Pane, minutes: u32) {
    let Pane::Trend { device, channel, .. } = pane else { return };
    let new = Pane::Trend { device: device.clone(), channel: channel.clone(), minutes };
    let words = format!("time of {}", offers::title(scene, pane));
    change(scene, words, |panes| match panes {
        Some(panes) if panes.holds(&new) => Some(panes),
        panes => Some(panes?.swapped(pane, &new)),
    });
    scene.stage.board.go(&new);
}

/// Opens what a pane shows at its full size.
pub fn open(scene: &mut Scene<'_>, pane: &Pane) {
    match pane {
        Pane::Picture(device) => {
            scene.stage.select(device);
            (scene.stage.page, scene.stage.enlarged) = (panels::order::THERMAL, true);
        }
        Pane::Trend { device, channel, .. } => {
            scene.stage.history.trends.add(device, channel);
            (scene.stage.page, scene.stage.history.part) = (panels::order::HISTORY, Part::Trends);
        }
        Pane::Alarms => (scene.stage.page, scene.stage.history.part) = (panels::order::HISTORY, Part::Alarms),
        Pane::Journal => (scene.stage.page, scene.stage.history.part) = (panels::order::HISTORY, Part::Journal),
    }
}

/// Notes an arrangement that was made by hand, in place of the one before.
pub fn dragged(scene: &mut Scene<'_>, before: Option<Panes>) {
    let after = scene.stage.board.panes();
    note(scene, "move a pane".to_owned(), after, before);
}

/// Puts the usual panes on the board.
pub fn begin(scene: &mut Scene<'_>) {
    let panes = offers::usual(scene);
    scene.stage.board.set(panes);
}

fn change(scene: &mut Scene<'_>, words: String, edit: impl FnOnce(Option<Panes>) -> Option<Panes>) {
    let before = scene.stage.board.panes();
    scene.stage.board.set(edit(before.clone()));
    let after = scene.stage.board.panes();
    note(scene, words, after, before);
}

fn note(scene: &mut Scene<'_>, words: String, after: Option<Panes>, before: Option<Panes>) {
    if after != before {
        scene.stage.undo.did(words, Deed::Board(after.map(Box::new)), Deed::Board(before.map(Box::new)));
    }
}
