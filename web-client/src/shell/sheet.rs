//! Importing a spreadsheet: read in the heavy worker, given to the engine in parts.

use crate::reactive::*;
use crate::shell::client::Client;
use crate::shell::random::random;
use crate::shell::wire::{FromHeavy, ToHeavy};
use crate::shell::worker::Heavy;
use js_sys::Uint8Array;
use mingcha_core::command::{Command, ImportPart};
use mingcha_core::ids::DatasetId;
use mingcha_core::problem::{Problem, SheetLimit};
use mingcha_core::sheet::{MAX_FILE_BYTES, Mapping, Preview, SkipReason};
use mingcha_core::units::UnitRow;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// How far an import has come.
#[derive(Clone, Debug, PartialEq)]
pub enum SheetImport {
    /// The file is being read and understood.
    Reading,
    /// Its rows go to the engine.
    Importing {
        /// Rows that are durable.
        done: u32,
        /// Rows in all.
        rows: u32,
    },
    /// All rows are durable.
    Done {
        /// The new table.
        dataset: DatasetId,
        /// Rows in all.
        rows: u32,
        /// Rows that were left out: number of the line or row, counted from 1, and why.
        skipped: Vec<(u32, SkipReason)>,
    },
    /// Nothing was imported.
    Failed(Problem),
}

/// Looks at a file before it is imported; none until it was read.
pub(super) fn look(
    file: web_sys::File,
    mapping: Option<Mapping>,
) -> ReadSignal<Option<Result<Preview, Problem>>> {
    let (seen, tell) = signal(None);
    spawn_local(async move {
        tell.try_set(Some(preview(file, mapping).await));
    });
    seen
}

async fn preview(file: web_sys::File, mapping: Option<Mapping>) -> Result<Preview, Problem> {
    let task = ToHeavy::Preview { bytes: bytes(&file).await?, mapping };
    let mut heavy = Heavy::start(task).map_err(|_| Problem::SheetUnreadable)?;
    match heavy.next().await {
        Some(FromHeavy::Preview(seen)) => seen,
        _ => Err(Problem::SheetUnreadable),
    }
}

/// Imports a file's units, read as its headers say or as a person does.
pub(super) fn import(
    client: Client,
    file: web_sys::File,
    mapping: Option<Mapping>,
) -> ReadSignal<SheetImport> {
    let (progress, tell) = signal(SheetImport::Reading);
    spawn_local(async move {
        let end = match run(client, file, mapping, tell).await {
            Ok(done) => done,
            Err(problem) => SheetImport::Failed(problem),
        };
        tell.try_set(end);
    });
    progress
}

async fn run(
    client: Client,
    file: web_sys::File,
    mapping: Option<Mapping>,
    tell: WriteSignal<SheetImport>,
) -> Result<SheetImport, Problem> {
    let name = file.name();
    let task = ToHeavy::Sheet { name: name.clone(), bytes: bytes(&file).await?, mapping };
    let mut heavy = Heavy::start(task).map_err(|_| Problem::SheetUnreadable)?;
    let mut import = Import { client, dataset: random(), name, done: 0 };
    let mut held: Option<(Vec<UnitRow>, u32)> = None;
    let skipped = loop {
        // A part is held back until it is known whether it is the last.
        match heavy.next().await {
            Some(FromHeavy::Rows(rows, total)) => {
                if let Some((rows, _)) = held.replace((rows, total)) {
                    import.give(rows, ImportPart::More).await?;
                }
                tell.try_set(SheetImport::Importing { done: import.done, rows: total });
            }
            Some(FromHeavy::End(Ok(skipped))) => break skipped,
            Some(FromHeavy::End(Err(problem))) => return Err(problem),
            // Out of memory, or a defect of a library: the file is at fault either way.
            Some(FromHeavy::Ready | FromHeavy::Job(_) | FromHeavy::Preview(_) | FromHeavy::Table(_))
            | None => {
                return Err(Problem::SheetUnreadable);
            }
        }
    };
    let (last, rows) = held.ok_or(Problem::SheetEmpty)?;
    import.give(last, ImportPart::Last).await?;
    Ok(SheetImport::Done { dataset: import.dataset, rows, skipped })
}

struct Import {
    client: Client,
    dataset: DatasetId,
    name: String,
    done: u32,
}

impl Import {
    /// Gives the engine a part and waits until it is durable, so that other commands overtake the next one.
    async fn give(&mut self, rows: Vec<UnitRow>, part: ImportPart) -> Result<(), Problem> {
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let Self { client, dataset, name, .. } = self;
        let (dataset, name) = (*dataset, name.clone());
        client.ask(Command::ImportUnits { dataset, name, rows, part }).await?;
        self.done = self.done.saturating_add(count);
        Ok(())
    }
}

async fn bytes(file: &web_sys::File) -> Result<Vec<u8>, Problem> {
    if file.size() > MAX_FILE_BYTES as f64 {
        return Err(Problem::SheetTooLarge { limit: SheetLimit::Bytes(MAX_FILE_BYTES) });
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| Problem::SheetUnreadable)?;
    Ok(Uint8Array::new(buffer.unchecked_ref()).to_vec())
}
