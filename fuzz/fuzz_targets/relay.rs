//! See [`mingcha_fuzz::relay`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mingcha_fuzz::relay::run(bytes));
