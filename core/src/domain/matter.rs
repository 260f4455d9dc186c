//! Matters 督办事项.

use crate::ids::{DocumentId, ItemId};
use crate::view::Heads;
use serde::{Deserialize, Serialize};

/// A finding in exactly the version that was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Citation {
    /// The visit.
    pub visit: DocumentId,
    /// Its version.
    pub heads: Heads,
    /// The finding.
    pub finding: ItemId,
}
