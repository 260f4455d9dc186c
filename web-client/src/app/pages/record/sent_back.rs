//! What was sent back: why, and going on with it.

use super::Open;
use crate::app::i18n::phone as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::domain::VisitState;
use mingcha_core::problem::Problem;

/// The code of the fact that a visit was sent back.
const SENT_BACK: &str = "visit-sent-back";

/// Why it was sent back, as long as it was not submitted again.
pub fn sent_back(open: Open) -> AnyView {
    let ui = open.ui;
    let problem = RwSignal::new(None::<Problem>);
    let why = open.of(|visit| match visit.state {
        VisitState::SentBack => Some((true, visit.sent_back.clone())),
        VisitState::Draft => {
            let fact = visit.timeline.iter().rev().find(|fact| fact.what == SENT_BACK)?;
            Some((false, fact.detail.clone()))
        }
        _ => None,
    });
    let reopen = move |_| {
        ui.ask(Command::ReopenVisit { visit: open.id }, move |result| {
            problem.try_set(result.err());
        });
    };
    let shown = move || {
        why.get().map(|(is_waiting, reason)| {
            let title = ui.t(if is_waiting { w::SENT_BACK } else { w::WAS_SENT_BACK });
            let action = is_waiting.then(|| {
                view! {
                    <button type="button" class="primary" on:click=reopen>{ui.t(w::GO_ON_WORKING)}</button>
                }
            });
            view! {
                <section class="returned" aria-label=title>
                    <h2>{title}</h2>
                    <p class="seen">{reason}</p>
                    {action}
                    <p class="wrong" role="alert">
                        {move || problem.get().map(|problem| ui.problem(&problem))}
                    </p>
                </section>
            }
        })
    };
    shown.show()
}
