//! Assignments 派发: a team is asked to visit units between two dates.

use crate::cbor::{decode_in_order, decode_variants};
use crate::document::Document;
use crate::domain::fact::{FactCode, Stated, Statement, latest, stated, timeline};
use crate::domain::summary::AssignmentSummary;
use crate::domain::{Citation, Context, Mode, People, Role, Severity, Stamp, coverage, limits};
use crate::ids::{DocumentId, ItemId, SpaceId};
use crate::problem::Problem;
use crate::sorted::SortedSet;
use crate::time::Timestamp;
use crate::view::{AssignmentRow, AssignmentVersion, AssignmentView, ReexaminedView, VisitAssignment};
use minicbor::Encode;
use serde::{Deserialize, Serialize};

/// What is asked of a team.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Encode)]
pub struct AssignmentDraft {
    /// What it is called.
    #[n(0)]
    pub title: String,
    /// The codes of the units to visit, each once.
    #[n(1)]
    pub units: Vec<String>,
    /// Visits begun at or after count.
    #[n(2)]
    pub from: Timestamp,
    /// Visits begun before count.
    #[n(3)]
    pub until: Timestamp,
    /// How to visit.
    #[n(4)]
    pub mode: Mode,
    /// The checklist to go through.
    #[n(5)]
    pub checklist: Option<ItemId>,
    /// What to look at.
    #[n(6)]
    pub look_at: String,
    /// What a look-back or an acceptance examines again.
    #[n(7)]
    pub again: Vec<Reexamined>,
}

decode_in_order!(AssignmentDraft { title, units, from, until, mode, checklist, look_at, again });

/// What was found wrong before and is to be examined again, copied in: who visits may not read where it is from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Encode)]
pub struct Reexamined {
    /// The unit's code.
    #[n(0)]
    pub unit: String,
    /// What was wrong.
    #[n(1)]
    pub text: String,
    /// How grave it was.
    #[n(2)]
    pub severity: Severity,
    /// The finding, in the version that was read.
    #[n(3)]
    pub citation: Option<Citation>,
}

decode_in_order!(Reexamined { unit, text, severity, citation });

/// Where an assignment stands, derived from its facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AssignmentState {
    /// It is to be carried out.
    #[default]
    Assigned,
    /// It was taken back.
    Withdrawn,
    /// Two people stated different things without knowing of each other; one of them settles it by stating it anew.
    Disputed,
}

/// What can be stated about an assignment.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub enum AssignmentFact {
    /// It was given to the team.
    #[n(0)]
    Assigned {
        /// The whole of it.
        #[n(0)]
        content: AssignmentDraft,
    },
    /// It was changed; one that was withdrawn is given again.
    #[n(1)]
    Revised {
        /// The whole of it.
        #[n(0)]
        content: AssignmentDraft,
    },
    /// It was taken back.
    #[n(2)]
    Withdrawn {
        /// Why.
        #[n(0)]
        reason: String,
    },
}

decode_variants!(AssignmentFact {
    0 Assigned { content },
    1 Revised { content },
    2 Withdrawn { reason },
});

impl AssignmentFact {
    fn content(&self) -> Option<&AssignmentDraft> {
        match self {
            Self::Assigned { content } | Self::Revised { content } => Some(content),
            Self::Withdrawn { .. } => None,
        }
    }
}

impl Statement for AssignmentFact {
    fn stated_by(&self) -> &'static [Role] {
        &[Role::Supervisor, Role::Coordinator]
    }

    fn code(&self) -> FactCode {
        match self {
            Self::Assigned { .. } => FactCode::VisitsAssigned,
            Self::Revised { .. } => FactCode::AssignmentRevised,
            Self::Withdrawn { .. } => FactCode::AssignmentWithdrawn,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Assigned { content } | Self::Revised { content } => content.title.clone(),
            Self::Withdrawn { reason } => reason.clone(),
        }
    }
}

/// Gives an assignment to a team, in a new document.
///
/// # Errors
///
/// [`Problem`] if there is no title or no unit, or it ends before it begins, or is beyond [`limits`].
pub fn assign(document: &mut Document, stamp: Stamp, content: &AssignmentDraft) -> Result<(), Problem> {
    let content = checked(content)?;
    state(document, stamp, &AssignmentFact::Assigned { content })
}

/// Changes an assignment, or gives one again that was withdrawn.
///
/// # Errors
///
/// As [`assign`].
pub fn revise(document: &mut Document, stamp: Stamp, content: &AssignmentDraft) -> Result<(), Problem> {
    let content = checked(content)?;
    state(document, stamp, &AssignmentFact::Revised { content })
}

/// Takes an assignment back.
///
/// # Errors
///
/// [`Problem::Empty`] or [`Problem::TooLong`] for the reason.
pub fn withdraw(document: &mut Document, stamp: Stamp, reason: &str) -> Result<(), Problem> {
    limits::name(reason)?;
    state(document, stamp, &AssignmentFact::Withdrawn { reason: reason.to_owned() })
}

fn state(document: &mut Document, stamp: Stamp, fact: &AssignmentFact) -> Result<(), Problem> {
    let bytes = fact.encode_fact();
    document.edit(stamp.at, |edit| edit.state(stamp.key, bytes)).map_err(limits::refused)
}

/// What may be stated: within limits, and each unit once.
fn checked(content: &AssignmentDraft) -> Result<AssignmentDraft, Problem> {
    limits::name(&content.title)?;
    limits::text(&content.look_at)?;
    if content.units.is_empty() {
        return Err(Problem::Empty);
    }
    limits::many(content.units.len(), limits::MAX_ASSIGNED_UNITS)?;
    limits::many(content.again.len(), limits::MAX_REEXAMINED)?;
    if content.until <= content.from {
        return Err(Problem::EndsBeforeItBegins);
    }
    content.units.iter().try_for_each(|unit| limits::name(unit))?;
    for again in &content.again {
        limits::line(&again.unit)?;
        limits::name(&again.text)?;
    }
    let mut content = content.clone();
    let mut known = SortedSet::new();
    content.units.retain(|unit| known.insert(unit.clone()));
    Ok(content)
}

/// What an assignment asks: one content, or several that were stated concurrently, each with its fact.
fn contents<'a>(
    document: &Document,
    facts: &'a [Stated<AssignmentFact>],
) -> Vec<(&'a Stated<AssignmentFact>, &'a AssignmentDraft)> {
    let mut contents = latest(document, facts, AssignmentFact::content);
    let mut known = SortedSet::new();
    contents.retain(|(_, content)| known.insert(*content));
    contents
}

/// Where an assignment stands: what counts is what nobody overtook knowingly.
fn state_of(document: &Document, facts: &[Stated<AssignmentFact>]) -> AssignmentState {
    let last = latest(document, facts, |fact| Some(fact.content()));
    let mut known: Vec<_> = last.into_iter().map(|(_, content)| content).collect();
    known.dedup();
    match known.as_slice() {
        [None] => AssignmentState::Withdrawn,
        [] | [Some(_)] => AssignmentState::Assigned,
        _ => AssignmentState::Disputed,
    }
}

/// The row of an assignment; `None` before anybody with the right to has given it.
#[must_use]
pub fn summary(document: &Document, space: SpaceId, people: &dyn People) -> Option<AssignmentSummary> {
    let facts = stated(document, &document.now(), people);
    summary_of(document, space, &facts)
}

fn summary_of(
    document: &Document,
    space: SpaceId,
    facts: &[Stated<AssignmentFact>],
) -> Option<AssignmentSummary> {
    let first = facts.iter().find(|fact| fact.counting().is_some_and(|fact| fact.content().is_some()))?;
    let (_, content) = contents(document, facts).pop()?;
    Some(AssignmentSummary {
        space,
        heads: document.heads(),
        content: content.clone(),
        state: state_of(document, facts),
        assigned: first.at,
        assigned_by: first.member(),
    })
}

/// An assignment as it is now; `None` before anybody with the right to has given it.
#[must_use]
pub fn view(
    document: &Document,
    id: DocumentId,
    space: SpaceId,
    context: &Context<'_>,
) -> Option<AssignmentView> {
    let facts = stated(document, &document.now(), context.people);
    let summary = summary_of(document, space, &facts)?;
    let visited = coverage::Visited::new(context);
    let versions = contents(document, &facts).into_iter().map(|(fact, content)| AssignmentVersion {
        by: context.name(fact.member()),
        at: fact.at,
        content: content.clone(),
    });
    Some(AssignmentView {
        row: row(id, &summary, &visited, context),
        versions: versions.collect(),
        again: summary.content.again.iter().map(|again| reexamined(again, context)).collect(),
        units: visited.units(id, &summary, context),
        timeline: timeline(&facts, context),
    })
}

/// An assignment in a list.
#[must_use]
pub fn row(
    id: DocumentId,
    summary: &AssignmentSummary,
    visited: &coverage::Visited<'_>,
    context: &Context<'_>,
) -> AssignmentRow {
    let AssignmentSummary { space, content, .. } = summary;
    AssignmentRow {
        assignment: id,
        team: *space,
        team_name: context.team_name(*space),
        title: content.title.clone(),
        from: content.from,
        until: content.until,
        mode: content.mode,
        checklist: content.checklist,
        state: summary.state,
        again: content.again.len() as u32,
        covered: visited.totals(id, summary),
        assigned: summary.assigned,
        assigned_by: context.name(summary.assigned_by),
        tick: context.people.tick(id, false),
    }
}

/// What a visit shows of the assignment that it was begun from; `None` when this device does not have it.
pub(crate) fn of_visit(id: DocumentId, unit: &str, context: &Context<'_>) -> Option<VisitAssignment> {
    let AssignmentSummary { content, state, .. } = context.summaries.get(&id)?.assignment()?;
    let again = content.again.iter().filter(|again| again.unit == unit);
    Some(VisitAssignment {
        assignment: id,
        title: content.title.clone(),
        until: content.until,
        look_at: content.look_at.clone(),
        state: *state,
        again: again.map(|again| reexamined(again, context)).collect(),
    })
}

fn reexamined(again: &Reexamined, context: &Context<'_>) -> ReexaminedView {
    ReexaminedView {
        unit: context.unit(&again.unit),
        text: again.text.clone(),
        severity: again.severity,
        citation: again.citation.clone(),
    }
}
