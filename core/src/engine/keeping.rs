//! What a page keeps on the device for itself: sealed like everything else, sent to nobody.

use super::io::Table;
use super::ledger::After;
use super::office::Office;
use super::records::Family;
use super::works::Works;
use crate::command::RequestId;
use crate::problem::Problem;

/// How many things a page may keep.
pub const MAX_KEPT: usize = 256;
/// The longest name, in bytes.
pub const MAX_KEPT_NAME: usize = 200;
/// The most that is kept under one name, in bytes.
pub const MAX_KEPT_BYTES: usize = 4 * 1024;

impl Office {
    /// Keeps something, or forgets it.
    pub fn keep_for_page(
        &mut self,
        works: &mut Works,
        request: RequestId,
        name: String,
        value: Option<Vec<u8>>,
    ) {
        let bytes = value.as_ref().map_or(0, Vec::len);
        if name.len() > MAX_KEPT_NAME || bytes > MAX_KEPT_BYTES {
            return works.answer(request, Err(Problem::TooLong { limit: MAX_KEPT_BYTES as u32 }));
        }
        if value.is_some() && !self.kept.contains_key(&name) && self.kept.len() >= MAX_KEPT {
            return works.answer(request, Err(Problem::TooMany { limit: MAX_KEPT as u32 }));
        }
        let key = Family::Kept.key(name.as_bytes());
        match value {
            Some(value) => {
                self.put_state(works, key, &value);
                self.kept.insert(name, value);
            }
            None => {
                works.ledger.delete(Table::State, key);
                self.kept.remove(&name);
            }
        }
        works.ledger.after(After::Answer(request));
    }

    /// What is kept under names that begin so.
    pub fn kept_views(&self, prefix: &str) -> Vec<(String, Vec<u8>)> {
        let named = self.kept.iter().filter(|(name, _)| name.starts_with(prefix));
        named.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}
