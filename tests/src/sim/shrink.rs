//! Shortening a plan that fails: whatever can be left out is, as long as the same promise is broken.

use super::plan::{Action, Plan};
use super::{Checker, play};

/// How many runs shortening may take.
const MOST_RUNS: usize = 400;

/// The shortest plan found that still breaks the promise.
#[must_use]
pub fn shorten(plan: &Plan, broken: Checker) -> Plan {
    let mut best = plan.clone();
    let mut runs = 0;
    let mut size = best.actions.len().div_ceil(2).max(1);
    while runs < MOST_RUNS {
        let mut is_shorter = false;
        let mut at = 0;
        while at < best.actions.len() && runs < MOST_RUNS {
            let mut shorter = best.clone();
            let end = (at + size).min(shorter.actions.len());
            shorter.actions.drain(at..end);
            runs += 1;
            if fails(&shorter, broken) {
                best = shorter;
                is_shorter = true;
            } else {
                at += size;
            }
        }
        if size == 1 && !is_shorter {
            break;
        }
        size = if is_shorter { size.min(best.actions.len().max(1)) } else { (size / 2).max(1) };
    }
    calm(best, broken)
}

/// Leaves out what goes on beside the actions.
fn calm(mut best: Plan, broken: Checker) -> Plan {
    let simpler: [fn(&mut Plan); 3] = [
        |plan| plan.clocks.iter_mut().for_each(|clock| *clock = (0, 0)),
        |plan| plan.away = None,
        |plan| plan.actions.iter_mut().for_each(|action| *action = Action { time: 0, ..*action }),
    ];
    for simplify in simpler {
        let mut other = best.clone();
        simplify(&mut other);
        if fails(&other, broken) {
            best = other;
        }
    }
    best
}

fn fails(plan: &Plan, broken: Checker) -> bool {
    play(plan).violation.is_some_and(|violation| violation.checker == broken)
}
