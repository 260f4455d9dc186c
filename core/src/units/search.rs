//! Finding units by a few typed words: one pass over the tables' text for each word.

use super::Place;
use super::register::{NONE, Register};
use super::table::{END, FIELD, UnitTable};
use crate::ids::DocumentId;
use crate::sorted::SortedMap;

/// How many words of what was typed count.
pub const MAX_WORDS: usize = 8;

/// What a search found.
pub(super) struct Found {
    /// How many units match.
    pub total: usize,
    /// The best of them, best first.
    pub first: Vec<u32>,
}

/// How well a word fits a unit; the first is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is a whole field.
    Exact,
    /// A field begins with it.
    Prefix,
    /// It is inside the name or the initials.
    Inside,
    /// An ancestor has it, the unit does not.
    Inherited,
    /// Neither has it.
    None,
}

/// What puts units first; see [`super::First`].
pub(super) struct Ranks<'a> {
    pub used: &'a [u32],
    pub assigned: &'a SortedMap<u32, &'a Vec<DocumentId>>,
    pub near: Option<Place>,
}

/// What units are ordered by: whether assigned, fit where distance counts, distance, place among the used ones, fit,
/// length of the name, place by code.
type Key = (bool, u32, u32, u32, u32, u32, u32);

/// Finds the units that match; see [`Register::search`].
pub(super) fn search(register: &Register, text: &str, ranks: &Ranks<'_>, limit: usize) -> Found {
    let words = text.split_whitespace().map(normal).filter(|word| !word.is_empty());
    let fits: Vec<Vec<Fit>> = words.take(MAX_WORDS).map(|word| fits(register, &word)).collect();
    let recency: SortedMap<u32, u32> =
        ranks.used.iter().copied().zip(0..ranks.used.len() as u32).rev().collect();
    let key = |unit| {
        let score = score(register, &fits, unit)?;
        let length = if fits.is_empty() { 0 } else { register.name(unit).len() as u32 };
        let recency = recency.get(&unit).copied().unwrap_or(u32::MAX);
        let metres = |near: Place| register.place(unit).map_or(u32::MAX, |place| near.metres_to(place));
        let (fit, distance) = ranks.near.map_or((0, 0), |near| (score, metres(near)));
        Some((!ranks.assigned.contains_key(&unit), fit, distance, recency, score, length, unit))
    };
    let mut keys: Vec<Key> = (0..register.len() as u32).filter_map(key).collect();
    let total = keys.len();
    if limit < total {
        keys.select_nth_unstable(limit);
        keys.truncate(limit);
    }
    keys.sort_unstable();
    Found { total, first: keys.into_iter().map(|(.., unit)| unit).collect() }
}

/// How well a unit fits all words, less is better; `None` when it lacks a word, or has none itself.
fn score(register: &Register, fits: &[Vec<Fit>], unit: u32) -> Option<u32> {
    let own = |fits: &Vec<Fit>| fits[unit as usize];
    if !fits.is_empty() && fits.iter().all(|fits| own(fits) == Fit::None) {
        return None;
    }
    let inherited = |fits: &Vec<Fit>| register.ancestors(unit).any(|it| fits[it as usize] != Fit::None);
    let score = |fits: &Vec<Fit>| match own(fits) {
        Fit::None if inherited(fits) => Some(Fit::Inherited as u32),
        Fit::None => None,
        fit => Some(fit as u32),
    };
    fits.iter().map(score).sum()
}

/// How well a word fits each unit itself.
fn fits(register: &Register, word: &str) -> Vec<Fit> {
    let mut fits = vec![Fit::None; register.len()];
    for (table, unit_of) in register.searched() {
        let mut row = 0;
        for (position, _) in table.text().match_indices(word) {
            row = table.row_at(position, row);
            let unit = unit_of[row as usize];
            if unit != NONE {
                let fit = &mut fits[unit as usize];
                *fit = (*fit).min(fit_at(table, row, position, word));
            }
        }
    }
    fits
}

/// How well a word fits that was met at a position of a row's text.
fn fit_at(table: &UnitTable, row: u32, position: usize, word: &str) -> Fit {
    let text = table.text();
    let before = &text[table.start(row)..position];
    let starts = before.is_empty() || before.ends_with(FIELD);
    let ends = text[position + word.len()..].starts_with([FIELD, END]);
    // The code and its lower case are the first field and the third.
    let in_code = || matches!(before.matches(FIELD).count(), 0 | 2);
    match (starts, ends) {
        (true, true) => Fit::Exact,
        (true, false) => Fit::Prefix,
        (false, _) if in_code() => Fit::None,
        (false, _) => Fit::Inside,
    }
}

/// A word as tables hold it: in lower case, without what cannot be seen.
fn normal(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).flat_map(char::to_lowercase).collect()
}
