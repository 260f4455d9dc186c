//! A third client of core.
