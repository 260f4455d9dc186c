//! Founding an office: its keys, its genesis, its first names.

use super::io::{StretchParams, Table};
use super::office::{Office, epoch_secret};
use super::records::{CARRIER, CarrierRecord, Family, HeldEntry, IDENTITY, Identity, VAULT};
use super::roster_work::{MAX_NAME, first_epoch};
use super::vault::{MIN_PASSPHRASE, VaultHeader};
use super::works::Works;
use crate::cbor;
use crate::code::SetupCode;
use crate::command::Passphrase;
use crate::crypto::{BoxSecret, SealKey, SigningKey, derive};
use crate::document::Kind;
use crate::domain::{Role, directory, office};
use crate::entry::{Draft, Entry};
use crate::ids::{BoxKey, DeviceKey, EntryId, MemberId, Nonce, SpaceId};
use crate::problem::Problem;
use crate::roster::statement::{Device, Genesis, Kit, Statement};
use crate::roster::{Roster, SpaceKind, office_of, space_of};

/// How many words of the kit are to be typed back.
const PROOF_WORDS: usize = 2;

/// What a person said when founding.
#[derive(Clone, Debug)]
pub struct Wish {
    pub setup: String,
    pub office: String,
    pub name: String,
    pub proof: Vec<(u8, String)>,
}

/// A recovery kit that was shown.
#[derive(Clone, Debug)]
pub struct ShownKit {
    pub entropy: [u8; 16],
    pub words: Vec<String>,
}

impl ShownKit {
    /// The kit's public keys.
    fn keys(&self) -> Kit {
        let part = |name: &[u8]| derive(b"mingcha/1/kit", &self.entropy, name);
        let sign = SigningKey::from_seed(part(b"sign")).public();
        Kit { sign, boxed: BoxSecret::from_seed(part(b"box")).public() }
    }

    fn is_proven(&self, proof: &[(u8, String)]) -> bool {
        let fits = |(position, word): &(u8, String)| {
            let expected = self.words.get(usize::from(*position));
            expected.is_some_and(|expected| expected.eq_ignore_ascii_case(word.trim()))
        };
        let mut positions: Vec<_> = proof.iter().map(|(position, _)| *position).collect();
        positions.sort_unstable();
        positions.dedup();
        positions.len() >= PROOF_WORDS && proof.iter().all(fits)
    }
}

/// Whether a passphrase may protect a device.
pub fn check_passphrase(passphrase: &Passphrase) -> Result<(), Problem> {
    if passphrase.0.chars().count() < MIN_PASSPHRASE { Err(Problem::WeakPassphrase) } else { Ok(()) }
}

/// Checks everything that can be checked before the passphrase is stretched.
pub fn check(wish: &Wish, kit: Option<&ShownKit>, passphrase: &Passphrase) -> Result<SetupCode, Problem> {
    for text in [&wish.office, &wish.name] {
        if text.trim().is_empty() {
            return Err(Problem::Empty);
        }
        if text.chars().count() > MAX_NAME {
            return Err(Problem::TooLong { limit: MAX_NAME as u32 });
        }
    }
    check_passphrase(passphrase)?;
    if !kit.is_some_and(|kit| kit.is_proven(&wish.proof)) {
        return Err(Problem::KitNotProven);
    }
    SetupCode::parse(&wish.setup).map_err(|_| Problem::SetupInvalid)
}

/// Makes the office, and puts it into the store.
pub fn found(
    works: &mut Works,
    wish: &Wish,
    setup: &SetupCode,
    kit: &ShownKit,
    params: StretchParams,
    stretched: &[u8; 32],
) -> Result<(VaultHeader, Office), Problem> {
    let (header, vault) = VaultHeader::create(params, stretched, &mut works.rng);
    let me = Identity {
        office: crate::ids::OfficeId([0; 32]),
        relay: setup.relay,
        member: MemberId(works.rng.bytes()),
        sign_seed: works.rng.bytes(),
        box_seed: works.rng.bytes(),
    };
    let (genesis, nonce) = genesis(works, &me, setup, kit.keys())?;
    let roster = Roster::found(&genesis).map_err(|why| Problem::EntryRefused { why })?;
    let me = Identity { office: roster.office(), ..me };
    let outputs = works.carrier.pin(works.now, setup.relay, Some(setup.token));
    works.outputs.extend(outputs);
    store_access(works, &header, &CarrierRecord { relay: setup.relay, claim: Some(setup.token) });
    let mut office = Office::new(vault, me, roster);
    office.put_state(works, IDENTITY.to_vec(), &cbor::encode(&office.me));
    office.begin_roster_stream(works, nonce, &genesis);
    let held = HeldEntry { time: works.now, entry: genesis.bytes().to_vec() };
    office.put_state(works, Family::Roster.key(&0_u32.to_be_bytes()), &cbor::encode(&held));
    works.post(&genesis);
    let [space, desk] = [SpaceKind::Office, SpaceKind::Desk].map(|kind| office.roster.only_space(kind));
    office.write_only(works, space, Kind::Office, |document, stamp| {
        office::set_name(document, stamp, wish.office.trim())
    })?;
    let member = office.me.member;
    office.write_only(works, desk, Kind::Directory, |document, stamp| {
        directory::name_member(document, stamp, member, wish.name.trim())
    })?;
    Ok((header, office))
}

/// Puts what stands in clear beside the vault.
pub fn store_access(works: &mut Works, header: &VaultHeader, carrier: &CarrierRecord) {
    works.ledger.put(Table::Clear, VAULT.to_vec(), header.encode());
    works.ledger.put(Table::Clear, CARRIER.to_vec(), cbor::encode(carrier));
}

fn genesis(works: &mut Works, me: &Identity, setup: &SetupCode, kit: Kit) -> Result<(Entry, Nonce), Problem> {
    let sign = SigningKey::from_seed(me.sign_seed);
    let boxed = BoxSecret::from_seed(me.box_seed).public();
    let to: [BoxKey; 2] = [boxed, kit.boxed];
    let (office_key, desk_key) = (SealKey(works.rng.bytes()), SealKey(works.rng.bytes()));
    let spaces = vec![
        first_epoch(works, SpaceKind::Office, &office_key, &to, None)?,
        first_epoch(works, SpaceKind::Desk, &desk_key, &to, Some(epoch_secret(&desk_key).public()))?,
    ];
    let statement = Statement::Genesis(Box::new(Genesis {
        nonce: works.rng.bytes(),
        relay: setup.relay,
        member: me.member,
        roles: vec![Role::Supervisor as u8, Role::Coordinator as u8],
        device: Device { key: DeviceKey(sign.public()), boxed },
        kit,
        spaces,
    }));
    let clear = statement.encode();
    let nonce = Nonce(works.rng.bytes());
    let draft = Draft {
        space: space_of(&office_of(&clear), SpaceKind::Roster),
        nonce,
        sequence: 0,
        previous: None,
        roster: EntryId([0; 32]),
        seen: None,
        clear: &clear,
        sealed: None,
    };
    let entry = Entry::freeze(&draft, &sign).map_err(|why| Problem::EntryRefused { why })?;
    Ok((entry, nonce))
}

impl Office {
    /// Goes on in the stream that the device's first statement began.
    pub fn begin_roster_stream(&mut self, works: &mut Works, nonce: Nonce, first: &Entry) {
        let space: SpaceId = self.roster.roster_space();
        let writer = super::office::Writer { nonce, sequence: 1, previous: Some(first.id()) };
        self.writers.insert(space, writer);
        self.last.insert(space, first.id());
        self.put_state(works, Family::Last.key(&space.0), &first.id().0);
    }
}
