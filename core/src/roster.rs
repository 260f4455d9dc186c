//! The roster: who belongs to the office, with which keys, and which spaces they may use.
//!
//! One linear chain of signed statements. Each is the clear part of an entry of the roster space, whose header
//! names the statement before it as its roster head. It is clear to the relay: keys, roles as numbers, spaces;
//! never names.

mod apply;
mod devices;
pub mod rights;
pub mod statement;

use crate::crypto::{Purpose, SealKey, hash, short_hash};
use crate::ids::{BoxKey, DeviceKey, Digest, EntryId, MemberId, OfficeId, RelayKey, SpaceId};
use crate::role::Role;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Timestamp;
use statement::{Invite, Kit, SpaceWrap};

pub use statement::SpaceKind;

/// The office's world as its roster states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    office: OfficeId,
    relay: RelayKey,
    kit: Kit,
    head: EntryId,
    positions: SortedMap<EntryId, u32>,
    members: SortedMap<MemberId, Member>,
    devices: SortedMap<DeviceKey, Admitted>,
    spaces: SortedMap<SpaceId, Space>,
    invitations: SortedMap<[u8; 32], Invitation>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their roles.
    pub roles: SortedSet<Role>,
}

/// A device that belongs to the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// Whose it is.
    pub member: MemberId,
    /// Where keys are wrapped to for it.
    pub boxed: BoxKey,
    /// The position of the statement that admitted it.
    pub since: u32,
    /// When the relay took that statement; none for the founder's first device.
    pub at: Option<Timestamp>,
    /// The statement that expelled it, if one did.
    pub expelled: Option<Expelled>,
}

/// Since when a device is expelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expelled {
    /// The position of the statement.
    pub since: u32,
    /// When the relay took it.
    pub at: Timestamp,
}

/// A space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    /// Its kind.
    pub kind: SpaceKind,
    /// Its epochs, oldest first.
    pub epochs: Vec<Epoch>,
    /// The members of a team, with the position of the statement that let them in.
    pub members: SortedMap<MemberId, u32>,
    /// The position of the statement that formed it.
    pub since: u32,
}

/// An epoch of a space's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// The commitment to its key.
    pub commitment: Digest,
    /// The epoch's own public key, for spaces to which others' keys are wrapped.
    pub public: Option<BoxKey>,
    /// Its key, wrapped.
    pub wraps: SortedMap<BoxKey, [u8; crate::crypto::WRAP_LEN]>,
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// What it says.
    pub invite: Invite,
    /// The device that stated it.
    pub by: DeviceKey,
    /// The device that joined with it.
    pub used: Option<DeviceKey>,
    /// The position of the statement that took it back, or with which it died.
    pub ended: Option<u32>,
    /// The position of its statement.
    pub since: u32,
}

impl Roster {
    /// The office.
    #[must_use]
    pub fn office(&self) -> OfficeId {
        self.office
    }

    /// The office's relay.
    #[must_use]
    pub fn relay(&self) -> RelayKey {
        self.relay
    }

    /// The recovery kit's keys.
    #[must_use]
    pub fn kit(&self) -> Kit {
        self.kit
    }

    /// The latest statement.
    #[must_use]
    pub fn head(&self) -> EntryId {
        self.head
    }

    /// How many statements there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.positions.len() as u32
    }

    /// Never: a roster begins with its genesis.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// The position of a statement in the chain, from 0.
    #[must_use]
    pub fn position(&self, statement: &EntryId) -> Option<u32> {
        self.positions.get(statement).copied()
    }

    /// The space of the roster itself.
    #[must_use]
    pub fn roster_space(&self) -> SpaceId {
        space_of(&self.office, SpaceKind::Roster)
    }

    /// The space of a kind of which an office has exactly one.
    #[must_use]
    pub fn only_space(&self, kind: SpaceKind) -> SpaceId {
        space_of(&self.office, kind)
    }

    /// All people.
    pub fn members(&self) -> impl Iterator<Item = (&MemberId, &Member)> {
        self.members.iter()
    }

    /// A person.
    #[must_use]
    pub fn member(&self, member: &MemberId) -> Option<&Member> {
        self.members.get(member)
    }

    /// All devices.
    pub fn devices(&self) -> impl Iterator<Item = (&DeviceKey, &Admitted)> {
        self.devices.iter()
    }

    /// A device.
    #[must_use]
    pub fn device(&self, device: &DeviceKey) -> Option<&Admitted> {
        self.devices.get(device)
    }

    /// Whether a device was expelled.
    #[must_use]
    pub fn is_expelled(&self, device: &DeviceKey) -> bool {
        self.devices.get(device).is_some_and(|device| device.expelled.is_some())
    }

    /// All spaces.
    pub fn spaces(&self) -> impl Iterator<Item = (&SpaceId, &Space)> {
        self.spaces.iter()
    }

    /// A space.
    #[must_use]
    pub fn space(&self, space: &SpaceId) -> Option<&Space> {
        self.spaces.get(space)
    }

    /// All invitations, by the keys that sign their joins.
    pub fn invitations(&self) -> impl Iterator<Item = (&[u8; 32], &Invitation)> {
        self.invitations.iter()
    }

    /// The invitation that is found under a locator.
    #[must_use]
    pub fn invitation_at(&self, locator: &[u8; 16]) -> Option<&Invitation> {
        self.invitations.values().find(|invitation| invitation.invite.locator == *locator)
    }
}

impl Invitation {
    /// Whether it can still be used at `now`, by the relay's time.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.is_pending() && now < self.invite.expires
    }

    /// Whether nobody has used it or taken it back.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.used.is_none() && self.ended.is_none()
    }

    /// The keys it hands over.
    #[must_use]
    pub fn wraps(&self) -> &[SpaceWrap] {
        &self.invite.wraps
    }
}

/// The id of an office: the hash of its genesis statement.
#[must_use]
pub fn office_of(genesis: &[u8]) -> OfficeId {
    OfficeId(hash(Purpose::Office, &[genesis]))
}

/// The id of an office's only space of a kind.
#[must_use]
pub fn space_of(office: &OfficeId, kind: SpaceKind) -> SpaceId {
    SpaceId(short_hash(Purpose::Space, &[&office.0, &[kind as u8]]))
}

/// The commitment to an epoch key, as the roster carries it.
#[must_use]
pub fn commit_to(key: &SealKey) -> Digest {
    Digest(hash(Purpose::Epoch, &[&key.0]))
}

/// What a key is wrapped for: the commitment to it, which the signed statement binds to space and epoch.
#[must_use]
pub fn wrap_info(commitment: &Digest) -> [u8; 47] {
    let mut info = *b"mingcha/1/wrap:................................";
    info[15..].copy_from_slice(&commitment.0);
    info
}
