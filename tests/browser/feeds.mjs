// Feeds and downloads are fetched as a calendar client would: no Accept header of a browser, no cookie, then again with the ETag.
import { gunzipSync } from "node:zlib";
import { get } from "node:http";

const TYPES = {
  ics: "text/calendar; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  json: "application/feed+json; charset=utf-8",
  atom: "application/atom+xml; charset=utf-8",
};

/** Fetches a feed four ways, checks the answers into `subject`, and returns its bytes. */
export async function fetchFeed(url, subject) {
  const first = await ask(url);
  subject.equal("status", first.status, 200);
  const type = TYPES[url.pathname.split(".").pop()];
  if (type) subject.equal("content type", first.headers["content-type"], type);
  if (!/\.(ics|atom|json|csv)$/.test(url.pathname)) return first.body;

  const { etag } = first.headers;
  subject.check("strong ETag", /^"[^"]+"$/.test(etag ?? "") ? null : `is ${etag}`);
  subject.check("Last-Modified", Number.isNaN(Date.parse(first.headers["last-modified"])) ? "is missing" : null);
  subject.check("cookie", first.headers["set-cookie"]?.join());
  subject.equal("second answer is the same", (await ask(url)).body.equals(first.body), true);

  const unchanged = await ask(url, { headers: { "If-None-Match": etag } });
  subject.equal("304 for its ETag", [unchanged.status, unchanged.body.length, unchanged.headers.etag], [304, 0, etag]);
  const head = await ask(url, { method: "HEAD" });
  subject.equal("HEAD", [head.status, head.headers["content-length"]], [200, String(first.body.length)]);
  const packed = await ask(url, { headers: { "Accept-Encoding": "gzip" } });
  subject.equal("gzip is used", packed.headers["content-encoding"], "gzip");
  if (packed.headers["content-encoding"] === "gzip") {
    subject.equal("gzip holds the same bytes", gunzipSync(packed.body).equals(first.body), true);
  }
  return first.body;
}

function ask(url, options = {}) {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, ...options }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) });
      });
    }).on("error", reject);
  });
}
