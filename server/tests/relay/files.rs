//! The client's files and what is served beside them.

use crate::sockets::SMALL;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use axum::http::{Request, Response, StatusCode};
use mingcha_relay::node::Node;
use mingcha_relay::web::{AppState, app};
use std::fs;
use tempfile::TempDir;
use tower::ServiceExt;

struct Served {
    state: AppState,
    _node: Node,
    _folders: [TempDir; 2],
}

fn served() -> Served {
    let [data, client] = [0; 2].map(|_| tempfile::tempdir().unwrap());
    fs::create_dir(client.path().join("assets")).unwrap();
    for (name, content) in [
        ("index.html", "<!doctype html>"),
        ("sw.js", "worker"),
        ("assets/page-0123abcd.wasm", "plain"),
        ("assets/page-0123abcd.wasm.br", "brotli"),
        ("assets/page-0123abcd.wasm.gz", "gzip"),
    ] {
        fs::write(client.path().join(name), content).unwrap();
    }
    fs::write(data.path().join("secret.txt"), "secret").unwrap();
    let node = Node::open(data.path(), SMALL).unwrap();
    Served {
        state: AppState::new(&node, Some(client.path().to_owned())),
        _node: node,
        _folders: [data, client],
    }
}

impl Served {
    async fn get(&self, path: &str, accept: &str) -> Response<Body> {
        let request = Request::get(path).header(ACCEPT_ENCODING, accept);
        app(self.state.clone()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }
}

async fn text(response: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn header(response: &Response<Body>, name: impl axum::http::header::AsHeaderName) -> &str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn hashed_files_are_kept_and_compressed_as_the_browser_accepts() {
    let served = served();
    for (accept, encoding, body) in
        [("gzip, deflate, br", "br", "brotli"), ("gzip", "gzip", "gzip"), ("", "", "plain")]
    {
        let response = served.get("/assets/page-0123abcd.wasm", accept).await;
        assert_eq!(header(&response, CONTENT_TYPE), "application/wasm");
        assert_eq!(header(&response, CONTENT_ENCODING), encoding);
        assert_eq!(header(&response, CACHE_CONTROL), "public, max-age=31536000, immutable");
        assert_eq!(text(response).await, body);
    }
}

#[tokio::test]
async fn pages_and_the_worker_are_asked_for_again_each_time() {
    let served = served();
    for (path, body) in [("/", "<!doctype html>"), ("/visits/0a", "<!doctype html>"), ("/sw.js", "worker")] {
        let response = served.get(path, "br").await;
        assert_eq!(header(&response, CACHE_CONTROL), "no-cache", "{path}");
        assert_eq!(text(response).await, body);
    }
}

#[tokio::test]
async fn every_answer_has_the_strict_headers() {
    let served = served();
    for path in ["/", "/assets/page-0123abcd.wasm", "/healthz", "/nothing.js"] {
        let response = served.get(path, "").await;
        let policy = header(&response, CONTENT_SECURITY_POLICY);
        for directive in [
            "default-src 'self';",
            "script-src 'self' 'wasm-unsafe-eval';",
            "style-src 'self';",
            "connect-src 'self';",
            "frame-ancestors 'none'",
            "object-src 'none'",
        ] {
            assert!(policy.contains(directive), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains('*'));
        assert_eq!(header(&response, "cross-origin-opener-policy"), "same-origin");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert_eq!(header(&response, "referrer-policy"), "no-referrer");
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let served = served();
    for path in
        ["/nothing.js", "/../secret.txt", "/assets/../../secret.txt", "/.hidden.js", "/%2e%2e/secret.txt"]
    {
        let response = served.get(path, "").await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn health_readiness_and_metrics_tell_totals() {
    let served = served();
    assert_eq!(text(served.get("/healthz", "").await).await, "ok\n");
    assert_eq!(served.get("/readyz", "").await.status(), StatusCode::OK);
    let metrics = text(served.get("/metrics", "").await).await;
    for line in ["mingcha_relay_connections 0", "mingcha_relay_entries_total 0", "mingcha_relay_writable 1"] {
        assert!(metrics.lines().any(|l| l == line), "{line} is missing in\n{metrics}");
    }
    assert!(metrics.lines().all(|line| !line.contains('{')), "no labels");
}
