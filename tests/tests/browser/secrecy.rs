//! Nobody else can read it: not the relay's disk, not the wire, not a locked phone, not another team's device.
//! The lab build, in which nothing is sealed and nobody is refused, shows that these tests would see it.

use anyhow::{Result, ensure};
use mingcha_core::domain::{Language, Severity};
use mingcha_core::view::Tick;
use mingcha_core::words;
use mingcha_tests::browser::steps::PASSPHRASE;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Device, Found, Kind, Office, Report, Role, root, search, search_folder};
use std::collections::BTreeSet;
use std::process::Command;

const OURS: &str = "鹦鹉小组";
const THEIRS: &str = "白鹭小组";
const INSPECTOR: &str = "欧阳晴岚";
const MATTER: &str = "珊瑚礁督办";
const CHECKLIST: &str = "薄荷糖检查单";
const QUESTION: &str = "大厅里有琥珀色的灯吗";
const REPORT: Report<'static> = Report {
    unit: "",
    notes: "豹纹蝴蝶结在门口",
    category: "discipline.absent",
    severity: Severity::Grave,
    place: "玻璃樱桃窗口",
    person: "工号九一七四",
    seen: "紫色雨伞无人看管",
};

/// The texts of the visit.
const OF_THE_VISIT: [&str; 4] = [REPORT.notes, REPORT.place, REPORT.person, REPORT.seen];

#[tokio::test]
async fn no_text_is_found_anywhere_but_on_the_open_devices_it_is_for() -> Result<()> {
    let found = everywhere(Kind::Shipped).await?;
    let nothing = Found::new();
    ensure!(found.relay == nothing, "in the relay's folder: {:?}", found.relay);
    ensure!(found.frames == nothing, "in the socket's frames: {:?}", found.frames);
    ensure!(found.phone == nothing, "on the locked phone: {:?}", found.phone);
    ensure!(found.elsewhere == nothing, "on another team's phone: {:?}", found.elsewhere);
    Ok(())
}

#[tokio::test]
async fn the_same_search_finds_every_text_when_nothing_is_sealed_and_nobody_refused() -> Result<()> {
    let found = everywhere(Kind::Lab).await?;
    let all = |words: &[String]| words.iter().cloned().collect::<BTreeSet<_>>();
    let missed = |found: &Found, of: &[String]| all(of).difference(found).cloned().collect::<Vec<_>>();
    ensure!(
        missed(&found.relay, &found.entered).is_empty(),
        "not in the relay's folder: {:?}",
        missed(&found.relay, &found.entered)
    );
    ensure!(
        missed(&found.frames, &found.entered).is_empty(),
        "not in the frames: {:?}",
        missed(&found.frames, &found.entered)
    );
    let on_phone = found.entered.iter().filter(|text| *text != MATTER).cloned().collect::<Vec<_>>();
    ensure!(
        missed(&found.phone, &on_phone).is_empty(),
        "not on the phone: {:?}",
        missed(&found.phone, &on_phone)
    );
    let visit = OF_THE_VISIT.map(str::to_owned);
    ensure!(
        missed(&found.elsewhere, &visit).is_empty(),
        "not on the other phone: {:?}",
        missed(&found.elsewhere, &visit)
    );
    Ok(())
}

#[test]
fn a_release_build_with_a_safeguard_switched_off_does_not_compile() {
    for feature in ["unsealed", "unauthorised"] {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut check = Command::new(cargo);
        check.current_dir(root()).args([
            "check",
            "--release",
            "--locked",
            "--package",
            "mingcha-core",
            "--no-default-features",
        ]);
        let output = check.args(["--features", feature]).output().expect("cargo runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{feature}: it compiles");
        assert!(said.contains("cannot be part of a release build"), "{feature}: {said}");
    }
}

/// Which texts were found where.
struct FoundIn {
    /// All that was entered.
    entered: Vec<String>,
    relay: Found,
    frames: Found,
    /// On the phone of the one who wrote it, locked.
    phone: Found,
    /// Of the visit's texts, on another team's phone, open and locked.
    elsewhere: Found,
}

async fn everywhere(kind: Kind) -> Result<FoundIn> {
    let mut office = Office::found(kind, Language::Chinese, OURS).await?;
    office.desk.form_team(THEIRS).await?;
    office.desk.write_checklist(CHECKLIST, QUESTION).await?;
    let mut phone = office.phone(OURS, INSPECTOR, Language::Chinese).await?;
    let mut other = office.phone(THEIRS, "钱多", Language::Chinese).await?;
    let unit = office.units.street(11).1.to_owned();
    phone.record(Report { unit: &unit, ..REPORT }).await?;
    phone.submit().await?;
    phone.stands(Tick::Held).await?;
    open_matter(&office.desk).await?;

    let mut entered = [OURS, THEIRS, INSPECTOR, MATTER, CHECKLIST, QUESTION, "效能建设办公室", "李明"]
        .map(str::to_owned)
        .to_vec();
    entered.extend(OF_THE_VISIT.map(str::to_owned));
    entered.push(unit);
    let mut words: Vec<&str> = entered.iter().map(String::as_str).collect();
    words.push(PASSPHRASE);

    phone.lock().await?;
    // What another team's phone asks for it asks for when it comes back online.
    other.network.cut();
    other.network.restore();
    other.see(other.say(w::RECORDS)).await?;
    office.desk.see(words::tick(Tick::Held, Language::Chinese)).await?;
    let mut on_other = other_device(&other).await?;
    other.lock().await?;
    on_other.extend(other_device(&other).await?);

    let mut frames = Found::new();
    for device in [&office.desk, &phone, &other] {
        for frame in device.network.frames() {
            frames.extend(search(&frame, &words));
        }
    }
    let mut locked = Found::new();
    for record in phone.stored().await? {
        locked.extend(search(&[record.key, record.value].concat(), &words));
    }
    office.relay.kill()?;
    let relay = search_folder(&office.relay.folder(), &words)?;
    phone.close().await?;
    other.close().await?;
    office.desk.close().await?;
    Ok(FoundIn { relay, frames, phone: locked, elsewhere: on_other, entered })
}

/// The texts of the visit that a device shows or keeps.
async fn other_device(other: &Device) -> Result<Found> {
    let mut found = search(other.text().await?.as_bytes(), &OF_THE_VISIT);
    for record in other.stored().await? {
        found.extend(search(&[record.key, record.value].concat(), &OF_THE_VISIT));
    }
    for frame in other.network.frames() {
        found.extend(search(&frame, &OF_THE_VISIT));
    }
    Ok(found)
}

async fn open_matter(desk: &Device) -> Result<()> {
    desk.visit_page(w::FINDINGS).await?;
    desk.lists(1).await?;
    desk.open_first().await?;
    desk.see(REPORT.seen).await?;
    desk.click(Role::Button, &format!("{}…", desk.say(w::MERGE))).await?;
    desk.rewrite(desk.say(w::PROBLEM), MATTER).await?;
    desk.click(Role::Button, desk.say(w::OPEN_MATTER)).await?;
    desk.find(Role::Heading, MATTER).await.map(drop)
}
