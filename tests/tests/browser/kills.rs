//! A browser that is killed while it saves, again and again: what was marked as saved is there. `MINGCHA_KILLS=n`
//! kills each browser so many times.

use anyhow::{Context, Result, bail, ensure};
use mingcha_core::domain::Language;
use mingcha_core::view::Tick;
use mingcha_core::words;
use mingcha_tests::browser::words as w;
use mingcha_tests::browser::{Device, Engine, Kind, Office, Size};
use std::time::{Duration, Instant};

const TEAM: &str = "第七组";
/// How often each browser is killed when nothing else is said.
const KILLS: usize = 2;
/// The shortest and longest time from the first key to the kill, in milliseconds.
const LIVES: (u64, u64) = (400, 3_000);
/// When what was typed is saved, and not yet packed for sending, unless the machine is slow; and how often to try.
const SAVED_NOT_PACKED: Duration = Duration::from_millis(700);
const PACKING_ROUNDS: usize = 6;
/// How long a browser may take to write what it keeps for pages outside of databases.
const SETTLING: Duration = Duration::from_secs(8);

#[tokio::test]
async fn what_chromium_marked_as_saved_survives_its_kill() -> Result<()> {
    survives(Engine::Chromium).await
}

#[tokio::test]
async fn what_firefox_marked_as_saved_survives_its_kill() -> Result<()> {
    survives(Engine::Firefox).await
}

#[tokio::test]
async fn a_locked_phone_says_what_a_kill_left_unsent() -> Result<()> {
    let language = Language::Chinese;
    let office = Office::found(Kind::Shipped, language, TEAM).await?;
    let invitation = office.desk.invite(TEAM, "林静").await?;
    let mut phone = Device::new("phone", Engine::Chromium, Size::Phone, language, &office.relay)?;
    phone.join_by_code(&invitation).await?;
    phone.new_record().await?;
    phone.stands(Tick::Held).await?;
    let path = phone.run("return location.pathname").await?;
    let path = path.as_str().context("a path")?.to_owned();
    tokio::time::sleep(SETTLING).await;
    for round in 0..PACKING_ROUNDS {
        phone.paste(phone.say(w::NOTES), &mark(round)).await?;
        tokio::time::sleep(SAVED_NOT_PACKED).await;
        phone.kill().await?;
        phone.open(&path).await?;
        phone.see(phone.say(w::UNLOCK)).await?;
        let is_said = phone.text().await?.contains(phone.say(w::UNPACKED));
        phone.unlock().await?;
        phone.stands(Tick::Held).await?;
        if is_said {
            return phone.close().await;
        }
    }
    bail!("whenever it was killed, all was sent or nothing was saved")
}

async fn survives(engine: Engine) -> Result<()> {
    let kills = std::env::var("MINGCHA_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let language = Language::Chinese;
    let office = Office::found(Kind::Shipped, language, TEAM).await?;
    let invitation = office.desk.invite(TEAM, "林静").await?;
    let mut phone = Device::new("phone", engine, Size::Phone, language, &office.relay)?;
    phone.join_by_code(&invitation).await?;
    phone.ready_for_offline().await?;
    phone.network.cut();
    phone.new_record().await?;
    phone.stands(Tick::Saved).await?;
    let path = phone.run("return location.pathname").await?;
    let path = path.as_str().context("a path")?.to_owned();
    // Browsers may forget a choice of language of the last seconds, which is kept in no database.
    tokio::time::sleep(SETTLING).await;
    let mut seen_saving = 0;
    for round in 0..kills {
        let life = life(round, kills);
        let saved = type_until(&phone, round, life).await?;
        phone.kill().await?;
        phone.open(&path).await?;
        phone.unlock().await?;
        phone.stands(Tick::Saved).await?;
        let notes = phone.value(phone.say(w::NOTES)).await?;
        ensure!(notes.starts_with(&saved), "round {round}: saved was “{saved}”, there is “{notes}”");
        seen_saving += usize::from(saved.contains(&mark(round)));
    }
    println!("{engine:?} was killed {kills} times, {seen_saving} times after it had saved something new");
    ensure!(
        kills < 2 || seen_saving > 0,
        "nothing was ever saved before a kill: the test has lost its point"
    );
    phone.close().await
}

/// The lives of all rounds are spread evenly between the shortest and the longest, short ones and long ones mixed.
fn life(round: usize, rounds: usize) -> Duration {
    let (shortest, longest) = LIVES;
    let step = (round * 7 + 3) % rounds.max(1);
    Duration::from_millis(shortest + (longest - shortest) * (step as u64 + 1) / rounds.max(1) as u64)
}

fn mark(round: usize) -> String {
    format!("Round {round}: ")
}

/// Lets the page type by itself in bursts, for as long as it will live; the longest text that it marked as saved.
async fn type_until(phone: &Device, round: usize, life: Duration) -> Result<String> {
    let script = format!(
        "const field = document.querySelector('#notes textarea');
         const type = (text) => {{
           field.value += text;
           field.dispatchEvent(new InputEvent('input', {{ bubbles: true }}));
         }};
         field.focus();
         type({:?});
         let key = 0;
         // A burst of twenty keys, then a pause in which they are saved.
         const next = () => {{ type(' ' + key); key += 1; setTimeout(next, key % 20 === 0 ? 700 : 15); }};
         next();",
        mark(round)
    );
    let begun = Instant::now();
    phone.run(&script).await?;
    let saved = words::tick(Tick::Saved, phone.language);
    let look = format!(
        "return document.querySelector('header.head [role=status]').innerText.trim() === {saved:?}
           ? document.querySelector('#notes textarea').value : null"
    );
    let mut marked = String::new();
    while begun.elapsed() < life {
        if let Some(text) = phone.run(&look).await?.as_str() {
            text.clone_into(&mut marked);
        }
    }
    Ok(marked)
}
