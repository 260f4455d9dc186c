//! An office at work, served on localhost until it is stopped: `demo RELAY CLIENT FOLDER ADDRESS`.

use anyhow::{Context, Result, bail};
use mingcha_core::domain::Language;
use mingcha_core::words;
use mingcha_tests::demo;
use mingcha_tests::live::{Live, Relay};
use std::path::Path;
use std::time::{Duration, Instant};

/// How often it is looked whether somebody waits to be let in.
const PAUSE: Duration = Duration::from_millis(500);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [relay, client, folder, address] = words.as_slice() else { bail!("RELAY CLIENT FOLDER ADDRESS") };
    let begun = Instant::now();
    let mut relay = Relay::start(Path::new(relay), Path::new(folder), address, &["--client", client]).await?;
    let setup = relay.setup().context("the folder holds an office already")?;
    let mut live = Live::new(relay.address());
    let office = demo::fill(&mut live, &setup).await?;
    let links = demo::links(&mut live, &office).await?;
    println!(
        "An office at work, made in {} seconds. Open one link in each browser profile:",
        begun.elapsed().as_secs()
    );
    for link in links {
        let role = words::role(link.role, Language::English);
        println!("{role:>14}  http://{}/#i={}", relay.address(), link.code);
    }
    println!("Whoever joins for the desk is let in at once. Ctrl+C ends it; nothing is kept.");
    loop {
        live.run(PAUSE).await;
        demo::let_in(&mut live, &office).await?;
    }
}
