//! Sounds, through the system's own player: a program that every desktop has, given a file of ours.
//!
//! Invariant: which program is run and with which file is written here; nothing from outside reaches its arguments.
//! Invariant: one sound at a time; a player that hangs is ended.

pub mod tone;

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

pub use tone::Tone;

/// A player that takes longer than this hangs.
const LONGEST: Duration = Duration::from_secs(8);

/// A program that plays a WAV file, and what stands before and behind the file's name.
struct Program {
    name: &'static str,
    before: &'static [&'static str],
    behind: &'static [&'static str],
}

/// The players of this system, the best first.
#[cfg(target_os = "macos")]
const PROGRAMS: &[Program] = &[Program { name: "afplay", before: &[], behind: &[] }];
/// The players of this system, the best first.
#[cfg(target_os = "windows")]
const PROGRAMS: &[Program] = &[Program {
    name: "powershell.exe",
    before: &[
        "-NoProfile",
        "-NonInteractive",
        "-Command",
        "(New-Object Media.SoundPlayer $args[0]).PlaySync()",
        "-args",
    ],
    behind: &[],
}];
/// The players of this system, the best first: `PipeWire`, `PulseAudio`, ALSA.
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
const PROGRAMS: &[Program] = &[
    Program { name: "pw-play", before: &[], behind: &[] },
    Program { name: "paplay", before: &[], behind: &[] },
    Program { name: "aplay", before: &["-q"], behind: &[] },
];

/// What to say where there is no player.
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
const MISSING: &str = "no sound player was found: install pw-play (PipeWire), paplay (PulseAudio) or aplay (ALSA)";
/// What to say where there is no player.
#[cfg(any(target_os = "macos", target_os = "windows"))]
const MISSING: &str = "the system's sound player was not found";

/// The system's player.
#[derive(Clone, Debug)]
pub struct Player {
    folder: PathBuf,
    playing: Arc<Mutex<Option<(Child, Instant)>>>,
}

impl Player {
    /// A player whose sounds lie in `folder`; they are written there when they are first wanted.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, playing: Arc::default() }
    }

    /// Begins to play a sound, unless one is still playing. Starts a program, so it blocks for milliseconds.
    ///
    /// # Errors
    /// No player was found, or its file could not be written: cause and cure.
    pub fn play(&self, tone: Tone) -> Result<(), String> {
        let mut playing = self.playing.lock();
        if still_running(&mut playing) {
            return Ok(());
        }
        let file = self.file(tone).map_err(|error| format!("{} cannot be written: {error}", self.folder.display()))?;
        *playing = Some((start(&file)?, Instant::now()));
        Ok(())
    }

    /// Ends the sound that plays.
    pub fn stop(&self) {
        if let Some((mut child, _)) = self.playing.lock().take() {
            end(&mut child);
        }
    }

    /// The file of a sound, written if it is not there or not whole.
    fn file(&self, tone: Tone) -> io::Result<PathBuf> {
        let file = self.folder.join(tone.file_name());
        let wav = tone.wav();
        if std::fs::metadata(&file).map(|meta| meta.len()).ok() != Some(wav.len() as u64) {
            std::fs::create_dir_all(&self.folder)?;
            std::fs::write(&file, wav)?;
        }
        Ok(file)
    }
}

fn still_running(playing: &mut Option<(Child, Instant)>) -> bool {
    let Some((child, since)) = playing else { return false };
    let ended = !matches!(child.try_wait(), Ok(None));
    if !ended && since.elapsed() > LONGEST {
        end(child);
        return false;
    }
    !ended
}

fn end(child: &mut Child) {
    // It may have ended by itself meanwhile.
    drop(child.kill());
    drop(child.wait());
}

/// The system's player, by its name.
///
/// # Errors
/// There is none: the cure.
pub fn found() -> Result<&'static str, String> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let is_there =
        |program: &&Program| std::env::split_paths(&folders).any(|folder| folder.join(program.name).is_file());
    PROGRAMS.iter().find(is_there).map(|program| program.name).ok_or_else(|| MISSING.to_owned())
}

fn start(file: &Path) -> Result<Child, String> {
    let mut broken = None;
    for Program { name, before, behind } in PROGRAMS {
        let mut command = Command::new(name);
        command.args(*before).arg(file).args(*behind);
        match command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
            Ok(child) => return Ok(child),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => broken = Some(format!("{name} cannot be started: {error}")),
        }
    }
    Err(broken.unwrap_or_else(|| MISSING.to_owned()))
}
