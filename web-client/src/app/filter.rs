//! What a list shows: the filters a person chose, where they stand in it.

use mingcha_core::domain::{Mode, Severity};
use mingcha_core::ids::{DocumentId, ItemId, SpaceId};
use mingcha_core::time::Timestamp;
use mingcha_core::units::UnitSummary;
use mingcha_core::view::{FindingFilter, Stage, VisitFilter};

/// A list as a person left it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListState {
    /// What it shows.
    pub filter: Filter,
    /// The first row in sight.
    pub top: u32,
    /// The row selected.
    pub selected: Option<(DocumentId, Option<ItemId>)>,
}

impl ListState {
    /// The list that [`Filter::without_text`] gave this code for.
    pub fn from_code(code: &str) -> Self {
        Self { filter: Filter::from_code(code), ..Self::default() }
    }
}

/// The filters of a list of visits or findings.
#[derive(Clone, Debug, Default, PartialEq)]
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
        }
    }

    /// For a list of findings; `today` is the day's first moment.
    pub fn findings(&self, today: Timestamp) -> FindingFilter {
        FindingFilter { visit: self.visits(today), category: self.category.clone(), severity: self.severity }
    }

    /// What of it may outlive the app: everything that was chosen from a fixed set, no unit and no text.
    pub fn without_text(&self) -> String {
        let mut code = String::new();
        if self.stage == Stage::Submitted {
            code.push_str("s,");
        }
        if let Some(mode) = self.mode {
            code.push_str(&format!("m{},", mode.code()));
        }
        if let Some(team) = self.team {
            code.push_str(&format!("t{team},"));
        }
        if let Some(days) = self.days {
            code.push_str(&format!("d{days},"));
        }
        if let Some(category) = &self.category {
            code.push_str(&format!("c{category},"));
        }
        if let Some(severity) = self.severity {
            code.push_str(&format!("g{},", severity.code()));
        }
        code
    }

    fn from_code(code: &str) -> Self {
        let mut filter = Self::default();
        for part in code.split(',') {
            let Some(kind) = part.chars().next() else { continue };
            let value = &part[kind.len_utf8()..];
            match kind {
                's' => filter.stage = Stage::Submitted,
                'm' => filter.mode = Mode::from_code(value),
                't' => filter.team = value.parse().ok(),
                'd' => filter.days = value.parse().ok(),
                'c' => filter.category = Some(value.to_owned()),
                'g' => filter.severity = Severity::from_code(value),
                _ => {}
            }
        }
        filter
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
    fn what_outlives_the_app_holds_no_text() {
        let code = full().without_text();
        assert!(!code.contains("110101") && !code.contains("东城区") && !code.contains("无人应答"));
        let kept = Filter::from_code(&code);
        assert_eq!(kept, Filter { unit: None, text: String::new(), ..full() });
    }

    #[test]
    fn the_last_seven_days_include_today() {
        let day = 86_400_000;
        let filter = Filter { days: Some(7), ..Filter::default() };
        assert_eq!(filter.visits(Timestamp(10 * day)).from, Some(Timestamp(4 * day)));
    }

    #[test]
    fn a_foreign_code_is_an_open_filter() {
        assert_eq!(Filter::from_code("é7,zz,"), Filter::default());
    }
}
