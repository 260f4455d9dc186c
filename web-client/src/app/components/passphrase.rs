//! Choosing a passphrase: typed twice, its strength said in words.

use crate::app::Ui;
use crate::app::components::form::secret_input;
use crate::app::i18n::Text;
use crate::app::i18n::access as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::reactive::*;
use mingcha_core::engine::vault::MIN_PASSPHRASE;

/// What was typed into the two fields.
#[derive(Clone, Copy)]
pub struct Passphrases {
    /// The first field.
    pub first: RwSignal<String>,
    /// The second field.
    pub second: RwSignal<String>,
}

impl Passphrases {
    /// Two empty fields.
    pub fn new() -> Self {
        Self { first: RwSignal::new(String::new()), second: RwSignal::new(String::new()) }
    }

    /// Whether something was typed, twice the same.
    pub fn agree(self) -> bool {
        self.first.with(|first| !first.is_empty() && self.second.with(|second| first == second))
    }

    /// Forgets what was typed.
    pub fn clear(self) {
        self.first.set(String::new());
        self.second.set(String::new());
    }
}

/// The two fields with what is to be said about them.
pub fn passphrase_fields(ui: Ui, label: &'static str, typed: Passphrases) -> AnyView {
    let strength = move || typed.first.with(|first| (!first.is_empty()).then(|| ui.t(strength(first))));
    let different = move || {
        let differs = typed.second.with(|second| !second.is_empty()) && !typed.agree();
        differs.then(|| ui.t(w::DIFFERENT))
    };
    view! {
        {secret_input(ui, label, "new-password", typed.first)}
        <p class="hint" role="status" aria-live="polite">{strength}</p>
        {secret_input(ui, ui.t(w::PASSPHRASE_AGAIN), "new-password", typed.second)}
        <p class="wrong" role="status" aria-live="polite">{different}</p>
        <p class="hint">{ui.t(w::PASSPHRASE_HELP)}</p>
    }
    .show()
}

/// How strong a passphrase is, in words. A guess at what guessing costs: how many signs, of how many kinds.
fn strength(passphrase: &str) -> Text {
    let count = passphrase.chars().count();
    let has = |kind: fn(char) -> bool| passphrase.chars().any(kind);
    let kinds = [
        (has(|c| c.is_ascii_digit()), 10.0_f64),
        (has(|c| c.is_ascii_lowercase()), 26.0),
        (has(|c| c.is_ascii_uppercase()), 26.0),
        (has(|c| c.is_ascii() && !c.is_ascii_alphanumeric()), 20.0),
        (has(|c| !c.is_ascii()), 1500.0),
    ];
    let signs: f64 = kinds.iter().filter(|(is_used, _)| *is_used).map(|(_, signs)| signs).sum();
    let mut different: Vec<char> = passphrase.chars().collect();
    different.sort_unstable();
    different.dedup();
    // Repeated signs add little.
    let bits = (count + different.len()) as f64 / 2.0 * signs.max(1.0).log2();
    match bits as u32 {
        _ if count < MIN_PASSPHRASE => w::STRENGTH_SHORT,
        0..50 => w::STRENGTH_WEAK,
        50..80 => w::STRENGTH_FAIR,
        _ => w::STRENGTH_GOOD,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strength_grows_with_length_and_variety() {
        assert!(strength("abc1234") == w::STRENGTH_SHORT);
        assert!(strength("aaaaaaaa") == w::STRENGTH_WEAK);
        assert!(strength("12345678") == w::STRENGTH_WEAK);
        assert!(strength("window3-lamp") == w::STRENGTH_FAIR);
        assert!(strength("copper lantern sixteen rivers") == w::STRENGTH_GOOD);
        assert!(strength("梧桐叶落旧书店灯火") == w::STRENGTH_GOOD);
    }
}
