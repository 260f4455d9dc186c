//! A long text while it is being written: what was typed here and what others wrote meanwhile come together
//! without moving the caret away from its words.
//!
//! All texts are UTF-16 code units, as the browser counts positions.

use mingcha_core::command::TextEdit;
use mingcha_core::view::Heads;

/// A text field's content and what is known about it.
#[derive(Debug, Default)]
pub struct Draft {
    /// The version that `shadow` stands in.
    base: Heads,
    /// The text that what is in the field was changed from.
    shadow: Vec<u16>,
    /// What is in the field.
    content: Vec<u16>,
    /// The text that was sent last and is not yet part of a version taken in.
    sent: Option<Vec<u16>>,
    /// How many edits are not answered yet.
    flights: u32,
    /// The newest version shown, until it is taken in.
    newest: Option<(Heads, Vec<u16>)>,
}

impl Draft {
    /// Takes note of what the field holds now.
    pub fn typed(&mut self, content: &str) {
        self.content = content.encode_utf16().collect();
    }

    /// Whether something was typed that is not yet on its way.
    pub fn is_unsent(&self) -> bool {
        self.content != *self.sent.as_ref().unwrap_or(&self.shadow)
    }

    /// What to send now. It names the version taken in last, also when earlier edits are still on their way: what
    /// this device wrote since is part of what the engine compares with.
    pub fn next_edit(&mut self) -> Option<TextEdit> {
        if !self.is_unsent() {
            return None;
        }
        self.sent = Some(self.content.clone());
        self.flights += 1;
        Some(TextEdit { base: self.base.clone(), text: String::from_utf16_lossy(&self.content) })
    }

    /// Takes note of a version; [`Draft::settle`] takes it in.
    pub fn shown(&mut self, heads: Heads, text: &str) {
        self.newest = Some((heads, text.encode_utf16().collect()));
    }

    /// Takes note that an edit is durable.
    pub fn saved(&mut self) {
        self.flights = self.flights.saturating_sub(1);
    }

    /// Takes note that an edit was refused: what the field holds can be sent again.
    pub fn refused(&mut self) {
        self.saved();
        self.sent = None;
    }

    /// Whether the version that the last edit made is still to be shown.
    pub fn is_waiting(&self) -> bool {
        self.sent.is_some() && self.flights == 0
    }

    /// Takes it that the last edit made no version of its own.
    pub fn landed_nowhere(&mut self) {
        self.sent = None;
    }

    /// Takes the newest version in and returns what the field should hold now, if that is something else. It waits
    /// until that version holds what was sent.
    pub fn settle(&mut self) -> Option<String> {
        let (heads, _) = self.newest.as_ref()?;
        if self.flights > 0 || (self.sent.is_some() && *heads == self.base) {
            return None;
        }
        if let Some(sent) = self.sent.take() {
            self.shadow = sent;
        }
        let (heads, text) = self.newest.take()?;
        let merged = rebase(&self.shadow, &self.content, &text);
        self.base = heads;
        self.shadow = text;
        if merged == self.content {
            return None;
        }
        self.content = merged;
        Some(String::from_utf16_lossy(&self.content))
    }
}

/// The one stretch in which two texts differ: where it begins, and its length in each.
fn difference(old: &[u16], new: &[u16]) -> (usize, usize, usize) {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    (head, old.len() - head - tail, new.len() - head - tail)
}

/// `mine`, which was changed from `old`, on top of `theirs`, which was changed from `old` as well.
fn rebase(old: &[u16], mine: &[u16], theirs: &[u16]) -> Vec<u16> {
    let (start, removed, added) = difference(old, mine);
    let from = carry(old, theirs, start);
    let to = carry(old, theirs, start + removed).max(from);
    let mut out = theirs[..from].to_vec();
    out.extend_from_slice(&mine[start..start + added]);
    out.extend_from_slice(&theirs[to..]);
    out
}

/// Where a position of `old` is in `new`.
pub fn carry(old: &[u16], new: &[u16], position: usize) -> usize {
    let (start, removed, added) = difference(old, new);
    if position <= start {
        position
    } else if position >= start + removed {
        position - removed + added
    } else {
        start + added
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    fn heads(version: u8) -> Heads {
        Heads(vec![[version; 32]])
    }

    fn draft(text: &str) -> Draft {
        let mut draft = Draft::default();
        draft.shown(heads(0), text);
        draft.settle();
        draft
    }

    #[test]
    fn what_both_wrote_survives() {
        let merged = rebase(&units("窗口无人"), &units("窗口无人,叫号停了"), &units("3号窗口无人"));
        assert_eq!(String::from_utf16_lossy(&merged), "3号窗口无人,叫号停了");
    }

    #[test]
    fn the_caret_stays_with_its_words() {
        assert_eq!(carry(&units("窗口无人"), &units("3号窗口无人"), 2), 4);
        assert_eq!(carry(&units("窗口无人"), &units("窗口无人应答"), 2), 2);
        assert_eq!(carry(&units("abcdef"), &units("af"), 3), 1);
    }

    #[test]
    fn a_version_that_arrives_while_typing_is_merged_after_the_own_edits_landed() {
        let mut draft = draft("a");
        draft.typed("ab");
        let edit = draft.next_edit().expect("something was typed");
        assert_eq!((edit.base, edit.text.as_str()), (heads(0), "ab"));
        draft.typed("abc");
        let edit = draft.next_edit().expect("something more was typed");
        assert_eq!((edit.base, edit.text.as_str()), (heads(0), "abc"));
        draft.typed("abcd");
        draft.saved();
        draft.shown(heads(1), "xabc");
        assert_eq!(draft.settle(), None, "not before both edits are answered");
        draft.saved();
        assert_eq!(draft.settle().as_deref(), Some("xabcd"));
        let edit = draft.next_edit().expect("the rest is still to be sent");
        assert_eq!((edit.base, edit.text.as_str()), (heads(1), "xabcd"));
    }

    #[test]
    fn an_answer_before_its_version_waits_for_it() {
        let mut draft = draft("a");
        draft.typed("ab");
        draft.next_edit().expect("something was typed");
        draft.shown(heads(0), "a");
        draft.saved();
        assert_eq!(draft.settle(), None);
        assert!(draft.is_waiting());
        draft.shown(heads(1), "ab");
        assert_eq!(draft.settle(), None, "the field holds it already");
        assert!(!draft.is_unsent() && !draft.is_waiting());
    }

    #[test]
    fn a_refused_edit_can_be_sent_again() {
        let mut draft = draft("");
        draft.typed("a");
        draft.next_edit().expect("something was typed");
        draft.refused();
        assert!(draft.is_unsent());
        assert_eq!(draft.next_edit().expect("again").text, "a");
    }
}
