use mingcha_core::command::{Command, FindingEdit, TextEdit, VisitEdit};
use mingcha_core::domain::{Severity, VisitState};
use mingcha_core::ids::ItemId;
use mingcha_core::problem::Problem;
use mingcha_core::view::{Access, Link, Stage, Tick};
use mingcha_tests::world::{Network, World, passphrase};

#[test]
fn an_office_is_founded_and_held_by_the_relay() {
    let mut world = World::new();
    let ana = world.device("ana");
    world.found(ana);
    let view = world.access(ana);
    assert_eq!(view.problems, []);
    assert_eq!(view.link, Link::Live);
    let Access::Open(me) = view.access else { panic!("closed") };
    assert_eq!((me.name.as_str(), me.office.as_str()), ("李明", "效能办"));
    assert_eq!(view.unsent, 0);
}

#[test]
fn a_visit_recorded_offline_and_through_a_kill_reaches_the_desk() {
    let mut world = World::new();
    let ana = world.device("ana");
    world.found(ana);
    let team = world.team(ana, "第一组");
    let code = world.invite(ana, team, "王芳");
    world.set_online(ana, Network::Gone);
    let ben = world.device("ben");
    world.join(ben, &code).expect("joined while the coordinator is away");
    let Access::Open(me) = world.access(ben).access else { panic!("closed") };
    assert_eq!((me.name.as_str(), me.office.as_str()), ("王芳", "效能办"));
    assert_eq!(me.teams, [(team, "第一组".to_owned())]);

    world.set_online(ben, Network::Gone);
    let visit = world.visit(ben, team, "410305");
    let base = world.see(ben, visit).expect("the visit").heads;
    let notes = VisitEdit::Notes(TextEdit { base, text: "窗口无人".into() });
    world.ask(ben, Command::EditVisit { visit, edit: notes }).expect("saved");
    let finding = ItemId([7; 16]);
    for edit in [
        VisitEdit::AddFinding { finding, question: None },
        VisitEdit::Finding { finding, field: FindingEdit::Severity(Severity::Serious) },
        VisitEdit::Finding { finding, field: FindingEdit::Place("3号窗口".into()) },
    ] {
        world.ask(ben, Command::EditVisit { visit, edit }).expect("saved");
    }
    world.kill(ben);
    world.start(ben);
    world.run();
    assert_eq!(
        world.ask(ben, Command::Unlock { passphrase: mingcha_core::command::Passphrase("wrong".into()) }),
        Err(Problem::WrongPassphrase)
    );
    world.unlock(ben).expect("unlocked offline");
    let view = world.see(ben, visit).expect("still there");
    assert_eq!((view.notes.as_str(), view.tick), ("窗口无人", Tick::Saved));
    assert_eq!(view.findings[0].place.value, "3号窗口");
    world.ask(ben, Command::SubmitVisit { visit, incomplete: false }).expect("submitted");

    world.set_online(ben, Network::There);
    world.set_online(ana, Network::There);
    world.run().run().run();
    assert_eq!(world.see(ben, visit).expect("here").tick, Tick::Held);
    let rows = world.visits(ana, Stage::Submitted);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].state, VisitState::Submitted);
    let heads = world.see(ana, visit).expect("there").heads;
    world.ask(ana, Command::SawVisit { visit, heads }).expect("seen");
    world.run();
    assert_eq!(world.see(ben, visit).expect("here").tick, Tick::Read);
    assert_eq!(world.access(ben).problems, []);
    assert_eq!(world.access(ana).problems, []);
}

#[test]
fn a_locked_device_still_sends() {
    let mut world = World::new();
    let ana = world.device("ana");
    world.found(ana);
    let team = world.team(ana, "第一组");
    let code = world.invite(ana, team, "王芳");
    let ben = world.device("ben");
    world.join(ben, &code).expect("joined");
    world.set_online(ben, Network::Gone);
    let visit = world.visit(ben, team, "410305");
    world.ask(ben, Command::Lock).expect("locked");
    assert_eq!(world.access(ben).access, Access::Locked { unpacked: 0 });
    assert!(world.access(ben).unsent > 0);
    world.set_online(ben, Network::There);
    world.run().run().run();
    assert_eq!(world.access(ben).unsent, 0);
    assert!(world.see(ana, visit).is_some());
    world.ask(ben, Command::Unlock { passphrase: passphrase() }).expect("unlocked");
    world.run();
    assert_eq!(world.see(ben, visit).expect("here").tick, Tick::Held);
}

#[test]
fn two_inspectors_edit_one_visit_offline_and_both_see_both() {
    let mut world = World::new();
    let ana = world.device("ana");
    world.found(ana);
    let team = world.team(ana, "第一组");
    let [ben, cai] = ["王芳", "赵强"].map(|name| {
        let code = world.invite(ana, team, name);
        let device = world.device(name);
        world.join(device, &code).expect("joined");
        device
    });
    let visit = world.visit(ben, team, "410305");
    world.run();
    let base = world.see(cai, visit).expect("shared").heads;
    for (who, text, severity) in [(ben, "王芳所见", "410306"), (cai, "赵强所见", "410307")] {
        world.set_online(who, Network::Gone);
        let notes = VisitEdit::Notes(TextEdit { base: base.clone(), text: text.into() });
        world.ask(who, Command::EditVisit { visit, edit: notes }).expect("saved");
        let unit = VisitEdit::Unit(severity.into());
        world.ask(who, Command::EditVisit { visit, edit: unit }).expect("saved");
    }
    for who in [ben, cai] {
        world.set_online(who, Network::There);
    }
    world.run().run().run();
    let views = [ben, cai, ana].map(|who| world.see(who, visit).expect("here"));
    for view in &views {
        assert!(view.notes.contains("王芳所见") && view.notes.contains("赵强所见"), "{}", view.notes);
        assert_eq!(view.unit.conflict.len(), 2);
        assert_eq!(view.heads, views[0].heads);
    }
    let choose = VisitEdit::Choose { path: views[0].unit.path.clone(), value: "410307".into() };
    world.ask(ben, Command::EditVisit { visit, edit: choose }).expect("chosen");
    world.run();
    let view = world.see(cai, visit).expect("here");
    assert_eq!((view.unit.value.as_str(), view.unit.conflict.len()), ("410307", 0));
}

#[test]
fn a_relay_killed_in_the_middle_loses_nothing_and_doubles_nothing() {
    let mut world = World::new();
    let ana = world.device("ana");
    world.found(ana);
    let team = world.team(ana, "第一组");
    let code = world.invite(ana, team, "王芳");
    let ben = world.device("ben");
    world.join(ben, &code).expect("joined");
    world.set_online(ben, Network::Gone);
    let visits: Vec<_> = (0..20).map(|n| world.visit(ben, team, &format!("41030{n}"))).collect();
    world.set_online(ben, Network::There);
    for steps in [3, 7, 12, 20, 33] {
        for _ in 0..steps {
            world.step();
        }
        world.crash_relay();
    }
    world.run().run().run();
    assert_eq!(world.access(ben).unsent, 0);
    let rows = world.visits(ana, Stage::All);
    assert_eq!(rows.len(), visits.len());
    assert_eq!(world.access(ana).problems, []);
}
