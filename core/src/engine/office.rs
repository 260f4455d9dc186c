//! An office on this device, its vault open: everything that is known here.

use super::io::{Table, Ticket};
use super::records::{
    Family, Identity, InvitationRecord, Joining, PendingRecord, RowRecord, SpaceRecord, StreamRecord,
};
use super::vault::Vault;
use super::works::Works;
use crate::command::{Command, RequestId};
use crate::crypto::{BoxSecret, Purpose, SealKey, SigningKey, derive, short_hash};
use crate::defect::{Defect, is_on};
use crate::document::{Document, Kind};
use crate::domain::{Author, Checklist, Context, People, Role, Summary, Units};
use crate::entry::stream_id;
use crate::ids::{DatasetId, DeviceKey, DocumentId, EntryId, MemberId, Nonce, SpaceId, StreamId};
use crate::log::Checkpoint;
use crate::problem::Refusal;
use crate::roster::{Roster, SpaceKind};
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Timestamp;
use crate::units::{Register, UnitSummary};
use crate::view::Tick;
use crate::{cbor, document};
use std::collections::VecDeque;

/// How many documents are kept open beside those that are always open.
const OPEN_DOCUMENTS: usize = 64;

/// See the module.
pub struct Office {
    pub vault: Vault,
    pub me: Identity,
    pub sign: SigningKey,
    pub boxed: BoxSecret,
    pub roster: Roster,
    pub keys: SortedMap<(SpaceId, u32), SealKey>,
    pub spaces: SortedMap<SpaceId, SpaceRecord>,
    pub streams: SortedMap<StreamId, StreamRecord>,
    pub last: SortedMap<SpaceId, EntryId>,
    pub writers: SortedMap<SpaceId, Writer>,
    pub documents: SortedMap<DocumentId, Opened>,
    pub rows: SortedMap<DocumentId, Row>,
    pub summaries: SortedMap<DocumentId, Summary>,
    /// Documents whose rows another version of the program made.
    pub stale_rows: Vec<DocumentId>,
    pub pending: SortedMap<u64, PendingRecord>,
    pub next_pending: u64,
    pub freeze_at: Option<Timestamp>,
    pub unsent: SortedMap<u64, (DocumentId, u64)>,
    pub register: Register,
    pub datasets: SortedMap<DatasetId, SortedMap<u32, Vec<u8>>>,
    pub registered: SortedSet<DatasetId>,
    pub imports: SortedMap<DatasetId, super::importing::Running>,
    pub batches: super::reviewing::Batches,
    pub invitations: SortedMap<[u8; 32], InvitationRecord>,
    pub joining: Option<Joining>,
    pub names: Names,
    pub inbox: SortedMap<SpaceId, VecDeque<super::reading::Frame>>,
    pub subscribed: SortedSet<SpaceId>,
    pub caught_up: SortedSet<SpaceId>,
    pub stopped: SortedSet<SpaceId>,
    /// What the relay vouched for in receipts, by space and size, until it has been read so far.
    pub promises: SortedMap<SpaceId, SortedMap<u64, Checkpoint>>,
    /// Roster heads that entries cite and nobody knows, with how many of the roster's checkpoints came before the
    /// doubt; and those that turned out to be unknown.
    pub doubted: SortedMap<EntryId, usize>,
    pub unknown_heads: SortedSet<EntryId>,
    pub ignored: SortedSet<Refusal>,
    pub kept: SortedMap<String, Vec<u8>>,
    pub waiting: Vec<(RequestId, Command)>,
    pub loading: SortedMap<Ticket, DocumentId>,
    pub used: VecDeque<DocumentId>,
    pub intents: super::roster_work::Intents,
    pub header: Option<super::vault::VaultHeader>,
    pub is_admitted: bool,
}

/// This opening's stream in a space.
#[derive(Clone, Copy, Debug)]
pub struct Writer {
    pub nonce: Nonce,
    pub sequence: u64,
    pub previous: Option<EntryId>,
}

/// A document in memory.
pub struct Opened {
    pub space: SpaceId,
    pub document: Document,
}

/// Where a document lives.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub space: SpaceId,
    pub kind: Kind,
}

/// What the office's and the directories' documents say, gathered for quick use.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub office: String,
    pub members: SortedMap<MemberId, String>,
    pub teams: SortedMap<SpaceId, String>,
    pub checklists: Vec<Checklist>,
}

impl Office {
    /// An office with nothing in it but who this device is and the roster.
    pub fn new(vault: Vault, me: Identity, roster: Roster) -> Self {
        let sign = SigningKey::from_seed(me.sign_seed);
        let boxed = BoxSecret::from_seed(me.box_seed);
        let mut office = Self {
            vault,
            me,
            sign,
            boxed,
            roster,
            keys: SortedMap::new(),
            spaces: SortedMap::new(),
            streams: SortedMap::new(),
            last: SortedMap::new(),
            writers: SortedMap::new(),
            documents: SortedMap::new(),
            rows: SortedMap::new(),
            summaries: SortedMap::new(),
            stale_rows: Vec::new(),
            pending: SortedMap::new(),
            next_pending: 0,
            freeze_at: None,
            unsent: SortedMap::new(),
            register: Register::default(),
            datasets: SortedMap::new(),
            registered: SortedSet::new(),
            imports: SortedMap::new(),
            batches: VecDeque::new(),
            invitations: SortedMap::new(),
            joining: None,
            names: Names::default(),
            inbox: SortedMap::new(),
            subscribed: SortedSet::new(),
            caught_up: SortedSet::new(),
            stopped: SortedSet::new(),
            promises: SortedMap::new(),
            doubted: SortedMap::new(),
            unknown_heads: SortedSet::new(),
            ignored: SortedSet::new(),
            kept: SortedMap::new(),
            waiting: Vec::new(),
            loading: SortedMap::new(),
            used: VecDeque::new(),
            intents: super::roster_work::Intents::default(),
            header: None,
            is_admitted: false,
        };
        office.gather_keys();
        office
    }

    /// This device.
    pub fn device(&self) -> DeviceKey {
        DeviceKey(self.sign.public())
    }

    /// This person's roles.
    pub fn roles(&self) -> Vec<Role> {
        self.roster
            .member(&self.me.member)
            .map(|member| member.roles.iter().copied().collect())
            .unwrap_or_default()
    }

    /// Whether this person has a role.
    pub fn is(&self, role: Role) -> bool {
        self.roster.member(&self.me.member).is_some_and(|member| member.roles.contains(&role))
    }

    /// Unwraps every epoch key that is wrapped to this device, or to a desk whose key it has.
    pub fn gather_keys(&mut self) {
        let desk = self.roster.only_space(SpaceKind::Desk);
        let mut secrets = vec![self.boxed.clone()];
        let spaces: Vec<_> =
            self.roster.spaces().map(|(id, space)| (*id, space.epochs.len() as u32)).collect();
        for own in [true, false] {
            for (space, epochs) in &spaces {
                for epoch in (0..*epochs).filter(|_| own == (*space == desk)) {
                    if self.keys.contains_key(&(*space, epoch)) {
                        continue;
                    }
                    let key = secrets.iter().find_map(|secret| self.roster.unwrap(space, epoch, secret));
                    if let Some(key) = key {
                        self.keys.insert((*space, epoch), key);
                    }
                }
            }
            if own {
                let desks = self.keys.iter().filter(|((space, _), _)| *space == desk);
                secrets.extend(desks.map(|(_, key)| epoch_secret(key)));
            }
        }
    }

    /// The newest key of a space, with its epoch.
    pub fn newest_key(&self, space: &SpaceId) -> Option<(u32, &SealKey)> {
        let newest = self.roster.space(space)?.epochs.len().checked_sub(1)? as u32;
        self.keys.get(&(*space, newest)).map(|key| (newest, key))
    }

    /// Whether what stands in a space can be opened here: it is read from when the keys arrive, from the beginning.
    pub fn opens(&self, space: &SpaceId) -> bool {
        let is_open = cfg!(feature = "unsealed") || cfg!(feature = "unauthorised");
        is_open || *space == self.roster.roster_space() || self.newest_key(space).is_some()
    }

    /// The teams that this device may read and can.
    pub fn open_teams(&self) -> impl Iterator<Item = (&SpaceId, &crate::roster::Space)> {
        let device = self.device();
        let teams = self.roster.spaces().filter(|(_, space)| space.kind == SpaceKind::Team);
        teams.filter(move |(id, _)| self.roster.may_read(&device, id) && self.opens(id))
    }

    /// This opening's stream in a space.
    pub fn writer(&mut self, works: &mut Works, space: SpaceId) -> Writer {
        if let Some(writer) = self.writers.get(&space) {
            return *writer;
        }
        let nonce = if is_on(Defect::ReuseStream) { Nonce([1; 16]) } else { Nonce(works.rng.bytes()) };
        let writer = Writer { nonce, sequence: 0, previous: self.last.get(&space).copied() };
        let device = self.device();
        self.writers.insert(space, writer);
        let stream = stream_id(&device, &space, &nonce);
        self.note_stream(works, stream, StreamRecord { device, last: None });
        writer
    }

    /// The actor under which this opening changes documents of a space.
    pub fn actor(&mut self, works: &mut Works, space: SpaceId) -> StreamId {
        let writer = self.writer(works, space);
        stream_id(&self.device(), &space, &writer.nonce)
    }

    /// Remembers a stream.
    pub fn note_stream(&mut self, works: &mut Works, stream: StreamId, record: StreamRecord) {
        if self.streams.get(&stream) != Some(&record) {
            self.streams.insert(stream, record);
            self.put_state(works, Family::Stream.key(&stream.0), &cbor::encode(&record));
        }
    }

    /// Seals and puts a record.
    pub fn put(&self, works: &mut Works, table: Table, key: Vec<u8>, plain: &[u8]) {
        let sealed = self.vault.seal(table, &key, plain, &mut works.rng);
        works.ledger.put(table, key, sealed);
    }

    /// Seals and puts a record of the table State.
    pub fn put_state(&self, works: &mut Works, key: Vec<u8>, plain: &[u8]) {
        self.put(works, Table::State, key, plain);
    }

    /// Writes a document, its row and summary, and gathers what others use of it.
    pub fn keep(&mut self, works: &mut Works, id: DocumentId) {
        let Some(Opened { document, .. }) = self.documents.get(&id) else { return };
        let snapshot = document.snapshot();
        self.put(works, Table::Documents, id.0.to_vec(), &snapshot);
        self.keep_row(works, id);
    }

    /// Writes a document's row and summary, and gathers what others use of it.
    pub fn keep_row(&mut self, works: &mut Works, id: DocumentId) {
        let Some(opened) = self.documents.remove(&id) else { return };
        let Opened { space, document } = opened;
        let kind = document.kind();
        let unsent = self.unsent_documents();
        let mut summary = crate::domain::summary::of(&document, space, &self.folk(&unsent));
        if is_on(Defect::KeepStaleRow) {
            summary = self.summaries.get(&id).cloned().or(summary);
        }
        self.documents.insert(id, Opened { space, document });
        let summary_bytes = summary.as_ref().map(Summary::encode);
        let row = RowRecord { space, kind: kind as u8, summary: summary_bytes };
        self.put(works, Table::Rows, id.0.to_vec(), &cbor::encode(&row));
        self.rows.insert(id, Row { space, kind });
        if let Some(summary) = summary {
            self.summaries.insert(id, summary);
        }
        if matches!(kind, Kind::Office | Kind::Directory) {
            self.gather_names();
        }
        works.stale();
    }

    /// Reads names and checklists out of the documents that hold them.
    pub fn gather_names(&mut self) {
        let unsent = SortedSet::new();
        let mut names = Names::default();
        let folk = self.folk(&unsent);
        for opened in self.documents.values() {
            match opened.document.kind() {
                Kind::Office => {
                    names.office = crate::domain::office::name(&opened.document, &folk).unwrap_or_default();
                    names.checklists = crate::domain::office::checklists(&opened.document, &folk);
                }
                Kind::Directory => {
                    names.members.extend(crate::domain::directory::names(&opened.document, &folk));
                    names.teams.extend(crate::domain::directory::team_names(&opened.document, &folk));
                }
                Kind::Visit | Kind::Matter | Kind::Assignment => {}
            }
        }
        self.names = names;
    }

    /// The documents of which something is on this device only.
    pub fn unsent_documents(&self) -> SortedSet<DocumentId> {
        let pending = self.pending.values().map(|pending| pending.document);
        pending.chain(self.unsent.values().map(|(document, _)| *document)).collect()
    }

    /// What the domain asks of people.
    pub fn folk<'a>(&'a self, unsent: &'a SortedSet<DocumentId>) -> Folk<'a> {
        Folk { office: self, unsent, saving: None }
    }

    /// What the domain's views are made from.
    pub fn context<'a>(&'a self, folk: &'a Folk<'a>) -> Context<'a> {
        Context { people: folk, units: self, checklists: &self.names.checklists, summaries: &self.summaries }
    }

    /// Marks a document as used, and closes those not used for long.
    pub fn touch(&mut self, id: DocumentId) {
        self.used.retain(|used| *used != id);
        self.used.push_back(id);
        while self.used.len() > OPEN_DOCUMENTS {
            let Some(oldest) = self.used.pop_front() else { break };
            let always = self
                .documents
                .get(&oldest)
                .is_some_and(|opened| matches!(opened.document.kind(), Kind::Office | Kind::Directory));
            if !always {
                self.documents.remove(&oldest);
            }
        }
    }

    /// The documents that are always open: the office's, and each readable space's directory.
    pub fn always_open(&self) -> Vec<DocumentId> {
        let office = self.roster.only_space(SpaceKind::Office);
        let kept = self.rows.iter().filter(|(_, row)| matches!(row.kind, Kind::Office | Kind::Directory));
        let mut ids: Vec<_> = kept.map(|(id, _)| *id).collect();
        ids.push(only_document(&office, Kind::Office));
        ids.dedup();
        ids
    }
}

impl Units for Office {
    fn summary(&self, code: &str) -> Option<UnitSummary> {
        self.register.get(code)
    }

    fn is_below(&self, code: &str, ancestor: &str) -> bool {
        self.register.is_below(code, ancestor)
    }

    fn parent(&self, code: &str) -> Option<String> {
        self.register.parent(code)
    }
}

/// Who people are, for the domain.
pub struct Folk<'a> {
    office: &'a Office,
    unsent: &'a SortedSet<DocumentId>,
    saving: Option<&'a SortedSet<DocumentId>>,
}

impl<'a> Folk<'a> {
    /// Tells ticks by the documents that are not durable yet as well.
    pub fn with_saving(self, saving: &'a SortedSet<DocumentId>) -> Self {
        Self { saving: Some(saving), ..self }
    }
}

impl People for Folk<'_> {
    fn author(&self, actor: StreamId) -> Option<Author> {
        let device = self.office.roster.device(&self.office.streams.get(&actor)?.device)?;
        let roles = self.office.roster.member(&device.member)?.roles.iter().copied().collect();
        Some(Author { member: device.member, roles })
    }

    fn name(&self, member: MemberId) -> Option<String> {
        self.office.names.members.get(&member).cloned()
    }

    fn team_name(&self, team: SpaceId) -> Option<String> {
        self.office.names.teams.get(&team).cloned()
    }

    fn tick(&self, document: DocumentId, seen: bool) -> Tick {
        let is_saving = self.saving.is_some_and(|saving| saving.contains(&document));
        match (self.unsent.contains(&document), seen) {
            (true, _) if is_saving => Tick::Saving,
            (true, _) => Tick::Saved,
            (false, false) => Tick::Held,
            (false, true) => Tick::Read,
        }
    }
}

/// The id of a document of which a space has exactly one.
pub fn only_document(space: &SpaceId, kind: Kind) -> DocumentId {
    DocumentId(short_hash(Purpose::Document, &[&space.0, &[kind as u8]]))
}

/// The key pair that follows from an epoch key of the desk or of cases.
pub fn epoch_secret(key: &SealKey) -> BoxSecret {
    BoxSecret::from_seed(derive(b"mingcha/1/epoch-box", &key.0, b"box"))
}

/// A document with nothing in it yet.
pub fn blank(kind: Kind, actor: StreamId, space: SpaceId) -> Opened {
    Opened { space, document: document::Document::new(kind, actor) }
}
