//! The app, and the relay, killed after every single step.

use crate::deeds::Deeds;
use mingcha_core::command::Command;
use mingcha_core::domain::Language;
use mingcha_core::view::{Access, Link, Stage, Tick};
use mingcha_tests::World;
use mingcha_tests::world::{Network, passphrase};

/// More steps than anything here takes.
const ALL: usize = 100_000;

#[test]
fn what_was_answered_is_there_whenever_the_app_is_killed() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    world.set_online(ben, Network::Gone);
    let before = world.at(ben).copy_of_disk();
    for kill_after in 1.. {
        world.kill(ben);
        world.at(ben).restore_disk(before.clone());
        world.start(ben);
        world.run();
        world.unlock(ben).expect("unlocked");
        let deeds = Deeds::new(&mut world, team);
        let (answered, left) = deeds.run(&mut world, ben, kill_after);
        world.restart(ben);
        assert!(deeds.are_kept(&mut world, ben, answered), "killed after {kill_after} steps");
        let is_over = left > 0;
        if is_over || kill_after % 16 == 0 {
            // An old copy of the store goes on each time: streams must not collide.
            world.set_online(ben, Network::There);
            world.run().run().run();
            assert_eq!(world.access(ben).unsent, 0, "killed after {kill_after} steps");
            assert!(deeds.are_kept(&mut world, ana, answered), "killed after {kill_after} steps");
            assert_eq!(world.problems(ana), []);
            assert_eq!(world.problems(ben), []);
            world.set_online(ben, Network::Gone);
        }
        if is_over {
            assert_eq!(answered, deeds.count());
            return;
        }
    }
}

#[test]
fn what_was_recorded_arrives_once_whenever_the_app_is_killed_while_sending() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    for kill_after in 0..32 {
        world.set_online(ben, Network::Gone);
        let deeds = Deeds::new(&mut world, team);
        deeds.run(&mut world, ben, ALL);
        world.set_online(ben, Network::There);
        world.run_for(kill_after);
        world.restart(ben);
        world.run().run();
        assert!(deeds.are_kept(&mut world, ana, deeds.count()), "killed after {kill_after} steps");
        assert_eq!(world.see(ben, deeds.visit()).expect("here").tick, Tick::Held);
        assert_eq!(world.visits(ana, Stage::Submitted).len(), kill_after + 1);
    }
    assert_eq!(world.problems(ana), []);
    assert_eq!(world.problems(ben), []);
}

#[test]
fn what_was_recorded_arrives_once_whenever_the_relay_is_killed() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    for kill_after in 0..32 {
        world.set_online(ben, Network::Gone);
        let deeds = Deeds::new(&mut world, team);
        deeds.run(&mut world, ben, ALL);
        world.set_online(ben, Network::There);
        world.run_for(kill_after);
        world.crash_relay();
        world.run().run().run();
        assert!(deeds.are_kept(&mut world, ana, deeds.count()), "killed after {kill_after} steps");
        assert_eq!(world.access(ben).unsent, 0, "killed after {kill_after} steps");
        assert_eq!(world.visits(ana, Stage::Submitted).len(), kill_after + 1);
    }
    assert_eq!(world.problems(ana), []);
    assert_eq!(world.problems(ben), []);
}

#[test]
fn founding_can_be_killed_at_every_step() {
    for kill_after in 0..30 {
        let mut world = World::new();
        let ana = world.device("ana");
        world.ask(ana, Command::MakeKit { language: Language::Chinese }).expect("a kit");
        let Access::Empty { kit: Some(words), .. } = world.access(ana).access else { panic!("no kit") };
        let found = world.founding(&words);
        world.at(ana).ask(found);
        world.run_for(kill_after);
        world.kill(ana);
        world.start(ana);
        world.run();
        match world.access(ana).access {
            Access::Empty { .. } => world.found(ana),
            _ => world.unlock(ana).expect("unlocked"),
        }
        world.run();
        let view = world.access(ana);
        assert!(matches!(view.access, Access::Open(_)), "killed after {kill_after} steps");
        assert_eq!((view.link, view.unsent), (Link::Live, 0), "killed after {kill_after} steps");
        assert_eq!(view.problems, [], "killed after {kill_after} steps");
    }
}

#[test]
fn joining_can_be_killed_at_every_step() {
    let mut world = World::new();
    let ana = world.device("ana");
    world.found(ana);
    let team = world.team(ana, "第一组");
    for kill_after in 0..40 {
        let code = world.invite(ana, team, &format!("王芳{kill_after}"));
        let ben = world.device("ben");
        world.ask(ben, Command::OpenInvitation { code: code.clone() }).expect("found");
        world.at(ben).ask(Command::Join { passphrase: passphrase() });
        world.run_for(kill_after);
        world.kill(ben);
        world.start(ben);
        world.run();
        match world.access(ben).access {
            Access::Empty { .. } => world.join(ben, &code).expect("joined"),
            _ => world.unlock(ben).expect("unlocked"),
        }
        world.run();
        let view = world.access(ben);
        let Access::Open(me) = view.access else { panic!("closed: killed after {kill_after} steps") };
        assert_eq!(me.teams.len(), 1, "killed after {kill_after} steps");
        assert_eq!((view.link, view.problems), (Link::Live, vec![]), "killed after {kill_after} steps");
        world.kill(ben);
    }
    assert_eq!(world.teams(ana)[0].members.len(), 40);
    assert_eq!(world.problems(ana), []);
}

#[test]
fn a_device_restored_from_an_old_copy_of_its_store_goes_on_without_a_fork() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let first = world.visit(ben, team, "410305");
    let copy = world.at(ben).copy_of_disk();
    world.note(ben, first, "后来写的").expect("saved");
    world.run();
    let later = world.visit(ben, team, "410306");
    world.run();
    world.kill(ben);
    world.at(ben).restore_disk(copy);
    world.start(ben);
    world.run();
    world.unlock(ben).expect("unlocked");
    world.run();
    assert_eq!(world.see(ben, first).expect("here").notes, "后来写的");
    assert!(world.see(ben, later).is_some());
    let last = world.visit(ben, team, "410307");
    world.note(ben, first, "后来写的,又改").expect("saved");
    world.run().run();
    for who in [ana, ben] {
        assert_eq!(world.see(who, first).expect("here").notes, "后来写的,又改");
        assert!(world.see(who, last).is_some());
        assert_eq!(world.problems(who), []);
    }
    assert_eq!(world.access(ben).unsent, 0);
}
