//! Simulated devices under a hand-turned clock, decoded by the rooms that decode real ones.

use std::time::Duration;

use hearthlight::heat::mlx90640::Calibration;
use hearthlight::heat::profile;
use hearthlight::model::thermal::{Choice, Optics, PixelMeaning, ThermalFrame};
use hearthlight::sim::array::ArrayKind;
use hearthlight::sim::demo;
use hearthlight::sim::device::{Device, DeviceOpts, IdForm, REAL_PERIOD};
use hearthlight::sim::faults::{Faults, Spell};
use hearthlight::sim::gas::{Board, BoardOpts};
use hearthlight::sim::link::{Machine, Next};
use hearthlight::sim::orders::{Orders, Spelling};
use hearthlight::sim::packets::Packets;
use hearthlight::sim::plan::Mode;
use hearthlight::sim::scene::{NOISE_K, Scene};
use hearthlight::sim::scrape::Scrape;
use hearthlight::units::grid::Size;
use hearthlight::units::moment::Moment;
use hearthlight::wire::thermal::{Framed, Framer, LineEnd, Order, Packet, decode, words};
use proptest::prelude::*;

/// The most that noise can be: see `Canvas::noise`.
const MAX_NOISE: f32 = NOISE_K * 3.47;

fn opts() -> DeviceOpts {
    DeviceOpts {
        serial: Some("SIM123456".to_owned()),
        place: Some("bench".to_owned()),
        id: IdForm::Embedded("1234".to_owned()),
        line_end: LineEnd::CrLf,
        array: ArrayKind::Mlx90640,
        scene: Scene::Bench,
        period: REAL_PERIOD,
        faults: Faults::default(),
        seed: 7,
    }
}

fn half_duplex() -> DeviceOpts {
    DeviceOpts { faults: Faults { half_duplex: true, ..Faults::default() }, ..opts() }
}

/// A device, the clock in our hand, and everything it wrote.
struct Stand<M> {
    machine: M,
    now: Moment,
    wrote: Vec<(Moment, Vec<u8>)>,
    hung_up: Option<Moment>,
}

impl<M: Machine> Stand<M> {
    fn new(mut machine: M) -> Self {
        machine.connected(Moment::ZERO);
        Self { machine, now: Moment::ZERO, wrote: Vec::new(), hung_up: None }
    }

    fn run_to(&mut self, until: Moment) {
        while self.hung_up.is_none() {
            let mut out = Vec::new();
            let next = self.machine.poll(self.now, &mut out);
            if !out.is_empty() {
                self.wrote.push((self.now, out));
            }
            match next {
                Next::HangUp { back } => self.hung_up = Some(back),
                Next::Wake(at) if at > until => break,
                Next::Wake(at) => self.now = self.now.max(at),
            }
        }
        self.now = until;
    }

    fn run_for(&mut self, time: Duration) {
        self.run_to(self.now + time);
    }

    fn order(&mut self, bytes: &[u8]) {
        self.machine.receive(self.now, bytes);
    }

    fn bytes(&self) -> Vec<u8> {
        self.wrote.iter().flat_map(|(_, bytes)| bytes.clone()).collect()
    }
}

impl Stand<Device> {
    fn streaming(opts: DeviceOpts) -> Self {
        let mut stand = Self::new(Device::new(opts));
        stand.run_to(Moment::from_millis(1));
        stand.order(b"PERIOD_ON");
        stand
    }

    /// Goes to the beginning of the next cycle, its first bytes written; returns its time.
    fn await_cycle(&mut self) -> Moment {
        let border = self.machine.next_border();
        self.run_to(border);
        border
    }
}

#[derive(Debug, Default)]
struct Decoded {
    greetings: Vec<String>,
    ids: Vec<Option<String>>,
    frames: Vec<Vec<u16>>,
    calibrations: Vec<Vec<u16>>,
    readings: Vec<Vec<(String, f64)>>,
    bad: usize,
}

fn decoded(bytes: &[u8]) -> Decoded {
    let (mut framer, mut seen) = (Framer::default(), Decoded::default());
    for piece in bytes.chunks(1000) {
        let mut rest = piece;
        while !rest.is_empty() {
            let space = framer.space();
            let n = rest.len().min(space.len());
            space[..n].copy_from_slice(&rest[..n]);
            framer.filled(n);
            rest = &rest[n..];
            while let Some(framed) = framer.next() {
                let Framed::Packet(packet) = framed else {
                    seen.bad += 1;
                    continue;
                };
                if !seen.take(packet) {
                    seen.bad += 1;
                    framer.rejected();
                }
            }
        }
    }
    seen
}

impl Decoded {
    fn take(&mut self, packet: &[u8]) -> bool {
        let mut out = Vec::new();
        match decode(packet) {
            Ok(Packet::Serial(text) | Packet::Location(text)) => self.greetings.push(text.to_owned()),
            Ok(Packet::Frame { id, payload }) => {
                if words(payload, |n| [834, 768, 64, 19_200].contains(&n), &mut out).is_err() {
                    return false;
                }
                self.ids.push(id.map(str::to_owned));
                self.frames.push(out);
            }
            Ok(Packet::Calibration { payload, .. }) => {
                if words(payload, |n| n == 832, &mut out).is_err() {
                    return false;
                }
                self.calibrations.push(out);
            }
            Ok(Packet::Readings { parts, .. }) => match parts.collect::<Result<Vec<_>, _>>() {
                Ok(parts) => self.readings.push(parts.into_iter().map(|(key, n)| (key.to_owned(), n)).collect()),
                Err(_) => return false,
            },
            Err(_) => return false,
        }
        true
    }
}

fn celsius(words: &[u16], eeprom: &[u16]) -> Vec<f32> {
    let mut frame = ThermalFrame::blank();
    let calibration = Calibration::from_eeprom(eeprom).expect("the recorded calibration");
    calibration.temperatures(words, Optics::default(), &mut frame).expect("a plausible frame");
    frame.cells().map(|cell| cell.expect("no broken cell")).collect()
}

fn farthest(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn the_jumping_cell_is_one_cell_from_28_to_85() {
    let mut cells = Vec::new();
    for seed in 0..20 {
        let hot = |t: f64, cells: &mut Vec<f32>| {
            Scene::Jump.truth(Size::MLX90640, t, seed, cells);
            assert!(cells.iter().all(|&cell| cell == 28.0 || cell == 85.0));
            cells.iter().filter(|&&cell| cell == 85.0).count()
        };
        let counts: Vec<usize> = (0..160).map(|n| hot(f64::from(n) * 0.1, &mut cells)).collect();
        let jumped = counts.iter().sum::<usize>();
        assert!(counts.iter().all(|&n| n <= 1) && (38..=40).contains(&jumped), "{jumped} of 160 for seed {seed}");
        assert_eq!(hot(2.0, &mut cells), 0);
    }
}

#[test]
fn scenes_are_equal_for_equal_inputs_finite_and_within_range() {
    let sizes =
        [(1, 1), (8, 8), (32, 24), (160, 120), (5, 70)].map(|(cols, rows)| Size::new(cols, rows).expect("a size"));
    let (mut once, mut again) = (Vec::new(), vec![f32::NAN; 3]);
    for scene in Scene::ALL {
        for size in sizes {
            for t in [0.0, 0.25, 61.7, 301.0, 86_400.5, 1e9] {
                scene.seen(size, t, 42, &mut once);
                scene.seen(size, t, 42, &mut again);
                assert_eq!(once, again, "{scene:?} at {t}");
                assert_eq!(once.len(), size.cells());
                assert!(once.iter().all(|cell| (-40.0..=400.0).contains(cell)), "{scene:?} at {t}");
            }
        }
    }
}

#[test]
fn noise_is_small_and_differs_from_frame_to_frame() {
    let (mut truth, mut seen, mut later) = (Vec::new(), Vec::new(), Vec::new());
    Scene::Rack.truth(Size::MLX90640, 10.0, 1, &mut truth);
    Scene::Rack.seen(Size::MLX90640, 10.0, 1, &mut seen);
    Scene::Rack.seen(Size::MLX90640, 10.01, 1, &mut later);
    assert!(farthest(&truth, &seen) <= MAX_NOISE);
    let deviation = truth.iter().zip(&seen).map(|(a, b)| (a - b).powi(2)).sum::<f32>() / truth.len() as f32;
    assert!((deviation.sqrt() - NOISE_K).abs() < 0.02, "{}", deviation.sqrt());
    assert!(farthest(&seen, &later) > 0.1);
}

#[test]
fn only_the_fire_burns_and_only_the_pan_is_forgotten() {
    let (mut cells, mut hottest) = (Vec::new(), 0.0);
    for scene in Scene::ALL {
        let max = (0..500)
            .map(|n| {
                scene.truth(Size::MLX90640, f64::from(n) * 2.9, 3, &mut cells);
                cells.iter().copied().fold(f32::MIN, f32::max)
            })
            .fold(f32::MIN, f32::max);
        match scene {
            Scene::Fire => hottest = max,
            Scene::Stove => assert!((70.0..90.0).contains(&max), "{max}"),
            _ => assert!(max < 60.0, "{scene:?} reaches {max}"),
        }
    }
    assert!((300.0..=400.0).contains(&hottest), "{hottest}");
    Scene::Fire.truth(Size::MLX90640, 60.0, 3, &mut cells);
    assert!(cells.iter().all(|cell| *cell < 30.0), "it is calm at first");
}

#[test]
fn a_cycle_has_the_pieces_and_times_of_the_recorded_device() {
    let mut stand = Stand::streaming(opts());
    let start = stand.await_cycle();
    stand.wrote.drain(..stand.wrote.len() - 1);
    stand.run_to(stand.machine.next_border() - Duration::from_nanos(1));
    let ms = |at: Moment| at.since(start).as_millis();
    let seen: Vec<_> = stand.wrote.iter().map(|(at, bytes)| (ms(*at), bytes.len())).collect();
    assert!(matches!(seen[..], [(0, 1300), (110, 701), (170, 1349), (490, 46..=51)]), "{seen:?}");
    assert!(stand.wrote[3].1.starts_with(b"#Sensor1234:ADC1=2") && stand.wrote[3].1.ends_with(b",DIO=0!\r\n"));
    assert_eq!(stand.machine.next_border().since(start), REAL_PERIOD);
}

#[test]
fn a_device_names_itself_and_waits_for_its_order() {
    let mut stand = Stand::new(Device::new(opts()));
    stand.run_for(Duration::from_secs(20));
    assert_eq!(stand.bytes(), b"#serialno:SIM123456!\r\n#locid:bench!\r\n");
    stand.order(b"REQUEST1");
    stand.run_for(Duration::from_secs(20));
    let seen = decoded(&stand.bytes());
    assert_eq!((seen.frames.len(), seen.readings.len()), (1, 1));
}

#[test]
fn every_packet_of_every_kind_of_device_decodes() {
    let named = |name: &str| Some(name.to_owned());
    let forms = [
        (IdForm::None, None),
        (IdForm::Embedded("1234".to_owned()), named("1234")),
        (IdForm::Field("default room".to_owned()), named("default room")),
        (IdForm::FrameNumber, named("1")),
    ];
    for array in ArrayKind::ALL {
        for line_end in [LineEnd::None, LineEnd::Lf, LineEnd::CrLf] {
            for (id, expected) in forms.clone() {
                let period = Duration::from_millis(125);
                let mut stand = Stand::streaming(DeviceOpts { array, line_end, id, period, ..opts() });
                stand.order(b"EEPROM1");
                stand.run_for(Duration::from_secs(1));
                let seen = decoded(&stand.bytes());
                assert_eq!((seen.bad, &*seen.greetings), (0, &["SIM123456".to_owned(), "bench".to_owned()][..]));
                assert!(seen.frames.len() >= 6 && seen.readings.len() >= 6, "{array:?}");
                assert_eq!(seen.calibrations.len(), usize::from(array == ArrayKind::Mlx90640));
                assert_eq!(seen.ids.first(), Some(&expected));
                let keys: Vec<_> = seen.readings[0].iter().map(|(key, _)| key.as_str()).collect();
                assert_eq!(keys, ["ADC1", "ADC2", "ADC3", "DIO"]);
            }
        }
    }
}

#[test]
fn true_temperatures_come_back_out() {
    for (scene, subpages) in Scene::ALL.into_iter().flat_map(|scene| [(scene, false), (scene, true)]) {
        let faults = Faults { subpages, ..Faults::default() };
        let mut stand = Stand::streaming(DeviceOpts { scene, faults, period: Duration::from_millis(125), ..opts() });
        stand.order(b"EEPROM1");
        let starts = [(); 4].map(|()| stand.await_cycle());
        stand.run_to(stand.machine.next_border() - Duration::from_nanos(1));
        let seen = decoded(&stand.bytes());
        assert_eq!((seen.frames.len(), seen.calibrations.len()), (4, 1));
        for index in 1..4 {
            let frame = &seen.frames[index];
            let (new, old) = (stand.machine.truth(starts[index]), stand.machine.truth(starts[index - 1]));
            // The chess pattern: a cell of the other subpage is as old as the frame before.
            let is_old = |cell: usize| subpages && (cell / 32 + cell % 32) % 2 != usize::from(frame[833]);
            let expected: Vec<_> = (0..768).map(|cell| if is_old(cell) { old[cell] } else { new[cell] }).collect();
            let off = farthest(&celsius(frame, &seen.calibrations[0]), &expected);
            assert!(off < MAX_NOISE + 0.3, "{scene:?}: {off} K off");
            assert_eq!(frame[833], if subpages { (index as u16 + 1) % 2 } else { 1 });
        }
    }
}

#[test]
fn other_arrays_come_back_through_their_profiles() {
    for (array, step) in [(ArrayKind::Amg8833, 0.125), (ArrayKind::Lepton, 0.01), (ArrayKind::Pixels, 0.01)] {
        let mut stand = Stand::streaming(DeviceOpts { array, scene: Scene::Workshop, ..opts() });
        let start = stand.await_cycle();
        stand.run_for(Duration::from_secs(1));
        let seen = decoded(&stand.bytes());
        let (size, meaning) = profile::recognise(&seen.frames[0], &Choice::default()).expect("a known array");
        assert_eq!(size, array.size());
        assert_ne!(meaning, PixelMeaning::Mlx90640Raw);
        let mut frame = ThermalFrame::blank();
        profile::scale(meaning, &seen.frames[0], size, &mut frame);
        let found: Vec<f32> = frame.cells().map(|cell| cell.expect("a value")).collect();
        assert!(farthest(&found, &stand.machine.truth(start)) < MAX_NOISE + step + 0.01, "{array:?}");
    }
}

#[test]
fn an_order_in_the_middle_of_a_frame_damages_that_frame_and_is_lost() {
    for after_ms in [0, 1, 60, 109, 110, 140, 169] {
        let mut stand = Stand::streaming(half_duplex());
        stand.await_cycle();
        stand.await_cycle();
        stand.run_for(Duration::from_millis(after_ms));
        stand.order(b"EEPROM1");
        stand.run_for(REAL_PERIOD * 3);
        let (seen, summary) = (decoded(&stand.bytes()), stand.machine.summary());
        assert_eq!((summary.frames_damaged_by_orders, summary.orders_lost), (1, 1), "{after_ms} ms");
        assert_eq!((summary.calibrations_answered, seen.calibrations.len()), (0, 0));
        assert_eq!(seen.frames.len() as u64, summary.frames_sent - 1);
        assert!(seen.bad > 0);
    }
}

#[test]
fn an_order_in_the_quiet_time_is_answered_at_the_next_border() {
    for after_ms in [170, 300, 489, 490, 700, 2000, 4084] {
        let mut stand = Stand::streaming(half_duplex());
        let start = stand.await_cycle();
        stand.run_for(Duration::from_millis(after_ms));
        stand.order(b"EEPROM1");
        stand.run_to(start + REAL_PERIOD + Duration::from_millis(1109));
        assert_eq!(stand.machine.summary().calibrations_answered, 0, "{after_ms} ms: too early");
        stand.run_to(start + REAL_PERIOD + Duration::from_millis(1280));
        let (seen, summary) = (decoded(&stand.bytes()), stand.machine.summary());
        assert_eq!((seen.calibrations.len(), summary.calibrations_answered, summary.orders_lost), (1, 1, 0));
        assert_eq!(seen.bad, 0);
        assert_eq!(
            stand.machine.next_border(),
            start + REAL_PERIOD * 2 + Duration::from_millis(800),
            "it is stretched"
        );
    }
}

#[test]
fn a_full_duplex_device_takes_orders_at_any_time() {
    let mut stand = Stand::streaming(opts());
    stand.await_cycle();
    stand.run_for(Duration::from_millis(60));
    stand.order(b"EEPROM1");
    stand.run_for(REAL_PERIOD * 2);
    let seen = decoded(&stand.bytes());
    assert_eq!((seen.bad, seen.calibrations.len()), (0, 1));
}

#[test]
fn devices_understand_the_spellings_they_should() {
    let cases: [(Spelling, &[u8], bool); 9] = [
        (Spelling::Any, b"PERIOD_ON", true),
        (Spelling::Any, b"PERIODIC_ON\r\n", true),
        (Spelling::Any, b"PERIOD_OFF", false),
        (Spelling::Strict, b"PERIOD_ON", true),
        (Spelling::Strict, b"PERIODIC_ON", false),
        (Spelling::LineEnd, b"PERIOD_ON", false),
        (Spelling::LineEnd, b"PERIOD_ON\n", true),
        (Spelling::LineEnd, b"PERIOD_ON\r\n", true),
        (Spelling::LineEnd, b"PERIOD_ON\r", false),
    ];
    for (spelling, bytes, understood) in cases {
        let faults = Faults { spelling, ..Faults::default() };
        let mut stand = Stand::new(Device::new(DeviceOpts { faults, ..opts() }));
        stand.run_for(Duration::from_millis(1));
        stand.order(bytes);
        stand.run_for(REAL_PERIOD * 2);
        assert_eq!(stand.machine.summary().frames_sent > 0, understood, "{spelling:?} {bytes:?}");
    }
}

#[test]
fn an_order_without_line_end_is_forgotten_and_does_not_spoil_the_next() {
    let mut orders = Orders::new(Spelling::LineEnd);
    let mut heard = Vec::new();
    orders.take(Moment::ZERO, b"PERIOD_ON", |order| heard.push(order));
    let ignored = orders.take(Moment::from_millis(10_000), b"EEPROM1\n", |order| heard.push(order));
    assert_eq!((&*heard, ignored), (&[Order::Calibration][..], 1));
    let mut orders = Orders::new(Spelling::Any);
    orders.take(Moment::ZERO, b"EEPR", |order| heard.push(order));
    orders.take(Moment::from_millis(100), b"OM1REQUEST1\r\nPERIOD_ON", |order| heard.push(order));
    assert_eq!(heard, [Order::Calibration, Order::Calibration, Order::Once, Order::Stream]);
}

#[test]
fn a_bad_cable_costs_whole_frames_only() {
    let faults = Faults { damage: Some(3), garbage: Some(3), ..Faults::default() };
    let mut stand = Stand::streaming(DeviceOpts { faults, period: Duration::from_millis(125), ..opts() });
    stand.run_for(Duration::from_secs(20));
    let (seen, summary) = (decoded(&stand.bytes()), stand.machine.summary());
    assert!(summary.frames_damaged_by_fault > 20);
    assert_eq!(seen.frames.len() as u64, summary.frames_sent - summary.frames_damaged_by_fault);
}

#[test]
fn a_reboot_takes_three_seconds_and_two_frames_of_nonsense() {
    let faults = Faults { reboot: Some(Duration::from_secs(30)), ..Faults::default() };
    let mut stand = Stand::streaming(DeviceOpts { faults, ..opts() });
    stand.run_for(Duration::from_secs(60));
    let back = stand.hung_up.take().expect("it reboots within 1.25 times its interval");
    stand.wrote.clear();
    stand.now = back;
    stand.machine.connected(back);
    stand.order(b"PERIOD_ON");
    stand.order(b"EEPROM1");
    stand.run_for(REAL_PERIOD * 5);
    let seen = decoded(&stand.bytes());
    assert_eq!(seen.greetings.len(), 2, "it names itself again");
    let wild = |frame: &[u16]| {
        let mut found = ThermalFrame::blank();
        let calibration = Calibration::from_eeprom(&seen.calibrations[0]).expect("the recorded calibration");
        calibration.temperatures(frame, Optics::default(), &mut found).is_err()
            || found.cells().any(|cell| cell.is_none_or(|celsius| !(-60.0..=400.0).contains(&celsius)))
    };
    let wild: Vec<_> = seen.frames.iter().map(|frame| wild(frame)).collect();
    assert_eq!(wild[..3], [true, true, false]);
}

#[test]
fn a_silent_device_sends_nothing_and_comes_back() {
    let silence = Spell { every: Duration::from_secs(60), lasts: Duration::from_secs(40) };
    let faults = Faults { silence: Some(silence), ..Faults::default() };
    let mut stand = Stand::streaming(DeviceOpts { faults, period: Duration::from_millis(250), ..opts() });
    stand.run_to(Moment::from_millis(90_000));
    let times: Vec<_> = stand.wrote.iter().map(|(at, _)| at.seconds()).collect();
    assert!(times.iter().all(|t| !(20.5..60.0).contains(t)));
    assert!(times.iter().any(|t| *t > 60.0), "it is back");
}

#[test]
fn a_board_breathes_and_smokes_on_order() {
    let opts = BoardOpts {
        place: "air".to_owned(),
        serial: "SIM000001".to_owned(),
        period: Duration::from_millis(100),
        smoke: 520.0,
        seed: 1,
    };
    let mut stand = Stand::new(Board::new(opts));
    stand.run_for(Duration::from_secs(1));
    assert_eq!(decoded(&stand.bytes()).readings.len(), 0, "it waits for its order");
    stand.order(b"PERIOD_ON");
    stand.run_for(Duration::from_secs(900));
    let seen = decoded(&stand.bytes());
    assert_eq!((seen.bad, seen.greetings.len()), (0, 2));
    assert!((8990..=9010).contains(&seen.readings.len()));
    let mut adc1: Vec<f64> = seen.readings.iter().map(|line| line[0].1).collect();
    adc1.sort_by(f64::total_cmp);
    assert!((260.0..300.0).contains(&adc1[adc1.len() / 3]), "rest level {}", adc1[adc1.len() / 3]);
    assert!((700.0..900.0).contains(&adc1[adc1.len() - 1]), "smoke {}", adc1[adc1.len() - 1]);
    assert!(seen.readings.iter().all(|line| line[3] == ("DIO".to_owned(), 0.0)));
}

#[test]
fn the_demo_fleet_has_nine_arrays_and_three_boards_with_names_of_their_own() {
    let (arrays, boards) = (demo::arrays(), demo::boards());
    assert_eq!((arrays.len(), boards.len()), (9, 3));
    let places =
        arrays.iter().filter_map(|opts| opts.place.clone()).chain(boards.iter().map(|opts| opts.place.clone()));
    let serials =
        arrays.iter().filter_map(|opts| opts.serial.clone()).chain(boards.iter().map(|opts| opts.serial.clone()));
    for names in [places.collect::<Vec<_>>(), serials.collect()] {
        let mut unique = names.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), 12, "{names:?}");
    }
    assert!(arrays.iter().all(|opts| opts.scene != Scene::Fire), "the demo does not burn");
}

#[test]
fn load_packets_go_round_and_decode() {
    for (mode, per_round) in [(Mode::Lines, 512), (Mode::Frames, 16), (Mode::Mixed, 32)] {
        let packets = Packets::new(mode);
        let (mut n_sent, mut bytes) = (0, packets.calibration.clone());
        while n_sent < per_round * 2 + 3 {
            let (run, n) = packets.run(n_sent, (per_round * 2 + 3) - n_sent, 8 << 10);
            assert!(n >= 1 && (run.len() <= 8 << 10 || n == 1));
            bytes.extend_from_slice(run);
            n_sent += n;
        }
        assert_eq!(n_sent, per_round * 2 + 3);
        let seen = decoded(&bytes);
        assert_eq!(seen.bad, 0);
        assert_eq!((seen.frames.len() + seen.readings.len()) as u64, n_sent);
        assert_eq!(seen.calibrations.len(), usize::from(mode != Mode::Lines));
        if let (Some(frame), Some(eeprom)) = (seen.frames.first(), seen.calibrations.first()) {
            assert!(celsius(frame, eeprom).iter().all(|celsius| (15.0..45.0).contains(celsius)));
        }
    }
}

#[test]
fn a_scrape_sums_series_and_gives_quantiles_by_difference() {
    let text = |a: u64, b: u64, c: u64| {
        format!(
            "# TYPE hearthlight_sensor_packets_total counter\n\
             hearthlight_sensor_packets_total{{location=\"a b\",kind=\"sensor\"}} {a}\n\
             hearthlight_sensor_packets_total{{location=\"le=\\\"7\\\"\",kind=\"frame\"}} 5\n\
             hearthlight_sensor_packets_rejected_total{{location=\"a\",reason=\"length\"}} 2\n\
             hearthlight_sensor_ingest_seconds_bucket{{kind=\"sensor\",le=\"0.001\"}} {a}\n\
             hearthlight_sensor_ingest_seconds_bucket{{kind=\"sensor\",le=\"0.01\"}} {b}\n\
             hearthlight_sensor_ingest_seconds_bucket{{kind=\"sensor\",le=\"+Inf\"}} {c}\n\
             process_cpu_seconds_total 1.5\nprocess_resident_memory_bytes 2.5e7\n"
        )
    };
    let (before, after) = (Scrape::parse(&text(10, 20, 20)), Scrape::parse(&text(60, 110, 111)));
    assert_eq!((before.accepted, before.rejected, before.memory_bytes), (15, 2, Some(2.5e7)));
    let delta = after.since(&before);
    assert_eq!((delta.accepted, delta.rejected, delta.cpu_seconds), (50, 0, Some(0.0)));
    let p50 = delta.quantile(0.5).expect("half of 91 lie below the first bound");
    assert!((p50 - 0.00091).abs() < 1e-9, "{p50}");
    assert_eq!(delta.slowest(), Some(0.01));
    assert_eq!((delta.quantile(1.0), delta.beyond()), (None, 1));
    let idle = after.since(&after);
    assert_eq!((idle.quantile(0.5), idle.slowest(), idle.beyond()), (None, None, 0));
    assert_eq!(Scrape::parse("no numbers here\n{} x\n"), Scrape::default());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_ordered_when_the_books_balance(
        story in proptest::collection::vec((0_u64..6_000, 0_usize..3), 0..8),
        seed: u64,
        period_ms in 63_u64..5_000,
    ) {
        let period = Duration::from_millis(period_ms);
        let mut stand = Stand::streaming(DeviceOpts { seed, period, ..half_duplex() });
        for (wait_ms, order) in story {
            stand.run_for(Duration::from_millis(wait_ms));
            stand.order([Order::Stream, Order::Once, Order::Calibration][order].bytes(LineEnd::None));
        }
        stand.run_for(period * 30);
        let (seen, summary) = (decoded(&stand.bytes()), stand.machine.summary());
        prop_assert_eq!(seen.frames.len() as u64, summary.frames_sent - summary.frames_damaged_by_orders);
        prop_assert_eq!(seen.calibrations.len() as u64, summary.calibrations_answered);
        prop_assert!(summary.orders_lost <= summary.orders_received);
        prop_assert!(summary.frames_damaged_by_orders + summary.calibrations_damaged <= summary.orders_lost);
        prop_assert!(summary.calibrations_answered + summary.calibrations_damaged <= summary.calibrations_ordered);
        prop_assert_eq!(seen.bad == 0, summary.orders_lost == 0);
    }

    #[test]
    fn any_bytes_are_survived(pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..20)) {
        let mut stand = Stand::streaming(half_duplex());
        for piece in pieces {
            stand.order(&piece);
            stand.run_for(Duration::from_millis(700));
        }
    }
}
