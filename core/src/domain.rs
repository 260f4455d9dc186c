//! The work: one file per thing of the domain, each with its facts, the state derived from them, who may
//! state them, and the rules.

pub mod checklist;
pub mod language;
pub mod matter;
pub mod taxonomy;
pub mod visit;

pub use crate::role::Role;
pub use checklist::{Checklist, ChecklistDraft, Question};
pub use language::Language;
pub use matter::Citation;
pub use taxonomy::Severity;
pub use visit::{Mode, VisitState};
