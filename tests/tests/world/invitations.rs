//! Set-up links and invitations: forged, used, too late, mistyped, and raced for.

use crate::order::{release, withhold_roster};
use mingcha_core::code::InvitationSecret;
use mingcha_core::command::Command;
use mingcha_core::entry::Entry;
use mingcha_core::problem::Problem;
use mingcha_core::view::{Access, Answer, InvitationState, Link, Query};
use mingcha_core::wire::FromRelay;
use mingcha_tests::World;
use mingcha_tests::world::{Network, Who, inviting, passphrase};
use std::collections::BTreeSet;

const DAY: u64 = 24 * 60 * 60 * 1_000;

fn invited(world: &mut World) -> (Who, mingcha_core::ids::SpaceId, String) {
    let (ana, team, []) = world.office([]);
    let code = world.invite(ana, team, "王芳");
    (ana, team, code)
}

fn open(world: &mut World, who: Who, code: &str) -> Result<(), Problem> {
    world.ask(who, Command::OpenInvitation { code: code.into() })
}

fn join(world: &mut World, who: Who) -> Result<(), Problem> {
    world.ask(who, Command::Join { passphrase: passphrase() })
}

fn is_member(world: &mut World, who: Who) -> bool {
    let view = world.access(who);
    matches!(view.access, Access::Open(me) if me.teams.len() == 1) && view.link == Link::Live
}

fn is_turned_away(world: &mut World, who: Who, why: Problem) -> bool {
    let view = world.access(who);
    matches!(view.access, Access::Empty { .. })
        && view.problems == [why]
        && world.at(who).copy_of_disk().is_empty()
}

#[test]
fn a_code_that_is_mistyped_forged_used_or_too_old_says_so() {
    let mut world = World::new();
    let (ana, team, code) = invited(&mut world);
    let ben = world.device("ben");
    let mistyped = code.replacen(code.chars().next().expect("a code"), "U", 1);
    assert_eq!(open(&mut world, ben, &mistyped), Err(Problem::InvitationMistyped));
    let forged = InvitationSecret([9; 16]).to_text();
    assert_eq!(open(&mut world, ben, &forged), Err(Problem::InvitationUnknown));
    world.join(ben, &code).expect("joined");
    let cai = world.device("cai");
    assert_eq!(open(&mut world, cai, &code), Err(Problem::InvitationUsed));
    let code = world.invite(ana, team, "赵强");
    world.now = world.now.after(4 * DAY);
    assert_eq!(open(&mut world, cai, &code), Err(Problem::InvitationExpired));
    let Answer::Invitations(all) = world.look(ana, Query::Invitations) else { panic!("none") };
    let states: Vec<_> = all.iter().map(|invitation| invitation.state).collect();
    assert_eq!(states, [InvitationState::Expired, InvitationState::Used]);
}

#[test]
fn looking_an_invitation_up_without_a_network_says_so_at_once() {
    let mut world = World::new();
    let (_, _, code) = invited(&mut world);
    let ben = world.device("ben");
    world.set_online(ben, Network::Gone);
    assert_eq!(open(&mut world, ben, &code), Err(Problem::NeedsRelay));
    world.set_online(ben, Network::There);
    world.join(ben, &code).expect("joined");
}

#[test]
fn a_bundle_that_the_relay_altered_is_unknown() {
    let mut world = World::new();
    let (_, _, code) = invited(&mut world);
    let ben = world.device("ben");
    world.set_between(Some(Box::new(|_, message| match message {
        FromRelay::Found { mut bundle, roster } => {
            bundle[0] ^= 1;
            vec![FromRelay::Found { bundle, roster }.encode()]
        }
        other => vec![other.encode()],
    })));
    assert_eq!(open(&mut world, ben, &code), Err(Problem::InvitationUnknown));
    world.set_between(Some(Box::new(|_, message| match message {
        FromRelay::Found { bundle, mut roster } => {
            roster.pop();
            vec![FromRelay::Found { bundle, roster }.encode()]
        }
        other => vec![other.encode()],
    })));
    assert_eq!(open(&mut world, ben, &code), Err(Problem::InvitationUnknown));
}

#[test]
fn of_two_codes_looked_up_at_once_the_last_one_counts() {
    let mut world = World::new();
    let (ana, team, first) = invited(&mut world);
    let second = world.invite(ana, team, "赵强");
    let ben = world.device("ben");
    open(&mut world, ben, &first).expect("found");
    let early = world.at(ben).ask(Command::OpenInvitation { code: first });
    let late = world.at(ben).ask(Command::OpenInvitation { code: second });
    world.run();
    assert_eq!(world.at(ben).answer(early), Some(&Err(Problem::NeedsRelay)));
    assert_eq!(world.at(ben).answer(late), Some(&Ok(())));
    let Access::Empty { invitation: Some(preview), .. } = world.access(ben).access else { panic!("none") };
    assert_eq!(preview.name, "赵强");
}

#[test]
fn of_two_who_join_with_one_invitation_at_once_one_is_turned_away() {
    let mut world = World::new();
    let (ana, _, code) = invited(&mut world);
    let both = ["ben", "cai"].map(|name| world.device(name));
    for who in both {
        open(&mut world, who, &code).expect("found");
    }
    for who in both {
        world.at(who).ask(Command::Join { passphrase: passphrase() });
    }
    world.run().run();
    let joined: Vec<_> = both.into_iter().filter(|who| is_member(&mut world, *who)).collect();
    assert_eq!(joined.len(), 1);
    let away = both.into_iter().find(|who| !joined.contains(who)).expect("the other");
    assert!(is_turned_away(&mut world, away, Problem::InvitationUsed));
    assert_eq!(world.teams(ana)[0].members.len(), 1);
}

#[test]
fn a_join_is_stated_again_when_the_roster_moved() {
    let mut world = World::new();
    let (ana, _, code) = invited(&mut world);
    let ben = world.device("ben");
    open(&mut world, ben, &code).expect("found");
    world.team(ana, "第二组");
    join(&mut world, ben).expect("joined");
    world.run();
    assert!(is_member(&mut world, ben));
    assert_eq!(world.problems(ana), []);
}

#[test]
fn a_join_is_stated_again_though_the_device_was_locked_or_cut_off_meanwhile() {
    for cut in [false, true] {
        let mut world = World::new();
        let (ana, _, code) = invited(&mut world);
        let ben = world.device("ben");
        open(&mut world, ben, &code).expect("found");
        world.team(ana, "第二组");
        world.set_online(ben, Network::Gone);
        join(&mut world, ben).expect("joined");
        if cut {
            // The refusal comes; what is asked then is never answered.
            world.set_between(Some(Box::new(|_, message| match message {
                FromRelay::Found { .. } => vec![],
                other => vec![other.encode()],
            })));
        } else {
            world.ask(ben, Command::Lock).expect("locked");
        }
        world.set_online(ben, Network::There);
        world.run().run();
        assert!(!is_member(&mut world, ben));
        if cut {
            world.set_between(None);
            world.restart(ben);
        } else {
            world.unlock(ben).expect("unlocked");
        }
        world.run().run();
        assert!(is_member(&mut world, ben), "cut: {cut}");
        assert_eq!(world.problems(ben), []);
    }
}

#[test]
fn a_join_whose_answer_is_lost_is_repeated_and_counts_once() {
    let mut world = World::new();
    let (ana, _, code) = invited(&mut world);
    let ben = world.device("ben");
    open(&mut world, ben, &code).expect("found");
    world.set_between(Some(Box::new(|_, message| match message {
        FromRelay::Receipts { .. } => vec![],
        other => vec![other.encode()],
    })));
    join(&mut world, ben).expect("durable here");
    world.run();
    assert!(!is_member(&mut world, ben));
    world.set_between(None);
    world.set_online(ben, Network::Gone);
    world.set_online(ben, Network::There);
    world.run().run();
    assert!(is_member(&mut world, ben));
    assert_eq!(world.teams(ana)[0].members.len(), 1);
}

#[test]
fn who_joins_too_late_is_turned_away() {
    for moved in [false, true] {
        let mut world = World::new();
        let (ana, _, code) = invited(&mut world);
        if moved {
            world.team(ana, "第二组");
        }
        let ben = world.device("ben");
        open(&mut world, ben, &code).expect("found");
        if moved {
            // What the relay then shows of the roster is shorter than what the device knows.
            world.team(ana, "第三组");
        }
        world.set_online(ben, Network::Gone);
        join(&mut world, ben).expect("durable here");
        world.now = world.now.after(4 * DAY);
        world.set_online(ben, Network::There);
        world.run().run();
        assert!(is_turned_away(&mut world, ben, Problem::InvitationExpired), "moved: {moved}");
    }
}

#[test]
fn two_commands_of_a_coordinator_at_once_are_both_carried_out() {
    let mut world = World::new();
    let (ana, _, code) = invited(&mut world);
    let ben = world.device("ben");
    open(&mut world, ben, &code).expect("found");
    let names = ["第二组", "第三组"];
    let requests = names.map(|name| world.at(ana).ask(Command::FormTeam { name: name.into() }));
    world.at(ben).ask(Command::Join { passphrase: passphrase() });
    world.run().run();
    for request in requests {
        assert_eq!(world.at(ana).answer(request), Some(&Ok(())));
    }
    let teams: Vec<_> = world.teams(ana).into_iter().map(|team| team.name).collect();
    assert_eq!(teams.len(), 3);
    assert!(is_member(&mut world, ben));
}

#[test]
fn a_team_that_was_sent_when_the_line_broke_is_answered_when_it_is_back() {
    let mut world = World::new();
    let (ana, _, _) = invited(&mut world);
    let request = world.at(ana).ask(Command::FormTeam { name: "第二组".into() });
    world.run_for(2);
    world.set_online(ana, Network::Gone);
    world.run();
    assert_eq!(world.at(ana).answer(request), None);
    assert_eq!(world.ask(ana, Command::FormTeam { name: "第三组".into() }), Err(Problem::NeedsRelay));
    world.set_online(ana, Network::There);
    world.run().run();
    assert_eq!(world.at(ana).answer(request), Some(&Ok(())));
    assert_eq!(world.teams(ana).len(), 2);
}

#[test]
fn a_set_up_link_of_another_relay_a_used_one_and_a_forged_one_found_nothing() {
    let mut world = World::new();
    let ana = world.device("ana");
    let other = world.relay.setup_code_of([0x77; 16], [0x12; 32]);
    assert_eq!(world.try_to_found(ana, &other), Err(Problem::SetupInvalid));
    let forged = world.relay.setup_code_of([0x77; 16], [0x11; 32]);
    world.try_to_found(ana, &forged).expect("durable here");
    world.run();
    assert!(is_turned_away(&mut world, ana, Problem::SetupUsed));
    assert_eq!(world.try_to_found(ana, "nonsense"), Err(Problem::SetupInvalid));
    world.found(ana);
    world.run();
    assert_eq!(world.problems(ana), []);
    let ben = world.device("ben");
    let used = world.relay.setup_code();
    assert_eq!(world.try_to_found(ben, &used), Err(Problem::SetupUsed));
}

/// The names and states of the invitations that a device shows, by name.
fn invitations(world: &mut World, who: Who) -> Vec<(String, InvitationState)> {
    let Answer::Invitations(all) = world.look(who, Query::Invitations) else { panic!("none") };
    let mut all: Vec<_> = all.into_iter().map(|invitation| (invitation.name, invitation.state)).collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

/// Whether every entry that names the one before it, in its stream or in its author's last one, names one that
/// the relay holds.
fn is_gapless(world: &World) -> bool {
    let held = world.relay.held().map(|(_, bytes)| Entry::check(bytes.to_vec()).expect("sound"));
    let held: Vec<_> = held.collect();
    let ids: BTreeSet<_> = held.iter().map(Entry::id).collect();
    held.iter().all(|entry| entry.header().previous.is_none_or(|previous| ids.contains(&previous)))
}

#[test]
fn an_invitation_that_the_relay_refused_is_made_again_and_shown_once() {
    let mut world = World::new();
    let (ana, team, code) = invited(&mut world);
    let ben = world.device("ben");
    let withheld = withhold_roster(&mut world, ana);
    world.join(ben, &code).expect("joined");
    let request = world.at(ana).ask(inviting(team, "赵强"));
    world.run_for(12);
    assert_eq!(world.at(ana).answer(request), None, "it waits for what came before it");
    release(&mut world, ana, &withheld);
    assert_eq!(world.at(ana).answer(request), Some(&Ok(())));
    for _ in 0..2 {
        let both = [("王芳".into(), InvitationState::Used), ("赵强".into(), InvitationState::Open)];
        assert_eq!(invitations(&mut world, ana), both);
        assert_eq!(world.access(ana).unsent, 0);
        assert_eq!(world.problems(ana), []);
        world.restart(ana);
        world.run();
    }
    assert!(is_gapless(&world));
}

#[test]
fn an_invitation_that_the_relay_refused_for_good_is_gone_and_holds_nothing_up() {
    for restarted in [false, true] {
        let mut world = World::new();
        let (ana, team, code) = invited(&mut world);
        let ben = world.device("ben");
        let withheld = withhold_roster(&mut world, ana);
        world.join(ben, &code).expect("joined");
        let statements = world.relay.roster().len();
        assert_eq!(world.ask(ana, inviting(team, "赵强")), Err(Problem::RosterBusy));
        assert_eq!(world.relay.roster().len(), statements);
        let names: Vec<_> = invitations(&mut world, ana).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["王芳"]);
        if restarted {
            world.set_between(None);
            world.restart(ana);
            world.run();
        } else {
            release(&mut world, ana, &withheld);
        }
        let code = world.invite(ana, team, "周敏");
        let cai = world.device("cai");
        world.join(cai, &code).expect("joined");
        world.run();
        assert!(is_member(&mut world, cai), "restarted: {restarted}");
        let used = ["周敏", "王芳"].map(|name| (name.to_owned(), InvitationState::Used));
        assert_eq!(invitations(&mut world, ana), used, "restarted: {restarted}");
        assert_eq!(world.problems(ana), [], "restarted: {restarted}");
        assert!(is_gapless(&world), "restarted: {restarted}");
    }
}

#[test]
fn a_lookup_says_what_is_wrong_with_the_relay() {
    let mut world = World::new();
    let (_, _, code) = invited(&mut world);
    let ben = world.device("ben");
    world.set_between(Some(Box::new(|_, message| match message {
        FromRelay::Welcome { relay, incarnation, challenge, time, office, signature, .. } => {
            let (version, minimum) = (9, 9);
            let other = FromRelay::Welcome {
                version,
                minimum,
                relay,
                incarnation,
                challenge,
                time,
                office,
                signature,
            };
            vec![other.encode()]
        }
        other => vec![other.encode()],
    })));
    assert_eq!(open(&mut world, ben, &code), Err(Problem::VersionUnknown { found: 9 }));
    world.set_between(None);
    assert_eq!(open(&mut world, ben, &code), Ok(()), "a person's wish does not wait for the next attempt");
}
