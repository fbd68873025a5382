//! Paths as they come in requests: cut at slashes, unescaped (RFC 3986, section 2.1).
//!
//! Invariant: any text gives parts, none of them empty; nothing fails.

/// The parts of a path, unescaped. A slash at the end, or two in a row, change nothing.
#[must_use]
pub fn parts(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !part.is_empty()).map(unescaped).collect()
}

/// A part without escapes. What is no escape stays as it is; what is no UTF-8 is replaced.
fn unescaped(part: &str) -> String {
    if !part.contains('%') {
        return part.to_owned();
    }
    let bytes = part.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1).and_then(digit), bytes.get(at + 2).and_then(digit)) {
            (b'%', Some(high), Some(low)) => {
                out.push(high << 4 | low);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn digit(byte: &u8) -> Option<u8> {
    char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
