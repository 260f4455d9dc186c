//! What the machine must have, installed when it can be.

use crate::cargo::{self, run};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;

/// The target that browsers run.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The driver of Firefox is no package of Debian.
const GECKODRIVER: &str = "0.37.1";

/// What runs libFuzzer.
const CARGO_FUZZ: &str = "0.13.2";

/// What a browser test needs, and the Debian package that has it.
const PROGRAMS: [(&str, &str); 7] = [
    ("/usr/bin/chromium", "chromium"),
    ("/usr/bin/chromedriver", "chromium-driver"),
    ("/usr/bin/firefox-esr", "firefox-esr"),
    ("/usr/bin/WebKitWebDriver", "webkit2gtk-driver"),
    ("/usr/bin/Xvfb", "xvfb"),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", "fonts-wqy-microhei"),
    ("npm", "npm"),
];

/// Adds the browsers' target to the toolchain when it is missing.
pub fn wasm_target() -> Result<()> {
    if sysroot()?.join("lib/rustlib").join(WASM).exists() {
        return Ok(());
    }
    run(Command::new("rustup").args(["target", "add", WASM]).current_dir(cargo::root()))
        .with_context(|| format!("install the Rust target {WASM}"))
}

/// Adds the source of the standard library to the toolchain when it is missing.
pub fn library_source() -> Result<()> {
    if sysroot()?.join("lib/rustlib/src/rust/library/Cargo.lock").exists() {
        return Ok(());
    }
    run(Command::new("rustup").args(["component", "add", "rust-src"]).current_dir(cargo::root()))
        .context("install the source of Rust's standard library")
}

fn sysroot() -> Result<PathBuf> {
    let said = Command::new("rustc").args(["--print", "sysroot"]).current_dir(cargo::root()).output();
    Ok(PathBuf::from(String::from_utf8(said.context("rustc is missing")?.stdout)?.trim()))
}

/// Adds the formatter and the linter to the toolchain when they are missing.
pub fn linters() -> Result<()> {
    for (program, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        let found =
            Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !found.is_ok_and(|status| status.success()) {
            run(Command::new("rustup").args(["component", "add", component]).current_dir(cargo::root()))?;
        }
    }
    Ok(())
}

/// Installs the browsers and their drivers when they are missing.
pub fn browsers() -> Result<()> {
    let missing = PROGRAMS.iter().filter(|(name, _)| !is_here(name)).map(|(_, package)| *package);
    let missing: Vec<&str> = missing.collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !Path::new("/etc/debian_version").exists() || !is_root() {
        bail!("the browser tests need what these Debian packages hold: {}", missing.join(" "));
    }
    eprintln!("installing {}", missing.join(" "));
    run(apt().arg("update"))?;
    run(apt().args(["install", "--yes", "--no-install-recommends"]).args(missing))
}

/// Whether a path exists, or a mere name is that of a program on the search path.
fn is_here(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Joining a whole path replaces what it is joined to.
    std::env::split_paths(&path).any(|folder| folder.join(name).exists())
}

/// Where the driver of Firefox is, or will be.
pub fn geckodriver() -> PathBuf {
    tools().join("bin/geckodriver")
}

/// Begins to build the driver of Firefox when it is missing, behind everything else.
pub fn build_geckodriver() -> JoinHandle<Result<()>> {
    std::thread::spawn(|| {
        if geckodriver().exists() {
            return Ok(());
        }
        let cargo = cargo::cargo(["install", "geckodriver", "--locked", "--quiet", "--version", GECKODRIVER]);
        let mut nice = Command::new("nice");
        nice.arg("-n19").arg(cargo.get_program()).args(cargo.get_args()).arg("--root").arg(tools());
        nice.current_dir(cargo::root()).env_remove("CARGO_TARGET_DIR");
        run(&mut nice).context("the driver of Firefox")
    })
}

/// What runs libFuzzer, installed when it is missing.
pub fn cargo_fuzz() -> Result<PathBuf> {
    let program = tools().join("bin/cargo-fuzz");
    if !program.exists() {
        let mut install = cargo::cargo(["install", "cargo-fuzz", "--locked", "--version", CARGO_FUZZ]);
        run(install.arg("--root").arg(tools()).env_remove("CARGO_TARGET_DIR")).context("cargo-fuzz")?;
    }
    Ok(program)
}

fn tools() -> PathBuf {
    cargo::target().join("tools")
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet=2");
    apt
}

/// Whether this runs as root.
pub fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}
