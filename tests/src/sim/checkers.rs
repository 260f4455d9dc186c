//! What must hold: while things go wrong, and when all is well again.

use super::Checker;
use super::ledger::{Effect, Fate, Noted, Over};
use super::members::Standing;
use super::picture::Picture;
use super::plan::{ATTACKS, LIES, Lie};
use super::run::{FOUNDER, Run};
use crate::device::Transaction;
use crate::disk::Tail;
use mingcha_core::domain::fact::FactCode;
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::problem::{Problem, Refusal};
use mingcha_core::view::{self, Access, AccessView, Answer, ImportState, Link, Query, Tick, VisitView};
use std::collections::{BTreeMap, BTreeSet};

/// How long everything may take to get well again: silence is noticed after 45 seconds, and a line that was dead is
/// dialled again after at most 40.
const HEALING_MS: u64 = 120_000;
/// The most documents that a device keeps in memory.
const MOST_DOCUMENTS: usize = 64 + 16;
/// The most messages that wait on a device, when worlds are as small as here.
const MOST_FRAMES: usize = 2_000;
/// The most bytes that wait in one of the relay's connections.
const MOST_UNSENT: usize = mingcha_core::relay::MAX_UNSENT_BYTES;
/// The most checkpoints that a device remembers for later comparison.
const MOST_PROMISES: usize = 64 * 6;

impl Run {
    /// Nothing gathers, whatever goes wrong.
    pub fn check_bounds(&mut self) {
        let relay = self.relay.waiting();
        if relay.unsent > MOST_UNSENT || relay.groups == 0 && relay.streams > 0 {
            self.find(Checker::Bounded, format!("in the relay: {relay:?}"));
        }
        for tab in 0..self.tabs.len() {
            let waiting = self.tabs[tab].device.waiting();
            if waiting.documents > MOST_DOCUMENTS
                || waiting.frames > MOST_FRAMES
                || waiting.promises > MOST_PROMISES
            {
                self.find(Checker::Bounded, format!("in a device: {waiting:?}"));
            }
        }
    }

    /// Ends what goes wrong, and looks whether all is well.
    pub fn conclude(&mut self) {
        self.recover();
        self.excuse_blocked();
        self.check_rest();
        self.take_in_supervisor();
        for attack in ATTACKS {
            self.attack(attack);
            self.settle(2_000);
        }
        let teams = self.teams.len();
        for team in 0..teams {
            self.take_in_somebody_new(team);
        }
        self.let_all_in();
        self.settle(HEALING_MS);
        self.check_rest();
        self.check_refusals();
        self.check_carried();
        self.tell_one_lie();
        self.check_rest();
        let pictures = self.pictures();
        self.check_agreement(&pictures);
        self.check_promises(&pictures);
        self.check_log();
        if self.violation.is_some() {
            return;
        }
        // What is in memory may hide what is on the disk.
        self.relay.crash(Tail::Lost);
        for who in 0..self.people.len() {
            self.restart(who);
        }
        self.settle(HEALING_MS);
        let again = self.pictures();
        if pictures != again {
            self.find(Checker::Agree, "after a restart devices show something else".to_owned());
        }
    }

    fn recover(&mut self) {
        self.heal();
        for tab in 0..self.tabs.len() {
            let who = self.tabs[tab].who;
            if self.people[who].live != tab {
                self.hang_up(tab);
                self.tabs[tab].device.crash(Transaction::Lost);
            }
        }
        self.settle(HEALING_MS);
        for who in 0..self.people.len() {
            // Once to get rid of what it was told, and once more of what it read.
            for _ in 0..2 {
                if self.people[who].shaken {
                    self.restart(who);
                    self.settle(5_000);
                }
            }
            self.people[who].shaken = false;
            for _ in 0..3 {
                if self.people[who].joined && !self.is_open(who) {
                    self.enter(who);
                    self.settle(5_000);
                }
            }
        }
        self.settle(HEALING_MS);
    }

    fn take_in_somebody_new(&mut self, team: usize) {
        let who = self.people.len();
        self.add_person(who, (0, 0));
        self.take_in(who, team);
        if !self.is_open(who) && self.violation.is_none() {
            self.find(Checker::Progress, "somebody new cannot join".to_owned());
        }
    }

    /// Whether somebody is in.
    pub fn is_open(&mut self, who: usize) -> bool {
        matches!(self.access(who), Some(Access::Open(_)))
    }

    /// Who is in.
    pub fn members(&mut self) -> Vec<usize> {
        let is_in =
            |run: &mut Self, who: usize| run.people[who].joined && run.is_open(who) && !run.is_blocked(who);
        (0..self.people.len()).filter(|who| is_in(self, *who)).collect()
    }

    /// Everybody who is in is up to date, waits for nothing, and sees nothing wrong but what is.
    fn check_rest(&mut self) {
        let hostile = self.hostile();
        for who in 0..self.people.len() {
            let Some(Answer::Access(view)) = self.peek(who, &Query::Access) else { continue };
            let is_lost =
                self.people[who].joined && matches!(view.access, Access::Locked { .. } | Access::Busy);
            if is_lost {
                self.find(Checker::Progress, format!("{who} does not get in: {view:?}"));
            }
            if matches!(view.access, Access::Open(_)) && !self.is_blocked(who) {
                self.check_member(who, &view, &hostile);
            }
        }
    }

    fn check_member(&mut self, who: usize, view: &AccessView, hostile: &BTreeSet<Refusal>) {
        let reads_hostile = who == FOUNDER || self.people[who].team == Some(0) || self.people[who].supervises;
        let is_any_blocked = self.people.iter().any(|person| person.blocked.is_some());
        let expected = |problem: &Problem| match problem {
            Problem::ClockWrong { .. } => true,
            // What somebody carried for a device that was blocked.
            Problem::EntryIgnored { why: Refusal::Expelled } => is_any_blocked,
            Problem::EntryIgnored { why } => reads_hostile && hostile.contains(why),
            _ => false,
        };
        if let Some(problem) = view.problems.iter().find(|problem| !expected(problem)) {
            self.find(Checker::Progress, format!("{who} is told {problem:?}"));
        }
        if view.link != Link::Live || view.unsent != 0 {
            self.find(Checker::Progress, format!("{who} is not up to date: {view:?}"));
        }
        let waiting = self.device(who).waiting();
        let gathered = [waiting.writes, waiting.frames, waiting.loads, waiting.commands, waiting.outbox];
        if gathered.iter().any(|count| *count > 0) {
            self.find(Checker::Progress, format!("on {who} something waits for nothing: {waiting:?}"));
        }
    }

    /// The relay lies to somebody, and to nobody else, while all is well: it is noticed, and passes with the lie.
    fn tell_one_lie(&mut self) {
        let lie = LIES[self.dice.below(LIES.len())];
        let victim = self.newcomer();
        self.lie_to(victim, lie);
        for who in [FOUNDER, victim, FOUNDER] {
            self.begin_in(who, 0);
            self.settle(10_000);
        }
        let told = self.told(victim);
        let is_noticed = |problem: &Problem| match lie {
            Lie::Withhold | Lie::Garbage => true,
            Lie::Reorder | Lie::Repeat | Lie::Flip | Lie::Resign | Lie::Receipt | Lie::Head => {
                *problem == Problem::RelayDishonest
            }
            Lie::Refuse => matches!(problem, Problem::EntryRefused { .. }),
            Lie::Trouble => {
                matches!(problem, Problem::RelayFull | Problem::RelayFailing | Problem::RelayBusy)
            }
        };
        let must_be_noticed = !matches!(lie, Lie::Withhold | Lie::Garbage);
        if must_be_noticed && !told.iter().any(is_noticed) {
            self.find(Checker::Refused, format!("{lie:?} is not noticed: {told:?}"));
        }
        for who in 0..victim {
            if self.told(who).contains(&Problem::RelayDishonest) {
                self.find(Checker::Refused, format!("{who} suffers from a lie told to {victim}"));
            }
        }
        self.stop_lying();
        for _ in 0..2 {
            self.restart(victim);
            self.settle(5_000);
        }
        self.settle(HEALING_MS);
    }

    /// Somebody new in the first team.
    fn newcomer(&self) -> usize {
        self.people.len() - self.teams.len()
    }

    /// What somebody is told to be wrong.
    pub fn told(&mut self, who: usize) -> Vec<Problem> {
        match self.peek(who, &Query::Access) {
            Some(Answer::Access(view)) => view.problems,
            _ => Vec::new(),
        }
    }

    /// Why readers must have refused entries that the relay holds.
    fn hostile(&self) -> BTreeSet<Refusal> {
        let Some(villain) = &self.villain else { return BTreeSet::new() };
        let held = self.relay.disk.entries().filter_map(|(_, filed)| villain.refused.get(&filed.id));
        held.copied().collect()
    }

    /// All who may read something read the same, and rows say what documents say.
    fn check_agreement(&mut self, pictures: &BTreeMap<usize, Picture>) {
        let Some(whole) = pictures.get(&FOUNDER) else {
            return self.find(Checker::Progress, "the founder is not in".to_owned());
        };
        for (who, picture) in pictures {
            let team = self.people[*who].team.map(|team| self.teams[team].space);
            let wanted = match self.standing(*who) {
                Standing::Founder => whole.clone(),
                Standing::Supervisor => whole.of_desk(),
                Standing::Other => whole.of_team(team),
            };
            if let Some(difference) = picture.differs_from(&wanted) {
                let team = self.people[*who].team;
                self.find(
                    Checker::Converged,
                    format!("{who} of {team:?} and the founder differ: {difference}"),
                );
            }
            if let Some(visit) = picture.row_that_lies() {
                self.find(Checker::Agree, format!("on {who} the row of {visit:?} is not its document"));
            }
        }
    }

    /// Whoever is new has read everything from the beginning, and so met everything that is hostile.
    fn check_refusals(&mut self) {
        let hostile = self.hostile();
        let told = self.told(self.newcomer());
        let ignored: BTreeSet<_> = told
            .iter()
            .filter_map(|problem| match problem {
                Problem::EntryIgnored { why } => Some(*why),
                _ => None,
            })
            .collect();
        if ignored != hostile {
            self.find(Checker::Refused, format!("ignored {ignored:?} instead of {hostile:?}"));
        }
    }

    /// What was shown as saved or held is there, once, and replaced only by who saw it.
    fn check_promises(&mut self, pictures: &BTreeMap<usize, Picture>) {
        let Some(picture) = pictures.get(&FOUNDER) else { return };
        let mut flaws = self.look_for_kept();
        for (at, noted) in self.ledger.deeds.iter().enumerate() {
            if let Some(flaw) = self.look_for(at, noted, picture) {
                flaws.push(flaw);
            }
        }
        flaws.extend(self.count_facts(picture));
        flaws.extend(self.count_stated(picture));
        flaws.extend(self.look_for_honest(picture));
        if let Some((checker, what)) = flaws.into_iter().next() {
            self.find(checker, what);
        }
    }

    /// What a device keeps for its page is there.
    fn look_for_kept(&mut self) -> Vec<(Checker, String)> {
        let mut flaws = Vec::new();
        for who in self.members() {
            let Some(Answer::Kept(all)) = self.peek(who, &Query::Kept { prefix: String::new() }) else {
                continue;
            };
            let deeds = self.ledger.deeds.iter().filter(|noted| noted.who == who && noted.fate.binds());
            let missing = deeds.filter(|noted| {
                let Effect::Kept { name } = &noted.effect else { return false };
                !all.iter().any(|(other, value)| other == name && value == name.as_bytes())
            });
            flaws.extend(
                missing.map(|noted| (Checker::Saved, format!("of {who} is lost: {:?}", noted.effect))),
            );
        }
        flaws
    }

    /// What even a hostile member wrote as anybody may is there.
    fn look_for_honest(&self, picture: &Picture) -> Option<(Checker, String)> {
        let villain = self.villain.as_ref()?;
        let held = self.relay.disk.entries().filter_map(|(_, filed)| villain.honest.get(&filed.id));
        let mut missing = held.filter(|visit| !picture.visits.contains_key(visit));
        missing.next().map(|visit| (Checker::Held, format!("{visit:?} was held, and is nowhere")))
    }

    fn look_for(&self, at: usize, noted: &Noted, picture: &Picture) -> Option<(Checker, String)> {
        let visit = noted.effect.visit().map(|visit| picture.visits.get(&visit));
        let is_there = match (&noted.effect, visit.flatten()) {
            (Effect::Visit(_) | Effect::Fact { .. }, visit) => visit.is_some(),
            (Effect::Value { .. }, Some(view)) => self.is_explained(at, view),
            (Effect::Sign { finding, sign, .. }, Some(view)) => {
                let text = match finding {
                    None => Some(&view.notes),
                    Some(id) => view.findings.iter().find(|one| one.finding == *id).map(|one| &one.seen),
                };
                let count = text.map_or(0, |text| text.chars().filter(|other| other == sign).count());
                if count > 1 {
                    return Some((Checker::Once, format!("{:?} is there {count} times", noted.effect)));
                }
                count == 1
            }
            (Effect::Finding { finding, .. }, Some(view)) => {
                view.findings.iter().any(|one| one.finding == *finding)
            }
            (Effect::Struck { finding, .. }, Some(view)) => {
                view.findings.iter().any(|one| one.finding == *finding && one.struck.is_some())
            }
            (Effect::Matter { matter, title }, _) => picture.matters.get(matter).is_some_and(|view| {
                view.row.title == *title && view.citations.iter().all(|citation| citation.finding.is_some())
            }),
            (Effect::Assignment { assignment, detail }, _) => {
                let timeline = picture.assignments.get(assignment).map(|view| &view.timeline);
                let count = timeline.into_iter().flatten().filter(|fact| fact.detail == *detail).count();
                if count > 1 || count == 1 && noted.fate == Fate::Refused {
                    return Some((Checker::Once, format!("{:?} is there {count} times", noted.effect)));
                }
                count == 1
            }
            (Effect::Checklist { id }, _) => picture.checklists.iter().any(|list| list.id == *id),
            (Effect::Import { dataset }, _) => picture
                .imports
                .iter()
                .any(|import| import.dataset == *dataset && !matches!(import.state, ImportState::Running(_))),
            // Of what was taken back before it was all there, nothing is to be seen.
            (Effect::Withdrawn { dataset }, _) => picture
                .imports
                .iter()
                .all(|import| import.dataset != *dataset || import.state == ImportState::Withdrawn),
            // Facts are counted, see `count_stated`.
            (Effect::Stated { .. }, _) => true,
            (Effect::Undone { batch }, _) => self.is_undone(at, *batch, picture),
            (Effect::Team { name }, _) => picture.teams.iter().any(|team| team == name),
            (Effect::Invited { name }, _) => picture.invited.contains(name),
            // Looked for on its own device.
            (Effect::Kept { .. }, _) => true,
            (_, None) => false,
        };
        let checker = if noted.fate == Fate::Held { Checker::Held } else { Checker::Saved };
        (noted.fate.binds() && !is_there)
            .then(|| (checker, format!("of {} is lost: {:?}", noted.who, noted.effect)))
    }

    /// Whether a value is still there, or was written over by somebody who had it in sight.
    fn is_explained(&self, at: usize, view: &VisitView) -> bool {
        let Effect::Value { visit, path, value, .. } = &self.ledger.deeds[at].effect else { return true };
        // Nothing is to be seen of an answer that was taken back.
        if value.is_empty() || now_in(view, path).contains(value) {
            return true;
        }
        let later = self.ledger.deeds.iter().enumerate().skip(at + 1);
        later.filter(|(_, noted)| noted.fate.is_possible()).any(|(other, noted)| {
            let Effect::Value { visit: there, path: field, over, .. } = &noted.effect else { return false };
            let covers = match over {
                Over::Anything => true,
                Over::Values(seen) => seen.contains(value),
            };
            (there, field) == (visit, path) && covers && self.is_explained(other, view)
        })
    }

    /// No fact is there more often than it was asked for, or less often than it was answered.
    fn count_facts(&self, picture: &Picture) -> Option<(Checker, String)> {
        let mut wanted: BTreeMap<(DocumentId, &str), (usize, usize)> = BTreeMap::new();
        for noted in &self.ledger.deeds {
            if let Effect::Fact { visit, what } = noted.effect {
                let (least, most) = wanted.entry((visit, what)).or_default();
                *least += usize::from(noted.fate.binds());
                *most += usize::from(noted.fate.is_possible());
            }
        }
        wanted.into_iter().find_map(|((visit, what), (least, most))| {
            let view = picture.visits.get(&visit)?;
            let count = view.timeline.iter().filter(|fact| fact.what == what).count();
            // Whoever reads again what was read adds nothing.
            let least = if what == FactCode::VisitSeen.as_str() { least.min(1) } else { least };
            let checker = if count > most { Checker::Once } else { Checker::Saved };
            (count > most || count < least)
                .then(|| (checker, format!("{what} of {visit:?} is there {count} times: {least} to {most}")))
        })
    }

    /// The same for facts of reviews and matters, wherever they are. Of a batch that was broken off, a part is there.
    fn count_stated(&self, picture: &Picture) -> Option<(Checker, String)> {
        let mut wanted: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for noted in &self.ledger.deeds {
            if let Effect::Stated { what, count, .. } = noted.effect {
                let (least, most) = wanted.entry(what).or_default();
                *least += if noted.fate.binds() { count } else { 0 };
                *most += count;
            }
        }
        let visits = picture.visits.values().flat_map(|view| &view.timeline);
        let facts = visits.chain(picture.matters.values().flat_map(|view| &view.timeline));
        let facts: Vec<_> = facts.filter(|fact| fact.standing != view::Standing::NoRight).collect();
        wanted.into_iter().find_map(|(what, (least, most))| {
            let count = facts.iter().filter(|fact| fact.what == what).count();
            let checker = if count > most { Checker::Once } else { Checker::Saved };
            (count > most || count < least)
                .then(|| (checker, format!("{what} is there {count} times: {least} to {most}")))
        })
    }

    /// Whether nothing of a batch stands that was undone where it had been made.
    fn is_undone(&self, at: usize, batch: ItemId, picture: &Picture) -> bool {
        let made = self.ledger.deeds[..at].iter().any(|noted| {
            let is_it = matches!(noted.effect, Effect::Stated { batch: Some(other), .. } if other == batch);
            is_it && noted.fate.binds() && noted.tab == self.ledger.deeds[at].tab
        });
        let mut findings = picture.visits.values().flat_map(|view| &view.findings);
        !made
            || findings
                .all(|finding| finding.review.decisions.iter().all(|decision| decision.batch != Some(batch)))
    }

    /// The relay's log holds every entry once, and every stream without a gap.
    fn check_log(&mut self) {
        let mut known = BTreeSet::new();
        let mut streams: BTreeMap<_, Vec<u64>> = BTreeMap::new();
        let mut flaw = None;
        for (_, filed) in self.relay.disk.entries() {
            if !known.insert(filed.id) {
                flaw = Some(format!("the log holds {:?} twice", filed.id));
            }
            streams.entry(filed.stream).or_default().push(filed.sequence);
        }
        for (stream, places) in streams {
            if !places.iter().copied().eq(0..places.len() as u64) {
                flaw = Some(format!("the stream {stream:?} reads {places:?}"));
            }
        }
        self.counts.entries += known.len() as u64;
        if let Some(flaw) = flaw {
            self.find(Checker::Once, flaw);
        }
    }
}

/// The values of a field; an answer that was taken back is empty.
fn now_in(view: &VisitView, path: &str) -> BTreeSet<String> {
    let own = [&view.unit, &view.mode, &view.checklist];
    let answers = view.answers.iter().map(|(_, field)| field);
    let findings = view
        .findings
        .iter()
        .flat_map(|finding| [&finding.category, &finding.place, &finding.person, &finding.rule]);
    let field = own.into_iter().chain(answers).chain(findings).find(|field| field.path == path);
    let Some(field) = field else { return [String::new()].into() };
    field.conflict.iter().map(|(value, _)| value).chain([&field.value]).cloned().collect()
}

/// Whether a row says that nothing of its visit is on the device alone.
pub fn is_held(tick: Tick) -> bool {
    tick >= Tick::Held
}
