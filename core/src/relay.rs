//! What the relay decides, without doing any of it: who may write and read, what is a duplicate, what is
//! acknowledged when.
//!
//! One state machine: [`Relay::handle`] takes one thing that happened and returns what to do about it. One
//! group of entries is on its way to the disk at a time; what arrives meanwhile is judged and staged for the
//! next. Nothing is acknowledged, shown to readers or counted as part of the roster before it is durable.

mod commit;
mod connection;
pub mod group;
mod incoming;
#[cfg(feature = "sim")]
pub mod inspect;
mod intake;
mod outgoing;

pub use incoming::{Incoming, Invalid, Offered, check};

use crate::code::SetupCode;
use crate::crypto::SigningKey;
use crate::entry::Entry;
use crate::ids::{Incarnation, RelayKey, SpaceId, StreamId};
use crate::log::{Receipt, Tree};
use crate::problem::Refusal;
use crate::roster::Roster;
use crate::time::Timestamp;
use crate::wire::Item;
use commit::{Flight, Staged};
use connection::Connection;
use group::{Group, SpaceGroup, StreamHead};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The most entries that are staged before the relay takes no more input: see [`Relay::is_taking`].
pub const MAX_GROUP_ENTRIES: usize = 1_024;
/// The most bytes of entries that are staged before the relay takes no more input. One message more fits.
pub const MAX_GROUP_BYTES: usize = 4 << 20;
/// The most answers that wait for one group.
pub const MAX_WAITERS: usize = 4 * MAX_GROUP_ENTRIES;
/// About how many bytes of entries go into one message to a reader.
pub const ENTRIES_MESSAGE_BYTES: usize = 32 << 10;
/// About how many bytes of entries are read from the log at once.
pub const FETCH_BYTES: usize = 256 << 10;
/// The most bytes of entries that wait in a connection before reading for it stops.
pub const MAX_AHEAD_BYTES: usize = 256 << 10;
/// The most bytes of any kind that wait in a connection; one that lets more pile up is closed.
pub const MAX_UNSENT_BYTES: usize = 4 << 20;
/// The most spaces that one connection reads.
pub const MAX_SUBSCRIPTIONS: usize = 4_096;
/// The most lookups of old entries under way for one connection.
pub const MAX_RECALLS: usize = 4;
/// The most receipts in one message, so that it stays below the largest message whatever the tree's size.
pub const MAX_RECEIPTS_PER_MESSAGE: usize = 400;
/// How long a connection may take to say hello.
pub const HELLO_MILLIS: u64 = 10_000;

/// Names a connection; chosen by the shell, never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnId(pub u64);

/// Something that happened.
#[derive(Debug)]
pub enum Input {
    /// A client connected.
    Opened {
        /// The connection.
        conn: ConnId,
        /// Random: what a device signs to begin a session.
        challenge: [u8; 16],
    },
    /// A message arrived and was [`check`]ed.
    Received {
        /// From where.
        conn: ConnId,
        /// What it says.
        message: Incoming,
        /// Where the streams of its entries end, as far as the store knows them now.
        heads: Vec<(StreamId, StreamHead)>,
    },
    /// Bytes arrived that are no message.
    Invalid {
        /// From where.
        conn: ConnId,
    },
    /// Bytes of [`Output::Send`] left for the network.
    Sent {
        /// Where.
        conn: ConnId,
        /// How many.
        bytes: usize,
    },
    /// The connection is gone.
    Closed {
        /// Which.
        conn: ConnId,
    },
    /// The group of [`Output::Commit`] is durable, and the store finds its entries.
    Committed,
    /// It is not, and nothing of it is held.
    CommitFailed(Failure),
    /// The answer to [`Output::Fetch`].
    Fetched {
        /// For which connection.
        conn: ConnId,
        /// Of which space.
        space: SpaceId,
        /// The position of the first.
        from: u64,
        /// The entries; at least one.
        items: Result<Vec<Item>, Failure>,
    },
    /// The answer to [`Output::Recall`].
    Recalled {
        /// For which connection.
        conn: ConnId,
        /// As given.
        entries: Vec<Entry>,
        /// What stands in the stream where they say they stand.
        found: Result<Vec<Recalled>, Failure>,
    },
    /// Time passed.
    Tick,
}

/// Something to do.
#[derive(Clone, Debug)]
pub enum Output {
    /// Send a message; report with [`Input::Sent`] when it has left.
    Send {
        /// Where.
        conn: ConnId,
        /// The message.
        bytes: Arc<[u8]>,
    },
    /// Close the connection once what was to be sent before has been tried.
    Close {
        /// Which.
        conn: ConnId,
        /// Why.
        why: CloseReason,
    },
    /// Make a group durable, then answer [`Input::Committed`] or [`Input::CommitFailed`]. One at a time.
    Commit(Arc<Group>),
    /// Read entries of a space; answer with [`Input::Fetched`].
    Fetch {
        /// For which connection.
        conn: ConnId,
        /// The space.
        space: SpaceId,
        /// The first position.
        from: u64,
        /// About how many bytes.
        max_bytes: usize,
    },
    /// Look up what stands where some entries of one stream say they stand; answer with [`Input::Recalled`].
    Recall {
        /// For which connection.
        conn: ConnId,
        /// The stream.
        stream: StreamId,
        /// The entries.
        entries: Vec<Entry>,
    },
}

/// Why the relay ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// The client broke the protocol.
    Protocol,
    /// The client speaks another version.
    Version,
    /// The client does not read what it is sent.
    Slow,
    /// The client said nothing.
    Silent,
    /// The store does not give what the client is to read.
    Failing,
    /// The office expelled the client's device.
    Expelled,
}

/// Why the store did not do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The disk is full.
    Full,
    /// Anything else.
    Failing,
}

/// Entries of a stream found in one group of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recalled {
    /// The group's checkpoint, to which the receipts' paths lead.
    pub checkpoint: Vec<u8>,
    /// Each with its place in the stream.
    pub receipts: Vec<(u64, Receipt)>,
}

/// What the relay is.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Its signing key.
    pub key: SigningKey,
    /// The life of its log.
    pub incarnation: Incarnation,
    /// The [`SetupCode::token_hash`] of the token that founds an office; none when nobody may found one.
    pub setup: Option<[u8; 32]>,
}

/// A log that says what it cannot say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// A statement of the roster does not follow from those before it.
    #[error("the roster in the log breaks its own rules at statement {position}: {why}")]
    Roster {
        /// Which.
        position: usize,
        /// Why.
        why: Refusal,
    },
    /// The office that the log holds names another relay.
    #[error("the log belongs to another relay: its key is not this one")]
    WrongKey,
}

/// A space's log so far, durable.
#[derive(Clone, Debug, Default)]
struct Space {
    tree: Tree,
    checkpoint: Vec<u8>,
}

/// The relay.
pub struct Relay {
    identity: Identity,
    public: RelayKey,
    /// The newest time seen: the relay's time never goes back.
    now: Timestamp,
    /// As the durable statements make it.
    roster: Option<Roster>,
    /// The durable statements.
    statements: Vec<Item>,
    /// As it will be when everything staged is durable; none as long as nobody offered a statement.
    ahead: Option<Roster>,
    spaces: BTreeMap<SpaceId, Space>,
    /// Where streams will end when everything staged is durable.
    heads: BTreeMap<StreamId, StreamHead>,
    /// Streams of which evidence of a fork is kept.
    forked: BTreeSet<StreamId>,
    staged: Staged,
    flight: Option<Flight>,
    connections: BTreeMap<ConnId, Connection>,
}

impl Relay {
    /// Takes up a log: `last` is the last group of every space with its time, `statements` the whole roster.
    ///
    /// # Errors
    ///
    /// [`OpenError`] if the roster is not one, or not this relay's.
    pub fn open(
        identity: Identity,
        last: Vec<(Timestamp, SpaceGroup)>,
        statements: Vec<Item>,
    ) -> Result<Self, OpenError> {
        let public = RelayKey(identity.key.public());
        let roster = replay(&statements)?;
        if roster.as_ref().is_some_and(|roster| roster.relay() != public) {
            return Err(OpenError::WrongKey);
        }
        let now = last.iter().map(|(at, _)| *at).max().unwrap_or_default();
        let space = |(at, group): (Timestamp, SpaceGroup)| {
            (group.space, Space { tree: group.after(at), checkpoint: group.checkpoint })
        };
        Ok(Self {
            identity,
            public,
            now,
            roster,
            statements,
            ahead: None,
            spaces: last.into_iter().map(space).collect(),
            heads: BTreeMap::new(),
            forked: BTreeSet::new(),
            staged: Staged::default(),
            flight: None,
            connections: BTreeMap::new(),
        })
    }

    /// Feeds one thing that happened and returns everything to do about it, in order.
    #[must_use = "dropped outputs are lost messages"]
    pub fn handle(&mut self, now: Timestamp, input: Input) -> Vec<Output> {
        self.now = self.now.max(now);
        let mut out = Vec::new();
        match input {
            Input::Opened { conn, challenge } => self.opened(conn, challenge),
            Input::Received { conn, message, heads } => self.received(conn, message, heads, &mut out),
            Input::Invalid { conn } => self.unexpected(conn, &mut out),
            Input::Sent { conn, bytes } => self.sent(conn, bytes, &mut out),
            Input::Closed { conn } => self.closed(conn),
            Input::Committed => self.committed(&mut out),
            Input::CommitFailed(why) => self.commit_failed(why, &mut out),
            Input::Fetched { conn, space, from, items } => self.fetched(conn, space, from, items, &mut out),
            Input::Recalled { conn, entries, found } => self.recalled(conn, entries, found, &mut out),
            Input::Tick => self.tick(&mut out),
        }
        self.launch(&mut out);
        out
    }

    /// Whether messages may be handed over. While this is false, feed only what the relay asked for:
    /// [`Input::Committed`], [`Input::CommitFailed`], [`Input::Fetched`], [`Input::Recalled`], [`Input::Sent`].
    #[must_use]
    pub fn is_taking(&self) -> bool {
        self.staged.has_room()
    }

    /// Whether an office was founded here.
    #[must_use]
    pub fn is_founded(&self) -> bool {
        self.roster.is_some()
    }

    /// The roster as everything staged will make it.
    fn latest(&self) -> Option<&Roster> {
        self.ahead.as_ref().or(self.roster.as_ref())
    }

    /// The same, to be changed. Refused statements leave it as it is, so it is copied once for all of them.
    fn ahead_mut(&mut self) -> Option<&mut Roster> {
        if self.ahead.is_none() {
            self.ahead.clone_from(&self.roster);
        }
        self.ahead.as_mut()
    }

    fn may_found(&self, token: &[u8; 16]) -> bool {
        self.latest().is_none() && self.identity.setup == Some(SetupCode::token_hash(token))
    }
}

fn replay(statements: &[Item]) -> Result<Option<Roster>, OpenError> {
    let mut roster: Option<Roster> = None;
    for (position, item) in statements.iter().enumerate() {
        let broken = |why| OpenError::Roster { position, why };
        let entry = Entry::check(item.entry.clone()).map_err(broken)?;
        match &mut roster {
            None => roster = Some(Roster::found(&entry).map_err(broken)?),
            Some(roster) => roster.apply(&entry, item.time).map_err(broken)?,
        }
    }
    Ok(roster)
}
