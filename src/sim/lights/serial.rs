//! Simulated strips at a serial port: a board that reads Adalight, TPM2 or AWA from a pseudo-terminal, no faster than
//! its line would bring it.
//!
//! Invariant: [`Board`] only sees bytes; what is not whole is kept, what is no frame is passed over byte by byte.

use std::io;
use std::path::PathBuf;

use crate::sim::lights::{Running, SimFamily, SimOpts};
use crate::wire::adalight::Count;
use crate::wire::{Error, adalight, awa, tpm2};

/// Strips at a serial port.
pub static FAMILY: SimFamily = SimFamily {
    id: "serial",
    about: "A strip at a pseudo-terminal, by the name of its address below. Its kind is adalight, tpm2 or awa, with \
            @BAUD behind it for another speed of its line than 115200.",
    run: |opts| -> Running { Box::pin(run(opts)) },
};

/// Bytes that are kept of what is not whole yet: the longest frame.
const MAX_KEPT: usize = 9 + 3 * 65_536;

/// What a board understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// Adalight.
    #[default]
    Adalight,
    /// TPM2.
    Tpm2,
    /// AWA.
    Awa,
}

/// Reads frames from the bytes of a line.
#[derive(Clone, Debug, Default)]
pub struct Board {
    protocol: Protocol,
    kept: Vec<u8>,
    shown: Vec<u8>,
    /// Frames shown.
    pub n_frames: u64,
    /// Bytes that belonged to no frame.
    pub n_passed_over: u64,
}

impl Board {
    /// A dark strip.
    #[must_use]
    pub fn new(protocol: Protocol) -> Self {
        Self { protocol, ..Self::default() }
    }

    /// What is shown: red, green and blue of each pixel, in the order of its wire.
    #[must_use]
    pub fn shown(&self) -> &[u8] {
        &self.shown
    }

    /// Takes a piece of the line, cut anywhere. Returns how many frames it completed.
    pub fn read(&mut self, bytes: &[u8]) -> usize {
        self.kept.extend(bytes);
        let (mut at, mut n_frames) = (0, 0);
        loop {
            let rest = self.kept.get(at..).unwrap_or_default();
            let found = match self.protocol {
                Protocol::Adalight => adalight::decode(Count::MinusOne, rest),
                Protocol::Tpm2 => tpm2::decode(rest),
                Protocol::Awa => awa::decode(rest),
            };
            match found {
                Ok((pixels, taken)) => {
                    self.shown.clear();
                    self.shown.extend(pixels);
                    (at, n_frames) = (at + taken, n_frames + 1);
                }
                Err(_) if rest.is_empty() => break,
                Err(Error::Truncated) if rest.len() <= MAX_KEPT => break,
                Err(_) => (at, self.n_passed_over) = (at + 1, self.n_passed_over + 1),
            }
        }
        self.kept.drain(..at);
        self.n_frames += n_frames as u64;
        n_frames
    }

    /// What it says while nothing comes.
    #[must_use]
    pub fn greeting(&self) -> &'static [u8] {
        match self.protocol {
            Protocol::Adalight => b"Ada\n",
            Protocol::Tpm2 => b"",
            Protocol::Awa => b"Awa driver 9.\n",
        }
    }

    /// How it is, for a summary.
    #[must_use]
    pub fn state(&self) -> serde_json::Value {
        let first = self.shown.get(..3).unwrap_or_default();
        let first: String = first.iter().map(|byte| format!("{byte:02X}")).collect();
        serde_json::json!({ "pixels": self.shown.len() / 3, "first": first, "passed_over": self.n_passed_over })
    }
}

/// Protocol and speed of a kind.
fn kind(text: &str) -> Option<(Protocol, u32)> {
    let (word, baud) = text.split_once('@').unwrap_or((text, "115200"));
    let protocol = match word {
        "" | "adalight" => Protocol::Adalight,
        "tpm2" => Protocol::Tpm2,
        "awa" => Protocol::Awa,
        _ => return None,
    };
    Some((protocol, baud.parse().ok().filter(|baud| (300..=4_000_000).contains(baud))?))
}

/// The address of a simulated strip: the name under which its pseudo-terminal is found.
#[must_use]
pub fn address(index: u32) -> PathBuf {
    std::env::temp_dir().join(format!("hearthlight-strip-{index}"))
}

async fn run(opts: SimOpts) -> io::Result<()> {
    let wrong = || io::Error::new(io::ErrorKind::InvalidInput, "write adalight, tpm2 or awa, perhaps with @BAUD");
    let (protocol, baud) = kind(&opts.kind).ok_or_else(wrong)?;
    terminal::run(&opts, Board::new(protocol), baud).await
}

/// A board at a pseudo-terminal.
#[cfg(unix)]
mod terminal {
    use std::time::Duration;
    use std::{fs, io};

    use tokio::time::{Instant, MissedTickBehavior};
    use tokio_serial::{SerialPort as _, SerialStream};

    use super::Board;
    use crate::sim::lights::SimOpts;

    /// Between two looks at the line.
    const LOOK: Duration = Duration::from_millis(5);
    /// It greets when nothing came for so long.
    const QUIET: Duration = Duration::from_secs(1);

    pub(super) async fn run(opts: &SimOpts, board: Board, baud: u32) -> io::Result<()> {
        // The port is held open, so that nobody coming or going ends the line.
        let (line, port) = SerialStream::pair()?;
        let name = port.name().ok_or(io::ErrorKind::NotFound)?;
        let address = super::address(opts.index);
        if address.is_symlink() {
            fs::remove_file(&address)?;
        }
        std::os::unix::fs::symlink(&name, &address)?;
        tracing::info!("a simulated strip is at {} ({name})", address.display());
        let ended = opts.stop.run_until_cancelled(serve(opts, board, baud, line)).await;
        fs::remove_file(&address)?;
        ended.unwrap_or(Ok(()))
    }

    async fn serve(opts: &SimOpts, mut board: Board, baud: u32, mut line: SerialStream) -> io::Result<()> {
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut last_look, mut heard) = (Instant::now(), Instant::now());
        let mut buffer = vec![0; 1 << 16];
        let mut budget = 0.0;
        loop {
            let now = looks.tick().await;
            // Ten bits on the line for each byte; what was not used in a pause is lost.
            budget = (budget + now.duration_since(last_look).as_secs_f64() * f64::from(baud) / 10.0)
                .min(f64::from(baud) / 100.0 + 1.0);
            last_look = now;
            if opts.faults.mute {
                continue;
            }
            let room = buffer.len().min(budget as usize);
            let n = match line.try_read(buffer.get_mut(..room).unwrap_or_default()) {
                Ok(n) => n,
                Err(why) if why.kind() == io::ErrorKind::WouldBlock => 0,
                Err(why) => return Err(why),
            };
            if n > 0 {
                budget -= n as f64;
                heard = now;
                take(opts, &mut board, buffer.get(..n).unwrap_or_default());
            } else if now.duration_since(heard) >= QUIET {
                heard = now;
                // Nobody may be reading, and then the line is full.
                let _ = line.try_write(board.greeting());
            }
        }
    }

    fn take(opts: &SimOpts, board: &mut Board, bytes: &[u8]) {
        opts.tally.packet(bytes.len());
        let n_frames = board.read(bytes);
        (0..n_frames).for_each(|_| opts.tally.frame());
        if n_frames > 0 {
            opts.tally.state(board.state());
        }
    }
}

#[cfg(not(unix))]
mod terminal {
    use std::io;

    use super::Board;
    use crate::sim::lights::SimOpts;

    pub(super) async fn run(_opts: &SimOpts, _board: Board, _baud: u32) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "only Unix has pseudo-terminals to simulate serial ports with"))
    }
}
