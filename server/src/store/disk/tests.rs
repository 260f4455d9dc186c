use super::*;
use crate::store::conformance::{conformance, filed, group};
use mingcha_core::ids::{Incarnation, RelayKey};
use tempfile::TempDir;

const SMALL: Options = Options { segment_bytes: 64 << 10, reserve_bytes: 0 };
const SPACE: SpaceId = SpaceId([1; 16]);
const STREAM: StreamId = StreamId([3; 16]);

fn birth(n: u8) -> Birth {
    Birth { incarnation: Incarnation([n; 16]), relay: RelayKey([2; 32]), at: Timestamp(1) }
}

fn open(dir: &Path) -> Result<DiskStore, StoreError> {
    DiskStore::open(FolderLock::take(dir)?, SMALL, birth(7))
}

/// A store with `count` entries in it, closed in good order.
fn closed(count: u64) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    for at in 0..count {
        store.append(&group(SPACE, at, vec![filed(STREAM, at, at.checked_sub(1), 100)])).unwrap();
    }
    store.close().unwrap();
    dir
}

fn assert_whole(dir: &Path, count: u64) {
    let store = open(dir).unwrap();
    let entries: usize =
        store.read(SPACE, 0, usize::MAX).unwrap().iter().map(|slice| slice.entries.len()).sum();
    assert_eq!(entries as u64, count);
    assert_eq!(store.stream(STREAM).unwrap().map(|head| head.sequence + 1), Some(count));
    assert_eq!(store.spaces().unwrap()[0].1.end(), count);
}

#[test]
fn the_disk_store_conforms() {
    conformance(|| tempfile::tempdir().unwrap(), |dir| open(dir.path()).unwrap());
}

#[test]
fn a_store_keeps_its_birth() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).unwrap().close().unwrap();
    let lock = FolderLock::take(dir.path()).unwrap();
    assert_eq!(DiskStore::open(lock, SMALL, birth(8)).unwrap().birth(), birth(7));
}

#[test]
fn an_index_that_is_gone_is_made_again() {
    let dir = closed(20);
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    assert_whole(dir.path(), 20);
}

#[test]
fn an_index_of_garbage_is_made_again() {
    for garbage in [&b""[..], &[0xff; 5000], &[0; 5000]] {
        let dir = closed(20);
        for file in ["db", "conf"] {
            fs::write(dir.path().join("index").join(file), garbage).unwrap();
        }
        assert_whole(dir.path(), 20);
    }
}

#[test]
fn an_index_cut_at_any_length_is_made_again() {
    let dir = closed(20);
    let db = dir.path().join("index").join("db");
    let whole = fs::read(&db).unwrap();
    for eighths in 0..8 {
        fs::write(&db, &whole[..whole.len() * eighths / 8]).unwrap();
        assert_whole(dir.path(), 20);
        open(dir.path()).unwrap().close().unwrap();
    }
}

#[test]
fn an_index_of_an_earlier_day_is_made_again() {
    let dir = closed(10);
    let earlier = tempfile::tempdir().unwrap();
    let copy = |from: &Path, to: &Path| {
        fs::create_dir_all(to).unwrap();
        for file in fs::read_dir(from).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
            }
        }
    };
    let index = dir.path().join("index");
    copy(&index, earlier.path());
    let store = open(dir.path()).unwrap();
    for at in 10..20 {
        store.append(&group(SPACE, at, vec![filed(STREAM, at, Some(at - 1), 100)])).unwrap();
    }
    store.close().unwrap();
    drop(store);
    fs::remove_dir_all(&index).unwrap();
    copy(earlier.path(), &index);
    assert_whole(dir.path(), 20);
}

#[test]
fn a_folder_in_use_is_said_to_be() {
    let dir = closed(1);
    let _store = open(dir.path()).unwrap();
    assert!(matches!(open(dir.path()), Err(StoreError::InUse)));
}

#[test]
fn a_record_lost_after_a_good_close_is_noticed_every_time() {
    let dir = closed(5);
    let segment = dir.path().join("log").join("00000001.log");
    let mut bytes = fs::read(&segment).unwrap();
    let last = bytes.iter().rposition(|&byte| byte != 0).unwrap();
    bytes[last] ^= 1;
    fs::write(&segment, &bytes).unwrap();
    for _ in 0..2 {
        assert!(matches!(open(dir.path()), Err(StoreError::Damaged { segment: 1, .. })));
    }
}

#[test]
fn below_the_watermark_nothing_is_taken_and_reading_goes_on() {
    let dir = closed(3);
    let full = Options { reserve_bytes: u64::MAX, ..SMALL };
    let store = DiskStore::open(FolderLock::take(dir.path()).unwrap(), full, birth(7)).unwrap();
    let next = group(SPACE, 3, vec![filed(STREAM, 3, Some(2), 100)]);
    assert!(matches!(store.append(&next), Err(StoreError::Full)));
    assert_eq!(store.read(SPACE, 0, usize::MAX).unwrap().len(), 3);
    assert_eq!(store.stream(STREAM).unwrap().map(|head| head.sequence), Some(2));
}
