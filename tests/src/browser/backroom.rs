//! An office whose desk has no screen: an engine stands in for it, so that a phone is tested with all that a desk makes.

use super::build::Kind;
use super::device::Device;
use super::relay::RelayProcess;
use super::steps::Invitation;
use crate::live::Live;
use crate::world::{inviting, passphrase};
use anyhow::{Context, Result, bail, ensure};
use mingcha_core::command::{Command, ImportPart};
use mingcha_core::domain::Language;
use mingcha_core::engine::io::Input;
use mingcha_core::ids::{DatasetId, DocumentId, ItemId, SpaceId};
use mingcha_core::units::UnitRow;
use mingcha_core::view::{Access, Answer, Query, VisitFilter, VisitRow, Window};
use std::time::{Duration, Instant};

const DAY_MILLIS: i64 = 86_400_000;
/// How long to wait for what phones send.
const PATIENCE: Duration = Duration::from_secs(30);

/// The relay and who stands in for the desk: a coordinator and supervisor.
pub struct Backroom {
    /// The relay.
    pub relay: RelayProcess,
    /// The only team.
    pub team: SpaceId,
    live: Live,
}

impl Backroom {
    /// Founds an office with units and a team.
    ///
    /// # Errors
    ///
    /// When any of it fails.
    pub async fn found(kind: Kind, team: &str, units: Vec<UnitRow>) -> Result<Self> {
        let relay = RelayProcess::start(kind)?;
        let mut live = Live::new(([127, 0, 0, 1], relay.port()).into());
        live.add("desk");
        live.ask(0, Command::MakeKit { language: Language::English }).await?;
        let Access::Empty { kit: Some(words), .. } = live.access(0).await?.access else { bail!("no kit") };
        let proof = [1_u8, 5].map(|at| (at, words[usize::from(at)].clone())).to_vec();
        let (setup, office, name) = (relay.setup().to_owned(), "效能建设办公室".into(), "李明".into());
        live.ask(0, Command::Found { setup, office, name, passphrase: passphrase(), proof }).await?;
        live.rest(0).await?;
        live.ask(0, Command::FormTeam { name: team.to_owned() }).await?;
        let Answer::Teams(teams) = live.look(0, Query::Teams).await? else { bail!("no teams") };
        let team = teams.first().context("a team")?.team;
        let (dataset, part) = (DatasetId(live.bytes()), ImportPart::Last);
        live.ask(0, Command::ImportUnits { dataset, name: "单位".into(), rows: units, part }).await?;
        live.rest(0).await?;
        Ok(Self { relay, team, live })
    }

    /// Does something at the desk, and waits until the relay has it.
    ///
    /// # Errors
    ///
    /// What the engine answered.
    pub async fn ask(&mut self, command: Command) -> Result<()> {
        self.live.rest(0).await?;
        self.live.ask(0, command).await?;
        let begun = Instant::now();
        loop {
            self.live.rest(0).await?;
            let Answer::Unsent(unsent) = self.look(Query::Unsent).await? else {
                bail!("nothing unsent shown")
            };
            if unsent.items.is_empty() {
                return Ok(());
            }
            ensure!(begun.elapsed() < PATIENCE, "the desk does not send: {unsent:?}");
        }
    }

    /// What the desk shows.
    ///
    /// # Errors
    ///
    /// When it shows nothing.
    pub async fn look(&mut self, query: Query) -> Result<Answer> {
        self.live.look(0, query).await
    }

    /// A random name for a document.
    pub fn document(&mut self) -> DocumentId {
        DocumentId(self.live.bytes())
    }

    /// A random name for a thing in a document.
    pub fn item(&mut self) -> ItemId {
        ItemId(self.live.bytes())
    }

    /// Waits until the desk has a visit that fits.
    ///
    /// # Errors
    ///
    /// When none comes.
    pub async fn visit(&mut self, fits: impl Fn(&VisitRow) -> bool) -> Result<VisitRow> {
        let begun = Instant::now();
        loop {
            let window = Window { first: 0, count: 100 };
            let Answer::Visits(rows) = self.look(Query::Visits(VisitFilter::default(), window)).await? else {
                bail!("no visits")
            };
            if let Some(row) = rows.rows.iter().find(|row| fits(row)) {
                return Ok(row.clone());
            }
            ensure!(begun.elapsed() < PATIENCE, "no such visit: {:?}", rows.rows);
        }
    }

    /// Invites an inspector, who joins on a new phone.
    ///
    /// # Errors
    ///
    /// When any of it fails.
    pub async fn phone(&mut self, name: &str, language: Language) -> Result<Device> {
        let invitation = self.invite(inviting(self.team, name), name).await?;
        let mut phone = Device::phone(name, language, &self.relay)?;
        phone.join_by_link(&invitation).await?;
        phone.ready_for_offline().await?;
        Ok(phone)
    }

    /// Invites somebody.
    ///
    /// # Errors
    ///
    /// When it is refused.
    pub async fn invite(&mut self, command: Command, name: &str) -> Result<Invitation> {
        self.ask(command).await?;
        let Answer::Invitations(all) = self.look(Query::Invitations).await? else { bail!("no invitations") };
        let code = all.into_iter().find(|one| one.name == name).context("the invitation")?.code;
        Ok(Invitation { path: format!("/#i={code}"), code })
    }

    /// Lets in a device that waits, after the codes were compared.
    ///
    /// # Errors
    ///
    /// When nobody of this name has a device.
    pub async fn let_in(&mut self, name: &str) -> Result<()> {
        let Answer::People(people) = self.look(Query::People).await? else { bail!("no people") };
        let mut devices = people.into_iter().filter(|person| person.name == name).flat_map(|it| it.devices);
        let device = devices.next().context("the device")?.device;
        self.ask(Command::LetIn { device }).await
    }

    /// Lets an inspector make visits, one after the other: `visit` says what is done in the one of a number. They are
    /// spread evenly over so many days until today.
    ///
    /// # Errors
    ///
    /// When any of it is refused or does not come through.
    pub async fn visits(
        &mut self,
        count: usize,
        days: usize,
        mut visit: impl FnMut(&mut Live, usize, SpaceId) -> Vec<Command>,
    ) -> Result<()> {
        let name = "许宁";
        let Invitation { code, .. } = self.invite(inviting(self.team, name), name).await?;
        let (at, live) = (self.live.add(name), &mut self.live);
        live.ask(at, Command::OpenInvitation { code }).await?;
        live.ask(at, Command::Join { passphrase: passphrase() }).await?;
        for day in 0..days {
            live.kill(at);
            live.device(at).clock_off = -DAY_MILLIS * (days - 1 - day) as i64;
            live.start(at);
            live.ask(at, Command::Unlock { passphrase: passphrase() }).await?;
            live.rest(at).await?;
            for number in count * day / days..count * (day + 1) / days {
                let requests: Vec<_> =
                    visit(live, number, self.team).into_iter().map(|it| live.device(at).ask(it)).collect();
                live.run(Duration::ZERO).await;
                for request in requests {
                    let answer = live.device(at).answer(request);
                    ensure!(answer == Some(&Ok(())), "visit {number}: {answer:?}");
                }
            }
            live.device(at).feed(Input::Hiding);
            live.rest(at).await?;
        }
        Ok(())
    }
}
