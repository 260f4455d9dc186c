//! A phone's store that an earlier release left in a browser is opened by this client, with all unsent work.
//!
//! `KEEP=1.2.3 cargo xtask test upgrade` writes what this release leaves into `tests/stores`: done once for each
//! release, by its own client. The files stay for ever.

use anyhow::{Context, Result, bail, ensure};
use base64ct::{Base64, Encoding};
use mingcha_core::domain::{Language, Severity};
use mingcha_core::engine::io::Table;
use mingcha_core::units::UnitRow;
use mingcha_core::view::Tick;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Backroom, Device, Kind, RelayProcess, Report, Role};
use mingcha_tests::device::Records;
use mingcha_tests::snapshot::Snapshot;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const LANGUAGE: Language = Language::Chinese;
const UNIT: &str = "市政务服务中心";
const HELD: &str = "大厅里有十一人等候";
const SEEN: &str = "柜台内两人聊天，其中一人打牌";
/// Saved without a network, and packed for sending.
const PACKED: &str = "没有网络，已经锁上";
/// Saved without a network, and not packed.
const PENDING: &str = "没有网络，还没打包";
const LATER: &str = "升级以后写的。";
/// How often it is tried to look between saving and packing.
const ATTEMPTS: usize = 10;

#[tokio::test]
async fn stores_of_earlier_releases_open_in_the_browser() -> Result<()> {
    if let Ok(release) = std::env::var("KEEP") {
        let left = Snapshot { devices: vec![("phone".into(), leave().await?)], ..Snapshot::default() };
        std::fs::write(stores().join(format!("{release}.browser")), left.encode())?;
    }
    let mut count = 0;
    for file in std::fs::read_dir(stores())? {
        let file = file?.path();
        if file.extension().is_some_and(|ending| ending == "browser") {
            let store = Snapshot::decode(&std::fs::read(&file)?).context("a store")?;
            let [(_, records)] = &store.devices[..] else { bail!("{} is no phone's", file.display()) };
            opens(records).await.with_context(|| file.display().to_string())?;
            count += 1;
        }
    }
    ensure!(count > 0, "no release was kept");
    Ok(())
}

fn stores() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("stores")
}

/// What a phone has in its browser in the middle of work.
async fn leave() -> Result<Records> {
    let unit = UnitRow {
        code: "4101".into(),
        name: UNIT.into(),
        initials: vec!["szwfwzx".into()],
        ..UnitRow::default()
    };
    let mut office = Backroom::found(Kind::Shipped, "第一组", vec![unit]).await?;
    let phone = office.phone("王芳", LANGUAGE).await?;
    let report = Report {
        unit: UNIT,
        notes: HELD,
        category: "discipline.games",
        severity: Severity::Grave,
        place: "3号窗口",
        person: "",
        seen: SEEN,
    };
    phone.record(report).await?;
    phone.submit().await?;
    phone.stands(Tick::Held).await?;
    phone.network.cut();
    phone.click(Role::Button, phone.say(w::BACK)).await?;
    phone.new_record().await?;
    phone.paste(phone.say(w::NOTES), PACKED).await?;
    phone.is_saved().await?;
    phone.lock().await?;
    phone.unlock().await?;
    phone.visit_page(w::RECORDS).await?;
    phone.new_record().await?;
    for _ in 0..ATTEMPTS {
        phone.rewrite(phone.say(w::NOTES), PENDING).await?;
        phone.is_saved().await?;
        let records = phone.stored().await?.into_iter().filter_map(|record| {
            let table = record.place.strip_prefix("mingcha/")?;
            let table = Table::ALL.into_iter().find(|one| name(*one) == table)?;
            Some(((table, record.key), record.value))
        });
        let records: Records = records.collect();
        if records.keys().any(|(table, _)| *table == Table::Pending) {
            return Ok(records);
        }
    }
    bail!("all was packed before it was looked at")
}

async fn opens(records: &Records) -> Result<()> {
    let relay = RelayProcess::start(Kind::Shipped)?;
    let mut phone = Device::phone("upgraded", LANGUAGE, &relay)?;
    phone.open("/").await?;
    phone.speak().await?;
    phone.ready_for_offline().await?;
    phone.network.cut();
    phone.run_async(&write(records)).await?;
    phone.driver()?.refresh().await?;
    phone.unlock().await?;
    let listed = phone.lists(3).await?;
    for text in [PACKED, PENDING] {
        ensure!(listed.iter().any(|row| row.contains(text)), "{text} in {listed:?}");
    }
    ensure!(listed.iter().any(|row| row.contains(UNIT)), "{UNIT} in {listed:?}");
    open_record(&phone, PENDING).await?;
    phone.holds(phone.say(w::NOTES), PENDING).await?;
    phone.write(phone.say(w::NOTES), LATER).await?;
    phone.is_saved().await?;
    phone.driver()?.refresh().await?;
    phone.unlock().await?;
    phone.holds(phone.say(w::NOTES), &format!("{PENDING}{LATER}")).await?;
    phone.click(Role::Button, phone.say(w::BACK)).await?;
    phone.lists(3).await?;
    open_record(&phone, UNIT).await?;
    phone.holds(phone.say(w::NOTES), HELD).await?;
    phone.see(SEEN).await?;
    phone.close().await
}

/// Opens the record in whose row a text stands.
async fn open_record(phone: &Device, text: &str) -> Result<()> {
    let script = format!(
        "[...document.querySelectorAll('main ul.items > li')].find((one) => one.innerText.includes({}))
           .querySelector('a').click()",
        json!(text)
    );
    phone.run(&script).await.map(drop)
}

/// A script that leaves the records where a release would: database and tables have the names of its time.
fn write(records: &Records) -> String {
    let all: Vec<Value> = records
        .iter()
        .map(|((table, key), value)| {
            json!([name(*table), Base64::encode_string(key), Base64::encode_string(value)])
        })
        .collect();
    format!(
        "const done = (request) => new Promise((resolve, reject) => {{
           request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error);
         }});
         const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer;
         const db = await done(indexedDB.open('mingcha', 1));
         const all = {};
         const names = [...db.objectStoreNames].filter((name) => name !== 'fence');
         const transaction = db.transaction(names, 'readwrite');
         for (const name of names) transaction.objectStore(name).clear();
         for (const [table, key, value] of all) transaction.objectStore(table).put(bytes(value), bytes(key));
         await new Promise((resolve, reject) => {{
           transaction.oncomplete = resolve; transaction.onabort = () => reject(transaction.error);
         }});
         db.close();",
        json!(all)
    )
}

fn name(table: Table) -> &'static str {
    match table {
        Table::Clear => "clear",
        Table::Outbox => "outbox",
        Table::State => "state",
        Table::Entries => "entries",
        Table::Documents => "documents",
        Table::Rows => "rows",
        Table::Pending => "pending",
        Table::Datasets => "datasets",
    }
}
