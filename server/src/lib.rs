//! The relay around `core::relay`.
