//! People of every role, their devices let in and blocked, passphrases changed, and unsent work carried by others.

use mingcha_core::command::{Command, Passphrase};
use mingcha_core::domain::Role;
use mingcha_core::engine::io::StoreFailure;
use mingcha_core::entry::{Entry, parcel};
use mingcha_core::ids::{DeviceKey, SpaceId};
use mingcha_core::problem::{Problem, Refusal};
use mingcha_core::roster::SpaceKind;
use mingcha_core::roster::statement::{Statement, StreamEnd};
use mingcha_core::view::{
    Access, Answer, DeviceStanding, DeviceView, InvitationState, Link, Myself, PersonView, Query, Stage, Tick,
};
use mingcha_core::wire::{FromRelay, ToRelay, Trouble};
use mingcha_tests::World;
use mingcha_tests::device::{Storage, Transaction};
use mingcha_tests::rogue;
use mingcha_tests::world::{Network, Who, inviting, passphrase};

fn invite_as(world: &mut World, by: Who, roles: &[Role], team: Option<SpaceId>, name: &str) -> String {
    let invite = Command::Invite { roles: roles.to_vec(), team, name: name.into(), days: 3 };
    world.ask(by, invite).expect("an invitation");
    code_of(world, by, name)
}

fn code_of(world: &mut World, by: Who, name: &str) -> String {
    let Answer::Invitations(all) = world.look(by, Query::Invitations) else { panic!("no invitations") };
    all.into_iter().find(|one| one.name == name).expect("the invitation").code
}

fn take_in(world: &mut World, by: Who, roles: &[Role], team: Option<SpaceId>, name: &str) -> Who {
    let code = invite_as(world, by, roles, team, name);
    let who = world.device(name);
    world.join(who, &code).expect("joined");
    world.run();
    who
}

fn people(world: &mut World, who: Who) -> Vec<PersonView> {
    match world.look(who, Query::People) {
        Answer::People(people) => people,
        other => panic!("{other:?}"),
    }
}

fn device_of(world: &mut World, by: Who, name: &str) -> DeviceView {
    let person = people(world, by).into_iter().find(|person| person.name == name).expect("the person");
    person.devices.into_iter().next().expect("a device")
}

fn key_of(world: &mut World, by: Who, name: &str) -> DeviceKey {
    device_of(world, by, name).device
}

fn myself(world: &mut World, who: Who) -> Myself {
    match world.access(who).access {
        Access::Open(me) => me,
        other => panic!("{other:?}"),
    }
}

fn let_in(world: &mut World, by: Who, name: &str) {
    let device = key_of(world, by, name);
    world.ask(by, Command::LetIn { device }).expect("let in");
    world.run();
}

fn block(world: &mut World, by: Who, name: &str) -> Result<(), Problem> {
    let device = key_of(world, by, name);
    let result = world.ask(by, Command::BlockDevice { device });
    world.run();
    result
}

fn export(world: &mut World, who: Who) -> Vec<u8> {
    world.ask(who, Command::ExportUnsent).expect("exported");
    world.at(who).file.take().expect("a file")
}

fn phrase(text: &str) -> Passphrase {
    Passphrase(text.into())
}

#[test]
fn a_supervisor_who_was_let_in_reads_everything_from_the_beginning() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let visit = world.visit(ben, team, "410305");
    world.ask(ben, Command::SubmitVisit { visit, incomplete: false }).expect("submitted");
    let dan = take_in(&mut world, ana, &[Role::Supervisor], None, "周敏");
    let me = myself(&mut world, dan);
    assert_eq!((me.roles, me.teams), (vec![Role::Supervisor], vec![]));
    assert!(world.visits(dan, Stage::All).is_empty(), "nothing can be read yet");
    assert_eq!((world.access(dan).link, world.problems(dan)), (Link::Live, vec![]));
    let shown = device_of(&mut world, ana, "周敏");
    assert_eq!(shown.standing, DeviceStanding::Waiting { code: me.waiting.expect("a code") });

    let_in(&mut world, ana, "周敏");
    let me = myself(&mut world, dan);
    assert_eq!((me.waiting, me.name, me.teams.len()), (None, "周敏".into(), 1));
    assert_eq!(device_of(&mut world, ana, "周敏").standing, DeviceStanding::Admitted);
    for restarted in [false, true] {
        if restarted {
            world.restart(dan);
            world.run();
        }
        assert_eq!(world.visits(dan, Stage::Submitted).len(), 1);
        assert_eq!((world.access(dan).link, world.problems(dan)), (Link::Live, vec![]));
        assert_eq!(people(&mut world, dan).len(), 3);
    }
    // A team that is formed later is theirs as well.
    let later = world.team(ana, "第二组");
    let eva = world.inspector(ana, later, "赵强");
    world.visit(eva, later, "410306");
    world.run();
    assert_eq!(world.visits(dan, Stage::All).len(), 2);
    let heads = world.see(dan, visit).expect("the visit").heads;
    world.ask(dan, Command::SawVisit { visit, heads }).expect("seen");
    world.run();
    assert_eq!(world.see(ben, visit).expect("the visit").tick, Tick::Read);
}

#[test]
fn an_inspector_who_supervises_too_records_before_and_reads_all_after() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let other = world.team(ana, "第二组");
    let cai = world.inspector(ana, other, "赵强");
    world.visit(cai, other, "410306");
    let roles = [Role::Inspector, Role::Supervisor];
    let dan = take_in(&mut world, ana, &roles, Some(team), "周敏");
    world.visit(ben, team, "410305");
    world.visit(dan, team, "410307");
    world.run();
    assert_eq!(myself(&mut world, dan).teams.len(), 1);
    assert_eq!(world.visits(dan, Stage::All).len(), 2);
    let_in(&mut world, ana, "周敏");
    assert_eq!(myself(&mut world, dan).teams.len(), 2);
    assert_eq!(world.visits(dan, Stage::All).len(), 3);
    assert_eq!(world.visits(cai, Stage::All).len(), 1, "others read no more than before");
}

#[test]
fn a_second_coordinator_runs_the_office_once_let_in_and_lets_others_in() {
    let mut world = World::new();
    let (ana, _, [ben]) = world.office(["王芳"]);
    let dan = take_in(&mut world, ana, &[Role::Coordinator], None, "周敏");
    let waiting = key_of(&mut world, ana, "周敏");
    assert_eq!(world.ask(dan, Command::LetIn { device: waiting }), Err(Problem::NotAllowed), "oneself");
    assert_eq!(world.ask(ben, Command::LetIn { device: waiting }), Err(Problem::NotAllowed));
    assert_eq!(world.ask(dan, Command::FormTeam { name: "第二组".into() }), Err(Problem::NotAllowed));
    let_in(&mut world, ana, "周敏");
    world.ask(ana, Command::LetIn { device: waiting }).expect("it is in already");
    world.team(dan, "第二组");
    let eva = take_in(&mut world, dan, &[Role::Supervisor], None, "孙丽");
    let_in(&mut world, dan, "孙丽");
    assert_eq!(myself(&mut world, eva).teams.len(), 2);
    let nobody = DeviceKey([9; 32]);
    assert_eq!(world.ask(ana, Command::LetIn { device: nobody }), Err(Problem::NotHere));
}

#[test]
fn an_invitation_says_what_the_person_will_be_and_fits_the_roles() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let mut try_to = |roles: &[Role], team: Option<SpaceId>| {
        let invite = Command::Invite { roles: roles.to_vec(), team, name: "周敏".into(), days: 3 };
        world.ask(ana, invite)
    };
    assert_eq!(try_to(&[], None), Err(Problem::Empty));
    assert_eq!(try_to(&[Role::Inspector], None), Err(Problem::Empty));
    assert_eq!(try_to(&[Role::Supervisor], Some(team)), Err(Problem::NotAllowed));
    assert_eq!(try_to(&[Role::UnitContact], None), Err(Problem::NotAllowed));
    assert_eq!(world.ask(ben, inviting(team, "周敏")), Err(Problem::NotAllowed));
    let code = invite_as(&mut world, ana, &[Role::Investigator], None, "周敏");
    let dan = world.device("dan");
    world.ask(dan, Command::OpenInvitation { code }).expect("found");
    let Access::Empty { invitation: Some(preview), .. } = world.access(dan).access else { panic!("none") };
    assert_eq!((preview.roles, preview.team), (vec![Role::Investigator], String::new()));
    world.ask(dan, Command::Join { passphrase: passphrase() }).expect("joined");
    world.run();
    let me = myself(&mut world, dan);
    assert_eq!((me.roles, me.waiting), (vec![Role::Investigator], None));
    assert!(people(&mut world, ben).is_empty() && people(&mut world, dan).is_empty());
}

#[test]
fn a_blocked_device_is_cut_off_refused_and_told_and_keeps_its_work() {
    let mut world = World::new();
    let (ana, team, [ben, cai]) = world.office(["王芳", "赵强"]);
    let visit = world.visit(ben, team, "410305");
    world.run();
    assert!(world.at(ben).conn.is_some());
    block(&mut world, ana, "王芳").expect("blocked");
    assert!(matches!(device_of(&mut world, ana, "王芳").standing, DeviceStanding::Blocked { .. }));
    assert_eq!(world.problems(ben), [Problem::DeviceBlocked]);
    let view = world.access(ben);
    assert!(matches!(view.link, Link::Offline { .. }));
    // What is recorded from now on stays on it, and reaches nobody.
    world.note(ben, visit, "丢失之后").expect("saved");
    let elsewhere = world.visit(cai, team, "410306");
    world.run().run().run();
    assert_eq!(world.access(ben).unsent, 1);
    assert_eq!(world.problems(ben), [Problem::DeviceBlocked]);
    assert!(world.see(ben, elsewhere).is_none());
    for who in [ana, cai] {
        assert_eq!(world.see(who, visit).expect("what came before remains").notes, "");
        assert_eq!(world.problems(who), []);
    }
    world.restart(ben);
    world.run().run();
    assert_eq!(world.problems(ben), [Problem::DeviceBlocked]);
    assert_eq!(world.see(ben, visit).expect("its own").notes, "丢失之后");
    assert_eq!(world.access(ben).unsent, 1);
    // A locked one offers it, and is refused in words.
    world.ask(ben, Command::Lock).expect("locked");
    world.run().run();
    let refused = Problem::EntryRefused { why: Refusal::Expelled };
    assert!(world.problems(ben).contains(&refused));
    assert_eq!(block(&mut world, ana, "王芳"), Ok(()), "it is blocked already");
}

#[test]
fn what_a_blocked_device_says_it_wrote_before_is_refused_by_the_relay_and_after_by_readers() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let visit = world.visit(ben, team, "410305");
    world.run();
    world.set_online(ben, Network::Gone);
    world.note(ben, visit, "离线时").expect("saved");
    world.run();
    let file = export(&mut world, ben);
    block(&mut world, ana, "王芳").expect("blocked");
    let entries = parcel::unpack(&file).expect("a parcel").iter().map(|one| one.to_vec()).collect();
    let held = world.relay.held().count();
    world.put_from_nowhere(&[ToRelay::Put { entries }]);
    assert_eq!(world.relay.held().count(), held);
    let roster = rogue::roster(&world.relay);
    let all = parcel::unpack(&file).expect("a parcel");
    let first = Entry::check(all.first().expect("an entry").to_vec()).expect("sound");
    let mut header = first.header().clone();
    assert_eq!(roster.may_write(&header), Ok(()), "what cites an earlier statement was written in its right");
    header.roster = roster.head();
    assert_eq!(roster.may_write(&header), Err(Refusal::Expelled));
}

#[test]
fn the_last_device_of_a_coordinator_is_not_blocked_and_nobody_blocks_their_own() {
    let mut world = World::new();
    let (ana, _, [ben]) = world.office(["王芳"]);
    assert_eq!(block(&mut world, ana, "李明"), Err(Problem::LastCoordinator));
    let dan = take_in(&mut world, ana, &[Role::Coordinator], None, "周敏");
    let_in(&mut world, ana, "周敏");
    assert_eq!(block(&mut world, ana, "李明"), Err(Problem::NotAllowed));
    let device = key_of(&mut world, ana, "周敏");
    assert_eq!(world.ask(ben, Command::BlockDevice { device }), Err(Problem::NotAllowed));
    block(&mut world, dan, "李明").expect("blocked");
    assert_eq!(world.problems(ana), [Problem::DeviceBlocked]);
    assert_eq!(block(&mut world, dan, "周敏"), Err(Problem::LastCoordinator));
}

#[test]
fn open_invitations_die_with_the_device_that_made_them_and_can_be_taken_back() {
    let mut world = World::new();
    let (ana, team, []) = world.office([]);
    let dan = take_in(&mut world, ana, &[Role::Coordinator], None, "周敏");
    let_in(&mut world, ana, "周敏");
    let by_lost = world.invite(dan, team, "王芳");
    let taken_back = world.invite(ana, team, "赵强");
    let open = world.invite(ana, team, "孙丽");
    let ben = world.device("ben");
    world.ask(ben, Command::OpenInvitation { code: by_lost.clone() }).expect("found");
    block(&mut world, ana, "周敏").expect("blocked");
    world.ask(ben, Command::Join { passphrase: passphrase() }).expect("joined, as far as is known");
    world.run();
    assert_eq!(world.problems(ben), [Problem::InvitationWithdrawn]);
    assert!(world.at(ben).copy_of_disk().is_empty());
    assert_eq!(world.ask(ben, Command::OpenInvitation { code: by_lost }), Err(Problem::InvitationWithdrawn));

    let Answer::Invitations(all) = world.look(ana, Query::Invitations) else { panic!("none") };
    let id = |name: &str| all.iter().find(|one| one.name == name).expect("the invitation").invitation;
    let invitation = id("赵强");
    world.ask(ana, Command::WithdrawInvitation { invitation }).expect("taken back");
    world.ask(ana, Command::WithdrawInvitation { invitation }).expect("it was already");
    let used = id("周敏");
    let withdrawn = world.ask(ana, Command::WithdrawInvitation { invitation: used });
    assert_eq!(withdrawn, Err(Problem::InvitationUsed));
    let unknown = world.ask(ana, Command::WithdrawInvitation { invitation: [1; 32] });
    assert_eq!(unknown, Err(Problem::NotHere));
    let Answer::Invitations(all) = world.look(ana, Query::Invitations) else { panic!("none") };
    let state = |name: &str| all.iter().find(|one| one.name == name).map(|one| one.state);
    assert_eq!(state("赵强"), Some(InvitationState::Withdrawn));
    assert_eq!(
        world.ask(ben, Command::OpenInvitation { code: taken_back }),
        Err(Problem::InvitationWithdrawn)
    );
    world.join(ben, &open).expect("others go on");
}

#[test]
fn a_changed_passphrase_unlocks_and_the_old_one_no_longer() {
    let mut world = World::new();
    let (_, team, [ben]) = world.office(["王芳"]);
    let visit = world.visit(ben, team, "410305");
    let new = phrase("another battery staple");
    let change = |old: Passphrase, new: Passphrase| Command::ChangePassphrase { old, new };
    let wrong = change(phrase("wrong wrong wrong"), new.clone());
    assert_eq!(world.ask(ben, wrong), Err(Problem::WrongPassphrase));
    assert_eq!(world.ask(ben, change(passphrase(), phrase("short"))), Err(Problem::WeakPassphrase));
    world.ask(ben, change(passphrase(), new.clone())).expect("changed");
    world.ask(ben, Command::Lock).expect("locked");
    assert_eq!(world.unlock(ben), Err(Problem::WrongPassphrase));
    world.ask(ben, Command::Unlock { passphrase: new.clone() }).expect("unlocked");
    world.kill(ben);
    world.start(ben);
    world.run();
    assert_eq!(world.unlock(ben), Err(Problem::WrongPassphrase));
    world.ask(ben, Command::Unlock { passphrase: new.clone() }).expect("unlocked");
    assert!(world.see(ben, visit).is_some());
    world.ask(ben, Command::Lock).expect("locked");
    assert_eq!(world.ask(ben, change(new, passphrase())), Err(Problem::NotAllowed));
}

#[test]
fn a_passphrase_that_could_not_be_stored_is_not_changed() {
    let mut world = World::new();
    let (_, _, [ben]) = world.office(["王芳"]);
    world.run();
    let new = phrase("another battery staple");
    world.at(ben).storage = Storage::Refuses(StoreFailure::Full);
    let change = Command::ChangePassphrase { old: passphrase(), new: new.clone() };
    assert_eq!(world.ask(ben, change), Err(Problem::DeviceFull { quota: 0 }));
    world.at(ben).storage = Storage::Works;
    world.run();
    world.ask(ben, Command::Lock).expect("locked");
    assert_eq!(world.ask(ben, Command::Unlock { passphrase: new }), Err(Problem::WrongPassphrase));
    world.unlock(ben).expect("the old one");
    world.restart(ben);
}

#[test]
fn a_crash_while_the_passphrase_changes_leaves_one_of_the_two() {
    for steps in 0..12 {
        for transaction in [Transaction::Lost, Transaction::Whole] {
            let mut world = World::new();
            let (_, team, [ben]) = world.office(["王芳"]);
            let visit = world.visit(ben, team, "410305");
            world.run();
            let new = phrase("another battery staple");
            let change = Command::ChangePassphrase { old: passphrase(), new: new.clone() };
            let request = world.at(ben).ask(change);
            world.run_for(steps);
            let answered = world.at(ben).answer(request).cloned();
            world.at(ben).crash(transaction);
            world.kill(ben);
            world.start(ben);
            world.run();
            let with_new = world.ask(ben, Command::Unlock { passphrase: new });
            if with_new.is_err() {
                assert_eq!(answered, None, "what was answered is so");
                world.unlock(ben).expect("the old one");
            }
            assert!(world.see(ben, visit).is_some());
        }
    }
}

#[test]
fn unsent_work_is_sent_by_another_device_and_doubling_it_harms_nobody() {
    let mut world = World::new();
    let (ana, team, [ben, cai]) = world.office(["王芳", "赵强"]);
    let other = world.team(ana, "第二组");
    let dan = world.inspector(ana, other, "周敏");
    world.set_online(ben, Network::Gone);
    let visit = world.visit(ben, team, "410305");
    // What is not packed yet is in the file too.
    world.note(ben, visit, "大厅无人").expect("saved");
    let request = world.at(ben).ask(Command::ExportUnsent);
    world.run_for(6);
    assert_eq!(world.at(ben).answer(request), Some(&Ok(())));
    let file = world.at(ben).file.take().expect("a file");
    // Whoever carries it needs no right to read it.
    world.set_online(dan, Network::Gone);
    for _ in 0..2 {
        world.ask(dan, Command::ImportUnsent { file: file.clone() }).expect("taken");
    }
    let Answer::Unsent(unsent) = world.look(dan, Query::Unsent) else { panic!("nothing") };
    assert_eq!((unsent.items.len(), unsent.carried as usize), (0, parcel::unpack(&file).expect("it").len()));
    world.restart(dan);
    world.set_online(dan, Network::There);
    world.run().run();
    for who in [ana, cai] {
        assert_eq!(world.see(who, visit).expect("it has come").notes, "大厅无人");
    }
    assert_eq!(world.visits(dan, Stage::All).len(), 0);
    let Answer::Unsent(unsent) = world.look(dan, Query::Unsent) else { panic!("nothing") };
    assert_eq!(unsent.carried, 0);
    world.set_online(ben, Network::There);
    world.ask(cai, Command::ImportUnsent { file: file.clone() }).expect("taken");
    world.ask(ben, Command::ImportUnsent { file }).expect("one's own");
    world.run().run();
    for who in [ana, ben, cai, dan] {
        assert_eq!((world.access(who).unsent, world.problems(who)), (0, vec![]));
    }
    assert_eq!(world.see(ana, visit).expect("once").notes, "大厅无人");
}

#[test]
fn a_locked_device_exports_what_was_packed() {
    let mut world = World::new();
    let (ana, team, [ben, cai]) = world.office(["王芳", "赵强"]);
    world.set_online(ben, Network::Gone);
    let visit = world.visit(ben, team, "410305");
    world.ask(ben, Command::Lock).expect("locked");
    let file = export(&mut world, ben);
    world.ask(cai, Command::ImportUnsent { file: file.clone() }).expect("taken");
    world.run();
    assert!(world.see(ana, visit).is_some());
    assert_eq!(world.ask(ben, Command::ImportUnsent { file }), Err(Problem::NotAllowed));
}

#[test]
fn a_file_that_is_cut_short_altered_or_foreign_is_refused_and_leaves_nothing() {
    let mut world = World::new();
    let (_, team, [ben, cai]) = world.office(["王芳", "赵强"]);
    world.set_online(ben, Network::Gone);
    world.visit(ben, team, "410305");
    let file = export(&mut world, ben);
    let mut elsewhere = World::new();
    elsewhere.device("of chance other than here");
    let (_, their_team, [eva]) = elsewhere.office(["孙丽"]);
    elsewhere.set_online(eva, Network::Gone);
    elsewhere.visit(eva, their_team, "410305");
    let foreign = export(&mut elsewhere, eva);
    assert_ne!(their_team, team);
    let mut altered = file.clone();
    altered[40] ^= 1;
    let (forged, _) = parcel::pack([&[0_u8; 30][..]].into_iter());
    let cases = [
        (b"PK\x03\x04".to_vec(), Problem::FileForeignKind),
        (Vec::new(), Problem::FileForeignKind),
        (file[..file.len() - 9].to_vec(), Problem::FileDamaged),
        (altered, Problem::FileDamaged),
        (forged, Problem::FileDamaged),
        (foreign, Problem::FileForeign),
    ];
    for (file, why) in cases {
        assert_eq!(world.ask(cai, Command::ImportUnsent { file }), Err(why));
    }
    let Answer::Unsent(unsent) = world.look(cai, Query::Unsent) else { panic!("nothing") };
    assert_eq!((unsent.carried, world.problems(cai)), (0, vec![]));
}

#[test]
fn a_full_storage_hands_out_what_it_holds_and_says_that_it_is_full() {
    let mut world = World::new();
    let (ana, team, [ben, cai]) = world.office(["王芳", "赵强"]);
    world.set_online(ben, Network::Gone);
    let visit = world.visit(ben, team, "410305");
    world.run();
    world.at(ben).storage = Storage::Refuses(StoreFailure::Full);
    world.note(ben, visit, "没有存下").expect_err("full");
    let full = world.ask(ben, Command::ExportUnsent);
    assert_eq!(full, Err(Problem::DeviceFull { quota: 0 }));
    let file = world.at(ben).file.take().expect("a file nevertheless");
    world.ask(cai, Command::ImportUnsent { file }).expect("taken");
    world.run();
    assert!(world.see(ana, visit).is_some());
}

#[test]
fn what_the_relay_refuses_of_a_blocked_device_does_not_stay_with_who_carries_it() {
    let mut world = World::new();
    let (ana, team, [ben, cai]) = world.office(["王芳", "赵强"]);
    world.set_online(ben, Network::Gone);
    world.visit(ben, team, "410305");
    let file = export(&mut world, ben);
    block(&mut world, ana, "王芳").expect("blocked");
    world.ask(cai, Command::ImportUnsent { file }).expect("taken");
    world.run();
    assert_eq!(world.problems(cai), [Problem::EntryIgnored { why: Refusal::Expelled }]);
    let Answer::Unsent(unsent) = world.look(cai, Query::Unsent) else { panic!("nothing") };
    assert_eq!(unsent.carried, 0);
}

#[test]
fn a_relay_that_says_a_device_is_blocked_is_believed_only_as_long_as_it_says_so() {
    let mut world = World::new();
    let (_, team, [ben]) = world.office(["王芳"]);
    world.at(ben).watch(1, Query::Access);
    world.say(ben, &FromRelay::Trouble { what: Trouble::Expelled });
    world.run_for(4);
    let Some(Answer::Access(view)) = world.at(ben).shown(1).cloned() else { panic!("nothing shown") };
    assert_eq!(view.problems, [Problem::DeviceBlocked]);
    world.run().run().run();
    assert_eq!((world.problems(ben), world.access(ben).link), (vec![], Link::Live));
    let visit = world.visit(ben, team, "410305");
    world.run();
    assert_eq!(world.see(ben, visit).expect("held").tick, Tick::Held);
}

#[test]
fn the_roster_says_where_a_blocked_devices_streams_ended() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    world.visit(ben, team, "410305");
    world.run();
    block(&mut world, ana, "王芳").expect("blocked");
    let roster = rogue::roster(&world.relay);
    let statement = world.relay.roster().into_iter().next_back().expect("a statement");
    let entry = Entry::check(statement.entry).expect("sound");
    let stated = Statement::decode(entry.clear()).expect("a statement");
    let Statement::Expel(expel) = stated else { panic!("{stated:?}") };
    let held = world.relay.held().filter(|(space, _)| *space == team);
    let own = held.map(|(_, bytes)| Entry::check(bytes.to_vec()).expect("sound"));
    let last = own.filter(|entry| entry.header().device == expel.device).last().expect("its visit");
    let end = StreamEnd { stream: last.stream(), sequence: last.header().sequence, entry: last.id() };
    assert!(expel.ends.contains(&end), "{:?}", expel.ends);
    assert!(roster.is_expelled(&expel.device));
    assert_eq!(roster.readable(&expel.device), vec![]);
    assert!(!roster.may_read(&expel.device, &roster.only_space(SpaceKind::Office)));
}
