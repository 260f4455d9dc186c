use super::*;
use crate::document::hostile::{forge, object_of};
use crate::domain::visit::{edit, saw, view_at};
use crate::domain::{Question, Severity, VisitState, limits};
use crate::problem::Problem;
use crate::view::Standing;
use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT, ReadDoc};
use proptest::prelude::*;

fn standings(copy: &Copy) -> Vec<(String, Standing)> {
    copy.view().timeline.into_iter().map(|fact| (fact.what, fact.standing)).collect()
}

#[test]
fn a_visit_is_recorded_and_submitted() {
    let mut ana = Copy::visit(ANA);
    ana.start();
    ana.edit(VisitEdit::Unit("0101".into()));
    ana.notes("窗口无人");
    ana.edit(VisitEdit::Answer { question: item(9), answer: Some("no".into()) });
    ana.edit(VisitEdit::AddFinding { finding: item(1), question: Some(item(9)) });
    ana.finding(item(1), FindingEdit::Category("discipline.absent".into()));
    ana.finding(item(1), FindingEdit::Severity(Severity::Serious));
    ana.finding(item(1), FindingEdit::Place("3号窗口".into()));
    let base = ana.heads();
    ana.finding(item(1), FindingEdit::Seen(TextEdit { base, text: "14:07 起无人应答".into() }));
    assert_eq!(ana.view().state, VisitState::Draft);
    ana.submit();

    let view = ana.view();
    assert_eq!(view.state, VisitState::Submitted);
    assert_eq!(view.unit.value, "0101");
    assert_eq!(view.unit_summary.unwrap().name, "单位0101");
    assert_eq!(view.mode.value, "undercover");
    assert_eq!(view.team_name, "第一组");
    assert_eq!(view.started, Timestamp(1000));
    assert_eq!(view.notes, "窗口无人");
    assert_eq!(view.answers.len(), 1);
    assert_eq!(view.answers[0].1.value, "no");
    let finding = &view.findings[0];
    assert_eq!(finding.question, Some(item(9)));
    assert_eq!(finding.category.value, "discipline.absent");
    assert_eq!(finding.severity.value, "serious");
    assert_eq!(finding.place.value, "3号窗口");
    assert_eq!(finding.seen, "14:07 起无人应答");
    assert_eq!(view.authors, [(member(ANA), "安娜".to_owned())]);
    let told: Vec<_> = view.timeline.iter().map(|fact| (fact.what.as_str(), fact.name.as_str())).collect();
    assert_eq!(told, [("visit-started", "安娜"), ("visit-submitted", "安娜")]);
}

#[test]
fn saving_the_same_value_again_changes_nothing() {
    let mut ana = Copy::visit(ANA);
    ana.start();
    ana.edit(VisitEdit::Unit("0101".into()));
    ana.notes("abc");
    let heads = ana.heads();
    ana.edit(VisitEdit::Unit("0101".into()));
    ana.notes("abc");
    ana.edit(VisitEdit::Mode(Mode::Undercover));
    ana.edit(VisitEdit::Answer { question: item(9), answer: None });
    assert_eq!(ana.heads(), heads);
}

#[test]
fn a_field_that_two_people_set_keeps_both_values_until_one_is_chosen() {
    let (mut ana, mut ben) = (Copy::visit(ANA), Copy::visit(BEN));
    ana.start();
    ana.edit(VisitEdit::AddFinding { finding: item(1), question: None });
    exchange([&mut ana, &mut ben]);
    ana.finding(item(1), FindingEdit::Severity(Severity::Minor));
    ben.finding(item(1), FindingEdit::Severity(Severity::Grave));
    ana.edit(VisitEdit::Answer { question: item(9), answer: Some("no".into()) });
    ben.edit(VisitEdit::Answer { question: item(9), answer: Some("no".into()) });
    exchange([&mut ana, &mut ben]);

    let severity = ana.view().findings[0].severity.clone();
    assert_eq!(severity, ben.view().findings[0].severity);
    let mut both = severity.conflict.clone();
    both.sort();
    assert_eq!(both, [("grave".into(), Some(member(BEN))), ("minor".into(), Some(member(ANA)))]);
    assert!(ana.view().answers[0].1.conflict.is_empty(), "the same value twice is no conflict");
    let row = summary::of(&ana.document, TEAM, &Everybody).unwrap();
    assert_eq!(row.visit().unwrap().conflicts, 1);

    ben.edit(VisitEdit::Choose { path: severity.path, value: "minor".into() });
    exchange([&mut ana, &mut ben]);
    let view = ana.view();
    assert_eq!(view.findings[0].severity.value, "minor");
    assert!(view.findings[0].severity.conflict.is_empty());
    let chose = view.timeline.last().unwrap();
    assert_eq!((chose.what.as_str(), chose.detail.as_str()), ("value-chosen", "minor"));
}

#[test]
fn a_value_that_was_chosen_is_not_lost_to_one_written_meanwhile() {
    let (mut ana, mut ben) = (Copy::visit(ANA), Copy::visit(BEN));
    ana.start();
    exchange([&mut ana, &mut ben]);
    ana.edit(VisitEdit::Unit("0101".into()));
    ben.edit(VisitEdit::Unit("0102".into()));
    exchange([&mut ana, &mut ben]);
    for chosen in ["0101", "0102"] {
        let (mut sue, mut ben) = (ana.fork(SUE), ana.fork(BEN));
        sue.edit(VisitEdit::Choose { path: "unit".into(), value: chosen.into() });
        ben.edit(VisitEdit::Unit("0103".into()));
        exchange([&mut sue, &mut ben]);
        let unit = sue.view().unit;
        assert_eq!(unit, ben.view().unit);
        let values: Vec<_> = unit.conflict.iter().map(|(value, _)| value.as_str()).collect();
        assert!(values.contains(&chosen) && values.contains(&"0103"), "{chosen} chosen: {values:?}");
    }
}

#[test]
fn submitted_and_voided_at_the_same_time_is_disputed_until_settled() {
    let (mut ana, mut ben) = (Copy::visit(ANA), Copy::visit(BEN));
    ana.start();
    exchange([&mut ana, &mut ben]);
    ana.submit();
    ben.void();
    assert_eq!(ben.view().state, VisitState::Voided);
    exchange([&mut ana, &mut ben]);
    assert_eq!(ana.view().state, VisitState::Disputed);
    assert_eq!(ben.view().state, VisitState::Disputed);
    ana.submit();
    exchange([&mut ana, &mut ben]);
    assert_eq!(ben.view().state, VisitState::Submitted);
    ben.void();
    assert_eq!(ben.view().state, VisitState::Voided);
}

#[test]
fn facts_of_those_without_the_right_are_shown_and_do_not_count() {
    let (mut ana, mut sue, mut eve) = (Copy::visit(ANA), Copy::visit(SUE), Copy::visit(EVE));
    ana.start();
    ana.edit(VisitEdit::AddFinding { finding: item(1), question: None });
    exchange([&mut ana, &mut sue, &mut eve]);
    eve.submit();
    sue.void();
    sue.edit(VisitEdit::StrikeFinding { finding: item(1) });
    ana.saw();
    exchange([&mut ana, &mut sue, &mut eve]);
    let view = ana.view();
    assert_eq!(view.state, VisitState::Draft);
    assert_eq!(view.findings[0].struck, None);
    assert_eq!(view.tick, Tick::Held);
    let without = standings(&ana).into_iter().filter(|(_, standing)| *standing == Standing::NoRight);
    assert_eq!(without.count(), 4);
    assert_eq!(view.authors.len(), 2, "who only claimed to have read it is no author");
}

#[test]
fn a_struck_finding_stays_and_comes_last() {
    let mut ana = Copy::visit(ANA);
    ana.start();
    ana.edit(VisitEdit::AddFinding { finding: item(1), question: None });
    ana.edit(VisitEdit::AddFinding { finding: item(2), question: None });
    ana.edit(VisitEdit::StrikeFinding { finding: item(1) });
    let findings = ana.view().findings;
    let told: Vec<_> = findings.iter().map(|finding| (finding.finding, finding.struck)).collect();
    assert_eq!(told, [(item(2), None), (item(1), Some(member(ANA)))]);
}

#[test]
fn a_visit_is_read_until_somebody_writes_again() {
    let (mut ana, mut sue) = (Copy::visit(ANA), Copy::visit(SUE));
    ana.start();
    ana.submit();
    exchange([&mut ana, &mut sue]);
    assert_eq!(sue.view().tick, Tick::Held);
    sue.saw();
    exchange([&mut ana, &mut sue]);
    assert_eq!(ana.view().tick, Tick::Read);
    let heads = sue.heads();
    sue.saw();
    assert_eq!(sue.heads(), heads, "read once per version");
    ana.notes("more");
    assert_eq!(ana.view().tick, Tick::Held);
    exchange([&mut ana, &mut sue]);
    sue.saw();
    assert_eq!(sue.view().tick, Tick::Read);
    let stamp = sue.stamp();
    let unknown = saw(&mut sue.document, stamp, &Heads(vec![[1; 32]]), &Everybody);
    assert_eq!(unknown, Err(Problem::NotHere));
}

#[test]
fn a_visit_is_shown_as_it_was() {
    let mut ana = Copy::visit(ANA);
    ana.start();
    ana.notes("before");
    ana.edit(VisitEdit::AddFinding { finding: item(1), question: None });
    ana.finding(item(1), FindingEdit::Place("3".into()));
    let then = ana.heads();
    let view = ana.view();
    ana.notes("after");
    ana.finding(item(1), FindingEdit::Place("4".into()));
    ana.edit(VisitEdit::StrikeFinding { finding: item(1) });
    ana.edit(VisitEdit::AddFinding { finding: item(2), question: None });
    ana.submit();

    let desk = Desk::default();
    let was = view_at(&ana.document, VISIT, TEAM, &then, &desk.context()).unwrap();
    assert_eq!(was, VisitView { tick: Tick::Saved, ..view });
    assert!(view_at(&ana.document, VISIT, TEAM, &Heads(vec![[1; 32]]), &desk.context()).is_none());
    assert!(view_at(&ana.document, VISIT, TEAM, &Heads(vec![]), &desk.context()).is_none());
}

#[test]
fn answers_to_questions_of_older_versions_are_still_shown() {
    let question = |number| Question::new(item(number), format!("question {number}"));
    let checklist = |version, questions| Checklist { id: item(7), version, title: "C".into(), questions };
    let desk = Desk {
        checklists: vec![
            checklist(1, vec![question(1), question(2), question(3)]),
            checklist(2, vec![question(1)]),
        ],
        ..Desk::default()
    };
    let mut ana = Copy::visit(ANA);
    ana.start();
    ana.edit(VisitEdit::Checklist(item(7)));
    ana.edit(VisitEdit::Answer { question: item(3), answer: Some("yes".into()) });
    let view = crate::domain::visit::view(&ana.document, VISIT, TEAM, &desk.context());
    let shown: Vec<_> = view.questions.unwrap().questions.iter().map(|question| question.id).collect();
    assert_eq!(shown, [item(1), item(3)]);
}

#[test]
fn what_is_too_much_is_refused_and_nothing_changes() {
    let mut ana = Copy::visit(ANA);
    ana.start();
    let heads = ana.heads();
    let stamp = ana.stamp();
    let mut refuse = |edited: VisitEdit| edit(&mut ana.document, stamp, &edited).unwrap_err();
    let long = "字".repeat(limits::MAX_TEXT as usize + 1);
    let text = TextEdit { base: heads.clone(), text: long.clone() };
    assert_eq!(refuse(VisitEdit::Notes(text)), Problem::TooLong { limit: limits::MAX_TEXT });
    assert_eq!(refuse(VisitEdit::Unit(long)), Problem::TooLong { limit: limits::MAX_LINE });
    let missing = VisitEdit::Finding { finding: item(5), field: FindingEdit::Place("x".into()) };
    assert_eq!(refuse(missing), Problem::NotHere);
    assert_eq!(refuse(VisitEdit::StrikeFinding { finding: item(5) }), Problem::NotHere);
    let nowhere = VisitEdit::Choose { path: "findings/zz/place".into(), value: "x".into() };
    assert_eq!(refuse(nowhere), Problem::NotHere);
    assert_eq!(ana.heads(), heads);
    ana.notes(&"字".repeat(limits::MAX_TEXT as usize));
    assert_eq!(ana.document.take_changes().len(), 2);
}

#[test]
fn rows_are_read_back_and_other_versions_are_stale() {
    let mut ana = Copy::visit(ANA);
    ana.start();
    ana.notes("Some NOTES");
    for (question, answer) in
        [(1, "yes".to_owned()), (2, "Waited ".repeat(20)), (3, "At WINDOW 7".to_owned())]
    {
        ana.edit(VisitEdit::Answer { question: item(question), answer: Some(answer) });
    }
    let row = summary::of(&ana.document, TEAM, &Everybody).unwrap();
    // What is written is searched in full; that a box was ticked is not.
    let text = format!("some notes\n{}\nat window 7", "waited ".repeat(20));
    assert_eq!(row.visit().unwrap().text, text);
    assert_eq!(row.visit().unwrap().notes, "Some NOTES");
    let mut bytes = row.encode();
    assert_eq!(Summary::decode(&bytes), Some(row));
    bytes[0] += 1;
    assert_eq!(Summary::decode(&bytes), None);
    assert_eq!(Summary::decode(&[]), None);
}

#[test]
fn whatever_a_hostile_colleague_writes_is_read_without_losing_anything() {
    let mut ana = Copy::visit(ANA);
    ana.start();
    ana.notes("kept");
    ana.edit(VisitEdit::AddFinding { finding: item(1), question: None });
    ana.finding(item(1), FindingEdit::Place("3".into()));
    let base = ana.heads();
    ana.finding(item(1), FindingEdit::Seen(TextEdit { base, text: "seen".into() }));
    ana.submit();
    let part = |name| object_of(&ana.document, name);
    let (facts, fields, answers, findings) =
        (part("facts"), part("fields"), part("answers"), part("findings"));
    let key = item(1).to_string();
    let attack = forge(&ana.document, stream(BEN), |transaction| {
        let map = transaction.get(&findings, &key)?.unwrap().1;
        transaction.put_object(&map, "seen", ObjType::Map)?;
        transaction.put(&map, "severity", "none such")?;
        transaction.put(&map, "place", 5_i64)?;
        transaction.delete(&findings, &key)?;
        transaction.put(&findings, "not an id", "x")?;
        transaction.put_object(&findings, item(2).to_string(), ObjType::Text)?;
        transaction.put_object(&findings, item(3).to_string(), ObjType::Map)?;
        transaction.put_object(&fields, "unit", ObjType::Map)?;
        transaction.put(&fields, "mode", "x".repeat(100_000))?;
        transaction.put(&fields, "checklist", 1.5)?;
        transaction.put(&answers, "not an id", "yes")?;
        transaction.put_object(&answers, item(4).to_string(), ObjType::Text)?;
        transaction.put(&facts, "short", vec![1, 0x82, 0])?;
        transaction.put(&facts, "long", vec![0xff; 1000])?;
        transaction.put(&facts, "newer", vec![2, 0x82, 0, 0x80])?;
        transaction.put(&facts, "no fact", "text")?;
        transaction.put(ROOT, "findings", "gone")
    });
    let applied = ana.document.apply(vec![RawChange::parse(attack).unwrap()]).unwrap();
    assert_eq!(applied.new, 1);

    let view = ana.view();
    assert_eq!(view.notes, "kept");
    assert_eq!(view.state, VisitState::Submitted);
    assert_eq!(view.findings.iter().map(|finding| finding.finding).collect::<Vec<_>>(), [item(1), item(3)]);
    assert_eq!(view.findings[0].seen, "seen");
    assert_eq!((view.unit.value.as_str(), view.answers.len()), ("", 0));
    assert_eq!(view.timeline.iter().filter(|fact| fact.what == "unknown").count(), 3);
    let row = summary::of(&ana.document, TEAM, &Everybody).unwrap();
    assert_eq!(row.visit().unwrap().mode, Mode::Undercover);
    // The finding can be worked on although its key was deleted.
    ana.finding(item(1), FindingEdit::Place("4".into()));
    assert_eq!(ana.view().findings[0].place.value, "4");
    let reload = Document::load(Kind::Visit, &ana.document.snapshot(), stream(ANA)).unwrap();
    assert_eq!(reload.heads(), ana.heads());
}

/// One thing that somebody does to a visit.
#[derive(Clone, Debug)]
enum Act {
    Edit(VisitEdit),
    Notes(String),
    Seen(u8, String),
    Submit,
    Void,
    Saw,
    Exchange,
}

fn any_act() -> impl Strategy<Value = (usize, Act)> {
    let finding = || (1..4u8).prop_map(item);
    let act = prop_oneof![
        "[0-9]{4}".prop_map(|unit| Act::Edit(VisitEdit::Unit(unit))),
        (1..4u8, prop::option::of("[a-z]{2}"))
            .prop_map(|(question, answer)| Act::Edit(VisitEdit::Answer { question: item(question), answer })),
        finding().prop_map(|finding| Act::Edit(VisitEdit::AddFinding { finding, question: None })),
        (finding(), "[a-z]{1,3}").prop_map(|(finding, place)| {
            Act::Edit(VisitEdit::Finding { finding, field: FindingEdit::Place(place) })
        }),
        finding().prop_map(|finding| Act::Edit(VisitEdit::StrikeFinding { finding })),
        "[a-z ]{0,12}".prop_map(Act::Notes),
        (1..4u8, "[a-z ]{0,12}").prop_map(|(finding, text)| Act::Seen(finding, text)),
        Just(Act::Submit),
        Just(Act::Void),
        Just(Act::Saw),
        Just(Act::Exchange),
    ];
    (0..3usize, act)
}

fn perform(copy: &mut Copy, act: &Act) -> Result<(), Problem> {
    let (stamp, base) = (copy.stamp(), copy.heads());
    let document = &mut copy.document;
    match act {
        Act::Edit(change) => edit(document, stamp, change),
        Act::Notes(text) => edit(document, stamp, &VisitEdit::Notes(TextEdit { base, text: text.clone() })),
        Act::Seen(finding, text) => {
            let field = FindingEdit::Seen(TextEdit { base, text: text.clone() });
            edit(document, stamp, &VisitEdit::Finding { finding: item(*finding), field })
        }
        Act::Submit => crate::domain::visit::submit(document, stamp),
        Act::Void => crate::domain::visit::void(document, stamp, "reason"),
        Act::Saw => saw(document, stamp, &base, &Everybody),
        Act::Exchange => Ok(()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn three_people_see_the_same_visit_and_everything_done_to_it(
        acts in prop::collection::vec(any_act(), 1..30),
    ) {
        let [mut ana, mut ben, mut sue] = [Copy::visit(ANA), Copy::visit(BEN), Copy::visit(SUE)];
        ana.start();
        exchange([&mut ana, &mut ben, &mut sue]);
        let (mut added, mut decided) = (crate::sorted::SortedSet::new(), 0);
        for (who, what) in &acts {
            let done = match who {
                0 => perform(&mut ana, what),
                1 => perform(&mut ben, what),
                _ => perform(&mut sue, what),
            };
            match what {
                Act::Edit(VisitEdit::AddFinding { finding, .. }) => drop(added.insert(*finding)),
                Act::Submit | Act::Void => decided += 1,
                Act::Exchange => exchange([&mut ana, &mut ben, &mut sue]),
                // Somebody may edit a finding that has not reached them.
                _ => prop_assert!(matches!(done, Ok(()) | Err(Problem::NotHere))),
            }
        }
        exchange([&mut ana, &mut ben, &mut sue]);
        let view = ana.view();
        prop_assert_eq!(&ben.view(), &view);
        prop_assert_eq!(&sue.view(), &view);
        let rows = [&ana, &ben, &sue].map(|copy| summary::of(&copy.document, TEAM, &Everybody));
        prop_assert_eq!(&rows[0], &rows[1]);
        prop_assert_eq!(&rows[0], &rows[2]);
        let found: crate::sorted::SortedSet<_> = view.findings.iter().map(|finding| finding.finding).collect();
        prop_assert_eq!(found, added);
        let told = view.timeline.iter().filter(|fact| ["visit-submitted", "visit-voided"].contains(&&*fact.what));
        prop_assert_eq!(told.count(), decided);
    }
}
