//! Who may reach Hearthlight, and every port with its reason.

use egui::{Frame, Label, Margin, Ui};

use crate::model::system::{Command, Listener, PortState, Reach};
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::style;
use crate::ui::theme::{Tokens, space, text};
use crate::ui::widgets::{segment, table};

/// Columns of a list of ports.
pub(super) const COLUMNS: [table::Column; 4] =
    [table::words("Port", 1.4), table::words("For", 2.4), table::words("Setting", 1.0), table::words("State", 1.6)];

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    super::part(ui, "Network", "", |ui| {
        Frame::NONE.inner_margin(Margin::symmetric(space::M as i8, space::S as i8)).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(style::job("May be reached from", text::BODY, t.text2));
                let options = [(Reach::Loopback, "This machine only"), (Reach::Lan, "Local network")];
                let reach = if scene.view.system.reach == Reach::Lan { Reach::Lan } else { Reach::Loopback };
                if scene.view.system.demo {
                    ui.label(style::job("this machine only, because this is the demo home", text::BODY, t.text1));
                } else if let Some(chosen) = segment::show(ui, "May be reached from", reach, &options) {
                    scene.out.system(Command::AnswerReach { lan: chosen == Reach::Lan });
                }
            });
            let warning = "The sensor protocol has no password: whoever reaches its port can send readings. A device never \
                           seen before waits until you accept it.";
            ui.add(Label::new(style::job(warning, text::SIDE, t.text3)).wrap());
        });
        table::header(ui, &COLUMNS);
        for listener in &scene.view.system.listeners {
            row(ui, listener, t);
        }
    });
}

/// A port with what became of it.
pub(super) fn row(ui: &mut Ui, listener: &Listener, t: &Tokens) {
    let (standing, state, note) = match &listener.state {
        PortState::Open { at } => (Standing::Live, format!("open at {at}"), None),
        PortState::Off => (Standing::Off, "off".to_owned(), None),
        PortState::Failed { why } => (Standing::Offline, "failed".to_owned(), Some((why.as_str(), t.warning))),
        PortState::NotBuilt => (Standing::Off, "not in this version".to_owned(), None),
    };
    let cells = [listener.key.to_string(), listener.purpose.to_string(), listener.wanted.to_string(), state];
    let line = table::Row { standing: Some(standing), cells: &cells, note, selected: false, clickable: false };
    table::row(ui, &COLUMNS, &line);
}
