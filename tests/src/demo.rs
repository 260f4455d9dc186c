//! An office at work: members of every role, a city's units, three weeks of visits in all states, and what became of
//! them. It is made with the same engine and the same relay as by people, one command after the other.

mod city;
mod scenes;

use crate::live::{Live, now};
use crate::world::passphrase;
use anyhow::{Context, Result, bail, ensure};
use mingcha_core::command::{Command, ImportPart};
use mingcha_core::domain::{ChecklistDraft, Language, Question, Role, checklist};
use mingcha_core::engine::io::Input;
use mingcha_core::ids::{DatasetId, DocumentId, ItemId, SpaceId};
use mingcha_core::sheet;
use mingcha_core::view::{Access, Answer, DeviceStanding, PersonView, Query, VisitView};
use std::time::{Duration, Instant};

/// How many units, and how many visits.
pub const UNITS: usize = 300;
/// See [`UNITS`].
pub const VISITS: usize = 60;
/// How long to wait for something to come through the relay.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the links are good for.
const DAYS: u16 = 30;
const DAY: i64 = 86_400_000;

/// Who works there, by the numbers of their devices.
pub struct Office {
    /// The founder, who is coordinator and supervisor.
    pub founder: usize,
    /// A supervisor.
    pub supervisor: usize,
    teams: Vec<Team>,
    checklists: Vec<ItemId>,
}

/// A team with its two inspectors.
struct Team {
    space: SpaceId,
    inspectors: [usize; 2],
}

/// A link by which somebody joins.
pub struct Invited {
    /// As what.
    pub role: Role,
    /// Under what name.
    pub name: String,
    /// What follows `#i=` in the link.
    pub code: String,
}

/// Founds the office and lets three weeks pass in it.
///
/// # Errors
///
/// When something is refused or does not come through.
pub async fn fill(live: &mut Live, setup: &str) -> Result<Office> {
    let mut office = found(live, setup).await?;
    units(live, &office).await?;
    office.checklists = checklists(live, &office).await?;
    // Whoever joins from now on finds both.
    send(live, office.founder);
    live.rest(office.founder).await?;
    for (name, people) in
        [("第一组", ["王芳", "高伟"]), ("第二组", ["刘洋", "孙丽"]), ("第三组", ["何军", "吴倩"])]
    {
        let space = team(live, &office, name).await?;
        let mut inspectors = [0; 2];
        for (inspector, name) in inspectors.iter_mut().zip(people) {
            *inspector = join(live, &office, &[Role::Inspector], Some(space), name).await?;
        }
        office.teams.push(Team { space, inspectors });
    }
    office.supervisor = join(live, &office, &[Role::Supervisor], None, "周敏").await?;
    join(live, &office, &[Role::Coordinator], None, "赵静").await?;
    join(live, &office, &[Role::Investigator], None, "陈立").await?;
    let_in(live, &office).await?;
    is_in(live, office.supervisor).await?;
    scenes::play(live, &office).await?;
    for at in 0..live.len() {
        open_at(live, at, 0).await?;
    }
    Ok(office)
}

/// Makes a link for each role.
///
/// # Errors
///
/// When the relay does not take them.
pub async fn links(live: &mut Live, office: &Office) -> Result<Vec<Invited>> {
    let team = office.teams.first().map(|team| team.space);
    let mut links = Vec::new();
    for (role, name) in [
        (Role::Inspector, "新暗访员"),
        (Role::Supervisor, "新督查员"),
        (Role::Coordinator, "新综合组员"),
        (Role::Investigator, "新案件查处员"),
    ] {
        let team = team.filter(|_| role == Role::Inspector);
        let code = invite(live, office, &[role], team, name).await?;
        links.push(Invited { role, name: name.to_owned(), code });
    }
    Ok(links)
}

/// Lets everybody in who joined for the desk, as the founder would after comparing codes; how many.
///
/// # Errors
///
/// When the relay does not take it.
pub async fn let_in(live: &mut Live, office: &Office) -> Result<usize> {
    let mut count = 0;
    for person in people(live, office).await? {
        let waiting =
            person.devices.iter().filter(|one| matches!(one.standing, DeviceStanding::Waiting { .. }));
        for device in waiting {
            live.ask(office.founder, Command::LetIn { device: device.device }).await?;
            count += 1;
        }
    }
    Ok(count)
}

/// Waits until a device was let in, and has read what that gives it.
///
/// # Errors
///
/// When nobody lets it in.
pub async fn is_in(live: &mut Live, at: usize) -> Result<()> {
    let begun = Instant::now();
    while !matches!(live.access(at).await?.access, Access::Open(me) if me.waiting.is_none()) {
        ensure!(begun.elapsed() < PATIENCE, "device {at} is not let in");
        live.run(Duration::from_millis(5)).await;
    }
    live.rest(at).await
}

async fn people(live: &mut Live, office: &Office) -> Result<Vec<PersonView>> {
    match live.look(office.founder, Query::People).await? {
        Answer::People(people) => Ok(people),
        other => bail!("{other:?}"),
    }
}

async fn found(live: &mut Live, setup: &str) -> Result<Office> {
    let founder = live.add("李明");
    live.ask(founder, Command::MakeKit { language: Language::Chinese }).await?;
    let Access::Empty { kit: Some(words), .. } = live.access(founder).await?.access else { bail!("no kit") };
    let proof = [2_u8, 8].map(|at| (at, words[usize::from(at)].clone())).to_vec();
    let (office, name) = ("安州市效能办".into(), "李明".into());
    let found = Command::Found { setup: setup.to_owned(), office, name, passphrase: passphrase(), proof };
    live.ask(founder, found).await?;
    live.rest(founder).await?;
    Ok(Office { founder, supervisor: founder, teams: Vec::new(), checklists: Vec::new() })
}

/// Imports the city's units from a spreadsheet.
async fn units(live: &mut Live, office: &Office) -> Result<()> {
    let name = "安州市单位名录.csv".to_owned();
    let sheet = sheet::read(city::register().as_bytes(), &name).ok().context("the register")?;
    ensure!(sheet.rows.len() == UNITS && sheet.skipped.is_empty(), "{} units", sheet.rows.len());
    let (dataset, rows, part) = (DatasetId(live.bytes()), sheet.rows, ImportPart::Last);
    live.ask(office.founder, Command::ImportUnits { dataset, name, rows, part }).await
}

/// Publishes the checklist that the product ships, and one of the office's own.
async fn checklists(live: &mut Live, office: &Office) -> Result<Vec<ItemId>> {
    let own = ChecklistDraft {
        id: ItemId(live.bytes()),
        title: "整改回头看检查单".into(),
        questions: ["上次发现的问题是否已经改正？", "改正的措施是否公示？", "窗口负责人是否知道整改要求？"]
            .map(|text| Question::new(ItemId(live.bytes()), text.into()))
            .to_vec(),
    };
    let all = [checklist::builtin(Language::Chinese), own];
    let ids = all.iter().map(|checklist| checklist.id).collect();
    for checklist in all {
        live.ask(office.founder, Command::PublishChecklist { checklist }).await?;
    }
    Ok(ids)
}

async fn team(live: &mut Live, office: &Office, name: &str) -> Result<SpaceId> {
    live.ask(office.founder, Command::FormTeam { name: name.into() }).await?;
    let Answer::Teams(teams) = live.look(office.founder, Query::Teams).await? else { bail!("no teams") };
    Ok(teams.into_iter().find(|team| team.name == name).context("the team")?.team)
}

async fn invite(
    live: &mut Live,
    office: &Office,
    roles: &[Role],
    team: Option<SpaceId>,
    name: &str,
) -> Result<String> {
    let invite = Command::Invite { roles: roles.to_vec(), team, name: name.into(), days: DAYS };
    live.ask(office.founder, invite).await?;
    let Answer::Invitations(all) = live.look(office.founder, Query::Invitations).await? else {
        bail!("no invitations")
    };
    Ok(all.into_iter().find(|invitation| invitation.name == name).context("the invitation")?.code)
}

/// Invites somebody, who joins with a device of their own.
async fn join(
    live: &mut Live,
    office: &Office,
    roles: &[Role],
    team: Option<SpaceId>,
    name: &str,
) -> Result<usize> {
    let code = invite(live, office, roles, team, name).await?;
    let at = live.add(name);
    live.ask(at, Command::OpenInvitation { code }).await?;
    live.ask(at, Command::Join { passphrase: passphrase() }).await?;
    live.rest(at).await?;
    Ok(at)
}

/// Sets a device's clock to a moment so many days ago, at an hour and minute of that day, and opens the app anew: a clock
/// that jumps while the app is open looks like a connection that has been silent for days.
async fn set_clock(live: &mut Live, at: usize, days_ago: i64, (hour, minute): (i64, i64)) -> Result<()> {
    let now = now().0 as i64;
    // The city's day, which is eight hours ahead of universal time.
    let today = (now + 8 * 3_600_000) / DAY * DAY - 8 * 3_600_000;
    let then = today - days_ago * DAY + hour * 3_600_000 + minute * 60_000;
    open_at(live, at, then.min(now) - now).await
}

/// Opens the app on a device anew, with its clock off by so much.
async fn open_at(live: &mut Live, at: usize, clock_off: i64) -> Result<()> {
    live.kill(at);
    live.device(at).clock_off = clock_off;
    live.start(at);
    live.ask(at, Command::Unlock { passphrase: passphrase() }).await?;
    live.rest(at).await
}

/// Has a device send what it has not packed yet.
fn send(live: &mut Live, at: usize) {
    live.device(at).feed(Input::Hiding);
}

/// Waits until a device shows a visit as wanted.
async fn until(
    live: &mut Live,
    at: usize,
    visit: DocumentId,
    wanted: impl Fn(&VisitView) -> bool,
) -> Result<VisitView> {
    let begun = Instant::now();
    loop {
        if let Answer::Visit(Some(view)) = live.look(at, Query::Visit(visit)).await?
            && wanted(&view)
        {
            return Ok(*view);
        }
        ensure!(begun.elapsed() < PATIENCE, "the visit does not come");
        live.run(Duration::from_millis(5)).await;
    }
}
