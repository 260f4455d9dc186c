//! What the engine shows. A page holds no rules: it draws these.

mod analysis;
mod people;
mod planning;
mod review;
mod settling;

use crate::domain::{Checklist, Mode, ReviewState, Severity, VisitState};
use crate::ids::{DatasetId, DocumentId, ItemId, MemberId, SpaceId};
use crate::problem::Problem;
use crate::time::Timestamp;
use crate::units::{Place, UnitSummary};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

pub use analysis::{
    AgreementView, Compared, FiguresView, Happened, IsoWeek, Kappa, Likeness, Measure, Median, Proposal,
    Proposed, QuestionAgreement, UnitEvent, UnitTimeline,
};
pub use people::{DeviceStanding, DeviceView, PersonView, Whose};
pub use planning::{
    AreaView, AssignmentFilter, AssignmentRow, AssignmentStage, AssignmentVersion, AssignmentView,
    CoverageRow, CoverageView, Covered, ReexaminedView, Totals, UnitCoverage, VisitAssignment,
};
pub use review::{
    DecisionView, Direction, ExaminedFinding, ExaminedView, FindingPlace, MatterFilter, Merged, Order,
    ReviewView, SortKey,
};
pub use settling::{CitedValue, MatterFieldView, SettledView};

/// Names a running [`Query`]; chosen by the page.
pub type WatchId = u32;

/// A version of a document: the sorted hashes of its latest changes. Empty is the document before any change.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[cbor(transparent)]
pub struct Heads(#[cbor(n(0), with = "crate::cbor::hashes")] pub Vec<[u8; 32]>);

/// What a page wants to see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Query {
    /// Who may use this device now, and what is unsent. Also answered while locked.
    Access,
    /// What lies on this device only, and why.
    Unsent,
    /// Checklists of the office.
    Checklists,
    /// Imported unit tables.
    Imports,
    /// Teams with their members.
    Teams,
    /// Invitations made on this device that are still open.
    Invitations,
    /// Units whose name contains `text`, or whose pinyin initials or code begin with it: those first that open
    /// assignments of this device wait for, then the nearest, then used ones. Of words that were typed how well they
    /// fit comes before how near.
    Units {
        /// What was typed.
        text: String,
        /// At most how many.
        limit: u32,
        /// Where the person is.
        near: Option<Place>,
    },
    /// Visits, in the filter's order.
    Visits(VisitFilter, Window),
    /// One visit, as it is now.
    Visit(DocumentId),
    /// One visit, as it was.
    VisitAt(DocumentId, Heads),
    /// Findings of submitted visits, in the order of the filter of visits.
    Findings(FindingFilter, Window),
    /// All submitted visits at a unit, to be read side by side, oldest first.
    SideBySide {
        /// The unit's code.
        unit: String,
    },
    /// Matters, in the filter's order.
    Matters(MatterFilter, Window),
    /// One matter with what it cites.
    Matter(DocumentId),
    /// What this device keeps for the page under names that begin so.
    Kept {
        /// How the names begin.
        prefix: String,
    },
    /// The people of the office with their devices, for who may let devices in.
    People,
    /// Assignments: the open ones first, and of these those that end soonest.
    Assignments(AssignmentFilter, Window),
    /// One assignment, with how far it has come.
    Assignment(DocumentId),
    /// How far all assignments of a time have come, by area and team, and on a map.
    Coverage {
        /// Those that end after this.
        from: Timestamp,
        /// Those that begin before this.
        until: Timestamp,
    },
    /// The units that have units below them, by code.
    Areas,
    /// The units below an area, by code.
    UnitsIn {
        /// The area's code.
        area: String,
        /// At most how many.
        limit: u32,
    },
    /// Where a finding stands in a list.
    FindingPlace {
        /// Of which list.
        filter: FindingFilter,
        /// The finding's visit.
        visit: DocumentId,
        /// The finding.
        finding: ItemId,
    },
    /// Findings and matters that are likely the same problem as a finding, likeliest first.
    Proposals {
        /// The finding's visit.
        visit: DocumentId,
        /// The finding.
        finding: ItemId,
    },
    /// How far visits agree that used the same checklist.
    Agreement(Compared),
    /// What happened at a unit and at those below it, newest first.
    UnitTimeline {
        /// The unit's code.
        unit: String,
    },
    /// Figures for charts over the findings that match.
    Figures {
        /// Which findings; its filter of visits says which visits.
        filter: FindingFilter,
        /// How far the office's clocks are ahead of universal time, in minutes: weeks begin by them.
        offset: i16,
    },
    /// The notes of visits, and what was seen of findings, of which lists show the first words.
    Texts(Vec<(DocumentId, Option<ItemId>)>),
}

/// A part of a long list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The first row to show, from 0.
    pub first: u32,
    /// How many rows at most.
    pub count: u32,
}

/// Which visits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitFilter {
    /// At which stage.
    pub stage: Stage,
    /// Only at this unit (code) or a unit below it.
    pub unit: Option<String>,
    /// Only with this mode.
    pub mode: Option<Mode>,
    /// Only by this team.
    pub team: Option<SpaceId>,
    /// Only those begun at or after.
    pub from: Option<Timestamp>,
    /// Only those begun before.
    pub until: Option<Timestamp>,
    /// Only those in which this text occurs (unit, notes, findings, people), case-insensitively.
    pub text: String,
    /// Only in this state.
    pub state: Option<VisitState>,
    /// In which order.
    pub order: Order,
}

/// Which findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingFilter {
    /// Of which visits (`submitted` is implied).
    pub visit: VisitFilter,
    /// Only in this category code, or in the group it names.
    pub category: Option<String>,
    /// Only of this severity or graver.
    pub severity: Option<Severity>,
    /// Only those that stand so in review. Struck ones are listed only when asked for.
    pub review: Option<ReviewState>,
    /// Only those that a matter cites, or none.
    pub merged: Merged,
}

/// What the engine tells the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum View {
    /// A command was carried out and is durable, or was refused.
    Answer {
        /// The command's number.
        request: u64,
        /// Why not.
        result: Result<(), Problem>,
    },
    /// The answer to a running query.
    Shown {
        /// The query's number.
        watch: WatchId,
        /// The answer.
        answer: Answer,
    },
    /// The file that a command asked for.
    File {
        /// The command's number.
        request: u64,
        /// What goes into the file.
        bytes: Vec<u8>,
    },
}

/// The answer to a [`Query`], variant by variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// To [`Query::Access`].
    Access(AccessView),
    /// To [`Query::Unsent`].
    Unsent(UnsentView),
    /// To [`Query::Checklists`]: the newest version of each, by title.
    Checklists(Vec<Checklist>),
    /// To [`Query::Imports`]: newest first.
    Imports(Vec<ImportView>),
    /// To [`Query::Teams`].
    Teams(Vec<TeamView>),
    /// To [`Query::Invitations`].
    Invitations(Vec<InvitationView>),
    /// To [`Query::Units`] and [`Query::UnitsIn`].
    Units(UnitsView),
    /// To [`Query::Visits`].
    Visits(Rows<VisitRow>),
    /// To [`Query::Visit`] and [`Query::VisitAt`]; `None` when this device does not have it (yet).
    Visit(Option<Box<VisitView>>),
    /// To [`Query::Findings`].
    Findings(Rows<FindingRow>),
    /// To [`Query::SideBySide`].
    SideBySide(Vec<VisitView>),
    /// To [`Query::Matters`].
    Matters(Rows<MatterRow>),
    /// To [`Query::Matter`].
    Matter(Option<Box<MatterView>>),
    /// To [`Query::Kept`]: names with what is kept, by name.
    Kept(Vec<(String, Vec<u8>)>),
    /// To [`Query::People`], by name; empty on the devices of others.
    People(Vec<PersonView>),
    /// To [`Query::Assignments`].
    Assignments(Rows<AssignmentRow>),
    /// To [`Query::Assignment`]; `None` when this device does not have it, or nobody who may has given it.
    Assignment(Option<Box<AssignmentView>>),
    /// To [`Query::Coverage`].
    Coverage(Box<CoverageView>),
    /// To [`Query::Areas`].
    Areas(Vec<AreaView>),
    /// To [`Query::FindingPlace`].
    FindingPlace(FindingPlace),
    /// To [`Query::Proposals`].
    Proposals(Vec<Proposal>),
    /// To [`Query::Agreement`]: one for each checklist that more than one visit used.
    Agreement(Vec<AgreementView>),
    /// To [`Query::UnitTimeline`].
    UnitTimeline(UnitTimeline),
    /// To [`Query::Figures`].
    Figures(Box<FiguresView>),
    /// To [`Query::Texts`], in the order asked.
    Texts(Vec<String>),
}

/// A window of a list and how long the whole list is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rows<T> {
    /// How many rows match in all.
    pub total: u32,
    /// The position of the first of `rows`.
    pub first: u32,
    /// The rows of the window.
    pub rows: Vec<T>,
}

/// Who may use this device now, and how the relay stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessView {
    /// The state of access.
    pub access: Access,
    /// How this device and the relay stand.
    pub link: Link,
    /// Visits with something that is on this device only.
    pub unsent: u32,
    /// What went wrong and is still so, worst first.
    pub problems: Vec<Problem>,
}

/// The state of access to this device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Access {
    /// The store is being read.
    Opening,
    /// Nothing here yet: found an office or join one.
    Empty {
        /// The kit's words, once made.
        kit: Option<Vec<String>>,
        /// The invitation that was looked up.
        invitation: Option<InvitationPreview>,
    },
    /// A passphrase is being stretched or a store made; with words for the person.
    Busy,
    /// A vault is here and closed.
    Locked {
        /// Saved changes that the app, killed, had not packed for sending yet: sent once it is unlocked.
        unpacked: u32,
    },
    /// The vault is open.
    Open(Myself),
}

/// What an invitation says before it is accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvitationPreview {
    /// The office's name.
    pub office: String,
    /// The team's name; empty without a team.
    pub team: String,
    /// What the person will be.
    pub roles: Vec<crate::domain::Role>,
    /// The name under which the person was invited.
    pub name: String,
    /// Until when it can be used, by the relay's time.
    pub expires: Timestamp,
}

/// Who uses this device, and as what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Myself {
    /// The person.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// The office's name.
    pub office: String,
    /// Their roles.
    pub roles: Vec<crate::domain::Role>,
    /// The teams they are in.
    pub teams: Vec<(SpaceId, String)>,
    /// How many units the office has.
    pub units: u32,
    /// How many checklists the office has.
    pub checklists: u32,
    /// This device's short code, while it waits to be let in to what the person's roles entitle it to.
    pub waiting: Option<String>,
}

/// How this device and the relay stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// Not connected.
    Offline {
        /// When the relay last answered.
        last_contact: Option<Timestamp>,
    },
    /// Connected, catching up.
    CatchingUp {
        /// Entries still to come, as far as is known.
        left: u64,
    },
    /// Connected, everything of the relay's is here.
    Live,
}

/// What lies on this device only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UnsentView {
    /// Documents with unsent work.
    pub items: Vec<UnsentItem>,
    /// Bytes in all.
    pub bytes: u64,
    /// When the relay last answered.
    pub last_contact: Option<Timestamp>,
    /// What failed, newest first.
    pub failures: Vec<Problem>,
    /// Entries that came out of a file: they are sent, and are nothing of this device's own.
    pub carried: u32,
}

/// A document with unsent work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnsentItem {
    /// Which, when it is known on an open device.
    pub document: DocumentId,
    /// What a person calls it: the unit of a visit, the title of a matter; empty when it has no name.
    pub title: String,
    /// Bytes waiting.
    pub bytes: u64,
}

/// An imported table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportView {
    /// Which.
    pub dataset: DatasetId,
    /// Its name.
    pub name: String,
    /// How many rows.
    pub rows: u32,
    /// When, by the importer's clock.
    pub at: Timestamp,
    /// Whether it has been withdrawn, or how far it has come.
    pub state: ImportState,
}

/// How an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportState {
    /// Rows taken so far.
    Running(u32),
    /// In use.
    Done,
    /// Taken back.
    Withdrawn,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeamView {
    /// Its space.
    pub team: SpaceId,
    /// Its name.
    pub name: String,
    /// Its members.
    pub members: Vec<MemberView>,
}

/// A person of the office.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberView {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// How many devices they have that are not blocked.
    pub devices: u32,
}

/// An invitation made on this device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvitationView {
    /// Which.
    pub invitation: [u8; 32],
    /// The person's name.
    pub name: String,
    /// What the person will be.
    pub roles: Vec<crate::domain::Role>,
    /// The team's name; empty without a team.
    pub team: String,
    /// The code, in groups, to be read out or typed. The link is the client's address followed by `#i=` and the code.
    pub code: String,
    /// Until when, by the relay's time.
    pub expires: Timestamp,
    /// How it stands.
    pub state: InvitationState,
}

/// How an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvitationState {
    /// On its way to the relay.
    Sending,
    /// Can be used.
    Open,
    /// Somebody joined with it.
    Used,
    /// Too late.
    Expired,
    /// Taken back, or dead with the device that made it.
    Withdrawn,
}

/// What a search for units found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UnitsView {
    /// How many match in all.
    pub total: u32,
    /// The first of them.
    pub units: Vec<UnitSummary>,
}

/// How far something has come: the three ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tick {
    /// 正在保存: changed, and the change is not durable on this device yet.
    Saving,
    /// 已存本机: durable on this device.
    Saved,
    /// 已送达: a receipt of the relay was verified.
    Held,
    /// 已阅: a supervisor opened it in this version.
    Read,
}

/// One visit in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VisitRow {
    /// Which.
    pub visit: DocumentId,
    /// The team.
    pub team: SpaceId,
    /// The team's name.
    pub team_name: String,
    /// The unit, when chosen.
    pub unit: Option<UnitSummary>,
    /// The mode.
    pub mode: Mode,
    /// When it began, by the device's clock.
    pub started: Timestamp,
    /// Where it stands.
    pub state: VisitState,
    /// How many findings are not struck out.
    pub findings: u32,
    /// The gravest severity among them.
    pub gravest: Option<Severity>,
    /// How many fields hold two values.
    pub conflicts: u32,
    /// How far it has come.
    pub tick: Tick,
    /// The first words of its notes.
    pub excerpt: String,
    /// The assignment that it was begun from.
    pub assignment: Option<DocumentId>,
    /// Whether it was changed since it was submitted.
    pub since_submitted: Since,
    /// How many findings wait for review.
    pub waiting: u32,
}

/// One finding in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingRow {
    /// Its visit.
    pub visit: DocumentId,
    /// The visit's version that this row was made from.
    pub heads: Heads,
    /// The finding.
    pub finding: ItemId,
    /// The team's name.
    pub team_name: String,
    /// The unit, when chosen.
    pub unit: Option<UnitSummary>,
    /// When the visit began.
    pub started: Timestamp,
    /// Category code; empty when none.
    pub category: String,
    /// Severity.
    pub severity: Option<Severity>,
    /// Which window or place.
    pub place: String,
    /// Which person.
    pub person: String,
    /// The first words of what was seen.
    pub excerpt: String,
    /// The matters that cite it.
    pub matters: Vec<DocumentId>,
    /// The question that it belongs to.
    pub question: Option<ItemId>,
    /// Who wrote in its visit: member, name.
    pub authors: Vec<(MemberId, String)>,
    /// Where it stands in review.
    pub review: ReviewState,
    /// Whether it was changed since it was decided on.
    pub since: Since,
}

/// A scalar field: one value, or several that were written concurrently.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// How [`crate::command::VisitEdit::Choose`] names it.
    pub path: String,
    /// The value shown; empty when none.
    pub value: String,
    /// All values with who wrote them, when there is more than one.
    pub conflict: Vec<(String, Option<MemberId>)>,
}

/// A visit, as it is or was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VisitView {
    /// Which.
    pub visit: DocumentId,
    /// This version.
    pub heads: Heads,
    /// The team.
    pub team: SpaceId,
    /// The team's name.
    pub team_name: String,
    /// The unit's code, with conflicts.
    pub unit: Field,
    /// The unit, when known.
    pub unit_summary: Option<UnitSummary>,
    /// The mode's code, with conflicts.
    pub mode: Field,
    /// The checklist's id, with conflicts.
    pub checklist: Field,
    /// The checklist, when chosen and known.
    pub questions: Option<Checklist>,
    /// When it began, by the device's clock.
    pub started: Timestamp,
    /// Answers by question.
    pub answers: Vec<(ItemId, Field)>,
    /// The notes.
    pub notes: String,
    /// The findings, oldest first, struck ones last.
    pub findings: Vec<FindingView>,
    /// Where it stands.
    pub state: VisitState,
    /// How far it has come. [`Tick::Saved`] in an old version.
    pub tick: Tick,
    /// Who wrote in it: member, name.
    pub authors: Vec<(MemberId, String)>,
    /// What was done to it, oldest first.
    pub timeline: Vec<FactView>,
    /// The questions to show now, in order: those whose condition is met, and those that were answered.
    pub asked: Vec<ItemId>,
    /// The required ones among them that have no answer.
    pub unanswered: Vec<ItemId>,
    /// The assignment that it was begun from, when this device has it.
    pub assignment: Option<VisitAssignment>,
    /// Whether its authors changed it since it was submitted.
    pub since_submitted: Since,
    /// Why it was sent back, as long as nobody went on with it.
    pub sent_back: String,
    /// The findings that it re-examines.
    pub examines: Vec<ExaminedView>,
    /// What it re-examines, in words.
    pub examines_text: String,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingView {
    /// Which.
    pub finding: ItemId,
    /// The question it belongs to.
    pub question: Option<ItemId>,
    /// Category code.
    pub category: Field,
    /// Severity code: `minor`, `serious`, `grave`.
    pub severity: Field,
    /// Which window or place.
    pub place: Field,
    /// Which person.
    pub person: Field,
    /// Which rule.
    pub rule: Field,
    /// What was seen.
    pub seen: String,
    /// Struck out.
    pub struck: Option<MemberId>,
    /// The matters that cite it.
    pub matters: Vec<DocumentId>,
    /// Where it stands in review.
    pub review: ReviewView,
}

/// A fact, for a timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactView {
    /// When, by the device's clock.
    pub at: Timestamp,
    /// Who stated it; `None` for a device that the roster does not know.
    pub by: Option<MemberId>,
    /// Their name; empty when unknown here.
    pub name: String,
    /// What, as a code of [`crate::words`].
    pub what: String,
    /// A reason or value that was given.
    pub detail: String,
    /// Whether it counts.
    pub standing: Standing,
}

/// One matter in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatterRow {
    /// Which.
    pub matter: DocumentId,
    /// What the problem is.
    pub title: String,
    /// The unit.
    pub unit: Option<UnitSummary>,
    /// Category code.
    pub category: String,
    /// Severity.
    pub severity: Severity,
    /// When it was opened, by the device's clock.
    pub opened: Timestamp,
    /// How many findings it cites.
    pub citations: u32,
    /// How far it has come.
    pub tick: Tick,
}

/// A matter with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatterView {
    /// Its row.
    pub row: MatterRow,
    /// Who opened it.
    pub opened_by: String,
    /// What it rests on.
    pub citations: Vec<CitationView>,
    /// What was done to it, oldest first.
    pub timeline: Vec<FactView>,
    /// What it says and what its findings say, field by field.
    pub fields: Vec<MatterFieldView>,
}

/// A finding in exactly the version that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CitationView {
    /// The visit.
    pub visit: DocumentId,
    /// The version that was read; [`Query::VisitAt`] shows it.
    pub heads: Heads,
    /// The finding as it was; `None` when this device lacks the visit.
    pub finding: Option<FindingView>,
    /// The team's name.
    pub team_name: String,
    /// When the visit began.
    pub started: Timestamp,
    /// Whether the finding has changed since.
    pub since: Since,
    /// Who cited it.
    pub cited_by: String,
}

/// Whether a fact counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// It counts.
    Counts,
    /// Its author had no right to state it: shown, and ignored.
    NoRight,
    /// Somebody tried to overwrite or delete it: shown, and without effect.
    Attacked,
}

/// How a cited finding relates to the finding now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Since {
    /// It is still as it was read.
    #[default]
    Unchanged,
    /// It was changed after it was read.
    Changed,
}

/// A stage of visits to look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// All that this device has.
    #[default]
    All,
    /// Submitted and not voided.
    Submitted,
}
