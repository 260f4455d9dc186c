use super::*;
use crate::domain::visit::Start;
use crate::domain::{AssignmentDraft, AssignmentState, Reexamined, Severity, assignment, coverage};
use crate::problem::Problem;
use crate::view::{AssignmentFilter, AssignmentStage, AssignmentView, Covered, Standing, Totals, Window};

const ASSIGNMENT: DocumentId = DocumentId([0x44; 16]);
const ALL: Window = Window { first: 0, count: 100 };

fn content(title: &str) -> AssignmentDraft {
    AssignmentDraft {
        title: title.into(),
        units: ["0101", "0102", "0201", "0101"].map(str::to_owned).into(),
        from: Timestamp(0),
        until: Timestamp(50_000),
        mode: Mode::LookBack,
        look_at: "窗口".into(),
        again: vec![Reexamined {
            unit: "0101".into(),
            text: "无人应答".into(),
            severity: Severity::Serious,
            citation: None,
        }],
        ..AssignmentDraft::default()
    }
}

fn assigned() -> Copy {
    let mut sue = Copy::new(Kind::Assignment, SUE);
    let stamp = sue.stamp();
    assignment::assign(&mut sue.document, stamp, &content("一")).unwrap();
    sue
}

fn revise(copy: &mut Copy, title: &str) {
    let stamp = copy.stamp();
    assignment::revise(&mut copy.document, stamp, &content(title)).unwrap();
}

fn withdraw(copy: &mut Copy) {
    let stamp = copy.stamp();
    assignment::withdraw(&mut copy.document, stamp, "no longer needed").unwrap();
}

fn show(copy: &Copy) -> Option<AssignmentView> {
    assignment::view(&copy.document, ASSIGNMENT, TEAM, &Desk::default().context())
}

#[test]
fn the_newest_version_counts_and_each_unit_once() {
    let mut sue = assigned();
    revise(&mut sue, "二");
    let view = show(&sue).unwrap();
    assert_eq!((view.row.title.as_str(), view.row.state), ("二", AssignmentState::Assigned));
    assert_eq!(view.versions.len(), 1);
    assert_eq!(view.row.covered, Totals { units: 3, ..Totals::default() });
    assert_eq!(view.row.assigned, Timestamp(1000));
    assert_eq!(view.again[0].unit.as_ref().unwrap().name, "单位0101");
}

#[test]
fn versions_stated_concurrently_are_both_shown_until_somebody_settles_it() {
    let mut sue = assigned();
    let mut tom = sue.fork(TOM);
    let _ = sue.document.take_changes();
    revise(&mut sue, "二");
    revise(&mut tom, "三");
    exchange([&mut sue, &mut tom]);
    let (view, other) = (show(&sue).unwrap(), show(&tom).unwrap());
    assert_eq!(view, other);
    assert_eq!(view.row.state, AssignmentState::Disputed);
    let titles: Vec<_> = view.versions.iter().map(|version| version.content.title.as_str()).collect();
    assert!(titles == ["二", "三"] || titles == ["三", "二"], "{titles:?}");
    revise(&mut sue, "四");
    let view = show(&sue).unwrap();
    assert_eq!((view.row.state, view.versions.len()), (AssignmentState::Assigned, 1));
}

#[test]
fn withdrawing_and_revising_concurrently_is_a_dispute_and_revising_gives_it_again() {
    let mut sue = assigned();
    let mut tom = sue.fork(TOM);
    let _ = sue.document.take_changes();
    withdraw(&mut sue);
    assert_eq!(show(&sue).unwrap().row.state, AssignmentState::Withdrawn);
    revise(&mut tom, "二");
    exchange([&mut sue, &mut tom]);
    assert_eq!(show(&sue).unwrap().row.state, AssignmentState::Disputed);
    withdraw(&mut sue);
    assert_eq!(show(&sue).unwrap().row.state, AssignmentState::Withdrawn);
    revise(&mut sue, "三");
    assert_eq!(show(&sue).unwrap().row.state, AssignmentState::Assigned);
}

#[test]
fn what_an_inspector_states_is_shown_and_does_not_count() {
    let mut sue = assigned();
    let mut ana = sue.fork(ANA);
    let _ = sue.document.take_changes();
    revise(&mut ana, "别去");
    withdraw(&mut ana);
    exchange([&mut sue, &mut ana]);
    let view = show(&sue).unwrap();
    assert_eq!((view.row.title.as_str(), view.row.state), ("一", AssignmentState::Assigned));
    let standing: Vec<_> = view.timeline.iter().map(|fact| fact.standing).collect();
    assert_eq!(standing, [Standing::Counts, Standing::NoRight, Standing::NoRight]);
    let mut own = Copy::new(Kind::Assignment, ANA);
    revise(&mut own, "自派");
    assert_eq!(show(&own), None);
    assert_eq!(summary::of(&own.document, TEAM, &Everybody), None);
}

#[test]
fn what_cannot_be_carried_out_is_refused_and_nothing_is_stated() {
    let mut sue = Copy::new(Kind::Assignment, SUE);
    let many = (0..501).map(|unit| unit.to_string()).collect();
    let again = vec![content("").again[0].clone(); 101];
    for (wrong, problem) in [
        (AssignmentDraft { title: " ".into(), ..content("") }, Problem::Empty),
        (AssignmentDraft { units: vec![], ..content("t") }, Problem::Empty),
        (AssignmentDraft { units: many, ..content("t") }, Problem::TooMany { limit: 500 }),
        (AssignmentDraft { again, ..content("t") }, Problem::TooMany { limit: 100 }),
        (AssignmentDraft { from: Timestamp(50_000), ..content("t") }, Problem::EndsBeforeItBegins),
    ] {
        let stamp = sue.stamp();
        assert_eq!(assignment::assign(&mut sue.document, stamp, &wrong), Err(problem));
    }
    assert!(sue.document.facts().is_empty());
}

/// A visit at a unit, begun so many seconds after midnight.
fn visit(unit: &str, at: u8, mode: Mode, assignment: Option<DocumentId>) -> Copy {
    let mut ana = Copy::visit(ANA);
    for _ in 0..at {
        ana.stamp();
    }
    ana.start_with(Start { unit: Some(unit), mode, assignment, ..Start::default() });
    ana
}

#[test]
fn visits_between_the_dates_or_begun_from_it_count_and_others_do_not() {
    let mut desk = Desk::default();
    let sue = assigned();
    desk.put(ASSIGNMENT, &sue.document);
    let covered = |desk: &Desk| {
        let view = assignment::view(&sue.document, ASSIGNMENT, TEAM, &desk.context()).unwrap();
        let units: Vec<_> = view.units.iter().map(|unit| (unit.covered, unit.findings)).collect();
        let rows = coverage::assignments(&AssignmentFilter::default(), ALL, Timestamp(9), &desk.context());
        assert_eq!(rows.rows[0].covered, view.row.covered);
        (units, view.row.covered)
    };
    let late = visit("0101", 60, Mode::LookBack, None);
    desk.put(item_document(1), &late.document);
    assert_eq!(covered(&desk).0, [(Covered::Waiting, 0); 3]);
    // What is looked back on is not the look-back.
    let before = visit("0102", 2, Mode::Undercover, None);
    desk.put(item_document(4), &before.document);
    assert_eq!(covered(&desk).0, [(Covered::Waiting, 0); 3]);
    let begun = visit("0102", 3, Mode::Acceptance, None);
    desk.put(item_document(2), &begun.document);
    let mut named = visit("0201", 60, Mode::Undercover, Some(ASSIGNMENT));
    named.edit(VisitEdit::AddFinding { finding: item(1), question: None });
    named.submit();
    desk.put(item_document(3), &named.document);
    let (units, totals) = covered(&desk);
    assert_eq!(units, [(Covered::Waiting, 0), (Covered::Begun, 0), (Covered::Visited, 1)]);
    assert_eq!(totals, Totals { units: 3, visited: 1, begun: 1, with_findings: 1 });
    let waiting = coverage::waiting(Timestamp(9), &desk.context());
    assert_eq!(waiting, [("0101".to_owned(), vec![ASSIGNMENT]), ("0102".to_owned(), vec![ASSIGNMENT])]);
    assert_eq!(coverage::waiting(Timestamp(50_000), &desk.context()), []);
    let all = coverage::coverage(Timestamp(49_999), Timestamp(90_000), &desk.context());
    assert_eq!((all.totals, all.unplaced), (totals, 3));
    let areas: Vec<_> = all.areas.iter().map(|row| (row.area.code.as_str(), row.totals.units)).collect();
    assert_eq!(areas, [("01", 2), ("02", 1)]);
    assert_eq!(coverage::coverage(Timestamp(50_000), Timestamp(90_000), &desk.context()).areas, []);
    let view = crate::domain::visit::view(&named.document, VISIT, TEAM, &desk.context());
    let assignment = view.assignment.unwrap();
    assert_eq!((assignment.title.as_str(), assignment.again.len()), ("一", 0));
    named.edit(VisitEdit::Unit("0101".into()));
    let view = crate::domain::visit::view(&named.document, VISIT, TEAM, &desk.context());
    assert_eq!(view.assignment.unwrap().again[0].text, "无人应答");
    named.void();
    desk.put(item_document(3), &named.document);
    assert_eq!(covered(&desk).1.visited, 0);
}

#[test]
fn open_assignments_come_first_and_those_that_end_soonest_before_the_others() {
    let mut desk = Desk::default();
    for (number, until) in [(1, 10), (2, 90), (3, 50), (4, 20)] {
        let mut sue = Copy::new(Kind::Assignment, SUE);
        let stamp = sue.stamp();
        let content = AssignmentDraft { until: Timestamp(until), ..content("t") };
        assignment::assign(&mut sue.document, stamp, &content).unwrap();
        desk.put(item_document(number), &sue.document);
    }
    let list = |stage, unit: Option<&str>| {
        let filter = AssignmentFilter { stage, unit: unit.map(str::to_owned), ..AssignmentFilter::default() };
        let rows = coverage::assignments(&filter, ALL, Timestamp(30), &desk.context());
        rows.rows.into_iter().map(|row| row.until.0).collect::<Vec<_>>()
    };
    assert_eq!(list(AssignmentStage::All, None), [50, 90, 20, 10]);
    assert_eq!(list(AssignmentStage::Open, Some("0102")), [50, 90]);
    assert_eq!(list(AssignmentStage::Over, None), [20, 10]);
    assert!(list(AssignmentStage::All, Some("0999")).is_empty());
    assert!(list(AssignmentStage::Withdrawn, None).is_empty());
}

fn item_document(number: u8) -> DocumentId {
    DocumentId([number; 16])
}
