//! The exports service: jobs that wait, run, end and are cancelled, and the files they leave, or do not.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use hearthlight::engine::bus::{Batch, BusSender};
use hearthlight::engine::services::exports::jobs::{AT_ONCE, Jobs};
use hearthlight::engine::services::exports::past::{Past, Unrecorded};
use hearthlight::engine::services::exports::{self, Desk};
use hearthlight::io::clock::Clock;
use hearthlight::io::reveal::Reveal;
use hearthlight::model::alarms::alarm::{AlarmId, Reason};
use hearthlight::model::alarms::journal::{Entry, Still, What};
use hearthlight::model::alarms::rule::{Level, RuleId};
use hearthlight::model::exports::{
    ChartForm, Colours, Command as Asked, Export, Job, Look, MAX_JOBS, PictureForm, Standing, Update as Fact,
};
use hearthlight::model::message::{Command, Envelope, Origin, Ticket, Update};
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::thermal::{Array, Calibration, Choice, PixelMeaning, ThermalFrame};
use hearthlight::port::Posted;
use hearthlight::port::slots::{DeviceSlot, Slots};
use hearthlight::report::words;
use hearthlight::settings::current::Settings;
use hearthlight::store::recordings::Recordings;
use hearthlight::store::records::{Budget, Noted, Reading};
use hearthlight::store::{Patience, Store};
use hearthlight::units::grid::{Mounting, Size};
use hearthlight::units::temperature::Scale;
use jiff::tz::{TimeZone, offset};
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

const START: &str = "2026-03-01T12:00:00Z";

fn time(second: i64) -> Timestamp {
    START.parse::<Timestamp>().expect("a time").checked_add(SignedDuration::from_secs(second)).expect("a time")
}

fn id(text: &str) -> DeviceId {
    DeviceId::new(text)
}

fn look() -> Look {
    Look {
        palette: "inferno".into(),
        smooth: false,
        colours: Colours::Heat,
        span: None,
        isotherm: None,
        mounting: Mounting::default(),
        scale: Scale::Celsius,
    }
}

fn picture(form: PictureForm) -> Export {
    Export::Snapshot { device: id("bench"), at: None, form, look: look() }
}

fn clip() -> Export {
    Export::Clip { device: id("bench"), from: time(0), to: time(60) }
}

fn frame(second: i64) -> ThermalFrame {
    let mut frame = ThermalFrame::blank();
    frame.begin(Size::new(3, 2).expect("a size")).copy_from_slice(&[20.5, 21.0, 22.1, -3.25, 0.0, 104.7]);
    frame.set_broken(4);
    frame.measure();
    (frame.sequence, frame.wall, frame.meaning, frame.calibrated) =
        (9, time(second), PixelMeaning::CentiOffset27, true);
    frame
}

/// Shows nothing, and remembers what it was asked to.
#[derive(Default)]
struct Shown(Mutex<Vec<PathBuf>>);

impl Reveal for Shown {
    fn show(&self, file: &Path) -> std::io::Result<()> {
        self.0.lock().push(file.to_owned());
        Ok(())
    }
}

/// Sixty pictures, each handed out when the test says so, or at once.
struct Tape {
    begun: crossbeam_channel::Sender<()>,
    go: Option<crossbeam_channel::Receiver<()>>,
}

impl Past for Tape {
    fn at(&self, device: &DeviceId, at: Timestamp) -> Result<Option<Arc<ThermalFrame>>, String> {
        Ok((*device == id("bench") && at >= time(0)).then(|| Arc::new(frame(0))))
    }

    fn each(
        &self,
        _: &DeviceId,
        _: (Timestamp, Timestamp),
        take: &mut dyn FnMut(&ThermalFrame) -> ControlFlow<()>,
    ) -> Result<(), String> {
        self.begun.send(()).expect("heard");
        for second in 0..60 {
            if let Some(go) = &self.go {
                go.recv().expect("told to go on");
            }
            if take(&frame(second)).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// The service with a folder of its own.
struct Room {
    _folder: TempDir,
    folder: PathBuf,
    store: Store,
    shown: Arc<Shown>,
    settings: Arc<ArcSwap<Settings>>,
    mailbox: mpsc::Sender<Posted>,
    said: mpsc::UnboundedReceiver<Batch>,
    stop: CancellationToken,
    service: tokio::task::JoinHandle<()>,
}

fn view() -> Snapshot {
    let mut view = Snapshot::default();
    let array = Array {
        device: id("bench"),
        size: Size::new(3, 2).expect("a size"),
        meaning: PixelMeaning::CentiOffset27,
        calibration: Calibration::NotNeeded,
        choice: Choice::default(),
        regions: Arc::default(),
    };
    view.thermal.arrays.insert(id("bench"), Arc::new(array));
    view
}

impl Room {
    fn new(past: impl Past + 'static) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = folder.path().join("exports");
        let slots = Arc::new(Slots::default());
        let slot = Arc::new(DeviceSlot::new(id("bench"), "bench".into()));
        slot.frames.put(Arc::new(frame(1)), &slots.frame_bytes);
        slots.insert(slot);
        let patience = Patience { gather: Duration::from_secs(3600), busy: Duration::ZERO };
        let store = Store::open(&folder.path().join("hearthlight.db"), patience, |_| {}).expect("opens");
        // The times here are long past.
        store.set_budget(Budget { full_minutes: u32::MAX, ..Budget::default() });
        let shown = Arc::new(Shown::default());
        let settings = Arc::new(ArcSwap::from_pointee(Settings::default()));
        let desk = Desk {
            clock: Clock::default(),
            zone: TimeZone::fixed(offset(1)),
            settings: Arc::clone(&settings),
            folder: inside.clone(),
            slots,
            snapshot: Arc::new(ArcSwap::from_pointee(view())),
            store: Some(store.clone()),
            past: Arc::new(past),
            reveal: Arc::clone(&shown) as _,
        };
        let (bus, said) = BusSender::new();
        let (mailbox, inbox) = mpsc::channel(64);
        let stop = CancellationToken::new();
        let service = tokio::spawn(exports::run(desk, bus, inbox, stop.clone()));
        Self { folder: inside, _folder: folder, store, shown, settings, mailbox, said, stop, service }
    }

    /// Sends a command and gives its facts, or why it was refused; facts about other jobs are passed over.
    async fn ask(&mut self, command: Asked, origin: Origin) -> Result<Vec<Fact>, String> {
        let (reply, _outcome) = oneshot::channel();
        let envelope = Envelope { command: Command::Exports(command), origin, ticket: Ticket(1), cause: None };
        self.mailbox.send(Posted { envelope, reply: Some(reply) }).await.expect("taken");
        loop {
            let Batch { updates, answer, .. } = self.said.recv().await.expect("answered");
            let Some(answer) = answer else { continue };
            return answer.refused.map_or_else(|| Ok(facts(updates)), Err);
        }
    }

    async fn start(&mut self, export: Export) -> Arc<Job> {
        let facts = self.ask(Asked::Start(export), Origin::Api).await.expect("begun");
        match facts.last() {
            Some(Fact::Changed(job)) => Arc::clone(job),
            other => panic!("{other:?}"),
        }
    }

    /// How a job ends.
    async fn end(&mut self, job: u64) -> Standing {
        loop {
            for fact in facts(self.said.recv().await.expect("told").updates) {
                match fact {
                    Fact::Changed(known) if known.id == job && !matches!(known.standing, Standing::Running(_)) => {
                        return known.standing.clone();
                    }
                    _ => {}
                }
            }
        }
    }

    async fn written(&mut self, export: Export) -> PathBuf {
        let job = self.start(export).await.id;
        match self.end(job).await {
            Standing::Done { path, bytes } => {
                assert_eq!(std::fs::metadata(&*path).expect("there").len(), bytes);
                PathBuf::from(&*path)
            }
            other => panic!("{other:?}"),
        }
    }

    async fn failed(&mut self, export: Export) -> String {
        let job = self.start(export).await.id;
        match self.end(job).await {
            Standing::Failed(why) => why.to_string(),
            other => panic!("{other:?}"),
        }
    }

    /// Names of all files in the folder, hidden ones too.
    fn files(&self) -> Vec<String> {
        let Ok(listed) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let mut names: Vec<String> =
            listed.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn facts(updates: Vec<Update>) -> Vec<Fact> {
    updates
        .into_iter()
        .map(|update| match update {
            Update::Exports(fact) => fact,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn operator() -> Origin {
    Origin::Operator("Ada".into())
}

#[tokio::test]
async fn a_snapshot_is_written_in_every_form() {
    let mut room = Room::new(Unrecorded);
    for form in [PictureForm::Csv, PictureForm::Json, PictureForm::Png] {
        let path = room.written(picture(form)).await;
        let bytes = std::fs::read(&path).expect("there");
        match form {
            PictureForm::Csv => assert!(bytes.starts_with(b"# Hearthlight thermal snapshot\r\n")),
            PictureForm::Json => assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_ok()),
            PictureForm::Png => assert!(image::load_from_memory(&bytes).is_ok()),
        }
    }
    // Named by what and when, the time as people there read it.
    let name = "snapshot-bench-20260301-130001";
    assert_eq!(room.files(), ["csv", "json", "png"].map(|ending| format!("{name}.{ending}")));
}

#[tokio::test]
async fn the_same_name_twice_makes_two_files() {
    let mut room = Room::new(Unrecorded);
    let first = room.written(picture(PictureForm::Csv)).await;
    std::fs::write(&first, "mine").expect("written");
    let second = room.written(picture(PictureForm::Csv)).await;
    assert_eq!(second.file_name().expect("a name"), "snapshot-bench-20260301-130001 (2).csv");
    assert_eq!(std::fs::read_to_string(first).expect("there"), "mine");
}

#[tokio::test]
async fn a_setting_names_another_folder() {
    let mut room = Room::new(Unrecorded);
    let elsewhere = room._folder.path().join("else").join("where");
    let mut settings = Settings::default();
    settings.files.exports = elsewhere.display().to_string();
    room.settings.store(Arc::new(settings));
    assert!(room.written(picture(PictureForm::Csv)).await.starts_with(&elsewhere));
    assert!(room.files().is_empty());
}

#[tokio::test]
async fn two_run_at_once_others_wait_and_a_cancelled_one_leaves_no_file() {
    let (begun, heard) = crossbeam_channel::unbounded();
    let (go, wait) = crossbeam_channel::unbounded();
    let mut room = Room::new(Tape { begun, go: Some(wait) });
    let mut jobs = Vec::new();
    for _ in 0..3 {
        let job = room.start(clip()).await;
        assert_eq!(job.standing, Standing::Running(0.0));
        jobs.push(job.id);
    }
    // Two threads have begun, both wait for the tape; the third job has none.
    tokio::task::spawn_blocking(move || (0..2).for_each(|_| heard.recv().expect("begun"))).await.expect("two");
    room.ask(Asked::Cancel(jobs[2]), operator()).await.map(|facts| assert_eq!(facts.len(), 1)).expect("cancelled");
    room.ask(Asked::Cancel(jobs[0]), operator()).await.expect("heard");
    room.ask(Asked::Cancel(jobs[1]), operator()).await.expect("heard");
    (0..2).for_each(|_| go.send(()).expect("told"));
    let mut ended = 0;
    while ended < 2 {
        for fact in facts(room.said.recv().await.expect("told").updates) {
            let Fact::Changed(job) = fact else { panic!("a job") };
            ended += u32::from(job.standing == Standing::Cancelled);
        }
    }
    assert!(room.files().is_empty(), "{:?}", room.files());
    let over = room.ask(Asked::Cancel(jobs[0]), operator()).await;
    assert!(over.is_err_and(|why| why.contains("is over")));
    assert_eq!(room.ask(Asked::Cancel(99), operator()).await, Err("There is no export 99.".to_owned()));
}

#[tokio::test]
async fn stopping_ends_a_running_job_without_a_file() {
    let (begun, heard) = crossbeam_channel::unbounded();
    let (go, wait) = crossbeam_channel::unbounded();
    let mut room = Room::new(Tape { begun, go: Some(wait) });
    room.start(clip()).await;
    tokio::task::spawn_blocking(move || heard.recv().expect("begun")).await.expect("one");
    room.stop.cancel();
    (0..60).for_each(|_| go.send(()).expect("told"));
    (&mut room.service).await.expect("ended");
    assert!(room.files().is_empty(), "{:?}", room.files());
}

#[tokio::test]
async fn a_clip_has_one_row_for_each_picture() {
    let (begun, _heard) = crossbeam_channel::unbounded();
    let mut room = Room::new(Tape { begun, go: None });
    let text = std::fs::read_to_string(room.written(clip()).await).expect("there");
    let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!((rows.len(), rows[0]), (61, "time,sequence,emissivity,chip,r1c1,r1c2,r1c3,r2c1,r2c2,r2c3"));
    assert_eq!(rows[60], "2026-03-01T13:00:59.000+01:00,9,0.95,,20.5,21,22.1,-3.25,,104.7");
    let past = Export::Snapshot { device: id("bench"), at: Some(time(5)), form: PictureForm::Csv, look: look() };
    let text = std::fs::read_to_string(room.written(past).await).expect("there");
    assert!(text.contains("# time: 2026-03-01T13:00:00.000+01:00"));
    let before = Export::Snapshot { device: id("bench"), at: Some(time(-5)), form: PictureForm::Csv, look: look() };
    assert!(room.failed(before).await.contains("was recorded at 2026-03-01 12:59:55 +01:00. Choose another time."));
}

#[tokio::test]
async fn what_was_recorded_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let recordings = Recordings::open(folder.path(), 1 << 30).expect("opens");
    recordings.record((0..60).map(|second| (id("bench"), Arc::new(frame(second)))).collect());
    let mut room = Room::new(recordings);
    let text = std::fs::read_to_string(room.written(clip()).await).expect("there");
    assert_eq!(text.lines().filter(|line| line.starts_with("2026-03-01T13:00:")).count(), 60);
    let past = Export::Snapshot { device: id("bench"), at: Some(time(30)), form: PictureForm::Csv, look: look() };
    let text = std::fs::read_to_string(room.written(past).await).expect("there");
    assert!(text.contains("# time: 2026-03-01T13:00:30.000+01:00") && text.contains("104.7"), "{text}");
}

#[tokio::test]
async fn a_file_is_shown_to_a_person_only() {
    let mut room = Room::new(Unrecorded);
    let path = room.written(picture(PictureForm::Csv)).await;
    for origin in [Origin::Api, Origin::Rule("Fire".into()), Origin::System] {
        let refused = room.ask(Asked::Reveal(1), origin).await;
        assert!(refused.is_err_and(|why| why.contains("Only a person at the window")));
    }
    assert_eq!(room.ask(Asked::Reveal(1), operator()).await, Ok(Vec::new()));
    assert_eq!(*room.shown.0.lock(), std::slice::from_ref(&path));
    std::fs::remove_file(path).expect("removed");
    let gone = room.ask(Asked::Reveal(1), operator()).await;
    assert!(gone.is_err_and(|why| why.contains("no longer there")));
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_or_fails_with_a_cure() {
    let mut room = Room::new(Unrecorded);
    let nowhere = Export::Snapshot { device: id("attic"), at: None, form: PictureForm::Png, look: look() };
    let backwards = Export::Clip { device: id("bench"), from: time(5), to: time(5) };
    let channels = |n| (0..n).map(|i| (id("bench"), format!("K{i}").into())).collect();
    let history = |n| Export::History {
        channels: channels(n),
        from: time(0),
        to: time(60),
        form: ChartForm::Csv,
        scale: Scale::Celsius,
    };
    for (export, words) in [
        (nowhere, "no thermal array \"attic\""),
        (backwards, "must end after it begins"),
        (history(0), "Name a channel"),
        (history(17), "16 channels at most, not 17"),
    ] {
        let refused = room.ask(Asked::Start(export), Origin::Api).await;
        assert!(refused.clone().is_err_and(|why| why.contains(words)), "{refused:?}");
    }
    let incident = |entry| Export::Incident { entry, scale: Scale::Celsius };
    for (export, words) in [
        (clip(), "No thermal pictures are recorded here"),
        (history(1), "Nothing was recorded from 2026-03-01 13:00:00 +01:00"),
        (incident(7), "The journal has no entry 7"),
    ] {
        let why = room.failed(export).await;
        assert!(why.contains(words), "{why}");
    }
    // A file stands where the folder should be.
    std::fs::remove_dir_all(&room.folder).ok();
    std::fs::write(&room.folder, "in the way").expect("written");
    let why = room.failed(picture(PictureForm::Csv)).await;
    assert!(why.contains("files.exports"), "{why}");
}

fn reason() -> Reason {
    Reason {
        source: 0,
        name: "Critical heat".into(),
        device: id("bench"),
        level: Level::Danger,
        on: true,
        value: 85.3,
        threshold: 60.0,
        unit: "C".into(),
        since: time(58),
        cell: Some((1, 2)),
        stale: false,
    }
}

fn entry(what: What, second: i64, device: bool, text: &str) -> Entry {
    let mut centi = vec![2100; 6];
    centi[5] = 8530;
    Entry {
        alarm: Some(AlarmId::of(&RuleId::new("fire"), "bench")),
        rule: Some(RuleId::new("fire")),
        device: device.then(|| id("bench")),
        location: Some("bench".into()),
        level: Some(Level::Danger),
        reasons: if what == What::Raised { vec![reason()] } else { Vec::new() },
        still: (what == What::Raised).then(|| Arc::new(Still { columns: 3, rows: 2, centi })),
        ..Entry::plain(what, "Hearthlight".into(), time(second), text.to_owned())
    }
}

#[tokio::test]
async fn an_incident_report_is_made_of_what_the_store_has() {
    let mut room = Room::new(Unrecorded);
    let text = format!("Danger: Fire at bench: {}", words::reason(&reason()));
    let entries = vec![
        entry(What::Raised, -500, true, "an earlier one"),
        entry(What::Cleared, -400, true, "an earlier one cleared"),
        Entry::plain(What::Setting, "Ada".into(), time(10), "window.theme was changed".to_owned()),
        entry(What::Raised, 60, true, &text),
        entry(What::Acknowledged, 80, true, "Fire at bench acknowledged"),
        entry(What::Cleared, 100, true, "Fire at bench cleared"),
        // The alarm was normal again when its action ended: no device is named.
        entry(What::Acted, 101, false, "Fire at bench: set thermal.emissivity to 0.9"),
        entry(What::Raised, 900, true, "a later one"),
    ];
    room.store.note(Noted { entries, ..Noted::default() });
    let reading = |second| Reading {
        device: id("bench"),
        channel: "hottest".into(),
        at_ms: time(second).as_millisecond(),
        value: if second < 58 { 21.0 } else { 85.3 },
    };
    room.store.record((0..200).map(reading).collect());
    room.store.flush().expect("kept");
    for asked in [4, 5, 7] {
        let path = room.written(Export::Incident { entry: asked, scale: Scale::Celsius }).await;
        let html = std::fs::read_to_string(&path).expect("there");
        let shown = [
            &*text,
            "85.3 C",
            "60 C",
            "row 2, column 3",
            "acknowledged",
            "set thermal.emissivity to 0.9",
            "2026-03-01 13:01:00 +01:00",
            "data:image/png",
            "<polyline",
            "Critical heat 60 C",
        ];
        for words in shown {
            assert!(html.contains(words), "{words} is not in\n{html}");
        }
        for words in ["an earlier one", "a later one", "window.theme"] {
            assert!(!html.contains(words), "{words}");
        }
    }
    assert!(room.files()[0].starts_with("incident-fire-at-bench-20260301-130100"), "{:?}", room.files());
    assert!(room.failed(Export::Incident { entry: 3, scale: Scale::Celsius }).await.contains("is about no alarm"));
}

#[tokio::test]
async fn history_is_written_in_every_form() {
    let mut room = Room::new(Unrecorded);
    let reading = |second| Reading {
        device: id("bench"),
        channel: "hottest".into(),
        at_ms: time(second).as_millisecond(),
        value: second as f64,
    };
    room.store.record((0..3000).map(reading).collect());
    let export = |form| Export::History {
        channels: vec![(id("bench"), "hottest".into()), (id("bench"), "ADC1".into())],
        from: time(0),
        to: time(3000),
        form,
        scale: Scale::Kelvin,
    };
    let csv = std::fs::read_to_string(room.written(export(ChartForm::Csv)).await).expect("there");
    let rows: Vec<Vec<&str>> =
        csv.lines().filter(|line| !line.starts_with('#')).skip(1).map(|row| row.split(',').collect()).collect();
    assert_eq!(rows.len(), 3000);
    // Every reading once, in order, in Celsius, although it was gathered in several stretches.
    assert!(rows.iter().enumerate().all(|(n, row)| row[2] == n.to_string() && row[4].is_empty()));
    assert!(csv.contains("# bench:ADC1: bench smoke ADC1, unit: counts of 4095, resolution: nothing was recorded"));
    for (form, begins) in
        [(ChartForm::Svg, &b"<svg "[..]), (ChartForm::Html, b"<!DOCTYPE html>"), (ChartForm::Png, b"\x89PNG")]
    {
        let bytes = std::fs::read(room.written(export(form)).await).expect("there");
        assert!(bytes.starts_with(begins), "{form:?}");
    }
}

#[test]
fn jobs_are_counted_remembered_and_forgotten() {
    let mut jobs = Jobs::default();
    for n in 1..=MAX_JOBS as u64 {
        let facts = jobs.start(clip(), format!("Job {n}"), time(0)).expect("taken");
        assert_eq!(facts.len(), 1);
    }
    assert!(
        jobs.start(clip(), "One more".to_owned(), time(0)).is_err_and(|why| why.starts_with("20 exports are not done"))
    );
    let begun: Vec<u64> = std::iter::from_fn(|| jobs.begin()).map(|begun| begun.id).collect();
    assert_eq!((begun, jobs.running()), (vec![1, 2], AT_ONCE));
    assert!(matches!(&jobs.reached(2, 0.5)[..], [Fact::Changed(job)] if job.standing == Standing::Running(0.5)));
    assert!(jobs.reached(3, 0.5).is_empty(), "it does not run");
    let done = Standing::Done { path: "/tmp/a.csv".into(), bytes: 3 };
    assert!(matches!(&jobs.ended(2, done.clone())[..], [Fact::Changed(job)] if job.standing == done));
    assert!(jobs.ended(2, Standing::Cancelled).is_empty() && jobs.reached(2, 0.9).is_empty(), "what ended stays so");
    assert_eq!(jobs.file_of(2), Ok(PathBuf::from("/tmp/a.csv")));
    assert!(jobs.file_of(1).is_err_and(|why| why.contains("not written yet")));
    let facts = jobs.start(clip(), "One more".to_owned(), time(0)).expect("taken");
    assert!(matches!(&facts[..], [Fact::Gone(2), Fact::Changed(job)] if job.id == 21), "{facts:?}");
    assert_eq!(jobs.begin().map(|begun| begun.id), Some(3));
}
