//! What the Hue bridge needs: its ports, one number in all that it shows, versions that apps take, multicast.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};

use hearthlight::bridge::ssdp;
use hearthlight::engine::services::bridge::keys::{self, Keys};
use hearthlight::io::certificate::{self, Certificate};
use hearthlight::io::mdns;
use hearthlight::io::multicast::Ears;
use hearthlight::io::networks;
use hearthlight::io::{serial_ports, tcp};
use hearthlight::model::system::Reach;
use hearthlight::port::doctor;
use hearthlight::settings::current::{Listen, Settings};
use hearthlight::settings::paths::Paths;

use crate::verbs::check::Finding;

/// Looks at all of it. `running` tells that the ports are held by ourselves.
pub(super) fn look(paths: &Paths, settings: &Settings, running: bool, findings: &mut Vec<Finding>) {
    let (bridge, reach) = (&settings.bridge, settings.network.reach);
    for (key, listen) in [("bridge.http", bridge.http), ("bridge.https", bridge.https)] {
        let result = if running { Ok(()) } else { low_port(key, listen, reach) };
        findings.push(Finding::wanted(format!("{key} {listen}"), result));
    }
    let udp = [
        ("bridge.entertainment", bridge.entertainment, None),
        ("bridge.ssdp", bridge.ssdp, Some(ssdp::GROUP)),
        ("bridge.mdns", bridge.mdns, Some(mdns::GROUP)),
    ];
    for (key, listen, group) in udp {
        let result = if running { Ok(()) } else { datagrams(key, listen, reach, group) };
        findings.push(Finding::wanted(format!("{key} {listen}"), result));
    }
    findings.push(number(paths));
    let versions = doctor::current(&bridge.api_version, &bridge.sw_version);
    let what = format!("versions of the Hue bridge ({}, {})", bridge.api_version, bridge.sw_version);
    findings.push(Finding::wanted(
        what,
        versions.map_err(|why| format!("{why} Raise bridge.api_version and bridge.sw_version.")),
    ));
    findings.push(multicast(reach));
    findings.push(serial());
}

fn low_port(key: &str, listen: Listen, reach: Reach) -> Result<(), String> {
    let Some(at) = listen.bind(reach) else { return Err(format!("It is switched off. Set {key} to an address.")) };
    let why = |error: std::io::Error| {
        let hint = if error.kind() == std::io::ErrorKind::PermissionDenied { doctor::low_ports_here() } else { "" };
        format!("{} {hint}", tcp::explain(at, key, &error)).trim_end().to_owned()
    };
    tcp::listen(at).map(drop).map_err(why)
}

/// A group's port may be shared; any other must be free.
fn datagrams(key: &str, listen: Listen, reach: Reach, group: Option<Ipv4Addr>) -> Result<(), String> {
    let Some(at) = listen.bind(reach) else { return Err(format!("It is switched off. Set {key} to an address.")) };
    let opened = match group {
        Some(group) => Ears::open(SocketAddr::new(at.ip(), at.port()), group).map(drop),
        None => std::net::UdpSocket::bind(at).map(drop),
    };
    opened.map_err(|error| tcp::explain_udp(at, key, &error))
}

/// The number of the bridge, which its certificate and its MAC must say, too.
fn number(paths: &Paths) -> Finding {
    let file = paths.secrets.join(keys::FILE);
    let id = match Keys::load(&file) {
        Ok(Some(keys)) => keys.id,
        Ok(None) => return Finding::of("number of the Hue bridge (made at the first start)", Ok(())),
        Err(error) => return Finding::of("number of the Hue bridge", Err(format!("{}: {error}.", file.display()))),
    };
    let what = format!("number of the Hue bridge {} = MAC {} = certificate", id.upper(), id.mac_text(":"));
    let file = paths.secrets.join(certificate::FILE);
    let read = fs::read_to_string(&file).map_err(|error| format!("{} cannot be read: {error}.", file.display()));
    let cure = "Move the file away: a new one is made at the next start, and apps may have to pair again.";
    let same = read.and_then(|pem| Certificate::read(&pem)).and_then(|shown| {
        shown.is_of(id.0).then_some(()).ok_or_else(|| format!("{} belongs to another bridge. {cure}", file.display()))
    });
    Finding::of(what, same)
}

/// Whether anybody can be reached by multicast.
fn multicast(reach: Reach) -> Finding {
    let what = "mDNS, by which apps find the bridge";
    if reach != Reach::Lan {
        let cure = "Only this machine may reach Hearthlight. Set network.reach to lan if phones shall find it.";
        return Finding::wanted(what, Err(cure.to_owned()));
    }
    match (mdns::daemon(mdns::Reach::Lan), networks::list(mdns::Reach::Lan)) {
        (Err(why), _) => Finding::wanted(what, Err(format!("{why}. Free UDP port 5353 for others to share."))),
        (_, Err(error)) => Finding::wanted(what, Err(format!("The networks of this machine are not known: {error}."))),
        (_, Ok(networks)) if networks.is_empty() => {
            Finding::wanted(what, Err("This machine is on no network. Connect it.".to_owned()))
        }
        (_, Ok(networks)) => {
            let names: Vec<String> = networks.iter().map(ToString::to_string).collect();
            Finding::of(format!("{what} ({})", names.join(", ")), Ok(()))
        }
    }
}

fn serial() -> Finding {
    match serial_ports::list() {
        Ok(ports) => Finding::of(format!("serial ports ({})", ports.len()), Ok(())),
        Err(why) => Finding::wanted("serial ports", Err(why)),
    }
}
