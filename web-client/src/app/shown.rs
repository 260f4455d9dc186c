//! What a watch shows, by the kind of its answer.

use mingcha_core::domain::Checklist;
use mingcha_core::view::{
    AccessView, Answer, AreaView, AssignmentRow, AssignmentView, CoverageView, FindingRow, ImportView,
    InvitationView, MatterRow, MatterView, PersonView, Rows, TeamView, UnitsView, UnsentView, VisitRow,
    VisitView,
};

macro_rules! shown {
    ($($name:ident: $variant:ident => $type:ty),* $(,)?) => {
        $(pub fn $name(answer: &Option<Answer>) -> Option<&$type> {
            match answer {
                Some(Answer::$variant(shown)) => Some(shown),
                _ => None,
            }
        })*
    };
}

shown! {
    access: Access => AccessView,
    unsent: Unsent => UnsentView,
    checklists: Checklists => Vec<Checklist>,
    imports: Imports => Vec<ImportView>,
    teams: Teams => Vec<TeamView>,
    invitations: Invitations => Vec<InvitationView>,
    units: Units => UnitsView,
    visits: Visits => Rows<VisitRow>,
    findings: Findings => Rows<FindingRow>,
    side_by_side: SideBySide => Vec<VisitView>,
    matters: Matters => Rows<MatterRow>,
    people: People => Vec<PersonView>,
    assignments: Assignments => Rows<AssignmentRow>,
    coverage: Coverage => CoverageView,
    areas: Areas => Vec<AreaView>,
    kept: Kept => Vec<(String, Vec<u8>)>,
}

/// The visit, when this device has it.
pub fn visit(answer: &Option<Answer>) -> Option<&VisitView> {
    match answer {
        Some(Answer::Visit(Some(visit))) => Some(visit),
        _ => None,
    }
}

/// The matter, when this device has it.
pub fn matter(answer: &Option<Answer>) -> Option<&MatterView> {
    match answer {
        Some(Answer::Matter(Some(matter))) => Some(matter),
        _ => None,
    }
}

/// The assignment, when this device has it.
pub fn assignment(answer: &Option<Answer>) -> Option<&AssignmentView> {
    match answer {
        Some(Answer::Assignment(Some(assignment))) => Some(assignment),
        _ => None,
    }
}

/// Whether the engine answered that this device does not have the thing.
pub fn is_missing(answer: &Option<Answer>) -> bool {
    matches!(answer, Some(Answer::Visit(None) | Answer::Matter(None) | Answer::Assignment(None)))
}
