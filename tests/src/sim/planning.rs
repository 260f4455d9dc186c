//! What people do with assignments: supervisors give, change and take them back, and inspectors try to.

use super::ledger::Effect;
use super::plan::Deed;
use super::run::{FOUNDER, Run};
use mingcha_core::command::Command;
use mingcha_core::domain::{AssignmentDraft, Mode, Reexamined, Severity};
use mingcha_core::ids::{DocumentId, ItemId, SpaceId};
use mingcha_core::time::Timestamp;
use mingcha_core::view::{Answer, AssignmentFilter, AssignmentRow, Query, Window};

/// The checklists that a simulated office publishes.
const CHECKLISTS: u8 = 3;
/// How many units an assignment has at most, here.
const UNITS: usize = 5;

impl Run {
    /// Gives, changes or withdraws an assignment.
    pub fn plan_visits(&mut self, who: usize, deed: Deed) {
        let known = self.assignments(who, None);
        let mark = format!("派发{}", self.number());
        let some = (!known.is_empty()).then(|| known[self.dice.below(known.len())].assignment);
        let (assignment, command) = match (deed, some) {
            (Deed::Reassign, Some(assignment)) => {
                let content = self.assignment_content(mark.clone());
                (assignment, Command::ReviseAssignment { assignment, content })
            }
            (Deed::Recall, Some(assignment)) => {
                (assignment, Command::WithdrawAssignment { assignment, reason: mark.clone() })
            }
            _ => {
                let team = self.teams[self.dice.below(self.teams.len())].space;
                let content = self.assignment_content(mark.clone());
                let assignment = self.document();
                (assignment, Command::AssignVisits { assignment, team, content })
            }
        };
        // An inspector is refused, and then nothing of it may be seen.
        let effects = vec![Effect::Assignment { assignment, detail: mark }];
        self.ask(who, command, effects);
    }

    fn assignment_content(&mut self, title: String) -> AssignmentDraft {
        let mut units: Vec<String> =
            self.visits(FOUNDER).into_iter().filter_map(|row| Some(row.unit?.code)).collect();
        units.truncate(self.dice.below(UNITS));
        units.push(format!("4103{:04}", self.number()));
        let again = units.iter().take(1).map(|unit| Reexamined {
            unit: unit.clone(),
            text: title.clone(),
            severity: Severity::Serious,
            citation: None,
        });
        AssignmentDraft {
            title: title.clone(),
            from: Timestamp(0),
            until: Timestamp(u64::MAX),
            mode: self.dice.one_of(&Mode::ALL),
            checklist: self.some_checklist(),
            look_at: title.clone(),
            again: again.collect(),
            units,
        }
    }

    /// One of the office's checklists, published or not.
    pub fn some_checklist(&mut self) -> Option<ItemId> {
        let number = self.dice.below(2 * usize::from(CHECKLISTS)) as u8;
        (number < CHECKLISTS).then_some(ItemId([0xc0 + number; 16]))
    }

    /// An assignment of a team and a unit of it, if somebody sees one.
    pub fn some_assignment(&mut self, who: usize, team: SpaceId) -> Option<DocumentId> {
        let known = self.assignments(who, Some(team));
        (!known.is_empty() && self.dice.below(2) == 0).then(|| known[self.dice.below(known.len())].assignment)
    }

    fn assignments(&mut self, who: usize, team: Option<SpaceId>) -> Vec<AssignmentRow> {
        let filter = AssignmentFilter { team, ..AssignmentFilter::default() };
        match self.peek(who, &Query::Assignments(filter, Window { first: 0, count: 1_000 })) {
            Some(Answer::Assignments(rows)) => rows.rows,
            _ => Vec::new(),
        }
    }
}
