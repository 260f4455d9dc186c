//! Statements of the roster: made when the roster is read to its end, and made again when it moved meanwhile.

use super::io::Table;
use super::ledger::After;
use super::office::{Office, epoch_secret};
use super::records::{Family, InvitationRecord};
use super::works::Works;
use crate::cbor;
use crate::code::{Bundle, InvitationSecret};
use crate::command::RequestId;
use crate::crypto::{SealKey, wrap};
use crate::document::Kind;
use crate::domain::{Role, directory};
use crate::entry::Entry;
use crate::ids::{BoxKey, DeviceKey, EntryId, MemberId, SpaceId};
use crate::problem::{Problem, Refusal};
use crate::roster::statement::{FirstEpoch, FormTeam, Invite, SpaceWrap, Statement, Wrap};
use crate::roster::{SpaceKind, commit_to, wrap_info};
use crate::sorted::SortedMap;
use crate::time::Timestamp;
use std::collections::VecDeque;

/// How often a statement is made again before giving up.
const ATTEMPTS: u32 = 5;
/// How long to wait for the statement that came before one's own.
const MOVED_PAUSE_MS: u64 = 2_000;
/// The longest that an invitation can be open, in days.
const MAX_DAYS: u16 = 60;
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// The longest name, in characters.
pub const MAX_NAME: usize = 64;

/// What people want stated.
#[derive(Debug, Default)]
pub struct Intents {
    waiting: VecDeque<Intent>,
    under_way: Option<(EntryId, Intent)>,
}

/// Something that a person wants stated.
#[derive(Clone, Debug)]
pub struct Intent {
    request: RequestId,
    what: What,
    attempts: u32,
    /// The head on which it was refused, and until when to wait for another one.
    refused: Option<(EntryId, Timestamp)>,
}

impl Intents {
    /// When something is to be stated again.
    pub fn wake_at(&self, now: Timestamp) -> Option<Timestamp> {
        let (_, until) = self.waiting.front()?.refused?;
        (until > now).then_some(until)
    }

    /// How many there are.
    #[cfg(feature = "sim")]
    pub fn count(&self) -> usize {
        self.waiting.len() + usize::from(self.under_way.is_some())
    }

    /// The clock went back to `now`.
    pub fn clock_went_back(&mut self, now: Timestamp) {
        for (_, until) in self.waiting.iter_mut().filter_map(|intent| intent.refused.as_mut()) {
            *until = (*until).min(now.after(MOVED_PAUSE_MS));
        }
    }
}

/// See [`Intent`].
#[derive(Clone, Debug)]
pub enum What {
    /// A team with this name.
    Team { name: String },
    /// An invitation.
    Invitation(Guest),
    /// A device let in.
    LetIn { device: DeviceKey },
    /// A device blocked.
    Block { device: DeviceKey },
    /// An invitation taken back.
    Withdrawal { invitation: [u8; 32] },
}

/// Somebody to be invited.
#[derive(Clone, Debug)]
pub struct Guest {
    pub roles: Vec<Role>,
    pub team: Option<SpaceId>,
    pub name: String,
    pub days: u16,
}

impl Office {
    /// Takes a wish for a statement.
    pub fn intend(&mut self, works: &mut Works, request: RequestId, what: What) {
        let may = self
            .may_state(&what)
            .and_then(|()| if works.carrier.is_in_session() { Ok(()) } else { Err(Problem::NeedsRelay) });
        match may {
            Err(problem) => works.answer(request, Err(problem)),
            Ok(()) => {
                self.intents.waiting.push_back(Intent { request, what, attempts: 0, refused: None });
                self.work_on_roster(works);
            }
        }
    }

    /// Whether this person may state something, as far as that can be said without the relay.
    fn may_state(&self, what: &What) -> Result<(), Problem> {
        match what {
            What::Team { name } => check_name(name)?,
            What::Invitation(guest) => {
                check_name(&guest.name)?;
                check_roles(guest)?;
            }
            What::LetIn { device } => return self.may_let_in(device),
            What::Block { device } => self.may_block(device)?,
            What::Withdrawal { .. } => {}
        }
        if self.is(Role::Coordinator) { Ok(()) } else { Err(Problem::NotAllowed) }
    }

    /// States the next wish, if the roster is read to its end and none is under way.
    pub fn work_on_roster(&mut self, works: &mut Works) {
        let is_ready = self.caught_up.contains(&self.roster.roster_space()) && works.carrier.is_in_session();
        let head = self.roster.head();
        let waits = |(refused, until): (EntryId, Timestamp)| refused == head && works.now < until;
        let is_early = self.intents.waiting.front().and_then(|intent| intent.refused).is_some_and(waits);
        if !is_ready || is_early || self.intents.under_way.is_some() {
            return;
        }
        let Some(mut intent) = self.intents.waiting.pop_front() else { return };
        intent.attempts += 1;
        let statement = match &intent.what {
            What::Team { name } => self.team(works, name).map(Some),
            What::Invitation(guest) => self.invitation(works, guest).map(Some),
            What::LetIn { device } => self.letting_in(works, device),
            What::Block { device } => self.expulsion(device),
            What::Withdrawal { invitation } => self.withdrawal(invitation),
        };
        let made = statement.and_then(|statement| {
            let Some(statement) = statement else { return Ok(None) };
            let space = self.roster.roster_space();
            let entry = self.next_entry(works, space, &statement.encode(), None);
            entry.map(Some).map_err(|why| Problem::EntryRefused { why })
        });
        match made {
            Ok(None) => works.ledger.after(After::Answer(intent.request)),
            Ok(Some(entry)) => {
                works.post(&entry);
                self.intents.under_way = Some((entry.id(), intent));
            }
            Err(problem) => works.answer(intent.request, Err(problem)),
        }
        works.stale();
    }

    /// A statement stands in the roster.
    pub fn stated(&mut self, works: &mut Works, statement: EntryId) {
        if let Some((_, intent)) = self.intents.under_way.take_if(|(entry, _)| *entry == statement) {
            works.ledger.after(After::Answer(intent.request));
        }
        works.stale();
    }

    /// The relay refused a statement: made again when the roster only moved.
    pub fn refused_statement(&mut self, works: &mut Works, number: u64, entry: EntryId, why: Refusal) {
        let refused = works.unpost(number).and_then(|outgoing| Entry::check(outgoing.bytes).ok());
        let head = refused.as_ref().map(|refused| refused.header().roster);
        if let Some(refused) = refused {
            self.end_stream(works, &refused);
            self.forget_invitation(works, &refused);
        }
        if let Some((_, mut intent)) = self.intents.under_way.take_if(|(other, _)| *other == entry) {
            if why == Refusal::RosterMoved && intent.attempts < ATTEMPTS {
                intent.refused = head.map(|head| (head, works.now.after(MOVED_PAUSE_MS)));
                self.intents.waiting.push_front(intent);
            } else if why == Refusal::RosterMoved {
                works.answer(intent.request, Err(Problem::RosterBusy));
            } else {
                works.answer(intent.request, Err(Problem::EntryRefused { why }));
            }
        }
        works.stale();
    }

    /// An invitation that the relay refused is none; another one is made in its place.
    fn forget_invitation(&mut self, works: &mut Works, refused: &Entry) {
        if let Ok(Statement::Invite(invite)) = Statement::decode(refused.clear())
            && self.invitations.remove(&invite.sign).is_some()
        {
            works.ledger.delete(Table::State, Family::Invitation.key(&invite.sign));
        }
    }

    /// The connection is gone: those whose statement was not made are told. One that was made may have been taken,
    /// and is sent again: its answer comes then.
    pub fn abandon_waiting(&mut self, works: &mut Works) {
        for intent in core::mem::take(&mut self.intents.waiting) {
            works.answer(intent.request, Err(Problem::NeedsRelay));
        }
    }

    /// The office closes: nobody will hear what becomes of what was to be stated.
    pub fn abandon_intents(&mut self, works: &mut Works) {
        self.abandon_waiting(works);
        if let Some((_, intent)) = self.intents.under_way.take() {
            works.answer(intent.request, Err(Problem::NeedsRelay));
        }
    }

    fn team(&mut self, works: &mut Works, name: &str) -> Result<Statement, Problem> {
        let space = SpaceId(works.rng.bytes());
        let key = SealKey(works.rng.bytes());
        let desk = self.desk_public().ok_or(Problem::NotAllowed)?;
        let epoch = first_epoch(works, SpaceKind::Team, &key, &[desk, self.roster.kit().boxed], None)?;
        let desk = self.roster.only_space(SpaceKind::Desk);
        self.write_only(works, desk, Kind::Directory, |document, stamp| {
            directory::name_team(document, stamp, space, name.trim())
        })?;
        Ok(Statement::FormTeam(FormTeam { space, epoch }))
    }

    fn desk_public(&self) -> Option<BoxKey> {
        let (_, key) = self.newest_key(&self.roster.only_space(SpaceKind::Desk))?;
        Some(epoch_secret(key).public())
    }

    fn invitation(&mut self, works: &mut Works, guest: &Guest) -> Result<Statement, Problem> {
        let Guest { roles, team, name, days } = guest;
        let secret = InvitationSecret(works.rng.bytes());
        let member = MemberId(works.rng.bytes());
        let now = works.carrier.relay_time(works.now);
        let expires = now.after(u64::from((*days).clamp(1, MAX_DAYS)) * DAY_MS);
        let to = secret.boxed().public();
        let mut wraps = Vec::new();
        for space in [self.roster.only_space(SpaceKind::Office)].into_iter().chain(*team) {
            let (epoch, key) = self.newest_key(&space).ok_or(Problem::NotAllowed)?;
            let info = wrap_info(&commit_to(key));
            let wrapped = wrap(&to, &info, key, &mut works.rng).map_err(|_| Problem::NotAllowed)?;
            wraps.push(SpaceWrap { space, epoch, wrapped });
        }
        let bundle = Bundle {
            office: self.roster.office(),
            roster: self.roster.head(),
            relay: self.roster.relay(),
            office_name: self.names.office.clone(),
            team_name: team.and_then(|team| self.names.teams.get(&team).cloned()).unwrap_or_default(),
            name: name.trim().to_owned(),
        };
        let desk = self.roster.only_space(SpaceKind::Desk);
        self.write_only(works, desk, Kind::Directory, |document, stamp| {
            directory::name_member(document, stamp, member, name.trim())
        })?;
        let sign = secret.signing().public();
        let roles: Vec<_> = roles.iter().map(|role| *role as u8).collect();
        let record = InvitationRecord {
            secret: secret.0,
            member,
            team: *team,
            name: bundle.name.clone(),
            expires,
            roles: Some(roles.clone()),
        };
        self.put_state(works, Family::Invitation.key(&sign), &cbor::encode(&record));
        self.invitations.insert(sign, record);
        Ok(Statement::Invite(Box::new(Invite {
            sign,
            locator: secret.locator(),
            bundle: secret.seal(&bundle),
            member,
            roles,
            teams: team.iter().copied().collect(),
            expires,
            wraps,
        })))
    }

    /// Gives every team's directory the names that its members need: the team's, and theirs.
    pub fn reconcile(&mut self, works: &mut Works) {
        if !self.is(Role::Coordinator) || !self.caught_up.is_superset(&self.subscribed) {
            return;
        }
        let teams = self.roster.spaces().filter(|(_, space)| space.kind == SpaceKind::Team);
        let mut wanted: SortedMap<SpaceId, Vec<MemberId>> =
            teams.map(|(id, space)| (*id, space.members.keys().copied().collect())).collect();
        for (_, invitation) in self.roster.invitations() {
            for team in &invitation.invite.teams {
                wanted.entry(*team).or_default().push(invitation.invite.member);
            }
        }
        for (team, members) in wanted {
            if self.newest_key(&team).is_some() {
                self.reconcile_team(works, team, &members);
            }
        }
    }

    fn reconcile_team(&mut self, works: &mut Works, team: SpaceId, members: &[MemberId]) {
        let id = super::office::only_document(&team, Kind::Directory);
        let unsent = crate::sorted::SortedSet::new();
        let (names, teams) = match self.documents.get(&id) {
            Some(opened) => {
                let folk = self.folk(&unsent);
                (directory::names(&opened.document, &folk), directory::team_names(&opened.document, &folk))
            }
            None if self.rows.contains_key(&id) => return,
            None => Default::default(),
        };
        if let Some(name) = self.names.teams.get(&team).cloned().filter(|_| !teams.contains_key(&team)) {
            let _ = self.write_only(works, team, Kind::Directory, |document, stamp| {
                directory::name_team(document, stamp, team, &name)
            });
        }
        for member in members.iter().filter(|member| !names.contains_key(member)) {
            if let Some(name) = self.names.members.get(member).cloned() {
                let _ = self.write_only(works, team, Kind::Directory, |document, stamp| {
                    directory::name_member(document, stamp, *member, &name)
                });
            }
        }
    }
}

fn check_name(name: &str) -> Result<(), Problem> {
    if name.trim().is_empty() {
        Err(Problem::Empty)
    } else if name.chars().count() > MAX_NAME {
        Err(Problem::TooLong { limit: MAX_NAME as u32 })
    } else {
        Ok(())
    }
}

/// An inspector has a team, and nobody else; unit contacts answer in spaces of their own, which there are not yet.
fn check_roles(guest: &Guest) -> Result<(), Problem> {
    let is_inspector = guest.roles.contains(&Role::Inspector);
    if guest.roles.is_empty() || is_inspector && guest.team.is_none() {
        Err(Problem::Empty)
    } else if guest.roles.contains(&Role::UnitContact) || !is_inspector && guest.team.is_some() {
        Err(Problem::NotAllowed)
    } else {
        Ok(())
    }
}

/// A space's first epoch with its key wrapped to each of `to`.
pub fn first_epoch(
    works: &mut Works,
    kind: SpaceKind,
    key: &SealKey,
    to: &[BoxKey],
    public: Option<BoxKey>,
) -> Result<FirstEpoch, Problem> {
    let commitment = commit_to(key);
    let wraps = to.iter().map(|to| {
        let wrapped =
            wrap(to, &wrap_info(&commitment), key, &mut works.rng).map_err(|_| Problem::NotAllowed)?;
        Ok(Wrap { to: *to, wrapped })
    });
    Ok(FirstEpoch { kind, commitment, public, wraps: wraps.collect::<Result<_, Problem>>()? })
}
