//! The relay's log, harmed in every way after it was written: it opens with what it held from the beginning on, or
//! says that it is damaged; a write that was never finished is no damage.

use crate::script::Script;
use mingcha_relay::store::log::{End, Log, Options, Place};
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// The most records, and the most harm done to them.
const MOST_RECORDS: usize = 24;
const MOST_HARM: usize = 8;

/// First what is written, then what is done to the files.
pub fn run(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().join("log");
    let segment_bytes = [512, 1024, 4096][script.below(3)];
    let options = Options { segment_bytes, reserve_bytes: 0 };
    let (written, places, end) = write(&mut script, &folder, options);
    let closed = (script.byte() & 1 == 1).then_some(end);
    let last = places.last().copied();
    let mut harm = Harm::None;
    for _ in 0..MOST_HARM {
        if script.is_over() {
            break;
        }
        harm = harm.max(do_harm(&mut script, &folder, last));
    }
    match Log::open(&folder, options, closed) {
        Err(_) => assert!(harm == Harm::Any || harm == Harm::Tail && closed.is_some(), "{harm:?} is none"),
        Ok(log) => is_sound(&log, &folder, options, &written, harm, closed),
    }
}

/// How much was harmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Harm {
    None,
    /// The last record and what follows it.
    Tail,
    Any,
}

fn write(script: &mut Script<'_>, folder: &Path, options: Options) -> (Vec<Vec<u8>>, Vec<Place>, End) {
    let log = Log::open(folder, options, None).expect("an empty folder");
    let mut written = Vec::new();
    let mut places = Vec::new();
    for number in 0..script.below(MOST_RECORDS) {
        let len = usize::from(script.number()) % (options.segment_bytes as usize - 84);
        let payload = vec![number as u8 + 1; len];
        places.push(log.append(&payload).expect("room"));
        written.push(payload);
    }
    (written, places, log.end())
}

fn do_harm(script: &mut Script<'_>, folder: &Path, last: Option<Place>) -> Harm {
    let files = files(folder);
    let which = script.below(files.len() + 1);
    // One more than there are files: the last one, in and after its last record.
    let (path, from, harm) = match (files.get(which), files.last(), last) {
        (Some(path), _, _) => (path, 0, Harm::Any),
        (None, Some(path), Some(last)) => (path, last.offset, Harm::Tail),
        _ => return Harm::None,
    };
    let file = fs::File::options().read(true).write(true).open(path).expect("a segment");
    let size = file.metadata().expect("a segment").len();
    let at = from + u64::from(script.number()) % (size.saturating_sub(from) + 1);
    match script.below(if harm == Harm::Any { 8 } else { 4 }) {
        0 => file.write_all_at(&vec![0; usize::from(script.byte())], at).expect("room"),
        1 => file.write_all_at(script.slice(), at).expect("room"),
        2 => {
            let mut byte = [0];
            let read = file.read_at(&mut byte, at).expect("a segment");
            byte[0] ^= 1 << script.below(8);
            file.write_all_at(&byte[..read], at).expect("room");
        }
        3 => {
            let mut some = vec![0; usize::from(script.byte())];
            let read = file.read_at(&mut some, from).expect("a segment");
            file.write_all_at(&some[..read], at).expect("room");
        }
        4 => file.set_len(at).expect("a segment"),
        5 => file.set_len(size + u64::from(script.number())).expect("room"),
        6 => fs::remove_file(path).expect("a segment"),
        _ => fs::rename(path, path.with_extension("new")).expect("a segment"),
    }
    harm
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    files
}

fn replayed(log: &Log) -> Option<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    let replay = log.replay(|place, payload| {
        assert_eq!(log.read(place).expect("it was just read"), payload);
        all.push(payload.to_vec());
        Ok(())
    });
    replay.ok().map(|()| all)
}

fn is_sound(
    log: &Log,
    folder: &Path,
    options: Options,
    written: &[Vec<u8>],
    harm: Harm,
    closed: Option<End>,
) {
    // Damage in an earlier segment is found when it is read.
    let Some(mut all) = replayed(log) else { return assert_eq!(harm, Harm::Any) };
    let lost = written.len().checked_sub(all.len()).expect("no more than was written");
    assert!(all == written[..all.len()], "what is there is what was written");
    let least = match harm {
        Harm::None => 0,
        Harm::Tail => 1,
        Harm::Any => written.len(),
    };
    assert!(lost <= if closed.is_some() { 0 } else { least }, "{lost} lost by {harm:?}");
    log.append(b"after").expect("it takes the next one");
    all.push(b"after".to_vec());
    assert_eq!(replayed(log), Some(all.clone()));
    let again = Log::open(folder, options, Some(log.end())).expect("it was sound");
    assert_eq!(replayed(&again), Some(all));
}
