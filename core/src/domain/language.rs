//! Languages of the interface.

use serde::{Deserialize, Serialize};

/// A language of the interface and of a recovery kit's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// 简体中文, the first language.
    #[default]
    Chinese,
    /// English, complete.
    English,
}
