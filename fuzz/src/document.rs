//! Batches and changes of documents: whatever is taken is taken alike in every order, and can be saved and read.

use crate::script::Script;
use flate2::Compression;
use flate2::read::DeflateEncoder;
use mingcha_core::document::{Document, Kind, RawChange, pack, unpack};
use mingcha_core::ids::StreamId;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;

/// Whose changes they are: stands in the bytes of a change for the actor that it really has.
pub const ACTOR: StreamId = StreamId([0xaa; 16]);
/// The most changes that are looked at.
const MOST_CHANGES: usize = 48;
/// A change's bytes before its dependencies: magic, checksum, type.
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const TYPE_CHANGE: u8 = 1;

/// The first byte says whether the rest is a batch, a batch before it is deflated, a snapshot, or changes of a kind.
pub fn run(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let kind = Kind::from_number(script.byte() % 8).unwrap_or(Kind::Visit);
    match script.below(4) {
        0 => drop(unpack(script.rest())),
        1 => {
            let mut batch = vec![1];
            let mut deflated = DeflateEncoder::new(script.rest(), Compression::fast());
            deflated.read_to_end(&mut batch).expect("memory");
            let _ = unpack(&batch);
        }
        2 => drop(Document::load(kind, script.rest(), ACTOR)),
        _ => apply(kind, &changes(&mut script, ACTOR)),
    }
}

/// Changes whose checksums are right, and whose dependencies are as they say: one whose bytes are zero but for the
/// first is the change of that number, counted back from the last one before it.
pub fn changes(script: &mut Script<'_>, actor: StreamId) -> Vec<RawChange> {
    let mut made: Vec<RawChange> = Vec::new();
    while !script.is_over() && made.len() < MOST_CHANGES {
        let mut body = script.slice().to_vec();
        let count = body.first().copied().unwrap_or_default();
        for dependency in body.get_mut(1..).unwrap_or_default().chunks_exact_mut(32).take(count.into()) {
            let back = usize::from(dependency[0]);
            if dependency[1..].iter().all(|byte| *byte == 0)
                && let Some(change) = made.len().checked_sub(1 + back).and_then(|at| made.get(at))
            {
                dependency.copy_from_slice(&change.hash());
            }
        }
        while let Some(at) = body.windows(16).position(|window| window == ACTOR.0) {
            if actor == ACTOR {
                break;
            }
            body[at..at + 16].copy_from_slice(&actor.0);
        }
        if let Ok(change) = RawChange::parse(chunk(&body)) {
            made.push(change);
        }
    }
    made
}

/// The bytes that [`changes`] reads as these changes.
#[must_use]
pub fn script_of(changes: &[RawChange]) -> Vec<u8> {
    let mut script = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        let (_, body) = split(change.bytes());
        let mut body = body.to_vec();
        for (back, earlier) in changes[..at].iter().rev().enumerate() {
            while let Some(found) = body.windows(32).position(|window| window == earlier.hash()) {
                body[found..found + 32].fill(0);
                body[found] = back as u8;
            }
        }
        if let Some(actor) = change.actor() {
            while let Some(found) = body.windows(16).position(|window| window == actor.0) {
                body[found..found + 16].copy_from_slice(&ACTOR.0);
            }
        }
        script.extend((body.len() as u16).to_be_bytes());
        script.extend(body);
    }
    script
}

fn chunk(body: &[u8]) -> Vec<u8> {
    let mut hashed = vec![TYPE_CHANGE];
    let mut len = body.len();
    while len >= 0x80 {
        hashed.push((len & 0x7f) as u8 | 0x80);
        len >>= 7;
    }
    hashed.push(len as u8);
    hashed.extend(body);
    let checksum = Sha256::digest(&hashed);
    [&MAGIC[..], &checksum[..4], &hashed].concat()
}

fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let len = bytes[9..].iter().position(|byte| byte & 0x80 == 0).unwrap_or_default();
    bytes.split_at(9 + len + 1)
}

fn apply(kind: Kind, changes: &[RawChange]) {
    let mut document = Document::new(kind, StreamId([1; 16]));
    for change in changes {
        let _ = document.apply(vec![change.clone()]);
    }
    let mut other = Document::new(kind, StreamId([2; 16]));
    if other.apply(changes.to_vec()).is_ok() {
        assert_eq!(document.heads(), other.heads(), "it makes a difference how many come at a time");
    }
    let mut other = Document::new(kind, StreamId([2; 16]));
    let taken = other.apply(changes.iter().rev().cloned().collect());
    if taken.is_ok() && !has_fork(changes) {
        assert_eq!(document.heads(), other.heads(), "the order makes a difference");
    }
    let loaded = Document::load(kind, &document.snapshot(), StreamId([3; 16])).expect("its own snapshot");
    assert_eq!(loaded.heads(), document.heads());
    let now = loaded.now();
    let facts = |document: &Document| document.facts().len();
    assert_eq!(facts(&loaded), facts(&document));
    for part in ["notes", "answers", "findings", "facts", "fields"] {
        let Some(part) = loaded.part(part) else { continue };
        let _ = loaded.text(part, &now);
        for key in loaded.keys(part, &now) {
            let _ = loaded.strings(part, &key, &now);
        }
    }
    assert_eq!(unpack(&pack(changes)).as_deref(), Ok(changes));
}

/// Whether there are two different changes at one place of a stream: of those the first to come is taken.
fn has_fork(changes: &[RawChange]) -> bool {
    let mut places = BTreeMap::new();
    changes.iter().any(|change| {
        let place = (change.actor(), change.sequence());
        *places.entry(place).or_insert_with(|| change.hash()) != change.hash()
    })
}
