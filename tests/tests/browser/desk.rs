//! The supervisor's desk: finding one's way among reports, comparing them, and making a matter of them.

use anyhow::{Result, ensure};
use mingcha_core::domain::{Language, Severity};
use mingcha_core::view::Tick;
use mingcha_core::words;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Device, Kind, Office, Report, Role};
use std::time::Duration;

const LANGUAGE: Language = Language::English;
const BEFORE: &str = "Nobody at the window from 9:10 to 9:40";
const AFTER: &str = " (corrected: to 9:50)";

#[tokio::test]
async fn findings_become_a_matter_that_cites_what_was_read() -> Result<()> {
    let mut office = Office::found(Kind::Shipped, LANGUAGE, "North").await?;
    office.desk.form_team("South").await?;
    let mut north = office.phone("North", "Fang", LANGUAGE).await?;
    let mut south = office.phone("South", "Gao", LANGUAGE).await?;
    let unit = office.units.street(4).1.to_owned();
    let other = office.units.street(9).1.to_owned();
    let absent = Report {
        unit: &unit,
        notes: "Eleven people were waiting",
        category: "discipline.absent",
        severity: Severity::Grave,
        place: "window 3",
        person: "badge 0317",
        seen: BEFORE,
    };
    north.record(absent).await?;
    north.submit().await?;
    north.stands(Tick::Held).await?;
    let games = Report {
        category: "discipline.games",
        severity: Severity::Minor,
        seen: "Cards on the desk",
        ..absent
    };
    south.record(Report { notes: "A quiet hall", place: "window three", ..games }).await?;
    south.submit().await?;
    south.click(Role::Button, south.say(w::BACK)).await?;
    south
        .record(Report { unit: &other, notes: "All well but for the sign", seen: "No sign", ..games })
        .await?;
    south.submit().await?;
    south.stands(Tick::Held).await?;
    south.close().await?;

    let desk = &office.desk;
    visits_are_filtered(desk).await?;
    findings_are_filtered(desk).await?;
    let matter = findings_are_joined(desk).await?;
    what_was_read_is_shown_after_the_visit_changed(desk, &north, &matter).await?;
    north.close().await?;
    office.desk.close().await
}

async fn visits_are_filtered(desk: &Device) -> Result<()> {
    desk.visit_page(w::VISITS).await?;
    desk.lists(3).await?;
    desk.rewrite(desk.say(w::SEARCH), "quiet HALL").await?;
    let rows = desk.lists(1).await?;
    ensure!(rows[0].contains("South"), "{rows:?}");
    // A list is kept once it has rested for a moment; nothing on the page tells when.
    tokio::time::sleep(Duration::from_secs(1)).await;
    desk.driver()?.refresh().await?;
    desk.unlock().await?;
    desk.holds(desk.say(w::SEARCH), "quiet HALL").await?;
    desk.lists(1).await?;
    desk.rewrite(desk.say(w::SEARCH), "no such words").await?;
    desk.see(desk.say(w::NO_VISITS)).await?;
    desk.click(Role::Button, desk.say(w::CLEAR)).await?;
    desk.lists(3).await?;
    desk.choose("Team", "North").await?;
    desk.lists(1).await?;
    desk.choose("Team", "All teams").await?;
    desk.choose(desk.say(w::STAGE), desk.say(w::STAGE_SUBMITTED)).await?;
    desk.lists(3).await.map(drop)
}

async fn findings_are_filtered(desk: &Device) -> Result<()> {
    desk.visit_page(w::FINDINGS).await?;
    desk.lists(3).await?;
    desk.look("findings").await?;
    desk.choose(desk.say(w::CATEGORY), &words::category("discipline.games", LANGUAGE)).await?;
    desk.lists(2).await?;
    desk.click(Role::Button, desk.say(w::CLEAR)).await?;
    desk.lists(3).await?;
    desk.choose(desk.say(w::SEVERITY), words::severity(Severity::Grave, LANGUAGE)).await?;
    let rows = desk.lists(1).await?;
    ensure!(rows[0].contains("window 3"), "{rows:?}");
    Ok(())
}

/// The address of the matter.
async fn findings_are_joined(desk: &Device) -> Result<String> {
    desk.open_first().await?;
    desk.click(Role::Button, &format!("{}…", desk.say(w::MERGE))).await?;
    desk.see("Visit A").await?;
    desk.see("Visit B").await?;
    desk.gone("Visit C").await?;
    desk.see(BEFORE).await?;
    desk.see("Cards on the desk").await?;
    desk.look("side-by-side").await?;
    // The finding that led here is selected already.
    desk.click(Role::Check, "…Cards on the desk").await?;
    desk.rewrite(desk.say(w::PROBLEM), "Window left alone").await?;
    desk.click(Role::Button, desk.say(w::OPEN_MATTER)).await?;
    desk.find(Role::Heading, "Window left alone").await?;
    desk.see(BEFORE).await?;
    desk.see("Cards on the desk").await?;
    desk.see(desk.say(w::UNCHANGED)).await?;
    desk.look("matter").await?;
    let path = desk.run("return location.pathname").await?;
    Ok(path.as_str().unwrap_or_default().to_owned())
}

async fn what_was_read_is_shown_after_the_visit_changed(
    desk: &Device,
    phone: &Device,
    matter: &str,
) -> Result<()> {
    phone.click(Role::Link, &format!("{}…", words::category("discipline.absent", LANGUAGE))).await?;
    phone.holds(phone.say(w::SEEN), BEFORE).await?;
    phone.write(phone.say(w::SEEN), AFTER).await?;
    phone.stands(Tick::Held).await?;

    ensure!(desk.run("return location.pathname").await? == matter, "the matter stays in view");
    desk.see(desk.say(w::CHANGED_SINCE)).await?;
    desk.gone(AFTER.trim()).await?;
    desk.click_in(Role::Link, desk.say(w::AS_READ), BEFORE).await?;
    desk.see(desk.say(w::READ_VERSION)).await?;
    desk.see(BEFORE).await?;
    desk.gone(AFTER.trim()).await?;
    desk.look("as-read").await?;
    desk.click(Role::Link, "Show the record as it is now").await?;
    desk.see(AFTER.trim()).await?;
    desk.visit_page(w::MATTERS).await?;
    desk.lists(1).await?;
    desk.look("matters").await
}
