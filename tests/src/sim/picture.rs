//! All that a device shows, to be compared.

use super::Checker;
use super::checkers::is_held;
use super::run::{FOUNDER, ONE, Run};
use mingcha_core::command::Command;
use mingcha_core::domain::{Checklist, ReviewState};
use mingcha_core::ids::{DocumentId, SpaceId};
use mingcha_core::view::{
    Answer, AssignmentFilter, AssignmentView, FindingFilter, FindingRow, FindingView, ImportView,
    MatterFilter, MatterView, Query, VisitRow, VisitView, Window,
};
use std::collections::{BTreeMap, BTreeSet};

const ALL: Window = Window { first: 0, count: 1_000 };

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    pub visits: BTreeMap<DocumentId, VisitView>,
    pub rows: BTreeMap<DocumentId, VisitRow>,
    pub findings: Vec<FindingRow>,
    pub checklists: Vec<Checklist>,
    pub imports: Vec<ImportView>,
    pub units: u32,
    pub assignments: BTreeMap<DocumentId, AssignmentView>,
    /// Only what supervisors see follows.
    pub matters: BTreeMap<DocumentId, MatterView>,
    pub teams: Vec<String>,
    pub invited: BTreeSet<String>,
}

impl Run {
    /// What everybody who is in shows.
    pub fn pictures(&mut self) -> BTreeMap<usize, Picture> {
        let members = self.members();
        members.into_iter().map(|who| (who, self.picture(who))).collect()
    }

    fn picture(&mut self, who: usize) -> Picture {
        let mut picture = Picture::default();
        for row in self.visits(who) {
            if let Some(Answer::Visit(Some(view))) = self.fetch(who, Query::Visit(row.visit)) {
                picture.visits.insert(row.visit, without_names(*view));
            }
            picture.rows.insert(row.visit, row);
        }
        if let Some(Answer::Findings(rows)) = self.peek(who, &Query::Findings(FindingFilter::default(), ALL))
        {
            picture.findings = rows.rows;
            picture.findings.sort_by_key(|row| (row.visit, row.finding));
            picture.findings.iter_mut().for_each(|row| {
                row.matters.clear();
                row.authors.iter_mut().for_each(|(_, name)| name.clear());
            });
        }
        if let Some(Answer::Checklists(lists)) = self.peek(who, &Query::Checklists) {
            picture.checklists = lists;
        }
        if let Some(Answer::Imports(mut imports)) = self.peek(who, &Query::Imports) {
            imports.sort_by_key(|import| import.dataset);
            // What was begun and not ended is seen by who began it.
            imports.retain(|import| !matches!(import.state, mingcha_core::view::ImportState::Running(_)));
            picture.imports = imports;
        }
        let all = Query::Assignments(AssignmentFilter::default(), ALL);
        if let Some(Answer::Assignments(rows)) = self.peek(who, &all) {
            for row in rows.rows {
                let query = Query::Assignment(row.assignment);
                if let Some(Answer::Assignment(Some(view))) = self.fetch(who, query) {
                    if view.row != row {
                        self.find(Checker::Agree, format!("on {who} the row of {row:?} is not its document"));
                    }
                    picture.assignments.insert(row.assignment, unsigned(*view));
                }
            }
        }
        if let Some(mingcha_core::view::Access::Open(me)) = self.access(who) {
            picture.units = me.units;
        }
        if who == FOUNDER {
            self.picture_of_desk(&mut picture);
        }
        picture
    }

    fn picture_of_desk(&mut self, picture: &mut Picture) {
        if let Some(Answer::Matters(rows)) = self.peek(FOUNDER, &Query::Matters(MatterFilter::default(), ALL))
        {
            for row in rows.rows {
                if let Some(Answer::Matter(Some(view))) = self.fetch(FOUNDER, Query::Matter(row.matter)) {
                    picture.matters.insert(row.matter, *view);
                }
            }
        }
        if let Some(Answer::Teams(teams)) = self.peek(FOUNDER, &Query::Teams) {
            picture.teams = teams.into_iter().map(|team| team.name).collect();
        }
        if let Some(Answer::Invitations(all)) = self.peek(FOUNDER, &Query::Invitations) {
            picture.invited = all.into_iter().map(|one| one.name).collect();
        }
    }

    /// What a query shows when what it needs was read from the store.
    fn fetch(&mut self, who: usize, query: Query) -> Option<Answer> {
        for _ in 0..4 {
            if let Some(answer) = self.peek(who, &query) {
                return Some(answer);
            }
            self.ask(who, Command::Watch { id: ONE, query: query.clone() }, vec![]);
            self.settle(0);
        }
        None
    }
}

impl Picture {
    /// What of it every supervisor sees.
    pub fn of_desk(&self) -> Self {
        let mut part = self.clone();
        (part.matters, part.teams, part.invited) = Default::default();
        part
    }

    /// What of it a team sees.
    pub fn of_team(&self, team: Option<SpaceId>) -> Self {
        let mut part = self.clone();
        part.visits.retain(|_, view| Some(view.team) == team);
        part.rows.retain(|_, row| Some(row.team) == team);
        part.assignments.retain(|_, view| Some(view.row.team) == team);
        let visits = &part.visits;
        part.findings.retain(|row| visits.contains_key(&row.visit));
        (part.matters, part.teams, part.invited) = Default::default();
        part
    }

    /// The first thing in which two pictures differ.
    pub fn differs_from(&self, other: &Self) -> Option<String> {
        let own: BTreeSet<_> = self.visits.keys().collect();
        let others: BTreeSet<_> = other.visits.keys().collect();
        if own != others {
            let only: Vec<_> = own.symmetric_difference(&others).collect();
            return Some(format!("visits that one has: {only:?}"));
        }
        let visit = self.visits.iter().find(|(id, view)| other.visits.get(id) != Some(view));
        if let Some((id, view)) = visit {
            return Some(format!("{view:?}\nand {:?}", other.visits.get(id)));
        }
        let assignments = (&self.assignments, &other.assignments);
        if assignments.0 != assignments.1 {
            return Some(format!("{:?}\nand {:?}", assignments.0, assignments.1));
        }
        let row = self.rows.iter().find(|(id, row)| other.rows.get(id) != Some(row));
        if let Some((id, row)) = row {
            return Some(format!("{row:?}\nand {:?}", other.rows.get(id)));
        }
        if self.findings != other.findings {
            return Some(format!("findings: {:?}\nand {:?}", self.findings, other.findings));
        }
        if (&self.checklists, &self.imports) != (&other.checklists, &other.imports) {
            return Some(format!("{:?}\nand {:?}", self.imports, other.imports));
        }
        (self.units != other.units).then(|| format!("{} units and {}", self.units, other.units))
    }

    /// A visit of which the row says something else than the document.
    pub fn row_that_lies(&self) -> Option<DocumentId> {
        let lies = |(id, row): (&DocumentId, &VisitRow)| {
            let is_true = self.visits.get(id).is_some_and(|view| {
                let findings = view.findings.iter().filter(|finding| finding.struck.is_none()).count();
                let waits = |finding: &&FindingView| finding.review.state == ReviewState::Waiting;
                let waiting = view.findings.iter().filter(waits).count();
                is_held(row.tick)
                    && (row.tick, row.state, row.started, row.team)
                        == (view.tick, view.state, view.started, view.team)
                    && row.findings as usize == findings
                    && row.waiting as usize == waiting
                    && row.since_submitted == view.since_submitted
                    && row.mode.code() == view.mode.value
                    && view.notes.starts_with(row.excerpt.trim_end_matches('…').trim_end())
            });
            (!is_true).then_some(*id)
        };
        self.rows.iter().find_map(lies)
    }
}

/// A view as everybody sees it: names and matters are not for all.
fn without_names(mut view: VisitView) -> VisitView {
    view.authors.iter_mut().for_each(|(_, name)| name.clear());
    view.timeline.iter_mut().for_each(|fact| fact.name.clear());
    for finding in &mut view.findings {
        finding.matters.clear();
        finding.review.decisions.iter_mut().for_each(|decision| decision.name.clear());
    }
    view
}

/// An assignment as everybody sees it: names are not for all.
fn unsigned(mut view: AssignmentView) -> AssignmentView {
    view.row.assigned_by.clear();
    view.versions.iter_mut().for_each(|version| version.by.clear());
    view.timeline.iter_mut().for_each(|fact| fact.name.clear());
    view
}
