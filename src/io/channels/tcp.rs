//! A TCP connection that we dial.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_util::task::AbortOnDropHandle;

use crate::io::channels::pipe::{Pipe, carry};
use crate::io::channels::{Event, Mail, Outlet};
use crate::io::tcp;
use crate::wire::Output;

/// A dialled connection.
struct Tcp {
    pipe: Arc<Pipe>,
    _task: AbortOnDropHandle<()>,
}

impl Outlet for Tcp {
    fn send(&mut self, output: &Output, payload: &[u8]) -> Result<bool, String> {
        self.pipe.send(output, payload)
    }
}

/// Dials.
pub(super) fn open(peer: SocketAddr, mail: Mail) -> Box<dyn Outlet> {
    let pipe = Arc::new(Pipe::default());
    let task = tokio::spawn(run(peer, Arc::clone(&pipe), mail));
    Box::new(Tcp { pipe, _task: AbortOnDropHandle::new(task) })
}

async fn run(peer: SocketAddr, pipe: Arc<Pipe>, mail: Mail) {
    let why = match TcpStream::connect(peer).await {
        Ok(stream) => {
            tcp::tune(&stream);
            let (from, out) = stream.into_split();
            mail.put(Event::Opened).await;
            carry(from, out, &pipe, None, &mail).await
        }
        Err(error) => Some(error.to_string()),
    };
    if let Some(why) = why {
        mail.put(Event::Lost(why)).await;
    }
}
