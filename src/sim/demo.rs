//! The demo fleet: nine thermal arrays and three gas boards, most of them well, some with the troubles of real ones;
//! and beside it the demo home with its lights.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::sim::array::ArrayKind;
use crate::sim::device::{Device, DeviceOpts, IdForm, REAL_PERIOD};
use crate::sim::faults::{Faults, Spell};
use crate::sim::gas::{Board, BoardOpts};
use crate::sim::lights::home;
use crate::sim::link::{self, Machine};
use crate::sim::orders::Spelling;
use crate::sim::scene::Scene;
use crate::wire::thermal::LineEnd;

/// Runs the fleet against the sensor server at `to` until `stop`. While `paused` is true it holds still: connections
/// stay, nothing is sent, and the scenes stand.
pub async fn run(to: SocketAddr, stop: CancellationToken, paused: watch::Receiver<bool>) {
    let mut fleet = JoinSet::new();
    for opts in arrays() {
        spawn(&mut fleet, Device::new(opts), to, &stop, &paused);
    }
    for opts in boards() {
        spawn(&mut fleet, Board::new(opts), to, &stop, &paused);
    }
    fleet.spawn(home::run(stop.clone()));
    while fleet.join_next().await.is_some() {}
}

fn spawn<M: Machine + 'static>(
    fleet: &mut JoinSet<()>,
    mut machine: M,
    to: SocketAddr,
    stop: &CancellationToken,
    paused: &watch::Receiver<bool>,
) {
    let (stop, paused) = (stop.clone(), paused.clone());
    fleet.spawn(async move { link::keep_open(&mut machine, to, &stop, paused).await });
}

/// The thermal arrays of the fleet.
#[must_use]
pub fn arrays() -> Vec<DeviceOpts> {
    let none = Faults::default();
    let quiet = Spell { every: Duration::from_secs(300), lasts: Duration::from_secs(40) };
    let of = |serial: u32, place: &str, scene: Scene, period_ms: u64, faults: Faults| DeviceOpts {
        serial: Some(format!("SIM{serial:06}")),
        place: Some(place.to_owned()),
        id: IdForm::None,
        line_end: LineEnd::CrLf,
        array: ArrayKind::Mlx90640,
        scene,
        period: Duration::from_millis(period_ms),
        faults,
        seed: u64::from(serial),
    };
    vec![
        of(410_253, "Bench", Scene::Bench, 125, none),
        of(410_871, "Server rack", Scene::Rack, 250, Faults { half_duplex: true, ..none }),
        of(411_094, "Printer chamber", Scene::Printer, 250, Faults { spelling: Spelling::Strict, ..none }),
        of(411_530, "Stove", Scene::Stove, 250, Faults { damage: Some(60), garbage: Some(200), ..none }),
        of(412_218, "Front door", Scene::Door, 125, Faults { silence: Some(quiet), ..none }),
        DeviceOpts {
            period: REAL_PERIOD,
            ..of(412_667, "Transformer", Scene::Transformer, 0, Faults { half_duplex: true, ..none })
        },
        DeviceOpts {
            id: IdForm::FrameNumber,
            line_end: LineEnd::Lf,
            ..of(413_045, "Kiln", Scene::Kiln, 500, Faults { drift: true, ..none })
        },
        DeviceOpts {
            array: ArrayKind::Amg8833,
            ..of(413_902, "Fridge", Scene::Fridge, 500, Faults { reboot: Some(Duration::from_secs(240)), ..none })
        },
        DeviceOpts { array: ArrayKind::Lepton, ..of(414_336, "Workshop", Scene::Workshop, 500, none) },
    ]
}

/// The gas boards of the fleet.
#[must_use]
pub fn boards() -> Vec<BoardOpts> {
    let of = |serial: u32, place: &str, period_ms: u64, smoke: f32| BoardOpts {
        place: place.to_owned(),
        serial: format!("SIM{serial:06}"),
        period: Duration::from_millis(period_ms),
        smoke,
        seed: u64::from(serial),
    };
    vec![
        of(520_118, "Workshop air", 500, 520.0),
        of(520_764, "Kitchen air", 1000, 180.0),
        of(521_207, "Server room air", 1000, 0.0),
    ]
}
