//! Teams and their members.

use super::invite::Inviting;
use crate::app::components::desk::wrong;
use crate::app::components::form::text_input;
use crate::app::i18n::{office, people as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, shown};
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::domain::Role;
use mingcha_core::problem::Problem;
use mingcha_core::view::{Answer, MemberView, TeamView};

/// The teams, and a form for another one.
pub fn teams(ui: Ui, answer: ReadSignal<Option<Answer>>, inviting: Inviting) -> AnyView {
    let may = ui.has(Role::Coordinator);
    let list = move || {
        answer.with(|answer| {
            let teams = shown::teams(answer)?;
            Some(if teams.is_empty() {
                view! { <p class="nothing">{ui.t(office::NO_TEAMS)}</p> }.show()
            } else {
                let teams: Vec<AnyView> = teams.iter().map(|team| one(ui, team, may, inviting)).collect();
                view! { <ul class="teams">{teams}</ul> }.show()
            })
        })
    };
    view! {
        <section class="of-teams">
            <h2>{ui.t(w::TEAMS)}</h2>
            {may.then(|| form_team(ui))}
            {list}
        </section>
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
        <form class="inline" aria-label=ui.t(office::FORM_TEAM) on:submit=submit>
            {text_input(ui.t(office::TEAM_NAME), "text", name)}
            <button disabled=move || busy.get() || name.with(|name| name.trim().is_empty())>
                {move || ui.t(if busy.get() { office::WORKING } else { office::FORM })}
            </button>
        </form>
        {wrong(ui, problem)}
    }
    .show()
}

fn one(ui: Ui, team: &TeamView, may: bool, inviting: Inviting) -> AnyView {
    let TeamView { team, name, members } = team.clone();
    let members: Vec<AnyView> = members.iter().map(|member| member_line(ui, member)).collect();
    let members = if members.is_empty() {
        view! { <p class="hint">{ui.t(office::NO_MEMBERS)}</p> }.show()
    } else {
        view! { <ul class="members">{members}</ul> }.show()
    };
    let label = format!("{} · {name}", ui.t(office::INVITE));
    let invite = may.then(|| {
        view! {
            <button type="button" aria-label=label on:click=move |_| inviting.begin(Some(team))>
                {ui.t(office::INVITE)}
            </button>
        }
    });
    view! { <li class="team"><h3>{name}</h3>{invite}{members}</li> }.show()
}

fn member_line(ui: Ui, member: &MemberView) -> AnyView {
    let devices = office::devices(ui.language, member.devices);
    view! { <li><b>{member.name.clone()}</b>" "<small>{devices}</small></li> }.show()
}
