use super::*;
use crate::domain::{Citation, Severity, matter};
use crate::problem::Problem;
use crate::view::{MatterView, Since, Standing};

const MATTER: DocumentId = DocumentId([0x3a; 16]);

fn opening(citations: &[Citation]) -> matter::Opening<'_> {
    matter::Opening {
        title: "3号窗口无人应答",
        unit: "0101",
        category: "discipline.absent",
        severity: Severity::Serious,
        citations,
    }
}

fn visit_with_finding() -> (Copy, Citation) {
    let mut ana = Copy::visit(ANA);
    ana.start();
    ana.edit(VisitEdit::AddFinding { finding: item(1), question: None });
    ana.finding(item(1), FindingEdit::Place("3号窗口".into()));
    ana.submit();
    let citation = Citation { visit: VISIT, heads: ana.heads(), finding: item(1) };
    (ana, citation)
}

fn show(matter: &Copy, visit: &Copy, desk: &Desk) -> Option<MatterView> {
    let mut cited = |id, heads: Option<&Heads>| {
        assert_eq!(id, VISIT);
        let context = desk.context();
        match heads {
            Some(heads) => crate::domain::visit::view_at(&visit.document, id, TEAM, heads, &context),
            None => Some(crate::domain::visit::view(&visit.document, id, TEAM, &context)),
        }
    };
    matter::view(&matter.document, MATTER, TEAM, &desk.context(), &mut cited)
}

#[test]
fn a_matter_shows_what_it_cites_as_it_was_read() {
    let (mut ana, citation) = visit_with_finding();
    let mut sue = Copy::new(Kind::Matter, SUE);
    let stamp = sue.stamp();
    matter::open(&mut sue.document, stamp, opening(core::slice::from_ref(&citation))).unwrap();

    let mut desk = Desk::default();
    desk.put(MATTER, &sue.document);
    let view = show(&sue, &ana, &desk).unwrap();
    assert_eq!(view.row.title, "3号窗口无人应答");
    assert_eq!(view.row.unit.as_ref().unwrap().name, "单位0101");
    assert_eq!(view.opened_by, "Sue");
    assert_eq!(view.citations[0].since, Since::Unchanged);
    assert_eq!(view.citations[0].team_name, "第一组");

    ana.finding(item(1), FindingEdit::Place("4号窗口".into()));
    let view = show(&sue, &ana, &desk).unwrap();
    assert_eq!(view.citations[0].since, Since::Changed);
    assert_eq!(view.citations[0].finding.as_ref().unwrap().place.value, "3号窗口");
    assert_eq!(view.citations[0].heads, citation.heads);
    let finding = &crate::domain::visit::view(&ana.document, VISIT, TEAM, &desk.context()).findings[0];
    assert_eq!(finding.matters, [MATTER]);
}

#[test]
fn more_findings_are_cited_and_each_only_once() {
    let (ana, citation) = visit_with_finding();
    let other = Citation { finding: item(2), ..citation.clone() };
    let mut sue = Copy::new(Kind::Matter, SUE);
    let (first, second) = (sue.stamp(), sue.stamp());
    matter::open(&mut sue.document, first, opening(core::slice::from_ref(&citation))).unwrap();
    matter::cite(&mut sue.document, second, &[other, citation]).unwrap();
    let view = show(&sue, &ana, &Desk::default()).unwrap();
    assert_eq!(view.row.citations, 2);
    assert_eq!(view.citations[1].finding, None);
    assert_eq!(view.timeline.len(), 2);
}

#[test]
fn an_inspector_opens_no_matter() {
    let (ana, citation) = visit_with_finding();
    let mut ben = Copy::new(Kind::Matter, BEN);
    let stamp = ben.stamp();
    matter::open(&mut ben.document, stamp, opening(core::slice::from_ref(&citation))).unwrap();
    assert_eq!(show(&ben, &ana, &Desk::default()), None);
    assert_eq!(summary::of(&ben.document, TEAM, &Everybody), None);
    let facts: Vec<crate::domain::fact::Stated<matter::MatterFact>> =
        crate::domain::fact::stated(&ben.document, &ben.document.now(), &Everybody);
    assert_eq!(facts[0].standing, Standing::NoRight);
}

#[test]
fn a_matter_rests_on_something_and_has_a_title() {
    let (_, citation) = visit_with_finding();
    let mut sue = Copy::new(Kind::Matter, SUE);
    let stamp = sue.stamp();
    let mut open = |opening| matter::open(&mut sue.document, stamp, opening);
    assert_eq!(open(opening(&[])), Err(Problem::Empty));
    let citations = [citation];
    assert_eq!(open(matter::Opening { title: " ", ..opening(&citations) }), Err(Problem::Empty));
}

#[test]
fn a_finding_taken_out_is_cited_again_only_by_who_knows() {
    let (ana, citation) = visit_with_finding();
    let other = Citation { finding: item(2), ..citation.clone() };
    let mut sue = Copy::new(Kind::Matter, SUE);
    let (first, second, third) = (sue.stamp(), sue.stamp(), sue.stamp());
    matter::open(&mut sue.document, first, opening(&[citation.clone(), other])).unwrap();
    let take = |sue: &mut Copy, stamp, finding| {
        matter::take(&mut sue.document, stamp, &[(VISIT, finding)], "不是同一问题", &Everybody)
    };
    assert_eq!(take(&mut sue, second, item(3)), Err(Problem::NotHere));
    take(&mut sue, second, item(1)).unwrap();
    let view = show(&sue, &ana, &Desk::default()).unwrap();
    assert_eq!(view.row.citations, 1);
    assert_eq!(view.timeline[1].detail, "不是同一问题");
    matter::cite(&mut sue.document, third, core::slice::from_ref(&citation)).unwrap();
    assert_eq!(show(&sue, &ana, &Desk::default()).unwrap().row.citations, 2);
    let row = summary::of(&sue.document, TEAM, &Everybody).unwrap();
    let row = row.matter().unwrap();
    assert_eq!(row.cited, [first.at, third.at]);
}

#[test]
fn what_findings_say_stays_visible_when_the_matter_settles_it() {
    let (mut ana, first) = visit_with_finding();
    ana.edit(VisitEdit::AddFinding { finding: item(2), question: None });
    ana.finding(item(2), FindingEdit::Place("大厅".into()));
    ana.finding(item(2), FindingEdit::Severity(Severity::Grave));
    let second = Citation { visit: VISIT, heads: ana.heads(), finding: item(2) };
    let mut sue = Copy::new(Kind::Matter, SUE);
    let (opened, settled, wrong) = (sue.stamp(), sue.stamp(), sue.stamp());
    matter::open(&mut sue.document, opened, opening(&[first, second])).unwrap();
    let over = ["".to_owned()];
    let settling = matter::Settling {
        field: matter::MatterField::Severity,
        chosen: "grave",
        over: &over,
        reason: "两次都无人",
    };
    matter::settle(&mut sue.document, settled, settling).unwrap();
    let unknown = matter::Settling { chosen: "huge", ..settling };
    assert_eq!(matter::settle(&mut sue.document, wrong, unknown), Err(Problem::Empty));
    let view = show(&sue, &ana, &Desk::default()).unwrap();
    assert_eq!(view.row.severity, Severity::Grave);
    let severity = &view.fields[1];
    assert_eq!((severity.value.as_str(), severity.cited.len()), ("grave", 2));
    assert_eq!(
        (severity.settled[0].name.as_str(), severity.settled[0].reason.as_str()),
        ("Sue", "两次都无人")
    );
    let place = &view.fields[2];
    let said: Vec<_> = place.cited.iter().map(|cited| (cited.value.as_str(), cited.findings.len())).collect();
    assert_eq!(said, [("3号窗口", 1), ("大厅", 1)]);
    assert_eq!((place.value.as_str(), place.settled.len()), ("", 0));
}
