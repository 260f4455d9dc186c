//! Many devices at the real relay for long: connections come and go, apps are killed, the relay is killed and started
//! again. Nothing may pile up, and in the end everything that was answered is everywhere. Run by `cargo xtask soak`.

mod fleet;
mod gauge;

use anyhow::{Context, Result, bail, ensure};
use fleet::Fleet;
use gauge::{Gauge, Sample};
use mingcha_tests::live::Relay;
use std::path::Path;
use std::time::{Duration, Instant};

/// The relay's own: small segments, so that there are many.
const OPTIONS: [&str; 4] = ["--segment-bytes", "16777216", "--reserve-bytes", "0"];
/// How often something happens to some device.
const BEAT: Duration = Duration::from_millis(20);
/// In which part of the time the relay is killed now and then; after it, it must be steady.
const RESTLESS_PART: f64 = 0.4;
/// How often it is.
const RESTARTS: u32 = 4;
/// How many lines the table has.
const LINES: u32 = 24;
/// How long all may take to agree when nothing happens any more.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [relay, devices, minutes] = words.as_slice() else { bail!("RELAY DEVICES MINUTES") };
    let devices: usize = devices.parse().context("how many devices?")?;
    let minutes: f64 = minutes.parse().context("how many minutes?")?;
    soak(Path::new(relay), devices, Duration::from_secs_f64(minutes * 60.0)).await
}

async fn soak(relay: &Path, devices: usize, time: Duration) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut relay = Relay::start(relay, folder.path(), "127.0.0.1:0", &OPTIONS).await?;
    let mut fleet = Fleet::found(relay.address(), &relay.setup()?, devices).await?;
    eprintln!("{devices} devices in an office");
    println!("{}", Sample::HEAD);
    let begun = Instant::now();
    let restless = time.mul_f64(RESTLESS_PART);
    let mut gauge = Gauge::default();
    let mut restarts = 0;
    while begun.elapsed() < time {
        fleet.happen();
        fleet.run(BEAT).await;
        if restarts < RESTARTS && begun.elapsed() > restless * (restarts + 1) / (RESTARTS + 1) {
            restarts += 1;
            relay.restart().await?;
        }
        if begun.elapsed() > time * gauge.len() / LINES {
            let sample = Sample::take(begun.elapsed(), &relay, &mut fleet)?;
            println!("{sample}");
            gauge.add(sample);
        }
    }
    agree(&mut fleet).await?;
    println!(
        "{} edits answered, and all of them everywhere; the relay was killed {restarts} times",
        fleet.answered()
    );
    gauge.judge(restless)
}

/// Lets all connect and nothing happen, until all have sent and read everything.
async fn agree(fleet: &mut Fleet) -> Result<()> {
    let begun = Instant::now();
    fleet.calm();
    loop {
        fleet.run(Duration::from_millis(500)).await;
        match fleet.disagreement().await? {
            None => return Ok(()),
            Some(what) => ensure!(begun.elapsed() < PATIENCE, "{what}"),
        }
    }
}
