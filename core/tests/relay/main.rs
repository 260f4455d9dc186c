//! What the relay does with whatever it is told.

mod bench;
mod hostile;
mod office;
mod putting;
mod reading;
mod rosters;
