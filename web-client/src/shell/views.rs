//! Reading what the engine shows. A module of the page reads only what its pages ask for: the rest would weigh as much
//! as all pages of an inspector together.

use mingcha_core::view::{Answer, View, WatchId};
use postcard::{from_bytes, take_from_bytes};

/// How a module reads what the engine shows; `None` for what it does not know.
pub type Read = fn(&[u8]) -> Option<View>;

/// Numbers of [`View`] in its encoding.
const ANSWER: u32 = 0;
const SHOWN: u32 = 1;
const FILE: u32 = 2;

/// Reads everything.
#[must_use]
pub fn all(bytes: &[u8]) -> Option<View> {
    from_bytes(bytes).ok()
}

/// Reads what the pages of the first load ask for.
#[must_use]
pub fn first(bytes: &[u8]) -> Option<View> {
    let (kind, rest) = take_from_bytes(bytes).ok()?;
    match kind {
        ANSWER => from_bytes(rest).ok().map(|(request, result)| View::Answer { request, result }),
        SHOWN => {
            let ((watch, what), rest) = take_from_bytes::<(WatchId, u32)>(rest).ok()?;
            first_answer(what, rest).map(|answer| View::Shown { watch, answer })
        }
        FILE => {
            let (request, rest) = take_from_bytes(rest).ok()?;
            let (length, rest) = take_from_bytes::<u32>(rest).ok()?;
            let bytes = rest.get(..length as usize)?.to_vec();
            Some(View::File { request, bytes })
        }
        _ => None,
    }
}

/// Reads an answer of which the number in its encoding was read already.
fn first_answer(what: u32, rest: &[u8]) -> Option<Answer> {
    Some(match what {
        0 => Answer::Access(from_bytes(rest).ok()?),
        1 => Answer::Unsent(from_bytes(rest).ok()?),
        2 => Answer::Checklists(from_bytes(rest).ok()?),
        6 => Answer::Units(from_bytes(rest).ok()?),
        7 => Answer::Visits(from_bytes(rest).ok()?),
        8 => Answer::Visit(from_bytes(rest).ok()?),
        9 => Answer::Findings(from_bytes(rest).ok()?),
        13 => Answer::Kept(from_bytes(rest).ok()?),
        15 => Answer::Assignments(from_bytes(rest).ok()?),
        16 => Answer::Assignment(from_bytes(rest).ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::wire::encode;
    use mingcha_core::problem::Problem;
    use mingcha_core::view::{Access, AccessView, Link, Rows, UnitsView, UnsentView};

    #[test]
    fn the_first_load_reads_what_its_pages_ask_for() {
        let access =
            AccessView { access: Access::Busy, link: Link::Live, unsent: 3, problems: vec![Problem::Empty] };
        let answers = [
            Answer::Access(access),
            Answer::Unsent(UnsentView { bytes: 300, ..UnsentView::default() }),
            Answer::Checklists(vec![]),
            Answer::Units(UnitsView { total: 7, ..UnitsView::default() }),
            Answer::Visits(Rows { total: 70_000, first: 0, rows: vec![] }),
            Answer::Visit(None),
            Answer::Findings(Rows { total: 3, first: 0, rows: vec![] }),
            Answer::Kept(vec![("list:1".into(), vec![1, 2, 3])]),
            Answer::Assignments(Rows { total: 1, first: 0, rows: vec![] }),
            Answer::Assignment(None),
        ];
        for answer in answers {
            let view = View::Shown { watch: 400, answer };
            assert_eq!(first(&encode(&view)), Some(view.clone()));
            assert_eq!(all(&encode(&view)), Some(view));
        }
    }

    #[test]
    fn the_first_load_reads_answers_to_commands_and_files() {
        for result in [Ok(()), Err(Problem::TooMany { limit: 9 })] {
            let view = View::Answer { request: 1_000, result };
            assert_eq!(first(&encode(&view)), Some(view));
        }
        let view = View::File { request: 5, bytes: vec![7; 1_000] };
        assert_eq!(first(&encode(&view)), Some(view));
    }

    #[test]
    fn what_is_the_offices_or_foreign_is_not_read() {
        let figures = View::Shown { watch: 1, answer: Answer::Figures(Box::default()) };
        assert_eq!(first(&encode(&figures)), None);
        assert_eq!(all(&encode(&figures)), Some(figures));
        assert_eq!(first(&[0xff; 4]), None);
        assert_eq!(first(&[FILE as u8, 1, 200]), None);
    }
}
