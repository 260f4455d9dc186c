//! axe-core: what on a page shuts people out.

use super::build::{root, target};
use super::device::Device;
use anyhow::{Context, Result, ensure};
use std::process::Command;
use std::sync::OnceLock;

/// What is wrong with the page as it is now.
pub async fn check(device: &Device) -> Result<Vec<String>> {
    if device.run("return typeof axe").await? != "object" {
        device.run(source()?).await?;
    }
    let found = device
        .run_async(
            "const { violations } = await axe.run(document, { resultTypes: ['violations'] });
             return violations.map(({ id, nodes }) =>
               id + ': ' + nodes.map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary).join(' | '));",
        )
        .await?;
    Ok(serde_json::from_value(found)?)
}

/// The library, installed once.
fn source() -> Result<&'static str> {
    static SOURCE: OnceLock<std::result::Result<String, String>> = OnceLock::new();
    let source = SOURCE.get_or_init(|| install().map_err(|error| format!("{error:#}")));
    source.as_deref().map_err(|error| anyhow::anyhow!("{error}"))
}

fn install() -> Result<String> {
    let folder = target().join("npm");
    let library = folder.join("node_modules/axe-core/axe.min.js");
    std::fs::create_dir_all(&folder)?;
    let mut is_current = library.exists();
    for name in ["package.json", "package-lock.json"] {
        let wanted = std::fs::read(root().join("tests").join(name))?;
        is_current &= std::fs::read(folder.join(name)).is_ok_and(|there| there == wanted);
        std::fs::write(folder.join(name), wanted)?;
    }
    if !is_current {
        let mut install = Command::new("npm");
        install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]);
        ensure!(
            install.current_dir(&folder).status().context("npm")?.success(),
            "npm cannot install axe-core"
        );
    }
    // Strict mode keeps a script's own variables to itself; what is to stay goes to the window.
    let library = std::fs::read_to_string(library)?;
    Ok(format!("{library}; window.axe = window.axe ?? axe;"))
}
