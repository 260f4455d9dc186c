//! People and their devices: letting devices in, blocking them, taking invitations back, and showing all of it.

use super::office::Office;
use super::works::Works;
use crate::code::device_code;
use crate::crypto::wrap;
use crate::domain::Role;
use crate::ids::{BoxKey, DeviceKey};
use crate::problem::Problem;
use crate::roster::rights::Right;
use crate::roster::statement::{Expel, LetIn, MAX_ENDS, MAX_LIST, SpaceWrap, Statement, StreamEnd, Withdraw};
use crate::roster::{Admitted, SpaceKind, commit_to, wrap_info};
use crate::view::{DeviceStanding, DeviceView, PersonView, Whose};

impl Office {
    /// Whether this person may let a device in.
    pub fn may_let_in(&self, device: &DeviceKey) -> Result<(), Problem> {
        if self.roster.device(device).is_none() {
            return Err(Problem::NotHere);
        }
        let lacking = self.roster.lacking(device);
        let may = |space| self.roster.may_let_in(&self.device(), space) && self.newest_key(space).is_some();
        if lacking.iter().all(|(space, _)| may(space)) { Ok(()) } else { Err(Problem::NotAllowed) }
    }

    /// Wraps what a device lacks to it; nothing to state when it lacks nothing.
    pub fn letting_in(&self, works: &mut Works, device: &DeviceKey) -> Result<Option<Statement>, Problem> {
        self.may_let_in(device)?;
        let to = self.roster.device(device).ok_or(Problem::NotHere)?.boxed;
        let lacking = self.roster.lacking(device).into_iter().take(MAX_LIST);
        let wraps = lacking.map(|(space, epoch)| {
            let key = self.keys.get(&(space, epoch)).ok_or(Problem::NotAllowed)?;
            let info = wrap_info(&commit_to(key));
            let wrapped = wrap(&to, &info, key, &mut works.rng).map_err(|_| Problem::NotAllowed)?;
            Ok(SpaceWrap { space, epoch, wrapped })
        });
        let wraps = wraps.collect::<Result<Vec<_>, Problem>>()?;
        if wraps.is_empty() {
            return Ok(None);
        }
        Ok(Some(Statement::LetIn(LetIn { device: *device, wraps })))
    }

    /// Whether a device can be blocked from this one.
    pub fn may_block(&self, device: &DeviceKey) -> Result<(), Problem> {
        if self.roster.device(device).is_none() {
            Err(Problem::NotHere)
        } else if !self.roster.leaves_coordinator(device) {
            Err(Problem::LastCoordinator)
        } else if *device == self.device() {
            Err(Problem::NotAllowed)
        } else {
            Ok(())
        }
    }

    /// Expels a device, naming where its streams end as far as is known here; nothing to state when it was.
    pub fn expulsion(&self, device: &DeviceKey) -> Result<Option<Statement>, Problem> {
        self.may_block(device)?;
        if self.roster.is_expelled(device) {
            return Ok(None);
        }
        let own = self.streams.iter().filter(|(_, record)| record.device == *device);
        let ends = own.filter_map(|(stream, record)| {
            let last = record.last?;
            Some(StreamEnd { stream: *stream, sequence: last.sequence, entry: last.entry })
        });
        Ok(Some(Statement::Expel(Expel { device: *device, ends: ends.take(MAX_ENDS).collect() })))
    }

    /// Takes an invitation back; nothing to state when it was.
    pub fn withdrawal(&self, invitation: &[u8; 32]) -> Result<Option<Statement>, Problem> {
        let mut all = self.roster.invitations();
        let (_, stated) = all.find(|(sign, _)| *sign == invitation).ok_or(Problem::NotHere)?;
        if stated.used.is_some() {
            return Err(Problem::InvitationUsed);
        }
        let is_open = stated.ended.is_none();
        Ok(is_open.then_some(Statement::Withdraw(Withdraw { invitation: *invitation })))
    }

    /// The short code of a device.
    pub fn code_of(&self, device: &DeviceKey, boxed: &BoxKey) -> String {
        device_code(&self.roster.office(), device, boxed)
    }

    /// Everybody with their devices, for whoever has the desk.
    pub fn person_views(&self) -> Vec<PersonView> {
        let desk = self.roster.only_space(SpaceKind::Desk);
        if self.roster.right(&self.me.member, &desk) < Right::Read {
            return Vec::new();
        }
        let mut order: Vec<_> = self.roster.devices().collect();
        order.sort_unstable_by_key(|(_, device)| device.since);
        let people = self.roster.members().map(|(member, person)| {
            let devices = (1..).zip(&order).filter(|(_, (_, device))| device.member == *member);
            let teams = self.roster.spaces().filter(|(_, space)| space.members.contains_key(member));
            PersonView {
                member: *member,
                name: self.names.members.get(member).cloned().unwrap_or_default(),
                roles: person.roles.iter().copied().collect(),
                teams: teams
                    .map(|(id, _)| (*id, self.names.teams.get(id).cloned().unwrap_or_default()))
                    .collect(),
                devices: devices
                    .map(|(number, (key, device))| self.device_view(number, key, device))
                    .collect(),
            }
        });
        let mut people: Vec<_> = people.collect();
        people.sort_by(|a, b| a.name.cmp(&b.name).then(a.member.cmp(&b.member)));
        people
    }

    fn device_view(&self, number: u32, device: &DeviceKey, admitted: &Admitted) -> DeviceView {
        let standing = match admitted.expelled {
            Some(expelled) => DeviceStanding::Blocked { at: expelled.at },
            None if self.roster.lacking(device).is_empty() => DeviceStanding::Admitted,
            None => DeviceStanding::Waiting { code: self.code_of(device, &admitted.boxed) },
        };
        let whose = if *device == self.device() { Whose::This } else { Whose::Another };
        DeviceView { device: *device, number, joined: admitted.at, whose, standing }
    }
}

/// The roles with these numbers.
pub fn roles_of(numbers: &[u8]) -> Vec<Role> {
    numbers.iter().filter_map(|number| Role::from_number(*number)).collect()
}
