//! What is on this device only, how large it is, when the relay last answered, and what failed.

use crate::app::i18n::{common, phone, record as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::parcel;
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, when};
use crate::reactive::*;
use mingcha_core::view::{Query, UnsentItem, UnsentView};

/// The page.
pub fn unsent(ui: Ui) -> AnyView {
    let answer = ui.client.watch(Query::Unsent);
    let is_empty = memo(move || {
        answer.with(|answer| shown::unsent(answer).is_none_or(|it| it.items.is_empty() && it.carried == 0))
    });
    let export = move || match is_empty.get() {
        true => view! { <p class="hint">{ui.t(phone::EXPORT_NOTHING)}</p> }.show(),
        false => parcel::export(ui),
    };
    let shown = move || answer.with(|answer| shown::unsent(answer).map(|unsent| list(ui, unsent)));
    view! {
        {frame::head_below(ui, Route::Me, move || ui.t(w::UNSENT).to_owned(), AnyView::default())}
        <div class="list">
            {shown}
            <section class="carry">
                <h2>{ui.t(phone::CARRY)}</h2>
                <p class="hint">{ui.t(phone::CARRY_HELP)}</p>
                {export}
                {parcel::import(ui)}
            </section>
        </div>
    }
    .show()
}

/// How many records are unsent, in words.
pub fn count(ui: Ui) -> AnyView {
    let count =
        memo(move || ui.access.with(|answer| shown::access(answer).map_or(0, |access| access.unsent)));
    let words = move || match count.get() {
        0 => ui.t(w::ALL_SENT).to_owned(),
        count => common::unsent(ui.language, count),
    };
    words.show()
}

fn list(ui: Ui, unsent: &UnsentView) -> AnyView {
    let UnsentView { items, bytes, last_contact, failures, carried } = unsent;
    let contact = last_contact.map_or_else(|| ui.t(w::NEVER).to_owned(), |at| when::ago(ui.language, at));
    let waiting = if items.is_empty() {
        view! { <p class="nothing">{ui.t(w::ALL_SENT)}</p> }.show()
    } else {
        let rows: Vec<AnyView> = items.iter().map(|one| item(ui, one)).collect();
        view! {
            <p class="day">{w::waiting(ui.language, items.len(), &common::size(*bytes))}</p>
            <p class="hint">{ui.t(w::UNSENT_HELP)}</p>
            <ul class="items">{rows}</ul>
        }
        .show()
    };
    let failures: Vec<AnyView> =
        failures.iter().map(|problem| view! { <li>{ui.problem(problem)}</li> }.show()).collect();
    let failures = (!failures.is_empty()).then(|| {
        view! { <section><h2 class="day">{ui.t(phone::FAILURES)}</h2><ul class="notices">{failures}</ul></section> }
    });
    let carried =
        (*carried > 0).then(|| view! { <p class="hint">{phone::carried(ui.language, *carried)}</p> });
    view! {
        <dl class="facts"><dt>{ui.t(w::LAST_CONTACT)}</dt><dd>{contact}</dd></dl>
        {failures}
        {waiting}
        {carried}
    }
    .show()
}

fn item(ui: Ui, item: &UnsentItem) -> AnyView {
    let title =
        if item.title.is_empty() { ui.t(common::UNIT_UNKNOWN).to_owned() } else { item.title.clone() };
    view! { <li class="item"><b>{title}</b><span class="mark">{common::size(item.bytes)}</span></li> }.show()
}
