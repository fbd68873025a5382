//! The sounds of alarms, made by arithmetic: pulses of two partials under a soft envelope.
//!
//! Invariant: three sounds that differ in rhythm, so that they are told apart on any loudspeaker.

/// A sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// One soft pulse.
    Notice,
    /// Two pulses, the second higher.
    Warning,
    /// Three equal pulses and a rest, the "temporal three" of evacuation signals (ISO 8201), shortened.
    Danger,
}

const RATE: u32 = 22_050;
const EDGE_S: f32 = 0.012;

/// One pulse: pitch, start and length.
struct Pulse {
    hz: f32,
    at_s: f32,
    lasts_s: f32,
}

const fn pulse(hz: f32, at_s: f32, lasts_s: f32) -> Pulse {
    Pulse { hz, at_s, lasts_s }
}

const NOTICE: &[Pulse] = &[pulse(587.3, 0.0, 0.30)];
const WARNING: &[Pulse] = &[pulse(659.3, 0.0, 0.22), pulse(880.0, 0.30, 0.30)];
const DANGER: &[Pulse] = &[pulse(950.0, 0.0, 0.30), pulse(950.0, 0.45, 0.30), pulse(950.0, 0.90, 0.30)];

impl Tone {
    /// Its file's name.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Notice => "notice.wav",
            Self::Warning => "warning.wav",
            Self::Danger => "danger.wav",
        }
    }

    const fn score(self) -> (&'static [Pulse], f32) {
        match self {
            Self::Notice => (NOTICE, 0.25),
            Self::Warning => (WARNING, 0.5),
            Self::Danger => (DANGER, 0.8),
        }
    }

    /// The sound as a WAV file: mono, 16 bits, 22,050 samples a second.
    #[must_use]
    pub fn wav(self) -> Vec<u8> {
        let (pulses, loudness) = self.score();
        let length_s = pulses.iter().map(|p| p.at_s + p.lasts_s).fold(0.0, f32::max);
        let n_samples = (length_s * RATE as f32).ceil() as u32;
        let mut wav = header(n_samples);
        for n in 0..n_samples {
            let t = n as f32 / RATE as f32;
            let sum: f32 = pulses.iter().map(|pulse| pulse.sample(t)).sum();
            let sample = (sum * loudness * f32::from(i16::MAX)).round() as i16;
            wav.extend_from_slice(&sample.to_le_bytes());
        }
        wav
    }
}

impl Pulse {
    /// Its deflection at `t`, -1..=1.
    fn sample(&self, t: f32) -> f32 {
        let inside = t - self.at_s;
        if !(0.0..=self.lasts_s).contains(&inside) {
            return 0.0;
        }
        let edge = (inside.min(self.lasts_s - inside) / EDGE_S).min(1.0);
        let turn = std::f32::consts::TAU * self.hz * inside;
        edge * (0.8 * turn.sin() + 0.2 * (2.0 * turn).sin())
    }
}

/// The head of a WAV file of so many samples (RIFF/WAVE, Microsoft and IBM 1991, PCM).
fn header(n_samples: u32) -> Vec<u8> {
    let bytes = n_samples * 2;
    let mut head = Vec::with_capacity(44 + bytes as usize);
    head.extend_from_slice(b"RIFF");
    head.extend_from_slice(&(36 + bytes).to_le_bytes());
    head.extend_from_slice(b"WAVEfmt ");
    head.extend_from_slice(&16_u32.to_le_bytes());
    head.extend_from_slice(&1_u16.to_le_bytes());
    head.extend_from_slice(&1_u16.to_le_bytes());
    head.extend_from_slice(&RATE.to_le_bytes());
    head.extend_from_slice(&(RATE * 2).to_le_bytes());
    head.extend_from_slice(&2_u16.to_le_bytes());
    head.extend_from_slice(&16_u16.to_le_bytes());
    head.extend_from_slice(b"data");
    head.extend_from_slice(&bytes.to_le_bytes());
    head
}

#[cfg(test)]
mod tests {
    use super::Tone;

    #[test]
    fn a_sound_is_a_whole_wav_file_that_neither_clips_nor_clicks() {
        for tone in [Tone::Notice, Tone::Warning, Tone::Danger] {
            let wav = tone.wav();
            let data = u32::from_le_bytes([wav[40], wav[41], wav[42], wav[43]]);
            assert_eq!(wav.len(), 44 + data as usize);
            assert_eq!(u32::from_le_bytes([wav[4], wav[5], wav[6], wav[7]]), 36 + data);
            let (samples, _) = wav[44..].as_chunks::<2>();
            let samples: Vec<i32> = samples.iter().map(|&pair| i32::from(i16::from_le_bytes(pair))).collect();
            let loudest = samples.iter().map(|s| s.abs()).max().expect("there are samples");
            assert!(loudest > 5_000 && loudest < 32_767, "{tone:?}: {loudest}");
            assert!(samples[0].abs() < 100 && samples[samples.len() - 1].abs() < 1_000, "{tone:?} clicks");
        }
    }
}
