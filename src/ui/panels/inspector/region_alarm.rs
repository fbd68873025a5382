//! The alarm on a region: an ordinary rule with a Warning and a Danger, set in place.

use std::time::Duration;

use egui::{Align2, Sense, Ui, vec2};

use crate::model::alarms;
use crate::model::alarms::rule::{Compare, Input, Level, Rule, Source};
use crate::model::thermal::region::Figure;
use crate::ui::panels;
use crate::ui::panels::automations::inputs;
use crate::ui::panels::automations::units::Unit;
use crate::ui::panels::inspector::region_subject::{Subject, difference, figure};
use crate::ui::panels::thermal::inspect::acts;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{alarm_shape, fact, input, menu, section, segment, toggle};
use crate::ui::{style, words};
use crate::units::temperature::Scale;

/// The longest hold time that can be set here, s.
const LONGEST: u32 = 3600;
/// Room for the word of a level.
const LEVEL: f32 = 52.0;

/// The limit of the rules that a region is nearest to, and what is left up to it, both without units; negative beyond it.
#[must_use]
pub fn margin(scene: &Scene<'_>, subject: &Subject<'_>) -> Option<(String, String)> {
    let rules = scene.view.alarms.rules.values().filter(|rule| rule.enabled && rule.scope.holds(&subject.device.id));
    let left = |source: &Source| match &source.input {
        Input::Region { region, figure } if region == subject.id => {
            let value = f64::from(scene.stage.inspect.reading.figure(region, *figure)?);
            let left = source.threshold - value;
            Some((source.threshold, if source.compare == Compare::AtLeast { left } else { -left }))
        }
        _ => None,
    };
    let all = rules.flat_map(|rule| rule.deciding()).filter_map(left);
    let (limit, left) = all.min_by(|(_, a), (_, b)| a.total_cmp(b))?;
    let scale = scene.choices.scale;
    Some((figure(subject.id, Some(limit as f32), scale), difference(Some(left as f32), scale)))
}

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, subject: &Subject<'_>) {
    let id = acts::rule_id(&subject.device.id, subject.id);
    let saved = scene.view.alarms.rules.get(&id).cloned();
    let mut on = saved.as_ref().is_some_and(|rule| rule.enabled);
    let kind = acts::kind(subject.regions, subject.id).to_lowercase();
    let name = format!("Alarm on {}", subject.id);
    let flipped = section::quiet(ui, &format!("Alarm on this {kind}"), |ui| toggle::show(ui, &mut on, &name).changed());
    if flipped {
        let begun = || {
            let now = scene.stage.inspect.reading.figure(subject.id, Figure::Max);
            acts::alarm(&subject.device.id, &subject.device.name, subject.id, now)
        };
        let rule = saved.as_deref().cloned().unwrap_or_else(begun);
        acts::put_alarm(scene, subject.id, Rule { enabled: on, ..rule });
    }
    let Some(saved) = saved else { return };
    let held = scene.stage.inspect.rule.take().filter(|rule| rule.id == saved.id);
    let mut rule = held.map_or_else(|| Rule::clone(&saved), |rule| *rule);
    ui.add_space(space::XS);
    let mut settled = false;
    if let Some(first) = rule.sources.first().cloned().filter(|_| is_simple(&rule, subject)) {
        settled |= side(ui, &mut rule, &first, subject.id.is_delta() || subject.id.is_spot());
        let scale = scene.choices.scale;
        for source in &mut rule.sources {
            settled |= limit(ui, source, scale);
        }
    } else {
        words_of(ui, &rule, scene.choices.scale);
    }
    ui.add_space(space::S);
    buttons(ui, scene, subject, &rule);
    if settled {
        acts::put_alarm(scene, subject.id, rule);
    } else if rule != *saved {
        scene.stage.inspect.rule = Some(Box::new(rule));
    }
}

/// Whether the rule is one that can be set here: a Warning and a Danger on one figure of this region, on one side.
fn is_simple(rule: &Rule, subject: &Subject<'_>) -> bool {
    let of = |source: &Source| match &source.input {
        Input::Region { region, figure } if region == subject.id => Some((*figure, source.compare)),
        _ => None,
    };
    let first = rule.sources.first().and_then(of);
    first.is_some() && rule.sources.len() <= 2 && rule.sources.iter().all(|source| of(source) == first)
}

/// Which figure, and on which side of the limits it must be.
fn side(ui: &mut Ui, rule: &mut Rule, first: &Source, one_figure: bool) -> bool {
    let Input::Region { figure: chosen, .. } = &first.input else { return false };
    let mut picked = None;
    let mut side = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        if !one_figure {
            let figures = Figure::ALL.map(|figure| (figure, figure.word()));
            picked = segment::show(ui, "Figure", *chosen, &figures);
        }
        let sides = [(Compare::AtLeast, "Above"), (Compare::AtMost, "Below")];
        side = segment::show(ui, "Alarm when", first.compare, &sides);
    });
    ui.add_space(space::XS);
    for source in &mut rule.sources {
        if let (Some(picked), Input::Region { figure, .. }) = (picked, &mut source.input) {
            *figure = picked;
        }
        source.compare = side.unwrap_or(source.compare);
    }
    picked.is_some() || side.is_some()
}

/// One limit: its level, where it is, how long it must hold. True when it was changed and let go.
fn limit(ui: &mut Ui, source: &mut Source, scale: Scale) -> bool {
    let mut settled = false;
    let word = source.level.word();
    let let_go = |response: &egui::Response| {
        response.drag_stopped() || response.lost_focus() || (response.changed() && !response.dragged())
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS + 2.0;
        settled |= toggle::show(ui, &mut source.enabled, &format!("{word} counts")).changed();
        let (rect, _) = ui.allocate_exact_size(vec2(size::SHAPE, size::CONTROL), Sense::hover());
        alarm_shape::level(ui.painter(), rect.center(), size::SHAPE, source.level, style::tokens(ui));
        let (rect, _) = ui.allocate_exact_size(vec2(LEVEL, size::CONTROL), Sense::hover());
        let ink = style::tokens(ui).text1;
        style::paint(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, word, text::BODY, ink);
        let unit = Unit::of_input(&source.input);
        let before = if source.compare == Compare::AtLeast { "\u{2265}\u{a0}" } else { "\u{2264}\u{a0}" };
        let mut shown = unit.shown(source.threshold, scale);
        let number = input::Number {
            name: &format!("{word} limit"),
            before,
            unit: &unit.suffix(scale),
            width: size::FIGURE,
            range: -1e4..=1e4,
            step: unit.step(),
            decimals: 1,
        };
        let response = input::number(ui, &mut shown, &number);
        if response.changed() {
            source.threshold = unit.typed(shown, scale);
        }
        settled |= let_go(&response);
        ui.label(style::job("for", text::BODY, style::tokens(ui).text2));
        let mut seconds = u32::try_from(source.hold_on.as_secs()).unwrap_or(LONGEST).min(LONGEST);
        let response = input::count(ui, &mut seconds, &format!("{word} hold time"), "\u{a0}s", 0..=LONGEST);
        if response.changed() {
            source.hold_on = Duration::from_secs(u64::from(seconds));
        }
        settled |= let_go(&response);
    });
    ui.add_space(space::XS);
    settled
}

/// What a rule that was made larger elsewhere looks at, in words.
fn words_of(ui: &mut Ui, rule: &Rule, scale: Scale) {
    for source in &rule.sources {
        let unit = Unit::of_input(&source.input);
        let side = if source.compare == Compare::AtLeast { "\u{2265}" } else { "\u{2264}" };
        let hold = match source.hold_on.as_secs() {
            0 => "at once".to_owned(),
            _ => format!("for {}", words::age(source.hold_on)),
        };
        let limit = format!(
            "{} {side}\u{a0}{} {hold}",
            inputs::words(&source.input, scale),
            unit.words(source.threshold, scale)
        );
        fact::word(ui, source.level.word(), &limit);
    }
}

fn buttons(ui: &mut Ui, scene: &mut Scene<'_>, subject: &Subject<'_>, rule: &Rule) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        if ui.add(Button::new("Edit limits\u{2026}")).clicked() {
            scene.stage.rules.select(&rule.id);
            scene.stage.rules.open = Some(0);
            (scene.stage.page, scene.stage.plans.shown) = (panels::order::AUTOMATIONS, false);
        }
        let test = ui.add_enabled(rule.enabled, Button::new("Test").name("Test this alarm"));
        menu::popup(&test, |ui| {
            for level in [Level::Danger, Level::Warning] {
                let has = rule.sources.iter().any(|source| source.enabled && source.level == level);
                if has && menu::item(ui, false, level.word(), "test").clicked() {
                    let device = subject.device.id.clone();
                    scene.out.alarms(alarms::Command::Test { rule: rule.id.clone(), device, level });
                    ui.close();
                }
            }
        });
        if ui.add(Button::new("Remove").name("Remove this alarm")).clicked() {
            acts::remove_alarm(scene, &subject.device.id, subject.id);
        }
    });
}
