//! What a watch shows, by the kind of its answer.

use mingcha_core::domain::Checklist;
use mingcha_core::view::{
    AccessView, AgreementView, Answer, AreaView, AssignmentRow, AssignmentView, CoverageView, FiguresView,
    FindingPlace, FindingRow, ImportView, InvitationView, MatterRow, MatterView, PersonView, Proposal, Rows,
    TeamView, UnitTimeline, UnitsView, UnsentView, VisitRow, VisitView,
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
    finding_place: FindingPlace => FindingPlace,
    proposals: Proposals => Vec<Proposal>,
    agreement: Agreement => Vec<AgreementView>,
    unit_timeline: UnitTimeline => UnitTimeline,
    texts: Texts => Vec<String>,
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

/// The figures.
pub fn figures(answer: &Option<Answer>) -> Option<&FiguresView> {
    match answer {
        Some(Answer::Figures(figures)) => Some(figures),
        _ => None,
    }
}

/// Whether the engine answered that this device does not have the thing.
pub fn is_missing(answer: &Option<Answer>) -> bool {
    matches!(answer, Some(Answer::Visit(None) | Answer::Matter(None) | Answer::Assignment(None)))
}
