//! The engine.

pub mod io;
