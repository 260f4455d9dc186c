//! What is likely the same problem as a finding, and why.

use crate::app::components::marks;
use crate::app::i18n::{desk, review as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::findings::{category, review_class};
use crate::app::route::Route;
use crate::app::{Ui, shown, terms, when};
use crate::reactive::*;
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::view::{FindingRow, MatterRow, Proposal, Proposed, Query};

/// From which score on something is very likely, and likely.
const VERY_LIKELY: u8 = 80;
const LIKELY: u8 = 65;

/// What can be done with a proposal.
#[derive(Clone, Copy)]
pub struct Joining {
    /// The findings selected.
    pub picked: Memo<Vec<(DocumentId, ItemId)>>,
    /// Those of them whose own reports are in view: they are not proposed besides.
    pub in_view: Memo<Vec<(DocumentId, ItemId)>>,
    /// Selects a finding, or no longer.
    pub toggle: Callback<FindingRow>,
    /// The matter to add to.
    pub into: RwSignal<Option<DocumentId>>,
}

/// The proposals for a finding; without `joining` they are shown only.
pub fn proposals(ui: Ui, visit: DocumentId, finding: ItemId, joining: Option<Joining>) -> AnyView {
    let answer = ui.client.watch(Query::Proposals { visit, finding });
    let all = memo(move || answer.with(|answer| shown::proposals(answer).cloned()));
    let list = move || {
        let all = all.get()?;
        if all.is_empty() {
            return Some(view! { <p class="hint">{ui.t(w::NO_PROPOSALS)}</p> }.show());
        }
        let in_view = joining.map(|joining| joining.in_view.get()).unwrap_or_default();
        let is_new = |one: &&Proposal| match &one.what {
            Proposed::Finding(row) => !in_view.contains(&(row.visit, row.finding)),
            Proposed::Matter(_) => true,
        };
        let rows: Vec<AnyView> = all.iter().filter(is_new).map(|one| proposal(ui, one, joining)).collect();
        (!rows.is_empty()).then(|| view! { <ul class="proposals">{rows}</ul> }.show())
    };
    let section = move || {
        list().map(|list| view! { <section class="alike"><h3>{ui.t(w::PROPOSALS)}</h3>{list}</section> })
    };
    section.show()
}

fn proposal(ui: Ui, proposal: &Proposal, joining: Option<Joining>) -> AnyView {
    let reasons: Vec<String> =
        proposal.reasons.iter().map(|reason| terms::likeness(*reason, ui.language)).collect();
    let word = match proposal.score {
        VERY_LIKELY.. => w::VERY_LIKELY,
        LIKELY.. => w::LIKELY,
        _ => w::POSSIBLE,
    };
    let why = format!("{} · {}", ui.t(word), reasons.join(" · "));
    let body = match &proposal.what {
        Proposed::Finding(row) => of_finding(ui, row, joining),
        Proposed::Matter(row) => of_matter(ui, row, joining),
    };
    view! { <li><small class="why">{why}</small>{body}</li> }.show()
}

fn of_finding(ui: Ui, row: &FindingRow, joining: Option<Joining>) -> AnyView {
    let route = Route::Review(Some((row.visit, row.finding)));
    let about = [
        when::short(row.started),
        marks::unit_name(ui, row.unit.as_ref()),
        row.team_name.clone(),
        category(ui, &row.category),
        row.place.clone(),
    ];
    let about = about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let severity = row.severity.map(|severity| marks::severity(ui, severity));
    let join = joining.map(|joining| {
        let (key, row) = ((row.visit, row.finding), row.clone());
        let label = format!("{} {}", ui.t(desk::JOIN), row.excerpt);
        let is_picked = move || joining.picked.with(|picked| picked.contains(&key));
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    aria-label=label
                    prop:checked=is_picked
                    on:change=move |_| joining.toggle.run(row.clone())
                />
                <span>{ui.t(desk::JOIN)}</span>
            </label>
        }
    });
    view! {
        <a href=route.to_string() on:click=follow(ui, route)>{row.excerpt.clone()}</a>
        <small>{about}</small>
        <span class="tags">
            {severity}
            <span class=review_class(row.review)>{terms::review_state(row.review, ui.language)}</span>
        </span>
        {join}
    }
    .show()
}

fn of_matter(ui: Ui, row: &MatterRow, joining: Option<Joining>) -> AnyView {
    let route = Route::Matter(row.matter);
    let about = format!(
        "{} · {} · {} · {}",
        ui.t(w::PROPOSED_MATTER),
        when::short(row.opened),
        marks::unit_name(ui, row.unit.as_ref()),
        desk::citations(ui.language, row.citations)
    );
    let join = joining.map(|Joining { into, .. }| {
        let matter = row.matter;
        let is_chosen = move || into.get() == Some(matter);
        let choose = move |_| into.set((!untrack(is_chosen)).then_some(matter));
        view! {
            <button
                type="button"
                class="chip"
                class:on=is_chosen
                aria-pressed=move || if is_chosen() { "true" } else { "false" }
                on:click=choose
            >
                {ui.t(w::JOIN_MATTER)}
            </button>
        }
    });
    view! {
        <a href=route.to_string() on:click=follow(ui, route)>{row.title.clone()}</a>
        <small>{about}</small>
        <span class="tags">{marks::severity(ui, row.severity)}</span>
        {join}
    }
    .show()
}

/// Follows a link within the app.
pub fn follow(ui: Ui, route: Route) -> impl FnMut(web_sys::MouseEvent) + 'static {
    move |event| {
        event.prevent_default();
        ui.go(route);
    }
}
