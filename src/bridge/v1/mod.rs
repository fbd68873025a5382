//! Version 1 of the API: `/api/<key>/…`.

use crate::bridge::face::Face;
use crate::bridge::request::{Answer, Request};

/// Answers a request of version 1.
pub async fn answer(face: &Face, request: &Request) -> Answer {
    let _ = (face, request);
    Answer::ok(&serde_json::json!({}))
}
