//! Language, theme and whether advice was read: the choices that are kept in clear on the device.

use crate::app::i18n;
use crate::dom::{document, window};
use crate::reactive::*;
use mingcha_core::domain::Language;

/// How light the interface is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system is; recording is dark.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All themes with the word that names each in the browser's storage.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::System, "system"), (Self::Light, "light"), (Self::Dark, "dark")];
}

/// What the person chose.
#[derive(Clone, Copy)]
pub struct Prefs {
    /// The language of the interface.
    pub language: RwSignal<Language>,
    /// The theme.
    pub theme: RwSignal<Theme>,
    /// Whether the standing advice was read.
    pub advised: RwSignal<bool>,
}

impl Prefs {
    /// As it was chosen on this device before, else as the browser prefers.
    pub fn load() -> Self {
        let language = match stored("language").as_deref() {
            Some("zh") => Language::Chinese,
            Some("en") => Language::English,
            _ if window().navigator().language().is_some_and(|tag| !tag.starts_with("zh")) => {
                Language::English
            }
            _ => Language::Chinese,
        };
        let kept = stored("theme");
        let theme = Theme::ALL.iter().find(|(_, name)| kept.as_deref() == Some(name));
        Self {
            language: RwSignal::new(language),
            theme: RwSignal::new(theme.map_or(Theme::System, |(theme, _)| *theme)),
            advised: RwSignal::new(stored("advised").is_some()),
        }
    }

    /// Chooses a language.
    pub fn speak(self, language: Language) {
        let name = match language {
            Language::Chinese => "zh",
            Language::English => "en",
        };
        store("language", name);
        self.language.set(language);
    }

    /// The standing advice was read: it does not come again.
    pub fn understand(self) {
        store("advised", "yes");
        self.advised.set(true);
    }

    /// Chooses a theme.
    pub fn paint(self, theme: Theme) {
        let name = Theme::ALL.iter().find(|(other, _)| *other == theme).map_or("system", |(_, name)| name);
        store("theme", name);
        self.theme.set(theme);
    }

    /// Keeps the document's language and theme as chosen; recording is dark unless light was chosen.
    pub fn apply(self, recording: Memo<bool>) {
        effect(move || {
            let Some(root) = document().document_element() else { return };
            let _ = root.set_attribute("lang", i18n::tag(self.language.get()));
            let (theme, recording) = (self.theme.get(), recording.get());
            // What was hidden in the dark must not light up.
            if root.has_attribute("data-covered") {
                return;
            }
            let theme = match (theme, recording) {
                (Theme::Light, _) => Some("light"),
                (Theme::Dark, _) | (Theme::System, true) => Some("dark"),
                (Theme::System, false) => None,
            };
            let _ = match theme {
                Some(theme) => root.set_attribute("data-theme", theme),
                None => root.remove_attribute("data-theme"),
            };
        });
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn store(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A browser that refuses forgets the choice; nothing else depends on it.
        let _ = storage.set_item(key, value);
    }
}
