//! The client's files, from the folder in which it was built.

use super::AppState;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use std::io;
use std::path::{Path, PathBuf};

/// Where files lie whose names change with their content.
const HASHED: &str = "assets/";

/// Answers with a file of the client. A path without a dot is one of its pages: all of them are `index.html`.
pub async fn file(State(state): State<AppState>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(folder) = &state.client else { return not_found() };
    let Some(name) = name_of(uri.path()) else { return not_found() };
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match read(&folder.join(name), accepted).await {
        Ok((bytes, encoding)) => answer(name, bytes, encoding),
        Err(error) if error.kind() == io::ErrorKind::NotFound => not_found(),
        Err(error) => {
            tracing::error!(%error, "a file of the client cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The file for a path; `None` for what is none of the client's.
fn name_of(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let plain = |part: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        !part.is_empty() && !part.starts_with('.') && part.chars().all(allowed)
    };
    if !name.contains('.') {
        return Some("index.html");
    }
    name.split('/').all(plain).then_some(name)
}

/// A file's bytes, compressed as the browser accepts it if such a sibling lies beside it.
async fn read(path: &Path, accepted: &str) -> io::Result<(Vec<u8>, Option<&'static str>)> {
    for (encoding, extension) in [("br", "br"), ("gzip", "gz")] {
        if accepts(accepted, encoding) {
            let mut sibling = path.as_os_str().to_owned();
            sibling.push(format!(".{extension}"));
            if let Ok(bytes) = tokio::fs::read(PathBuf::from(sibling)).await {
                return Ok((bytes, Some(encoding)));
            }
        }
    }
    Ok((tokio::fs::read(path).await?, None))
}

fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let is_it = parts.next() == Some(encoding);
        is_it && !parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn answer(name: &str, bytes: Vec<u8>, encoding: Option<&'static str>) -> Response {
    let kept = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = Response::builder()
        .header(CONTENT_TYPE, content_type(name))
        .header(CACHE_CONTROL, kept)
        .header(VARY, "accept-encoding");
    if let Some(encoding) = encoding {
        response = response.header(CONTENT_ENCODING, encoding);
    }
    response.body(Body::from(bytes)).unwrap_or_else(|_| unreachable!("all of these are header values"))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "not found\n").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_the_index_and_files_are_themselves() {
        assert_eq!(name_of("/"), Some("index.html"));
        assert_eq!(name_of("/visits/0a1b"), Some("index.html"));
        assert_eq!(name_of("/assets/page-0123abcd.wasm"), Some("assets/page-0123abcd.wasm"));
        assert_eq!(name_of("/sw.js"), Some("sw.js"));
    }

    #[test]
    fn no_path_leaves_the_folder() {
        for path in
            ["/../relay.key", "/a/../../relay.key", "/.git/config.x", "/a//b.js", "/%2e%2e/x.js", "/a\\b.js"]
        {
            assert_eq!(name_of(path), None, "{path}");
        }
    }

    #[test]
    fn an_encoding_is_used_only_when_it_is_accepted() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("brotli", "br"));
        assert!(!accepts("", "gzip"));
    }
}
