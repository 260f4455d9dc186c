//! What surrounds the pages of the open app: navigation, notices, the way to hide.

use crate::app::i18n::{common as w, desk, office, phone, record, review};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::{fetch, my_assignments};
use crate::app::route::Route;
use crate::app::{Ui, hide, shown, when};
use crate::dom::{self, document};
use crate::reactive::*;
use mingcha_core::domain::Role;
use mingcha_core::problem::Problem;
use mingcha_core::view::{Link, Myself};

/// The open app.
pub fn open(ui: Ui) -> AnyView {
    ui.nav.open(ui.client);
    let me = ui.me();
    let route = memo(move || ui.nav.route());
    let items = memo(move || me.with(|me| me.as_ref().map(items).unwrap_or_default()));
    let nav = move || {
        let items: Vec<AnyView> = items.get().into_iter().map(|item| nav_item(ui, route, item)).collect();
        view! { <div class="tabs">{items}</div> }.show()
    };
    // On a phone the tabs may be more than fit: the current one is brought into sight.
    effect(move || {
        route.track();
        dom::after(0, || {
            if let Ok(Some(current)) = document().query_selector(".tabs [aria-current]") {
                current.scroll_into_view_with_bool(false);
            }
        });
    });
    let recording = memo(move || matches!(route.get(), Route::Record(_) | Route::Finding(..)));
    let kind = move || if recording.get() { "frame recording" } else { "frame" };
    view! {
        <div class=kind>
            <nav class="side" aria-label=ui.t(w::NAVIGATION)>
                <strong>{ui.t(w::PRODUCT)}</strong>
                {nav}
                <footer>{link(ui)}</footer>
            </nav>
            <div class="work">
                {notices_for(ui, recording)}
                {waiting(ui)}
                <main>{move || page(ui, route.get())}</main>
            </div>
            <aside aria-label=ui.t(w::HIDE_LONG)>
                <button type="button" class="hide" aria-label=ui.t(w::HIDE_LONG) on:click=move |_| hide::hide(ui)>
                    {ui.t(w::HIDE)}
                </button>
            </aside>
        </div>
    }
    .show()
}

/// The page at a place. What this module has not is the desk's, which then takes this module's place.
fn page(ui: Ui, route: Route) -> AnyView {
    (ui.pages.page)(ui, route).unwrap_or_else(|| fetch::fetch(ui))
}

/// The head of a page: its title, then what belongs beside it, then what is not sent yet.
pub fn head(ui: Ui, title: &'static str, beside: AnyView) -> AnyView {
    view! { <header class="head"><h1>{title}</h1>{beside}{pending(ui)}</header> }.show()
}

/// The head of a page below another: a way back, a title that may change, and what belongs beside it.
pub fn head_below(
    ui: Ui,
    above: Route,
    title: impl Fn() -> String + Send + 'static,
    beside: AnyView,
) -> AnyView {
    view! {
        <header class="head">
            <button type="button" class="back" aria-label=ui.t(w::BACK) on:click=move |_| ui.nav.back(above)>
                "‹"
            </button>
            <h1>{title}</h1>
            {beside}
        </header>
    }
    .show()
}

/// How many records are on this device only; leads to what they are.
pub fn pending(ui: Ui) -> AnyView {
    let count =
        memo(move || ui.access.with(|answer| shown::access(answer).map_or(0, |access| access.unsent)));
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(Route::Unsent);
    };
    let shown = move || {
        (count.get() > 0).then(|| {
            view! {
                <a class="pending" href=Route::Unsent.to_string() on:click=open>
                    {w::unsent(ui.language, count.get())}
                </a>
            }
        })
    };
    shown.show()
}

/// What is wrong and still so, in a quiet line each: what is so, and what the person can do.
pub fn notices(ui: Ui) -> AnyView {
    notices_for(ui, memo(|| false))
}

/// The same, without standing advice while somebody records or has read it.
fn notices_for(ui: Ui, recording: Memo<bool>) -> AnyView {
    let problems = memo(move || {
        let advice = !recording.get() && !ui.prefs.advised.get();
        ui.access.with(|answer| {
            let problems = shown::access(answer).map(|access| access.problems.as_slice()).unwrap_or_default();
            problems.iter().filter(|problem| advice || !is_advice(problem)).cloned().collect::<Vec<_>>()
        })
    });
    let lines = move || {
        let problems = problems.get();
        (!problems.is_empty()).then(|| {
            let lines: Vec<AnyView> = problems.iter().map(|problem| notice(ui, problem)).collect();
            view! { <ul>{lines}</ul> }
        })
    };
    view! { <aside class="notices" aria-label=ui.t(w::NOTICES)><div role="status">{lines}</div></aside> }
        .show()
}

fn notice(ui: Ui, problem: &Problem) -> AnyView {
    let understood = is_advice(problem).then(|| {
        view! {
            <button type="button" class="quiet" on:click=move |_| ui.prefs.understand()>
                {ui.t(w::UNDERSTOOD)}
            </button>
        }
    });
    view! { <li>{ui.problem(problem)}" "{understood}</li> }.show()
}

/// The code of a device that waits to be let in, to be compared with what the coordinator sees.
fn waiting(ui: Ui) -> AnyView {
    let code = memo(move || ui.me().with(|me| me.as_ref().and_then(|me| me.waiting.clone())));
    let shown = move || {
        code.get().map(|code| {
            view! {
                <aside class="notices" aria-label=ui.t(w::WAITING)>
                    <p class="waits"><b class="big-code">{code}</b>" "{ui.t(w::WAITING_HELP)}</p>
                </aside>
            }
        })
    };
    shown.show()
}

/// What is good to know and no trouble now.
fn is_advice(problem: &Problem) -> bool {
    matches!(problem, Problem::NotPersistent)
}

/// How this device and the relay stand.
pub fn link(ui: Ui) -> AnyView {
    let link = memo(move || ui.access.with(|answer| shown::access(answer).map(|view| view.link.clone())));
    let words = move || match link.get() {
        Some(Link::Live) => ui.t(w::LIVE).to_owned(),
        Some(Link::CatchingUp { left }) => w::catching_up(ui.language, left),
        Some(Link::Offline { last_contact: Some(at) }) => {
            w::offline_since(ui.language, &when::ago(ui.language, at))
        }
        Some(Link::Offline { last_contact: None }) | None => ui.t(w::OFFLINE).to_owned(),
    };
    view! { <span class="link">{words}</span> }.show()
}

/// A list that is shown to the office, not to an inspector.
pub fn is_office(me: &Myself) -> bool {
    me.roles.contains(&Role::Supervisor) || me.roles.contains(&Role::Coordinator)
}

fn items(me: &Myself) -> Vec<(Route, crate::app::i18n::Text)> {
    let mut items = Vec::new();
    if is_office(me) {
        items.extend([
            (Route::Home, office::DESK),
            (Route::Visits, desk::VISITS),
            (Route::Findings, desk::FINDINGS),
            (Route::Review(None), review::REVIEW),
            (Route::Matters, desk::MATTERS),
            (Route::Assignments, office::ASSIGNMENTS),
            (Route::Figures, review::FIGURES),
            (Route::Units, office::UNITS),
            (Route::Checklists, office::CHECKLISTS),
            (Route::People, office::PEOPLE),
        ]);
    }
    if !is_office(me) || me.roles.contains(&Role::Inspector) {
        items.push((Route::Records, record::RECORDS));
        items.push((Route::MyAssignments, phone::ASSIGNMENTS));
    }
    items.push((Route::Me, record::ME));
    items
}

fn nav_item(ui: Ui, route: Memo<Route>, (to, name): (Route, crate::app::i18n::Text)) -> AnyView {
    let is_office = ui.me().with_untracked(|me| me.as_ref().is_some_and(is_office));
    let current = move || {
        let at = route.get();
        let here = at.belongs_to(to) || (at == Route::Home && to == Route::Records && !is_office);
        here.then_some("page")
    };
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(to);
    };
    let waiting = (to == Route::MyAssignments).then(|| {
        let count = my_assignments::waiting(ui);
        move || (count.get() > 0).then(|| view! { " "<span class="badge">{count.get()}</span> })
    });
    view! { <a href=to.to_string() aria-current=current on:click=open><span>{ui.t(name)}{waiting}</span></a> }
        .show()
}
