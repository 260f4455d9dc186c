use super::*;
use crate::domain::fact::FactCode;
use crate::domain::{Citation, Review, ReviewState, VisitState, visit};
use crate::problem::Problem;
use crate::view::{FindingView, ReviewView, Since, Standing};

fn submitted() -> Copy {
    let mut ana = Copy::visit(ANA);
    ana.start();
    ana.edit(VisitEdit::AddFinding { finding: item(1), question: None });
    ana.finding(item(1), FindingEdit::Place("3号窗口".into()));
    ana.submit();
    ana
}

fn reject() -> Review {
    Review::Reject { reason: "不是本单位".into() }
}

impl Copy {
    fn send_back(&mut self, reason: &str) -> Result<(), Problem> {
        let stamp = self.stamp();
        visit::send_back(&mut self.document, stamp, reason, &Everybody)
    }

    fn reopen(&mut self) -> Result<(), Problem> {
        let stamp = self.stamp();
        visit::reopen(&mut self.document, stamp, &Everybody)
    }

    fn decide(&mut self, review: &Review, batch: Option<ItemId>) {
        let (stamp, heads) = (self.stamp(), self.heads());
        let findings = [(stamp.key, item(1))];
        visit::review(&mut self.document, stamp.at, &findings, &heads, review, batch).unwrap();
    }

    fn undo(&mut self, batch: ItemId) {
        let stamp = self.stamp();
        visit::undo_review(&mut self.document, stamp, batch).unwrap();
    }

    fn review(&self) -> ReviewView {
        self.view().findings.swap_remove(0).review
    }
}

#[test]
fn what_is_sent_back_is_amended_and_submitted_again() {
    let mut ana = submitted();
    let mut sue = ana.fork(SUE);
    drop(ana.document.take_changes());
    assert_eq!(sue.send_back(" "), Err(Problem::Empty));
    sue.send_back("地点不明").unwrap();
    exchange([&mut ana, &mut sue]);
    let view = ana.view();
    assert_eq!((view.state, view.sent_back.as_str()), (VisitState::SentBack, "地点不明"));
    assert_eq!(sue.send_back("again"), Err(Problem::NotNow));
    ana.reopen().unwrap();
    assert_eq!((ana.view().state, ana.view().sent_back), (VisitState::Draft, String::new()));
    assert_eq!(ana.reopen(), Err(Problem::NotNow));
    ana.finding(item(1), FindingEdit::Place("3号窗口左侧".into()));
    ana.submit();
    exchange([&mut ana, &mut sue]);
    let view = sue.view();
    assert_eq!((view.state, view.since_submitted), (VisitState::Submitted, Since::Unchanged));
    ana.notes("补记");
    assert_eq!(ana.view().since_submitted, Since::Changed);
    ana.submit();
    assert_eq!(ana.view().since_submitted, Since::Unchanged);
}

#[test]
fn sending_back_what_is_voided_meanwhile_is_disputed_until_somebody_knows_both() {
    let mut ana = submitted();
    let mut sue = ana.fork(SUE);
    drop(ana.document.take_changes());
    sue.send_back("地点不明").unwrap();
    ana.void();
    exchange([&mut ana, &mut sue]);
    assert_eq!(sue.view().state, VisitState::Disputed);
    assert_eq!(sue.view().sent_back, "地点不明");
    ana.void();
    exchange([&mut ana, &mut sue]);
    assert_eq!(sue.view().state, VisitState::Voided);
}

#[test]
fn a_reopening_of_what_was_not_sent_back_does_not_count() {
    let mut ana = submitted();
    let stamp = ana.stamp();
    let fact = crate::domain::fact::Statement::encode_fact(&visit::VisitFact::Reopened);
    ana.document.edit(stamp.at, |edit| edit.state(stamp.key, fact)).unwrap();
    assert_eq!(ana.view().state, VisitState::Submitted);
}

#[test]
fn a_finding_is_confirmed_in_a_version_and_later_changes_show() {
    let mut ana = submitted();
    let mut sue = ana.fork(SUE);
    drop(ana.document.take_changes());
    assert_eq!(sue.review(), ReviewView::default());
    sue.saw();
    sue.decide(&Review::Confirm, None);
    let view = sue.view();
    assert_eq!(view.tick, Tick::Read, "reviewing is not writing");
    assert_eq!(view.since_submitted, Since::Unchanged);
    assert_eq!(view.authors.len(), 1);
    let review = sue.review();
    assert_eq!((review.state, review.since), (ReviewState::Confirmed, Since::Unchanged));
    assert_eq!((review.decisions[0].name.as_str(), review.decisions[0].by), ("Sue", Some(member(SUE))));
    exchange([&mut ana, &mut sue]);
    ana.notes("another part of the visit");
    assert_eq!(ana.review().since, Since::Unchanged);
    ana.finding(item(1), FindingEdit::Person("某科长".into()));
    assert_eq!((ana.review().state, ana.review().since), (ReviewState::Confirmed, Since::Changed));
    ana.finding(item(1), FindingEdit::Person(String::new()));
    let rows = summary::of(&ana.document, TEAM, &Everybody).unwrap();
    let row = rows.visit().unwrap();
    assert_eq!((row.findings[0].review, row.findings[0].since), (ReviewState::Confirmed, ana.review().since));
    exchange([&mut ana, &mut sue]);
    sue.decide(&Review::Confirm, None);
    assert_eq!(sue.review().since, Since::Unchanged);
    exchange([&mut ana, &mut sue]);
    ana.edit(VisitEdit::StrikeFinding { finding: item(1) });
    assert_eq!(ana.review().state, ReviewState::Struck);
}

#[test]
fn decisions_made_concurrently_are_disputed_until_somebody_who_knows_both_decides() {
    let ana = submitted();
    let (mut sue, mut sam) = (ana.fork(SUE), ana.fork(SAM));
    sue.decide(&Review::Confirm, None);
    sam.decide(&reject(), None);
    exchange([&mut sue, &mut sam]);
    let review = sue.review();
    assert_eq!((review.state, review.decisions.len()), (ReviewState::Disputed, 2));
    assert!(review.decisions.iter().any(|decision| decision.reason == "不是本单位"));
    sue.decide(&Review::Withdraw, None);
    assert_eq!(sue.review().state, ReviewState::Waiting);
    sue.decide(&reject(), None);
    assert_eq!(sue.review().state, ReviewState::Rejected);
}

#[test]
fn an_inspector_confirms_nothing() {
    let mut ana = submitted();
    ana.decide(&Review::Confirm, None);
    let view = ana.view();
    assert_eq!(ana.review().state, ReviewState::Waiting);
    let fact = view.timeline.iter().find(|fact| fact.what == FactCode::FindingConfirmed.as_str()).unwrap();
    assert_eq!(fact.standing, Standing::NoRight);
    let mut eve = ana.fork(EVE);
    eve.decide(&reject(), Some(item(9)));
    assert_eq!(eve.review().state, ReviewState::Waiting);
    let mut ben = ana.fork(BEN);
    ben.send_back("no").unwrap();
    assert_eq!(ben.view().state, VisitState::Submitted);
}

#[test]
fn a_batch_is_undone_exactly() {
    let ana = submitted();
    let mut sue = ana.fork(SUE);
    sue.decide(&Review::Confirm, None);
    sue.decide(&reject(), Some(item(8)));
    assert_eq!(sue.review().state, ReviewState::Rejected);
    let rows = summary::of(&sue.document, TEAM, &Everybody).unwrap();
    assert_eq!(rows.visit().unwrap().batches, [item(8)]);
    sue.decide(&Review::Confirm, Some(item(6)));
    let rows = summary::of(&sue.document, TEAM, &Everybody).unwrap();
    assert_eq!(rows.visit().unwrap().batches, [item(6), item(8)], "an overtaken one can be undone too");
    sue.undo(item(6));
    sue.undo(item(8));
    assert_eq!(sue.review().state, ReviewState::Confirmed, "what stood before counts again");
    sue.decide(&reject(), Some(item(7)));
    sue.decide(&Review::Confirm, None);
    sue.undo(item(7));
    assert_eq!(sue.review().state, ReviewState::Confirmed, "what was decided since stays");
    let mut ben = sue.fork(BEN);
    ben.undo(item(7));
    assert_eq!(ben.review().state, ReviewState::Confirmed);
}

#[test]
fn a_decision_needs_a_reason_a_finding_and_a_known_version() {
    let mut sue = submitted().fork(SUE);
    let stamp = sue.stamp();
    let heads = sue.heads();
    let mut decide = |finding, heads: &Heads, review: &Review| {
        visit::review(&mut sue.document, stamp.at, &[(stamp.key, finding)], heads, review, None)
    };
    let empty = Review::Reject { reason: " ".into() };
    assert_eq!(decide(item(1), &heads, &empty), Err(Problem::Empty));
    assert_eq!(decide(item(2), &heads, &Review::Confirm), Err(Problem::NotHere));
    assert_eq!(decide(item(1), &Heads(vec![[1; 32]]), &Review::Confirm), Err(Problem::NotHere));
    assert_eq!(decide(item(1), &heads, &Review::Confirm), Ok(()));
}

#[test]
fn a_look_back_shows_what_it_re_examines() {
    let first = submitted();
    let citation = Citation { visit: DocumentId([1; 16]), heads: first.heads(), finding: item(1) };
    let mut ben = Copy::visit(BEN);
    ben.start();
    ben.edit(VisitEdit::Examine { citations: vec![citation.clone()], text: "窗口仍无人?".into() });
    let mut view = ben.view();
    assert_eq!(view.examines_text, "窗口仍无人?");
    assert_eq!(view.examines[0].shown, None, "before it is looked up");
    visit::resolve(&mut view, &|id, heads| {
        assert_eq!(id, citation.visit);
        visit::view_at(&first.document, id, TEAM, heads, &Desk::default().context())
    });
    assert_eq!(view.examines[0].shown.as_ref().unwrap().place, "3号窗口");
    let row = summary::of(&ben.document, TEAM, &Everybody).unwrap();
    assert_eq!(row.visit().unwrap().examines, [citation.visit]);
    let mut ana = ben.fork(ANA);
    drop(ben.document.take_changes());
    let other = Citation { finding: item(2), ..citation };
    ana.edit(VisitEdit::Examine { citations: vec![other], text: String::new() });
    ben.edit(VisitEdit::Examine { citations: vec![], text: "只看大厅".into() });
    exchange([&mut ana, &mut ben]);
    assert_eq!((ana.view().examines.len(), ana.view().examines_text), (1, "只看大厅".to_owned()));
}

#[test]
fn a_review_is_no_change_of_what_a_matter_cites() {
    let mut sue = submitted().fork(SUE);
    let heads = sue.heads();
    let said = |finding: FindingView| FindingView { review: ReviewView::default(), ..finding };
    let then = visit::view_at(&sue.document, VISIT, TEAM, &heads, &Desk::default().context()).unwrap();
    sue.decide(&Review::Confirm, None);
    let now = sue.view();
    assert_ne!(then.findings, now.findings);
    assert_eq!(
        then.findings.into_iter().map(said).collect::<Vec<_>>(),
        now.findings.into_iter().map(said).collect::<Vec<_>>()
    );
}
