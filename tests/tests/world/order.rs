//! What arrives late, in another order than it was made, or not at all: it waits, or is asked for, and then it counts.

use mingcha_core::entry::Entry;
use mingcha_core::ids::DocumentId;
use mingcha_core::problem::{Problem, Refusal};
use mingcha_core::roster::SpaceKind;
use mingcha_core::view::Stage;
use mingcha_core::wire::{FromRelay, ToRelay, Trouble};
use mingcha_tests::World;
use mingcha_tests::relay::DiskState;
use mingcha_tests::rogue::{self, Rogue};
use mingcha_tests::world::Who;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What was kept from a device.
pub type Withheld = Rc<RefCell<Vec<FromRelay>>>;

/// Keeps what the relay says of the roster from a device.
pub fn withhold_roster(world: &mut World, from: Who) -> Withheld {
    let roster = rogue::roster(&world.relay).only_space(SpaceKind::Roster);
    let withheld = Withheld::default();
    let kept = withheld.clone();
    world.set_between(Some(Box::new(move |who, message| match message {
        FromRelay::Entries { space, .. } | FromRelay::Head { space, .. }
            if who == from && space == roster =>
        {
            kept.borrow_mut().push(message);
            vec![]
        }
        other => vec![other.encode()],
    })));
    withheld
}

/// Lets a device hear what was kept from it.
pub fn release(world: &mut World, to: Who, withheld: &Withheld) {
    world.set_between(None);
    for message in withheld.take() {
        world.say(to, &message);
    }
    world.run();
}

#[test]
fn an_entry_that_cites_a_statement_to_come_waits_for_it() {
    let mut world = World::new();
    let (ana, team, []) = world.office([]);
    let code = world.invite(ana, team, "王芳");
    let withheld = withhold_roster(&mut world, ana);
    let ben = world.device("ben");
    world.join(ben, &code).expect("joined");
    let visit = world.visit(ben, team, "410305");
    world.run();
    assert!(world.see(ana, visit).is_none(), "who wrote it is not known yet");
    assert_eq!(world.problems(ana), []);
    release(&mut world, ana, &withheld);
    assert_eq!(world.see(ana, visit).expect("it waited").unit.value, "410305");
    assert_eq!(world.problems(ana), []);
}

#[test]
fn a_statement_that_an_entry_cites_and_that_never_came_is_asked_for() {
    let mut world = World::new();
    let (ana, team, []) = world.office([]);
    let code = world.invite(ana, team, "王芳");
    let withheld = withhold_roster(&mut world, ana);
    let ben = world.device("ben");
    world.join(ben, &code).expect("joined");
    world.run();
    assert!(!withheld.borrow().is_empty());
    world.set_between(None);
    let visit = world.visit(ben, team, "410305");
    world.run();
    assert!(world.see(ana, visit).is_some());
    assert_eq!(world.problems(ana), []);
}

#[test]
fn two_teams_visits_of_one_name_that_are_read_together_are_not_one() {
    let mut world = World::new();
    let (ana, team, []) = world.office([]);
    let other = world.team(ana, "第二组");
    let (first, second) = (team.min(other), team.max(other));
    let ben = world.inspector(ana, first, "王芳");
    let code = world.invite(ana, second, "冒充者");
    // Both entries cite the join and wait for it, and so are read in one slice of work.
    let withheld = withhold_roster(&mut world, ana);
    let mut rogue = Rogue::join(&mut world, &code);
    world.run();
    let visit = world.visit(ben, first, "410305");
    world.run();
    let payload = rogue.visit(visit, second);
    let entry = rogue.entry(&world.relay, second, &payload);
    rogue.put(&mut world, &[&entry]);
    assert_eq!(world.problems(ana), []);
    release(&mut world, ana, &withheld);
    assert_eq!(world.problems(ana), [Problem::EntryIgnored { why: Refusal::NotAllowed }]);
    let view = world.see(ana, visit).expect("the first");
    assert_eq!((view.authors.len(), view.unit.value.as_str(), view.unit.conflict.len()), (1, "410305", 0));
    assert_eq!(world.problems(ben), []);
}

#[test]
fn what_was_lost_on_the_way_is_sent_again_once_the_relay_misses_it() {
    for (lost, count) in [(1, 2), (1, 5), (3, 5)] {
        let mut world = World::new();
        let (ana, team, [ben]) = world.office(["王芳"]);
        let left = Cell::new(lost);
        world.set_outward(Some(Box::new(move |who, message| match message {
            ToRelay::Put { .. } if who == ben && left.get() > 0 => {
                left.set(left.get() - 1);
                vec![]
            }
            other => vec![other],
        })));
        let visits: Vec<_> = (0..count).map(|_| world.visit(ben, team, "410305")).collect();
        world.run();
        let seen = |visit: &DocumentId| world.see(ana, *visit).is_some();
        assert!(visits.iter().all(seen), "{lost} of {count} lost");
        assert_eq!(world.access(ben).unsent, 0);
        assert_eq!(world.problems(ben), []);
    }
}

#[test]
fn what_the_relay_had_no_room_for_is_sent_again_before_what_came_after_it() {
    let mut world = World::new();
    let (ana, team, [ben]) = world.office(["王芳"]);
    world.relay.set_disk(DiskState::Full);
    world.visit(ben, team, "410305");
    // The next one was on its way when the relay said that it is full.
    world.set_outward(Some(Box::new(|_, _| vec![])));
    world.visit(ben, team, "410306");
    world.set_outward(None);
    let put = world.at(ben).sent.iter().rev().find_map(|bytes| match ToRelay::decode(bytes) {
        Ok(ToRelay::Put { mut entries }) => entries.pop(),
        _ => None,
    });
    let late = Entry::check(put.expect("something was put")).expect("sound").id();
    world.say(ben, &FromRelay::Trouble { what: Trouble::Full });
    world.say(ben, &FromRelay::Refused { entry: late, code: Refusal::Gap.code() });
    world.relay.set_disk(DiskState::Sound);
    world.run().run();
    assert_eq!(world.access(ben).unsent, 0);
    assert_eq!(world.problems(ben), []);
    assert_eq!(world.visits(ana, Stage::All).len(), 2);
}
