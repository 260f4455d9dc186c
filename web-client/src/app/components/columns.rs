//! Which columns of a list are shown.

use crate::app::components::dialog::dialog;
use crate::app::components::table::Look;
use crate::app::filter::{decode, encode};
use crate::app::i18n::review as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, spawn};
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::view::{Answer, Query};

fn name(list: &str) -> String {
    format!("columns:{list}")
}

/// The positions of the columns that a person does not want to see in a list, as this device keeps them.
pub fn hidden(ui: Ui, list: &'static str) -> RwSignal<Vec<u8>> {
    let hidden = RwSignal::new(Vec::new());
    spawn(async move {
        let kept = match ui.client.read(Query::Kept { prefix: name(list) }).await {
            Some(Answer::Kept(all)) => all.first().and_then(|(_, bytes)| decode(bytes)),
            _ => None,
        };
        if let Some(kept) = kept {
            hidden.try_set(kept);
        }
    });
    hidden
}

/// The button that opens the choice.
pub fn columns(ui: Ui, list: &'static str, look: Look) -> AnyView {
    let open = RwSignal::new(false);
    let body = move || {
        let boxes: Vec<AnyView> = look
            .columns
            .iter()
            .enumerate()
            .map(|(at, one)| one_box(ui, list, look, at as u8, ui.t(one.name)))
            .collect();
        view! { <p class="hint">{ui.t(w::COLUMNS_HELP)}</p><div class="choices">{boxes}</div> }.show()
    };
    view! {
        <button type="button" on:click=move |_| open.set(true)>{ui.t(w::COLUMNS)}</button>
        {dialog(ui, open, ui.t(w::COLUMNS_TITLE), "ask", body)}
    }
    .show()
}

fn one_box(ui: Ui, list: &'static str, look: Look, at: u8, label: &'static str) -> AnyView {
    let is_shown = move || look.hidden.with(|hidden| !hidden.contains(&at));
    // A table without any column is no table.
    let is_last = move || look.hidden.with(|hidden| hidden.len() + 1 >= look.columns.len());
    let toggle = move |_| {
        look.hidden.update(|hidden| match hidden.iter().position(|other| *other == at) {
            Some(there) => {
                hidden.remove(there);
            }
            None => hidden.push(at),
        });
        let value = look.hidden.with_untracked(encode);
        ui.send(Command::Keep { name: name(list), value: Some(value) });
    };
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=is_shown
                disabled=move || is_shown() && is_last()
                on:change=toggle
            />
            <span>{label}</span>
        </label>
    }
    .show()
}
