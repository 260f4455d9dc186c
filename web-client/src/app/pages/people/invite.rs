//! Inviting somebody: a name, what they will do, and for an inspector the team.

use crate::app::components::desk::{check, wrong};
use crate::app::components::dialog::dialog;
use crate::app::components::form::{select, text_input};
use crate::app::i18n::{office, people as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, shown, terms};
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::domain::Role;
use mingcha_core::ids::SpaceId;
use mingcha_core::problem::Problem;
use mingcha_core::view::Answer;

/// For how many days an invitation is valid unless another number is chosen.
const DAYS: u16 = 7;
/// Who can be invited.
const ROLES: [Role; 4] = [Role::Inspector, Role::Supervisor, Role::Investigator, Role::Coordinator];

/// Whether somebody is being invited, and into which team.
#[derive(Clone, Copy)]
pub struct Inviting {
    open: RwSignal<bool>,
    team: RwSignal<Option<SpaceId>>,
}

impl Inviting {
    /// Nobody is.
    pub fn new() -> Self {
        Self { open: RwSignal::new(false), team: RwSignal::new(None) }
    }

    /// Shows the form; for a team, as an inspector of it.
    pub fn begin(self, team: Option<SpaceId>) {
        self.team.set(team);
        self.open.set(true);
    }
}

/// The form.
pub fn dialogue(ui: Ui, inviting: Inviting, teams: ReadSignal<Option<Answer>>) -> AnyView {
    dialog(ui, inviting.open, ui.t(w::INVITE_SOMEBODY), "ask", move || form(ui, inviting, teams))
}

fn form(ui: Ui, inviting: Inviting, teams: ReadSignal<Option<Answer>>) -> AnyView {
    let into = inviting.team.get_untracked();
    let name = RwSignal::new(String::new());
    let days = RwSignal::new(DAYS.to_string());
    let roles = RwSignal::new(vec![Role::Inspector]);
    let team = RwSignal::new(into.map(|team| team.to_string()).unwrap_or_default());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let missing = RwSignal::new(false);
    let is_inspector = memo(move || roles.with(|roles| roles.contains(&Role::Inspector)));
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        let person = name.get_untracked().trim().to_owned();
        let chosen = is_inspector.get_untracked().then(|| team.get_untracked().parse().ok()).flatten();
        let lacks = person.is_empty()
            || roles.with_untracked(Vec::is_empty)
            || (is_inspector.get_untracked() && chosen.is_none());
        missing.set(lacks);
        if lacks || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let days = days.with_untracked(|days| days.trim().parse().unwrap_or(DAYS)).max(1);
        let invite = Command::Invite { roles: roles.get_untracked(), team: chosen, name: person, days };
        ui.ask(invite, move |result| {
            busy.try_set(false);
            if result.is_ok() {
                inviting.open.try_set(false);
            }
            problem.try_set(result.err());
        });
    };
    let boxes: Vec<AnyView> = ROLES.into_iter().map(|role| role_box(ui, role, roles)).collect();
    let which = move || is_inspector.get().then(|| team_choice(ui, teams, team));
    let lacking = move || missing.get().then(|| ui.t(w::NAME_AND_ROLE));
    view! {
        <form on:submit=submit>
            <p class="hint">{ui.t(w::INVITE_HELP)}</p>
            {text_input(ui.t(office::PERSON_NAME), "text", name)}
            <fieldset class="boxes"><legend>{ui.t(w::ROLES)}</legend>{boxes}</fieldset>
            {which}
            {text_input(ui.t(office::VALID_DAYS), "number", days)}
            <p class="wrong" role="alert">{lacking}</p>
            {wrong(ui, problem)}
            <button class="primary big" disabled=move || busy.get()>
                {move || ui.t(if busy.get() { office::WORKING } else { office::MAKE_INVITATION })}
            </button>
        </form>
    }
    .show()
}

fn role_box(ui: Ui, role: Role, roles: RwSignal<Vec<Role>>) -> AnyView {
    let value = derived(move || roles.with(|roles| roles.contains(&role)));
    let choose = callback(move |on: bool| {
        roles.update(|roles| {
            roles.retain(|other| *other != role);
            if on {
                roles.push(role);
                roles.sort_unstable();
            }
        });
    });
    check(terms::role(role, ui.language).show(), value, choose)
}

fn team_choice(ui: Ui, teams: ReadSignal<Option<Answer>>, team: RwSignal<String>) -> AnyView {
    let options: Vec<(String, String)> = teams.with_untracked(|answer| {
        let teams = shown::teams(answer).map(Vec::as_slice).unwrap_or_default();
        teams.iter().map(|team| (team.team.to_string(), team.name.clone())).collect()
    });
    if options.is_empty() {
        return view! { <p class="wrong" role="alert">{ui.t(w::NEEDS_TEAM)}</p> }.show();
    }
    let none = vec![(String::new(), ui.t(w::CHOOSE_TEAM).to_owned())];
    let groups = vec![(String::new(), none), (String::new(), options)];
    select(ui.t(w::TEAM), groups, team.into(), callback(move |code| team.set(code)))
}
