//! Where the bridge is: its address to be typed, copied, or read by a camera.

use std::net::{IpAddr, SocketAddr};

use egui::{Align, Label, Layout, Ui, vec2};

use crate::model::system::{Command, PortState, Reach};
use crate::ui::panels::system::bridge::parts::head;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::blank;
use crate::ui::widgets::button::Button;
use crate::ui::widgets::qr::Code;
use crate::ui::{icons, style};

/// Where apps find the bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Address {
    /// `None` if this machine does not know its own address on the network.
    host: Option<IpAddr>,
    port: u16,
    tls: bool,
}

impl Address {
    /// What is typed into an app.
    fn typed(&self) -> Option<String> {
        let host = match self.host? {
            IpAddr::V6(host) => format!("[{host}]"),
            IpAddr::V4(host) => host.to_string(),
        };
        Some(if self.is_usual() { host } else { format!("{host}:{}", self.port) })
    }

    /// What a camera reads.
    fn url(&self) -> Option<String> {
        let scheme = if self.tls { "https" } else { "http" };
        self.typed().map(|typed| format!("{scheme}://{typed}/"))
    }

    /// Whether it is the port that apps expect.
    const fn is_usual(&self) -> bool {
        self.port == if self.tls { 443 } else { 80 }
    }
}

/// The address, if a port of the bridge is open.
fn address(scene: &Scene<'_>) -> Option<Address> {
    let open = |key: &str| {
        let door = scene.view.system.listeners.iter().find(|door| *door.key == *key)?;
        match &door.state {
            PortState::Open { at } => at.parse::<SocketAddr>().ok(),
            _ => None,
        }
    };
    let plain = open("bridge.http").map(|at| (at, false));
    let (at, tls) = plain.or_else(|| open("bridge.https").map(|at| (at, true)))?;
    let own = scene.port.slots.bridge.addresses.load();
    let host = if at.ip().is_unspecified() { own.first().copied() } else { Some(at.ip()) };
    Some(Address { host, port: at.port(), tls })
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(address) = address(scene) else {
        head(ui, "Address", "");
        return blank::line(ui, "No port of the bridge is open");
    };
    let url = address.url();
    scene.stage.bridge.code = url.as_deref().map(|url| Code::of(scene.stage.bridge.code.take(), url));
    ui.with_layout(Layout::left_to_right(Align::TOP), |ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        if let Some(code) = &scene.stage.bridge.code {
            code.show(ui, size::QR.min(ui.available_width() / 2.0));
        }
        ui.vertical(|ui| words(ui, scene, &address));
    });
}

fn words(ui: &mut Ui, scene: &mut Scene<'_>, address: &Address) {
    let t = style::tokens(ui);
    head(ui, "Address", "");
    let typed = address.typed();
    let shown = typed.as_deref().unwrap_or("the address of this computer");
    ui.add(Label::new(style::job(shown, text::TAG_FIGURE, t.text1)).wrap().selectable(true));
    ui.add_space(space::XS);
    let loopback = address.host.is_some_and(|host| host.is_loopback());
    let side = match (loopback, address.is_usual()) {
        (true, _) if scene.view.system.demo => "This is the demo home: only apps on this computer reach it",
        (true, _) => "Only apps on this computer reach it",
        (false, true) => "For apps that do not find it: type this address or scan the code",
        (false, false) => "Not the usual port: many apps find it only at 80 and 443",
    };
    ui.add(Label::new(style::job(side, text::BODY, t.text2)).wrap());
    ui.add_space(space::S);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        if let Some(typed) = typed
            && ui.add(Button::new("Copy").icon(icons::COPY).name("Copy the address of the bridge")).clicked()
        {
            ui.ctx().copy_text(typed);
        }
        let closed = scene.view.system.reach != Reach::Lan && !scene.view.system.demo;
        if loopback && closed && ui.add(Button::new("Open to the local network").icon(icons::WIFI)).clicked() {
            scene.out.system(Command::AnswerReach { lan: true });
        }
    });
}
