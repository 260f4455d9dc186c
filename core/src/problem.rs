//! What can go wrong, for people: each has words in both languages in [`crate::words`].

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that went wrong, with the facts a person needs to act on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    /// The passphrase does not open this device.
    WrongPassphrase,
    /// The passphrase is too weak.
    WeakPassphrase,
    /// A field that must not be empty is empty.
    Empty,
    /// A text is longer than the limit.
    TooLong {
        /// The limit in characters.
        limit: u32,
    },
    /// There are more of something than the limit.
    TooMany {
        /// The limit.
        limit: u32,
    },
    /// The words typed back are not those of the kit.
    KitNotProven,
    /// The set-up link is damaged, or meant for another relay.
    SetupInvalid,
    /// The office was founded with this link already.
    SetupUsed,
    /// The code is mistyped: its check characters do not fit.
    InvitationMistyped,
    /// The relay knows no such invitation, or it was tampered with.
    InvitationUnknown,
    /// Somebody joined with it.
    InvitationUsed,
    /// Too late, by the relay's time.
    InvitationExpired,
    /// This needs the relay, and there is no connection.
    NeedsRelay,
    /// The roster moved meanwhile; tried again without success.
    RosterBusy,
    /// The person's roles do not allow it.
    NotAllowed,
    /// The thing is not on this device (yet).
    NotHere,
    /// The browser refused to store: its quota is used up.
    DeviceFull {
        /// Bytes the browser grants, when it says.
        quota: u64,
    },
    /// The browser failed to store or read.
    StorageFailed,
    /// The browser may delete this site's data when it is short of space; ask for installing.
    NotPersistent,
    /// Another tab took over.
    TakenOver,
    /// The store was written by a newer version of this program.
    StoreTooNew,
    /// A record of the store could not be opened or read.
    StoreDamaged,
    /// The relay's disk is full: it reads on and refuses to write.
    RelayFull,
    /// The relay is out of order in another way.
    RelayFailing,
    /// The relay asks to wait.
    RelayBusy,
    /// The relay speaks another version of the protocol.
    VersionUnknown {
        /// What it speaks.
        found: u8,
    },
    /// The relay is not the one that the office names: nothing was sent.
    WrongRelay,
    /// The relay showed two histories, or a receipt that does not verify.
    RelayDishonest,
    /// The relay refused an entry of this device.
    EntryRefused {
        /// Why.
        why: Refusal,
    },
    /// An entry that arrived was refused and kept aside.
    EntryIgnored {
        /// Why.
        why: Refusal,
    },
    /// The spreadsheet is protected by a password.
    SheetEncrypted,
    /// The spreadsheet has no rows.
    SheetEmpty,
    /// The file is not a spreadsheet that can be read.
    SheetUnreadable,
    /// The spreadsheet has no column for codes or names.
    SheetColumns {
        /// The headers that were found.
        found: Vec<String>,
    },
    /// The spreadsheet is larger than the limit.
    SheetTooLarge {
        /// The limit.
        limit: SheetLimit,
    },
    /// The office took the invitation back.
    InvitationWithdrawn,
    /// The office blocked this device: the relay refuses it.
    DeviceBlocked,
    /// It is the last device of a coordinator.
    LastCoordinator,
    /// The file is not one of unsent work that this version reads.
    FileForeignKind,
    /// The file was cut short or altered.
    FileDamaged,
    /// The file is of another office, or of a space that this device has not heard of.
    FileForeign,
    /// It would end before it begins.
    EndsBeforeItBegins,
    /// A checklist's question cannot be asked so: it has no choices, is there twice, or its condition or suggestion
    /// cannot come true.
    BadQuestion {
        /// Its number, from 1.
        number: u32,
    },
    /// Required questions are not answered; a visit can be handed in all the same when a person says so.
    Unanswered {
        /// How many.
        count: u32,
    },
    /// A clock is wrong: this device's differs from the relay's by more than an hour.
    ClockWrong {
        /// The relay's time.
        relay: Timestamp,
    },
    /// The thing does not stand where this can be done (any more).
    NotNow,
    /// A filter matches another number than the person saw: nothing was done.
    CountDiffers {
        /// How many it matches now.
        found: u32,
    },
}

/// How large a spreadsheet may be at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SheetLimit {
    /// So many bytes, of the file or of what it inflates to.
    Bytes(u64),
    /// So many rows.
    Rows(u64),
    /// So many cells.
    Cells(u64),
}

/// Why an entry is refused, by the relay or by a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The bytes are not an entry.
    #[error("malformed")]
    Malformed,
    /// Larger than `entry::MAX_ENTRY_BYTES`.
    #[error("too large")]
    TooLarge,
    /// The version or suite is unknown.
    #[error("unknown version")]
    UnknownVersion,
    /// The signature does not fit.
    #[error("wrong signature")]
    WrongSignature,
    /// The roster does not know the device, or it may not write here.
    #[error("not allowed")]
    NotAllowed,
    /// The space is unknown.
    #[error("unknown space")]
    UnknownSpace,
    /// The roster head cited is unknown, or older than one cited before in the stream.
    #[error("unknown roster head")]
    UnknownRosterHead,
    /// The entry before it in its stream is missing.
    #[error("gap in the stream")]
    Gap,
    /// Another entry stands at the same place of the stream.
    #[error("fork of the stream")]
    Fork,
    /// The roster has moved on (compare-and-set).
    #[error("roster moved")]
    RosterMoved,
    /// The statement breaks a rule of the roster.
    #[error("statement refused")]
    Statement,
    /// The invitation was used.
    #[error("invitation used")]
    InvitationUsed,
    /// The invitation is too old.
    #[error("invitation expired")]
    InvitationExpired,
    /// The payload does not open with the key of its epoch.
    #[error("wrongly sealed")]
    WrongSeal,
    /// The payload opened, and is not what it should be.
    #[error("malformed payload")]
    MalformedPayload,
    /// A change carries an actor that is not the device's.
    #[error("foreign actor")]
    ForeignActor,
    /// The device was expelled.
    #[error("device expelled")]
    Expelled,
    /// The invitation was taken back.
    #[error("invitation withdrawn")]
    InvitationWithdrawn,
}

impl Refusal {
    /// All refusals; the position is the number on the wire.
    pub const ALL: [Self; 18] = [
        Self::Malformed,
        Self::TooLarge,
        Self::UnknownVersion,
        Self::WrongSignature,
        Self::NotAllowed,
        Self::UnknownSpace,
        Self::UnknownRosterHead,
        Self::Gap,
        Self::Fork,
        Self::RosterMoved,
        Self::Statement,
        Self::InvitationUsed,
        Self::InvitationExpired,
        Self::WrongSeal,
        Self::MalformedPayload,
        Self::ForeignActor,
        Self::Expelled,
        Self::InvitationWithdrawn,
    ];

    /// The number on the wire.
    #[must_use]
    pub fn code(self) -> u8 {
        Self::ALL.iter().position(|&other| other == self).unwrap_or_default() as u8
    }

    /// What a number on the wire means; an unknown one is [`Refusal::Malformed`].
    #[must_use]
    pub fn from_code(code: u8) -> Self {
        Self::ALL.get(usize::from(code)).copied().unwrap_or(Self::Malformed)
    }
}
