//! What a person asks of the engine. Page and engine speak only in [`Command`]s and
//! [`crate::view::View`]s; both sides are always of the same build.

use crate::domain::{
    AssignmentDraft, ChecklistDraft, Citation, Language, MatterField, Mode, Review, Role, Severity,
};
use crate::ids::{DatasetId, DeviceKey, DocumentId, ItemId, SpaceId};
use crate::units::UnitRow;
use crate::view::{FindingFilter, Heads, Query, WatchId};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A passphrase on its way to be stretched. Never printed, wiped when dropped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Passphrase(pub String);

impl core::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// Chosen by the page for each [`Command`] it wants to hear about again: a
/// [`crate::view::View::Answer`] with this number says that it is durable, or why not.
pub type RequestId = u64;

/// What a person asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Make a recovery kit and show its words ([`Query::Access`] then shows them). Before `Found`.
    MakeKit {
        /// The language of the words.
        language: Language,
    },
    /// Found the office with the set-up code that the relay printed.
    Found {
        /// What stands after `#s=` in the set-up link.
        setup: String,
        /// The office's name.
        office: String,
        /// The founder's name.
        name: String,
        /// What will unlock this device.
        passphrase: Passphrase,
        /// Words of the kit typed back: position from 0, word.
        proof: Vec<(u8, String)>,
    },
    /// Look an invitation up at the relay ([`Query::Access`] then shows it).
    OpenInvitation {
        /// What stands after `#i=` in the link, or the code as typed.
        code: String,
    },
    /// Accept the invitation that was looked up.
    Join {
        /// What will unlock this device.
        passphrase: Passphrase,
    },
    /// Open the vault.
    Unlock {
        /// What the person typed.
        passphrase: Passphrase,
    },
    /// Freeze all work, forget all keys. Sending goes on.
    Lock,

    /// Show `query` now and whenever its answer changes.
    Watch {
        /// Chosen by the page.
        id: WatchId,
        /// What to show.
        query: Query,
    },
    /// No longer show it.
    Unwatch {
        /// As given to `Watch`.
        id: WatchId,
    },

    /// Put a parsed spreadsheet's units into the office. Sent in parts so that other commands overtake it;
    /// the import becomes visible to the office when the last part is in.
    ImportUnits {
        /// Random; the same in all parts.
        dataset: DatasetId,
        /// What the person calls it, usually the file's name.
        name: String,
        /// The rows of this part.
        rows: Vec<UnitRow>,
        /// What part of the import this is.
        part: ImportPart,
    },
    /// Take an import back.
    WithdrawUnits {
        /// Which.
        dataset: DatasetId,
    },
    /// Publish a checklist, or a new version of one.
    PublishChecklist {
        /// The whole checklist.
        checklist: ChecklistDraft,
    },
    /// Keep something of the page's own on this device, sealed: a list as it was left, a view with a name.
    Keep {
        /// Under what name; an earlier value of the name is replaced.
        name: String,
        /// What to keep; `None` forgets it.
        value: Option<Vec<u8>>,
    },
    /// Form an inspection team. Needs the relay.
    FormTeam {
        /// Its name.
        name: String,
    },
    /// Invite a person. Needs the relay. [`Query::Invitations`] then shows the code.
    Invite {
        /// What they will be; a unit contact cannot be invited.
        roles: Vec<Role>,
        /// The team: of an inspector, and of nobody else.
        team: Option<SpaceId>,
        /// The person's name.
        name: String,
        /// Days until it expires, by the relay's time.
        days: u16,
    },

    /// Begin a visit. The page chooses the id, so that it can show the visit at once.
    StartVisit {
        /// Random.
        visit: DocumentId,
        /// The team whose visit it is.
        team: SpaceId,
        /// The mode.
        mode: Mode,
        /// The unit's code, when known already.
        unit: Option<String>,
        /// The checklist, when chosen already.
        checklist: Option<ItemId>,
        /// The assignment that it is begun from.
        assignment: Option<DocumentId>,
    },
    /// Change a visit.
    EditVisit {
        /// Which.
        visit: DocumentId,
        /// How.
        edit: VisitEdit,
    },
    /// Hand a visit in.
    SubmitVisit {
        /// Which.
        visit: DocumentId,
        /// Even though required questions are not answered; otherwise that is [`crate::problem::Problem::Unanswered`].
        incomplete: bool,
    },
    /// A mistaken visit: voided by a fact, never deleted.
    VoidVisit {
        /// Which.
        visit: DocumentId,
        /// Why.
        reason: String,
    },
    /// A supervisor opened the visit at these heads; becomes a `seen` fact once per version.
    SawVisit {
        /// Which.
        visit: DocumentId,
        /// At which version.
        heads: Heads,
    },

    /// Make a matter of findings.
    OpenMatter {
        /// Random.
        matter: DocumentId,
        /// What the problem is.
        title: String,
        /// The unit's code.
        unit: String,
        /// Category code of the taxonomy.
        category: String,
        /// Severity chosen.
        severity: Severity,
        /// The findings it rests on, in the versions read.
        citations: Vec<Citation>,
    },
    /// Let a matter rest on more findings.
    CiteInMatter {
        /// Which.
        matter: DocumentId,
        /// The findings, in the versions read.
        citations: Vec<Citation>,
    },

    /// Hand a device the keys that its member's roles entitle it to, after people compared its code. Needs the relay.
    LetIn {
        /// Which, as [`Query::People`] names it.
        device: DeviceKey,
    },
    /// A device is lost: block it. Needs the relay.
    BlockDevice {
        /// Which, as [`Query::People`] names it; never the one that is used.
        device: DeviceKey,
    },
    /// Take an open invitation back. Needs the relay.
    WithdrawInvitation {
        /// Which, as [`crate::view::InvitationView::invitation`] names it.
        invitation: [u8; 32],
    },
    /// Unlock this device with another passphrase from now on.
    ChangePassphrase {
        /// What unlocks it now.
        old: Passphrase,
        /// What will.
        new: Passphrase,
    },
    /// Put everything unsent into a sealed file: [`crate::view::View::File`] with this command's number brings it, before
    /// the answer. On a locked device too.
    ExportUnsent,
    /// Send what another device of the office, or this one, exported.
    ImportUnsent {
        /// The file's bytes.
        file: Vec<u8>,
    },
    /// Ask a team to visit units, as supervisors and coordinators may. The page chooses the id.
    AssignVisits {
        /// Random.
        assignment: DocumentId,
        /// The team.
        team: SpaceId,
        /// What is asked.
        content: AssignmentDraft,
    },
    /// Change an assignment, settle a disputed one, or give one again that was withdrawn.
    ReviseAssignment {
        /// Which.
        assignment: DocumentId,
        /// The whole of it as it is to be.
        content: AssignmentDraft,
    },
    /// Take an assignment back.
    WithdrawAssignment {
        /// Which.
        assignment: DocumentId,
        /// Why.
        reason: String,
    },
    /// Send a submitted visit back to its inspectors.
    SendVisitBack {
        /// Which.
        visit: DocumentId,
        /// Why; must be given.
        reason: String,
    },
    /// Work again on a visit that was sent back.
    ReopenVisit {
        /// Which.
        visit: DocumentId,
    },
    /// Decide about a finding.
    ReviewFinding {
        /// Its visit.
        visit: DocumentId,
        /// The version that the person saw.
        heads: Heads,
        /// The finding.
        finding: ItemId,
        /// What is decided.
        review: Review,
    },
    /// Decide about all findings that a filter matches now. Other commands overtake it.
    ReviewFindings {
        /// Random; what [`Command::UndoReview`] names.
        batch: ItemId,
        /// Which findings.
        filter: FindingFilter,
        /// How many the person saw. With another number nothing is done.
        expected: u32,
        /// What is decided.
        review: Review,
    },
    /// Take back exactly what was decided in a batch and still stands.
    UndoReview {
        /// Which.
        batch: ItemId,
    },
    /// Take findings out of a matter again.
    TakeFromMatter {
        /// The matter.
        matter: DocumentId,
        /// The findings, each with its visit.
        findings: Vec<(DocumentId, ItemId)>,
        /// Why; may be empty.
        reason: String,
    },
    /// Settle what a matter says where its findings differ.
    SettleInMatter {
        /// The matter.
        matter: DocumentId,
        /// Which field.
        field: MatterField,
        /// What is chosen: a code for category and severity.
        chosen: String,
        /// The values that the person saw and did not choose.
        over: Vec<String>,
        /// Why; may be empty.
        reason: String,
    },
}

/// Where a part stands in its import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportPart {
    /// More parts follow.
    More,
    /// This is the last part.
    Last,
}

/// One change to a visit, small enough to be saved as it is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum VisitEdit {
    /// Where.
    Unit(String),
    /// Which mode.
    Mode(Mode),
    /// Which checklist.
    Checklist(ItemId),
    /// An answer to a question; `None` takes it back.
    Answer {
        /// The question.
        question: ItemId,
        /// The answer's code: `yes`, `no`, `na`, or one of the question's choices, or free text.
        answer: Option<String>,
    },
    /// The visit's notes.
    Notes(TextEdit),
    /// A new finding.
    AddFinding {
        /// Random, chosen by the page.
        finding: ItemId,
        /// The question whose answer led to it.
        question: Option<ItemId>,
    },
    /// One field of a finding.
    Finding {
        /// Which finding.
        finding: ItemId,
        /// The field and its new value.
        field: FindingEdit,
    },
    /// A finding made by mistake: struck out by a fact, kept in the history.
    StrikeFinding {
        /// Which finding.
        finding: ItemId,
    },
    /// Settle a field that two people set differently. Becomes the field's value and a fact.
    Choose {
        /// Which field, as [`crate::view::Field::path`] names it.
        path: String,
        /// The value chosen.
        value: String,
    },
    /// What it re-examines, instead of what was said before.
    Examine {
        /// The findings, in the versions read.
        citations: Vec<Citation>,
        /// In words, for what this device does not have.
        text: String,
    },
}

/// A field of a finding and its new value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FindingEdit {
    /// Category code of the taxonomy.
    Category(String),
    /// Severity.
    Severity(Severity),
    /// Which window or place.
    Place(String),
    /// Which person, if known.
    Person(String),
    /// Which rule it breaks.
    Rule(String),
    /// What was seen.
    Seen(TextEdit),
}

/// A text as the person sees it now, and the version that it was changed from, so that what others
/// wrote meanwhile survives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextEdit {
    /// The heads of the view that the person's text started from. Several edits may name the same base: what this
    /// device wrote since is part of what the person sees.
    pub base: Heads,
    /// The text now.
    pub text: String,
}
