//! The office of `cargo xtask demo`, made at a real relay: everything that it promises to show is there.

use anyhow::{Context, Result, ensure};
use mingcha_core::command::Command;
use mingcha_core::domain::{ReviewState, Role, VisitState};
use mingcha_core::view::{Access, Answer, FindingFilter, MatterFilter, Merged, Query, VisitFilter, Window};
use mingcha_tests::demo::{self, UNITS, VISITS};
use mingcha_tests::live::{Live, Relay};
use mingcha_tests::world::passphrase;
use std::path::Path;

const ALL: Window = Window { first: 0, count: 1_000 };

#[tokio::test]
async fn the_office_has_people_of_every_role_units_visits_in_all_states_and_matters() -> Result<()> {
    let program =
        std::env::var_os("MINGCHA_RELAY").context("MINGCHA_RELAY says where the relay's program is")?;
    let folder = tempfile::tempdir()?;
    let mut relay = Relay::start(Path::new(&program), folder.path(), "127.0.0.1:0", &[]).await?;
    let setup = relay.setup()?;
    let mut live = Live::new(relay.address());
    let office = demo::fill(&mut live, &setup).await?;
    for at in [office.founder, office.supervisor] {
        let Access::Open(me) = live.access(at).await?.access else { anyhow::bail!("closed") };
        ensure!(me.units as usize == UNITS && me.checklists == 2, "{me:?}");
        let Answer::Visits(visits) = live.look(at, Query::Visits(VisitFilter::default(), ALL)).await? else {
            anyhow::bail!("no visits")
        };
        ensure!(visits.total as usize == VISITS, "{} visits", visits.total);
        let has = |state| visits.rows.iter().any(|row| row.state == state);
        ensure!(
            [VisitState::Draft, VisitState::Submitted, VisitState::SentBack, VisitState::Voided].map(has)
                == [true; 4]
        );
        ensure!(visits.rows.iter().any(|row| row.conflicts > 0), "no conflict");
        for state in
            [ReviewState::Waiting, ReviewState::Confirmed, ReviewState::Rejected, ReviewState::Disputed]
        {
            let filter = FindingFilter { review: Some(state), ..FindingFilter::default() };
            let Answer::Findings(rows) = live.look(at, Query::Findings(filter, ALL)).await? else {
                anyhow::bail!("no findings")
            };
            ensure!(rows.total > 0, "no finding is {state:?}");
        }
        let merged = FindingFilter { merged: Merged::Yes, ..FindingFilter::default() };
        let Answer::Findings(merged) = live.look(at, Query::Findings(merged, ALL)).await? else {
            anyhow::bail!("no findings")
        };
        let Answer::Matters(matters) = live.look(at, Query::Matters(MatterFilter::default(), ALL)).await?
        else {
            anyhow::bail!("no matters")
        };
        ensure!(matters.total >= 5 && merged.total > matters.total, "{} of {}", merged.total, matters.total);
    }
    let links = demo::links(&mut live, &office).await?;
    let roles: Vec<Role> = links.iter().map(|link| link.role).collect();
    ensure!(roles == [Role::Inspector, Role::Supervisor, Role::Coordinator, Role::Investigator]);
    let supervisor = links.into_iter().find(|link| link.role == Role::Supervisor).context("a link")?;
    let guest = live.add("guest");
    live.ask(guest, Command::OpenInvitation { code: supervisor.code }).await?;
    live.ask(guest, Command::Join { passphrase: passphrase() }).await?;
    live.rest(guest).await?;
    ensure!(demo::let_in(&mut live, &office).await? == 1, "the guest waits");
    demo::is_in(&mut live, guest).await?;
    let Answer::Visits(visits) = live.look(guest, Query::Visits(VisitFilter::default(), ALL)).await? else {
        anyhow::bail!("no visits")
    };
    ensure!(visits.total as usize == VISITS, "the guest sees {} visits", visits.total);
    Ok(())
}
