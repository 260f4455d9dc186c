//! What is refused is refused in words that say what is so and what to do.

use anyhow::{Result, ensure};
use mingcha_core::domain::Language;
use mingcha_core::problem::Problem;
use mingcha_core::words::problem;
use mingcha_tests::browser::steps::{Invitation, PASSPHRASE};
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Device, Kind, Office, RelayProcess, Role};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

const TEAM: &str = "第四组";
const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];

#[tokio::test]
async fn a_wrong_passphrase_opens_nothing_and_says_so() -> Result<()> {
    let office = Office::found(Kind::Shipped, Language::Chinese, TEAM).await?;
    let mut desk = office.desk;
    desk.lock().await?;
    for language in LANGUAGES {
        desk.language = language;
        let code = if language == Language::Chinese { "zh" } else { "en" };
        desk.run(&format!("localStorage.setItem('language', '{code}'); location.reload()")).await?;
        desk.write(desk.say(w::PASSPHRASE), "lorry tulip cabin mosaik").await?;
        desk.click(Role::Button, desk.say(w::UNLOCK)).await?;
        desk.see(&problem(&Problem::WrongPassphrase, language)).await?;
    }
    desk.unlock().await?;
    desk.close().await
}

#[tokio::test]
async fn a_mistyped_used_or_unknown_invitation_is_refused() -> Result<()> {
    let mut office = Office::found(Kind::Shipped, Language::English, TEAM).await?;
    let invitation = office.desk.invite(TEAM, "Hu").await?;
    let mut first = office.join(&invitation, "Hu", Language::English).await?;
    first.close().await?;
    for language in LANGUAGES {
        let mut late = Device::phone("late", language, &office.relay)?;
        late.open("/").await?;
        late.speak().await?;
        for (code, expected) in [
            (mistyped(&invitation), Problem::InvitationMistyped),
            (invitation.code.clone(), Problem::InvitationUsed),
        ] {
            late.rewrite(late.say(w::INVITATION_CODE), &code).await?;
            late.click(Role::Button, late.say(w::LOOK_UP)).await?;
            if expected == Problem::InvitationUsed {
                use_used(&late).await?;
            }
            late.see(&problem(&expected, language)).await?;
        }
        late.close().await?;
    }
    let other = RelayProcess::start(Kind::Shipped)?;
    let mut lost = Device::phone("lost", Language::English, &other)?;
    lost.open(&invitation.path).await?;
    lost.speak().await?;
    lost.see(&problem(&Problem::InvitationUnknown, Language::English)).await?;
    lost.close().await?;
    office.desk.close().await
}

/// Goes on if the relay tells only when somebody tries to join.
async fn use_used(late: &Device) -> Result<()> {
    let refused = problem(&Problem::InvitationUsed, late.language);
    let asks = late
        .wait("the invitation or its refusal", async || {
            let asks = late.has(Role::Field, late.say(w::PASSPHRASE_AGAIN)).await?;
            Ok((asks || late.text().await?.contains(&refused)).then_some(asks))
        })
        .await?;
    if asks {
        late.write(late.say(w::PASSPHRASE), PASSPHRASE).await?;
        late.write(late.say(w::PASSPHRASE_AGAIN), PASSPHRASE).await?;
        late.click(Role::Button, late.say(w::JOIN)).await?;
    }
    Ok(())
}

/// The code with one character changed for another.
fn mistyped(invitation: &Invitation) -> String {
    let last = invitation.code.chars().last().unwrap_or_default();
    let other = if last == '2' { '3' } else { '2' };
    let mut code = invitation.code.clone();
    code.pop();
    code.push(other);
    code
}

#[tokio::test]
async fn spreadsheets_that_cannot_be_used_are_refused_one_by_one() -> Result<()> {
    let relay = RelayProcess::start(Kind::Shipped)?;
    let mut desk = Device::desktop("refuser", Language::Chinese, &relay)?;
    desk.found(&relay, "效能办", "李明").await?;
    desk.visit_page(w::UNITS).await?;
    let folder = tempfile::tempdir()?;
    let mut encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    encrypted.resize(1_024, 0);
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let rows: String = (0..300_000).map(|code| format!("{code},n\n")).collect();
    for (name, content, expected) in [
        ("protected.xlsx", encrypted.as_slice(), problem(&Problem::SheetEncrypted, desk.language)),
        ("empty.csv", b"code,name\n", problem(&Problem::SheetEmpty, desk.language)),
        ("nothing.csv", b"", problem(&Problem::SheetEmpty, desk.language)),
        // What each column is can be said by hand.
        ("wrong.csv", "颜色,大小\n红,大\n".as_bytes(), "还认不出单位".into()),
        (
            "picture.xlsx",
            b"PK\x03\x04 and then nothing of a workbook",
            problem(&Problem::SheetUnreadable, desk.language),
        ),
        ("huge.csv", format!("code,name\n{rows}").as_bytes(), "这个表格太大，上限是".into()),
    ] {
        refused(&desk, &folder.path().join(name), content, &expected).await?;
    }
    desk.see("共 0 个单位").await?;
    desk.close().await
}

async fn refused(desk: &Device, file: &Path, content: &[u8], expected: &str) -> Result<()> {
    std::fs::write(file, content)?;
    desk.write(desk.say(w::CHOOSE_FILE), file.to_str().unwrap_or_default()).await?;
    desk.see(expected).await
}

#[tokio::test]
async fn a_full_browser_says_that_it_did_not_save_and_saves_once_there_is_room() -> Result<()> {
    let mut office = Office::found(Kind::Shipped, Language::English, TEAM).await?;
    let mut phone = office.phone(TEAM, "Jia", Language::English).await?;
    office.desk.close().await?;
    phone.new_record().await?;
    phone.is_saved().await?;
    let quota = |size: u64| json!({ "origin": phone.network.url(), "quotaSize": size });
    phone.driver()?.cdp().send_raw("Storage.overrideQuotaForOrigin", quota(1)).await?;
    // The browser asks only now and then how much room there is.
    let mut number = 0;
    phone
        .wait_for("the browser to be full", Duration::from_secs(90), async || {
            number += 1;
            phone.paste(phone.say(w::NOTES), &format!("Text {number} that finds no room.")).await?;
            Ok(phone.text().await?.contains("was not saved").then_some(()))
        })
        .await?;
    ensure!(!phone.standing().await?.contains("Saved"), "it says that it saved: {}", phone.standing().await?);
    let unlimited = json!({ "origin": phone.network.url() });
    phone.driver()?.cdp().send_raw("Storage.overrideQuotaForOrigin", unlimited).await?;
    phone.write(phone.say(w::NOTES), "And one that does.").await?;
    phone.is_saved().await?;
    phone.close().await
}

#[tokio::test]
async fn another_version_of_the_protocol_is_told_and_nothing_is_lost() -> Result<()> {
    let mut office = Office::found(Kind::Shipped, Language::Chinese, TEAM).await?;
    let mut phone = office.phone(TEAM, "贾文", Language::Chinese).await?;
    office.desk.close().await?;
    phone.network.cut();
    phone.network.meddle(|bytes| {
        const WELCOME: [u8; 5] = [0x82, 0, 0x88, 1, 1];
        if let Some(at) = bytes.windows(5).position(|five| five == WELCOME) {
            bytes[at + 3..at + 5].fill(9);
        }
    });
    phone.new_record().await?;
    phone.write(phone.say(w::NOTES), "记下来了").await?;
    phone.is_saved().await?;
    phone.network.restore();
    phone.see(&problem(&Problem::VersionUnknown { found: 9 }, Language::Chinese)).await?;
    phone.holds(phone.say(w::NOTES), "记下来了").await?;
    phone.close().await
}

#[tokio::test]
async fn one_window_at_a_time_is_used() -> Result<()> {
    let mut office = Office::found(Kind::Shipped, Language::English, TEAM).await?;
    let mut phone = office.phone(TEAM, "Kong", Language::English).await?;
    office.desk.close().await?;
    phone.new_record().await?;
    phone.write(phone.say(w::NOTES), "from the first window").await?;
    phone.is_saved().await?;
    let first = phone.driver()?.window().await?;
    let second = phone.driver()?.new_tab().await?;
    phone.driver()?.switch_to_window(second).await?;
    phone.goto("/").await?;
    phone.find(Role::Heading, phone.say(w::ELSEWHERE)).await?;
    phone.look("elsewhere").await?;
    phone.click(Role::Button, phone.say(w::TAKE_OVER)).await?;
    phone.unlock().await?;
    ensure!(phone.records().await?.len() == 1, "the record of the first window");
    phone.driver()?.switch_to_window(first).await?;
    phone.find(Role::Heading, phone.say(w::ELSEWHERE)).await?;
    phone.close().await
}
