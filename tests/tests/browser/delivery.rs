//! Everything arrives by itself, once, whatever happens to the relay meanwhile.

use anyhow::{Result, ensure};
use mingcha_core::domain::Language;
use mingcha_core::view::Tick;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Kind, Office, Role};
use std::time::Duration;

const TEAM: &str = "第三组";
const RECORDS: usize = 6;

/// So much of the phone's outbox passes before the relay is killed: some of the records, not all.
const BYTES_UNTIL_KILL: usize = 6_000;

#[tokio::test]
async fn the_ticks_tell_how_far_a_record_has_come() -> Result<()> {
    let mut office = Office::found(Kind::Shipped, Language::English, TEAM).await?;
    let mut phone = office.phone(TEAM, "Chen", Language::English).await?;
    phone.network.cut();
    let (_, unit) = office.units.street(8);
    phone.new_record().await?;
    phone.pick_unit(unit, unit).await?;
    phone.stands(Tick::Saved).await?;
    phone.submit().await?;
    phone.network.restore();
    phone.stands(Tick::Held).await?;

    office.desk.visit_page(w::VISITS).await?;
    office.desk.open_first().await?;
    phone.stands(Tick::Read).await?;
    phone.close().await?;
    office.desk.close().await
}

#[tokio::test]
async fn a_killed_relay_loses_nothing_and_a_locked_phone_still_sends() -> Result<()> {
    let mut office = Office::found(Kind::Shipped, Language::English, TEAM).await?;
    let mut phone = office.phone(TEAM, "Deng", Language::English).await?;
    phone.network.cut();
    for number in 0..RECORDS {
        let (_, unit) = office.units.street(number);
        phone.new_record().await?;
        phone.pick_unit(unit, unit).await?;
        phone.paste(phone.say(w::NOTES), &format!("record number {number}")).await?;
        phone.is_saved().await?;
        phone.submit().await?;
        phone.is_saved().await?;
        phone.click(Role::Button, phone.say(w::BACK)).await?;
    }
    phone.lists(RECORDS).await?;
    phone.visit_page(w::ME).await?;
    phone.click(Role::Link, &format!("{}…", phone.say(w::UNSENT))).await?;
    phone.look("unsent").await?;
    phone.click(Role::Button, phone.say(w::BACK)).await?;
    phone.lock().await?;
    phone.see(phone.say(w::ONLY_HERE)).await?;

    phone.network.hold_after(BYTES_UNTIL_KILL);
    phone.network.restore();
    phone.network.wait_until_held(Duration::from_secs(40)).await?;
    office.relay.kill()?;
    ensure!(
        !phone.text().await?.contains(phone.say(w::NOTHING_UNSENT)),
        "all was sent before the relay was killed"
    );
    phone.network.release();
    office.relay.start_again()?;
    phone.see_for(phone.say(w::NOTHING_UNSENT), Duration::from_secs(60)).await?;

    office.desk.visit_page(w::VISITS).await?;
    let rows = office.desk.lists(RECORDS).await?;
    for number in 0..RECORDS {
        let about = format!("record number {number}");
        let times = rows.iter().filter(|row| row.contains(&about)).count();
        ensure!(times == 1, "“{about}” is there {times} times: {rows:?}");
    }
    office.desk.look("visits").await?;
    phone.unlock().await?;
    phone.visit_page(w::RECORDS).await?;
    phone.lists(RECORDS).await?;
    phone.close().await?;
    office.desk.close().await
}
