//! Fusion: what the sources of a rule say together.

use hearthlight::heat::fusion::{Standing, judge};
use hearthlight::model::alarms::rule::{Confidence, Input, Level, Rule, Source};
use proptest::prelude::*;

use crate::nouns;

fn source(weight: f32, alone: bool, level: Level) -> Source {
    Source { weight, alone, level, ..nouns::source(Input::Silent, 1.0) }
}

fn rule(min_sources: u8, together: Level, sources: Vec<Source>) -> Rule {
    Rule { min_sources, together, ..nouns::rule("Rule", sources) }
}

const ON: Standing = Standing { on: true, stale: false };
const OFF: Standing = Standing { on: false, stale: false };
const STALE: Standing = Standing { on: true, stale: true };

fn level(rule: &Rule, standings: &[Standing]) -> Option<Level> {
    judge(rule, standings).map(|verdict| verdict.level)
}

#[test]
fn a_source_that_may_alarm_alone_does() {
    let (a, b) = (source(0.4, false, Level::Warning), source(0.5, true, Level::Notice));
    let rule = rule(2, Level::Danger, vec![a, b]);
    assert_eq!(level(&rule, &[OFF, OFF]), None);
    assert_eq!(level(&rule, &[ON, OFF]), None, "it may not alarm alone");
    assert_eq!(level(&rule, &[OFF, ON]), Some(Level::Notice), "at its own level");
    assert_eq!(level(&rule, &[ON, ON]), Some(Level::Danger), "two of two, the lone one counts too");
}

#[test]
fn together_they_are_at_least_as_bad_as_the_worst_of_them() {
    let sources = vec![source(0.1, false, Level::Danger), source(0.1, false, Level::Notice)];
    assert_eq!(level(&rule(1, Level::Notice, sources.clone()), &[ON, OFF]), Some(Level::Danger));
    assert_eq!(level(&rule(1, Level::Warning, sources.clone()), &[OFF, ON]), Some(Level::Warning));
    assert_eq!(level(&rule(3, Level::Warning, sources), &[ON, ON]), None, "two are not three");
}

#[test]
fn what_is_stale_disabled_or_missing_does_not_count() {
    let mut rule = rule(1, Level::Warning, vec![source(0.4, true, Level::Danger), source(0.4, true, Level::Notice)]);
    assert_eq!(level(&rule, &[STALE, OFF]), None);
    assert_eq!(level(&rule, &[]), None);
    rule.sources[0].enabled = false;
    assert_eq!(level(&rule, &[ON]), None);
    assert_eq!(level(&rule, &[ON, ON]), Some(Level::Warning));
}

#[test]
fn confidence_is_that_of_independent_witnesses_or_a_sum() {
    let weights = [0.4, 0.5, 0.3];
    let sources = weights.map(|weight| source(weight, false, Level::Notice)).to_vec();
    let mut rule = rule(1, Level::Notice, sources);
    let sure = |rule: &Rule, standings: &[Standing]| judge(rule, standings).map(|verdict| verdict.confidence).unwrap();
    assert!((sure(&rule, &[ON, ON, ON]) - (1.0 - 0.6 * 0.5 * 0.7)).abs() < 1e-6);
    assert!((sure(&rule, &[ON, STALE, OFF]) - 0.4).abs() < 1e-6);
    rule.confidence = Confidence::Sum;
    assert!((sure(&rule, &[ON, OFF, ON]) - 0.7).abs() < 1e-6);
    assert_eq!(sure(&rule, &[ON, ON, ON]), 1.0, "cut at one");
}

proptest! {
    /// More evidence never makes an alarm milder, nor less sure, and the order of sources does not matter.
    #[test]
    fn evidence_only_adds(
        sources in prop::collection::vec((0.0..=1.0_f32, any::<bool>(), 0..3_usize, any::<bool>()), 1..8),
        min_sources in 1..4_u8, together in 0..3_usize, more in 0..8_usize, sum in any::<bool>(),
    ) {
        let of = |&(weight, alone, level, _): &(f32, bool, usize, bool)| source(weight, alone, Level::ALL[level]);
        let mut judged = rule(min_sources, Level::ALL[together], sources.iter().map(of).collect());
        judged.confidence = if sum { Confidence::Sum } else { Confidence::Independent };
        let mut standings: Vec<Standing> = sources.iter().map(|&(.., on)| Standing { on, stale: false }).collect();
        let before = judge(&judged, &standings);
        let mut reversed = judged.clone();
        reversed.sources.reverse();
        let backwards: Vec<Standing> = standings.iter().rev().copied().collect();
        let other = judge(&reversed, &backwards);
        prop_assert_eq!(before.map(|verdict| verdict.level), other.map(|verdict| verdict.level));
        let n = standings.len();
        standings[more % n].on = true;
        let after = judge(&judged, &standings);
        if let Some(before) = before {
            let after = after.unwrap();
            prop_assert!(after.level >= before.level && after.confidence >= before.confidence - 1e-6);
            prop_assert!((0.0..=1.0).contains(&after.confidence));
            prop_assert!((other.unwrap().confidence - before.confidence).abs() < 1e-5);
        }
    }
}
