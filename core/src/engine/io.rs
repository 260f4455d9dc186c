//! What goes into the engine and what comes out: the whole contract with a shell.

use crate::command::{Command, Passphrase, RequestId};
use crate::domain::Language;
use crate::time::Timestamp;
use crate::view::View;
use serde::{Deserialize, Serialize};

/// Names a request to the shell; chosen by the engine, never used twice in one opening.
pub type Ticket = u64;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A person asks.
    Command(RequestId, Command),
    /// The answer to [`Output::Load`]: the records that exist, in key order within each selection.
    Loaded(Ticket, Vec<Record>),
    /// The transaction of [`Output::Store`] is durable.
    Stored(Ticket),
    /// It is not, and nothing of it is.
    StoreFailed(Ticket, StoreFailure),
    /// A job is done.
    JobDone(Ticket, JobResult),
    /// The socket is open.
    Connected,
    /// The socket is closed, or could not be opened.
    Disconnected,
    /// A binary message arrived.
    Received(Vec<u8>),
    /// The time asked for by [`Output::WakeAt`] has come.
    Woke,
    /// What the browser says of storage.
    Storage(StorageFacts),
    /// The app is being hidden or closed: freeze what is not yet frozen.
    Hiding,
}

/// Something to do. A shell carries outputs out in order and reports back with an [`Input`].
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Read records.
    Load(Ticket, Vec<Selection>),
    /// Carry out all writes in one durable transaction, or none. Transactions are carried out in order.
    Store(Ticket, Vec<Write>),
    /// Do something heavy elsewhere.
    Job(Ticket, Job),
    /// Open the socket to the relay. One at a time.
    Connect,
    /// Close it.
    Disconnect,
    /// Send a binary message.
    Send(Vec<u8>),
    /// Feed [`Input::Woke`] at that time; replaces an earlier wish.
    WakeAt(Timestamp),
    /// Give the page this.
    Show(View),
}

/// The tables of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Table {
    /// In clear: the vault's slots, what carrying the outbox needs.
    Clear = 0,
    /// Entries waiting for a receipt, sealed for their readers. In clear otherwise: sending needs no key.
    Outbox = 1,
    /// Sealed: who this device is, keys, cursors.
    State = 2,
    /// Sealed: entries as they came.
    Entries = 3,
    /// Sealed: documents.
    Documents = 4,
    /// Sealed: one summary row a document.
    Rows = 5,
    /// Sealed: changes that are saved and not yet frozen.
    Pending = 6,
    /// Sealed: parts of imported tables.
    Datasets = 7,
}

impl Table {
    /// All tables; the position is the table's number.
    pub const ALL: [Self; 8] = [
        Self::Clear,
        Self::Outbox,
        Self::State,
        Self::Entries,
        Self::Documents,
        Self::Rows,
        Self::Pending,
        Self::Datasets,
    ];
}

/// One record of the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its table.
    pub table: Table,
    /// Its key; keys order bytewise.
    pub key: Vec<u8>,
    /// Its value.
    pub value: Vec<u8>,
}

/// Which records to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Selection {
    /// All of a table.
    Table(Table),
    /// One, if it exists.
    Key(Table, Vec<u8>),
    /// Those whose keys begin with these bytes.
    Prefix(Table, Vec<u8>),
}

impl Selection {
    /// Whether it selects the record with this key.
    #[must_use]
    pub fn selects(&self, table: Table, key: &[u8]) -> bool {
        match self {
            Self::Table(wanted) => table == *wanted,
            Self::Key(wanted, exact) => table == *wanted && key == exact,
            Self::Prefix(wanted, prefix) => table == *wanted && key.starts_with(prefix),
        }
    }
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Write {
    /// Put a record, replacing one of the same key.
    Put(Record),
    /// Remove a record, if it exists.
    Delete(Table, Vec<u8>),
}

/// Why a transaction failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoreFailure {
    /// The quota is used up.
    Full,
    /// Another tab has taken over: its generation is newer.
    Fenced,
    /// Anything else; the shell has tried to reopen the store.
    Failed,
}

/// Heavy and rare work, done outside the engine's worker by `core::engine::jobs`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Job {
    /// Stretch a passphrase with given parameters (Argon2id).
    Stretch {
        /// What the person typed.
        passphrase: Passphrase,
        /// As stored beside the vault.
        params: StretchParams,
    },
    /// Spell a recovery kit.
    SpellKit {
        /// The kit's secret.
        entropy: [u8; 16],
        /// The words' language.
        language: Language,
    },
}

/// Argon2id's parameters, as stored beside the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StretchParams {
    /// Random.
    pub salt: [u8; 16],
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}

/// What a [`Job`] gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum JobResult {
    /// The stretched passphrase.
    Stretched([u8; 32]),
    /// The kit's words.
    Kit(Vec<String>),
    /// It could not be done (memory).
    Failed,
}

/// What the browser says of storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageFacts {
    /// Whether it promises to keep the data; `None` when it does not say.
    pub persistent: Option<Persistence>,
    /// Bytes used, when it says.
    pub used: u64,
    /// Bytes granted, when it says; 0 otherwise.
    pub quota: u64,
}

/// What the browser promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Persistence {
    /// It keeps the data.
    Granted,
    /// It may delete the data.
    Refused,
}
