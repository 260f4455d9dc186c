//! Units, a checklist, people and their devices.

use super::{FANG, NORTH, PEOPLE};
use anyhow::{Context, Result, ensure};
use mingcha_core::domain::Role as Works;
use mingcha_core::words;
use mingcha_tests::browser::steps::PASSPHRASE;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Device, Engine, RelayProcess, Role, Size, Word};
use std::fmt::Write as _;

const UNDO: Word = Word("撤销导入", "Undo import");

/// A table whose headers nobody could guess, with rows that are wrong, and parents by name.
pub async fn units(desk: &Device) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("units.csv");
    std::fs::write(&file, register(desk))?;
    desk.visit_page(w::UNITS).await?;
    desk.write(desk.say(w::CHOOSE_FILE), file.to_str().context("a plain path")?).await?;
    desk.see(desk.say(Word("还认不出单位", "No units recognised yet"))).await?;
    desk.choose("代码", desk.say(Word("单位代码", "Code"))).await?;
    desk.choose("纬度", desk.say(Word("纬度", "Latitude"))).await?;
    desk.choose("经度", desk.say(Word("经度", "Longitude"))).await?;
    desk.choose("叫什么", desk.say(Word("单位名称", "Name"))).await?;
    desk.see(desk.say(Word("可导入 27 个单位；2 行有问题", "27 units can be imported; 2 rows have"))).await?;
    desk.choose("归谁", desk.say(Word("上级单位（代码或名称）", "Unit above (code or name)"))).await?;
    desk.find(Role::Button, desk.say(Word("导入 27 个单位", "Import 27 units"))).await?;
    desk.see(desk.say(Word("没有名称，未导入", "No name: left out"))).await?;
    desk.look("import-preview").await?;
    desk.click(Role::Button, desk.say(w::IMPORT_UNITS)).await?;
    desk.find(Role::Button, desk.say(UNDO)).await?;
    desk.look("imported").await?;

    desk.click(Role::Button, desk.say(UNDO)).await?;
    desk.click(Role::Button, desk.say(UNDO)).await?;
    desk.see(desk.say(Word("这次导入已撤销", "This import was undone"))).await?;
    let again = std::fs::read_to_string(&file)?.replacen("代码,叫什么,归谁", "code,name,parent", 1);
    std::fs::write(&file, again)?;
    desk.import(&file).await.map(drop)
}

/// Two districts with halls that have a place each, a row without a name, and a place that is none on earth.
fn register(desk: &Device) -> String {
    let east = desk.say(Word("东城区", "East District"));
    let west = desk.say(Word("西城区", "West District"));
    let mut text = String::from("\u{feff}代码,叫什么,归谁,纬度,经度\r\n");
    for (code, name) in [("D1", east), ("D2", west)] {
        let _ = write!(text, "{code},{name},,,\r\n");
    }
    let hall = desk.say(Word("东城政务大厅", "East Hall"));
    let _ = write!(text, "E0,{hall},{east},39.93,116.42\r\n");
    for at in 1..12_i32 {
        let name = desk.say(Word("东窗口", "East Window"));
        let (north, east_of) = (39_900 + at * 37 % 61, 116_400 + at * 53 % 79);
        let _ = write!(
            text,
            "E{at},{name} {at},{east},{}.{:03},{}.{:03}\r\n",
            north / 1000,
            north % 1000,
            east_of / 1000,
            east_of % 1000
        );
    }
    for at in 1..13_i32 {
        let name = desk.say(Word("西站所", "West Station"));
        let (north, east_of) = (39_880 + at * 29 % 67, 116_290 + at * 41 % 83);
        let _ = write!(
            text,
            "W{at},{name} {at},{west},{}.{:03},{}.{:03}\r\n",
            north / 1000,
            north % 1000,
            east_of / 1000,
            east_of % 1000
        );
    }
    text.push_str("X1,,D1,,\r\nX2,没有位置,D1,139.9,116.4\r\n");
    text
}

/// The built-in checklist, and one with a condition, tried as the phone shows it.
pub async fn checklist(desk: &Device) -> Result<()> {
    desk.take_built_in_checklist().await?;
    desk.click(Role::Button, desk.say(w::WRITE_ONE)).await?;
    desk.write(desk.say(w::TITLE), desk.say(Word("排队检查", "Queues"))).await?;
    desk.write(desk.say(w::QUESTION), desk.say(Word("有人排队吗", "Is anybody queueing"))).await?;
    desk.click(Role::Button, desk.say(Word("加一题", "Add a question"))).await?;
    let second = desk.say(Word("等了多久", "How long did they wait"));
    let two = desk.say(Word("第 2 题", "Question 2"));
    let field = desk.find_in(Role::Field, desk.say(w::QUESTION), two).await?;
    field.send_keys(second).await?;
    let kind = desk.say(Word("怎么回答", "Kind of answer"));
    choose_in(desk, kind, words::asked(mingcha_core::domain::Asked::Number, desk.language), two).await?;
    desk.click_in(Role::Summary, "…", two).await?;
    let first = desk.say(Word("1. 有人排队吗", "1. Is anybody queueing"));
    desk.choose(desk.say(Word("只在前面这一题", "Only when this earlier question")), first).await?;
    let answered = desk.say(Word("答了以下之一时问", "has one of these answers"));
    desk.click_in(Role::Check, desk.say(w::YES), answered).await?;
    desk.look("checklist-editor").await?;

    // The second question is asked once the first is answered so.
    let shown = "return document.querySelector('.as-phone').innerText";
    let before = desk.run(shown).await?;
    ensure!(!before.as_str().unwrap_or_default().contains(second), "{before}");
    desk.click_in(Role::Radio, desk.say(w::YES), desk.say(Word("有人排队吗", "Is anybody queueing"))).await?;
    desk.wait("the second question", async || {
        let now = desk.run(shown).await?;
        Ok(now.as_str().unwrap_or_default().contains(second).then_some(()))
    })
    .await?;

    // Moving a question above the one it depends on is said, and undone by moving it back.
    let up = format!("{} · {two}", desk.say(Word("上移", "Move up")));
    desk.click(Role::Button, &up).await?;
    desk.see(desk.say(Word("条件所指的题已不在前面", "The question of the condition no longer comes")))
        .await?;
    let down = desk.say(Word("下移 · 第 1 题", "Move down · Question 1"));
    desk.click(Role::Button, down).await?;
    desk.click(Role::Button, desk.say(Word("删除 · 第 2 题", "Delete · Question 2"))).await?;
    desk.click(Role::Button, desk.say(Word("撤销", "Undo"))).await?;

    // Nothing is lost by going elsewhere. A draft is kept once it has rested for a moment.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    desk.visit_page(w::CHECKLISTS).await?;
    desk.see(desk.say(Word("未发布的修改", "not published yet"))).await?;
    desk.click(Role::Link, desk.say(Word("排队检查…", "Queues…"))).await?;
    desk.see(desk.say(Word("这是上次没发布的修改", "This is what you had not published"))).await?;
    desk.click(Role::Button, desk.say(w::PUBLISH)).await?;
    desk.see(desk.say(Word("2 题 · 第 1 版", "2 questions · version 1"))).await?;
    desk.look("checklists").await
}

async fn choose_in(desk: &Device, label: &str, choice: &str, group: &str) -> Result<()> {
    let select = desk.find_in(Role::Select, label, group).await?;
    let script = "const [select, choice] = arguments;
        const option = [...select.options].find((one) => one.textContent.trim() === choice);
        if (!option) return false;
        select.value = option.value;
        select.dispatchEvent(new Event('change', { bubbles: true }));
        return true;";
    let done = desk.driver()?.execute(script, vec![select.to_json()?, choice.into()]).await?;
    ensure!(*done.json() == true, "{label} does not offer {choice}");
    Ok(())
}

/// A team, and an inspector on a phone.
pub async fn inspector(desk: &Device, relay: &RelayProcess) -> Result<Device> {
    desk.form_team(desk.say(NORTH)).await?;
    let invitation = desk.invite(desk.say(NORTH), desk.say(FANG)).await?;
    desk.look("people-invitation").await?;
    let mut phone = Device::phone("fang", desk.language, relay)?;
    phone.join_by_link(&invitation).await?;
    Ok(phone)
}

/// A supervisor on a small screen, let in after both sides show the same code; and an invitation taken back.
pub async fn supervisor(desk: &Device, relay: &RelayProcess) -> Result<Device> {
    let gao = desk.say(Word("高洁", "Gao"));
    desk.visit_page(PEOPLE).await?;
    invite_to_desk(desk, desk.say(Word("误发", "Mistake"))).await?;
    let take_back = desk.say(Word("收回 · 误发", "Withdraw · Mistake"));
    desk.click(Role::Button, take_back).await?;
    desk.click(Role::Button, desk.say(Word("收回", "Withdraw"))).await?;
    desk.gone(take_back).await?;

    invite_to_desk(desk, gao).await?;
    let code = desk
        .wait("the invitation", async || {
            let code = format!(
                "return [...document.querySelectorAll('.invitation')].find((one) =>
                   one.querySelector('h3').textContent === {gao:?} && one.innerText.includes({:?}))
                   ?.querySelector('.link-text').textContent",
                desk.say(w::INVITATION_OPEN)
            );
            Ok(desk.run(&code).await?.as_str().map(str::to_owned))
        })
        .await?;
    let (_, secret) = code.split_once("/#").context("a link with a secret")?;
    let mut small = Device::new("gao", Engine::Chromium, Size::Phone, desk.language, relay)?;
    small.open(&format!("/#{secret}")).await?;
    small.speak().await?;
    small.write(small.say(w::PASSPHRASE), PASSPHRASE).await?;
    small.write(small.say(w::PASSPHRASE_AGAIN), PASSPHRASE).await?;
    small.click(Role::Button, small.say(w::JOIN)).await?;
    let shown = "return document.querySelector('.waits b')?.textContent ?? ''";
    let patience = std::time::Duration::from_secs(60);
    let code = small
        .wait_for("the code", patience, async || {
            let code = small.run(shown).await?.as_str().unwrap_or_default().to_owned();
            Ok((!code.is_empty()).then_some(code))
        })
        .await?;
    small.find(Role::Heading, small.say(w::DESK)).await?;
    small.look("waiting").await?;
    desk.see(&code).await?;
    desk.look("people-waiting").await?;
    desk.click(Role::Button, desk.say(Word("一致，放行…", "Same: let in…"))).await?;
    small.wait("to be let in", async || Ok((small.run(shown).await? == "").then_some(()))).await?;
    desk.gone(&code).await?;
    Ok(small)
}

async fn invite_to_desk(desk: &Device, name: &str) -> Result<()> {
    desk.click(Role::Button, desk.say(Word("邀请人员", "Invite somebody"))).await?;
    desk.write(desk.say(w::NAME), name).await?;
    desk.click(Role::Check, words::role(Works::Inspector, desk.language)).await?;
    desk.click(Role::Check, words::role(Works::Supervisor, desk.language)).await?;
    desk.look("invite").await?;
    desk.click(Role::Button, desk.say(w::MAKE_INVITATION)).await?;
    desk.find(Role::Heading, name).await.map(drop)
}

/// The inspector's phone is lost.
pub async fn lost_phone(desk: &Device) -> Result<()> {
    desk.visit_page(PEOPLE).await?;
    let lost = format!("{} · {}…", desk.say(Word("挂失停用", "Lost: block it")), desk.say(FANG));
    desk.click(Role::Button, &lost).await?;
    desk.see(desk.say(Word("停用不能撤销", "Blocking cannot be undone"))).await?;
    desk.look("block").await?;
    desk.click(Role::Button, desk.say(Word("停用这台设备", "Block this device"))).await?;
    desk.see(desk.say(Word("已停用", "blocked"))).await?;
    desk.look("people").await
}
