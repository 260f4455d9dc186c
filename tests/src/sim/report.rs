//! What came of runs: a trace to tell two of them apart, and a table of many.

use super::{Outcome, Violation};
use std::collections::BTreeMap;
use std::fmt;

/// Everything that happened in a run, as one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace(pub u64);

impl Default for Trace {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Trace {
    /// Adds numbers.
    pub fn add(&mut self, numbers: &[u64]) {
        for number in numbers {
            self.0 = (self.0 ^ number).wrapping_mul(0x0100_0000_01b3).rotate_left(17);
        }
    }

    /// Adds bytes.
    pub fn add_bytes(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.add(&[u64::from_le_bytes(word)]);
        }
    }
}

/// What was counted in a run.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// What happened by itself.
    pub steps: u64,
    /// What people asked for.
    pub commands: u64,
    /// Entries in the relay's log at the end.
    pub entries: u64,
    /// What was shown as saved or held.
    pub saved: u64,
    /// What went wrong, by name.
    pub faults: BTreeMap<&'static str, u64>,
}

/// The table of many runs.
#[derive(Debug, Default)]
pub struct Table {
    seeds: u64,
    counts: Counts,
    failed: Vec<(u64, Violation)>,
}

impl Table {
    /// Adds a run.
    pub fn add(&mut self, seed: u64, outcome: &Outcome) {
        self.seeds += 1;
        self.counts.steps += outcome.counts.steps;
        self.counts.commands += outcome.counts.commands;
        self.counts.entries += outcome.counts.entries;
        self.counts.saved += outcome.counts.saved;
        for (what, count) in &outcome.counts.faults {
            *self.counts.faults.entry(what).or_default() += count;
        }
        self.failed.extend(outcome.violation.clone().map(|violation| (seed, violation)));
    }

    /// How many seeds were played.
    #[must_use]
    pub fn seeds(&self) -> u64 {
        self.seeds
    }

    /// The seeds that broke a promise.
    #[must_use]
    pub fn failed(&self) -> &[(u64, Violation)] {
        &self.failed
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lost = self.failed.iter().filter(|(_, violation)| violation.checker.is_loss()).count();
        for (what, count) in [
            ("seeds", self.seeds),
            ("steps", self.counts.steps),
            ("commands", self.counts.commands),
            ("entries", self.counts.entries),
            ("shown as saved", self.counts.saved),
            ("lost", lost as u64),
            ("broken promises", self.failed.len() as u64),
        ] {
            writeln!(f, "{what:<36}{count:>12}")?;
        }
        for (what, count) in &self.counts.faults {
            writeln!(f, "  {what:<34}{count:>12}")?;
        }
        Ok(())
    }
}
