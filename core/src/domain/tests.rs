//! Scenes of several people and their copies of a document.

mod assignment;
mod checklist;
mod lists;
mod matter;
mod office;
mod review;
mod visit;

use crate::command::{FindingEdit, TextEdit, VisitEdit};
use crate::document::{Document, Kind, RawChange};
use crate::domain::visit::Start;
use crate::domain::{Author, Checklist, Context, Mode, People, Role, Stamp, Summary, Units, summary};
use crate::ids::{DocumentId, ItemId, MemberId, SpaceId, StreamId};
use crate::sorted::SortedMap;
use crate::time::Timestamp;
use crate::units::{UnitOrigin, UnitSummary};
use crate::view::{Heads, Tick, VisitView};

pub const TEAM: SpaceId = SpaceId([0x7e; 16]);
pub const VISIT: DocumentId = DocumentId([0x71; 16]);
/// Inspectors.
pub const ANA: u8 = 0xa;
pub const BEN: u8 = 0xb;
/// Supervisor and coordinator.
pub const SUE: u8 = 0x5;
/// Another supervisor.
pub const TOM: u8 = 0x7;
pub const SAM: u8 = 0x15;
/// Known to nobody.
pub const EVE: u8 = 0xe;

pub fn stream(person: u8) -> StreamId {
    StreamId([person; 16])
}

pub fn member(person: u8) -> MemberId {
    MemberId([person; 16])
}

pub fn item(number: u8) -> ItemId {
    ItemId([number; 16])
}

pub struct Everybody;

impl People for Everybody {
    fn author(&self, actor: StreamId) -> Option<Author> {
        let roles = match actor.0[0] {
            ANA | BEN => vec![Role::Inspector],
            SUE | SAM => vec![Role::Supervisor, Role::Coordinator],
            TOM => vec![Role::Supervisor],
            _ => return None,
        };
        Some(Author { member: MemberId(actor.0), roles })
    }

    fn name(&self, member: MemberId) -> Option<String> {
        let name = match member.0[0] {
            ANA => "安娜",
            BEN => "Ben",
            SUE => "Sue",
            _ => return None,
        };
        Some(name.to_owned())
    }

    fn team_name(&self, team: SpaceId) -> Option<String> {
        (team == TEAM).then(|| "第一组".to_owned())
    }

    fn tick(&self, _: DocumentId, seen: bool) -> Tick {
        if seen { Tick::Read } else { Tick::Held }
    }
}

impl Units for Everybody {
    fn summary(&self, code: &str) -> Option<UnitSummary> {
        (code.len() == 4).then(|| UnitSummary {
            code: code.to_owned(),
            name: format!("单位{code}"),
            path: vec!["某市".to_owned()],
            origin: UnitOrigin::Imported,
            ..UnitSummary::default()
        })
    }

    fn is_below(&self, code: &str, ancestor: &str) -> bool {
        code != ancestor && code.starts_with(ancestor)
    }

    fn parent(&self, code: &str) -> Option<String> {
        (code.len() == 4).then(|| code[..2].to_owned())
    }
}

/// What views are made from.
#[derive(Default)]
pub struct Desk {
    pub summaries: SortedMap<DocumentId, Summary>,
    pub checklists: Vec<Checklist>,
}

impl Desk {
    pub fn context(&self) -> Context<'_> {
        let Self { summaries, checklists } = self;
        Context { people: &Everybody, units: &Everybody, checklists, summaries }
    }

    pub fn put(&mut self, id: DocumentId, document: &Document) {
        if let Some(row) = summary::of(document, TEAM, &Everybody) {
            self.summaries.insert(id, row);
        }
    }
}

/// A person's copy of a document.
pub struct Copy {
    pub document: Document,
    person: u8,
    calls: u8,
}

impl Copy {
    pub fn new(kind: Kind, person: u8) -> Self {
        Self { document: Document::new(kind, stream(person)), person, calls: 0 }
    }

    /// What somebody else has who has read all of this.
    pub fn fork(&self, person: u8) -> Self {
        let kind = self.document.kind();
        let document = Document::load(kind, &self.document.snapshot(), stream(person)).unwrap();
        Self { document, person, calls: 100 }
    }

    /// A stamp whose time and key are new.
    pub fn stamp(&mut self) -> Stamp {
        self.calls += 1;
        let mut key = [self.person; 16];
        key[0] = self.calls;
        Stamp { at: Timestamp(u64::from(self.calls) * 1000), key: ItemId(key) }
    }

    pub fn visit(person: u8) -> Self {
        Self::new(Kind::Visit, person)
    }

    pub fn start(&mut self) {
        self.start_with(Start::default());
    }

    pub fn start_with(&mut self, start: Start<'_>) {
        let stamp = self.stamp();
        crate::domain::visit::start(&mut self.document, stamp, start).unwrap();
    }

    pub fn edit(&mut self, edit: VisitEdit) {
        let stamp = self.stamp();
        crate::domain::visit::edit(&mut self.document, stamp, &edit).unwrap();
    }

    pub fn notes(&mut self, text: &str) {
        let base = self.heads();
        self.edit(VisitEdit::Notes(TextEdit { base, text: text.to_owned() }));
    }

    pub fn finding(&mut self, finding: ItemId, field: FindingEdit) {
        self.edit(VisitEdit::Finding { finding, field });
    }

    pub fn submit(&mut self) {
        let stamp = self.stamp();
        crate::domain::visit::submit(&mut self.document, stamp).unwrap();
    }

    pub fn void(&mut self) {
        let stamp = self.stamp();
        crate::domain::visit::void(&mut self.document, stamp, "wrong unit").unwrap();
    }

    pub fn saw(&mut self) {
        let (stamp, heads) = (self.stamp(), self.heads());
        crate::domain::visit::saw(&mut self.document, stamp, &heads, &Everybody).unwrap();
    }

    pub fn heads(&self) -> Heads {
        self.document.heads()
    }

    pub fn view(&self) -> VisitView {
        crate::domain::visit::view(&self.document, VISIT, TEAM, &Desk::default().context())
    }
}

/// Sends what each has made to all.
pub fn exchange<const N: usize>(copies: [&mut Copy; N]) {
    let mut copies = copies;
    let made: Vec<RawChange> = copies.iter_mut().flat_map(|copy| copy.document.take_changes()).collect();
    for copy in copies {
        let applied = copy.document.apply(made.clone()).unwrap();
        assert_eq!((applied.waiting, applied.refused), (0, 0));
    }
}
