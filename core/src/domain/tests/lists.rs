use super::*;
use crate::domain::summary::{FindingSummary, Struck};
use crate::domain::{
    Citation, MatterSummary, ReviewState, Severity, VisitState, VisitSummary, agreement, figures, lists,
    proposals, unit_timeline,
};
use crate::view::{
    Direction, FindingFilter, MatterFilter, Merged, Order, Since, SortKey, Stage, VisitFilter, Window,
};
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
        seen: seen.into(),
        text: seen.to_lowercase(),
        struck: Struck::Not,
        question: None,
        review: ReviewState::Waiting,
        since: Since::Unchanged,
        reviewed: None,
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
        notes: String::new(),
        text: format!("notes of {number}"),
        findings,
        assignment: None,
        checklist: String::new(),
        answers: vec![],
        submitted: None,
        read: None,
        since_submitted: Since::Unchanged,
        batches: vec![],
        examines: vec![],
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
    struck.review = ReviewState::Struck;
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
        cited: vec![Timestamp(1)],
        place: String::new(),
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
    assert_eq!(lists::matters(&MatterFilter::default(), ALL, &desk.context()).rows[0].citations, 1);
}

#[test]
fn texts_of_which_lists_show_the_first_words_are_given_in_full() {
    let long = "One after the other left. ".repeat(20);
    let mut noted = visit(1, "0101", VisitState::Submitted, vec![finding(1, "", Severity::Minor, &long)]);
    noted.notes = "Two\nlines".into();
    let desk = desk([(1, noted)]);
    let row = &lists::findings(&FindingFilter::default(), ALL, &desk.context()).rows[0];
    assert!(row.excerpt.ends_with('…') && long.starts_with(row.excerpt.trim_end_matches('…')));
    let asked = [(id(1), Some(item(1))), (id(1), None), (id(1), Some(item(2))), (id(9), None)];
    assert_eq!(lists::texts(&asked, &desk.context()), [&long, "Two\nlines", "", ""]);
}

#[test]
fn lists_are_ordered_as_asked_and_newest_first_among_equals() {
    let grave = finding(1, "power.slow", Severity::Grave, "waited");
    let minor = finding(2, "duty.ab-post", Severity::Minor, "no stand-in");
    let desk = desk([
        (1, visit(1, "0102", VisitState::Submitted, vec![minor.clone()])),
        (2, visit(2, "0101", VisitState::Submitted, vec![grave])),
        (3, visit(3, "0101", VisitState::Disputed, vec![minor])),
    ]);
    let by = |key, direction| VisitFilter { order: Order { key, direction }, ..VisitFilter::default() };
    assert_eq!(numbers(&desk, &by(SortKey::Time, Direction::Ascending)), [1, 2, 3]);
    assert_eq!(numbers(&desk, &by(SortKey::Unit, Direction::Ascending)), [3, 2, 1]);
    assert_eq!(numbers(&desk, &by(SortKey::Unit, Direction::Descending)), [1, 3, 2]);
    assert_eq!(numbers(&desk, &by(SortKey::Severity, Direction::Descending)), [2, 3, 1]);
    assert_eq!(numbers(&desk, &by(SortKey::Category, Direction::Ascending)), [3, 1, 2]);
    assert_eq!(numbers(&desk, &by(SortKey::State, Direction::Descending)), [3, 2, 1]);
    let state = VisitFilter { state: Some(VisitState::Disputed), ..VisitFilter::default() };
    assert_eq!(numbers(&desk, &state), [3]);
    let visit = by(SortKey::Severity, Direction::Ascending);
    let rows = lists::findings(&FindingFilter { visit, ..Default::default() }, ALL, &desk.context()).rows;
    assert_eq!(rows.iter().map(|row| row.started.0 / 10).collect::<Vec<_>>(), [3, 1, 2]);
}

fn reviewed(number: u8, state: ReviewState) -> FindingSummary {
    let review = finding(number, "power.slow", Severity::Minor, "waited an hour");
    FindingSummary { review: state, reviewed: Some(Timestamp(60)), ..review }
}

fn matter(unit: &str, title: &str, cited: &[Citation]) -> MatterSummary {
    MatterSummary {
        space: TEAM,
        heads: Heads::default(),
        title: title.into(),
        unit: unit.into(),
        category: "power.slow".into(),
        severity: Severity::Serious,
        opened: Timestamp(90),
        opened_by: Some(member(SUE)),
        citations: cited.to_vec(),
        cited: cited.iter().map(|_| Timestamp(100)).collect(),
        place: String::new(),
    }
}

#[test]
fn the_queue_knows_what_waits_what_is_in_no_matter_and_where_one_stands() {
    let findings = vec![
        reviewed(1, ReviewState::Waiting),
        reviewed(2, ReviewState::Confirmed),
        reviewed(3, ReviewState::Confirmed),
    ];
    let mut desk = desk([(1, visit(1, "0101", VisitState::Submitted, findings))]);
    let citation = Citation { visit: id(1), heads: Heads::default(), finding: item(2) };
    desk.summaries.insert(id(9), Summary::Matter(matter("0101", "t", &[citation])));
    let filter = |review, merged| FindingFilter { review, merged, ..Default::default() };
    let list = |filter: &FindingFilter| {
        let rows = lists::findings(filter, ALL, &desk.context());
        assert_eq!(rows.total as usize, rows.rows.len());
        rows.rows.into_iter().map(|row| row.finding).collect::<Vec<_>>()
    };
    assert_eq!(list(&filter(Some(ReviewState::Waiting), Merged::Any)), [item(1)]);
    assert_eq!(list(&filter(None, Merged::Yes)), [item(2)]);
    let queue = filter(Some(ReviewState::Confirmed), Merged::Not);
    assert_eq!(list(&queue), [item(3)]);
    let all = FindingFilter::default();
    let place = lists::place(&all, (id(1), item(2)), &desk.context());
    assert_eq!((place.position, place.total), (Some(1), 3));
    assert_eq!((place.previous, place.next), (Some((id(1), item(1))), Some((id(1), item(3)))));
    assert_eq!(lists::place(&queue, (id(1), item(1)), &desk.context()).position, None);
    assert_eq!(lists::visits(&VisitFilter::default(), ALL, &desk.context()).rows[0].waiting, 1);
}

#[test]
fn matters_are_found_by_what_they_say_and_cite() {
    let findings = vec![reviewed(1, ReviewState::Confirmed)];
    let mut desk = desk([(1, visit(1, "0101", VisitState::Submitted, findings))]);
    let citation = Citation { visit: id(1), heads: Heads::default(), finding: item(1) };
    desk.summaries.insert(id(8), Summary::Matter(matter("0101", "Window empty", &[citation])));
    desk.summaries.insert(id(9), Summary::Matter(matter("0202", "Fees", &[])));
    let list = |filter: MatterFilter| {
        let rows = lists::matters(&filter, ALL, &desk.context()).rows;
        rows.into_iter().map(|row| row.matter).collect::<Vec<_>>()
    };
    let text = |text: &str| MatterFilter { text: text.into(), ..Default::default() };
    assert_eq!(list(MatterFilter::default()), [id(8), id(9)]);
    assert_eq!(list(text("WINDOW")), [id(8)]);
    assert_eq!(list(text("an hour")), [id(8)], "what the cited finding says");
    assert_eq!(list(text("单位02")), [id(9)]);
    assert_eq!(list(text("sue")).len(), 2);
    assert_eq!(list(MatterFilter { unit: Some("02".into()), ..Default::default() }), [id(9)]);
    assert_eq!(list(MatterFilter { category: Some("duty".into()), ..Default::default() }), []);
    assert_eq!(list(MatterFilter { severity: Some(Severity::Grave), ..Default::default() }), []);
}

#[test]
fn what_is_likely_the_same_problem_is_proposed_with_its_reasons() {
    use crate::view::{Likeness, Proposed};
    let seen = |number, text: &str| finding(number, "discipline.absent", Severity::Minor, text);
    let desk_of = |visits: Vec<(u32, VisitSummary)>| desk(visits);
    let own = visit(1, "0101", VisitState::Submitted, vec![seen(1, "3号窗口无人应答约十二分钟")]);
    let same = visit(2, "0101", VisitState::Submitted, vec![seen(2, "窗口无人应答，叫号停了")]);
    let elsewhere = visit(3, "0202", VisitState::Submitted, vec![seen(3, "3号窗口无人应答约十二分钟")]);
    let different = finding(4, "openness.fees", Severity::Minor, "收费标准没有公示");
    let different = visit(4, "0101", VisitState::Submitted, vec![different]);
    let mut rejected = seen(5, "3号窗口无人应答约十二分钟");
    rejected.review = ReviewState::Rejected;
    let rejected = visit(5, "0101", VisitState::Submitted, vec![rejected]);
    let mut desk = desk_of(vec![(1, own), (2, same), (3, elsewhere), (4, different), (5, rejected)]);
    let mut row = matter("01", "窗口无人应答", &[]);
    row.category = "discipline.absent".into();
    desk.summaries.insert(id(9), Summary::Matter(row));
    let all = proposals::proposals(id(1), item(1), &desk.context());
    let what: Vec<_> = all
        .iter()
        .map(|proposal| match &proposal.what {
            Proposed::Finding(row) => row.visit,
            Proposed::Matter(row) => row.matter,
        })
        .collect();
    assert_eq!(what, [id(2), id(9)]);
    assert_eq!(all[0].reasons[..2], [Likeness::SameUnit, Likeness::SameCategory]);
    assert!(all[0].reasons.contains(&Likeness::DaysApart(0)));
    assert!(all[0].reasons.iter().any(|reason| matches!(reason, Likeness::SimilarText(30..=70))));
    assert!(all[1].reasons.contains(&Likeness::NearUnit));
    assert!(all[0].score > all[1].score && all[0].score <= 100);
    assert!(proposals::proposals(id(1), item(9), &desk.context()).is_empty());
}

#[test]
fn visits_with_one_checklist_are_compared_question_by_question() {
    let answered = |number, answers: &[(u8, &str)]| {
        let mut row = visit(number, "0101", VisitState::Submitted, vec![]);
        row.checklist = item(7).to_string();
        row.answers = answers.iter().map(|(question, answer)| (item(*question), (*answer).into())).collect();
        (number, row)
    };
    let desk = desk([
        answered(1, &[(1, "yes"), (2, "no"), (3, "yes")]),
        answered(2, &[(1, "yes"), (2, "yes")]),
        (3, visit(3, "0101", VisitState::Submitted, vec![])),
    ]);
    let compared = crate::view::Compared::Unit("0101".into());
    let all = agreement::agreement(&compared, &desk.context());
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].visits.len(), all[0].agreement), (2, Some(500)));
    assert_eq!(all[0].questions[1].answers, ["no", "yes"]);
    assert_eq!((all[0].questions[1].agreement, all[0].questions[2].agreement), (Some(0), None));
    assert_eq!(all[0].kappa.unwrap().questions, 2);
}

#[test]
fn a_unit_has_a_timeline_and_figures_say_what_they_rest_on() {
    use crate::view::Happened;
    let findings = vec![reviewed(1, ReviewState::Confirmed), reviewed(2, ReviewState::Waiting)];
    let mut row = visit(1, "0101", VisitState::Submitted, findings);
    (row.submitted, row.read) = (Some(Timestamp(20)), Some(Timestamp(50)));
    let mut desk = desk([(1, row), (2, visit(2, "0202", VisitState::Submitted, vec![]))]);
    let citation = Citation { visit: id(1), heads: Heads::default(), finding: item(1) };
    desk.summaries.insert(id(9), Summary::Matter(matter("0101", "t", &[citation])));
    let timeline = unit_timeline::timeline("01", &desk.context());
    assert_eq!(timeline.total, 3);
    let [opened, reviewed, visited] = &timeline.events[..] else { panic!("{timeline:?}") };
    assert!(matches!(opened.what, Happened::MatterOpened(_)));
    let states = vec![(ReviewState::Waiting, 1), (ReviewState::Confirmed, 1)];
    assert_eq!(reviewed.what, Happened::Reviewed { visit: id(1), states });
    let Happened::Visited { severities, .. } = &visited.what else { panic!("{visited:?}") };
    assert_eq!(*severities, [(Some(Severity::Minor), 2)]);

    let figures = figures::figures(&FindingFilter::default(), 480, &desk.context());
    assert_eq!((figures.visits, figures.findings), (2, 2));
    assert_eq!(figures.by_category, [("power.slow".to_owned(), 2)]);
    assert_eq!((figures.by_unit.len(), figures.by_unit[0].1), (1, 2));
    assert_eq!(figures.by_week.iter().map(|(_, count)| count).sum::<u32>(), 2);
    let of = [figures.to_submitted, figures.to_read, figures.to_confirmed, figures.to_matter];
    assert_eq!(of.map(|median| (median.millis, median.of)), [(10, 1), (30, 1), (10, 1), (40, 1)]);
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
