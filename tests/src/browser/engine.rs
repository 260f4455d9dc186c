//! Browser engines and the programs that drive them.

use super::build::target;
use super::device::Size;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;

const START: Duration = Duration::from_secs(30);
const USER_AGENT: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) \
     Chrome/156.0.0.0 Mobile Safari/537.36";

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium: everything can be tested in it.
    Chromium,
    /// Firefox.
    Firefox,
    /// WebKitGTK: what is stored is gone when it is closed.
    WebKit,
}

/// A running driver. It is killed with all browsers that it started when this is dropped.
pub struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    /// Starts the driver of an engine.
    ///
    /// # Errors
    ///
    /// When it is not there.
    pub fn start(engine: Engine) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = match engine {
            Engine::Chromium => Command::new("/usr/bin/chromedriver"),
            Engine::Firefox => Command::new(geckodriver()?),
            Engine::WebKit => Command::new("/usr/bin/WebKitWebDriver"),
        };
        command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        match engine {
            Engine::Chromium => {}
            Engine::Firefox => {
                command.arg("--websocket-port=0");
            }
            Engine::WebKit => {
                command.env("DISPLAY", display()?);
            }
        }
        Ok(Self { child: command.spawn().with_context(|| format!("the driver of {engine:?}"))?, port })
    }

    /// Opens a browser with a profile.
    ///
    /// # Errors
    ///
    /// When it does not open.
    pub async fn open(&self, engine: Engine, size: Size, profile: &Path) -> Result<WebDriver> {
        let url = format!("http://localhost:{}", self.port);
        let capabilities = capabilities(engine, size, profile)?;
        let begun = Instant::now();
        loop {
            match WebDriver::new(&url, capabilities.clone()).await {
                Ok(browser) => return Ok(browser),
                Err(error) => {
                    let words = error.to_string();
                    let is_starting = words.contains("error sending request");
                    if !is_starting || begun.elapsed() > START {
                        bail!("{engine:?} does not open: {words}");
                    }
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Kills the browser that it started, as the system does when memory is short.
    pub fn kill_browser(&self) {
        let mut processes = descendants(self.child.id());
        processes.retain(|process| *process != self.child.id());
        kill(&processes);
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        kill(&descendants(self.child.id()));
        let _ = self.child.wait();
    }
}

fn geckodriver() -> Result<PathBuf> {
    let named = std::env::var_os("GECKODRIVER").map(PathBuf::from);
    let program = named.unwrap_or_else(|| target().join("tools/bin/geckodriver"));
    if program.exists() { Ok(program) } else { bail!("{} is missing: cargo xtask test", program.display()) }
}

fn capabilities(engine: Engine, size: Size, profile: &Path) -> Result<Capabilities> {
    let profile = profile.to_str().context("a plain path")?;
    let capabilities = match engine {
        Engine::Chromium => chromium(size, profile),
        Engine::Firefox => firefox(size, profile),
        Engine::WebKit => json!({
            "browserName": "MiniBrowser",
            "webkitgtk:browserOptions": {
                "binary": "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
                "args": ["--automation"],
            },
        }),
    };
    let mut all = Capabilities::new();
    if let Value::Object(capabilities) = capabilities {
        for (name, value) in capabilities {
            all.set(name, value)?;
        }
    }
    Ok(all)
}

fn chromium(size: Size, profile: &str) -> Value {
    let (width, height) = size.pixels();
    let mut options = json!({
        "binary": "/usr/bin/chromium",
        "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--lang=zh-CN",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            format!("--user-data-dir={profile}"),
            format!("--log-net-log={profile}/net.json"),
            format!("--window-size={width},{height}"),
        ],
        "prefs": { "download.default_directory": format!("{profile}/downloads") },
    });
    if size == Size::Phone {
        options["mobileEmulation"] = json!({
            "deviceMetrics": { "width": width, "height": height, "pixelRatio": 2, "touch": true, "mobile": true },
            "userAgent": USER_AGENT,
        });
    }
    json!({ "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } })
}

fn firefox(size: Size, profile: &str) -> Value {
    let (width, height) = size.pixels();
    json!({
        "browserName": "firefox",
        "moz:firefoxOptions": {
            "binary": "/usr/bin/firefox-esr",
            "args": ["-headless", "-profile", profile, "-width", width.to_string(), "-height", height.to_string()],
            "prefs": {
                "dom.storageManager.prompt.testing": true,
                "dom.storageManager.prompt.testing.allow": true,
                "intl.accept_languages": "zh-CN",
            },
        },
    })
}

/// A screen for engines that have no headless mode, started once for all tests.
fn display() -> Result<String> {
    static DISPLAY: OnceLock<Option<(Screen, String)>> = OnceLock::new();
    let started = DISPLAY.get_or_init(|| Screen::start().ok());
    started.as_ref().map(|(_, name)| name.clone()).context("Xvfb does not start")
}

struct Screen(Child);

impl Screen {
    fn start() -> Result<(Self, String)> {
        // It ends with the tests: nothing is left when its standard input closes, for it is asked to end after its
        // last client.
        let mut child = Command::new("/usr/bin/Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-terminate", "60"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let out = child.stdout.take().context("a pipe was asked for")?;
        let number = BufReader::new(out).lines().next().context("Xvfb names no display")??;
        Ok((Self(child), format!(":{}", number.trim())))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

/// A process and all that descend from it.
fn descendants(root: u32) -> Vec<u32> {
    let mut all = vec![root];
    let parents = parents();
    let mut at = 0;
    while let Some(&parent) = all.get(at) {
        all.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(process, _)| *process));
        at += 1;
    }
    all
}

/// Every process with its parent.
fn parents() -> Vec<(u32, u32)> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let parent = |process: u32| {
        let status = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // The name stands in brackets and may hold anything; behind it come the state and the parent.
        status.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
    };
    let processes = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    processes.filter_map(|process| Some((process, parent(process)?))).collect()
}

fn kill(processes: &[u32]) {
    if !processes.is_empty() {
        // A process that has ended by itself is no failure.
        let _ = Command::new("kill")
            .arg("-KILL")
            .args(processes.iter().map(u32::to_string))
            .stderr(Stdio::null())
            .status();
    }
}
