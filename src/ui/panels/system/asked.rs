//! What the window remembers of questions about connections.

use crate::model::lights::connection::ConnectionId;

/// What is asked about a connection, in its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Its name, as typed so far.
    Name(String),
    /// Whether it is to be forgotten.
    Forget,
}

/// The connection that something is asked about.
pub type Asked = Option<(ConnectionId, Asking)>;
