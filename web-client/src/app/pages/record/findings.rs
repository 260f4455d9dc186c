//! The visit's findings, as a list that leads to each.

use super::Open;
use crate::app::components::marks;
use crate::app::i18n::record as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{report, terms};
use mingcha_core::domain::Severity;
use mingcha_core::view::FindingView;

/// The list, once there is something in it.
pub fn findings(open: Open) -> AnyView {
    let ui = open.ui;
    let findings = open.of(|visit| visit.findings.clone());
    let shown = move || {
        findings.with(|findings| {
            (!findings.is_empty()).then(|| {
                let items: Vec<AnyView> = findings.iter().map(|finding| item(open, finding)).collect();
                view! {
                    <section>
                        <h2 class="day">{ui.t(w::FINDINGS)}</h2>
                        <ul class="items">{items}</ul>
                    </section>
                }
            })
        })
    };
    shown.show()
}

fn item(open: Open, finding: &FindingView) -> AnyView {
    let ui = open.ui;
    let route = Route::Finding(open.id, finding.finding);
    let go = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(route);
    };
    let category = match finding.category.value.as_str() {
        "" => ui.t(w::NO_CATEGORY).to_owned(),
        code => terms::category(code, ui.language),
    };
    let severity = Severity::from_code(&finding.severity.value).map(|severity| marks::severity(ui, severity));
    let struck = finding.struck.is_some().then(|| view! { <span class="tag">{ui.t(w::STRUCK)}</span> });
    let about =
        [finding.place.value.as_str(), finding.person.value.as_str(), &report::excerpt(&finding.seen)]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
    let about = if about.is_empty() { ui.t(w::NO_TEXT).to_owned() } else { about };
    view! {
        <li>
            <a class="item" class:struck=finding.struck.is_some() href=route.to_string() on:click=go>
                <b>{category}</b>
                <span class="tags">{severity}{struck}</span>
                <small>{about}</small>
            </a>
        </li>
    }
    .show()
}
