//! What a wasm module consists of: the names of its functions and the size of their code.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;

const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;
const CODE: u8 = 10;

/// A module's functions.
pub struct Module {
    /// Mangled name and size of the code.
    functions: Vec<(String, usize)>,
}

impl Module {
    /// Reads a module that still has its names.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut bytes = bytes.strip_prefix(b"\0asm\x01\0\0\0").context("not a wasm module")?;
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
            *crates.entry(origin(name)).or_default() += size;
        }
        let mut crates: Vec<_> = crates.into_iter().collect();
        crates.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
        crates
    }
}

/// The first crate in a mangled name, of either mangling.
fn origin(name: &str) -> String {
    let start =
        if name.starts_with("_ZN") { name.get(3..) } else { name.find("Cs").and_then(|at| name.get(at..)) };
    let rest = start.unwrap_or_default();
    // In the newer mangling the crate's disambiguator stands before its length: `Cs…_5serde`.
    let rest = rest.strip_prefix("Cs").and_then(|rest| rest.split_once('_')).map_or(rest, |(_, rest)| rest);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let length = rest[..digits].parse().unwrap_or(0);
    let word = rest.get(digits..digits + length).unwrap_or_default();
    // `<T as Trait>` of the older mangling begins with its type's path.
    let word = word.trim_start_matches("_$LT$").split("..").next().unwrap_or_default();
    if word.is_empty() { "(other)".into() } else { word.to_owned() }
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
        bytes.extend(b"\x00\x14\x04name\x01\x0d\x01\x01\x0a_ZN4core3x");
        let module = Module::parse(&bytes).expect("a module");
        assert_eq!(module.functions_with("core").collect::<Vec<_>>(), ["_ZN4core3x"]);
        assert_eq!(module.crates(), [("core".to_owned(), 2)]);
    }

    #[test]
    fn the_origin_of_both_manglings_is_found() {
        assert_eq!(origin("_ZN9automerge6change5parse17h0123456789abcdefE"), "automerge");
        assert_eq!(origin("_RNvCs1234_9automerge4load"), "automerge");
        assert_eq!(origin("main"), "(other)");
    }
}
