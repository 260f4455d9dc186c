//! The finding that is reviewed, what was decided about it, what is likely the same; and the report it is part of.

use super::Queue;
use crate::app::components::marks;
use crate::app::i18n::{common, record, review as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::findings::review_class;
use crate::app::pages::{proposals, unit, visit};
use crate::app::route::Route;
use crate::app::{Ui, report, terms, when};
use crate::reactive::*;
use mingcha_core::domain::ReviewState;
use mingcha_core::view::{DecisionView, FindingView, ReviewView, Since, VisitView};

/// The finding.
pub fn finding(queue: Queue) -> AnyView {
    let Queue { ui, at, visit, .. } = queue;
    let body = move || {
        let (_, finding) = at.get()?;
        let shown = visit.with(|visit| {
            let visit = visit.as_ref()?;
            let number = visit.findings.iter().position(|one| one.finding == finding)?;
            Some(facts(ui, visit, number))
        });
        Some(shown.unwrap_or_else(|| view! { <p class="nothing slow">{ui.t(common::NOT_HERE)}</p> }.show()))
    };
    let at = memo(move || at.get());
    let similar = move || at.get().map(|(visit, finding)| proposals::proposals(ui, visit, finding, None));
    view! { {body}{similar} }.show()
}

fn facts(ui: Ui, visit: &VisitView, number: usize) -> AnyView {
    let finding = &visit.findings[number];
    let name = marks::unit_name(ui, visit.unit_summary.as_ref());
    let heading = match &visit.unit_summary {
        Some(summary) => unit::link(ui, summary.clone(), name),
        None => name.show(),
    };
    let matters: Vec<AnyView> = finding.matters.iter().map(|matter| to_matter(ui, *matter)).collect();
    view! {
        <h2>{heading}</h2>
        <p class="hint">{report::about(ui, visit)}</p>
        <article class="finding reviewed">
            <h3>{record::finding_number(ui.language, number + 1)}</h3>
            <span class="tags">{review_tag(ui, &finding.review)}{matters}</span>
            {report::finding_facts(ui, finding, |_| false)}
            {question(ui, visit, finding)}
        </article>
        {decisions(ui, &finding.review)}
    }
    .show()
}

fn to_matter(ui: Ui, matter: mingcha_core::ids::DocumentId) -> AnyView {
    let route = Route::Matter(matter);
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(route);
    };
    view! {
        <a class="tag done" href=route.to_string() on:click=open>{ui.t(crate::app::i18n::desk::IN_MATTER)}</a>
    }
    .show()
}

/// The question that led to the finding, with its answer.
fn question(ui: Ui, visit: &VisitView, finding: &FindingView) -> AnyView {
    let asked = visit.questions.as_ref().and_then(|checklist| {
        checklist.questions.iter().find(|question| Some(question.id) == finding.question)
    });
    let Some(asked) = asked else { return AnyView::default() };
    let answer = visit.answers.iter().find(|(id, _)| *id == asked.id);
    let said = answer
        .map(|(_, field)| report::values(ui, field, |code| report::answer_name(ui, code)))
        .unwrap_or_default();
    view! { <p class="hint">{asked.text.clone()}" — "<b>{said}</b></p> }.show()
}

/// Where a finding stands in review, as words with a colour.
pub fn review_tag(ui: Ui, review: &ReviewView) -> AnyView {
    let changed = (review.since == Since::Changed)
        .then(|| view! { <span class="tag serious">{terms::since_review(review.since, ui.language)}</span> });
    view! {
        <span class=review_class(review.state)>{terms::review_state(review.state, ui.language)}</span>
        {changed}
    }
    .show()
}

/// Who decided what, and why.
fn decisions(ui: Ui, review: &ReviewView) -> AnyView {
    if review.decisions.is_empty() {
        return view! { <p class="hint">{ui.t(w::NO_DECISION)}</p> }.show();
    }
    let two = (review.decisions.len() > 1)
        .then(|| view! { <p class="banner" role="status">{ui.t(w::TWO_DECISIONS)}</p> });
    let rows: Vec<AnyView> = review.decisions.iter().map(|one| decision(ui, one)).collect();
    view! { <h3>{ui.t(w::DECISIONS)}</h3>{two}<ul class="timeline">{rows}</ul> }.show()
}

fn decision(ui: Ui, decision: &DecisionView) -> AnyView {
    let name = if decision.name.is_empty() { ui.t(common::UNKNOWN_PERSON) } else { &decision.name };
    let what = match decision.state {
        ReviewState::Waiting => ui.t(w::WITHDRAWN),
        state => terms::review_state(state, ui.language),
    };
    let said = w::decided(ui.language, name, what, &when::moment(ui.language, decision.at));
    let reason =
        (!decision.reason.is_empty()).then(|| view! { <p class="seen">{decision.reason.clone()}</p> });
    view! { <li>{said}{reason}</li> }.show()
}

/// The whole report.
pub fn beside(queue: Queue) -> AnyView {
    let Queue { ui, visit, at, .. } = queue;
    let body = move || {
        let without = at.get().map(|(_, finding)| finding);
        visit.with(|visit| {
            let visit = visit.as_ref()?;
            let route = Route::Visit(visit.visit);
            let open = move |event: web_sys::MouseEvent| {
                event.prevent_default();
                ui.go(route);
            };
            Some(view! {
                <h2><a href=route.to_string() on:click=open>{ui.t(w::THE_REPORT)}</a></h2>
                {visit::body_with(ui, visit, ui.t(w::OTHERS).to_owned(), without)}
            })
        })
    };
    body.show()
}
