//! An office as the relay sees it: devices, statements and entries, in their true form.

use mingcha_core::code::InvitationSecret;
use mingcha_core::crypto::{BoxSecret, Purpose, Rng, SealKey, SigningKey, wrap};
use mingcha_core::entry::{Draft, Entry, Payload, Sealing};
use mingcha_core::ids::{BoxKey, DeviceKey, DocumentId, EntryId, MemberId, Nonce, RelayKey, SpaceId};
use mingcha_core::role::Role;
use mingcha_core::roster::statement::{
    Device as DeviceKeys, FirstEpoch, FormTeam, Genesis, Invite, Join, Kit, Statement, Wrap,
};
use mingcha_core::roster::{Roster, SpaceKind, commit_to, office_of, space_of, wrap_info};
use mingcha_core::time::Timestamp;
use std::collections::BTreeMap;

/// The team of the fixture.
pub const TEAM: SpaceId = SpaceId([5; 16]);
/// A team of which the fixture's inspector is no member.
pub const OTHER_TEAM: SpaceId = SpaceId([6; 16]);
/// When the fixture's invitation expires.
pub const EXPIRES: Timestamp = Timestamp(1_000_000_000_000_000);

/// A device and where its streams stand.
#[derive(Clone)]
pub struct Device {
    pub sign: SigningKey,
    boxed: BoxSecret,
    nonce: Nonce,
    streams: BTreeMap<SpaceId, (u64, EntryId)>,
}

impl Device {
    pub fn new(seed: u8) -> Self {
        Self {
            sign: SigningKey::from_seed([seed; 32]),
            boxed: BoxSecret::from_seed([seed + 100; 32]),
            nonce: Nonce([1; 16]),
            streams: BTreeMap::new(),
        }
    }

    pub fn key(&self) -> DeviceKey {
        DeviceKey(self.sign.public())
    }

    fn keys(&self) -> DeviceKeys {
        DeviceKeys { key: self.key(), boxed: self.boxed.public() }
    }

    /// The next entry of its stream in a space, with a payload of about `size` bytes.
    pub fn write(&mut self, space: SpaceId, roster: EntryId, size: usize) -> Entry {
        let document = DocumentId([1; 16]);
        let payload = Payload::Changes { document, kind: 1, nonces: vec![], batch: vec![7; size] };
        let sealed = Sealing { epoch: 0, key: &SealKey([12; 32]), payload: &payload, salt: [9; 32] };
        self.freeze(space, roster, &[], Some(sealed))
    }

    /// The next statement of its stream in the roster.
    pub fn state(&mut self, roster: &Roster, statement: &Statement) -> Entry {
        self.freeze(roster.roster_space(), roster.head(), &statement.encode(), None)
    }

    fn freeze(
        &mut self,
        space: SpaceId,
        roster: EntryId,
        clear: &[u8],
        sealed: Option<Sealing<'_>>,
    ) -> Entry {
        let last = self.streams.get(&space);
        let draft = Draft {
            space,
            nonce: self.nonce,
            sequence: last.map_or(0, |(sequence, _)| sequence + 1),
            previous: last.map(|(_, id)| *id),
            roster,
            seen: None,
            clear,
            sealed,
        };
        let entry = Entry::freeze(&draft, &self.sign).unwrap();
        self.streams.insert(space, (entry.header().sequence, entry.id()));
        entry
    }
}

/// The genesis of an office at `relay`, by its founder.
pub fn genesis(founder: &mut Device, relay: RelayKey) -> Entry {
    let mut rng = Rng::new([7; 32]);
    let spaces = [(SpaceKind::Office, 10), (SpaceKind::Desk, 11)];
    let genesis = Genesis {
        nonce: [0; 16],
        relay,
        member: MemberId([1; 16]),
        roles: vec![Role::Coordinator as u8, Role::Supervisor as u8],
        device: founder.keys(),
        kit: Kit { sign: [3; 32], boxed: BoxKey([4; 32]) },
        spaces: spaces.map(|(kind, key)| first(kind, key, founder, &mut rng)).into(),
    };
    let statement = Statement::Genesis(Box::new(genesis)).encode();
    let space = space_of(&office_of(&statement), SpaceKind::Roster);
    founder.freeze(space, EntryId([0; 32]), &statement, None)
}

/// The statement that forms a team.
pub fn team(space: SpaceId, founder: &Device) -> Statement {
    let epoch = first(SpaceKind::Team, 12, founder, &mut Rng::new([8; 32]));
    Statement::FormTeam(FormTeam { space, epoch })
}

/// The statement that invites an inspector into [`TEAM`].
pub fn invite(secret: &InvitationSecret, member: u8, expires: Timestamp) -> Statement {
    Statement::Invite(Box::new(Invite {
        sign: secret.signing().public(),
        locator: secret.locator(),
        bundle: vec![1, 2, 3],
        member: MemberId([member; 16]),
        roles: vec![Role::Inspector as u8],
        teams: vec![TEAM],
        expires,
        wraps: vec![],
    }))
}

/// The statement by which a device joins.
pub fn join(device: &Device, secret: &InvitationSecret) -> Statement {
    let keys = device.keys();
    let proof = secret.signing().sign(Purpose::SignJoin, &[&keys.key.0, &keys.boxed.0]);
    Statement::Join(Join { invitation: secret.signing().public(), device: keys, proof, wraps: vec![] })
}

fn first(kind: SpaceKind, key: u8, to: &Device, rng: &mut Rng) -> FirstEpoch {
    let (key, to) = (SealKey([key; 32]), to.boxed.public());
    let commitment = commit_to(&key);
    let wrapped = wrap(&to, &wrap_info(&commitment), &key, rng).unwrap();
    FirstEpoch { kind, commitment, public: None, wraps: vec![Wrap { to, wrapped }] }
}

/// A founded office: a founder, two teams, an inspector in the first, and an invitation that is open.
pub struct Office {
    pub founder: Device,
    pub inspector: Device,
    pub open: InvitationSecret,
    pub roster: Roster,
    /// The statements, genesis first.
    pub statements: Vec<Entry>,
}

impl Office {
    pub fn new(relay: RelayKey) -> Self {
        let mut founder = Device::new(1);
        let mut inspector = Device::new(2);
        let genesis = genesis(&mut founder, relay);
        let mut roster = Roster::found(&genesis).unwrap();
        let mut statements = vec![genesis];
        let (used, open) = (InvitationSecret([20; 16]), InvitationSecret([21; 16]));
        let by_founder = [
            team(TEAM, &founder),
            team(OTHER_TEAM, &founder),
            invite(&used, 2, EXPIRES),
            invite(&open, 3, EXPIRES),
        ];
        let mut apply = |roster: &mut Roster, entry: Entry| {
            roster.apply(&entry, Timestamp(1)).unwrap();
            statements.push(entry);
        };
        for statement in by_founder {
            let entry = founder.state(&roster, &statement);
            apply(&mut roster, entry);
        }
        let joining = join(&inspector, &used);
        let entry = inspector.state(&roster, &joining);
        apply(&mut roster, entry);
        Self { founder, inspector, open, roster, statements }
    }

    /// The roster's head.
    pub fn head(&self) -> EntryId {
        self.roster.head()
    }
}
