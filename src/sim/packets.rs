//! Packets encoded beforehand, so that sending them costs the load generator next to nothing.

use crate::sim::array::{ArrayKind, Chip, Encoder};
use crate::sim::gas;
use crate::sim::plan::Mode;
use crate::sim::scene::Scene;
use crate::wire::thermal::{self, LineEnd};

const N_LINES: usize = 512;
const N_FRAMES: usize = 16;

/// A ring of packets, one behind the other.
pub struct Packets {
    /// The calibration that makes the frames temperatures; empty if there are no frames.
    pub calibration: Vec<u8>,
    bytes: Vec<u8>,
    /// Where each packet begins, and the end of the last.
    borders: Vec<usize>,
}

impl Packets {
    /// Packets of that kind, plausible ones: a room with people, readings at rest.
    #[must_use]
    pub fn new(mode: Mode) -> Self {
        let mut packets = Self { calibration: Vec::new(), bytes: Vec::new(), borders: vec![0] };
        let lines = lines();
        match mode {
            Mode::Lines => lines.iter().for_each(|line| packets.push(line)),
            Mode::Frames => frames().iter().for_each(|frame| packets.push(frame)),
            Mode::Mixed => frames().iter().zip(&lines).for_each(|(frame, line)| {
                packets.push(line);
                packets.push(frame);
            }),
        }
        if mode != Mode::Lines {
            let eeprom = Encoder::new(ArrayKind::Mlx90640).eeprom().map(<[u16]>::to_vec).unwrap_or_default();
            thermal::encode_calibration("", &eeprom, LineEnd::CrLf, &mut packets.calibration);
        }
        packets
    }

    /// Packets from the `first` on (round and round), at most `n` of them and, but for the first, at most `max_bytes`
    /// together; returns their bytes and their number.
    #[must_use]
    pub fn run(&self, first: u64, n: u64, max_bytes: usize) -> (&[u8], u64) {
        let n_ring = self.borders.len() - 1;
        let first = (first % n_ring.max(1) as u64) as usize;
        let from = self.borders.get(first).copied().unwrap_or(0);
        let most = (first as u64).saturating_add(n).min(n_ring as u64) as usize;
        let ends = self.borders.get(first + 1..=most).unwrap_or_default();
        let n_run = ends.partition_point(|end| end - from <= max_bytes).max(1).min(ends.len());
        let to = ends.get(n_run.saturating_sub(1)).copied().unwrap_or(from);
        (self.bytes.get(from..to).unwrap_or_default(), n_run as u64)
    }

    fn push(&mut self, packet: &[u8]) {
        self.bytes.extend_from_slice(packet);
        self.borders.push(self.bytes.len());
    }
}

fn lines() -> Vec<Vec<u8>> {
    let mut random = fastrand::Rng::with_seed(42);
    let line = |_| {
        let readings = [random.u16(266..=297), random.u16(1296..=1326), random.u16(0..=17), 0];
        let mut packet = Vec::with_capacity(64);
        gas::encode_line("", readings, LineEnd::CrLf, &mut packet);
        packet
    };
    (0..N_LINES).map(line).collect()
}

fn frames() -> Vec<Vec<u8>> {
    let (kind, chip) = (ArrayKind::Mlx90640, Chip { ambient: 32.0, supply: 3.278 });
    let (encoder, mut scene, mut words) = (Encoder::new(kind), Vec::new(), Vec::new());
    let frame = |index: usize| {
        Scene::Rack.seen(kind.size(), index as f64 * 0.25, 42, &mut scene);
        encoder.encode(&scene, chip, &mut words);
        let mut packet = Vec::with_capacity(3400);
        thermal::encode_frame("", &words, LineEnd::CrLf, &mut packet);
        packet
    };
    (0..N_FRAMES).map(frame).collect()
}
