//! Rows that another version of the program made: made anew from their documents, some at a time.

use super::office::Office;
use super::reading::Progress;
use super::works::Works;

/// How many documents are read for it at once.
const AT_ONCE: usize = 16;

impl Office {
    /// Makes rows anew whose documents are in memory, and has the next documents read.
    pub fn renew_rows(&mut self, works: &mut Works) -> Progress {
        let first = self.stale_rows.len().saturating_sub(AT_ONCE);
        let mut progress = Progress::Rests;
        for id in self.stale_rows.split_off(first) {
            if self.documents.contains_key(&id) {
                self.keep_row(works, id);
                progress = Progress::More;
            } else if self.rows.contains_key(&id) {
                self.fetch(works, id);
                self.stale_rows.push(id);
            }
        }
        if self.stale_rows.is_empty() { Progress::Rests } else { progress }
    }
}
