//! What ports 80 and 443 need, by system: this one first.

use egui::{Frame, Label, Margin, Ui};

use crate::ui::panels::system::bridge::parts::padded;
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, text};
use crate::ui::widgets::button;
use crate::ui::{icons, style};

/// A system: its name, whether this is it, what is so, and what is run once, if anything.
const SYSTEMS: [(&str, bool, &str, Option<&str>); 3] = [
    (
        "Linux",
        cfg!(target_os = "linux"),
        "Ports below 1024 are kept for the system. Once, for this machine, let every program open those from 80 up; it \
         lasts until the next start, and for ever as a line in /etc/sysctl.d.",
        Some("sudo sysctl net.ipv4.ip_unprivileged_port_start=80"),
    ),
    (
        "macOS",
        cfg!(target_os = "macos"),
        "Nothing: since 10.14 any program may open them on all addresses. If another one holds them, this shows which.",
        Some("sudo lsof -nP -iTCP:80 -iTCP:443 -sTCP:LISTEN"),
    ),
    (
        "Windows",
        cfg!(windows),
        "No right is needed, but the firewall asks once: allow private networks. If port 80 is held by \u{201c}System\u{201d}, \
         that is a web service of Windows; this shows what uses it.",
        Some("netsh http show servicestate"),
    ),
];

/// Draws the section.
pub(super) fn show(ui: &mut Ui, _scene: &Scene<'_>) {
    super::super::part(ui, "What ports 80 and 443 need", "then start Hearthlight again", |ui| {
        let (here, there): (Vec<_>, Vec<_>) = SYSTEMS.iter().partition(|(_, here, ..)| *here);
        for (name, _, words, line) in here.into_iter().chain(there) {
            padded(ui, |ui| one(ui, name, words, line.as_deref()));
        }
    });
}

fn one(ui: &mut Ui, name: &str, words: &str, line: Option<&str>) {
    let t = style::tokens(ui);
    ui.label(style::job(name, text::STRONG, t.text1));
    ui.add(Label::new(style::job(words, text::BODY, t.text2)).wrap());
    let Some(line) = line else { return };
    ui.add_space(space::XS);
    ui.horizontal(|ui| {
        let margin = Margin::symmetric(space::S as i8, space::XS as i8);
        Frame::NONE.fill(t.bg0).corner_radius(radius::CONTROL).inner_margin(margin).show(ui, |ui| {
            ui.set_max_width((ui.available_width() - 2.0 * size::CONTROL).max(0.0));
            ui.add(Label::new(style::job(line, text::FIGURE, t.text1)).truncate());
        });
        if button::icon(ui, icons::COPY, &format!("Copy the command for {name}"), false).clicked() {
            ui.copy_text(line.to_owned());
        }
    });
}
