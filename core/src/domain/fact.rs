//! Facts: what people state about a document. They are added, never changed; where a thing stands is derived.
//!
//! ```text
//! ┌─────────┬──────────────────────────────┐
//! │ version │ CBOR [ number, [ fields … ] ] │
//! │   1 B   │                              │
//! └─────────┴──────────────────────────────┘
//! ```
//!
//! Who stated a fact and when is what the change says that inserted it, never a field of the fact.

use crate::cbor;
use crate::document::{Document, NodeId, Version};
use crate::domain::{Author, Context, People, Role};
use crate::ids::{ItemId, MemberId};
use crate::time::Timestamp;
use crate::view::{FactView, Standing};

const VERSION: u8 = 1;

/// A kind of statement: what can be stated about one kind of document.
pub trait Statement: Sized + minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()> {
    /// The roles of which one gives the right to state this.
    fn stated_by(&self) -> &'static [Role];
    /// What a timeline calls it.
    fn code(&self) -> FactCode;
    /// The reason or value that a timeline shows with it.
    fn detail(&self) -> String;

    /// The fact's bytes.
    fn encode_fact(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&cbor::encode(self));
        bytes
    }

    /// Reads a fact's bytes; `None` for what this version of the program does not know.
    #[must_use]
    #[inline(never)]
    fn decode_fact(bytes: &[u8]) -> Option<Self> {
        let (&VERSION, rest) = bytes.split_first()? else { return None };
        cbor::decode(rest).ok()
    }
}

/// Writes enums into facts as their codes. The default is left out where it comes last, as it is of facts that were
/// stated before the field was known.
macro_rules! coded {
    ($($name:ty),*) => {$(
        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                encoder: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                encoder.str(self.code())?;
                Ok(())
            }

            fn is_nil(&self) -> bool {
                *self == Self::default()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                decoder: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                let known = Self::from_code(decoder.str()?);
                known.ok_or_else(|| minicbor::decode::Error::message("unknown code"))
            }

            fn nil() -> Option<Self> {
                Some(Self::default())
            }
        }
    )*};
}
pub(crate) use coded;

/// What a timeline calls a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactCode {
    /// A visit was begun.
    VisitStarted,
    /// A visit was submitted.
    VisitSubmitted,
    /// A visit was voided.
    VisitVoided,
    /// A finding was struck out.
    FindingStruck,
    /// One of several values was chosen.
    ValueChosen,
    /// A supervisor read the visit.
    VisitSeen,
    /// A matter was opened.
    MatterOpened,
    /// More findings were cited.
    FindingsCited,
    /// The office was named.
    OfficeNamed,
    /// A checklist was published.
    ChecklistPublished,
    /// A table was imported.
    DatasetPublished,
    /// An import was taken back.
    DatasetWithdrawn,
    /// A person was named.
    MemberNamed,
    /// A team was named.
    TeamNamed,
    /// A team was given an assignment.
    VisitsAssigned,
    /// An assignment was changed.
    AssignmentRevised,
    /// An assignment was taken back.
    AssignmentWithdrawn,
    /// A submitted visit was sent back.
    VisitSentBack,
    /// What was sent back is being worked on again.
    VisitReopened,
    /// A finding was confirmed.
    FindingConfirmed,
    /// A finding was rejected.
    FindingRejected,
    /// What was said of a finding was withdrawn.
    ReviewWithdrawn,
    /// A batch of reviews was undone.
    ReviewUndone,
    /// It was said what a visit re-examines.
    ExaminesNamed,
    /// Findings were taken out of a matter.
    FindingsTaken,
    /// What a matter says was settled.
    ValueSettled,
    /// Something that this version of the program does not know.
    Unknown,
}

impl FactCode {
    /// All codes.
    pub const ALL: [Self; 27] = [
        Self::VisitStarted,
        Self::VisitSubmitted,
        Self::VisitVoided,
        Self::FindingStruck,
        Self::ValueChosen,
        Self::VisitSeen,
        Self::MatterOpened,
        Self::FindingsCited,
        Self::OfficeNamed,
        Self::ChecklistPublished,
        Self::DatasetPublished,
        Self::DatasetWithdrawn,
        Self::MemberNamed,
        Self::TeamNamed,
        Self::VisitsAssigned,
        Self::AssignmentRevised,
        Self::AssignmentWithdrawn,
        Self::VisitSentBack,
        Self::VisitReopened,
        Self::FindingConfirmed,
        Self::FindingRejected,
        Self::ReviewWithdrawn,
        Self::ReviewUndone,
        Self::ExaminesNamed,
        Self::FindingsTaken,
        Self::ValueSettled,
        Self::Unknown,
    ];

    /// The code as a [`FactView`] carries it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VisitStarted => "visit-started",
            Self::VisitSubmitted => "visit-submitted",
            Self::VisitVoided => "visit-voided",
            Self::FindingStruck => "finding-struck",
            Self::ValueChosen => "value-chosen",
            Self::VisitSeen => "visit-seen",
            Self::MatterOpened => "matter-opened",
            Self::FindingsCited => "findings-cited",
            Self::OfficeNamed => "office-named",
            Self::ChecklistPublished => "checklist-published",
            Self::DatasetPublished => "dataset-published",
            Self::DatasetWithdrawn => "dataset-withdrawn",
            Self::MemberNamed => "member-named",
            Self::TeamNamed => "team-named",
            Self::VisitsAssigned => "visits-assigned",
            Self::AssignmentRevised => "assignment-revised",
            Self::AssignmentWithdrawn => "assignment-withdrawn",
            Self::VisitSentBack => "visit-sent-back",
            Self::VisitReopened => "visit-reopened",
            Self::FindingConfirmed => "finding-confirmed",
            Self::FindingRejected => "finding-rejected",
            Self::ReviewWithdrawn => "review-withdrawn",
            Self::ReviewUndone => "review-undone",
            Self::ExaminesNamed => "examines-named",
            Self::FindingsTaken => "findings-taken",
            Self::ValueSettled => "value-settled",
            Self::Unknown => "unknown",
        }
    }

    /// What a [`FactView`] carries, read back.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|known| known.as_str() == code).unwrap_or(Self::Unknown)
    }
}

/// A fact with who stated it.
#[derive(Clone, Debug)]
pub struct Stated<S> {
    /// What was stated; `None` for what this version of the program does not know.
    pub what: Option<S>,
    /// The random key under which it lies.
    pub key: Option<ItemId>,
    /// When, by the author's clock.
    pub at: Timestamp,
    /// Who; `None` for a stream that the roster does not know.
    pub author: Option<Author>,
    /// Whether it counts.
    pub standing: Standing,
    /// The change that stated it.
    pub node: NodeId,
}

impl<S> Stated<S> {
    /// What was stated, if it counts.
    pub fn counting(&self) -> Option<&S> {
        self.what.as_ref().filter(|_| self.standing != Standing::NoRight)
    }

    /// Who stated it.
    #[must_use]
    pub fn member(&self) -> Option<MemberId> {
        self.author.as_ref().map(|author| author.member)
    }
}

/// Every fact of a version, in an order that fits who knew what.
pub fn stated<S: Statement>(document: &Document, version: &Version, people: &dyn People) -> Vec<Stated<S>> {
    let mut facts = Vec::new();
    for fact in document.facts_in(version) {
        let what = S::decode_fact(fact.value);
        let author = people.author(fact.actor);
        let standing = standing(what.as_ref().map(Statement::stated_by), author.as_ref(), fact.attacked);
        let key = fact.key.parse().ok();
        facts.push(Stated { what, key, at: fact.at, author, standing, node: fact.node });
    }
    facts
}

/// Whether a fact counts that somebody stated who needs one of these roles for it; none for an unknown fact.
#[inline(never)]
fn standing(roles: Option<&'static [Role]>, author: Option<&Author>, attacked: bool) -> Standing {
    let may = match (roles, author) {
        (Some(roles), Some(author)) => author.is_any(roles),
        (Some(_), None) => false,
        (None, _) => true,
    };
    match (may, attacked) {
        (false, _) => Standing::NoRight,
        (true, true) => Standing::Attacked,
        (true, false) => Standing::Counts,
    }
}

/// Of the facts that `pick` picks, those that no other one of them was stated in knowledge of.
pub fn latest<'a, S, T>(
    document: &Document,
    facts: &'a [Stated<S>],
    pick: impl Fn(&'a S) -> Option<T>,
) -> Vec<(&'a Stated<S>, T)> {
    let picked = facts.iter().filter_map(|fact| Some((fact, pick(fact.counting()?)?)));
    not_overtaken(document, picked.collect())
}

/// Of these facts, those that no other one of them was stated in knowledge of.
pub fn not_overtaken<'a, S, T>(
    document: &Document,
    picked: Vec<(&'a Stated<S>, T)>,
) -> Vec<(&'a Stated<S>, T)> {
    let nodes: Vec<_> = picked.iter().map(|(fact, _)| fact.node).collect();
    let overtaken = |node| nodes.iter().any(|&other| document.precedes(node, other));
    picked.into_iter().filter(|(fact, _)| !overtaken(fact.node)).collect()
}

/// The timeline of a document.
pub fn timeline<S: Statement>(facts: &[Stated<S>], context: &Context<'_>) -> Vec<FactView> {
    let view = |fact: &Stated<S>| FactView {
        at: fact.at,
        by: fact.member(),
        name: context.name(fact.member()),
        what: fact.what.as_ref().map_or(FactCode::Unknown, Statement::code).as_str().to_owned(),
        detail: fact.what.as_ref().map(Statement::detail).unwrap_or_default(),
        standing: fact.standing,
    };
    facts.iter().map(view).collect()
}
