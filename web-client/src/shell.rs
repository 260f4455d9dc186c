//! The browser around the engine: everything with an effect happens here, nothing is decided here.

pub mod client;
pub mod link;
pub mod page;
pub mod random;
pub mod sheet;
pub mod wire;
pub mod worker;
