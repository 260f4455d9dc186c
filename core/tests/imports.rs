//! The arrow of imports inside core, and that the map of ARCHITECTURE.md shows what is there.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each module may import from core. Whoever adds an arrow here checks that nothing points back.
const ARROWS: &[(&str, &[&str])] = &[
    ("ids", &[]),
    ("role", &[]),
    ("time", &[]),
    ("sorted", &[]),
    ("cbor", &[]),
    ("problem", &["time"]),
    ("crypto", &["ids"]),
    ("defect", &[]),
    ("entry", &["cbor", "crypto", "defect", "ids", "problem"]),
    ("log", &["cbor", "crypto", "ids", "time"]),
    ("code", &["cbor", "crypto", "ids", "problem"]),
    ("roster", &["cbor", "code", "crypto", "entry", "ids", "problem", "role", "sorted", "time"]),
    ("wire", &["cbor", "crypto", "ids", "log", "time"]),
    (
        "relay",
        &["cbor", "code", "crypto", "defect", "entry", "ids", "log", "problem", "roster", "time", "wire"],
    ),
    // What page and engine say to each other: plain types, which name one another.
    ("command", &["domain", "ids", "units", "view"]),
    ("view", &["cbor", "domain", "ids", "problem", "time", "units"]),
    ("units", &["ids", "sorted", "view"]),
    ("sheet", &["problem", "time", "units"]),
    ("document", &["command", "defect", "ids", "sorted", "time", "view"]),
    (
        "domain",
        &[
            "cbor", "command", "defect", "document", "ids", "problem", "role", "sorted", "time", "units",
            "view",
        ],
    ),
    ("words", &["domain", "problem", "sheet", "time", "view"]),
    (
        "engine",
        &[
            "cbor", "code", "command", "crypto", "defect", "document", "domain", "entry", "ids", "log",
            "problem", "roster", "sorted", "time", "units", "view", "wire",
        ],
    ),
];

/// What the relay is built of: no documents, and so no Automerge.
const OF_THE_RELAY: &[&str] = &[
    "cbor", "code", "crypto", "defect", "entry", "ids", "log", "problem", "relay", "role", "roster",
    "sorted", "time", "wire",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of a module, tests excepted.
fn sources(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        found.push(path.to_path_buf());
    }
    let inner = path.with_extension("");
    let folder = if path.is_dir() { path } else { &inner };
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.expect("a readable folder").path();
        let is_test = entry.file_stem().is_some_and(|stem| stem == "tests" || stem == "hostile");
        if entry != *path && !is_test && (entry.is_dir() || entry.extension().is_some_and(|e| e == "rs")) {
            sources(&entry, found);
        }
    }
    found.sort();
    found.dedup();
}

/// The modules of core that a source names, its tests and comments excepted.
fn imports(source: &str) -> BTreeSet<String> {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: Vec<_> = lines.collect();
    let code = code.join("\n");
    let mut found = BTreeSet::new();
    for (at, prefix) in code.match_indices("crate::") {
        let rest = &code[at + prefix.len()..];
        let names = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').map(first_name).collect(),
            None => vec![first_name(rest)],
        };
        found.extend(names);
    }
    found.remove("");
    found
}

fn first_name(text: &str) -> String {
    text.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
}

fn modules() -> BTreeSet<String> {
    let lib = read(&root().join("src/lib.rs"));
    let declared = lib.lines().filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';'));
    declared.map(str::to_owned).collect()
}

#[test]
fn nothing_points_back() {
    let arrows: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    for module in modules() {
        let allowed = arrows.get(&module[..]).unwrap_or_else(|| panic!("{module}: say what it may import"));
        let mut files = Vec::new();
        sources(&root().join(format!("src/{module}.rs")), &mut files);
        assert!(!files.is_empty(), "{module} has no files");
        for file in files {
            for import in imports(&read(&file)) {
                let is_known = import == module || allowed.contains(&&import[..]);
                assert!(is_known, "{} must not import {import}", file.display());
            }
        }
    }
}

#[test]
fn the_relay_is_built_without_documents() {
    let lib = read(&root().join("src/lib.rs"));
    let arrows: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    for module in modules() {
        let guard = format!("\")]\npub mod {module};");
        let is_guarded = lib.contains(&guard);
        assert_eq!(is_guarded, !OF_THE_RELAY.contains(&&module[..]), "{module}");
    }
    for module in OF_THE_RELAY {
        for import in arrows[module] {
            assert!(OF_THE_RELAY.contains(import), "{module} is part of the relay and imports {import}");
        }
    }
    let server = read(&root().join("../server/Cargo.toml"));
    let uses_core = server.lines().filter(|line| line.starts_with("mingcha-core"));
    for line in uses_core {
        assert!(!line.contains("documents"), "the relay needs no documents: {line}");
    }
}

/// The names between backticks that open a list item: "- `a`, `b`: …".
fn listed(line: &str) -> Vec<String> {
    let Some((names, _)) = line.strip_prefix("- ").and_then(|item| item.split_once("`:")) else {
        return Vec::new();
    };
    format!("{names}`")
        .split(", ")
        .filter_map(|name| Some(name.strip_prefix('`')?.strip_suffix('`')?.to_owned()))
        .collect()
}

#[test]
fn the_map_names_what_is_there() {
    let map = root().join("../ARCHITECTURE.md");
    assert!(map.exists(), "ARCHITECTURE.md holds the map of the code, and is missing");
    let map = read(&map);
    let (mut section, mut named) = (String::new(), BTreeSet::new());
    for line in map.lines() {
        if let Some(title) = line.strip_prefix("##") {
            section = title.trim_start_matches('#').trim().to_owned();
        }
        for path in line.split('`').skip(1).step_by(2).filter(|word| word.ends_with(".rs")) {
            let places = ["..", "src", "src/engine"].map(|folder| root().join(folder).join(path));
            assert!(places.iter().any(|place| place.exists()), "the map names {path}, which is not there");
        }
        let folder = match &section[..] {
            "core" => "src",
            "core::engine" => "src/engine",
            _ => continue,
        };
        for name in listed(line) {
            let file = root().join(folder).join(format!("{name}.rs"));
            assert!(file.exists(), "the map names {section}::{name}, which is not there");
            named.insert((folder, name));
        }
    }
    for module in modules() {
        assert!(named.contains(&("src", module.clone())), "the map of core does not name {module}");
    }
}
