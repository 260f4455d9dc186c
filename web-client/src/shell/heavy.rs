//! The heavy worker: one task, then the page ends it.

use crate::shell::scope;
use crate::shell::wire::{self, FromHeavy, ToHeavy};
use mingcha_core::engine::io::JobResult;
use mingcha_core::engine::jobs;
use mingcha_core::problem::Problem;

/// Runs the heavy worker.
pub fn run() {
    scope::report_panics(|| {});
    scope::listen(|bytes| match wire::decode(bytes) {
        Some(ToHeavy::Job(job)) => scope::post(&FromHeavy::Job(jobs::run(job))),
        Some(ToHeavy::Sheet { .. }) => scope::post(&FromHeavy::End(Err(Problem::SheetUnreadable))),
        None => scope::post(&FromHeavy::Job(JobResult::Failed)),
    });
    scope::post(&FromHeavy::Ready);
}
