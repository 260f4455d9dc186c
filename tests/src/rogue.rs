//! A member of the office whose device runs a program of its own: it signs whatever it likes.

use crate::World;
use crate::relay::SimRelay;
use mingcha_core::code::InvitationSecret;
use mingcha_core::command::VisitEdit;
use mingcha_core::crypto::{BoxSecret, Purpose, SealKey, SigningKey, unwrap};
use mingcha_core::document::{Document, Kind, RawChange, pack};
use mingcha_core::domain::{Mode, Review, Stamp, visit};
use mingcha_core::entry::{Draft, Entry, Payload, Sealing, stream_id};
use mingcha_core::ids::{DeviceKey, DocumentId, EntryId, ItemId, Nonce, SpaceId, StreamId};
use mingcha_core::roster::statement::{Device, Join, Statement};
use mingcha_core::roster::{Roster, wrap_info};
use mingcha_core::time::Timestamp;
use mingcha_core::wire::{Handshake, ToRelay};
use std::collections::BTreeMap;

/// See the module.
#[derive(Clone)]
pub struct Rogue {
    sign: SigningKey,
    /// The keys that the invitation gave it.
    pub keys: BTreeMap<SpaceId, SealKey>,
    nonce: Nonce,
    streams: BTreeMap<SpaceId, (u64, Option<EntryId>)>,
}

impl Rogue {
    /// Joins with an invitation.
    ///
    /// # Panics
    ///
    /// If the invitation is none.
    pub fn join(world: &mut World, code: &str) -> Self {
        let (rogue, join) = Self::invited(&world.relay, code);
        world.put_from_nowhere(&[ToRelay::Put { entries: vec![join.bytes().to_vec()] }]);
        assert!(roster(&world.relay).device(&rogue.device()).is_some(), "joined");
        rogue
    }

    /// Somebody who was invited, and the statement that takes them in.
    ///
    /// # Panics
    ///
    /// If the invitation is none.
    #[must_use]
    pub fn invited(relay: &SimRelay, code: &str) -> (Self, Entry) {
        let secret = InvitationSecret::parse(code).expect("a code");
        let (sign, boxed) = (SigningKey::from_seed([0xbb; 32]), BoxSecret::from_seed([0xbc; 32]));
        let mut rogue =
            Self { sign, keys: BTreeMap::new(), nonce: Nonce([0xbd; 16]), streams: BTreeMap::new() };
        let roster = roster(relay);
        let invitation = roster.invitation_at(&secret.locator()).expect("an invitation");
        for wrap in invitation.wraps() {
            let epoch = &roster.space(&wrap.space).expect("a space").epochs[wrap.epoch as usize];
            let key = unwrap(&secret.boxed(), &wrap_info(&epoch.commitment), &wrap.wrapped).expect("a key");
            rogue.keys.insert(wrap.space, key);
        }
        let device = Device { key: rogue.device(), boxed: boxed.public() };
        let proof = secret.signing().sign(Purpose::SignJoin, &[&device.key.0, &device.boxed.0]);
        let invitation = secret.signing().public();
        let join = Statement::Join(Join { invitation, device, proof, wraps: vec![] });
        let entry = rogue.state(relay, &join);
        (rogue, entry)
    }

    /// Its device.
    #[must_use]
    pub fn device(&self) -> DeviceKey {
        DeviceKey(self.sign.public())
    }

    /// Goes on in a stream of its own.
    pub fn begin_stream(&mut self, nonce: Nonce) {
        self.nonce = nonce;
        self.streams.clear();
    }

    /// Its answer to the relay's challenge.
    #[must_use]
    pub fn sign_session(&self, handshake: &Handshake) -> [u8; 64] {
        handshake.sign(Purpose::SignSession, &self.sign)
    }

    /// A statement of the roster, on top of its head.
    pub fn state(&mut self, relay: &SimRelay, statement: &Statement) -> Entry {
        let roster_space = roster(relay).roster_space();
        self.freeze(relay, roster_space, &statement.encode(), None)
    }

    /// An entry with this payload, sealed with the space's key.
    ///
    /// # Panics
    ///
    /// If it has no key of the space.
    pub fn entry(&mut self, relay: &SimRelay, space: SpaceId, payload: &Payload) -> Entry {
        let key = self.keys[&space].clone();
        self.sealed(relay, space, payload, &key)
    }

    /// An entry with this payload, sealed with this key.
    pub fn sealed(&mut self, relay: &SimRelay, space: SpaceId, payload: &Payload, key: &SealKey) -> Entry {
        let sealed = Sealing { epoch: 0, key, payload, salt: [0x5a; 32] };
        self.freeze(relay, space, &[], Some(sealed))
    }

    /// An entry that cites a statement that nobody knows; its stream does not go on from it.
    pub fn citing_nothing(&self, space: SpaceId) -> Entry {
        let payload = self.visit(DocumentId([0xee; 16]), space);
        let sealed = Sealing { epoch: 0, key: &self.keys[&space], payload: &payload, salt: [1; 32] };
        let nonce = Nonce([0xce; 16]);
        let draft = Draft {
            space,
            nonce,
            sequence: 0,
            previous: None,
            roster: EntryId([0xef; 32]),
            seen: None,
            clear: &[],
            sealed: Some(sealed),
        };
        Entry::freeze(&draft, &self.sign).expect("small")
    }

    fn freeze(
        &mut self,
        relay: &SimRelay,
        space: SpaceId,
        clear: &[u8],
        sealed: Option<Sealing<'_>>,
    ) -> Entry {
        let (sequence, previous) = self.streams.get(&space).copied().unwrap_or_default();
        let roster = roster(relay).head();
        let nonce = self.nonce;
        let draft = Draft { space, nonce, sequence, previous, roster, seen: None, clear, sealed };
        let entry = Entry::freeze(&draft, &self.sign).expect("small");
        self.streams.insert(space, (sequence + 1, Some(entry.id())));
        entry
    }

    /// The actor of its changes in a space.
    #[must_use]
    pub fn actor(&self, space: SpaceId) -> StreamId {
        stream_id(&self.device(), &space, &self.nonce)
    }

    /// A visit as its own device would begin it.
    #[must_use]
    pub fn visit(&self, visit: DocumentId, space: SpaceId) -> Payload {
        changes(visit, Kind::Visit, &begun(self.actor(space)))
    }

    /// Puts entries at the relay.
    pub fn put(&self, world: &mut World, entries: &[&Entry]) {
        let entries = entries.iter().map(|entry| entry.bytes().to_vec()).collect();
        world.put_from_nowhere(&[ToRelay::Put { entries }]);
    }
}

/// The first changes of a visit by this actor.
///
/// # Panics
///
/// Never: a visit can be begun.
#[must_use]
pub fn begun(actor: StreamId) -> Vec<RawChange> {
    begun_at(actor, "410999")
}

/// The first changes of a visit at this unit by this actor.
///
/// # Panics
///
/// Never: a visit can be begun.
#[must_use]
pub fn begun_at(actor: StreamId, unit: &str) -> Vec<RawChange> {
    let mut document = Document::new(Kind::Visit, actor);
    let stamp = Stamp { at: Timestamp(1_795_000_000_000), key: ItemId([0xab; 16]) };
    let start = visit::Start { unit: Some(unit), ..visit::Start::default() };
    visit::start(&mut document, stamp, start).expect("begun");
    document.take_changes()
}

/// The changes of a submitted visit with a finding, in which this actor says what only the office may: that the
/// finding is so.
///
/// # Panics
///
/// Never: a document takes what anybody states.
#[must_use]
pub fn reviewed_by_itself(actor: StreamId, finding: ItemId) -> Vec<RawChange> {
    let mut document = Document::new(Kind::Visit, actor);
    let at = Timestamp(1_795_000_000_000);
    let stamp = |key: u8| Stamp { at, key: ItemId([key; 16]) };
    let start =
        visit::Start { mode: Mode::Undercover, unit: Some("410999"), checklist: None, assignment: None };
    visit::start(&mut document, stamp(1), start).expect("begun");
    let add = VisitEdit::AddFinding { finding, question: None };
    visit::edit(&mut document, stamp(2), &add).expect("added");
    visit::submit(&mut document, stamp(3)).expect("submitted");
    let (heads, findings) = (document.heads(), [(ItemId([4; 16]), finding)]);
    visit::review(&mut document, at, &findings, &heads, &Review::Confirm, None).expect("stated");
    document.take_changes()
}

/// A payload with changes.
#[must_use]
pub fn changes(document: DocumentId, kind: Kind, list: &[RawChange]) -> Payload {
    Payload::Changes { document, kind: kind as u8, nonces: vec![], batch: pack(list) }
}

/// The roster as the relay holds it.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn roster(relay: &SimRelay) -> Roster {
    let items = relay.roster();
    let mut statements =
        items.iter().map(|item| (Entry::check(item.entry.clone()).expect("sound"), item.time));
    let (genesis, _) = statements.next().expect("a genesis");
    let mut roster = Roster::found(&genesis).expect("a genesis");
    statements.for_each(|(entry, time)| roster.apply(&entry, time).expect("follows"));
    roster
}
