//! Assignments: given at the desk, carried out offline, and seen to be carried out; checklists that ask by answers.

use mingcha_core::command::{Command, ImportPart, VisitEdit};
use mingcha_core::document::{Document, Kind};
use mingcha_core::domain::{
    AssignmentDraft, AssignmentState, ChecklistDraft, Mode, Need, Question, Reexamined, Severity, Stamp,
    VisitState, assignment,
};
use mingcha_core::ids::{DatasetId, DocumentId, ItemId, SpaceId};
use mingcha_core::problem::Problem;
use mingcha_core::time::Timestamp;
use mingcha_core::units::{Place, UnitRow};
use mingcha_core::view::{
    Answer, AssignmentFilter, AssignmentRow, AssignmentView, Covered, Query, Standing, Totals, Window,
};
use mingcha_tests::World;
use mingcha_tests::rogue::{self, Rogue};
use mingcha_tests::world::{Network, Who};

fn content(title: &str) -> AssignmentDraft {
    let again = Reexamined {
        unit: "410301".into(),
        text: "3号窗口无人应答".into(),
        severity: Severity::Serious,
        citation: None,
    };
    AssignmentDraft {
        title: title.into(),
        units: ["410301", "410302", "410303"].map(str::to_owned).into(),
        from: Timestamp(0),
        until: Timestamp(u64::MAX),
        mode: Mode::LookBack,
        look_at: "先看窗口".into(),
        again: vec![again],
        ..AssignmentDraft::default()
    }
}

fn assign(world: &mut World, who: Who, team: SpaceId, title: &str) -> DocumentId {
    let assignment = DocumentId(world.id());
    let command = Command::AssignVisits { assignment, team, content: content(title) };
    world.ask(who, command).expect("assigned");
    world.run();
    assignment
}

fn rows(world: &mut World, who: Who) -> Vec<AssignmentRow> {
    let window = Window { first: 0, count: 100 };
    match world.look(who, Query::Assignments(AssignmentFilter::default(), window)) {
        Answer::Assignments(rows) => rows.rows,
        other => panic!("{other:?}"),
    }
}

fn see(world: &mut World, who: Who, assignment: DocumentId) -> AssignmentView {
    match world.look(who, Query::Assignment(assignment)) {
        Answer::Assignment(Some(view)) => *view,
        other => panic!("{other:?}"),
    }
}

fn start(world: &mut World, who: Who, team: SpaceId, unit: &str, of: Option<DocumentId>) -> DocumentId {
    let visit = DocumentId(world.id());
    let (mode, unit) = (Mode::LookBack, Some(unit.to_owned()));
    let start = Command::StartVisit { visit, team, mode, unit, checklist: None, assignment: of };
    world.ask(who, start).expect("begun");
    visit
}

#[test]
fn an_assignment_is_carried_out_offline_and_the_desk_sees_how_far() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let assignment = assign(&mut world, ana, team, "窗口回头看");
    world.set_online(ben, Network::Gone);
    world.restart(ben);
    let view = see(&mut world, ben, assignment);
    assert_eq!((view.row.title.as_str(), view.row.mode), ("窗口回头看", Mode::LookBack));
    assert_eq!(view.versions[0].content.look_at, "先看窗口");
    let visit = start(&mut world, ben, team, "410301", Some(assignment));
    let shown = world.see(ben, visit).expect("begun").assignment.expect("its assignment");
    assert_eq!((shown.title.as_str(), shown.again[0].text.as_str()), ("窗口回头看", "3号窗口无人应答"));
    let finding = ItemId([1; 16]);
    let edit = VisitEdit::AddFinding { finding, question: None };
    world.ask(ben, Command::EditVisit { visit, edit }).expect("added");
    world.ask(ben, Command::SubmitVisit { visit, incomplete: false }).expect("submitted");
    start(&mut world, ben, team, "410302", None);
    world.set_online(ben, Network::There);
    world.run().run().run();
    let totals = Totals { units: 3, visited: 1, begun: 1, with_findings: 1 };
    assert_eq!(rows(&mut world, ana)[0].covered, totals);
    let view = see(&mut world, ana, assignment);
    let covered: Vec<_> = view.units.iter().map(|unit| unit.covered).collect();
    assert_eq!(covered, [Covered::Visited, Covered::Begun, Covered::Waiting]);
    assert_eq!(view.units[0].visits, [visit]);
    let Answer::Coverage(coverage) =
        world.look(ana, Query::Coverage { from: Timestamp(0), until: Timestamp(u64::MAX) })
    else {
        panic!("no coverage")
    };
    assert_eq!((coverage.totals, coverage.unplaced), (totals, 3));
}

#[test]
fn only_supervisors_and_coordinators_plan_and_what_another_device_states_does_not_count() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let assignment = assign(&mut world, ana, team, "一");
    for command in [
        Command::AssignVisits { assignment: DocumentId([9; 16]), team, content: content("自派") },
        Command::ReviseAssignment { assignment, content: content("改") },
        Command::WithdrawAssignment { assignment, reason: "不去".into() },
    ] {
        assert_eq!(world.ask(ben, command), Err(Problem::NotAllowed));
    }
    let code = world.invite(ana, team, "冒充者");
    let mut rogue = Rogue::join(&mut world, &code);
    world.run();
    let mut document = Document::new(Kind::Assignment, rogue.actor(team));
    let stamp = Stamp { at: Timestamp(1), key: ItemId([0xab; 16]) };
    assignment::revise(&mut document, stamp, &content("别去")).expect("stated");
    let changes = document.take_changes();
    for target in [assignment, DocumentId([9; 16])] {
        let payload = rogue::changes(target, Kind::Assignment, &changes);
        let entry = rogue.entry(&world.relay, team, &payload);
        rogue.put(&mut world, &[&entry]);
    }
    for who in [ana, ben] {
        assert_eq!(world.problems(who), []);
        let titles: Vec<_> = rows(&mut world, who).into_iter().map(|row| row.title).collect();
        assert_eq!(titles, ["一"]);
        let view = see(&mut world, who, assignment);
        assert_eq!(view.row.state, AssignmentState::Assigned);
        assert!(view.timeline.iter().any(|fact| fact.standing == Standing::NoRight));
    }
}

#[test]
fn an_assignment_is_changed_withdrawn_and_given_again_and_stays_with_its_team() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let other = world.team(ana, "第二组");
    let cai = world.inspector(ana, other, "赵强");
    let assignment = assign(&mut world, ana, team, "一");
    let states = [
        (Command::ReviseAssignment { assignment, content: content("二") }, "二", AssignmentState::Assigned),
        (Command::WithdrawAssignment { assignment, reason: "改期".into() }, "二", AssignmentState::Withdrawn),
        (Command::ReviseAssignment { assignment, content: content("三") }, "三", AssignmentState::Assigned),
    ];
    for (command, title, state) in states {
        world.ask(ana, command).expect("stated");
        world.run();
        let view = see(&mut world, ben, assignment);
        assert_eq!((view.row.title.as_str(), view.row.state), (title, state));
    }
    assert_eq!(rows(&mut world, cai), []);
    let nowhere = Command::WithdrawAssignment { assignment: DocumentId([9; 16]), reason: "x".into() };
    assert_eq!(world.ask(ana, nowhere), Err(Problem::NotHere));
}

#[test]
fn units_that_wait_come_first_then_the_nearest() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let row = |code: &str, north: i32| UnitRow {
        code: code.into(),
        name: format!("窗口{code}"),
        place: Place::new(34_600_000 + north, 112_400_000),
        parents: vec!["4103".into()],
        ..UnitRow::default()
    };
    let rows = vec![row("410301", 90_000), row("410309", 50_000), row("410308", 1_000)];
    let (dataset, name) = (DatasetId([3; 16]), "units.csv".to_owned());
    world.ask(ana, Command::ImportUnits { dataset, name, rows, part: ImportPart::Last }).expect("imported");
    world.run();
    assign(&mut world, ana, team, "一");
    let found = |world: &mut World| {
        let near = Place::new(34_600_000, 112_400_000);
        match world.look(ben, Query::Units { text: "窗口".into(), limit: 10, near }) {
            Answer::Units(view) => view.units.into_iter().map(|unit| unit.code).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(found(&mut world), ["410301", "410308", "410309"]);
    let visit = start(&mut world, ben, team, "410301", None);
    world.ask(ben, Command::SubmitVisit { visit, incomplete: false }).expect("submitted");
    assert_eq!(found(&mut world), ["410308", "410309", "410301"]);
    let Answer::Areas(areas) = world.look(ben, Query::Areas) else { panic!("no areas") };
    let areas: Vec<_> = areas.into_iter().map(|area| (area.unit.code, area.below)).collect();
    assert_eq!(areas, [("4103".to_owned(), 3)]);
    world.ask(ana, Command::WithdrawUnits { dataset }).expect("withdrawn");
    world.run();
    assert_eq!(found(&mut world), Vec::<String>::new(), "all of an import is taken back at once");
    assert_eq!(world.look(ben, Query::Areas), Answer::Areas(vec![]));
}

#[test]
fn a_visit_with_required_questions_unanswered_is_handed_in_only_knowingly() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let question = Question { need: Need::Required, ..Question::new(ItemId([1; 16]), "在岗?".into()) };
    let id = ItemId([9; 16]);
    let checklist = ChecklistDraft { id, title: "窗口".into(), questions: vec![question] };
    world.ask(ana, Command::PublishChecklist { checklist }).expect("published");
    world.run();
    let visit = start(&mut world, ben, team, "410301", None);
    world.ask(ben, Command::EditVisit { visit, edit: VisitEdit::Checklist(id) }).expect("chosen");
    assert_eq!(world.see(ben, visit).expect("here").unanswered, [ItemId([1; 16])]);
    let refused = world.ask(ben, Command::SubmitVisit { visit, incomplete: false });
    assert_eq!(refused, Err(Problem::Unanswered { count: 1 }));
    assert_eq!(world.see(ben, visit).expect("here").state, VisitState::Draft);
    world.ask(ben, Command::SubmitVisit { visit, incomplete: true }).expect("submitted");
    assert_eq!(world.see(ben, visit).expect("here").state, VisitState::Submitted);
}
