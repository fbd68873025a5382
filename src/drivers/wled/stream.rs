//! Streaming to a node: pixels by DDP, or DNRGB where the node is older than that.
//!
//! Invariant: a stream of ours never fights one of somebody else, nor a person's override on the node.

use std::net::SocketAddr;
use std::time::Duration;

use crate::drivers::light::Wish;
use crate::drivers::light::painted::Painted;
use crate::drivers::wled::colors;
use crate::drivers::{Outputs, Unsupported};
use crate::model::frame::Frame;
use crate::units::color::Linear;
use crate::units::moment::Moment;
use crate::wire::wled::message::{Info, State};
use crate::wire::wled::{REALTIME_PORT, realtime};
use crate::wire::{Channel, Output, ddp};

/// A node shows its own state again after so long without a frame.
const TIME_OUT: Duration = Duration::from_millis(2500);
/// Frames may come a little closer than the rate says, so that none is lost to chance.
const SLACK: f32 = 1.25;
/// The first version that takes DDP.
const DDP_SINCE: (u16, u16) = (0, 13);

/// The pixels of a node.
#[derive(Debug, Default)]
pub(super) struct Stream {
    painted: Option<Painted>,
    /// Frames went out and were not ended.
    pub(super) is_live: bool,
    by_ddp: bool,
    realtime_port: u16,
    sequence: u8,
    n_frames: u64,
    /// Under which address the node knows us as a streamer.
    ours: String,
    /// Who or what keeps us from streaming.
    held: Option<String>,
}

/// What the driver has to do for the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing.
    Stay,
    /// It begins: let the node shine as bright as it can.
    Begin,
    /// It ended: put the node back.
    End,
}

impl Stream {
    /// The node said what it is and how.
    pub(super) fn learn(&mut self, info: &Info, state: &State) {
        let n_pixels = usize::from(info.leds.count);
        if n_pixels > 0 && self.painted.as_ref().map(Painted::n_pixels) != Some(n_pixels) {
            let fps = colors::frames_hz(info.leds.count) * SLACK;
            self.painted = Some(Painted::new(n_pixels, fps, TIME_OUT));
        }
        self.by_ddp = info.version() >= DDP_SINCE;
        self.realtime_port = if info.udpport == 0 { REALTIME_PORT } else { info.udpport };
        if self.is_live && info.live {
            self.ours.clone_from(&info.lip);
        }
        let foreign = info.live && !self.is_live && info.lip != self.ours;
        self.held = match (state.lor, foreign) {
            (0, false) => None,
            (0, true) => Some(format!("{} streams to it by {}", info.lip, info.lm)),
            _ => Some("live override is set on it".to_owned()),
        };
    }

    /// Takes a frame.
    pub(super) fn frame(&mut self, now: Moment, frame: &Frame) {
        if let Some(painted) = &mut self.painted {
            painted.frame(now, frame);
        }
    }

    /// Ends it.
    pub(super) fn leave(&mut self, now: Moment) {
        if let Some(painted) = &mut self.painted {
            painted.leave(now);
        }
    }

    /// Blinks.
    pub(super) fn identify(&mut self, now: Moment) -> Result<(), Unsupported> {
        self.painted.as_mut().ok_or(Unsupported)?.wish(now, &Wish::Identify)
    }

    /// The connection begins anew: what it shows is not known.
    pub(super) fn restart(&mut self) {
        self.is_live = false;
        if let Some(painted) = &mut self.painted {
            painted.restart();
        }
    }

    /// Sends what is due to `to`.
    pub(super) fn poll<R>(&mut self, now: Moment, to: SocketAddr, out: &mut Outputs<R>) -> Turn {
        let Self { painted: Some(painted), by_ddp, realtime_port, sequence, .. } = self else { return Turn::Stay };
        let was_live = self.is_live;
        if let Some(pixels) = painted.due(now)
            && self.held.is_none()
        {
            if *by_ddp {
                *sequence = ddp::next_sequence(*sequence);
                send_ddp(pixels, *sequence, out);
            } else {
                send_dnrgb(pixels, SocketAddr::new(to.ip(), *realtime_port), out);
            }
            self.n_frames += 1;
            self.is_live = true;
        }
        match (was_live, self.is_live, painted.wake_at()) {
            (false, true, _) => Turn::Begin,
            (true, _, None) => {
                let to = Some(SocketAddr::new(to.ip(), self.realtime_port));
                out.send(Channel::Udp, Output::Datagram { to }, |bytes| bytes.extend_from_slice(&realtime::LEAVE));
                self.is_live = false;
                Turn::End
            }
            _ => Turn::Stay,
        }
    }

    /// When something is due here.
    pub(super) fn wake_at(&self) -> Option<Moment> {
        self.painted.as_ref().and_then(Painted::wake_at)
    }

    /// What helps to find a fault.
    pub(super) fn diagnostics(&self) -> [(&'static str, String); 3] {
        let how = match (&self.held, self.is_live) {
            (Some(held), _) => format!("held back: {held}"),
            (None, true) => "running".to_owned(),
            (None, false) => "none".to_owned(),
        };
        let by = if self.by_ddp { "DDP" } else { "DNRGB" };
        [("stream", how), ("streamed by", by.to_owned()), ("frames", self.n_frames.to_string())]
    }
}

fn send_ddp<R>(pixels: &[Linear], sequence: u8, out: &mut Outputs<R>) {
    for (range, packet) in ddp::split(pixels.len(), ddp::RGB, sequence) {
        let pixels = pixels.get(range).unwrap_or_default();
        out.send(Channel::Udp, Output::Datagram { to: None }, |bytes| {
            ddp::encode_header(&packet, (pixels.len() * 3) as u16, bytes);
            pixels.iter().for_each(|pixel| bytes.extend_from_slice(&pixel.bytes()));
        });
    }
}

fn send_dnrgb<R>(pixels: &[Linear], to: SocketAddr, out: &mut Outputs<R>) {
    for range in realtime::split(pixels.len()) {
        let start = range.start as u16;
        let pixels = pixels.get(range).unwrap_or_default();
        out.send(Channel::Udp, Output::Datagram { to: Some(to) }, |bytes| {
            realtime::encode_header(TIME_OUT.as_secs() as u8 + 1, start, bytes);
            pixels.iter().for_each(|pixel| bytes.extend_from_slice(&pixel.bytes()));
        });
    }
}
