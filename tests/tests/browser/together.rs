//! Two inspectors of one team edit the same visit without a network, at the same time.

use anyhow::{Result, ensure};
use mingcha_core::domain::Language;
use mingcha_core::view::Tick;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Device, Kind, Office, Role};

const TEAM: &str = "第二组";
const STAFFED: &str = "Is the window staffed during working hours";

#[tokio::test]
async fn what_two_inspectors_wrote_at_once_is_all_there_and_both_values_are_shown() -> Result<()> {
    let mut office = Office::found(Kind::Shipped, Language::English, TEAM).await?;
    let mut ana = office.phone(TEAM, "Ana", Language::English).await?;
    let mut ben = office.phone(TEAM, "Ben", Language::English).await?;
    office.desk.close().await?;

    let (_, unit) = office.units.street(3);
    ana.new_record().await?;
    ana.pick_unit(unit, unit).await?;
    ana.write(ana.say(w::NOTES), "Middle.").await?;
    ana.stands(Tick::Held).await?;
    ben.visit_page(w::RECORDS).await?;
    ben.click(Role::Link, &format!("{unit}…")).await?;
    ben.holds(ben.say(w::NOTES), "Middle.").await?;

    ana.network.cut();
    ben.network.cut();
    ana.answer(STAFFED, "Yes").await?;
    ben.answer(STAFFED, "No").await?;
    ana.rewrite(ana.say(w::NOTES), "Ana before. Middle.").await?;
    ben.write(ben.say(w::NOTES), " Ben after.").await?;
    finding(&ana, "counter of Ana").await?;
    finding(&ben, "counter of Ben").await?;
    ana.network.restore();
    ben.network.restore();

    for one in [&ana, &ben] {
        one.holds(one.say(w::NOTES), "Ana before. Middle. Ben after.").await?;
        one.see("counter of Ana").await?;
        one.see("counter of Ben").await?;
        one.see(one.say(w::TWO_VALUES)).await?;
        one.find(Role::Button, &format!("{} Yes", one.say(w::CHOOSE))).await?;
        one.find(Role::Button, &format!("{} No", one.say(w::CHOOSE))).await?;
    }
    ben.look("conflict").await?;
    ben.click(Role::Button, &format!("{} No", ben.say(w::CHOOSE))).await?;
    for one in [&ana, &ben] {
        one.gone(one.say(w::TWO_VALUES)).await?;
        let chosen = one.find_in(Role::Radio, "No", STAFFED).await?;
        ensure!(chosen.is_selected().await?, "{} shows another answer", one.name);
        one.stands(Tick::Held).await?;
    }
    let [first, second] = [ana.records().await?, ben.records().await?];
    ensure!(first.len() == 1 && first == second, "{first:?} and {second:?}");
    ana.close().await?;
    ben.close().await
}

async fn finding(device: &Device, place: &str) -> Result<()> {
    device.click(Role::Button, device.say(w::ADD_FINDING)).await?;
    device.write(device.say(w::PLACE), place).await?;
    device.is_saved().await?;
    device.click(Role::Button, device.say(w::DONE)).await
}
