//! How far visits agree that used the same checklist: question by question, in all, and beyond chance.

use crate::app::i18n::figures as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::proposals::follow;
use crate::app::route::Route;
use crate::app::{Ui, report, shown, when};
use crate::reactive::*;
use mingcha_core::view::{AgreementView, Compared, Query, QuestionAgreement};

/// The figures, as soon as they are known.
pub fn agreement(ui: Ui, compared: Compared) -> AnyView {
    let answer = ui.client.watch(Query::Agreement(compared));
    let all = memo(move || answer.with(|answer| shown::agreement(answer).cloned()));
    let body = move || {
        let all = all.get()?;
        if all.is_empty() {
            return Some(view! { <p class="hint">{ui.t(w::NO_AGREEMENT)}</p> }.show());
        }
        Some(all.iter().map(|one| of_checklist(ui, one)).collect::<Vec<_>>().show())
    };
    view! { <section class="agreement"><h2>{ui.t(w::AGREEMENT)}</h2>{body}</section> }.show()
}

fn of_checklist(ui: Ui, view: &AgreementView) -> AnyView {
    let said = view.agreement.map(|share| w::agreement(ui.language, share, view.visits.len()));
    let beyond = match view.kappa {
        Some(kappa) => w::kappa(ui.language, kappa.measure, kappa.value, kappa.questions),
        None => ui.t(w::NO_KAPPA).to_owned(),
    };
    let heads: Vec<AnyView> = view
        .visits
        .iter()
        .map(|visit| {
            let route = Route::Visit(visit.visit);
            view! {
                <th scope="col">
                    <a href=route.to_string() on:click=follow(ui, route)>{when::short(visit.started)}</a>
                    <small>{visit.team_name.clone()}</small>
                </th>
            }
            .show()
        })
        .collect();
    let mut questions: Vec<&QuestionAgreement> = view.questions.iter().collect();
    // Where there is nothing to compare comes last.
    questions.sort_by_key(|question| question.agreement.unwrap_or(u32::MAX));
    let rows: Vec<AnyView> = questions.into_iter().map(|question| row(ui, question)).collect();
    view! {
        <h3>{view.title.clone()}</h3>
        <p>{said}" "{beyond}</p>
        <p class="hint">{ui.t(w::SPLIT)}</p>
        <div class="wide-table" tabindex="0" role="region" aria-label=view.title.clone()>
            <table class="numbers">
                <thead>
                    <tr><th scope="col">{ui.t(w::QUESTION)}</th>{heads}<th scope="col">{ui.t(w::AGREE)}</th></tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .show()
}

fn row(ui: Ui, question: &QuestionAgreement) -> AnyView {
    let differs = question.agreement.is_some_and(|share| share < 1_000);
    let cells: Vec<AnyView> = question
        .answers
        .iter()
        .map(|answer| {
            let said = report::answer_name(ui, answer);
            match (answer.is_empty(), differs) {
                (true, _) => view! { <td>"—"</td> }.show(),
                (false, true) => view! { <td><mark class="differs">{said}</mark></td> }.show(),
                (false, false) => view! { <td>{said}</td> }.show(),
            }
        })
        .collect();
    let share = question.agreement.map_or_else(|| "—".to_owned(), w::percent);
    view! { <tr><th scope="row">{question.text.clone()}</th>{cells}<td>{share}</td></tr> }.show()
}
