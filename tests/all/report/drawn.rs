//! Charts and histories as files.

use std::collections::BTreeSet;

use hearthlight::model::alarms::rule::Level;
use hearthlight::model::history::{Point, Resolution};
use hearthlight::model::sensors::DeviceId;
use hearthlight::report::history::{self, Rows, Shown};
use hearthlight::report::spec::{ChartSpec, Limit, Line, Mark, Panel, Shade};
use hearthlight::report::{draw, ink};
use jiff::tz::{TimeZone, offset};

use super::point;

const START: i64 = 1_772_366_400_000;

fn zone() -> TimeZone {
    TimeZone::fixed(offset(1))
}

fn at(ms: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(START + ms).expect("a time")
}

fn line(name: &str, n: i64) -> Line {
    // Nothing was heard between 20 s and 40 s.
    let heard = (0..n).filter(|i| !(20..40).contains(i));
    Line { name: name.to_owned(), points: heard.map(|i| point(START + i * 1000, 20.0 + i as f32 / 2.0)).collect() }
}

fn spec() -> ChartSpec {
    let limit = Limit { value: 60.0, level: Level::Danger, name: "Danger 60 \u{b0}C".to_owned() };
    let far = Limit { value: 5000.0, level: Level::Notice, name: "far away".to_owned() };
    let shade = Shade {
        from_ms: START + 50_000,
        to_ms: START + 55_000,
        level: Level::Warning,
        name: "Fire <at> Bench".to_owned(),
    };
    ChartSpec {
        title: "Bench & stove".to_owned(),
        note: "a note".to_owned(),
        from: at(0),
        to: at(60_000),
        zone: zone(),
        panels: vec![
            Panel::new("\u{b0}C", vec![line("Bench", 60), line("Stove", 50)], vec![limit, far]),
            Panel::new("%", vec![line("Smoke", 60)], Vec::new()),
        ],
        shades: vec![shade],
        marks: vec![Mark { at_ms: START + 30_000, name: "raised".to_owned() }],
    }
}

fn count(svg: &str, what: &str) -> usize {
    svg.matches(what).count()
}

#[test]
fn an_svg_has_every_line_limit_mark_and_name() {
    let drawing = draw::chart(&spec());
    let svg = drawing.svg("Bench & stove").expect("drawn");
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1800 "), "{svg:.80}");
    assert!(svg.trim_end().ends_with("</svg>") && svg.contains("<title>Bench &amp; stove</title>"));
    for text in [
        "Bench &amp; stove",
        "Stove",
        "Smoke",
        "Danger 60 \u{b0}C",
        "Fire &lt;at&gt; Bench",
        "raised",
        "\u{b0}C",
        "a note",
    ] {
        assert!(svg.contains(&format!("\n{text}\n")), "{text} is not in it");
    }
    assert!(!svg.contains("far away"), "a limit that is far away would flatten the lines");
    // Times at full seconds of people's own time: 13:00, not 12:00.
    assert!(svg.contains("13:00:10") && !svg.contains("12:00:10"));
    // Three lines in two runs each, in their own colours, 4 wide; the sample of each in the legend too.
    for series in 0..3 {
        let stroke = format!("stroke=\"{}\" stroke-width=\"4\"", ink::series(series).css());
        assert_eq!(count(&svg, &stroke), 3, "{series}");
    }
}

#[test]
fn every_colour_of_a_drawing_has_a_partner_for_the_dark() {
    let svg = draw::chart(&spec()).svg("").expect("drawn");
    let known: BTreeSet<String> = ink::THEMED.iter().map(|(light, _)| light.css()).collect();
    let used: BTreeSet<String> = svg.split('"').filter(|part| part.starts_with('#')).map(str::to_owned).collect();
    assert!(used.len() > 6 && used.is_subset(&known), "{used:?}");
    let css = ink::dark_css();
    assert!(used.iter().all(|colour| css.contains(&format!("[fill=\"{colour}\"]"))));
}

#[test]
fn a_png_has_the_size_of_the_drawing_and_shows_the_lines() {
    let drawing = draw::chart(&spec());
    let png = image::load_from_memory(&drawing.png().expect("drawn")).expect("a PNG").to_rgb8();
    assert_eq!(png.dimensions(), drawing.size);
    for series in 0..3 {
        let colour = ink::series(series).0;
        assert!(png.pixels().filter(|pixel| pixel.0 == colour).count() > 200, "{series}");
    }
    // Letters are drawn with our own fonts: the title's place is not empty.
    let title = (40..300).flat_map(|x| (30..60).map(move |y| (x, y)));
    assert!(title.filter(|(x, y)| png.get_pixel(*x, *y).0[0] < 0x60).count() > 100);
}

#[test]
fn a_spike_stays_within_its_panel() {
    // Up and down within a pixel: where lines meet so sharply no corner may run beyond.
    let points = (0..200).map(|i| point(START + i * 20, if i % 2 == 0 { 20.0 } else { 80.0 })).collect();
    let panels = vec![Panel::new("", vec![Line { name: "Spikes".to_owned(), points }], vec![])];
    let spec = ChartSpec { panels, shades: vec![], marks: vec![], ..spec() };
    let png = image::load_from_memory(&draw::chart(&spec).png().expect("drawn")).expect("a PNG").to_rgb8();
    let (colour, bottom) = (ink::series(0).0, 130 + 54 + 400 + 10);
    let below = png.enumerate_pixels().filter(|(_, y, pixel)| pixel.0 == colour && *y > bottom).count();
    assert_eq!(below, 0);
}

#[test]
fn a_chart_without_points_says_so() {
    let spec = ChartSpec { panels: vec![Panel::new("", vec![], vec![])], shades: vec![], marks: vec![], ..spec() };
    assert!(spec.is_empty());
    assert!(draw::chart(&spec).svg("").expect("drawn").contains("Nothing was recorded in this time"));
}

fn shown() -> Vec<Shown> {
    let mut one = Shown {
        device: DeviceId::new("bench"),
        name: "Bench".to_owned(),
        channel: "hottest".to_owned(),
        resolutions: Vec::new(),
        points: Vec::new(),
    };
    one.push(Resolution::Minute, vec![Point { at_ms: START, min: 20.5, mean: 21.25, max: 22.0 }]);
    // The next stretch begins with the point in which the last one ended.
    one.push(
        Resolution::Second,
        vec![
            Point { at_ms: START, min: 20.5, mean: 21.25, max: 22.0 },
            Point { at_ms: START + 60_000, min: 30.0, mean: 31.5, max: 85.3 },
        ],
    );
    let mut two = Shown { channel: "ADC1".to_owned(), resolutions: Vec::new(), points: Vec::new(), ..one.clone() };
    two.push(Resolution::Second, vec![Point { at_ms: START + 60_000, min: 409.5, mean: 819.0, max: 4095.0 }]);
    vec![one, two]
}

#[test]
fn a_csv_of_history_reads_back() {
    let shown = shown();
    let csv = history::csv_head(&shown, at(0), at(120_000), &zone()) + &Rows::new(&shown, &zone()).collect::<String>();
    let facts: Vec<&str> = csv.lines().filter(|line| line.starts_with('#')).collect();
    assert!(facts.contains(&"# from: 2026-03-01T13:00:00.000+01:00"), "{csv}");
    let resolution =
        "# bench:hottest: Bench hottest cell, unit: C, resolution: minute, from 2026-03-01T13:00:00.000+01:00 second";
    assert!(facts.contains(&resolution), "{csv}");
    assert!(facts.contains(&"# bench:ADC1: Bench smoke ADC1, unit: counts of 4095, resolution: second"), "{csv}");
    let rows: Vec<Vec<&str>> =
        csv.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(',').collect()).collect();
    assert_eq!(
        rows[0],
        [
            "time",
            "bench:hottest min",
            "bench:hottest mean",
            "bench:hottest max",
            "bench:ADC1 min",
            "bench:ADC1 mean",
            "bench:ADC1 max"
        ]
    );
    assert_eq!(rows[1], ["2026-03-01T13:00:00.000+01:00", "20.5", "21.25", "22", "", "", ""]);
    assert_eq!(rows[2], ["2026-03-01T13:01:00.000+01:00", "30", "31.5", "85.3", "409.5", "819", "4095"]);
    let time: jiff::Timestamp = rows[2][0].parse().expect("RFC 3339");
    assert_eq!((time, rows.len()), (at(60_000), 3));
}

#[test]
fn a_page_of_history_stands_alone_and_has_the_figures() {
    let spec = spec();
    let html = history::html(&spec, &shown()).expect("drawn");
    super::stands_alone(&html);
    for text in [
        "<svg viewBox",
        "<td>Bench hottest cell</td>",
        "85.3",
        "Fire &lt;at&gt; Bench",
        "raised",
        "prefers-color-scheme:dark",
        "@media print",
    ] {
        assert!(html.contains(text), "{text} is not in it");
    }
    // Counts are told in percent of full scale: 409.5 of 4095.
    assert!(html.contains("<td class=\"figure\">10</td>") && html.contains("<td class=\"figure\">100</td>"), "{html}");
}
