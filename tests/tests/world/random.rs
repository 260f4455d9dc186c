//! Random cuts, crashes, kills and full disks between random deeds; then all is well again, and everybody must
//! show the same, with nothing lost of what was answered. `SEED=n` runs one seed.

use mingcha_core::command::{Command, VisitEdit};
use mingcha_core::crypto::Rng;
use mingcha_core::engine::io::StoreFailure;
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::view::{Access, Stage, VisitView};
use mingcha_tests::World;
use mingcha_tests::device::Storage;
use mingcha_tests::relay::DiskSpace;
use mingcha_tests::world::{Network, Who};
use std::collections::BTreeMap;

const SEEDS: u64 = 8;
const DEEDS: usize = 60;

fn seeds() -> Vec<u64> {
    match std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => vec![seed],
        None => (0..SEEDS).collect(),
    }
}

struct Chance(Rng);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        u64::from_be_bytes(self.0.bytes()) as usize % end
    }
}

#[test]
fn nothing_that_was_answered_is_lost_and_all_copies_agree() {
    for seed in seeds() {
        let outcome = std::panic::catch_unwind(|| run(seed));
        assert!(outcome.is_ok(), "replay: SEED={seed}");
    }
}

/// What was answered: by visit and question, the answer.
type Answered = BTreeMap<(DocumentId, ItemId), String>;

fn run(seed: u64) {
    let mut world = World::new();
    let (ana, team, inspectors) = world.office(["王芳", "赵强"]);
    let visits: Vec<_> = inspectors.iter().map(|who| world.visit(*who, team, "410305")).collect();
    world.run();
    let mut seed_bytes = [0; 32];
    seed_bytes[..8].copy_from_slice(&seed.to_be_bytes());
    let mut chance = Chance(Rng::new(seed_bytes));
    let mut answered = Answered::new();
    for deed in 0..DEEDS {
        let who = inspectors[chance.below(2)];
        trouble(&mut world, &mut chance, who);
        let visit = visits[chance.below(2)];
        // Every answer goes to a question of its own, so that no later one hides it.
        let question = ItemId([deed as u8 + 1; 16]);
        let answer = format!("第{deed}问");
        let edit = VisitEdit::Answer { question, answer: Some(answer.clone()) };
        let request = world.at(who).ask(Command::EditVisit { visit, edit });
        world.run_for(chance.below(30));
        if world.at(who).answer(request) == Some(&Ok(())) {
            answered.insert((visit, question), answer);
        }
    }
    heal(&mut world, ana, &inspectors);
    let everybody = [ana, inspectors[0], inspectors[1]];
    for visit in visits {
        let views: Vec<VisitView> =
            everybody.into_iter().map(|who| world.see(who, visit).expect("here")).collect();
        for ((_, question), answer) in answered.iter().filter(|((of, _), _)| *of == visit) {
            let kept =
                views[0].answers.iter().any(|(asked, field)| asked == question && field.value == *answer);
            assert!(kept, "{answer} was answered and is lost");
        }
        assert!(views.iter().all(|view| view.heads == views[0].heads && view.answers == views[0].answers));
    }
    for who in everybody {
        assert_eq!(world.problems(who), []);
        assert_eq!(world.access(who).unsent, 0);
        assert_eq!(world.visits(who, Stage::All).len(), 2);
    }
}

fn trouble(world: &mut World, chance: &mut Chance, who: Who) {
    match chance.below(12) {
        0 => world.set_online(who, Network::Gone),
        1 | 2 => world.set_online(who, Network::There),
        3 => world.crash_relay(),
        4 => {
            world.kill(who);
            world.start(who);
            world.at(who).ask(Command::Unlock { passphrase: mingcha_tests::world::passphrase() });
            world.run_for(10);
        }
        5 => world.at(who).storage = Storage::Refuses(StoreFailure::Full),
        6 | 7 => world.at(who).fail_hung(),
        8 => world.at(who).storage = Storage::Hangs,
        9 => {
            let space = if chance.below(2) == 0 { DiskSpace::None } else { DiskSpace::Enough };
            world.relay.set_disk(space);
        }
        10 => {
            world.at(who).ask(Command::Lock);
            world.run_for(chance.below(6));
            world.at(who).ask(Command::Unlock { passphrase: mingcha_tests::world::passphrase() });
            world.run_for(chance.below(12));
        }
        _ => {
            world.run_for(chance.below(200));
        }
    }
}

fn heal(world: &mut World, ana: Who, inspectors: &[Who]) {
    world.relay.set_disk(DiskSpace::Enough);
    for who in inspectors.iter().copied().chain([ana]) {
        world.at(who).fail_hung();
        world.set_online(who, Network::There);
    }
    for _ in 0..4 {
        world.run();
    }
    for who in inspectors.iter().copied() {
        if world.access(who).access == Access::Locked {
            world.unlock(who).expect("unlocked");
        }
    }
    for _ in 0..4 {
        world.run();
    }
}
