//! Self-contained HTML pages: what stands around the body of every report.
//!
//! Invariant: a page needs nothing from elsewhere: no script, no link, no font; what comes from outside is escaped.

use std::fmt::Write as _;
use std::sync::LazyLock;

use crate::report::ink;

const STYLE: &str = "
:root{color-scheme:light dark;--ground:#FFFFFF;--text:#17181A;--faint:#5B5F65;--line:#D9DADC;--edge:#7C7F83;
--danger:#B5192B;--warning:#7A5600;--notice:#1D5AA6}
*{box-sizing:border-box}
body{margin:0 auto;padding:32px 24px 48px;max-width:960px;background:var(--ground);color:var(--text);
font:15px/1.5 Inter,system-ui,sans-serif}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}
h2{font-size:18px;margin:32px 0 8px}
p{margin:4px 0}
.faint{color:var(--faint)}
.level{display:flex;gap:16px;align-items:center}
.level svg{flex:none;width:48px;height:48px}
.danger{color:var(--danger)}.warning{color:var(--warning)}.notice{color:var(--notice)}
table{border-collapse:collapse;width:100%;margin:8px 0;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:5px 14px 5px 0;border-bottom:1px solid var(--line)}
th{font-weight:600}
td.figure,th.figure{text-align:right;white-space:nowrap}
td.time{white-space:nowrap}
figure{margin:8px 0}
figure svg,figure img{display:block;max-width:100%;height:auto}
figcaption{color:var(--faint);font-size:13px}
.wide{overflow-x:auto}
.plain{border:1px solid var(--edge);border-radius:4px;padding:8px 12px;margin:24px 0 0}
";

const DARK: &str = ":root{--ground:#121316;--text:#F2F0ED;--faint:#B9B6B1;--line:#2B2E33;--edge:#747981;
--danger:#FF6B66;--warning:#F3C13A;--notice:#84B6F4}
";

const PRINT: &str = "@page{margin:15mm}body{padding:0;max-width:none;font-size:11pt}h2{break-after:avoid}
figure,tr{break-inside:avoid}thead{display:table-header-group}";

static CSS: LazyLock<String> = LazyLock::new(|| {
    // Paper is white: the dark look is for screens only.
    format!(
        "{STYLE}@media screen and (prefers-color-scheme:dark){{{DARK}{}}}\n@media print{{{PRINT}}}\n",
        ink::dark_css()
    )
});

/// A text so that it stands in HTML as it is, also within an attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // No character of a text, and none that HTML may hold.
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A page of this title around a body of HTML.
#[must_use]
pub fn page(title: &str, body: &str) -> String {
    let (title, css) = (escape(title), &*CSS);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"generator\" content=\"Hearthlight\">\n\
         <title>{title}</title>\n<style>{css}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// How the cells of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Text.
    Words,
    /// Figures, to the right.
    Figure,
    /// Times, in one line.
    Time,
}

/// A table under a heading; nothing if it has no rows. Headings and cells are plain text.
#[must_use]
pub fn table(heading: &str, columns: &[(&str, Column)], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let class = |column: Column| match column {
        Column::Words => "",
        Column::Figure => " class=\"figure\"",
        Column::Time => " class=\"time\"",
    };
    let mut out = format!("<h2>{}</h2>\n<div class=\"wide\"><table>\n<thead><tr>", escape(heading));
    for (name, column) in columns {
        let _ = write!(out, "<th scope=\"col\"{}>{}</th>", class(*column), escape(name));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (cell, (_, column)) in row.iter().zip(columns) {
            let _ = write!(out, "<td{}>{}</td>", class(*column), escape(cell));
        }
        out.push_str("</tr>\n");
    }
    out + "</tbody>\n</table></div>\n"
}
