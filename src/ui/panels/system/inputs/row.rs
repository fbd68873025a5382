//! A switch or sensor in its table.

use egui::{Response, Ui};

use crate::model::inputs::Input;
use crate::model::lights::connection::Reach;
use crate::ui::panels::system::inputs::says;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::style;
use crate::ui::widgets::table;
use crate::ui::words;

/// Below this battery, percent, a new one is needed soon.
const LOW: f32 = 15.0;

/// The columns.
pub(super) static COLUMNS: table::Columns = table::Columns { all: &ALL, few: &FEW, from: 860.0 };
static ALL: [table::Column; 7] = [
    table::words("Name", 1.4),
    table::words("What it is", 1.9),
    table::words("Model", 1.3),
    table::words("Behind", 0.9),
    table::words("Says now", 1.8),
    table::words("Last", 0.8),
    table::figures("Battery", 0.6),
];
/// The same where there is little room.
static FEW: [table::Column; 7] = [
    table::words("Name", 1.5),
    table::words("What it is", 0.0),
    table::words("Model", 0.0),
    table::words("Behind", 0.0),
    table::words("Says now", 1.8),
    table::words("Last", 0.0),
    table::figures("Battery", 0.7),
];

/// Draws it; `marked` if it was pressed just now.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>, input: &Input, marked: bool) -> Response {
    let t = style::tokens(ui);
    let (standing, trouble) = standing(scene, input);
    let (now, at) = says::all(input, scene.choices.scale);
    let battery = says::battery(input);
    let low = battery
        .filter(|percent| *percent < LOW)
        .map(|percent| format!("Its battery is at {percent:.0}\u{a0}%: a new one is needed soon."));
    let note = [trouble, low].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let hub = scene.view.lights.connections.get(&input.connection);
    let last = at.map_or_else(|| words::UNKNOWN.to_owned(), |at| format!("{} ago", words::age(scene.now.since(at))));
    scene.stage.ticking |= at.is_some();
    let cells = [
        if marked { format!("{} (pressed)", input.name) } else { input.name.to_string() },
        says::kind(input),
        input.model.to_string(),
        hub.map_or_else(|| words::UNKNOWN.to_owned(), |hub| hub.name.to_string()),
        now,
        last,
        battery.map_or_else(|| words::UNKNOWN.to_owned(), |percent| format!("{percent:.0}\u{a0}%")),
    ];
    let note = Some((note.as_str(), t.warning)).filter(|(note, _)| !note.is_empty());
    let line = table::Row { standing: Some(standing), cells: &cells, note, selected: marked, clickable: false };
    table::row(ui, COLUMNS.now(ui), &line).0
}

fn standing(scene: &Scene<'_>, input: &Input) -> (Standing, Option<String>) {
    match &input.reach {
        Reach::Online => (Standing::Live, None),
        Reach::Starting => (Standing::Pending, None),
        Reach::Waiting { what } => (Standing::Pending, Some(what.to_string())),
        Reach::Unreachable { since, why } => {
            let since = words::since(*since, scene.now.wall, &scene.now.zone);
            (Standing::Offline, Some(format!("Unreachable since {since}: {why}.")))
        }
        Reach::Refused { why } => (Standing::Offline, Some(why.to_string())),
    }
}
