//! What page and workers say to each other: postcard bytes, since all sides are of one build.

use mingcha_core::command::{Command, RequestId};
use mingcha_core::engine::io::{Job, JobResult, StorageFacts, Ticket};
use mingcha_core::problem::Problem;
use mingcha_core::sheet::export::{Form, Table};
use mingcha_core::sheet::{Mapping, Preview, SkipReason};
use mingcha_core::time::Timestamp;
use mingcha_core::units::UnitRow;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// From the page to the engine's worker.
#[derive(Debug, Serialize, Deserialize)]
pub enum ToEngine {
    /// Become the live tab. Comes first; nothing else has an effect before [`FromEngine::Live`].
    Start(Claim),
    /// A person asks.
    Command(RequestId, Command),
    /// A job is done.
    JobDone(Ticket, JobResult),
    /// What the browser says of storage.
    Storage(StorageFacts),
    /// The app is being hidden or closed.
    Hiding,
}

/// How a tab asks to be the live one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Claim {
    /// When no other tab is.
    Wait,
    /// Even when another tab is: that one is told and stops.
    TakeOver,
}

/// From the engine's worker to the page.
#[derive(Debug, Serialize, Deserialize)]
pub enum FromEngine {
    /// The worker listens.
    Ready,
    /// Another tab is live; this one waits for it.
    Elsewhere,
    /// This tab is live: commands are carried out from now on.
    Live,
    /// Another tab took over; this worker does nothing any more.
    TakenOver,
    /// The store cannot be opened; this worker does nothing any more.
    Failed,
    /// The engine wants something heavy done.
    Job(Ticket, Job),
}

/// From the page to the heavy worker, which answers once, or in parts for a spreadsheet.
#[derive(Debug, Serialize, Deserialize)]
pub enum ToHeavy {
    /// Do a job of the engine.
    Job(Job),
    /// Read a spreadsheet.
    Sheet {
        /// The file's name.
        name: String,
        /// The file's content.
        bytes: Vec<u8>,
        /// How a person says that it is to be read; as its headers do otherwise.
        mapping: Option<Mapping>,
    },
    /// Look at a spreadsheet before it is imported.
    Preview {
        /// The file's content.
        bytes: Vec<u8>,
        /// How a person says that it is to be read; as its headers do otherwise.
        mapping: Option<Mapping>,
    },
    /// Write a table as a file for a spreadsheet.
    Table {
        /// The table.
        table: Table,
        /// In which form.
        form: Form,
        /// When, shifted to the person's local time.
        now: Timestamp,
    },
}

/// From the heavy worker to the page.
#[derive(Debug, Serialize, Deserialize)]
pub enum FromHeavy {
    /// The worker listens.
    Ready,
    /// The job's result.
    Job(JobResult),
    /// Some of a spreadsheet's rows, and how many there are in all.
    Rows(Vec<UnitRow>, u32),
    /// What would come of the spreadsheet.
    Preview(Result<Preview, Problem>),
    /// The spreadsheet has no more rows and these were left out, or it cannot be read.
    End(Result<Vec<(u32, SkipReason)>, Problem>),
    /// The file of a table.
    Table(Result<Vec<u8>, Problem>),
}

/// The first byte of what the engine shows, as [`crate::shell::views`] reads it; no [`FromEngine`] begins so.
pub const VIEW: u8 = 0xff;

/// The bytes of a message.
#[must_use]
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    // Serialising plain data into memory has no way to fail.
    postcard::to_allocvec(message).unwrap_or_default()
}

/// The message of these bytes; `None` for bytes that a build like this one did not write.
#[must_use]
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingcha_core::view::Query;

    #[test]
    fn a_command_reads_back_as_it_was_sent() {
        let sent = ToEngine::Command(7, Command::Watch { id: 3, query: Query::Access });
        let bytes = encode(&sent);
        let Some(ToEngine::Command(7, Command::Watch { id: 3, query: Query::Access })) = decode(&bytes)
        else {
            panic!("{bytes:?}");
        };
    }

    #[test]
    fn foreign_bytes_are_no_message() {
        assert!(decode::<ToEngine>(&[0xff; 4]).is_none());
    }
}
