//! Everything that can be found, as the command palette lists it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::lights::group::{GroupId, GroupKind};
use crate::ui::desk;
use crate::ui::find::find_thing;
use crate::ui::panels::PAGES;
use crate::ui::panels::board::{self, offers};
use crate::ui::panels::page::Page;
use crate::ui::scene::Scene;
use crate::ui::shell::keys::PLACES;
use crate::ui::shell::palette::state::{Hit, Target};
use crate::ui::shell::registry;
use crate::ui::{alarm_words, icons, words};

/// Things of one group that are shown.
const MOST: usize = 8;
/// A match that has less than this share of the best one is left away.
const WEAK: i32 = 2;

/// What is found for `typed`: groups and things in them, the best first. With nothing typed what was chosen lately,
/// then what can be done now. With `only` of that group alone, all there is.
#[must_use]
pub fn find(scene: &Scene<'_>, only: Option<&'static str>, typed: &str) -> Vec<Hit> {
    let mut found = Vec::new();
    each(scene, &mut |thing| {
        if only.is_none_or(|group| thing.group == group)
            && let Some(best) = find_thing(typed, &thing.name, &format!("{} {}", thing.side, thing.also))
        {
            found.push((best.score, thing.into_hit(best.at)));
        }
    });
    if typed.trim().is_empty() {
        return if only.is_some() { found.into_iter().map(|(_, hit)| hit).collect() } else { at_first(scene, &found) };
    }
    let best = found.iter().map(|(score, _)| *score).max().unwrap_or_default();
    found.retain(|(score, _)| score.saturating_mul(WEAK) >= best);
    grouped(found, if only.is_some() { usize::MAX } else { MOST })
}

fn at_first(scene: &Scene<'_>, found: &[(i32, Hit)]) -> Vec<Hit> {
    let all = || found.iter().map(|(_, hit)| hit);
    let known = |target: &Target| all().find(|hit| hit.target == *target);
    let recent = scene.stage.finder.recent.iter().filter_map(known);
    let mut hits: Vec<Hit> = recent.map(|hit| Hit { group: "Recent", ..hit.clone() }).collect();
    // Nothing that changes anything comes first: Enter may be pressed in haste.
    for group in ["Alarms", "Places", "Sensors", "Rooms", "Layouts", "Actions"] {
        let own = all().filter(|hit| hit.group == group && !scene.stage.finder.recent.contains(&hit.target));
        hits.extend(own.take(MOST).cloned());
    }
    hits
}

/// The groups by their best thing, so many of each.
fn grouped(mut found: Vec<(i32, Hit)>, most: usize) -> Vec<Hit> {
    let mut groups: Vec<(&'static str, i32)> = Vec::new();
    for (score, hit) in &found {
        match groups.iter_mut().find(|(group, _)| *group == hit.group) {
            Some((_, best)) => *best = (*best).max(*score),
            None => groups.push((hit.group, *score)),
        }
    }
    groups.sort_by_key(|(_, best)| Reverse(*best));
    found.sort_by_key(|(score, _)| Reverse(*score));
    let of = |group| found.iter().filter(move |(_, hit)| hit.group == group).take(most).map(|(_, hit)| hit.clone());
    groups.into_iter().flat_map(|(group, _)| of(group)).collect()
}

/// Something that can be found.
struct Thing {
    group: &'static str,
    target: Target,
    icon: char,
    name: String,
    side: String,
    /// By what else it is found.
    also: String,
}

impl Thing {
    fn into_hit(self, marks: Vec<usize>) -> Hit {
        Hit { group: self.group, target: self.target, icon: self.icon, name: self.name, side: self.side, marks }
    }
}

/// Hands everything there is to `take`, group by group.
fn each(scene: &Scene<'_>, take: &mut impl FnMut(Thing)) {
    alarms(scene, take);
    actions(scene, take);
    places(take);
    devices(scene, take);
    lights(scene, take);
    regions(scene, take);
    rules(scene, take);
    layouts(scene, take);
    settings(scene, take);
    bookmarks(scene, take);
    panes(scene, take);
}

fn actions(scene: &Scene<'_>, take: &mut impl FnMut(Thing)) {
    for group in registry::GROUPS {
        for action in group.actions.iter().filter(|action| (action.enabled)(scene) && action.name != OWN) {
            take(Thing {
                group: "Actions",
                target: Target::Action(action.name),
                icon: action.icon,
                name: action.name.to_owned(),
                side: action.chords.first().map(|chord| chord.words()).unwrap_or_default(),
                also: group.title.to_owned(),
            });
        }
    }
}

/// The action that opened the palette: it is not offered in it.
const OWN: &str = crate::ui::shell::deeds::FIND.name;

fn places(take: &mut impl FnMut(Thing)) {
    for (i, page) in PAGES.iter().enumerate() {
        let side = if i < PLACES.len() { format!("Ctrl+{}", i + 1) } else { String::new() };
        let (name, also) = (page.name.to_owned(), "go to page place".to_owned());
        take(Thing { group: "Places", target: Target::Place(i), icon: page.icon, name, side, also });
    }
    let parts = |page: &'static Page| page.parts.iter().enumerate();
    for (i, page, (n, part)) in PAGES.iter().enumerate().flat_map(|(i, page)| parts(page).map(move |of| (i, page, of)))
    {
        take(Thing {
            group: "Places",
            target: Target::Part(i, n),
            icon: page.icon,
            name: part.name.to_owned(),
            side: page.name.to_owned(),
            also: format!("go to page place {}", part.also),
        });
    }
}

fn devices(scene: &Scene<'_>, take: &mut impl FnMut(Thing)) {
    for device in scene.devices() {
        // A location that only repeats the name says nothing.
        let said = |location: &&str| location.to_lowercase() != device.name.to_lowercase();
        let location = Some(&*device.location).filter(said).unwrap_or_default();
        let side = if device.place.is_empty() { location } else { &*device.place }.to_owned();
        let serial = device.serial.as_ref().map(|serial| format!("{serial}")).unwrap_or_default();
        take(Thing {
            group: "Sensors",
            target: Target::Device(device.id.clone()),
            icon: icons::THERMOMETER,
            name: device.name.to_string(),
            side,
            also: format!("{} {} {serial} sensor device", device.location, device.address),
        });
    }
}

fn lights(scene: &Scene<'_>, take: &mut impl FnMut(Thing)) {
    let view = &scene.view.lights;
    for group in view.groups.values() {
        take(Thing {
            group: "Rooms",
            target: Target::Group(group.id.clone()),
            icon: icons::HOUSE,
            name: group.name.to_string(),
            side: words::many(group.lights.len(), "light"),
            also: "room zone lights".to_owned(),
        });
    }
    let place = |group: Option<&GroupId>| {
        group.and_then(|id| view.groups.get(id)).map(|group| group.name.to_string()).unwrap_or_default()
    };
    for known in view.scenes.values() {
        take(Thing {
            group: "Scenes",
            target: Target::Scene(known.id.clone()),
            icon: icons::SPARKLES,
            name: known.name.to_string(),
            side: place(known.group.as_ref()),
            also: "scene lights recall".to_owned(),
        });
    }
    let rooms = view.groups.values().filter(|group| group.kind == GroupKind::Room);
    let rooms: BTreeMap<_, _> = rooms.flat_map(|room| room.lights.iter().map(move |id| (id, room))).collect();
    for light in view.lights.values() {
        take(Thing {
            group: "Lights",
            target: Target::Light(light.id.clone()),
            icon: icons::LIGHTBULB,
            name: light.name.to_string(),
            side: rooms.get(&light.id).map(|room| room.name.to_string()).unwrap_or_default(),
            also: format!("{} light lamp", light.model),
        });
    }
}

fn regions(scene: &Scene<'_>, take: &mut impl FnMut(Thing)) {
    for array in scene.view.thermal.arrays.values() {
        let device = alarm_words::device_name(scene.view, &array.device);
        let regions = array.regions.regions.iter().map(|region| (&region.id, &region.name));
        let deltas = array.regions.deltas.iter().map(|delta| (&delta.id, &delta.name));
        for (id, name) in regions.chain(deltas) {
            take(Thing {
                group: "Regions",
                target: Target::Region(array.device.clone(), id.clone()),
                icon: icons::CROSSHAIR,
                name: format!("{device} {id} {name}").trim_end().to_owned(),
                side: String::new(),
                also: "region spot box line mask".to_owned(),
            });
        }
    }
}

fn alarms(scene: &Scene<'_>, take: &mut impl FnMut(Thing)) {
    for alarm in scene.view.alarms.by_urgency() {
        take(Thing {
            group: "Alarms",
            target: Target::Alarm(alarm.id.clone()),
            icon: icons::TRIANGLE_ALERT,
            name: alarm_words::name(scene.view, &alarm),
            side: alarm.level.word().to_owned(),
            also: "alarm".to_owned(),
        });
    }
}

fn rules(scene: &Scene<'_>, take: &mut impl FnMut(Thing)) {
    for rule in scene.view.alarms.rules.values() {
        take(Thing {
            group: "Rules",
            target: Target::Rule(rule.id.clone()),
            icon: icons::WORKFLOW,
            name: rule.name.to_string(),
            side: if rule.enabled { "watched" } else { "off" }.to_owned(),
            also: format!("rule automation {}", rule.note),
        });
    }
}

fn layouts(scene: &Scene<'_>, take: &mut impl FnMut(Thing)) {
    for name in desk::names(&scene.view.layouts) {
        take(Thing {
            group: "Layouts",
            target: Target::Layout(name.clone()),
            icon: icons::LAYOUT_DASHBOARD,
            name,
            side: String::new(),
            also: "layout".to_owned(),
        });
    }
}

fn settings(scene: &Scene<'_>, take: &mut impl FnMut(Thing)) {
    for setting in scene.view.system.settings.iter() {
        take(Thing {
            group: "Settings",
            target: Target::Setting(setting.key.to_string()),
            icon: icons::SETTINGS_2,
            name: setting.key.to_string(),
            side: setting.value.to_string(),
            also: format!("{} setting", setting.help),
        });
    }
}

/// What can be put on the board, while it is shown.
fn panes(scene: &Scene<'_>, take: &mut impl FnMut(Thing)) {
    if !board::is_shown(scene) {
        return;
    }
    for pane in offers::all(scene) {
        let (name, icon) = (offers::title(scene, &pane), offers::icon(&pane));
        let side = offers::kind(&pane).to_owned();
        let target = Target::Pane(pane);
        take(Thing { group: board::ADD, target, icon, name, side, also: "add pane board".to_owned() });
    }
}

fn bookmarks(scene: &Scene<'_>, take: &mut impl FnMut(Thing)) {
    for bookmark in scene.view.thermal.bookmarks.values().rev() {
        let at = words::since(bookmark.at, scene.now.wall, &scene.now.zone);
        let name = if bookmark.words.is_empty() { format!("Bookmark at {at}") } else { bookmark.words.to_string() };
        take(Thing {
            group: "Bookmarks",
            target: Target::Bookmark(bookmark.id),
            icon: icons::BOOKMARK,
            name,
            side: format!("{at}, {}", bookmark.by),
            also: "bookmark".to_owned(),
        });
    }
}
