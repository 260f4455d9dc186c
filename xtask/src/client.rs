//! Builds the client: the wasm modules of one package, and around them what a browser needs to run them
//! without a network.

mod pack;
mod wasm;

use crate::cargo::{self, cargo, run};
use crate::machine::{self, WASM};
use anyhow::{Context, Result, bail, ensure};
use pack::{Asset, Folder};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wasm::Module;
use wasm_bindgen_cli_support::{Bindgen, Output};

/// What a browser has to fetch before the app is there, compressed, at most.
const FIRST_LOAD_LIMIT: usize = 600_000;

/// What ships is built with a standard library for size: its sorting and formatting in their small forms.
/// These options are not yet stable.
const SMALL_LIBRARY: [&str; 2] = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];

/// A panic stops the worker without a word, and nothing is printed for debugging: what ships reports errors
/// by their codes. Hashing takes its rounds in a loop.
const SMALL: [&str; 6] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zfmt-debug=none",
    "-Zlocation-detail=none",
    "--cfg",
    "sha2_backend_soft=\"compact\"",
];

/// The binaries of the package: what the first load consists of, and what comes after it.
const FIRST: [&str; 2] = ["page", "engine"];
const LATER: [&str; 2] = ["desk", "heavy"];

/// Code that must not be in the page: documents are the engine's.
const NOT_IN_PAGE: &str = "automerge";

/// Which client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// As it ships.
    Shipped,
    /// With its safeguards off, for tests that prove that they see what they look for.
    Lab,
}

impl Build {
    /// Where the client is built.
    pub fn folder(self) -> PathBuf {
        cargo::target().join(match self {
            Self::Shipped => "client",
            Self::Lab => "client-lab",
        })
    }

    fn profile(self) -> &'static str {
        match self {
            Self::Shipped => "wasm",
            Self::Lab => "wasm-lab",
        }
    }

    fn features(self) -> &'static str {
        match self {
            Self::Shipped => "",
            Self::Lab => "unsealed,unauthorised",
        }
    }
}

/// Builds the client into its folder, and judges what it ships.
pub fn build(build: Build) -> Result<Verdict> {
    machine::wasm_target()?;
    compile(build)?;
    let mut folder = Folder::new(build)?;
    let modules = FIRST.iter().chain(&LATER).map(|name| bind(build, name)).collect::<Result<Vec<_>>>()?;
    let first = assemble(&mut folder, &modules)?;
    folder.finish()?;
    match build {
        Build::Shipped => judge(&folder, &modules, &first),
        Build::Lab => Ok(Verdict::Fit),
    }
}

/// Whether a client may ship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// It may.
    Fit,
    /// Its first load is larger than allowed by so many bytes.
    TooLarge(usize),
}

impl Verdict {
    /// Refuses what may not ship.
    pub fn require(self) -> Result<()> {
        match self {
            Self::Fit => Ok(()),
            Self::TooLarge(bytes) => bail!("the first load is {bytes} bytes too large"),
        }
    }
}

fn compile(build: Build) -> Result<()> {
    let mut compile = cargo(["build", "--locked", "--package", "mingcha-web", "--bins", "--target", WASM]);
    if build == Build::Shipped {
        machine::library_source()?;
        compile.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", SMALL.join(" ")).args(SMALL_LIBRARY);
    }
    run(compile.args(["--profile", build.profile(), "--features", build.features()]))
}

/// A module with the script that loads it.
struct Bound {
    name: &'static str,
    script: String,
    /// With the names of its functions.
    named: Vec<u8>,
    wasm: Vec<u8>,
}

fn bind(build: Build, name: &'static str) -> Result<Bound> {
    let compiled = cargo::target().join(WASM).join(build.profile()).join(format!("{name}.wasm"));
    let bound = cargo::target().join("bindgen").join(build.profile());
    let mut output = Bindgen::new()
        .input_path(&compiled)
        .web(true)?
        .typescript(false)
        // As a library it leaves this out by default, and the script would not find its module.
        .omit_default_module_path(false)
        .remove_producers_section(true)
        .generate_output()
        .with_context(|| format!("wasm-bindgen, {name}"))?;
    let imports = match build {
        Build::Shipped => shorten(&mut output),
        Build::Lab => Vec::new(),
    };
    output.emit(&bound)?;
    ensure!(!bound.join("snippets").exists(), "a dependency brings scripts of its own, which are not served");
    let script = with_short_names(&std::fs::read_to_string(bound.join(format!("{name}.js")))?, &imports)?;
    let named = std::fs::read(bound.join(format!("{name}_bg.wasm")))?;
    Ok(Bound {
        name,
        // Inline scripts are forbidden by the content security policy, so each module starts itself.
        script: format!("{script}\n__wbg_init();\n"),
        wasm: match build {
            Build::Shipped => wasm::without_names(&named)?,
            Build::Lab => named.clone(),
        },
        named,
    })
}

/// Gives the functions that a module imports short names, and returns the long ones with them: they say what the
/// function does, twice each, and weigh 7 KB in the first load.
fn shorten(output: &mut Output) -> Vec<(String, String)> {
    let imports = output.wasm_mut().imports.iter_mut().enumerate();
    let renamed = imports.map(|(n, import)| {
        let short = format!("i{n}");
        (std::mem::replace(&mut import.name, short.clone()), short)
    });
    renamed.collect()
}

/// The script that goes with the renamed imports, without indentation and comments.
fn with_short_names(script: &str, imports: &[(String, String)]) -> Result<String> {
    let imports: BTreeMap<&str, &str> =
        imports.iter().map(|(long, short)| (long.as_str(), short.as_str())).collect();
    let mut renamed = 0;
    let mut lines = Vec::new();
    for line in script.lines().map(str::trim) {
        if line.is_empty() || line.starts_with("/*") || line.starts_with('*') || line.starts_with("//") {
            continue;
        }
        let short = line.split_once(':').and_then(|(name, rest)| Some((imports.get(name)?, rest)));
        renamed += usize::from(short.is_some());
        lines.push(short.map_or_else(|| line.to_owned(), |(short, rest)| format!("{short}:{rest}")));
    }
    ensure!(renamed == imports.len(), "{renamed} of {} imports are in the script", imports.len());
    Ok(lines.join("\n"))
}

/// Puts everything in its place and returns what the first load consists of.
fn assemble(folder: &mut Folder, modules: &[Bound]) -> Result<Vec<Asset>> {
    let source = cargo::root().join("web-client");
    let mut index = std::fs::read_to_string(source.join("static/index.html"))?;
    let mut first = Vec::new();
    let mut later = Vec::new();
    for module in modules {
        let wasm_name = format!("{}_bg.wasm", module.name);
        let wasm = folder.add_hashed(&wasm_name, &module.wasm)?;
        ensure!(module.script.contains(&wasm_name), "the script of {} names no module", module.name);
        let script = module.script.replace(&wasm_name, wasm.file_name());
        let script = folder.add_hashed(&format!("{}.js", module.name), script.as_bytes())?;
        for (name, asset) in [(wasm_name, &wasm), (format!("{}.js", module.name), &script)] {
            index = index.replace(&format!("\"/{name}\""), &format!("\"{}\"", asset.url));
        }
        let part = if FIRST.contains(&module.name) { &mut first } else { &mut later };
        part.extend([script, wasm]);
    }
    let sheet = folder.add_hashed("styles.css", styles(&source.join("styles"))?.as_bytes())?;
    index = index.replace("\"/styles.css\"", &format!("\"{}\"", sheet.url));
    first.push(sheet);
    let sheet = folder.add_hashed("desk.css", styles(&source.join("styles/desk"))?.as_bytes())?;
    index = index.replace("\"/desk.css\"", &format!("\"{}\"", sheet.url));
    later.push(sheet);
    let mut small = Vec::new();
    for file in files(&source.join("static"), "")? {
        match file.file_name().and_then(|name| name.to_str()) {
            Some("index.html" | "sw.js") | None => {}
            Some(name) => small.push(folder.add(name, &std::fs::read(&file)?)?),
        }
    }
    first.push(folder.add("index.html", index.as_bytes())?);
    let worker = std::fs::read_to_string(source.join("static/sw.js"))?;
    folder.add("sw.js", service_worker(&worker, &first, &small, &later)?.as_bytes())?;
    Ok(first)
}

/// Fills in the template: what to fetch at once, what afterwards, and a version that changes with either.
fn service_worker(template: &str, first: &[Asset], small: &[Asset], later: &[Asset]) -> Result<String> {
    let list = |assets: &[&Asset]| -> Result<String> {
        Ok(serde_json::to_string(&assets.iter().map(|asset| asset.url.as_str()).collect::<Vec<_>>())?)
    };
    let first: Vec<&Asset> = first.iter().chain(small).collect();
    let later: Vec<&Asset> = later.iter().collect();
    let hashes: String = first.iter().chain(&later).map(|asset| asset.hash.as_str()).collect();
    let version = pack::hash(format!("{hashes}{template}").as_bytes());
    let filled = template
        .replace("\"VERSION\"", &format!("\"{version}\""))
        .replace("[\"FIRST\"]", &list(&first)?)
        .replace("[\"LATER\"]", &list(&later)?);
    ensure!(!filled.contains("\"FIRST\""), "the service worker's template has no place for its list");
    Ok(filled)
}

/// All style sheets, in the order of their names, without comments and indentation.
fn styles(folder: &Path) -> Result<String> {
    let mut styles = String::new();
    for file in files(folder, "css")? {
        let text = std::fs::read_to_string(&file)?;
        for part in text.split("/*").enumerate().map(|(at, part)| match at {
            0 => Some(part),
            _ => part.split_once("*/").map(|(_, after)| after),
        }) {
            let part = part.with_context(|| format!("a comment of {} does not end", file.display()))?;
            part.lines().map(str::trim).filter(|line| !line.is_empty()).for_each(|line| {
                styles.push_str(line);
                styles.push('\n');
            });
        }
    }
    Ok(styles)
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("{} is missing", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_file() && path.extension().is_some_and(|e| extension.is_empty() || e == extension) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Prints the sizes, and refuses a client that has the wrong things in the wrong place.
fn judge(folder: &Folder, modules: &[Bound], first: &[Asset]) -> Result<Verdict> {
    folder.print();
    let load: usize = first.iter().map(|asset| asset.brotli).sum();
    println!("first load: {load} bytes of at most {FIRST_LOAD_LIMIT}");
    for module in modules {
        let parsed = Module::parse(&module.named).with_context(|| format!("{}.wasm", module.name))?;
        if ["page", "desk"].contains(&module.name) {
            let found: Vec<&str> = parsed.functions_with(NOT_IN_PAGE).take(5).collect();
            ensure!(found.is_empty(), "{} contains {NOT_IN_PAGE}: {found:?}", module.name);
        }
        if load > FIRST_LOAD_LIMIT || std::env::var_os("MINGCHA_SIZES").is_some() {
            println!("{}, bytes of code before compression:", module.name);
            parsed.crates().into_iter().take(25).for_each(|(name, size)| println!("{size:>10}  {name}"));
        }
    }
    match load.checked_sub(FIRST_LOAD_LIMIT) {
        Some(bytes) if bytes > 0 => Ok(Verdict::TooLarge(bytes)),
        _ => Ok(Verdict::Fit),
    }
}
