//! A Merkle tree (RFC 6962, section 2.1) of which only the frontier is kept.

use crate::cbor::{decode_in_order, hashes};
use crate::ids::EntryId;
use crate::time::Timestamp;
use minicbor::Encode;
use sha2::{Digest as _, Sha256};

/// The hash of a leaf or node.
pub type Hash = [u8; 32];

/// The longest inclusion path: that of a tree of 2^63 leaves.
pub const MAX_PATH: usize = 63;

/// The hash of a leaf: an entry and when the relay took it (milliseconds, 8 bytes, big-endian).
#[must_use]
pub fn leaf_hash(entry: &EntryId, time: Timestamp) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry.0).chain_update(time.0.to_be_bytes()).finalize().into()
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The tree's size and the roots of its perfect subtrees, largest first: enough to add leaves, to tell the
/// root, and to prove the leaves that are being added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Tree {
    #[n(0)]
    size: u64,
    #[cbor(n(1), with = "crate::cbor::hashes")]
    peaks: Vec<Hash>,
}

decode_in_order!(Tree { size, peaks with hashes });

impl Tree {
    /// How many leaves it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether size and peaks belong together; a tree from outside is checked by this before it is used.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.peaks.len() == self.size.count_ones() as usize && self.size < 1 << MAX_PATH
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        let mut size = self.size;
        while size & 1 == 1 {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
            }
            size >>= 1;
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root: of the empty tree, the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => Sha256::digest([]).into(),
            Some(last) => peaks.fold(*last, |right, left| node_hash(left, &right)),
        }
    }

    /// The tree with `leaves` added, remembering enough to prove each of them.
    #[must_use]
    pub fn extend(&self, leaves: Vec<Hash>) -> Extension<'_> {
        Extension { before: self, leaves }
    }
}

/// A tree and the leaves that are being added to it.
pub struct Extension<'a> {
    before: &'a Tree,
    leaves: Vec<Hash>,
}

impl Extension<'_> {
    /// The tree with all leaves added.
    #[must_use]
    pub fn tree(&self) -> Tree {
        let mut tree = self.before.clone();
        self.leaves.iter().for_each(|leaf| tree.push(*leaf));
        tree
    }

    /// The inclusion path of the added leaf at `index` (from 0, among the added ones) in the extended tree:
    /// PATH of RFC 6962, section 2.1.1.
    #[must_use]
    pub fn path(&self, index: usize) -> Vec<Hash> {
        let mut path = Vec::new();
        let (mut low, mut high) = (0, self.before.size + self.leaves.len() as u64);
        let leaf = self.before.size + index as u64;
        while high - low > 1 {
            let middle = low + split(high - low);
            if leaf < middle {
                path.push(self.subtree(middle, high));
                high = middle;
            } else {
                path.push(self.subtree(low, middle));
                low = middle;
            }
        }
        path.reverse();
        path
    }

    /// The inclusion paths of all added leaves, in order: each as [`Extension::path`] gives it, all of them
    /// for little more than the price of one.
    #[must_use]
    pub fn paths(&self) -> Vec<Vec<Hash>> {
        let size = self.before.size + self.leaves.len() as u64;
        if self.leaves.is_empty() { Vec::new() } else { self.paths_between(0, size).1 }
    }

    /// The hash of the leaves from `low` to `high`, and the paths to it of the added ones among them.
    fn paths_between(&self, low: u64, high: u64) -> (Hash, Vec<Vec<Hash>>) {
        if high <= self.before.size {
            return (self.before.peaks[self.peak_at(low)], Vec::new());
        }
        if high - low == 1 {
            return (self.leaves[(low - self.before.size) as usize], vec![Vec::new()]);
        }
        let middle = low + split(high - low);
        let (left, mut paths) = self.paths_between(low, middle);
        let (right, mut others) = self.paths_between(middle, high);
        paths.iter_mut().for_each(|path| path.push(right));
        others.iter_mut().for_each(|path| path.push(left));
        paths.append(&mut others);
        (node_hash(&left, &right), paths)
    }

    /// The hash of the leaves from `low` to `high`. Every range asked for that lies wholly in the old tree is
    /// one of its peaks, since the range above it reaches into the new leaves.
    fn subtree(&self, low: u64, high: u64) -> Hash {
        if high <= self.before.size {
            return self.before.peaks[self.peak_at(low)];
        }
        if high - low == 1 {
            return self.leaves[(low - self.before.size) as usize];
        }
        let middle = low + split(high - low);
        node_hash(&self.subtree(low, middle), &self.subtree(middle, high))
    }

    fn peak_at(&self, low: u64) -> usize {
        let mut start = 0;
        let mut index = 0;
        while start < low {
            start += 1 << (self.before.size - start).ilog2();
            index += 1;
        }
        index
    }
}

/// The largest power of two below `size`, which is at least 2.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// The root that follows from a leaf at `index` in a tree of `size` leaves and its inclusion path (RFC 9162,
/// section 2.1.3.2); `None` when the path cannot be one.
#[must_use]
pub fn root_from_path(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size || path.len() > MAX_PATH {
        return None;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaf(n: u64) -> Hash {
        leaf_hash(&EntryId([n as u8; 32]), Timestamp(n))
    }

    fn grown(size: u64) -> Tree {
        let mut tree = Tree::default();
        (0..size).for_each(|n| tree.push(leaf(n)));
        tree
    }

    fn root_of(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            many => {
                let (left, right) = many.split_at(split(many.len() as u64) as usize);
                node_hash(&root_of(left), &root_of(right))
            }
        }
    }

    proptest! {
        #[test]
        fn the_root_is_that_of_the_definition(size in 0_u64..200) {
            let leaves: Vec<_> = (0..size).map(leaf).collect();
            prop_assert_eq!(grown(size).root(), root_of(&leaves));
            prop_assert!(grown(size).is_sound());
        }

        #[test]
        fn all_paths_at_once_are_the_paths_one_by_one(before in 0_u64..70, added in 0_usize..40) {
            let old = grown(before);
            let extension = old.extend((0..added as u64).map(|n| leaf(before + n)).collect());
            prop_assert_eq!(extension.paths(), (0..added).map(|at| extension.path(at)).collect::<Vec<_>>());
        }

        #[test]
        fn every_added_leaf_is_proven_and_no_other(before in 0_u64..70, added in 1_usize..40) {
            let old = grown(before);
            let extension = old.extend((0..added as u64).map(|n| leaf(before + n)).collect());
            let tree = extension.tree();
            prop_assert_eq!(&tree, &grown(before + added as u64));
            for index in 0..added {
                let place = before + index as u64;
                let path = extension.path(index);
                let prove = |leaf, place, path: &[Hash]| root_from_path(leaf, place, tree.size(), path);
                prop_assert_eq!(prove(leaf(place), place, &path), Some(tree.root()));
                prop_assert_ne!(prove(leaf(place + 1), place, &path), Some(tree.root()));
                prop_assert_ne!(prove(leaf(place), place + 1, &path), Some(tree.root()));
                if let Some((_, shorter)) = path.split_last() {
                    prop_assert_ne!(prove(leaf(place), place, shorter), Some(tree.root()));
                }
            }
        }
    }
}
