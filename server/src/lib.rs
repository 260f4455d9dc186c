//! The relay around `core::relay`: it keeps sealed entries durable and passes them on. It cannot read them.

#[cfg(all(feature = "unauthorised", not(debug_assertions)))]
compile_error!("the switch `unauthorised` exists for tests only and cannot be part of a release build");

pub mod store;
