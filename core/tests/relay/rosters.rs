//! Founding, inviting, joining: statements, each following from the one before.

use crate::bench::{Bench, Disk, TOKEN};
use crate::office::{Device, EXPIRES, TEAM, genesis, invite, join, team};
use mingcha_core::code::InvitationSecret;
use mingcha_core::entry::Entry;
use mingcha_core::ids::{RelayKey, SpaceId};
use mingcha_core::problem::Refusal;
use mingcha_core::roster::Roster;
use mingcha_core::time::Timestamp;
use mingcha_core::wire::{FromRelay, ToRelay, Trouble};

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
