//! The serial ports of this machine.

use std::path::Path;

use tokio_serial::SerialPortType;

/// A port: its device file or name, and what is known of it.
pub type Port = (String, Vec<(String, String)>);

/// All ports that something is plugged in to: `vid` and `pid` in four hex digits, `serial`, `product` and `maker`.
///
/// # Errors
/// What the system says.
pub fn list() -> Result<Vec<Port>, String> {
    // On some machines without any port even the folder is missing in which Linux lists them.
    if cfg!(target_os = "linux") && !Path::new("/sys/class/tty").is_dir() {
        return Ok(Vec::new());
    }
    let ports = tokio_serial::available_ports().map_err(|error| error.to_string())?;
    Ok(ports.into_iter().map(|port| (port.port_name, properties(port.port_type))).collect())
}

fn properties(kind: SerialPortType) -> Vec<(String, String)> {
    let SerialPortType::UsbPort(usb) = kind else { return Vec::new() };
    let known = [
        ("vid", Some(format!("{:04x}", usb.vid))),
        ("pid", Some(format!("{:04x}", usb.pid))),
        ("serial", usb.serial_number),
        ("product", usb.product),
        ("maker", usb.manufacturer),
    ];
    known.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}
