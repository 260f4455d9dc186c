//! The recovery kit: shown to be printed or written down, then proven.

use crate::app::Ui;
use crate::app::components::form::text_input;
use crate::app::components::qr::qr;
use crate::app::i18n::access as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::dom::window;
use crate::reactive::*;

/// Shows the words, then asks for two of them; `proven` gets what was typed.
pub fn kit(
    ui: Ui,
    words: Vec<String>,
    asked: [u8; 2],
    busy: RwSignal<bool>,
    proven: Callback<Vec<(u8, String)>>,
) -> AnyView {
    let written = RwSignal::new(false);
    let shown = move || {
        if written.get() {
            prove(ui, asked, busy, written, proven)
        } else {
            words_to_keep(ui, &words, written)
        }
    };
    view! { <h2>{ui.t(w::KIT)}</h2>{shown} }.show()
}

fn words_to_keep(ui: Ui, words: &[String], written: RwSignal<bool>) -> AnyView {
    let code = qr(&words.join(" "), ui.t(w::KIT_QR));
    let list: Vec<AnyView> = words.iter().map(|word| view! { <li>{word.clone()}</li> }.show()).collect();
    let print = move |_| {
        // Without a printer the words can still be written down.
        let _ = window().print();
    };
    view! {
        <p>{ui.t(w::KIT_HELP)}</p>
        <div class="kit">
            <ol aria-label=ui.t(w::KIT_WORDS)>{list}</ol>
            {code}
        </div>
        <div class="row">
            <button type="button" on:click=print>{ui.t(w::PRINT)}</button>
            <button type="button" class="primary" on:click=move |_| written.set(true)>
                {ui.t(w::KIT_WRITTEN)}
            </button>
        </div>
    }
    .show()
}

fn prove(
    ui: Ui,
    asked: [u8; 2],
    busy: RwSignal<bool>,
    written: RwSignal<bool>,
    proven: Callback<Vec<(u8, String)>>,
) -> AnyView {
    let typed = [RwSignal::new(String::new()), RwSignal::new(String::new())];
    let is_ready = move || typed.iter().all(|word| word.with(|word| !word.trim().is_empty()));
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if untrack(is_ready) && !busy.get_untracked() {
            let words = asked.iter().zip(typed);
            proven.run(words.map(|(at, word)| (*at, word.get_untracked().trim().to_owned())).collect());
        }
    };
    let [first, second] = asked;
    view! {
        <p>{ui.t(w::KIT_PROVE)}</p>
        <form on:submit=submit>
            {text_input(w::kit_word(ui.language, first), "text", typed[0])}
            {text_input(w::kit_word(ui.language, second), "text", typed[1])}
            <div class="row">
                <button type="button" on:click=move |_| written.set(false)>{ui.t(w::KIT_AGAIN)}</button>
                <button class="primary" disabled=move || busy.get() || !is_ready()>
                    {move || ui.t(if busy.get() { w::FOUNDING } else { w::FOUND })}
                </button>
            </div>
        </form>
    }
    .show()
}
