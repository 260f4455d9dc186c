//! An inspector joins while the coordinator is away, and works without a network, whatever happens to the browser.

use anyhow::{Result, ensure};
use mingcha_core::domain::{Language, Severity};
use mingcha_core::view::Tick;
use mingcha_core::words;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Device, Kind, Office, Role};

const TEAM: &str = "第一组";

#[tokio::test]
async fn an_inspector_joins_without_the_coordinator_and_records_without_a_network() -> Result<()> {
    let mut office = Office::found(Kind::Shipped, Language::Chinese, TEAM).await?;
    office.desk.write_checklist("大厅检查", "大厅里有饮水机吗？").await?;
    let invitation = office.desk.invite(TEAM, "王芳").await?;
    office.desk.look("people").await?;
    office.desk.close().await?;

    let mut phone = Device::phone("王芳", Language::English, &office.relay)?;
    phone.join_by_code(&invitation).await?;
    phone.ready_for_offline().await?;
    phone.look("records-none").await?;
    phone.network.cut();
    phone.close().await?;

    phone.open("/").await?;
    phone.find(Role::Button, phone.say(w::UNLOCK)).await?;
    phone.look("lock").await?;
    phone.unlock().await?;
    record_three_visits(&phone, &office).await?;

    let kept = "The queue moved, slowly.";
    phone.new_record().await?;
    phone.write(phone.say(w::NOTES), kept).await?;
    phone.stands(Tick::Saved).await?;
    phone.write(phone.say(w::NOTES), " And then").await?;
    phone.kill().await?;

    phone.open("/").await?;
    phone.unlock().await?;
    let records = phone.records().await?;
    ensure!(records.len() == 4, "{records:?}");
    phone.look("records").await?;
    phone.click(Role::Link, "No unit yet…").await?;
    let notes = phone.value(phone.say(w::NOTES)).await?;
    ensure!(notes.starts_with(kept), "saved was “{kept}”, there is “{notes}”");
    the_first_visit_is_all_there(&phone, &office).await?;
    phone.close().await
}

async fn record_three_visits(phone: &Device, office: &Office) -> Result<()> {
    let (_, first) = office.units.street(5);
    let (_, second) = office.units.street(12);
    let (code, third) = office.units.street(20);
    let built_in = phone.run("return navigator.onLine").await?;
    ensure!(built_in == true, "the cut is the network's, not the browser's");

    phone.new_record().await?;
    phone.look("record-new").await?;
    phone.pick_unit(&first[..6], first).await?;
    phone.choose(phone.say(w::CHECKLIST), "办事窗口检查单").await?;
    phone.answer("窗口在工作时间内有人在岗", "No").await?;
    phone.look("record").await?;
    phone.click(Role::Button, "Record a finding…").await?;
    phone.choose(phone.say(w::CATEGORY), &words::category("discipline.absent", Language::English)).await?;
    phone.click(Role::Radio, words::severity(Severity::Serious, Language::English)).await?;
    phone.write(phone.say(w::PLACE), "window 3").await?;
    phone.write(phone.say(w::PERSON), "badge 0317").await?;
    phone.write(phone.say(w::SEEN), "Nobody there from 9:10 to 9:40.").await?;
    phone.stands(Tick::Saved).await?;
    phone.look("finding").await?;
    phone.click(Role::Button, phone.say(w::DONE)).await?;
    phone.write(phone.say(w::NOTES), "等候的有十一人。").await?;
    phone.stands(Tick::Saved).await?;
    phone.submit().await?;
    phone.click(Role::Button, phone.say(w::BACK)).await?;

    // 平桥东街道: its initials are pqd…
    phone.new_record().await?;
    phone.pick_unit(&initials(second), second).await?;
    phone.write(phone.say(w::NOTES), "一切正常。").await?;
    phone.stands(Tick::Saved).await?;
    phone.click(Role::Button, phone.say(w::BACK)).await?;

    phone.new_record().await?;
    phone.pick_unit(&code, third).await?;
    phone.stands(Tick::Saved).await?;
    phone.click(Role::Button, phone.say(w::BACK)).await?;
    phone.lists(3).await.map(drop)
}

async fn the_first_visit_is_all_there(phone: &Device, office: &Office) -> Result<()> {
    phone.click(Role::Button, phone.say(w::BACK)).await?;
    phone.click(Role::Link, &format!("{}…", office.units.street(5).1)).await?;
    phone.holds(phone.say(w::NOTES), "等候的有十一人。").await?;
    phone.click(Role::Link, &format!("{}…", words::category("discipline.absent", Language::English))).await?;
    phone.holds(phone.say(w::PLACE), "window 3").await?;
    phone.holds(phone.say(w::PERSON), "badge 0317").await?;
    phone.holds(phone.say(w::SEEN), "Nobody there from 9:10 to 9:40.").await
}

/// The pinyin initials of a generated name.
fn initials(name: &str) -> String {
    let letters = "东d西x南n北b山s河h湖h桥q安a平p永y兴x和h明m新x古g青q白b红h金j石s松s柳l泉q街j道d";
    let letter = |character: char| letters.split_once(character).and_then(|(_, rest)| rest.chars().next());
    name.chars().filter_map(letter).collect()
}
