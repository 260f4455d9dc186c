//! See [`mingcha_fuzz::engine`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mingcha_fuzz::engine::run(bytes));
