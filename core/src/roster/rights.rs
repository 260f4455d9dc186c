//! Who may read and write what: one table, used by the relay and by every reader.

use super::{Roster, Space, SpaceKind};
use crate::entry::Header;
use crate::ids::{DeviceKey, MemberId, SpaceId};
use crate::problem::Refusal;
use crate::role::Role;

/// What somebody may do in a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Nothing.
    None,
    /// Read.
    Read,
    /// Read and write.
    Write,
}

/// The table: what a role gives in a kind of space. Inspectors have their right in a team only as its members.
#[must_use]
pub fn right_of(role: Role, kind: SpaceKind) -> Right {
    match (kind, role) {
        (SpaceKind::Roster | SpaceKind::Office, Role::Coordinator) => Right::Write,
        (SpaceKind::Roster, _) => Right::Read,
        (SpaceKind::Office, Role::UnitContact) => Right::None,
        (SpaceKind::Office, _) => Right::Read,
        (SpaceKind::Team, Role::Inspector | Role::Supervisor | Role::Coordinator) => Right::Write,
        (SpaceKind::Team, Role::Investigator | Role::UnitContact) => Right::None,
        (SpaceKind::Desk, Role::Supervisor | Role::Coordinator) => Right::Write,
        (SpaceKind::Desk, _) => Right::None,
        (SpaceKind::Cases, Role::Investigator) => Right::Write,
        (SpaceKind::Cases, _) => Right::None,
    }
}

impl Roster {
    /// What a member may do in a space.
    #[must_use]
    pub fn right(&self, member: &MemberId, space: &SpaceId) -> Right {
        let Some(person) = self.members.get(member) else { return Right::None };
        let (kind, team) = match self.spaces.get(space) {
            Some(space) => (space.kind, Some(space)),
            None if *space == self.roster_space() => (SpaceKind::Roster, None),
            None => return Right::None,
        };
        let belongs = |role: Role| match (kind, role, team) {
            (SpaceKind::Team, Role::Inspector, Some(Space { members, .. })) => members.contains_key(member),
            _ => true,
        };
        let rights = person.roles.iter().filter(|role| belongs(**role)).map(|role| right_of(*role, kind));
        rights.max().unwrap_or(Right::None)
    }

    /// Whether a device may read a space.
    #[must_use]
    pub fn may_read(&self, device: &DeviceKey, space: &SpaceId) -> bool {
        if cfg!(feature = "unauthorised") {
            return self.devices.contains_key(device);
        }
        self.devices.get(device).is_some_and(|device| {
            device.expelled.is_none() && self.right(&device.member, space) >= Right::Read
        })
    }

    /// Whether a device may let another one into a space: who writes there.
    #[must_use]
    pub fn may_let_in(&self, by: &DeviceKey, space: &SpaceId) -> bool {
        let by = self.devices.get(by).filter(|device| device.expelled.is_none());
        by.is_some_and(|device| self.right(&device.member, space) == Right::Write)
    }

    /// The spaces that a device may read, the roster's first.
    #[must_use]
    pub fn readable(&self, device: &DeviceKey) -> Vec<SpaceId> {
        let all = core::iter::once(self.roster_space()).chain(self.spaces.keys().copied());
        all.filter(|space| self.may_read(device, space)).collect()
    }

    /// Whether an entry's author may write it where it says, judged by the roster head that it cites.
    ///
    /// An expulsion counts for what cites it: what a device wrote citing earlier statements remains.
    ///
    /// Statements of the roster are judged by [`Roster::apply`] instead.
    ///
    /// # Errors
    ///
    /// [`Refusal::UnknownRosterHead`], [`Refusal::UnknownSpace`], [`Refusal::Expelled`] or
    /// [`Refusal::NotAllowed`].
    pub fn may_write(&self, header: &Header) -> Result<(), Refusal> {
        let cited = self.position(&header.roster).ok_or(Refusal::UnknownRosterHead)?;
        let space = self.spaces.get(&header.space).ok_or(Refusal::UnknownSpace)?;
        let device = self.devices.get(&header.device).ok_or(Refusal::NotAllowed)?;
        if device.expelled.is_some_and(|expelled| expelled.since <= cited) {
            return Err(Refusal::Expelled);
        }
        let joined = space.members.get(&device.member).copied().unwrap_or_default();
        let stood_then = space.since <= cited && device.since <= cited && joined <= cited;
        let knows_epoch = (header.epoch as usize) < space.epochs.len();
        let may = self.right(&device.member, &header.space) == Right::Write;
        if stood_then && knows_epoch && may { Ok(()) } else { Err(Refusal::NotAllowed) }
    }
}
