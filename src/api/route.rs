//! One route: its method and path, what it takes and answers, and who handles it.

use std::sync::Arc;

use axum::routing::MethodRouter;

use crate::api::Face;

/// Methods in use. `HEAD` goes with `GET`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Asks for something to be done.
    Post,
    /// Sets.
    Put,
    /// Takes away.
    Delete,
}

/// What a successful answer carries. Names are those of the schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// One JSON object.
    One(&'static str),
    /// A JSON array of objects.
    List(&'static str),
    /// Metrics, in one of two text formats.
    Metrics,
    /// Server-sent events.
    Events,
}

/// One route.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// Its method.
    pub verb: Verb,
    /// Its path; `{name}` stands for one segment.
    pub path: &'static str,
    /// True if it needs no token.
    pub open: bool,
    /// What it does, one sentence without a full stop.
    pub summary: &'static str,
    /// Texts that stand behind the `?`, with their meaning; one whose name ends with `?` may be missing.
    pub texts: &'static [(&'static str, &'static str)],
    /// Whole numbers that may stand behind the `?`, with their meaning.
    pub numbers: &'static [(&'static str, &'static str)],
    /// Schema of the body it takes.
    pub body: Option<&'static str>,
    /// What it answers.
    pub answer: Answer,
    pub(super) handler: fn() -> MethodRouter<Arc<Face>>,
}

impl Route {
    pub(super) const fn get(
        path: &'static str,
        answer: Answer,
        summary: &'static str,
        handler: fn() -> MethodRouter<Arc<Face>>,
    ) -> Self {
        Self { verb: Verb::Get, path, open: false, summary, numbers: &[], texts: &[], body: None, answer, handler }
    }

    pub(super) const fn change(
        verb: Verb,
        path: &'static str,
        body: &'static str,
        summary: &'static str,
        handler: fn() -> MethodRouter<Arc<Face>>,
    ) -> Self {
        let answer = Answer::One("Outcome");
        Self { verb, path, open: false, summary, numbers: &[], texts: &[], body: Some(body), answer, handler }
    }

    /// Asks for something to be done; the path says all.
    pub(super) const fn act(
        path: &'static str,
        summary: &'static str,
        handler: fn() -> MethodRouter<Arc<Face>>,
    ) -> Self {
        let answer = Answer::One("Outcome");
        Self { verb: Verb::Post, path, open: false, summary, numbers: &[], texts: &[], body: None, answer, handler }
    }

    /// Takes away what the path names.
    pub(super) const fn remove(
        path: &'static str,
        summary: &'static str,
        handler: fn() -> MethodRouter<Arc<Face>>,
    ) -> Self {
        Self { verb: Verb::Delete, ..Self::act(path, summary, handler) }
    }

    pub(super) const fn answering(self, answer: Answer) -> Self {
        Self { answer, ..self }
    }

    pub(super) const fn without_token(self) -> Self {
        Self { open: true, ..self }
    }

    pub(super) const fn with_numbers(self, numbers: &'static [(&'static str, &'static str)]) -> Self {
        Self { numbers, ..self }
    }

    pub(super) const fn with_texts(self, texts: &'static [(&'static str, &'static str)]) -> Self {
        Self { texts, ..self }
    }
}
