//! Everything that was ever found to break a target, and a choice of what reaches far, is survived.

use mingcha_fuzz::TARGETS;
use std::fs;
use std::path::Path;

#[test]
fn every_corpus_is_survived() {
    for (name, run) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
        let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "{name} has a corpus");
        for file in files {
            let bytes = fs::read(&file).unwrap();
            let outcome = std::panic::catch_unwind(|| run(&bytes));
            assert!(outcome.is_ok(), "{}", file.display());
        }
    }
}

#[test]
fn anything_at_all_is_survived() {
    for (_, run) in TARGETS {
        run(&[]);
        run(&[0xff; 64]);
        let count: Vec<u8> = (0..=255).collect();
        run(&count);
    }
}
