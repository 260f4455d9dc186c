//! Teams and their members, and the way to invite somebody.

use crate::app::components::dialog::dialog;
use crate::app::components::form::text_input;
use crate::app::i18n::office as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::invitations;
use crate::app::{Ui, frame, shown};
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::domain::Role;
use mingcha_core::ids::SpaceId;
use mingcha_core::problem::Problem;
use mingcha_core::view::{MemberView, Query, TeamView};

/// For how many days an invitation is valid unless another number is chosen.
const DAYS: u16 = 7;

/// The page.
pub fn people(ui: Ui) -> AnyView {
    let answer = ui.client.watch(Query::Teams);
    let inviting = RwSignal::new(None::<(SpaceId, String)>);
    let open = RwSignal::new(false);
    let invite = callback(move |team: (SpaceId, String)| {
        inviting.set(Some(team));
        open.set(true);
    });
    let list = move || {
        answer.with(|answer| {
            let teams = shown::teams(answer)?;
            Some(if teams.is_empty() {
                view! { <p class="nothing">{ui.t(w::NO_TEAMS)}</p> }.show()
            } else {
                let teams: Vec<AnyView> = teams.iter().map(|team| one(ui, team, invite)).collect();
                view! { <ul class="teams">{teams}</ul> }.show()
            })
        })
    };
    let form = dialog(ui, open, ui.t(w::INVITE_TITLE), "ask", move || invite_form(ui, inviting.get(), open));
    view! {
        {frame::head(ui, ui.t(w::PEOPLE), AnyView::default())}
        <div class="list wide">
            {form_team(ui)}
            {list}
            {invitations::invitations(ui)}
        </div>
        {form}
    }
    .show()
}

fn form_team(ui: Ui) -> AnyView {
    let name = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        let team = name.get_untracked().trim().to_owned();
        if team.is_empty() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        ui.ask(Command::FormTeam { name: team }, move |result| {
            busy.try_set(false);
            if result.is_ok() {
                name.try_set(String::new());
            }
            problem.try_set(result.err());
        });
    };
    view! {
        <section>
            <h2>{ui.t(w::FORM_TEAM)}</h2>
            <form class="inline" on:submit=submit>
                {text_input(ui.t(w::TEAM_NAME), "text", name)}
                <button class="primary" disabled=move || busy.get()>
                    {move || ui.t(if busy.get() { w::WORKING } else { w::FORM })}
                </button>
            </form>
            <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
        </section>
    }
    .show()
}

fn one(ui: Ui, team: &TeamView, invite: Callback<(SpaceId, String)>) -> AnyView {
    let TeamView { team, name, members } = team.clone();
    let members: Vec<AnyView> = members.iter().map(|member| member_line(ui, member)).collect();
    let members = if members.is_empty() {
        view! { <p class="hint">{ui.t(w::NO_MEMBERS)}</p> }.show()
    } else {
        view! { <ul class="members">{members}</ul> }.show()
    };
    let label = format!("{} · {name}", ui.t(w::INVITE));
    let chosen = (team, name.clone());
    view! {
        <li class="team">
            <h3>{name}</h3>
            <button type="button" aria-label=label on:click=move |_| invite.run(chosen.clone())>
                {ui.t(w::INVITE)}
            </button>
            {members}
        </li>
    }
    .show()
}

fn member_line(ui: Ui, member: &MemberView) -> AnyView {
    let devices = w::devices(ui.language, member.devices);
    view! { <li><b>{member.name.clone()}</b>" "<small>{devices}</small></li> }.show()
}

fn invite_form(ui: Ui, team: Option<(SpaceId, String)>, open: RwSignal<bool>) -> AnyView {
    let Some((team, team_name)) = team else { return AnyView::default() };
    let name = RwSignal::new(String::new());
    let days = RwSignal::new(DAYS.to_string());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        let person = name.get_untracked().trim().to_owned();
        if person.is_empty() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let days = days.with_untracked(|days| days.trim().parse().unwrap_or(DAYS)).max(1);
        let invite = Command::Invite { roles: vec![Role::Inspector], team: Some(team), name: person, days };
        ui.ask(invite, move |result| {
            busy.try_set(false);
            if result.is_ok() {
                open.try_set(false);
            }
            problem.try_set(result.err());
        });
    };
    view! {
        <form on:submit=submit>
            <p>{team_name}</p>
            {text_input(ui.t(w::PERSON_NAME), "text", name)}
            {text_input(ui.t(w::VALID_DAYS), "number", days)}
            <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
            <button class="primary big" disabled=move || busy.get()>
                {move || ui.t(if busy.get() { w::WORKING } else { w::MAKE_INVITATION })}
            </button>
        </form>
    }
    .show()
}
