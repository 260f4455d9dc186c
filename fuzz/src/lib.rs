//! What everything that reads foreign bytes must survive. The same functions are called by libFuzzer, which looks
//! for bytes that break them, and by a test that replays the corpora.

pub mod document;
pub mod engine;
pub mod log;
#[path = "../../core/tests/relay/office.rs"]
#[allow(missing_docs, reason = "the fixture of the relay's tests")]
pub mod office;
pub mod relay;
mod script;
pub mod sheet;
pub mod wire;

/// A function that must survive all bytes.
pub type Target = fn(&[u8]);

/// All of them, by name.
pub const TARGETS: [(&str, Target); 6] = [
    ("document", document::run),
    ("engine", engine::run),
    ("log", log::run),
    ("relay", relay::run),
    ("sheet", sheet::run),
    ("wire", wire::run),
];
