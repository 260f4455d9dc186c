//! Before and beside the app: it opens, it is open elsewhere, it cannot be opened.

use crate::app::Ui;
use crate::app::i18n::access as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::dom::window;

/// The store is being read. Said only when it takes a moment.
pub fn starting(ui: Ui) -> AnyView {
    view! { <main class="gate"><p class="slow" role="status">{ui.t(w::OPENING)}</p></main> }.show()
}

/// Another tab of this browser is at work.
pub fn elsewhere(ui: Ui) -> AnyView {
    view! {
        <main class="gate">
            <h1>{ui.t(w::ELSEWHERE)}</h1>
            <p>{ui.t(w::ELSEWHERE_HELP)}</p>
            <button type="button" class="primary big" on:click=move |_| ui.client.take_over()>
                {ui.t(w::TAKE_OVER)}
            </button>
        </main>
    }
    .show()
}

/// The browser gives no storage.
pub fn failed(ui: Ui) -> AnyView {
    let reload = move |_| {
        // A browser that refuses to reload leaves the page as it is, with its own button beside it.
        let _ = window().location().reload();
    };
    view! {
        <main class="gate">
            <h1>{ui.t(w::STORE_FAILED)}</h1>
            <p role="alert">{ui.t(w::STORE_FAILED_HELP)}</p>
            <button type="button" class="primary big" on:click=reload>{ui.t(w::RELOAD)}</button>
        </main>
    }
    .show()
}
