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
