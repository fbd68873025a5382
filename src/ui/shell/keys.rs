//! What keys do. Which key does what stands with the actions ([`crate::ui::shell::registry`]).
//!
//! Invariant: a key that is held down acts once, and no other part of the window sees a key that did something here.

use std::collections::BTreeSet;

use egui::{Context, Event, Key, Modifiers};

use crate::model::system::Command;
use crate::ui::desk::arrange;
use crate::ui::panels::order::LIGHTS;
use crate::ui::panels::{PAGES, adding};
use crate::ui::scene::Scene;
use crate::ui::shell::{deeds, registry};
use crate::ui::theme::time;

/// Keys of the places, in the order of the rail.
pub const PLACES: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// Tells presses from repeats by where a key is, once a frame before anybody looks. A press of `+` that is let go of as
/// `=`, Shift first, would count as held for ever otherwise, and each further press as its repeat.
pub fn tell_repeats(ctx: &Context, held: &mut BTreeSet<Key>) {
    ctx.input_mut(|i| {
        for event in &mut i.events {
            match event {
                Event::WindowFocused(false) => held.clear(),
                Event::Key { key, physical_key, pressed, repeat, .. } => {
                    let place = physical_key.unwrap_or(*key);
                    if *pressed {
                        *repeat = !held.insert(place);
                    } else {
                        held.remove(&place);
                    }
                }
                _ => {}
            }
        }
    });
}

/// Does what the pressed keys ask for.
pub fn handle(ctx: &Context, scene: &mut Scene<'_>) {
    let typing = ctx.text_edit_focused();
    let pressed: Vec<(Key, Modifiers)> = ctx.input(|i| i.events.iter().filter_map(chord).collect());
    for (key, modifiers) in pressed {
        if key == Key::Escape {
            escape(ctx, scene, typing);
        } else if modifiers.matches_exact(Modifiers::COMMAND)
            && let Some(place) = PLACES.iter().take(PAGES.len()).position(|of| *of == key)
        {
            scene.stage.page = place;
            consume(ctx, key, modifiers);
        } else if let Some(action) = registry::pressed(scene, key, modifiers, typing) {
            consume(ctx, key, modifiers);
            (action.run)(scene);
        }
    }
}

fn chord(event: &Event) -> Option<(Key, Modifiers)> {
    match event {
        Event::Key { key, pressed: true, repeat: false, modifiers, .. } => Some((*key, *modifiers)),
        _ => None,
    }
}

fn consume(ctx: &Context, key: Key, modifiers: Modifiers) {
    ctx.input_mut(|i| i.events.retain(|event| chord(event) != Some((key, modifiers))));
}

/// Esc goes back; pressed twice in a row it is the master stop. A press that only closed what lay over the window, or let
/// go of a tool or a region, does not count: who leaves two menus does not stop the rules.
fn escape(ctx: &Context, scene: &mut Scene<'_>, typing: bool) {
    let now = ctx.input(|i| i.time);
    let before = scene.stage.escaped.take();
    let lets_go = |scene: &mut Scene<'_>| scene.stage.enlarged && scene.stage.inspect.let_go();
    if typing || closed_something(ctx, scene) || lets_go(scene) {
        return;
    }
    if scene.stage.adding.is_on(scene.stage.page) {
        adding::cancel(scene);
        return;
    }
    if before.is_some_and(|before| now - before <= time::TWICE.as_secs_f64()) {
        if scene.view.system.stopped.is_none() {
            scene.out.system(Command::Stop);
        }
        return;
    }
    scene.stage.escaped = Some(now);
    back(scene);
}

/// Closes the innermost thing that lies over the window or asks something.
fn closed_something(ctx: &Context, scene: &mut Scene<'_>) -> bool {
    let stage = &mut *scene.stage;
    let open = stage.keys
        || stage.closing
        || stage.desk.naming.is_some()
        || egui::Popup::is_any_open(ctx)
        || stage.bar.question.is_some()
        || stage.forgetting.is_some()
        || stage.retiring.is_some();
    if !open && stage.page == LIGHTS {
        return stage.lights.close();
    }
    if stage.keys {
        stage.keys = false;
    } else if stage.closing {
        stage.closing = false;
    } else if stage.desk.naming.is_some() {
        stage.desk.naming = None;
    } else if egui::Popup::is_any_open(ctx) {
        // egui closes it.
    } else if stage.bar.question.is_some() {
        stage.bar.question = None;
    } else if stage.forgetting.is_some() {
        stage.forgetting = None;
    } else {
        stage.retiring = None;
    }
    open
}

/// Takes one step back: out of a picture, a wall, a selection.
fn back(scene: &mut Scene<'_>) {
    if scene.stage.desk.small {
        arrange::leave_small(scene);
    } else if scene.stage.enlarged && scene.stage.views.beside.is_some() {
        scene.stage.views.beside = None;
    } else if scene.stage.enlarged {
        scene.stage.enlarged = false;
    } else if scene.stage.wall {
        deeds::set_wall(scene, false);
    } else if scene.stage.page == LIGHTS && scene.stage.lights.let_go() {
        // Nothing is picked any more.
    } else if scene.stage.past.is_past() {
        scene.stage.past.back_to_live();
    } else {
        (scene.stage.selected, scene.stage.touched) = (None, true);
    }
}
