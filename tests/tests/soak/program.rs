//! The relay, running.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Killed when dropped.
pub struct Program {
    path: PathBuf,
    folder: TempDir,
    address: SocketAddr,
    child: Child,
}

impl Program {
    /// Starts it on a folder of its own.
    pub async fn start(path: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let child = spawn(path, folder.path(), address)?;
        let program = Self { path: path.to_owned(), folder, address, child };
        program.serves().await?;
        Ok(program)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What stands in the link that it printed.
    pub fn setup(&mut self) -> Result<String> {
        let mut line = String::new();
        BufReader::new(self.child.stdout.take().context("asked twice")?).read_line(&mut line)?;
        Ok(line.trim().split_once("/#s=").context("no set-up link")?.1.to_owned())
    }

    /// Kills it and starts it again at the same address.
    pub async fn restart(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        self.child = spawn(&self.path, self.folder.path(), self.address)?;
        self.serves().await
    }

    async fn serves(&self) -> Result<()> {
        for _ in 0..1_200 {
            if tokio::net::TcpStream::connect(self.address).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        bail!("the relay does not serve")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(path: &Path, folder: &Path, address: SocketAddr) -> Result<Child> {
    let mut command = Command::new(path);
    command.arg("serve").arg("--data").arg(folder).args(["--listen", &address.to_string()]);
    command.args(["--segment-bytes", "16777216", "--reserve-bytes", "0"]);
    Ok(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?)
}
