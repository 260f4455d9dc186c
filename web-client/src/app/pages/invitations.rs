//! Invitations that were made on this device: the link, its QR code, and the code to type.

use crate::app::components::qr::qr;
use crate::app::i18n::office as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, shown, spawn, when};
use crate::dom::window;
use crate::reactive::*;
use mingcha_core::view::{InvitationState, InvitationView, Query};
use wasm_bindgen_futures::JsFuture;

/// The list.
pub fn invitations(ui: Ui) -> AnyView {
    let answer = ui.client.watch(Query::Invitations);
    let list = move || {
        answer.with(|answer| {
            let invitations = shown::invitations(answer)?;
            (!invitations.is_empty()).then(|| {
                let items: Vec<AnyView> = invitations.iter().map(|one| item(ui, one)).collect();
                view! {
                    <section>
                        <h2>{ui.t(w::INVITATIONS)}</h2>
                        <p class="hint">{ui.t(w::INVITATION_HELP)}</p>
                        <ul class="invitations">{items}</ul>
                    </section>
                }
            })
        })
    };
    list.show()
}

fn item(ui: Ui, invitation: &InvitationView) -> AnyView {
    let InvitationView { name, team, code, expires, state, .. } = invitation.clone();
    let (class, word) = match state {
        InvitationState::Sending => ("mark", w::SENDING),
        InvitationState::Open => ("mark held", w::OPEN),
        InvitationState::Used => ("mark read", w::USED),
        InvitationState::Expired => ("mark", w::EXPIRED),
        InvitationState::Withdrawn => ("mark", w::WITHDRAWN_INVITATION),
    };
    let usable = matches!(state, InvitationState::Open | InvitationState::Sending);
    let ways = usable.then(|| ways(ui, &code));
    let until = format!("{} {}", ui.t(w::VALID_UNTIL), when::moment(ui.language, expires));
    view! {
        <li class="invitation">
            <h3>{name}</h3>
            <span class=class>{ui.t(word)}</span>
            <p class="hint">{team}" · "{until}</p>
            {ways}
        </li>
    }
    .show()
}

fn ways(ui: Ui, code: &str) -> AnyView {
    let address = window().location().origin().unwrap_or_default();
    let link = format!("{address}/#i={}", code.replace(char::is_whitespace, ""));
    let copied = RwSignal::new(false);
    let copy = {
        let link = link.clone();
        move |_| {
            let written = window().navigator().clipboard().write_text(&link);
            spawn(async move {
                if JsFuture::from(written).await.is_ok() {
                    copied.try_set(true);
                }
            });
        }
    };
    let said = move || ui.t(if copied.get() { w::COPIED } else { w::COPY });
    view! {
        <div class="ways">
            {qr(&link, ui.t(w::INVITATION_QR))}
            <dl>
                <dt>{ui.t(w::CODE)}</dt>
                <dd><code class="big-code">{code.to_owned()}</code></dd>
                <dt>{ui.t(w::LINK)}</dt>
                <dd><code class="link-text">{link}</code></dd>
            </dl>
            <button type="button" on:click=copy>{said}</button>
        </div>
    }
    .show()
}
