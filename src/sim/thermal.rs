//! Runs many thermal devices at once.

use std::net::SocketAddr;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::sim::array::ArrayKind;
use crate::sim::device::{Device, DeviceOpts, IdForm};
use crate::sim::faults::{Faults, Spell};
use crate::sim::link;
use crate::sim::orders::Spelling;
use crate::sim::scene::Scene;
use crate::sim::summary::Summary;
use crate::wire::thermal::LineEnd;

/// What to run.
#[derive(Clone, Debug)]
pub struct ThermalOpts {
    /// The sensor server.
    pub to: SocketAddr,
    /// How many devices.
    pub count: usize,
    /// Time between two frames of a device, at least 62.5 ms.
    pub period: Duration,
    /// Orders in the middle of a packet are lost and damage it.
    pub half_duplex: bool,
    /// Each device gets one of the faults in turn; the first has none.
    pub faults: bool,
    /// Stop after so many seconds; `None` = at the stop signal only.
    pub seconds: Option<f64>,
    /// Places are named `<prefix>-1`, `<prefix>-2` ...
    pub prefix: String,
    /// The array they have.
    pub array: ArrayKind,
    /// What they look at; `None` = each something else.
    pub scene: Option<Scene>,
}

/// Runs the devices until `stop` or the end of their time; returns what they did, summed.
pub async fn run_many(opts: ThermalOpts, stop: CancellationToken) -> Summary {
    let devices = (0..opts.count).map(|index| Device::new(nth(&opts, index))).collect();
    let mut sum = Summary::default();
    for device in link::run_all(devices, opts.to, opts.seconds, &stop).await {
        sum += device.summary();
    }
    sum
}

fn nth(opts: &ThermalOpts, index: usize) -> DeviceOpts {
    let faults = if opts.faults { nth_fault(index) } else { Faults::default() };
    let scenes = Scene::ALL;
    DeviceOpts {
        serial: Some(format!("SIM{:06}", 100_000 + index)),
        place: Some(format!("{}-{}", opts.prefix, index + 1)),
        id: IdForm::None,
        line_end: if opts.faults { [LineEnd::CrLf, LineEnd::Lf, LineEnd::None][index % 3] } else { LineEnd::CrLf },
        array: opts.array,
        scene: opts.scene.unwrap_or(scenes[index % scenes.len()]),
        period: opts.period,
        faults: Faults { half_duplex: opts.half_duplex || faults.half_duplex, ..faults },
        seed: index as u64 + 1,
    }
}

/// The faults in turn.
fn nth_fault(index: usize) -> Faults {
    let none = Faults::default();
    let silence = Spell { every: Duration::from_secs(180), lasts: Duration::from_secs(40) };
    match index % 10 {
        1 => Faults { half_duplex: true, ..none },
        2 => Faults { spelling: Spelling::LineEnd, ..none },
        3 => Faults { spelling: Spelling::Strict, ..none },
        4 => Faults { subpages: true, ..none },
        5 => Faults { drift: true, ..none },
        6 => Faults { damage: Some(20), ..none },
        7 => Faults { garbage: Some(10), ..none },
        8 => Faults { silence: Some(silence), ..none },
        9 => Faults { reboot: Some(Duration::from_secs(60)), ..none },
        _ => none,
    }
}
