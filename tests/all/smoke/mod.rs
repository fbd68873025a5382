//! The whole program over loopback sockets: real devices' bytes in, the API out.

#[cfg(target_os = "linux")]
mod bridge_found;
#[cfg(unix)]
mod bridge_kept;
#[cfg(unix)]
mod bridge_peers;
#[cfg(unix)]
mod bridge_ports;
#[cfg(target_os = "linux")]
mod desktop;
mod engine;
mod lights;
mod links;
#[cfg(unix)]
mod peers;
#[cfg(unix)]
mod program;
#[cfg(unix)]
mod report;
#[cfg(unix)]
mod serial;
#[cfg(target_os = "linux")]
mod window;

/// What `probe` finds, once it finds something. Nothing is timed: the limit is only there so that a hang ends.
#[cfg(unix)]
fn eventually<T>(what: &str, mut probe: impl FnMut() -> Option<T>) -> T {
    let start = std::time::Instant::now();
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(start.elapsed() < std::time::Duration::from_secs(300), "in vain: {what}");
        std::thread::yield_now();
    }
}
