//! Visits 走访记录.

use serde::{Deserialize, Serialize};

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
