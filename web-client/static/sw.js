// Answers from what was fetched before, so that the app opens without a network.
// The build fills in the three constants.

const VERSION = "VERSION";
const FIRST = ["FIRST"];
const LATER = ["LATER"];

const INDEX = "/index.html";

// All of the first load, or no installation. Names with hashes may come from the browser's cache, others not.
self.addEventListener("install", (event) => event.waitUntil(keep(FIRST)));

self.addEventListener("activate", (event) =>
  event.waitUntil(tidy().then(() => self.clients.claim())));

self.addEventListener("message", (event) => {
  if (event.data === "later") event.waitUntil(keep(LATER).catch(() => {}));
  if (event.data === "activate") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(request.mode === "navigate" ? open(request) : asset(request));
});

async function keep(urls) {
  const cache = await caches.open(VERSION);
  const kept = await Promise.all(urls.map((url) => cache.match(url)));
  const missing = urls.filter((_, at) => !kept[at]);
  await cache.addAll(missing.map((url) =>
    new Request(url, { cache: url.startsWith("/assets/") ? "default" : "reload" })));
}

async function open(request) {
  await tidy();
  const cache = await caches.open(VERSION);
  return (await cache.match(INDEX)) ?? fetch(request);
}

// Older caches are asked as well: a page of an older version may still be open.
async function asset(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok && LATER.includes(new URL(request.url).pathname)) {
    const cache = await caches.open(VERSION);
    await cache.put(request, response.clone()).catch(() => {});
  }
  return response;
}

// Forgets older versions as soon as no page can be of one. Caches are listed by age; a younger one belongs to a
// version that is being installed.
async function tidy() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.length > 0) return;
  const names = await caches.keys();
  const older = names.slice(0, Math.max(0, names.indexOf(VERSION)));
  await Promise.all(older.map((name) => caches.delete(name)));
}
