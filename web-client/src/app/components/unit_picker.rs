//! Finding a unit among tens of thousands, offline.

use crate::app::components::dialog::dialog;
use crate::app::components::marks;
use crate::app::components::near::near;
use crate::app::i18n::{phone, record as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, shown};
use crate::dom;
use crate::reactive::*;
use mingcha_core::units::{Place, UnitSummary};
use mingcha_core::view::Query;

/// How many units are shown at most; who does not find theirs types on.
const SHOWN: u32 = 30;

/// A dialogue in which a unit is looked up and picked.
pub fn unit_picker(ui: Ui, open: RwSignal<bool>, pick: Callback<UnitSummary>) -> AnyView {
    dialog(ui, open, ui.t(w::CHOOSE_UNIT), "sheet", move || {
        let pick = callback(move |unit| {
            open.set(false);
            pick.run(unit);
        });
        unit_search(ui, Some(pick))
    })
}

/// A search field with what it finds; units can be picked where `pick` is given.
pub fn unit_search(ui: Ui, pick: Option<Callback<UnitSummary>>) -> AnyView {
    let text = RwSignal::new(String::new());
    let place = RwSignal::new(None::<Place>);
    let answer =
        ui.client.watch_with(move || Query::Units { text: text.get(), limit: SHOWN, near: place.get() });
    let id = dom::fresh_id();
    let list = move || {
        answer.with(|answer| {
            let units = shown::units(answer)?;
            let rows: Vec<AnyView> = units.units.iter().map(|unit| row(ui, unit, pick)).collect();
            Some(view! { <ul class="units">{rows}</ul> }.show())
        })
    };
    let count = move || {
        answer.with(|answer| {
            let units = shown::units(answer)?;
            Some(match units.total {
                0 if text.with(String::is_empty) => ui.t(w::TYPE_TO_FIND).to_owned(),
                0 => ui.t(w::NO_UNITS).to_owned(),
                total => w::units_found(ui.language, units.units.len(), total),
            })
        })
    };
    let first = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            let unit = answer.with_untracked(|answer| shown::units(answer)?.units.first().cloned());
            if let (Some(unit), Some(pick)) = (unit, pick) {
                pick.run(unit);
            }
        }
    };
    view! {
        <div class="field unit-search">
            <label for=id.clone()>{ui.t(w::FIND_UNIT)}</label>
            <input
                id=id
                type="search"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                autofocus=true
                on:input=move |event| text.set(dom::typed(&event))
                on:keydown=first
            />
        </div>
        <p class="hint" role="status" aria-live="polite">{count}</p>
        {list}
        {pick.map(|_| near(ui, place))}
    }
    .show()
}

fn row(ui: Ui, unit: &UnitSummary, pick: Option<Callback<UnitSummary>>) -> AnyView {
    let assigned = (!unit.assignments.is_empty()).then(|| {
        view! { " "<span class="tag done">{ui.t(phone::ASSIGNED_UNIT)}</span> }
    });
    let away = unit.distance.map(|metres| phone::distance(ui.language, metres)).unwrap_or_default();
    let about = [away, marks::unit_path(Some(unit))];
    let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
    let words = view! {
        <b>{marks::unit_name(ui, Some(unit))}{assigned}</b>
        <small>{about.join(" · ")}</small>
        <small class="code">{unit.code.clone()}</small>
    };
    match pick {
        None => view! { <li class="unit">{words}</li> }.show(),
        Some(pick) => {
            let unit = unit.clone();
            view! {
                <li>
                    <button type="button" class="unit" on:click=move |_| pick.run(unit.clone())>{words}</button>
                </li>
            }
            .show()
        }
    }
}
