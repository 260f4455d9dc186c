//! Much at once: a thousand visits, and whole registers of units.

use mingcha_core::command::{Command, ImportPart};
use mingcha_core::ids::DatasetId;
use mingcha_core::units::UnitRow;
use mingcha_core::view::{Access, Answer, ImportState, Link, Query, Stage};
use mingcha_tests::World;
use mingcha_tests::world::{Network, Who};

#[test]
fn a_thousand_visits_arrive_while_commands_are_answered() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    world.set_online(ana, Network::Gone);
    world.set_online(ben, Network::Gone);
    let own = world.visit(ana, team, "410300");
    let visits: Vec<_> = (0..1_000).map(|_| world.begin_visit(ben, team)).collect();
    world.run();
    for visit in visits.iter().step_by(50) {
        world.note(ben, *visit, "补充").expect("saved");
    }
    world.set_online(ben, Network::There);
    world.run().run();
    assert_eq!(world.access(ben).unsent, 0);
    world.set_online(ana, Network::There);
    let mut longest = 0;
    for round in 0..40 {
        let request = world.at(ana).ask(Command::EditVisit {
            visit: own,
            edit: mingcha_core::command::VisitEdit::Unit(format!("4103{round:02}")),
        });
        let mut steps = 0;
        while world.at(ana).answer(request).is_none() {
            world.run_for(1);
            steps += 1;
            assert!(steps < 2_000, "never answered");
        }
        longest = longest.max(steps);
    }
    assert!(longest < 200, "a command waited for {longest} steps");
    world.run().run();
    assert_eq!(world.access(ana).link, Link::Live);
    assert_eq!(world.visits(ana, Stage::All).len(), 1_000.min(visits.len() + 1));
    assert_eq!(world.problems(ana), []);
    assert_eq!(world.see(ana, visits[950]).expect("here").notes, "补充");
    assert_eq!(world.see(ana, own).expect("here").unit.value, "410339");
}

fn rows(from: u32, count: u32) -> Vec<UnitRow> {
    let row = |number: u32| UnitRow {
        code: format!("41{number:06}"),
        name: format!("第{number}窗口"),
        ..UnitRow::default()
    };
    (from..from + count).map(row).collect()
}

fn import(world: &mut World, who: Who, dataset: DatasetId, parts: &[(u32, ImportPart)]) {
    let mut from = 0;
    for (count, part) in parts {
        let rows = rows(from, *count);
        from += count;
        let (name, part) = ("units.csv".to_owned(), *part);
        world.ask(who, Command::ImportUnits { dataset, name, rows, part }).expect("taken in");
    }
}

fn units(world: &mut World, who: Who) -> u32 {
    let Access::Open(me) = world.access(who).access else { panic!("closed") };
    me.units
}

fn imports(world: &mut World, who: Who) -> Vec<ImportState> {
    let Answer::Imports(all) = world.look(who, Query::Imports) else { panic!("no imports") };
    all.into_iter().map(|import| import.state).collect()
}

#[test]
fn an_import_that_was_killed_in_the_middle_is_not_there_and_can_be_made_again() {
    let mut world = World::new();
    let (ana, _, [ben]) = world.office(["王芳"]);
    import(&mut world, ana, DatasetId([1; 16]), &[(2_000, ImportPart::More), (2_000, ImportPart::More)]);
    assert_eq!(imports(&mut world, ana), [ImportState::Running(4_000)]);
    world.restart(ana);
    world.run();
    for who in [ana, ben] {
        assert_eq!(units(&mut world, who), 0);
        assert_eq!(imports(&mut world, who), []);
    }
    let again = [(2_000, ImportPart::More), (2_000, ImportPart::More), (500, ImportPart::Last)];
    import(&mut world, ana, DatasetId([2; 16]), &again);
    world.run().run();
    world.restart(ben);
    world.run();
    for who in [ana, ben] {
        assert_eq!(units(&mut world, who), 4_500);
        assert_eq!(imports(&mut world, who), [ImportState::Done]);
        assert_eq!(world.problems(who), []);
    }
}

#[test]
fn an_import_that_was_withdrawn_is_gone_everywhere() {
    let mut world = World::new();
    let (ana, _, [ben]) = world.office(["王芳"]);
    let dataset = DatasetId([1; 16]);
    import(&mut world, ana, dataset, &[(300, ImportPart::Last)]);
    world.run();
    assert_eq!(units(&mut world, ben), 300);
    world.ask(ana, Command::WithdrawUnits { dataset }).expect("withdrawn");
    world.run();
    for who in [ana, ben] {
        world.restart(who);
        world.run();
        assert_eq!(units(&mut world, who), 0);
        assert_eq!(imports(&mut world, who), [ImportState::Withdrawn]);
    }
    world.ask(ben, Command::WithdrawUnits { dataset }).expect_err("inspectors do not import or withdraw");
}
