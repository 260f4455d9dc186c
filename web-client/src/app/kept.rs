//! What is being written at the desk and not given yet: kept on this device, sealed, so that going back, locking or
//! closing the window loses nothing.

use crate::app::{Ui, shown};
use crate::dom;
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::view::Query;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// How many bytes the engine keeps under one name.
const PART_BYTES: usize = 4_000;
/// In how many parts a draft is kept at most; a longer one is not kept.
const MAX_PARTS: usize = 8;
/// How long a draft must rest before it is kept.
const REST_MILLIS: i32 = 400;

/// A kind of thing that is written at the desk; its word begins the names under which drafts are kept.
pub struct Kind<T> {
    word: &'static str,
    of: PhantomData<fn() -> T>,
}

impl<T> Copy for Kind<T> {}

impl<T> Clone for Kind<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static> Kind<T> {
    /// The kind with this word.
    pub const fn new(word: &'static str) -> Self {
        Self { word, of: PhantomData }
    }

    /// The drafts that are kept, with their names; none until they were read.
    pub fn all(self, ui: Ui) -> Memo<Option<Vec<(String, T)>>> {
        let prefix = format!("draft:{}:", self.word);
        let answer = ui.client.watch(Query::Kept { prefix: prefix.clone() });
        memo(move || answer.with(|answer| shown::kept(answer).map(|all| join(&prefix, all))))
    }

    /// The draft with a name; none until it was read.
    pub fn one(self, ui: Ui, name: String) -> Memo<Option<Option<T>>> {
        let all = self.all(ui);
        memo(move || {
            all.with(|all| {
                let all = all.as_ref()?;
                Some(all.iter().find(|(other, _)| *other == name).map(|(_, draft)| draft.clone()))
            })
        })
    }

    /// Keeps what is being written whenever it has rested for a moment, as long as the page is shown.
    pub fn keep(self, ui: Ui, name: String, draft: Memo<T>) -> Keeping<T> {
        let keeping = Keeping {
            ui,
            kind: self,
            name: StoredValue::new(name),
            is_on: RwSignal::new(true),
            unsaved: StoredValue::new(None),
            parts: StoredValue::new(MAX_PARTS),
        };
        let resting = StoredValue::new_local(None::<dom::Timer>);
        Effect::new(move |before: Option<T>| {
            let now = draft.get();
            if keeping.is_on.get_untracked() && before.is_some_and(|before| before != now) {
                keeping.unsaved.set_value(Some(now.clone()));
                resting.set_value(Some(dom::later(REST_MILLIS, move || keeping.save())));
            }
            now
        });
        on_cleanup(move || keeping.save());
        keeping
    }

    /// Forgets a draft.
    pub fn forget(self, ui: Ui, name: &str) {
        for part in 0..MAX_PARTS {
            ui.send(Command::Keep { name: self.name(name, part), value: None });
        }
    }

    fn name(self, name: &str, part: usize) -> String {
        format!("draft:{}:{name}:{part}", self.word)
    }
}

/// A draft that is being kept.
pub struct Keeping<T: Send + Sync + 'static> {
    ui: Ui,
    kind: Kind<T>,
    name: StoredValue<String>,
    is_on: RwSignal<bool>,
    unsaved: StoredValue<Option<T>>,
    /// In how many parts it was kept last, at most.
    parts: StoredValue<usize>,
}

impl<T: Send + Sync + 'static> Copy for Keeping<T> {}

impl<T: Send + Sync + 'static> Clone for Keeping<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static> Keeping<T> {
    /// Ends it: what was written has been given.
    pub fn done(self) {
        self.is_on.try_set(false);
        self.unsaved.try_set_value(None);
        if let Some(name) = self.name.try_get_value() {
            self.kind.forget(self.ui, &name);
        }
    }

    fn save(self) {
        let unsaved = self.unsaved.try_update_value(Option::take).flatten();
        let (Some(draft), Some(name)) = (unsaved, self.name.try_get_value()) else { return };
        // Serialising plain data into memory has no way to fail.
        let bytes = postcard::to_allocvec(&draft).unwrap_or_default();
        if bytes.len() > PART_BYTES * MAX_PARTS {
            return;
        }
        let mut parts = bytes.chunks(PART_BYTES);
        let count = parts.len();
        let before = self.parts.try_get_value().unwrap_or(MAX_PARTS);
        self.parts.try_set_value(count);
        for part in 0..count.max(before) {
            let value = parts.next().map(<[u8]>::to_vec);
            self.ui.send(Command::Keep { name: self.kind.name(&name, part), value });
        }
    }
}

/// Puts the parts together again; what another version of the program kept is left out.
fn join<T: DeserializeOwned>(prefix: &str, all: &[(String, Vec<u8>)]) -> Vec<(String, T)> {
    let mut joined: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, bytes) in all {
        let Some((name, _)) = name.strip_prefix(prefix).and_then(|name| name.rsplit_once(':')) else {
            continue;
        };
        match joined.last_mut() {
            Some((last, together)) if last == name => together.extend_from_slice(bytes),
            _ => joined.push((name.to_owned(), bytes.clone())),
        }
    }
    joined.into_iter().filter_map(|(name, bytes)| Some((name, postcard::from_bytes(&bytes).ok()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_kept_in_parts_reads_back() {
        let draft: Vec<u32> = (0..50).collect();
        let bytes = postcard::to_allocvec(&draft).expect("plain data");
        let part = |at: usize, bytes: &[u8]| (format!("draft:x:a:{at}"), bytes.to_vec());
        let kept = [part(0, &bytes[..20]), part(1, &bytes[20..]), ("draft:x:b:0".into(), vec![0xff; 12])];
        assert_eq!(join::<Vec<u32>>("draft:x:", &kept), [("a".to_owned(), draft)]);
    }
}
