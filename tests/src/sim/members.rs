//! Members and their devices: let in and blocked, passphrases, and files of what is unsent.

use super::Checker;
use super::ledger::Effect;
use super::plan::Deed;
use super::run::{FOUNDER, Run};
use crate::rogue;
use crate::world::passphrase;
use mingcha_core::command::{Command, Passphrase, RequestId};
use mingcha_core::domain::Role;
use mingcha_core::entry::{Entry, parcel};
use mingcha_core::ids::{DeviceKey, MemberId};
use mingcha_core::problem::Problem;
use mingcha_core::view::{
    Access, Answer, DeviceStanding, DeviceView, InvitationState, Myself, PersonView, Query,
};
use std::collections::BTreeSet;

/// How many devices are blocked in one run at most.
const MOST_BLOCKED: usize = 2;

/// What somebody remembers of the two passphrases between which they change.
#[derive(Clone, Copy, Debug)]
pub struct Passphrases {
    /// Which it is, as far as they know.
    pub now: Which,
    /// Whether they know: not while a change is unanswered, nor after an old copy was put back.
    pub is_sure: bool,
    asked: Option<(usize, RequestId)>,
    tried: Option<(usize, RequestId)>,
}

/// One of two passphrases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    First,
    Second,
}

/// What somebody sees of the office.
pub enum Standing {
    Founder,
    /// Let in.
    Supervisor,
    /// A member of a team, or a supervisor who waits.
    Other,
}

impl Default for Passphrases {
    fn default() -> Self {
        Self { now: Which::First, is_sure: true, asked: None, tried: None }
    }
}

impl Which {
    fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }

    fn typed(self) -> Passphrase {
        match self {
            Self::First => passphrase(),
            Self::Second => Passphrase("another battery staple".into()),
        }
    }
}

impl Run {
    /// Types the passphrase, as it is remembered.
    pub fn unlock(&mut self, who: usize) {
        let live = self.people[who].live;
        let request = self.tabs[live].device.next_request();
        let mind = &mut self.people[who].passphrase;
        mind.tried = Some((live, request));
        let passphrase = mind.now.typed();
        self.ask(who, Command::Unlock { passphrase }, vec![]);
    }

    /// Changes the passphrase, from the one that is remembered.
    pub fn change_passphrase(&mut self, who: usize) {
        let live = self.people[who].live;
        let request = self.tabs[live].device.next_request();
        let mind = &mut self.people[who].passphrase;
        if mind.asked.is_some_and(|(tab, _)| tab == live) {
            return;
        }
        (mind.asked, mind.is_sure) = (Some((live, request)), false);
        let (old, new) = (mind.now.typed(), mind.now.other().typed());
        self.count("passphrase changed");
        self.ask(who, Command::ChangePassphrase { old, new }, vec![]);
    }

    /// What was answered of a passphrase counts: one that was changed opens the device.
    pub fn passphrase_answered(&mut self, tab: usize, request: RequestId, result: &Result<(), Problem>) {
        let who = self.tabs[tab].who;
        let mind = &mut self.people[who].passphrase;
        let place = Some((tab, request));
        if mind.asked == place {
            mind.asked = None;
            if result.is_ok() {
                (mind.now, mind.is_sure) = (mind.now.other(), true);
            }
        }
        if mind.tried == place {
            mind.tried = None;
            if *result == Err(Problem::WrongPassphrase) {
                let was_sure = mind.is_sure;
                mind.now = mind.now.other();
                if was_sure {
                    self.find(Checker::Saved, format!("the passphrase of {who} is not what was answered"));
                }
            }
        }
    }

    /// What only a coordinator does with people and devices.
    pub fn manage(&mut self, deed: Deed) {
        match deed {
            Deed::InviteSupervisor => {
                let name = format!("督查{}", self.number());
                let effects = vec![Effect::Invited { name: name.clone() }];
                self.ask(FOUNDER, inviting_supervisor(name), effects);
            }
            Deed::LetIn => self.let_in_who_waits(),
            Deed::Block => self.block_somebody(),
            _ => {
                let Some(Answer::Invitations(all)) = self.peek(FOUNDER, &Query::Invitations) else { return };
                let open = all.into_iter().filter(|one| one.state == InvitationState::Open);
                let open: Vec<_> = open.map(|one| one.invitation).collect();
                if !open.is_empty() {
                    let invitation = self.dice.one_of(&open);
                    self.count("invitation withdrawn");
                    self.ask(FOUNDER, Command::WithdrawInvitation { invitation }, vec![]);
                }
            }
        }
    }

    fn office_people(&mut self) -> Vec<PersonView> {
        match self.peek(FOUNDER, &Query::People) {
            Some(Answer::People(people)) => people,
            _ => Vec::new(),
        }
    }

    fn myself(&mut self, who: usize) -> Option<Myself> {
        match self.access(who) {
            Some(Access::Open(me)) => Some(me),
            _ => None,
        }
    }

    /// Compares codes, and lets in everybody who waits.
    fn let_in_who_waits(&mut self) {
        for person in self.office_people() {
            for DeviceView { device, standing, .. } in person.devices {
                let DeviceStanding::Waiting { code } = standing else { continue };
                self.compare_codes(person.member, &code);
                self.count("device let in");
                self.ask(FOUNDER, Command::LetIn { device }, vec![]);
            }
        }
    }

    fn compare_codes(&mut self, member: MemberId, code: &str) {
        for who in 0..self.people.len() {
            let Some(me) = self.myself(who).filter(|me| me.member == member) else { continue };
            if me.waiting.is_some_and(|shown| shown != code) {
                self.find(Checker::Agree, format!("{who} shows another code than the founder"));
            }
        }
    }

    fn block_somebody(&mut self) {
        let blocked = self.people.iter().filter(|person| person.blocked.is_some()).count();
        let who = self.dice.below(self.people.len());
        if blocked >= MOST_BLOCKED || who == FOUNDER || !self.people[who].joined {
            return;
        }
        let Some(me) = self.myself(who) else { return };
        let Some(device) = self.device_of(me.member) else { return };
        self.people[who].blocked = Some(me.member);
        self.count("device blocked");
        self.ask(FOUNDER, Command::BlockDevice { device }, vec![]);
    }

    fn device_of(&mut self, member: MemberId) -> Option<DeviceKey> {
        let person = self.office_people().into_iter().find(|person| person.member == member)?;
        person.devices.first().map(|device| device.device)
    }

    /// Takes somebody's file, to send what is in it.
    pub fn carry(&mut self, who: usize) {
        let files: Vec<_> = self.people.iter().filter_map(|person| person.file.clone()).collect();
        if files.is_empty() {
            return;
        }
        let file = files[self.dice.below(files.len())].clone();
        let live = self.people[who].live;
        let request = self.tabs[live].device.next_request();
        self.count("file carried");
        self.carrying.insert((live, request), file.clone());
        self.ask(who, Command::ImportUnsent { file }, vec![]);
    }

    /// Whether somebody's device is blocked, as the relay holds it.
    pub fn is_blocked(&self, who: usize) -> bool {
        let Some(member) = self.people[who].blocked else { return false };
        let roster = rogue::roster(&self.relay);
        roster.devices().any(|(_, device)| device.member == member && device.expelled.is_some())
    }

    /// Of what a blocked device had not sent nothing need be there.
    pub fn excuse_blocked(&mut self) {
        for who in 0..self.people.len() {
            if self.is_blocked(who) {
                self.ledger.restored(who, &BTreeSet::new());
                if self.told(who).iter().all(|problem| *problem != Problem::DeviceBlocked)
                    && self.is_open(who)
                {
                    self.find(Checker::Refused, format!("{who} is not told that its device is blocked"));
                }
            }
        }
    }

    /// Everybody who waits is let in.
    pub fn let_all_in(&mut self) {
        for _ in 0..2 {
            self.let_in_who_waits();
            self.settle(10_000);
        }
        let waits = |device: &DeviceView| matches!(device.standing, DeviceStanding::Waiting { .. });
        if self.office_people().iter().flat_map(|person| &person.devices).any(waits) {
            self.find(Checker::Progress, "somebody waits to be let in".to_owned());
        }
    }

    /// Somebody new joins as a supervisor.
    pub fn take_in_supervisor(&mut self) {
        let (who, name) = (self.people.len(), format!("督查{}", self.number()));
        self.add_person(who, (0, 0));
        self.ask(FOUNDER, inviting_supervisor(name.clone()), vec![]);
        self.settle(10_000);
        if let Some(Answer::Invitations(all)) = self.peek(FOUNDER, &Query::Invitations)
            && let Some(one) = all.into_iter().find(|one| one.name == name)
        {
            self.people[who].supervises = true;
            self.people[who].code = Some((one.code, usize::MAX));
        }
        for _ in 0..3 {
            self.enter(who);
            self.settle(10_000);
        }
        if self.myself(who).is_none_or(|me| me.waiting.is_none()) {
            self.find(Checker::Progress, "a new supervisor does not wait to be let in".to_owned());
        }
    }

    /// What somebody sees of the office.
    pub fn standing(&mut self, who: usize) -> Standing {
        match self.myself(who) {
            _ if who == FOUNDER => Standing::Founder,
            Some(me) if me.roles.contains(&Role::Supervisor) && me.waiting.is_none() => Standing::Supervisor,
            _ => Standing::Other,
        }
    }

    /// Whether somebody is an inspector.
    pub fn is_inspector(&mut self, who: usize) -> bool {
        self.myself(who).is_some_and(|me| me.roles.contains(&Role::Inspector))
    }

    /// What somebody took to send it is with the relay, unless its author was blocked or the relay lied to them.
    pub fn check_carried(&mut self) {
        let held: BTreeSet<_> = self.relay.disk.entries().map(|(_, filed)| filed.id).collect();
        let roster = rogue::roster(&self.relay);
        for (who, file) in core::mem::take(&mut self.carried) {
            if self.people[who].was_lied_to || self.is_blocked(who) {
                continue;
            }
            let entries = parcel::unpack(&file).unwrap_or_default();
            let entries = entries.into_iter().filter_map(|bytes| Entry::check(bytes.to_vec()).ok());
            let mut allowed = entries.filter(|entry| !roster.is_expelled(&entry.header().device));
            if allowed.any(|entry| !held.contains(&entry.id())) {
                self.find(Checker::Saved, format!("what {who} took to send it is lost"));
            }
        }
    }
}

fn inviting_supervisor(name: String) -> Command {
    Command::Invite { roles: vec![Role::Supervisor], team: None, name, days: 30 }
}
