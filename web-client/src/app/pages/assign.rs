//! Writing an assignment: a new one, or one that is to be changed.

mod again;
mod areas;
mod dates;
mod units;

use crate::app::components::desk::{help, text_area, wrong};
use crate::app::components::form::{select, text_input};
use crate::app::i18n::assign as w;
use crate::app::kept::{Keeping, Kind};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, terms, when};
use crate::reactive::*;
use again::Again;
use mingcha_core::command::Command;
use mingcha_core::domain::{AssignmentDraft, Mode};
use mingcha_core::ids::{DocumentId, SpaceId};
use mingcha_core::problem::Problem;
use mingcha_core::view::{AssignmentView, Query};
use serde::{Deserialize, Serialize};
use units::Chosen;

pub use dates::last_day;

/// Assignments that are written and not given.
pub const DRAFTS: Kind<Written> = Kind::new("assignment");

/// For how many days a new assignment is.
const DAYS: u64 = 14;

/// An assignment as it is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Written {
    /// The team, once chosen.
    team: Option<SpaceId>,
    /// What is asked.
    pub content: AssignmentDraft,
    /// The units in words, for this page.
    units: Vec<Chosen>,
}

impl Written {
    /// A new one.
    fn new() -> Self {
        let from = when::today();
        let until = dates::next_day(from.after((DAYS - 1) * 86_400_000));
        Self { content: AssignmentDraft { from, until, ..AssignmentDraft::default() }, ..Self::default() }
    }

    /// One that was given, in the last version stated.
    fn of(assignment: &AssignmentView) -> Self {
        let content = assignment.versions.last().map(|version| version.content.clone()).unwrap_or_default();
        let named = |code: &String| {
            let known = assignment.units.iter().find(|one| one.unit.code == *code);
            known.map_or_else(|| Chosen::unknown(code), |one| Chosen::of(&one.unit))
        };
        let units = content.units.iter().map(named).collect();
        Self { team: Some(assignment.row.team), content, units }
    }
}

/// Whether it is new, or which team has it.
#[derive(Clone, PartialEq)]
enum Known {
    New,
    Given(String),
}

/// Where the form starts.
#[derive(Clone, PartialEq)]
struct Start {
    known: Known,
    given: Written,
    kept: Option<Written>,
}

/// The page.
pub fn assign(ui: Ui, id: DocumentId) -> AnyView {
    let answer = ui.client.watch(Query::Assignment(id));
    let kept = DRAFTS.one(ui, id.to_string());
    // What is being written does not change under one's hands when another version arrives.
    let start = Memo::new(move |before: Option<&Option<Start>>| {
        before.cloned().flatten().or_else(|| {
            let kept = kept.get()?;
            answer.with(|answer| {
                let (known, given) = match shown::assignment(answer) {
                    Some(given) => (Known::Given(given.row.team_name.clone()), Written::of(given)),
                    None if shown::is_missing(answer) => (Known::New, Written::new()),
                    None => return None,
                };
                Some(Start { known, given, kept })
            })
        })
    });
    let discarded = RwSignal::new(false);
    let is_new = memo(move || start.with(|it| it.as_ref().is_none_or(|it| it.known == Known::New)));
    let title = move || ui.t(if is_new.get() { w::NEW } else { w::SAVE }).to_owned();
    let shown = move || {
        let Start { known, given, kept } = start.get()?;
        let kept = kept.filter(|_| !discarded.get());
        Some(form(ui, id, known, (given, kept), discarded))
    };
    view! { {frame::head_below(ui, Route::Assignments, title, AnyView::default())}{shown} }.show()
}

/// The fields of the form.
#[derive(Clone, Copy)]
pub struct Form {
    ui: Ui,
    /// What is started from inside the form lives as long as it.
    owner: StoredValue<Owner>,
    title: RwSignal<String>,
    team: RwSignal<String>,
    from: RwSignal<String>,
    until: RwSignal<String>,
    mode: RwSignal<Mode>,
    checklist: RwSignal<String>,
    look_at: RwSignal<String>,
    units: RwSignal<Vec<Chosen>>,
    again: RwSignal<Vec<Again>>,
}

impl Form {
    fn new(ui: Ui, Written { team, content, units }: Written) -> Self {
        Self {
            ui,
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            title: RwSignal::new(content.title),
            team: RwSignal::new(team.map(|team| team.to_string()).unwrap_or_default()),
            from: RwSignal::new(dates::to_field(content.from)),
            until: RwSignal::new(dates::to_field(last_day(content.until))),
            mode: RwSignal::new(content.mode),
            checklist: RwSignal::new(content.checklist.map(|id| id.to_string()).unwrap_or_default()),
            look_at: RwSignal::new(content.look_at),
            units: RwSignal::new(units),
            again: RwSignal::new(content.again.into_iter().map(Again::new).collect()),
        }
    }

    /// What is written now.
    fn written(self) -> Written {
        let units = self.units.get();
        Written {
            team: self.team.with(|team| team.parse().ok()),
            content: AssignmentDraft {
                title: self.title.get().trim().to_owned(),
                units: units.iter().map(|unit| unit.code.clone()).collect(),
                from: self.from.with(|from| dates::from_field(from)).unwrap_or_default(),
                until: self
                    .until
                    .with(|until| dates::from_field(until))
                    .map(dates::next_day)
                    .unwrap_or_default(),
                mode: self.mode.get(),
                checklist: self.checklist.with(|id| id.parse().ok()),
                look_at: self.look_at.get().trim().to_owned(),
                again: self.again.with(|all| all.iter().map(Again::written).collect()),
            },
            units,
        }
    }
}

fn form(
    ui: Ui,
    id: DocumentId,
    known: Known,
    (given, kept): (Written, Option<Written>),
    discarded: RwSignal<bool>,
) -> AnyView {
    let is_restored = kept.is_some();
    let form = Form::new(ui, kept.unwrap_or(given));
    let written = memo(move || form.written());
    let keeping = DRAFTS.keep(ui, id.to_string(), written);
    let problem = RwSignal::new(None::<Problem>);
    let missing = RwSignal::new(false);
    // What was lacking is no longer said once something was written.
    effect(move || {
        written.track();
        missing.set(false);
    });
    let restored = is_restored.then(|| {
        let start_over = move |_| {
            keeping.done();
            discarded.set(true);
        };
        view! {
            <div class="banner row">
                <span>{ui.t(w::RESTORED)}</span>
                <button type="button" on:click=start_over>{ui.t(w::START_OVER)}</button>
            </div>
        }
    });
    let (team, action) = match &known {
        Known::New => (team_choice(form), w::SEND),
        Known::Given(team) => {
            let team = team.clone();
            (
                view! { <p class="field"><span class="label">{ui.t(w::TEAM)}</span><b>{team}</b></p> }.show(),
                w::SAVE,
            )
        }
    };
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        send(ui, id, &known, (written, keeping), (missing, problem));
    };
    let has_again = memo(move || {
        let is_asked_for = matches!(form.mode.get(), Mode::LookBack | Mode::Acceptance);
        is_asked_for || form.again.with(|again| !again.is_empty())
    });
    let again = move || has_again.get().then(|| again::again(form));
    let lacking = move || missing.get().then(|| ui.t(w::INCOMPLETE));
    view! {
        <div class="list wide">
            <form class="assign" on:submit=submit>
                {restored}
                <div class="asked">
                    {text_input(ui.t(w::TITLE), "text", form.title)}
                    {team}
                    <div class="two">
                        {text_input(ui.t(w::FROM), "date", form.from)}
                        {text_input(ui.t(w::UNTIL), "date", form.until)}
                    </div>
                    <div class="two">{mode_choice(form)}{checklist_choice(form)}</div>
                    {text_area(ui.t(w::LOOK_AT), form.look_at)}
                    {help(ui.t(w::HELP), &[ui.t(w::HELP_1), ui.t(w::HELP_2), ui.t(w::HELP_3)])}
                </div>
                <div class="where">
                    {units::units(form)}
                    {again}
                </div>
                <div class="send">
                    <p class="wrong" role="alert">{lacking}</p>
                    {wrong(ui, problem)}
                    <button class="primary big">{ui.t(action)}</button>
                </div>
            </form>
        </div>
    }
    .show()
}

fn send(
    ui: Ui,
    id: DocumentId,
    known: &Known,
    (written, keeping): (Memo<Written>, Keeping<Written>),
    (missing, problem): (RwSignal<bool>, RwSignal<Option<Problem>>),
) {
    let Written { team, content, .. } = written.get_untracked();
    let lacks = content.title.is_empty()
        || content.units.is_empty()
        || content.from.0 == 0
        || content.until.0 == 0
        || team.is_none();
    missing.set(lacks);
    let Some(team) = team.filter(|_| !lacks) else { return };
    let command = match known {
        Known::New => Command::AssignVisits { assignment: id, team, content },
        Known::Given(_) => Command::ReviseAssignment { assignment: id, content },
    };
    ui.ask(command, move |result| match result {
        Ok(()) => {
            keeping.done();
            ui.nav.replace(Route::Assignment(id));
        }
        Err(refused) => {
            problem.try_set(Some(refused));
        }
    });
}

fn team_choice(form: Form) -> AnyView {
    let ui = form.ui;
    let teams = ui.client.watch(Query::Teams);
    let options = memo(move || {
        teams.with(|answer| {
            let teams = shown::teams(answer)?;
            Some(teams.iter().map(|team| (team.team.to_string(), team.name.clone())).collect::<Vec<_>>())
        })
    });
    let choose = callback(move |code| form.team.set(code));
    let shown = move || {
        let options = options.get()?;
        if options.is_empty() {
            return Some(view! { <p class="wrong">{ui.t(w::NO_TEAMS)}</p> }.show());
        }
        let mut all = vec![(String::new(), ui.t(w::CHOOSE_TEAM).to_owned())];
        all.extend(options);
        Some(select(ui.t(w::TEAM), vec![(String::new(), all)], form.team.into(), choose))
    };
    shown.show()
}

fn mode_choice(form: Form) -> AnyView {
    let ui = form.ui;
    let value = derived(move || form.mode.get().code().to_owned());
    let choose = callback(move |code: String| {
        if let Some(mode) = Mode::from_code(&code) {
            form.mode.set(mode);
        }
    });
    select(ui.t(w::MODE), vec![(String::new(), terms::modes(ui.language))], value, choose)
}

fn checklist_choice(form: Form) -> AnyView {
    let ui = form.ui;
    let checklists = ui.client.watch(Query::Checklists);
    let options = memo(move || {
        checklists.with(|answer| {
            let all = shown::checklists(answer).map(Vec::as_slice).unwrap_or_default();
            all.iter().map(|one| (one.id.to_string(), one.title.clone())).collect::<Vec<_>>()
        })
    });
    let choose = callback(move |code| form.checklist.set(code));
    let shown = move || {
        let mut all = vec![(String::new(), ui.t(w::NO_CHECKLIST).to_owned())];
        all.extend(options.get());
        select(ui.t(w::CHECKLIST), vec![(String::new(), all)], form.checklist.into(), choose)
    };
    shown.show()
}
