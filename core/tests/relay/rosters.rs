//! Founding, inviting, joining: statements, each following from the one before.

use crate::bench::{Bench, Disk, TOKEN};
use crate::office::{Device, EXPIRES, TEAM, genesis, invite, join, team};
use mingcha_core::code::InvitationSecret;
use mingcha_core::entry::Entry;
use mingcha_core::ids::{RelayKey, SpaceId};
use mingcha_core::problem::Refusal;
use mingcha_core::relay::CloseReason;
use mingcha_core::roster::Roster;
use mingcha_core::roster::SpaceKind;
use mingcha_core::roster::statement::{Expel, LetIn, SpaceWrap, Statement, Withdraw};
use mingcha_core::time::Timestamp;
use mingcha_core::wire::{FromRelay, ToRelay, Trouble};

fn expel(device: &Device) -> Statement {
    Statement::Expel(Expel { device: device.key(), ends: vec![] })
}

fn claim(token: [u8; 16], entry: &Entry) -> ToRelay {
    ToRelay::Claim { token, entry: entry.bytes().to_vec() }
}

#[test]
fn the_set_up_token_founds_one_office() {
    let mut bench = Bench::new();
    let conn = bench.connect();
    let mine = genesis(&mut Device::new(1), bench.public());
    bench.say(conn, &claim([0; 16], &mine));
    assert_eq!(bench.heard(conn), [FromRelay::Trouble { what: Trouble::Claim }]);
    assert!(!bench.relay.is_founded());
    bench.say(conn, &claim(TOKEN, &mine));
    let founded = bench.heard(conn);
    assert!(matches!(founded[..], [FromRelay::Receipts { .. }]));
    assert!(bench.relay.is_founded());
    bench.say(conn, &claim(TOKEN, &genesis(&mut Device::new(2), bench.public())));
    assert_eq!(bench.heard(conn), [FromRelay::Trouble { what: Trouble::Claim }]);
    bench.say(conn, &claim(TOKEN, &mine));
    assert_eq!(bench.heard(conn), founded, "whoever missed the answer gets it again");
}

#[test]
fn an_office_is_founded_once_even_while_its_genesis_is_being_written() {
    let mut bench = Bench::new();
    let (conn, other) = (bench.connect(), bench.connect());
    bench.disk = Disk::Held;
    bench.say(conn, &claim(TOKEN, &genesis(&mut Device::new(1), bench.public())));
    bench.say(other, &claim(TOKEN, &genesis(&mut Device::new(2), bench.public())));
    assert_eq!(bench.heard(other), [FromRelay::Trouble { what: Trouble::Claim }]);
    assert!(!bench.relay.is_founded(), "not before it is durable");
    bench.release();
    assert!(bench.relay.is_founded());
}

#[test]
fn an_office_of_another_relay_is_not_founded_here() {
    let mut bench = Bench::new();
    let conn = bench.connect();
    let entry = genesis(&mut Device::new(1), RelayKey([1; 32]));
    bench.say(conn, &claim(TOKEN, &entry));
    let code = Refusal::Statement.code();
    assert_eq!(bench.heard(conn), [FromRelay::Refused { entry: entry.id(), code }]);
}

#[test]
fn before_there_is_an_office_nothing_is_taken() {
    let mut bench = Bench::new();
    let conn = bench.connect();
    let entry = genesis(&mut Device::new(1), bench.public());
    assert_eq!(bench.refusal(conn, &entry), Some(Refusal::UnknownSpace));
}

#[test]
fn of_two_statements_that_follow_the_same_one_the_first_is_taken() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let mut twin = Device::new(3);
    let joining = join(&twin, &office.open);
    let late = twin.state(&office.roster, &joining);
    let statement = team(SpaceId([9; 16]), &office.founder);
    let first = office.founder.state(&office.roster, &statement);
    bench.disk = Disk::Held;
    bench.put(conn, &[&office.founder.write(TEAM, office.head(), 10)]);
    bench.put(conn, &[&first]);
    assert!(!bench.relay.is_taking(), "a statement is judged at the time of its group: nothing moves that");
    bench.release();
    bench.release();
    bench.disk = Disk::Works;
    bench.heard(conn);
    assert_eq!(bench.refusal(conn, &late), Some(Refusal::RosterMoved));
}

#[test]
fn an_invitation_is_found_by_its_locator_and_admits_one_device() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    bench.say(conn, &ToRelay::Find { locator: office.open.locator() });
    let FromRelay::Found { bundle, roster } = bench.heard(conn).remove(0) else { panic!("not found") };
    assert_eq!(bundle, [1, 2, 3]);
    let shown: Vec<_> = roster.iter().map(|item| item.entry.clone()).collect();
    let stated: Vec<_> = office.statements.iter().map(|entry| entry.bytes().to_vec()).collect();
    assert_eq!(shown, stated);

    let mut phone = Device::new(3);
    let joining = join(&phone, &office.open);
    let entry = phone.state(&office.roster, &joining);
    assert_eq!(bench.refusal(conn, &entry), None);
    office.roster.apply(&entry, Timestamp(1)).unwrap();
    let _session = bench.session(&phone);

    let mut thief = Device::new(4);
    let joining = join(&thief, &office.open);
    let entry = thief.state(&office.roster, &joining);
    assert_eq!(bench.refusal(conn, &entry), Some(Refusal::InvitationUsed));
}

#[test]
fn a_used_invitation_shows_the_roster_up_to_its_use_and_no_further() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let statement = team(SpaceId([9; 16]), &office.founder);
    let later = office.founder.state(&office.roster, &statement);
    assert_eq!(bench.refusal(conn, &later), None);
    bench.say(conn, &ToRelay::Find { locator: InvitationSecret([20; 16]).locator() });
    let FromRelay::Found { roster, .. } = bench.heard(conn).remove(0) else { panic!("not found") };
    assert_eq!(roster.len(), office.statements.len());
    assert_eq!(roster.last().unwrap().entry, office.statements.last().unwrap().bytes());
}

#[test]
fn an_expired_invitation_admits_nobody_and_shows_no_more_than_itself() {
    let (mut bench, office) = Bench::founded();
    let conn = bench.connect();
    bench.now = EXPIRES;
    let mut phone = Device::new(3);
    let joining = join(&phone, &office.open);
    let entry = phone.state(&office.roster, &joining);
    assert_eq!(bench.refusal(conn, &entry), Some(Refusal::InvitationExpired));
    bench.say(conn, &ToRelay::Find { locator: office.open.locator() });
    let FromRelay::Found { roster, .. } = bench.heard(conn).remove(0) else { panic!("not found") };
    assert_eq!(roster.len(), 5, "up to the invitation, not to the join after it");
}

#[test]
fn the_relays_time_does_not_go_back() {
    let (mut bench, office) = Bench::founded();
    let conn = bench.connect();
    bench.now = EXPIRES;
    bench.feed(mingcha_core::relay::Input::Tick);
    bench.now = Timestamp(5);
    let mut phone = Device::new(3);
    let joining = join(&phone, &office.open);
    let entry = phone.state(&office.roster, &joining);
    assert_eq!(bench.refusal(conn, &entry), Some(Refusal::InvitationExpired));
}

#[test]
fn unknown_and_forged_invitations_open_nothing() {
    let (mut bench, office) = Bench::founded();
    let conn = bench.connect();
    bench.say(conn, &ToRelay::Find { locator: [0; 16] });
    assert_eq!(bench.heard(conn), [FromRelay::NotFound]);
    let mut phone = Device::new(3);
    let forged = join(&phone, &InvitationSecret([66; 16]));
    let entry = phone.state(&office.roster, &forged);
    assert_eq!(bench.refusal(conn, &entry), Some(Refusal::Statement));
}

#[test]
fn who_is_no_coordinator_invites_nobody() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let statement = invite(&InvitationSecret([30; 16]), 9, EXPIRES);
    let entry = office.inspector.state(&office.roster, &statement);
    assert_eq!(bench.refusal(conn, &entry), Some(Refusal::NotAllowed));
}

#[test]
fn readers_judge_a_join_as_the_relay_did() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let mut phone = Device::new(3);
    // The disk is busy past the invitation's end: the join came in time all the same.
    bench.disk = Disk::Held;
    bench.now = Timestamp(EXPIRES.0 - 1);
    bench.put(conn, &[&office.founder.write(TEAM, office.head(), 10)]);
    let joining = join(&phone, &office.open);
    bench.put(conn, &[&phone.state(&office.roster, &joining)]);
    bench.now = Timestamp(EXPIRES.0 + 50);
    bench.release();
    bench.release();
    let items = bench.items(office.roster.roster_space());
    let check = |item: &mingcha_core::wire::Item| (Entry::check(item.entry.clone()).unwrap(), item.time);
    let mut roster = Roster::found(&check(&items[0]).0).unwrap();
    for item in &items[1..] {
        let (entry, time) = check(item);
        roster.apply(&entry, time).unwrap();
    }
    assert!(roster.device(&phone.key()).is_some());
}

#[test]
fn an_expelled_device_is_cut_off_and_neither_reads_nor_writes() {
    let (mut bench, mut office) = Bench::founded();
    let (founder, inspector) = (bench.connect(), bench.session(&office.inspector));
    let before = office.inspector.write(TEAM, office.head(), 10);
    bench.put(inspector, &[&before]);
    bench.heard(inspector);
    let expulsion = office.founder.state(&office.roster, &expel(&office.inspector));
    assert_eq!(bench.refusal(founder, &expulsion), None);
    assert_eq!(bench.heard(inspector), [FromRelay::Trouble { what: Trouble::Expelled }]);
    assert_eq!(bench.closed, [(inspector, CloseReason::Expelled)]);

    let carried = bench.connect();
    let after = office.inspector.write(TEAM, office.head(), 10);
    let further = office.inspector.write(TEAM, office.head(), 10);
    for entry in [&after, &further] {
        assert_eq!(bench.refusal(carried, entry), Some(Refusal::Expelled), "whatever it cites");
    }
    assert_eq!(bench.refusal(carried, &before), None, "what is held has its receipt");
    office.roster.apply(&expulsion, Timestamp(1)).unwrap();
    let statement = team(SpaceId([9; 16]), &office.founder);
    let stated = office.inspector.state(&office.roster, &statement);
    assert_eq!(bench.refusal(carried, &stated), Some(Refusal::Expelled));
}

#[test]
fn an_expulsion_on_its_way_to_the_disk_lets_nothing_in_and_cuts_nobody_off_before() {
    let (mut bench, mut office) = Bench::founded();
    let (founder, inspector) = (bench.connect(), bench.session(&office.inspector));
    bench.heard(inspector);
    bench.disk = Disk::Held;
    bench.put(founder, &[&office.founder.state(&office.roster, &expel(&office.inspector))]);
    let late = office.inspector.write(TEAM, office.head(), 10);
    assert_eq!(bench.refusal(inspector, &late), Some(Refusal::Expelled));
    assert_eq!(bench.closed, []);
    bench.release();
    assert_eq!(bench.closed, [(inspector, CloseReason::Expelled)]);
}

#[test]
fn only_coordinators_expel_never_themselves_nor_the_last_of_them_nor_twice() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let by_inspector = office.inspector.state(&office.roster, &expel(&office.founder));
    assert_eq!(bench.refusal(conn, &by_inspector), Some(Refusal::NotAllowed));
    let try_to = |office: &mut crate::office::Office, statement: &Statement| {
        let entry = office.founder.clone().state(&office.roster, statement);
        office.roster.apply(&entry, Timestamp(1))
    };
    let nobody = Device::new(77);
    for statement in [expel(&office.founder), expel(&nobody)] {
        assert_eq!(try_to(&mut office, &statement), Err(Refusal::Statement));
    }
    let inspector = expel(&office.inspector);
    assert_eq!(try_to(&mut office, &inspector), Ok(()));
    assert_eq!(try_to(&mut office, &inspector), Err(Refusal::Statement));
}

#[test]
fn a_withdrawn_invitation_admits_nobody_and_shows_the_roster_up_to_its_end() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let withdrawal = Statement::Withdraw(Withdraw { invitation: office.open.signing().public() });
    let entry = office.inspector.clone().state(&office.roster, &withdrawal);
    assert_eq!(bench.refusal(conn, &entry), Some(Refusal::NotAllowed));
    let entry = office.founder.state(&office.roster, &withdrawal);
    assert_eq!(bench.refusal(conn, &entry), None);
    office.roster.apply(&entry, Timestamp(1)).unwrap();
    let again = office.founder.clone().state(&office.roster, &withdrawal);
    assert_eq!(office.roster.apply(&again, Timestamp(1)), Err(Refusal::InvitationWithdrawn));
    let mut phone = Device::new(3);
    let joining = join(&phone, &office.open);
    let joining = phone.state(&office.roster, &joining);
    assert_eq!(bench.refusal(conn, &joining), Some(Refusal::InvitationWithdrawn));
    let later = office.founder.state(&office.roster, &team(SpaceId([9; 16]), &office.founder.clone()));
    assert_eq!(bench.refusal(conn, &later), None);
    bench.say(conn, &ToRelay::Find { locator: office.open.locator() });
    let FromRelay::Found { roster, .. } = bench.heard(conn).remove(0) else { panic!("not found") };
    assert_eq!(roster.last().unwrap().entry, entry.bytes());
}

#[test]
fn a_device_is_let_in_only_where_its_member_reads_and_by_who_writes_there() {
    let (_, mut office) = Bench::founded();
    let desk = office.roster.only_space(SpaceKind::Desk);
    let let_in = |device: &Device, space| {
        let wraps = vec![SpaceWrap { space, epoch: 0, wrapped: [0; 80] }];
        Statement::LetIn(LetIn { device: device.key(), wraps })
    };
    let into_desk = let_in(&office.inspector, desk);
    let entry = office.founder.clone().state(&office.roster, &into_desk);
    assert_eq!(office.roster.apply(&entry, Timestamp(1)), Err(Refusal::Statement), "an inspector");
    let again = let_in(&office.founder, desk);
    let entry = office.founder.clone().state(&office.roster, &again);
    assert_eq!(office.roster.apply(&entry, Timestamp(1)), Err(Refusal::Statement), "it has that key");
    let secret = InvitationSecret([31; 16]);
    let Statement::Invite(mut invite) = invite(&secret, 9, EXPIRES) else { panic!("no invitation") };
    (invite.roles, invite.teams) = (vec![mingcha_core::role::Role::Supervisor as u8], vec![]);
    let entry = office.founder.state(&office.roster, &Statement::Invite(invite));
    office.roster.apply(&entry, Timestamp(1)).unwrap();
    let mut desktop = Device::new(4);
    let joining = join(&desktop, &secret);
    let entry = desktop.state(&office.roster, &joining);
    office.roster.apply(&entry, Timestamp(1)).unwrap();
    assert_eq!(office.roster.lacking(&desktop.key()), [(desk, 0)]);
    let into_desk = let_in(&desktop, desk);
    let by_inspector = office.inspector.clone().state(&office.roster, &into_desk);
    assert_eq!(office.roster.apply(&by_inspector, Timestamp(1)), Err(Refusal::NotAllowed));
    let entry = office.founder.state(&office.roster, &into_desk);
    assert_eq!(office.roster.apply(&entry, Timestamp(1)), Ok(()));
    assert_eq!(office.roster.lacking(&desktop.key()), []);
}
