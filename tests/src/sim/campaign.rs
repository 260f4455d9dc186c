//! Many runs, on all cores: seeds that must hold, and defects that must be found.

use super::{Outcome, Plan, Table, play, play_with, shorten};
use mingcha_core::defect::Defect;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Plays all seeds of a range and hands each outcome over as it comes.
pub fn play_all(seeds: Range<u64>, heard: impl Fn(u64, &Outcome) + Sync) -> Table {
    let table = Mutex::new(Table::default());
    let next = AtomicU64::new(seeds.start);
    on_all_cores(|| {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return;
            }
            let outcome = play(&Plan::new(seed));
            heard(seed, &outcome);
            let mut table = table.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            table.add(seed, &outcome);
        }
    });
    table.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Looks for every defect, each among the first so many seeds; what became of it.
#[must_use]
pub fn find_defects(seeds: u64) -> Vec<Found> {
    let found = Mutex::new(Vec::new());
    let next = AtomicU64::new(0);
    on_all_cores(|| {
        while let Some(defect) = Defect::ALL.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
            let outcome = (0..seeds).find_map(|seed| {
                let violation = play_with(&Plan::new(seed), Some(*defect)).violation?;
                Some((seed, violation))
            });
            let mut found = found.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            found.push(Found { defect: *defect, by: outcome });
        }
    });
    let mut found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    found.sort_by_key(|found| found.defect);
    found
}

/// What became of a defect.
#[derive(Clone, Debug)]
pub struct Found {
    /// Which.
    pub defect: Defect,
    /// The first seed that found it, and the promise that it broke.
    pub by: Option<(u64, super::Violation)>,
}

/// How a failure is shown: how to play it again, what was broken, and the shortest way there that was found.
#[must_use]
pub fn describe(seed: u64) -> String {
    let plan = Plan::new(seed);
    let Some(violation) = play(&plan).violation else { return format!("SEED={seed} holds") };
    let short = shorten(&plan, violation.checker);
    let broken = play(&short).violation.map(|violation| violation.what).unwrap_or_default();
    let mut lines = vec![
        format!("replay: SEED={seed} cargo xtask sim"),
        format!("broken: {:?}: {}", violation.checker, violation.what),
        format!("shortened to {} of {} actions: {broken}", short.actions.len(), plan.actions.len()),
        format!("  {} people, {} of them members, {} teams", short.people, short.members, short.teams),
        format!("  {:?}, away: {:?}, clocks: {:?}", short.rogue, short.away, short.clocks),
    ];
    lines.extend(short.actions.iter().map(|action| format!("  {action:?}")));
    lines.join("\n")
}

fn on_all_cores(work: impl Fn() + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(&work);
        }
    });
}
