//! A day of a supervisor: looking through what came in, deciding, merging, and what is shown of it all.

use anyhow::{Context, Result, ensure};
use mingcha_core::domain::{Language, Severity};
use mingcha_core::view::Tick;
use mingcha_core::words;
use mingcha_tests::browser::words::{self as w, Word};
use mingcha_tests::browser::{Device, Kind, Office, Report, Role};
use serde_json::json;
use std::time::Duration;
use thirtyfour::common::print::PrintParameters;

const REVIEW: Word = Word("审核", "Review");
const FIGURES: Word = Word("数据", "Figures");
const REASON: Word = Word("理由", "Reason");
const REJECT: Word = Word("不实", "Reject");
const UNDONE: Word = Word("已撤销。", "Undone.");
const SEND_BACK: Word = Word("退回", "Send back");
const VIEWS: Word = Word("保存的视图…", "Saved views…");
const VIEW: Word = Word("视图", "View");
const VIEW_NAME: Word = Word("名称", "Name");
const SAVE_VIEW: Word = Word("保存视图", "Save the view");
const DELETE: Word = Word("删除", "Delete");
const RESTORE: Word = Word("恢复", "Restore");
const CLOSE: Word = Word("关闭", "Close");
const ALL: Word = Word("全部", "All");
const COLUMNS: Word = Word("显示列", "Columns");
const UNIT: Word = Word("单位", "Unit");
const TEAM: Word = Word("小组", "Team");
const EXPORT: Word = Word("导出", "Export");
const GIVEN: Word = Word("文件已交给浏览器保存。", "The file was given to the browser to save.");
const UNDO: Word = Word("撤销", "Undo");
const CONFIRM_TWO: Word = Word("确认这 2 个问题…", "Confirm these 2…");
const CONFIRMED_TWO: Word = Word("已确认 2 个问题。", "Confirmed 2 findings.");
const WAITING: Word = Word("待审", "Waiting for review");
const SETTLE: Word = Word("选定", "Choose value");
const SETTLE_AGAIN: Word = Word("改选", "Change");
const WHY: Word = Word("理由（可不填）", "Reason (may be empty)");
const WHY_CHOSEN: Word = Word("为什么这样选（可不填）", "Why you chose so (may be empty)");
const TAKE_OUT: Word = Word("移出", "Take out");
const UNIT_PAGE: Word = Word("单位的经过", "This unit over time");
const NUMBERS: Word = Word("查看数据表", "Show the table");
const ALIKE: Word = Word("可能是同一个问题", "Likely the same problem");
const EMPTY: Word = Word("没有待审的问题了。", "Nothing is waiting for review.");
const AGREE: Word = Word("走访之间是否一致", "How far the visits agree");
/// How long a list rests before it is kept.
const REST: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_day_of_a_supervisor_in_chinese() -> Result<()> {
    a_day(Language::Chinese).await
}

#[tokio::test]
async fn a_day_of_a_supervisor_in_english() -> Result<()> {
    a_day(Language::English).await
}

async fn a_day(language: Language) -> Result<()> {
    let mut office = Office::found(Kind::Shipped, language, "第七组").await?;
    office.desk.form_team("第八组").await?;
    what_came_in(&office, language).await?;
    let desk = &office.desk;
    a_list_is_arranged(desk).await?;
    exactly_the_list_goes_into_files_and_onto_paper(desk).await?;
    the_queue_is_gone_through(desk).await?;
    reports_are_merged(desk).await?;
    all_shown_are_decided_on_at_once(desk).await?;
    what_it_all_says(desk).await?;
    office.desk.close().await
}

/// Two teams at one unit, who saw the same differently, and one of them elsewhere.
async fn what_came_in(office: &Office, language: Language) -> Result<()> {
    let unit = office.units.street(4).1.to_owned();
    let other = office.units.street(9).1.to_owned();
    let mut north = office.phone("第七组", "方敏", language).await?;
    let absent = Report {
        unit: &unit,
        notes: "大厅里有十一人在等",
        category: "discipline.absent",
        severity: Severity::Grave,
        place: "3号窗口",
        person: "工号 0317",
        seen: "九点十分到九点四十，3号窗口无人，叫号停在 041，没有任何告示。",
    };
    north.record(absent).await?;
    north.answer(north.say(w::QUESTION_STAFFED), north.say(w::NO)).await?;
    north.submit().await?;
    north.stands(Tick::Held).await?;
    north.close().await?;
    let mut south = office.phone("第八组", "高翔", language).await?;
    south
        .record(Report {
            notes: "下午又去了一次",
            severity: Severity::Minor,
            seen: "3号窗口无人约半小时，叫号停在 041。",
            ..absent
        })
        .await?;
    south.answer(south.say(w::QUESTION_STAFFED), south.say(w::YES)).await?;
    south.submit().await?;
    south.click(Role::Button, south.say(w::BACK)).await?;
    south
        .record(Report {
            unit: &other,
            notes: "秩序尚可",
            category: "discipline.games",
            severity: Severity::Serious,
            seen: "柜台内两人打牌。",
            ..absent
        })
        .await?;
    south.submit().await?;
    south.stands(Tick::Held).await?;
    south.close().await
}

async fn a_list_is_arranged(desk: &Device) -> Result<()> {
    desk.visit_page(w::VISITS).await?;
    desk.lists(3).await?;
    desk.look("visits").await?;
    desk.click(Role::Button, &format!("{}…", desk.say(UNIT))).await?;
    sorted(desk, "ascending").await?;
    desk.click(Role::Button, &format!("{}…", desk.say(UNIT))).await?;
    sorted(desk, "descending").await?;
    desk.click(Role::Button, desk.say(COLUMNS)).await?;
    desk.click(Role::Check, desk.say(TEAM)).await?;
    desk.look("columns").await?;
    desk.click(Role::Button, desk.say(CLOSE)).await?;
    ensure!(heads(desk).await? == 6, "a column is hidden");
    desk.rewrite(desk.say(w::SEARCH), "十一人").await?;
    desk.lists(1).await?;
    desk.click(Role::Button, desk.say(VIEWS)).await?;
    desk.write(desk.say(VIEW_NAME), "等候的人").await?;
    desk.click(Role::Button, desk.say(SAVE_VIEW)).await?;
    desk.find(Role::Button, desk.say(DELETE)).await?;
    desk.look("views").await?;
    desk.click(Role::Button, desk.say(DELETE)).await?;
    desk.click(Role::Button, desk.say(RESTORE)).await?;
    desk.find(Role::Button, desk.say(DELETE)).await?;
    desk.click(Role::Button, desk.say(CLOSE)).await?;
    desk.click(Role::Button, desk.say(w::CLEAR)).await?;
    desk.lists(3).await?;
    desk.choose(desk.say(VIEW), "等候的人").await?;
    desk.lists(1).await?;
    tokio::time::sleep(REST).await;
    desk.driver()?.refresh().await?;
    desk.unlock().await?;
    desk.lists(1).await?;
    sorted(desk, "descending").await?;
    ensure!(heads(desk).await? == 6, "the choice of columns survives");
    desk.open_first().await?;
    desk.find(Role::Button, desk.say(SEND_BACK)).await?;
    desk.look("visit").await?;
    paper(desk, "visit").await?;
    desk.driver()?.back().await?;
    desk.lists(1).await?;
    sorted(desk, "descending").await?;
    desk.click(Role::Button, desk.say(w::CLEAR)).await?;
    desk.lists(3).await.map(drop)
}

async fn sorted(desk: &Device, direction: &str) -> Result<()> {
    let script = "return document.querySelector('th[aria-sort]')?.getAttribute('aria-sort')";
    desk.wait("the order", async || Ok((desk.run(script).await? == direction).then_some(()))).await
}

async fn heads(desk: &Device) -> Result<u64> {
    let heads = desk.run("return document.querySelectorAll('main .scroll thead th').length").await?;
    heads.as_u64().context("a number")
}

async fn exactly_the_list_goes_into_files_and_onto_paper(desk: &Device) -> Result<()> {
    desk.run(
        "window.files = []; const make = URL.createObjectURL;
         URL.createObjectURL = (blob) => { window.files.push(blob); return make.call(URL, blob); };
         window.printed = ''; window.print = () => {
           window.printed = document.querySelector('.paper').textContent;
           window.printedRows = document.querySelectorAll('.paper tbody tr').length;
         };",
    )
    .await?;
    desk.click(Role::Button, desk.say(EXPORT)).await?;
    desk.look("export").await?;
    desk.click(Role::Button, "CSV…").await?;
    desk.see(desk.say(GIVEN)).await?;
    let text = desk
        .run_async(
            "const bytes = new Uint8Array(await window.files[0].arrayBuffer());
             return [[...bytes.slice(0, 3)].join(), new TextDecoder().decode(bytes)];",
        )
        .await?;
    let csv = text[1].as_str().context("a text")?;
    ensure!(text[0] == "239,187,191", "a byte order mark: {}", text[0]);
    ensure!(csv.lines().count() == 4 && csv.contains("第八组"), "{csv}");
    desk.click(Role::Button, "Excel…").await?;
    let is_workbook = "const file = window.files[1]; if (!file) return false;
         return new TextDecoder().decode((await file.arrayBuffer()).slice(0, 2)) === 'PK';";
    desk.wait("a workbook", async || Ok((desk.run_async(is_workbook).await? == true).then_some(()))).await?;
    desk.click(Role::Button, desk.say(CLOSE)).await?;
    press(desk, "p", "ctrlKey: true").await?;
    desk.wait("the print", async || Ok((desk.run("return window.printedRows").await? == 3).then_some(())))
        .await?;
    let printed = desk.run("return window.printed").await?;
    ensure!(printed.as_str().is_some_and(|text| text.contains("效能建设办公室")), "{printed}");
    paper(desk, "visits").await
}

async fn the_queue_is_gone_through(desk: &Device) -> Result<()> {
    desk.visit_page(REVIEW).await?;
    at(desk, 1, 3).await?;
    desk.see(desk.say(ALIKE)).await?;
    desk.look("queue").await?;
    narrow(desk, "queue-narrow").await?;
    press(desk, "j", "").await?;
    at(desk, 2, 3).await?;
    press(desk, "k", "").await?;
    at(desk, 1, 3).await?;
    press(desk, "c", "").await?;
    at(desk, 1, 2).await?;
    press(desk, "z", "").await?;
    desk.see(desk.say(UNDONE)).await?;
    at(desk, 1, 3).await?;
    press(desk, "r", "").await?;
    let action = desk.find(Role::Button, desk.say(REJECT)).await?;
    ensure!(!action.is_enabled().await?, "a rejection has a reason");
    desk.write(desk.say(REASON), "打牌的是临时借用的会议室").await?;
    desk.look("reject").await?;
    desk.click(Role::Button, desk.say(REJECT)).await?;
    at(desk, 1, 2).await?;
    press(desk, "?", "").await?;
    desk.look("queue-keys").await?;
    desk.click(Role::Button, desk.say(CLOSE)).await
}

/// Waits until the queue stands at one of so many.
async fn at(desk: &Device, at: u32, of: u32) -> Result<()> {
    let said = format!("{at} / {of}");
    let shown = "return document.querySelector('.steps [role=status]')?.textContent";
    desk.wait(&said, async || Ok((desk.run(shown).await? == said).then_some(()))).await
}

async fn reports_are_merged(desk: &Device) -> Result<()> {
    press(desk, "m", "").await?;
    desk.see(desk.say(ALIKE)).await?;
    desk.see("041").await?;
    // The one that led here is selected already; the other is proposed, and joined there.
    let second = "…3号窗口无人约半小时";
    let first = "…九点十分";
    for label in [first, second] {
        let found = desk.find(Role::Check, label).await?;
        if !found.is_selected().await? {
            desk.click(Role::Check, label).await?;
        }
    }
    desk.write(desk.say(WHY_CHOSEN), "两次都有人看到").await?;
    desk.look("merge").await?;
    desk.rewrite(desk.say(w::PROBLEM), "3号窗口工作时间无人").await?;
    desk.click(Role::Button, desk.say(w::OPEN_MATTER)).await?;
    desk.find(Role::Heading, "3号窗口工作时间无人").await?;
    desk.see("两次都有人看到").await?;
    desk.see(desk.say(AGREE)).await?;
    desk.see("0%").await?;
    desk.look("matter").await?;
    paper(desk, "matter").await?;
    let severity = words::matter_field(mingcha_core::domain::MatterField::Severity, desk.language);
    desk.click(Role::Button, &format!("{} · {severity}", desk.say(SETTLE_AGAIN))).await?;
    desk.click(Role::Radio, words::severity(Severity::Minor, desk.language)).await?;
    desk.write(desk.say(WHY), "没有造成后果").await?;
    desk.look("settle").await?;
    desk.click(Role::Button, desk.say(SETTLE)).await?;
    desk.see("没有造成后果").await?;
    desk.click_in(Role::Button, desk.say(TAKE_OUT), "约半小时").await?;
    desk.click(Role::Button, desk.say(TAKE_OUT)).await?;
    desk.gone("约半小时").await
}

async fn all_shown_are_decided_on_at_once(desk: &Device) -> Result<()> {
    desk.visit_page(w::FINDINGS).await?;
    desk.lists(3).await?;
    desk.choose(desk.say(VIEW), desk.say(WAITING)).await?;
    desk.lists(2).await?;
    desk.click(Role::Button, desk.say(CONFIRM_TWO)).await?;
    desk.look("confirm-all").await?;
    desk.click(Role::Button, desk.say(CONFIRM_TWO)).await?;
    desk.see(desk.say(CONFIRMED_TWO)).await?;
    desk.lists(0).await?;
    desk.click(Role::Button, desk.say(UNDO)).await?;
    desk.see(desk.say(UNDONE)).await?;
    desk.lists(2).await?;
    desk.click(Role::Button, desk.say(CONFIRM_TWO)).await?;
    desk.click(Role::Button, desk.say(CONFIRM_TWO)).await?;
    desk.see(desk.say(CONFIRMED_TWO)).await?;
    desk.choose(desk.say(VIEW), desk.say(ALL)).await?;
    desk.lists(3).await?;
    desk.look("findings").await?;
    desk.visit_page(REVIEW).await?;
    desk.see(desk.say(EMPTY)).await?;
    desk.look("queue-empty").await
}

async fn what_it_all_says(desk: &Device) -> Result<()> {
    desk.visit_page(FIGURES).await?;
    desk.find(Role::Summary, desk.say(NUMBERS)).await?;
    desk.look("figures").await?;
    desk.click(Role::Summary, desk.say(NUMBERS)).await?;
    paper(desk, "figures").await?;
    narrow(desk, "figures-narrow").await?;
    desk.visit_page(w::MATTERS).await?;
    desk.lists(1).await?;
    desk.look("matters").await?;
    desk.open_first().await?;
    desk.click(Role::Button, desk.say(UNIT_PAGE)).await?;
    desk.see(desk.say(AGREE)).await?;
    desk.see("0%").await?;
    desk.look("unit").await
}

/// Presses a key, away from every field.
async fn press(desk: &Device, key: &str, held: &str) -> Result<()> {
    let script = format!(
        "document.activeElement?.blur(); document.body.dispatchEvent(new KeyboardEvent('keydown', {{ key: {}, bubbles: true, cancelable: true, {held} }}))",
        json!(key)
    );
    desk.run(&script).await.map(drop)
}

/// Looks at a page as narrow as a phone.
async fn narrow(desk: &Device, screen: &str) -> Result<()> {
    let cdp = desk.driver()?.cdp();
    let metrics = json!({ "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true });
    cdp.send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
    desk.look(screen).await?;
    cdp.send_raw("Emulation.clearDeviceMetricsOverride", json!({})).await.map(drop).map_err(Into::into)
}

/// Keeps a page as the printer would have it.
async fn paper(desk: &Device, screen: &str) -> Result<()> {
    let language = if desk.language == Language::Chinese { "zh" } else { "en" };
    let parameters = PrintParameters { background: true, ..PrintParameters::default() };
    let file = mingcha_tests::browser::target().join(format!("screenshots/{language}-{screen}.pdf"));
    let bytes = desk.driver()?.print_page(parameters).await?;
    ensure!(bytes.starts_with(b"%PDF"), "a PDF");
    Ok(std::fs::write(file, bytes)?)
}
