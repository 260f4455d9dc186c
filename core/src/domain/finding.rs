//! Findings 问题: what was wrong.

/// A field of a finding that holds one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingField {
    /// Category code.
    Category,
    /// Severity code.
    Severity,
    /// Which window or place.
    Place,
    /// Which person.
    Person,
    /// Which rule.
    Rule,
}

impl FindingField {
    /// All fields.
    pub const ALL: [Self; 5] = [Self::Category, Self::Severity, Self::Place, Self::Person, Self::Rule];

    /// The key in documents.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Severity => "severity",
            Self::Place => "place",
            Self::Person => "person",
            Self::Rule => "rule",
        }
    }
}

/// The key of the question that a finding belongs to.
pub(crate) const QUESTION: &str = "question";
/// The key of the text that says what was seen.
pub(crate) const SEEN: &str = "seen";
