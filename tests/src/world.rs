//! A world: one relay, any number of devices, one clock.

use crate::device::{self, Device};
use crate::disk::{Disk, Tail};
use crate::relay::{self, SimRelay};
use crate::snapshot::Snapshot;
use mingcha_core::command::{Command, Passphrase, TextEdit, VisitEdit};
use mingcha_core::domain::{Language, Mode, Role};
use mingcha_core::engine::io::Input;
use mingcha_core::ids::{DocumentId, SpaceId};
use mingcha_core::problem::Problem;
use mingcha_core::relay::ConnId;
use mingcha_core::time::Timestamp;
use mingcha_core::view::{
    Access, AccessView, Answer, InvitationState, Query, Stage, TeamView, VisitFilter, VisitRow, VisitView,
    Window,
};
use mingcha_core::wire::{FromRelay, PROTOCOL, ToRelay};
use std::collections::BTreeMap;

/// How long a world runs before it counts as never getting quiet.
const MOST_STEPS: usize = 200_000;
/// How much time passes at most while a world gets quiet.
const QUIET_MS: u64 = 15_000;
/// The number under which [`World::look`] watches.
const LOOK: u32 = 1_000;

/// A device of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who(usize);

/// See the module.
pub struct World {
    /// The time.
    pub now: Timestamp,
    /// The relay.
    pub relay: SimRelay,
    devices: Vec<Device>,
    conns: BTreeMap<ConnId, Who>,
    next_conn: u64,
    next_seed: u64,
    next_id: u16,
    between: Option<Between>,
    outward: Option<Outward>,
}

/// What stands between the relay and the devices: each message to one becomes these.
pub type Between = Box<dyn FnMut(Who, FromRelay) -> Vec<Vec<u8>>>;
/// What stands between the devices and the relay: each message of one becomes these.
pub type Outward = Box<dyn FnMut(Who, ToRelay) -> Vec<ToRelay>>;

impl World {
    /// A world with a relay that has no office yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            now: Timestamp(1_795_000_000_000),
            relay: SimRelay::default(),
            devices: Vec::new(),
            conns: BTreeMap::new(),
            next_conn: 0,
            next_seed: 0,
            next_id: 0,
            between: None,
            outward: None,
        }
    }

    /// A world with the same disks and the same time, in which no app runs yet.
    #[must_use]
    pub fn copy(&self) -> Self {
        let devices = self.devices.iter().map(|device| {
            let mut copy = Device::new(&device.name);
            copy.restore_disk(device.copy_of_disk());
            copy
        });
        Self {
            now: self.now,
            relay: self.relay.copy(),
            devices: devices.collect(),
            next_seed: self.next_seed,
            next_id: self.next_id,
            ..Self::new()
        }
    }

    /// What is on all disks.
    #[must_use]
    pub fn save(&self) -> Snapshot {
        let devices = self.devices.iter().map(|device| (device.name.clone(), device.copy_of_disk()));
        Snapshot {
            now: self.now.0,
            used: [self.next_seed, u64::from(self.next_id)],
            relay: self.relay.disk.bytes().to_vec(),
            devices: devices.collect(),
        }
    }

    /// A world with these disks, and its devices by name, on which no app runs yet.
    #[must_use]
    pub fn load(snapshot: Snapshot) -> (Self, Vec<(String, Who)>) {
        let mut world = Self {
            now: Timestamp(snapshot.now),
            relay: SimRelay::on(Disk::of(snapshot.relay)),
            next_seed: snapshot.used[0],
            next_id: snapshot.used[1] as u16,
            ..Self::new()
        };
        let mut names = Vec::new();
        for (name, records) in snapshot.devices {
            let mut device = Device::new(&name);
            device.restore_disk(records);
            names.push((name, Who(world.devices.len())));
            world.devices.push(device);
        }
        (world, names)
    }

    /// Lets somebody alter what the relay says to the devices, or nobody.
    pub fn set_between(&mut self, between: Option<Between>) {
        self.between = between;
    }

    /// Lets somebody alter what the devices say to the relay, or nobody.
    pub fn set_outward(&mut self, outward: Option<Outward>) {
        self.outward = outward;
    }

    /// Tells a device something in the relay's place.
    pub fn say(&mut self, who: Who, message: &FromRelay) {
        self.devices[who.0].feed(Input::Received(message.encode()));
    }

    /// Sends the relay something from nowhere, over a connection of its own.
    pub fn put_from_nowhere(&mut self, messages: &[ToRelay]) {
        let conn = ConnId(self.next_conn);
        self.next_conn += 1;
        self.relay.opened(conn);
        let hello = ToRelay::Hello { version: PROTOCOL, nonce: [0; 16] };
        for message in core::iter::once(&hello).chain(messages) {
            self.relay.received(conn, &message.encode());
        }
        self.run();
    }

    /// Adds a device and starts the app on it.
    pub fn device(&mut self, name: &str) -> Who {
        let who = Who(self.devices.len());
        self.devices.push(Device::new(name));
        self.start(who);
        self.run();
        who
    }

    /// A device.
    pub fn at(&mut self, who: Who) -> &mut Device {
        &mut self.devices[who.0]
    }

    /// Starts the app on a device.
    pub fn start(&mut self, who: Who) {
        self.next_seed += 1;
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.next_seed.to_be_bytes());
        let wires = self.devices[who.0].start(seed, self.now);
        self.on_network(who, wires);
    }

    /// Kills the app on a device; its connection breaks.
    pub fn kill(&mut self, who: Who) {
        self.drop_conn(who);
        self.devices[who.0].kill();
    }

    /// Takes a device off the network, or puts it back.
    pub fn set_online(&mut self, who: Who, network: Network) {
        self.devices[who.0].online = network == Network::There;
        if network == Network::Gone {
            self.drop_conn(who);
            self.devices[who.0].feed(Input::Disconnected);
        }
    }

    /// Kills the relay and starts it again.
    pub fn crash_relay(&mut self) {
        self.relay.crash(Tail::Lost);
        for who in std::mem::take(&mut self.conns).into_values() {
            self.devices[who.0].conn = None;
            self.devices[who.0].feed(Input::Disconnected);
        }
    }

    fn drop_conn(&mut self, who: Who) {
        if let Some(conn) = self.devices[who.0].conn.take() {
            self.conns.remove(&conn);
            self.relay.closed(conn);
        }
    }

    /// Lets everything happen that happens by itself within some seconds.
    pub fn run(&mut self) -> &mut Self {
        let until = self.now.after(QUIET_MS);
        for _ in 0..MOST_STEPS {
            if self.step() {
                continue;
            }
            match self.devices.iter().filter_map(Device::wake_at).min() {
                Some(at) if at <= until => self.now = self.now.max(at),
                _ => {
                    self.now = until;
                    return self;
                }
            }
        }
        panic!("the world never gets quiet");
    }

    /// Does things until there is nothing to do by itself or `steps` are done; how many are left.
    pub fn run_for(&mut self, steps: usize) -> usize {
        let until = self.now.after(QUIET_MS);
        let mut left = steps;
        while left > 0 {
            if self.step() {
                left -= 1;
                continue;
            }
            match self.devices.iter().filter_map(Device::wake_at).min() {
                Some(at) if at <= until => self.now = self.now.max(at),
                _ => {
                    self.now = until;
                    return left;
                }
            }
        }
        left
    }

    /// Does one thing; whether there was one.
    pub fn step(&mut self) -> bool {
        if let Some(wires) = self.relay.step(self.now) {
            for wire in wires {
                self.deliver(wire);
            }
            return true;
        }
        for index in 0..self.devices.len() {
            if let Some(wires) = self.devices[index].step(self.now) {
                self.on_network(Who(index), wires);
                return true;
            }
        }
        false
    }

    fn deliver(&mut self, wire: relay::Wire) {
        match wire {
            relay::Wire::Send(conn, bytes) => {
                let Some(who) = self.conns.get(&conn).copied() else { return };
                let messages = match (&mut self.between, FromRelay::decode(&bytes)) {
                    (Some(between), Ok(message)) => between(who, message),
                    _ => vec![bytes],
                };
                for message in messages {
                    self.devices[who.0].feed(Input::Received(message));
                }
            }
            relay::Wire::Close(conn) => {
                if let Some(who) = self.conns.remove(&conn) {
                    self.devices[who.0].conn = None;
                    self.devices[who.0].feed(Input::Disconnected);
                }
            }
        }
    }

    fn on_network(&mut self, who: Who, wires: Vec<device::Wire>) {
        for wire in wires {
            match wire {
                device::Wire::Connect if self.devices[who.0].online => {
                    let conn = ConnId(self.next_conn);
                    self.next_conn += 1;
                    self.conns.insert(conn, who);
                    self.devices[who.0].conn = Some(conn);
                    self.relay.opened(conn);
                    self.devices[who.0].feed(Input::Connected);
                }
                device::Wire::Connect => self.devices[who.0].feed(Input::Disconnected),
                device::Wire::Disconnect => self.drop_conn(who),
                device::Wire::Send(bytes) => self.send(who, bytes),
            }
        }
    }

    fn send(&mut self, who: Who, bytes: Vec<u8>) {
        let messages = match (&mut self.outward, ToRelay::decode(&bytes)) {
            (Some(outward), Ok(message)) => outward(who, message).iter().map(ToRelay::encode).collect(),
            _ => vec![bytes],
        };
        for message in messages {
            if let Some(conn) = self.devices[who.0].conn {
                self.relay.received(conn, &message);
            }
        }
    }

    /// Gives a command and runs until it is answered and the world is quiet.
    ///
    /// # Errors
    ///
    /// What the engine answered.
    ///
    /// # Panics
    ///
    /// If it is not answered at all.
    pub fn ask(&mut self, who: Who, command: Command) -> Result<(), Problem> {
        let name = self.devices[who.0].name.clone();
        let shown = format!("{command:?}");
        let request = self.devices[who.0].ask(command);
        self.run();
        let answer = self.devices[who.0].answer(request).cloned();
        answer.unwrap_or_else(|| panic!("{name} got no answer to {shown}"))
    }

    /// What a query shows on a device now.
    ///
    /// # Panics
    ///
    /// If it shows nothing.
    pub fn look(&mut self, who: Who, query: Query) -> Answer {
        let shown = format!("{query:?}");
        self.devices[who.0].watch(LOOK, query);
        self.run();
        let device = &self.devices[who.0];
        device.shown(LOOK).unwrap_or_else(|| panic!("{} shows nothing for {shown}", device.name)).clone()
    }

    /// A new id.
    pub fn id(&mut self) -> [u8; 16] {
        self.next_id += 1;
        let mut id = [0x1d; 16];
        id[..2].copy_from_slice(&self.next_id.to_be_bytes());
        id
    }

    /// Access on a device.
    pub fn access(&mut self, who: Who) -> AccessView {
        match self.look(who, Query::Access) {
            Answer::Access(view) => view,
            other => panic!("{other:?}"),
        }
    }

    /// Founds the office on a device.
    ///
    /// # Panics
    ///
    /// If it cannot be founded.
    pub fn found(&mut self, who: Who) {
        let setup = self.relay.setup_code();
        self.try_to_found(who, &setup).expect("an office");
    }

    /// Founds the office with a set-up code.
    ///
    /// # Errors
    ///
    /// What the engine answered.
    ///
    /// # Panics
    ///
    /// If there is no kit.
    pub fn try_to_found(&mut self, who: Who, setup: &str) -> Result<(), Problem> {
        self.ask(who, Command::MakeKit { language: Language::Chinese }).expect("a kit");
        let Access::Empty { kit: Some(words), .. } = self.access(who).access else { panic!("no kit") };
        let Command::Found { office, name, passphrase, proof, .. } = self.founding(&words) else {
            unreachable!("founding founds")
        };
        self.ask(who, Command::Found { setup: setup.into(), office, name, passphrase, proof })
    }

    /// The command that founds the office with this kit.
    #[must_use]
    pub fn founding(&self, kit: &[String]) -> Command {
        Command::Found {
            setup: self.relay.setup_code(),
            office: "效能办".into(),
            name: "李明".into(),
            passphrase: passphrase(),
            proof: [2_u8, 7].map(|at| (at, kit[usize::from(at)].clone())).to_vec(),
        }
    }

    /// Forms a team.
    ///
    /// # Panics
    ///
    /// If it cannot be formed.
    pub fn team(&mut self, who: Who, name: &str) -> SpaceId {
        self.ask(who, Command::FormTeam { name: name.into() }).expect("a team");
        self.teams(who).into_iter().find(|team| team.name == name).expect("the team").team
    }

    /// The teams that a device sees.
    pub fn teams(&mut self, who: Who) -> Vec<TeamView> {
        match self.look(who, Query::Teams) {
            Answer::Teams(teams) => teams,
            other => panic!("{other:?}"),
        }
    }

    /// Invites somebody; the code.
    ///
    /// # Panics
    ///
    /// If nobody can be invited.
    pub fn invite(&mut self, who: Who, team: SpaceId, name: &str) -> String {
        self.ask(who, inviting(team, name)).expect("an invitation");
        let Answer::Invitations(all) = self.look(who, Query::Invitations) else { panic!("no invitations") };
        let own = all.into_iter().find(|invitation| invitation.name == name).expect("the invitation");
        assert_eq!(own.state, InvitationState::Open);
        own.code
    }

    /// Joins with a code.
    ///
    /// # Errors
    ///
    /// What the engine answered.
    pub fn join(&mut self, who: Who, code: &str) -> Result<(), Problem> {
        self.ask(who, Command::OpenInvitation { code: code.into() })?;
        self.ask(who, Command::Join { passphrase: passphrase() })
    }

    /// Kills the app on a device, starts it again and unlocks it.
    ///
    /// # Panics
    ///
    /// If it does not unlock.
    pub fn restart(&mut self, who: Who) {
        self.kill(who);
        self.start(who);
        self.run();
        self.unlock(who).expect("unlocked");
    }

    /// An office with a team, and one inspector in it for each name.
    pub fn office<const N: usize>(&mut self, names: [&str; N]) -> (Who, SpaceId, [Who; N]) {
        let ana = self.device("ana");
        self.found(ana);
        let team = self.team(ana, "第一组");
        let inspectors = names.map(|name| self.inspector(ana, team, name));
        (ana, team, inspectors)
    }

    /// A device whose owner is invited into a team and joins.
    ///
    /// # Panics
    ///
    /// If they cannot.
    pub fn inspector(&mut self, by: Who, team: SpaceId, name: &str) -> Who {
        let code = self.invite(by, team, name);
        let who = self.device(name);
        self.join(who, &code).expect("joined");
        who
    }

    /// What is wrong on a device.
    pub fn problems(&mut self, who: Who) -> Vec<Problem> {
        self.access(who).problems
    }

    /// Writes notes into a visit.
    ///
    /// # Errors
    ///
    /// What the engine answered.
    pub fn note(&mut self, who: Who, visit: DocumentId, text: &str) -> Result<(), Problem> {
        let base = self.see(who, visit).map(|view| view.heads).unwrap_or_default();
        let edit = VisitEdit::Notes(TextEdit { base, text: text.into() });
        self.ask(who, Command::EditVisit { visit, edit })
    }

    /// Unlocks a device.
    ///
    /// # Errors
    ///
    /// What the engine answered.
    pub fn unlock(&mut self, who: Who) -> Result<(), Problem> {
        self.ask(who, Command::Unlock { passphrase: passphrase() })
    }

    /// Begins a visit.
    ///
    /// # Panics
    ///
    /// If it cannot be begun.
    pub fn visit(&mut self, who: Who, team: SpaceId, unit: &str) -> DocumentId {
        let visit = DocumentId(self.id());
        let unit = Some(unit.to_owned());
        let start = Command::StartVisit {
            visit,
            team,
            mode: Mode::Undercover,
            unit,
            checklist: None,
            assignment: None,
        };
        self.ask(who, start).expect("a visit");
        visit
    }

    /// Begins a visit without waiting for anything.
    pub fn begin_visit(&mut self, who: Who, team: SpaceId) -> DocumentId {
        let visit = DocumentId(self.id());
        let (mode, unit) = (Mode::Undercover, Some("410305".into()));
        let start = Command::StartVisit { visit, team, mode, unit, checklist: None, assignment: None };
        self.devices[who.0].ask(start);
        visit
    }

    /// A visit as a device shows it.
    pub fn see(&mut self, who: Who, visit: DocumentId) -> Option<VisitView> {
        match self.look(who, Query::Visit(visit)) {
            Answer::Visit(view) => view.map(|view| *view),
            other => panic!("{other:?}"),
        }
    }

    /// All visits that a device lists.
    pub fn visits(&mut self, who: Who, stage: Stage) -> Vec<VisitRow> {
        let filter = VisitFilter { stage, ..VisitFilter::default() };
        match self.look(who, Query::Visits(filter, Window { first: 0, count: 1_000 })) {
            Answer::Visits(rows) => rows.rows,
            other => panic!("{other:?}"),
        }
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether there is a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// There is.
    There,
    /// There is none.
    Gone,
}

/// The command that invites an inspector into a team.
#[must_use]
pub fn inviting(team: SpaceId, name: &str) -> Command {
    Command::Invite { roles: vec![Role::Inspector], team: Some(team), name: name.into(), days: 3 }
}

/// The passphrase of everybody in a world.
#[must_use]
pub fn passphrase() -> Passphrase {
    Passphrase("correct horse battery".into())
}
