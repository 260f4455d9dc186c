//! Where what is tested lies, and building the relay.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Which build of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As it ships.
    Shipped,
    /// With sealing and authorisation switched off, to prove that the tests see what they look for.
    Lab,
}

/// The repository.
#[must_use]
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Where cargo builds.
#[must_use]
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

impl Kind {
    /// The folder with the built client.
    ///
    /// # Errors
    ///
    /// When it is not built.
    pub fn client(self) -> Result<PathBuf> {
        let (variable, folder, command) = match self {
            Self::Shipped => ("MINGCHA_CLIENT", "client", "cargo xtask client"),
            Self::Lab => ("MINGCHA_CLIENT_LAB", "client-lab", "cargo xtask lab"),
        };
        let folder = std::env::var_os(variable).map_or_else(|| target().join(folder), PathBuf::from);
        ensure!(folder.join("index.html").exists(), "{} is not built: {command}", folder.display());
        Ok(folder)
    }

    /// The relay's program, built first.
    ///
    /// # Errors
    ///
    /// When it does not build.
    pub fn relay(self) -> Result<PathBuf> {
        static BUILT: OnceLock<std::result::Result<[PathBuf; 2], String>> = OnceLock::new();
        let built = BUILT.get_or_init(|| build_both().map_err(|error| format!("{error:#}")));
        let [shipped, lab] = built.clone().map_err(anyhow::Error::msg)?;
        Ok(match self {
            Self::Shipped => shipped,
            Self::Lab => lab,
        })
    }
}

/// The lab's program is set aside before the other is built in its place.
fn build_both() -> Result<[PathBuf; 2]> {
    let built = target().join("debug/mingcha-relay");
    let folder = target().join("browser-tests");
    std::fs::create_dir_all(&folder)?;
    let mut programs = [folder.join("mingcha-relay"), folder.join("mingcha-relay-lab")];
    for (program, features) in programs.iter_mut().zip(["", "unauthorised"]).rev() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.current_dir(root()).args(["build", "--quiet", "--locked", "--package", "mingcha-relay"]);
        let status = build.args(["--features", features]).status().context("cargo")?;
        ensure!(status.success(), "the relay does not build");
        // Put in place at once: another run of these tests may be using the one before.
        let making = program.with_extension(std::process::id().to_string());
        std::fs::copy(&built, &making)?;
        std::fs::rename(making, &*program)?;
    }
    Ok(programs)
}
