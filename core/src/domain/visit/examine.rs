//! What a look-back or an acceptance re-examines.

use super::VisitFact;
use crate::document::Document;
use crate::domain::fact::{Stated, latest};
use crate::domain::{Citation, Stamp, limits};
use crate::ids::DocumentId;
use crate::problem::Problem;
use crate::sorted::SortedSet;
use crate::view::{ExaminedFinding, ExaminedView, Heads, VisitView};

/// Says what the visit re-examines, instead of what was said before. Nothing at all is a valid answer.
pub(super) fn examine(
    document: &mut Document,
    stamp: Stamp,
    citations: &[Citation],
    text: &str,
) -> Result<(), Problem> {
    limits::many(citations.len(), limits::MAX_CITATIONS)?;
    limits::text(text)?;
    let fact = VisitFact::Examines { citations: citations.to_vec(), text: text.to_owned() };
    super::edit::state(document, stamp, &fact)
}

/// What the visit re-examines: of several lists made concurrently, all that is in any of them.
pub(crate) fn examined<'a>(
    document: &Document,
    facts: &'a [Stated<VisitFact>],
) -> (Vec<&'a Citation>, String) {
    let lists = latest(document, facts, |fact| match fact {
        VisitFact::Examines { citations, text } => Some((citations, text.as_str())),
        _ => None,
    });
    let mut known = SortedSet::new();
    let citations = lists.iter().flat_map(|(_, (citations, _))| *citations);
    let citations = citations.filter(|citation| known.insert(*citation)).collect();
    let mut texts: Vec<&str> = lists.iter().map(|(_, (_, text))| *text).collect();
    texts.retain(|text| !text.is_empty());
    texts.dedup();
    (citations, texts.join("\n"))
}

/// Fills in what the cited findings said, from the visits that this device has.
pub fn resolve(view: &mut VisitView, cited: &dyn Fn(DocumentId, &Heads) -> Option<VisitView>) {
    for examined in &mut view.examines {
        let Some(visit) = cited(examined.visit, &examined.heads) else { continue };
        let finding = visit.findings.into_iter().find(|finding| finding.finding == examined.finding);
        examined.shown = finding.map(|finding| ExaminedFinding {
            unit: visit.unit_summary,
            started: visit.started,
            category: finding.category.value,
            severity: finding.severity.value,
            place: finding.place.value,
            person: finding.person.value,
            seen: finding.seen,
        });
    }
}

impl ExaminedView {
    /// A cited finding before it is looked up.
    pub(super) fn of(citation: &Citation) -> Self {
        Self { visit: citation.visit, heads: citation.heads.clone(), finding: citation.finding, shown: None }
    }
}
