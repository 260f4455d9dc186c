//! Any order of anything, with a disk that fails: nothing acknowledged is lost, nothing is held twice.

use crate::bench::{Bench, Disk};
use crate::office::{OTHER_TEAM, TEAM};
use mingcha_core::entry::Entry;
use mingcha_core::ids::EntryId;
use mingcha_core::relay::{ConnId, Failure, check};
use mingcha_core::wire::{FromRelay, ToRelay};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
enum Step {
    /// Some of the entries, in whatever order.
    Put {
        conn: usize,
        which: Vec<usize>,
    },
    /// One with a flipped bit.
    Damaged {
        conn: usize,
        which: usize,
        at: usize,
    },
    Disk(u8),
    Drop {
        conn: usize,
    },
    Restart,
}

fn any_step() -> impl Strategy<Value = Step> {
    let which = prop::collection::vec(0..24_usize, 1..6);
    prop_oneof![
        6 => (0..3_usize, which).prop_map(|(conn, which)| Step::Put { conn, which }),
        1 => (0..3_usize, 0..24_usize, any::<usize>())
            .prop_map(|(conn, which, at)| Step::Damaged { conn, which, at }),
        2 => (0..4_u8).prop_map(Step::Disk),
        1 => (0..3_usize).prop_map(|conn| Step::Drop { conn }),
        1 => Just(Step::Restart),
    ]
}

fn acknowledged(bench: &mut Bench, conns: &[ConnId]) -> Vec<EntryId> {
    let relay = bench.public();
    let mut ids = Vec::new();
    for conn in conns {
        for said in bench.heard(*conn) {
            if let FromRelay::Receipts { space, checkpoint, receipts } = said {
                for receipt in receipts {
                    receipt.verify(&checkpoint, &relay, &space).unwrap();
                    ids.push(receipt.entry);
                }
            }
        }
    }
    ids
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn nothing_acknowledged_is_lost_and_nothing_is_held_twice(steps in prop::collection::vec(any_step(), 1..60)) {
        let (mut bench, mut office) = Bench::founded();
        let head = office.head();
        let mut twin = office.inspector.clone();
        let mut entries: Vec<Entry> = (0..10).map(|_| office.inspector.write(TEAM, head, 10)).collect();
        entries.extend((0..10).map(|_| office.founder.write(OTHER_TEAM, head, 10)));
        entries.extend((0..4).map(|_| twin.write(TEAM, head, 400)));
        let mut conns = [0; 3].map(|_| bench.connect());
        let mut known = BTreeSet::new();
        for step in steps {
            match step {
                Step::Put { conn, which } if bench.relay.is_taking() => {
                    let some: Vec<_> = which.iter().map(|&at| &entries[at]).collect();
                    bench.put(conns[conn], &some);
                }
                Step::Damaged { conn, which, at } if bench.relay.is_taking() => {
                    let mut bytes = entries[which].bytes().to_vec();
                    let at = at % bytes.len();
                    bytes[at] ^= 1;
                    bench.put_bytes(conns[conn], vec![bytes]);
                    if bench.closed.last().is_some_and(|(closed, _)| *closed == conns[conn]) {
                        conns[conn] = bench.connect();
                    }
                }
                Step::Put { .. } | Step::Damaged { .. } => {}
                Step::Disk(what) => {
                    bench.disk = match what {
                        0 | 1 => Disk::Works,
                        2 => Disk::Held,
                        _ => Disk::Fails(Failure::Full),
                    };
                    while bench.is_flying() && bench.disk != Disk::Held {
                        bench.release();
                    }
                }
                Step::Drop { conn } => {
                    bench.feed(mingcha_core::relay::Input::Closed { conn: conns[conn] });
                    conns[conn] = bench.connect();
                }
                Step::Restart => {
                    known.extend(acknowledged(&mut bench, &conns));
                    bench = Bench::of(bench.groups);
                    conns = [0; 3].map(|_| bench.connect());
                }
            }
            known.extend(acknowledged(&mut bench, &conns));
        }
        let mut held = Vec::new();
        for space in [TEAM, OTHER_TEAM] {
            held.extend(bench.items(space).into_iter().map(|item| Entry::check(item.entry).unwrap().id()));
        }
        let distinct: BTreeSet<_> = held.iter().copied().collect();
        prop_assert_eq!(held.len(), distinct.len(), "held twice");
        prop_assert!(known.is_subset(&distinct), "acknowledged and lost");
        // What is held opens again: the roster and the trees are what they were.
        let _ = Bench::of(bench.groups);
    }

    #[test]
    fn reading_a_message_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = check(&bytes);
    }

    #[test]
    fn reading_a_damaged_put_never_panics(at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let (_, mut office) = Bench::founded();
        let entry = office.inspector.write(TEAM, office.head(), 10);
        let mut bytes = ToRelay::Put { entries: vec![entry.bytes().to_vec()] }.encode();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let _ = check(&bytes);
    }
}
