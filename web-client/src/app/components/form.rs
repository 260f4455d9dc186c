//! Fields of forms that are sent as a whole.

use crate::app::Ui;
use crate::app::i18n::access as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::dom;
use crate::reactive::*;

/// A labelled field.
pub fn text_input(label: impl Into<String>, kind: &'static str, value: RwSignal<String>) -> AnyView {
    let id = dom::fresh_id();
    view! {
        <div class="field">
            <label for=id.clone()>{label.into()}</label>
            <input
                id=id
                type=kind
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                prop:value=move || value.get()
                on:input=move |event| value.set(dom::typed(&event))
            />
        </div>
    }
    .show()
}

/// A labelled field for a passphrase. `purpose` is what the browser's keeper of passwords is told.
pub fn secret_input(ui: Ui, label: &'static str, purpose: &'static str, value: RwSignal<String>) -> AnyView {
    let shown = RwSignal::new(false);
    let kind = move || if shown.get() { "text" } else { "password" };
    // Browsers keep what was typed into a field that is no secret, unless they are told not to.
    let complete = move || if shown.get() { "off" } else { purpose };
    let words = move || if shown.get() { w::COVER_UP } else { w::SHOW };
    let turn = move |_| shown.update(|shown| *shown = !*shown);
    let id = dom::fresh_id();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="secret">
                <input
                    id=id
                    type=kind
                    autocomplete=complete
                    autocapitalize="off"
                    spellcheck="false"
                    prop:value=move || value.get()
                    on:input=move |event| value.set(dom::typed(&event))
                />
                <button type="button" class="quiet" on:click=turn>{move || ui.t(words())}</button>
            </div>
        </div>
    }
    .show()
}

/// A labelled choice of one of a list. Options are codes with their words, in groups; a group without a name
/// stands by itself.
pub fn select(
    label: impl Into<String>,
    groups: Vec<(String, Vec<(String, String)>)>,
    value: Signal<String>,
    choose: Callback<String>,
) -> AnyView {
    select_of(label.into(), groups, value, choose)
}

fn select_of(
    label: String,
    groups: Vec<(String, Vec<(String, String)>)>,
    value: Signal<String>,
    choose: Callback<String>,
) -> AnyView {
    let id = dom::fresh_id();
    let options: Vec<AnyView> = groups
        .into_iter()
        .map(|(group, options)| {
            let options: Vec<AnyView> = options.into_iter().map(|one| option(one, value)).collect();
            if group.is_empty() {
                options.show()
            } else {
                view! { <optgroup label=group>{options}</optgroup> }.show()
            }
        })
        .collect();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id on:change=move |event| choose.run(dom::typed(&event))>{options}</select>
        </div>
    }
    .show()
}

fn option((code, name): (String, String), value: Signal<String>) -> AnyView {
    let shown = code.clone();
    view! { <option value=code prop:selected=move || value.with(|value| *value == shown)>{name}</option> }
        .show()
}
