//! Where in the app a person is. Addresses carry opaque ids and no text, since a browser's history leaks.

use mingcha_core::ids::{DocumentId, ItemId};
use std::fmt;

/// A page of the open app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Route {
    /// What a person sees first: records for an inspector, the desk for the office.
    #[default]
    Home,
    /// The visits of one's own teams.
    Records,
    /// Recording a visit.
    Record(DocumentId),
    /// Recording a finding.
    Finding(DocumentId, ItemId),
    /// All visits, as a table.
    Visits,
    /// One visit, to be read.
    Visit(DocumentId),
    /// All findings, as a table.
    Findings,
    /// All reports on the unit of this visit, beginning with a finding.
    Compare(DocumentId, Option<ItemId>),
    /// All matters.
    Matters,
    /// One matter.
    Matter(DocumentId),
    /// A visit in the version that a matter's citation, counted from 0, names.
    Cited(DocumentId, u32),
    /// Imported units.
    Units,
    /// Checklists.
    Checklists,
    /// Writing a checklist.
    Checklist(ItemId),
    /// Teams and invitations.
    People,
    /// About oneself and this device.
    Me,
    /// What is on this device only.
    Unsent,
    /// Assignments, as a list or a board.
    Assignments,
    /// One assignment.
    Assignment(DocumentId),
    /// Writing an assignment: a new one, or one that is to be changed.
    Assign(DocumentId),
    /// How far assignments have come, by area and on a map.
    Coverage,
    /// The review queue, at a finding.
    Review(Option<(DocumentId, ItemId)>),
    /// What happened at a unit. Which one is kept with the page, since a unit's code says where.
    Unit,
    /// Figures.
    Figures,
    /// What one's own teams are asked to visit.
    MyAssignments,
    /// One assignment, to be carried out.
    MyAssignment(DocumentId),
}

impl Route {
    /// The page at an address; an unknown one is [`Route::Home`].
    pub fn parse(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        Self::from_parts(&parts).unwrap_or_default()
    }

    fn from_parts(parts: &[&str]) -> Option<Self> {
        Some(match parts {
            ["records"] => Self::Records,
            ["r", visit] => Self::Record(visit.parse().ok()?),
            ["r", visit, finding] => Self::Finding(visit.parse().ok()?, finding.parse().ok()?),
            ["visits"] => Self::Visits,
            ["v", visit] => Self::Visit(visit.parse().ok()?),
            ["findings"] => Self::Findings,
            ["compare", visit] => Self::Compare(visit.parse().ok()?, None),
            ["compare", visit, finding] => Self::Compare(visit.parse().ok()?, Some(finding.parse().ok()?)),
            ["matters"] => Self::Matters,
            ["m", matter] => Self::Matter(matter.parse().ok()?),
            ["m", matter, citation] => Self::Cited(matter.parse().ok()?, citation.parse().ok()?),
            ["units"] => Self::Units,
            ["checklists"] => Self::Checklists,
            ["checklists", checklist] => Self::Checklist(checklist.parse().ok()?),
            ["people"] => Self::People,
            ["me"] => Self::Me,
            ["unsent"] => Self::Unsent,
            ["assignments"] => Self::Assignments,
            ["a", assignment] => Self::Assignment(assignment.parse().ok()?),
            ["assign", assignment] => Self::Assign(assignment.parse().ok()?),
            ["coverage"] => Self::Coverage,
            ["review"] => Self::Review(None),
            ["review", visit, finding] => Self::Review(Some((visit.parse().ok()?, finding.parse().ok()?))),
            ["unit"] => Self::Unit,
            ["figures"] => Self::Figures,
            ["mine"] => Self::MyAssignments,
            ["mine", assignment] => Self::MyAssignment(assignment.parse().ok()?),
            _ => return None,
        })
    }

    /// Whether this page lies below `other` in the navigation.
    pub fn belongs_to(self, other: Self) -> bool {
        let section = match self {
            Self::Record(_) | Self::Finding(..) => Self::Records,
            Self::Visit(_) => Self::Visits,
            Self::Compare(..) => Self::Findings,
            Self::Matter(_) | Self::Cited(..) => Self::Matters,
            Self::Checklist(_) => Self::Checklists,
            Self::Unsent => Self::Me,
            Self::Assignment(_) | Self::Assign(_) | Self::Coverage => Self::Assignments,
            Self::Review(_) => Self::Review(None),
            Self::Unit => Self::Units,
            Self::MyAssignment(_) => Self::MyAssignments,
            page => page,
        };
        section == other
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home => f.write_str("/"),
            Self::Records => f.write_str("/records"),
            Self::Record(visit) => write!(f, "/r/{visit}"),
            Self::Finding(visit, finding) => write!(f, "/r/{visit}/{finding}"),
            Self::Visits => f.write_str("/visits"),
            Self::Visit(visit) => write!(f, "/v/{visit}"),
            Self::Findings => f.write_str("/findings"),
            Self::Compare(visit, None) => write!(f, "/compare/{visit}"),
            Self::Compare(visit, Some(finding)) => write!(f, "/compare/{visit}/{finding}"),
            Self::Matters => f.write_str("/matters"),
            Self::Matter(matter) => write!(f, "/m/{matter}"),
            Self::Cited(matter, citation) => write!(f, "/m/{matter}/{citation}"),
            Self::Units => f.write_str("/units"),
            Self::Checklists => f.write_str("/checklists"),
            Self::Checklist(checklist) => write!(f, "/checklists/{checklist}"),
            Self::People => f.write_str("/people"),
            Self::Me => f.write_str("/me"),
            Self::Unsent => f.write_str("/unsent"),
            Self::Assignments => f.write_str("/assignments"),
            Self::Assignment(assignment) => write!(f, "/a/{assignment}"),
            Self::Assign(assignment) => write!(f, "/assign/{assignment}"),
            Self::Coverage => f.write_str("/coverage"),
            Self::Review(None) => f.write_str("/review"),
            Self::Review(Some((visit, finding))) => write!(f, "/review/{visit}/{finding}"),
            Self::Unit => f.write_str("/unit"),
            Self::Figures => f.write_str("/figures"),
            Self::MyAssignments => f.write_str("/mine"),
            Self::MyAssignment(assignment) => write!(f, "/mine/{assignment}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_again_at_its_address() {
        let document = DocumentId([7; 16]);
        let item = ItemId([9; 16]);
        for route in [
            Route::Home,
            Route::Records,
            Route::Record(document),
            Route::Finding(document, item),
            Route::Visits,
            Route::Visit(document),
            Route::Findings,
            Route::Compare(document, None),
            Route::Compare(document, Some(item)),
            Route::Matters,
            Route::Matter(document),
            Route::Cited(document, 3),
            Route::Units,
            Route::Checklists,
            Route::Checklist(item),
            Route::People,
            Route::Me,
            Route::Unsent,
            Route::Assignments,
            Route::Assignment(document),
            Route::Assign(document),
            Route::Coverage,
            Route::Review(None),
            Route::Review(Some((document, item))),
            Route::Unit,
            Route::Figures,
            Route::MyAssignments,
            Route::MyAssignment(document),
        ] {
            assert_eq!(Route::parse(&route.to_string()), route);
        }
    }

    #[test]
    fn an_unknown_address_leads_home() {
        assert_eq!(Route::parse("/v/xyz"), Route::Home);
        assert_eq!(Route::parse("/nowhere"), Route::Home);
    }
}
