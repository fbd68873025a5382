//! The herald: sound and desktop notifications of alarms, with or without a window.
//!
//! [`attend`] decides; this loop is only plumbing.
//!
//! Invariant: it reads the published snapshot and waits for nobody; a desktop or a player that hangs delays no alarm.

pub mod attend;

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio_util::sync::CancellationToken;

use crate::engine::bus::{Batch, BusSender};
use crate::engine::services::herald::attend::{Deed, Herald, Wanted, button};
use crate::io::clock::Clock;
use crate::io::notify::{Notifier, Pressed};
use crate::io::sound::{Player, Tone};
use crate::model::alarms;
use crate::model::alarms::alarm::AlarmId;
use crate::model::message::{Command, Origin, Update};
use crate::model::system::{self, Level, Notice};
use crate::port::Port;
use crate::settings::current::Settings;

const SHELVE_MINUTES: u32 = 10;
/// Names the notice of a missing player.
const CAUSE: &str = "sound";

/// What the herald works with.
#[derive(Debug)]
pub struct Stage {
    /// Reads alarms, sends what people press.
    pub port: Port,
    /// Whether sounds and notifications are wanted.
    pub settings: Arc<ArcSwap<Settings>>,
    /// Time.
    pub clock: Clock,
    /// What went wrong is said here.
    pub bus: BusSender,
    /// Where sounds are kept.
    pub sounds: PathBuf,
}

/// Watches alarms until `stop`.
pub async fn run(stage: Stage, stop: CancellationToken) {
    let Stage { port, settings, clock, bus, sounds } = stage;
    let (notifier, mut presses) = Notifier::start(stop.clone());
    let player = Player::new(sounds);
    let mut herald = Herald::default();
    let mut published = port.published.clone();
    let mut silent = false;
    loop {
        let view = port.view();
        let wanted = {
            let alarms = &settings.load().alarms;
            Wanted { sound: alarms.sound, notify: alarms.notify }
        };
        for deed in herald.attend(&view.alarms, &view.sensors, clock.now(), clock.wall(), wanted) {
            match deed {
                Deed::Play(tone) => {
                    let trouble = play(&player, tone).await;
                    tell(&bus, &clock, &mut silent, trouble);
                }
                Deed::Hush => player.stop(),
                Deed::Show(card) => notifier.show(card),
                Deed::Withdraw(key) => notifier.withdraw(&key),
            }
        }
        let again = herald.wake_at().map(|at| at.since(clock.now()));
        tokio::select! {
            () = stop.cancelled() => break,
            changed = published.changed() => if changed.is_err() { break },
            () = sleep(again) => {}
            Some(press) = presses.recv() => answer(&port, &press).await,
        }
    }
    player.stop();
}

async fn sleep(again: Option<std::time::Duration>) {
    match again {
        Some(pause) => tokio::time::sleep(pause).await,
        None => std::future::pending().await,
    }
}

/// Starting a program takes milliseconds: not on a thread that serves connections.
async fn play(player: &Player, tone: Tone) -> Option<String> {
    let player = player.clone();
    match tokio::task::spawn_blocking(move || player.play(tone)).await {
        Ok(played) => played.err(),
        Err(error) => Some(error.to_string()),
    }
}

/// One notice while sounds cannot be made, taken back when they can.
fn tell(bus: &BusSender, clock: &Clock, silent: &mut bool, trouble: Option<String>) {
    if std::mem::replace(silent, trouble.is_some()) == trouble.is_some() {
        return;
    }
    let cause = CAUSE.into();
    let update = match trouble {
        Some(why) => {
            tracing::warn!(why, "alarms cannot be heard");
            let text = format!("Alarms cannot be heard: {why}. They are shown all the same.").into();
            system::Update::Noticed { cause, notice: Notice { level: Level::Warning, text, since: clock.wall() } }
        }
        None => system::Update::NoticeGone { cause },
    };
    bus.say(Batch::of(vec![Update::System(update)]));
}

/// Does what somebody pressed on a card.
async fn answer(port: &Port, press: &Pressed) {
    let alarm = AlarmId(press.key.as_str().into());
    let command = match press.button.as_str() {
        button::ACKNOWLEDGE => Command::Alarms(alarms::Command::Acknowledge { alarm }),
        button::SHELVE => {
            let reason = "from the notification".to_owned();
            Command::Alarms(alarms::Command::Shelve { alarm, minutes: SHELVE_MINUTES, reason })
        }
        _ => Command::System(system::Command::ShowWindow),
    };
    let operator = Origin::Operator(Arc::clone(&port.view().system.operator));
    // What is refused is no longer there.
    drop(port.call(command, operator).await);
}
