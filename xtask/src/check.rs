//! Every check, in the order in which a person would want to hear of a failure.

use crate::cargo::{SIM, cargo, run, target};
use crate::client::{self, Build};
use crate::licences;
use crate::machine::{self, WASM};
use anyhow::{Context, Result, anyhow};
use std::time::Instant;

/// All checks.
pub fn all() -> Result<()> {
    let begun = Instant::now();
    machine::wasm_target()?;
    machine::linters()?;
    let geckodriver = machine::build_geckodriver();
    step("formatting", formatting)?;
    step("lints", lints)?;
    step("lints of the client", client_lints)?;
    step("licences", licences::check)?;
    step("tests", tests)?;
    step("simulator", simulator)?;
    step("browsers", machine::browsers)?;
    step("core in a browser", core_in_browser)?;
    step("client", || client::build(Build::Shipped)?.require())?;
    step("client without safeguards", || client::build(Build::Lab)?.require())?;
    step("driver of Firefox", || {
        geckodriver.join().map_err(|_| anyhow!("the thread that builds it died"))?
    })?;
    step("browser tests, and the demonstration", browser_tests)?;
    eprintln!("all checks passed in {} s", begun.elapsed().as_secs());
    Ok(())
}

/// What needs no browser.
pub fn quick() -> Result<()> {
    machine::linters()?;
    step("formatting", formatting)?;
    step("lints", lints)?;
    step("tests", tests)?;
    step("simulator", simulator)
}

fn step(name: &str, check: impl FnOnce() -> Result<()>) -> Result<()> {
    eprintln!("== {name}");
    let begun = Instant::now();
    check().with_context(|| format!("{name}: failed"))?;
    eprintln!("== {name}: {} s", begun.elapsed().as_secs());
    Ok(())
}

fn formatting() -> Result<()> {
    run(&mut cargo(["fmt", "--all", "--check"]))
}

fn lints() -> Result<()> {
    let everything = [
        "--workspace",
        "--all-targets",
        "--features",
        "mingcha-tests/browser,mingcha-tests/sim,mingcha-tests/soak,mingcha-relay/crash",
    ];
    run(cargo(["clippy", "--locked"]).args(everything).args(["--", "-D", "warnings"]))
}

fn client_lints() -> Result<()> {
    let packages = ["--package", "mingcha-core", "--package", "mingcha-web"];
    run(cargo(["clippy", "--locked", "--target", WASM]).args(packages).args(["--", "-D", "warnings"]))
}

fn tests() -> Result<()> {
    run(&mut cargo(["test", "--locked", "--workspace"]))
}

fn simulator() -> Result<()> {
    let mut tests = cargo(["test", "--locked", "--package", "mingcha-tests", "--test", "sim"]);
    // One after the other: each uses all cores.
    run(tests.args(SIM).args(["--", "--nocapture", "--test-threads=1"]))
}

/// The tests of core that are written for both targets.
fn core_in_browser() -> Result<()> {
    let package = ["--package", "mingcha-core", "--features", "sheets,stretch"];
    run(cargo(["test", "--locked", "--target", WASM, "--tests"]).args(package))
}

fn browser_tests() -> Result<()> {
    run(&mut cargo(["build", "--locked", "--package", "mingcha-relay"]))?;
    // Together, so that both are built once.
    let mut tests = cargo(["test", "--locked", "--package", "mingcha-tests"]);
    tests.args(["--features", "browser,soak", "--test", "demo", "--test", "browser"]);
    tests.env("MINGCHA_RELAY", target().join("debug/mingcha-relay"));
    run(tests.env("GECKODRIVER", machine::geckodriver()))
}
