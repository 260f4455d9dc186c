//! The simulator: a world made from one seed, in which everything goes wrong that can be made to, and checkers that
//! hold what people were shown against what is there when all is well again.
//!
//! A plan is a list of actions, made from a seed; playing it is one thread, one clock and one source of chance, so
//! that the same plan gives the same trace. A plan that fails is shortened by leaving actions out.

mod campaign;
mod checkers;
mod dice;
mod faults;
mod hostile;
mod ledger;
mod members;
mod network;
mod people;
mod picture;
mod plan;
mod planning;
mod report;
mod run;
mod shrink;

pub use campaign::{Found, describe, find_defects, play_all};
pub use plan::Plan;
pub use report::{Counts, Table, Trace};
pub use shrink::shorten;

use mingcha_core::defect::{self, Defect};
use run::Run;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Checker {
    /// All copies show the same.
    Converged,
    /// What was shown as saved is there, and nothing leaves a device before it is.
    Saved,
    /// What was shown as held is there, whatever becomes of the device.
    Held,
    /// Nothing is there twice.
    Once,
    /// Rows say what documents say, before and after a restart.
    Agree,
    /// Nobody gets what is not for them.
    Secret,
    /// What is hostile is refused for the right reason.
    Refused,
    /// Memory and queues are bounded.
    Bounded,
    /// All is well again once nothing goes wrong any more.
    Progress,
    /// Nothing panics.
    Sound,
}

impl Checker {
    /// Whether breaking it means that something is lost.
    #[must_use]
    pub fn is_loss(self) -> bool {
        matches!(self, Self::Converged | Self::Saved | Self::Held)
    }
}

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub checker: Checker,
    /// How.
    pub what: String,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was counted.
    pub counts: Counts,
    /// What happened, as one number.
    pub trace: Trace,
    /// The promise that was broken, if any.
    pub violation: Option<Violation>,
}

/// Plays a plan, with a defect or without.
#[must_use]
pub fn play_with(plan: &Plan, broken: Option<Defect>) -> Outcome {
    defect::select(broken);
    let outcome = play(plan);
    defect::select(None);
    outcome
}

/// Plays a plan, with whatever defect is switched on in this thread.
#[must_use]
pub fn play(plan: &Plan) -> Outcome {
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut run = Run::new(plan);
        if run.violation.is_none() {
            run.play(&plan.actions);
        }
        if run.violation.is_none() {
            run.conclude();
        }
        run.counts.saved = run.ledger.binding() as u64;
        Outcome { counts: run.counts, trace: run.trace, violation: run.violation }
    }));
    played.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let violation = Violation { checker: Checker::Sound, what: text.unwrap_or_default() };
        Outcome { counts: Counts::default(), trace: Trace::default(), violation: Some(violation) }
    })
}
