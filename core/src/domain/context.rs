//! What the domain asks of those who call it: when, who, and what is known besides the document.

use crate::domain::{Checklist, Role, Summary};
use crate::ids::{DocumentId, ItemId, MemberId, SpaceId, StreamId};
use crate::sorted::SortedMap;
use crate::time::Timestamp;
use crate::units::{Register, UnitSummary};
use crate::view::Tick;

/// When something is done, by the device's clock, and the random key of the fact that it may state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When.
    pub at: Timestamp,
    /// Random, new for each call.
    pub key: ItemId,
}

/// Who a stream belongs to, as the roster says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The person.
    pub member: MemberId,
    /// Their roles.
    pub roles: Vec<Role>,
}

impl Author {
    /// Whether the person has one of these roles.
    #[must_use]
    pub fn is_any(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| roles.contains(role))
    }
}

/// What the roster and the directories know of people.
pub trait People {
    /// Who made changes as this actor; `None` if the roster does not know.
    fn author(&self, actor: StreamId) -> Option<Author>;
    /// A person's name, if this device may know it.
    fn name(&self, member: MemberId) -> Option<String>;
    /// A team's name, if this device may know it.
    fn team_name(&self, team: SpaceId) -> Option<String>;
    /// How far a document has come; `seen` says whether a supervisor has read it as it is now.
    fn tick(&self, document: DocumentId, seen: bool) -> Tick;
}

/// The office's register of units.
pub trait Units {
    /// A unit, by its code.
    fn summary(&self, code: &str) -> Option<UnitSummary>;
    /// Whether a unit lies below another one.
    fn is_below(&self, code: &str, ancestor: &str) -> bool;
    /// The code of the unit directly above a unit.
    fn parent(&self, code: &str) -> Option<String>;
}

impl Units for Register {
    fn summary(&self, code: &str) -> Option<UnitSummary> {
        self.get(code)
    }

    fn is_below(&self, code: &str, ancestor: &str) -> bool {
        self.is_below(code, ancestor)
    }

    fn parent(&self, code: &str) -> Option<String> {
        self.parent(code)
    }
}

/// What views are made from besides the document itself.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// People.
    pub people: &'a dyn People,
    /// Units.
    pub units: &'a dyn Units,
    /// All versions of all checklists.
    pub checklists: &'a [Checklist],
    /// One row of every visit and matter on this device.
    pub summaries: &'a SortedMap<DocumentId, Summary>,
}

impl Context<'_> {
    /// A person's name; empty when unknown.
    pub(crate) fn name(&self, member: Option<MemberId>) -> String {
        member.and_then(|member| self.people.name(member)).unwrap_or_default()
    }

    /// A team's name; empty when unknown.
    pub(crate) fn team_name(&self, team: SpaceId) -> String {
        self.people.team_name(team).unwrap_or_default()
    }

    /// A unit, by its code; `None` when not chosen. A code that the register lacks stands for itself.
    pub(crate) fn unit(&self, code: &str) -> Option<UnitSummary> {
        use crate::units::UnitOrigin::Placeholder;
        let unknown = || UnitSummary {
            code: code.into(),
            name: code.into(),
            origin: Placeholder,
            ..UnitSummary::default()
        };
        (!code.is_empty()).then(|| self.units.summary(code).unwrap_or_else(unknown))
    }
}
