//! Simulated Yeelight devices: a coloured bulb, one of whites, a strip, a ceiling lamp with a background; with the limits
//! of real ones.
//!
//! Invariant: [`Device`] sees only lines and the time it is given; what waits is [`FAMILY`]'s `run`.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::sim::lights::ether;
use crate::sim::lights::lamp::{self, Troubles};
use crate::sim::lights::{Running, SimFamily, SimOpts};
use crate::units::moment::Moment;
use crate::wire::yeelight::{Call, Lines, PORT, SEARCH_PORT, decode_call, text};

/// Yeelight devices.
pub static FAMILY: SimFamily = SimFamily {
    id: "yeelight",
    about: "Yeelight devices on TCP port 55443; kind color, ct, strip or ceiling. A strip hangs up when it plays music.",
    run: |opts| Box::pin(run(opts)) as Running,
};

/// Commands a minute: of one connection, and of all.
const QUOTAS: (usize, usize) = (60, 144);
/// Connections at once.
const MAX_CONNECTIONS: usize = 4;
const MINUTE: Duration = Duration::from_secs(60);
const MAIN: &str = "get_prop set_default set_power toggle set_bright start_cf stop_cf set_scene cron_add cron_get \
     cron_del set_ct_abx set_adjust adjust_bright adjust_ct set_name set_music";
const COLORS: &str = "set_rgb set_hsv adjust_color";
const BACK: &str = "bg_set_rgb bg_set_hsv bg_set_ct_abx bg_start_cf bg_stop_cf bg_set_scene bg_set_default \
     bg_set_power bg_set_bright bg_set_adjust bg_adjust_bright bg_adjust_color bg_adjust_ct bg_toggle dev_toggle";

/// What a command leads to, beside its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The answer, a line.
    pub answer: String,
    /// What all connections are told, a line; empty if nothing changed.
    pub notice: String,
    /// Whom to dial for music.
    pub dials: Option<SocketAddr>,
    /// Music is over.
    pub ends_music: bool,
}

/// A device.
#[derive(Clone, Debug)]
pub struct Device {
    id: String,
    name: String,
    model: &'static str,
    support: String,
    props: BTreeMap<String, String>,
    /// When each connection sent its commands of the last minute.
    recent: BTreeMap<u64, VecDeque<Moment>>,
    n_refused: u64,
}

/// Why a command is refused: code and words of real devices.
type Refusal = (i32, &'static str);
const UNSUPPORTED: Refusal = (-1, "unsupported method");
const QUOTA: Refusal = (-1, "client quota exceeded");
const WRONG: Refusal = (-5001, "invalid params");
const IS_OFF: Refusal = (-5000, "general error");

impl Device {
    /// The device of these options.
    #[must_use]
    pub fn new(opts: &SimOpts) -> Self {
        let (model, has_color, has_back) = match opts.kind.as_str() {
            "ct" => ("ct", false, false),
            "strip" => ("stripe", true, false),
            "ceiling" => ("ceiling4", false, true),
            _ => ("color", true, false),
        };
        let mut support = MAIN.to_owned();
        let mut props: Vec<(&str, &str)> =
            vec![("power", "on"), ("bright", "100"), ("ct", "4000"), ("color_mode", "2"), ("flowing", "0")];
        if has_color {
            support = format!("{support} {COLORS}");
            props.extend([("rgb", "16711680"), ("hue", "0"), ("sat", "100")]);
        }
        if has_back {
            support = format!("{support} {BACK}");
            props.extend([("main_power", "on"), ("active_mode", "0"), ("nl_br", "1"), ("bg_power", "off")]);
            props.extend([("bg_bright", "50"), ("bg_ct", "4000"), ("bg_rgb", "255"), ("bg_hue", "240")]);
            props.extend([("bg_sat", "100"), ("bg_lmode", "1"), ("bg_flowing", "0")]);
        }
        let name = opts.name.clone().unwrap_or_default();
        let mut props: BTreeMap<String, String> =
            props.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        props.insert("name".to_owned(), name.clone());
        let id = format!("0x{:016x}", 0x0000_0000_0015_2400 + u64::from(opts.index));
        Self { id, name, model, support, props, recent: BTreeMap::new(), n_refused: 0 }
    }

    /// How it answers a search.
    #[must_use]
    pub fn advert(&self, at: SocketAddr) -> String {
        let prop = |name: &str| self.props.get(name).map_or("", String::as_str);
        format!(
            "HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nDate: \r\nExt: \r\nLocation: yeelight://{at}\r\n\
             Server: POSIX UPnP/1.0 YGLC/1\r\nid: {}\r\nmodel: {}\r\nfw_ver: 18\r\nsupport: {}\r\npower: {}\r\n\
             bright: {}\r\ncolor_mode: {}\r\nct: {}\r\nrgb: {}\r\nhue: {}\r\nsat: {}\r\nname: {}\r\n",
            self.id,
            self.model,
            self.support,
            prop("power"),
            prop("bright"),
            prop("color_mode"),
            prop("ct"),
            prop("rgb"),
            prop("hue"),
            prop("sat"),
            self.name,
        )
    }

    /// Whether a datagram asks it for its [`advert`](Self::advert).
    #[must_use]
    pub fn is_asked(datagram: &[u8]) -> bool {
        let text = String::from_utf8_lossy(datagram);
        text.starts_with("M-SEARCH * HTTP/1.1") && text.contains("\"ssdp:discover\"") && text.contains("wifi_bulb")
    }

    /// A property's value; empty if it has none such.
    #[must_use]
    pub fn prop(&self, name: &str) -> &str {
        self.props.get(name).map_or("", String::as_str)
    }

    /// How it is, for people.
    #[must_use]
    pub fn summary(&self) -> Value {
        let mut all: Map<String, Value> = self.props.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
        all.insert("refused".to_owned(), json!(self.n_refused));
        Value::Object(all)
    }

    /// Commands that it refused.
    #[must_use]
    pub fn n_refused(&self) -> u64 {
        self.n_refused
    }

    fn bears(&mut self, now: Moment, connection: u64) -> bool {
        for recent in self.recent.values_mut() {
            while recent.front().is_some_and(|at| now.since(*at) >= MINUTE) {
                recent.pop_front();
            }
        }
        let n_all: usize = self.recent.values().map(VecDeque::len).sum();
        let own = self.recent.entry(connection).or_default();
        let bears = own.len() < QUOTAS.0 && n_all < QUOTAS.1;
        if bears {
            own.push_back(now);
        }
        bears
    }

    /// Takes a command of a connection; `None` as connection for music, which is not answered and has no quota.
    pub fn line(&mut self, now: Moment, connection: Option<u64>, line: &[u8]) -> Outcome {
        let Ok(call) = decode_call(line) else { return Outcome::default() };
        let before = self.props.clone();
        let mut outcome = Outcome::default();
        let result = match connection {
            Some(connection) if !self.bears(now, connection) => Err(QUOTA),
            _ => self.act(&call, &mut outcome),
        };
        self.n_refused += u64::from(result.is_err());
        let changed: Map<String, Value> = self
            .props
            .iter()
            .filter(|(key, value)| before.get(*key) != Some(*value))
            .map(|(key, value)| (key.clone(), json!(value)))
            .collect();
        if !changed.is_empty() {
            outcome.notice = format!("{}\r\n", json!({"method": "props", "params": changed}));
        }
        if connection.is_some() {
            let answer = match result {
                Ok(values) => json!({"id": call.id, "result": values}),
                Err((code, why)) => json!({"id": call.id, "error": {"code": code, "message": why}}),
            };
            outcome.answer = format!("{answer}\r\n");
        }
        outcome
    }

    fn act(&mut self, call: &Call, outcome: &mut Outcome) -> Result<Vec<String>, Refusal> {
        if !self.support.split(' ').any(|known| known == call.method) {
            return Err(UNSUPPORTED);
        }
        let ok = || Ok(vec!["ok".to_owned()]);
        let word = |n: usize| call.params.get(n).map(text).unwrap_or_default();
        let (back, method) = match call.method.strip_prefix("bg_") {
            Some(rest) => ("bg_", rest),
            None => ("", call.method.as_str()),
        };
        let is_on = self.prop(&format!("{back}power")) == "on";
        match method {
            "get_prop" => return Ok((0..call.params.len()).map(|n| self.prop(&word(n)).to_owned()).collect()),
            "set_power" => self.power(back, word(0) == "on"),
            "toggle" => self.power(back, !is_on),
            "set_scene" => return self.scene(back, call).and_then(|()| ok()),
            "set_name" => drop(self.props.insert("name".to_owned(), word(0))),
            "set_music" => match word(0).as_str() {
                "1" => {
                    let ip: IpAddr = word(1).parse().map_err(|_| WRONG)?;
                    outcome.dials = Some(SocketAddr::new(ip, word(2).parse().map_err(|_| WRONG)?));
                }
                _ => outcome.ends_music = true,
            },
            _ if !is_on => return Err(IS_OFF),
            "set_bright" => self.set(back, "bright", &call.params, 0, 1..=100)?,
            "set_ct_abx" => {
                self.set(back, "ct", &call.params, 0, 1700..=6500)?;
                self.mode(back, "2");
            }
            "set_rgb" => {
                self.set(back, "rgb", &call.params, 0, 0..=0xFF_FFFF)?;
                self.mode(back, "1");
            }
            "set_hsv" => {
                self.set(back, "hue", &call.params, 0, 0..=359)?;
                self.set(back, "sat", &call.params, 1, 0..=100)?;
                self.mode(back, "3");
            }
            "start_cf" => drop(self.props.insert(format!("{back}flowing"), "1".to_owned())),
            "stop_cf" => drop(self.props.insert(format!("{back}flowing"), "0".to_owned())),
            "set_default" => {}
            _ => return Err(UNSUPPORTED),
        }
        ok()
    }

    fn power(&mut self, back: &str, on: bool) {
        let word = if on { "on" } else { "off" };
        if back.is_empty() && self.props.contains_key("main_power") {
            self.props.insert("main_power".to_owned(), word.to_owned());
        }
        self.props.insert(format!("{back}power"), word.to_owned());
        self.props.insert(format!("{back}flowing"), "0".to_owned());
    }

    fn mode(&mut self, back: &str, mode: &str) {
        let name = if back.is_empty() { "color_mode" } else { "bg_lmode" };
        self.props.insert(name.to_owned(), mode.to_owned());
        self.props.insert(format!("{back}flowing"), "0".to_owned());
    }

    fn set(
        &mut self,
        back: &str,
        name: &str,
        params: &[Value],
        n: usize,
        range: std::ops::RangeInclusive<i64>,
    ) -> Result<(), Refusal> {
        let value = params.get(n).and_then(Value::as_i64).filter(|value| range.contains(value)).ok_or(WRONG)?;
        self.props.insert(format!("{back}{name}"), value.to_string());
        Ok(())
    }

    fn scene(&mut self, back: &str, call: &Call) -> Result<(), Refusal> {
        let class = call.params.first().map(text).unwrap_or_default();
        match class.as_str() {
            "color" => {
                self.set(back, "rgb", &call.params, 1, 0..=0xFF_FFFF)?;
                self.set(back, "bright", &call.params, 2, 1..=100)?;
            }
            "ct" => {
                self.set(back, "ct", &call.params, 1, 1700..=6500)?;
                self.set(back, "bright", &call.params, 2, 1..=100)?;
            }
            "hsv" => {
                self.set(back, "hue", &call.params, 1, 0..=359)?;
                self.set(back, "sat", &call.params, 2, 0..=100)?;
                self.set(back, "bright", &call.params, 3, 1..=100)?;
            }
            "cf" => {}
            _ => return Err(WRONG),
        }
        self.power(back, true);
        match class.as_str() {
            "color" => self.mode(back, "1"),
            "ct" => self.mode(back, "2"),
            "hsv" => self.mode(back, "3"),
            _ => drop(self.props.insert(format!("{back}flowing"), "1".to_owned())),
        }
        Ok(())
    }
}

/// What the tasks of one device share.
struct Shared {
    opts: SimOpts,
    device: Mutex<Device>,
    notices: broadcast::Sender<Arc<str>>,
    music: Mutex<Option<CancellationToken>>,
    started: tokio::time::Instant,
}

impl Shared {
    fn take(&self, connection: Option<u64>, line: &[u8]) -> Outcome {
        let mut device = self.device.lock();
        let outcome = device.line(Moment::ZERO + self.started.elapsed(), connection, line);
        self.opts.tally.packet(line.len());
        if !outcome.notice.is_empty() {
            self.opts.tally.frame();
            // Without a connection there is nobody to tell.
            let _ = self.notices.send(outcome.notice.as_str().into());
        }
        self.opts.tally.state(device.summary());
        if outcome.ends_music
            && let Some(music) = self.music.lock().take()
        {
            music.cancel();
        }
        outcome
    }

    async fn answer_search(&self, ear: &UdpSocket, at: SocketAddr, question: &[u8], from: SocketAddr) {
        if Device::is_asked(question) && !self.opts.faults.mute {
            let advert = self.device.lock().advert(at);
            self.opts.tally.answer();
            let _ = ear.send_to(advert.as_bytes(), from).await;
        }
    }
}

async fn run(opts: SimOpts) -> std::io::Result<()> {
    let listener = lamp::tcp(opts.at, opts.port, PORT).await?;
    let at = listener.local_addr()?;
    let device = Device::new(&opts);
    let shared = Arc::new(Shared {
        device: Mutex::new(device),
        notices: broadcast::channel(64).0,
        music: Mutex::default(),
        started: tokio::time::Instant::now(),
        opts: opts.clone(),
    });
    // Where all devices have one address, one of them has the port of searches; the others answer from any.
    let ear = lamp::udp(opts.at, 0, SEARCH_PORT).await?;
    let mut questions = ether::questions(SEARCH_PORT)?;
    // Whoever hears announcements only hears it now.
    let announcement = shared.device.lock().advert(at).replacen("HTTP/1.1 200 OK", "NOTIFY * HTTP/1.1", 1);
    let _ = ether::shout(opts.at, SEARCH_PORT, announcement.as_bytes()).await;
    let slots = Arc::new(tokio::sync::Semaphore::new(MAX_CONNECTIONS));
    let mut buffer = vec![0; 2048];
    for connection in 0.. {
        let stream = loop {
            tokio::select! {
                () = opts.stop.cancelled() => return Ok(()),
                accepted = listener.accept() => break accepted,
                (from, question) = questions.next() => shared.answer_search(&ear, at, &question, from).await,
                heard = ear.recv_from(&mut buffer) => if let Ok((n, from)) = heard {
                    shared.answer_search(&ear, at, buffer.get(..n).unwrap_or_default(), from).await;
                },
            }
        };
        let (Ok((stream, _)), Ok(slot)) = (stream, Arc::clone(&slots).try_acquire_owned()) else { continue };
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let stop = shared.opts.stop.clone();
            stop.run_until_cancelled(talk(shared, stream, connection)).await;
            drop(slot);
        });
    }
    Ok(())
}

/// One ordinary connection.
async fn talk(shared: Arc<Shared>, mut stream: TcpStream, connection: u64) {
    let troubles = Troubles::new(shared.opts.faults);
    let mut notices = shared.notices.subscribe();
    let (mut lines, mut buffer) = (Lines::default(), [0; 2048]);
    let _ = stream.set_nodelay(true);
    loop {
        let n = tokio::select! {
            notice = notices.recv() => {
                let Ok(notice) = notice else { continue };
                if !troubles.is_mute() && stream.write_all(notice.as_bytes()).await.is_err() {
                    return;
                }
                continue;
            }
            read = stream.read(&mut buffer) => read.unwrap_or(0),
        };
        if n == 0 {
            return;
        }
        lines.push(buffer.get(..n).unwrap_or_default());
        while let Ok(Some(line)) = lines.next_line() {
            if troubles.is_mute() {
                continue;
            }
            let outcome = shared.take(Some(connection), line);
            troubles.pause().await;
            shared.opts.tally.answer();
            if stream.write_all(outcome.answer.as_bytes()).await.is_err() {
                return;
            }
            if let Some(to) = outcome.dials {
                tokio::spawn(play(Arc::clone(&shared), to));
                if shared.opts.kind == "strip" {
                    return;
                }
            }
        }
    }
}

/// Music: dials, and does what it hears.
async fn play(shared: Arc<Shared>, to: SocketAddr) {
    let stop = shared.opts.stop.child_token();
    if let Some(before) = shared.music.lock().replace(stop.clone()) {
        before.cancel();
    }
    let Some(Ok(mut stream)) = stop.run_until_cancelled(TcpStream::connect(to)).await else { return };
    let (mut lines, mut buffer) = (Lines::default(), [0; 2048]);
    while let Some(Ok(n @ 1..)) = stop.run_until_cancelled(stream.read(&mut buffer)).await {
        lines.push(buffer.get(..n).unwrap_or_default());
        while let Ok(Some(line)) = lines.next_line() {
            shared.take(None, line);
        }
    }
}
