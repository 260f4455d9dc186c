//! Joining an office by an invitation.

use super::founding::store_access;
use super::io::StretchParams;
use super::office::Office;
use super::people::roles_of;
use super::records::{CarrierRecord, Family, HeldEntry, IDENTITY, Identity, JOINING, Joining};
use super::vault::VaultHeader;
use super::works::Works;
use crate::cbor;
use crate::code::{Bundle, InvitationSecret};
use crate::crypto::{BoxSecret, Purpose, SigningKey, unwrap, wrap};
use crate::entry::{Draft, Entry};
use crate::ids::{DeviceKey, Nonce, RelayKey};
use crate::problem::Problem;
use crate::roster::statement::{Device, Join, SpaceWrap, Statement};
use crate::roster::{Invitation, Roster, wrap_info};
use crate::time::Timestamp;
use crate::view::InvitationPreview;
use crate::wire::Item;

/// An invitation that was looked up and checked.
pub struct Lookup {
    pub secret: InvitationSecret,
    pub bundle: Bundle,
    pub roster: Roster,
    items: Vec<Item>,
}

impl Lookup {
    /// Checks what the relay showed for an invitation's locator: the bundle opens, and the roster is the one that
    /// the bundle names, not an older one.
    ///
    /// # Errors
    ///
    /// [`Problem::InvitationUnknown`] if it is not what the invitation promises.
    pub fn check(
        secret: InvitationSecret,
        relay: RelayKey,
        sealed: &[u8],
        items: Vec<Item>,
    ) -> Result<Self, Problem> {
        let unknown = Problem::InvitationUnknown;
        let bundle = secret.open(sealed).map_err(|_| unknown.clone())?;
        let mut roster: Option<Roster> = None;
        for item in &items {
            let entry = Entry::check(item.entry.clone()).map_err(|_| unknown.clone())?;
            match &mut roster {
                None => roster = Some(Roster::found(&entry).map_err(|_| unknown.clone())?),
                Some(roster) => roster.apply(&entry, item.time).map_err(|_| unknown.clone())?,
            }
        }
        let roster = roster.ok_or(unknown.clone())?;
        let is_promised = roster.office() == bundle.office
            && bundle.relay == relay
            && roster.relay() == relay
            && roster.position(&bundle.roster).is_some()
            && roster.invitation_at(&secret.locator()).is_some();
        if is_promised { Ok(Self { secret, bundle, roster, items }) } else { Err(unknown) }
    }

    fn invitation(&self) -> Option<&Invitation> {
        self.roster.invitation_at(&self.secret.locator())
    }

    /// Whether it can be used now, by the relay's time.
    ///
    /// # Errors
    ///
    /// [`Problem::InvitationUsed`], [`Problem::InvitationWithdrawn`], [`Problem::InvitationExpired`] or
    /// [`Problem::InvitationUnknown`].
    pub fn usable(&self, now: Timestamp) -> Result<(), Problem> {
        let invitation = self.invitation().ok_or(Problem::InvitationUnknown)?;
        if invitation.used.is_some() {
            Err(Problem::InvitationUsed)
        } else if invitation.ended.is_some() {
            Err(Problem::InvitationWithdrawn)
        } else if !invitation.is_open(now) {
            Err(Problem::InvitationExpired)
        } else {
            Ok(())
        }
    }

    /// What to show of it.
    pub fn preview(&self) -> InvitationPreview {
        let Bundle { office_name, team_name, name, .. } = self.bundle.clone();
        let invite = self.invitation().map(|invitation| &invitation.invite);
        let roles = invite.map(|invite| roles_of(&invite.roles)).unwrap_or_default();
        let expires = invite.map(|invite| invite.expires).unwrap_or_default();
        InvitationPreview { office: office_name, team: team_name, roles, name, expires }
    }

    /// Makes this device one of the office's, and puts it into the store; the relay has yet to take the join.
    pub fn join(
        &self,
        works: &mut Works,
        params: StretchParams,
        stretched: &[u8; 32],
    ) -> Result<(VaultHeader, Office), Problem> {
        let invitation = self.invitation().ok_or(Problem::InvitationUnknown)?;
        let (header, vault) = VaultHeader::create(params, stretched, &mut works.rng);
        let relay = self.bundle.relay;
        let me = Identity {
            office: self.bundle.office,
            relay,
            member: invitation.invite.member,
            sign_seed: works.rng.bytes(),
            box_seed: works.rng.bytes(),
        };
        let mut office = Office::new(vault, me, self.roster.clone());
        // An invitation whose keys do not open is refused before anything is stored.
        office.rewrap(works, &self.secret)?;
        let outputs = works.carrier.pin(works.now, relay, None);
        works.outputs.extend(outputs);
        store_access(works, &header, &CarrierRecord { relay, claim: None });
        office.put_state(works, IDENTITY.to_vec(), &cbor::encode(&office.me));
        for (position, item) in self.items.iter().enumerate() {
            let held = HeldEntry { time: item.time, entry: item.entry.clone() };
            let key = Family::Roster.key(&(position as u32).to_be_bytes());
            office.put_state(works, key, &cbor::encode(&held));
        }
        office.state_join(works, self.secret.0)?;
        Ok((header, office))
    }
}

impl Office {
    /// States the join on top of the roster as it is known, in a stream of its own: a relay that refused one may
    /// keep it, and must not have two for one place.
    fn state_join(&mut self, works: &mut Works, secret: [u8; 16]) -> Result<(), Problem> {
        let joining = Joining { secret, nonce: Nonce(works.rng.bytes()) };
        self.put_state(works, JOINING.to_vec(), &cbor::encode(&joining));
        self.joining = Some(joining);
        let secret = InvitationSecret(secret);
        let (sign, boxed) =
            (SigningKey::from_seed(self.me.sign_seed), BoxSecret::from_seed(self.me.box_seed));
        let device = Device { key: DeviceKey(sign.public()), boxed: boxed.public() };
        let proof = secret.signing().sign(Purpose::SignJoin, &[&device.key.0, &device.boxed.0]);
        let statement = Join {
            invitation: secret.signing().public(),
            device,
            proof,
            wraps: self.rewrap(works, &secret)?,
        };
        let draft = Draft {
            space: self.roster.roster_space(),
            nonce: joining.nonce,
            sequence: 0,
            previous: None,
            roster: self.roster.head(),
            seen: None,
            clear: &Statement::Join(statement).encode(),
            sealed: None,
        };
        let entry = Entry::freeze(&draft, &sign).map_err(|why| Problem::EntryRefused { why })?;
        self.begin_roster_stream(works, joining.nonce, &entry);
        works.post(&entry);
        Ok(())
    }

    /// The invitation's keys, wrapped to this device.
    fn rewrap(&self, works: &mut Works, secret: &InvitationSecret) -> Result<Vec<SpaceWrap>, Problem> {
        let invitation = self.roster.invitation_at(&secret.locator()).ok_or(Problem::InvitationUnknown)?;
        let (opener, to) = (secret.boxed(), self.boxed.public());
        let mut wraps = Vec::new();
        for offered in invitation.wraps() {
            let epoch =
                self.roster.space(&offered.space).and_then(|space| space.epochs.get(offered.epoch as usize));
            let info = wrap_info(&epoch.ok_or(Problem::InvitationUnknown)?.commitment);
            let key = unwrap(&opener, &info, &offered.wrapped).map_err(|_| Problem::InvitationUnknown)?;
            let wrapped = wrap(&to, &info, &key, &mut works.rng).map_err(|_| Problem::InvitationUnknown)?;
            wraps.push(SpaceWrap { wrapped, ..*offered });
        }
        Ok(wraps)
    }

    /// Reads the roster that the relay showed after it had moved, and states the join again on top of it.
    ///
    /// # Errors
    ///
    /// Why the invitation can no longer be used.
    pub fn rejoin(&mut self, works: &mut Works, lookup: Lookup, now: Timestamp) -> Result<(), Problem> {
        let Some(joining) = self.joining else { return Ok(()) };
        let extends = lookup.roster.position(&self.roster.head()).is_some();
        let is_shorter = self.roster.position(&lookup.roster.head()).is_some();
        if !extends {
            // Of an invitation that is no longer open the relay shows no more than that.
            let over = if is_shorter { lookup.usable(now) } else { Ok(()) };
            return Err(over.err().unwrap_or(Problem::RelayDishonest));
        }
        for (position, item) in lookup.items.iter().enumerate().skip(self.roster.len() as usize) {
            let held = HeldEntry { time: item.time, entry: item.entry.clone() };
            self.put_state(works, Family::Roster.key(&(position as u32).to_be_bytes()), &cbor::encode(&held));
        }
        let used = lookup.invitation().and_then(|invitation| invitation.used);
        let usable = lookup.usable(now);
        self.roster = lookup.roster;
        self.gather_keys();
        if used == Some(self.device()) {
            self.joined(works);
            return Ok(());
        }
        usable?;
        self.state_join(works, joining.secret)
    }

    /// The relay has taken the join.
    pub fn joined(&mut self, works: &mut Works) {
        if self.joining.take().is_some() {
            works.ledger.delete(super::io::Table::State, JOINING.to_vec());
        }
    }
}
