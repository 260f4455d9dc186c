//! Devices with real sockets, real time, and people who do this and that.

use anyhow::{Context, Result, bail, ensure};
use mingcha_core::command::{Command, RequestId, VisitEdit};
use mingcha_core::domain::{Language, Mode};
use mingcha_core::ids::{DocumentId, ItemId, SpaceId};
use mingcha_core::view::{Access, Answer, Link, Query};
use mingcha_tests::live::Live;
use mingcha_tests::world::{inviting, passphrase};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How many people are in a team.
const TEAM: usize = 3;
/// How long to wait for an answer before the day begins.
const PATIENCE: Duration = Duration::from_secs(60);
/// The questions of a visit that people answer again and again.
const QUESTIONS: usize = 24;
/// After how many edits of one person their team goes on to another visit.
const EDITS_A_VISIT: usize = 30;

pub struct Fleet {
    live: Live,
    /// By the number of their device.
    members: Vec<Member>,
    answered: usize,
}

#[derive(Default)]
struct Member {
    /// Its team, and the visit that the team writes.
    work: Option<(SpaceId, DocumentId)>,
    edits: usize,
    /// Edits that were not answered yet: which, and what.
    asked: BTreeMap<RequestId, (Question, String)>,
    /// The last answer to each question that was answered with success.
    answered: BTreeMap<Question, String>,
}

type Question = (DocumentId, ItemId);

impl Fleet {
    /// An office of so many devices, in teams.
    pub async fn found(address: SocketAddr, setup: &str, devices: usize) -> Result<Self> {
        ensure!(devices > 1, "one device is no office");
        let mut fleet = Self { live: Live::new(address), members: Vec::new(), answered: 0 };
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
        self.members.push(Member::default());
        self.live.add(&format!("device {}", self.members.len() - 1))
    }

    async fn found_office(&mut self, setup: &str) -> Result<()> {
        self.live.ask(0, Command::MakeKit { language: Language::English }).await?;
        let Answer::Access(view) = self.live.look(0, Query::Access).await? else { bail!("no access") };
        let Access::Empty { kit: Some(words), .. } = view.access else { bail!("no kit") };
        let found = Command::Found {
            setup: setup.to_owned(),
            office: "效能办".into(),
            name: "李明".into(),
            passphrase: passphrase(),
            proof: [1_u8, 5].map(|at| (at, words[usize::from(at)].clone())).to_vec(),
        };
        self.live.ask(0, found).await?;
        self.live.rest(0).await
    }

    async fn form_team(&mut self, number: usize) -> Result<(SpaceId, DocumentId)> {
        let name = format!("第{number}组");
        self.live.ask(0, Command::FormTeam { name: name.clone() }).await?;
        let Answer::Teams(teams) = self.live.look(0, Query::Teams).await? else { bail!("no teams") };
        let team = teams.into_iter().find(|team| team.name == name).context("the team")?.team;
        let visit = DocumentId(self.live.bytes());
        let (mode, unit, checklist, assignment) = (Mode::Undercover, None, None, None);
        self.live.ask(0, Command::StartVisit { visit, team, mode, unit, checklist, assignment }).await?;
        Ok((team, visit))
    }

    async fn join(&mut self, team: SpaceId, visit: DocumentId, number: usize) -> Result<()> {
        let name = format!("组员{number}");
        self.live.ask(0, inviting(team, &name)).await?;
        let Answer::Invitations(all) = self.live.look(0, Query::Invitations).await? else {
            bail!("no invitations")
        };
        let code = all.into_iter().find(|invitation| invitation.name == name).context("the invitation")?.code;
        let member = self.add();
        self.live.ask(member, Command::OpenInvitation { code }).await?;
        self.live.ask(member, Command::Join { passphrase: passphrase() }).await?;
        self.live.rest(member).await?;
        self.members[member].work = Some((team, visit));
        let begun = Instant::now();
        while self.live.look(member, Query::Visit(visit)).await? == Answer::Visit(None) {
            ensure!(begun.elapsed() < PATIENCE, "the visit does not come");
        }
        Ok(())
    }

    /// Lets sockets and clocks run for some time.
    pub async fn run(&mut self, time: Duration) {
        self.live.run(time).await;
    }

    /// Lets something happen to somebody.
    pub fn happen(&mut self) {
        let member = self.live.below(self.members.len());
        match self.live.below(40) {
            0 => self.live.cut(member),
            1 => {
                self.live.device(member).online = false;
                self.live.cut(member);
            }
            2..5 => {
                for other in 0..self.live.len() {
                    self.live.device(other).online = true;
                }
            }
            5 => {
                self.live.kill(member);
                // What was not answered may have been saved all the same.
                let Member { asked, answered, .. } = &mut self.members[member];
                for (question, _) in std::mem::take(asked).into_values() {
                    answered.remove(&question);
                }
                self.live.start(member);
                self.live.device(member).ask(Command::Unlock { passphrase: passphrase() });
            }
            6 => {
                self.live.device(member).ask(Command::Lock);
                self.live.device(member).ask(Command::Unlock { passphrase: passphrase() });
            }
            _ => self.edit(member),
        }
        for member in 0..self.members.len() {
            self.gather(member);
        }
    }

    fn edit(&mut self, member: usize) {
        let Some((team, visit)) = self.members[member].work else { return };
        self.members[member].edits += 1;
        if self.members[member].edits.is_multiple_of(EDITS_A_VISIT) {
            return self.begin(member, team);
        }
        // Each has questions of their own, so that nobody else's answer hides theirs.
        let question = ItemId([(self.live.below(QUESTIONS) * TEAM + member % TEAM) as u8; 16]);
        let answer = format!("{:?}", self.live.bytes::<8>());
        let edit = VisitEdit::Answer { question, answer: Some(answer.clone()) };
        let request = self.live.device(member).ask(Command::EditVisit { visit, edit });
        self.members[member].asked.insert(request, ((visit, question), answer));
    }

    /// Somebody begins another visit, which their team writes from now on: who does not have it yet, when they do.
    fn begin(&mut self, member: usize, team: SpaceId) {
        let visit = DocumentId(self.live.bytes());
        let (mode, unit, checklist, assignment) = (Mode::Undercover, None, None, None);
        let begin = Command::StartVisit { visit, team, mode, unit, checklist, assignment };
        self.live.device(member).ask(begin);
        for other in &mut self.members {
            if let Some((_, current)) = other.work.as_mut().filter(|(space, _)| *space == team) {
                *current = visit;
            }
        }
    }

    fn gather(&mut self, member: usize) {
        let Member { asked, answered, .. } = &mut self.members[member];
        let mut open = BTreeMap::new();
        for (request, (question, answer)) in std::mem::take(asked) {
            match self.live.device(member).answer(request) {
                None => drop(open.insert(request, (question, answer))),
                Some(Ok(())) => {
                    self.answered += 1;
                    answered.insert(question, answer);
                }
                Some(Err(_)) => {}
            }
        }
        if open.is_empty() {
            self.live.device(member).forget();
        }
        *asked = open;
    }

    /// Brings everybody back.
    pub fn calm(&mut self) {
        for member in 0..self.members.len() {
            self.gather(member);
            self.live.device(member).online = true;
        }
    }

    /// What is not yet everywhere, if anything.
    pub async fn disagreement(&mut self) -> Result<Option<String>> {
        for member in 0..self.members.len() {
            let Answer::Access(view) = self.live.look(member, Query::Access).await? else { continue };
            if view.unsent > 0 || view.link != Link::Live || !view.problems.is_empty() {
                return Ok(Some(format!("device {member}: {view:?}")));
            }
            let visits: BTreeSet<_> = self.members[member].answered.keys().map(|(visit, _)| *visit).collect();
            for (other, visit) in visits.into_iter().flat_map(|visit| [(member, visit), (0, visit)]) {
                let answer = self.live.look(other, Query::Visit(visit)).await?;
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
        (0..self.live.len()).filter(|member| self.live.is_connected(*member)).count()
    }

    pub fn stored_bytes(&mut self) -> usize {
        (0..self.live.len()).map(|member| self.live.device(member).stored_bytes()).sum()
    }
}
