//! All settings: value, where it comes from, what it does; those not pinned can be changed.

use egui::{Rect, Ui, UiBuilder, vec2};

use crate::model::system::{Command, Layer, Setting};
use crate::ui::icons;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space};
use crate::ui::widgets::field::{self, Edited};
use crate::ui::widgets::{button, table};

static COLUMNS: table::Columns = table::Columns { all: &ALL, few: &FEW, from: 720.0 };
static ALL: [table::Column; 4] = [
    table::words("Setting", 1.6),
    table::words("Value", 1.6),
    table::words("From", 1.4),
    table::words("What it does", 3.4),
];
/// The same in a narrow page: names and values stand whole, where they come from is left out.
static FEW: [table::Column; 4] = [
    table::words("Setting", 2.0),
    table::words("Value", 2.4),
    table::words("From", 0.0),
    table::words("What it does", 2.0),
];
/// Longest value that can be typed.
const VALUE_LIMIT: usize = 400;

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let all = std::sync::Arc::clone(&scene.view.system.settings);
    super::part(ui, "Settings", "settings.ron and --set pin a value", |ui| {
        table::header(ui, COLUMNS.now(ui));
        for setting in all.iter() {
            row(ui, scene, setting);
        }
    });
}

fn layer(layer: &Layer) -> String {
    match layer {
        Layer::Default => "default".to_owned(),
        Layer::Window => "changed here".to_owned(),
        Layer::File { line } => format!("set in settings.ron, line {line}"),
        Layer::Flag => "set by --set".to_owned(),
    }
}

fn row(ui: &mut Ui, scene: &mut Scene<'_>, setting: &Setting) {
    let editing = scene.stage.setting.as_ref().is_some_and(|(key, _)| *key == *setting.key);
    let shown = if editing { String::new() } else { setting.value.to_string() };
    let cells = [setting.key.to_string(), shown, layer(&setting.layer), setting.help.to_string()];
    let (_, places) = table::row(ui, COLUMNS.now(ui), &table::Row { cells: &cells, ..table::Row::default() });
    let Some(value) = places.get(1).copied() else { return };
    if editing {
        let mut place = ui.new_child(UiBuilder::new().max_rect(value).id_salt(&*setting.key));
        edit(&mut place, scene, setting, value);
    } else if matches!(setting.layer, Layer::Default | Layer::Window) {
        let at = value.right_center() - vec2(size::CONTROL / 2.0, 0.0);
        let pencil = Rect::from_center_size(at, vec2(size::CONTROL, size::CONTROL));
        let mut place = ui.new_child(UiBuilder::new().max_rect(pencil).id_salt(&*setting.key));
        if button::icon(&mut place, icons::PENCIL, &format!("Change {}", setting.key), false).clicked() {
            scene.stage.setting = Some((setting.key.to_string(), setting.value.to_string()));
        }
    }
}

fn edit(ui: &mut Ui, scene: &mut Scene<'_>, setting: &Setting, place: Rect) {
    let Some((key, mut content)) = scene.stage.setting.take() else { return };
    let width = place.width() - 2.0 * space::S;
    match field::line(ui, &mut content, &format!("Value of {key}"), width, VALUE_LIMIT) {
        Edited::Open => scene.stage.setting = Some((key, content)),
        Edited::Done if *content != *setting.value => scene.out.system(Command::Set { key, value: content }),
        Edited::Done | Edited::Left => {}
    }
}
