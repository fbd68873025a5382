//! The window: drain, draw, send.
//!
//! Invariant: [`eframe::App::logic`] takes in, [`eframe::App::ui`] draws; commands leave once at the end of a frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use egui::{Context, IconData, Rect, Ui, ViewportBuilder, ViewportCommand, ViewportId, pos2, vec2};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;

use crate::model::layouts::LEFT;
use crate::model::message::{Command, Outcome, Stamped, Ticket};
use crate::model::snapshot::Snapshot;
use crate::model::system;
use crate::port::Port;
use crate::ui::choices::{Choices, Closing, Range, Seen};
use crate::ui::desk::layout::Layout;
use crate::ui::desk::place::Place;
use crate::ui::desk::{apart, left};
use crate::ui::now::Now;
use crate::ui::outbox::Outbox;
use crate::ui::pictures::Pictures;
use crate::ui::pulse::Pulse;
use crate::ui::scene::{Scene, Stage};
use crate::ui::shell::toasts::Offer;
use crate::ui::shell::{closing, deeds, jobs, palette, whole};
use crate::ui::style;
use crate::ui::theme::{Density, Look, size, time};
use crate::ui::undo::inverse;
use crate::units::moment::Moment;

/// Where the window takes the time from.
pub type Clock = Arc<dyn Fn() -> (Moment, Timestamp) + Send + Sync>;

/// What the window must be told at its start.
#[derive(Clone)]
pub struct WindowOptions {
    /// The program's clock: the one that stamped the slots.
    pub clock: Clock,
    /// The time zone in which people read times.
    pub zone: TimeZone,
    /// For tests: the window's thread sleeps once for so long, at the first frame drawn 5 s or more after its start.
    pub stall: Option<Duration>,
}

impl std::fmt::Debug for WindowOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WindowOptions").field("zone", &self.zone).finish_non_exhaustive()
    }
}

/// Opens the window and runs it until it is closed. On the main thread: the systems want it there.
///
/// # Errors
/// If there is no display, or no OpenGL.
pub fn run(port: Port, options: WindowOptions) -> Result<(), eframe::Error> {
    // Its size from the first frame on; where it is follows when the screens are known.
    let left = port.view().layouts.saved.get(LEFT).and_then(|body| Layout::read(body).ok());
    let (place, least) = match left {
        Some(layout) if layout.small => (layout.window.unwrap_or_default(), size::SMALL),
        Some(layout) => (layout.window.unwrap_or_default(), size::WINDOW_MIN),
        None => (Place::default(), size::WINDOW_MIN),
    };
    let mut viewport = ViewportBuilder::default()
        .with_title("Hearthlight")
        .with_app_id("hearthlight")
        .with_inner_size(place.fitting(&[], least))
        .with_min_inner_size(least);
    if let Some(icon) = icon() {
        viewport = viewport.with_icon(icon);
    }
    let native =
        eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, ..eframe::NativeOptions::default() };
    eframe::run_native(
        "hearthlight",
        native,
        Box::new(move |creation| {
            let ctx = creation.egui_ctx.clone();
            prepare(&ctx);
            let window = Window::new(port, options);
            let hidden = Arc::clone(&window.hidden);
            window.port.wake.connect(move || {
                let pause = if hidden.load(Ordering::Relaxed) { time::WAKE_HIDDEN } else { time::WAKE };
                ctx.request_repaint_after_for(pause, ViewportId::ROOT);
            });
            Ok(Box::new(window))
        }),
    )
}

/// What stands for the window in lists of windows, where the system does not take it from the installed entry.
fn icon() -> Option<IconData> {
    let picture = image::load_from_memory(include_bytes!("../../assets/icon-128.png")).ok()?.into_rgba8();
    let (width, height) = picture.dimensions();
    Some(IconData { rgba: picture.into_raw(), width, height })
}

/// Gives an egui context our fonts and habits. Once, before its first frame.
pub fn prepare(ctx: &Context) {
    style::install_fonts(ctx);
    style::put_on(ctx, Look::default());
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
}

/// The window's whole state.
pub struct Window {
    port: Port,
    options: WindowOptions,
    view: Arc<Snapshot>,
    choices: Choices,
    seen: Seen,
    stage: Stage,
    out: Outbox,
    pictures: Pictures,
    pulse: Pulse,
    jobs: jobs::Watched,
    /// Settings that were chosen here and are not in force yet: under which numbers and when they were sent.
    chosen: Vec<(Ticket, Moment)>,
    look: Option<(Look, bool, Density)>,
    restored: bool,
    shown: u64,
    quit: watch::Receiver<bool>,
    quitting: bool,
    hidden: Arc<AtomicBool>,
    logic_took: Duration,
    ui_took: Option<Duration>,
    started: Moment,
}

impl std::fmt::Debug for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Window").field("stage", &self.stage).finish_non_exhaustive()
    }
}

impl Window {
    /// A window on `port`, not open yet.
    #[must_use]
    pub fn new(port: Port, options: WindowOptions) -> Self {
        let view = port.view();
        let quit = port.quit.subscribe();
        let started = (options.clock)().0;
        let jobs = jobs::Watched::of(&view.exports);
        Self {
            shown: view.system.shown,
            choices: Choices::of(&view.system.settings),
            view,
            port,
            options,
            seen: Seen::default(),
            stage: Stage::default(),
            out: Outbox::default(),
            pictures: Pictures::default(),
            pulse: Pulse::default(),
            jobs,
            chosen: Vec::new(),
            look: None,
            restored: false,
            quit,
            quitting: false,
            hidden: Arc::default(),
            logic_took: Duration::ZERO,
            ui_took: None,
            started,
        }
    }

    /// Takes in what the engine told. Also while the window is hidden.
    pub fn take_in(&mut self, ctx: &Context) {
        self.port.wake.begin_drain();
        let (before, trails) = (Arc::clone(&self.view), &mut self.stage.trails);
        trails.begin((self.options.clock)().0);
        let note = |fact: &Stamped| trails.note(&before.lights, fact);
        let more = self.port.facts.drain(&mut self.view, &self.port.snapshot, time::DRAIN, note);
        if more {
            ctx.request_repaint_after(time::WAKE);
        }
        self.take_outcomes();
        self.take_settings();
        if self.shown != self.view.system.shown {
            self.shown = self.view.system.shown;
            self.hidden.store(false, Ordering::Relaxed);
            ctx.send_viewport_cmd(ViewportCommand::Visible(true));
            ctx.send_viewport_cmd(ViewportCommand::Minimized(false));
            ctx.send_viewport_cmd(ViewportCommand::Focus);
        }
        if *self.quit.borrow() && !self.quitting {
            self.quitting = true;
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
        self.answer_close(ctx);
    }

    /// Takes the choices from the settings, if they are others than before. Not while settings are on their way that a
    /// person just chose here: what comes back in the meantime is older than what is on the screen.
    fn take_settings(&mut self) {
        let now = (self.options.clock)().0;
        self.chosen.retain(|(_, at)| now.since(*at) < time::ANSWER);
        if self.chosen.is_empty() && self.seen.differs(&self.view.system.settings) {
            self.choices = Choices::of(&self.view.system.settings);
        }
    }

    fn take_outcomes(&mut self) {
        let outcomes = std::mem::take(&mut *self.port.outcomes.lock());
        for (ticket, outcome) in outcomes {
            self.chosen.retain(|(known, _)| *known != ticket);
            if let Outcome::Refused { why } = outcome {
                self.stage.wish = None;
                self.stage.inspect.sent = None;
                self.choices = Choices::of(&self.view.system.settings);
                self.stage.undo.refused(ticket);
                self.stage.toasts.say(why);
            }
        }
        if let Some((id, wish)) = &self.stage.wish
            && self.view.thermal.arrays.get(id).is_none_or(|array| array.choice == *wish)
        {
            self.stage.wish = None;
        }
    }

    /// Closing asks once: hide and keep watching, or quit.
    fn answer_close(&mut self, ctx: &Context) {
        if self.quitting || !ctx.input(|i| i.viewport().close_requested()) {
            return;
        }
        match self.choices.closing {
            Closing::Quit => self.quitting = true,
            Closing::Keep => self.hide(ctx),
            Closing::Ask => {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
                self.stage.closing = true;
            }
        }
    }

    /// Hides the window; the engine goes on, and being asked to come forward shows it again.
    fn hide(&self, ctx: &Context) {
        self.hidden.store(true, Ordering::Relaxed);
        ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        ctx.send_viewport_cmd(ViewportCommand::Visible(false));
    }

    /// Draws one frame and sends what was asked for.
    pub fn draw(&mut self, ui: &mut Ui) {
        self.dress(ui.ctx());
        let before = self.choices.clone();
        let (moment, wall) = (self.options.clock)();
        let now = Now { moment, wall, zone: self.options.zone.clone() };
        self.stage.ticking = false;
        self.stage.past.refresh(ui.ctx(), &self.port, &now, &mut self.pictures);
        self.stage.past.marks.refresh(&self.view.thermal.bookmarks, self.view.seq, &mut self.stage.undo);
        self.pictures.refresh(&self.port.slots);
        let inspected = self.stage.selected.as_ref().filter(|_| self.stage.enlarged);
        let shared = self.choices.range == Range::Shared;
        self.pictures.arrange(&self.stage.views, &self.port.slots, shared, inspected);
        if self.pulse.take(&self.port.slots, moment) {
            ui.ctx().request_repaint_after(time::PULSE);
        }
        let view = Arc::clone(&self.view);
        let mut scene = Scene {
            view: &view,
            port: &self.port,
            now: &now,
            choices: &mut self.choices,
            stage: &mut self.stage,
            out: &mut self.out,
            pictures: &mut self.pictures,
            pulse: &self.pulse,
        };
        if !self.restored {
            self.restored = true;
            left::restore(&mut scene);
        }
        scene.stage.desk.here = here(ui.ctx(), scene.stage);
        let tokens = self.look.unwrap_or_default().0.tokens();
        let decided = whole::show(ui, &mut scene, tokens);
        apart::show(ui.ctx(), &mut scene);
        self.jobs.tell(&scene.view.exports, &mut scene.stage.toasts);
        let above = whole::above(ui, &mut scene);
        palette::show(ui, &mut scene, above);
        jobs::show(ui, &mut scene);
        if let Some(words) = scene.stage.saying.take() {
            scene.stage.toasts.say(words);
        }
        if let Some(offer) = scene.stage.toasts.show(ui.ctx(), moment, above) {
            take_offer(&mut scene, &offer);
        }
        left::remember(ui.ctx(), &mut scene);
        match decided {
            Some(closing::Decided::Keep) => self.hide(ui.ctx()),
            Some(closing::Decided::Quit) => {
                self.quitting = true;
                ui.ctx().send_viewport_cmd(ViewportCommand::Close);
            }
            None => {}
        }
        if self.stage.ticking {
            ui.ctx().request_repaint_after(until_next_second(wall));
        }
        self.choices.remember(&before, &mut self.out);
        self.send(&view);
        for command in self.stage.viewport.drain(..) {
            ui.ctx().send_viewport_cmd(command);
        }
    }

    /// Sends what was asked for, and notes what takes it back.
    fn send(&mut self, view: &Snapshot) {
        let commands = self.out.waiting().to_vec();
        let tickets = self.out.flush(&self.port, &view.system.operator);
        let gesture = self.stage.undo.gesture.take();
        let now = (self.options.clock)().0;
        for (command, ticket) in commands.iter().zip(tickets) {
            if matches!(command, Command::System(system::Command::Set { .. })) {
                self.chosen.push((ticket, now));
            }
            let undo = &mut self.stage.undo;
            if !undo.sent(command, ticket)
                && let Some((words, back)) = inverse::of(view, command)
            {
                undo.did_in(gesture, words, (command.clone(), back), ticket);
            }
        }
    }

    /// Brings the window to where a layout wants it.
    fn place(&mut self, ctx: &Context, frame: &eframe::Frame) {
        let Some(place) = self.stage.desk.wanted.take() else { return };
        let least = if self.stage.desk.small { size::SMALL } else { size::WINDOW_MIN };
        for command in place.commands(&screens(frame), least, ctx.zoom_factor()) {
            ctx.send_viewport_cmd(command);
        }
    }

    /// Stands still once if a test wants it: alarms must not need the window.
    fn stall(&mut self, ctx: &Context) {
        let Some(pause) = self.options.stall else { return };
        let running = (self.options.clock)().0.since(self.started);
        if running >= time::STALL_AFTER {
            self.options.stall = None;
            std::thread::sleep(pause);
        } else {
            ctx.request_repaint_after(time::STALL_AFTER.saturating_sub(running));
        }
    }

    /// Puts on the look and the size of text that are wanted.
    fn dress(&mut self, ctx: &Context) {
        let dark = ctx.system_theme() != Some(egui::Theme::Light);
        let desktop = self.view.system.desktop;
        let wanted = (self.choices.look(desktop, dark), self.choices.is_still(desktop), self.choices.density);
        if self.look != Some(wanted) {
            self.look = Some(wanted);
            let (look, still, density) = wanted;
            style::hold_still(ctx, still);
            style::pack(ctx, density);
            style::put_on(ctx, look);
        }
        if (ctx.zoom_factor() - self.choices.text_scale).abs() > f32::EPSILON {
            ctx.set_zoom_factor(self.choices.text_scale);
        }
    }

    /// The window's own state: for tests.
    #[must_use]
    pub const fn stage(&self) -> &Stage {
        &self.stage
    }

    /// What a person chose: for tests.
    #[must_use]
    pub const fn choices(&self) -> &Choices {
        &self.choices
    }

    /// The pictures: for tests.
    #[must_use]
    pub const fn pictures(&self) -> &Pictures {
        &self.pictures
    }
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        let start = Instant::now();
        // What eframe measured of the last frame includes `logic`, `ui`, tessellation and painting, but no waiting for
        // the screen. Tessellation cannot be told from painting from here; it counts as painting.
        if let (Some(ui), Some(all)) = (self.ui_took.take(), frame.info().cpu_usage) {
            let paint = Duration::try_from_secs_f32(all).unwrap_or_default().saturating_sub(ui);
            self.port.slots.ui_paint.note(paint);
        }
        self.take_in(ctx);
        self.logic_took = start.elapsed();
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        if self.hidden.load(Ordering::Relaxed) {
            // eframe runs this for a window it made invisible, at most some times a second: there is nothing to draw.
            return;
        }
        self.stall(ui.ctx());
        let start = Instant::now();
        self.draw(ui);
        self.place(ui.ctx(), frame);
        let took = self.logic_took + start.elapsed();
        self.port.slots.ui_frame.note(took);
        self.ui_took = Some(took);
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        self.look.unwrap_or_default().0.tokens().bg0.to_normalized_gamma_f32()
    }
}

/// Where the window is now.
fn here(ctx: &Context, stage: &Stage) -> Option<Place> {
    let on_top = stage.desk.wanted.or(stage.desk.here).is_some_and(|place| place.on_top);
    let zoom = ctx.zoom_factor();
    let now = ctx.input(|i| Place::of(i.viewport(), i.content_rect(), zoom, on_top));
    now.or(stage.desk.here)
}

/// The screens, in points at text scale 1.
fn screens(frame: &eframe::Frame) -> Vec<Rect> {
    let Some(window) = frame.winit_window() else { return Vec::new() };
    let screen = |at: [i32; 2], size: [u32; 2], scale: f64| {
        let points = |v: f64| (v / scale) as f32;
        let min = pos2(points(f64::from(at[0])), points(f64::from(at[1])));
        Rect::from_min_size(min, vec2(points(f64::from(size[0])), points(f64::from(size[1]))))
    };
    let all = window.available_monitors().map(|monitor| {
        let (at, size) = (monitor.position(), monitor.size());
        screen([at.x, at.y], [size.width, size.height], window.scale_factor())
    });
    all.collect()
}

/// Does what a toast offered.
fn take_offer(scene: &mut Scene<'_>, offer: &Offer) {
    match offer {
        Offer::Undo => (deeds::UNDO.run)(scene),
        Offer::Redo => (deeds::REDO.run)(scene),
        Offer::Show(job) => scene.out.exports(crate::model::exports::Command::Reveal(*job)),
    }
}

fn until_next_second(wall: Timestamp) -> Duration {
    let past = u32::try_from(wall.subsec_nanosecond().max(0)).unwrap_or(0);
    Duration::from_secs(1).saturating_sub(Duration::from_nanos(u64::from(past))).max(time::WAKE)
}
