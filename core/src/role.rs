//! Who people are to the office, and what that lets them do.

use serde::{Deserialize, Serialize};

/// A role; the discriminant is its number in the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Role {
    /// 暗访员.
    Inspector = 0,
    /// 督查员.
    Supervisor = 1,
    /// 案件查处员.
    Investigator = 2,
    /// 综合组.
    Coordinator = 3,
    /// 单位联络员.
    UnitContact = 4,
}

impl Role {
    /// All roles; the position is the number.
    pub const ALL: [Self; 5] =
        [Self::Inspector, Self::Supervisor, Self::Investigator, Self::Coordinator, Self::UnitContact];

    /// The role with a number of the roster.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}
