// Walks the whole demo site from its front page and checks what it meets: node crawl.mjs http://127.0.0.1:8080 FOLDER
// Pages are kept in FOLDER/pages and checked together by the Nu HTML Checker; calendar feeds are kept in FOLDER/feeds.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { fetchFeed } from "./feeds.mjs";
import { Frontier, isPage, kind } from "./links.mjs";
import { look } from "./look.mjs";
import * as nu from "./nu.mjs";
import { Report } from "./report.mjs";

const WORKERS = 2;
const START = ["/", "/calendar.ics"];
// Every kind of page that must be reachable by links from the front page.
const REACHED = [
  "/",
  "/plans/{n}",
  "/plans/{n}/items/{item}",
  "/groups",
  "/groups?kana",
  "/groups?page",
  "/groups/{id}",
  "/events",
  "/events?month",
  "/events/{id}",
  "/subscribe",
  "/calendar.ics",
  "/feeds/item/{key}.ics",
  "/feeds/group/{key}.ics",
  "/feeds/policy/{key}.ics",
  "/feeds/town/{key}.ics",
  "/feeds/category/{key}.ics",
  "/feeds/kind/{key}.ics",
  "/feeds/all.atom",
  "/feeds/all.json",
  "/feeds/all.csv",
  "/feeds/town/{key}.atom",
  "/subscribe/poster?feed",
  "/events/print?month",
  "/events/text?for&month",
  "/events/text.txt?for&month",
  "/opendata/events.csv?layout",
];
const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";
const NOT_FOUND = [
  "/nai",
  "/groups/nai",
  `/groups/${UNKNOWN_ID}`,
  `/events/${UNKNOWN_ID}`,
  "/plans/1999",
  "/plans/2009/items/9-99",
  "/feeds/town/nai.ics",
  "/feeds/town/nai.atom",
  "/subscribe/poster?feed=town/nai",
  "/embed/list?feed=town/nai",
];
// Conditions nobody can read: the page is shown and says that they were ignored.
const IGNORED = [
  "/groups?page=nai&town=nai&field=nai&kana=nai",
  "/events?month=2026-99&view=nai&town=nai",
  "/plans/2009?mark=nai&policy=99",
];
const MARKUP = encodeURIComponent(`"><script>alert(1)</script>&'\u0000\u202e`);
const HOSTILE = [`/groups?q=${MARKUP}`, `/events?q=${MARKUP}`, `/groups?q=${"あ".repeat(2000)}`, "/groups?q=%FF%FE&q=%", "/events?month=999999999-1"];

const [base, folder] = process.argv.slice(2);
if (!base || !folder) throw new Error("usage: crawl.mjs BASE_URL FOLDER");
const pages = join(folder, "pages");
const feeds = join(folder, "feeds");
await mkdir(pages, { recursive: true });
await mkdir(feeds, { recursive: true });

const report = new Report("crawl");
const browser = await launch();
const saved = [];
const titles = new Map();

try {
  const reached = await walk();
  const whole = report.subject("the whole site");
  for (const type of REACHED) whole.check("reachable by links", reached.has(type) ? null : type);
  for (const [title, kinds] of titles) {
    whole.check("title of one kind of page", kinds.size === 1 ? null : `「${title}」 names ${[...kinds].join(" and ")}`);
  }
  whole.close();
  await inParallel(NOT_FOUND.map(toUrl), (url) => visit(url, 404));
  await inParallel(IGNORED.map(toUrl), (url) => visit(url, 200, /無視/));
  await inParallel(HOSTILE.map(toUrl), (url) => visit(url));
  await checkHtml();
} finally {
  await browser.close();
}
report.close();

/** Level by level, so that the sample is the same in every run. */
async function walk() {
  const frontier = new Frontier();
  let level = frontier.take(START.map(toUrl));
  while (level.length > 0) {
    const found = await inParallel(level, (url) => (isPage(url) ? visit(url) : download(url)));
    level = frontier.take(found.flat().map(ownUrl).filter(Boolean));
  }
  return new Set(frontier.counts.keys());
}

async function visit(url, status = 200, wantedText = null) {
  const subject = report.subject(shorten(url.pathname + url.search));
  const page = await browser.newPage();
  try {
    const { title, links, html } = await look(page, url, subject, status);
    if (status === 200) titles.set(title, (titles.get(title) ?? new Set()).add(kind(new URL(new URL(page.url()).pathname, base))));
    if (wantedText) subject.check("notice", wantedText.test(html) ? null : `no ${wantedText} in the page`);
    saved.push(subject);
    await writeFile(join(pages, `${saved.length - 1}.html`), html);
    return links;
  } catch (error) {
    subject.check("could be looked at", error.message.split("\n")[0]);
    return [];
  } finally {
    await page.close();
    subject.close();
  }
}

async function download(url) {
  const subject = report.subject(url.pathname + url.search);
  try {
    const body = await fetchFeed(url, subject);
    if (/\.(ics|atom)$/.test(url.pathname)) await writeFile(join(feeds, encodeURIComponent(url.pathname.slice(1))), body);
  } catch (error) {
    subject.check("could be fetched", error.message);
  } finally {
    subject.close();
  }
  return [];
}

async function checkHtml() {
  const faults = await nu.faults(pages);
  const html = report.subject("Nu HTML Checker");
  saved.forEach(({ title }, index) => {
    html.check(title, faults.get(`${index}.html`));
  });
  html.close();
}

/** The address itself when it is on this site; webcal links count as the http address they stand for. */
function ownUrl(href) {
  if (!URL.canParse(href)) return null;
  const url = new URL(href.replace(/^webcal:/, "http:"));
  if (url.origin !== new URL(base).origin) return null;
  url.hash = "";
  return url;
}

function toUrl(path) {
  return new URL(path, base);
}

function shorten(text) {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

async function inParallel(urls, act) {
  const answers = [];
  const waiting = urls.entries();
  const work = async () => {
    for (const [index, url] of waiting) answers[index] = await act(url);
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return answers;
}
