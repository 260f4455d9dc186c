//! The words of the interface, one module an area, both languages side by side. The words of the work
//! itself (categories, severities, problems) are the core's.

pub mod access;
pub mod assign;
pub mod common;
pub mod coverage;
pub mod desk;
pub mod figures;
pub mod import;
pub mod office;
pub mod people;
pub mod phone;
pub mod record;
pub mod review;
pub mod writing;

use mingcha_core::domain::Language;

/// A text of the interface in both languages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text {
    chinese: &'static str,
    english: &'static str,
}

/// A text from its Chinese and its English form.
pub const fn text(chinese: &'static str, english: &'static str) -> Text {
    Text { chinese, english }
}

impl Text {
    /// The text in a language.
    pub fn say(self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.chinese,
            Language::English => self.english,
        }
    }
}

/// The value of the `lang` attribute.
pub fn tag(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh-CN",
        Language::English => "en",
    }
}

/// `1 visit`, `2 visits`: English nouns with their number.
pub fn plural(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
