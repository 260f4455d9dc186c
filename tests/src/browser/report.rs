//! A visit as tests record it.

use super::device::Device;
use super::find::Role;
use super::words as w;
use anyhow::Result;
use mingcha_core::domain::Severity;
use mingcha_core::words;

/// A visit with one finding.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The unit's name, as it is typed and picked.
    pub unit: &'a str,
    /// The visit's notes.
    pub notes: &'a str,
    /// The finding's category, by its code.
    pub category: &'a str,
    /// How grave it is.
    pub severity: Severity,
    /// Which window.
    pub place: &'a str,
    /// Who.
    pub person: &'a str,
    /// What was seen.
    pub seen: &'a str,
}

impl Device {
    /// Records a visit with its finding, and stays on it.
    ///
    /// # Errors
    ///
    /// When it cannot.
    pub async fn record(&self, report: Report<'_>) -> Result<()> {
        self.new_record().await?;
        self.pick_unit(report.unit, report.unit).await?;
        self.paste(self.say(w::NOTES), report.notes).await?;
        self.is_saved().await?;
        self.click(Role::Button, self.say(w::ADD_FINDING)).await?;
        self.choose(self.say(w::CATEGORY), &words::category(report.category, self.language)).await?;
        self.click(Role::Radio, words::severity(report.severity, self.language)).await?;
        self.paste(self.say(w::PLACE), report.place).await?;
        self.paste(self.say(w::PERSON), report.person).await?;
        self.paste(self.say(w::SEEN), report.seen).await?;
        self.is_saved().await?;
        self.click(Role::Button, self.say(w::DONE)).await
    }
}
