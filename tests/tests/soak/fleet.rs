//! Devices with real sockets, real time, and people who do this and that.

use anyhow::{Context, Result, bail, ensure};
use futures_util::{SinkExt, StreamExt};
use mingcha_core::command::{Command, RequestId, VisitEdit};
use mingcha_core::crypto::Rng;
use mingcha_core::domain::{Language, Mode};
use mingcha_core::engine::io::Input;
use mingcha_core::ids::{DocumentId, ItemId, SpaceId};
use mingcha_core::time::Timestamp;
use mingcha_core::view::{Access, Answer, Link, Query, WatchId};
use mingcha_tests::device::{Device, Wire};
use mingcha_tests::world::{inviting, passphrase};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

/// How many people are in a team.
const TEAM: usize = 3;
/// How long to wait for an answer before the day begins.
const PATIENCE: Duration = Duration::from_secs(60);
/// The questions of a visit that people answer again and again.
const QUESTIONS: usize = 24;
/// After how many edits of one person their team goes on to another visit.
const EDITS_A_VISIT: usize = 30;
const ACCESS: WatchId = 1;
const SEEN: WatchId = 2;
const TEAMS: WatchId = 3;
const INVITATIONS: WatchId = 4;

pub struct Fleet {
    address: SocketAddr,
    members: Vec<Member>,
    events: UnboundedReceiver<Event>,
    report: UnboundedSender<Event>,
    rng: Rng,
    connections: u64,
    answered: usize,
}

struct Member {
    device: Device,
    /// Its team, and the visit that the team writes.
    work: Option<(SpaceId, DocumentId)>,
    edits: usize,
    socket: Option<Socket>,
    /// Edits that were not answered yet: which, and what.
    asked: BTreeMap<RequestId, (Question, String)>,
    /// The last answer to each question that was answered with success.
    answered: BTreeMap<Question, String>,
}

type Question = (DocumentId, ItemId);

struct Socket {
    number: u64,
    out: UnboundedSender<Vec<u8>>,
}

/// Something that a socket met with.
struct Event {
    member: usize,
    socket: u64,
    input: Input,
}

impl Fleet {
    /// An office of so many devices, in teams.
    pub async fn found(address: SocketAddr, setup: &str, devices: usize) -> Result<Self> {
        ensure!(devices > 1, "one device is no office");
        let (report, events) = unbounded_channel();
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&now().0.to_be_bytes());
        let rng = Rng::new(seed);
        let mut fleet =
            Self { address, members: Vec::new(), events, report, rng, connections: 0, answered: 0 };
        fleet.add();
        fleet.found_office(setup).await?;
        let mut team = None;
        for number in 1..devices {
            if (number - 1) % TEAM == 0 {
                team = Some(fleet.form_team(number).await?);
            }
            let (space, visit) = team.context("a team was formed")?;
            fleet.join(space, visit, number).await?;
        }
        Ok(fleet)
    }

    fn add(&mut self) -> usize {
        let member = self.members.len();
        let device = Device::new(&format!("device {member}"));
        let (asked, answered) = (BTreeMap::new(), BTreeMap::new());
        self.members.push(Member { device, work: None, edits: 0, socket: None, asked, answered });
        self.start(member);
        member
    }

    fn start(&mut self, member: usize) {
        let seed = self.rng.bytes();
        let wires = self.members[member].device.start(seed, now());
        self.on_network(member, wires);
        // Commands come once the store has been read.
        self.settle(member);
    }

    fn settle(&mut self, member: usize) {
        while let Some(wires) = self.members[member].device.step(now()) {
            self.on_network(member, wires);
        }
    }

    async fn found_office(&mut self, setup: &str) -> Result<()> {
        self.ask(0, Command::MakeKit { language: Language::English }).await?;
        let Answer::Access(view) = self.look(0, ACCESS, Query::Access).await? else { bail!("no access") };
        let Access::Empty { kit: Some(words), .. } = view.access else { bail!("no kit") };
        let found = Command::Found {
            setup: setup.to_owned(),
            office: "效能办".into(),
            name: "李明".into(),
            passphrase: passphrase(),
            proof: [1_u8, 5].map(|at| (at, words[usize::from(at)].clone())).to_vec(),
        };
        self.ask(0, found).await?;
        self.is_live(0).await
    }

    async fn form_team(&mut self, number: usize) -> Result<(SpaceId, DocumentId)> {
        let name = format!("第{number}组");
        self.ask(0, Command::FormTeam { name: name.clone() }).await?;
        let Answer::Teams(teams) = self.look(0, TEAMS, Query::Teams).await? else { bail!("no teams") };
        let team = teams.into_iter().find(|team| team.name == name).context("the team")?.team;
        let visit = DocumentId(self.rng.bytes());
        let (mode, unit, checklist) = (Mode::Undercover, None, None);
        self.ask(0, Command::StartVisit { visit, team, mode, unit, checklist }).await?;
        Ok((team, visit))
    }

    async fn join(&mut self, team: SpaceId, visit: DocumentId, number: usize) -> Result<()> {
        let name = format!("组员{number}");
        self.ask(0, inviting(team, &name)).await?;
        let Answer::Invitations(all) = self.look(0, INVITATIONS, Query::Invitations).await? else {
            bail!("no invitations")
        };
        let code = all.into_iter().find(|invitation| invitation.name == name).context("the invitation")?.code;
        let member = self.add();
        self.ask(member, Command::OpenInvitation { code }).await?;
        self.ask(member, Command::Join { passphrase: passphrase() }).await?;
        self.is_live(member).await?;
        self.members[member].work = Some((team, visit));
        let begun = Instant::now();
        while self.look(member, SEEN, Query::Visit(visit)).await? == Answer::Visit(None) {
            ensure!(begun.elapsed() < PATIENCE, "the visit does not come");
        }
        Ok(())
    }

    async fn is_live(&mut self, member: usize) -> Result<()> {
        let begun = Instant::now();
        loop {
            let Answer::Access(view) = self.look(member, ACCESS, Query::Access).await? else { continue };
            if view.link == Link::Live && matches!(view.access, Access::Open(_)) {
                return Ok(());
            }
            ensure!(begun.elapsed() < PATIENCE, "device {member} is not live: {view:?}");
        }
    }

    async fn ask(&mut self, member: usize, command: Command) -> Result<()> {
        let shown = format!("{command:?}");
        let request = self.members[member].device.ask(command);
        let begun = Instant::now();
        loop {
            self.run(Duration::from_millis(2)).await;
            match self.members[member].device.answer(request) {
                Some(Ok(())) => return Ok(()),
                Some(Err(problem)) => bail!("{shown}: {problem:?}"),
                None => ensure!(begun.elapsed() < PATIENCE, "no answer to {shown}"),
            }
        }
    }

    async fn look(&mut self, member: usize, watch: WatchId, query: Query) -> Result<Answer> {
        self.members[member].device.watch(watch, query);
        let begun = Instant::now();
        loop {
            self.run(Duration::from_millis(2)).await;
            if let Some(answer) = self.members[member].device.shown(watch) {
                return Ok(answer.clone());
            }
            ensure!(begun.elapsed() < PATIENCE, "nothing is shown");
        }
    }

    /// Lets sockets and clocks run for some time.
    pub async fn run(&mut self, time: Duration) {
        let until = tokio::time::Instant::now() + time;
        loop {
            for member in 0..self.members.len() {
                self.settle(member);
            }
            match tokio::time::timeout_at(until, self.events.recv()).await {
                Ok(Some(event)) => self.feed(event),
                Ok(None) | Err(_) => return,
            }
            while let Ok(event) = self.events.try_recv() {
                self.feed(event);
            }
        }
    }

    fn feed(&mut self, event: Event) {
        let member = &mut self.members[event.member];
        if member.socket.as_ref().is_some_and(|socket| socket.number == event.socket) {
            if event.input == Input::Disconnected {
                member.socket = None;
            }
            member.device.feed(event.input);
        }
    }

    fn on_network(&mut self, member: usize, wires: Vec<Wire>) {
        for wire in wires {
            match wire {
                Wire::Connect if self.members[member].device.online => self.connect(member),
                Wire::Connect => self.members[member].device.feed(Input::Disconnected),
                Wire::Disconnect => self.members[member].socket = None,
                Wire::Send(bytes) => {
                    if let Some(socket) = &self.members[member].socket {
                        let _ = socket.out.send(bytes);
                    }
                }
            }
        }
    }

    fn connect(&mut self, member: usize) {
        self.connections += 1;
        let number = self.connections;
        let (out, outgoing) = unbounded_channel();
        self.members[member].socket = Some(Socket { number, out });
        let report = self.report.clone();
        let say = move |input| drop(report.send(Event { member, socket: number, input }));
        tokio::spawn(carry(self.address, outgoing, say));
    }

    /// Lets something happen to somebody.
    pub fn happen(&mut self) {
        let member = self.below(self.members.len());
        match self.below(40) {
            0 => self.cut(member),
            1 => {
                self.members[member].device.online = false;
                self.cut(member);
            }
            2..5 => {
                for other in &mut self.members {
                    other.device.online = true;
                }
            }
            5 => {
                self.members[member].socket = None;
                self.members[member].device.kill();
                // What was not answered may have been saved all the same.
                let Member { asked, answered, .. } = &mut self.members[member];
                for (question, _) in std::mem::take(asked).into_values() {
                    answered.remove(&question);
                }
                self.start(member);
                self.members[member].device.ask(Command::Unlock { passphrase: passphrase() });
            }
            6 => {
                self.members[member].device.ask(Command::Lock);
                self.members[member].device.ask(Command::Unlock { passphrase: passphrase() });
            }
            _ => self.edit(member),
        }
        for member in 0..self.members.len() {
            self.gather(member);
        }
    }

    fn cut(&mut self, member: usize) {
        let Member { socket, device, .. } = &mut self.members[member];
        if socket.take().is_some() {
            device.feed(Input::Disconnected);
        }
    }

    fn edit(&mut self, member: usize) {
        let Some((team, visit)) = self.members[member].work else { return };
        self.members[member].edits += 1;
        if self.members[member].edits.is_multiple_of(EDITS_A_VISIT) {
            return self.begin(member, team);
        }
        // Each has questions of their own, so that nobody else's answer hides theirs.
        let question = ItemId([(self.below(QUESTIONS) * TEAM + member % TEAM) as u8; 16]);
        let answer = format!("{:?}", self.rng.bytes::<8>());
        let edit = VisitEdit::Answer { question, answer: Some(answer.clone()) };
        let request = self.members[member].device.ask(Command::EditVisit { visit, edit });
        self.members[member].asked.insert(request, ((visit, question), answer));
    }

    /// Somebody begins another visit, which their team writes from now on: who does not have it yet, when they do.
    fn begin(&mut self, member: usize, team: SpaceId) {
        let visit = DocumentId(self.rng.bytes());
        let (mode, unit, checklist) = (Mode::Undercover, None, None);
        self.members[member].device.ask(Command::StartVisit { visit, team, mode, unit, checklist });
        for other in &mut self.members {
            if let Some((_, current)) = other.work.as_mut().filter(|(space, _)| *space == team) {
                *current = visit;
            }
        }
    }

    fn gather(&mut self, member: usize) {
        let Member { device, asked, answered, .. } = &mut self.members[member];
        let mut open = BTreeMap::new();
        for (request, (question, answer)) in std::mem::take(asked) {
            match device.answer(request) {
                None => drop(open.insert(request, (question, answer))),
                Some(Ok(())) => {
                    self.answered += 1;
                    answered.insert(question, answer);
                }
                Some(Err(_)) => {}
            }
        }
        if open.is_empty() {
            device.forget();
        }
        *asked = open;
    }

    /// Brings everybody back.
    pub fn calm(&mut self) {
        for member in 0..self.members.len() {
            self.gather(member);
            self.members[member].device.online = true;
        }
    }

    /// What is not yet everywhere, if anything.
    pub async fn disagreement(&mut self) -> Result<Option<String>> {
        for member in 0..self.members.len() {
            let Answer::Access(view) = self.look(member, ACCESS, Query::Access).await? else { continue };
            if view.unsent > 0 || view.link != Link::Live || !view.problems.is_empty() {
                return Ok(Some(format!("device {member}: {view:?}")));
            }
            let visits: BTreeSet<_> = self.members[member].answered.keys().map(|(visit, _)| *visit).collect();
            for (other, visit) in visits.into_iter().flat_map(|visit| [(member, visit), (0, visit)]) {
                let answer = self.look(other, SEEN, Query::Visit(visit)).await?;
                let view = if let Answer::Visit(view) = answer { view } else { None };
                let shows = |((of, question), answer): (&Question, &String)| {
                    let answers = view.iter().flat_map(|view| &view.answers);
                    *of != visit
                        || answers
                            .into_iter()
                            .any(|(asked, field)| asked == question && field.value == *answer)
                };
                if !self.members[member].answered.iter().all(shows) {
                    return Ok(Some(format!("device {other} lacks what was answered on device {member}")));
                }
            }
        }
        Ok(None)
    }

    pub fn answered(&self) -> usize {
        self.answered
    }

    pub fn online(&self) -> usize {
        self.members.iter().filter(|member| member.socket.is_some()).count()
    }

    pub fn stored_bytes(&self) -> usize {
        self.members.iter().map(|member| member.device.stored_bytes()).sum()
    }

    fn below(&mut self, end: usize) -> usize {
        u64::from_be_bytes(self.rng.bytes()) as usize % end
    }
}

/// Carries messages between a device and the relay until either has enough.
async fn carry(address: SocketAddr, mut outgoing: UnboundedReceiver<Vec<u8>>, say: impl Fn(Input)) {
    let Ok((socket, _)) = connect_async(format!("ws://{address}/socket")).await else {
        return say(Input::Disconnected);
    };
    say(Input::Connected);
    let (mut sink, mut stream) = socket.split();
    loop {
        tokio::select! {
            message = outgoing.recv() => match message {
                Some(bytes) => {
                    if sink.send(Message::binary(bytes)).await.is_err() {
                        return say(Input::Disconnected);
                    }
                }
                None => return drop(sink.close().await),
            },
            message = stream.next() => match message {
                Some(Ok(Message::Binary(bytes))) => say(Input::Received(bytes.to_vec())),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return say(Input::Disconnected),
            },
        }
    }
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(since.as_millis() as u64)
}
