//! How smooth the page stays on a slow phone: measured and told, not required.

use anyhow::{Result, ensure};
use mingcha_core::domain::Language;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Device, Kind, Office, Role};
use serde_json::json;
use std::time::Duration;

const TEAM: &str = "第六组";
/// How many times slower than this machine the phone is.
const SLOWER: u32 = 4;
/// How fast somebody types.
const KEY_PAUSE: Duration = Duration::from_millis(60);
/// Each is an entry of its own.
const RECORDS: usize = 1_000;
const AT_ONCE: usize = 50;
/// Chromium lets a page change its history 200 times in ten seconds; each record does it twice.
const PACE_MILLIS: u32 = 110;
const SENTENCE: &str = "Eleven people were waiting at window three.";

#[tokio::test]
async fn longest_frames_while_typing_saving_and_receiving() -> Result<()> {
    let office = Office::found(Kind::Shipped, Language::English, TEAM).await?;
    let mut phone = office.phone(TEAM, "Lin", Language::English).await?;
    let mut sender = office.phone(TEAM, "Mo", Language::English).await?;
    phone.new_record().await?;
    phone.driver()?.cdp().send_raw("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER })).await?;

    phone.watch_frames().await?;
    let notes = phone.find(Role::Field, phone.say(w::NOTES)).await?;
    for key in SENTENCE.chars() {
        notes.send_keys(key.to_string()).await?;
        tokio::time::sleep(KEY_PAUSE).await;
    }
    let typing = phone.longest_frame().await?;
    phone.watch_frames().await?;
    phone.is_saved().await?;
    let saving = phone.longest_frame().await?;

    phone.click(Role::Button, phone.say(w::BACK)).await?;
    phone.network.cut();
    // Everybody else has a machine of their own: here they rest while the phone is measured.
    office.desk.network.cut();
    record_many(&sender).await?;
    sender.close().await?;
    phone.watch_frames().await?;
    phone.network.restore();
    phone.is_up_to_date(Duration::from_secs(90)).await?;
    let receiving = phone.longest_frame().await?;
    ensure!(phone.listed().await?.len() > 20, "what arrived is listed");
    println!(
        "longest frame with {SLOWER}x throttling: {typing:.0} ms typing, {saving:.0} ms saving, \
         {receiving:.0} ms receiving {RECORDS} entries"
    );
    phone.close().await
}

/// Begins record after record, and waits until all are held by the relay.
async fn record_many(sender: &Device) -> Result<()> {
    sender.visit_page(w::RECORDS).await?;
    let some = format!(
        "const begun = performance.now();
         const until = async (is) => {{ while (!is()) await new Promise((next) => setTimeout(next, 2)); }};
         for (let at = 0; at < {AT_ONCE}; at += 1) {{
           document.querySelector('.fab button').click();
           await until(() => document.querySelector('#notes textarea'));
           history.back();
           await until(() => document.querySelector('.fab button') && performance.now() > begun + (at + 1) * {PACE_MILLIS});
         }}"
    );
    for _ in 0..RECORDS / AT_ONCE {
        sender.run_async(&some).await?;
    }
    sender.visit_page(w::ME).await?;
    sender.see_for("Everything has been delivered", Duration::from_secs(90)).await
}
