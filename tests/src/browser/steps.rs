//! What people do, in the order in which they do it.

use super::device::Device;
use super::find::{PATIENCE, Role};
use super::relay::RelayProcess;
use super::words::{self as w, Word};
use anyhow::{Context, Result, ensure};
use mingcha_core::domain::Language;
use mingcha_core::view::Tick;
use mingcha_core::words;
use serde_json::Value;
use std::path::Path;
use std::time::Duration;
use thirtyfour::By;

/// What unlocks every device of these tests.
pub const PASSPHRASE: &str = "lorry tulip cabin mosaic";

/// How long stretching a passphrase may take on a machine that does much else.
const STRETCHING: Duration = Duration::from_secs(60);

/// An invitation as it is handed over.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// To be typed.
    pub code: String,
    /// What stands behind the address, beginning with `/#`.
    pub path: String,
}

impl Device {
    /// Founds the office: names, passphrase, recovery kit shown and proven.
    ///
    /// # Errors
    ///
    /// When it cannot.
    pub async fn found(&mut self, relay: &RelayProcess, office: &str, name: &str) -> Result<()> {
        self.open(&format!("/#s={}", relay.setup())).await?;
        self.speak().await?;
        // Founding is the desk's, which is fetched first.
        self.find(Role::Heading, self.say(w::FOUND)).await?;
        self.look("found").await?;
        self.write(self.say(w::OFFICE_NAME), office).await?;
        self.write(self.say(w::YOUR_NAME), name).await?;
        self.write(self.say(w::PASSPHRASE), PASSPHRASE).await?;
        self.write(self.say(w::PASSPHRASE_AGAIN), PASSPHRASE).await?;
        self.click(Role::Button, self.say(w::NEXT)).await?;
        let words = self
            .wait_for("the recovery kit", STRETCHING, async || {
                let words = self
                    .run("return [...document.querySelectorAll('.kit li')].map((one) => one.textContent)");
                let words: Vec<String> = serde_json::from_value(words.await?)?;
                Ok((words.len() == 12).then_some(words))
            })
            .await?;
        self.look("kit").await?;
        self.click(Role::Button, self.say(w::WRITTEN)).await?;
        self.look("kit-proof").await?;
        for (at, word) in words.iter().enumerate() {
            let label = match self.language {
                Language::Chinese => format!("第 {} 个字", at + 1),
                Language::English => format!("Word {}", at + 1),
            };
            if self.has(Role::Field, &label).await? {
                self.write(&label, word).await?;
            }
        }
        self.click(Role::Button, self.say(w::FOUND)).await?;
        self.is_open(w::DESK.say(self.language)).await
    }

    /// Chooses this device's language on a first page.
    ///
    /// # Errors
    ///
    /// When there is no choice.
    pub async fn speak(&self) -> Result<()> {
        let (choice, tag) = match self.language {
            Language::Chinese => ("中文", "zh-CN"),
            Language::English => ("English", "en"),
        };
        // It is the only list on these pages, and its name is in the language that was there before.
        self.choose("…", choice).await?;
        self.wait("the language", async || {
            Ok((self.run("return document.documentElement.lang").await? == tag).then_some(()))
        })
        .await
    }

    async fn is_open(&self, heading: &str) -> Result<()> {
        self.wait_for(&format!("the open app at “{heading}”"), STRETCHING, async || {
            Ok(self.has(Role::Heading, heading).await?.then_some(()))
        })
        .await
    }

    /// Goes to a page by the navigation. While something is recorded on a phone there is none, only a way back.
    ///
    /// # Errors
    ///
    /// When there is no such page.
    pub async fn visit_page(&self, page: Word) -> Result<()> {
        let (name, back) = (self.say(page), self.say(w::BACK));
        self.wait(&format!("a way to “{name}”"), async || {
            if self.has(Role::Link, name).await? {
                return Ok(Some(()));
            }
            if self.has(Role::Button, back).await? {
                self.click(Role::Button, back).await?;
            }
            Ok(None)
        })
        .await?;
        self.click(Role::Link, name).await?;
        self.find(Role::Heading, name).await.map(drop)
    }

    /// Imports a spreadsheet as its headers say; the largest gap between two frames meanwhile, in milliseconds.
    ///
    /// # Errors
    ///
    /// When it is refused, or no progress is shown.
    pub async fn import(&self, file: &Path) -> Result<f64> {
        self.visit_page(w::UNITS).await?;
        self.watch_frames().await?;
        self.run(
            "window.progressSeen = false;
             new MutationObserver(() => { window.progressSeen ||= document.querySelector('progress[value]') !== null; })
               .observe(document.body, { childList: true, subtree: true, attributes: true });",
        )
        .await?;
        self.write(self.say(w::CHOOSE_FILE), file.to_str().context("a plain path")?).await?;
        self.click(Role::Button, self.say(w::IMPORT_UNITS)).await?;
        let refused = self
            .wait_for("the import to end", Duration::from_secs(120), async || {
                let refused =
                    self.run("return document.querySelector('main [role=alert]')?.innerText ?? ''").await?;
                let refused = refused.as_str().unwrap_or_default().to_owned();
                let went_through =
                    "return window.progressSeen && document.querySelector('progress') === null";
                let went_through = self.run(went_through).await? == true;
                let is_over = went_through && self.text().await?.contains(self.say(w::IMPORTED));
                Ok((is_over || !refused.is_empty()).then_some(refused))
            })
            .await?;
        ensure!(refused.is_empty(), "{} was refused: {refused}", file.display());
        self.longest_frame().await
    }

    /// Begins to measure the gaps between frames.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn watch_frames(&self) -> Result<()> {
        self.run(
            "window.longestFrame = 0; window.frameWatch = (window.frameWatch ?? 0) + 1;
             const mine = window.frameWatch; let last = performance.now();
             const tick = (now) => {
               window.longestFrame = Math.max(window.longestFrame, now - last); last = now;
               if (mine === window.frameWatch) requestAnimationFrame(tick);
             };
             requestAnimationFrame((now) => { last = now; requestAnimationFrame(tick); });",
        )
        .await
        .map(drop)
    }

    /// The longest gap between two frames since [`Device::watch_frames`], in milliseconds.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn longest_frame(&self) -> Result<f64> {
        self.run("return window.longestFrame").await?.as_f64().context("a number")
    }

    /// Takes the checklist that the product brings.
    ///
    /// # Errors
    ///
    /// When it cannot.
    pub async fn take_built_in_checklist(&self) -> Result<()> {
        self.visit_page(w::CHECKLISTS).await?;
        self.click(Role::Button, self.say(w::TAKE_BUILT_IN)).await?;
        self.find(Role::Link, &format!("{}…", self.say(w::BUILT_IN))).await.map(drop)
    }

    /// Writes a checklist of one question.
    ///
    /// # Errors
    ///
    /// When it cannot.
    pub async fn write_checklist(&self, title: &str, question: &str) -> Result<()> {
        self.visit_page(w::CHECKLISTS).await?;
        self.click(Role::Button, self.say(w::WRITE_ONE)).await?;
        self.write(self.say(w::TITLE), title).await?;
        self.write(self.say(w::QUESTION), question).await?;
        self.look("checklist").await?;
        self.click(Role::Button, self.say(w::PUBLISH)).await?;
        self.find(Role::Link, &format!("{title}…")).await.map(drop)
    }

    /// Forms a team.
    ///
    /// # Errors
    ///
    /// When it cannot.
    pub async fn form_team(&self, name: &str) -> Result<()> {
        self.visit_page(w::PEOPLE).await?;
        self.write(self.say(w::TEAM_NAME), name).await?;
        self.click(Role::Button, self.say(w::FORM)).await?;
        self.find(Role::Heading, name).await.map(drop)
    }

    /// Invites somebody into a team and waits until the invitation can be used.
    ///
    /// # Errors
    ///
    /// When it cannot.
    pub async fn invite(&self, team: &str, name: &str) -> Result<Invitation> {
        self.visit_page(w::PEOPLE).await?;
        self.click(Role::Button, &format!("{} · {team}", self.say(w::INVITE))).await?;
        self.write(self.say(w::NAME), name).await?;
        self.click(Role::Button, self.say(w::MAKE_INVITATION)).await?;
        let script = format!(
            "const item = [...document.querySelectorAll('.invitation')].find((one) =>
               one.querySelector('h3').textContent === {name:?} && one.innerText.includes({:?}));
             return item && [...item.querySelectorAll('code')].map((one) => one.textContent);",
            self.say(w::INVITATION_OPEN)
        );
        self.wait("the invitation", async || {
            let Value::Array(texts) = self.run(&script).await? else { return Ok(None) };
            let text = |at: usize| texts.get(at).and_then(Value::as_str);
            let (Some(code), Some(link)) = (text(0), text(1)) else { return Ok(None) };
            let (_, secret) = link.split_once("/#").context("a link with a secret")?;
            Ok(Some(Invitation { code: code.to_owned(), path: format!("/#{secret}") }))
        })
        .await
    }

    /// Joins by the link.
    ///
    /// # Errors
    ///
    /// When it cannot.
    pub async fn join_by_link(&mut self, invitation: &Invitation) -> Result<()> {
        self.open(&invitation.path).await?;
        self.speak().await?;
        self.accept().await
    }

    /// Joins by the typed code.
    ///
    /// # Errors
    ///
    /// When it cannot.
    pub async fn join_by_code(&mut self, invitation: &Invitation) -> Result<()> {
        self.open("/").await?;
        self.speak().await?;
        self.look("welcome").await?;
        self.write(self.say(w::INVITATION_CODE), &invitation.code).await?;
        self.click(Role::Button, self.say(w::LOOK_UP)).await?;
        self.accept().await
    }

    async fn accept(&self) -> Result<()> {
        self.write(self.say(w::PASSPHRASE), PASSPHRASE).await?;
        self.write(self.say(w::PASSPHRASE_AGAIN), PASSPHRASE).await?;
        self.look("join").await?;
        self.click(Role::Button, self.say(w::JOIN)).await?;
        self.is_open(w::RECORDS.say(self.language)).await?;
        self.is_up_to_date(PATIENCE).await
    }

    /// Waits until everything that the relay has for this device is here.
    ///
    /// # Errors
    ///
    /// When it never is.
    pub async fn is_up_to_date(&self, patience: Duration) -> Result<()> {
        let shown = "return document.querySelector('nav footer')?.textContent";
        let wanted = self.say(w::UP_TO_DATE);
        self.wait_for("everything to arrive", patience, async || {
            Ok((self.run(shown).await? == wanted).then_some(()))
        })
        .await
    }

    /// Waits until the whole app is kept for use without a network.
    ///
    /// # Errors
    ///
    /// When it never is.
    pub async fn ready_for_offline(&self) -> Result<()> {
        let kept = "await navigator.serviceWorker.ready;
             const { engine, heavy } = document.documentElement.dataset;
             const urls = [];
             for (const name of await caches.keys())
               for (const request of await (await caches.open(name)).keys()) urls.push(request.url);
             const has = (part) => urls.some((url) => url.includes(part));
             return has(engine) && has(heavy) && has('heavy_bg') && has('engine_bg') && has('page_bg');";
        self.wait("the app to be kept", async || {
            Ok(self.run_async(kept).await?.as_bool().filter(|kept| *kept).map(drop))
        })
        .await
    }

    /// Locks by the page about oneself.
    ///
    /// # Errors
    ///
    /// When it cannot.
    pub async fn lock(&self) -> Result<()> {
        self.visit_page(w::ME).await?;
        self.look("me").await?;
        self.click(Role::Button, self.say(w::LOCK)).await?;
        self.find(Role::Button, self.say(w::UNLOCK)).await.map(drop)
    }

    /// Unlocks.
    ///
    /// # Errors
    ///
    /// When it does not open.
    pub async fn unlock(&self) -> Result<()> {
        self.write(self.say(w::PASSPHRASE), PASSPHRASE).await?;
        self.click(Role::Button, self.say(w::UNLOCK)).await?;
        self.wait_for("the open app", STRETCHING, async || {
            Ok(self.has(Role::Button, self.say(w::HIDE)).await?.then_some(()))
        })
        .await
    }

    /// Begins a record.
    ///
    /// # Errors
    ///
    /// When it cannot.
    pub async fn new_record(&self) -> Result<()> {
        self.visit_page(w::RECORDS).await?;
        self.click(Role::Button, &format!("…{}", self.say(w::NEW))).await?;
        self.wait("the new record", async || {
            if let Ok(team) = self.driver()?.find(By::Css("dialog[open] li button:not(:empty)")).await {
                team.click().await?;
            }
            Ok(self.has(Role::Field, self.say(w::NOTES)).await?.then_some(()))
        })
        .await
    }

    /// Finds a unit by what is typed and picks the one with this name.
    ///
    /// # Errors
    ///
    /// When it is not found.
    pub async fn pick_unit(&self, typed: &str, name: &str) -> Result<()> {
        self.click(Role::Button, &format!("…{}", self.say(w::CHOOSE_UNIT))).await?;
        self.write(self.say(w::FIND_UNIT), typed).await?;
        self.click(Role::Button, &format!("{name}…")).await?;
        self.find(Role::Heading, name).await.map(drop)
    }

    /// Answers a question of the checklist.
    ///
    /// # Errors
    ///
    /// When there is no such question.
    pub async fn answer(&self, question: &str, answer: &str) -> Result<()> {
        self.click_in(Role::Radio, answer, question).await
    }

    /// Puts a text into a field at once, as from the clipboard.
    ///
    /// # Errors
    ///
    /// When there is no such field.
    pub async fn paste(&self, label: &str, text: &str) -> Result<()> {
        let field = self.find(Role::Field, label).await?;
        let script = "arguments[0].focus(); arguments[0].value = arguments[1];
             arguments[0].dispatchEvent(new InputEvent('input', { bubbles: true }));";
        self.driver()?.execute(script, vec![field.to_json()?, text.into()]).await?;
        Ok(())
    }

    /// Waits until the record shown stands so.
    ///
    /// # Errors
    ///
    /// When it never does.
    pub async fn stands(&self, tick: Tick) -> Result<()> {
        let wanted = words::tick(tick, self.language);
        self.wait_for(&format!("the record to be “{wanted}”"), PATIENCE, async || {
            Ok((self.standing().await? == wanted).then_some(()))
        })
        .await
    }

    /// Waits until everything typed so far is on this device's disk.
    ///
    /// # Errors
    ///
    /// When it never is.
    pub async fn is_saved(&self) -> Result<()> {
        let durable = [Tick::Saved, Tick::Held, Tick::Read].map(|tick| words::tick(tick, self.language));
        self.wait("the record to be saved", async || {
            Ok(durable.contains(&self.standing().await?.as_str()).then_some(()))
        })
        .await
    }

    /// How the record shown is saved.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn standing(&self) -> Result<String> {
        let word =
            self.run("return document.querySelector('header.head [role=status]')?.innerText ?? ''").await?;
        Ok(word.as_str().unwrap_or_default().trim().to_owned())
    }

    /// Submits the record shown.
    ///
    /// # Errors
    ///
    /// When it cannot.
    pub async fn submit(&self) -> Result<()> {
        self.click(Role::Button, self.say(w::SUBMIT)).await?;
        // The question before it has a button of the same name.
        self.wait("the question", async || {
            Ok((self.run("return document.querySelector('dialog[open]') !== null").await? == true)
                .then_some(()))
        })
        .await?;
        self.click(Role::Button, self.say(w::SUBMIT)).await?;
        self.find(Role::Button, self.say(w::SUBMITTED)).await.map(drop)
    }

    /// The records listed, each as the text that stands there.
    ///
    /// # Errors
    ///
    /// When the list is not shown.
    pub async fn records(&self) -> Result<Vec<String>> {
        self.visit_page(w::RECORDS).await?;
        self.listed().await
    }

    /// The rows of the list or table shown, each as the text that stands there.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn listed(&self) -> Result<Vec<String>> {
        let rows = self.run(
            "return [...document.querySelectorAll('main ul.items > li:not(.day), main tbody:not(.pad) > tr')]
               .map((one) => one.innerText.replace(/\\s+/g, ' ').trim())",
        );
        Ok(serde_json::from_value(rows.await?)?)
    }

    /// Waits until the list or table shown has as many rows.
    ///
    /// # Errors
    ///
    /// When it never has.
    pub async fn lists(&self, count: usize) -> Result<Vec<String>> {
        self.wait(&format!("{count} rows"), async || {
            let rows = self.listed().await?;
            Ok((rows.len() == count).then_some(rows))
        })
        .await
    }

    /// Opens the first row of the table shown.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn open_first(&self) -> Result<()> {
        self.wait("a first row", async || {
            let row = self.driver()?.find(By::Css("main tbody:not(.pad) > tr a")).await?;
            row.click().await?;
            Ok(Some(()))
        })
        .await
    }
}
