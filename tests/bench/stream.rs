//! Frames out: 32 strips of 1,000 pixels by DDP at 60 frames a second, with a light that takes connections and never
//! answers, one that nobody hears, one whose host is silent and a slow serial strip among them; beside it, in the same run,
//! the floor: the same datagrams in a bare loop on one socket.
//!
//! The strips are sockets in a process of their own; the serial one is a pair of ports made by socat, where that is
//! installed. `HEARTHLIGHT_SECONDS` sets how long each part runs (10), and
//! `HEARTHLIGHT_STRIPS` how many strips there are (32).

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement: its report is its purpose")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hearthlight::drivers::light::LightDriver;
use hearthlight::drivers::{Dial, Family, LIGHTS, LocalId, Report};
use hearthlight::engine::link::{Health, Told};
use hearthlight::engine::links::{self, FrameSlot, Handle, Heard, Net};
use hearthlight::io::clock::Clock;
use hearthlight::model::frame::Frame;
use hearthlight::model::lights::connection::ConnectionId;
use hearthlight::port::slots::Slots;
use hearthlight::units::color::Linear;
use tokio::sync::mpsc;

const PIXELS: usize = 1000;
const FPS: u32 = 60;
const PORT: u16 = 4048;

fn number(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn strip(n: u32) -> SocketAddr {
    match cfg!(target_os = "linux") {
        true => (Ipv4Addr::new(127, 0, 3, n as u8 + 1), PORT).into(),
        false => (Ipv4Addr::LOCALHOST, PORT + n as u16).into(),
    }
}

fn main() {
    if std::env::args().any(|arg| arg == "strips") {
        return strips();
    }
    let (n_strips, seconds) = (number("HEARTHLIGHT_STRIPS", 32), number("HEARTHLIGHT_SECONDS", 10));
    let frames = seconds * FPS;
    println!("{n_strips} strips x {PIXELS} px x {FPS} fps for {seconds} s, {frames} frames each");
    for (name, part) in [("engine", engine as fn(u32, u32)), ("floor ", floor)] {
        let mut child = receiver(n_strips);
        let (cpu, begun) = (cpu_seconds(), Instant::now());
        part(n_strips, frames);
        let (cpu, took) = (cpu_seconds() - cpu, begun.elapsed().as_secs_f64());
        let heard = report(&mut child);
        println!("{name}: {heard}");
        println!("        sender: {:.1} % of a core, {} MB resident", 100.0 * cpu / took, resident_mb());
    }
}

// ---- the strips, in a process of their own

fn receiver(n_strips: u32) -> Child {
    let me = std::env::current_exe().unwrap();
    let mut child = Command::new(me)
        .args(["strips"])
        .env("HEARTHLIGHT_STRIPS", n_strips.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // It says so once all its sockets are open.
    let mut line = String::new();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    said.read_line(&mut line).unwrap();
    child.stdout = Some(said.into_inner());
    child
}

fn report(child: &mut Child) -> String {
    drop(child.stdin.take());
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    child.wait().unwrap();
    said.trim().to_owned()
}

/// One frame that came whole: of which strip, which number it carries, and when.
type Arrival = (u32, u16, Instant);

fn strips() {
    let n_strips = number("HEARTHLIGHT_STRIPS", 32);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (sender, mut arrivals) = mpsc::unbounded_channel::<Arrival>();
        for n in 0..n_strips {
            let socket = UdpSocket::bind(strip(n)).unwrap();
            socket2::SockRef::from(&socket).set_recv_buffer_size(4 << 20).unwrap();
            socket.set_nonblocking(true).unwrap();
            tokio::spawn(hear(n, tokio::net::UdpSocket::from_std(socket).unwrap(), sender.clone()));
        }
        println!("ready");
        std::io::stdout().flush().unwrap();
        let end = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
        drop(end.await);
        tokio::time::sleep(Duration::from_millis(200)).await;
        let mut all = Vec::new();
        while let Ok(arrival) = arrivals.try_recv() {
            all.push(arrival);
        }
        println!("{}", measured(n_strips, &all));
        std::io::stdout().flush().unwrap();
        std::process::exit(0);
    });
}

async fn hear(n: u32, socket: tokio::net::UdpSocket, to: mpsc::UnboundedSender<Arrival>) {
    let mut buffer = [0; 2048];
    let (mut bytes, mut number) = (0, 0);
    while let Ok(n_bytes) = socket.recv(&mut buffer).await {
        let packet = &buffer[..n_bytes];
        if packet.len() < 10 {
            continue;
        }
        let offset = u32::from_be_bytes([packet[4], packet[5], packet[6], packet[7]]);
        if offset == 0 && packet.len() >= 13 {
            (bytes, number) = (0, u16::from_be_bytes([packet[10], packet[11]]));
        }
        bytes += packet.len() - 10;
        if packet[0] & 1 == 1 && bytes == 3 * PIXELS {
            let _ = to.send((n, number, Instant::now()));
        }
    }
}

/// Frames delivered, gaps between frames of a strip, and from the first to the last strip of one frame.
fn measured(n_strips: u32, all: &[Arrival]) -> String {
    let mut last: BTreeMap<u32, Instant> = BTreeMap::new();
    let mut by_number: BTreeMap<u16, (Instant, Instant, u32)> = BTreeMap::new();
    let (mut gaps, mut n_frames) = (Vec::new(), 0_u32);
    let mut numbers: BTreeMap<u32, u16> = BTreeMap::new();
    for (strip, number, at) in all {
        // The last frame is repeated while nothing new comes; that is no new frame.
        if *number == 0 || numbers.insert(*strip, *number) == Some(*number) {
            continue;
        }
        n_frames += 1;
        if let Some(before) = last.insert(*strip, *at) {
            gaps.push(at.duration_since(before).as_secs_f64() * 1e3);
        }
        let entry = by_number.entry(*number).or_insert((*at, *at, 0));
        *entry = (entry.0.min(*at), entry.1.max(*at), entry.2 + 1);
    }
    let whole = by_number.values().filter(|(.., n)| *n == n_strips);
    let skews: Vec<f64> = whole.map(|(first, last, _)| last.duration_since(*first).as_secs_f64() * 1e3).collect();
    let span = gaps.iter().sum::<f64>() / f64::from(n_strips.max(1)) / 1e3;
    let fps = (f64::from(n_frames) / f64::from(n_strips.max(1)) - 1.0) / span.max(1e-9);
    let [gap, late_gap, longest] = shares(gaps);
    let [skew, late_skew, _] = shares(skews);
    format!(
        "{n_frames} frames, {fps:.2} fps each; gap ms p50 {gap:.2} p99 {late_gap:.2} max {longest:.2}; first to last \
         strip ms p50 {skew:.2} p99 {late_skew:.2}"
    )
}

/// The middle one, the 99th of a hundred, and the largest.
fn shares(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [0.5, 0.99, 1.0].map(|share| {
        let at = (values.len() as f64 * share).ceil() as usize;
        values.get(at.clamp(1, values.len().max(1)) - 1).copied().unwrap_or(f64::NAN)
    })
}

// ---- the engine's links

fn family(id: &str) -> &'static Family<LightDriver> {
    LIGHTS.iter().find(|family| family.id == id).unwrap()
}

fn link(
    id: &str,
    address: &str,
    options: &[(&str, &str)],
    net: &Net,
    told: &mpsc::UnboundedSender<Heard>,
) -> (ConnectionId, Handle) {
    let options = options.iter().map(|(key, value)| (Arc::from(*key), Arc::from(*value))).collect();
    let secrets = BTreeMap::new();
    let opening = (family(id).open)(&Dial { address, options: &options, secrets: &secrets }).unwrap();
    let connection = ConnectionId(format!("{id}-{address}").into());
    (connection.clone(), links::start(connection, opening, &net.of(family(id).id), told.clone()))
}

fn engine(n_strips: u32, frames: u32) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let net = Net::new(Clock::default(), Arc::new(Slots::default()));
        let (told, mut heard) = mpsc::unbounded_channel();
        let mute = TcpListener::bind("127.0.0.1:0").unwrap();
        let mute_at = mute.local_addr().unwrap().to_string();
        let _troubled = [
            link("yeelight", &mute_at, &[], &net, &told),
            link("lifx", "127.0.3.250:56700", &[], &net, &told),
            link("wled", "10.255.255.1:80", &[], &net, &told),
        ];
        let slow = Slow::begin();
        let slow_link = slow.as_ref().map(|slow| {
            let options = [("pixels", &*SLOW_PIXELS.to_string()), ("baud", "115200")];
            link("serial", &slow.port, &options, &net, &told).1
        });
        let slow_slot = FrameSlot::default();
        let pixels = PIXELS.to_string();
        let mut strips: BTreeMap<ConnectionId, (Handle, Option<LocalId>, FrameSlot)> = BTreeMap::new();
        for n in 0..n_strips {
            let (id, handle) = link("ddp", &strip(n).to_string(), &[("pixels", &pixels)], &net, &told);
            strips.insert(id, (handle, None, FrameSlot::default()));
        }
        while strips.values().any(|(_, thing, _)| thing.is_none()) {
            match heard.recv().await.unwrap() {
                Heard::Told(id, Told::Report(Report::Found(thing, _))) => {
                    if let Some(known) = strips.get_mut(&id) {
                        known.1 = Some(thing);
                    }
                }
                Heard::Told(id, Told::Health(Health::Unreachable { why, .. })) if strips.contains_key(&id) => {
                    panic!("{id:?}: {why}");
                }
                _ => {}
            }
        }
        if let Some(handle) = &slow_link {
            handle.stream(vec![(LocalId("strip".into()), Arc::clone(&slow_slot))]);
        }
        for (handle, thing, slot) in strips.values() {
            handle.stream(vec![(thing.clone().unwrap(), Arc::clone(slot))]);
        }
        // Frames are used again: one is being painted while another is on its way.
        let mut pools: Vec<Vec<Arc<Frame>>> =
            strips.values().map(|_| (0..3).map(|_| Arc::new(Frame::dark(PIXELS))).collect()).collect();
        let mut tick = tokio::time::interval(Duration::from_secs(1) / FPS);
        for number in 1..=frames {
            tick.tick().await;
            for ((handle, _, slot), pool) in strips.values().zip(&mut pools) {
                let Some(free) = pool.iter_mut().find(|frame| Arc::strong_count(frame) == 1) else { continue };
                paint(Arc::get_mut(free).unwrap(), number as u16);
                slot.put(Arc::clone(free));
                handle.go();
            }
            if let Some(handle) = &slow_link {
                slow_slot.put(Arc::new(Frame::dark(SLOW_PIXELS)));
                handle.go();
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        drop(mute);
        match &slow {
            Some(slow) => println!("        {}", slow.report()),
            None => println!("        no slow serial strip: it needs socat"),
        }
    });
    runtime.shutdown_background();
}

/// Pixels of the serial strip: at 115,200 baud and Adalight's six bytes before them 12.8 frames a second have room.
const SLOW_PIXELS: usize = 300;

/// A serial strip whose board reads no faster than its line is: 1,152 bytes in 100 ms.
struct Slow {
    socat: Child,
    port: String,
    begun: Instant,
    n_bytes: Arc<AtomicU64>,
}

impl Slow {
    fn begin() -> Option<Self> {
        let name = |end: &str| std::env::temp_dir().join(format!("hearthlight-{}-{end}", std::process::id()));
        let (ours, theirs) = (name("strip"), name("board"));
        let end = |path: &Path| format!("pty,raw,echo=0,link={}", path.display());
        let socat = Command::new("socat").args([end(&ours), end(&theirs)]).stderr(Stdio::null()).spawn().ok()?;
        while !(ours.exists() && theirs.exists()) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let n_bytes = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&n_bytes);
        std::thread::spawn(move || {
            let (mut board, mut buffer) = (std::fs::File::open(&theirs).unwrap(), [0; 1152]);
            while let Ok(n @ 1..) = board.read(&mut buffer) {
                counted.fetch_add(n as u64, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(100).mul_f64(n as f64 / 1152.0));
            }
        });
        Some(Self { socat, port: ours.display().to_string(), begun: Instant::now(), n_bytes })
    }

    fn report(&self) -> String {
        let frames = self.n_bytes.load(Ordering::Relaxed) as f64 / (6 + 3 * SLOW_PIXELS) as f64;
        format!(
            "slow serial strip of {SLOW_PIXELS} px: {:.1} frames a second",
            frames / self.begun.elapsed().as_secs_f64()
        )
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        let _ = self.socat.kill();
        let _ = self.socat.wait();
    }
}

/// The number of the frame stands in red and green of the first pixel; the others move.
fn paint(frame: &mut Frame, number: u16) {
    for (n, pixel) in frame.pixels_mut().iter_mut().enumerate() {
        let level = ((n + usize::from(number)) % 100) as f32 / 100.0;
        *pixel = Linear { r: level, g: 1.0 - level, b: 0.5 };
    }
    let [high, low] = number.to_be_bytes().map(|byte| f32::from(byte) / 255.0);
    frame.pixels_mut()[0] = Linear { r: high, g: low, b: 0.0 };
}

// ---- the floor

fn floor(n_strips: u32, frames: u32) {
    let socket = UdpSocket::bind((IpAddr::from(Ipv4Addr::UNSPECIFIED), 0)).unwrap();
    let mut packets: Vec<Vec<u8>> = Vec::new();
    for (offset, length, push) in [(0_usize, 1440_usize, 0_u8), (1440, 1440, 0), (2880, 120, 1)] {
        let mut packet = vec![0x40 | push, 1, 0x0B, 1];
        packet.extend((offset as u32).to_be_bytes());
        packet.extend((length as u16).to_be_bytes());
        packet.resize(10 + length, 0x7F);
        packets.push(packet);
    }
    let begun = Instant::now();
    for number in 1..=frames {
        let due = begun + Duration::from_secs(1) / FPS * number;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        packets[0][10..12].copy_from_slice(&(number as u16).to_be_bytes());
        for n in 0..n_strips {
            for packet in &packets {
                socket.send_to(packet, strip(n)).unwrap();
            }
        }
    }
}

// ---- what it costs

/// Processor time of this process so far, s; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}
