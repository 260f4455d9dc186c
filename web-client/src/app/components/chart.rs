//! Charts: bars from zero with their numbers on them, and below each the same as a table.

use crate::app::Ui;
use crate::app::i18n::figures as w;
use crate::app::markup::{AnyView, Show as _, view};

/// Sizes of the drawing, in its own units; it is scaled as a whole.
const WIDTH: u32 = 640;
const LABEL_WIDTH: u32 = 216;
const NUMBER_WIDTH: u32 = 96;
const ROW_HEIGHT: u32 = 28;
const BAR_HEIGHT: u32 = 16;
const COLUMNS_HEIGHT: u32 = 200;
const BOTTOM: u32 = 24;
const TOP: u32 = 20;
/// As wide as a character of Chinese; one of Latin letters counts half.
const LABEL_CHARS: u32 = 15;

/// A bar.
#[derive(Clone)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its length.
    pub value: u64,
    /// The number on it.
    pub number: String,
    /// How it looks.
    pub class: &'static str,
}

/// A table that says what a chart shows.
pub struct Numbers {
    /// The heads of the columns.
    pub heads: Vec<&'static str>,
    /// The rows; the first cell of each is its head.
    pub rows: Vec<Vec<AnyView>>,
}

/// A chart with its table. `words` says in a sentence what it shows, for who does not see it.
pub fn figure(
    ui: Ui,
    title: &'static str,
    words: String,
    drawing: AnyView,
    hint: AnyView,
    numbers: Numbers,
) -> AnyView {
    let heads: Vec<AnyView> =
        numbers.heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }.show()).collect();
    let rows: Vec<AnyView> = numbers
        .rows
        .into_iter()
        .map(|row| {
            let cells: Vec<AnyView> = row
                .into_iter()
                .enumerate()
                .map(|(at, cell)| {
                    if at == 0 {
                        view! { <th scope="row">{cell}</th> }.show()
                    } else {
                        view! { <td>{cell}</td> }.show()
                    }
                })
                .collect();
            view! { <tr>{cells}</tr> }.show()
        })
        .collect();
    view! {
        <section class="chart" aria-label=title>
            <h2>{title}</h2>
            <p class="hint">{words}</p>
            {drawing}
            {hint}
            <details>
                <summary>{ui.t(w::NUMBERS)}</summary>
                <table class="numbers">
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </section>
    }
    .show()
}

/// Bars that lie, one below the other.
pub fn bars(label: &'static str, bars: &[Bar]) -> AnyView {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or_default().max(1);
    let room = u64::from(WIDTH - LABEL_WIDTH - NUMBER_WIDTH);
    let height = bars.len() as u32 * ROW_HEIGHT;
    let rows: Vec<AnyView> = bars
        .iter()
        .enumerate()
        .map(|(at, bar)| {
            let top = at as u32 * ROW_HEIGHT;
            let middle = top + ROW_HEIGHT / 2 + 5;
            let length = (bar.value * room).div_ceil(most) as u32;
            let class = format!("filled {}", bar.class);
            view! {
                <g>
                    <text x=LABEL_WIDTH - 8 y=middle text-anchor="end">{fitting(&bar.label)}</text>
                    <rect
                        class=class
                        x=LABEL_WIDTH
                        y=top + (ROW_HEIGHT - BAR_HEIGHT) / 2
                        width=length
                        height=BAR_HEIGHT
                    />
                    <text class="number" x=LABEL_WIDTH + length + 6 y=middle>{bar.number.clone()}</text>
                </g>
            }
            .show()
        })
        .collect();
    view! {
        <svg viewBox=format!("0 0 {WIDTH} {height}") role="img" aria-label=label>
            {rows}
            <line class="zero" x1=LABEL_WIDTH y1="0" x2=LABEL_WIDTH y2=height/>
        </svg>
    }
    .show()
}

/// Bars that stand, one beside the other; labels that would not fit are left out.
pub fn columns(label: &'static str, bars: &[Bar]) -> AnyView {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or_default().max(1);
    let step = (WIDTH / (bars.len() as u32).max(1)).min(64);
    let every = 40_u32.div_ceil(step.max(1)).max(1) as usize;
    let room = u64::from(COLUMNS_HEIGHT - BOTTOM - TOP);
    let base = COLUMNS_HEIGHT - BOTTOM;
    let last = bars.len().saturating_sub(1);
    let all: Vec<AnyView> = bars
        .iter()
        .enumerate()
        .map(|(at, bar)| {
            let left = at as u32 * step;
            let height = (bar.value * room).div_ceil(most) as u32;
            let middle = left + step / 2;
            // Counted from the newest, which is never left out.
            let name = (last - at).is_multiple_of(every).then(|| {
                view! { <text x=middle y=base + 17 text-anchor="middle">{bar.label.clone()}</text> }
            });
            let number = (bar.value > 0).then(|| {
                view! {
                    <text class="number" x=middle y=base - height - 5 text-anchor="middle">
                        {bar.number.clone()}
                    </text>
                }
            });
            view! {
                <g>
                    <rect class="filled" x=left + step / 6 y=base - height width=step - step / 3 height=height/>
                    {number}
                    {name}
                </g>
            }
            .show()
        })
        .collect();
    view! {
        <svg viewBox=format!("0 0 {WIDTH} {COLUMNS_HEIGHT}") role="img" aria-label=label>
            {all}
            <line class="zero" x1="0" y1=base x2=WIDTH y2=base/>
        </svg>
    }
    .show()
}

/// As much of a label as fits before its bar.
fn fitting(label: &str) -> String {
    let mut left = 2 * LABEL_CHARS;
    let mut out = String::new();
    for letter in label.chars() {
        let width = if letter.is_ascii() { 1 } else { 2 };
        if left < width + 2 {
            out.push('…');
            return out;
        }
        left -= width;
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_label_is_cut_where_it_would_touch_its_bar() {
        assert_eq!(fitting("市行政服务中心"), "市行政服务中心");
        assert_eq!(fitting("国家税务总局某某市税务局第一税务分局").chars().count(), 15);
        assert!(fitting("Failure to give notice once and for all").ends_with('…'));
    }
}
