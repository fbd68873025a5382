//! The incident report: the journal's own numbers, on a page that stands alone.

use std::sync::Arc;

use base64::Engine as _;
use hearthlight::model::alarms::alarm::{AlarmId, Reason};
use hearthlight::model::alarms::journal::{Entry, Still, What};
use hearthlight::model::alarms::rule::{Level, RuleId};
use hearthlight::model::history::Point;
use hearthlight::model::sensors::DeviceId;
use hearthlight::report::incident::{self, Incident, Note};
use hearthlight::report::spec::{ChartSpec, Limit, Line, Panel};
use hearthlight::report::words;
use hearthlight::units::grid::Mounting;
use hearthlight::units::temperature::Scale;
use jiff::tz::{TimeZone, offset};
use jiff::{SignedDuration, Timestamp};

fn time(second: i64) -> Timestamp {
    let start: Timestamp = "2026-03-01T12:01:20Z".parse().expect("a time");
    start.checked_add(SignedDuration::from_secs(second)).expect("a time")
}

fn alarm() -> AlarmId {
    AlarmId::of(&RuleId::new("fire"), "bench")
}

fn reason(value: f64, on: bool) -> Reason {
    Reason {
        source: 0,
        name: "Critical heat".into(),
        device: DeviceId::new("bench"),
        level: Level::Danger,
        on,
        value,
        threshold: 60.0,
        unit: "C".into(),
        since: time(-2),
        cell: Some((10, 19)),
        stale: false,
    }
}

/// A picture of 4 x 3 cells of 21.37 C, one hotter, one without a value.
fn still(hottest: i16) -> Arc<Still> {
    let mut centi = vec![2137; 12];
    (centi[6], centi[0]) = (hottest, i16::MIN);
    Arc::new(Still { columns: 4, rows: 3, centi })
}

fn entry(seq: u64, what: What, second: i64, text: &str) -> Entry {
    Entry {
        seq,
        alarm: Some(alarm()),
        rule: Some(RuleId::new("fire")),
        device: Some(DeviceId::new("bench")),
        location: Some("bench".into()),
        level: Some(Level::Danger),
        ..Entry::plain(what, "Hearthlight".into(), time(second), text.to_owned())
    }
}

/// What the journal has of one alarm that was raised, acted on, acknowledged by somebody with an odd name, and cleared.
fn journal() -> Vec<Entry> {
    let text = |value| format!("Danger: Fire at bench: {}", words::reason(&reason(value, true)));
    let raised = Entry {
        reasons: vec![reason(85.25, true)],
        still: Some(still(8525)),
        ..entry(7, What::Raised, 0, &text(85.25))
    };
    let worse =
        Entry { reasons: vec![reason(97.5, true)], still: Some(still(9751)), ..entry(9, What::Worse, 5, &text(97.5)) };
    let acted = entry(8, What::Acted, 1, "Fire at bench: set thermal.emissivity to 0.9");
    let refused = entry(10, What::ActionRefused, 6, "Fire at bench: lamp red was refused: there is no lamp");
    let noted = Entry {
        by: "<script>alert('Ann & Bob')</script>".into(),
        ..entry(11, What::Acknowledged, 80, "Fire at bench acknowledged")
    };
    let cleared =
        Entry { reasons: vec![reason(97.5, false)], ..entry(12, What::Cleared, 3725, "Fire at bench cleared") };
    vec![raised, acted, worse, refused, noted, cleared]
}

fn sample() -> Incident {
    let entries = journal();
    let (from, to) = incident::span(&entries);
    let at = |s: i64, value: f32| Point { at_ms: time(s).as_millisecond(), min: value, mean: value, max: value };
    let points = (-30..30).map(|s| at(s, if s < 0 { 21.0 } else { 85.25 })).collect();
    let limit = Limit { value: 60.0, level: Level::Danger, name: "Critical heat 60 C".to_owned() };
    let zone = TimeZone::fixed(offset(1));
    Incident {
        alarm: alarm(),
        name: "Fire".to_owned(),
        device: "Bench".to_owned(),
        place: "Workshop".to_owned(),
        peak: incident::peak(&entries),
        entries,
        mounting: Mounting::default(),
        chart: ChartSpec {
            title: "Around the alarm".to_owned(),
            note: String::new(),
            from,
            to,
            zone: zone.clone(),
            panels: vec![Panel::new(
                "\u{b0}C",
                vec![Line { name: "Bench hottest cell".to_owned(), points }],
                vec![limit],
            )],
            shades: Vec::new(),
            marks: Vec::new(),
        },
        notes: vec![Note { at: None, by: "rule Fire".into(), text: "Call <Ann> first".to_owned() }],
        made: time(4000),
        zone,
        scale: Scale::Celsius,
    }
}

#[test]
fn the_numbers_are_those_of_the_journal() {
    let html = sample().html().expect("drawn");
    super::stands_alone(&html);
    for entry in journal() {
        let row = format!(
            "<tr><td class=\"figure\">{}</td><td class=\"time\">{}</td><td>{}</td>",
            entry.seq,
            words::time(entry.at, &sample().zone),
            hearthlight::report::page::escape(&entry.text)
        );
        assert!(html.contains(&row), "{row}");
    }
    for text in [
        // Reasons: value, limit, since when, for how long at the time of the entry, cell; entry 12 says it is over.
        "<tr><td class=\"figure\">7</td><td>Critical heat</td><td>Danger</td><td class=\"figure\">85.2 C</td><td class=\"figure\">60 C</td><td class=\"time\">2026-03-01 13:01:18 +01:00</td><td class=\"time\">2 s</td><td>row 11, column 20</td>",
        "<td>Critical heat</td><td>Danger</td><td class=\"figure\">97.5 C</td>",
        "<td>Critical heat, over</td>",
        // Times with their distance from the beginning.
        "<td>Raised</td><td class=\"time\">2026-03-01 13:01:20 +01:00</td>",
        "<td>First crossing</td><td class=\"time\">2026-03-01 13:01:18 +01:00</td><td class=\"time\">2 s before</td>",
        "<td>Acknowledged</td><td class=\"time\">2026-03-01 13:02:40 +01:00</td><td class=\"time\">1 min 20 s</td>",
        "<td>Cleared</td><td class=\"time\">2026-03-01 14:03:25 +01:00</td><td class=\"time\">1 h 2 min</td>",
        // Actions and their results.
        "<td>Fire at bench: set thermal.emissivity to 0.9</td><td>done</td>",
        "<td>Fire at bench: lamp red was refused: there is no lamp</td><td>refused</td>",
        // The picture is that of the hottest moment.
        "Hottest cell 97.5 C at row 2, column 3. Entry 9, 2026-03-01 13:01:25 +01:00.",
        "Critical heat 60 C",
        "aria-label=\"Danger\"",
        "<strong>Danger</strong>",
        "Workshop",
        "not a certified fire alarm",
        "rule Fire</td><td>Call &lt;Ann&gt; first",
    ] {
        assert!(html.contains(text), "{text} is not in\n{html}");
    }
}

#[test]
fn what_people_wrote_stays_text() {
    let html = sample().html().expect("drawn");
    assert!(!html.contains("<script") && !html.contains("<Ann>"));
    assert!(html.contains("&lt;script&gt;alert(&#39;Ann &amp; Bob&#39;)&lt;/script&gt;"));
}

#[test]
fn the_picture_in_the_page_is_a_picture() {
    let html = sample().html().expect("drawn");
    let (_, rest) = html.split_once("src=\"data:image/png;base64,").expect("a picture");
    let (data, _) = rest.split_once('"').expect("its end");
    let png = base64::engine::general_purpose::STANDARD.decode(data).expect("base64");
    let picture = image::load_from_memory(&png).expect("a PNG").to_rgb8();
    // 4 x 3 cells of 256: the hottest has the last colour of the palette, the others the first.
    let lut = hearthlight::heat::palette::Palette::Inferno.lut();
    assert_eq!(picture.get_pixel(8 + 2 * 256 + 180, 48 + 256 + 60).0, lut[255]);
    assert_eq!(picture.get_pixel(8 + 3 * 256 + 180, 48 + 60).0, lut[0]);
}

#[test]
fn another_scale_stands_beside_celsius() {
    let html = Incident { scale: Scale::Fahrenheit, ..sample() }.html().expect("drawn");
    for text in [
        "97.5 C (207.5 \u{b0}F)",
        "60 C (140 \u{b0}F)",
        "Critical heat 85.2 C (limit 60 C)",
        "97.5 C (207.5 \u{b0}F) at row 2",
    ] {
        assert!(html.contains(text), "{text}");
    }
}

#[test]
fn what_is_not_there_is_said_not_to_be() {
    let mut entries = journal();
    entries.truncate(1);
    entries[0].still = None;
    let chart = ChartSpec { panels: Vec::new(), ..sample().chart };
    let html =
        Incident { entries, peak: None, chart, notes: Vec::new(), made: time(3), ..sample() }.html().expect("drawn");
    for text in [
        "The journal has no picture of this alarm.",
        "Nothing was recorded around the alarm.",
        "No action was run.",
        "not when this report was made",
    ] {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains("<h2>Notes</h2>"));
    let early = Incident { made: time(3), ..sample() }.html().expect("drawn");
    assert!(early.contains("This report was made 3 s after the alarm was raised"), "{early}");
}

#[test]
fn an_episode_ends_where_the_alarm_is_raised_anew() {
    let again = |seq| entry(seq, What::Raised, 9000, "again");
    let other = Entry { alarm: Some(AlarmId::of(&RuleId::new("smell"), "bench")), ..entry(13, What::Cleared, 0, "") };
    let all = [
        vec![entry(5, What::Cleared, -100, "before")],
        journal(),
        vec![other, again(14), entry(15, What::Cleared, 9100, "")],
    ]
    .concat();
    let found = |seq| incident::episode(&all, &alarm(), seq).iter().map(|entry| entry.seq).collect::<Vec<_>>();
    for seq in [7, 9, 12] {
        assert_eq!(found(seq), [7, 8, 9, 10, 11, 12]);
    }
    assert_eq!(found(15), [14, 15]);
    // What raised the first one is no longer in the journal.
    assert_eq!(found(5), [5]);
}

#[test]
fn at_least_a_minute_around_the_alarm_is_shown() {
    assert_eq!(incident::span(&journal()), (time(-32), time(30)));
    let mut old = journal();
    old[0].reasons[0].since = time(-90_000);
    assert_eq!(incident::span(&old), (time(-630), time(30)));
    let mut bare = journal();
    bare[0].reasons.clear();
    assert_eq!(incident::span(&bare), (time(-30), time(30)));
}
