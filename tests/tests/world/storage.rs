//! Storage that is full, fails, hangs, or belongs to another tab.

use crate::deeds::Deeds;
use mingcha_core::command::{Command, TextEdit, VisitEdit};
use mingcha_core::domain::Language;
use mingcha_core::engine::io::StoreFailure;
use mingcha_core::problem::Problem;
use mingcha_core::view::{Access, Answer, Query, Stage, Tick};
use mingcha_tests::World;
use mingcha_tests::device::Storage;
use mingcha_tests::world::{Network, passphrase};

const FULL: Problem = Problem::DeviceFull { quota: 0 };

#[test]
fn what_was_typed_is_kept_once_there_is_room_again_whichever_transaction_failed() {
    for refused in 0..24 {
        let mut world = World::new();
        let (ana, team, [ben]) = world.office(["王芳"]);
        let deeds = Deeds::new(&mut world, team);
        world.at(ben).refuses_after = Some(refused);
        deeds.run(&mut world, ben, 100_000);
        world.run();
        if matches!(world.access(ben).access, Access::Locked { .. }) {
            world.unlock(ben).expect("unlocked");
        }
        world.restart(ben);
        world.run();
        assert!(deeds.are_kept(&mut world, ben, deeds.count()), "transaction {refused} refused");
        assert!(deeds.are_kept(&mut world, ana, deeds.count()), "transaction {refused} refused");
        assert_eq!(world.problems(ben), [], "transaction {refused} refused");
    }
}

#[test]
fn nothing_is_shown_as_saved_while_storage_is_full() {
    let mut world = World::new();
    let (_, team, [ben]) = world.office(["王芳"]);
    let visit = world.visit(ben, team, "410305");
    world.run();
    world.at(ben).storage = Storage::Refuses(StoreFailure::Full);
    assert_eq!(world.note(ben, visit, "写不进去"), Err(FULL));
    assert_eq!(world.problems(ben), [FULL]);
    let view = world.see(ben, visit).expect("still shown");
    assert_eq!((view.notes.as_str(), view.tick), ("写不进去", Tick::Saving));
    assert_eq!(world.visits(ben, Stage::All)[0].tick, Tick::Saving);
    world.at(ben).storage = Storage::Works;
    world.run().run();
    assert_eq!(world.problems(ben), []);
    assert_eq!(world.see(ben, visit).expect("shown").tick, Tick::Held);
    world.restart(ben);
    assert_eq!(world.see(ben, visit).expect("kept").notes, "写不进去");
}

#[test]
fn nothing_is_sent_or_answered_before_it_is_durable() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    world.at(ben).storage = Storage::Hangs;
    let held = world.relay.held().count();
    let deeds = Deeds::new(&mut world, team);
    let (answered, _) = deeds.run(&mut world, ben, 100_000);
    world.run().run();
    assert_eq!(answered, 2, "only locking and unlocking need no room");
    assert_eq!(world.relay.held().count(), held);
    assert!(world.see(ana, deeds.visit()).is_none());
    world.restart(ben);
    assert!(world.see(ben, deeds.visit()).is_none());
}

#[test]
fn a_locked_and_unlocked_device_still_has_what_waits_for_room() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let visit = world.visit(ben, team, "410305");
    world.run();
    world.at(ben).storage = Storage::Refuses(StoreFailure::Failed);
    assert_eq!(world.note(ben, visit, "锁前写的"), Err(Problem::StorageFailed));
    world.ask(ben, Command::Lock).expect("locked");
    world.unlock(ben).expect("unlocked");
    assert_eq!(world.see(ben, visit).expect("here").notes, "锁前写的");
    world.at(ben).storage = Storage::Works;
    world.run().run();
    world.note(ben, visit, "锁前写的,锁后写的").expect("saved");
    world.restart(ben);
    world.run();
    for who in [ana, ben] {
        assert_eq!(world.see(who, visit).expect("here").notes, "锁前写的,锁后写的");
    }
}

#[test]
fn an_office_is_founded_as_soon_as_there_is_room_and_not_before() {
    let mut world = World::new();
    let ana = world.device("ana");
    world.ask(ana, Command::MakeKit { language: Language::English }).expect("a kit");
    let Access::Empty { kit: Some(words), .. } = world.access(ana).access else { panic!("no kit") };
    world.at(ana).storage = Storage::Refuses(StoreFailure::Full);
    let found = world.founding(&words);
    let request = world.at(ana).ask(found);
    world.run();
    assert_eq!(world.at(ana).answer(request), None);
    let view = world.access(ana);
    assert_eq!((view.access, view.problems), (Access::Busy, vec![FULL]));
    assert_eq!(world.relay.held().count(), 0);
    world.at(ana).storage = Storage::Works;
    world.run().run();
    assert_eq!(world.at(ana).answer(request), Some(&Ok(())));
    assert_eq!(world.problems(ana), []);
    assert!(world.relay.held().count() > 0);
}

#[test]
fn a_join_is_sent_as_soon_as_it_is_durable_and_not_before() {
    let mut world = World::new();
    let ana = world.device("ana");
    world.found(ana);
    let team = world.team(ana, "第一组");
    let code = world.invite(ana, team, "王芳");
    let ben = world.device("ben");
    world.ask(ben, Command::OpenInvitation { code }).expect("found");
    world.at(ben).storage = Storage::Refuses(StoreFailure::Failed);
    let request = world.at(ben).ask(Command::Join { passphrase: passphrase() });
    let statements = world.relay.roster().len();
    world.run();
    assert_eq!(world.at(ben).answer(request), None);
    assert_eq!(world.relay.roster().len(), statements);
    world.at(ben).storage = Storage::Works;
    world.run().run();
    assert_eq!(world.at(ben).answer(request), Some(&Ok(())));
    assert_eq!(world.relay.roster().len(), statements + 1);
}

#[test]
fn a_tab_that_was_taken_over_neither_writes_nor_sends() {
    let mut world = World::new();
    let (_, team, [ben]) = world.office(["王芳"]);
    let visit = world.visit(ben, team, "410305");
    world.at(ben).storage = Storage::Refuses(StoreFailure::Fenced);
    assert_eq!(world.note(ben, visit, "另一个标签页"), Err(Problem::TakenOver));
    assert_eq!(world.problems(ben), [Problem::TakenOver]);
    assert_eq!(world.at(ben).conn, None);
    let (sent, disk) = (world.at(ben).sent.len(), world.at(ben).copy_of_disk());
    world.at(ben).storage = Storage::Works;
    world.set_online(ben, Network::There);
    assert_eq!(world.ask(ben, Command::SubmitVisit { visit, incomplete: false }), Err(Problem::NotAllowed));
    world.run().run();
    assert_eq!(world.at(ben).sent.len(), sent);
    assert!(world.at(ben).copy_of_disk() == disk);
}

#[test]
fn a_tab_that_was_taken_over_never_dials_again() {
    for network in [Network::There, Network::Gone] {
        let mut world = World::new();
        let (_, team, [ben]) = world.office(["王芳"]);
        let visit = world.visit(ben, team, "410305");
        world.run();
        world.set_online(ben, network);
        world.run();
        world.at(ben).storage = Storage::Refuses(StoreFailure::Fenced);
        assert_eq!(world.note(ben, visit, "另一个标签页"), Err(Problem::TakenOver));
        let sent = world.at(ben).sent.len();
        world.set_online(ben, Network::There);
        for _ in 0..5 {
            world.run();
            assert_eq!(world.at(ben).conn, None, "{network:?}");
        }
        assert_eq!(
            world.ask(ben, Command::MakeKit { language: Language::Chinese }),
            Err(Problem::NotAllowed)
        );
        assert_eq!(world.at(ben).sent.len(), sent, "{network:?}");
        assert_eq!(world.at(ben).wake_at(), None, "{network:?}");
    }
}

#[test]
fn a_device_that_is_locked_while_it_opens_stays_locked() {
    let mut world = World::new();
    let (_, team, [ben]) = world.office(["王芳"]);
    let visit = world.visit(ben, team, "410305");
    world.run();
    for steps in 0..8 {
        world.ask(ben, Command::Lock).expect("locked");
        let unlock = world.at(ben).ask(Command::Unlock { passphrase: passphrase() });
        world.run_for(steps);
        world.ask(ben, Command::Lock).expect("locked again");
        assert!(world.at(ben).answer(unlock).is_some(), "{steps} steps");
        assert_eq!(world.access(ben).access, Access::Locked { unpacked: 0 }, "{steps} steps");
    }
    world.unlock(ben).expect("unlocked");
    world.run();
    assert!(world.see(ben, visit).is_some());
    assert_eq!(world.problems(ben), []);
}

#[test]
fn a_wrong_passphrase_opens_nothing() {
    let mut world = World::new();
    let (_, _, [ben]) = world.office(["王芳"]);
    world.ask(ben, Command::Lock).expect("locked");
    let wrong = mingcha_core::command::Passphrase("correct horse batterz".into());
    assert_eq!(world.ask(ben, Command::Unlock { passphrase: wrong }), Err(Problem::WrongPassphrase));
    assert_eq!(world.access(ben).access, Access::Locked { unpacked: 0 });
    world.unlock(ben).expect("the right one does");
}

#[test]
fn a_locked_device_says_that_a_kill_left_something_unpacked() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let visit = world.visit(ben, team, "410305");
    world.run();
    world.set_online(ben, Network::Gone);
    let base = world.see(ben, visit).expect("here").heads;
    let edit = VisitEdit::Notes(TextEdit { base, text: "写到一半".into() });
    let saved = world.at(ben).ask(Command::EditVisit { visit, edit });
    while world.at(ben).answer(saved).is_none() {
        assert!(world.step(), "nothing is left to do, and it is not saved");
    }
    world.kill(ben);
    world.start(ben);
    let locked = world.access(ben);
    assert_eq!((locked.access, locked.unsent), (Access::Locked { unpacked: 1 }, 0));
    let wrong = mingcha_core::command::Passphrase("correct horse batterz".into());
    assert_eq!(world.ask(ben, Command::Unlock { passphrase: wrong }), Err(Problem::WrongPassphrase));
    assert_eq!(world.access(ben).access, Access::Locked { unpacked: 1 });
    world.unlock(ben).expect("unlocked");
    world.ask(ben, Command::Lock).expect("locked");
    let locked = world.access(ben);
    assert_eq!((locked.access, locked.unsent), (Access::Locked { unpacked: 0 }, 1));
    world.set_online(ben, Network::There);
    world.run().run();
    assert_eq!(world.access(ben).unsent, 0);
    assert_eq!(world.see(ana, visit).expect("sent while locked").notes, "写到一半");
}

#[test]
fn what_a_page_keeps_is_sealed_and_there_again_after_a_restart() {
    let mut world = World::new();
    let (_, _, [ben]) = world.office(["王芳"]);
    let keep = |name: &str, value: Option<&str>| Command::Keep {
        name: name.into(),
        value: value.map(|value| value.as_bytes().to_vec()),
    };
    world.ask(ben, keep("list:1", Some("窗口无人"))).expect("kept");
    world.ask(ben, keep("list:1", Some("一次告知"))).expect("kept in its place");
    world.ask(ben, keep("list:2", Some("别的"))).expect("kept");
    world.ask(ben, keep("view:1", Some("我的待审"))).expect("kept");
    world.ask(ben, keep("list:2", None)).expect("forgotten");
    world.restart(ben);
    world.run();
    let lists = Answer::Kept(vec![("list:1".into(), "一次告知".into())]);
    assert_eq!(world.look(ben, Query::Kept { prefix: "list:".into() }), lists);
    let copy = world.at(ben).copy_of_disk();
    let on_disk: Vec<u8> = copy.into_values().flatten().collect();
    assert!(!on_disk.windows("一次告知".len()).any(|part| part == "一次告知".as_bytes()), "kept in clear");
    let too_long = Command::Keep { name: "x".into(), value: Some(vec![0; 5_000]) };
    assert_eq!(world.ask(ben, too_long), Err(Problem::TooLong { limit: 4_096 }));
}
