//! Slugs: the `[a-z0-9-]+` names under which things appear in addresses and files.

/// Turns any text into a slug: ASCII letters lowered, runs of anything else become one `-`; never empty (`"x"`),
/// at most 48 characters.
#[must_use]
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(48));
    for c in text.chars() {
        if out.len() >= 48 {
            break;
        }
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    while out.ends_with('-') {
        out.pop();
    }
    if out.is_empty() {
        out.push('x');
    }
    out
}
