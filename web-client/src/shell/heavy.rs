//! The heavy worker: one task, then the page ends it.

use crate::shell::scope;
use crate::shell::wire::{self, FromHeavy, ToHeavy};
use mingcha_core::engine::io::JobResult;
use mingcha_core::engine::jobs;
use mingcha_core::problem::Problem;
use mingcha_core::sheet::{self, Mapping, SkipReason, export};

/// Rows that are passed on at once: few enough that other commands wait a moment only.
const ROWS_PER_PART: usize = 500;

/// Runs the heavy worker.
pub fn run() {
    scope::listen(|bytes| match wire::decode(bytes) {
        Some(ToHeavy::Job(job)) => scope::post(&FromHeavy::Job(jobs::run(job))),
        Some(ToHeavy::Sheet { name, bytes, mapping }) => {
            scope::post(&FromHeavy::End(read(&name, &bytes, mapping.as_ref())));
        }
        Some(ToHeavy::Preview { bytes, mapping }) => {
            scope::post(&FromHeavy::Preview(sheet::preview(&bytes, mapping.as_ref())));
        }
        Some(ToHeavy::Table { table, form, now }) => {
            scope::post(&FromHeavy::Table(export::write(&table, form, now)));
        }
        None => scope::post(&FromHeavy::Job(JobResult::Failed)),
    });
    scope::post(&FromHeavy::Ready);
}

fn read(name: &str, bytes: &[u8], mapping: Option<&Mapping>) -> Result<Vec<(u32, SkipReason)>, Problem> {
    let sheet = match mapping {
        Some(mapping) => sheet::read_as(bytes, mapping)?,
        None => sheet::read(bytes, name)?,
    };
    let total = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    for part in sheet.rows.chunks(ROWS_PER_PART) {
        scope::post(&FromHeavy::Rows(part.to_vec(), total));
    }
    Ok(sheet.skipped)
}
