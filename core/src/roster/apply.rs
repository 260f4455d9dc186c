//! How statements change the roster, and which are refused.

use super::statement::{FirstEpoch, FormTeam, Genesis, Invite, Join, SpaceWrap, Statement};
use super::{
    Admitted, Epoch, Invitation, Member, Roster, Space, SpaceKind, commit_to, office_of, space_of, wrap_info,
};
use crate::crypto::{BoxSecret, Purpose, SealKey, unwrap, verify};
use crate::entry::Entry;
use crate::ids::{DeviceKey, EntryId, MemberId, SpaceId};
use crate::problem::Refusal;
use crate::role::Role;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Timestamp;

impl Roster {
    /// The roster that a genesis founds.
    ///
    /// # Errors
    ///
    /// [`Refusal::Statement`] if the entry is not a genesis.
    pub fn found(entry: &Entry) -> Result<Self, Refusal> {
        let Statement::Genesis(genesis) = Statement::decode(entry.clear())? else {
            return Err(Refusal::Statement);
        };
        let office = office_of(entry.clear());
        let header = entry.header();
        let is_first = header.sequence == 0 && header.previous.is_none() && header.roster == EntryId([0; 32]);
        let is_founder = header.device == genesis.device.key;
        let is_here = header.space == space_of(&office, SpaceKind::Roster) && entry.sealed().is_empty();
        let kinds: Vec<_> = genesis.spaces.iter().map(|space| space.kind).collect();
        if !(is_first && is_founder && is_here && kinds == [SpaceKind::Office, SpaceKind::Desk]) {
            return Err(Refusal::Statement);
        }
        let Genesis { relay, member, device, kit, .. } = *genesis;
        let roles = roles(&genesis.roles)?;
        let spaces = genesis.spaces.into_iter();
        Ok(Self {
            office,
            relay,
            kit,
            head: entry.id(),
            positions: SortedMap::from([(entry.id(), 0)]),
            members: SortedMap::from([(member, Member { roles })]),
            devices: SortedMap::from([(
                device.key,
                Admitted { member, boxed: device.boxed, since: 0, at: None, expelled: None },
            )]),
            spaces: spaces.map(|first| (space_of(&office, first.kind), Space::of(first, 0))).collect(),
            invitations: SortedMap::new(),
        })
    }

    /// Adds the statement of `entry`, which the relay took at `time`.
    ///
    /// Nothing changes when it is refused. Applying a statement again is refused as [`Refusal::RosterMoved`].
    ///
    /// # Errors
    ///
    /// [`Refusal::RosterMoved`] if it does not follow the head; otherwise why it may not be stated.
    pub fn apply(&mut self, entry: &Entry, time: Timestamp) -> Result<(), Refusal> {
        let header = entry.header();
        if header.space != self.roster_space() {
            return Err(Refusal::UnknownSpace);
        }
        if !entry.sealed().is_empty() {
            return Err(Refusal::Statement);
        }
        if header.roster != self.head {
            return Err(Refusal::RosterMoved);
        }
        if self.is_expelled(&header.device) {
            return Err(Refusal::Expelled);
        }
        let position = self.len();
        match Statement::decode(entry.clear())? {
            Statement::Genesis(_) => return Err(Refusal::Statement),
            Statement::FormTeam(team) => self.form_team(&header.device, team, position)?,
            Statement::Invite(invite) => self.invite(&header.device, *invite, position)?,
            Statement::Join(join) => self.join(&header.device, &join, time, position)?,
            Statement::LetIn(let_in) => self.let_in(&header.device, &let_in)?,
            Statement::Expel(expel) => self.expel(&header.device, &expel, time, position)?,
            Statement::Withdraw(withdraw) => self.withdraw(&header.device, &withdraw, position)?,
        }
        self.head = entry.id();
        self.positions.insert(entry.id(), position);
        Ok(())
    }

    pub(super) fn by_coordinator(&self, device: &DeviceKey) -> Result<(), Refusal> {
        let member = self.devices.get(device).and_then(|device| self.members.get(&device.member));
        let is_coordinator = member.is_some_and(|member| member.roles.contains(&Role::Coordinator));
        if is_coordinator { Ok(()) } else { Err(Refusal::NotAllowed) }
    }

    fn form_team(&mut self, by: &DeviceKey, team: FormTeam, position: u32) -> Result<(), Refusal> {
        self.by_coordinator(by)?;
        let FormTeam { space, epoch } = team;
        let is_new = !self.spaces.contains_key(&space) && space != self.roster_space();
        if !(is_new && epoch.kind == SpaceKind::Team && epoch.public.is_none()) {
            return Err(Refusal::Statement);
        }
        self.spaces.insert(space, Space::of(epoch, position));
        Ok(())
    }

    fn invite(&mut self, by: &DeviceKey, invite: Invite, position: u32) -> Result<(), Refusal> {
        self.by_coordinator(by)?;
        let is_team = |space: &SpaceId| self.spaces.get(space).is_some_and(|s| s.kind == SpaceKind::Team);
        let is_new = !self.members.contains_key(&invite.member)
            && !self.invitations.contains_key(&invite.sign)
            && self.invitation_at(&invite.locator).is_none();
        let opens_only_its_own = invite.wraps.iter().all(|wrap| {
            invite.teams.contains(&wrap.space) || wrap.space == self.only_space(SpaceKind::Office)
        });
        roles(&invite.roles)?;
        if !(is_new && invite.teams.iter().all(is_team) && opens_only_its_own) {
            return Err(Refusal::Statement);
        }
        let key = invite.sign;
        self.invitations
            .insert(key, Invitation { invite, by: *by, used: None, ended: None, since: position });
        Ok(())
    }

    fn join(&mut self, by: &DeviceKey, join: &Join, time: Timestamp, position: u32) -> Result<(), Refusal> {
        let invitation = self.invitations.get_mut(&join.invitation).ok_or(Refusal::Statement)?;
        let device = &join.device;
        if invitation.used.is_some() {
            return Err(Refusal::InvitationUsed);
        }
        if invitation.ended.is_some() {
            return Err(Refusal::InvitationWithdrawn);
        }
        if !invitation.is_open(time) {
            return Err(Refusal::InvitationExpired);
        }
        if !verify(&join.invitation, Purpose::SignJoin, &[&device.key.0, &device.boxed.0], &join.proof) {
            return Err(Refusal::WrongSignature);
        }
        if *by != device.key || self.devices.contains_key(&device.key) {
            return Err(Refusal::NotAllowed);
        }
        let wraps_fit = join.wraps.iter().all(|wrap| {
            let offered = invitation.invite.wraps.iter();
            offered.clone().any(|given| (given.space, given.epoch) == (wrap.space, wrap.epoch))
        });
        if !wraps_fit {
            return Err(Refusal::Statement);
        }
        let roles = roles(&invitation.invite.roles)?;
        invitation.used = Some(device.key);
        let (member, teams) = (invitation.invite.member, invitation.invite.teams.clone());
        self.members.insert(member, Member { roles });
        let (boxed, at) = (device.boxed, Some(time));
        self.devices.insert(device.key, Admitted { member, boxed, since: position, at, expelled: None });
        for team in &teams {
            if let Some(space) = self.spaces.get_mut(team) {
                space.members.insert(member, position);
            }
        }
        for wrap in &join.wraps {
            self.add_wrap(wrap, device.boxed);
        }
        Ok(())
    }

    pub(super) fn add_wrap(&mut self, wrap: &SpaceWrap, to: crate::ids::BoxKey) {
        let epochs = self.spaces.get_mut(&wrap.space).map(|space| &mut space.epochs);
        if let Some(epoch) = epochs.and_then(|epochs| epochs.get_mut(wrap.epoch as usize)) {
            epoch.wraps.insert(to, wrap.wrapped);
        }
    }

    /// The key of an epoch, if it was wrapped to `secret`.
    #[must_use]
    pub fn unwrap(&self, space: &SpaceId, epoch: u32, secret: &BoxSecret) -> Option<SealKey> {
        let epoch = self.spaces.get(space)?.epochs.get(epoch as usize)?;
        let key = unwrap(secret, &wrap_info(&epoch.commitment), epoch.wraps.get(&secret.public())?).ok()?;
        (commit_to(&key) == epoch.commitment).then_some(key)
    }

    /// Whom an invited person will be.
    #[must_use]
    pub fn invited(&self, invitation: &[u8; 32]) -> Option<MemberId> {
        self.invitations.get(invitation).map(|invitation| invitation.invite.member)
    }
}

impl Space {
    fn of(first: FirstEpoch, since: u32) -> Self {
        let FirstEpoch { kind, commitment, public, wraps } = first;
        let wraps = wraps.into_iter().map(|wrap| (wrap.to, wrap.wrapped)).collect();
        Self { kind, epochs: vec![Epoch { commitment, public, wraps }], members: SortedMap::new(), since }
    }
}

fn roles(numbers: &[u8]) -> Result<SortedSet<Role>, Refusal> {
    numbers.iter().map(|number| Role::from_number(*number).ok_or(Refusal::Statement)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::InvitationSecret;
    use crate::crypto::{Rng, SigningKey, wrap};
    use crate::entry::Draft;
    use crate::ids::{BoxKey, Nonce, RelayKey};
    use crate::roster::statement::{Device, Kit, Wrap};

    struct Person {
        sign: SigningKey,
        boxed: BoxSecret,
        sent: Option<EntryId>,
        sequence: u64,
    }

    impl Person {
        fn new(seed: u8) -> Self {
            let (sign, boxed) = (SigningKey::from_seed([seed; 32]), BoxSecret::from_seed([seed + 100; 32]));
            Self { sign, boxed, sent: None, sequence: 0 }
        }

        fn device(&self) -> Device {
            Device { key: DeviceKey(self.sign.public()), boxed: self.boxed.public() }
        }

        fn state(&mut self, space: SpaceId, head: EntryId, statement: &Statement) -> Entry {
            let draft = Draft {
                space,
                nonce: Nonce([1; 16]),
                sequence: self.sequence,
                previous: self.sent,
                roster: head,
                seen: None,
                clear: &statement.encode(),
                sealed: None,
            };
            let entry = Entry::freeze(&draft, &self.sign).expect("small");
            (self.sequence, self.sent) = (self.sequence + 1, Some(entry.id()));
            entry
        }
    }

    fn first(kind: SpaceKind, key: &SealKey, to: BoxKey, rng: &mut Rng) -> FirstEpoch {
        let commitment = commit_to(key);
        let wrapped = wrap(&to, &wrap_info(&commitment), key, rng).expect("a good key");
        FirstEpoch { kind, commitment, public: None, wraps: vec![Wrap { to, wrapped }] }
    }

    fn founded() -> (Roster, Person, Rng) {
        let mut rng = Rng::new([7; 32]);
        let mut ana = Person::new(1);
        let genesis = Genesis {
            nonce: [0; 16],
            relay: RelayKey([9; 32]),
            member: MemberId([1; 16]),
            roles: vec![Role::Coordinator as u8, Role::Supervisor as u8],
            device: ana.device(),
            kit: Kit { sign: [3; 32], boxed: BoxKey([4; 32]) },
            spaces: [(SpaceKind::Office, 10), (SpaceKind::Desk, 11)]
                .map(|(kind, key)| first(kind, &SealKey([key; 32]), ana.boxed.public(), &mut rng))
                .into(),
        };
        let statement = Statement::Genesis(Box::new(genesis));
        let space = space_of(&office_of(&statement.encode()), SpaceKind::Roster);
        let entry = ana.state(space, EntryId([0; 32]), &statement);
        (Roster::found(&entry).expect("a genesis"), ana, rng)
    }

    const TEAM: SpaceId = SpaceId([5; 16]);
    const EXPIRES: Timestamp = Timestamp(1_000);

    fn with_invitation() -> (Roster, Person, InvitationSecret) {
        let (mut roster, mut ana, mut rng) = founded();
        let epoch = first(SpaceKind::Team, &SealKey([12; 32]), ana.boxed.public(), &mut rng);
        let team = Statement::FormTeam(FormTeam { space: TEAM, epoch });
        let entry = ana.state(roster.roster_space(), roster.head(), &team);
        assert_eq!(roster.apply(&entry, Timestamp(1)), Ok(()));
        let secret = InvitationSecret([6; 16]);
        let commitment = commit_to(&SealKey([12; 32]));
        let to = secret.boxed().public();
        let wrapped = wrap(&to, &wrap_info(&commitment), &SealKey([12; 32]), &mut rng).expect("a good key");
        let invite = Invite {
            sign: secret.signing().public(),
            locator: secret.locator(),
            bundle: vec![1],
            member: MemberId([2; 16]),
            roles: vec![Role::Inspector as u8],
            teams: vec![TEAM],
            expires: EXPIRES,
            wraps: vec![SpaceWrap { space: TEAM, epoch: 0, wrapped }],
        };
        let entry = ana.state(roster.roster_space(), roster.head(), &Statement::Invite(Box::new(invite)));
        assert_eq!(roster.apply(&entry, Timestamp(2)), Ok(()));
        (roster, ana, secret)
    }

    fn join(person: &mut Person, roster: &Roster, secret: &InvitationSecret) -> Entry {
        let device = person.device();
        let proof = secret.signing().sign(Purpose::SignJoin, &[&device.key.0, &device.boxed.0]);
        let invitation = secret.signing().public();
        let statement = Statement::Join(Join { invitation, device, proof, wraps: vec![] });
        person.state(roster.roster_space(), roster.head(), &statement)
    }

    #[test]
    fn an_invitation_lets_one_device_in_once_and_in_time() {
        let (mut roster, _, secret) = with_invitation();
        let mut ben = Person::new(2);
        let before = roster.clone();
        let entry = join(&mut ben, &roster, &secret);
        assert_eq!(roster.apply(&entry, EXPIRES), Err(Refusal::InvitationExpired));
        assert_eq!(roster, before);
        assert_eq!(roster.apply(&entry, Timestamp(3)), Ok(()));
        assert!(roster.may_read(&ben.device().key, &TEAM));
        assert!(!roster.may_read(&ben.device().key, &roster.only_space(SpaceKind::Desk)));
        assert_eq!(roster.apply(&entry, Timestamp(3)), Err(Refusal::RosterMoved));
        let again = join(&mut Person::new(3), &roster, &secret);
        assert_eq!(roster.apply(&again, Timestamp(4)), Err(Refusal::InvitationUsed));
    }

    #[test]
    fn a_forged_invitation_lets_nobody_in() {
        let (mut roster, _, secret) = with_invitation();
        let forged = join(&mut Person::new(2), &roster, &InvitationSecret([99; 16]));
        assert_eq!(roster.apply(&forged, Timestamp(3)), Err(Refusal::Statement));
        let device = Person::new(2).device();
        let statement = Statement::Join(Join {
            invitation: secret.signing().public(),
            device,
            proof: [0; 64],
            wraps: vec![],
        });
        let mut ben = Person::new(2);
        let entry = ben.state(roster.roster_space(), roster.head(), &statement);
        assert_eq!(roster.apply(&entry, Timestamp(3)), Err(Refusal::WrongSignature));
    }

    #[test]
    fn only_coordinators_form_teams() {
        let (mut roster, ana, secret) = with_invitation();
        let mut ben = Person::new(2);
        let entry = join(&mut ben, &roster, &secret);
        assert_eq!(roster.apply(&entry, Timestamp(3)), Ok(()));
        let epoch = first(SpaceKind::Team, &SealKey([1; 32]), ana.boxed.public(), &mut Rng::new([1; 32]));
        let team = Statement::FormTeam(FormTeam { space: SpaceId([77; 16]), epoch });
        let entry = ben.state(roster.roster_space(), roster.head(), &team);
        assert_eq!(roster.apply(&entry, Timestamp(4)), Err(Refusal::NotAllowed));
    }

    #[test]
    fn a_key_is_had_by_those_to_whom_it_was_wrapped() {
        let (roster, ana, _) = with_invitation();
        assert_eq!(roster.unwrap(&TEAM, 0, &ana.boxed), Some(SealKey([12; 32])));
        assert_eq!(roster.unwrap(&TEAM, 0, &BoxSecret::from_seed([0; 32])), None);
    }
}
