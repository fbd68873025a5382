//! The frame around panes: tabs that are dragged, what stands beside them, and the border.
//!
//! Invariant: while the board is drawn nothing is arranged anew but by dragging; what was asked for is done after it.

use egui::{
    Align2, Color32, CornerRadius, CursorIcon, Id, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    Visuals, WidgetInfo, WidgetText, pos2, vec2,
};
use egui_tiles::{
    Behavior, EditAction, ResizeState, SimplificationOptions, TabState, Tabs, Tile, TileId, Tiles, UiResponse,
};

use crate::ui::panels::board::deeds;
use crate::ui::panels::board::pane::Pane;
use crate::ui::panels::board::panes::Side;
use crate::ui::panels::board::state::Board;
use crate::ui::panels::board::{content, offers};
use crate::ui::panels::history::picks::SPANS;
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::alarmed::Alarmed;
use crate::ui::widgets::{self, button, menu};
use crate::ui::{icons, style};

/// What was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// To be at a pane.
    Here(Pane),
    /// To close it.
    Close(Pane),
    /// To add one on a side of it.
    Add(Pane, Side),
    /// To show another span of time in it.
    Span(Pane, u32),
    /// To open what it shows.
    Open(Pane),
}

/// The frame, for one frame of the window.
pub struct Frame<'a, 'b> {
    /// Everything else.
    pub scene: &'a mut Scene<'b>,
    /// The board without its tree.
    pub board: &'a mut Board,
    /// What was asked for.
    pub asked: Vec<Ask>,
    /// Whether a pane was dropped somewhere.
    pub dropped: bool,
    /// Where panes are.
    pub spots: Vec<(Pane, Rect)>,
    /// The tabs of the place being drawn: the width for all of them, how many they are, the share of each.
    pub room: f32,
    /// How many.
    pub n: f32,
    /// The share of each.
    pub tab: f32,
}

impl Frame<'_, '_> {
    fn title(&self, tiles: &Tiles<Pane>, id: TileId) -> String {
        match tiles.get(id) {
            Some(Tile::Pane(pane)) => offers::title(self.scene, pane),
            Some(Tile::Container(container)) => {
                let names: Vec<String> = container.children().map(|child| self.title(tiles, *child)).collect();
                names.join(" + ")
            }
            None => String::new(),
        }
    }

    /// The shape of the worst alarm of a picture, or the icon of what is shown.
    fn shape(&self, ui: &Ui, pane: Option<&Pane>, at: Pos2, ink: Color32) {
        let alarmed = match pane {
            Some(Pane::Picture(device)) => Alarmed::of(&self.scene.view.alarms, device),
            Some(Pane::Alarms) => Alarmed::any(&self.scene.view.alarms, |_| true),
            _ => None,
        };
        match alarmed {
            Some(alarmed) => alarmed.paint(ui.painter(), at, size::SHAPE, style::tokens(ui)),
            None => style::icon(ui.painter(), at, pane.map_or(icons::GRID_2X2, offers::icon), text::ICON_S, ink),
        }
    }

    fn close(&mut self, ui: &Ui, rect: Rect, id: Id, pane: &Pane, title: &str) {
        let t = style::tokens(ui);
        let response = ui.interact(rect, id.with("close"), Sense::click());
        if response.hovered() {
            ui.painter().rect_filled(rect, CornerRadius::same(radius::CONTROL), t.bg3);
        }
        style::icon(ui.painter(), rect.center(), icons::X, text::ICON_S, t.text2);
        let name = format!("Close {title}");
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        widgets::focus_ring(ui, &response, radius::CONTROL);
        if response.clicked() {
            self.asked.push(Ask::Close(pane.clone()));
        }
        response.on_hover_text(name);
    }

    /// What can be done with a pane.
    fn menu(&mut self, ui: &mut Ui, pane: &Pane) {
        let open = match pane {
            Pane::Picture(_) => "Inspect",
            _ => "Open in History",
        };
        let mut choices = vec![
            (open, "Enter", Ask::Open(pane.clone())),
            (deeds::RIGHT.name, "Ctrl+D", Ask::Add(pane.clone(), Side::Right)),
            (deeds::DOWN.name, "Ctrl+Shift+D", Ask::Add(pane.clone(), Side::Down)),
            (deeds::TAB.name, "Ctrl+T", Ask::Add(pane.clone(), Side::Tab)),
        ];
        choices.push((deeds::CLOSE.name, "Ctrl+W", Ask::Close(pane.clone())));
        for (word, key, ask) in choices {
            if menu::item(ui, false, word, key).clicked() {
                self.asked.push(ask);
            }
        }
        if let Pane::Trend { minutes, .. } = pane {
            menu::heading(ui, "Time");
            for (span, words) in SPANS {
                if menu::item(ui, span == *minutes, words, "").clicked() {
                    self.asked.push(Ask::Span(pane.clone(), span));
                }
            }
        }
    }
}

impl Behavior<Pane> for Frame<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, _: TileId, pane: &mut Pane) -> UiResponse {
        let rect = ui.max_rect();
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        let response = ui.interact(rect, pane.id(), Sense::click());
        let here = self.board.here.as_ref() == Some(pane);
        if here && std::mem::take(&mut self.board.take) {
            response.request_focus();
        }
        content::show(ui, self.scene, self.board, pane, rect, &response);
        if !matches!(pane, Pane::Picture(_)) {
            let name = format!("Pane {}", offers::title(self.scene, pane));
            response.widget_info(|| WidgetInfo::selected(Role::Group, true, here, &name));
        }
        if response.has_focus() {
            let ring = Stroke::new(stroke::FOCUS, style::tokens(ui).focus);
            let inner = rect.shrink(stroke::FOCUS);
            ui.painter().rect_stroke(inner, CornerRadius::same(radius::CONTROL), ring, StrokeKind::Inside);
        }
        let pressed = ui.input(|i| i.pointer.any_pressed().then(|| i.pointer.interact_pos()).flatten());
        let touched = pressed.is_some_and(|at| rect.contains(at)) && ui.rect_contains_pointer(rect);
        if !here && (touched || response.gained_focus() || response.clicked()) {
            self.asked.push(Ask::Here(pane.clone()));
        }
        let enter = response.has_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        if enter || (response.double_clicked() && matches!(pane, Pane::Picture(_))) {
            self.asked.push(Ask::Open(pane.clone()));
        }
        self.spots.push((pane.clone(), rect));
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> WidgetText {
        offers::title(self.scene, pane).into()
    }

    fn tab_ui(&mut self, tiles: &mut Tiles<Pane>, ui: &mut Ui, id: Id, tile: TileId, state: &TabState) -> Response {
        let t = style::tokens(ui);
        let title = self.title(tiles, tile);
        let pane = tiles.get_pane(&tile).cloned();
        let here = pane.is_some() && self.board.here == pane;
        let ink = if state.active { t.text1 } else { t.text2 };
        let galley = ui.painter().layout_job(style::job(&title, text::BUTTON, ink));
        let icon = space::M + size::SHAPE + space::S;
        let whole = icon + galley.size().x + space::XS + size::CONTROL;
        // In a narrow place the tab in front keeps its name; of the others the icons are left.
        let folded = !state.active && self.tab < size::TAB_EASY;
        let front = self.room - (self.n - 1.0) * size::TAB_ICON;
        let most = if self.tab < size::TAB_EASY { front } else { self.tab };
        let width = if folded { size::TAB_ICON } else { whole.min(most.max(size::TAB)) };
        let closes = if pane.is_some() && !folded { size::CONTROL } else { space::XS };
        let (_, rect) = ui.allocate_space(vec2(width, ui.available_height()));
        let response = ui.interact(rect, id, Sense::click_and_drag()).on_hover_cursor(CursorIcon::Grab);
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, state.active, &title));
        if state.is_being_dragged {
            return response;
        }
        if response.hovered() && !state.active {
            ui.painter().rect_filled(rect.shrink(space::XS), CornerRadius::same(radius::CONTROL), t.bg3);
        }
        if state.active {
            let line = if here { t.ember } else { t.edge };
            let under =
                Rect::from_min_max(pos2(rect.left() + space::S, rect.bottom() - 3.0), rect.max - vec2(0.0, 1.0));
            ui.painter().rect_filled(under, CornerRadius::ZERO, line);
        }
        let y = rect.center().y;
        self.shape(ui, pane.as_ref(), pos2(rect.left() + space::M + size::SHAPE / 2.0, y), ink);
        let room = rect.width() - icon - closes;
        let at = pos2(rect.left() + icon, y);
        if !folded {
            style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, &title, text::BUTTON, ink, room);
        }
        if response.has_focus() {
            let ring = Stroke::new(stroke::FOCUS, t.focus);
            let inner = rect.shrink(space::XS);
            ui.painter().rect_stroke(inner, CornerRadius::same(radius::CONTROL), ring, StrokeKind::Inside);
        }
        if let Some(pane) = pane.clone().filter(|_| folded)
            && response.clicked()
        {
            self.asked.push(Ask::Here(pane));
        } else if let Some(pane) = pane.filter(|_| !folded) {
            let side = size::CONTROL;
            let place = Rect::from_center_size(pos2(rect.right() - side / 2.0, y), vec2(side, side));
            self.close(ui, place, id, &pane, &title);
            if response.middle_clicked() {
                self.asked.push(Ask::Close(pane));
            } else if response.clicked() {
                self.asked.push(Ask::Here(pane));
            }
        }
        if folded { response.on_hover_text(&title) } else { response }
    }

    fn top_bar_right_ui(&mut self, tiles: &Tiles<Pane>, ui: &mut Ui, _: TileId, tabs: &Tabs, _: &mut f32) {
        let n = tabs.children.len().max(1) as f32;
        self.room = ui.available_width() - space::S;
        (self.n, self.tab) = (n, self.room / n);
        let Some(pane) = tabs.active.and_then(|active| tiles.get_pane(&active)).cloned() else { return };
        let t = style::tokens(ui);
        let title = offers::title(self.scene, &pane);
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.add_space(space::XS);
        let more = button::icon(ui, icons::ELLIPSIS, &format!("More for {title}"), false);
        menu::popup(&more, |ui| self.menu(ui, &pane));
        let figure = content::figure(self.scene, self.board, &pane);
        let galley = ui.painter().layout_job(style::job(&figure, text::FIGURE, t.text1));
        if galley.size().x + n * size::TAB_EASY < ui.available_width() {
            let (rect, _) = ui.allocate_exact_size(galley.size(), Sense::hover());
            ui.painter().galley(rect.min, galley, t.text1);
        }
        self.room = ui.available_width() - space::S;
        self.tab = self.room / n;
    }

    fn drag_ui(&mut self, tiles: &Tiles<Pane>, ui: &mut Ui, tile: TileId) {
        let t = style::tokens(ui);
        let galley = ui.painter().layout_job(style::job(&self.title(tiles, tile), text::BUTTON, t.text1));
        let (rect, _) = ui.allocate_exact_size(galley.size() + 2.0 * vec2(space::M, space::S), Sense::hover());
        let border = Stroke::new(stroke::HAIR, t.edge);
        ui.painter().rect(rect, CornerRadius::same(radius::CONTROL), t.bg3, border, StrokeKind::Inside);
        let at = Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size());
        ui.painter().galley(at.min, galley, t.text1);
    }

    fn tab_bar_height(&self, _: &egui::Style) -> f32 {
        size::TABS
    }

    fn gap_width(&self, _: &egui::Style) -> f32 {
        space::M
    }

    fn min_size(&self) -> f32 {
        size::PANE
    }

    fn tab_bar_color(&self, _: &Visuals) -> Color32 {
        Color32::TRANSPARENT
    }

    fn tab_bar_hline_stroke(&self, visuals: &Visuals) -> Stroke {
        visuals.widgets.noninteractive.bg_stroke
    }

    fn dragged_overlay_color(&self, visuals: &Visuals) -> Color32 {
        visuals.panel_fill
    }

    fn drag_preview_color(&self, visuals: &Visuals) -> Color32 {
        visuals.selection.bg_fill
    }

    fn resize_stroke(&self, style: &egui::Style, state: ResizeState) -> Stroke {
        match state {
            ResizeState::Idle => Stroke::NONE,
            ResizeState::Hovering => Stroke::new(stroke::FOCUS, style.visuals.widgets.hovered.bg_stroke.color),
            ResizeState::Dragging => Stroke::new(stroke::FOCUS, style.visuals.selection.stroke.color),
        }
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..SimplificationOptions::default() }
    }

    fn cycle_tabs_with_keyboard(&self) -> bool {
        false
    }

    fn on_edit(&mut self, edit: EditAction) {
        self.dropped |= edit == EditAction::TileDropped;
    }
}

/// The ground of a place with its tabs.
pub fn ground(rect: Rect, fill: Color32) -> Shape {
    Shape::rect_filled(rect, CornerRadius::same(radius::TILE), fill)
}
