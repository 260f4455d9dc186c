//! The main path in the other engines. The relay goes away and the page is loaded again, where Chromium's browser is
//! closed and opened.

use anyhow::Result;
use mingcha_core::domain::{Language, Severity};
use mingcha_core::view::Tick;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{
    Device, Engine, GeneratedUnits, Kind, Order, RelayProcess, Report, Role, Size, Word,
};

const TEAM: &str = "第五组";
const ASSIGNED: Word = Word("派发", "Assigned");
const REVIEW: Word = Word("审核", "Review");
const QUEUE_EMPTY: Word = Word("没有待审的问题了。", "Nothing is waiting for review.");
const FIGURES: Word = Word("数据", "Figures");
const NUMBERS: Word = Word("查看数据表", "Show the table");

#[tokio::test]
async fn the_main_path_in_firefox() -> Result<()> {
    main_path(Engine::Firefox).await
}

#[tokio::test]
async fn the_main_path_in_webkit() -> Result<()> {
    main_path(Engine::WebKit).await
}

async fn main_path(engine: Engine) -> Result<()> {
    let relay = RelayProcess::start(Kind::Shipped)?;
    let mut desk = Device::new("desk", engine, Size::Desktop, Language::Chinese, &relay)?;
    desk.found(&relay, "效能办", "李明").await?;
    let units = GeneratedUnits::new(3, 30);
    let folder = tempfile::tempdir()?;
    desk.import(&units.streets_csv(folder.path(), Order::Mixed)?).await?;
    desk.take_built_in_checklist().await?;
    desk.form_team(TEAM).await?;
    let invitation = desk.invite(TEAM, "王芳").await?;

    let mut phone = Device::new("phone", engine, Size::Phone, Language::Chinese, &relay)?;
    phone.join_by_code(&invitation).await?;
    phone.ready_for_offline().await?;
    phone.network.cut();
    let unit = units.street(6).1;
    let report = Report {
        unit,
        notes: "门口排了十一个人",
        category: "discipline.absent",
        severity: Severity::Serious,
        place: "3号窗口",
        person: "工号 0317",
        seen: "窗口半小时无人",
    };
    phone.record(report).await?;
    phone.answer(phone.say(w::QUESTION_STAFFED), phone.say(w::NO)).await?;
    phone.stands(Tick::Saved).await?;
    phone.submit().await?;
    phone.is_saved().await?;
    // Done by the page: the driver's own reload goes past the service worker.
    phone.run("setTimeout(() => location.reload(), 0)").await?;
    phone.find(Role::Button, phone.say(w::UNLOCK)).await?;
    phone.unlock().await?;
    phone.holds(phone.say(w::NOTES), report.notes).await?;
    phone.network.restore();
    phone.stands(Tick::Held).await?;

    desk.visit_page(w::VISITS).await?;
    let rows = desk.lists(1).await?;
    anyhow::ensure!(rows[0].contains(report.notes), "{rows:?}");
    desk.open_first().await?;
    desk.see(report.seen).await?;
    desk.look("visit").await?;
    phone.stands(Tick::Read).await?;
    phone.look("record-read").await?;
    phone.click(Role::Button, phone.say(w::BACK)).await?;
    phone.visit_page(ASSIGNED).await?;
    phone.look("assignments").await?;
    phone.close().await?;
    the_desk_decides(&desk, report.seen).await?;
    desk.close().await
}

/// The pages of the desk beside the lists: here they have only to work as in Chromium, where whole days are walked.
async fn the_desk_decides(desk: &Device, seen: &str) -> Result<()> {
    desk.visit_page(REVIEW).await?;
    desk.see(seen).await?;
    desk.look("queue").await?;
    desk.run("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'c', bubbles: true, cancelable: true }))")
        .await?;
    desk.see(desk.say(QUEUE_EMPTY)).await?;
    desk.visit_page(FIGURES).await?;
    desk.find(Role::Summary, desk.say(NUMBERS)).await?;
    desk.look("figures").await?;
    for (page, screen) in [(ASSIGNED, "assignments"), (w::PEOPLE, "people"), (w::CHECKLISTS, "checklists")] {
        desk.visit_page(page).await?;
        desk.find(Role::Heading, desk.say(page)).await?;
        desk.look(screen).await?;
    }
    Ok(())
}
