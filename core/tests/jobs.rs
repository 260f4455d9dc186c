//! Stretched passphrases and spelled kits. Runs natively and in wasm.
#![cfg(feature = "stretch")]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mingcha_core::command::Passphrase;
use mingcha_core::domain::Language;
use mingcha_core::engine::io::{Job, JobResult, StretchParams};
use mingcha_core::engine::jobs::{
    MAX_MEMORY_KIB, MAX_PASSES, MIN_MEMORY_KIB, MIN_PASSES, calibrated, kit_entropy, run,
};

fn stretched(passphrase: &str, memory_kib: u32, passes: u32) -> JobResult {
    let params = StretchParams { salt: *b"salt of a device", memory_kib, passes };
    run(Job::Stretch { passphrase: Passphrase(passphrase.into()), params })
}

fn kit(entropy: [u8; 16], language: Language) -> Vec<String> {
    match run(Job::SpellKit { entropy, language }) {
        JobResult::Kit(words) => words,
        other => panic!("{other:?}"),
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

#[test]
fn stretching_is_the_same_everywhere_and_forever() {
    let JobResult::Stretched(key) = stretched("正确 horse battery", MIN_MEMORY_KIB, MIN_PASSES) else {
        panic!("not stretched");
    };
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "a3574ec4b20b44f6fcbd697ad5a3ce0ecdae0df96d9773388325945b0c9c7f47");
    assert_ne!(stretched("正确 horse batterz", MIN_MEMORY_KIB, MIN_PASSES), JobResult::Stretched(key));
    assert_ne!(stretched("正确 horse battery", MIN_MEMORY_KIB, MIN_PASSES + 1), JobResult::Stretched(key));
}

#[test]
fn parameters_that_weaken_a_passphrase_or_occupy_the_device_are_refused() {
    for (memory, passes) in [
        (MIN_MEMORY_KIB - 1, MIN_PASSES),
        (MIN_MEMORY_KIB, MIN_PASSES - 1),
        (MAX_MEMORY_KIB + 1, MIN_PASSES),
        (MIN_MEMORY_KIB, MAX_PASSES + 1),
        (u32::MAX, u32::MAX),
        (0, 0),
    ] {
        assert_eq!(stretched("x", memory, passes), JobResult::Failed, "{memory} KiB, {passes} passes");
    }
}

#[test]
fn slow_devices_keep_the_floor_and_fast_ones_take_memory_first_and_then_passes() {
    assert_eq!(calibrated(u32::MAX), (MIN_MEMORY_KIB, MIN_PASSES));
    assert_eq!(calibrated(750), (MIN_MEMORY_KIB, MIN_PASSES));
    assert_eq!(calibrated(375), (2 * MIN_MEMORY_KIB, MIN_PASSES));
    assert_eq!(calibrated(50), (65_536, 8));
    assert_eq!(calibrated(0), (65_536, MAX_PASSES));
}

#[test]
fn kits_are_spelled_as_bip_39_says() {
    // The vectors of the standard's reference implementation.
    for (byte, text) in [
        (
            0x00,
            "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
        ),
        (0x7f, "legal winner thank year wave sausage worth useful legal winner thank yellow"),
        (0x80, "letter advice cage absurd amount doctor acoustic avoid letter advice cage above"),
        (0xff, "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong"),
    ] {
        assert_eq!(kit([byte; 16], Language::English), words(text));
        assert_eq!(kit_entropy(&words(text)), Some([byte; 16]));
    }
    assert_eq!(kit([0; 16], Language::Chinese), words("的 的 的 的 的 的 的 的 的 的 的 在"));
}

#[test]
fn a_kit_is_read_however_it_was_typed() {
    let entropy = *b"a secret of kits";
    let english = kit(entropy, Language::English);
    let chinese = kit(entropy, Language::Chinese);
    let shouted: Vec<String> = english.iter().map(|word| format!("  {} ", word.to_uppercase())).collect();
    for typed in [shouted, vec![english.join("\t")], vec![chinese.concat()], vec![chinese.join("\u{3000}")]] {
        assert_eq!(kit_entropy(&typed), Some(entropy), "{typed:?}");
    }
}

#[test]
fn a_kit_with_a_wrong_missing_or_swapped_word_is_refused() {
    let good = kit([0x7f; 16], Language::English);
    let mut wrong = good.clone();
    wrong[3] = "zoo".into();
    let mut swapped = good.clone();
    swapped.swap(0, 4);
    let unknown = words("legal winner thank year wave sausage worth useful legal winner thank yellows");
    for typed in [wrong, swapped, unknown, good[1..].to_vec(), vec![], [good.clone(), good].concat()] {
        assert_eq!(kit_entropy(&typed), None, "{typed:?}");
    }
}
