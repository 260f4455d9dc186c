//! See [`mingcha_fuzz::wire`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mingcha_fuzz::wire::run(bytes));
