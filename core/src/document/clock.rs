//! How many changes of each actor are known at some point of a history.
//!
//! Every opening of a store is an actor of its own, so that a document that people use for years has thousands; and
//! every change of it has a clock. Clocks therefore share their blocks: a change costs one of its own, and a pointer
//! to each of the others.

use std::sync::Arc;

/// How many actors stand in a block.
const BLOCK: usize = 16;

/// How many changes of each actor (by its position) are known.
#[derive(Clone, Debug, Default)]
pub struct Clock(Vec<Arc<[u32; BLOCK]>>);

impl Clock {
    /// How many changes of an actor are known.
    pub fn of(&self, actor: u32) -> u64 {
        let actor = actor as usize;
        self.0.get(actor / BLOCK).map_or(0, |block| block[actor % BLOCK].into())
    }

    /// Says how many changes of an actor are known: fewer than a history has, and so fewer than 2^32.
    pub fn set(&mut self, actor: u32, count: u64) {
        let actor = actor as usize;
        while self.0.len() <= actor / BLOCK {
            self.0.push(Arc::new([0; BLOCK]));
        }
        Arc::make_mut(&mut self.0[actor / BLOCK])[actor % BLOCK] = count as u32;
    }

    /// Learns whatever another clock knows.
    pub fn join(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            if !Arc::ptr_eq(mine, theirs) {
                let mine = Arc::make_mut(mine);
                mine.iter_mut().zip(theirs.iter()).for_each(|(mine, theirs)| *mine = (*mine).max(*theirs));
            }
        }
        let more = other.0.get(self.0.len()..).unwrap_or_default();
        self.0.extend_from_slice(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn any_counts() -> impl Strategy<Value = Vec<(u32, u64)>> {
        let actor = prop_oneof![0..70_u32, 120..300_u32, 4_000..5_000_u32];
        vec((actor, 1..1_000_u64), 0..40)
    }

    fn clock(counts: &[(u32, u64)]) -> (Clock, BTreeMap<u32, u64>) {
        let mut clock = Clock::default();
        counts.iter().for_each(|&(actor, count)| clock.set(actor, count));
        (clock, counts.iter().copied().collect())
    }

    proptest! {
        #[test]
        fn it_does_what_a_table_does(ours in any_counts(), theirs in any_counts(), others in vec(0..9_000_u32, 0..9)) {
            let ((mut mine, mut table), (other, other_table)) = (clock(&ours), clock(&theirs));
            let before = other.clone();
            mine.join(&other);
            for (&actor, &count) in &other_table {
                let known = table.entry(actor).or_default();
                *known = count.max(*known);
            }
            for actor in ours.iter().chain(&theirs).map(|(actor, _)| *actor).chain(others) {
                prop_assert_eq!(mine.of(actor), table.get(&actor).copied().unwrap_or_default());
                prop_assert_eq!(before.of(actor), other_table.get(&actor).copied().unwrap_or_default());
            }
        }
    }
}
