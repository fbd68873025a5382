//! The buttons of a line: laid out from the right, shorter where words need the room.

use egui::{Color32, Id, Rect, Ui, pos2, vec2};

use crate::ui::shell::alarm_bar::acts::{Act, Choice};
use crate::ui::style;
use crate::ui::theme::{Tokens, size, space};
use crate::ui::widgets::alarm_button::{self, AlarmButton, Ink};

/// The colours of a bar.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    /// Its ground.
    pub fill: Color32,
    /// Words on it.
    pub text: Color32,
    /// Its buttons but the first.
    pub button: Color32,
}

impl Paint {
    const fn ink(&self, first: bool, t: &Tokens) -> Ink {
        let (fill, text) = if first { (self.text, self.fill) } else { (self.button, self.text) };
        let contrast = matches!(t.look, crate::ui::theme::Look::Contrast);
        let border = if contrast && !first { self.text } else { Color32::TRANSPARENT };
        Ink { fill, text, border, ring: self.text }
    }
}

/// What the buttons stand on.
#[derive(Clone, Copy, Debug)]
pub enum Ground {
    /// The bar of a level, where the first button stands out.
    Loud(Paint),
    /// A bar of the theme.
    Bar,
    /// One that is lighter than that, as buttons would be.
    Raised,
}

/// How much of their words buttons show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Full,
    Short,
    Keys,
}

/// Shows the buttons in the right of `rect`, `height` high; hands back their left edge and what was clicked.
pub fn show(ui: &Ui, rect: Rect, choices: &[Choice], ground: Ground, height: f32) -> (f32, Option<Act>) {
    let t = style::tokens(ui);
    let plain = alarm_button::plain(ui);
    let ink = |i: usize, choice: &Choice| match ground {
        Ground::Loud(paint) => paint.ink(i == 0 && is_first(&choice.act), t),
        Ground::Bar => plain,
        Ground::Raised => Ink { fill: t.bg1, ..plain },
    };
    let width = |room: Room| -> f32 {
        let each = |(i, choice): (usize, &Choice)| button(choice, room, ink(i, choice)).width(ui, height) + space::S;
        choices.iter().enumerate().map(each).sum()
    };
    let fits = |room: &Room, words: f32| rect.width() - width(*room) >= words;
    let room = if fits(&Room::Full, size::BAR_WORDS) {
        Room::Full
    } else if fits(&Room::Short, size::BAR_WORDS_MIN) {
        Room::Short
    } else {
        Room::Keys
    };
    let left = rect.right() - space::L - width(room) + space::S;
    let mut x = left;
    let mut clicked = None;
    for (i, choice) in choices.iter().enumerate() {
        let shown = button(choice, room, ink(i, choice));
        let wide = shown.width(ui, height);
        let place = Rect::from_min_size(pos2(x, rect.center().y - height / 2.0), vec2(wide, height));
        let hit = place.with_min_y(place.top().min(rect.center().y - size::ALARM_BUTTON / 2.0).max(rect.top()));
        let hit = hit.with_max_y(place.bottom().max(rect.center().y + size::ALARM_BUTTON / 2.0).min(rect.bottom()));
        if shown.show(ui, id(ui, choice), place, hit).clicked() {
            clicked = Some(choice.act.clone());
        }
        x += wide + space::S;
    }
    (left, clicked)
}

/// A press that began on one alarm never ends on another: the alarm is a part of the button's id, and so is
/// the line, of which several may lead to one device.
fn id(ui: &Ui, choice: &Choice) -> Id {
    ui.scope_id().with(("alarm", &choice.name, format!("{:?}", choice.act)))
}

const fn is_first(act: &Act) -> bool {
    matches!(act, Act::Acknowledge(_) | Act::AcknowledgeAll(_))
}

fn button(choice: &Choice, room: Room, ink: Ink) -> AlarmButton<'_> {
    let keeps = is_first(&choice.act) || choice.icon.is_some();
    let word = match room {
        Room::Full => choice.word.as_str(),
        Room::Short if choice.short.is_empty() => &choice.word,
        Room::Short => choice.short,
        Room::Keys if keeps || choice.key.is_none() => {
            if choice.short.is_empty() {
                &choice.word
            } else {
                choice.short
            }
        }
        Room::Keys => "",
    };
    AlarmButton { word, icon: choice.icon, key: choice.key, name: &choice.name, ink }
}
