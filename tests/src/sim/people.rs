//! What people do with their devices. What exactly, chance decides from what they see.

use super::Checker;
use super::ledger::{Effect, Over};
use super::members::Passphrases;
use super::plan::Deed;
use super::run::{FOUNDER, ONE, OTHER, Run, Team};
use crate::world::passphrase;
use mingcha_core::command::{Command, FindingEdit, ImportPart, TextEdit, VisitEdit};
use mingcha_core::domain::fact::FactCode;
use mingcha_core::domain::{
    ChecklistDraft, Citation, Condition, Language, MatterField, Mode, Need, Question, Review, ReviewState,
    Role, Severity,
};
use mingcha_core::engine::io::Input;
use mingcha_core::ids::{DatasetId, DocumentId, ItemId, SpaceId};
use mingcha_core::roster::SpaceKind;
use mingcha_core::time::Timestamp;
use mingcha_core::units::{Place, UnitRow};
use mingcha_core::view::{
    Access, Answer, AssignmentFilter, Compared, Field, FindingFilter, InvitationState, MatterFilter,
    MatterRow, Query, VisitFilter, VisitRow, VisitView, Window,
};

/// How many questions are answered by everybody, so that answers meet.
const QUESTIONS: usize = 4;
/// The first of the signs that are put into texts, each once.
const FIRST_SIGN: u32 = 0x4e00;
/// Everything of a list.
const ALL: Window = Window { first: 0, count: 1_000 };

impl Run {
    /// Somebody does something.
    pub fn act(&mut self, who: usize, deed: Deed) {
        let is_open = matches!(self.access(who), Some(Access::Open(_)));
        match deed {
            Deed::Enter => self.enter(who),
            Deed::Lock => {
                self.count("locked");
                self.ask(who, Command::Lock, vec![]);
            }
            Deed::Hide => {
                self.count("hidden");
                self.device(who).feed(Input::Hiding);
            }
            _ if !is_open => self.enter(who),
            Deed::Begin => self.begin(who),
            Deed::Look => self.look_around(who),
            Deed::Keep => {
                let name = format!("view:{}", self.number());
                let value = Some(name.clone().into_bytes());
                let effects = vec![Effect::Kept { name: name.clone() }];
                self.ask(who, Command::Keep { name, value }, effects);
            }
            Deed::Import | Deed::Withdraw | Deed::Publish | Deed::FormTeam | Deed::Invite => self.rule(deed),
            Deed::InviteSupervisor | Deed::LetIn | Deed::Block | Deed::Uninvite => self.manage(deed),
            Deed::ChangePassphrase => self.change_passphrase(who),
            Deed::Export => drop(self.ask(who, Command::ExportUnsent, vec![])),
            Deed::Carry => self.carry(who),
            Deed::OpenMatter | Deed::Cite | Deed::Saw => self.supervise(deed),
            Deed::Assign | Deed::Reassign | Deed::Recall => self.plan_visits(who, deed),
            Deed::SendBack | Deed::Review | Deed::ReviewAll | Deed::UndoReview => self.review(deed),
            Deed::TakeOut | Deed::Settle => self.mend_matter(deed),
            _ => self.record(who, deed),
        }
    }

    /// Gives a command on somebody's device, and notes what must come of it.
    pub fn ask(&mut self, who: usize, command: Command, effects: Vec<Effect>) -> u64 {
        let live = self.people[who].live;
        let request = self.tabs[live].device.next_request();
        self.counts.commands += 1;
        self.ledger.asked(who, live, request, effects);
        self.ask_in(live, command)
    }

    /// What a query shows on somebody's device now.
    pub fn peek(&mut self, who: usize, query: &Query) -> Option<Answer> {
        self.device(who).peek(query)
    }

    /// How somebody's device stands.
    pub fn access(&mut self, who: usize) -> Option<Access> {
        match self.peek(who, &Query::Access) {
            Some(Answer::Access(view)) => Some(view.access),
            _ => None,
        }
    }

    /// The visits that somebody sees.
    pub fn visits(&mut self, who: usize) -> Vec<VisitRow> {
        match self.peek(who, &Query::Visits(VisitFilter::default(), ALL)) {
            Some(Answer::Visits(rows)) => rows.rows,
            _ => Vec::new(),
        }
    }

    /// A visit on somebody's device, if it is in memory.
    pub fn visit(&mut self, who: usize, visit: DocumentId) -> Option<VisitView> {
        match self.peek(who, &Query::Visit(visit)) {
            Some(Answer::Visit(view)) => view.map(|view| *view),
            _ => None,
        }
    }

    /// Gets on with getting in.
    pub fn enter(&mut self, who: usize) {
        match self.access(who) {
            None => {
                let live = self.people[who].live;
                self.start(live);
            }
            Some(Access::Locked { .. }) => {
                self.people[who].joined = true;
                self.count("unlocked");
                self.unlock(who);
            }
            Some(Access::Empty { invitation, .. }) => {
                self.people[who].joined = false;
                self.people[who].passphrase = Passphrases::default();
                self.carried.retain(|(other, _)| *other != who);
                self.ledger.restored(who, &Default::default());
                let Some((code, _)) = self.people[who].code.clone() else { return self.hand_over(who) };
                if let Some(invitation) = invitation {
                    let live = self.people[who].live;
                    let request = self.tabs[live].device.next_request();
                    self.people[who].team = self.teams.iter().position(|team| team.name == invitation.team);
                    self.joins.insert((live, request));
                    self.ask_in(live, Command::Join { passphrase: passphrase() });
                } else {
                    // A code that somebody joined with, or that came too late, serves nobody.
                    if self.dice.below(6) == 0 {
                        self.people[who].code = None;
                    }
                    self.ask(who, Command::OpenInvitation { code }, vec![]);
                }
            }
            Some(Access::Opening | Access::Busy | Access::Open(_)) => {}
        }
    }

    /// Hands an invitation that nobody has to somebody.
    fn hand_over(&mut self, who: usize) {
        let Some(Answer::Invitations(all)) = self.peek(FOUNDER, &Query::Invitations) else { return };
        let taken = |code: &String| {
            self.people.iter().any(|person| person.code.as_ref().is_some_and(|(other, _)| other == code))
        };
        let open = all.into_iter().filter(|one| one.state == InvitationState::Open && !taken(&one.code));
        for one in open {
            if let Some(team) = self.teams.iter().position(|team| team.name == one.team) {
                return self.invite_person(who, one.code, team);
            }
            if one.roles == [Role::Supervisor] {
                self.people[who].supervises = true;
                self.people[who].code = Some((one.code, usize::MAX));
                return;
            }
        }
    }

    fn invite_person(&mut self, who: usize, code: String, team: usize) {
        self.people[who].code = Some((code, team));
        self.people[who].invited.insert(team);
    }

    fn begin(&mut self, who: usize) {
        if let Some(team) = self.some_team(who) {
            self.begin_visit(who, team);
        }
    }

    /// Begins a visit of a team.
    pub fn begin_in(&mut self, who: usize, team: usize) {
        self.begin_visit(who, self.teams[team].space);
    }

    fn begin_visit(&mut self, who: usize, team: SpaceId) {
        let visit = self.document();
        let unit = format!("4103{:04}", self.number());
        let mode = self.dice.one_of(&Mode::ALL);
        let effects = vec![
            Effect::Visit(visit),
            Effect::Fact { visit, what: FactCode::VisitStarted.as_str() },
            Effect::Value {
                visit,
                path: "unit".into(),
                value: unit.clone(),
                over: Over::Values(Default::default()),
            },
        ];
        let (checklist, assignment) = (self.some_checklist(), self.some_assignment(who, team));
        let start = Command::StartVisit { visit, team, mode, unit: Some(unit), checklist, assignment };
        self.ask(who, start, effects);
    }

    fn some_team(&mut self, who: usize) -> Option<SpaceId> {
        let Some(Access::Open(me)) = self.access(who) else { return None };
        (!me.teams.is_empty()).then(|| me.teams[self.dice.below(me.teams.len())].0)
    }

    fn some_visit(&mut self, who: usize) -> Option<VisitRow> {
        let visits = self.visits(who);
        // The newest are worked on most, so that people meet there.
        let among = if self.dice.below(2) == 0 { visits.len().min(3) } else { visits.len() };
        (among > 0).then(|| visits[self.dice.below(among)].clone())
    }

    /// Looks at something, so that it is shown from then on.
    fn look_around(&mut self, who: usize) {
        let visit = self.some_visit(who);
        let unit = visit.as_ref().and_then(|row| row.unit.as_ref()).map(|unit| unit.code.clone());
        let query = match (self.dice.below(19), visit) {
            (0, Some(row)) => Query::Visit(row.visit),
            (1, _) => Query::Findings(FindingFilter::default(), ALL),
            (2, _) => Query::SideBySide { unit: unit.unwrap_or_default() },
            (3, _) => Query::Matters(MatterFilter::default(), ALL),
            (4, _) => {
                Query::Units { text: "窗口".into(), limit: 20, near: Place::new(34_600_000, 112_400_000) }
            }
            (5, _) => Query::Teams,
            (6, _) => Query::Unsent,
            (8, _) => Query::People,
            (12, _) => Query::Assignments(AssignmentFilter::default(), ALL),
            (9, _) => Query::Coverage { from: Timestamp(0), until: Timestamp(u64::MAX) },
            (10, _) => Query::Areas,
            (11, _) => Query::UnitsIn { area: unit.unwrap_or_default(), limit: 20 },
            (13, _) => Query::UnitTimeline { unit: unit.unwrap_or_default() },
            (14, _) => Query::Agreement(Compared::Unit(unit.unwrap_or_default())),
            (15, _) => Query::Figures { filter: FindingFilter::default(), offset: 480 },
            (16, Some(row)) => Query::Proposals { visit: row.visit, finding: ItemId([1; 16]) },
            (17, Some(row)) => Query::Texts(vec![(row.visit, None), (row.visit, Some(ItemId([1; 16])))]),
            (7, _) => {
                self.ask(who, Command::Unwatch { id: OTHER }, vec![]);
                return;
            }
            _ => Query::Imports,
        };
        self.ask(who, Command::Watch { id: OTHER, query }, vec![]);
    }

    /// Works on a visit.
    fn record(&mut self, who: usize, deed: Deed) {
        let Some(VisitRow { visit, .. }) = self.some_visit(who) else { return self.begin(who) };
        let view = self.visit(who, visit);
        let value = self.number().to_string();
        let edit = |edit| Command::EditVisit { visit, edit };
        let fact = |code: FactCode| Effect::Fact { visit, what: code.as_str() };
        let set = |path: String, value: &str, field: Option<&Field>| {
            let over = view.as_ref().map_or(Over::Anything, |_| Over::Values(values(field)));
            vec![Effect::Value { visit, path, value: value.to_owned(), over }]
        };
        match deed {
            Deed::SetUnit => {
                let effects = set("unit".into(), &value, view.as_ref().map(|view| &view.unit));
                self.ask(who, edit(VisitEdit::Unit(value)), effects);
            }
            Deed::SetMode => {
                let mode = self.dice.one_of(&Mode::ALL);
                self.ask(who, edit(VisitEdit::Mode(mode)), vec![]);
            }
            Deed::SetChecklist => {
                let list = ItemId(self.id());
                let effects =
                    set("checklist".into(), &list.to_string(), view.as_ref().map(|view| &view.checklist));
                self.ask(who, edit(VisitEdit::Checklist(list)), effects);
            }
            Deed::Answer | Deed::TakeBack => {
                let question = ItemId([0x0a + self.dice.below(QUESTIONS) as u8; 16]);
                let field = view.as_ref().and_then(|view| {
                    view.answers.iter().find(|(asked, _)| *asked == question).map(|(_, field)| field)
                });
                let answer = (deed == Deed::Answer).then_some(value);
                let effects =
                    set(format!("answers/{question}"), answer.as_deref().unwrap_or_default(), field);
                self.ask(who, edit(VisitEdit::Answer { question, answer }), effects);
            }
            Deed::AddFinding => {
                let finding = ItemId(self.id());
                let effects = vec![Effect::Finding { visit, finding }];
                self.ask(who, edit(VisitEdit::AddFinding { finding, question: None }), effects);
            }
            Deed::Submit => {
                let incomplete = self.dice.below(2) == 0;
                let submit = Command::SubmitVisit { visit, incomplete };
                self.ask(who, submit, vec![fact(FactCode::VisitSubmitted)]);
            }
            Deed::Reopen => {
                self.ask(who, Command::ReopenVisit { visit }, vec![fact(FactCode::VisitReopened)]);
            }
            Deed::Void => {
                let command = Command::VoidVisit { visit, reason: value };
                self.ask(who, command, vec![fact(FactCode::VisitVoided)]);
            }
            _ => match view {
                Some(view) => self.record_further(who, deed, &view),
                // It is read from the store for the next time.
                None => drop(self.ask(who, Command::Watch { id: ONE, query: Query::Visit(visit) }, vec![])),
            },
        }
    }

    /// Works on a visit that is in sight.
    fn record_further(&mut self, who: usize, deed: Deed, view: &VisitView) {
        let visit = view.visit;
        let edit = |edit| Command::EditVisit { visit, edit };
        let finding = (!view.findings.is_empty()).then(|| {
            let at = self.dice.below(view.findings.len());
            &view.findings[at]
        });
        match (deed, finding) {
            (Deed::Note, _) => self.write(who, view, None, 1),
            (Deed::Type, _) => self.write(who, view, None, 3),
            (Deed::Describe, Some(finding)) => self.write(who, view, Some(finding.finding), 1),
            (Deed::SetField, Some(finding)) => {
                let value = self.number().to_string();
                let id = finding.finding;
                let (field, change) = match self.dice.below(5) {
                    0 => (&finding.category, FindingEdit::Category(value.clone())),
                    1 => (&finding.place, FindingEdit::Place(value.clone())),
                    2 => (&finding.person, FindingEdit::Person(value.clone())),
                    3 => (&finding.rule, FindingEdit::Rule(value.clone())),
                    _ => {
                        let severity = self.dice.one_of(&Severity::ALL);
                        let field = FindingEdit::Severity(severity);
                        self.ask(who, edit(VisitEdit::Finding { finding: id, field }), vec![]);
                        return;
                    }
                };
                let over = Over::Values(values(Some(field)));
                let effects = vec![Effect::Value { visit, path: field.path.clone(), value, over }];
                self.ask(who, edit(VisitEdit::Finding { finding: id, field: change }), effects);
            }
            (Deed::Strike, Some(finding)) => {
                let finding = finding.finding;
                let mut effects = vec![Effect::Fact { visit, what: FactCode::FindingStruck.as_str() }];
                // Only inspectors have the right to.
                if self.is_inspector(who) {
                    effects.push(Effect::Struck { visit, finding });
                }
                self.ask(who, edit(VisitEdit::StrikeFinding { finding }), effects);
            }
            (Deed::Examine, _) => {
                let others = self.visits(who).into_iter().filter(|row| row.team == view.team);
                let others: Vec<_> = others.map(|row| row.visit).collect();
                let other = others[self.dice.below(others.len())];
                let seen = self.visit(who, other);
                let findings = seen.iter().flat_map(|seen| {
                    seen.findings.iter().map(|finding| (seen.heads.clone(), finding.finding))
                });
                let citations = findings.map(|(heads, finding)| Citation { visit: other, heads, finding });
                let (citations, text) = (citations.collect(), self.number().to_string());
                let effects = vec![Effect::Fact { visit, what: FactCode::ExaminesNamed.as_str() }];
                self.ask(who, edit(VisitEdit::Examine { citations, text }), effects);
            }
            (Deed::Choose, _) => {
                let Some(field) = disputed(view) else { return };
                let value = field.conflict[self.dice.below(field.conflict.len())].0.clone();
                let over = Over::Values(values(Some(field)));
                let path = field.path.clone();
                let effects = vec![
                    Effect::Value { visit, path: path.clone(), value: value.clone(), over },
                    Effect::Fact { visit, what: FactCode::ValueChosen.as_str() },
                ];
                self.ask(who, edit(VisitEdit::Choose { path, value }), effects);
            }
            _ => self.record(who, Deed::AddFinding),
        }
    }

    /// Puts signs into a text, one after the other, all starting from what is in sight.
    fn write(&mut self, who: usize, view: &VisitView, finding: Option<ItemId>, count: usize) {
        let text = match finding {
            Some(id) => view.findings.iter().find(|one| one.finding == id).map(|one| one.seen.clone()),
            None => Some(view.notes.clone()),
        };
        let mut text: Vec<char> = text.unwrap_or_default().chars().collect();
        let first = self.dice.below(text.len() + 1);
        for at in first..first + count {
            let Some(sign) = char::from_u32(FIRST_SIGN + self.number()) else { return };
            text.insert(at, sign);
            let edit = TextEdit { base: view.heads.clone(), text: text.iter().collect() };
            let edit = match finding {
                Some(finding) => VisitEdit::Finding { finding, field: FindingEdit::Seen(edit) },
                None => VisitEdit::Notes(edit),
            };
            let effect = Effect::Sign { visit: view.visit, finding, sign };
            self.ask(who, Command::EditVisit { visit: view.visit, edit }, vec![effect]);
        }
    }

    /// What only a supervisor does.
    fn supervise(&mut self, deed: Deed) {
        let Some(row) = self.some_visit(FOUNDER) else { return };
        let visit = row.visit;
        let Some(view) = self.visit(FOUNDER, visit) else {
            self.ask(FOUNDER, Command::Watch { id: ONE, query: Query::Visit(visit) }, vec![]);
            return;
        };
        let heads = view.heads.clone();
        if deed == Deed::Saw {
            let fact = Effect::Fact { visit, what: FactCode::VisitSeen.as_str() };
            self.ask(FOUNDER, Command::SawVisit { visit, heads }, vec![fact]);
            return;
        }
        let citations: Vec<_> = view
            .findings
            .iter()
            .map(|finding| Citation { visit, heads: heads.clone(), finding: finding.finding })
            .collect();
        if citations.is_empty() {
            return;
        }
        let matters = self.matters();
        if deed == Deed::Cite && !matters.is_empty() {
            let matter = matters[self.dice.below(matters.len())].matter;
            self.ask(FOUNDER, Command::CiteInMatter { matter, citations }, vec![]);
            return;
        }
        let (matter, title) = (self.document(), format!("事项{}", self.number()));
        let severity = self.dice.one_of(&Severity::ALL);
        let effects = vec![Effect::Matter { matter, title: title.clone() }];
        let unit = view.unit.value.clone();
        let category = "discipline.absent".into();
        let open = Command::OpenMatter { matter, title, unit, category, severity, citations };
        self.ask(FOUNDER, open, effects);
    }

    fn matters(&mut self) -> Vec<MatterRow> {
        match self.peek(FOUNDER, &Query::Matters(MatterFilter::default(), ALL)) {
            Some(Answer::Matters(rows)) => rows.rows,
            _ => Vec::new(),
        }
    }

    /// What a supervisor says of visits and findings.
    fn review(&mut self, deed: Deed) {
        let reason = self.number().to_string();
        let (review, what) = match self.dice.below(3) {
            0 => (Review::Confirm, FactCode::FindingConfirmed),
            1 => (Review::Reject { reason: reason.clone() }, FactCode::FindingRejected),
            _ => (Review::Withdraw, FactCode::ReviewWithdrawn),
        };
        let what = what.as_str();
        let states = [None, Some(ReviewState::Waiting), Some(ReviewState::Confirmed)];
        let filter = FindingFilter { review: self.dice.one_of(&states), ..FindingFilter::default() };
        let findings = match self.peek(FOUNDER, &Query::Findings(filter.clone(), ALL)) {
            Some(Answer::Findings(rows)) => rows,
            _ => return,
        };
        match deed {
            Deed::SendBack => {
                let Some(row) = self.some_visit(FOUNDER) else { return };
                let visit = row.visit;
                let fact = Effect::Fact { visit, what: FactCode::VisitSentBack.as_str() };
                self.ask(FOUNDER, Command::SendVisitBack { visit, reason }, vec![fact]);
            }
            Deed::Review if !findings.rows.is_empty() => {
                let row = &findings.rows[self.dice.below(findings.rows.len())];
                let (visit, heads, finding) = (row.visit, row.heads.clone(), row.finding);
                let command = Command::ReviewFinding { visit, heads, finding, review };
                self.ask(FOUNDER, command, vec![Effect::Stated { what, count: 1, batch: None }]);
            }
            Deed::ReviewAll => {
                let (batch, count) = (ItemId(self.id()), findings.total as usize);
                let expected = findings.total;
                let command = Command::ReviewFindings { batch, filter, expected, review };
                self.ask(FOUNDER, command, vec![Effect::Stated { what, count, batch: Some(batch) }]);
            }
            Deed::UndoReview => {
                let batches = self.ledger.deeds.iter().filter_map(|noted| match noted.effect {
                    Effect::Stated { batch, .. } => batch,
                    _ => None,
                });
                let batches: Vec<_> = batches.collect();
                if !batches.is_empty() {
                    let batch = batches[self.dice.below(batches.len())];
                    self.ask(FOUNDER, Command::UndoReview { batch }, vec![Effect::Undone { batch }]);
                }
            }
            _ => {}
        }
    }

    /// Takes a finding out of a matter, or settles what the matter says.
    fn mend_matter(&mut self, deed: Deed) {
        let matters = self.matters();
        if matters.is_empty() {
            return;
        }
        let matter = matters[self.dice.below(matters.len())].matter;
        let Some(Answer::Matter(Some(view))) = self.peek(FOUNDER, &Query::Matter(matter)) else {
            self.ask(FOUNDER, Command::Watch { id: ONE, query: Query::Matter(matter) }, vec![]);
            return;
        };
        let reason = self.number().to_string();
        let stated = |what: FactCode| vec![Effect::Stated { what: what.as_str(), count: 1, batch: None }];
        let cited = view.citations.iter().filter_map(|one| Some((one.visit, one.finding.as_ref()?.finding)));
        let cited: Vec<_> = cited.collect();
        if deed == Deed::TakeOut && !cited.is_empty() {
            let findings = vec![cited[self.dice.below(cited.len())]];
            let take = Command::TakeFromMatter { matter, findings, reason };
            self.ask(FOUNDER, take, stated(FactCode::FindingsTaken));
        } else {
            let chosen = self.dice.one_of(&Severity::ALL).code().to_owned();
            let over = view.fields[1].cited.iter().map(|cited| cited.value.clone()).collect();
            let field = MatterField::Severity;
            let settle = Command::SettleInMatter { matter, field, chosen, over, reason };
            self.ask(FOUNDER, settle, stated(FactCode::ValueSettled));
        }
    }

    /// What only a coordinator does.
    fn rule(&mut self, deed: Deed) {
        match deed {
            Deed::Import => self.import(),
            Deed::Withdraw => {
                let imports = self.ledger.deeds.iter().filter_map(|noted| match noted.effect {
                    Effect::Import { dataset } if noted.fate.is_possible() => Some(dataset),
                    _ => None,
                });
                let imports: Vec<_> = imports.collect();
                if !imports.is_empty() {
                    let dataset = imports[self.dice.below(imports.len())];
                    let effects = vec![Effect::Withdrawn { dataset }];
                    self.ask(FOUNDER, Command::WithdrawUnits { dataset }, effects);
                }
            }
            Deed::Publish => {
                let id = ItemId([0xc0 + self.dice.below(3) as u8; 16]);
                let title = format!("检查单{}", self.number());
                let first = Question::new(ItemId([0x0a; 16]), "在岗?".into());
                let after = Question {
                    need: Need::Required,
                    condition: Some(Condition { question: first.id, answers: vec!["no".into()] }),
                    ..Question::new(ItemId([0x0b; 16]), "为何?".into())
                };
                let needed =
                    Question { need: Need::Required, ..Question::new(ItemId([0x0c; 16]), "公示?".into()) };
                let checklist = ChecklistDraft { id, title, questions: vec![first, after, needed] };
                let publish = Command::PublishChecklist { checklist };
                self.ask(FOUNDER, publish, vec![Effect::Checklist { id }]);
            }
            Deed::FormTeam => {
                let name = format!("小组{}", self.number());
                let effects = vec![Effect::Team { name: name.clone() }];
                self.ask(FOUNDER, Command::FormTeam { name }, effects);
            }
            _ => {
                let team = self.dice.below(self.teams.len());
                let name = format!("新人{}", self.number());
                let effects = vec![Effect::Invited { name: name.clone() }];
                let days = self.dice.between(1, 60) as u16;
                let (roles, team) = (vec![Role::Inspector], Some(self.teams[team].space));
                self.ask(FOUNDER, Command::Invite { roles, team, name, days }, effects);
            }
        }
    }

    fn import(&mut self) {
        let dataset = DatasetId(self.id());
        let count = self.dice.one_of(&[1, 20, 400]);
        let first = self.number();
        let row = |number: u32| UnitRow {
            code: format!("41{first:04}{number:04}"),
            name: format!("第{number}窗口"),
            place: Place::new(34_000_000 + number as i32, 112_000_000),
            ..UnitRow::default()
        };
        let rows: Vec<_> = (0..count).map(row).collect();
        let name = "units.csv".to_owned();
        let more =
            Command::ImportUnits { dataset, name: name.clone(), rows: rows.clone(), part: ImportPart::More };
        self.ask(FOUNDER, more, vec![]);
        let last = Command::ImportUnits { dataset, name, rows: vec![], part: ImportPart::Last };
        self.ask(FOUNDER, last, vec![Effect::Import { dataset }]);
    }

    /// Founds the office, and forms its teams.
    pub fn found_office(&mut self, teams: usize) {
        self.settle(1_000);
        self.ask(FOUNDER, Command::MakeKit { language: Language::Chinese }, vec![]);
        self.settle(1_000);
        let Some(Access::Empty { kit: Some(words), .. }) = self.access(FOUNDER) else {
            return self.find(Checker::Progress, "no kit is made".to_owned());
        };
        let found = Command::Found {
            setup: self.relay.setup_code(),
            office: "效能办".into(),
            name: "李明".into(),
            passphrase: passphrase(),
            proof: [2_u8, 7].map(|at| (at, words[usize::from(at)].clone())).to_vec(),
        };
        self.ask(FOUNDER, found, vec![]);
        self.settle(10_000);
        self.people[FOUNDER].joined = true;
        if self.relay.held().next().is_none() {
            return self.find(Checker::Progress, "no office is founded".to_owned());
        }
        let roster = crate::rogue::roster(&self.relay);
        let shared = [SpaceKind::Roster, SpaceKind::Office];
        self.shared = shared.map(|kind| roster.only_space(kind)).into();
        for team in 0..teams {
            self.form_team(&format!("第{}组", team + 1));
        }
    }

    fn form_team(&mut self, name: &str) {
        self.ask(FOUNDER, Command::FormTeam { name: name.into() }, vec![Effect::Team { name: name.into() }]);
        self.settle(10_000);
        let all = match self.peek(FOUNDER, &Query::Teams) {
            Some(Answer::Teams(all)) => all,
            _ => Vec::new(),
        };
        match all.into_iter().find(|team| team.name == name) {
            Some(team) => self.teams.push(Team { name: team.name, space: team.team }),
            None => self.find(Checker::Progress, "no team is formed".to_owned()),
        }
    }

    /// Invites somebody into a team; the code.
    pub fn invite(&mut self, team: usize) -> Option<String> {
        let name = format!("王{}", self.number());
        let space = self.teams[team].space;
        let (roles, team) = (vec![Role::Inspector], Some(space));
        self.ask(FOUNDER, Command::Invite { roles, team, name: name.clone(), days: 30 }, vec![]);
        self.settle(10_000);
        let Some(Answer::Invitations(all)) = self.peek(FOUNDER, &Query::Invitations) else { return None };
        all.into_iter().find(|one| one.name == name).map(|one| one.code)
    }

    /// Invites somebody into a team, and lets them join.
    pub fn take_in(&mut self, who: usize, team: usize) {
        if let Some(code) = self.invite(team) {
            self.invite_person(who, code, team);
        }
        for _ in 0..3 {
            self.enter(who);
            self.settle(10_000);
        }
    }
}

/// The values of a field.
fn values(field: Option<&Field>) -> std::collections::BTreeSet<String> {
    let Some(field) = field else { return Default::default() };
    let all = field.conflict.iter().map(|(value, _)| value).chain([&field.value]);
    all.filter(|value| !value.is_empty()).cloned().collect()
}

/// A field that holds several values.
fn disputed(view: &VisitView) -> Option<&Field> {
    let own = [&view.unit, &view.checklist];
    let answers = view.answers.iter().map(|(_, field)| field);
    let findings = view
        .findings
        .iter()
        .flat_map(|finding| [&finding.category, &finding.place, &finding.person, &finding.rule]);
    let mut all = own.into_iter().chain(answers).chain(findings);
    all.find(|field| !field.conflict.is_empty())
}
