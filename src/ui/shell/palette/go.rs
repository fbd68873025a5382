//! What choosing a thing in the command palette does.

use crate::model::lights;
use crate::model::system::Layer;
use crate::ui::desk::arrange;
use crate::ui::panels;
use crate::ui::panels::system::part::Part;
use crate::ui::scene::Scene;
use crate::ui::shell::palette::state::Target;
use crate::ui::shell::registry;

/// Goes to what was chosen, or does it.
pub fn to(scene: &mut Scene<'_>, target: &Target) {
    match target {
        Target::Action(name) => {
            if let Some(action) = registry::named(name).filter(|action| (action.enabled)(scene)) {
                (action.run)(scene);
            }
        }
        Target::Place(place) => scene.stage.page = *place,
        Target::Part(place, part) => {
            scene.stage.page = *place;
            if let Some(part) = panels::PAGES.get(*place).and_then(|page| page.parts.get(*part)) {
                (part.turn)(scene);
            }
        }
        Target::Device(id) => {
            scene.stage.select(id);
            if !panels::PAGES.get(scene.stage.page).is_some_and(|page| page.inspects) {
                scene.stage.page = panels::order::THERMAL;
            }
            scene.stage.inspector = Some(true);
        }
        Target::Light(id) => {
            scene.stage.lights.show(id);
            (scene.stage.page, scene.stage.inspector) = (panels::order::LIGHTS, Some(true));
        }
        Target::Group(id) => {
            let lights = scene.view.lights.groups.get(id).map(|group| group.lights.clone()).unwrap_or_default();
            scene.stage.lights.show_all(lights);
            scene.stage.page = panels::order::LIGHTS;
        }
        Target::Scene(id) => {
            scene.out.lights(lights::Command::Recall { scene: id.clone(), transition_ms: None });
        }
        Target::Region(id, region) => {
            scene.stage.select(id);
            (scene.stage.page, scene.stage.enlarged) = (panels::order::THERMAL, true);
            scene.stage.inspect.selected = Some(region.clone());
        }
        Target::Alarm(id) => {
            if let Some(alarm) = scene.view.alarms.active.get(id).cloned() {
                scene.stage.select(&alarm.device);
                scene.stage.page = panels::order::THERMAL;
                scene.stage.inspector = Some(true);
            }
        }
        Target::Rule(id) => {
            scene.stage.rules.select(id);
            (scene.stage.page, scene.stage.plans.shown) = (panels::order::AUTOMATIONS, false);
        }
        Target::Layout(name) => arrange::pick(scene, name),
        Target::Setting(key) => setting(scene, key),
        Target::Pane(pane) => panels::board::acts::add(scene, pane),
        Target::Bookmark(id) => {
            if let Some(bookmark) = scene.view.thermal.bookmarks.get(id) {
                panels::thermal::time::go(scene, None, bookmark.at);
            }
        }
    }
}

/// Opens a setting to be changed; one that is pinned is only shown.
fn setting(scene: &mut Scene<'_>, key: &str) {
    (scene.stage.page, scene.stage.system) = (panels::order::SYSTEM, Part::Program);
    let Some(setting) = scene.view.system.settings.iter().find(|setting| *setting.key == *key) else { return };
    if matches!(setting.layer, Layer::Default | Layer::Window) {
        scene.stage.setting = Some((setting.key.to_string(), setting.value.to_string()));
    } else {
        scene.stage.saying = Some(format!("{key} is set in settings.ron or by --set and cannot be changed here."));
    }
}
