//! Reading what the relay sends: verified, opened, applied and stored before the relay may send more.
//!
//! Work is done in slices, so that a person's commands come between.

use super::carrier::send;
use super::io::{Selection, Table};
use super::ledger::After;
use super::office::{Office, Opened, Row, blank, only_document};
use super::records::{Confirmed, Family, HeldEntry, SpaceRecord, StreamPlace, StreamRecord, entry_key};
use super::works::Works;
use crate::cbor;
use crate::defect::{Defect, is_on};
use crate::document::{Document, Kind, RawChange, unpack};
use crate::entry::{Entry, Header, Payload, stream_id};
use crate::ids::{Digest, DocumentId, EntryId, Nonce, SpaceId};
use crate::log::{Checkpoint, Origin, SignedCheckpoint, Tree, leaf_hash};
use crate::problem::Refusal;
use crate::roster::SpaceKind;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Timestamp;
use crate::wire::{Item, ToRelay};

/// How many entries are worked off between two looks at what people want.
const SLICE: usize = 24;
/// What a message takes besides its entries, as far as the bound on what waits is concerned.
const FRAME_WEIGHT: usize = 512;
/// The most that may wait: more than the relay was let send, whatever it consists of.
const MOST_WAITING: usize = 16 * 1024 * 1024;
/// How many checkpoints of receipts are remembered for a space until it has been read as far.
const MOST_PROMISES: usize = 64;
/// How much the relay may send ahead.
pub const CREDIT_BYTES: u32 = 2 * 1024 * 1024;

/// Something of a space that waits to be worked off, in order.
pub enum Frame {
    /// Entries from a sequence on, and what the message weighed.
    Items { from: u64, items: std::vec::IntoIter<Item>, bytes: u32, next: Option<Item> },
    /// The relay's checkpoint at the end.
    Head(Vec<u8>),
}

/// Whether a message was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was, or was not wanted.
    Yes,
    /// The relay sends more than it was let.
    TooMuch,
}

/// How a slice went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// There is more to do at once.
    More,
    /// What is left waits for something.
    Rests,
}

/// What to do with an entry.
enum Judged {
    Take(Payload),
    Ignore(Refusal),
    /// The roster must be read further first.
    RosterFirst,
    /// A document must be read from the store first.
    DocumentFirst(DocumentId),
}

impl Office {
    /// Subscribes to the roster, and to every space that may be read and is not yet.
    pub fn subscribe(&mut self, works: &mut Works) {
        let Some(handshake) = works.carrier.handshake().filter(|_| works.carrier.is_in_session()) else {
            return;
        };
        let incarnation = handshake.incarnation;
        let mut spaces = self.roster.readable(&self.device());
        spaces.push(self.roster.roster_space());
        spaces.retain(|space| self.opens(space));
        for space in spaces {
            if !self.subscribed.insert(space) {
                continue;
            }
            let record = self.spaces.entry(space).or_insert_with(|| SpaceRecord::new(incarnation));
            if record.incarnation != incarnation {
                *record = SpaceRecord::new(incarnation);
            }
            let from = record.tree.size();
            works.outputs.push(send(&ToRelay::Subscribe { space, incarnation, from }));
        }
    }

    /// Takes a message of entries or a checkpoint in.
    pub fn take_in(&mut self, space: SpaceId, frame: Frame) -> Taken {
        if !self.subscribed.contains(&space) {
            return Taken::Yes;
        }
        let weight = |frame: &Frame| match frame {
            Frame::Items { bytes, .. } => FRAME_WEIGHT + *bytes as usize,
            Frame::Head(note) => FRAME_WEIGHT + note.len(),
        };
        let waiting: usize = self.inbox.values().flatten().chain([&frame]).map(weight).sum();
        if waiting > MOST_WAITING {
            return Taken::TooMuch;
        }
        self.inbox.entry(space).or_default().push_back(frame);
        Taken::Yes
    }

    /// The connection is gone: what it brought and was not worked off will come again.
    pub fn hung_up(&mut self) {
        self.inbox.clear();
        if !is_on(Defect::ForgetToSubscribe) {
            self.subscribed.clear();
        }
        self.caught_up.clear();
        self.doubted.clear();
        self.unknown_heads.clear();
    }

    /// The relay vouched for a space's log of this size: it must read the same when it has been read so far.
    pub fn promised(&mut self, checkpoint: &Checkpoint) {
        let Origin { space, incarnation } = checkpoint.origin;
        let read = self.spaces.get(&space).filter(|record| record.incarnation == incarnation);
        let read = read.map_or(0, |record| record.tree.size());
        let promises = self.promises.entry(space).or_default();
        promises.retain(|size, promise| *size > read && promise.origin.incarnation == incarnation);
        if checkpoint.size > read && promises.len() < MOST_PROMISES {
            promises.insert(checkpoint.size, *checkpoint);
        }
    }

    /// Compares what was read of a space with what the relay vouched for.
    fn compare_with_promise(&mut self, space: SpaceId) {
        let Some(record) = self.spaces.get(&space) else { return };
        let promises = self.promises.get_mut(&space);
        let promise = promises.and_then(|promises| promises.remove(&record.tree.size()));
        let Some(promise) = promise.filter(|promise| promise.origin.incarnation == record.incarnation) else {
            return;
        };
        if promise.root != record.tree.root() {
            self.stopped.insert(space);
        }
    }

    /// How many entries wait to be worked off.
    pub fn waiting_entries(&self) -> u64 {
        let frames = self.inbox.values().flatten();
        frames.map(|frame| if let Frame::Items { items, .. } = frame { items.len() as u64 } else { 0 }).sum()
    }

    /// Works off a slice, the roster first.
    pub fn read(&mut self, works: &mut Works) -> Progress {
        let roster = self.roster.roster_space();
        let mut spaces: Vec<_> = self.inbox.keys().copied().filter(|space| *space != roster).collect();
        if self.inbox.contains_key(&roster) {
            spaces.insert(0, roster);
        }
        let mut left = SLICE;
        let mut changes: SortedMap<DocumentId, Incoming> = SortedMap::new();
        let mut touched = SortedSet::new();
        for space in spaces {
            while left > 0 && self.read_one(works, space, &mut changes, &mut touched) == Progress::More {
                left -= 1;
            }
        }
        for (document, incoming) in changes {
            self.apply(works, document, incoming);
        }
        for space in &touched {
            if let Some(record) = self.spaces.get(space) {
                self.put_state(works, Family::Space.key(&space.0), &cbor::encode(record));
            }
        }
        if !touched.is_empty() {
            works.stale();
        }
        self.inbox.retain(|_, frames| !frames.is_empty());
        if left == 0 { Progress::More } else { Progress::Rests }
    }

    /// Works off one entry or checkpoint of a space; rests when there is none, or it must wait.
    fn read_one(
        &mut self,
        works: &mut Works,
        space: SpaceId,
        changes: &mut SortedMap<DocumentId, Incoming>,
        touched: &mut SortedSet<SpaceId>,
    ) -> Progress {
        let Some(mut frame) = self.inbox.get_mut(&space).and_then(std::collections::VecDeque::pop_front)
        else {
            return Progress::Rests;
        };
        let progress = match &mut frame {
            Frame::Head(note) => {
                self.confirm(works, space, note);
                touched.insert(space);
                return Progress::More;
            }
            Frame::Items { from, items, bytes, next } => match next.take().or_else(|| items.next()) {
                None => {
                    works.ledger.after(After::Credit(*bytes));
                    return Progress::More;
                }
                Some(_) if items.len() == 0 && is_on(Defect::SkipLastOfFrame) => {
                    *from += 1;
                    Progress::More
                }
                Some(item) => match self.read_item(works, space, *from, &item, changes) {
                    Read::Done => {
                        *from += 1;
                        touched.insert(space);
                        Progress::More
                    }
                    Read::Later => {
                        *next = Some(item);
                        Progress::Rests
                    }
                    Read::Stop => {
                        self.stop(space);
                        touched.insert(space);
                        self.inbox.remove(&space);
                        works.stale();
                        return Progress::Rests;
                    }
                },
            },
        };
        self.inbox.entry(space).or_default().push_front(frame);
        progress
    }

    fn read_item(
        &mut self,
        works: &mut Works,
        space: SpaceId,
        sequence: u64,
        item: &Item,
        changes: &mut SortedMap<DocumentId, Incoming>,
    ) -> Read {
        let size = self.spaces.get(&space).map_or(0, |record| record.tree.size());
        if sequence != size {
            return if sequence < size { Read::Done } else { Read::Stop };
        }
        let Ok(entry) = Entry::check(item.entry.clone()) else { return Read::Stop };
        if entry.header().space != space {
            return Read::Stop;
        }
        if space == self.roster.roster_space() {
            self.read_statement(works, &entry, item.time);
        } else {
            match self.judge(&entry) {
                Judged::RosterFirst => {
                    self.doubt(works, entry.header().roster);
                    return Read::Later;
                }
                Judged::DocumentFirst(document) => {
                    self.fetch(works, document);
                    return Read::Later;
                }
                Judged::Ignore(why) => {
                    self.ignored.insert(why);
                }
                Judged::Take(payload) => self.sort(works, &entry, payload, changes),
            }
        }
        let header = entry.header();
        self.note_entry(works, header, &entry);
        if let Some(record) = self.spaces.get_mut(&space) {
            record.tree.push(leaf_hash(&entry.id(), item.time));
        }
        self.compare_with_promise(space);
        let held = HeldEntry { time: item.time, entry: item.entry.clone() };
        self.put(works, Table::Entries, entry_key(&space, sequence), &cbor::encode(&held));
        Read::Done
    }

    fn note_entry(&mut self, works: &mut Works, header: &Header, entry: &Entry) {
        let stream = entry.stream();
        let known = self.streams.get(&stream).and_then(|record| record.last);
        let follows = match known {
            None => header.sequence == 0,
            Some(last) => last.sequence + 1 == header.sequence && header.previous == Some(last.entry),
        };
        let is_old = known.is_some_and(|last| header.sequence <= last.sequence);
        let is_fork = known.is_some_and(|last| header.sequence == last.sequence && entry.id() != last.entry);
        if is_fork {
            self.ignored.insert(Refusal::Fork);
        } else if !follows && !is_old {
            self.ignored.insert(Refusal::Gap);
        }
        if !is_old {
            let last = Some(StreamPlace { sequence: header.sequence, entry: entry.id() });
            self.note_stream(works, stream, StreamRecord { device: header.device, last });
        }
    }

    fn read_statement(&mut self, works: &mut Works, entry: &Entry, time: Timestamp) {
        if self.roster.position(&entry.id()).is_some() {
            return;
        }
        match self.roster.apply(entry, time) {
            Ok(()) => {
                let position = self.roster.len() - 1;
                let held = HeldEntry { time, entry: entry.bytes().to_vec() };
                self.put_state(works, Family::Roster.key(&position.to_be_bytes()), &cbor::encode(&held));
                self.gather_keys();
                self.subscribe(works);
                self.stated(works, entry.id());
            }
            Err(why) => {
                self.ignored.insert(why);
            }
        }
    }

    fn judge(&self, entry: &Entry) -> Judged {
        let header = entry.header();
        match self.roster.may_write(header) {
            Err(Refusal::UnknownRosterHead) if !self.unknown_heads.contains(&header.roster) => {
                return Judged::RosterFirst;
            }
            Err(_) if cfg!(feature = "unauthorised") => {}
            Err(why) => return Judged::Ignore(why),
            Ok(()) => {}
        }
        let none = crate::crypto::SealKey([0; 32]);
        let key = match self.keys.get(&(header.space, header.epoch)) {
            Some(key) => key,
            None if cfg!(feature = "unsealed") => &none,
            None => return Judged::Ignore(Refusal::WrongSeal),
        };
        match entry.open(key) {
            Err(why) => Judged::Ignore(why),
            Ok(Payload::Changes { document, .. })
                if self.rows.contains_key(&document) && !self.documents.contains_key(&document) =>
            {
                Judged::DocumentFirst(document)
            }
            Ok(payload) => Judged::Take(payload),
        }
    }

    /// Puts an opened payload where it belongs.
    fn sort(
        &mut self,
        works: &mut Works,
        entry: &Entry,
        payload: Payload,
        changes: &mut SortedMap<DocumentId, Incoming>,
    ) {
        let header = entry.header();
        match payload {
            Payload::Nothing => {}
            Payload::DatasetPart { dataset, index, part } => {
                if header.space == self.roster.only_space(SpaceKind::Office) {
                    self.take_part(works, dataset, index, part);
                }
            }
            Payload::Changes { document, kind, mut nonces, batch } => {
                nonces.push(header.nonce);
                match self.check_changes(header, document, kind, &nonces, &batch) {
                    Err(why) => {
                        self.ignored.insert(why);
                    }
                    Ok((kind, list)) => {
                        let space = header.space;
                        let incoming = changes.entry(document);
                        let incoming = incoming.or_insert_with(|| Incoming { space, kind, list: Vec::new() });
                        if (incoming.space, incoming.kind) == (space, kind) {
                            incoming.list.extend(list);
                            self.bind(works, header, &nonces);
                        } else {
                            self.ignored.insert(Refusal::NotAllowed);
                        }
                    }
                }
            }
        }
    }

    fn check_changes(
        &self,
        header: &Header,
        document: DocumentId,
        kind: u8,
        nonces: &[Nonce],
        batch: &[u8],
    ) -> Result<(Kind, Vec<RawChange>), Refusal> {
        let kind = Kind::from_number(kind).ok_or(Refusal::MalformedPayload)?;
        let elsewhere = |row: &Row| row.space != header.space || row.kind != kind;
        if self.rows.get(&document).is_some_and(elsewhere) || !self.belongs(document, kind, &header.space) {
            return Err(Refusal::NotAllowed);
        }
        let list = unpack(batch).map_err(|_| Refusal::MalformedPayload)?;
        let is_own = |change: &RawChange| {
            let bound = |actor| Self::is_bound(&header.device, &header.space, nonces, actor);
            change.is_skeleton() || change.actor().is_some_and(bound)
        };
        if list.iter().all(is_own) || is_on(Defect::AcceptForeignActor) {
            Ok((kind, list))
        } else {
            Err(Refusal::ForeignActor)
        }
    }

    /// Whether a document of a kind may stand in a space: nobody puts one where another is looked for.
    fn belongs(&self, document: DocumentId, kind: Kind, space: &SpaceId) -> bool {
        let space_kind = self.roster.space(space).map(|space| space.kind);
        match (kind, space_kind) {
            (Kind::Visit | Kind::Assignment, Some(SpaceKind::Team))
            | (Kind::Matter, Some(SpaceKind::Desk)) => true,
            (Kind::Office, Some(SpaceKind::Office))
            | (Kind::Directory, Some(SpaceKind::Team | SpaceKind::Desk)) => {
                document == only_document(space, kind)
            }
            _ => false,
        }
    }

    /// An entry cites a statement that is not known. It was stated before, if at all: what the relay says of the
    /// roster from now on decides.
    fn doubt(&mut self, works: &mut Works, head: EntryId) {
        let roster = self.roster.roster_space();
        if self.doubted.contains_key(&head) {
            return;
        }
        let heads = self.inbox.get(&roster).into_iter().flatten();
        self.doubted.insert(head, heads.filter(|frame| matches!(frame, Frame::Head(_))).count());
        if let Some(SpaceRecord { incarnation, tree, .. }) = self.spaces.get(&roster) {
            let (incarnation, from) = (*incarnation, tree.size());
            works.outputs.push(send(&ToRelay::Subscribe { space: roster, incarnation, from }));
        }
    }

    /// The roster was read to an end that the relay vouches for.
    fn roster_confirmed(&mut self) {
        let unknown = &mut self.unknown_heads;
        self.doubted.retain(|head, earlier| {
            if *earlier == 0 {
                unknown.insert(*head);
            }
            *earlier = earlier.saturating_sub(1);
            !unknown.contains(head)
        });
    }

    /// Remembers which device the actors of an entry's changes are bound to.
    fn bind(&mut self, works: &mut Works, header: &Header, nonces: &[Nonce]) {
        for nonce in nonces {
            let stream = stream_id(&header.device, &header.space, nonce);
            if !self.streams.contains_key(&stream) {
                self.note_stream(works, stream, StreamRecord { device: header.device, last: None });
            }
        }
    }

    fn apply(&mut self, works: &mut Works, id: DocumentId, incoming: Incoming) {
        let Incoming { space, kind, list } = incoming;
        if !self.documents.contains_key(&id) {
            let actor = self.actor(works, space);
            self.documents.insert(id, blank(kind, actor, space));
        }
        let result = self.documents.get_mut(&id).map(|opened| opened.document.apply(list));
        if let Some(Err(_)) = result {
            self.ignored.insert(Refusal::MalformedPayload);
        }
        self.touch(id);
        self.keep(works, id);
        if kind == Kind::Office {
            self.refresh_register(works);
        }
    }

    /// Asks the store for a document, once.
    pub fn fetch(&mut self, works: &mut Works, document: DocumentId) {
        if !self.loading.values().any(|loading| *loading == document) {
            let ticket = works.load(vec![Selection::Key(Table::Documents, document.0.to_vec())]);
            self.loading.insert(ticket, document);
        }
    }

    /// A document was read from the store; none when it is missing there.
    pub fn opened(&mut self, works: &mut Works, id: DocumentId, sealed: Option<&[u8]>) {
        let Some(Row { space, kind }) = self.rows.get(&id).copied() else { return };
        if self.documents.contains_key(&id) {
            return;
        }
        let actor = self.actor(works, space);
        let plain = sealed.and_then(|sealed| self.vault.open(Table::Documents, &id.0, sealed).ok());
        match plain.and_then(|plain| Document::load(kind, &plain, actor).ok()) {
            Some(document) => {
                self.documents.insert(id, Opened { space, document });
                self.touch(id);
            }
            None => {
                self.ignored.insert(Refusal::Malformed);
                self.rows.remove(&id);
            }
        }
        works.stale();
    }

    /// Compares the relay's checkpoint with what was read.
    fn confirm(&mut self, works: &mut Works, space: SpaceId, note: &[u8]) {
        let Some(record) = self.spaces.get_mut(&space) else { return };
        if note.is_empty() && record.tree.size() == 0 {
            self.caught_up.insert(space);
            return self.after_catching_up(works);
        }
        let origin = Origin { space, incarnation: record.incarnation };
        match SignedCheckpoint::verify(note, &self.me.relay) {
            Ok(checkpoint) if checkpoint.origin == origin && checkpoint.size == record.tree.size() => {
                if checkpoint.root == record.tree.root() || is_on(Defect::TrustHeads) {
                    let (size, root) = (checkpoint.size, Digest(checkpoint.root));
                    record.checkpoint = Some(Confirmed { size, root, note: note.to_vec() });
                    record.sound = Some(record.tree.clone());
                    self.caught_up.insert(space);
                    if space == self.roster.roster_space() {
                        self.roster_confirmed();
                    }
                    self.after_catching_up(works);
                } else {
                    self.stop(space);
                }
            }
            Ok(checkpoint) if checkpoint.origin == origin && checkpoint.size > record.tree.size() => {
                // The relay says itself that there is more than it sent.
                self.caught_up.remove(&space);
                works.stale();
            }
            Ok(_) | Err(_) => self.stop(space),
        }
    }

    /// What was read of a space is not what the relay's log says. Everything since the last checkpoint that was
    /// confirmed is read again from the next connection on, which may be to an honest relay.
    fn stop(&mut self, space: SpaceId) {
        self.stopped.insert(space);
        if let Some(record) = self.spaces.get_mut(&space) {
            record.tree = record.sound.clone().unwrap_or_default();
        }
    }

    fn after_catching_up(&mut self, works: &mut Works) {
        works.stale();
        self.reconcile(works);
        self.work_on_roster(works);
    }
}

/// Changes that arrived for one document.
struct Incoming {
    space: SpaceId,
    kind: Kind,
    list: Vec<RawChange>,
}

enum Read {
    Done,
    Later,
    Stop,
}

impl SpaceRecord {
    /// A space of which nothing was read yet.
    pub fn new(incarnation: crate::ids::Incarnation) -> Self {
        Self { incarnation, tree: Tree::default(), checkpoint: None, sound: None }
    }
}
