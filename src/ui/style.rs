//! The theme as egui wants it: fonts as families, tokens as visuals, roles of text as formats.
//!
//! egui picks no weights and applies no OpenType features, so each weight is a family of its own.

use std::sync::Arc;
use std::time::Duration;

use egui::style::{HandleShape, ScrollAnimation, Selection, WidgetVisuals, Widgets};
use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align2, Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Id, Margin, Painter, Pos2, Rect,
    Shadow, Stroke, Style, TextStyle, Ui, Visuals, vec2,
};

use crate::report::fonts;
use crate::ui::theme::{Density, Face, Look, Tokens, Type, radius, size, space, stroke, text, time};

impl Face {
    const fn family_name(self) -> &'static str {
        match self {
            Self::Regular => "inter-400",
            Self::Medium => "inter-500",
            Self::SemiBold => "inter-600",
            Self::Mono => "mono-400",
            Self::MonoMedium => "mono-500",
            Self::Icons => "icons",
        }
    }
}

/// The font of a role of text.
#[must_use]
pub fn font(role: Type) -> FontId {
    FontId::new(role.size, FontFamily::Name(role.face.family_name().into()))
}

/// Text in a role, for labels.
#[must_use]
pub fn job(text: &str, role: Type, color: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    append(&mut job, text, role, color);
    job
}

/// Adds text in another role, for labels of mixed roles.
pub fn append(job: &mut LayoutJob, text: &str, role: Type, color: Color32) {
    let format = TextFormat {
        font_id: font(role),
        extra_letter_spacing: role.spacing,
        line_height: Some(role.line),
        color,
        valign: egui::Align::BOTTOM,
        ..TextFormat::default()
    };
    job.append(text, 0.0, format);
}

/// Paints one line of text; hands back where it is.
pub fn paint(painter: &Painter, at: Pos2, anchor: Align2, text: &str, role: Type, color: Color32) -> Rect {
    paint_within(painter, at, anchor, text, role, color, f32::INFINITY)
}

/// Paints one line of text, cut with an ellipsis at `width`; hands back where it is.
pub fn paint_within(
    painter: &Painter,
    at: Pos2,
    anchor: Align2,
    text: &str,
    role: Type,
    color: Color32,
    width: f32,
) -> Rect {
    let mut job = job(text, role, color);
    job.wrap.max_width = width.max(0.0);
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    let galley = painter.layout_job(job);
    let rect = anchor.anchor_size(at, galley.size());
    painter.galley(rect.min, galley, color);
    rect
}

/// Paints an icon centred on a point.
pub fn icon(painter: &Painter, center: Pos2, icon: char, role: Type, color: Color32) {
    let mut buffer = [0; 4];
    painter.text(center, Align2::CENTER_CENTER, icon.encode_utf8(&mut buffer), font(role), color);
}

/// The tokens in use.
#[must_use]
pub fn tokens(ui: &Ui) -> &'static Tokens {
    ui.ctx().data(|data| data.get_temp::<Look>(Id::NULL)).unwrap_or_default().tokens()
}

/// Installs the fonts. Once, before the first frame.
pub fn install_fonts(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    let faces: [(Face, &'static [u8]); 6] = [
        (Face::Regular, fonts::INTER_REGULAR),
        (Face::Medium, include_bytes!("../../assets/fonts/Inter-Medium.ttf")),
        (Face::SemiBold, fonts::INTER_SEMI_BOLD),
        (Face::Mono, fonts::JETBRAINS_MONO_REGULAR),
        (Face::MonoMedium, include_bytes!("../../assets/fonts/JetBrainsMono-Medium.ttf")),
        (Face::Icons, include_bytes!("../../assets/fonts/lucide-subset.ttf")),
    ];
    let built_in = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    for (face, bytes) in faces {
        let name = face.family_name();
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        let mut family = vec![name.to_owned()];
        if face != Face::Icons {
            family.extend(built_in.iter().cloned());
        }
        fonts.families.insert(FontFamily::Name(name.into()), family);
    }
    for (family, face) in [(FontFamily::Proportional, Face::Regular), (FontFamily::Monospace, Face::Mono)] {
        fonts.families.entry(family).or_default().insert(0, face.family_name().to_owned());
    }
    ctx.set_fonts(fonts);
}

/// Puts a look on: both of egui's own themes become it, so that the choice is ours alone.
pub fn put_on(ctx: &egui::Context, look: Look) {
    ctx.data_mut(|data| data.insert_temp(Id::NULL, look));
    let density = ctx.data(|data| data.get_temp(Id::unique("density"))).unwrap_or_default();
    let style = Arc::new(style(look.tokens(), lasting(ctx, time::TOGGLE), density));
    ctx.set_style_of(egui::Theme::Dark, Arc::clone(&style));
    ctx.set_style_of(egui::Theme::Light, style);
}

/// Whether things jump instead of moving.
#[must_use]
pub fn is_still(ctx: &egui::Context) -> bool {
    ctx.data(|data| data.get_temp(Id::unique("still"))).unwrap_or_default()
}

/// Lets things jump, or move. Before [`put_on`].
pub fn hold_still(ctx: &egui::Context, still: bool) {
    ctx.data_mut(|data| data.insert_temp(Id::unique("still"), still));
}

/// How much room things take.
#[must_use]
pub fn density(ui: &Ui) -> Density {
    ui.ctx().data(|data| data.get_temp(Id::unique("density"))).unwrap_or_default()
}

/// The height of a row that is `comfortable` high where there is all the room.
#[must_use]
pub fn row(ui: &Ui, comfortable: f32) -> f32 {
    density(ui).row(comfortable)
}

/// Lets things take so much room. Before [`put_on`].
pub fn pack(ctx: &egui::Context, density: Density) {
    ctx.data_mut(|data| data.insert_temp(Id::unique("density"), density));
}

/// How long something that takes `time` takes: no time where things are to jump.
#[must_use]
pub fn lasting(ctx: &egui::Context, time: Duration) -> Duration {
    if is_still(ctx) { Duration::ZERO } else { time }
}

fn style(t: &Tokens, animation: Duration, density: Density) -> Style {
    let mut style = Style {
        visuals: visuals(t),
        animation_time: animation.as_secs_f32(),
        drag_value_text_style: TextStyle::Monospace,
        scroll_animation: ScrollAnimation::none(),
        ..Style::default()
    };
    style.text_styles = [
        (TextStyle::Small, font(text::SIDE)),
        (TextStyle::Body, font(text::BODY)),
        (TextStyle::Button, font(text::BUTTON)),
        (TextStyle::Monospace, font(text::FIGURE)),
        (TextStyle::Heading, font(text::TITLE)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(space::S, density.gap(space::XS));
    spacing.button_padding = vec2(space::S, space::XS);
    spacing.interact_size = vec2(size::CONTROL, size::CONTROL);
    spacing.menu_margin = Margin::same(space::S as i8);
    spacing.window_margin = Margin::same(space::L as i8);
    spacing.scroll.floating = true;
    style.interaction.selectable_labels = false;
    style
}

fn visuals(t: &Tokens) -> Visuals {
    let mut visuals = if t.look == Look::Light { Visuals::light() } else { Visuals::dark() };
    visuals.widgets = widgets(t);
    visuals.selection = Selection { bg_fill: t.ember_dim, stroke: Stroke::new(stroke::HAIR, t.ember) };
    visuals.override_text_color = None;
    visuals.hyperlink_color = t.ember;
    visuals.faint_bg_color = t.bg2;
    visuals.extreme_bg_color = t.bg0;
    visuals.text_edit_bg_color = Some(t.bg0);
    visuals.code_bg_color = t.bg0;
    visuals.warn_fg_color = t.warning;
    visuals.error_fg_color = t.danger;
    visuals.window_fill = t.bg3;
    visuals.window_stroke = Stroke::new(stroke::HAIR, t.edge);
    visuals.window_corner_radius = CornerRadius::same(radius::TILE);
    visuals.menu_corner_radius = CornerRadius::same(radius::TILE);
    visuals.window_shadow = Shadow::NONE;
    visuals.popup_shadow = Shadow::NONE;
    visuals.panel_fill = t.bg0;
    visuals.handle_shape = HandleShape::Circle;
    visuals.text_cursor.blink = false;
    visuals.text_cursor.stroke = Stroke::new(stroke::FOCUS, t.ember);
    visuals
}

fn widgets(t: &Tokens) -> Widgets {
    let state = |fill: Color32, border: Color32, ink: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(stroke::HAIR, border),
        corner_radius: CornerRadius::same(radius::CONTROL),
        fg_stroke: Stroke::new(stroke::HAIR, ink),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: state(t.bg1, t.line, t.text1),
        inactive: state(t.bg0, t.edge, t.text1),
        hovered: state(t.bg3, t.edge, t.text1),
        active: state(t.bg3, t.ember, t.text1),
        open: state(t.bg3, t.edge, t.text1),
    }
}
