//! Assignments, boards, coverage and the map.

use super::{ASSIGNMENTS, NORTH, SEEN, UNIT};
use anyhow::{Result, ensure};
use mingcha_core::domain::Mode;
use mingcha_core::words;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Device, Role, Word};

const NEW: Word = Word("新建派发", "New assignment");
const TITLE: Word = Word("十一月暗访", "November visits");
const AGAIN: Word = Word("大厅回头看", "Look back at the hall");
const TEAM: Word = Word("小组", "Team");
const MODE: Word = Word("方式", "Mode");
const SEND: Word = Word("派发", "Assign");

/// All units of a district and one more are assigned; what is begun is not lost by going away.
pub async fn assign(desk: &Device) -> Result<()> {
    desk.visit_page(ASSIGNMENTS).await?;
    desk.look("assignments-none").await?;
    desk.click(Role::Button, desk.say(NEW)).await?;
    desk.click(Role::Button, desk.say(SEND)).await?;
    desk.see(desk.say(Word("至少一个单位都要有", "at least one unit are needed"))).await?;
    desk.write(desk.say(w::TITLE), desk.say(TITLE)).await?;
    desk.choose(desk.say(TEAM), desk.say(NORTH)).await?;
    desk.choose(desk.say(w::CHECKLIST), desk.say(w::BUILT_IN)).await?;
    desk.write(desk.say(Word("重点看什么", "What to look at")), "9:00–9:30").await?;
    desk.click(Role::Button, desk.say(Word("东城区…", "East District…"))).await?;
    desk.click(Role::Button, desk.say(Word("全选这 13 个", "Choose all 13"))).await?;
    desk.see(desk.say(Word("已选 13 个", "13 chosen"))).await?;
    let extra = desk.say(Word("没有位置", "没有位置"));
    desk.click(Role::Button, &format!("{} · {extra}", desk.say(Word("移除", "Remove")))).await?;
    desk.see(desk.say(Word("已选 12 个", "12 chosen"))).await?;
    desk.look("assign").await?;

    // A draft is kept once it has rested for a moment.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    desk.visit_page(ASSIGNMENTS).await?;
    desk.see(desk.say(Word("没写完的派发", "Assignments not finished"))).await?;
    desk.click(Role::Link, desk.say(Word("继续写", "Go on"))).await?;
    desk.holds(desk.say(w::TITLE), desk.say(TITLE)).await?;
    desk.see(desk.say(Word("已选 12 个", "12 chosen"))).await?;
    desk.click(Role::Button, desk.say(SEND)).await?;
    desk.find(Role::Heading, desk.say(TITLE)).await?;
    desk.see(desk.say(Word("12 个单位，已走访 0", "0 of 12 units visited"))).await?;
    desk.look("assignment").await
}

pub async fn boards(desk: &Device) -> Result<()> {
    desk.visit_page(ASSIGNMENTS).await?;
    let rows = desk.lists(1).await?;
    ensure!(rows[0].contains("0 / 12"), "{rows:?}");
    desk.look("assignments").await?;
    desk.click(Role::Radio, desk.say(Word("按期限", "By date"))).await?;
    desk.find(Role::Link, &format!("{}…", desk.say(TITLE))).await?;
    desk.look("board-dates").await?;
    desk.click(Role::Radio, desk.say(Word("按小组", "By team"))).await?;
    desk.look("board-teams").await?;
    desk.run(
        "document.activeElement?.blur(); window.dispatchEvent(new KeyboardEvent('keydown', { key: 'j' }))",
    )
    .await?;
    desk.wait("the card to have the focus", async || {
        Ok((desk.run("return document.activeElement.className").await? == "task").then_some(()))
    })
    .await?;
    desk.click(Role::Radio, desk.say(Word("列表", "List"))).await
}

/// A visit was handed in: it shows in the bars, on the map, and is reached by the keyboard alone.
pub async fn coverage(desk: &Device) -> Result<()> {
    use thirtyfour::prelude::*;
    desk.click(Role::Link, desk.say(Word("进展与地图", "Coverage and map"))).await?;
    desk.see(desk.say(Word("已走访 1", "1 visited"))).await?;
    let spots = desk.run("return document.querySelectorAll('.unit-spot').length").await?;
    ensure!(spots == 12, "{spots} units on the map");
    let found = desk.driver()?.find(By::Css(".unit-spot:has(.found)")).await?;
    ensure!(
        found.attr("aria-label").await?.is_some_and(|label| label.starts_with(desk.say(UNIT))),
        "the hall is marked"
    );
    desk.run("document.querySelector('.unit-spot[tabindex=\"0\"]').focus()").await?;
    for key in ["ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"] {
        let script = format!(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true }}))"
        );
        desk.run(&script).await?;
    }
    desk.run("document.querySelector('.unit-spot:has(.found)').focus()").await?;
    desk.see(&format!("{} · ", desk.say(UNIT))).await?;
    desk.look("coverage").await?;
    desk.click(Role::Button, desk.say(Word("放大", "Zoom in"))).await?;
    desk.look("coverage-zoomed").await?;
    desk.click(Role::Button, desk.say(Word("全图", "Whole map"))).await?;
    desk.click(Role::Summary, desk.say(Word("把地图上的单位列成表", "The units of the map as a table")))
        .await?;
    desk.look("coverage-table").await?;
    desk.run(
        "const spot = document.querySelector('.unit-spot:has(.found)'); spot.focus();
         spot.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))",
    )
    .await?;
    desk.see(desk.say(SEEN)).await
}

/// A look-back takes an earlier finding with it.
pub async fn look_back(desk: &Device) -> Result<()> {
    desk.visit_page(ASSIGNMENTS).await?;
    desk.click(Role::Button, desk.say(NEW)).await?;
    desk.write(desk.say(w::TITLE), desk.say(AGAIN)).await?;
    desk.choose(desk.say(TEAM), desk.say(NORTH)).await?;
    desk.choose(desk.say(MODE), words::mode(Mode::LookBack, desk.language)).await?;
    desk.click(Role::Button, desk.say(Word("选以前的问题", "Choose earlier findings"))).await?;
    desk.click(Role::Check, &format!("{}…", desk.say(SEEN))).await?;
    desk.look("choose-earlier").await?;
    desk.click(Role::Button, desk.say(Word("选好了", "Done"))).await?;
    desk.see(desk.say(Word("已选 1 个", "1 chosen"))).await?;
    desk.look("assign-look-back").await?;
    desk.click(Role::Button, desk.say(SEND)).await?;
    desk.find(Role::Heading, desk.say(AGAIN)).await?;
    desk.see(desk.say(SEEN)).await?;
    desk.look("assignment-look-back").await
}

/// Taking it back asks for a reason; it can be given again.
pub async fn taken_back(desk: &Device) -> Result<()> {
    let withdraw = desk.say(Word("撤回", "Withdraw"));
    desk.click(Role::Button, withdraw).await?;
    desk.write(desk.say(Word("原因", "Reason")), "已经整改").await?;
    desk.click(Role::Button, withdraw).await?;
    desk.see("已经整改").await?;
    desk.look("assignment-withdrawn").await?;
    desk.click(Role::Button, desk.say(Word("修改后再派", "Edit and reassign"))).await?;
    desk.rewrite(desk.say(w::TITLE), desk.say(TITLE)).await?;
    desk.click(Role::Button, desk.say(Word("改派", "Change the assignment"))).await?;
    desk.find(Role::Heading, desk.say(TITLE)).await?;
    desk.find(Role::Button, withdraw).await.map(drop)
}
