//! The taxonomy of findings.

use serde::{Deserialize, Serialize};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// 一般.
    Minor,
    /// 较重.
    Serious,
    /// 严重.
    Grave,
}
