//! What a person can do about the bridge from anywhere.

use crate::model::bridge::Command;
use crate::ui::actions::Action;
use crate::ui::icons;
use crate::ui::panels::order;
use crate::ui::panels::system::part::Part;
use crate::ui::scene::Scene;

/// Presses the link button and shows what comes of it.
pub const PRESS: Action = Action {
    name: "Press the link button",
    icon: icons::LINK,
    run: |scene| {
        go(scene, Part::Bridge);
        scene.out.bridge(Command::Press);
    },
    ..Action::BASE
};

/// All of them.
pub static ACTIONS: &[Action] = &[PRESS];

/// Goes to a part of System.
pub fn go(scene: &mut Scene<'_>, part: Part) {
    (scene.stage.page, scene.stage.system) = (order::SYSTEM, part);
}
