//! A serial port.
//!
//! Invariant: no faster than the line: what was handed to the system is counted as out when its bits can be.

use std::path::Path;
use std::sync::Arc;

use tokio_serial::{SerialPortBuilderExt as _, SerialStream};
use tokio_util::task::AbortOnDropHandle;

use crate::io::channels::pipe::{Pipe, carry};
use crate::io::channels::{Event, Mail, Outlet};
use crate::wire::Output;

/// An open port.
struct Serial {
    pipe: Arc<Pipe>,
    _task: AbortOnDropHandle<()>,
}

impl Outlet for Serial {
    fn send(&mut self, output: &Output, payload: &[u8]) -> Result<bool, String> {
        self.pipe.send(output, payload)
    }
}

/// Opens a port with 8 data bits, no parity, one stop bit.
pub(super) fn open(path: &Path, baud: u32, mail: Mail) -> Result<Box<dyn Outlet>, String> {
    let path = path.to_str().ok_or_else(|| format!("{} is no name of a serial port", path.display()))?.to_owned();
    let pipe = Arc::new(Pipe::default());
    let task = tokio::spawn(run(path, baud, Arc::clone(&pipe), mail));
    Ok(Box::new(Serial { pipe, _task: AbortOnDropHandle::new(task) }))
}

async fn run(path: String, baud: u32, pipe: Arc<Pipe>, mail: Mail) {
    // Some drivers take their time to open a port.
    let opened = tokio::task::spawn_blocking(move || tokio_serial::new(path, baud).open_native_async()).await;
    let why = match opened {
        Ok(Ok(port)) => {
            mail.put(Event::Opened).await;
            serve(port, baud, &pipe, &mail).await
        }
        Ok(Err(error)) => Some(explain(&error)),
        Err(_) => return,
    };
    if let Some(why) = why {
        mail.put(Event::Lost(why)).await;
    }
}

async fn serve(port: SerialStream, baud: u32, pipe: &Pipe, mail: &Mail) -> Option<String> {
    let (from, out) = tokio::io::split(port);
    carry(from, out, pipe, Some(baud), mail).await
}

/// Why a port does not open, and what to do about it.
fn explain(error: &tokio_serial::Error) -> String {
    use std::io::ErrorKind::{NotFound, PermissionDenied};
    match error.kind() {
        tokio_serial::ErrorKind::NoDevice | tokio_serial::ErrorKind::Io(NotFound) => {
            "there is no such port; is it plugged in?".to_owned()
        }
        tokio_serial::ErrorKind::Io(PermissionDenied) => {
            "the system does not let this user open the port; on Linux, add the user to the group \"dialout\""
                .to_owned()
        }
        _ => error.to_string(),
    }
}
