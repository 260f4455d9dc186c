//! The engine.

pub mod io;
#[cfg(feature = "stretch")]
pub mod jobs;
