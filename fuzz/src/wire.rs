//! Decoders of what goes over the wire and rests: nothing panics, and what is read reads the same once written
//! again. What checksums, seals and signatures keep from a guesser is made with them.

use crate::script::Script;
use base64ct::{Base64, Encoding};
use mingcha_core::cbor;
use mingcha_core::code::{InvitationSecret, SetupCode};
use mingcha_core::crypto::{Purpose, SUITE_1, SealKey, SigningKey, derive, hash, padme, seal};
use mingcha_core::engine::vault::VaultHeader;
use mingcha_core::entry::parcel::{pack, unpack};
use mingcha_core::entry::{Entry, Header, VERSION};
use mingcha_core::ids::{DeviceKey, Digest, EntryId, Incarnation, Nonce, RelayKey, SpaceId};
use mingcha_core::log::{Checkpoint, Origin, SignedCheckpoint, root_from_path};
use mingcha_core::relay::{check, group::Record};
use mingcha_core::roster::Roster;
use mingcha_core::roster::statement::Statement;
use mingcha_core::wire::{FromRelay, ToRelay};

const KEY: SealKey = SealKey([5; 32]);

/// The first byte says which decoder reads the rest.
pub fn run(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let which = script.below(11);
    let rest = script.rest();
    match which {
        0 => to_relay(rest),
        1 => from_relay(rest),
        2 => drop(Entry::check(rest.to_vec())),
        3 => statement(rest),
        4 => payload(rest),
        5 => header(rest),
        6 => record(rest),
        7 => text(rest),
        8 => note(rest),
        9 => drop(VaultHeader::decode(rest)),
        _ => parcel(rest),
    }
}

fn to_relay(bytes: &[u8]) {
    if let Ok(message) = ToRelay::decode(bytes) {
        assert_eq!(ToRelay::decode(&message.encode()), Ok(message));
    }
    if let Ok(incoming) = check(bytes) {
        assert!(incoming.streams().len() <= incoming.entries());
    }
}

fn from_relay(bytes: &[u8]) {
    let Ok(message) = FromRelay::decode(bytes) else { return };
    assert_eq!(FromRelay::decode(&message.encode()), Ok(message.clone()));
    let relay = RelayKey(signer().public());
    if let FromRelay::Receipts { space, checkpoint, receipts } = message {
        for receipt in receipts {
            assert!(receipt.verify(&checkpoint, &relay, &space).is_err(), "nobody signed it");
            let _ = root_from_path([1; 32], receipt.sequence, receipt.time.0, &receipt.path);
        }
    }
}

/// A statement that its author signed, as the first of a roster and as what follows.
fn statement(bytes: &[u8]) {
    if let Ok(statement) = Statement::decode(bytes) {
        assert_eq!(Statement::decode(&statement.encode()), Ok(statement));
    }
    let entry = Entry::check(signed(&mut blank(), bytes, &[])).expect("it is signed");
    if let Ok(mut roster) = Roster::found(&entry) {
        let _ = roster.apply(&entry, mingcha_core::time::Timestamp(1));
    }
}

/// A file of unsent work, as it is and with its hash made right.
fn parcel(bytes: &[u8]) {
    let body = [b"mingcha/parcel\x01", bytes].concat();
    let whole = [&body[..], &hash(Purpose::Parcel, &[&body])].concat();
    for parcel in [bytes, &whole] {
        if let Ok(entries) = unpack(parcel) {
            assert_eq!(pack(entries.iter().copied()), (parcel.to_vec(), entries.len()));
        }
    }
}

/// A payload that its author sealed, of any content.
fn payload(content: &[u8]) {
    let mut plain = (content.len() as u32).to_be_bytes().to_vec();
    plain.extend(content);
    plain.resize(padme(plain.len()), 0);
    let entry = Entry::check(sealed(&plain));
    if let Ok(entry) = entry {
        let _ = entry.open(&KEY);
    }
    if let Ok(entry) = Entry::check(sealed(content)) {
        let _ = entry.open(&KEY);
    }
}

/// A header of any content whose hashes and signature are right.
fn header(bytes: &[u8]) {
    let Ok(mut header) = cbor::decode::<Header>(bytes) else { return };
    (header.version, header.suite, header.device) = (VERSION, SUITE_1, DeviceKey(signer().public()));
    let entry = Entry::check(signed(&mut header, b"clear", b"payload")).expect("it is signed");
    assert_eq!(*entry.header(), header);
    assert_eq!(Entry::check(entry.bytes().to_vec()), Ok(entry));
}

fn record(bytes: &[u8]) {
    if let Ok(record) = Record::decode(bytes) {
        assert_eq!(Record::decode(&record.encode()), Ok(record));
    }
}

fn text(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    if let Ok(code) = SetupCode::parse(text) {
        assert_eq!(SetupCode::parse(&code.to_text()).map(|again| again.token), Ok(code.token));
    }
    if let Ok(secret) = InvitationSecret::parse(text) {
        assert_eq!(InvitationSecret::parse(&secret.to_text()).map(|again| again.0), Ok(secret.0));
    }
}

/// A note that the relay signed, of any text.
fn note(text: &[u8]) {
    let Ok(text) = core::str::from_utf8(text) else { return };
    let (key, relay) = (signer(), RelayKey(signer().public()));
    let _ = SignedCheckpoint::verify(text.as_bytes(), &relay);
    let origin = Origin { space: SpaceId([1; 16]), incarnation: Incarnation([2; 16]) };
    let real = SignedCheckpoint::sign(&Checkpoint { origin, size: 3, root: [4; 32] }, &key);
    let real = String::from_utf8(real).expect("a note is text");
    let (_, line) = real.split_once("\n\n").expect("a note has a signature");
    let (name, encoded) = line.trim_end().rsplit_once(' ').expect("a signature has a name");
    let id = &Base64::decode_vec(encoded).expect("it is encoded")[..4];
    let signature = key.sign_plain(format!("{text}\n").as_bytes());
    let encoded = Base64::encode_string(&[id, &signature].concat());
    let note = format!("{text}\n\n{name} {encoded}\n");
    if let Ok(checkpoint) = SignedCheckpoint::verify(note.as_bytes(), &relay) {
        let again = SignedCheckpoint::sign(&checkpoint, &key);
        assert_eq!(SignedCheckpoint::verify(&again, &relay), Ok(checkpoint));
    }
}

fn signer() -> SigningKey {
    SigningKey::from_seed([1; 32])
}

fn blank() -> Header {
    Header {
        version: VERSION,
        suite: SUITE_1,
        space: SpaceId([3; 16]),
        epoch: 0,
        device: DeviceKey(signer().public()),
        nonce: Nonce([4; 16]),
        sequence: 0,
        previous: None,
        roster: EntryId([0; 32]),
        seen: None,
        salt: [9; 32],
        commitment: Digest([0; 32]),
        clear_hash: Digest([0; 32]),
        payload_len: 0,
        payload_hash: Digest([0; 32]),
    }
}

/// An entry with these parts, whatever they are.
fn signed(header: &mut Header, clear: &[u8], payload: &[u8]) -> Vec<u8> {
    let part = |part: &[u8]| Digest(hash(Purpose::Part, &[part]));
    (header.clear_hash, header.payload_hash) = (part(clear), part(payload));
    header.payload_len = payload.len() as u32;
    let header = cbor::encode(header);
    let id = hash(Purpose::Entry, &[&header]);
    let signature = signer().sign(Purpose::SignEntry, &[&id]);
    let mut encoder = minicbor::Encoder::new(Vec::new());
    let parts = [&header[..], clear, &signature, payload];
    encoder.array(4).expect("memory");
    for part in parts {
        encoder.bytes(part).expect("memory");
    }
    encoder.into_writer()
}

/// An entry that seals this as it is.
fn sealed(plain: &[u8]) -> Vec<u8> {
    /// What the last field of a header takes: it is not known before the payload is sealed.
    const LAST_FIELD_BYTES: usize = 34;
    let mut header = blank();
    let key = SealKey(derive(&header.salt, &KEY.0, b"mingcha/1/entry-key"));
    header.commitment = Digest(hash(Purpose::EntryKey, &[&key.0]));
    header.clear_hash = Digest(hash(Purpose::Part, &[&[]]));
    header.payload_len = (plain.len() + mingcha_core::crypto::TAG_LEN) as u32;
    let associated = cbor::encode(&header);
    let payload = seal(&key, [0; 12], &associated[..associated.len() - LAST_FIELD_BYTES], plain);
    signed(&mut header, &[], &payload)
}
