//! Finding things on a page as people do: by what they are and what they are called.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;

/// How long a page may take for anything; only ever waited for in full when a test fails.
pub const PATIENCE: Duration = Duration::from_secs(25);

const PAUSE: Duration = Duration::from_millis(40);

/// What a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A button.
    Button,
    /// A link.
    Link,
    /// A field to write in.
    Field,
    /// A list to choose from.
    Select,
    /// One of several choices; named by its own label alone.
    Radio,
    /// A box to tick.
    Check,
    /// A heading.
    Heading,
    /// A summary that unfolds.
    Summary,
}

impl Role {
    fn selector(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::Link => "a[href]",
            Self::Field => "input:not([type=radio]):not([type=checkbox]), textarea",
            Self::Select => "select",
            Self::Radio => "input[type=radio]",
            Self::Check => "input[type=checkbox]",
            Self::Heading => "h1, h2, h3",
            Self::Summary => "summary",
        }
    }
}

/// Finds visible elements by selector, accessible name and, for one of several groups, the group's name. An open
/// dialogue hides what is behind it. A name that ends in `…` is a beginning; one that begins with `…` is a part.
const FIND: &str = r#"
    const [selector, name, group] = arguments;
    const dialogs = [...document.querySelectorAll("dialog[open]")];
    const root = dialogs.length ? dialogs[dialogs.length - 1] : document;
    const plain = (text) => (text || "").replace(/\s+/g, " ").trim();
    const named = (element) => {
      const label = element.getAttribute("aria-label");
      if (label) return plain(label);
      const by = element.getAttribute("aria-labelledby");
      if (by) return plain(by.split(" ").map((id) => document.getElementById(id)?.textContent).join(" "));
      if (element.labels?.length) return plain([...element.labels].map((one) => one.textContent).join(" "));
      return plain(element.innerText ?? element.textContent);
    };
    const fits = (text) =>
      name.endsWith("…") ? text.startsWith(name.slice(0, -1))
      : name.startsWith("…") ? text.includes(name.slice(1)) : text === name;
    const seen = (element) => {
      const of = element.matches("[type=radio], [type=checkbox]") ? element.closest("label") ?? element : element;
      return of.checkVisibility ? of.checkVisibility({ visibilityProperty: true }) : of.getClientRects().length > 0;
    };
    const within = (element) => {
      if (!group) return true;
      const around = element.closest("fieldset, [role=group], section, li, article");
      return around !== null && plain(around.textContent).includes(group);
    };
    return [...root.querySelectorAll(selector)].filter((one) => seen(one) && fits(named(one)) && within(one));
"#;

/// The visible things with this role and name now.
pub async fn all(browser: &WebDriver, role: Role, name: &str, group: &str) -> Result<Vec<WebElement>> {
    let arguments: Vec<Value> = vec![json!(role.selector()), json!(name), json!(group)];
    Ok(browser.execute(FIND, arguments).await?.elements()?)
}

/// Tries until something comes of it.
///
/// # Errors
///
/// When nothing came of it within [`PATIENCE`]; then with what `what` names and the last error.
pub async fn until<T>(
    what: &str,
    patience: Duration,
    mut attempt: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let begun = Instant::now();
    loop {
        let outcome = attempt().await;
        if let Ok(Some(found)) = outcome {
            return Ok(found);
        }
        if begun.elapsed() > patience {
            outcome.with_context(|| format!("waited {} s for {what}", patience.as_secs()))?;
            bail!("waited {} s for {what}", patience.as_secs());
        }
        tokio::time::sleep(PAUSE).await;
    }
}
