//! A coordinator founds the office and imports its register.

use anyhow::{Result, ensure};
use mingcha_core::domain::Language;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Device, GeneratedUnits, Kind, Order, RelayProcess, Role};
use std::time::Instant;

/// As many as the country has.
const AREAS: usize = 2_978;
const STREETS: usize = 41_352;

#[tokio::test]
async fn a_coordinator_founds_an_office_and_imports_its_units_in_any_order() -> Result<()> {
    let relay = RelayProcess::start(Kind::Shipped)?;
    let mut desk = Device::desktop("importer", Language::English, &relay)?;
    desk.found(&relay, "Office for Efficiency", "Li Ming").await?;
    desk.look("desk-new").await?;

    let units = GeneratedUnits::new(AREAS, STREETS);
    let folder = tempfile::tempdir()?;
    let begun = Instant::now();
    let streets = desk.import(&units.streets_xlsx(folder.path(), Order::Mixed)?).await?;
    println!("{STREETS} rows of XLSX imported in {:?}; longest frame {streets:.0} ms", begun.elapsed());
    let (area_code, area) = units.area(1_000);
    desk.rewrite(desk.say(w::FIND_UNIT), &area_code).await?;
    desk.see(&format!("{area_code} ({})", desk.say(w::PLACEHOLDER))).await?;

    let begun = Instant::now();
    let areas = desk.import(&units.areas_csv(folder.path(), Order::Mixed)?).await?;
    println!("{AREAS} rows of CSV imported in {:?}; longest frame {areas:.0} ms", begun.elapsed());
    desk.rewrite(desk.say(w::FIND_UNIT), &area_code).await?;
    desk.see(&format!("{area} ")).await?;
    desk.gone(&format!("{area_code} ({})", desk.say(w::PLACEHOLDER))).await?;

    // What lies above the areas was in neither table.
    let above = &area_code[..4];
    desk.rewrite(desk.say(w::FIND_UNIT), above).await?;
    desk.see(&format!("{above} ({})", desk.say(w::PLACEHOLDER))).await?;
    let (code, street) = units.street(STREETS - 1);
    desk.rewrite(desk.say(w::FIND_UNIT), &code).await?;
    desk.see(street).await?;
    desk.look("units").await?;

    // The register is there again after the browser was closed, and it is there once.
    desk.close().await?;
    desk.open("/").await?;
    desk.unlock().await?;
    desk.visit_page(w::UNITS).await?;
    desk.rewrite(desk.say(w::FIND_UNIT), &code).await?;
    desk.see(street).await?;
    let found = desk.run("return document.querySelectorAll('ul.units li').length").await?;
    ensure!(found == 1, "{found} units of code {code}");
    desk.close().await
}

#[tokio::test]
async fn a_large_register_comes_from_text_as_well() -> Result<()> {
    let relay = RelayProcess::start(Kind::Shipped)?;
    let mut desk = Device::desktop("text-importer", Language::Chinese, &relay)?;
    desk.found(&relay, "效能办", "李明").await?;
    let units = GeneratedUnits::new(AREAS, STREETS);
    let folder = tempfile::tempdir()?;
    let begun = Instant::now();
    let longest = desk.import(&units.streets_csv(folder.path(), Order::Mixed)?).await?;
    println!("{STREETS} rows of CSV imported in {:?}; longest frame {longest:.0} ms", begun.elapsed());
    let (code, street) = units.street(77);
    desk.rewrite(desk.say(w::FIND_UNIT), &code).await?;
    desk.find(Role::Heading, desk.say(w::UNITS)).await?;
    desk.see(street).await?;
    desk.close().await
}
