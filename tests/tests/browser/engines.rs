//! The main path in the other engines. The relay goes away and the page is loaded again, where Chromium's browser is
//! closed and opened.

use anyhow::Result;
use mingcha_core::domain::{Language, Severity};
use mingcha_core::view::Tick;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Device, Engine, GeneratedUnits, Kind, Order, RelayProcess, Report, Role, Size};

const TEAM: &str = "第五组";

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
    phone.close().await?;
    desk.close().await
}
