//! Imported unit tables: immutable datasets carried as entries of their own.

use super::io::Table;
use super::ledger::After;
use super::office::Office;
use super::works::Works;
use crate::command::{ImportPart, RequestId};
use crate::document::Kind;
use crate::domain::{Role, office};
use crate::entry::Payload;
use crate::ids::{DatasetId, DocumentId};
use crate::problem::Problem;
use crate::roster::SpaceKind;
use crate::time::Timestamp;
use crate::units::{Packer, UnitRow, UnitTable};
use crate::view::ImportState;

/// An import that is being taken in.
pub struct Running {
    pub name: String,
    pub at: Timestamp,
    pub rows: u32,
    packer: Packer,
    parts: u32,
}

impl Office {
    /// Takes a piece of a spreadsheet in.
    pub fn import(
        &mut self,
        works: &mut Works,
        request: RequestId,
        dataset: DatasetId,
        name: &str,
        rows: &[UnitRow],
        part: ImportPart,
    ) {
        if !self.is(Role::Coordinator) {
            return works.answer(request, Err(Problem::NotAllowed));
        }
        let mut running = self.imports.remove(&dataset).unwrap_or_else(|| Running {
            name: name.to_owned(),
            at: works.now,
            rows: 0,
            packer: Packer::default(),
            parts: 0,
        });
        running.rows += rows.len() as u32;
        let mut parts = running.packer.push(rows);
        if part == ImportPart::Last {
            parts.extend(core::mem::take(&mut running.packer).finish());
        }
        let space = self.roster.only_space(SpaceKind::Office);
        for part in parts {
            let index = running.parts;
            running.parts += 1;
            let payload = Payload::DatasetPart { dataset, index, part: part.clone() };
            if self.post(works, space, &payload, DocumentId(dataset.0)).is_err() {
                return works.answer(request, Err(Problem::NotAllowed));
            }
            self.take_part(works, dataset, index, part);
        }
        match part {
            ImportPart::More => {
                self.imports.insert(dataset, running);
            }
            ImportPart::Last => {
                let Running { name, rows, parts, .. } = running;
                let result = self.write_only(works, space, Kind::Office, |document, stamp| {
                    office::publish_dataset(document, stamp, dataset, &name, (rows, parts))
                });
                if let Err(problem) = result {
                    return works.answer(request, Err(problem));
                }
                self.refresh_register(works);
            }
        }
        works.ledger.after(After::Answer(request));
        works.stale();
    }

    /// Keeps a part of a table.
    pub fn take_part(&mut self, works: &mut Works, dataset: DatasetId, index: u32, part: Vec<u8>) {
        self.put(works, Table::Datasets, part_key(&dataset, index), &part);
        self.datasets.entry(dataset).or_default().insert(index, part);
        self.refresh_register(works);
    }

    /// Brings the register in line with the imports that are complete and not withdrawn.
    pub fn refresh_register(&mut self, works: &mut Works) {
        let id = super::office::only_document(&self.roster.only_space(SpaceKind::Office), Kind::Office);
        let Some(opened) = self.documents.get(&id) else { return };
        let unsent = crate::sorted::SortedSet::new();
        let imports = office::imports(&opened.document, &self.folk(&unsent));
        for import in &imports {
            let parts = self.datasets.get(&import.dataset);
            let is_whole = parts.is_some_and(|parts| parts.len() as u32 >= import.parts);
            if import.state == ImportState::Withdrawn {
                if self.registered.remove(&import.dataset) {
                    self.register.remove(import.dataset);
                    works.stale();
                }
            } else if is_whole && self.registered.insert(import.dataset) {
                let parts = parts.into_iter().flat_map(|parts| parts.values().take(import.parts as usize));
                match UnitTable::from_parts(parts) {
                    // By the time stated, not by place in the list: an import that arrives late may be older.
                    Ok(table) => self.register.insert(import.dataset, import.at.0, table),
                    Err(_) => {
                        self.ignored.insert(crate::problem::Refusal::MalformedPayload);
                    }
                }
                works.stale();
            }
        }
    }
}

/// The key of a part of a table.
pub fn part_key(dataset: &DatasetId, index: u32) -> Vec<u8> {
    [&dataset.0[..], &index.to_be_bytes()].concat()
}
