//! Reading: for devices of the office, what they may, in order, without gaps, no faster than they can.

use crate::bench::{Bench, INCARNATION, Network, handshake};
use crate::office::{Device, OTHER_TEAM, Office, TEAM};
use mingcha_core::crypto::Purpose;
use mingcha_core::ids::{Incarnation, SpaceId};
use mingcha_core::log::SignedCheckpoint;
use mingcha_core::relay::{CloseReason, ConnId, HELLO_MILLIS, Input, MAX_AHEAD_BYTES, MAX_UNSENT_BYTES};
use mingcha_core::roster::SpaceKind;
use mingcha_core::wire::{FromRelay, PROTOCOL, ToRelay, Trouble};

/// What a reader of one space was sent: it must be in order and without gap.
#[derive(Default)]
struct Reader {
    next: u64,
    entries: Vec<Vec<u8>>,
    bytes: usize,
    heads: Vec<Vec<u8>>,
}

impl Reader {
    fn hear(&mut self, bench: &mut Bench, conn: ConnId) {
        for said in bench.heard(conn) {
            match said {
                FromRelay::Entries { from, items, .. } => {
                    assert_eq!(from, self.next, "in order and without gap");
                    self.next += items.len() as u64;
                    self.bytes += items.iter().map(|item| item.entry.len()).sum::<usize>();
                    self.entries.extend(items.into_iter().map(|item| item.entry));
                }
                FromRelay::Head { checkpoint, .. } => self.heads.push(checkpoint),
                other => panic!("{other:?}"),
            }
        }
    }
}

fn write(bench: &mut Bench, office: &mut Office, count: usize, size: usize) {
    let conn = bench.connect();
    for _ in 0..count {
        let entry = office.inspector.write(TEAM, office.head(), size);
        assert_eq!(bench.refusal(conn, &entry), None);
    }
}

#[test]
fn a_reader_gets_what_was_there_and_what_comes_and_the_signed_head() {
    let (mut bench, mut office) = Bench::founded();
    write(&mut bench, &mut office, 3, 100);
    let conn = bench.session(&office.founder);
    let mut reader = Reader { next: 1, ..Reader::default() };
    bench.subscribe(conn, TEAM, 1);
    reader.hear(&mut bench, conn);
    assert_eq!((reader.next, reader.heads.len()), (3, 1));
    write(&mut bench, &mut office, 2, 100);
    reader.hear(&mut bench, conn);
    assert_eq!((reader.next, reader.heads.len()), (5, 3));
    let last = SignedCheckpoint::verify(reader.heads.last().unwrap(), &bench.public()).unwrap();
    assert_eq!(last.size, 5);
    let held: Vec<_> = bench.items(TEAM).into_iter().skip(1).map(|item| item.entry).collect();
    assert_eq!(reader.entries, held);
}

#[test]
fn a_space_without_entries_has_an_empty_head() {
    let (mut bench, office) = Bench::founded();
    let conn = bench.session(&office.founder);
    bench.subscribe(conn, TEAM, 0);
    assert_eq!(bench.heard(conn), [FromRelay::Head { space: TEAM, checkpoint: vec![] }]);
}

#[test]
fn a_device_reads_only_what_the_roster_lets_it_read() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.connect();
    let secret = office.founder.write(OTHER_TEAM, office.head(), 100);
    assert_eq!(bench.refusal(conn, &secret), None);
    let conn = bench.session(&office.inspector);
    for space in [OTHER_TEAM, office.roster.only_space(SpaceKind::Desk), SpaceId([99; 16])] {
        bench.subscribe(conn, space, 0);
        assert_eq!(bench.heard(conn), [FromRelay::Trouble { what: Trouble::Space }]);
    }
    let again = office.founder.write(OTHER_TEAM, office.head(), 100);
    bench.put(conn, &[&again]);
    assert!(
        matches!(bench.heard(conn)[..], [FromRelay::Receipts { .. }]),
        "and gets nothing when more comes"
    );
}

#[test]
fn reading_needs_a_session() {
    let (mut bench, _office) = Bench::founded();
    let conn = bench.connect();
    bench.subscribe(conn, TEAM, 0);
    assert_eq!(bench.heard(conn), [FromRelay::Trouble { what: Trouble::Session }]);
}

#[test]
fn a_session_is_refused_to_strangers_and_to_signatures_of_other_connections() {
    let (mut bench, office) = Bench::founded();
    let (conn, other) = (bench.open(), bench.open());
    let hello = ToRelay::Hello { version: PROTOCOL, nonce: [8; 16] };
    bench.say(conn, &hello);
    bench.say(other, &hello);
    let (mine, others) =
        (handshake(&bench.heard(conn)[0], [8; 16]), handshake(&bench.heard(other)[0], [8; 16]));
    let session = |device: &Device, signature| ToRelay::Session { device: device.key(), signature };
    let replayed = others.sign(Purpose::SignSession, &office.inspector.sign);
    let stranger = Device::new(9);
    for refused in [
        session(&office.inspector, replayed),
        session(&office.founder, mine.sign(Purpose::SignSession, &office.inspector.sign)),
        session(&stranger, mine.sign(Purpose::SignSession, &stranger.sign)),
        session(&office.inspector, mine.sign(Purpose::SignWelcome, &office.inspector.sign)),
    ] {
        bench.say(conn, &refused);
        assert_eq!(bench.heard(conn), [FromRelay::Trouble { what: Trouble::Session }]);
    }
    bench.say(conn, &session(&office.inspector, mine.sign(Purpose::SignSession, &office.inspector.sign)));
    assert_eq!(bench.heard(conn), [FromRelay::Granted]);
}

#[test]
fn a_reader_of_another_life_of_the_log_is_told() {
    let (mut bench, office) = Bench::founded();
    let conn = bench.session(&office.founder);
    bench.say(conn, &ToRelay::Subscribe { space: TEAM, incarnation: Incarnation([1; 16]), from: 0 });
    assert_eq!(bench.heard(conn), [FromRelay::Trouble { what: Trouble::Incarnation }]);
}

#[test]
fn no_more_is_sent_than_the_reader_allows() {
    let (mut bench, mut office) = Bench::founded();
    write(&mut bench, &mut office, 30, 1_000);
    let conn = bench.open();
    bench.say(conn, &ToRelay::Hello { version: PROTOCOL, nonce: [8; 16] });
    let handshake = handshake(&bench.heard(conn)[0], [8; 16]);
    let signature = handshake.sign(Purpose::SignSession, &office.founder.sign);
    bench.say(conn, &ToRelay::Session { device: office.founder.key(), signature });
    bench.heard(conn);
    let mut reader = Reader::default();
    bench.subscribe(conn, TEAM, 0);
    reader.hear(&mut bench, conn);
    assert_eq!(reader.next, 0, "nothing without credit");
    let largest = bench.items(TEAM).iter().map(|item| item.entry.len()).max().unwrap() + 8;
    let mut granted = 0;
    while reader.heads.is_empty() {
        bench.say(conn, &ToRelay::Credit { bytes: 5_000 });
        granted += 5_000;
        write(&mut bench, &mut office, usize::from(granted < 20_000), 1_000);
        reader.hear(&mut bench, conn);
        assert!(reader.bytes < granted + largest, "{} of {granted}", reader.bytes);
        assert!(granted < 1_000_000, "it comes to an end");
    }
    assert_eq!(reader.next, bench.items(TEAM).len() as u64);
}

#[test]
fn a_slow_reader_waits_at_its_place_and_reads_from_the_log_later() {
    let (mut bench, mut office) = Bench::founded();
    let conn = bench.session(&office.founder);
    bench.say(conn, &ToRelay::Credit { bytes: 8 << 20 });
    bench.subscribe(conn, TEAM, 0);
    let mut reader = Reader::default();
    bench.network = Network::Stuck;
    write(&mut bench, &mut office, 60, 20_000);
    reader.hear(&mut bench, conn);
    assert!(reader.bytes < MAX_AHEAD_BYTES + 100_000, "{} wait in the connection", reader.bytes);
    assert!(reader.next < 60 && bench.closed.is_empty());
    bench.network = Network::Works;
    bench.feed(Input::Sent { conn, bytes: MAX_AHEAD_BYTES + 200_000 });
    reader.hear(&mut bench, conn);
    assert_eq!(reader.next, 60);
    assert!(!reader.heads.is_empty());
}

#[test]
fn whoever_reads_no_answers_is_closed() {
    let (mut bench, _office) = Bench::founded();
    let conn = bench.connect();
    bench.network = Network::Stuck;
    for nonce in 0..MAX_UNSENT_BYTES as u64 {
        bench.say(conn, &ToRelay::Ping { nonce });
        if !bench.closed.is_empty() {
            break;
        }
    }
    assert_eq!(bench.closed, [(conn, CloseReason::Slow)]);
}

#[test]
fn another_version_is_told_ours_and_closed() {
    let mut bench = Bench::new();
    let conn = bench.open();
    bench.say(conn, &ToRelay::Hello { version: PROTOCOL + 1, nonce: [8; 16] });
    let said = bench.heard(conn);
    assert!(matches!(said[0], FromRelay::Welcome { version: PROTOCOL, .. }));
    assert_eq!(said[1], FromRelay::Trouble { what: Trouble::Version });
    assert_eq!(bench.closed, [(conn, CloseReason::Version)]);
}

#[test]
fn what_makes_no_sense_ends_the_connection() {
    let mut bench = Bench::new();
    let (silent, twice, garbled) = (bench.open(), bench.connect(), bench.connect());
    bench.say(silent, &ToRelay::Ping { nonce: 1 });
    bench.say(twice, &ToRelay::Hello { version: PROTOCOL, nonce: [8; 16] });
    bench.feed(Input::Invalid { conn: garbled });
    for conn in [silent, twice, garbled] {
        assert_eq!(bench.heard(conn), [FromRelay::Trouble { what: Trouble::Unexpected }]);
        assert!(bench.closed.contains(&(conn, CloseReason::Protocol)));
    }
}

#[test]
fn whoever_never_says_hello_is_closed() {
    let mut bench = Bench::new();
    let (silent, polite) = (bench.open(), bench.connect());
    bench.now = bench.now.after(HELLO_MILLIS + 1);
    bench.feed(Input::Tick);
    assert_eq!(bench.closed, [(silent, CloseReason::Silent)]);
    bench.say(polite, &ToRelay::Ping { nonce: 4 });
    assert_eq!(bench.heard(polite), [FromRelay::Pong { nonce: 4, time: bench.now }]);
}

#[test]
fn a_cursor_beyond_the_end_is_told_where_the_log_ends() {
    let (mut bench, mut office) = Bench::founded();
    write(&mut bench, &mut office, 2, 10);
    let conn = bench.session(&office.founder);
    bench.say(conn, &ToRelay::Subscribe { space: TEAM, incarnation: INCARNATION, from: 1_000 });
    let said = bench.heard(conn);
    let [FromRelay::Head { checkpoint, .. }] = &said[..] else { panic!("{said:?}") };
    assert_eq!(SignedCheckpoint::verify(checkpoint, &bench.public()).unwrap().size, 2);
}
