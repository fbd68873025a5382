//! Reports of a running program, from a device's bytes to the file, and read by a browser that nobody here wrote.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use hearthlight::io::lock;
use hearthlight::wire::thermal::{LineEnd, encode_frame};
use serde_json::Value;

use super::eventually;
use super::program::{headless, program, terminate, wait_up};

/// Only so that a hang ends; nothing here is timed.
const PATIENCE: Duration = Duration::from_secs(300);

/// The program with an alarm: a device whose picture shows 85.25 C in one cell of 28 C.
struct Alarmed {
    _folder: tempfile::TempDir,
    data: PathBuf,
    child: Child,
    api: SocketAddr,
    token: String,
    device: TcpStream,
}

impl Alarmed {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let data = folder.path().join("data");
        let mut child = headless(&data);
        wait_up(&data, &mut child);
        let api = lock::running(&data.join("hearthlight.lock")).and_then(|running| running.api).expect("announced");
        let token = std::fs::read_to_string(data.join("secrets").join("api.token")).expect("token").trim().to_owned();
        let ask = |path: &str| get(api, &token, path);
        let listeners = ask("/api/v1/state")["system"]["listeners"].clone();
        let sensors = listeners.as_array().expect("listed").iter().find(|line| line["key"] == "sensors.listen");
        let sensors = sensors.and_then(|line| line["state"]["open"]["at"].as_str()).expect("open").to_owned();
        let mut device = TcpStream::connect(sensors).expect("dialled in");
        device.write_all(b"#locid:bench!\n").expect("sent");
        let start = Instant::now();
        // Cool pictures first, then one hot cell, until the alarm is there.
        for n in 0_u32.. {
            device.write_all(&picture(n > 3)).expect("sent");
            if ask("/api/v1/alarms/fire--bench")["id"] == "fire--bench" {
                break;
            }
            assert!(start.elapsed() < PATIENCE, "no alarm: {}", ask("/api/v1/sensors"));
            std::thread::yield_now();
        }
        let alarmed = Self { data, _folder: folder, child, api, token, device };
        eventually("it is journaled", || {
            let page = alarmed.ask("/api/v1/journal?what=raised");
            page["entries"][0]["seq"].as_u64()
        });
        alarmed
    }

    fn ask(&self, path: &str) -> Value {
        get(self.api, &self.token, path)
    }

    /// Has a report written; gives the file it names.
    fn report(&self, args: &[&str]) -> PathBuf {
        let output = program(&self.data).arg("report").args(args).output().expect("ran");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        PathBuf::from(told.trim())
    }
}

/// 24 rows of 32 cells, hundredths of a degree around 27 C.
fn picture(hot: bool) -> Vec<u8> {
    let mut words = vec![100_u16; 768];
    if hot {
        words[10 * 32 + 19] = 5825;
    }
    let mut out = Vec::new();
    encode_frame("", &words, LineEnd::Lf, &mut out);
    out
}

fn get(at: SocketAddr, token: &str, path: &str) -> Value {
    let mut stream = TcpStream::connect(at).expect("open");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {at}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n")
        .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).unwrap_or(Value::Null)
}

#[test]
fn reports_of_an_alarm_are_written_from_the_command_line() {
    let alarmed = Alarmed::start();
    let exports = alarmed.data.join("exports");
    let page = alarmed.report(&["incident", "fire--bench"]);
    assert!(page.starts_with(&exports), "{}", page.display());
    let html = std::fs::read_to_string(&page).expect("there");
    let entry = alarmed.ask("/api/v1/journal?what=raised")["entries"][0].clone();
    assert!(html.contains(entry["text"].as_str().expect("a text")), "{entry}\n{html}");
    assert!(html.contains("data:image/png;base64,") && html.contains("85.2 C"));

    let place = alarmed.data.join("mine.csv");
    let text = place.display().to_string();
    assert_eq!(alarmed.report(&["snapshot", "bench", "--to", &text]), place);
    let csv = std::fs::read_to_string(&place).expect("moved");
    assert!(csv.contains("# size: 32 columns, 24 rows") && csv.contains("85.25"), "{csv}");

    let numbers = alarmed.report(&["history", "--channel", "bench:hottest"]);
    assert!(std::fs::read_to_string(numbers).expect("there").contains("85.25"));
    let jobs = alarmed.ask("/api/v1/exports");
    assert_eq!(jobs.as_array().map(Vec::len), Some(3));

    let refused = program(&alarmed.data).args(["report", "snapshot", "attic"]).output().expect("ran");
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("There is no thermal array attic"));
    drop(alarmed.device);
    assert_eq!(terminate(alarmed.child).status.code(), Some(0));
}

/// A browser without a network.
fn browser(profile: &Path) -> Command {
    let mut command = Command::new("chromium");
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--proxy-server=127.0.0.1:9"]);
    command.arg(format!("--user-data-dir={}", profile.display()));
    command
}

#[test]
#[ignore = "needs chromium"]
fn an_incident_report_opens_offline_with_the_journals_numbers() {
    let alarmed = Alarmed::start();
    let page = alarmed.report(&["incident", "fire--bench"]);
    let entry = alarmed.ask("/api/v1/journal?what=raised")["entries"][0].clone();
    let reason = &entry["reasons"][0];
    drop(alarmed.device);
    assert_eq!(terminate(alarmed.child).status.code(), Some(0));

    let profile = tempfile::tempdir().expect("folder");
    let url = format!("file://{}", page.display());
    let output = browser(profile.path()).args(["--dump-dom", &url]).output().expect("chromium");
    let dom = String::from_utf8_lossy(&output.stdout);
    let number = |key: &str| {
        let text = format!("{:.1}", reason[key].as_f64().expect("a number"));
        format!("{} C", text.strip_suffix(".0").unwrap_or(&text))
    };
    let cell = format!(
        "row {}, column {}",
        reason["cell"][0].as_u64().expect("row") + 1,
        reason["cell"][1].as_u64().expect("column") + 1
    );
    let text = entry["text"].as_str().expect("a text").to_owned();
    for wanted in [text, number("value"), number("threshold"), cell, "not a certified fire alarm".to_owned()] {
        assert!(dom.contains(&wanted), "{wanted} is not in\n{dom}");
    }
    assert!(dom.contains("<svg") && dom.contains("</html>"));

    let shot = profile.path().join("page.png");
    let taken = browser(profile.path())
        .args(["--window-size=1000,1600", &format!("--screenshot={}", shot.display()), &url])
        .output()
        .expect("chromium");
    let picture = image::open(&shot).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&taken.stderr))).to_rgb8();
    // The hottest cell of the picture at the peak: the last colour of the palette, somewhere on the page.
    let hottest = hearthlight::heat::palette::Palette::Inferno.lut()[255];
    let near = |a: u8, b: u8| a.abs_diff(b) <= 2;
    let shown = picture.pixels().filter(|pixel| pixel.0.iter().zip(hottest).all(|(a, b)| near(*a, b))).count();
    assert!(shown > 60, "{shown}");
}
