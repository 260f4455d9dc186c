//! The people of the office: who waits to be let in, members with their devices, teams, invitations.

mod devices;
mod invite;
mod teams;

use crate::app::components::desk;
use crate::app::i18n::desk::joined;
use crate::app::i18n::{office, people as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::invitations;
use crate::app::{Ui, frame, shown, terms, when};
use crate::reactive::*;
use devices::{Blocking, blocking};
use invite::Inviting;
use mingcha_core::domain::Role;
use mingcha_core::view::{DeviceStanding, DeviceView, PersonView, Query, Whose};

/// The page.
pub fn people(ui: Ui) -> AnyView {
    let may = ui.has(Role::Coordinator);
    let answer = ui.client.watch(Query::People);
    let teams = ui.client.watch(Query::Teams);
    let inviting = Inviting::new();
    let block = Blocking::new();
    let invite = may.then(|| {
        view! {
            <button type="button" class="primary" on:click=move |_| inviting.begin(None)>
                {ui.t(w::INVITE_SOMEBODY)}
            </button>
        }
    });
    let members = move || {
        answer.with(|answer| {
            let people = shown::people(answer)?;
            (!people.is_empty()).then(|| {
                let people: Vec<AnyView> = people.iter().map(|one| person(ui, one, block)).collect();
                view! {
                    <section>
                        <h2>{ui.t(w::MEMBERS)}</h2>
                        <ul class="persons">{people}</ul>
                    </section>
                }
            })
        })
    };
    view! {
        {frame::head(ui, ui.t(office::PEOPLE), invite.show())}
        <div class="list wide">
            {devices::waiting(ui, answer, block)}
            {may.then(|| invitations::invitations(ui))}
            {members}
            {teams::teams(ui, teams, inviting)}
            {desk::help(ui.t(w::HOW), &[ui.t(w::HOW_1), ui.t(w::HOW_2), ui.t(w::HOW_3)])}
        </div>
        {invite::dialogue(ui, inviting, teams)}
        {blocking(ui, block)}
    }
    .show()
}

fn person(ui: Ui, person: &PersonView, block: Blocking) -> AnyView {
    let roles: Vec<AnyView> = person
        .roles
        .iter()
        .map(|role| view! { <span class="tag">{terms::role(*role, ui.language)}</span> }.show())
        .collect();
    let roles = if roles.is_empty() { ui.t(w::NO_ROLES).show() } else { roles.show() };
    let teams: Vec<&str> = person.teams.iter().map(|(_, name)| name.as_str()).collect();
    let devices: Vec<AnyView> =
        person.devices.iter().map(|device| device_line(ui, person, device, block)).collect();
    view! {
        <li class="person">
            <b>{name_of(ui, person)}</b>
            <span class="tags">{roles}</span>
            <small>{joined(ui.language, &teams)}</small>
            <ul class="devices">{devices}</ul>
        </li>
    }
    .show()
}

/// A person's name, or that it is not here yet.
fn name_of(ui: Ui, person: &PersonView) -> String {
    if person.name.is_empty() { ui.t(w::NAME_UNKNOWN).to_owned() } else { person.name.clone() }
}

fn device_line(ui: Ui, person: &PersonView, device: &DeviceView, block: Blocking) -> AnyView {
    let (class, word) = match &device.standing {
        DeviceStanding::Admitted => ("mark read", w::ADMITTED),
        DeviceStanding::Waiting { .. } => ("mark", w::WAITS),
        DeviceStanding::Blocked { .. } => ("tag grave", w::BLOCKED),
    };
    let since = match (&device.standing, device.joined) {
        (DeviceStanding::Blocked { at }, _) => w::blocked(ui.language, &when::moment(ui.language, *at)),
        (_, Some(at)) => w::joined(ui.language, &when::moment(ui.language, at)),
        (_, None) => ui.t(w::FOUNDED).to_owned(),
    };
    let number = w::device(ui.language, device.number);
    let name = match device.whose {
        Whose::This => format!("{number} · {}", ui.t(w::THIS_DEVICE)),
        Whose::Another => number,
    };
    let can = ui.has(Role::Coordinator)
        && device.whose == Whose::Another
        && !matches!(device.standing, DeviceStanding::Blocked { .. });
    let chosen = devices::Chosen::of(ui, person, device);
    let label = format!("{} · {}", ui.t(w::LOST), chosen.name);
    let lost = can.then(|| {
        view! {
            <button type="button" class="quiet" aria-label=label on:click=move |_| block.begin(&chosen)>
                {ui.t(w::LOST)}
            </button>
        }
    });
    view! { <li><span>{name}</span><span class=class>{ui.t(word)}</span><small>{since}</small>{lost}</li> }
        .show()
}
