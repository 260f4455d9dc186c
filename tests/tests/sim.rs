//! The simulator: seeds that must hold, fresh ones, and the proof that it finds what is broken. `cargo xtask sim`
//! plays more, and one seed alone.

use mingcha_tests::sim::{Plan, Table, describe, find_defects, play, play_all};
use std::ops::Range;
use std::time::{SystemTime, UNIX_EPOCH};

/// The seeds that are always played.
const FIXED: Range<u64> = 0..200;
/// How many are played that nobody has played before.
const FRESH: u64 = 40;
/// Among how many of the first seeds each defect is found.
const SEEDS_FOR_A_DEFECT: u64 = 60;

fn all_hold(seeds: Range<u64>) {
    let table: Table = play_all(seeds, |_, _| {});
    let failed: Vec<_> = table.failed().iter().map(|(seed, _)| describe(*seed)).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

#[test]
fn the_same_seed_is_the_same_run() {
    for seed in 0..12 {
        let plan = Plan::new(seed);
        assert_eq!(play(&plan).trace, play(&plan).trace, "seed {seed}");
    }
    assert_ne!(play(&Plan::new(1)).trace, play(&Plan::new(2)).trace);
}

#[test]
fn every_promise_holds_for_the_fixed_seeds() {
    all_hold(FIXED);
}

#[test]
fn every_promise_holds_for_fresh_seeds() {
    let from = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() << 20);
    println!("seeds {from} to {}", from + FRESH - 1);
    all_hold(from..from + FRESH);
}

#[test]
fn every_defect_is_found() {
    let found = find_defects(SEEDS_FOR_A_DEFECT);
    let missed: Vec<_> = found.iter().filter(|found| found.by.is_none()).map(|found| found.defect).collect();
    assert!(missed.is_empty(), "not found among {SEEDS_FOR_A_DEFECT} seeds: {missed:?}");
}
