//! The heavy and rare work behind [`Job`]: stretching passphrases and spelling recovery kits.

use crate::domain::Language;
use crate::engine::io::{Job, JobResult, StretchParams};
use argon2::{Algorithm, Argon2, Params, Version};
use bip39::Mnemonic;

/// The least memory that a passphrase is stretched with (OWASP's recommendation for two passes).
pub const MIN_MEMORY_KIB: u32 = 19 * 1024;

/// The most: what a phone's browser still gives to a page.
pub const MAX_MEMORY_KIB: u32 = 256 * 1024;

/// The fewest passes that a passphrase is stretched with.
pub const MIN_PASSES: u32 = 2;

/// The most passes.
pub const MAX_PASSES: u32 = 16;

/// The most memory that [`calibrated`] chooses; a faster device makes more passes.
pub const CALIBRATED_MEMORY_KIB: u32 = 64 * 1024;

/// How long [`calibrated`] lets a device stretch.
pub const TARGET_MILLIS: u32 = 750;

/// How many words a recovery kit has.
pub const KIT_WORDS: usize = 12;

/// Does a job. Takes up to some seconds and up to [`MAX_MEMORY_KIB`].
///
/// Parameters outside the limits fail: a store that somebody tampered with must neither weaken a passphrase nor
/// occupy the device for hours.
#[must_use]
pub fn run(job: Job) -> JobResult {
    match job {
        Job::Stretch { passphrase, params } => {
            stretch(passphrase.0.as_bytes(), &params).map_or(JobResult::Failed, JobResult::Stretched)
        }
        Job::SpellKit { entropy, language } => JobResult::Kit(spell(&entropy, language)),
    }
}

/// The secret that a recovery kit's words spell, in whichever language; `None` when a word is wrong or missing.
///
/// Letter case, spaces around words, and how words are divided between the strings make no difference.
#[must_use]
pub fn kit_entropy(words: &[String]) -> Option<[u8; 16]> {
    let words: Vec<String> =
        words.iter().flat_map(|typed| typed.split_whitespace()).flat_map(divide).collect();
    if words.len() != KIT_WORDS {
        return None;
    }
    let words = words.join(" ");
    [Language::Chinese, Language::English].into_iter().find_map(|language| {
        let (entropy, _) = Mnemonic::parse_in_normalized(list(language), &words).ok()?.to_entropy_array();
        entropy.first_chunk().copied()
    })
}

/// Memory in KiB and passes that stretch for about [`TARGET_MILLIS`] on a device that needs `millis_for_floor` for
/// [`MIN_MEMORY_KIB`] and [`MIN_PASSES`]. Never less than these, and always accepted by [`run`].
#[must_use]
pub fn calibrated(millis_for_floor: u32) -> (u32, u32) {
    let floor = u64::from(MIN_MEMORY_KIB) * u64::from(MIN_PASSES);
    let work = floor * u64::from(TARGET_MILLIS) / u64::from(millis_for_floor.max(1));
    let within = |value: u64, least: u32, most: u32| value.clamp(least.into(), most.into()) as u32;
    let whole_mib = work / u64::from(MIN_PASSES) / 1024 * 1024;
    let memory = within(whole_mib, MIN_MEMORY_KIB, CALIBRATED_MEMORY_KIB);
    (memory, within(work / u64::from(memory), MIN_PASSES, MAX_PASSES))
}

fn stretch(passphrase: &[u8], params: &StretchParams) -> Option<[u8; 32]> {
    let allowed = (MIN_MEMORY_KIB..=MAX_MEMORY_KIB).contains(&params.memory_kib)
        && (MIN_PASSES..=MAX_PASSES).contains(&params.passes);
    if !allowed {
        return None;
    }
    argon2id(passphrase, &params.salt, params.memory_kib, params.passes)
}

/// Argon2id (RFC 9106), version 1.3, one lane; `None` when there is not enough memory.
fn argon2id(passphrase: &[u8], salt: &[u8], memory_kib: u32, passes: u32) -> Option<[u8; 32]> {
    let mut stretched = [0; 32];
    let params = Params::new(memory_kib, passes, 1, Some(stretched.len())).ok()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(passphrase, salt, &mut stretched).ok()?;
    Some(stretched)
}

fn spell(entropy: &[u8; 16], language: Language) -> Vec<String> {
    let kit =
        Mnemonic::from_entropy_in(list(language), entropy).expect("16 bytes are 12 words in every language");
    kit.words().map(str::to_owned).collect()
}

fn list(language: Language) -> bip39::Language {
    match language {
        Language::Chinese => bip39::Language::SimplifiedChinese,
        Language::English => bip39::Language::English,
    }
}

/// Splits what was typed without spaces: Chinese words are single characters.
fn divide(typed: &str) -> Vec<String> {
    if typed.is_ascii() {
        return vec![typed.to_ascii_lowercase()];
    }
    typed.chars().map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::{AssociatedData, ParamsBuilder};
    use proptest::prelude::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn argon2id_gives_the_answers_of_the_reference_implementation() {
        // phc-winner-argon2, src/test.c.
        let answers = [
            (65_536, 2, "password", "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"),
            (256, 2, "password", "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
            (65_536, 1, "password", "f6a5adc1ba723dddef9b5ac1d464e180fcd9dffc9d1cbf76cca2fed795d9ca98"),
            (
                65_536,
                2,
                "differentpassword",
                "0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde",
            ),
        ];
        for (memory, passes, passphrase, answer) in answers {
            let stretched = argon2id(passphrase.as_bytes(), b"somesalt", memory, passes);
            assert_eq!(stretched.map(|it| hex(&it)).as_deref(), Some(answer));
        }
    }

    #[test]
    fn argon2id_gives_the_answer_of_rfc_9106() {
        let mut params = ParamsBuilder::new();
        params.m_cost(32).t_cost(3).p_cost(4).data(AssociatedData::new(&[4; 12]).expect("short"));
        let params = params.build().expect("the standard's parameters");
        let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params);
        let mut tag = [0; 32];
        argon2.expect("a short secret").hash_password_into(&[1; 32], &[2; 16], &mut tag).expect("memory");
        assert_eq!(hex(&tag), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    proptest! {
        #[test]
        fn calibration_is_always_accepted_and_never_far_above_the_target(millis: u32) {
            let (memory, passes) = calibrated(millis);
            prop_assert!((MIN_MEMORY_KIB..=CALIBRATED_MEMORY_KIB).contains(&memory));
            prop_assert!((MIN_PASSES..=MAX_PASSES).contains(&passes));
            let work = |memory, passes| u64::from(memory) * u64::from(passes);
            let floor = work(MIN_MEMORY_KIB, MIN_PASSES);
            prop_assert!(
                (memory, passes) == (MIN_MEMORY_KIB, MIN_PASSES)
                    || work(memory, passes) * u64::from(millis) <= floor * u64::from(TARGET_MILLIS)
            );
        }

        #[test]
        fn a_kit_reads_back_in_both_languages(entropy: [u8; 16]) {
            for language in [Language::Chinese, Language::English] {
                prop_assert_eq!(kit_entropy(&spell(&entropy, language)), Some(entropy));
            }
        }

        #[test]
        fn reading_a_kit_never_panics(words in proptest::collection::vec(".{0,12}", 0..14)) {
            let _ = kit_entropy(&words);
        }
    }
}
