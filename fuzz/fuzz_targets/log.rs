//! See [`mingcha_fuzz::log`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mingcha_fuzz::log::run(bytes));
