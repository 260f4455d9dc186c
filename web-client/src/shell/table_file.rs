//! A table as a file for a spreadsheet, written in the heavy worker.

use crate::shell::wire::{FromHeavy, ToHeavy};
use crate::shell::worker::Heavy;
use mingcha_core::problem::Problem;
use mingcha_core::sheet::export::{Form, Table};
use mingcha_core::time::Timestamp;

/// Writes a table; `now` is the person's local time.
///
/// # Errors
///
/// [`Problem::TooMany`] if no file of this form takes as many rows, or the browser's memory does not.
pub async fn write(table: Table, form: Form, now: Timestamp) -> Result<Vec<u8>, Problem> {
    let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    let too_many = Problem::TooMany { limit: rows };
    let Ok(mut heavy) = Heavy::start(ToHeavy::Table { table, form, now }) else { return Err(too_many) };
    match heavy.next().await {
        Some(FromHeavy::Table(written)) => written,
        _ => Err(too_many),
    }
}
