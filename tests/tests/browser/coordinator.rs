//! A day of a coordinator: units, a checklist, people, an assignment, and how far it has come.

mod planning;
mod preparing;

use anyhow::Result;
use mingcha_core::domain::{Language, Severity};
use mingcha_core::view::Tick;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Device, Kind, RelayProcess, Report, Role, Word};

const PEOPLE: Word = Word("人员", "People");
const ASSIGNMENTS: Word = Word("派发", "Assignments");
const NORTH: Word = Word("北组", "North");
const UNIT: Word = Word("东城政务大厅", "East Hall");
const SEEN: Word = Word("9:10 到 9:40 窗口无人", "Nobody at the window from 9:10 to 9:40");
const FANG: Word = Word("方芳", "Fang");

#[tokio::test]
async fn a_day_of_a_coordinator_in_chinese() -> Result<()> {
    day(Language::Chinese).await
}

#[tokio::test]
async fn a_day_of_a_coordinator_in_english() -> Result<()> {
    day(Language::English).await
}

async fn day(language: Language) -> Result<()> {
    let relay = RelayProcess::start(Kind::Shipped)?;
    let mut desk = Device::desktop("coordinator", language, &relay)?;
    desk.found(&relay, "效能建设办公室", "李明").await?;
    desk.find(Role::Heading, Word("五步就绪", "Five steps to begin").say(language)).await?;
    desk.look("first-steps").await?;

    preparing::units(&desk).await?;
    preparing::checklist(&desk).await?;
    let mut phone = preparing::inspector(&desk, &relay).await?;
    let mut small = preparing::supervisor(&desk, &relay).await?;
    planning::assign(&desk).await?;
    planning::boards(&desk).await?;

    let report = Report {
        unit: desk.say(UNIT),
        notes: "…",
        category: "discipline.absent",
        severity: Severity::Grave,
        place: "3",
        person: "0317",
        seen: desk.say(SEEN),
    };
    phone.record(report).await?;
    phone.submit().await?;
    phone.stands(Tick::Held).await?;

    planning::coverage(&desk).await?;
    planning::look_back(&desk).await?;
    planning::taken_back(&desk).await?;
    preparing::lost_phone(&desk).await?;

    small.visit_page(ASSIGNMENTS).await?;
    small.lists(2).await?;
    small.look("assignments").await?;
    small.visit_page(PEOPLE).await?;
    small.see(small.say(FANG)).await?;
    small.look("people").await?;
    small.close().await?;
    phone.expected.push("401");
    phone.close().await?;
    desk.visit_page(w::DESK).await?;
    desk.close().await
}
