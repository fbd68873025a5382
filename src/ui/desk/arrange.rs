//! Layouts on and off the window.
//!
//! Invariant: what is being typed stays: a name, a setting, a rule's draft, a reason.

use egui::ViewportCommand;

use crate::heat::palette::Palette;
use crate::model::layouts::{Command, LEFT, MAX_BYTES};
use crate::ui::choices::{Range, Words};
use crate::ui::desk::layout::{Colours, Layout, Story};
use crate::ui::desk::{self, built_in};
use crate::ui::panels::PAGES;
use crate::ui::panels::board::panes::Panes;
use crate::ui::panels::history::state::Part;
use crate::ui::scene::Scene;

/// Longest name of a layout.
pub const NAME_LIMIT: usize = 40;

const PARTS: [(Part, &str); 3] = [(Part::Alarms, "alarms"), (Part::Journal, "journal"), (Part::Trends, "trends")];

/// How the window is arranged now.
#[must_use]
pub fn capture(scene: &Scene<'_>) -> Layout {
    let (stage, choices) = (&*scene.stage, &*scene.choices);
    let story = &stage.history;
    Layout {
        page: PAGES.get(stage.page).map_or("", |page| page.name).to_owned(),
        wall: stage.wall,
        small: stage.desk.small,
        inspector: stage.inspector,
        inspector_width: stage.desk.wanted_width,
        board: stage.board.on,
        panes: stage.board.begun.then(|| stage.board.panes().unwrap_or(Panes::NONE)),
        inspecting: stage.enlarged,
        device: stage.selected.clone(),
        colours: Some(Colours {
            palette: crate::ui::choices::palette_word(choices.palette),
            smooth: choices.smooth,
            range: choices.range.word().to_owned(),
        }),
        history: Some(Story {
            part: PARTS.iter().find(|(part, _)| *part == story.part).map_or("", |(_, word)| word).to_owned(),
            channels: story.trends.picks.iter().map(|p| (p.device.clone(), p.channel.to_string())).collect(),
        }),
        views: Some(stage.views.kept()),
        apart: Some(stage.desk.apart()),
        window: stage.desk.here,
    }
}

/// Arranges the window so.
pub fn apply(scene: &mut Scene<'_>, layout: &Layout) {
    let stage = &mut *scene.stage;
    let was_small = stage.desk.small;
    if let Some(page) = PAGES.iter().position(|page| page.name == layout.page) {
        stage.page = page;
    }
    if stage.wall != layout.wall {
        stage.viewport.push(ViewportCommand::Fullscreen(layout.wall));
    }
    (stage.wall, stage.desk.small) = (layout.wall, layout.small);
    (stage.inspector, stage.desk.wanted_width) = (layout.inspector, layout.inspector_width);
    let typing = stage.renaming.is_some() || stage.retiring.is_some();
    if let Some(id) = layout.device.as_ref().filter(|id| scene.view.sensors.devices.contains_key(*id) && !typing) {
        stage.select(id);
    }
    stage.enlarged = layout.inspecting;
    if stage.enlarged && stage.selected.is_none() {
        // Then Thermal selects one by itself.
        stage.touched = false;
    }
    if let Some(views) = &layout.views {
        stage.views.take_over(views);
    }
    if let Some(apart) = &layout.apart {
        stage.desk.set_apart(apart);
    }
    if let Some(place) = layout.window {
        stage.desk.wanted = Some(place);
    } else if was_small {
        stage.desk.wanted = Some(desk::place::Place::default());
    }
    board(scene, layout);
    history(scene, layout);
    colours(scene, layout);
}

fn board(scene: &mut Scene<'_>, layout: &Layout) {
    let board = &mut scene.stage.board;
    board.on = layout.board;
    let Some(panes) = &layout.panes else { return };
    match panes.check() {
        Ok(()) => board.set(Some(panes.clone())),
        Err(why) => {
            scene.stage.saying = Some(format!("The board of this layout cannot be used: {why}. It stays as it is."));
        }
    }
}

fn history(scene: &mut Scene<'_>, layout: &Layout) {
    let Some(wanted) = &layout.history else { return };
    let story = &mut scene.stage.history;
    if let Some((part, _)) = PARTS.iter().find(|(_, word)| *word == wanted.part) {
        story.part = *part;
    }
    let same = |pick: &crate::ui::panels::history::picks::Pick| {
        wanted.channels.iter().any(|(device, channel)| pick.device == *device && *pick.channel == **channel)
    };
    if !wanted.channels.is_empty() {
        story.trends.picks.retain(same);
        for (device, channel) in &wanted.channels {
            story.trends.add(device, channel);
        }
    }
}

fn colours(scene: &mut Scene<'_>, layout: &Layout) {
    let Some(wanted) = &layout.colours else { return };
    let known = |palette: &&Palette| crate::ui::choices::palette_word(**palette) == wanted.palette;
    if let Some(palette) = Palette::ALL.iter().find(known) {
        scene.choices.palette = *palette;
    }
    scene.choices.smooth = wanted.smooth;
    if let Some(range) = Range::of(&wanted.range) {
        scene.choices.range = range;
    }
}

/// Puts the layout of a name on, or says why not.
pub fn pick(scene: &mut Scene<'_>, name: &str) {
    let layout = match desk::layout(&scene.view.layouts, name) {
        Ok(layout) => layout,
        Err(why) => {
            scene.stage.saying = Some(why);
            return;
        }
    };
    if layout.small && !scene.stage.desk.small {
        scene.stage.desk.before = Some(Box::new(capture(scene)));
    }
    apply(scene, &layout);
    scene.stage.desk.current = Some(name.to_owned());
}

/// From the small window back to how it was before.
pub fn leave_small(scene: &mut Scene<'_>) {
    let watch = || built_in::of("Watch").unwrap_or_default();
    let before = scene.stage.desk.before.take().map_or_else(watch, |layout| *layout);
    apply(scene, &Layout { small: false, ..before });
    scene.stage.desk.current = None;
}

/// Why a layout cannot have this name, if it cannot.
#[must_use]
pub fn wrong_name(name: &str) -> Option<&'static str> {
    let name = name.trim();
    if built_in::of(name).is_some() {
        Some("This name belongs to a layout that comes with Hearthlight")
    } else if name.chars().count() > NAME_LIMIT {
        Some("A name has at most 40 characters")
    } else {
        None
    }
}

/// Saves how the window is arranged under a name.
pub fn save(scene: &mut Scene<'_>, name: &str) {
    let name = name.trim().to_owned();
    let Some(body) = written(scene, &capture(scene)) else { return };
    scene.stage.saying = Some(format!("Layout {name} saved"));
    scene.stage.desk.current = Some(name.clone());
    scene.out.layouts(Command::Put { name, body });
}

/// Keeps how the window is left.
pub(super) fn keep_left(scene: &mut Scene<'_>, layout: &Layout) {
    if let Some(body) = written(scene, layout) {
        scene.out.layouts(Command::Put { name: LEFT.to_owned(), body });
    }
}

fn written(scene: &mut Scene<'_>, layout: &Layout) -> Option<String> {
    match layout.write() {
        Ok(body) if body.len() <= MAX_BYTES => return Some(body),
        Ok(_) => scene.stage.saying = Some("This layout is too large to be saved: close some views.".to_owned()),
        Err(why) => scene.stage.saying = Some(format!("This layout cannot be saved: {why}.")),
    }
    None
}
