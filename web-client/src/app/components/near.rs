//! Where the person is: asked of the browser only when they tap, kept only as long as the page is shown.

use crate::app::Ui;
use crate::app::i18n::{Text, phone as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::dom::window;
use crate::reactive::*;
use mingcha_core::units::Place;
use wasm_bindgen::prelude::*;
use web_sys::{Position, PositionError, PositionOptions};

/// How long the browser may look for the place.
const PATIENCE_MILLIS: u32 = 20_000;
/// How old a place may be that the browser knows already.
const MAX_AGE_MILLIS: u32 = 30_000;

/// A button that finds out where the person is, and what is to be said about it.
pub fn near(ui: Ui, place: RwSignal<Option<Place>>) -> AnyView {
    let locating = RwSignal::new(false);
    let problem = RwSignal::new(None::<Text>);
    let locate = move |_| {
        if locating.get_untracked() {
            return;
        }
        locating.set(true);
        problem.set(None);
        ask(callback(move |found: Result<Place, Text>| {
            locating.try_set(false);
            problem.try_set(found.err());
            if let Ok(found) = found {
                place.try_set(Some(found));
            }
        }));
    };
    let label = move || {
        ui.t(match (locating.get(), place.get()) {
            (true, _) => w::LOCATING,
            (false, None) => w::NEAR,
            (false, Some(_)) => w::NEAR_AGAIN,
        })
    };
    let hint = move || (problem.get().is_none() && place.get().is_none()).then(|| ui.t(w::NEAR_HELP));
    view! {
        <div class="near">
            <p class="wrong" role="alert">{move || problem.get().map(|why| ui.t(why))}</p>
            <p class="hint">{hint}</p>
            <button type="button" class="big" on:click=locate>{label}</button>
        </div>
    }
    .show()
}

fn ask(then: Callback<Result<Place, Text>>) {
    let Ok(geolocation) = window().navigator().geolocation() else {
        return then.run(Err(w::NEAR_FAILED));
    };
    let found = Closure::once_into_js(move |position: Position| {
        let coords = position.coords();
        let [latitude, longitude] = [coords.latitude(), coords.longitude()].map(|it| (it * 1e6) as i32);
        then.run(Place::new(latitude, longitude).ok_or(w::NEAR_FAILED));
    });
    let refused = Closure::once_into_js(move |error: PositionError| {
        let is_refused = error.code() == PositionError::PERMISSION_DENIED;
        then.run(Err(if is_refused { w::NEAR_REFUSED } else { w::NEAR_FAILED }));
    });
    let options = PositionOptions::new();
    options.set_enable_high_accuracy(true);
    options.set_timeout(PATIENCE_MILLIS);
    options.set_maximum_age(MAX_AGE_MILLIS);
    let asked = geolocation.get_current_position_with_error_callback_and_options(
        found.unchecked_ref(),
        Some(refused.unchecked_ref()),
        &options,
    );
    if asked.is_err() {
        then.run(Err(w::NEAR_FAILED));
    }
}
