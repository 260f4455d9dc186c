//! The relay on a bad disk, as often as it takes to believe it.

use crate::cargo::{cargo, run};
use crate::machine;
use anyhow::{Context, Result, bail};

/// How often each thing happens when nobody says.
const TIMES: usize = 100;
/// How often the power goes when nothing is synced: once would nearly always do.
const TIMES_UNSYNCED: usize = 3;

/// Kills the relay under load and cuts its power `TIMES` times, fills its disk and makes it read-only a tenth as
/// often, and shows that a relay that does not sync loses entries by the same rounds.
pub fn run_all(options: &[&str]) -> Result<()> {
    let times = match options {
        [] => TIMES,
        [times] => times.parse().context("how often?")?,
        _ => bail!("cargo xtask crash [TIMES]"),
    };
    scenario("crash", "kill", times)?;
    if !machine::is_root() {
        bail!("the relay was killed {times} times; power cuts and bad disks need root and a loop device");
    }
    scenario("crash", "cut", times)?;
    scenario("crash", "full", times.div_ceil(10))?;
    scenario("crash", "readonly", times.div_ceil(10))?;
    eprintln!("== the same power cuts with a relay that does not sync: what is acknowledged must be lost");
    scenario("crash,unsynced", "cut", TIMES_UNSYNCED)
}

fn scenario(features: &str, name: &str, times: usize) -> Result<()> {
    let mut tests = cargo(["test", "--quiet", "--locked", "--package", "mingcha-relay", "--test", "crash"]);
    run(tests.args(["--features", features, "--", name, &times.to_string()]))
}
