//! Visits 走访记录: one team at one unit at one time.

mod edit;
mod read;

use crate::document::{Document, Version};
use crate::domain::fact::{FactCode, Stated, Statement, coded, latest};
use crate::domain::{People, Role};
use crate::ids::{DocumentId, ItemId};
use crate::sorted::SortedSet;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

pub use edit::{Start, edit, saw, start, submit, void};
pub(crate) use read::{
    Scalar, assignment, authors, cited_by, finding_maps, is_read, scalar, started, struck, unanswered,
};
pub use read::{view, view_at};

/// How a visit is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Mode {
    /// 暗访.
    #[default]
    Undercover,
    /// 明查.
    Announced,
    /// 抽查.
    SpotCheck,
    /// 回头看.
    LookBack,
    /// 验收.
    Acceptance,
}

impl Mode {
    /// All modes.
    pub const ALL: [Self; 5] =
        [Self::Undercover, Self::Announced, Self::SpotCheck, Self::LookBack, Self::Acceptance];

    /// The code in documents and views.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Undercover => "undercover",
            Self::Announced => "announced",
            Self::SpotCheck => "spot-check",
            Self::LookBack => "look-back",
            Self::Acceptance => "acceptance",
        }
    }

    /// The mode with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code() == code)
    }
}

coded!(Mode);

/// Where a visit stands, derived from its facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum VisitState {
    /// Being recorded.
    #[default]
    Draft,
    /// Submitted to the office.
    Submitted,
    /// A mistake.
    Voided,
    /// Contradictory facts were stated concurrently; a person settles it by adding another.
    Disputed,
}

/// What can be stated about a visit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum VisitFact {
    /// It was begun.
    #[n(0)]
    Started {
        /// The assignment that it was begun from.
        #[n(0)]
        assignment: Option<DocumentId>,
    },
    /// It was submitted to the office.
    #[n(1)]
    Submitted,
    /// It was a mistake.
    #[n(2)]
    Voided {
        /// Why.
        #[n(0)]
        reason: String,
    },
    /// A finding was a mistake.
    #[n(3)]
    Struck {
        /// Which.
        #[n(0)]
        finding: ItemId,
    },
    /// Of the values of a field, one was chosen.
    #[n(4)]
    Chose {
        /// The field.
        #[n(0)]
        path: String,
        /// The value chosen.
        #[n(1)]
        chosen: String,
        /// The values not chosen.
        #[n(2)]
        over: Vec<String>,
    },
    /// A supervisor read it.
    #[n(5)]
    Seen {
        /// In which version.
        #[cbor(n(0), with = "crate::cbor::hashes")]
        heads: Vec<[u8; 32]>,
    },
}

impl Statement for VisitFact {
    fn stated_by(&self) -> &'static [Role] {
        match self {
            Self::Started { .. } | Self::Submitted | Self::Voided { .. } => &[Role::Inspector],
            Self::Struck { .. } | Self::Chose { .. } => &[Role::Inspector],
            Self::Seen { .. } => &[Role::Supervisor, Role::Coordinator],
        }
    }

    fn code(&self) -> FactCode {
        match self {
            Self::Started { .. } => FactCode::VisitStarted,
            Self::Submitted => FactCode::VisitSubmitted,
            Self::Voided { .. } => FactCode::VisitVoided,
            Self::Struck { .. } => FactCode::FindingStruck,
            Self::Chose { .. } => FactCode::ValueChosen,
            Self::Seen { .. } => FactCode::VisitSeen,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Voided { reason } => reason.clone(),
            Self::Chose { chosen, .. } => chosen.clone(),
            Self::Started { .. } | Self::Submitted | Self::Struck { .. } | Self::Seen { .. } => String::new(),
        }
    }
}

/// Where a visit stands.
///
/// Of the facts "submitted" and "voided" those count that nobody overtook knowingly. If they contradict one
/// another, the visit is disputed until a person who knows both states one of them again.
#[must_use]
pub fn state(document: &Document, facts: &[Stated<VisitFact>]) -> VisitState {
    let latest = latest(document, facts, |fact| match fact {
        VisitFact::Submitted => Some(VisitState::Submitted),
        VisitFact::Voided { .. } => Some(VisitState::Voided),
        _ => None,
    });
    let states: SortedSet<_> = latest.into_iter().map(|(_, state)| state).collect();
    match states.len() {
        0 => VisitState::Draft,
        1 => states.into_iter().next().unwrap_or_default(),
        _ => VisitState::Disputed,
    }
}

/// The facts of a visit.
#[must_use]
pub fn facts(document: &Document, version: &Version, people: &dyn People) -> Vec<Stated<VisitFact>> {
    crate::domain::fact::stated(document, version, people)
}
