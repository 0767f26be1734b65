// Which links the crawl follows: every kind of page, but only a few of each kind.

const SAMPLES = { "/plans/{n}/items/{item}": 6, "/groups/{id}": 5, "/events/{id}": 5, "/subscribe?feed": 6 };
const OTHERWISE = 3;
// Pages under several conditions at once differ little from one another.
const UNDER_CONDITIONS = 1;

/** The kind of an address: ids, codes and query values are taken out, so that /groups/1 and /groups/2 are one kind. */
export function kind(url) {
  const path = url.pathname
    .split("/")
    .map((part) =>
      part
        .replace(/^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}/i, "{id}")
        .replace(/^\d+-\d+/, "{item}")
        .replace(/^\d+/, "{n}"),
    )
    .join("/")
    .replace(/^(\/feeds\/[a-z]+)\/[^/.]+/, "$1/{key}");
  const keys = [...url.searchParams].filter(([, value]) => value !== "").map(([key]) => key);
  return keys.length === 0 ? path : `${path}?${[...new Set(keys)].sort().join("&")}`;
}

function sample(type) {
  return SAMPLES[type] ?? (type.includes("&") ? UNDER_CONDITIONS : OTHERWISE);
}

/** True for what a browser shows as a page; feeds and downloads are fetched instead. */
export function isPage(url) {
  return !/\.[a-z0-9]{2,5}$/i.test(url.pathname);
}

/** Hands out each address once, and of each kind only a sample. */
export class Frontier {
  seen = new Set();
  counts = new Map();

  take(urls) {
    return urls.filter((url) => {
      const address = url.pathname + url.search;
      const type = kind(url);
      const count = this.counts.get(type) ?? 0;
      if (this.seen.has(address) || count >= sample(type)) return false;
      this.seen.add(address);
      this.counts.set(type, count + 1);
      return true;
    });
  }
}
