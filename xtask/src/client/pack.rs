//! The folder that is served: names with hashes, and compressed siblings of each file.

use super::Build;
use crate::cargo;
use anyhow::Result;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Served with names that change with the content, so that browsers keep them for good.
const HASHED: &str = "assets";

/// A file as it is served.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its path on the server.
    pub url: String,
    /// Names its content.
    pub hash: String,
    /// Its size.
    pub raw: usize,
    /// Its size, compressed by gzip.
    pub gzip: usize,
    /// Its size, compressed by brotli.
    pub brotli: usize,
}

impl Asset {
    /// The last part of its path.
    pub fn file_name(&self) -> &str {
        self.url.rsplit('/').next().unwrap_or_default()
    }
}

/// The folder while it is made; it replaces the one before when it is finished.
pub struct Folder {
    build: Build,
    making: PathBuf,
    assets: Vec<Asset>,
}

impl Folder {
    /// An empty folder.
    pub fn new(build: Build) -> Result<Self> {
        let making = build.folder().with_extension("new");
        if making.exists() {
            std::fs::remove_dir_all(&making)?;
        }
        std::fs::create_dir_all(making.join(HASHED))?;
        Ok(Self { build, making, assets: Vec::new() })
    }

    /// Adds a file under its own name.
    pub fn add(&mut self, name: &str, content: &[u8]) -> Result<Asset> {
        self.put(name.to_owned(), content)
    }

    /// Adds a file under a name that tells its content.
    pub fn add_hashed(&mut self, name: &str, content: &[u8]) -> Result<Asset> {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        self.put(format!("{HASHED}/{stem}-{}.{extension}", hash(content)), content)
    }

    /// Puts the folder in its place.
    pub fn finish(&self) -> Result<()> {
        let place = self.build.folder();
        if place.exists() {
            std::fs::remove_dir_all(&place)?;
        }
        Ok(std::fs::rename(&self.making, place)?)
    }

    /// Prints what is in it.
    pub fn print(&self) {
        println!("{:>10} {:>10} {:>10}", "raw", "gzip", "brotli");
        for asset in &self.assets {
            println!("{:>10} {:>10} {:>10}  {}", asset.raw, asset.gzip, asset.brotli, asset.url);
        }
    }

    fn put(&mut self, name: String, content: &[u8]) -> Result<Asset> {
        let path = self.making.join(&name);
        std::fs::write(&path, content)?;
        let hash = hash(content);
        let mut asset = Asset { url: format!("/{name}"), hash, raw: content.len(), gzip: 0, brotli: 0 };
        if self.build == Build::Shipped {
            asset.gzip = sibling(&path, "gz", &asset.hash, || gzip(content))?;
            asset.brotli = sibling(&path, "br", &asset.hash, || brotli(content))?;
        }
        self.assets.push(asset.clone());
        Ok(asset)
    }
}

/// The first digits of the content's hash: enough to tell files of one name apart.
pub fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Writes the compressed file beside the other; what was compressed once is kept, for it is slow.
fn sibling(
    path: &Path,
    extension: &str,
    hash: &str,
    compress: impl FnOnce() -> Result<Vec<u8>>,
) -> Result<usize> {
    let kept = cargo::target().join("packed").join(format!("{hash}.{extension}"));
    let packed = match std::fs::read(&kept) {
        Ok(packed) => packed,
        Err(_) => {
            let packed = compress()?;
            std::fs::create_dir_all(cargo::target().join("packed"))?;
            let making = kept.with_extension(format!("{extension}.new"));
            std::fs::write(&making, &packed)?;
            std::fs::rename(making, kept)?;
            packed
        }
    };
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    std::fs::write(name, &packed)?;
    Ok(packed.len())
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let options = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        // Blocks of 64 KiB: code changes its nature more often than the encoder expects.
        lgblock: 16,
        size_hint: content.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut packed, &options)?;
    Ok(packed)
}
