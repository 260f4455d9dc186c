//! The work: one file per thing of the domain, each with its facts, the state derived from them, who may
//! state them, and the rules.

pub mod agreement;
pub mod assignment;
pub mod checklist;
pub mod context;
pub mod coverage;
pub mod directory;
pub mod fact;
pub mod figures;
pub mod finding;
pub mod language;
pub mod limits;
pub mod lists;
pub mod matter;
pub mod office;
pub mod proposals;
pub mod summary;
pub mod taxonomy;
pub mod unit_timeline;
pub mod visit;

#[cfg(test)]
mod tests;

pub use crate::role::Role;
pub use assignment::{AssignmentDraft, AssignmentState, Reexamined};
pub use checklist::{Asked, Checklist, ChecklistDraft, Condition, Need, Question, Suggestion};
pub use context::{Author, Context, People, Stamp, Units};
pub use language::Language;
pub use matter::{Citation, MatterField};
pub use summary::{AssignmentSummary, MatterSummary, Summary, VisitSummary};
pub use taxonomy::Severity;
pub use visit::{Mode, Review, ReviewState, VisitState};
