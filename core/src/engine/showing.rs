//! Answers to what pages watch.

use super::office::{Office, Opened, only_document};
use super::people::roles_of;
use super::works::Works;
use crate::code::InvitationSecret;
use crate::document::Kind;
use crate::domain::summary::excerpt;
use crate::domain::{
    Checklist, Summary, agreement, assignment, coverage, figures, limits, lists, matter, office, proposals,
    unit_timeline, visit,
};
use crate::ids::DocumentId;
use crate::problem::{Problem, Refusal};
use crate::roster::SpaceKind;
use crate::sorted::{SortedMap, SortedSet};
use crate::units::First;
use crate::view::{
    Answer, Heads, ImportState, ImportView, InvitationState, InvitationView, Link, MemberView, Myself, Query,
    TeamView, UnsentItem, UnsentView, VisitView,
};

/// How many visits are shown side by side.
const SIDE_BY_SIDE: usize = 24;
/// How many recently used units are put first in a search.
const RECENT_UNITS: usize = 20;

/// An answer, or what must be read from the store first.
pub enum Shown {
    Answer(Box<Answer>),
    Needs(Vec<DocumentId>),
}

impl Office {
    /// The answer to a query; [`Query::Access`] is answered elsewhere.
    pub fn show(&mut self, works: &Works, query: &Query) -> Shown {
        let needs = self.needs(query);
        if !needs.is_empty() {
            return Shown::Needs(needs);
        }
        let (unsent, saving) = (self.unsent_documents(), works.ledger.writing());
        let folk = self.folk(&unsent).with_saving(&saving);
        let context = self.context(&folk);
        let view = |id: DocumentId| -> Option<VisitView> {
            let Opened { space, document } = self.documents.get(&id)?;
            (document.kind() == Kind::Visit).then(|| visit::view(document, id, *space, &context))
        };
        let view_at = |id: DocumentId, heads: &Heads| -> Option<VisitView> {
            let Opened { space, document } = self.documents.get(&id)?;
            if document.kind() != Kind::Visit {
                return None;
            }
            visit::view_at(document, id, *space, heads, &context)
        };
        let resolved = |view: Option<VisitView>| {
            view.map(|mut view| {
                visit::resolve(&mut view, &view_at);
                Box::new(view)
            })
        };
        let answer = match query {
            Query::Access | Query::Unsent => Answer::Unsent(self.unsent_view(works)),
            Query::Checklists => Answer::Checklists(newest(&self.names.checklists)),
            Query::Imports => Answer::Imports(self.import_views()),
            Query::Teams => Answer::Teams(self.team_views()),
            Query::People => Answer::People(self.person_views()),
            Query::Invitations => Answer::Invitations(self.invitation_views(works)),
            Query::Units { text, limit, near } => {
                let assigned = coverage::waiting(works.now, &context);
                let first = First { used: &self.recent_units(), assigned: &assigned, near: *near };
                Answer::Units(self.register.search(text, &first, *limit))
            }
            Query::Visits(filter, window) => Answer::Visits(lists::visits(filter, *window, &context)),
            Query::Visit(id) => Answer::Visit(resolved(view(*id))),
            Query::VisitAt(id, heads) => Answer::Visit(resolved(view_at(*id, heads))),
            Query::Findings(filter, window) => Answer::Findings(lists::findings(filter, *window, &context)),
            Query::SideBySide { .. } => {
                Answer::SideBySide(self.needed(query).into_iter().filter_map(view).collect())
            }
            Query::Kept { prefix } => Answer::Kept(self.kept_views(prefix)),
            Query::Matters(filter, window) => Answer::Matters(lists::matters(filter, *window, &context)),
            Query::Matter(id) => Answer::Matter(self.documents.get(id).and_then(|opened| {
                let Opened { space, document } = opened;
                if document.kind() != Kind::Matter {
                    return None;
                }
                let mut cited = |visit: DocumentId, heads: Option<&Heads>| match heads {
                    Some(heads) => view_at(visit, heads),
                    None => view(visit),
                };
                matter::view(document, *id, *space, &context, &mut cited).map(Box::new)
            })),
            Query::Assignments(filter, window) => {
                Answer::Assignments(coverage::assignments(filter, *window, works.now, &context))
            }
            Query::Assignment(id) => Answer::Assignment(self.documents.get(id).and_then(|opened| {
                let Opened { space, document } = opened;
                let is_one = document.kind() == Kind::Assignment;
                is_one.then(|| assignment::view(document, *id, *space, &context))?.map(Box::new)
            })),
            Query::Coverage { from, until } => {
                Answer::Coverage(Box::new(coverage::coverage(*from, *until, &context)))
            }
            Query::Areas => Answer::Areas(self.register.areas(limits::MAX_AREAS)),
            Query::UnitsIn { area, limit } => Answer::Units(self.register.below(area, *limit)),
            Query::FindingPlace { filter, visit, finding } => {
                Answer::FindingPlace(lists::place(filter, (*visit, *finding), &context))
            }
            Query::Proposals { visit, finding } => {
                Answer::Proposals(proposals::proposals(*visit, *finding, &context))
            }
            Query::Agreement(compared) => Answer::Agreement(agreement::agreement(compared, &context)),
            Query::UnitTimeline { unit } => Answer::UnitTimeline(unit_timeline::timeline(unit, &context)),
            Query::Texts(asked) => Answer::Texts(lists::texts(asked, &context)),
            Query::Figures { filter, offset } => {
                Answer::Figures(Box::new(figures::figures(filter, *offset, &context)))
            }
        };
        Shown::Answer(Box::new(answer))
    }

    /// The documents that a query is answered from.
    fn needed(&self, query: &Query) -> Vec<DocumentId> {
        match query {
            Query::Assignment(id) => vec![*id],
            Query::Visit(id) | Query::VisitAt(id, _) => {
                let row = self.summaries.get(id).and_then(Summary::visit);
                let examined = row.into_iter().flat_map(|visit| visit.examines.iter().copied());
                let mut ids: Vec<_> = examined.take(SIDE_BY_SIDE).collect();
                ids.push(*id);
                ids.sort_unstable();
                ids.dedup();
                ids
            }
            Query::SideBySide { unit } => {
                let unsent = SortedSet::new();
                let folk = self.folk(&unsent);
                let mut ids = lists::visits_of_unit(unit, &self.context(&folk));
                ids.split_off(ids.len().saturating_sub(SIDE_BY_SIDE))
            }
            Query::Matter(id) => {
                let summary = self.summaries.get(id).and_then(Summary::matter);
                let cited = summary.into_iter().flat_map(|summary| summary.citations.iter());
                let mut ids: Vec<_> = cited.map(|citation| citation.visit).take(SIDE_BY_SIDE).collect();
                ids.push(*id);
                ids.sort_unstable();
                ids.dedup();
                ids
            }
            _ => Vec::new(),
        }
    }

    /// Those of them that are on this device and not in memory.
    fn needs(&mut self, query: &Query) -> Vec<DocumentId> {
        let needed = self.needed(query);
        for id in &needed {
            if self.documents.contains_key(id) {
                self.touch(*id);
            }
        }
        needed
            .into_iter()
            .filter(|id| self.rows.contains_key(id) && !self.documents.contains_key(id))
            .collect()
    }

    fn recent_units(&self) -> Vec<String> {
        let mut visits: Vec<_> = self.summaries.values().filter_map(Summary::visit).collect();
        visits.sort_unstable_by_key(|visit| core::cmp::Reverse(visit.started));
        let mut units: Vec<String> = Vec::new();
        for visit in visits.into_iter().filter(|visit| !visit.unit.is_empty()) {
            if units.len() < RECENT_UNITS && !units.contains(&visit.unit) {
                units.push(visit.unit.clone());
            }
        }
        units
    }

    /// What lies on this device only.
    pub fn unsent_view(&self, works: &Works) -> UnsentView {
        let mut bytes: SortedMap<DocumentId, u64> = SortedMap::new();
        for pending in self.pending.values() {
            *bytes.entry(pending.document).or_default() += pending.change.len() as u64;
        }
        for (document, size) in self.unsent.values() {
            *bytes.entry(*document).or_default() += size;
        }
        let items: Vec<_> = bytes
            .into_iter()
            .map(|(document, bytes)| UnsentItem { document, title: self.title(document), bytes })
            .collect();
        let bytes = items.iter().map(|item| item.bytes).sum();
        let failures = works.carrier.problems().collect();
        let carried = works.carrier.carried();
        UnsentView { items, bytes, last_contact: works.carrier.last_contact(), failures, carried }
    }

    fn title(&self, document: DocumentId) -> String {
        match self.summaries.get(&document) {
            Some(Summary::Visit(visit)) => {
                let unit = self.register.get(&visit.unit).map(|unit| unit.name);
                unit.unwrap_or_else(|| excerpt(&visit.notes))
            }
            Some(Summary::Matter(matter)) => matter.title.clone(),
            Some(Summary::Assignment(assignment)) => assignment.content.title.clone(),
            None => String::new(),
        }
    }

    /// How many visits have something that is on this device only.
    pub fn unsent_visits(&self) -> u32 {
        let is_visit = |id: &DocumentId| self.rows.get(id).is_some_and(|row| row.kind == Kind::Visit);
        self.unsent_documents().iter().filter(|id| is_visit(id)).count() as u32
    }

    fn import_views(&self) -> Vec<ImportView> {
        let id = only_document(&self.roster.only_space(SpaceKind::Office), Kind::Office);
        let unsent = SortedSet::new();
        let folk = self.folk(&unsent);
        let facts = self.documents.get(&id).map(|opened| office::imports(&opened.document, &folk));
        let mut views: Vec<_> = facts
            .unwrap_or_default()
            .into_iter()
            .map(|import| {
                let is_coming =
                    import.state == ImportState::Done && !self.registered.contains(&import.dataset);
                let view = ImportView::from(import);
                if is_coming { ImportView { state: ImportState::Running(0), ..view } } else { view }
            })
            .collect();
        views.extend(self.imports.iter().map(|(dataset, running)| ImportView {
            dataset: *dataset,
            name: running.name.clone(),
            rows: running.rows,
            at: running.at,
            state: ImportState::Running(running.rows),
        }));
        views.sort_by_key(|view| core::cmp::Reverse(view.at));
        views
    }

    fn team_views(&self) -> Vec<TeamView> {
        let mut views: Vec<_> = self
            .open_teams()
            .map(|(id, space)| TeamView {
                team: *id,
                name: self.names.teams.get(id).cloned().unwrap_or_default(),
                members: space.members.keys().map(|member| self.member_view(*member)).collect(),
            })
            .collect();
        views.sort_by(|a, b| a.name.cmp(&b.name).then(a.team.cmp(&b.team)));
        views
    }

    fn member_view(&self, member: crate::ids::MemberId) -> MemberView {
        let name = self.names.members.get(&member).cloned().unwrap_or_default();
        let devices = self.roster.devices().filter(|(_, device)| device.member == member);
        let devices = devices.filter(|(_, device)| device.expelled.is_none()).count() as u32;
        MemberView { member, name, devices }
    }

    fn invitation_views(&self, works: &Works) -> Vec<InvitationView> {
        let now = works.carrier.relay_time(works.now);
        let stated: SortedMap<_, _> = self.roster.invitations().collect();
        let mut views: Vec<_> = self
            .invitations
            .iter()
            .map(|(sign, record)| {
                let state = match stated.get(sign) {
                    None => InvitationState::Sending,
                    Some(invitation) if invitation.used.is_some() => InvitationState::Used,
                    Some(invitation) if invitation.ended.is_some() => InvitationState::Withdrawn,
                    Some(invitation) if !invitation.is_open(now) => InvitationState::Expired,
                    Some(_) => InvitationState::Open,
                };
                let team = record.team.and_then(|team| self.names.teams.get(&team).cloned());
                InvitationView {
                    invitation: *sign,
                    name: record.name.clone(),
                    roles: roles_of(record.roles.as_deref().unwrap_or_default()),
                    team: team.unwrap_or_default(),
                    code: InvitationSecret(record.secret).to_text(),
                    expires: record.expires,
                    state,
                }
            })
            .collect();
        views.sort_by(|a, b| b.expires.cmp(&a.expires).then(a.code.cmp(&b.code)));
        views
    }

    /// Who uses this device.
    pub fn myself(&self) -> Myself {
        let device = self.device();
        let is_waiting = !self.roster.lacking(&device).is_empty();
        Myself {
            member: self.me.member,
            name: self.names.members.get(&self.me.member).cloned().unwrap_or_default(),
            office: self.names.office.clone(),
            roles: self.roles(),
            teams: self
                .open_teams()
                .map(|(id, _)| (*id, self.names.teams.get(id).cloned().unwrap_or_default()))
                .collect(),
            units: self.register.len() as u32,
            checklists: newest(&self.names.checklists).len() as u32,
            waiting: is_waiting.then(|| self.code_of(&device, &self.boxed.public())),
        }
    }

    /// How this device and the relay stand.
    pub fn link(&self, works: &Works) -> Link {
        if !works.carrier.is_in_session() {
            return Link::Offline { last_contact: works.carrier.last_contact() };
        }
        let left = self.waiting_entries();
        if left == 0 && self.caught_up.is_superset(&self.subscribed) {
            Link::Live
        } else {
            Link::CatchingUp { left }
        }
    }

    /// What is wrong with what was read, worst first.
    pub fn problems(&self) -> Vec<Problem> {
        let dishonest = (!self.stopped.is_empty()).then_some(Problem::RelayDishonest);
        let ignored = self.ignored.iter().map(|why| match why {
            Refusal::Malformed => Problem::StoreDamaged,
            why => Problem::EntryIgnored { why: *why },
        });
        dishonest.into_iter().chain(ignored).collect()
    }
}

/// The newest version of each checklist, by title.
fn newest(all: &[Checklist]) -> Vec<Checklist> {
    let mut newest: SortedMap<_, &Checklist> = SortedMap::new();
    for checklist in all {
        let known = newest.entry(checklist.id).or_insert(checklist);
        if known.version < checklist.version {
            *known = checklist;
        }
    }
    let mut list: Vec<_> = newest.into_values().cloned().collect();
    list.sort_by(|a, b| a.title.cmp(&b.title).then(a.id.cmp(&b.id)));
    list
}
