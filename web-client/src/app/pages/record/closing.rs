//! Submitting a visit, and voiding a mistaken one.

use super::{Open, basics, questions};
use crate::app::components::dialog::{Question, confirm_with_reason, dialog};
use crate::app::i18n::{common, phone, record as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::dom;
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::domain::VisitState;
use mingcha_core::problem::Problem;
use mingcha_core::view::{Since, VisitView};

/// The id of the button that chooses the unit.
pub const UNIT: &str = "unit";

/// The button that submits, until it is done; again when something was changed since.
pub fn submit(open: Open) -> AnyView {
    let ui = open.ui;
    let asking = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let label = open.of(|visit| match (visit.state, visit.since_submitted) {
        (VisitState::Submitted, Since::Changed) => Some((phone::SUBMIT_AGAIN, true)),
        (VisitState::Submitted, Since::Unchanged) => Some((w::SUBMITTED, false)),
        (VisitState::Voided, _) => Some((w::SUBMIT, false)),
        (VisitState::SentBack, _) => Some((phone::SUBMIT_AGAIN, true)),
        (VisitState::Draft | VisitState::Disputed, _) => Some((w::SUBMIT, true)),
    });
    let act = callback(move |incomplete: bool| {
        asking.set(false);
        ui.ask(Command::SubmitVisit { visit: open.id, incomplete }, move |result| {
            problem.try_set(result.err());
        });
    });
    let ask = dialog(ui, asking, ui.t(w::SUBMIT_ASK), "ask", move || question(open, asking, act));
    view! {
        <button
            type="button"
            disabled=move || !label.get().is_some_and(|(_, may)| may)
            on:click=move |_| asking.set(true)
        >
            {move || label.get().map(|(label, _)| ui.t(label))}
        </button>
        <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
        {ask}
    }
    .show()
}

/// Something that is missing: the words for it, and the id of where it is filled in.
type Missing = (String, String);

fn missing(open: Open, visit: &VisitView) -> Vec<Missing> {
    let no_unit = visit.unit.value.is_empty();
    let mut missing: Vec<Missing> =
        no_unit.then(|| (open.ui.t(phone::NO_UNIT).to_owned(), UNIT.to_owned())).into_iter().collect();
    let all = visit.questions.iter().flat_map(|checklist| &checklist.questions);
    let unanswered = all.filter(|question| visit.unanswered.contains(&question.id));
    missing.extend(unanswered.map(|question| (question.text.clone(), questions::anchor(question.id))));
    missing
}

/// Says what is missing, if anything is, and lets the person hand it in all the same.
fn question(open: Open, asking: RwSignal<bool>, act: Callback<bool>) -> AnyView {
    let ui = open.ui;
    let missing = open.of(move |visit| missing(open, visit)).get_untracked();
    let is_whole = missing.is_empty();
    let first = missing.first().map(|(_, place)| place.clone()).unwrap_or_default();
    let fill = move |_| {
        asking.set(false);
        dom::scroll_to(&first);
    };
    let items: Vec<AnyView> = missing
        .into_iter()
        .map(|(words, place)| {
            let go = move |_| {
                asking.set(false);
                dom::scroll_to(&place);
            };
            view! {
                <li><button type="button" class="hint-line" on:click=go><span>{words}</span><span>"›"</span></button></li>
            }
            .show()
        })
        .collect();
    if is_whole {
        return view! {
            <p>{ui.t(w::SUBMIT_HELP)}</p>
            <div class="row end">
                <button type="button" on:click=move |_| asking.set(false)>{ui.t(common::CANCEL)}</button>
                <button type="button" class="primary" on:click=move |_| act.run(false)>{ui.t(w::SUBMIT)}</button>
            </div>
        }
        .show();
    }
    view! {
        <p><b>{ui.t(phone::SUBMIT_INCOMPLETE)}</b></p>
        <ul class="missing">{items}</ul>
        <p class="hint">{ui.t(phone::SUBMIT_INCOMPLETE_HELP)}</p>
        <div class="row end">
            <button type="button" on:click=move |_| act.run(true)>{ui.t(phone::SUBMIT_ANYWAY)}</button>
            <button type="button" class="primary" on:click=fill>{ui.t(phone::FILL_IN)}</button>
        </div>
    }
    .show()
}

/// What is seldom done, at the end of the page.
pub fn more(open: Open, assigned: Memo<bool>) -> AnyView {
    let ui = open.ui;
    let asking = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let state = open.of(|visit| visit.state);
    let question = Question { title: ui.t(w::VOID_ASK), help: ui.t(w::VOID_HELP), action: ui.t(w::VOID) };
    let act = callback(move |reason: String| {
        ui.ask(Command::VoidVisit { visit: open.id, reason }, move |result| match result {
            Ok(()) => ui.nav.back(Route::Records),
            Err(why) => {
                problem.try_set(Some(why));
            }
        });
    });
    let shown = move || {
        (state.get() != VisitState::Voided).then(|| {
            view! {
                <details class="more">
                    <summary>{ui.t(common::MORE)}</summary>
                    {move || assigned.get().then(|| basics::manner(open))}
                    <button type="button" on:click=move |_| asking.set(true)>{ui.t(w::VOID)}</button>
                    <p class="wrong" role="alert">
                        {move || problem.get().map(|problem| ui.problem(&problem))}
                    </p>
                </details>
            }
        })
    };
    view! { {shown}{confirm_with_reason(ui, asking, question, ui.t(w::REASON), act)} }.show()
}
