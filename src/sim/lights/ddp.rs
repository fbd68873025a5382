//! A simulated DDP receiver: shows what comes, counts it, and says what it is when it is asked.
//!
//! Invariant: [`Pixels`] and [`Receiver`] see only datagrams; what waits is [`FAMILY`]'s `run`.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::sim::lights::ether::{self, Questions};
use crate::sim::lights::lamp::{self, Troubles};
use crate::sim::lights::{Running, SimFamily, SimOpts};
use crate::wire::ddp::{self, Packet};

/// DDP receivers.
pub static FAMILY: SimFamily = SimFamily {
    id: "ddp",
    about: "DDP receivers on UDP port 4048; kind rgb or rgbw. They measure the frames they show.",
    run: |opts| Box::pin(run(opts)) as Running,
};

/// Pixels, if nobody says how many.
const USUAL_PIXELS: u16 = 60;
/// The maker's part of MACs: locally administered.
const MAKER: [u8; 3] = [0x02, 0xDD, 0x90];

/// The pixels of a receiver, as packets leave them.
#[derive(Clone, Debug)]
pub struct Pixels {
    coming: Vec<u8>,
    shown: Vec<u8>,
    /// Only a push shows: from the beginning, or since somebody pushed.
    pushes: bool,
    n_shown: u64,
}

impl Pixels {
    /// So many dark bytes. With `pushes` only a push shows them; else so does every packet until somebody pushes.
    #[must_use]
    pub fn new(n_bytes: usize, pushes: bool) -> Self {
        Self { coming: vec![0; n_bytes], shown: vec![0; n_bytes], pushes, n_shown: 0 }
    }

    /// Takes pixels; what lies beyond the last one is cut. True if they are shown now.
    pub fn take(&mut self, packet: &Packet<'_>) -> bool {
        let start = (packet.offset as usize).min(self.coming.len());
        self.coming.iter_mut().skip(start).zip(packet.data).for_each(|(to, from)| *to = *from);
        self.pushes |= packet.is_push();
        let shows = packet.is_push() || !self.pushes;
        if shows {
            self.show();
        }
        shows
    }

    /// Takes bytes at a place, and shows them.
    pub fn put(&mut self, start: usize, data: &[u8]) {
        self.coming.iter_mut().skip(start).zip(data).for_each(|(to, from)| *to = *from);
        self.show();
    }

    fn show(&mut self) {
        self.shown.copy_from_slice(&self.coming);
        self.n_shown += 1;
    }

    /// What is to be seen.
    #[must_use]
    pub fn shown(&self) -> &[u8] {
        &self.shown
    }

    /// How often something was shown.
    #[must_use]
    pub fn n_shown(&self) -> u64 {
        self.n_shown
    }

    /// First and last pixel and how often something was shown, for people.
    #[must_use]
    pub fn summary(&self, n_each: usize) -> Value {
        let hex = |bytes: Option<&[u8]>| {
            bytes.unwrap_or_default().iter().map(|byte| format!("{byte:02X}")).collect::<String>()
        };
        let n_each = n_each.max(1);
        json!({
            "shown": self.n_shown,
            "first": hex(self.shown.chunks(n_each).next()),
            "last": hex(self.shown.chunks(n_each).next_back()),
        })
    }
}

/// A receiver.
#[derive(Clone, Debug)]
pub struct Receiver {
    name: String,
    mac: String,
    n_pixels: u16,
    n_each: usize,
    /// What it shows.
    pub pixels: Pixels,
}

impl Receiver {
    /// The receiver of these options.
    #[must_use]
    pub fn new(opts: &SimOpts) -> Self {
        let n_pixels = if opts.pixels == 0 { USUAL_PIXELS } else { opts.pixels };
        let n_each = if opts.kind == "rgbw" { 4 } else { 3 };
        Self {
            name: opts.name.clone().unwrap_or_else(|| format!("Pixels {}", opts.index + 1)),
            mac: opts.mac(MAKER),
            n_pixels,
            n_each,
            pixels: Pixels::new(usize::from(n_pixels) * n_each, true),
        }
    }

    /// Takes a datagram. True if a frame is shown now; an answer is appended to `answer`.
    pub fn receive(&mut self, bytes: &[u8], answer: &mut Vec<u8>) -> bool {
        let Ok(packet) = ddp::decode(bytes) else { return false };
        match (packet.flags & ddp::QUERY != 0, packet.destination) {
            (true, destination) => {
                self.answer(destination, answer);
                false
            }
            (false, ddp::DISPLAY | ddp::ALL) => self.pixels.take(&packet),
            (false, _) => false,
        }
    }

    fn answer(&self, destination: u8, out: &mut Vec<u8>) {
        let body = match destination {
            ddp::STATUS => json!({ "status": {
                "man": "Hearthlight", "mod": self.name, "ver": "1.0", "mac": self.mac, "push": true, "ntp": false,
            }}),
            ddp::CONFIG => json!({ "config": { "ports": [{ "port": 1, "ts": 0, "l": self.n_pixels, "ss": 0 }] }}),
            _ => return,
        };
        let data = body.to_string();
        let flags = ddp::REPLY | ddp::PUSH;
        let packet = Packet { flags, sequence: 0, kind: 0, destination, offset: 0, data: data.as_bytes() };
        ddp::encode(&packet, out);
    }

    /// How it is, for people.
    #[must_use]
    pub fn summary(&self) -> Value {
        self.pixels.summary(self.n_each)
    }
}

async fn run(opts: SimOpts) -> std::io::Result<()> {
    let socket = lamp::udp(opts.at, opts.port, ddp::PORT).await?;
    // Without it nobody finds the receiver by asking; it works all the same.
    let mut questions = opts.at.is_loopback().then(|| ether::questions(ddp::PORT)).and_then(Result::ok);
    let mut troubles = Troubles::new(opts.faults);
    let (mut receiver, mut answer, mut buffer) = (Receiver::new(&opts), Vec::new(), vec![0_u8; 2048]);
    let stop = opts.stop.clone();
    loop {
        let from = tokio::select! {
            () = stop.cancelled() => break,
            got = socket.recv_from(&mut buffer) => {
                // What a sender's machine says of a port that closed is no reason to end.
                let Ok((n_bytes, from)) = got else { continue };
                take(&opts, &mut troubles, &mut receiver, buffer.get(..n_bytes).unwrap_or_default(), &mut answer);
                from
            }
            (from, question) = asked(&mut questions) => {
                take(&opts, &mut troubles, &mut receiver, &question, &mut answer);
                from
            }
        };
        if !answer.is_empty() {
            send(&socket, &troubles, &answer, from).await;
            opts.tally.answer();
            answer.clear();
        }
    }
    opts.tally.state(receiver.summary());
    Ok(())
}

/// What everybody is asked.
async fn asked(questions: &mut Option<Questions>) -> (SocketAddr, bytes::Bytes) {
    match questions {
        Some(questions) => questions.next().await,
        None => std::future::pending().await,
    }
}

fn take(opts: &SimOpts, troubles: &mut Troubles, receiver: &mut Receiver, bytes: &[u8], answer: &mut Vec<u8>) {
    opts.tally.packet(bytes.len());
    if troubles.is_mute() || troubles.loses() {
        return;
    }
    if receiver.receive(bytes, answer) {
        opts.tally.frame();
        // The state is told when it can be read at leisure, not with each frame.
        if receiver.pixels.n_shown().is_multiple_of(32) {
            opts.tally.state(receiver.summary());
        }
    }
}

async fn send(socket: &tokio::net::UdpSocket, troubles: &Troubles, answer: &[u8], to: SocketAddr) {
    troubles.pause().await;
    // A sender that is gone does not read it.
    let _ = socket.send_to(answer, to).await;
}
