//! Alarms on a real desktop: a notification service that nobody here wrote shows them and passes presses back, and the
//! system's player, recorded by a stand-in of its name, is started.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use hearthlight::io::lock;
use serde_json::{Value, json};

use super::eventually;
use super::program::{PORTS, program, terminate, wait_up};

/// A press on the card acknowledges, as a desktop's button would.
const DUNSTRC: &str = "[hearthlight]\nappname = Hearthlight\naction_name = acknowledge\n";

/// A process that ends with the test.
struct Helper(Child);

impl Drop for Helper {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A private session bus with a notification service on it.
struct Desktop {
    address: String,
    _bus: Helper,
    _service: Helper,
}

impl Desktop {
    fn open(folder: &Path) -> Self {
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]).stdout(Stdio::piped());
        let mut bus = bus.spawn().expect("dbus-daemon");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().expect("piped")).read_line(&mut address).expect("its address");
        let address = address.trim().to_owned();
        let rules = folder.join("dunstrc");
        std::fs::write(&rules, DUNSTRC).expect("written");
        let mut service = Command::new("dunst");
        service.arg("-conf").arg(rules).env("DBUS_SESSION_BUS_ADDRESS", &address).stderr(Stdio::null());
        let service = Helper(service.spawn().expect("dunst"));
        let desktop = Self { address, _bus: Helper(bus), _service: service };
        eventually("the service answers", || desktop.control(&["count", "displayed"]));
        desktop
    }

    fn control(&self, args: &[&str]) -> Option<String> {
        let mut control = Command::new("dunstctl");
        let output = control.args(args).env("DBUS_SESSION_BUS_ADDRESS", &self.address).output().expect("dunstctl");
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

/// A folder with a player that only writes down what it was asked to play.
fn recorder(folder: &Path) -> (PathBuf, PathBuf) {
    let (programs, played) = (folder.join("bin"), folder.join("played"));
    std::fs::create_dir(&programs).expect("made");
    let player = programs.join("pw-play");
    std::fs::write(&player, format!("#!/bin/sh\necho \"$1\" >> {}\n", played.display())).expect("written");
    std::fs::set_permissions(&player, std::fs::Permissions::from_mode(0o755)).expect("allowed");
    (programs, played)
}

/// The local API of the program under test.
struct Api {
    at: SocketAddr,
    token: String,
}

impl Api {
    fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        let mut stream = TcpStream::connect(self.at).expect("open");
        let (at, token, length) = (self.at, &self.token, body.len());
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {at}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).unwrap_or(Value::Null)
    }

    fn state(&self) -> Value {
        self.ask("GET", "/api/v1/state", "")
    }
}

#[test]
#[ignore = "needs a display, dbus-daemon and dunst"]
fn an_alarm_is_shown_heard_and_acknowledged_from_the_desktop() {
    let folder = tempfile::tempdir().expect("folder");
    let (data, desktop) = (folder.path().join("data"), Desktop::open(folder.path()));
    let (programs, played) = recorder(folder.path());
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = program(&data);
    command.arg("--headless").args(PORTS).env("PATH", path).env("DBUS_SESSION_BUS_ADDRESS", &desktop.address);
    let mut child = command.spawn().expect("started");
    wait_up(&data, &mut child);
    let at = lock::running(&data.join("hearthlight.lock")).and_then(|running| running.api).expect("announced");
    let token = std::fs::read_to_string(data.join("secrets").join("api.token")).expect("token").trim().to_owned();
    let api = Api { at, token };

    let listeners = api.state()["system"]["listeners"].clone();
    let sensors = listeners.as_array().expect("listed").iter().find(|line| line["key"] == "sensors.listen");
    let sensors = sensors.and_then(|line| line["state"]["open"]["at"].as_str()).expect("open").to_owned();
    let mut device = TcpStream::connect(sensors).expect("dialled in");
    device.write_all(b"#locid:bench!\n#Sensor:ADC1=274!\n").expect("sent");
    eventually("the device is there", || api.state()["sensors"]["devices"].get("bench").cloned());

    let test = json!({"alarms": {"test": {"rule": "fire", "device": "bench", "level": "danger"}}});
    api.ask("POST", "/api/v1/commands", &test.to_string());
    eventually("it is shown", || desktop.control(&["count", "displayed"]).filter(|count| count == "1"));
    eventually("it is heard, and again", || {
        let heard = std::fs::read_to_string(&played).ok()?;
        (heard.lines().filter(|line| line.ends_with("danger.wav")).count() >= 2).then_some(())
    });
    eventually("a press acknowledges it", || {
        desktop.control(&["action"]);
        api.state()["alarms"]["active"].as_object().filter(|active| active.is_empty()).map(|_| ())
    });
    eventually("the card goes", || desktop.control(&["count", "displayed"]).filter(|count| count == "0"));
    let history = desktop.control(&["history"]).expect("history");
    assert!(history.contains("TEST, Danger: Fire at bench"), "{history}");
    assert_eq!(terminate(child).status.code(), Some(0));
}
