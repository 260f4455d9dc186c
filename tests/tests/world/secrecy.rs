//! Who can read what. With `unsealed` or `unauthorised` the same searches find what they look for: run by hand
//! with `--features`, this says that they can.

use mingcha_core::command::Command;
use mingcha_core::view::{Access, Query, VisitFilter, Window};
use mingcha_tests::World;
use mingcha_tests::world::Who;

const TEXTS: [&str; 3] = ["窗口无人值守两小时", "绝密计划甲", "410305"];

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Whether a text stands anywhere in a device's store, by its raw bytes.
fn is_on_disk(world: &mut World, who: Who, text: &str) -> bool {
    world.at(who).copy_of_disk().iter().any(|((_, key), value)| holds(key, text) || holds(value, text))
}

fn was_shown(world: &mut World, who: Who, text: &str) -> bool {
    world.at(who).seen().any(|shown| shown.contains(text))
}

struct Scene {
    world: World,
    ben: Who,
    cai: Who,
}

/// A visit of the first team, and an inspector of the second who looks everywhere.
fn scene() -> Scene {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    let other = world.team(ana, "第二组");
    let cai = world.inspector(ana, other, "赵强");
    let visit = world.visit(ben, team, TEXTS[2]);
    world.note(ben, visit, TEXTS[0]).expect("saved");
    world.ask(ben, Command::VoidVisit { visit, reason: TEXTS[1].into() }).expect("voided");
    world.run().run();
    let window = Window { first: 0, count: 100 };
    for query in [Query::Visits(VisitFilter::default(), window), Query::Visit(visit), Query::Teams] {
        world.look(cai, query);
    }
    Scene { world, ben, cai }
}

#[test]
fn a_device_of_another_team_holds_nothing_of_a_visit() {
    let Scene { mut world, ben, cai } = scene();
    for text in TEXTS {
        assert!(was_shown(&mut world, ben, text), "the search sees what is there");
        let is_known = was_shown(&mut world, cai, text) || is_on_disk(&mut world, cai, text);
        let is_open = cfg!(feature = "unauthorised") && cfg!(feature = "unsealed");
        assert_eq!(is_known, is_open, "{text}");
    }
    let Access::Open(me) = world.access(cai).access else { panic!("closed") };
    assert_eq!(me.teams.len(), if cfg!(feature = "unauthorised") { 2 } else { 1 });
}

#[test]
fn neither_the_relay_nor_the_wire_nor_a_locked_device_holds_a_text() {
    let Scene { mut world, ben, .. } = scene();
    world.ask(ben, Command::Lock).expect("locked");
    world.run();
    let sealed = !cfg!(feature = "unsealed");
    // A unit's code is short and stands in rows and documents as it is; batches of changes are deflated.
    let text = TEXTS[2];
    assert_eq!(is_on_disk(&mut world, ben, text), !sealed, "the device");
    for text in TEXTS {
        assert!(!sealed || !world.relay.held().any(|(_, bytes)| holds(bytes, text)), "the relay: {text}");
        assert!(!sealed || !world.at(ben).sent.iter().any(|bytes| holds(bytes, text)), "the wire: {text}");
        assert!(!sealed || !is_on_disk(&mut world, ben, text), "the device: {text}");
    }
    let name = "第二组";
    assert_eq!(world.relay.held().any(|(_, bytes)| inflated(bytes, name)), !sealed, "the relay: {name}");
}

/// Whether a text stands in an entry, in what it seals as it is, or in that inflated.
fn inflated(bytes: &[u8], text: &str) -> bool {
    use mingcha_core::crypto::SealKey;
    use mingcha_core::entry::{Entry, Payload};
    let Ok(entry) = Entry::check(bytes.to_vec()) else { return false };
    let Ok(Payload::Changes { batch, .. }) = entry.open(&SealKey([0; 32])) else {
        return holds(bytes, text);
    };
    let changes = mingcha_core::document::unpack(&batch).unwrap_or_default();
    changes.iter().any(|change| holds(change.bytes(), text))
}
