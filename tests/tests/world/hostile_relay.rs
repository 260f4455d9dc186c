//! A relay, or somebody on the way to it, that lies: nothing of it is believed, it is named, and what is honest
//! still arrives.

use mingcha_core::crypto::{Purpose, SigningKey};
use mingcha_core::entry::Entry;
use mingcha_core::ids::{EntryId, Incarnation, RelayKey, SpaceId};
use mingcha_core::log::{Checkpoint, Origin, Receipt, SignedCheckpoint, leaf_hash};
use mingcha_core::problem::{Problem, Refusal};
use mingcha_core::roster::SpaceKind;
use mingcha_core::view::{Link, Stage, Tick};
use mingcha_core::wire::{FromRelay, Handshake, Item, MAX_MESSAGE_BYTES, ToRelay, Trouble};
use mingcha_tests::World;
use mingcha_tests::rogue::{self, Rogue};
use mingcha_tests::world::{Between, Network, Who, passphrase};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The life of the simulated relay's log.
const INCARNATION: Incarnation = Incarnation([0x22; 16]);

/// Alters what comes for one device about the team's space.
fn alter(victim: Who, alter: impl Fn(SpaceId, u64, Vec<Item>) -> Vec<FromRelay> + 'static) -> Between {
    Box::new(move |who, message| match message {
        FromRelay::Entries { space, from, items } if who == victim => {
            alter(space, from, items).iter().map(FromRelay::encode).collect()
        }
        other => vec![other.encode()],
    })
}

/// Whether an entry stands in this space.
fn stands_in(space: SpaceId, team: SpaceId, items: &[Item]) -> bool {
    space == team && !items.is_empty()
}

/// A visit is recorded while the relay lies to the coordinator; then it is honest again.
fn lied_to(lie: impl Fn(SpaceId) -> Box<dyn Fn(u64, Vec<Item>) -> Vec<FromRelay>>) -> Vec<Problem> {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let lie = lie(team);
    world.set_between(Some(alter(ana, move |space, from, items| {
        if stands_in(space, team, &items) {
            lie(from, items)
        } else {
            vec![FromRelay::Entries { space, from, items }]
        }
    })));
    let visits = ["410305", "410306"].map(|unit| {
        let visit = world.visit(ben, team, unit);
        world.run();
        visit
    });
    world.set_between(None);
    let problems = world.problems(ana);
    world.restart(ana);
    world.run().run();
    for visit in visits {
        assert!(world.see(ana, visit).is_some(), "what is honest arrives");
    }
    assert_eq!(world.visits(ana, Stage::All).len(), 2);
    assert_eq!(world.access(ben).unsent, 0);
    // What was a lie has left nothing behind: from an honest relay everything is read.
    world.restart(ana);
    world.run().run();
    let later = world.visit(ben, team, "410307");
    world.run();
    assert!(world.see(ana, later).is_some(), "what comes later arrives");
    assert_eq!(world.problems(ana), []);
    problems
}

fn entries(space: SpaceId, from: u64, items: Vec<Item>) -> Vec<FromRelay> {
    vec![FromRelay::Entries { space, from, items }]
}

#[test]
fn an_entry_with_a_bit_flipped_anywhere_is_not_believed() {
    for from_end in [1, 40, 200, 420] {
        let problems = lied_to(move |team| {
            Box::new(move |from, mut items| {
                let at = items[0].entry.len().saturating_sub(from_end);
                items[0].entry[at] ^= 4;
                entries(team, from, items)
            })
        });
        assert_eq!(problems, [Problem::RelayDishonest], "{from_end} bytes from the end");
    }
}

#[test]
fn an_entry_signed_by_somebody_else_is_not_believed() {
    let problems = lied_to(|team| {
        Box::new(move |from, mut items| {
            let entry = Entry::check(items[0].entry.clone()).expect("honest");
            let forged = SigningKey::from_seed([6; 32]).sign(Purpose::SignEntry, &[&entry.id().0]);
            let mut decoder = minicbor::Decoder::new(&items[0].entry);
            decoder.array().expect("a frame");
            decoder.skip().expect("a header");
            decoder.skip().expect("a clear part");
            let at = decoder.position() + 2;
            items[0].entry[at..at + 64].copy_from_slice(&forged);
            assert_eq!(Entry::check(items[0].entry.clone()), Err(Refusal::WrongSignature));
            entries(team, from, items)
        })
    });
    assert_eq!(problems, [Problem::RelayDishonest]);
}

#[test]
fn an_entry_under_another_spaces_name_is_not_believed() {
    let problems = lied_to(|team| {
        Box::new(move |from, mut items| {
            items[0].time = items[0].time.after(1);
            entries(team, from, items)
        })
    });
    assert_eq!(problems, [Problem::RelayDishonest], "a time that the log does not have");
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let other = world.team(ana, "第二组");
    world.run();
    world.set_between(Some(alter(ana, move |space, from, items| {
        let space = if space == team { other } else { space };
        entries(space, from, items)
    })));
    let visit = world.visit(ben, team, "410305");
    world.run();
    assert_eq!(world.problems(ana), [Problem::RelayDishonest]);
    assert!(world.see(ana, visit).is_none());
}

#[test]
fn replayed_withheld_and_reordered_entries_are_noticed() {
    let replayed = lied_to(|team| {
        Box::new(move |from, mut items| {
            items.push(items[0].clone());
            entries(team, from, items)
        })
    });
    assert_eq!(replayed, [Problem::RelayDishonest], "replayed");
    let first = Rc::new(RefCell::new(None::<Item>));
    let reordered = lied_to(move |team| {
        let first = first.clone();
        Box::new(move |from, mut items| {
            let earlier = first.borrow_mut().take();
            match earlier {
                None => {
                    *first.borrow_mut() = items.pop();
                    vec![]
                }
                Some(earlier) => {
                    items.push(earlier);
                    entries(team, from - 1, items)
                }
            }
        })
    });
    assert!(reordered.contains(&Problem::RelayDishonest), "reordered: {reordered:?}");
    let count = Cell::new(0);
    let withheld = lied_to(move |team| {
        let count = Cell::new(count.get());
        Box::new(move |from, items| {
            count.set(count.get() + 1);
            if count.get() == 1 { vec![] } else { entries(team, from, items) }
        })
    });
    assert_eq!(withheld, [Problem::RelayDishonest], "withheld");
}

#[test]
fn a_relay_that_withholds_the_end_is_not_up_to_date() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    world.set_between(Some(alter(ana, |_, _, _| vec![])));
    let visit = world.visit(ben, team, "410305");
    world.run();
    assert!(world.see(ana, visit).is_none());
    assert!(matches!(world.access(ana).link, Link::CatchingUp { .. }), "while it is connected");
    world.restart(ana);
    world.run();
    assert!(matches!(world.access(ana).link, Link::CatchingUp { .. }), "on a new connection");
}

#[test]
fn two_histories_are_noticed() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let key = world.relay.key();
    world.set_between(Some(Box::new(move |who, message| match message {
        FromRelay::Head { space, .. } if who == ana && space == team => {
            let origin = Origin { space, incarnation: INCARNATION };
            let other = Checkpoint { origin, size: 2, root: [9; 32] };
            vec![FromRelay::Head { space, checkpoint: SignedCheckpoint::sign(&other, &key) }.encode()]
        }
        other => vec![other.encode()],
    })));
    world.visit(ben, team, "410305");
    world.run();
    assert_eq!(world.problems(ana), [Problem::RelayDishonest]);
    assert_eq!(world.problems(ben), []);
}

#[test]
fn a_receipt_for_another_history_is_noticed_when_it_is_read() {
    let mut world = World::new();
    let (_, team, [ben]) = world.office(["王芳"]);
    let key = world.relay.key();
    world.visit(ben, team, "410304");
    world.run();
    world.set_between(Some(Box::new(move |who, message| match message {
        FromRelay::Receipts { space, mut receipts, checkpoint } if who == ben && space == team => {
            // In this history the entry stands alone, at the place where the log has it third.
            let real = SignedCheckpoint::verify(&checkpoint, &RelayKey(key.public())).expect("honest");
            let leaf = leaf_hash(&receipts[0].entry, receipts[0].time);
            let other = Checkpoint { size: real.size, root: [0; 32], ..real };
            let path: Vec<_> = vec![[3; 32]; receipts[0].path.len()];
            let root = mingcha_core::log::root_from_path(leaf, receipts[0].sequence, real.size, &path);
            let other = Checkpoint { root: root.expect("a path of the right length"), ..other };
            receipts[0].path = path;
            let checkpoint = SignedCheckpoint::sign(&other, &key);
            vec![FromRelay::Receipts { space, checkpoint, receipts }.encode()]
        }
        other => vec![other.encode()],
    })));
    world.visit(ben, team, "410305");
    world.run();
    assert_eq!(world.access(ben).unsent, 0, "the receipt itself is sound");
    assert_eq!(world.problems(ben), [Problem::RelayDishonest]);
}

#[test]
fn a_receipt_that_does_not_verify_sends_nothing_to_rest() {
    type Forge = fn(SpaceId, Vec<u8>, Vec<Receipt>) -> FromRelay;
    let forgeries: [Forge; 4] = [
        |space, checkpoint, mut receipts| {
            receipts.iter_mut().for_each(|receipt| receipt.sequence += 1);
            FromRelay::Receipts { space, checkpoint, receipts }
        },
        |space, checkpoint, mut receipts| {
            receipts.iter_mut().for_each(|receipt| receipt.time = receipt.time.after(1));
            FromRelay::Receipts { space, checkpoint, receipts }
        },
        |space, _, mut receipts| {
            receipts.truncate(1);
            (receipts[0].sequence, receipts[0].path) = (0, vec![]);
            let root = leaf_hash(&receipts[0].entry, receipts[0].time);
            let origin = Origin { space, incarnation: INCARNATION };
            let other = SigningKey::from_seed([0x12; 32]);
            let checkpoint = SignedCheckpoint::sign(&Checkpoint { origin, size: 1, root }, &other);
            FromRelay::Receipts { space, checkpoint, receipts }
        },
        |_, checkpoint, receipts| FromRelay::Receipts { space: SpaceId([1; 16]), checkpoint, receipts },
    ];
    for (number, forge) in forgeries.into_iter().enumerate() {
        let mut world = World::new();
        let (_, team, [ben]) = world.office(["王芳"]);
        world.set_between(Some(Box::new(move |who, message| match message {
            FromRelay::Receipts { space, checkpoint, receipts } if who == ben => {
                vec![forge(space, checkpoint, receipts).encode()]
            }
            other => vec![other.encode()],
        })));
        let visit = world.visit(ben, team, "410305");
        world.run();
        assert_eq!(world.problems(ben), [Problem::RelayDishonest], "forgery {number}");
        assert_eq!(world.see(ben, visit).expect("here").tick, Tick::Saved, "forgery {number}");
        world.set_between(None);
        world.set_online(ben, Network::Gone);
        world.set_online(ben, Network::There);
        world.run();
        assert_eq!(world.see(ben, visit).expect("here").tick, Tick::Held, "forgery {number}");
    }
}

#[test]
fn bytes_that_are_no_message_and_messages_that_are_too_large_end_the_connection() {
    for bytes in [vec![0xff; 10], vec![], vec![0; MAX_MESSAGE_BYTES + 1]] {
        let mut world = World::new();
        let (_, team, [ben]) = world.office(["王芳"]);
        let conn = world.at(ben).conn;
        world.set_between(Some(Box::new(move |_, _| vec![bytes.clone()])));
        let visit = world.visit(ben, team, "410305");
        world.run();
        assert_eq!(world.problems(ben), [Problem::RelayFailing]);
        assert_ne!(world.at(ben).conn, conn);
        world.set_between(None);
        world.run().run().run();
        assert_eq!(world.problems(ben), []);
        assert_eq!(world.see(ben, visit).expect("here").tick, Tick::Held);
    }
}

#[test]
fn a_relay_of_another_version_is_named_on_both_sides() {
    let mut world = World::new();
    let (_, team, [ben]) = world.office(["王芳"]);
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
            vec![other.encode(), FromRelay::Trouble { what: Trouble::Version }.encode()]
        }
        other => vec![other.encode()],
    })));
    world.set_online(ben, Network::Gone);
    world.set_online(ben, Network::There);
    let visit = world.visit(ben, team, "410305");
    world.run();
    assert_eq!(world.problems(ben), [Problem::VersionUnknown { found: 9 }]);
    assert_eq!(world.see(ben, visit).expect("here").tick, Tick::Saved);
    world.set_between(None);
    world.run().run().run();
    assert_eq!(world.problems(ben), []);
    assert_eq!(world.see(ben, visit).expect("here").tick, Tick::Held);
}

#[test]
fn nothing_is_sent_to_a_relay_that_the_office_does_not_name() {
    let mut world = World::new();
    let (_, team, [ben]) = world.office(["王芳"]);
    world.set_online(ben, Network::Gone);
    world.visit(ben, team, "410305");
    let other = SigningKey::from_seed([0x12; 32]);
    let nonce = Rc::new(Cell::new([0; 16]));
    world.set_between(Some(Box::new({
        let nonce = nonce.clone();
        move |_, message| match message {
            FromRelay::Welcome { version, minimum, incarnation, challenge, time, office, .. } => {
                let relay = RelayKey(other.public());
                let handshake = Handshake { relay, incarnation, nonce: nonce.get(), challenge, time, office };
                let signature = handshake.sign(Purpose::SignWelcome, &other);
                let welcome = FromRelay::Welcome {
                    version,
                    minimum,
                    relay,
                    incarnation,
                    challenge,
                    time,
                    office,
                    signature,
                };
                vec![welcome.encode()]
            }
            other => vec![other.encode()],
        }
    })));
    let sent = world.at(ben).sent.len();
    world.set_online(ben, Network::There);
    while world.at(ben).sent.len() == sent {
        world.run_for(1);
    }
    let Ok(ToRelay::Hello { nonce: said, .. }) = ToRelay::decode(&world.at(ben).sent[sent]) else {
        panic!("no greeting")
    };
    nonce.set(said);
    world.run();
    assert_eq!(world.problems(ben), [Problem::WrongRelay]);
    for message in &world.at(ben).sent[sent..] {
        assert!(matches!(ToRelay::decode(message), Ok(ToRelay::Hello { .. })));
    }
}

#[test]
fn what_is_said_before_the_relay_has_proved_itself_is_not_heard() {
    let mut world = World::new();
    let ana = world.device("ana");
    world.set_between(Some(Box::new(|_, _| {
        vec![FromRelay::Trouble { what: Trouble::Claim }.encode(), FromRelay::NotFound.encode()]
    })));
    let setup = world.relay.setup_code();
    world.try_to_found(ana, &setup).expect("durable here");
    world.run();
    assert_eq!(world.problems(ana), [Problem::RelayFailing]);
    world.set_between(None);
    world.run().run().run();
    assert_eq!(world.problems(ana), []);
    assert_eq!(world.access(ana).link, Link::Live);
}

#[test]
fn an_entry_that_cites_an_unknown_statement_holds_nothing_up() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let code = world.invite(ana, team, "冒充者");
    let rogue = Rogue::join(&mut world, &code);
    world.run();
    let first = world.visit(ben, team, "410305");
    world.run();
    let forged = Item { time: world.now, entry: rogue.citing_nothing(team).bytes().to_vec() };
    let size = world.relay.held().filter(|(space, _)| *space == team).count() as u64;
    world.say(ana, &FromRelay::Entries { space: team, from: size, items: vec![forged] });
    world.run();
    let why = Refusal::UnknownRosterHead;
    assert_eq!(world.problems(ana), [Problem::EntryIgnored { why }]);
    assert_eq!(world.visits(ana, Stage::All).len(), 1);
    world.restart(ana);
    world.run();
    assert!(world.see(ana, first).is_some());
}

#[test]
fn a_relay_that_sends_more_than_it_was_let_is_cut_off() {
    let mut world = World::new();
    let (ana, team, [_]) = world.office(["王芳"]);
    let code = world.invite(ana, team, "冒充者");
    let rogue = Rogue::join(&mut world, &code);
    world.run();
    let size = world.relay.held().filter(|(space, _)| *space == team).count() as u64;
    let forged = Item { time: world.now, entry: rogue.citing_nothing(team).bytes().to_vec() };
    let conn = world.at(ana).conn;
    // The roster is withheld, so that the doubt about the entry is never settled.
    let roster = rogue::roster(&world.relay).only_space(SpaceKind::Roster);
    world.set_between(Some(Box::new(move |_, message| match message {
        FromRelay::Head { space, .. } if space == roster => vec![],
        other => vec![other.encode()],
    })));
    world.say(ana, &FromRelay::Entries { space: team, from: size, items: vec![forged] });
    let filler = vec![0; 900_000];
    let flood = FromRelay::Entries {
        space: team,
        from: size + 1,
        items: vec![Item { time: world.now, entry: filler }],
    };
    for _ in 0..17 {
        world.say(ana, &flood);
    }
    world.run();
    assert_eq!(world.at(ana).conn, conn, "as much as may wait");
    for _ in 0..3 {
        world.say(ana, &flood);
    }
    world.run();
    assert_ne!(world.at(ana).conn, conn);
    world.set_between(None);
    world.run().run().run();
    assert_eq!(world.access(ana).link, Link::Live);
}

#[test]
fn a_refusal_that_the_relay_takes_back_holds_nothing_up() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let refused = Rc::new(RefCell::new(Vec::<EntryId>::new()));
    world.set_between(Some(Box::new({
        let refused = refused.clone();
        move |who, message| match message {
            FromRelay::Receipts { receipts, .. } if who == ben && refused.borrow().len() < 2 => {
                refused.borrow_mut().extend(receipts.iter().map(|receipt| receipt.entry));
                let all = receipts.iter();
                all.map(|receipt| {
                    FromRelay::Refused { entry: receipt.entry, code: Refusal::NotAllowed.code() }.encode()
                })
                .collect()
            }
            other => vec![other.encode()],
        }
    })));
    let visit = world.visit(ben, team, "410305");
    world.run();
    assert_eq!(world.problems(ben), [Problem::EntryRefused { why: Refusal::NotAllowed }]);
    assert_eq!(world.see(ben, visit).expect("here").tick, Tick::Saved);
    world.set_between(None);
    world.set_online(ben, Network::Gone);
    world.set_online(ben, Network::There);
    world.run();
    assert_eq!(world.problems(ben), []);
    assert_eq!(world.see(ben, visit).expect("here").tick, Tick::Held);
    assert!(world.see(ana, visit).is_some());
}

#[test]
fn what_stood_before_an_entry_and_was_lost_is_sent_again_with_it() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    world.set_online(ben, Network::Gone);
    let visits: Vec<_> = (0..4).map(|unit| world.visit(ben, team, &format!("41030{unit}"))).collect();
    world.relay.set_disk(mingcha_tests::relay::DiskState::Full);
    world.set_online(ben, Network::There);
    world.run();
    world.visit(ben, team, "410399");
    assert_eq!(world.problems(ben), [Problem::RelayFull]);
    world.relay.set_disk(mingcha_tests::relay::DiskState::Sound);
    world.run().run();
    assert_eq!(world.access(ben).unsent, 0);
    assert_eq!(world.problems(ben), []);
    assert_eq!(world.visits(ana, Stage::All).len(), visits.len() + 1);
}

#[test]
fn what_the_relay_could_not_read_comes_by_itself_once_it_can() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    world.set_online(ana, Network::Gone);
    let visit = world.visit(ben, team, "410305");
    world.run();
    world.relay.set_disk(mingcha_tests::relay::DiskState::Unreadable);
    world.set_online(ana, Network::There);
    world.run();
    assert_eq!(world.problems(ana), [Problem::RelayFailing]);
    assert!(world.see(ana, visit).is_none());
    world.relay.set_disk(mingcha_tests::relay::DiskState::Sound);
    world.run().run();
    assert_eq!(world.problems(ana), []);
    assert!(world.see(ana, visit).is_some());
    assert_eq!(world.access(ana).link, Link::Live);
}

#[test]
fn a_locked_device_hears_nothing() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let visit = world.visit(ben, team, "410305");
    world.run();
    world.ask(ben, mingcha_core::command::Command::Lock).expect("locked");
    world.run();
    let disk = world.at(ben).copy_of_disk();
    world.note(ana, visit, "督查员写的").expect("saved");
    world.run();
    assert!(world.at(ben).copy_of_disk() == disk);
    world.say(ben, &FromRelay::Granted);
    world.run();
    world.ask(ben, mingcha_core::command::Command::Unlock { passphrase: passphrase() }).expect("unlocked");
    world.run();
    assert_eq!(world.see(ben, visit).expect("here").notes, "督查员写的");
}
