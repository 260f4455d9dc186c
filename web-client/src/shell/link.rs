//! The secret in the link by which the app was opened.

use wasm_bindgen::JsValue;

/// What stood in the link's fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkSecret {
    /// `#s=`: found the office with this code.
    Setup(String),
    /// `#i=`: join with this code.
    Invitation(String),
}

impl LinkSecret {
    /// What a fragment holds, with or without its `#`.
    #[must_use]
    pub fn parse(fragment: &str) -> Option<Self> {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        match fragment.split_once('=')? {
            ("s", code) if !code.is_empty() => Some(Self::Setup(code.to_owned())),
            ("i", code) if !code.is_empty() => Some(Self::Invitation(code.to_owned())),
            _ => None,
        }
    }

    /// The fragment that holds it.
    #[must_use]
    pub fn fragment(&self) -> String {
        match self {
            Self::Setup(code) => format!("s={code}"),
            Self::Invitation(code) => format!("i={code}"),
        }
    }

    /// Reads the secret out of the address bar and clears it there and in the history's current entry.
    #[must_use]
    pub fn take_from_address() -> Option<Self> {
        let window = web_sys::window()?;
        let location = window.location();
        let secret = Self::parse(&location.hash().ok()?)?;
        let path = location.pathname().unwrap_or_else(|_| "/".into());
        let cleared = window
            .history()
            .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&path)));
        if cleared.is_err() {
            // The secret must not stay in the bar: navigate away from it instead.
            let _ = location.replace(&path);
        }
        Some(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_kinds_of_link_are_told_apart() {
        assert_eq!(LinkSecret::parse("#s=ab"), Some(LinkSecret::Setup("ab".into())));
        assert_eq!(LinkSecret::parse("i=1-2"), Some(LinkSecret::Invitation("1-2".into())));
        for fragment in ["s=ab", "i=1-2"] {
            assert_eq!(LinkSecret::parse(fragment).map(|link| link.fragment()).as_deref(), Some(fragment));
        }
    }

    #[test]
    fn other_fragments_are_no_secret() {
        for fragment in ["", "#", "#top", "#s=", "#x=1"] {
            assert_eq!(LinkSecret::parse(fragment), None, "{fragment}");
        }
    }
}
