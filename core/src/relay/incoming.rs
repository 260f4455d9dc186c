//! Messages from outside, checked as far as that goes without knowing anything: in parallel, before the relay.

use crate::crypto::{Purpose, hash};
use crate::entry::Entry;
use crate::ids::{DeviceKey, EntryId, Incarnation, SpaceId, StreamId};
use crate::problem::Refusal;
use crate::wire::{ToRelay, WireError};
use std::collections::BTreeSet;

/// A message whose entries were checked: [`check`] is the only way from bytes to it.
#[derive(Debug)]
pub struct Incoming(pub(super) Message);

#[derive(Debug)]
pub(super) enum Message {
    Hello { version: u8, nonce: [u8; 16] },
    Session { device: DeviceKey, signature: [u8; 64] },
    Put { entries: Vec<Offered> },
    Claim { token: [u8; 16], entry: Offered },
    Find { locator: [u8; 16] },
    Subscribe { space: SpaceId, incarnation: Incarnation, from: u64 },
    Credit { bytes: u32 },
    Ping { nonce: u64 },
}

/// An entry that was offered: sound, or the reason why not.
#[derive(Debug)]
pub enum Offered {
    /// Form, hashes and signature are right.
    Sound(Box<Entry>),
    /// They are not.
    Unsound {
        /// What its id would be, as far as it has a header.
        id: EntryId,
        /// What is wrong.
        why: Refusal,
    },
}

/// Bytes that no answer can be given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Not a message.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// Something that was offered as an entry has not even a header.
    #[error("an entry without a header")]
    Headless,
}

/// Reads a message and checks the form, hashes and signatures of its entries.
///
/// # Errors
///
/// [`Invalid`] if it is none: the connection cannot go on.
pub fn check(bytes: &[u8]) -> Result<Incoming, Invalid> {
    Ok(Incoming(match ToRelay::decode(bytes)? {
        ToRelay::Hello { version, nonce } => Message::Hello { version, nonce },
        ToRelay::Session { device, signature } => Message::Session { device, signature },
        ToRelay::Put { entries } => {
            Message::Put { entries: entries.into_iter().map(check_entry).collect::<Result<_, _>>()? }
        }
        ToRelay::Claim { token, entry } => Message::Claim { token, entry: check_entry(entry)? },
        ToRelay::Find { locator } => Message::Find { locator },
        ToRelay::Subscribe { space, incarnation, from } => Message::Subscribe { space, incarnation, from },
        ToRelay::Credit { bytes } => Message::Credit { bytes },
        ToRelay::Ping { nonce } => Message::Ping { nonce },
    }))
}

impl Incoming {
    /// The streams of its entries: where they end is handed over with it.
    #[must_use]
    pub fn streams(&self) -> BTreeSet<StreamId> {
        let offered = match &self.0 {
            Message::Put { entries } => entries.as_slice(),
            Message::Claim { entry, .. } => core::slice::from_ref(entry),
            Message::Hello { .. }
            | Message::Session { .. }
            | Message::Find { .. }
            | Message::Subscribe { .. }
            | Message::Credit { .. }
            | Message::Ping { .. } => &[],
        };
        let stream = |offered: &Offered| match offered {
            Offered::Sound(entry) => Some(entry.stream()),
            Offered::Unsound { .. } => None,
        };
        offered.iter().filter_map(stream).collect()
    }

    /// How many entries it brings.
    #[must_use]
    pub fn entries(&self) -> usize {
        match &self.0 {
            Message::Put { entries } => entries.len(),
            Message::Claim { .. } => 1,
            _ => 0,
        }
    }
}

fn check_entry(bytes: Vec<u8>) -> Result<Offered, Invalid> {
    let id = claimed_id(&bytes).ok_or(Invalid::Headless)?;
    Ok(match Entry::check(bytes) {
        Ok(entry) => Offered::Sound(Box::new(entry)),
        Err(why) => Offered::Unsound { id, why },
    })
}

/// The id that the header of something makes, sound or not: so that a refusal can name it.
fn claimed_id(bytes: &[u8]) -> Option<EntryId> {
    let mut decoder = minicbor::Decoder::new(bytes);
    decoder.array().ok()?;
    Some(EntryId(hash(Purpose::Entry, &[decoder.bytes().ok()?])))
}
