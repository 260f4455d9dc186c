//! One person's device: a browser with a profile that lasts, and its own way to the relay.

use super::build::target;
use super::engine::{Driver, Engine};
use super::find::{self, PATIENCE, Role, until};
use super::network::Network;
use super::relay::RelayProcess;
use super::words::Word;
use super::{axe, log};
use anyhow::{Context, Result, ensure};
use mingcha_core::domain::Language;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tempfile::TempDir;
use thirtyfour::prelude::*;

static LOOKED_AT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Waits until the page has drawn itself anew.
const DRAWN: &str = "for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame)";

/// How large the screen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 390 by 844, touched.
    Phone,
    /// 1440 by 900.
    Desktop,
}

impl Size {
    /// Width and height.
    #[must_use]
    pub fn pixels(self) -> (u32, u32) {
        match self {
            Self::Phone => (390, 844),
            Self::Desktop => (1440, 900),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Desktop => "desktop",
        }
    }
}

/// See the module.
pub struct Device {
    /// Whose it is; names screenshots.
    pub name: String,
    /// Its engine.
    pub engine: Engine,
    /// Its screen.
    pub size: Size,
    /// The language its person reads.
    pub language: Language,
    /// Its way to the relay.
    pub network: Network,
    /// Requests and console messages that this test provokes on purpose, by a part of their text.
    pub expected: Vec<&'static str>,
    /// What axe found so far; told when the browser is closed, so that the test itself goes on.
    shut_out: Mutex<Vec<String>>,
    profile: TempDir,
    driver: Option<Driver>,
    browser: Option<WebDriver>,
}

impl Device {
    /// A device on which nothing was opened yet.
    ///
    /// # Errors
    ///
    /// When there is no room for its profile.
    pub fn new(
        name: &str,
        engine: Engine,
        size: Size,
        language: Language,
        relay: &RelayProcess,
    ) -> Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            engine,
            size,
            language,
            network: Network::to(relay.port())?,
            expected: Vec::new(),
            shut_out: Mutex::default(),
            profile: tempfile::tempdir()?,
            driver: None,
            browser: None,
        })
    }

    /// A Chromium phone.
    ///
    /// # Errors
    ///
    /// As [`Device::new`].
    pub fn phone(name: &str, language: Language, relay: &RelayProcess) -> Result<Self> {
        Self::new(name, Engine::Chromium, Size::Phone, language, relay)
    }

    /// A Chromium desktop.
    ///
    /// # Errors
    ///
    /// As [`Device::new`].
    pub fn desktop(name: &str, language: Language, relay: &RelayProcess) -> Result<Self> {
        Self::new(name, Engine::Chromium, Size::Desktop, language, relay)
    }

    /// Opens the browser at a path of the relay's address.
    ///
    /// # Errors
    ///
    /// When it does not open.
    pub async fn open(&mut self, path: &str) -> Result<()> {
        let driver = Driver::start(self.engine)?;
        let browser = driver.open(self.engine, self.size, self.profile.path()).await?;
        self.driver = Some(driver);
        self.browser = Some(browser);
        if self.engine == Engine::WebKit {
            let (width, height) = self.size.pixels();
            self.driver()?.set_window_rect(0, 0, width, height).await?;
        }
        self.driver()?.set_script_timeout(Duration::from_secs(60)).await?;
        self.goto(path).await
    }

    /// Goes to a path.
    ///
    /// # Errors
    ///
    /// When the page does not load.
    pub async fn goto(&self, path: &str) -> Result<()> {
        let url = format!("{}{path}", self.network.url());
        self.driver()?.goto(url).await.context("the page does not load")
    }

    /// Closes the browser in good order, after looking at what it logged.
    ///
    /// # Errors
    ///
    /// When something was logged that must not be.
    pub async fn close(&mut self) -> Result<()> {
        self.check_log().await?;
        if let Some(browser) = self.browser.take() {
            browser.quit().await?;
        }
        self.driver = None;
        let shut_out = std::mem::take(&mut *self.shut_out.lock().unwrap_or_else(PoisonError::into_inner));
        ensure!(shut_out.is_empty(), "axe: {shut_out:#?}");
        log::check_requests(&self.profile.path().join("net.json"), &self.network.url())
    }

    /// Kills all of the browser's processes.
    ///
    /// # Errors
    ///
    /// When it is not open, or something was logged before that must not be.
    pub async fn kill(&mut self) -> Result<()> {
        self.check_log().await?;
        self.driver.as_ref().context("not open")?.kill_browser();
        self.forget();
        log::check_requests(&self.profile.path().join("net.json"), &self.network.url())
    }

    fn forget(&mut self) {
        if let Some(browser) = self.browser.take() {
            // The session went with its browser.
            let _ = browser.leak();
        }
        self.driver = None;
    }

    /// The WebDriver session.
    ///
    /// # Errors
    ///
    /// When the browser is closed.
    pub fn driver(&self) -> Result<&WebDriver> {
        self.browser.as_ref().with_context(|| format!("the browser of {} is closed", self.name))
    }

    /// A text of the interface as this device shows it.
    #[must_use]
    pub fn say(&self, word: Word) -> &'static str {
        word.say(self.language)
    }

    /// Runs a script; `return` gives its value.
    ///
    /// # Errors
    ///
    /// When it throws.
    pub async fn run(&self, script: &str) -> Result<Value> {
        Ok(self.driver()?.execute(script, Vec::new()).await?.json().clone())
    }

    /// Runs the body of an async function and waits for its value.
    ///
    /// # Errors
    ///
    /// When it throws.
    pub async fn run_async(&self, body: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async () => {{ {body} }})().then((value) => done({{ value }}), (error) => done({{ error: String(error) }}));"
        );
        let outcome = self.driver()?.execute_async(script, Vec::new()).await?.json().clone();
        ensure!(outcome["error"].is_null(), "{}", outcome["error"]);
        Ok(outcome["value"].clone())
    }

    /// Waits for something; shows the page when it does not come.
    ///
    /// # Errors
    ///
    /// When it does not come.
    pub async fn wait<T>(&self, what: &str, attempt: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
        self.wait_for(what, PATIENCE, attempt).await
    }

    /// [`Device::wait`] with another patience.
    ///
    /// # Errors
    ///
    /// When it does not come.
    pub async fn wait_for<T>(
        &self,
        what: &str,
        patience: Duration,
        attempt: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        match until(what, patience, attempt).await {
            Ok(found) => Ok(found),
            Err(error) => Err(error.context(self.circumstances().await)),
        }
    }

    async fn circumstances(&self) -> String {
        let place = folder().join(format!("failed-{}-{}.png", self.engine_name(), self.name));
        if let Ok(browser) = self.driver() {
            // Without a picture there is still the text.
            let _ = browser.screenshot(&place).await;
        }
        let text = self.text().await.unwrap_or_default();
        let url = self.run("return location.pathname").await.unwrap_or_default();
        format!("{} at {url} shows ({}):\n{text}\n", self.name, place.display())
    }

    /// Everything that can be read on the page, in one line.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn text(&self) -> Result<String> {
        let text = self.run("return document.body.innerText.replace(/\\s+/g, ' ')").await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until a text can be read on the page.
    ///
    /// # Errors
    ///
    /// When it never can.
    pub async fn see(&self, text: &str) -> Result<()> {
        self.see_for(text, PATIENCE).await
    }

    /// [`Device::see`] with another patience.
    ///
    /// # Errors
    ///
    /// When it never can.
    pub async fn see_for(&self, text: &str, patience: Duration) -> Result<()> {
        let attempt = async || Ok(self.text().await?.contains(text).then_some(()));
        self.wait_for(&format!("“{text}” to be seen"), patience, attempt).await
    }

    /// Waits until a text can no longer be read on the page.
    ///
    /// # Errors
    ///
    /// When it stays.
    pub async fn gone(&self, text: &str) -> Result<()> {
        let attempt = async || Ok((!self.text().await?.contains(text)).then_some(()));
        self.wait(&format!("“{text}” to go"), attempt).await
    }

    /// Waits for one thing.
    ///
    /// # Errors
    ///
    /// When it never appears.
    pub async fn find(&self, role: Role, name: &str) -> Result<WebElement> {
        self.find_in(role, name, "").await
    }

    /// Waits for one thing within a group, an item or a section in which `group` can be read.
    ///
    /// # Errors
    ///
    /// When it never appears.
    pub async fn find_in(&self, role: Role, name: &str, group: &str) -> Result<WebElement> {
        let what = format!("{role:?} “{name}” {group}");
        self.wait(&what, async || Ok(find::all(self.driver()?, role, name, group).await?.into_iter().next()))
            .await
    }

    /// Whether there is such a thing now.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn has(&self, role: Role, name: &str) -> Result<bool> {
        Ok(!find::all(self.driver()?, role, name, "").await?.is_empty())
    }

    /// Clicks on a thing as soon as it can be clicked on.
    ///
    /// # Errors
    ///
    /// When it never can.
    pub async fn click(&self, role: Role, name: &str) -> Result<()> {
        self.click_in(role, name, "").await
    }

    /// [`Device::click`] within a group.
    ///
    /// # Errors
    ///
    /// When it never can.
    pub async fn click_in(&self, role: Role, name: &str, group: &str) -> Result<()> {
        let attempt = async || {
            let found = find::all(self.driver()?, role, name, group).await?;
            let Some(element) = found.first() else { return Ok(None) };
            if !element.is_enabled().await? {
                return Ok(None);
            }
            // The box itself may be hidden behind its label; bars at the edges may cover what is scrolled just in.
            const TARGET: &str = "const [element] = arguments;
                const target = element.matches('[type=radio], [type=checkbox]') ? element.labels[0] : element;
                target.scrollIntoView({ block: 'center' });
                return target;";
            let target = self.driver()?.execute(TARGET, vec![element.to_json()?]).await?.element()?;
            target.click().await?;
            Ok(Some(()))
        };
        self.wait(&format!("{role:?} “{name}” {group} to be clicked on"), attempt).await
    }

    /// Writes into an empty field, or at the end of what is in it.
    ///
    /// # Errors
    ///
    /// When there is no such field.
    pub async fn write(&self, label: &str, text: &str) -> Result<()> {
        let field = self.find(Role::Field, label).await?;
        field.send_keys(text).await.with_context(|| format!("writing into {label}"))
    }

    /// Replaces what is in a field.
    ///
    /// # Errors
    ///
    /// When there is no such field.
    pub async fn rewrite(&self, label: &str, text: &str) -> Result<()> {
        let field = self.find(Role::Field, label).await?;
        field.send_keys(Key::Control + "a").await?;
        field.send_keys(text).await.with_context(|| format!("writing into {label}"))
    }

    /// What a field holds.
    ///
    /// # Errors
    ///
    /// When there is no such field.
    pub async fn value(&self, label: &str) -> Result<String> {
        Ok(self.find(Role::Field, label).await?.prop("value").await?.unwrap_or_default())
    }

    /// Waits until a field holds something.
    ///
    /// # Errors
    ///
    /// When it never does.
    pub async fn holds(&self, label: &str, text: &str) -> Result<()> {
        let attempt = async || Ok((self.value(label).await? == text).then_some(()));
        self.wait(&format!("{label} to hold “{text}”"), attempt).await
    }

    /// Chooses from a list.
    ///
    /// # Errors
    ///
    /// When it has no such choice.
    pub async fn choose(&self, label: &str, choice: &str) -> Result<()> {
        const CHOOSE: &str = r"
            const [select, choice] = arguments;
            const option = [...select.options].find((one) => one.textContent.trim() === choice);
            if (!option) return false;
            select.value = option.value;
            select.dispatchEvent(new Event('input', { bubbles: true }));
            select.dispatchEvent(new Event('change', { bubbles: true }));
            return true;";
        let attempt = async || {
            let found = find::all(self.driver()?, Role::Select, label, "").await?;
            let Some(select) = found.first() else { return Ok(None) };
            let chosen = self.driver()?.execute(CHOOSE, vec![select.to_json()?, json!(choice)]).await?;
            Ok(chosen.json().as_bool().filter(|chosen| *chosen).map(drop))
        };
        self.wait(&format!("{label} to offer “{choice}”"), attempt).await
    }

    /// Looks at a screen: nothing on it may shut anybody out, and a picture is kept. A screen that was looked at
    /// already, on such a device in such a language, is not looked at again. With `MINGCHA_LOOKS=all` there are also
    /// pictures of it in the dark and at the other size.
    ///
    /// # Errors
    ///
    /// When it cannot be looked at. What axe finds is an error of [`Device::close`].
    pub async fn look(&self, screen: &str) -> Result<()> {
        let language = match self.language {
            Language::Chinese => "zh",
            Language::English => "en",
        };
        let name = format!("{language}-{}-{screen}", self.size.name());
        let engine =
            if self.engine == Engine::Chromium { String::new() } else { format!("{}-", self.engine_name()) };
        let name = format!("{engine}{name}");
        let is_new = LOOKED_AT.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone());
        if is_new {
            let picture = self.driver()?.screenshot(&folder().join(format!("{name}.png"))).await;
            picture.with_context(|| format!("the picture of {screen}"))?;
            let found = axe::check(self).await?;
            let found = found.into_iter().map(|one| format!("{name}: {one}"));
            self.shut_out.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
            if self.engine == Engine::Chromium && std::env::var("MINGCHA_LOOKS").is_ok_and(|all| all == "all")
            {
                self.look_otherwise(&name).await?;
            }
        }
        Ok(())
    }

    /// Pictures of the screen in the dark, and at the other size.
    async fn look_otherwise(&self, name: &str) -> Result<()> {
        let cdp = self.driver()?.cdp();
        let keep = async |kind: &str| -> Result<()> {
            self.run_async(DRAWN).await?;
            let file = folder().join(format!("{kind}-{name}.png"));
            self.driver()?.screenshot(&file).await.map(drop).map_err(Into::into)
        };
        let scheme = |value| json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        cdp.send_raw("Emulation.setEmulatedMedia", scheme("dark")).await?;
        keep("dark").await?;
        cdp.send_raw("Emulation.setEmulatedMedia", scheme("")).await?;
        let metrics = |size: Size| {
            let ((width, height), mobile) = (size.pixels(), size == Size::Phone);
            json!({ "width": width, "height": height, "deviceScaleFactor": 0, "mobile": mobile })
        };
        let other = if self.size == Size::Phone { Size::Desktop } else { Size::Phone };
        cdp.send_raw("Emulation.setDeviceMetricsOverride", metrics(other)).await?;
        keep(if other == Size::Phone { "narrow" } else { "wide" }).await?;
        match self.size {
            Size::Phone => cdp.send_raw("Emulation.setDeviceMetricsOverride", metrics(Size::Phone)).await?,
            Size::Desktop => cdp.send_raw("Emulation.clearDeviceMetricsOverride", json!({})).await?,
        };
        self.run_async(DRAWN).await.map(drop)
    }

    /// The file that it downloaded last, once it is whole.
    ///
    /// # Errors
    ///
    /// When its folder cannot be read.
    pub fn downloaded(&self) -> Result<Option<PathBuf>> {
        let folder = self.profile.path().join("downloads");
        if !folder.exists() {
            return Ok(None);
        }
        let files = std::fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
        let whole = files.into_iter().map(|file| file.path());
        Ok(whole.filter(|path| path.extension().is_some_and(|it| it != "crdownload")).max())
    }

    fn engine_name(&self) -> &'static str {
        match self.engine {
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox",
            Engine::WebKit => "webkit",
        }
    }

    async fn check_log(&self) -> Result<()> {
        if self.engine == Engine::Chromium && self.browser.is_some() {
            log::check_console(self.driver()?, &self.expected).await.with_context(|| self.name.clone())?;
        }
        Ok(())
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.forget();
    }
}

/// Where pictures of screens are kept.
fn folder() -> PathBuf {
    let folder = target().join("screenshots");
    // Without the folder the pictures fail, and say so.
    let _ = std::fs::create_dir_all(&folder);
    folder
}
