//! What we build on may be used under terms that let an office run and pass on the product.

use crate::cargo::cargo;
use anyhow::{Context, Result, ensure};
use serde_json::Value;

const ALLOWED: [&str; 15] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "NCSA",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Checks the licence of every dependency.
pub fn check() -> Result<()> {
    let metadata = cargo(["metadata", "--locked", "--format-version", "1"]).output()?;
    let metadata: Value = serde_json::from_slice(&metadata.stdout).context("cargo metadata")?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let refused: Vec<String> = packages
        .iter()
        .map(|package| (package["name"].as_str(), package["license"].as_str().unwrap_or("none")))
        .filter(|(_, licence)| !allows(licence))
        .map(|(name, licence)| format!("{}: {licence}", name.unwrap_or_default()))
        .collect();
    ensure!(refused.is_empty(), "licences to look at: {}", refused.join("; "));
    Ok(())
}

/// Whether an SPDX expression leaves a choice that is allowed.
fn allows(expression: &str) -> bool {
    let flat = expression.replace(['(', ')'], " ").replace('/', " OR ");
    // Brackets only ever group alternatives in the licences in use, so the parts of an AND are what must hold.
    flat.split(" AND ").all(|part| part.split(" OR ").any(|licence| ALLOWED.contains(&licence.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_allowed_alternative_is_enough() {
        assert!(allows("GPL-3.0 OR MIT"));
        assert!(allows("Apache-2.0/MIT"));
        assert!(allows("(MIT OR Apache-2.0) AND Unicode-3.0"));
    }

    #[test]
    fn every_part_must_hold() {
        assert!(!allows("MIT AND GPL-3.0"));
        assert!(!allows("none"));
    }
}
