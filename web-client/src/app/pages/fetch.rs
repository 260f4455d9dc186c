//! Fetching the desk: the pages that are not in the first load.

use crate::app::Ui;
use crate::app::i18n::access as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::reactive::*;
use crate::shell::handover;

/// Fetches the desk, which then takes the place of all this; says so only when it takes a moment.
pub fn fetch(ui: Ui) -> AnyView {
    let failed = RwSignal::new(false);
    let start = move || {
        failed.set(false);
        let page = ui.root.get_value();
        handover::fetch(ui.client, page, move || {
            failed.try_set(true);
        });
    };
    start();
    let shown = move || match failed.get() {
        false => view! { <div class="slow" role="status"><h1>{ui.t(w::FETCHING_DESK)}</h1></div> },
        true => view! {
            <div class="nothing">
                <h1>{ui.t(w::NO_DESK)}</h1>
                <p role="alert">{ui.t(w::DESK_NOT_HERE)}</p>
                <button type="button" class="primary" on:click=move |_| start()>{ui.t(w::RETRY)}</button>
            </div>
        },
    };
    view! { <div class="list">{shown}</div> }.show()
}
