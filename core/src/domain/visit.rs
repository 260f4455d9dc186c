//! Visits 走访记录: one team at one unit at one time.

mod edit;
mod examine;
mod read;
mod review;

use crate::cbor::{decode_variants, hashes};
use crate::document::{Document, Version};
use crate::domain::fact::{FactCode, Stated, Statement, coded, not_overtaken};
use crate::domain::{Citation, People, Role};
use crate::ids::{DocumentId, ItemId};
use crate::sorted::SortedSet;
use minicbor::Encode;
use serde::{Deserialize, Serialize};

pub use edit::{Start, edit, saw, start, submit, void};
pub(crate) use examine::examined;
pub use examine::resolve;
pub(crate) use read::{
    Scalar, assignment, authors, cited_by, finding_maps, first_read, first_submitted, is_read, scalar,
    started, struck, unanswered,
};
pub use read::{view, view_at};
pub use review::{Review, ReviewState, reopen, review, send_back, undo_review};
pub(crate) use review::{Reviewed, since_submitted};

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

    /// Whether it examines again what was found before.
    #[must_use]
    pub fn looks_back(self) -> bool {
        matches!(self, Self::LookBack | Self::Acceptance)
    }

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
    /// A supervisor sent it back to be amended and submitted again.
    SentBack,
}

/// What can be stated about a visit.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
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
    /// A supervisor sent it back.
    #[n(6)]
    SentBack {
        /// Why.
        #[n(0)]
        reason: String,
    },
    /// What was sent back is being worked on again.
    #[n(7)]
    Reopened,
    /// A finding is so.
    #[n(8)]
    Confirmed {
        /// Which.
        #[n(0)]
        finding: ItemId,
        /// In which version.
        #[cbor(n(1), with = "crate::cbor::hashes")]
        heads: Vec<[u8; 32]>,
        /// The batch that it was decided in.
        #[n(2)]
        batch: Option<ItemId>,
    },
    /// A finding is not so, or does not belong here.
    #[n(9)]
    Rejected {
        /// Which.
        #[n(0)]
        finding: ItemId,
        /// In which version.
        #[cbor(n(1), with = "crate::cbor::hashes")]
        heads: Vec<[u8; 32]>,
        /// Why.
        #[n(2)]
        reason: String,
        /// The batch that it was decided in.
        #[n(3)]
        batch: Option<ItemId>,
    },
    /// What was decided about a finding is withdrawn.
    #[n(10)]
    ReviewWithdrawn {
        /// Which.
        #[n(0)]
        finding: ItemId,
        /// The batch that it was decided in.
        #[n(1)]
        batch: Option<ItemId>,
    },
    /// What was decided in a batch is as if it had not been.
    #[n(11)]
    ReviewUndone {
        /// Which.
        #[n(0)]
        batch: ItemId,
    },
    /// It re-examines what was found before.
    #[n(12)]
    Examines {
        /// The findings, in the versions read.
        #[n(0)]
        citations: Vec<Citation>,
        /// What is to be re-examined, in words.
        #[n(1)]
        text: String,
    },
}

decode_variants!(VisitFact {
    0 Started { assignment },
    1 Submitted {},
    2 Voided { reason },
    3 Struck { finding },
    4 Chose { path, chosen, over },
    5 Seen { heads with hashes },
    6 SentBack { reason },
    7 Reopened {},
    8 Confirmed { finding, heads with hashes, batch },
    9 Rejected { finding, heads with hashes, reason, batch },
    10 ReviewWithdrawn { finding, batch },
    11 ReviewUndone { batch },
    12 Examines { citations, text },
});

impl VisitFact {
    /// Whether the office says it: it is then no part of the inspectors' work.
    pub(crate) fn is_of_office(&self) -> bool {
        self.stated_by() == BY_OFFICE
    }
}

const BY_INSPECTORS: &[Role] = &[Role::Inspector];
const BY_OFFICE: &[Role] = &[Role::Supervisor, Role::Coordinator];

impl Statement for VisitFact {
    fn stated_by(&self) -> &'static [Role] {
        match self {
            Self::Started { .. } | Self::Submitted | Self::Voided { .. } | Self::Reopened => BY_INSPECTORS,
            Self::Struck { .. } | Self::Chose { .. } | Self::Examines { .. } => BY_INSPECTORS,
            Self::Seen { .. } | Self::SentBack { .. } => BY_OFFICE,
            Self::Confirmed { .. } | Self::Rejected { .. } => BY_OFFICE,
            Self::ReviewWithdrawn { .. } | Self::ReviewUndone { .. } => BY_OFFICE,
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
            Self::SentBack { .. } => FactCode::VisitSentBack,
            Self::Reopened => FactCode::VisitReopened,
            Self::Confirmed { .. } => FactCode::FindingConfirmed,
            Self::Rejected { .. } => FactCode::FindingRejected,
            Self::ReviewWithdrawn { .. } => FactCode::ReviewWithdrawn,
            Self::ReviewUndone { .. } => FactCode::ReviewUndone,
            Self::Examines { .. } => FactCode::ExaminesNamed,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Voided { reason } | Self::SentBack { reason } | Self::Rejected { reason, .. } => {
                reason.clone()
            }
            Self::Chose { chosen, .. } => chosen.clone(),
            Self::Examines { text, .. } => text.clone(),
            Self::Started { .. } | Self::Submitted | Self::Struck { .. } | Self::Seen { .. } => String::new(),
            Self::Reopened | Self::Confirmed { .. } => String::new(),
            Self::ReviewWithdrawn { .. } | Self::ReviewUndone { .. } => String::new(),
        }
    }
}

/// Where a visit stands.
///
/// Of the facts "submitted", "voided", "sent back" and "reopened" those count that nobody overtook knowingly. If they
/// contradict one another, the visit is disputed until a person who knows both states one of them again. Only what
/// was sent back can be reopened.
#[must_use]
pub fn state(document: &Document, facts: &[Stated<VisitFact>]) -> VisitState {
    let was_sent_back = |reopened: &Stated<VisitFact>| {
        facts.iter().any(|fact| {
            matches!(fact.counting(), Some(VisitFact::SentBack { .. }))
                && document.precedes(fact.node, reopened.node)
        })
    };
    let picked = facts.iter().filter_map(|fact| {
        let state = match fact.counting()? {
            VisitFact::Submitted => VisitState::Submitted,
            VisitFact::Voided { .. } => VisitState::Voided,
            VisitFact::SentBack { .. } => VisitState::SentBack,
            VisitFact::Reopened if was_sent_back(fact) => VisitState::Draft,
            _ => return None,
        };
        Some((fact, state))
    });
    let latest = not_overtaken(document, picked.collect());
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
