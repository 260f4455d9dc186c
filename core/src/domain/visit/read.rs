//! What a visit looks like, now or as it was.

use super::examine::examined;
use super::review::{Reviewed, sent_back, since_submitted};
use super::{VisitFact, facts, state};
use crate::defect::{Defect, is_on};
use crate::document::{Document, Handle, Version};
use crate::domain::checklist::asking;
use crate::domain::fact::{Stated, Statement as _, timeline};
use crate::domain::finding::{FindingField, QUESTION, SEEN};
use crate::domain::{Checklist, Context, People, Question, Summary, assignment};
use crate::ids::{DocumentId, ItemId, MemberId, SpaceId, StreamId};
use crate::sorted::SortedSet;
use crate::time::Timestamp;
use crate::view::{self, ExaminedView, FindingView, Heads, Tick, VisitView};

/// A visit, as it is now.
#[must_use]
pub fn view(document: &Document, id: DocumentId, space: SpaceId, context: &Context<'_>) -> VisitView {
    let now = document.now();
    let tick = context.people.tick(id, is_read(document, &now, context.people));
    view_of(document, id, space, (&now, document.heads(), tick), context)
}

/// A visit, as it was at `heads`; `None` if this copy does not know them.
#[must_use]
pub fn view_at(
    document: &Document,
    id: DocumentId,
    space: SpaceId,
    heads: &Heads,
    context: &Context<'_>,
) -> Option<VisitView> {
    let version = document.version(heads)?;
    Some(view_of(document, id, space, (&version, heads.clone(), Tick::Saved), context))
}

fn view_of(
    document: &Document,
    id: DocumentId,
    space: SpaceId,
    (version, heads, tick): (&Version, Heads, Tick),
    context: &Context<'_>,
) -> VisitView {
    let facts = facts(document, version, context.people);
    let field = |path: &str| field(document, path, version, context.people);
    let (unit, checklist) = (field("unit"), field("checklist"));
    let answers = answers(document, version, context.people);
    let questions = questions(&checklist.value, &answers, context.checklists);
    let asking = asking(questions.as_ref().map_or(&[], |checklist| &checklist.questions), &answers);
    let state = state(document, &facts);
    let (examines, examines_text) = examined(document, &facts);
    VisitView {
        visit: id,
        heads,
        team: space,
        team_name: context.team_name(space),
        unit_summary: context.unit(&unit.value),
        asked: asking.shown,
        unanswered: asking.unanswered,
        assignment: assignment(&facts).and_then(|id| assignment::of_visit(id, &unit.value, context)),
        questions,
        unit,
        mode: field("mode"),
        checklist,
        started: started(&facts),
        answers,
        notes: document.part("notes").map(|notes| document.text(notes, version)).unwrap_or_default(),
        findings: findings(document, id, version, &facts, context),
        since_submitted: since_submitted(document, version, &facts, state),
        sent_back: sent_back(document, &facts),
        state,
        examines: examines.into_iter().map(ExaminedView::of).collect(),
        examines_text,
        tick,
        authors: authors(document, version, context.people)
            .into_iter()
            .map(|member| (member, context.name(Some(member))))
            .collect(),
        timeline: timeline(&facts, context),
    }
}

/// When a visit began, by the clock of who began it.
pub(crate) fn started(facts: &[Stated<VisitFact>]) -> Timestamp {
    let begun = facts.iter().find(|fact| matches!(fact.what, Some(VisitFact::Started { .. })));
    begun.map(|fact| fact.at).unwrap_or_default()
}

/// The assignment that a visit was begun from.
pub(crate) fn assignment(facts: &[Stated<VisitFact>]) -> Option<DocumentId> {
    facts.iter().find_map(|fact| match fact.counting()? {
        VisitFact::Started { assignment } => *assignment,
        _ => None,
    })
}

/// Who wrote in a visit, first ones first. Reading is not writing.
pub(crate) fn authors(document: &Document, version: &Version, people: &dyn People) -> Vec<MemberId> {
    let mut made = authors_work(document, version);
    made.sort_by_key(|made| made.order);
    let mut known = SortedSet::new();
    made.into_iter()
        .filter_map(|made| people.author(made.actor))
        .map(|author| author.member)
        .filter(|&member| known.insert(member))
        .collect()
}

/// The changes that do more than say what the office says of the visit.
pub(super) fn authors_work(document: &Document, version: &Version) -> Vec<crate::document::Made> {
    let facts = document.facts_in(version);
    let other: SortedSet<_> = facts
        .iter()
        .filter(|fact| VisitFact::decode_fact(fact.value).is_none_or(|fact| !fact.is_of_office()))
        .map(|fact| fact.node)
        .collect();
    document.made(version).filter(|made| !made.only_facts || other.contains(&made.node)).collect()
}

/// Whether a supervisor has read the visit as it is in `version`: every change that is more than a fact `seen` lies
/// within what one of them read. What the office itself says of it need not be read.
pub(crate) fn is_read(document: &Document, version: &Version, people: &dyn People) -> bool {
    let work = authors_work(document, version);
    let facts = facts(document, &document.now(), people);
    facts.iter().filter_map(Stated::counting).any(|fact| match fact {
        VisitFact::Seen { heads } => document
            .version(&Heads(heads.clone()))
            .is_some_and(|seen| work.iter().all(|made| document.is_in(made.node, &seen))),
        _ => false,
    })
}

/// When a visit was first submitted, by the clock of who did.
pub(crate) fn first_submitted(facts: &[Stated<VisitFact>]) -> Option<Timestamp> {
    let is_submission = |fact: &&Stated<VisitFact>| fact.counting() == Some(&VisitFact::Submitted);
    facts.iter().filter(is_submission).map(|fact| fact.at).min()
}

/// When a supervisor first read the visit, by their clock.
pub(crate) fn first_read(facts: &[Stated<VisitFact>]) -> Option<Timestamp> {
    let is_reading = |fact: &&Stated<VisitFact>| matches!(fact.counting(), Some(VisitFact::Seen { .. }));
    facts.iter().filter(is_reading).map(|fact| fact.at).min()
}

/// Where a field lies, by the path that views give it.
pub(super) struct Field {
    pub map: Handle,
    pub key: String,
}

impl Field {
    pub fn at(document: &Document, path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            [key @ ("unit" | "mode" | "checklist")] => {
                Some(Self { map: document.part("fields")?, key: (*key).to_owned() })
            }
            ["answers", question] => {
                let question: ItemId = question.parse().ok()?;
                Some(Self { map: document.part("answers")?, key: question.to_string() })
            }
            ["findings", finding, field] => {
                let finding: ItemId = finding.parse().ok()?;
                let field = FindingField::ALL.into_iter().find(|known| known.key() == *field)?;
                let maps = finding_maps(document, &document.now());
                let (_, map) = maps.into_iter().find(|&(id, _)| id == finding)?;
                Some(Self { map, key: field.key().to_owned() })
            }
            _ => None,
        }
    }
}

/// The different strings under a key, the winning one first.
pub(super) fn readings(
    document: &Document,
    map: Handle,
    key: &str,
    version: &Version,
) -> Vec<(String, StreamId)> {
    let mut values = document.strings(map, key, version);
    let mut known = SortedSet::new();
    values.retain(|(value, _)| known.insert(value.clone()));
    if is_on(Defect::DropConcurrentValue) {
        values.truncate(1);
    }
    values
}

/// A field's value, and whether there are several.
pub(crate) struct Scalar {
    pub value: String,
    pub disputed: bool,
}

/// Reads a field without asking who wrote it.
pub(crate) fn scalar(document: &Document, map: Handle, key: &str, version: &Version) -> Scalar {
    let mut values = readings(document, map, key, version);
    let disputed = values.len() > 1;
    let value = if values.is_empty() { String::new() } else { values.swap_remove(0).0 };
    Scalar { value, disputed }
}

fn field(document: &Document, path: &str, version: &Version, people: &dyn People) -> view::Field {
    let place = Field::at(document, path);
    let values = place.map(|place| readings(document, place.map, &place.key, version)).unwrap_or_default();
    field_of(path.to_owned(), values, people)
}

fn field_of(path: String, values: Vec<(String, StreamId)>, people: &dyn People) -> view::Field {
    let value = values.first().map(|(value, _)| value.clone()).unwrap_or_default();
    let conflict = match values.len() {
        0 | 1 => Vec::new(),
        _ => values
            .into_iter()
            .map(|(value, actor)| (value, people.author(actor).map(|author| author.member)))
            .collect(),
    };
    view::Field { path, value, conflict }
}

fn answers(document: &Document, version: &Version, people: &dyn People) -> Vec<(ItemId, view::Field)> {
    let Some(map) = document.part("answers") else { return Vec::new() };
    let keys = document.keys(map, version).into_iter();
    keys.filter_map(|key| {
        let question: ItemId = key.parse().ok()?;
        let values = readings(document, map, &key, version);
        let field = field_of(format!("answers/{question}"), values, people);
        let taken_back = field.value.is_empty() && field.conflict.is_empty();
        (!taken_back).then_some((question, field))
    })
    .collect()
}

/// The newest version of a checklist, and after its questions those of older versions that were answered here.
fn questions(
    checklist: &str,
    answers: &[(ItemId, view::Field)],
    checklists: &[Checklist],
) -> Option<Checklist> {
    let id: ItemId = checklist.parse().ok()?;
    let mut versions: Vec<&Checklist> = checklists.iter().filter(|other| other.id == id).collect();
    versions.sort_by_key(|other| other.version);
    let mut newest = (*versions.last()?).clone();
    let older: Vec<&Question> = versions.iter().rev().flat_map(|other| &other.questions).collect();
    for (question, _) in answers {
        if newest.questions.iter().all(|other| other.id != *question) {
            newest.questions.extend(older.iter().find(|other| other.id == *question).map(|&q| q.clone()));
        }
    }
    Some(newest)
}

/// How many required questions a visit leaves unanswered.
pub(crate) fn unanswered(document: &Document, people: &dyn People, checklists: &[Checklist]) -> usize {
    let version = document.now();
    let answers = answers(document, &version, people);
    let checklist = field(document, "checklist", &version, people).value;
    let questions = questions(&checklist, &answers, checklists);
    questions.map_or(0, |list| asking(&list.questions, &answers).unanswered.len())
}

/// The findings of a visit, whatever was done to them later, oldest first.
pub(crate) fn finding_maps(document: &Document, version: &Version) -> Vec<(ItemId, Handle)> {
    let Some(findings) = document.part("findings") else { return Vec::new() };
    let children = document.children(findings, version).into_iter();
    children.filter_map(|child| Some((child.key.parse().ok()?, child.handle))).collect()
}

/// Who struck a finding out.
pub(crate) fn struck(facts: &[Stated<VisitFact>], finding: ItemId) -> Option<MemberId> {
    let struck = |fact: &&Stated<VisitFact>| fact.counting() == Some(&VisitFact::Struck { finding });
    facts.iter().find(struck).and_then(Stated::member)
}

fn findings(
    document: &Document,
    visit: DocumentId,
    version: &Version,
    facts: &[Stated<VisitFact>],
    context: &Context<'_>,
) -> Vec<FindingView> {
    let reviewed = Reviewed::new(document, version, facts);
    let view = |(finding, map): (ItemId, Handle)| {
        let field = |field: FindingField| {
            let values = readings(document, map, field.key(), version);
            field_of(format!("findings/{finding}/{}", field.key()), values, context.people)
        };
        let seen = document.child_text(map, SEEN, version);
        FindingView {
            finding,
            question: scalar(document, map, QUESTION, version).value.parse().ok(),
            category: field(FindingField::Category),
            severity: field(FindingField::Severity),
            place: field(FindingField::Place),
            person: field(FindingField::Person),
            rule: field(FindingField::Rule),
            seen: seen.map(|seen| document.text(seen, version)).unwrap_or_default(),
            struck: struck(facts, finding),
            matters: cited_by(context, visit, finding),
            review: reviewed.view(finding, map, context),
        }
    };
    let mut findings: Vec<_> = finding_maps(document, version).into_iter().map(view).collect();
    findings.sort_by_key(|finding| finding.struck.is_some());
    findings
}

/// The matters that cite a finding.
pub(crate) fn cited_by(context: &Context<'_>, visit: DocumentId, finding: ItemId) -> Vec<DocumentId> {
    let cites = |summary: &Summary| match summary {
        Summary::Matter(matter) => {
            matter.citations.iter().any(|citation| citation.visit == visit && citation.finding == finding)
        }
        Summary::Visit(_) | Summary::Assignment(_) => false,
    };
    context.summaries.iter().filter(|(_, summary)| cites(summary)).map(|(&id, _)| id).collect()
}
