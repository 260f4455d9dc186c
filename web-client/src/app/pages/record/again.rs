//! What a look-back or an acceptance examines again, as it was found then, and a quick answer to each; and what the
//! assignment asks to look at.

use super::{Open, Suggested, add_to_notes, examine, questions, remove_from_notes};
use crate::app::components::marks;
use crate::app::i18n::phone as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{report, terms, when};
use crate::reactive::*;
use mingcha_core::domain::{Language, Mode, Severity};
use mingcha_core::ids::ItemId;
use mingcha_core::view::{ExaminedFinding, ExaminedView, FindingView, VisitView};

/// Somebody else may have answered in the other language.
const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];

/// Something to examine again.
#[derive(Clone, PartialEq)]
struct Earlier {
    /// What was wrong.
    what: String,
    severity: Option<Severity>,
    category: String,
    place: String,
    /// What else was said then.
    about: String,
}

/// How it was answered.
#[derive(Clone, Default, PartialEq)]
enum Found {
    #[default]
    NotYet,
    /// With a finding: its number and which.
    StillSo(usize, ItemId),
    Mended,
}

/// The section; nothing where there is nothing to say.
pub fn again(open: Open) -> AnyView {
    let ui = open.ui;
    let look_at = open.of(|visit| visit.assignment.as_ref().map(|it| (it.title.clone(), it.look_at.clone())));
    let assigned = move || {
        look_at.get().map(|(title, look_at)| {
            let look_at = (!look_at.is_empty()).then(|| {
                view! { <h2>{ui.t(w::LOOK_AT)}</h2><p class="seen">{look_at}</p> }
            });
            view! { <section class="look-at"><small>{ui.t(w::ASSIGNMENTS)}" · "{title}</small>{look_at}</section> }
        })
    };
    let earlier = open.of(move |visit| list(open, visit));
    let words = open.of(|visit| visit.examines_text.clone());
    let looks_back = open.of(|visit| Mode::from_code(&visit.mode.value).is_some_and(Mode::looks_back));
    let is_shown = memo(move || {
        looks_back.get() || earlier.with(|it| !it.is_empty()) || words.with(|it| !it.is_empty())
    });
    let shown = move || is_shown.get().then(|| section(open, earlier, words));
    view! { {assigned}{shown} }.show()
}

/// What can be chosen and written stays as it is while the list above it changes.
fn section(open: Open, earlier: Memo<Vec<Earlier>>, words: Memo<String>) -> AnyView {
    let ui = open.ui;
    let nothing = move || {
        let is_nothing = earlier.with(Vec::is_empty) && words.with(String::is_empty);
        is_nothing.then(|| ui.t(w::AGAIN_NOTHING))
    };
    let items = move || earlier.get().into_iter().map(|one| item(open, one)).collect::<Vec<AnyView>>();
    let begins_open =
        earlier.with_untracked(Vec::is_empty) || words.with_untracked(|words| !words.is_empty());
    view! {
        <section class="again">
            <h2 class="day">{ui.t(w::AGAIN)}</h2>
            <p class="hint">{nothing}</p>
            <ul class="re-examined">{items}</ul>
            <details class="more" open=begins_open>
                <summary>{ui.t(w::AGAIN_MORE)}</summary>
                {examine::examine(open)}
            </details>
        </section>
    }
    .show()
}

fn list(open: Open, visit: &VisitView) -> Vec<Earlier> {
    let assigned = visit.assignment.iter().flat_map(|assignment| &assignment.again).map(|one| Earlier {
        what: one.text.clone(),
        severity: Some(one.severity),
        category: String::new(),
        place: String::new(),
        about: String::new(),
    });
    let examined = visit.examines.iter().map(|one| cited(open, one));
    assigned.chain(examined).collect()
}

fn cited(open: Open, examined: &ExaminedView) -> Earlier {
    let ui = open.ui;
    let Some(ExaminedFinding { started, category, severity, place, person, seen, .. }) = &examined.shown
    else {
        let about = ui.t(w::EXAMINED_ELSEWHERE).to_owned();
        let (what, category, place) = Default::default();
        return Earlier { what, severity: None, category, place, about };
    };
    let name = if category.is_empty() { String::new() } else { terms::category(category, ui.language) };
    let about = [when::date(ui.language, *started), name.clone(), place.clone(), person.clone()];
    let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
    Earlier {
        what: if seen.is_empty() { name } else { seen.clone() },
        severity: Severity::from_code(severity),
        category: category.clone(),
        place: place.clone(),
        about: format!("{} · {}", ui.t(w::THEN), about.join(" · ")),
    }
}

/// How it was answered, by what the visit says now, in whatever language.
fn found(visit: &VisitView, what: &str) -> Found {
    let counted: Vec<&FindingView> =
        visit.findings.iter().filter(|finding| finding.struck.is_none()).collect();
    let still = counted.iter().position(|finding| !what.is_empty() && finding.seen.contains(what));
    if let Some(at) = still {
        return Found::StillSo(at + 1, counted[at].finding);
    }
    let is_mended = LANGUAGES.into_iter().any(|language| visit.notes.contains(&w::mended(language, what)));
    if is_mended { Found::Mended } else { Found::NotYet }
}

fn item(open: Open, earlier: Earlier) -> AnyView {
    let ui = open.ui;
    let Earlier { what, severity, about, .. } = earlier.clone();
    let searched = what.clone();
    let found = open.of(move |visit| found(visit, &searched));
    let severity = severity.map(|severity| marks::severity(ui, severity));
    let earlier = StoredValue::new(earlier);
    let answer = move || match found.get() {
        Found::StillSo(number, finding) => {
            let said = ui.t(w::STILL_SO).to_owned();
            questions::finding_line(open, number, finding, said)
        }
        Found::Mended => {
            let name = earlier.with_value(|it| report::excerpt(&it.what));
            let again = move |_| {
                earlier.with_value(|it| {
                    for language in LANGUAGES {
                        remove_from_notes(&w::mended(language, &it.what));
                    }
                });
            };
            view! {
                <p class="row good" role="status">
                    "✓ "{ui.t(w::MENDED)}
                    <button
                        type="button"
                        class="quiet"
                        aria-label=format!("{} {name}", ui.t(w::ANSWER_AGAIN))
                        on:click=again
                    >
                        {ui.t(w::ANSWER_AGAIN)}
                    </button>
                </p>
            }
            .show()
        }
        Found::NotYet => {
            let still = move |_| {
                let Earlier { what, severity, category, place, .. } = earlier.get_value();
                let seen = w::still_so(ui.language, &what);
                open.add_finding(None, Suggested { category, severity, place, seen });
            };
            let mended = move |_| earlier.with_value(|it| add_to_notes(&w::mended(ui.language, &it.what)));
            let name = earlier.with_value(|it| report::excerpt(&it.what));
            let label = |word: &str| format!("{word} {name}");
            view! {
                <div class="two">
                    <button type="button" aria-label=label(ui.t(w::STILL_SO)) on:click=still>
                        {ui.t(w::STILL_SO)}
                    </button>
                    <button type="button" aria-label=label(ui.t(w::MENDED)) on:click=mended>
                        {ui.t(w::MENDED)}
                    </button>
                </div>
            }
            .show()
        }
    };
    // What is not on this device cannot be answered for it.
    let answer = (!what.is_empty()).then_some(answer);
    view! {
        <li>
            <p class="seen">{what}" "{severity}</p>
            <small>{about}</small>
            {answer}
        </li>
    }
    .show()
}
