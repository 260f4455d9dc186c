//! Looking for words in bytes, whatever they are wrapped in.

use super::relay::files;
use anyhow::Result;
use flate2::{Decompress, FlushDecompress, Status};
use std::collections::BTreeSet;
use std::path::Path;

/// How often something packed may be packed again.
const DEPTH: usize = 3;
/// A stream of fewer bytes holds no word.
const LEAST_INFLATED: usize = 8;
const MOST_INFLATED: usize = 16 << 20;
/// The relay reserves room with zeros: longer runs of them are left out.
const ZEROS: usize = 64;

/// The words found.
pub type Found = BTreeSet<String>;

/// Which of the words occur in the bytes: in UTF-8 or UTF-16, in the open or in anything deflated, wherever it begins.
#[must_use]
pub fn search(bytes: &[u8], words: &[&str]) -> Found {
    let mut found = Found::new();
    let forms = words.iter().map(|word| (*word, forms(word))).collect::<Vec<_>>();
    look(bytes, &forms, DEPTH, &mut found);
    found
}

/// [`search`] in all files below a folder, and in their names.
///
/// # Errors
///
/// When one cannot be read.
pub fn search_folder(folder: &Path, words: &[&str]) -> Result<Found> {
    let mut found = Found::new();
    for file in files(folder)? {
        found.extend(search(file.to_string_lossy().as_bytes(), words));
        found.extend(search(&std::fs::read(&file)?, words));
    }
    Ok(found)
}

fn forms(word: &str) -> Vec<Vec<u8>> {
    let wide: Vec<u16> = word.encode_utf16().collect();
    vec![
        word.as_bytes().to_vec(),
        wide.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        wide.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
    ]
}

fn look(bytes: &[u8], words: &[(&str, Vec<Vec<u8>>)], depth: usize, found: &mut Found) {
    for (word, forms) in words {
        if !found.contains(*word) && forms.iter().any(|form| contains(bytes, form)) {
            found.insert((*word).to_owned());
        }
    }
    if depth == 0 || found.len() == words.len() {
        return;
    }
    let mut inflater = Inflater::new();
    let mut zeros = 0;
    for (at, byte) in bytes.iter().enumerate() {
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        if zeros <= ZEROS
            && let Some(inflated) = inflater.inflate(&bytes[at..])
        {
            look(&inflated, words, depth - 1, found);
        }
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    let Some(first) = part.first() else { return true };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        rest = &rest[at..];
        if rest.starts_with(part) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

struct Inflater {
    state: Decompress,
    buffer: Vec<u8>,
}

impl Inflater {
    fn new() -> Self {
        Self { state: Decompress::new(false), buffer: vec![0; 64 << 10] }
    }

    /// What a stream that begins here and comes to its end holds.
    fn inflate(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.state.reset(false);
        let mut inflated = Vec::new();
        loop {
            let (taken, given) = (self.state.total_in() as usize, self.state.total_out());
            let status =
                self.state.decompress(&bytes[taken..], &mut self.buffer, FlushDecompress::None).ok()?;
            let new = (self.state.total_out() - given) as usize;
            inflated.extend_from_slice(&self.buffer[..new]);
            match status {
                Status::StreamEnd => return (inflated.len() >= LEAST_INFLATED).then_some(inflated),
                _ if new == 0 && self.state.total_in() as usize == taken => return None,
                _ if inflated.len() > MOST_INFLATED => return None,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use std::io::Write as _;

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn words_are_found_in_the_open_and_packed_twice_at_any_place() {
        let inner = [b"....".as_slice(), &deflated("前面 豹纹蝴蝶结 后面 and the rest".as_bytes())].concat();
        let outer = [&[9, 0, 7][..], &deflated(&inner), b"tail"].concat();
        assert_eq!(search(&outer, &["豹纹蝴蝶结", "absent"]), Found::from(["豹纹蝴蝶结".to_owned()]));
        assert!(search(b"x plain word y", &["plain word"]).contains("plain word"));
    }

    #[test]
    fn words_of_two_bytes_a_letter_are_found() {
        let wide: Vec<u8> = "蝴蝶".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(search(&wide, &["蝴蝶"]).contains("蝴蝶"));
    }
}
