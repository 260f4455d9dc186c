use super::*;
use crate::domain::summary::{FindingSummary, Struck};
use crate::domain::{Citation, MatterSummary, Severity, VisitState, VisitSummary, lists};
use crate::view::{FindingFilter, Stage, VisitFilter, Window};
use core::cell::Cell;

const ALL: Window = Window { first: 0, count: 1000 };

fn id(number: u32) -> DocumentId {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    DocumentId(id)
}

fn finding(number: u8, category: &str, severity: Severity, seen: &str) -> FindingSummary {
    FindingSummary {
        finding: item(number),
        category: category.into(),
        severity: Some(severity),
        place: String::new(),
        person: String::new(),
        excerpt: seen.into(),
        text: seen.to_lowercase(),
        struck: Struck::Not,
    }
}

fn visit(number: u32, unit: &str, state: VisitState, findings: Vec<FindingSummary>) -> VisitSummary {
    VisitSummary {
        space: TEAM,
        heads: Heads::default(),
        unit: unit.into(),
        mode: Mode::Undercover,
        started: Timestamp(u64::from(number) * 10),
        state,
        conflicts: 0,
        seen: false,
        authors: vec![member(ANA)],
        excerpt: String::new(),
        notes: format!("notes of {number}"),
        findings,
        assignment: None,
    }
}

fn desk(visits: impl IntoIterator<Item = (u32, VisitSummary)>) -> Desk {
    let rows = visits.into_iter().map(|(number, visit)| (id(number), Summary::Visit(visit)));
    Desk { summaries: rows.collect(), ..Desk::default() }
}

fn numbers(desk: &Desk, filter: &VisitFilter) -> Vec<u64> {
    let rows = lists::visits(filter, ALL, &desk.context());
    assert_eq!(rows.total as usize, rows.rows.len());
    rows.rows.iter().map(|row| row.started.0 / 10).collect()
}

#[test]
fn visits_are_filtered_searched_and_shown_newest_first() {
    let mut other_team = visit(4, "0202", VisitState::Submitted, vec![]);
    other_team.space = SpaceId([1; 16]);
    other_team.mode = Mode::LookBack;
    other_team.authors = vec![member(BEN)];
    let absent = finding(1, "discipline.absent", Severity::Grave, "Nobody at window 3");
    let desk = desk([
        (1, visit(1, "0101", VisitState::Draft, vec![])),
        (2, visit(2, "0102", VisitState::Submitted, vec![absent])),
        (3, visit(3, "", VisitState::Voided, vec![])),
        (4, other_team),
        (5, visit(5, "0101", VisitState::Disputed, vec![])),
    ]);
    let with = |change: fn(&mut VisitFilter)| {
        let mut filter = VisitFilter::default();
        change(&mut filter);
        numbers(&desk, &filter)
    };
    assert_eq!(with(|_| ()), [5, 4, 3, 2, 1]);
    assert_eq!(with(|filter| filter.stage = Stage::Submitted), [5, 4, 2]);
    assert_eq!(with(|filter| filter.unit = Some("0101".into())), [5, 1]);
    assert_eq!(with(|filter| filter.unit = Some("01".into())), [5, 2, 1]);
    assert_eq!(with(|filter| filter.mode = Some(Mode::LookBack)), [4]);
    assert_eq!(with(|filter| filter.team = Some(TEAM)), [5, 3, 2, 1]);
    assert_eq!(with(|filter| filter.from = Some(Timestamp(40))), [5, 4]);
    assert_eq!(with(|filter| filter.until = Some(Timestamp(20))), [1]);
    assert_eq!(with(|filter| filter.text = "NOTES of 3 ".into()), [3]);
    assert_eq!(with(|filter| filter.text = "Window 3".into()), [2]);
    assert_eq!(with(|filter| filter.text = "单位02".into()), [4]);
    assert_eq!(with(|filter| filter.text = "ben".into()), [4]);
    let window = Window { first: 1, count: 2 };
    let rows = lists::visits(&VisitFilter::default(), window, &desk.context());
    assert_eq!((rows.total, rows.first, rows.rows.len()), (5, 1, 2));
    let past = Window { first: 9, count: 2 };
    assert!(lists::visits(&VisitFilter::default(), past, &desk.context()).rows.is_empty());
    assert_eq!(lists::visits_of_unit("0101", &desk.context()), [id(5)]);
}

#[test]
fn findings_are_those_that_stand_of_submitted_visits() {
    let mut struck = finding(2, "power.slow", Severity::Grave, "struck");
    struck.struck = Struck::Out;
    let findings = vec![
        finding(1, "power.slow", Severity::Minor, "waited an hour"),
        struck,
        finding(3, "duty.ab-post", Severity::Serious, "no stand-in"),
    ];
    let mut desk = desk([
        (1, visit(1, "0101", VisitState::Submitted, findings.clone())),
        (2, visit(2, "0101", VisitState::Draft, findings)),
    ]);
    let citation = Citation { visit: id(1), heads: Heads::default(), finding: item(3) };
    let matter = MatterSummary {
        space: TEAM,
        heads: Heads::default(),
        title: "t".into(),
        unit: String::new(),
        category: String::new(),
        severity: Severity::Minor,
        opened: Timestamp(1),
        opened_by: None,
        citations: vec![citation],
    };
    desk.summaries.insert(id(9), Summary::Matter(matter));
    let list = |filter: FindingFilter| {
        let rows = lists::findings(&filter, ALL, &desk.context()).rows;
        rows.into_iter().map(|row| (row.finding, row.matters)).collect::<Vec<_>>()
    };
    let all = [(item(1), vec![]), (item(3), vec![id(9)])];
    assert_eq!(list(FindingFilter::default()), all);
    assert_eq!(list(FindingFilter { category: Some("power".into()), ..Default::default() }), all[..1]);
    assert_eq!(list(FindingFilter { category: Some("duty.ab-post".into()), ..Default::default() }), all[1..]);
    assert_eq!(list(FindingFilter { severity: Some(Severity::Serious), ..Default::default() }), all[1..]);
    let text = VisitFilter { text: "stand-in".into(), ..Default::default() };
    assert_eq!(list(FindingFilter { visit: text, ..Default::default() }), all[1..]);
    assert_eq!(lists::matters(ALL, &desk.context()).rows[0].citations, 1);
}

/// A register that counts how often it is asked.
#[derive(Default)]
struct Asked(Cell<u32>);

impl Units for Asked {
    fn summary(&self, code: &str) -> Option<UnitSummary> {
        self.0.set(self.0.get() + 1);
        Units::summary(&Everybody, code)
    }

    fn is_below(&self, code: &str, ancestor: &str) -> bool {
        self.0.set(self.0.get() + 1);
        Units::is_below(&Everybody, code, ancestor)
    }

    fn parent(&self, code: &str) -> Option<String> {
        Units::parent(&Everybody, code)
    }
}

#[test]
fn a_search_of_ten_thousand_visits_asks_about_each_unit_once() {
    let desk = desk((0..10_000).map(|number| {
        let findings = vec![finding(1, "power.slow", Severity::Minor, &"waited ".repeat(40))];
        (number, visit(number, &format!("{:04}", number % 100), VisitState::Submitted, findings))
    }));
    let asked = Asked::default();
    let context = Context { units: &asked, ..desk.context() };
    let filter =
        VisitFilter { text: "no such text".into(), unit: Some("00".into()), ..VisitFilter::default() };
    assert_eq!(lists::visits(&filter, ALL, &context).total, 0);
    assert_eq!(asked.0.take(), 200, "below once, name once");
    let window = Window { first: 5000, count: 50 };
    let rows = lists::visits(&VisitFilter::default(), window, &context);
    assert_eq!((rows.total, rows.rows.len()), (10_000, 50));
    assert_eq!(asked.0.take(), 50, "only rows that are shown");
}
