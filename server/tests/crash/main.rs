//! The real program on a bad disk: killed, cut off from power, without room, on a disk that takes no more writes. After
//! each it starts, and every entry that it acknowledged is there. Run by `cargo xtask crash`.

#[path = "../relay/client.rs"]
mod client;
mod disk;
mod load;
#[path = "../../../core/tests/relay/office.rs"]
#[expect(dead_code, reason = "the fixture has an invitation that nobody here uses")]
mod office;
mod program;
mod rounds;

use anyhow::{Context, Result, bail, ensure};
use std::time::Instant;

/// What can be tried, and what it is called. All but the first need root and a loop device.
const SCENARIOS: [(&str, Scenario); 4] =
    [("kill", rounds::kill), ("cut", rounds::cut), ("full", rounds::full), ("readonly", rounds::readonly)];

/// Does one round.
type Scenario = fn(&tokio::runtime::Runtime) -> Result<rounds::Outcome>;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [name, count] = words.as_slice() else { bail!("which scenario, and how often?") };
    let (_, scenario) = SCENARIOS.into_iter().find(|(known, _)| known == name).context("no such scenario")?;
    let count: usize = count.parse().context("how often?")?;
    let runtime = tokio::runtime::Runtime::new()?;
    let begun = Instant::now();
    let mut total = rounds::Outcome { times: 0, acknowledged: 0, lost: 0 };
    while total.times < count {
        let at = total.times + 1;
        let outcome = scenario(&runtime).with_context(|| format!("{name}, from number {at} on"))?;
        total.times += outcome.times;
        total.acknowledged += outcome.acknowledged;
        total.lost += outcome.lost;
    }
    let (took, rounds::Outcome { times, acknowledged, lost }) = (begun.elapsed().as_secs(), total);
    println!("{name}: {times} times in {took} s; {acknowledged} entries acknowledged, {lost} of them lost");
    // With the safeguard switched off the loss must show: a test that cannot fail says nothing.
    if cfg!(feature = "unsynced") {
        ensure!(lost > 0, "nothing was synced, and nothing was lost: this sees nothing");
    } else {
        ensure!(lost == 0, "acknowledged entries are lost");
    }
    Ok(())
}
