//! What the office says of visits and findings, and what inspectors see of it.

use mingcha_core::command::{Command, FindingEdit, VisitEdit};
use mingcha_core::domain::{Citation, MatterField, Mode, Review, ReviewState, Severity, VisitState};
use mingcha_core::ids::{DocumentId, ItemId, SpaceId};
use mingcha_core::problem::Problem;
use mingcha_core::view::{
    Answer, Compared, FindingFilter, FindingRow, Happened, Merged, Proposed, Query, Since, Standing, Window,
};
use mingcha_tests::World;
use mingcha_tests::rogue::{self, Rogue};
use mingcha_tests::world::Who;

const FINDING: ItemId = ItemId([7; 16]);
const BATCH: ItemId = ItemId([0xba; 16]);
const ALL: Window = Window { first: 0, count: 1_000 };
/// More than are worked off between two looks at what people want, and than are kept in memory.
const MANY: usize = 80;

/// A submitted visit with one finding.
fn submitted(world: &mut World, who: Who, team: SpaceId, unit: &str) -> DocumentId {
    let visit = world.visit(who, team, unit);
    let field = |field| VisitEdit::Finding { finding: FINDING, field };
    for edit in [
        VisitEdit::AddFinding { finding: FINDING, question: None },
        field(FindingEdit::Severity(Severity::Serious)),
        field(FindingEdit::Category("discipline.absent".into())),
        field(FindingEdit::Place("3号窗口".into())),
    ] {
        world.at(who).ask(Command::EditVisit { visit, edit });
    }
    world.ask(who, Command::SubmitVisit { visit, incomplete: false }).expect("submitted");
    visit
}

fn findings(world: &mut World, who: Who, filter: FindingFilter) -> Vec<FindingRow> {
    let Answer::Findings(rows) = world.look(who, Query::Findings(filter, ALL)) else { panic!("no findings") };
    assert_eq!(rows.total as usize, rows.rows.len());
    rows.rows
}

fn count(world: &mut World, who: Who, review: ReviewState) -> usize {
    findings(world, who, FindingFilter { review: Some(review), ..FindingFilter::default() }).len()
}

fn confirm_all(expected: u32) -> Command {
    let filter = FindingFilter { review: Some(ReviewState::Waiting), ..FindingFilter::default() };
    Command::ReviewFindings { batch: BATCH, filter, expected, review: Review::Confirm }
}

#[test]
fn a_visit_is_sent_back_amended_and_submitted_again() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let visit = submitted(&mut world, ben, team, "410305");
    let send_back = Command::SendVisitBack { visit, reason: "请写明窗口".into() };
    assert_eq!(world.ask(ben, send_back.clone()), Err(Problem::NotAllowed));
    assert_eq!(world.ask(ben, Command::ReopenVisit { visit }), Err(Problem::NotNow));
    world.ask(ana, send_back).expect("sent back");
    world.run();
    let view = world.see(ben, visit).expect("here");
    assert_eq!((view.state, view.sent_back.as_str()), (VisitState::SentBack, "请写明窗口"));
    assert!(findings(&mut world, ana, FindingFilter::default()).is_empty(), "no longer in the queue");
    assert_eq!(world.ask(ana, Command::ReopenVisit { visit }), Err(Problem::NotAllowed));
    world.ask(ben, Command::ReopenVisit { visit }).expect("reopened");
    assert_eq!(world.see(ben, visit).expect("here").state, VisitState::Draft);
    let field = FindingEdit::Place("3号窗口左侧".into());
    let edit = VisitEdit::Finding { finding: FINDING, field };
    world.ask(ben, Command::EditVisit { visit, edit }).expect("saved");
    world.ask(ben, Command::SubmitVisit { visit, incomplete: false }).expect("submitted");
    world.run();
    let view = world.see(ana, visit).expect("there");
    assert_eq!((view.state, view.since_submitted), (VisitState::Submitted, Since::Unchanged));
    assert_eq!(findings(&mut world, ana, FindingFilter::default())[0].place, "3号窗口左侧");
}

#[test]
fn a_finding_is_confirmed_and_the_inspector_sees_by_the_office_and_the_desk_what_changed_since() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let visit = submitted(&mut world, ben, team, "410305");
    let heads = world.see(ana, visit).expect("there").heads;
    let confirm = Command::ReviewFinding { visit, heads, finding: FINDING, review: Review::Confirm };
    assert_eq!(world.ask(ben, confirm.clone()), Err(Problem::NotAllowed));
    world.ask(ana, confirm).expect("confirmed");
    world.run();
    let review = world.see(ben, visit).expect("here").findings.swap_remove(0).review;
    assert_eq!((review.state, review.since), (ReviewState::Confirmed, Since::Unchanged));
    let edit = VisitEdit::Finding { finding: FINDING, field: FindingEdit::Person("科长".into()) };
    world.ask(ben, Command::EditVisit { visit, edit }).expect("saved");
    world.run();
    let row = findings(&mut world, ana, FindingFilter::default()).swap_remove(0);
    assert_eq!((row.review, row.since), (ReviewState::Confirmed, Since::Changed));
    assert_eq!(world.see(ana, visit).expect("there").since_submitted, Since::Changed);
}

#[test]
fn a_batch_does_what_the_filter_shows_while_others_overtake_it_and_is_undone() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    for number in 0..MANY {
        submitted(&mut world, ben, team, &format!("4103{number:02}"));
    }
    world.restart(ana);
    assert_eq!(count(&mut world, ana, ReviewState::Waiting), MANY);
    let wrong = confirm_all(MANY as u32 - 1);
    assert_eq!(world.ask(ana, wrong), Err(Problem::CountDiffers { found: MANY as u32 }));
    assert_eq!(count(&mut world, ana, ReviewState::Waiting), MANY);
    assert_eq!(world.ask(ben, confirm_all(MANY as u32)), Err(Problem::NotAllowed));

    let batch = world.at(ana).ask(confirm_all(MANY as u32));
    let quick = world.at(ana).ask(Command::FormTeam { name: "第二组".into() });
    for _ in 0..10_000 {
        if world.at(ana).answer(quick).is_some() {
            break;
        }
        world.run_for(1);
    }
    assert_eq!(world.at(ana).answer(quick), Some(&Ok(())));
    assert_eq!(world.at(ana).answer(batch), None, "the batch goes on");
    world.run();
    assert_eq!(world.at(ana).answer(batch), Some(&Ok(())));
    world.run();
    assert_eq!(count(&mut world, ana, ReviewState::Confirmed), MANY);
    assert_eq!(count(&mut world, ben, ReviewState::Confirmed), MANY);

    world.restart(ana);
    world.ask(ana, Command::UndoReview { batch: BATCH }).expect("undone");
    world.run();
    assert_eq!(count(&mut world, ana, ReviewState::Waiting), MANY);
    assert_eq!(count(&mut world, ben, ReviewState::Waiting), MANY);
    assert_eq!(world.problems(ana), []);
}

#[test]
fn a_batch_broken_off_by_a_kill_can_be_undone() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    for number in 0..30 {
        submitted(&mut world, ben, team, &format!("4103{number:02}"));
    }
    world.restart(ana);
    world.at(ana).ask(confirm_all(30));
    for _ in 0..12 {
        world.step();
    }
    world.restart(ana);
    let confirmed = count(&mut world, ana, ReviewState::Confirmed);
    assert!((1..30).contains(&confirmed), "{confirmed} were confirmed");
    world.ask(ana, Command::UndoReview { batch: BATCH }).expect("undone");
    assert_eq!(count(&mut world, ana, ReviewState::Waiting), 30);
}

#[test]
fn a_member_who_confirms_its_own_finding_is_shown_and_ignored() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let code = world.invite(ana, team, "冒充者");
    let mut rogue = Rogue::join(&mut world, &code);
    let visit = DocumentId([0xd0; 16]);
    let list = rogue::reviewed_by_itself(rogue.actor(team), FINDING);
    let payload = rogue::changes(visit, mingcha_core::document::Kind::Visit, &list);
    let entry = rogue.entry(&world.relay, team, &payload);
    rogue.put(&mut world, &[&entry]);
    for who in [ana, ben] {
        let view = world.see(who, visit).expect("taken");
        assert_eq!(view.findings[0].review.state, ReviewState::Waiting);
        let said = view.timeline.iter().find(|fact| fact.what == "finding-confirmed").expect("shown");
        assert_eq!(said.standing, Standing::NoRight);
        assert_eq!(count(&mut world, who, ReviewState::Confirmed), 0);
        assert_eq!(count(&mut world, who, ReviewState::Waiting), 1);
    }
}

#[test]
fn a_look_back_shows_what_it_re_examines_after_a_restart() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let first = submitted(&mut world, ben, team, "410305");
    let heads = world.see(ben, first).expect("here").heads;
    let visit = DocumentId(world.id());
    let unit = Some("410305".to_owned());
    let (mode, checklist, assignment) = (Mode::LookBack, None, None);
    let start = Command::StartVisit { visit, team, mode, unit, checklist, assignment };
    world.ask(ben, start).expect("begun");
    let citations = vec![Citation { visit: first, heads, finding: FINDING }];
    let edit = VisitEdit::Examine { citations, text: "窗口是否有人".into() };
    world.ask(ben, Command::EditVisit { visit, edit }).expect("saved");
    let edit = VisitEdit::Finding { finding: FINDING, field: FindingEdit::Place("别处".into()) };
    world.ask(ben, Command::EditVisit { visit: first, edit }).expect("saved");
    world.run();
    for who in [ana, ben] {
        world.restart(who);
        let view = world.see(who, visit).expect("here");
        assert_eq!(view.examines_text, "窗口是否有人");
        let shown = view.examines[0].shown.as_ref().expect("the first visit is here");
        assert_eq!((shown.place.as_str(), shown.severity.as_str()), ("3号窗口", "serious"));
    }
}

#[test]
fn findings_are_proposed_merged_settled_and_taken_out_again() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let [first, second] = [(); 2].map(|()| submitted(&mut world, ben, team, "410305"));
    let proposals = Query::Proposals { visit: first, finding: FINDING };
    let Answer::Proposals(all) = world.look(ana, proposals) else { panic!("no proposals") };
    let [proposal] = &all[..] else { panic!("{all:?}") };
    assert!(matches!(&proposal.what, Proposed::Finding(row) if row.visit == second));

    let citations = [first, second].map(|visit| {
        let heads = world.see(ana, visit).expect("there").heads;
        Citation { visit, heads, finding: FINDING }
    });
    let (matter, unit) = (DocumentId(world.id()), "410305".to_owned());
    let (category, citations) = ("discipline.absent".into(), citations.to_vec());
    let (title, severity) = ("窗口无人".into(), Severity::Minor);
    let open = Command::OpenMatter { matter, title, unit: unit.clone(), category, severity, citations };
    world.ask(ana, open).expect("opened");
    let free = FindingFilter { merged: Merged::Not, ..FindingFilter::default() };
    assert!(findings(&mut world, ana, free.clone()).is_empty());
    let (field, chosen, over) = (MatterField::Severity, "serious".to_owned(), vec![]);
    let settle = Command::SettleInMatter { matter, field, chosen, over, reason: "两次".into() };
    world.ask(ana, settle).expect("settled");
    let findings_out = vec![(second, FINDING)];
    let take = Command::TakeFromMatter { matter, findings: findings_out, reason: String::new() };
    world.ask(ana, take.clone()).expect("taken out");
    assert_eq!(world.ask(ana, take), Err(Problem::NotHere), "no longer cited");
    let Answer::Matter(Some(view)) = world.look(ana, Query::Matter(matter)) else { panic!("no matter") };
    assert_eq!((view.row.citations, view.row.severity), (1, Severity::Serious));
    assert_eq!(view.fields[1].settled[0].name, "李明");
    assert_eq!(findings(&mut world, ana, free.clone())[0].visit, second);
    let place = Query::FindingPlace { filter: free, visit: second, finding: FINDING };
    let Answer::FindingPlace(place) = world.look(ana, place) else { panic!("no place") };
    assert_eq!((place.position, place.total), (Some(0), 1));

    let timeline = Query::UnitTimeline { unit: unit.clone() };
    let Answer::UnitTimeline(timeline) = world.look(ana, timeline) else { panic!("no timeline") };
    assert!(matches!(timeline.events[0].what, Happened::MatterOpened(_)));
    assert_eq!(timeline.total, 3);
    let figures = Query::Figures { filter: FindingFilter::default(), offset: 480 };
    let Answer::Figures(figures) = world.look(ana, figures) else { panic!("no figures") };
    assert_eq!((figures.visits, figures.findings, figures.to_submitted.of), (2, 2, 2));
    let Answer::Agreement(all) = world.look(ana, Query::Agreement(Compared::Unit(unit))) else {
        panic!("no agreement")
    };
    assert!(all.is_empty(), "no checklist was used");
}
