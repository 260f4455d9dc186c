//! Submitting a visit, and voiding a mistaken one.

use super::Open;
use crate::app::components::dialog::{Question, confirm, confirm_with_reason};
use crate::app::i18n::{common, record as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::domain::VisitState;
use mingcha_core::problem::Problem;

/// The button that submits, until it is done.
pub fn submit(open: Open) -> AnyView {
    let ui = open.ui;
    let asking = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let state = open.of(|visit| visit.state);
    let question =
        Question { title: ui.t(w::SUBMIT_ASK), help: ui.t(w::SUBMIT_HELP), action: ui.t(w::SUBMIT) };
    let act = callback(move |()| {
        ui.ask(Command::SubmitVisit { visit: open.id, incomplete: false }, move |result| {
            problem.try_set(result.err());
        });
    });
    let label = move || ui.t(if state.get() == VisitState::Submitted { w::SUBMITTED } else { w::SUBMIT });
    view! {
        <button
            type="button"
            disabled=move || !matches!(state.get(), VisitState::Draft | VisitState::SentBack)
            on:click=move |_| asking.set(true)
        >
            {label}
        </button>
        <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
        {confirm(ui, asking, question, act)}
    }
    .show()
}

/// What is seldom done, at the end of the page.
pub fn more(open: Open) -> AnyView {
    let ui = open.ui;
    let asking = RwSignal::new(false);
    let state = open.of(|visit| visit.state);
    let question = Question { title: ui.t(w::VOID_ASK), help: ui.t(w::VOID_HELP), action: ui.t(w::VOID) };
    let act = callback(move |reason: String| {
        ui.send(Command::VoidVisit { visit: open.id, reason });
        ui.go(Route::Records);
    });
    let shown = move || {
        (state.get() != VisitState::Voided).then(|| {
            view! {
                <details class="more">
                    <summary>{ui.t(common::MORE)}</summary>
                    <button type="button" on:click=move |_| asking.set(true)>{ui.t(w::VOID)}</button>
                </details>
            }
        })
    };
    view! { {shown}{confirm_with_reason(ui, asking, question, ui.t(w::REASON), act)} }.show()
}
