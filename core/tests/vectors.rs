//! The bytes of everything that travels or rests, the documents excepted: the same on every target, for ever.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mingcha_core::cbor;
use mingcha_core::code::{Bundle, InvitationSecret, SetupCode, device_code};
use mingcha_core::crypto::{
    BoxSecret, Purpose, Rng, SealKey, SigningKey, hash, open_record, seal_record, unwrap, wrap,
};
use mingcha_core::entry::parcel::pack;
use mingcha_core::entry::{Draft, Entry, Payload, Sealing, SeenCheckpoint, stream_id};
use mingcha_core::ids::{
    BoxKey, DatasetId, DeviceKey, Digest, DocumentId, EntryId, Incarnation, MemberId, Nonce, OfficeId,
    RelayKey, SpaceId, StreamId,
};
use mingcha_core::log::{Checkpoint, Origin, Receipt, SignedCheckpoint, Tree, leaf_hash};
use mingcha_core::roster::statement::{
    Device, Expel, FirstEpoch, FormTeam, Genesis, Invite, Join, Kit, LetIn, SpaceWrap, Statement, StreamEnd,
    Withdraw, Wrap,
};
use mingcha_core::roster::{SpaceKind, commit_to, space_of, wrap_info};
use mingcha_core::time::Timestamp;
use mingcha_core::wire::{FromRelay, Handshake, Item, PROTOCOL, ToRelay, Trouble};

const KEY: SealKey = SealKey([5; 32]);
const SPACE: SpaceId = SpaceId([3; 16]);
const ORIGIN: Origin = Origin { space: SPACE, incarnation: Incarnation([0xcd; 16]) };

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares bytes with those that were frozen under a name.
#[track_caller]
fn is_frozen(name: &str, bytes: &[u8]) {
    let frozen = include_str!("vectors/formats-1.txt").lines().filter_map(|line| line.split_once(' '));
    let frozen = frozen.filter(|(known, _)| *known == name).map(|(_, bytes)| bytes).next();
    assert_eq!(Some(&hex(bytes)[..]), frozen, "{name}");
}

fn device() -> SigningKey {
    SigningKey::from_seed([1; 32])
}

fn frozen_entry(payload: &Payload) -> Entry {
    let seen = SeenCheckpoint { incarnation: ORIGIN.incarnation, size: 9, root: Digest([2; 32]) };
    let draft = Draft {
        space: SPACE,
        nonce: Nonce([4; 16]),
        sequence: 7,
        previous: Some(EntryId([6; 32])),
        roster: EntryId([8; 32]),
        seen: Some(seen),
        clear: &[],
        sealed: Some(Sealing { epoch: 2, key: &KEY, payload, salt: [9; 32] }),
    };
    Entry::freeze(&draft, &device()).expect("small enough")
}

#[test]
#[cfg(not(feature = "unsealed"))]
fn entries_are_frozen() {
    let document = DocumentId([1; 16]);
    let changes = Payload::Changes { document, kind: 3, nonces: vec![Nonce([2; 16])], batch: vec![7; 40] };
    let part = Payload::DatasetPart { dataset: DatasetId([8; 16]), index: 300, part: vec![1, 2, 3] };
    for (name, payload) in [("changes", changes), ("part", part), ("nothing", Payload::Nothing)] {
        let entry = frozen_entry(&payload);
        is_frozen(&format!("payload-{name}"), &cbor::encode(&payload));
        is_frozen(&format!("entry-{name}"), entry.bytes());
        is_frozen(&format!("entry-{name}-id"), &entry.id().0);
        assert_eq!(entry.open(&KEY), Ok(payload));
    }
    let (parcel, _) = pack([&b"first"[..], b"second"].into_iter());
    is_frozen("parcel", &parcel);
    let code = device_code(&OfficeId([1; 32]), &DeviceKey([2; 32]), &BoxKey([3; 32]));
    is_frozen("device-code", code.as_bytes());
    is_frozen("stream", &stream_id(&DeviceKey(device().public()), &SPACE, &Nonce([4; 16])).0);
}

fn statements() -> [(&'static str, Statement); 7] {
    let device = Device { key: DeviceKey([1; 32]), boxed: BoxKey([2; 32]) };
    let wraps = vec![Wrap { to: BoxKey([3; 32]), wrapped: [4; 80] }];
    let epoch = |kind, public| FirstEpoch { kind, commitment: Digest([5; 32]), public, wraps: wraps.clone() };
    let space_wraps = vec![SpaceWrap { space: SPACE, epoch: 1, wrapped: [6; 80] }];
    let genesis = Genesis {
        nonce: [7; 16],
        relay: RelayKey([8; 32]),
        member: MemberId([9; 16]),
        roles: vec![1, 3],
        device,
        kit: Kit { sign: [10; 32], boxed: BoxKey([11; 32]) },
        spaces: vec![epoch(SpaceKind::Office, None), epoch(SpaceKind::Desk, Some(BoxKey([12; 32])))],
    };
    let invite = Invite {
        sign: [13; 32],
        locator: [14; 16],
        bundle: vec![15; 20],
        member: MemberId([16; 16]),
        roles: vec![0],
        teams: vec![SPACE],
        expires: Timestamp(1_795_000_000_000),
        wraps: space_wraps.clone(),
    };
    let join = Join { invitation: [17; 32], device, proof: [18; 64], wraps: space_wraps.clone() };
    let end = StreamEnd { stream: StreamId([19; 16]), sequence: 300, entry: EntryId([20; 32]) };
    [
        ("genesis", Statement::Genesis(Box::new(genesis))),
        ("form-team", Statement::FormTeam(FormTeam { space: SPACE, epoch: epoch(SpaceKind::Team, None) })),
        ("invite", Statement::Invite(Box::new(invite))),
        ("join", Statement::Join(join)),
        ("let-in", Statement::LetIn(LetIn { device: DeviceKey([1; 32]), wraps: space_wraps })),
        ("expel", Statement::Expel(Expel { device: DeviceKey([1; 32]), ends: vec![end] })),
        ("withdraw", Statement::Withdraw(Withdraw { invitation: [17; 32] })),
    ]
}

#[test]
fn statements_are_frozen() {
    for (name, statement) in statements() {
        is_frozen(&format!("statement-{name}"), &statement.encode());
        assert_eq!(Statement::decode(&statement.encode()), Ok(statement));
    }
    is_frozen("space-desk", &space_of(&OfficeId([1; 32]), SpaceKind::Desk).0);
}

#[test]
fn receipts_and_checkpoints_are_frozen() {
    let mut tree = Tree::default();
    (0..5).for_each(|n| tree.push(leaf_hash(&EntryId([n; 32]), Timestamp(u64::from(n)))));
    let extension = tree.extend(vec![leaf_hash(&EntryId([9; 32]), Timestamp(9))]);
    let (path, tree) = (extension.path(0), extension.tree());
    let relay = SigningKey::from_seed([7; 32]);
    let checkpoint = Checkpoint { origin: ORIGIN, size: tree.size(), root: tree.root() };
    let note = SignedCheckpoint::sign(&checkpoint, &relay);
    let receipt = Receipt { entry: EntryId([9; 32]), sequence: 5, time: Timestamp(9), path };
    is_frozen("checkpoint", &note);
    is_frozen("receipt", &cbor::encode(&receipt));
    assert_eq!(receipt.verify(&note, &RelayKey(relay.public()), &SPACE), Ok(checkpoint));
}

#[test]
fn codes_are_frozen() {
    let secret = InvitationSecret([0x42; 16]);
    is_frozen("invitation-code", secret.to_text().as_bytes());
    is_frozen("invitation-locator", &secret.locator());
    is_frozen("invitation-sign", &secret.signing().public());
    is_frozen("invitation-box", &secret.boxed().public().0);
    let setup = SetupCode { token: [1; 16], relay: RelayKey([2; 32]) };
    is_frozen("setup-code", setup.to_text().as_bytes());
    is_frozen("setup-token", &SetupCode::token_hash(&[1; 16]));
}

#[test]
#[cfg(not(feature = "unsealed"))]
fn sealed_things_are_frozen() {
    let bundle = Bundle {
        office: OfficeId([1; 32]),
        roster: EntryId([2; 32]),
        relay: RelayKey([3; 32]),
        office_name: "效能办".into(),
        team_name: "第一组".into(),
        name: "王芳".into(),
    };
    let secret = InvitationSecret([0x42; 16]);
    is_frozen("bundle", &secret.seal(&bundle));
    let record = seal_record(&KEY, [6; 24], b"place", b"record");
    is_frozen("record", &record);
    assert_eq!(open_record(&KEY, b"place", &record).as_deref(), Ok(&b"record"[..]));
}

#[test]
fn wraps_are_frozen() {
    let boxed = BoxSecret::from_seed([2; 32]);
    let info = wrap_info(&commit_to(&KEY));
    let wrapped = wrap(&boxed.public(), &info, &KEY, &mut Rng::new([3; 32])).expect("a good key");
    is_frozen("wrap-info", &info);
    is_frozen("wrapped", &wrapped);
    is_frozen("box-public", &boxed.public().0);
    assert_eq!(unwrap(&boxed, &info, &wrapped), Ok(KEY));
    is_frozen("hash", &hash(Purpose::Part, &[b"one", b"", b"two"]));
    is_frozen("signature", &device().sign(Purpose::SignEntry, &[b"one"]));
}

#[test]
fn messages_are_frozen() {
    let (incarnation, nonce, challenge) = (ORIGIN.incarnation, [4; 16], [5; 16]);
    let (relay, time, office) = (RelayKey([2; 32]), Timestamp(6), Some(OfficeId([7; 32])));
    let handshake = Handshake { relay, incarnation, nonce, challenge, time, office };
    let signature = handshake.sign(Purpose::SignSession, &device());
    is_frozen("session-signature", &signature);
    let device = DeviceKey(device().public());
    let to = [
        ToRelay::Hello { version: PROTOCOL, nonce },
        ToRelay::Session { device, signature },
        ToRelay::Put { entries: vec![vec![1, 2], vec![3]] },
        ToRelay::Claim { token: [8; 16], entry: vec![9] },
        ToRelay::Find { locator: [10; 16] },
        ToRelay::Subscribe { space: SPACE, incarnation, from: 1_000 },
        ToRelay::Credit { bytes: 70_000 },
        ToRelay::Ping { nonce: 300 },
    ];
    for (number, message) in to.into_iter().enumerate() {
        is_frozen(&format!("to-relay-{number}"), &message.encode());
        assert_eq!(ToRelay::decode(&message.encode()), Ok(message));
    }
    let items = vec![Item { time, entry: vec![1, 2, 3] }];
    let receipts = vec![Receipt { entry: EntryId([9; 32]), sequence: 5, time, path: vec![[1; 32]] }];
    let signature = [11; 64];
    let (version, minimum, space) = (PROTOCOL, PROTOCOL, SPACE);
    let from = [
        FromRelay::Welcome { version, minimum, relay, incarnation, challenge, time, office, signature },
        FromRelay::Granted,
        FromRelay::Receipts { space, checkpoint: b"note".to_vec(), receipts },
        FromRelay::Refused { entry: EntryId([12; 32]), code: 7 },
        FromRelay::Entries { space, from: 9, items: items.clone() },
        FromRelay::Head { space, checkpoint: b"note".to_vec() },
        FromRelay::Found { bundle: vec![13], roster: items },
        FromRelay::NotFound,
        FromRelay::Trouble { what: Trouble::Space },
        FromRelay::Pong { nonce: 300, time },
    ];
    for (number, message) in from.into_iter().enumerate() {
        is_frozen(&format!("from-relay-{number}"), &message.encode());
        assert_eq!(FromRelay::decode(&message.encode()), Ok(message));
    }
}
