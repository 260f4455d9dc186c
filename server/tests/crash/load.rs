//! Devices that put entries as fast as the relay takes them, and remember what it acknowledged.

use crate::client::{Client, put};
use crate::office::{Device, OTHER_TEAM, Office, TEAM};
use mingcha_core::crypto::Rng;
use mingcha_core::entry::Entry;
use mingcha_core::ids::{EntryId, SpaceId};
use mingcha_core::wire::FromRelay;
use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// The largest content of an entry.
const LARGEST: usize = 64 << 10;
/// The most entries in one message.
const MOST_AT_ONCE: usize = 6;
/// The most entries that wait for an answer.
const MOST_WAITING: usize = 24;

/// What was acknowledged so far, by everybody.
pub type Acknowledged = Arc<Mutex<BTreeSet<EntryId>>>;

/// A stream of a device, with what of it was not acknowledged yet.
pub struct Writer {
    device: Device,
    space: SpaceId,
    head: EntryId,
    waiting: VecDeque<Entry>,
    rng: Rng,
}

/// Why a load ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The relay is gone.
    Gone,
    /// It said that it can write no more.
    Refused,
}

impl Writer {
    /// One for each stream of an office.
    pub fn all(office: &Office) -> Vec<Self> {
        let streams = [(&office.founder, TEAM), (&office.founder, OTHER_TEAM), (&office.inspector, TEAM)];
        let writer = |(device, space): (&Device, SpaceId)| Self {
            device: device.clone(),
            space,
            head: office.head(),
            waiting: VecDeque::new(),
            rng: Rng::new(random()),
        };
        streams.map(writer).into()
    }

    /// Puts what waits, then more and more, until the relay is gone or can write no more.
    pub async fn run(mut self, address: SocketAddr, acknowledged: Acknowledged) -> (Self, Ended) {
        let Some(mut client) = Client::try_connect(address).await else { return (self, Ended::Gone) };
        let mut sent = 0;
        loop {
            while sent < MOST_WAITING {
                let mut some: Vec<_> = self.waiting.iter().skip(sent).take(MOST_AT_ONCE).cloned().collect();
                if some.is_empty() {
                    some = self.make();
                }
                sent += some.len();
                if client.try_say(&put(&some.iter().collect::<Vec<_>>())).await.is_none() {
                    return (self, Ended::Gone);
                }
            }
            let Some(said) = client.try_hear().await else { return (self, Ended::Gone) };
            let Some(ids) = client.verified(&said) else {
                assert!(matches!(said, FromRelay::Trouble { .. }), "not refused: {said:?}");
                return (self, Ended::Refused);
            };
            sent -= ids.len();
            self.waiting.retain(|entry| !ids.contains(&entry.id()));
            acknowledged.lock().unwrap_or_else(PoisonError::into_inner).extend(ids);
        }
    }

    fn make(&mut self) -> Vec<Entry> {
        let [many, ..] = self.rng.bytes::<4>();
        let made: Vec<_> = (0..1 + usize::from(many) % MOST_AT_ONCE)
            .map(|_| {
                // Most are small, as notes are; some are as large as they get.
                let [shift, high, low] = self.rng.bytes();
                let size = (usize::from(high) << 8 | usize::from(low)) >> (shift % 12);
                self.device.write(self.space, self.head, size.min(LARGEST))
            })
            .collect();
        self.waiting.extend(made.iter().cloned());
        made
    }
}

/// What is held of the streams, as a reader is shown it.
pub async fn held(address: SocketAddr, office: &Office) -> BTreeSet<EntryId> {
    let mut held = BTreeSet::new();
    if Client::connect(address).await.handshake.office.is_none() {
        return held;
    }
    for space in [TEAM, OTHER_TEAM] {
        let mut reader = Client::session(address, &office.founder).await;
        let ids = reader.read(space).await;
        let count = ids.len();
        let before = held.len();
        held.extend(ids);
        assert_eq!(held.len(), before + count, "an entry is held twice");
    }
    held
}

pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    bytes
}
