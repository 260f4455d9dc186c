//! What a list shows: the filters and the order a person chose, where they stand in it.

use mingcha_core::domain::{Mode, ReviewState, Severity, VisitState};
use mingcha_core::ids::{DocumentId, ItemId, SpaceId};
use mingcha_core::time::Timestamp;
use mingcha_core::units::UnitSummary;
use mingcha_core::view::{
    Direction, FindingFilter, MatterFilter, Merged, Order, SortKey, Stage, VisitFilter,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The first byte of whatever this version keeps: what another version kept is read by nobody.
const FORM: u8 = 0xb2;

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

/// The bytes of something of the page's own, for [`mingcha_core::command::Command::Keep`].
pub fn encode<T: Serialize>(kept: &T) -> Vec<u8> {
    // Serialising plain data into memory has no way to fail.
    postcard::to_extend(kept, vec![FORM]).unwrap_or_default()
}

/// What these bytes keep, if a program of this form wrote them.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (&form, rest) = bytes.split_first()?;
    let (kept, rest) = postcard::take_from_bytes(rest).ok()?;
    (form == FORM && rest.is_empty()).then_some(kept)
}

/// The filters of a list of visits, findings or matters.
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
    /// Visits in which state.
    pub state: Option<VisitState>,
    /// Findings that stand so in review.
    pub review: Option<ReviewState>,
    /// Findings that are part of a matter, or of none.
    pub merged: Merged,
    /// In which order.
    pub order: Order,
}

impl Filter {
    /// Whether it lets everything through.
    pub fn is_open(&self) -> bool {
        *self == Self { order: self.order, ..Self::default() }
    }

    /// Lets everything through, in the same order.
    pub fn clear(&mut self) {
        *self = Self { order: self.order, ..Self::default() };
    }

    /// Sorts by a key; by the one that it is sorted by already, the other way round.
    pub fn sort(&mut self, key: SortKey) {
        let direction = match (self.order.key == key, self.order.direction) {
            (true, Direction::Descending) => Direction::Ascending,
            (true, Direction::Ascending) => Direction::Descending,
            // The newest and the gravest come first, names from the beginning.
            (false, _) if matches!(key, SortKey::Time | SortKey::Severity) => Direction::Descending,
            (false, _) => Direction::Ascending,
        };
        self.order = Order { key, direction };
    }

    /// For a list of visits; `today` is the day's first moment.
    pub fn visits(&self, today: Timestamp) -> VisitFilter {
        VisitFilter {
            stage: self.stage,
            unit: self.unit_code(),
            mode: self.mode,
            team: self.team,
            from: self.days.map(|days| {
                let before = u64::from(days.saturating_sub(1)) * 86_400_000;
                Timestamp(today.0.saturating_sub(before))
            }),
            until: None,
            text: self.text.trim().to_owned(),
            state: self.state,
            order: self.order,
        }
    }

    /// For a list of findings; `today` is the day's first moment.
    pub fn findings(&self, today: Timestamp) -> FindingFilter {
        FindingFilter {
            visit: VisitFilter { state: None, ..self.visits(today) },
            category: self.category.clone(),
            severity: self.severity,
            review: self.review,
            merged: self.merged,
        }
    }

    /// For a list of matters.
    pub fn matters(&self) -> MatterFilter {
        MatterFilter {
            unit: self.unit_code(),
            category: self.category.clone(),
            severity: self.severity,
            text: self.text.trim().to_owned(),
            order: self.order,
        }
    }

    fn unit_code(&self) -> Option<String> {
        self.unit.as_ref().map(|unit| unit.code.clone())
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
            state: Some(VisitState::SentBack),
            review: Some(ReviewState::Waiting),
            merged: Merged::Not,
            order: Order { key: SortKey::Unit, direction: Direction::Ascending },
        }
    }

    #[test]
    fn a_list_reads_back_as_it_was_kept() {
        let list = ListState { filter: full(), top: 7, selected: Some((DocumentId([1; 16]), None)) };
        assert_eq!(decode(&encode(&list)), Some(list));
    }

    #[test]
    fn what_another_version_kept_is_no_list() {
        assert_eq!(decode::<ListState>(&[0xff; 9]), None);
        // An earlier version began with the stage, and had fewer fields.
        assert_eq!(decode::<ListState>(&[0; 11]), None);
        let mut longer = encode(&ListState::default());
        longer.push(0);
        assert_eq!(decode::<ListState>(&longer), None);
        assert_eq!(decode::<ListState>(&[]), None);
    }

    #[test]
    fn the_last_seven_days_include_today() {
        let day = 86_400_000;
        let filter = Filter { days: Some(7), ..Filter::default() };
        assert_eq!(filter.visits(Timestamp(10 * day)).from, Some(Timestamp(4 * day)));
    }

    #[test]
    fn sorting_by_the_same_column_again_turns_the_order_round() {
        let mut filter = Filter::default();
        filter.sort(SortKey::Unit);
        assert_eq!(filter.order, Order { key: SortKey::Unit, direction: Direction::Ascending });
        filter.sort(SortKey::Unit);
        assert_eq!(filter.order, Order { key: SortKey::Unit, direction: Direction::Descending });
        filter.sort(SortKey::Severity);
        assert_eq!(filter.order, Order { key: SortKey::Severity, direction: Direction::Descending });
        assert!(filter.is_open(), "an order hides nothing");
    }
}
