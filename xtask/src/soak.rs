//! Many devices at the real relay for long.

use crate::cargo::{cargo, run, target};
use anyhow::{Context, Result, bail};

/// How many devices, and how long, when nobody says.
const DEVICES: &str = "50";
const MINUTES: &str = "60";

/// Builds the relay and the devices, and lets them run.
pub fn run_all(options: &[&str]) -> Result<()> {
    let (mut devices, mut minutes) = (DEVICES, MINUTES);
    for option in options.chunks(2) {
        match *option {
            ["--devices", count] => devices = count,
            ["--minutes", count] => minutes = count,
            _ => bail!("cargo xtask soak [--devices N] [--minutes N]"),
        }
    }
    run(&mut cargo(["build", "--locked", "--package", "mingcha-relay"])).context("the relay")?;
    let relay = target().join("debug/mingcha-relay");
    let mut soak = cargo(["test", "--quiet", "--locked", "--package", "mingcha-tests", "--test", "soak"]);
    run(soak.args(["--features", "soak", "--"]).arg(relay).args([devices, minutes]))
}
