//! Entries: acknowledged when they are durable, judged by their author, counted once.

use crate::bench::{Bench, Disk};
use crate::office::{Device, OTHER_TEAM, TEAM};
use mingcha_core::entry::Entry;
use mingcha_core::ids::{EntryId, SpaceId};
use mingcha_core::log::Receipt;
use mingcha_core::problem::Refusal;
use mingcha_core::relay::{ConnId, Failure, MAX_GROUP_ENTRIES};
use mingcha_core::roster::SpaceKind;
use mingcha_core::wire::{FromRelay, MAX_ENTRIES_PER_MESSAGE, ToRelay, Trouble};

/// The receipts in what a connection heard, each verified.
fn receipts(bench: &mut Bench, conn: ConnId) -> Vec<(SpaceId, Receipt)> {
    let relay = bench.public();
    let mut all = Vec::new();
    for said in bench.heard(conn) {
        let FromRelay::Receipts { space, checkpoint, receipts } = said else { panic!("{said:?}") };
        for receipt in receipts {
            receipt.verify(&checkpoint, &relay, &space).unwrap();
            all.push((space, receipt));
        }
    }
    all
}

#[test]
fn an_entry_is_acknowledged_only_when_it_is_durable() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let entry = office.inspector.write(TEAM, office.head(), 100);
    bench.disk = Disk::Held;
    bench.put(conn, &[&entry]);
    assert!(bench.is_flying());
    assert!(bench.heard(conn).is_empty());
    bench.release();
    let receipts = receipts(&mut bench, conn);
    assert_eq!(receipts.len(), 1);
    assert_eq!((receipts[0].1.entry, receipts[0].1.sequence), (entry.id(), 0));
    assert_eq!(bench.items(TEAM)[0].entry, entry.bytes());
}

#[test]
fn what_arrives_while_a_group_is_written_goes_into_the_next_with_one_checkpoint() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    bench.disk = Disk::Held;
    let entries: Vec<_> = (0..5).map(|_| office.inspector.write(TEAM, office.head(), 10)).collect();
    entries.iter().for_each(|entry| bench.put(conn, &[entry]));
    bench.release();
    assert_eq!(receipts(&mut bench, conn).len(), 1);
    bench.release();
    let later = bench.heard(conn);
    assert!(matches!(&later[..], [FromRelay::Receipts { receipts, .. }] if receipts.len() == 4));
    assert_eq!(bench.items(TEAM).len(), 5);
}

#[test]
fn the_same_entry_again_gets_the_same_receipt() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let entries: Vec<_> = (0..4).map(|_| office.inspector.write(TEAM, office.head(), 10)).collect();
    entries.iter().for_each(|entry| bench.put(conn, &[entry]));
    let first = receipts(&mut bench, conn);
    let other = bench.connect();
    bench.put(other, &entries.iter().collect::<Vec<_>>());
    let mut again = receipts(&mut bench, other);
    again.sort_by_key(|(_, receipt)| receipt.sequence);
    assert_eq!(again, first);
    assert_eq!(bench.items(TEAM).len(), 4, "it is held once");
}

#[test]
fn the_same_entry_while_it_is_being_written_is_answered_when_it_is_durable() {
    let (mut bench, mut office) = Bench::founded();
    let (conn, other) = (bench.connect(), bench.connect());
    let entry = office.inspector.write(TEAM, office.head(), 10);
    bench.disk = Disk::Held;
    bench.put(conn, &[&entry]);
    bench.put(other, &[&entry]);
    assert!(bench.heard(other).is_empty());
    bench.release();
    assert_eq!(receipts(&mut bench, conn), receipts(&mut bench, other));
    assert!(!bench.is_flying(), "nothing more is to be written");
}

#[test]
fn another_entry_at_the_same_place_is_refused_and_kept_as_evidence_once() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let mut twin = office.inspector.clone();
    let entry = office.inspector.write(TEAM, office.head(), 10);
    let forked = twin.write(TEAM, office.head(), 500);
    assert_eq!(bench.refusal(conn, &entry), None);
    assert_eq!(bench.refusal(conn, &forked), Some(Refusal::Fork));
    assert_eq!(bench.refusal(conn, &forked), Some(Refusal::Fork));
    let kept: Vec<_> = bench.groups.iter().flat_map(|group| group.forks.clone()).collect();
    assert_eq!(kept, [forked.bytes().to_vec()]);
    assert_eq!(bench.items(TEAM).len(), 1);
}

#[test]
fn a_fork_of_what_is_being_written_is_refused_too() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let mut twin = office.inspector.clone();
    bench.disk = Disk::Held;
    bench.put(conn, &[&office.inspector.write(TEAM, office.head(), 10)]);
    let forked = twin.write(TEAM, office.head(), 500);
    assert_eq!(bench.refusal(conn, &forked), Some(Refusal::Fork));
    bench.release();
    bench.release();
    assert_eq!(bench.groups.last().unwrap().forks, [forked.bytes().to_vec()]);
}

#[test]
fn a_reordered_entry_is_refused_until_the_one_before_it_is_there() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let [first, second, third] = [0; 3].map(|_| office.inspector.write(TEAM, office.head(), 10));
    assert_eq!(bench.refusal(conn, &second), Some(Refusal::Gap));
    assert_eq!(bench.refusal(conn, &first), None);
    assert_eq!(bench.refusal(conn, &third), Some(Refusal::Gap));
    assert_eq!(bench.refusal(conn, &second), None);
    assert_eq!(bench.refusal(conn, &third), None);
}

#[test]
fn an_entry_that_names_another_one_before_it_is_refused() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let mut twin = office.inspector.clone();
    assert_eq!(bench.refusal(conn, &office.inspector.write(TEAM, office.head(), 10)), None);
    twin.write(TEAM, office.head(), 500);
    let second_of_twin = twin.write(TEAM, office.head(), 10);
    assert_eq!(bench.refusal(conn, &second_of_twin), Some(Refusal::Gap));
}

#[test]
fn whoever_has_no_right_to_write_is_refused() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let head = office.head();
    let (roster, desk) = (office.roster.clone(), office.roster.only_space(SpaceKind::Desk));
    let space = roster.only_space(SpaceKind::Office);
    for (space, why) in [
        (OTHER_TEAM, Refusal::NotAllowed),
        (desk, Refusal::NotAllowed),
        (space, Refusal::NotAllowed),
        (SpaceId([200; 16]), Refusal::UnknownSpace),
    ] {
        assert_eq!(bench.refusal(conn, &office.inspector.write(space, head, 10)), Some(why));
    }
    assert_eq!(bench.refusal(conn, &Device::new(50).write(TEAM, head, 10)), Some(Refusal::NotAllowed));
    assert!(bench.items(OTHER_TEAM).is_empty());
}

#[test]
fn the_roster_head_cited_must_be_known_and_never_goes_back() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let unknown = office.founder.clone().write(TEAM, EntryId([1; 32]), 10);
    assert_eq!(bench.refusal(conn, &unknown), Some(Refusal::UnknownRosterHead));
    let before = office.statements[2].id();
    let newest = office.founder.write(TEAM, office.head(), 10);
    assert_eq!(bench.refusal(conn, &newest), None);
    let older = office.founder.write(TEAM, before, 10);
    assert_eq!(bench.refusal(conn, &older), Some(Refusal::UnknownRosterHead));
}

#[test]
fn rights_are_those_of_the_roster_that_is_cited() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    // Before the inspector joined.
    let before = office.statements[3].id();
    let entry = office.inspector.write(TEAM, before, 10);
    assert_eq!(bench.refusal(conn, &entry), Some(Refusal::NotAllowed));
}

#[test]
fn unsound_entries_are_refused_by_name_and_the_sound_ones_beside_them_taken() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let sound = office.inspector.write(TEAM, office.head(), 10);
    let other = office.founder.write(TEAM, office.head(), 10);
    let mut forged = other.bytes().to_vec();
    let signature = find(&forged, &[0x58, 64]) + 10;
    forged[signature] ^= 1;
    let mut altered = other.bytes().to_vec();
    *altered.last_mut().unwrap() ^= 1;
    let large = [other.bytes(), &[0; 256 * 1024]].concat();
    bench.put_bytes(conn, vec![forged, altered, large, sound.bytes().to_vec()]);
    let mut refused = Vec::new();
    let mut taken = 0;
    for said in bench.heard(conn) {
        match said {
            FromRelay::Refused { entry, code } => {
                assert_eq!(entry, other.id());
                refused.push(Refusal::from_code(code));
            }
            FromRelay::Receipts { receipts, .. } => taken += receipts.len(),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(refused, [Refusal::WrongSignature, Refusal::Malformed, Refusal::TooLarge]);
    assert_eq!(taken, 1);
}

#[test]
fn an_entry_of_an_unknown_version_is_refused_as_such() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let mut bytes = office.inspector.write(TEAM, office.head(), 10).bytes().to_vec();
    let header = find(&bytes, &[0x8f, 1, 1]);
    bytes[header + 1] = 2;
    bench.put_bytes(conn, vec![bytes]);
    let said = bench.heard(conn);
    assert!(
        matches!(said[..], [FromRelay::Refused { code, .. }] if Refusal::from_code(code) == Refusal::UnknownVersion)
    );
}

#[test]
fn a_full_disk_is_said_and_the_entry_is_taken_when_there_is_room_again() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let entry = office.inspector.write(TEAM, office.head(), 10);
    for (failure, what) in [(Failure::Full, Trouble::Full), (Failure::Failing, Trouble::Failing)] {
        bench.disk = Disk::Fails(failure);
        bench.put(conn, &[&entry]);
        assert_eq!(bench.heard(conn), [FromRelay::Trouble { what }]);
        assert!(bench.items(TEAM).is_empty());
    }
    bench.disk = Disk::Works;
    assert_eq!(bench.refusal(conn, &entry), None);
    let next = office.inspector.write(TEAM, office.head(), 10);
    assert_eq!(bench.refusal(conn, &next), None);
}

#[test]
fn what_was_staged_upon_a_group_that_failed_is_forgotten_with_it() {
    let (mut bench, mut office) = Bench::founded();
    let (conn, other) = (bench.connect(), bench.connect());
    let [first, second] = [0; 2].map(|_| office.inspector.write(TEAM, office.head(), 10));
    bench.disk = Disk::Held;
    bench.put(conn, &[&first]);
    bench.put(other, &[&second]);
    bench.feed(mingcha_core::relay::Input::CommitFailed(Failure::Full));
    assert_eq!(bench.heard(conn), [FromRelay::Trouble { what: Trouble::Full }]);
    assert_eq!(bench.heard(other), [FromRelay::Trouble { what: Trouble::Full }]);
    bench.forget_flight();
    bench.disk = Disk::Works;
    assert_eq!(bench.refusal(other, &second), Some(Refusal::Gap));
    assert_eq!(bench.refusal(other, &first), None);
    assert_eq!(bench.refusal(other, &second), None);
}

#[test]
fn the_relay_takes_no_more_while_a_full_group_waits() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    bench.disk = Disk::Held;
    let head = office.head();
    let mut next = || office.inspector.write(TEAM, head, 10);
    bench.put(conn, &[&next()]);
    let many: Vec<Entry> = (0..MAX_GROUP_ENTRIES.min(MAX_ENTRIES_PER_MESSAGE)).map(|_| next()).collect();
    assert!(bench.relay.is_taking());
    bench.put(conn, &many.iter().collect::<Vec<_>>());
    assert!(!bench.relay.is_taking());
    bench.release();
    assert!(bench.relay.is_taking());
    bench.release();
    assert_eq!(receipts(&mut bench, conn).len(), many.len() + 1);
}

#[test]
fn a_relay_that_starts_again_goes_on_where_it_was() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let entries: Vec<_> = (0..3).map(|_| office.inspector.write(TEAM, office.head(), 10)).collect();
    entries.iter().for_each(|entry| bench.put(conn, &[entry]));
    let first = receipts(&mut bench, conn);
    let mut bench = Bench::of(bench.groups);
    let conn = bench.connect();
    assert_eq!(bench.refusal(conn, &office.inspector.write(TEAM, office.head(), 10)), None);
    bench.put(conn, &[&entries[1]]);
    assert_eq!(receipts(&mut bench, conn), [first[1].clone()]);
    let bytes = office.inspector.write(TEAM, office.head(), 10).bytes().to_vec();
    bench.say(conn, &ToRelay::Put { entries: vec![bytes] });
    assert_eq!(receipts(&mut bench, conn)[0].1.sequence, 4);
}

fn find(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).position(|window| window == part).unwrap()
}
