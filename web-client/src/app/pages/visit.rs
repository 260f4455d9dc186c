//! One visit, to be read at the desk.

use crate::app::components::dialog::{Question, confirm_with_reason};
use crate::app::components::marks;
use crate::app::i18n::{common, desk as w, record, review as r};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::proposals::follow;
use crate::app::pages::review::review_tag;
use crate::app::pages::{matter, unit};
use crate::app::route::Route;
use crate::app::{Ui, frame, report, shown, terms};
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::domain::VisitState;
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::problem::Problem;
use mingcha_core::view::{Query, Since, VisitView};

/// The page.
pub fn visit(ui: Ui, id: DocumentId) -> AnyView {
    let answer = ui.client.watch(Query::Visit(id));
    report::tell_seen(ui, move || answer.with(|answer| shown::visit(answer).cloned()).into_iter().collect());
    let title = move || {
        answer.with(|answer| match shown::visit(answer) {
            Some(visit) => marks::unit_name(ui, visit.unit_summary.as_ref()),
            None => ui.t(w::VISIT).to_owned(),
        })
    };
    let has_unit =
        move || answer.with(|answer| shown::visit(answer).is_some_and(|visit| !visit.unit.value.is_empty()));
    let compare = Route::Compare(id, None);
    let has_unit = memo(has_unit);
    let beside = move || {
        has_unit.get().then(|| {
            let summary = answer.with_untracked(|answer| shown::visit(answer)?.unit_summary.clone());
            let unit = summary.map(|summary| unit::button(ui, summary));
            view! {
                <a class="button" href=compare.to_string() on:click=follow(ui, compare)>
                    {ui.t(w::SIDE_BY_SIDE)}
                </a>
                {unit}
            }
        })
    };
    let is_submitted = memo(move || {
        answer.with(|answer| {
            let state = shown::visit(answer).map(|visit| visit.state);
            matches!(state, Some(VisitState::Submitted | VisitState::Disputed))
        })
    });
    let back = move || is_submitted.get().then(|| send_back(ui, id));
    let beside = view! { {beside}{back}{matter::print(ui)} };
    let missing = memo(move || answer.with(shown::is_missing));
    let body = move || {
        if missing.get() {
            return Some(view! { <p class="nothing slow">{ui.t(common::NOT_HERE)}</p> }.show());
        }
        answer.with(|answer| shown::visit(answer).map(|visit| body(ui, visit)))
    };
    view! {
        {frame::head_below(ui, Route::Visits, title, beside.show())}
        <div class="list wide report" tabindex="0">{body}</div>
    }
    .show()
}

/// The whole report.
pub fn body(ui: Ui, visit: &VisitView) -> AnyView {
    let count = visit.findings.iter().filter(|one| one.struck.is_none()).count() as u32;
    body_with(ui, visit, common::findings(ui.language, count), None)
}

/// The report beside one of its findings: the others, under `heading`.
pub fn body_with(ui: Ui, visit: &VisitView, heading: String, without: Option<ItemId>) -> AnyView {
    let findings: Vec<AnyView> = visit
        .findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| Some(finding.finding) != without)
        .map(|(at, finding)| {
            view! {
                <article class="finding" class:struck=finding.struck.is_some()>
                    <h3>{record::finding_number(ui.language, at + 1)}</h3>
                    <span class="tags">{review_tag(ui, &finding.review)}</span>
                    {report::finding_facts(ui, finding, |_| false)}
                </article>
            }
            .show()
        })
        .collect();
    let heading = (!findings.is_empty() || without.is_none()).then(|| view! { <h2>{heading}</h2> });
    let notes = (!visit.notes.is_empty()).then(|| {
        view! { <h3>{ui.t(record::NOTES)}</h3><p class="seen">{visit.notes.clone()}</p> }
    });
    let changed = (visit.since_submitted == Since::Changed)
        .then(|| view! { <span class="tag serious">{terms::since_submitted(visit.since_submitted, ui.language)}</span> });
    let sent_back = (!visit.sent_back.is_empty())
        .then(|| view! { <p class="banner">{ui.t(r::SENT_BACK_BECAUSE)}" "{visit.sent_back.clone()}</p> });
    view! {
        <div class="about">
            <p>{report::about(ui, visit)}</p>
            <p class="hint">{marks::unit_path(visit.unit_summary.as_ref())}</p>
            {report::standing(ui, visit)}
            {changed}
            {sent_back}
        </div>
        <div class="columns">
            <section>
                {heading}
                {findings}
                {notes}
            </section>
            <section>
                {report::answers(ui, visit, |_| false)}
                {report::timeline(ui, &visit.timeline)}
            </section>
        </div>
    }
    .show()
}

/// Sends the visit back to its team, with a reason.
fn send_back(ui: Ui, visit: DocumentId) -> AnyView {
    let open = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let question = Question {
        title: ui.t(r::SEND_BACK_TITLE),
        help: ui.t(r::SEND_BACK_HELP),
        action: ui.t(r::SEND_BACK),
    };
    let act = callback(move |reason: String| {
        ui.ask(Command::SendVisitBack { visit, reason: reason.trim().to_owned() }, move |result| {
            problem.try_set(result.err());
        });
    });
    view! {
        <span class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</span>
        <button type="button" on:click=move |_| open.set(true)>{ui.t(r::SEND_BACK)}</button>
        {confirm_with_reason(ui, open, question, ui.t(r::REASON), act)}
    }
    .show()
}
