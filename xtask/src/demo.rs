//! An office at work, to look around in.

use crate::cargo::{cargo, run, target};
use crate::client::{self, Build, Verdict};
use anyhow::{Context, Result, bail};

/// Where it listens when nobody says.
const ADDRESS: &str = "127.0.0.1:8080";

/// Builds everything, fills an office, and serves it until it is stopped. Each call begins with a new office.
pub fn run_all(options: &[&str]) -> Result<()> {
    let address = match options {
        [] => ADDRESS,
        ["--listen", address] => address,
        _ => bail!("cargo xtask demo [--listen ADDRESS]"),
    };
    if let Verdict::TooLarge(bytes) = client::build(Build::Shipped)? {
        eprintln!("not fit to ship: the first load is {bytes} bytes too large");
    }
    run(&mut cargo(["build", "--locked", "--package", "mingcha-relay"])).context("the relay")?;
    let folder = target().join("demo");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("the office of an earlier call")?;
    }
    let mut demo = cargo(["run", "--quiet", "--locked", "--package", "mingcha-tests", "--bin", "demo"]);
    demo.args(["--features", "soak", "--"]).arg(target().join("debug/mingcha-relay"));
    run(demo.arg(Build::Shipped.folder()).arg(folder).arg(address))
}
