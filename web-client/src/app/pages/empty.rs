//! A device that belongs to no office yet: by the link it came with, it founds one or joins one.

use crate::app::components::form;
use crate::app::frame::notices;
use crate::app::i18n::common;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::join;
use crate::app::{Ui, shown};
use crate::reactive::*;
use crate::shell::link::LinkSecret;
use mingcha_core::domain::Language;
use mingcha_core::view::{Access, InvitationPreview};

/// What is shown depends on the link only, and stays while the device is busy.
pub fn empty(ui: Ui) -> AnyView {
    let link = ui.client.link();
    let shown = move || match link.get() {
        Some(LinkSecret::Setup(code)) => (ui.pages.found)(ui, code),
        Some(LinkSecret::Invitation(code)) => join::join(ui, Some(code)),
        None => join::join(ui, None),
    };
    view! { <main class="gate"><div class="gate-top">{language_switch(ui)}</div>{notices(ui)}{shown}</main> }
        .show()
}

/// The kit's words, once they are made. Kept while the device is busy.
pub fn kit(ui: Ui) -> Memo<Option<Vec<String>>> {
    Memo::new(move |before: Option<&Option<Vec<String>>>| {
        ui.access.with(|answer| match shown::access(answer).map(|view| &view.access) {
            Some(Access::Empty { kit, .. }) => kit.clone(),
            _ => before.cloned().flatten(),
        })
    })
}

/// The invitation that was looked up. Kept while the device is busy.
pub fn invitation(ui: Ui) -> Memo<Option<InvitationPreview>> {
    Memo::new(move |before: Option<&Option<InvitationPreview>>| {
        ui.access.with(|answer| match shown::access(answer).map(|view| &view.access) {
            Some(Access::Empty { invitation, .. }) => invitation.clone(),
            _ => before.cloned().flatten(),
        })
    })
}

/// A choice of the language, each in its own words.
pub fn language_switch(ui: Ui) -> AnyView {
    let value = derived(move || match ui.prefs.language.get() {
        Language::Chinese => "zh".to_owned(),
        Language::English => "en".to_owned(),
    });
    let choose = callback(move |code: String| {
        ui.prefs.speak(if code == "en" { Language::English } else { Language::Chinese });
    });
    let options = vec![("zh".to_owned(), "中文".to_owned()), ("en".to_owned(), "English".to_owned())];
    form::select(ui.t(common::LANGUAGE), vec![(String::new(), options)], value, choose)
}
