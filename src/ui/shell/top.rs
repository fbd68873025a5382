//! The top bar: brand, search, layout, view, health, operator.

use egui::{
    Align, Align2, CornerRadius, Layout, Painter, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2,
    vec2,
};

use crate::ui::choices::{Motion, Theme, Words};
use crate::ui::desk::picker;
use crate::ui::panels;
use crate::ui::panels::system::part::Part;
use crate::ui::scene::Scene;
use crate::ui::shell::alarm_bar::acts;
use crate::ui::shell::{deeds, jobs, master, palette, stopped};
use crate::ui::standing::Standing;
use crate::ui::theme::{Density, Tokens, radius, size, space, stroke, text};
use crate::ui::widgets::{button, menu, pill};
use crate::ui::{icons, style, widgets, words};
use crate::units::temperature::Scale;

/// Draws the top bar's content. What there is no room for goes in this order: words, names, figures; every control
/// stays.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let full = ui.available_width();
    ui.spacing_mut().item_spacing.x = if full < size::TOP_NARROW { space::XS } else { space::M };
    let line = Stroke::new(stroke::HAIR, t.line);
    ui.painter().hline(ui.max_rect().x_range(), ui.max_rect().bottom() - stroke::HAIR, line);
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(space::L);
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(22.0), Sense::hover());
        mark(ui.painter(), rect, t);
        if full >= size::TOP_NARROW {
            ui.label(style::job("Hearthlight", text::TILE_NAME, t.text1));
        }
        if scene.view.system.demo {
            demo_badge(ui, t);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(space::L - ui.spacing().item_spacing.x);
            right(ui, scene, full);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add_space(space::S);
                let width = ui.available_width() - space::S;
                palette::field(ui, scene, width);
            });
        });
    });
}

/// What stands at the right: operator, sound, health, layout, view, inspector, files, the stop.
fn right(ui: &mut Ui, scene: &mut Scene<'_>, full: f32) {
    let (wide, narrow) = (full >= size::TOP_WIDE, full < size::TOP_NARROW);
    operator(ui, &scene.view.system.operator, wide);
    sound(ui, scene);
    health(ui, scene, wide);
    if narrow {
        let response = button::icon(ui, icons::EYE, "View", false);
        menu::popup(&response, |ui| view_menu(ui, scene));
    } else {
        menu::drop_down(ui, "View", "View", "", |ui| view_menu(ui, scene));
    }
    picker::show(ui, scene, !wide);
    jobs::button(ui, scene);
    master::show(ui, scene, full >= size::MASTER_FROM);
    let open = scene.stage.inspector == Some(true);
    let inspects = panels::PAGES.get(scene.stage.page).is_some_and(|page| page.inspects);
    if inspects && button::icon(ui, icons::INFO, &deeds::INSPECTOR.tip(), open).clicked() {
        (deeds::INSPECTOR.run)(scene);
    }
    stopped::mark(ui, scene);
}

/// The mark: a hearth with a light in it.
fn mark(painter: &Painter, rect: Rect, t: &Tokens) {
    let line = Stroke::new(stroke::GLYPH_LINE, t.ember);
    painter.rect_stroke(rect.shrink(1.5), CornerRadius::same(radius::CONTROL + 1), line, StrokeKind::Inside);
    let (x, y) = (rect.center().x, rect.center().y);
    painter.circle_filled(pos2(x, y - 1.5), 2.6, t.ember);
    let foot = rect.bottom() - 5.5;
    let arch = [pos2(x - 4.5, foot), pos2(x - 2.5, foot - 2.5), pos2(x + 2.5, foot - 2.5), pos2(x + 4.5, foot)];
    painter.line(arch.to_vec(), line);
}

fn demo_badge(ui: &mut Ui, t: &Tokens) {
    let galley = ui.painter().layout_job(style::job("DEMO", text::SECTION, t.text2));
    let (rect, response) =
        ui.allocate_exact_size(vec2(galley.size().x + 2.0 * space::S, size::SECTION), Sense::hover());
    let edge = Stroke::new(stroke::HAIR, t.edge);
    ui.painter().rect_stroke(rect, CornerRadius::same(radius::CONTROL), edge, StrokeKind::Inside);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, t.text2);
    response.on_hover_text("All devices are simulated");
}

fn operator(ui: &mut Ui, name: &str, wide: bool) {
    let t = style::tokens(ui);
    if name.is_empty() {
        return;
    }
    if wide {
        ui.add(egui::Label::new(style::job(name, text::BUTTON, t.text1)).truncate());
    }
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(24.0), Sense::hover());
    response.on_hover_text(name);
    ui.painter().circle_filled(rect.center(), 12.0, t.bg3);
    let initial: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
    style::paint(ui.painter(), rect.center(), Align2::CENTER_CENTER, &initial, text::STRONG, t.text1);
}

/// Whether alarms are heard: a click mutes them for a while, or lets them sound again.
fn sound(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let heard = acts::has_sound(scene);
    let left = acts::muted(scene).filter(|_| heard).map(|until| {
        scene.stage.ticking = true;
        let left = until.duration_since(scene.now.wall).as_secs().max(0);
        left.unsigned_abs().div_ceil(60)
    });
    let (icon, name) = match left {
        _ if !heard => {
            (icons::VOLUME_X, "Alarm sounds are off. System, Settings, alarms.sound switches them on".to_owned())
        }
        Some(left) => (icons::VOLUME_X, format!("Alarm sounds are muted for {left} more minutes. Sound again (M)")),
        None => (icons::VOLUME_2, format!("Mute alarm sounds for {} minutes (M)", acts::MUTE_MINUTES)),
    };
    let words = left.map(|left| format!("muted {left}\u{a0}min"));
    let ink = if heard { t.text2 } else { t.text3 };
    let galley = words.map(|words| ui.painter().layout_job(style::job(&words, text::BUTTON, t.text1)));
    let beside = galley.as_ref().map_or(0.0, |galley| galley.size().x + space::S + space::XS);
    let (rect, response) = ui.allocate_exact_size(vec2(size::SOUND + beside, size::SOUND), Sense::click());
    if response.hovered() || galley.is_some() {
        let border = button::border(ui, false);
        ui.painter().rect(rect, CornerRadius::same(radius::CONTROL), t.bg3, border, StrokeKind::Inside);
    }
    let at = pos2(rect.left() + size::SOUND / 2.0, rect.center().y);
    style::icon(ui.painter(), at, icon, text::ICON_L, ink);
    if let Some(galley) = galley {
        ui.painter().galley(pos2(rect.left() + size::SOUND, rect.center().y - galley.size().y / 2.0), galley, t.text1);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    widgets::focus_ring(ui, &response, radius::CONTROL);
    if response.clicked() {
        if heard {
            acts::mute(scene);
        } else {
            (scene.stage.page, scene.stage.system) = (panels::order::SYSTEM, Part::Program);
        }
    }
    response.on_hover_text(name);
}

/// Delay, pictures a second, lost packets; or first of all how many links are lost.
fn health(ui: &mut Ui, scene: &mut Scene<'_>, wide: bool) {
    let devices = scene.view.sensors.devices.values();
    let lost = devices.filter(|device| Standing::of(device).is_lost()).count();
    let pulse = scene.pulse;
    let (standing, first) = match lost {
        0 if scene.view.sensors.devices.is_empty() => (Standing::Off, "no links".to_owned()),
        0 => (Standing::Live, words::delay(pulse.delay)),
        n => (Standing::Offline, format!("{} lost", words::many(n, "link"))),
    };
    let figures = if wide {
        format!("{first}  {:.0}\u{a0}fps  {}\u{a0}lost", pulse.frames, words::count(pulse.lost))
    } else {
        first.clone()
    };
    let delay = words::delay(pulse.delay);
    let name = format!(
        "Health: {first}, delay {delay}, {:.0} pictures a second, {} packets lost. Opens System",
        pulse.frames, pulse.lost
    );
    let response = pill::show(ui, standing, &figures, &name);
    if response.clicked() {
        (scene.stage.page, scene.stage.system) = (panels::order::SYSTEM, Part::Program);
    }
    response.on_hover_text(format!("Delay {delay} (99 of 100 packets), pictures a second, packets lost"));
}

/// Look, units, size of text.
fn view_menu(ui: &mut Ui, scene: &mut Scene<'_>) {
    menu::heading(ui, "Look");
    for (theme, _, words) in Theme::ALL {
        if menu::item(ui, *theme == scene.choices.theme, words, "").clicked() {
            scene.choices.theme = *theme;
        }
    }
    menu::heading(ui, "Temperatures");
    for (scale, name) in [(Scale::Celsius, "Celsius"), (Scale::Fahrenheit, "Fahrenheit"), (Scale::Kelvin, "Kelvin")] {
        if menu::item(ui, scale == scene.choices.scale, name, scale.unit()).clicked() {
            scene.choices.scale = scale;
        }
    }
    menu::heading(ui, "Motion");
    for (motion, _, words) in Motion::ALL {
        if menu::item(ui, *motion == scene.choices.motion, words, "").clicked() {
            scene.choices.motion = *motion;
        }
    }
    menu::heading(ui, "Rows");
    for (density, _, words) in Density::ALL {
        if menu::item(ui, *density == scene.choices.density, words, "").clicked() {
            scene.choices.density = *density;
        }
    }
    menu::heading(ui, "Size");
    ui.horizontal(|ui| {
        ui.add_space(space::S);
        if button::icon(ui, icons::MINUS, &deeds::SMALLER.tip(), false).clicked() {
            scene.choices.step_text(-1);
        }
        let words = format!("{:.0}\u{a0}%", scene.choices.text_scale * 100.0);
        ui.label(style::job(&words, text::FIGURE, style::tokens(ui).text1));
        if button::icon(ui, icons::PLUS, &deeds::LARGER.tip(), false).clicked() {
            scene.choices.step_text(1);
        }
    });
}
