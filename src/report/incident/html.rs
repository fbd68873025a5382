//! The report of an incident as one self-contained page.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::model::alarms::alarm::Reason;
use crate::model::alarms::journal::{Entry, What};
use crate::model::alarms::rule::Level;
use crate::report::draw;
use crate::report::drawing::DrawError;
use crate::report::incident::{Incident, Note, peak};
use crate::report::page::{self, Column, escape};
use crate::report::words;

/// What every report says, whatever it is about.
const NOT_CERTIFIED: &str = "Hearthlight is not a certified fire alarm. This report tells what it measured and journaled; \
                             it proves neither that there was a fire nor that there was none.";

pub(super) fn html(incident: &Incident) -> Result<String, DrawError> {
    let title = format!("Incident report: {}", incident.title());
    let mut body = head(incident);
    body += &page::table(
        "Times",
        &[("What", Column::Words), ("Time", Column::Time), ("After", Column::Time), ("By", Column::Words)],
        &times(incident),
    );
    body += &page::table("Reasons", &REASONS, &reasons(incident));
    body += &picture(incident)?;
    body += &chart(incident)?;
    body += &page::table("Actions", &ACTIONS, &actions(incident));
    if actions(incident).is_empty() {
        body += "<h2>Actions</h2>\n<p>No action was run.</p>\n";
    }
    let notes: Vec<_> = incident.notes.iter().map(|note| note_row(incident, note)).collect();
    body += &page::table("Notes", &[("Time", Column::Time), ("By", Column::Words), ("Note", Column::Words)], &notes);
    let journal: Vec<_> = incident.entries.iter().map(|entry| journal_row(incident, entry)).collect();
    body += &page::table("Journal", &JOURNAL, &journal);
    let made = words::time(incident.made, &incident.zone);
    let _ = writeln!(body, "<p class=\"plain\">{NOT_CERTIFIED}</p>");
    let version = env!("CARGO_PKG_VERSION");
    let _ =
        writeln!(body, "<p class=\"faint\">Made {} by Hearthlight {version} out of its journal.</p>", escape(&made));
    Ok(page::page(&title, &body))
}

fn head(incident: &Incident) -> String {
    let level = incident.level();
    let first = incident.raised().map_or("", |entry| entry.text.as_str());
    let test = if incident.is_test() { "<p><strong>This was a test.</strong></p>\n" } else { "" };
    let place = [incident.device.as_str(), incident.place.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty() && *part != incident.location()).collect();
    let place = if place.is_empty() { String::new() } else { format!(" \u{b7} {}", place.join(", ")) };
    format!(
        "<header class=\"level {}\">{}<div><h1>{}</h1><p><strong>{}</strong></p></div></header>\n{test}<p>{}</p>\n\
         <p class=\"faint\">Place: {}{} \u{b7} alarm {}</p>\n",
        level.label(),
        shape(level),
        escape(&incident.title()),
        level.word(),
        escape(first),
        escape(incident.location()),
        escape(&place),
        escape(incident.alarm.as_str()),
    )
}

/// The shape of a level: ring, triangle, octagon. In the colour of the text around it.
const fn shape(level: Level) -> &'static str {
    match level {
        Level::Notice => {
            "<svg viewBox=\"0 0 24 24\" role=\"img\" aria-label=\"Notice\"><circle cx=\"12\" cy=\"12\" r=\"10\" fill=\"none\" \
             stroke=\"currentColor\" stroke-width=\"2.4\"/><path d=\"M12 7v1.6M12 11v6.4\" stroke=\"currentColor\" \
             stroke-width=\"2.4\"/></svg>"
        }
        Level::Warning => {
            "<svg viewBox=\"0 0 24 24\" role=\"img\" aria-label=\"Warning\"><path d=\"M12 2 23 22H1Z\" \
             fill=\"currentColor\"/><path d=\"M12 9v6.4M12 17.4V19.6\" stroke=\"var(--ground)\" stroke-width=\"2.4\"/></svg>"
        }
        Level::Danger => {
            "<svg viewBox=\"0 0 24 24\" role=\"img\" aria-label=\"Danger\"><path d=\"M7 1h10l6 6v10l-6 6H7l-6-6V7Z\" \
             fill=\"currentColor\"/><path d=\"M6 12h12\" stroke=\"var(--ground)\" stroke-width=\"3.4\"/></svg>"
        }
    }
}

/// When it was raised, became worse, was taken note of, was over, was cleared, each with the time since it was raised.
fn times(incident: &Incident) -> Vec<Vec<String>> {
    const KINDS: [(What, &str); 10] = [
        (What::Raised, "Raised"),
        (What::Tested, "Raised as a test"),
        (What::Again, "Crossed again"),
        (What::Worse, "Became worse"),
        (What::Acknowledged, "Acknowledged"),
        (What::Shelved, "Shelved"),
        (What::Unshelved, "Shelving ended"),
        (What::Over, "Condition over"),
        (What::Cleared, "Cleared"),
        (What::Closed, "Closed"),
    ];
    let raised = incident.raised().map(|entry| entry.at);
    let crossed = incident.raised().and_then(|entry| entry.reasons.iter().map(|reason| reason.since).min());
    let time = |at| words::time(at, &incident.zone);
    let mut rows = Vec::new();
    if let Some((crossed, raised)) = crossed.zip(raised).filter(|(crossed, raised)| crossed < raised) {
        let before = format!("{} before", words::lasted(crossed, raised));
        rows.push(vec!["First crossing".to_owned(), time(crossed), before, String::new()]);
    }
    for entry in &incident.entries {
        let Some((_, word)) = KINDS.iter().find(|(what, _)| *what == entry.what) else { continue };
        let after = raised.filter(|raised| *raised < entry.at).map(|raised| words::lasted(raised, entry.at));
        rows.push(vec![(*word).to_owned(), time(entry.at), after.unwrap_or_default(), entry.by.to_string()]);
    }
    if raised.is_none() {
        let text = "Raised before what the journal still has".to_owned();
        rows.insert(0, vec![text, "\u{2013}".to_owned(), String::new(), String::new()]);
    }
    if incident.first(&[What::Over, What::Cleared, What::Closed]).is_none() {
        rows.push(vec!["Over".to_owned(), "not when this report was made".to_owned(), String::new(), String::new()]);
    }
    if incident.first(&[What::Acknowledged]).is_none() {
        let text = "not when this report was made".to_owned();
        rows.push(vec!["Acknowledged".to_owned(), text, String::new(), String::new()]);
    }
    rows
}

const REASONS: [(&str, Column); 8] = [
    ("Entry", Column::Figure),
    ("Source", Column::Words),
    ("Level", Column::Words),
    ("Value", Column::Figure),
    ("Limit", Column::Figure),
    ("On since", Column::Time),
    ("For", Column::Time),
    ("Cell", Column::Words),
];

/// The reasons of each entry in which they are other than in the one before.
fn reasons(incident: &Incident) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut known: &[Reason] = &[];
    for entry in incident.entries.iter().filter(|entry| !entry.reasons.is_empty()) {
        if entry.reasons != known {
            rows.extend(entry.reasons.iter().map(|reason| reason_row(incident, entry, reason)));
        }
        known = &entry.reasons;
    }
    rows
}

fn reason_row(incident: &Incident, entry: &Entry, reason: &Reason) -> Vec<String> {
    let figure = |value: f64| {
        let beside = words::in_scale(value, &reason.unit, incident.scale).map(|other| format!(" ({other})"));
        words::quantity(value, &reason.unit) + &beside.unwrap_or_default()
    };
    let standing = match (reason.on, reason.stale) {
        (_, true) => ", nothing heard",
        (false, _) => ", over",
        (true, false) => "",
    };
    let cell = reason.cell.map_or_else(String::new, |(row, column)| words::cell(row, column));
    vec![
        entry.seq.to_string(),
        format!("{}{standing}", reason.name),
        reason.level.word().to_owned(),
        figure(reason.value),
        figure(reason.threshold),
        words::time(reason.since, &incident.zone),
        words::lasted(reason.since, entry.at),
        cell,
    ]
}

/// The picture of the hottest moment.
fn picture(incident: &Incident) -> Result<String, DrawError> {
    let found = incident.peak.as_ref().and_then(|peak| Some((peak, peak::frame(&peak.still)?)));
    let Some((peak, frame)) = found else {
        return Ok("<h2>Heat</h2>\n<p>The journal has no picture of this alarm.</p>\n".to_owned());
    };
    let hottest = peak::hottest(&frame, incident.scale).unwrap_or_else(|| "no cell has a value".to_owned());
    let drawing = peak::drawing(&frame, incident.mounting, incident.scale);
    let caption = format!("Hottest cell {hottest}. Entry {}, {}.", peak.seq, words::time(peak.at, &incident.zone));
    Ok(format!(
        "<h2>Heat at the peak</h2>\n<figure><img alt=\"{0}\" width=\"{1}\" height=\"{2}\" src=\"{3}\">\
         <figcaption>{0}</figcaption></figure>\n",
        escape(&caption),
        drawing.size.0 / 2,
        drawing.size.1 / 2,
        drawing.data_uri()?,
    ))
}

fn chart(incident: &Incident) -> Result<String, DrawError> {
    let spec = &incident.chart;
    if spec.is_empty() {
        return Ok("<h2>Around the alarm</h2>\n<p>Nothing was recorded around the alarm.</p>\n".to_owned());
    }
    let mut caption = spec.note.clone();
    if incident.made < spec.to {
        let after = words::lasted(incident.raised().map_or(spec.from, |entry| entry.at), incident.made);
        let _ =
            write!(caption, " This report was made {after} after the alarm was raised; what came later is not in it.");
    }
    let svg = draw::bare(spec).inline_svg(&spec.title)?;
    let caption = escape(caption.trim());
    Ok(format!("<h2>Around the alarm</h2>\n<figure>{svg}<figcaption>{caption}</figcaption></figure>\n"))
}

const ACTIONS: [(&str, Column); 4] =
    [("Time", Column::Time), ("Action", Column::Words), ("Result", Column::Words), ("By", Column::Words)];

fn actions(incident: &Incident) -> Vec<Vec<String>> {
    let row = |entry: &Entry| {
        let result = match entry.what {
            What::Acted => "done",
            What::ActionRefused => "refused",
            What::Undone => "taken back",
            _ => return None,
        };
        Some(vec![time(incident, entry.at), entry.text.clone(), result.to_owned(), entry.by.to_string()])
    };
    incident.entries.iter().filter_map(row).collect()
}

fn note_row(incident: &Incident, note: &Note) -> Vec<String> {
    let at = note.at.map_or_else(|| "always".to_owned(), |at| time(incident, at));
    vec![at, note.by.to_string(), note.text.clone()]
}

const JOURNAL: [(&str, Column); 4] =
    [("Entry", Column::Figure), ("Time", Column::Time), ("Text", Column::Words), ("By", Column::Words)];

fn journal_row(incident: &Incident, entry: &Entry) -> Vec<String> {
    vec![entry.seq.to_string(), time(incident, entry.at), entry.text.clone(), entry.by.to_string()]
}

fn time(incident: &Incident, at: Timestamp) -> String {
    words::time(at, &incident.zone)
}
