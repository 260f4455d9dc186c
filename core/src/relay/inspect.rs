//! A look inside for the simulator: what the relay keeps in memory for a while.

use super::Relay;

/// What waits inside a relay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Streams whose end is remembered because something of them is on its way to the disk.
    pub streams: usize,
    /// Groups on their way to the disk.
    pub groups: usize,
    /// Bytes handed out and not yet sent, in the connection with most of them.
    pub unsent: usize,
}

impl Relay {
    /// What waits now.
    #[must_use]
    pub fn waiting(&self) -> Waiting {
        Waiting {
            streams: self.heads.len(),
            groups: usize::from(self.flight.is_some()),
            unsent: self.connections.values().map(|connection| connection.unsent).max().unwrap_or_default(),
        }
    }
}
