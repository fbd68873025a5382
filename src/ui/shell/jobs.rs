//! Files being written: a bar with Cancel for what takes longer, a word when it is done, a list of the last ones.
//!
//! Invariant: a job says how it ended once; those that were over when the window opened say nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{
    Align, Align2, Area, CornerRadius, Id, Label, Layout, Order, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use crate::model::exports::{Command, Exports, Job, Standing};
use crate::ui::scene::Scene;
use crate::ui::shell::toasts::{Offer, Toasts};
use crate::ui::theme::{radius, size, space, stroke, text, time};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::{ground, menu};
use crate::ui::{icons, style, widgets, words};

/// Which jobs were seen at work.
#[derive(Debug)]
pub struct Watched {
    running: BTreeMap<u64, bool>,
}

impl Watched {
    /// Begins with the jobs there are: those that are over are no news.
    #[must_use]
    pub fn of(exports: &Exports) -> Self {
        Self { running: exports.jobs.values().map(|job| (job.id, is_running(job))).collect() }
    }

    /// Says what ended since the last call.
    pub fn tell(&mut self, exports: &Exports, toasts: &mut Toasts) {
        self.running.retain(|id, _| exports.jobs.contains_key(id));
        for job in exports.jobs.values() {
            let now = is_running(job);
            let news = self.running.insert(job.id, now).unwrap_or(true) && !now;
            match &job.standing {
                Standing::Done { path, .. } if news => {
                    toasts.offer(format!("Saved {}", file_name(path)), "Show", Offer::Show(job.id));
                }
                Standing::Failed(why) if news => toasts.say(format!("{}: {why}", job.name)),
                _ => {}
            }
        }
    }
}

fn is_running(job: &Job) -> bool {
    matches!(job.standing, Standing::Running(_))
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The button in the top bar: there as long as there are jobs.
pub fn button(ui: &mut Ui, scene: &mut Scene<'_>) {
    if scene.view.exports.jobs.is_empty() {
        return;
    }
    let running = scene.view.exports.jobs.values().filter(|job| is_running(job)).count();
    let name = match running {
        0 => "Saved files".to_owned(),
        n => format!("Saved files: {} at work", words::many(n, "job")),
    };
    let response = button::icon(ui, icons::DOWNLOAD, &name, running > 0);
    menu::popup(&response, |ui| {
        ui.set_min_width(size::JOBS);
        ui.spacing_mut().item_spacing.y = space::XS;
        menu::heading(ui, "Saved files");
        let jobs: Vec<_> = scene.view.exports.jobs.values().rev().cloned().collect();
        for job in &jobs {
            row(ui, scene, job);
        }
    });
}

/// The jobs that are at work for longer than a moment, under the top bar.
pub fn show(ui: &Ui, scene: &mut Scene<'_>) {
    let running = scene.view.exports.jobs.values().filter(|job| is_running(job));
    let (long, young): (Vec<Arc<Job>>, Vec<_>) =
        running.cloned().partition(|job| scene.now.since(job.since) >= time::JOB);
    if let Some(next) = young.iter().map(|job| time::JOB.saturating_sub(scene.now.since(job.since))).min() {
        ui.ctx().request_repaint_after(next);
    }
    if long.is_empty() {
        return;
    }
    let t = style::tokens(ui);
    let top = if scene.stage.wall { space::S } else { size::TOP + space::S };
    let area = Area::new(Id::unique("jobs")).order(Order::Middle).anchor(Align2::RIGHT_TOP, vec2(-space::L, top));
    area.fade_in(false).accessible_name("Files being written").show(ui.ctx(), |ui| {
        ground::card(t, space::M).show(ui, |ui| {
            ui.set_width(size::JOBS);
            for job in &long {
                row(ui, scene, job);
            }
        });
    });
}

/// One job: its name, how it stands, what can be done about it.
fn row(ui: &mut Ui, scene: &mut Scene<'_>, job: &Job) {
    let t = style::tokens(ui);
    let side = match &job.standing {
        Standing::Running(share) => format!("{:.0}\u{a0}%", share.clamp(0.0, 1.0) * 100.0),
        Standing::Done { path, bytes } => format!("{}, {}", file_name(path), words::bytes(*bytes)),
        Standing::Failed(why) => why.to_string(),
        Standing::Cancelled => "cancelled".to_owned(),
    };
    ui.allocate_ui_with_layout(vec2(ui.available_width(), size::ROW_TWO), Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_height(size::ROW_TWO);
        match &job.standing {
            Standing::Running(_) => {
                if ui.add(Button::new("Cancel").name(&format!("Cancel: {}", job.name))).clicked() {
                    scene.out.exports(Command::Cancel(job.id));
                }
            }
            Standing::Done { .. } => {
                let name = format!("Show the file of {}", job.name);
                if ui.add(Button::new("Show").icon(icons::FOLDER_OPEN).name(&name)).clicked() {
                    scene.out.exports(Command::Reveal(job.id));
                }
            }
            Standing::Failed(_) | Standing::Cancelled => {}
        }
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add(Label::new(style::job(&job.name, text::BUTTON, t.text1)).truncate());
            if let Standing::Running(share) = job.standing {
                bar(ui, &job.name, share);
            } else {
                ui.add(Label::new(style::job(&side, text::SIDE, t.text2)).truncate()).on_hover_text(&side);
            }
        });
    });
}

/// A progress bar with its figure.
fn bar(ui: &mut Ui, name: &str, share: f32) {
    let t = style::tokens(ui);
    let share = share.clamp(0.0, 1.0);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), text::SIDE.line), Sense::hover());
    let words = format!("{:.0}\u{a0}%", share * 100.0);
    let figure =
        style::paint(ui.painter(), rect.right_center(), Align2::RIGHT_CENTER, &words, text::AXIS_FIGURE, t.text2);
    let left = pos2(rect.left(), rect.center().y - size::PROGRESS / 2.0);
    let track = Rect::from_min_max(left, pos2(figure.left() - space::S, left.y + size::PROGRESS));
    let corner = CornerRadius::same(radius::PICTURE);
    ui.painter().rect(track, corner, t.bg1, Stroke::new(stroke::HAIR, t.edge), StrokeKind::Outside);
    let done = Rect::from_min_size(track.min, vec2(track.width() * share, track.height()));
    ui.painter().rect_filled(done, corner, t.ember);
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, format!("{name}: {words}")));
    widgets::focus_ring(ui, &response, radius::PICTURE);
}
