//! Discovery on a network of its own: the test runs itself again in a new network namespace, whose only interface leads
//! to a second one with devices (`devices.py`). Needs `unshare` and `ip`, and for services the Python package zeroconf.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use hearthlight::engine::discovery::{Scope, Seen};

use super::discovery::World;

const DEVICES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/smoke/links/devices.py");
const INSIDE: &str = "HEARTHLIGHT_IN_NAMESPACE";

/// Joins two namespaces, waits until the devices are there, and runs this program in the first of them.
const SCRIPT: &str = r#"
set -e
ip link set lo up
ip link add v0 type veth peer name v1
unshare -n python3 "$DEVICES" "$KIND" > "$FOLDER/ready" &
DEVICE=$!
trap 'kill $DEVICE' EXIT
gone() { ! kill -0 $DEVICE; }
while [ "$(readlink /proc/$DEVICE/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do gone && exit 1; sleep 0.02; done
ip link set v1 netns $DEVICE
ip addr add 10.77.0.1/24 broadcast 10.77.0.255 dev v0
ip link set v0 up
until grep -q ready "$FOLDER/ready"; do gone && exit 1; sleep 0.02; done
"$SELF" --exact "$TEST" --ignored --nocapture --test-threads 1
"#;

/// Whether this is the inner run. The outer one runs it, and fails if it does.
fn inside(test: &str, kind: &str) -> bool {
    apart(&format!("smoke::links::namespace::{test}"), DEVICES, kind)
}

/// The same for a test by its whole path, with other devices. What these say is in `$FOLDER/ready`.
pub(in crate::smoke) fn apart(test: &str, devices: &str, kind: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("unshare");
    command.args(["-rn", "sh", "-c", SCRIPT]).env(INSIDE, "1").env("DEVICES", devices).env("KIND", kind);
    command.env("FOLDER", folder.path()).env("SELF", std::env::current_exe().unwrap());
    let status = command.env("TEST", test).status().unwrap();
    assert!(status.success());
    false
}

/// Packets that left through the interface.
fn packets_sent() -> u64 {
    let table = std::fs::read_to_string("/proc/net/dev").unwrap();
    let line = table.lines().find_map(|line| line.trim().strip_prefix("v0:")).unwrap();
    line.split_whitespace().nth(9).unwrap().parse().unwrap()
}

#[test]
#[ignore = "needs network namespaces and the Python package zeroconf"]
fn services_of_a_foreign_responder_are_found() {
    if !inside("services_of_a_foreign_responder_are_found", "service") {
        return;
    }
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut world = World::new(Scope::Lan).await;
        let claim = world.finds("Foreign Strip").await;
        assert_eq!((claim.identity.as_deref(), claim.address.as_str()), (Some("001122334455"), "10.77.0.2:80"));
    });
}

#[test]
#[ignore = "needs network namespaces"]
fn thirty_devices_among_silent_addresses_are_all_found() {
    if !inside("thirty_devices_among_silent_addresses_are_all_found", "lamps") {
        return;
    }
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        for way in ["asked", "swept"] {
            let mut world = World::new(Scope::Lan).await;
            // What multicast DNS asks by itself at the start is not counted.
            tokio::time::sleep(Duration::from_secs(2)).await;
            let (before, begun) = (packets_sent(), Instant::now());
            match way {
                "asked" => world.discovery.ask(),
                _ => world.discovery.sweep(vec!["10.77.0.0/24".to_owned()]),
            }
            let mut found = BTreeMap::new();
            while !world
                .sees(|seen| match seen {
                    Seen::Device(_, claim) => {
                        found.entry(claim.name.clone()).or_insert_with(|| begun.elapsed());
                        Some(false)
                    }
                    Seen::Asked | Seen::Swept(None) => Some(true),
                    _ => None,
                })
                .await
            {}
            let (first, all) = (found.values().min().unwrap(), found.values().max().unwrap());
            let sent = packets_sent() - before;
            println!(
                "{way}: {} found, the first after {first:?}, all after {all:?}, over after {:?}, {sent} packets sent",
                found.len(),
                begun.elapsed()
            );
            assert_eq!(found.len(), 30, "{way}: {found:?}");
        }
    });
}
