//! The words of the work, as the core has them.

use mingcha_core::domain::taxonomy::GROUPS;
use mingcha_core::domain::{Language, Mode, Severity};
pub use mingcha_core::words::{
    assignment_state, category, covered, fact, mode, role, severity, tick, visit_state,
};
pub use mingcha_core::words::{likeness, matter_field, merged, review_state, since_review, since_submitted};

/// Codes with their words.
pub type Options = Vec<(String, String)>;

/// All severities.
pub fn severities(language: Language) -> Options {
    Severity::ALL.into_iter().map(|one| (one.code().to_owned(), severity(one, language).to_owned())).collect()
}

/// The word for a severity's code; a code that is not known stands for itself.
pub fn severity_by_code(language: Language, code: &str) -> String {
    Severity::from_code(code).map_or(code, |one| severity(one, language)).to_owned()
}

/// All modes.
pub fn modes(language: Language) -> Options {
    Mode::ALL.into_iter().map(|one| (one.code().to_owned(), mode(one, language).to_owned())).collect()
}

/// The word for a mode's code; a code that is not known stands for itself.
pub fn mode_by_code(language: Language, code: &str) -> String {
    Mode::from_code(code).map_or(code, |one| mode(one, language)).to_owned()
}

/// All categories, by the names of their groups.
pub fn categories(language: Language) -> Vec<(String, Options)> {
    let pick = |chinese: &'static str, english: &'static str| match language {
        Language::Chinese => chinese.to_owned(),
        Language::English => english.to_owned(),
    };
    GROUPS
        .iter()
        .map(|group| {
            let categories = group.categories.iter();
            let words = categories.map(|one| (one.code.to_owned(), pick(one.chinese, one.english)));
            (pick(group.chinese, group.english), words.collect())
        })
        .collect()
}
