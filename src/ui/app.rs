//! The window: drain, draw, send.
//!
//! Invariant: [`eframe::App::logic`] takes in, [`eframe::App::ui`] draws; commands leave once at the end of a frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use egui::{CentralPanel, Context, Frame, Margin, Panel, Stroke, Ui, ViewportBuilder, ViewportCommand, ViewportId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;

use crate::model::message::Outcome;
use crate::model::snapshot::Snapshot;
use crate::model::system::Reach;
use crate::port::Port;
use crate::ui::choices::{Choices, Closing, Range, Seen};
use crate::ui::now::Now;
use crate::ui::outbox::Outbox;
use crate::ui::panels::{self, inspector};
use crate::ui::pictures::Pictures;
use crate::ui::pulse::Pulse;
use crate::ui::scene::{Scene, Stage};
use crate::ui::shell::toasts::Toasts;
use crate::ui::shell::{bar, border, closing, first_run, keys, rail, top};
use crate::ui::style;
use crate::ui::theme::{Look, Tokens, size, space, stroke, time};
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
    let viewport = ViewportBuilder::default()
        .with_title("Hearthlight")
        .with_app_id("hearthlight")
        .with_inner_size(size::WINDOW)
        .with_min_inner_size(size::WINDOW_MIN);
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
    toasts: Toasts,
    look: Option<Look>,
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
            toasts: Toasts::default(),
            look: None,
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
        let more = self.port.facts.drain(&mut self.view, &self.port.snapshot, time::DRAIN, |_| {});
        if more {
            ctx.request_repaint_after(time::WAKE);
        }
        if self.seen.differs(&self.view.system.settings) {
            self.choices = Choices::of(&self.view.system.settings);
        }
        self.take_outcomes();
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

    fn take_outcomes(&mut self) {
        let outcomes = std::mem::take(&mut *self.port.outcomes.lock());
        let now = (self.options.clock)().0;
        for (_, outcome) in outcomes {
            if let Outcome::Refused { why } = outcome {
                self.stage.wish = None;
                self.choices = Choices::of(&self.view.system.settings);
                self.toasts.say(now, why);
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
        let tokens = self.look.unwrap_or_default().tokens();
        let decided = panels(ui, &mut scene, tokens);
        let above = bar::grown(ui, &mut scene);
        if let Some(words) = scene.stage.saying.take() {
            self.toasts.say(moment, words);
        }
        self.toasts.show(ui.ctx(), moment, above);
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
        self.out.flush(&self.port, &view.system.operator);
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
        let look = self.choices.look(dark);
        if self.look != Some(look) {
            self.look = Some(look);
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

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        if self.hidden.load(Ordering::Relaxed) {
            // eframe runs this for a window it made invisible, at most some times a second: there is nothing to draw.
            return;
        }
        self.stall(ui.ctx());
        let start = Instant::now();
        self.draw(ui);
        let took = self.logic_took + start.elapsed();
        self.port.slots.ui_frame.note(took);
        self.ui_took = Some(took);
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        self.look.unwrap_or_default().tokens().bg0.to_normalized_gamma_f32()
    }
}

/// Draws everything: bars first, the page in what is left.
fn panels(ui: &mut Ui, scene: &mut Scene<'_>, t: &Tokens) -> Option<closing::Decided> {
    keys::handle(ui.ctx(), scene);
    let wide = ui.available_width() >= size::WIDE;
    let ground = Frame::NONE.fill(t.bg1);
    let mut decided = None;
    Panel::bottom("bar")
        .exact_size(bar::grown(ui, scene))
        .show_separator_line(false)
        .frame(ground)
        .show(ui, |ui| bar::show(ui, scene));
    if scene.stage.closing {
        let question = Frame::NONE.fill(t.bg3);
        Panel::bottom("closing").exact_size(size::TOP).show_separator_line(false).frame(question).show(ui, |ui| {
            decided = closing::show(ui, scene);
        });
    }
    if !scene.stage.wall {
        Panel::top("top")
            .exact_size(size::TOP)
            .show_separator_line(false)
            .frame(ground)
            .show(ui, |ui| top::show(ui, scene));
        let width = if wide { size::RAIL } else { size::RAIL_NARROW };
        Panel::left("rail").exact_size(width).resizable(false).show_separator_line(false).frame(ground).show(
            ui,
            |ui| {
                edge(ui, t, Side::Right);
                rail::show(ui, scene, wide);
            },
        );
    }
    let asks = scene.view.system.reach == Reach::Unanswered && !scene.view.system.demo;
    let page = panels::PAGES.get(scene.stage.page).or_else(|| panels::PAGES.first());
    let inspects = page.is_some_and(|page| page.inspects) && !asks && !scene.stage.wall;
    let something = !scene.view.sensors.devices.is_empty();
    if inspects && something && scene.stage.inspector.unwrap_or(wide) {
        Panel::right("inspector")
            .exact_size(size::INSPECTOR)
            .resizable(false)
            .show_separator_line(false)
            .frame(ground)
            .show(ui, |ui| {
                edge(ui, t, Side::Left);
                inspector::show(ui, scene);
            });
    }
    let margin = Margin { left: space::L as i8, right: space::L as i8, top: space::M as i8, bottom: space::L as i8 };
    CentralPanel::default().frame(Frame::NONE.fill(t.bg0).inner_margin(margin)).show(ui, |ui| match page {
        _ if asks => first_run::show(ui, scene),
        Some(page) => (page.show)(ui, scene),
        None => {}
    });
    keys::show(ui, scene);
    border::show(ui, scene);
    decided
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

/// The hairline between a panel and the page.
fn edge(ui: &Ui, t: &Tokens, side: Side) {
    let rect = ui.max_rect();
    let line = Stroke::new(stroke::HAIR, t.line);
    let x = match side {
        Side::Left => rect.left(),
        Side::Right => rect.right() - stroke::HAIR,
    };
    ui.painter().vline(x, rect.y_range(), line);
}

fn until_next_second(wall: Timestamp) -> Duration {
    let past = u32::try_from(wall.subsec_nanosecond().max(0)).unwrap_or(0);
    Duration::from_secs(1).saturating_sub(Duration::from_nanos(u64::from(past))).max(time::WAKE)
}
