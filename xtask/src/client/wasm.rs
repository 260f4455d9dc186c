//! What a wasm module consists of: the names of its functions and the size of their code.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;

const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;
const CODE: u8 = 10;

/// With what a module begins.
const MAGIC: &[u8] = b"\0asm\x01\0\0\0";

/// A module's functions.
pub struct Module {
    /// Name and size of the code.
    functions: Vec<(String, usize)>,
}

impl Module {
    /// Reads a module that still has its names.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut bytes = bytes.strip_prefix(MAGIC).context("not a wasm module")?;
        let mut names = BTreeMap::new();
        let mut sizes = Vec::new();
        let mut imported = 0;
        while !bytes.is_empty() {
            let kind = byte(&mut bytes)?;
            let mut section = block(&mut bytes)?;
            match kind {
                IMPORT => imported = imported_functions(section)?,
                CODE => {
                    for _ in 0..number(&mut section)? {
                        sizes.push(block(&mut section)?.len());
                    }
                }
                CUSTOM if block(&mut section)? == b"name" => names = function_names(section)?,
                _ => {}
            }
        }
        ensure!(!names.is_empty(), "the module has no names");
        let named = |(at, size)| (names.remove(&(imported + at)).unwrap_or_default(), size);
        Ok(Self { functions: sizes.into_iter().enumerate().map(named).collect() })
    }

    /// The functions whose names contain a word.
    pub fn functions_with<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        self.functions.iter().map(|(name, _)| name.as_str()).filter(move |name| name.contains(word))
    }

    /// The crates by the size of their code, largest first. Code of a generic function counts for the crate
    /// that is named first in it.
    pub fn crates(&self) -> Vec<(String, usize)> {
        let mut crates: BTreeMap<String, usize> = BTreeMap::new();
        for (name, size) in &self.functions {
            *crates.entry(origin(name).to_owned()).or_default() += size;
        }
        let mut crates: Vec<_> = crates.into_iter().collect();
        crates.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
        crates
    }
}

/// The module without the names of its functions.
pub fn without_names(module: &[u8]) -> Result<Vec<u8>> {
    let mut kept = MAGIC.to_vec();
    let mut bytes = module.strip_prefix(MAGIC).context("not a wasm module")?;
    while !bytes.is_empty() {
        let section = bytes;
        let kind = byte(&mut bytes)?;
        let mut content = block(&mut bytes)?;
        if kind != CUSTOM || block(&mut content)? != b"name" {
            kept.extend(&section[..section.len() - bytes.len()]);
        }
    }
    Ok(kept)
}

/// The first crate in the name of a function, such as `<alloc::vec::Vec<T> as core::fmt::Debug>::fmt`.
fn origin(name: &str) -> &str {
    let path = name.trim_start_matches(['<', '&', '[', '(']);
    let path = path.strip_prefix("mut ").unwrap_or(path);
    let end = path.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(path.len());
    &path[..end]
}

fn imported_functions(mut section: &[u8]) -> Result<usize> {
    let mut functions = 0;
    for _ in 0..number(&mut section)? {
        block(&mut section)?;
        block(&mut section)?;
        match byte(&mut section)? {
            0 => {
                number(&mut section)?;
                functions += 1;
            }
            1 => {
                byte(&mut section)?;
                limits(&mut section)?;
            }
            2 => limits(&mut section)?,
            kind => {
                ensure!(kind == 3, "import of kind {kind}");
                section = section.get(2..).context("module ends early")?;
            }
        }
    }
    Ok(functions)
}

fn limits(section: &mut &[u8]) -> Result<()> {
    let bounded = byte(section)? & 1 == 1;
    number(section)?;
    if bounded {
        number(section)?;
    }
    Ok(())
}

fn function_names(mut section: &[u8]) -> Result<BTreeMap<usize, String>> {
    const FUNCTIONS: u8 = 1;
    let mut names = BTreeMap::new();
    while !section.is_empty() {
        let kind = byte(&mut section)?;
        let mut part = block(&mut section)?;
        if kind == FUNCTIONS {
            for _ in 0..number(&mut part)? {
                let at = number(&mut part)?;
                names.insert(at, String::from_utf8_lossy(block(&mut part)?).into_owned());
            }
        }
    }
    Ok(names)
}

fn byte(bytes: &mut &[u8]) -> Result<u8> {
    let (&first, rest) = bytes.split_first().context("module ends early")?;
    *bytes = rest;
    Ok(first)
}

/// An unsigned LEB128 number.
fn number(bytes: &mut &[u8]) -> Result<usize> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let next = byte(bytes)?;
        value |= usize::from(next & 0x7f) << shift;
        if next & 0x80 == 0 {
            return Ok(value);
        }
    }
    anyhow::bail!("number too long")
}

/// Bytes with their number before them.
fn block<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8]> {
    let length = number(bytes)?;
    let (block, rest) = bytes.split_at_checked(length).context("module ends early")?;
    *bytes = rest;
    Ok(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_named_and_measured() {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        bytes.extend(b"\x02\x07\x01\x01m\x01f\x00\x00"); // one imported function
        bytes.extend(b"\x0a\x04\x01\x02\x00\x0b"); // one of two bytes
        bytes.extend(b"\x00\x14\x04name\x01\x0d\x01\x01\x0acore::a::b");
        let module = Module::parse(&bytes).expect("a module");
        assert_eq!(module.functions_with("core").collect::<Vec<_>>(), ["core::a::b"]);
        assert_eq!(module.crates(), [("core".to_owned(), 2)]);
        let without = without_names(&bytes).expect("a module");
        assert!(bytes.starts_with(&without) && !without.ends_with(b"a::b"), "{without:?}");
    }

    #[test]
    fn the_origin_of_a_function_is_its_first_crate() {
        assert_eq!(origin("automerge::change::parse::h0123456789abcdef"), "automerge");
        assert_eq!(origin("<&mut alloc::vec::Vec<T> as core::fmt::Debug>::fmt"), "alloc");
        assert_eq!(origin("std[b9c1f1]::panicking::panic"), "std");
        assert_eq!(origin(""), "");
    }
}
