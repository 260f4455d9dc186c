//! What becomes of devices after they joined: let into spaces, expelled; and of invitations that nobody used.

use super::statement::{Expel, LetIn, Withdraw};
use super::{Expelled, Roster, Space, SpaceKind};
use crate::ids::{DeviceKey, SpaceId};
use crate::problem::Refusal;
use crate::time::Timestamp;

impl Roster {
    /// The epochs that a device may read by its member's roles and that are not wrapped to it: those of spaces whose
    /// keys no invitation carries.
    #[must_use]
    pub fn lacking(&self, device: &DeviceKey) -> Vec<(SpaceId, u32)> {
        let Some(admitted) = self.devices.get(device).filter(|device| device.expelled.is_none()) else {
            return Vec::new();
        };
        let closed = self.spaces.iter().filter(|(id, space)| is_closed(space) && self.may_read(device, id));
        let epochs =
            closed.flat_map(|(id, space)| (0..).zip(&space.epochs).map(|(at, epoch)| (*id, at, epoch)));
        let lacking = epochs.filter(|(_, _, epoch)| !epoch.wraps.contains_key(&admitted.boxed));
        lacking.map(|(id, at, _)| (id, at)).collect()
    }

    /// Whether somebody may expel a device: there must be a coordinator left who can invite others.
    #[must_use]
    pub fn leaves_coordinator(&self, without: &DeviceKey) -> bool {
        let mut others = self.devices.iter().filter(|(key, _)| *key != without);
        others.any(|(key, _)| !self.is_expelled(key) && self.by_coordinator(key).is_ok())
    }

    /// Wraps never replace others: nobody locks a device out by letting it in again.
    pub(super) fn let_in(&mut self, by: &DeviceKey, let_in: &LetIn) -> Result<(), Refusal> {
        let to = self.devices.get(&let_in.device).ok_or(Refusal::Statement)?.boxed;
        let lacking = self.lacking(&let_in.device);
        let mut named: Vec<_> = let_in.wraps.iter().map(|wrap| (wrap.space, wrap.epoch)).collect();
        named.sort_unstable();
        named.dedup();
        let is_sound = !named.is_empty()
            && named.len() == let_in.wraps.len()
            && named.iter().all(|epoch| lacking.contains(epoch));
        if !is_sound {
            return Err(Refusal::Statement);
        }
        if !named.iter().all(|(space, _)| self.may_let_in(by, space)) {
            return Err(Refusal::NotAllowed);
        }
        for wrap in &let_in.wraps {
            self.add_wrap(wrap, to);
        }
        Ok(())
    }

    /// Open invitations that the device made die with it, and those of a person who has no other device.
    pub(super) fn expel(
        &mut self,
        by: &DeviceKey,
        expel: &Expel,
        at: Timestamp,
        position: u32,
    ) -> Result<(), Refusal> {
        self.by_coordinator(by)?;
        let device = &expel.device;
        let is_sound = by != device && !self.is_expelled(device) && self.leaves_coordinator(device);
        let admitted = self.devices.get_mut(device).filter(|_| is_sound).ok_or(Refusal::Statement)?;
        admitted.expelled = Some(Expelled { since: position, at });
        let member = admitted.member;
        let has_another = self.devices.values().any(|one| one.member == member && one.expelled.is_none());
        for invitation in self.invitations.values_mut().filter(|invitation| invitation.is_pending()) {
            if invitation.by == *device || invitation.invite.member == member && !has_another {
                invitation.ended = Some(position);
            }
        }
        Ok(())
    }

    pub(super) fn withdraw(
        &mut self,
        by: &DeviceKey,
        withdraw: &Withdraw,
        position: u32,
    ) -> Result<(), Refusal> {
        self.by_coordinator(by)?;
        let invitation = self.invitations.get_mut(&withdraw.invitation).ok_or(Refusal::Statement)?;
        if invitation.used.is_some() {
            return Err(Refusal::InvitationUsed);
        }
        if invitation.ended.is_some() {
            return Err(Refusal::InvitationWithdrawn);
        }
        invitation.ended = Some(position);
        Ok(())
    }
}

/// Whether a space's keys reach a device only when somebody lets it in.
fn is_closed(space: &Space) -> bool {
    matches!(space.kind, SpaceKind::Desk | SpaceKind::Cases)
}
