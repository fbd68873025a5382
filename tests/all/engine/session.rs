//! Sessions on recorded and made-up traffic.

use std::path::PathBuf;

use hearthlight::engine::services::sensors::session::{BAD_LIMIT, NOISE_LIMIT};
use hearthlight::model::sensors::{Command, DeviceId, Ended};
use hearthlight::model::thermal::region::{Region, RegionId, Regions, Shape};
use hearthlight::model::thermal::{Calibration, PixelMeaning};
use hearthlight::port::slots::{Kind, Reason};
use hearthlight::settings::current::Settings;
use hearthlight::units::grid::Patch;
use hearthlight::units::moment::Moment;

use super::{Bench, feed};

fn fixture(name: &str) -> Vec<u8> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/all/fixtures/thermal", name].iter().collect();
    std::fs::read(path).unwrap()
}

fn calibration_packet() -> Vec<u8> {
    let words = include_str!("../../../assets/sim/mlx90640-eeprom.hex");
    format!("#EEPROM1234:{}!\r\n", words.trim()).into_bytes()
}

/// Plays a capture, calibration first, in pieces of `n` bytes, and compares with the right answers.
fn play(capture: &str, n: usize, frames: u64, damaged: u64, calibrations: u64) {
    let bench = Bench::new(Settings::default());
    let mut session = bench.dial();
    let mut now = Moment::from_millis(1);
    for piece in [calibration_packet(), fixture(&format!("{capture}.rx.bin"))].concat().chunks(n) {
        now = now + std::time::Duration::from_micros(50);
        feed(&mut session, piece, now, &bench.house);
    }
    let slot = bench.slots().device(&DeviceId::new("1234")).unwrap();
    assert_eq!(slot.accepted[Kind::Frame as usize].get(), frames - damaged);
    assert_eq!(slot.accepted[Kind::Sensor as usize].get(), frames);
    assert_eq!(slot.accepted[Kind::Eeprom as usize].get(), calibrations + 1);
    assert_eq!(slot.n_rejected(), damaged);
    assert_eq!(slot.parts_rejected.get(), 0);
    let mut compared = 0;
    for line in String::from_utf8(fixture(&format!("{capture}.expected.csv"))).unwrap().lines().skip(2) {
        let mut fields = line.split(',');
        let index: u64 = fields.next().unwrap().parse().unwrap();
        let frame = slot.frames.with_sequence(index + 1).unwrap();
        let expected = fields.skip(5).map(|field| field.parse::<f32>().unwrap());
        for (cell, expected) in expected.enumerate() {
            let value = frame.get(cell).unwrap();
            assert!((value - expected).abs() <= 0.01, "frame {index}, cell {cell}: {value}, expected {expected}");
            compared += 1;
        }
    }
    assert_eq!(compared, 6 * 768);
}

#[test]
fn a_quiet_capture_gives_true_temperatures_however_it_is_cut() {
    for n in [1, 7, 65_536] {
        play("capture-a-quiet", n, 40, 0, 0);
    }
}

#[test]
fn of_a_damaged_capture_only_the_damaged_frames_are_lost() {
    for n in [1, 7, 65_536] {
        play("capture-b-commands", n, 16, 2, 7);
    }
}

#[test]
fn without_a_calibration_no_cell_has_a_value() {
    let mut bench = Bench::new(Settings::default());
    let mut session = bench.dial();
    feed(&mut session, &fixture("capture-a-quiet.rx.bin")[..3350], Moment::from_millis(5), &bench.house);
    let frame = bench.slots().device(&DeviceId::new("1234")).unwrap().frames.newest().unwrap();
    assert!(!frame.calibrated);
    assert_eq!(frame.n_broken(), 768);
    assert!(frame.extremes.is_none());
    let array = &bench.fold().thermal.arrays[&DeviceId::new("1234")];
    assert_eq!((array.meaning, array.calibration), (PixelMeaning::Mlx90640Raw, Calibration::Missing));
}

#[test]
fn regions_are_measured_masks_left_out_and_both_followed_while_it_sends() {
    let bench = Bench::new(Settings::default());
    let id = DeviceId::new("1234");
    let region = |label: &str, top, left, bottom, right| Region {
        id: RegionId(label.into()),
        name: "".into(),
        shape: Shape::Box(Patch { top, left, bottom, right }),
        mask: label.starts_with('M'),
        emissivity: None,
    };
    let put = |regions: Vec<Region>| {
        let all = Regions { regions, deltas: Vec::new() };
        bench.house.arrays.lock().restore_regions(&id, all).expect("good regions");
    };
    let mut session = bench.dial();
    let frame = &fixture("capture-a-quiet.rx.bin")[..3350];
    feed(&mut session, &[&calibration_packet(), frame].concat(), Moment::from_millis(5), &bench.house);
    let slot = bench.slots().device(&id).unwrap();
    let whole = slot.frames.newest().unwrap().extremes.unwrap();
    assert!(slot.regions().is_empty());

    put(vec![region("B1", 0, 0, 23, 31)]);
    feed(&mut session, frame, Moment::from_millis(9), &bench.house);
    let measured = slot.frames.newest().unwrap();
    let reading = *measured.meters.reading(&RegionId("B1".into())).expect("a value");
    assert_eq!((reading.max, reading.min, reading.mean, reading.n), (whole.max, whole.min, whole.mean, 768));
    let keys: Vec<String> = slot.regions().iter().map(|figure| figure.key.to_string()).collect();
    assert_eq!(keys, ["B1.max", "B1.mean", "B1.min"]);
    assert_eq!(slot.regions()[0].readings.last(), Some((Moment::from_millis(9), f64::from(whole.max))));

    let (row, col) = ((whole.max_at / 32) as u16, (whole.max_at % 32) as u16);
    put(vec![region("M1", row, col, row, col), region("B1", row, col, row, col)]);
    feed(&mut session, frame, Moment::from_millis(13), &bench.house);
    let masked = slot.frames.newest().unwrap();
    let cooler = masked.extremes.unwrap().max;
    assert!(cooler < whole.max && masked.get(whole.max_at as usize) == Some(whole.max));
    assert_eq!(slot.hottest.last().map(|(_, celsius)| celsius), Some(f64::from(cooler)));
    assert_eq!(slot.regions()[0].readings.written(), 1, "no value, no point");

    put(Vec::new());
    feed(&mut session, frame, Moment::from_millis(17), &bench.house);
    assert!(slot.regions().is_empty());
    assert_eq!(slot.frames.newest().unwrap().extremes, Some(whole));
}

#[test]
fn a_frame_s_gap_in_the_sequence_tells_what_was_lost() {
    let bench = Bench::new(Settings::default());
    let mut session = bench.dial();
    let frame = &fixture("capture-a-quiet.rx.bin")[..3350];
    let mut damaged = frame.to_vec();
    damaged[100] = b'x';
    let stream = [&calibration_packet(), frame, &damaged, frame].concat();
    feed(&mut session, &stream, Moment::from_millis(5), &bench.house);
    let slot = bench.slots().device(&DeviceId::new("1234")).unwrap();
    assert!(slot.frames.with_sequence(2).is_none());
    assert_eq!(slot.frames.newest().unwrap().sequence, 3);
    assert_eq!(slot.rejected[Reason::NotHex as usize].get(), 1);
    let rejects = bench.slots().rejects();
    assert_eq!(rejects.len(), 1);
    assert!(rejects[0].start.starts_with("#frame1234:FFB0"));
}

#[test]
fn what_came_before_the_device_was_known_is_counted_for_it() {
    let bench = Bench::new(Settings::default());
    let mut session = bench.dial();
    let stream = b"#serialno:SIM409534!\r\n#locid:default room!\r\n#Sensor:ADC1=592,ADC3:=1,X=abc!\r\n";
    feed(&mut session, stream, Moment::from_millis(5), &bench.house);
    let slot = bench.slots().device(&DeviceId::new("default room")).unwrap();
    assert_eq!(slot.accepted[Kind::Serial as usize].get(), 1);
    assert_eq!(slot.accepted[Kind::Location as usize].get(), 1);
    assert_eq!(slot.accepted[Kind::Sensor as usize].get(), 1);
    assert_eq!(slot.parts_rejected.get(), 1);
    assert_eq!(slot.bytes.get(), stream.len() as u64);
    let keys: Vec<_> = slot.channels().iter().map(|c| (c.key.to_string(), c.readings.last().unwrap().1)).collect();
    assert_eq!(keys, [("ADC1".to_owned(), 592.0), ("ADC3".to_owned(), 1.0)]);
}

#[test]
fn a_small_array_is_recognised_by_its_number_of_words() {
    let mut bench = Bench::new(Settings::default());
    let mut session = bench.dial();
    let frame = format!("#locid:fridge!\n#frame:{}!\n", "0050".repeat(64));
    feed(&mut session, frame.as_bytes(), Moment::from_millis(5), &bench.house);
    let array = bench.fold().thermal.arrays[&DeviceId::new("fridge")].clone();
    assert_eq!((array.size.cols(), array.size.rows()), (8, 8));
    assert_eq!(array.meaning, PixelMeaning::QuarterCelsius);
    let frame = bench.slots().device(&DeviceId::new("fridge")).unwrap().frames.newest().unwrap();
    assert_eq!(frame.get(0), Some(20.0));
}

#[test]
fn only_noise_closes_the_connection() {
    let bench = Bench::new(Settings::default());
    let mut session = bench.dial();
    feed(&mut session, &vec![b'.'; NOISE_LIMIT + 1], Moment::from_millis(5), &bench.house);
    assert_eq!(session.poll(Moment::from_millis(6), &*bench.house), Err(Ended::OnlyBadPackets));

    let mut session = bench.dial();
    feed(&mut session, b"#nonsense!\n", Moment::from_millis(5), &bench.house);
    let late = Moment::from_millis(10) + BAD_LIMIT;
    assert_eq!(session.poll(late, &*bench.house), Err(Ended::OnlyBadPackets));

    let mut session = bench.dial();
    feed(&mut session, b"#Sensor:A=1!\n", Moment::from_millis(5), &bench.house);
    assert!(session.poll(late, &*bench.house).is_ok());
}

#[test]
fn nothing_a_stranger_says_is_kept_until_it_is_taken_in() {
    let mut bench = Bench::new(Settings::default());
    let stranger = "10.0.0.9".parse().unwrap();
    let mut session = bench.dial_from(stranger);
    let line = b"#Sensor1234:ADC1=5!\r\n";
    let stream = [&calibration_packet(), &fixture("capture-a-quiet.rx.bin")[..3350], line].concat();
    feed(&mut session, &stream, Moment::from_millis(5), &bench.house);
    let id = DeviceId::new("1234");
    let slot = bench.slots().device(&id).unwrap();
    assert_eq!((slot.n_accepted(), slot.n_rejected()), (3, 0), "counted all the same");
    assert!(slot.channels().is_empty() && slot.frames.newest().is_none());
    assert!(bench.house.arrays.lock().words(&id).is_none());
    assert!(bench.fold().thermal.arrays.is_empty());

    bench.house.registry.lock().on_command(Command::Accept { device: id.clone() }).unwrap();
    feed(&mut session, &stream, Moment::from_millis(9), &bench.house);
    assert!(slot.frames.newest().unwrap().calibrated);
    assert_eq!(slot.channels().len(), 1);
    assert!(bench.fold().thermal.arrays.contains_key(&id));
}

#[test]
fn who_looks_for_a_web_server_is_turned_away_at_once_and_counted_once() {
    for (start, name) in [
        (&b"GET / HTTP/1.1\r\nHost: #Sensor1:A=1!\r\n"[..], "HTTP"),
        (b"POST /api HTTP/1.1\r\n", "HTTP"),
        (b"HEAD / HTTP/1.0\r\n", "HTTP"),
        (&[0x16, 0x03, 0x01, 0x02, 0x00, 0x01], "TLS"),
    ] {
        for cut in [1, 3, start.len()] {
            let bench = Bench::new(Settings::default());
            let mut session = bench.dial();
            let (first, rest) = start.split_at(cut);
            feed(&mut session, first, Moment::from_millis(5), &bench.house);
            feed(&mut session, rest, Moment::from_millis(6), &bench.house);
            let now = Moment::from_millis(7);
            assert_eq!(session.wake_at(now), now, "there is nothing to wait for");
            assert_eq!(session.poll(now, &*bench.house), Err(Ended::WrongProtocol));
            assert_eq!(bench.slots().rejected_unknown[Reason::UnknownKind as usize].get(), 1);
            assert!(bench.slots().rejects()[0].detail.contains(name));
            assert!(bench.slots().devices().is_empty(), "nothing behind it is believed");
        }
    }
}

#[test]
fn what_comes_later_is_no_other_protocol() {
    let bench = Bench::new(Settings::default());
    let mut session = bench.dial();
    feed(&mut session, b"#Sensor1:A=1!\nGET / HTTP/1.1\r\n", Moment::from_millis(5), &bench.house);
    assert!(session.poll(Moment::from_millis(6), &*bench.house).is_ok());
    let mut session = bench.dial();
    feed(&mut session, b"GEX#Sensor2:A=1!\n", Moment::from_millis(5), &bench.house);
    assert!(session.poll(Moment::from_millis(6), &*bench.house).is_ok());
    assert_eq!(bench.slots().devices().len(), 2);
}
