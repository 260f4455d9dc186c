//! A day of an inspector: assignments, notes, questions, a look-back and a mistake, most of it without a network; the
//! work carried by a colleague's phone; what came back amended; and the phone itself.

mod office;

use anyhow::{Context, Result, bail, ensure};
use mingcha_core::command::Command;
use mingcha_core::domain::{Language, Mode, Role as Duty, Severity, VisitState};
use mingcha_core::view::{Answer, DeviceStanding, Query, Tick};
use mingcha_core::words;
use mingcha_tests::browser::steps::PASSPHRASE;
use mingcha_tests::browser::words::{self as w, Word};
use mingcha_tests::browser::{Backroom, Device, Kind, Report, Role};
use mingcha_tests::world::inviting;
use office::{
    BUREAU, FIRST, HALL, HOW_LONG, LOOK_AT, MENDED_BEFORE, SECOND, SIGNED, STAFFED, STATION, STILL,
    SUGGESTED, TAX, WHO_SAID, WHY, assign, units,
};
use serde_json::json;
use std::path::PathBuf;
use thirtyfour::By;

const TEAM: &str = "第一组";

const REASON: Word = Word("请补上看到的时间", "Please add when you saw it");
const NOTE: Word = Word("大门口有人发号", "Somebody hands out numbers at the door");

const ASSIGNED: Word = Word("派发", "Assigned");
const WAITING: Word = Word("这台设备等待放行", "This device waits to be let in");
const BEGIN: Word = Word("开始", "Begin");
const MODE: Word = Word("方式", "Mode");
const MORE: Word = Word("更多", "More");
const VOID: Word = Word("作废", "Void");
const NEAR: Word = Word("按距离排序", "Nearest first");
const NEAR_REFUSED: Word = Word("浏览器没有允许取位置", "The browser does not allow");
const SUBMIT_ANYWAY: Word = Word("就这样提交", "Submit as it is");
const STILL_SO: Word = Word("未整改", "Not put right");
const MENDED: Word = Word("已整改", "Put right");
const SENT_BACK: Word = Word("退回，待修改", "Sent back to be amended");
const GO_ON_WORKING: Word = Word("继续修改", "Continue editing");
const EXPORT: Word = Word("存成加密文件", "Save as a sealed file");
const CARRY: Word = Word("没有网络时，用文件送", "Without a network: by file");
const IMPORT: Word = Word("替同事送：选他的文件", "Send for a colleague: choose their file");
const IMPORTED: Word = Word("已收下", "Taken in");
const CHANGE_PASSPHRASE: Word = Word("换口令", "Change the passphrase");
const OLD_PASSPHRASE: Word = Word("现在的口令", "Current passphrase");
const NEW: Word = Word("新口令", "New passphrase");
const CHANGE: Word = Word("更换", "Change");
const CHANGED: Word = Word("口令已更换", "Changed.");
const NEW_PASSPHRASE: &str = "copper lantern sixteen rivers";

#[tokio::test]
async fn a_day_of_an_inspector_in_chinese() -> Result<()> {
    a_day(Language::Chinese).await
}

#[tokio::test]
async fn a_day_of_an_inspector_in_english() -> Result<()> {
    a_day(Language::English).await
}

/// Without an assignment too: what a look-back re-examines is chosen from what the team found there before.
#[tokio::test]
async fn an_inspector_at_a_wide_screen_looks_back_on_own_findings() -> Result<()> {
    let language = Language::English;
    let mut office = Backroom::found(Kind::Shipped, TEAM, units()).await?;
    assign(&mut office, language).await?;
    let invitation = office.invite(inviting(office.team, "Fang"), "Fang").await?;
    let mut desk = Device::desktop("Fang", language, &office.relay)?;
    desk.join_by_link(&invitation).await?;
    desk.click(Role::Link, &format!("{}…", desk.say(ASSIGNED))).await?;
    desk.look("assignments").await?;
    desk.click(Role::Link, &format!("{}…", desk.say(FIRST))).await?;
    desk.look("assignment").await?;

    desk.visit_page(w::RECORDS).await?;
    let seen = "No queue machine";
    let (notes, category, severity) = ("", "discipline.absent", Severity::Minor);
    let report = Report { unit: STATION, notes, category, severity, place: "door", person: "", seen };
    desk.record(report).await?;
    desk.submit().await?;
    desk.new_record().await?;
    desk.pick_unit(STATION, STATION).await?;
    desk.choose("Mode", words::mode(Mode::LookBack, language)).await?;
    desk.click(Role::Button, "Choose earlier findings").await?;
    desk.click(Role::Check, &format!("{seen}…")).await?;
    desk.look("look-back-choose").await?;
    desk.click(Role::Button, "Close").await?;
    desk.see("Then · ").await?;
    desk.click_in(Role::Button, &format!("{}…", desk.say(STILL_SO)), seen).await?;
    desk.holds(desk.say(w::PLACE), "door").await?;
    desk.click(Role::Button, desk.say(w::DONE)).await?;
    desk.find(Role::Link, &format!("{}…", desk.say(STILL_SO))).await?;
    desk.look("look-back-own").await?;
    desk.submit().await?;
    let row = office.visit(|row| row.mode == Mode::LookBack).await?;
    let Answer::Visit(Some(visit)) = office.look(Query::Visit(row.visit)).await? else { bail!("no visit") };
    let shown =
        visit.examines.first().and_then(|examined| examined.shown.as_ref()).context("what was found")?;
    ensure!(shown.seen == seen, "{shown:?}");
    desk.close().await
}

#[tokio::test]
async fn a_device_that_waits_to_be_let_in_shows_its_code() -> Result<()> {
    let mut office = Backroom::found(Kind::Shipped, TEAM, units()).await?;
    let (roles, name) = (vec![Duty::Supervisor], "周正");
    let invitation =
        office.invite(Command::Invite { roles, team: None, name: name.into(), days: 3 }, name).await?;
    let mut phone = Device::phone(name, Language::Chinese, &office.relay)?;
    phone.open(&invitation.path).await?;
    phone.speak().await?;
    phone.write(phone.say(w::PASSPHRASE), PASSPHRASE).await?;
    phone.write(phone.say(w::PASSPHRASE_AGAIN), PASSPHRASE).await?;
    phone.click(Role::Button, phone.say(w::JOIN)).await?;
    phone.find(Role::Heading, phone.say(w::DESK)).await?;
    phone.visit_page(w::ME).await?;
    phone.see(phone.say(WAITING)).await?;
    phone.look("me-waiting").await?;
    let shown = phone.run("return document.querySelector('.big-code').textContent").await?;
    let shown = shown.as_str().context("a code")?.to_owned();
    let Answer::People(people) = office.look(Query::People).await? else { bail!("no people") };
    let mut devices = people.into_iter().filter(|person| person.name == name).flat_map(|it| it.devices);
    let device = devices.next().context("the device")?;
    ensure!(device.standing == DeviceStanding::Waiting { code: shown }, "{device:?}");
    office.ask(Command::LetIn { device: device.device }).await?;
    phone.gone(phone.say(WAITING)).await?;
    phone.close().await
}

async fn a_day(language: Language) -> Result<()> {
    let mut office = Backroom::found(Kind::Shipped, TEAM, units()).await?;
    assign(&mut office, language).await?;
    let mut phone = office.phone("王芳", language).await?;
    let mut colleague = office.phone("赵敏", language).await?;
    phone.see(&format!("{} 2", phone.say(ASSIGNED))).await?;
    phone.network.cut();

    begins_with_a_note(&phone).await?;
    carries_out_an_assignment(&phone).await?;
    looks_back(&phone).await?;
    voids_a_mistake(&phone).await?;
    let file = takes_unsent_work_away(&phone).await?;
    hides(&phone).await?;
    hides_from_a_dialogue_in_the_dark(&phone).await?;

    // The phone is still without a network: what arrives came by the colleague's.
    colleague.visit_page(w::ME).await?;
    colleague.click(Role::Link, &format!("{}…", colleague.say(w::UNSENT))).await?;
    colleague.write(colleague.say(IMPORT), file.to_str().context("a plain path")?).await?;
    colleague.see(colleague.say(IMPORTED)).await?;
    colleague.close().await?;
    let submitted =
        office.visit(|row| row.state == VisitState::Submitted && row.mode == Mode::Undercover).await?;
    let (visit, reason) = (submitted.visit, phone.say(REASON).to_owned());
    office.ask(Command::SendVisitBack { visit, reason }).await?;

    phone.network.restore();
    amends_what_came_back(&phone).await?;
    office.visit(|row| row.visit == visit && row.state == VisitState::Submitted).await?;
    gets_another_passphrase(&phone).await?;
    phone.close().await
}

/// A new record is a note first; the unit comes later, those assigned and near by on top.
async fn begins_with_a_note(phone: &Device) -> Result<()> {
    phone.visit_page(w::RECORDS).await?;
    phone.click(Role::Button, &format!("…{}", phone.say(w::NEW))).await?;
    phone
        .wait("the note to have the keyboard", async || {
            let focused = phone.run("return document.activeElement?.tagName").await?;
            Ok((focused == "TEXTAREA").then_some(()))
        })
        .await?;
    phone.look("record-note").await?;
    phone.write(phone.say(w::NOTES), phone.say(NOTE)).await?;
    phone.stands(Tick::Saved).await?;

    phone.click(Role::Button, &format!("…{}", phone.say(w::CHOOSE_UNIT))).await?;
    is_at(phone, "denied").await?;
    phone.click(Role::Button, phone.say(NEAR)).await?;
    phone.see(phone.say(NEAR_REFUSED)).await?;
    phone.look("units-refused").await?;
    is_at(phone, "granted").await?;
    phone.click(Role::Button, phone.say(NEAR)).await?;
    let names = phone
        .wait("the distances", async || {
            let names = phone
                .run("return [...document.querySelectorAll('dialog .unit')].map((one) => one.innerText)");
            let names: Vec<String> = serde_json::from_value(names.await?)?;
            let has_distances = names.iter().any(|name| name.contains("120"));
            Ok(has_distances.then_some(names))
        })
        .await?;
    phone.look("units-near").await?;
    // Those assigned come first, of these the nearest.
    for (name, wanted) in names.iter().zip([STATION, TAX, BUREAU, HALL]) {
        ensure!(name.contains(wanted), "{names:?}");
    }
    phone.click(Role::Button, &format!("{BUREAU}…")).await?;
    phone.find(Role::Heading, BUREAU).await?;
    phone.stands(Tick::Saved).await?;
    phone.click(Role::Button, phone.say(w::BACK)).await
}

/// From an assignment's unit one tap starts a visit; only what is asked now is shown; what is missing is said.
async fn carries_out_an_assignment(phone: &Device) -> Result<()> {
    phone.click(Role::Link, &format!("{}…", phone.say(ASSIGNED))).await?;
    phone.lists(2).await?;
    phone.look("assignments").await?;
    phone.click(Role::Link, &format!("{}…", phone.say(FIRST))).await?;
    phone.see(phone.say(LOOK_AT)).await?;
    phone.click(Role::Button, phone.say(NEAR)).await?;
    phone.see("120").await?;
    phone.look("assignment").await?;
    phone.click(Role::Button, &format!("{} {HALL}", phone.say(BEGIN))).await?;
    phone.find(Role::Heading, HALL).await?;
    // What the assignment has set is not in the way.
    ensure!(!phone.has(Role::Select, phone.say(MODE)).await?, "the mode is folded away");
    phone.click(Role::Summary, phone.say(MORE)).await?;
    phone.see(words::mode(Mode::Undercover, phone.language)).await?;
    phone.click(Role::Summary, phone.say(MORE)).await?;
    phone.see(phone.say(LOOK_AT)).await?;
    ensure!(!phone.text().await?.contains(phone.say(WHY)), "a question is shown before its time");
    phone.look("record-assigned").await?;

    phone.answer(phone.say(STAFFED), phone.say(w::NO)).await?;
    phone.see(phone.say(WHY)).await?;
    phone.click(Role::Button, &format!("{}…", phone.say(w::NOTE_A_FINDING))).await?;
    phone.holds(phone.say(w::SEEN), phone.say(SUGGESTED)).await?;
    let serious = phone.find(Role::Radio, words::severity(Severity::Serious, phone.language)).await?;
    ensure!(serious.is_selected().await?, "the severity is suggested too");
    phone.write(phone.say(w::PLACE), "3").await?;
    phone.look("finding-suggested").await?;
    phone.click(Role::Button, phone.say(w::DONE)).await?;
    phone.write(&format!("…{}", phone.say(WHO_SAID)), "0317").await?;
    phone.write(&format!("…{}", phone.say(WHY)), "…").await?;
    phone.look("record-questions").await?;

    phone.click(Role::Button, phone.say(w::SUBMIT)).await?;
    phone.see(phone.say(SUBMIT_ANYWAY)).await?;
    phone.look("submit-missing").await?;
    phone.click(Role::Button, &format!("{}…", phone.say(HOW_LONG))).await?;
    phone.write(&format!("…{}", phone.say(HOW_LONG)), "25").await?;
    phone.stands(Tick::Saved).await?;
    phone.click(Role::Button, phone.say(w::SUBMIT)).await?;
    phone.find(Role::Button, &format!("{}…", phone.say(SIGNED))).await?;
    phone.click(Role::Button, phone.say(SUBMIT_ANYWAY)).await?;
    phone.find(Role::Button, phone.say(w::SUBMITTED)).await?;
    phone.stands(Tick::Saved).await
}

/// A look-back shows what it re-examines; each is answered with one tap.
async fn looks_back(phone: &Device) -> Result<()> {
    phone.click(Role::Button, phone.say(w::BACK)).await?;
    phone.click(Role::Button, phone.say(w::BACK)).await?;
    phone.click(Role::Link, &format!("{}…", phone.say(SECOND))).await?;
    phone.click(Role::Button, &format!("{} {TAX}", phone.say(BEGIN))).await?;
    phone.see(phone.say(STILL)).await?;
    phone.look("look-back").await?;
    phone.click_in(Role::Button, &format!("{}…", phone.say(MENDED)), phone.say(MENDED_BEFORE)).await?;
    phone.stands(Tick::Saved).await?;
    ensure!(phone.value(phone.say(w::NOTES)).await?.contains(phone.say(MENDED_BEFORE)), "the notes say it");
    phone.click_in(Role::Button, &format!("{}…", phone.say(STILL_SO)), phone.say(STILL)).await?;
    phone
        .wait("the finding", async || {
            Ok(phone.value(phone.say(w::SEEN)).await?.contains(phone.say(STILL)).then_some(()))
        })
        .await?;
    phone.click(Role::Button, phone.say(w::DONE)).await?;
    phone.find(Role::Link, &format!("{}…", phone.say(STILL_SO))).await?;
    phone.look("look-back-answered").await?;
    phone.submit().await?;
    phone.stands(Tick::Saved).await
}

async fn voids_a_mistake(phone: &Device) -> Result<()> {
    phone.new_record().await?;
    phone.click(Role::Summary, phone.say(MORE)).await?;
    phone.click(Role::Button, phone.say(VOID)).await?;
    phone.look("void").await?;
    phone.write(Word("原因", "Reason").say(phone.language), "…").await?;
    phone.click(Role::Button, phone.say(VOID)).await?;
    phone.see(words::visit_state(VisitState::Voided, phone.language)).await?;
    phone.look("records-offline").await
}

/// What is unsent is saved as a file, which lies in the phone's downloads.
async fn takes_unsent_work_away(phone: &Device) -> Result<PathBuf> {
    phone.click(Role::Link, phone_unsent(phone).as_str()).await?;
    phone.see(HALL).await?;
    phone.click(Role::Button, phone.say(EXPORT)).await?;
    phone.see(".sealed").await?;
    phone.look("unsent").await?;
    phone.wait("the file", async || phone.downloaded()).await
}

fn phone_unsent(phone: &Device) -> String {
    Word("4 条未送", "4 unsent").say(phone.language).to_owned()
}

/// One tap covers the screen within one frame; what is locked names neither the product nor the work.
async fn hides(phone: &Device) -> Result<()> {
    let covered = phone
        .run(
            "document.querySelector('button.hide').click();
             const cover = getComputedStyle(document.querySelector('.decoy'));
             const top = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
             return cover.display === 'block' && top.closest('.decoy') !== null;",
        )
        .await?;
    ensure!(covered == true, "the cover is there before the next frame");
    phone.look("hidden").await?;
    phone.run("document.querySelector('.decoy button').click()").await?;
    phone.find(Role::Button, phone.say(w::UNLOCK)).await?;
    let shown = phone.run("return document.title + document.body.textContent").await?;
    for name in ["明察", "暗访", "Mingcha", "ndercover"] {
        ensure!(!shown.as_str().unwrap_or_default().contains(name), "{shown}");
    }
    phone.click(Role::Summary, phone.say(CARRY)).await?;
    phone.click(Role::Button, phone.say(EXPORT)).await?;
    phone.see(".sealed").await?;
    phone.look("lock-unsent").await?;
    phone.unlock().await
}

/// A dialogue lies above everything and makes the rest unreachable; and what is recorded in the dark stays dark until
/// somebody comes back.
async fn hides_from_a_dialogue_in_the_dark(phone: &Device) -> Result<()> {
    phone.visit_page(w::RECORDS).await?;
    phone.run("document.querySelector('main ul.items > li:not(.day) a').click()").await?;
    phone.find(Role::Button, phone.say(w::SUBMIT)).await?;
    phone.driver()?.find(By::Id("unit")).await?.click().await?;
    phone.find(Role::Field, phone.say(w::FIND_UNIT)).await?;
    phone.driver()?.find(By::Css("dialog[open] .hides")).await?.click().await?;
    let covered = "const cover = getComputedStyle(document.querySelector('.decoy'));
         return cover.display === 'block' && document.querySelector('dialog[open]') === null";
    ensure!(phone.run(covered).await? == true, "the dialogue is gone and the cover is there");
    phone
        .wait("the lock below the cover", async || {
            let is_there = phone.run("return document.querySelector('main.lock') !== null").await? == true;
            Ok(is_there.then_some(()))
        })
        .await?;
    let theme = phone.run("return document.documentElement.dataset.theme").await?;
    ensure!(theme == "dark", "the cover lit up: {theme}");
    phone.run("document.querySelector('.decoy button').click()").await?;
    phone.unlock().await
}

/// What came back stands on top with the reason, is amended, and submitted again.
async fn amends_what_came_back(phone: &Device) -> Result<()> {
    phone.visit_page(w::RECORDS).await?;
    phone.see(phone.say(SENT_BACK)).await?;
    phone.see(phone.say(REASON)).await?;
    phone.look("records-sent-back").await?;
    phone.click(Role::Link, &format!("{HALL}…")).await?;
    phone.see(phone.say(REASON)).await?;
    phone.look("record-sent-back").await?;
    phone.click(Role::Button, phone.say(GO_ON_WORKING)).await?;
    phone.gone(phone.say(GO_ON_WORKING)).await?;
    phone.see(phone.say(REASON)).await?;
    phone.write(phone.say(w::NOTES), "14:05").await?;
    phone.is_saved().await?;
    phone.click(Role::Button, phone.say(w::SUBMIT)).await?;
    phone.click(Role::Button, phone.say(SUBMIT_ANYWAY)).await?;
    phone.find(Role::Button, phone.say(w::SUBMITTED)).await?;
    phone.stands(Tick::Held).await
}

async fn gets_another_passphrase(phone: &Device) -> Result<()> {
    phone.visit_page(w::ME).await?;
    phone.look("me-inspector").await?;
    phone.click(Role::Button, phone.say(CHANGE_PASSPHRASE)).await?;
    phone.write(phone.say(OLD_PASSPHRASE), "not this one").await?;
    phone.write(phone.say(NEW), NEW_PASSPHRASE).await?;
    let shown = "const show = document.querySelector('dialog[open] .secret button'); show.click();
         await new Promise(requestAnimationFrame);
         const { type, autocomplete } = show.previousElementSibling; show.click();
         await new Promise(requestAnimationFrame);
         return [type, autocomplete, show.previousElementSibling.type].join()";
    // A browser must not keep what can be read, as it keeps other words that were typed.
    ensure!(phone.run_async(shown).await? == "text,off,password", "how a passphrase is shown");
    phone.write(phone.say(w::PASSPHRASE_AGAIN), NEW_PASSPHRASE).await?;
    phone.click(Role::Button, phone.say(CHANGE)).await?;
    phone.see(&words::problem(&mingcha_core::problem::Problem::WrongPassphrase, phone.language)).await?;
    phone.look("passphrase").await?;
    phone.rewrite(phone.say(OLD_PASSPHRASE), PASSPHRASE).await?;
    phone.click(Role::Button, phone.say(CHANGE)).await?;
    phone.see(phone.say(CHANGED)).await?;
    phone.click(Role::Button, phone.say(w::LOCK)).await?;
    phone.write(phone.say(w::PASSPHRASE), NEW_PASSPHRASE).await?;
    phone.click(Role::Button, phone.say(w::UNLOCK)).await?;
    phone.find(Role::Button, phone.say(w::HIDE)).await.map(drop)
}

async fn is_at(phone: &Device, setting: &str) -> Result<()> {
    let cdp = phone.driver()?.cdp();
    let permission = json!({ "permission": { "name": "geolocation" }, "setting": setting });
    cdp.send_raw("Browser.setPermission", permission).await?;
    let place = json!({ "latitude": 34.6, "longitude": 112.45, "accuracy": 20 });
    cdp.send_raw("Emulation.setGeolocationOverride", place).await?;
    Ok(())
}
