//! What every [`Store`] must do; each backend's tests call [`conformance`].

use super::{Store, StoreError};
use mingcha_core::ids::{EntryId, SpaceId, StreamId};
use mingcha_core::log::Tree;
use mingcha_core::relay::Recalled;
use mingcha_core::relay::group::{Filed, Group, SpaceGroup, StreamHead};
use mingcha_core::time::Timestamp;

const SPACE: SpaceId = SpaceId([1; 16]);
const OTHER: SpaceId = SpaceId([2; 16]);
const STREAM: StreamId = StreamId([3; 16]);
const OTHER_STREAM: StreamId = StreamId([4; 16]);

/// Runs every rule on a fresh store. `fresh` makes an empty place, `open` opens what is in it: after
/// dropping the store, or after closing and dropping it.
pub fn conformance<P, S: Store>(fresh: impl Fn() -> P, open: impl Fn(&P) -> S) {
    let fresh = || {
        let place = fresh();
        let store = open(&place);
        (place, store)
    };
    a_new_store_is_empty(fresh().1);
    what_was_appended_is_read_back(fresh().1);
    reading_stops_at_the_limit_and_goes_on_there(fresh().1);
    an_entry_is_found_by_stream_and_sequence(fresh().1);
    spaces_do_not_mix(fresh().1);
    a_closed_store_takes_nothing(fresh().1);
    for end in [End::Dropped, End::Closed] {
        let (place, store) = fresh();
        everything_survives(store, end, || open(&place));
    }
    reading_goes_on_while_appending(fresh().1);
}

#[derive(Clone, Copy)]
enum End {
    Dropped,
    Closed,
}

/// The entry at `sequence` of a stream, whose entry before it stands at `previous`.
pub fn filed(stream: StreamId, sequence: u64, previous: Option<u64>, size: usize) -> Filed {
    let mut id = [stream.0[0]; 32];
    id[..8].copy_from_slice(&sequence.to_be_bytes());
    Filed { id: EntryId(id), stream, sequence, roster: 5, previous, bytes: vec![sequence as u8; size] }
}

/// A group that adds `entries` to one space.
pub fn group(space: SpaceId, base: u64, entries: Vec<Filed>) -> Group {
    let mut before = Tree::default();
    (0..base).for_each(|n| before.push([n as u8; 32]));
    let added = SpaceGroup { space, before, checkpoint: vec![base as u8; 40], entries };
    Group { at: Timestamp(1000 + base), spaces: vec![added], forks: Vec::new() }
}

/// `count` groups of one entry each, of one stream alone in its space.
fn chain(space: SpaceId, stream: StreamId, count: u64, size: usize) -> Vec<Group> {
    let entry = |at: u64| vec![filed(stream, at, at.checked_sub(1), size)];
    (0..count).map(|at| group(space, at, entry(at))).collect()
}

fn append_all(store: &impl Store, groups: &[Group]) {
    for group in groups {
        store.append(group).unwrap();
    }
}

fn positions(store: &impl Store, space: SpaceId, from: u64, max_bytes: usize) -> Vec<u64> {
    let slices = store.read(space, from, max_bytes).unwrap();
    slices.iter().flat_map(|slice| slice.from..slice.from + slice.entries.len() as u64).collect()
}

fn recalled(store: &impl Store, stream: StreamId, sequences: &[u64]) -> Vec<Recalled> {
    store.recall(stream, &sequences.iter().copied().collect()).unwrap()
}

fn a_new_store_is_empty(store: impl Store) {
    assert!(store.spaces().unwrap().is_empty());
    assert!(store.read(SPACE, 0, 1000).unwrap().is_empty());
    assert_eq!(store.stream(STREAM).unwrap(), None);
    assert!(recalled(&store, STREAM, &[0]).is_empty());
}

fn what_was_appended_is_read_back(store: impl Store) {
    let entries =
        vec![filed(STREAM, 0, None, 10), filed(OTHER_STREAM, 0, None, 20), filed(STREAM, 1, Some(0), 30)];
    store.append(&group(SPACE, 0, entries.clone())).unwrap();
    let slices = store.read(SPACE, 1, 1000).unwrap();
    assert_eq!(slices.len(), 1);
    assert_eq!((slices[0].from, slices[0].size), (1, 3));
    assert_eq!(slices[0].at, Timestamp(1000));
    assert_eq!(slices[0].checkpoint, vec![0; 40]);
    assert_eq!(slices[0].entries, entries[1..]);
    let head = store.stream(STREAM).unwrap();
    assert_eq!(head, Some(StreamHead::of(SPACE, &entries[2], 2)));
    let group = group(SPACE, 0, entries);
    assert_eq!(store.spaces().unwrap(), [(group.at, group.spaces[0].clone())]);
}

fn reading_stops_at_the_limit_and_goes_on_there(store: impl Store) {
    append_all(&store, &chain(SPACE, STREAM, 10, 100));
    assert_eq!(positions(&store, SPACE, 0, 100), [0]);
    assert_eq!(positions(&store, SPACE, 0, 350), [0, 1, 2]);
    assert_eq!(positions(&store, SPACE, 3, 200), [3, 4]);
    assert_eq!(positions(&store, SPACE, 3, 1), [3], "at least one");
    assert_eq!(positions(&store, SPACE, 0, usize::MAX), (0..10).collect::<Vec<_>>());
    assert!(positions(&store, SPACE, 10, 1000).is_empty());
    assert!(positions(&store, SPACE, u64::MAX, 1000).is_empty());
}

fn an_entry_is_found_by_stream_and_sequence(store: impl Store) {
    let mut groups = chain(SPACE, STREAM, 6, 10);
    groups.push(group(SPACE, 6, (6..12).map(|at| filed(STREAM, at, Some(at - 1), 10)).collect()));
    append_all(&store, &groups);
    for sequence in 0..12 {
        let found = recalled(&store, STREAM, &[sequence]);
        let group = &groups[sequence.min(6) as usize];
        let receipt = group.spaces[0].receipts(group.at)[sequence.saturating_sub(6) as usize].clone();
        assert_eq!(receipt.sequence, sequence);
        let checkpoint = group.spaces[0].checkpoint.clone();
        assert_eq!(found, [Recalled { checkpoint, receipts: vec![(sequence, receipt)] }]);
    }
    assert_eq!(recalled(&store, STREAM, &[2, 8, 11, 12]).iter().map(|r| r.receipts.len()).sum::<usize>(), 3);
    assert!(recalled(&store, STREAM, &[12]).is_empty());
    assert!(recalled(&store, STREAM, &[]).is_empty());
    assert!(recalled(&store, OTHER_STREAM, &[0]).is_empty());
}

fn spaces_do_not_mix(store: impl Store) {
    append_all(&store, &chain(SPACE, STREAM, 3, 10));
    append_all(&store, &chain(OTHER, OTHER_STREAM, 2, 10));
    let mut both = group(SPACE, 3, vec![filed(STREAM, 3, Some(2), 10)]);
    both.spaces.extend(group(OTHER, 2, vec![filed(OTHER_STREAM, 2, Some(1), 10)]).spaces);
    store.append(&both).unwrap();
    assert_eq!(positions(&store, SPACE, 0, 1000), [0, 1, 2, 3]);
    assert_eq!(positions(&store, OTHER, 0, 1000), [0, 1, 2]);
    assert!(store.read(OTHER, 0, 1000).unwrap().iter().all(|slice| slice.entries[0].stream == OTHER_STREAM));
    let expected: Vec<_> = both.spaces.into_iter().map(|added| (both.at, added)).collect();
    assert_eq!(store.spaces().unwrap(), expected);
}

fn a_closed_store_takes_nothing(store: impl Store) {
    store.close().unwrap();
    let refused = store.append(&chain(SPACE, STREAM, 1, 10)[0]);
    assert!(matches!(refused, Err(StoreError::Failed)));
}

fn everything_survives<S: Store>(store: S, end: End, open: impl Fn() -> S) {
    let birth = store.birth();
    let groups = chain(SPACE, STREAM, 50, 100);
    append_all(&store, &groups[..30]);
    if let End::Closed = end {
        store.close().unwrap();
    }
    drop(store);
    let store = open();
    assert_eq!(store.birth(), birth);
    append_all(&store, &groups[30..]);
    drop(store);
    let store = open();
    let entries: Vec<_> =
        store.read(SPACE, 0, usize::MAX).unwrap().into_iter().flat_map(|slice| slice.entries).collect();
    let expected: Vec<_> = groups.into_iter().flat_map(|mut group| group.spaces.remove(0).entries).collect();
    assert_eq!(entries, expected);
    assert_eq!(recalled(&store, STREAM, &[17])[0].receipts[0].1.sequence, 17);
}

fn reading_goes_on_while_appending(store: impl Store) {
    let groups = chain(SPACE, STREAM, 200, 50);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0;
            while seen < 200 {
                let all = positions(&store, SPACE, 0, usize::MAX);
                assert!(all.len() as u64 >= seen, "what was seen stays");
                assert_eq!(all, (0..all.len() as u64).collect::<Vec<_>>());
                seen = all.len() as u64;
            }
        });
        append_all(&store, &groups);
        reader.join().unwrap();
    });
}
