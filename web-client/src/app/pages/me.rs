//! About oneself and this device.

use crate::app::components::segmented::{Segment, segmented};
use crate::app::i18n::{access, phone, record as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::empty::language_switch;
use crate::app::pages::new_passphrase::new_passphrase;
use crate::app::prefs::Theme;
use crate::app::route::Route;
use crate::app::{Ui, frame, hide, terms};
use crate::reactive::*;

/// Who one is, what is unsent, language, theme, lock.
pub fn me(ui: Ui) -> AnyView {
    let me = ui.me();
    let about = move || {
        me.get().map(|me| {
            let roles: Vec<String> =
                me.roles.iter().map(|role| terms::role(*role, ui.language).to_owned()).collect();
            let teams: Vec<String> = me.teams.into_iter().map(|(_, name)| name).collect();
            let facts = [
                (access::NAME, me.name),
                (access::OFFICE, me.office),
                (w::ROLES, roles.join(" · ")),
                (w::TEAMS, teams.join(" · ")),
            ];
            // Before a device is let in, it does not know them all.
            let facts: Vec<AnyView> = facts
                .into_iter()
                .filter(|(_, said)| !said.is_empty())
                .map(|(label, said)| view! { <dt>{ui.t(label)}</dt><dd>{said}</dd> })
                .collect();
            view! {
                <dl class="facts">{facts}</dl>
            }
        })
    };
    let waiting = memo(move || me.with(|me| me.as_ref()?.waiting.clone()));
    let waiting = move || {
        waiting.get().map(|code| {
            view! {
                <section class="banner" role="status">
                    <b>{ui.t(phone::WAITING)}</b>
                    <p><code class="big-code">{code}</code></p>
                    <p>{ui.t(phone::WAITING_HELP)}</p>
                </section>
            }
        })
    };
    let unsent = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(Route::Unsent);
    };
    view! {
        {frame::head(ui, ui.t(w::ME), AnyView::default())}
        <div class="list form">
            {waiting}
            {about}
            <a class="choice" href=Route::Unsent.to_string() on:click=unsent>
                <span class="label">{ui.t(w::UNSENT)}</span>
                <b>{super::unsent::count(ui)}</b>
                <small>{frame::link(ui)}</small>
            </a>
            {language_switch(ui)}
            {theme(ui)}
            {new_passphrase(ui)}
            <button type="button" class="big" on:click=move |_| hide::lock(ui)>{ui.t(w::LOCK)}</button>
            <p class="hint">{ui.t(w::HIDE_HELP)}</p>
            <p class="hint">{ui.t(w::BROWSER_LIMITS)}</p>
        </div>
    }
    .show()
}

fn theme(ui: Ui) -> AnyView {
    let words = [w::THEME_SYSTEM, w::THEME_LIGHT, w::THEME_DARK];
    let segments =
        Theme::ALL.into_iter().zip(words).map(|((_, code), word)| Segment::plain(code, ui.t(word))).collect();
    let value = derived(move || {
        let theme = ui.prefs.theme.get();
        Theme::ALL
            .iter()
            .find(|(other, _)| *other == theme)
            .map(|(_, code)| (*code).to_owned())
            .unwrap_or_default()
    });
    let choose = callback(move |code: Option<String>| {
        if let Some((theme, _)) = Theme::ALL.into_iter().find(|(_, name)| Some(*name) == code.as_deref()) {
            ui.prefs.paint(theme);
        }
    });
    segmented(ui.t(w::THEME).show(), segments, value, choose)
}
