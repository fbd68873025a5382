//! The program: reads flags and settings, starts the engine, opens the window. The one file that knows everyone.

mod verbs;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use hearthlight::bridge::face::Face;
use hearthlight::bridge::v2::book;
use hearthlight::bridge::{announce, door, events};
use hearthlight::cli::{self, Action, Common, Invocation};
use hearthlight::engine::services::system::Serve;
use hearthlight::engine::{Engine, Faces, HueDoors, Setup};
use hearthlight::io::certificate::Shown;
use hearthlight::io::clock::Clock;
use hearthlight::io::files;
use hearthlight::io::lock::{Lock, LockError, Running};
use hearthlight::io::process;
use hearthlight::model::system::PortState;
use hearthlight::port::Port;
use hearthlight::settings::current::Settings;
use hearthlight::settings::layers;
use hearthlight::settings::paths::Paths;
use hearthlight::store::{Patience, Store};
use hearthlight::{api, rules, sim, ui};
use tokio_util::sync::CancellationToken;

/// Open files for everything but sensor connections: API, database, logs, window.
const FILES_BESIDE_CONNECTIONS: u64 = 600;
/// A bad flag or setting, or no display.
const BAD_USE: u8 = 2;
/// Another instance runs on the same data folder.
const ALREADY_RUNNING: u8 = 3;

fn main() -> ExitCode {
    let Invocation { common, action } = cli::parse();
    let ended = match action {
        Action::Run { headless, demo, stall } => run(&common, headless, demo, stall),
        other => verbs::run(&common, other),
    };
    ended.unwrap_or_else(|error| {
        say(&format!("{error:#}"));
        ExitCode::from(1)
    })
}

/// Tells the person at the terminal.
#[allow(clippy::print_stderr, reason = "the terminal is where flags are answered")]
fn say(text: &str) {
    eprintln!("hearthlight: {text}");
}

/// Where things are kept. The demo home never shares a folder with the operator's data.
fn paths(common: &Common, demo: bool) -> anyhow::Result<Paths> {
    let settings = common.settings.as_deref();
    match &common.data {
        Some(data) if demo => Ok(Paths::under(&data.join("demo"), settings)),
        Some(data) => Ok(Paths::under(data, settings)),
        None => Paths::platform(demo, settings).context("The system names no home folder. Give one with --data DIR."),
    }
}

fn run(common: &Common, headless: bool, demo: bool, stall: Option<Duration>) -> anyhow::Result<ExitCode> {
    let clock = Clock::default();
    let paths = paths(common, demo)?;
    let loaded = match layers::load(&paths, &common.sets) {
        Ok(loaded) => loaded,
        Err(error) => {
            say(&error.to_string());
            return Ok(ExitCode::from(BAD_USE));
        }
    };
    if !headless && let Some(missing) = missing_display() {
        say(missing);
        return Ok(ExitCode::from(BAD_USE));
    }
    paths.create().with_context(|| format!("{} cannot be made", paths.data.display()))?;
    let lock = match Lock::acquire(&paths.lock) {
        Ok(lock) => Arc::new(lock),
        Err(LockError::Held(running)) => {
            say(&verbs::bring_forward(&paths, running));
            return Ok(ExitCode::from(ALREADY_RUNNING));
        }
        Err(error) => return Err(error.into()),
    };
    let _logs = logs(&paths, &loaded.settings)?;
    let files = u64::from(loaded.settings.sensors.max_connections) + FILES_BESIDE_CONNECTIONS;
    if let Some(limit) = process::raise_file_limit(files).filter(|&limit| limit < files) {
        tracing::warn!(limit, wanted = files, "the system allows fewer open files than sensors.max_connections needs");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(std::thread::available_parallelism().map_or(2, |n| n.get().max(2)))
        .enable_all()
        .thread_name("engine")
        .build()?;
    let asked = {
        let _entered = runtime.enter();
        asked_to_stop()
    };
    let (stop_demo, stop_faces) = (CancellationToken::new(), CancellationToken::new());
    let sets = common.sets.clone();
    let setup = Setup { clock: clock.clone(), paths, sets, loaded, store: None, window: !headless, demo };
    let engine = runtime.block_on(start(setup, &lock, stop_faces.clone()))?;
    let acting = runtime.spawn(rules::run(engine.port.clone(), stop_faces.clone()));
    let told = clock.clone();
    let now = move || rules::clock::due::Now { moment: told.now(), wall: told.wall() };
    let timing = runtime.spawn(rules::clock::run(engine.port.clone(), now, stop_faces.clone()));
    if demo {
        runtime.block_on(start_demo(&engine, stop_demo.clone()));
    }
    let ended = if headless { wait(&runtime, &engine, asked) } else { show(&runtime, &engine, &clock, asked, stall) };
    stop_demo.cancel();
    stop_faces.cancel();
    drop(runtime.block_on(acting));
    drop(runtime.block_on(timing));
    runtime.block_on(engine.stop());
    runtime.shutdown_timeout(Duration::from_millis(300));
    drop(lock);
    ended.map(|()| ExitCode::SUCCESS)
}

async fn start(setup: Setup, lock: &Arc<Lock>, stop: CancellationToken) -> anyhow::Result<Engine> {
    let (paths, clock) = (setup.paths.clone(), setup.clock.clone());
    let store = Store::open(&paths.db, Patience::default(), |health| tracing::warn!(?health, "the store"))?;
    let token: Arc<str> =
        files::token(&paths.secrets.join("api.token")).context("the API's token cannot be kept")?.into();
    let faces = faces(token, clock, stop);
    let setup = Setup { store: Some(store), ..setup };
    let engine = Engine::start(setup, faces).await?;
    let api = open_at(&engine.port, "api.listen").await;
    lock.announce(Running { pid: std::process::id(), api })?;
    tokio::spawn(announce_moves(engine.port.clone(), Arc::clone(lock), api));
    Ok(engine)
}

/// Keeps the note for a second instance true when a setting moves the API.
async fn announce_moves(port: Port, lock: Arc<Lock>, mut api: Option<SocketAddr>) {
    let mut published = port.published.clone();
    while published.changed().await.is_ok() {
        let now = open_at(&port, "api.listen").await;
        if now != std::mem::replace(&mut api, now)
            && let Err(error) = lock.announce(Running { pid: std::process::id(), api })
        {
            tracing::warn!(%error, "where the API is could not be noted");
        }
    }
}

/// What runs behind the doors.
fn faces(token: Arc<str>, clock: Clock, stop: CancellationToken) -> Faces {
    let wall = clock.clone();
    Faces {
        api: Box::new(|port| api_door(port, token, clock)),
        hue: Box::new(move |port, shown| hue_doors(hue_face(port, &wall), shown, &stop)),
    }
}

/// What both doors of the Hue bridge work with.
fn hue_face(port: Port, clock: &Clock) -> Face {
    let (wall, now) = (clock.clone(), clock.clone());
    Face::new(port, Arc::new(move || wall.wall()), Arc::new(move || now.now()))
}

/// Both doors of the Hue bridge, and what keeps the face up to date until `stop`, whether they are open or not.
fn hue_doors(face: Face, shown: Shown, stop: &CancellationToken) -> HueDoors {
    tokio::spawn(book::run(face.clone(), stop.clone()));
    tokio::spawn(events::run(face.clone(), stop.clone()));
    let (secure, asked, named) = (face.clone(), face.clone(), face.clone());
    HueDoors {
        http: Arc::new(move |listener, stop| tokio::spawn(door::serve(listener, face.clone(), stop))),
        https: Arc::new(move |listener, stop| {
            tokio::spawn(door::serve_tls(listener, secure.clone(), Arc::clone(&shown), stop))
        }),
        ssdp: Arc::new(move |at, stop| announce::ssdp::open(asked.clone(), at, stop)),
        mdns: Arc::new(move |at, stop| announce::mdns::open(named.clone(), at, stop)),
    }
}

fn api_door(port: Port, token: Arc<str>, clock: Clock) -> Serve {
    Arc::new(move |listener, stop| {
        let serving = api::serve(listener, port.clone(), Arc::clone(&token), clock.clone(), stop);
        tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "the local API ended");
            }
        })
    })
}

/// Where a port was opened, once that is known; `None` if it was not.
async fn open_at(port: &Port, key: &str) -> Option<SocketAddr> {
    let mut published = port.published.clone();
    loop {
        let view = port.view();
        if let Some(line) = view.system.listeners.iter().find(|line| &*line.key == key) {
            let PortState::Open { at } = &line.state else { return None };
            return at.parse().ok();
        }
        published.changed().await.ok()?;
    }
}

async fn start_demo(engine: &Engine, stop: CancellationToken) {
    match open_at(&engine.port, "sensors.listen").await {
        Some(to) => drop(tokio::spawn(sim::demo::run(to, stop, engine.paused.clone()))),
        None => tracing::error!("the sensor server is not open: the demo's devices have nowhere to dial"),
    }
}

/// Runs until somebody asks it to stop.
fn wait(
    runtime: &tokio::runtime::Runtime,
    engine: &Engine,
    asked: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let mut quit = engine.port.quit.subscribe();
    runtime.block_on(async move {
        tokio::select! {
            () = asked => {}
            _ = quit.wait_for(|&quit| quit) => {}
        }
    });
    Ok(())
}

/// Opens the window and runs until it is closed for good.
fn show(
    runtime: &tokio::runtime::Runtime,
    engine: &Engine,
    clock: &Clock,
    asked: impl Future<Output = ()> + Send + 'static,
    stall: Option<Duration>,
) -> anyhow::Result<()> {
    let port = engine.port.clone();
    runtime.spawn(async move {
        asked.await;
        port.quit.send_replace(true);
        port.wake.wake();
    });
    let clock = clock.clone();
    let clock: ui::app::Clock = Arc::new(move || (clock.now(), clock.wall()));
    let options = ui::app::WindowOptions { clock, zone: jiff::tz::TimeZone::system(), stall };
    let opened = ui::app::run(engine.port.clone(), options);
    opened.map_err(|error| anyhow::anyhow!("The window could not be opened: {error}. Try --headless."))
}

/// Completes on Ctrl-C or SIGTERM. It listens from this call on, not from the first `.await`: a signal in between ends
/// nothing the hard way. Call inside a runtime.
fn asked_to_stop() -> impl Future<Output = ()> + Send + 'static {
    #[cfg(unix)]
    let signals = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).and_then(|term| Ok((term, signal(SignalKind::interrupt())?)))
    };
    async move {
        #[cfg(unix)]
        if let Ok((mut term, mut interrupt)) = signals {
            tokio::select! {
                _ = term.recv() => return,
                _ = interrupt.recv() => return,
            }
        }
        // Without a signal handler the program ends the hard way; what is stored survives that.
        drop(tokio::signal::ctrl_c().await);
    }
}

/// What to say if no window can be opened here.
fn missing_display() -> Option<&'static str> {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    (cfg!(target_os = "linux") && !set("DISPLAY") && !set("WAYLAND_DISPLAY") && !set("WAYLAND_SOCKET"))
        .then_some("There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set). Run with --headless.")
}

/// Logs to the terminal and to rolling files, the oldest of which are deleted.
fn logs(paths: &Paths, settings: &Settings) -> anyhow::Result<tracing_appender::non_blocking::WorkerGuard> {
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;
    let files = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix("hearthlight")
        .filename_suffix("log")
        .max_log_files(settings.log.files as usize)
        .build(&paths.logs)
        .context("the log cannot be written")?;
    let (files, guard) = tracing_appender::non_blocking(files);
    let level = settings.log.level.word();
    let filter = tracing_subscriber::EnvFilter::new(format!("warn,hearthlight={level}"));
    let to_file = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(files);
    let to_terminal = tracing_subscriber::fmt::layer().with_target(false).with_writer(std::io::stderr);
    tracing_subscriber::registry().with(filter).with(to_file).with(to_terminal).init();
    Ok(guard)
}
