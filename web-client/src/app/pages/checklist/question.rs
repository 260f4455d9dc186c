//! The fields of one question.

use super::draft::Draft;
use super::{Editor, Step};
use crate::app::components::category::category_select;
use crate::app::components::desk::{check, text_area};
use crate::app::components::form::{select, text_input};
use crate::app::i18n::{office, record, writing as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{report, terms};
use crate::dom;
use crate::reactive::*;
use mingcha_core::domain::{Asked, Condition};
use mingcha_core::words;

/// A question in the editor.
pub fn question(editor: Editor, at: usize, count: usize, draft: Draft) -> AnyView {
    let ui = editor.ui;
    let keys = move |event: web_sys::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowUp" => Step::Up,
            "ArrowDown" => Step::Down,
            _ => return,
        };
        if event.alt_key() {
            event.prevent_default();
            editor.step(at, draft, step, "text");
        }
    };
    let by_kind = memo(move || draft.asked.get());
    let rest = move || kind_fields(editor, draft, by_kind.get());
    view! {
        <li on:keydown=keys>
            <fieldset>
                <legend>{office::question_number(ui.language, at + 1)}</legend>
                {text(editor, draft)}
                <div class="kind">
                    {kind(editor, draft)}
                    {check(ui.t(w::REQUIRED).show(), draft.is_required.into(), callback(move |on| draft.is_required.set(on)))}
                </div>
                {rest}
                {more(editor, at, draft)}
                {actions(editor, at, count, draft)}
            </fieldset>
        </li>
    }
    .show()
}

fn text(editor: Editor, draft: Draft) -> AnyView {
    let id = draft.anchor("text");
    view! {
        <div class="field">
            <label for=id.clone()>{editor.ui.t(office::QUESTION)}</label>
            <input
                id=id
                type="text"
                autocomplete="off"
                prop:value=move || draft.text.get()
                on:input=move |event| draft.text.set(dom::typed(&event))
            />
        </div>
    }
    .show()
}

fn kind(editor: Editor, draft: Draft) -> AnyView {
    let ui = editor.ui;
    let options = Asked::ALL
        .into_iter()
        .map(|asked| (asked.code().to_owned(), words::asked(asked, ui.language).to_owned()))
        .collect();
    let choose = callback(move |code: String| {
        if let Some(asked) = Asked::from_code(&code) {
            draft.asked.set(asked);
        }
    });
    let value = derived(move || draft.asked.get().code().to_owned());
    select(ui.t(w::KIND), vec![(String::new(), options)], value, choose)
}

fn kind_fields(editor: Editor, draft: Draft, asked: Asked) -> AnyView {
    let ui = editor.ui;
    match asked {
        Asked::Choice => text_area(ui.t(w::CHOICES), draft.choices),
        Asked::Number => text_input(ui.t(w::UNIT), "text", draft.unit),
        Asked::YesNo | Asked::Line | Asked::Text => AnyView::default(),
    }
}

/// When it is asked, and what finding a bad answer suggests.
fn more(editor: Editor, at: usize, draft: Draft) -> AnyView {
    let ui = editor.ui;
    let has_answers = memo(move || !draft.answers().is_empty());
    let suggestion = move || has_answers.get().then(|| suggestion(editor, draft));
    let unfold = move |event: web_sys::Event| {
        let open = event.target().is_some_and(|target| {
            js_sys::Reflect::get(&target, &"open".into()).is_ok_and(|open| open.is_truthy())
        });
        draft.is_unfolded.set(open);
    };
    view! {
        <details class="help" open=draft.is_unfolded.get_untracked() on:toggle=unfold>
            <summary>{ui.t(w::MORE)}<small>{move || summary(editor, draft)}</small></summary>
            <div class="more-fields">
                {condition(editor, at, draft)}
                {suggestion}
            </div>
        </details>
    }
    .show()
}

/// What is set there, in a few words.
fn summary(editor: Editor, draft: Draft) -> String {
    let ui = editor.ui;
    let number = |condition: Condition| {
        editor.questions.with(|all| all.iter().position(|one| one.id == condition.question))
    };
    let when = draft.condition.get().and_then(number).map(|at| w::depends_on(ui.language, at + 1));
    let category = Some(draft.category.get()).filter(|code| !code.is_empty() && !draft.answers().is_empty());
    let category = category.map(|code| terms::category(&code, ui.language));
    let severity = Some(draft.severity.get()).filter(|code| !code.is_empty());
    let severity = severity.map(|code| terms::severity_by_code(ui.language, &code));
    let parts: Vec<String> = [when, category, severity].into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!(" · {}", parts.join(" · ")) }
}

fn condition(editor: Editor, at: usize, draft: Draft) -> AnyView {
    let ui = editor.ui;
    let earlier = memo(move || {
        let all = editor.questions.get();
        let earlier = all.into_iter().take(at).enumerate();
        let answered = earlier.filter(|(_, one)| !one.answers().is_empty());
        answered.map(|(at, one)| (one.id, w::earlier(at + 1, &one.text.get()))).collect::<Vec<_>>()
    });
    let value = derived(move || {
        draft.condition.with(|it| it.as_ref().map(|it| it.question.to_string()).unwrap_or_default())
    });
    let choose = callback(move |code: String| {
        let condition = code.parse().ok().map(|question| Condition { question, answers: Vec::new() });
        draft.condition.set(condition);
    });
    let choice = move || {
        let mut options = vec![(String::new(), ui.t(w::ALWAYS).to_owned())];
        options.extend(earlier.get().into_iter().map(|(id, text)| (id.to_string(), text)));
        select(ui.t(w::ASKED_IF), vec![(String::new(), options)], value, choose)
    };
    let question = memo(move || draft.condition.with(|it| it.as_ref().map(|it| it.question)));
    let of = memo(move || {
        let question = question.get()?;
        Some(editor.questions.get().into_iter().take(at).find(|one| one.id == question))
    });
    let answers = move || match of.get() {
        None => AnyView::default(),
        Some(None) => view! { <p class="wrong" role="alert">{ui.t(w::CONDITION_LATER)}</p> }.show(),
        Some(Some(of)) => condition_answers(editor, draft, of),
    };
    view! { <fieldset class="part"><legend>{ui.t(w::ASKED_WHEN)}</legend>{choice}{answers}</fieldset> }.show()
}

fn condition_answers(editor: Editor, draft: Draft, of: Draft) -> AnyView {
    let ui = editor.ui;
    let is_empty =
        memo(move || draft.condition.with(|it| it.as_ref().is_some_and(|it| it.answers.is_empty())));
    let boxes = move || {
        let boxes: Vec<AnyView> = of
            .answers()
            .into_iter()
            .map(|answer| {
                let (shown, chosen) = (answer.clone(), answer.clone());
                let value = derived(move || {
                    draft.condition.with(|it| it.as_ref().is_some_and(|it| it.answers.contains(&shown)))
                });
                let choose = callback(move |on: bool| {
                    draft.condition.update(|it| {
                        if let Some(it) = it {
                            toggle(&mut it.answers, &chosen, on);
                        }
                    });
                });
                check(report::answer_name(ui, &answer).show(), value, choose)
            })
            .collect();
        boxes
    };
    view! {
        <fieldset class="boxes"><legend>{ui.t(w::IS_ANSWERED)}</legend>{boxes}</fieldset>
        {move || is_empty.get().then(|| view! { <p class="wrong">{ui.t(w::CONDITION_EMPTY)}</p> })}
    }
    .show()
}

fn suggestion(editor: Editor, draft: Draft) -> AnyView {
    let ui = editor.ui;
    let answers = memo(move || draft.answers());
    let boxes = move || {
        let boxes: Vec<AnyView> = answers
            .get()
            .into_iter()
            .map(|answer| {
                let (shown, chosen) = (answer.clone(), answer.clone());
                let value = derived(move || draft.bad.with(|bad| bad.contains(&shown)));
                let choose = callback(move |on| draft.bad.update(|bad| toggle(bad, &chosen, on)));
                check(report::answer_name(ui, &answer).show(), value, choose)
            })
            .collect();
        boxes
    };
    let mut severities = vec![(String::new(), ui.t(w::ANY).to_owned())];
    severities.extend(terms::severities(ui.language));
    let category = callback(move |code| draft.category.set(code));
    let severity = callback(move |code| draft.severity.set(code));
    view! {
        <fieldset class="part">
            <legend>{ui.t(w::SUGGESTS)}</legend>
            <fieldset class="boxes"><legend>{ui.t(w::BAD)}</legend>{boxes}</fieldset>
            <div class="two">
                {category_select(ui, ui.t(record::CATEGORY), ui.t(w::ANY), draft.category.into(), category)}
                {select(ui.t(record::SEVERITY), vec![(String::new(), severities)], draft.severity.into(), severity)}
            </div>
            {text_input(ui.t(w::SUGGESTED_TEXT), "text", draft.suggested)}
        </fieldset>
    }
    .show()
}

fn toggle(all: &mut Vec<String>, one: &str, on: bool) {
    all.retain(|other| other != one);
    if on {
        all.push(one.to_owned());
    }
}

fn actions(editor: Editor, at: usize, count: usize, draft: Draft) -> AnyView {
    let ui = editor.ui;
    let of = office::question_number(ui.language, at + 1);
    let is_last = at + 1 >= count;
    let named = |word: &str| format!("{word} · {of}");
    view! {
        <div class="row">
            <button
                type="button"
                class="quiet"
                id=draft.anchor("up")
                aria-label=named(ui.t(w::MOVE_UP))
                disabled=at == 0
                on:click=move |_| editor.step(at, draft, Step::Up, "up")
            >
                {ui.t(w::MOVE_UP)}
            </button>
            <button
                type="button"
                class="quiet"
                id=draft.anchor("down")
                aria-label=named(ui.t(w::MOVE_DOWN))
                disabled=is_last
                on:click=move |_| editor.step(at, draft, Step::Down, "down")
            >
                {ui.t(w::MOVE_DOWN)}
            </button>
            <button
                type="button"
                class="quiet"
                aria-label=named(ui.t(w::DUPLICATE))
                on:click=move |_| editor.duplicate(at, draft)
            >
                {ui.t(w::DUPLICATE)}
            </button>
            <button
                type="button"
                class="quiet"
                aria-label=named(ui.t(w::REMOVE))
                on:click=move |_| editor.remove(at, draft)
            >
                {ui.t(w::REMOVE)}
            </button>
        </div>
    }
    .show()
}
