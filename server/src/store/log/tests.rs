use super::*;
use proptest::prelude::*;

const SMALL: Options = Options { segment_bytes: 512, reserve_bytes: 0 };
const ROOMY: Options = Options { segment_bytes: 4096, reserve_bytes: 0 };

fn open(dir: &Path, options: Options) -> Result<Log, StoreError> {
    Log::open(dir, options, None)
}

/// A log with these payloads, closed again.
fn written(options: Options, payloads: &[&[u8]]) -> (tempfile::TempDir, Vec<Place>) {
    let dir = tempfile::tempdir().unwrap();
    let log = open(&dir.path().join("log"), options).unwrap();
    let places = payloads.iter().map(|payload| log.append(payload).unwrap()).collect();
    (dir, places)
}

fn replayed(log: &Log) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut all = Vec::new();
    log.replay(|_, payload| {
        all.push(payload.to_vec());
        Ok(())
    })?;
    Ok(all)
}

#[test]
fn what_was_appended_is_there_after_opening_again() {
    let (dir, places) = written(ROOMY, &[b"one", b"", b"three"]);
    let log = open(&dir.path().join("log"), ROOMY).unwrap();
    assert_eq!(replayed(&log).unwrap(), [b"one".to_vec(), vec![], b"three".to_vec()]);
    assert_eq!(log.read(places[2]).unwrap(), b"three");
    log.append(b"four").unwrap();
    assert_eq!(replayed(&log).unwrap().len(), 4);
}

#[test]
fn a_full_segment_is_followed_by_the_next() {
    let payloads: Vec<_> = (0..20u8).map(|n| vec![n; 100]).collect();
    let slices: Vec<_> = payloads.iter().map(Vec::as_slice).collect();
    let (dir, places) = written(SMALL, &slices);
    assert!(places.last().unwrap().segment > 3);
    let log = open(&dir.path().join("log"), SMALL).unwrap();
    assert_eq!(replayed(&log).unwrap(), payloads);
    assert_eq!(log.end().number, 20);
    for (place, payload) in places.iter().zip(&payloads) {
        assert_eq!(&log.read(*place).unwrap(), payload);
    }
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_off_and_written_over() {
    let (dir, places) = written(ROOMY, &[b"kept", b"the last record"]);
    let path = segment_path(&dir.path().join("log"), 1);
    let whole = fs::read(&path).unwrap();
    let start = places[1].offset as usize;
    let end = start + RECORD_HEADER_BYTES + places[1].length as usize;
    for torn in start..end {
        let mut bytes = whole.clone();
        bytes[torn..].fill(0);
        fs::write(&path, &bytes).unwrap();
        let log = open(&dir.path().join("log"), ROOMY).unwrap();
        assert_eq!(replayed(&log).unwrap(), [b"kept"], "torn at {torn}");
        log.append(b"new").unwrap();
        drop(log);
        let log = open(&dir.path().join("log"), ROOMY).unwrap();
        assert_eq!(replayed(&log).unwrap(), [&b"kept"[..], b"new"], "torn at {torn}");
    }
}

#[test]
fn a_tail_whose_beginning_never_reached_the_disk_is_cut_off() {
    let (dir, places) = written(ROOMY, &[b"kept", b"the last record"]);
    let path = segment_path(&dir.path().join("log"), 1);
    let mut bytes = fs::read(&path).unwrap();
    let start = places[1].offset as usize;
    bytes[start..start + 10].fill(0);
    fs::write(&path, &bytes).unwrap();
    let log = open(&dir.path().join("log"), ROOMY).unwrap();
    assert_eq!(replayed(&log).unwrap(), [b"kept"]);
    drop(log);
    assert!(fs::read(&path).unwrap()[start..].iter().all(|&byte| byte == 0));
}

#[test]
fn a_flipped_byte_before_the_last_record_is_named() {
    let (dir, places) = written(ROOMY, &[b"first", b"second", b"third"]);
    let path = segment_path(&dir.path().join("log"), 1);
    let whole = fs::read(&path).unwrap();
    for at in places[0].offset as usize..places[2].offset as usize {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x40;
        fs::write(&path, &bytes).unwrap();
        let hit = if (at as u64) < places[1].offset { places[0] } else { places[1] };
        match open(&dir.path().join("log"), ROOMY) {
            Err(StoreError::Damaged { segment: 1, offset }) => assert_eq!(offset, hit.offset, "flipped {at}"),
            other => panic!("flipped {at}: {:?}", other.map(|log| log.end())),
        }
        assert_eq!(fs::read(&path).unwrap(), bytes, "a damaged log is left as it is");
    }
}

#[test]
fn damage_in_an_older_segment_is_found_by_replay_and_by_reading() {
    let payloads: Vec<_> = (0..12u8).map(|n| vec![n; 100]).collect();
    let slices: Vec<_> = payloads.iter().map(Vec::as_slice).collect();
    let (dir, places) = written(SMALL, &slices);
    let path = segment_path(&dir.path().join("log"), 1);
    let whole = fs::read(&path).unwrap();
    let last_of_first = places.iter().rfind(|place| place.segment == 1).unwrap();
    for at in [places[0].offset, last_of_first.offset] {
        let mut bytes = whole.clone();
        bytes[at as usize + 30] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let log = open(&dir.path().join("log"), SMALL).unwrap();
        assert!(matches!(replayed(&log), Err(StoreError::Damaged { segment: 1, offset }) if offset == at));
        let place = *places.iter().find(|place| place.offset == at).unwrap();
        assert!(matches!(log.read(place), Err(StoreError::Damaged { segment: 1, offset }) if offset == at));
    }
    let mut bytes = whole.clone();
    bytes[last_of_first.offset as usize..].fill(0);
    fs::write(&path, &bytes).unwrap();
    let log = open(&dir.path().join("log"), SMALL).unwrap();
    assert!(
        matches!(replayed(&log), Err(StoreError::Damaged { segment: 1, offset }) if offset == last_of_first.offset)
    );
}

#[test]
fn a_missing_segment_and_a_damaged_header_are_named() {
    let payloads: Vec<_> = (0..12u8).map(|n| vec![n; 100]).collect();
    let slices: Vec<_> = payloads.iter().map(Vec::as_slice).collect();
    let (dir, _) = written(SMALL, &slices);
    let log = dir.path().join("log");
    let second = fs::read(segment_path(&log, 2)).unwrap();
    fs::remove_file(segment_path(&log, 2)).unwrap();
    assert!(matches!(open(&log, SMALL), Err(StoreError::Damaged { segment: 2, offset: 0 })));
    let mut bytes = second.clone();
    bytes[20] ^= 1;
    fs::write(segment_path(&log, 2), &bytes).unwrap();
    assert!(matches!(open(&log, SMALL), Err(StoreError::Damaged { segment: 2, offset: 0 })));
    fs::write(segment_path(&log, 2), &second).unwrap();
    assert!(open(&log, SMALL).is_ok());
}

#[test]
fn a_log_shorter_than_when_it_was_closed_does_not_open() {
    let (dir, places) = written(ROOMY, &[b"kept", b"the last record"]);
    let path = segment_path(&dir.path().join("log"), 1);
    let closed = open(&dir.path().join("log"), ROOMY).unwrap().end();
    let mut bytes = fs::read(&path).unwrap();
    bytes[places[1].offset as usize + 25] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let opened = Log::open(&dir.path().join("log"), ROOMY, Some(closed));
    assert!(matches!(opened, Err(StoreError::Damaged { segment: 1, offset }) if offset == places[1].offset));
    assert_eq!(fs::read(&path).unwrap(), bytes, "nothing is cut off");
}

#[test]
fn a_segment_whose_creation_was_interrupted_is_no_segment() {
    let (dir, _) = written(ROOMY, &[b"one"]);
    let unfinished = dir.path().join("log").join("00000002.new");
    fs::write(&unfinished, b"half").unwrap();
    let log = open(&dir.path().join("log"), ROOMY).unwrap();
    assert_eq!(replayed(&log).unwrap(), [b"one"]);
    assert!(!unfinished.exists());
}

#[test]
fn below_the_watermark_nothing_is_written_and_reading_goes_on() {
    let (dir, places) = written(ROOMY, &[b"one"]);
    let full = Options { reserve_bytes: u64::MAX, ..ROOMY };
    let log = open(&dir.path().join("log"), full).unwrap();
    assert!(matches!(log.append(b"two"), Err(StoreError::Full)));
    assert_eq!(log.read(places[0]).unwrap(), b"one");
    drop(log);
    let log = open(&dir.path().join("log"), ROOMY).unwrap();
    log.append(b"two").unwrap();
    assert_eq!(replayed(&log).unwrap(), [b"one", b"two"]);
}

#[test]
fn a_write_that_fails_leaves_the_log_as_it_was() {
    let (dir, _) = written(ROOMY, &[b"one"]);
    let log = open(&dir.path().join("log"), ROOMY).unwrap();
    // Take the writer's file away: a handle that may only read fails as a broken disk does.
    let path = segment_path(&dir.path().join("log"), 1);
    log.lock().file = File::open(&path).unwrap();
    assert!(log.append(b"two").is_err());
    assert!(matches!(log.append(b"two"), Err(StoreError::Failed)), "it could not be undone");
    assert_eq!(replayed(&log).unwrap(), [b"one"], "reading goes on");
}

#[test]
fn a_record_that_is_too_large_is_refused() {
    let (_dir, log) = {
        let dir = tempfile::tempdir().unwrap();
        let log = open(&dir.path().join("log"), SMALL).unwrap();
        (dir, log)
    };
    let limit = 512 - SEGMENT_HEADER_BYTES - RECORD_HEADER_BYTES;
    assert!(matches!(log.append(&vec![0; limit + 1]), Err(StoreError::TooLarge { .. })));
    let place = log.append(&vec![1; limit]).unwrap();
    assert_eq!(log.read(place).unwrap(), vec![1; limit]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever a crash leaves of the last write, all before it is there.
    #[test]
    fn any_remains_of_the_last_write_are_cut_off(
        payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 1..6),
        lost in prop::collection::vec(any::<bool>(), 200),
    ) {
        let slices: Vec<_> = payloads.iter().map(Vec::as_slice).collect();
        let (dir, places) = written(ROOMY, &slices);
        let path = segment_path(&dir.path().join("log"), 1);
        let mut bytes = fs::read(&path).unwrap();
        let last = places.last().unwrap();
        let start = last.offset as usize;
        let end = start + RECORD_HEADER_BYTES + last.length as usize;
        for (byte, lost) in bytes[start..end].iter_mut().zip(lost) {
            if lost { *byte = 0 }
        }
        fs::write(&path, &bytes).unwrap();
        let log = open(&dir.path().join("log"), ROOMY).unwrap();
        let found = replayed(&log).unwrap();
        prop_assert_eq!(&found[..payloads.len() - 1], &payloads[..payloads.len() - 1]);
        prop_assert!(found.len() < payloads.len() || found.last() == payloads.last());
    }
}
