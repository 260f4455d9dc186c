//! What a list shows: the filters a person chose, where they stand in it.

use mingcha_core::domain::{Mode, Severity};
use mingcha_core::ids::{DocumentId, ItemId, SpaceId};
use mingcha_core::time::Timestamp;
use mingcha_core::units::UnitSummary;
use mingcha_core::view::{FindingFilter, Stage, VisitFilter};
use serde::{Deserialize, Serialize};

/// A list as a person left it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListState {
    /// What it shows.
    pub filter: Filter,
    /// The first row in sight.
    pub top: u32,
    /// The row selected.
    pub selected: Option<(DocumentId, Option<ItemId>)>,
}

impl ListState {
    /// Its bytes, for [`mingcha_core::command::Command::Keep`].
    pub fn encode(&self) -> Vec<u8> {
        // Serialising plain data into memory has no way to fail.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// The list of these bytes, if a program like this one wrote them.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// The filters of a list of visits or findings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Filter {
    /// At which stage.
    pub stage: Stage,
    /// At which unit or below it.
    pub unit: Option<UnitSummary>,
    /// In which mode.
    pub mode: Option<Mode>,
    /// By which team.
    pub team: Option<SpaceId>,
    /// Begun in the last so many days.
    pub days: Option<u16>,
    /// In which category or group.
    pub category: Option<String>,
    /// Of which severity or graver.
    pub severity: Option<Severity>,
    /// With which text.
    pub text: String,
}

impl Filter {
    /// Whether it lets everything through, but for the stage.
    pub fn is_open(&self) -> bool {
        *self == Self { stage: self.stage, ..Self::default() }
    }

    /// For a list of visits; `today` is the day's first moment.
    pub fn visits(&self, today: Timestamp) -> VisitFilter {
        VisitFilter {
            stage: self.stage,
            unit: self.unit.as_ref().map(|unit| unit.code.clone()),
            mode: self.mode,
            team: self.team,
            from: self.days.map(|days| {
                let before = u64::from(days.saturating_sub(1)) * 86_400_000;
                Timestamp(today.0.saturating_sub(before))
            }),
            until: None,
            text: self.text.trim().to_owned(),
            ..VisitFilter::default()
        }
    }

    /// For a list of findings; `today` is the day's first moment.
    pub fn findings(&self, today: Timestamp) -> FindingFilter {
        FindingFilter {
            visit: self.visits(today),
            category: self.category.clone(),
            severity: self.severity,
            ..FindingFilter::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Filter {
        Filter {
            stage: Stage::Submitted,
            unit: Some(UnitSummary {
                code: "110101".into(),
                name: "东城区".into(),
                ..UnitSummary::default()
            }),
            mode: Some(Mode::LookBack),
            team: Some(SpaceId([3; 16])),
            days: Some(30),
            category: Some("power.slow".into()),
            severity: Some(Severity::Serious),
            text: "无人应答".into(),
        }
    }

    #[test]
    fn a_list_reads_back_as_it_was_kept() {
        let list = ListState { filter: full(), top: 7, selected: Some((DocumentId([1; 16]), None)) };
        assert_eq!(ListState::decode(&list.encode()), Some(list));
    }

    #[test]
    fn what_another_version_kept_is_no_list() {
        assert_eq!(ListState::decode(&[0xff; 9]), None);
    }

    #[test]
    fn the_last_seven_days_include_today() {
        let day = 86_400_000;
        let filter = Filter { days: Some(7), ..Filter::default() };
        assert_eq!(filter.visits(Timestamp(10 * day)).from, Some(Timestamp(4 * day)));
    }
}
