// What is looked at on every page, whatever it shows.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 320, height: 640 };
// A4 between 15 mm margins, in CSS pixels.
const PAPER = { width: 680, height: 1000 };

/** Opens `url` in a fresh page, checks it into `subject`, and returns its title, its links and the HTML as it was sent. */
export async function look(page, url, subject, wantedStatus = 200) {
  const complaints = listen(page, url.origin, wantedStatus);
  await page.setViewportSize(DESK);
  const response = await page.goto(url.href, { waitUntil: "load" });
  subject.equal("status", response.status(), wantedStatus);
  subject.equal("content type", response.headers()["content-type"], "text/html; charset=utf-8");
  const html = await response.text();

  const shape = await page.evaluate(readShape);
  subject.equal("language", shape.language, "ja");
  subject.equal("h1 and main", [shape.headings, shape.mains], [1, 1]);
  subject.check("title", shape.title.trim() === "" ? "is empty" : null);
  subject.check("links inside the page", shape.brokenFragments);

  await page.evaluate(axeSource);
  subject.check("accessibility at 1280 px", await violations(page));
  await page.setViewportSize(PHONE);
  subject.check("accessibility at 320 px", await violations(page));
  subject.check("width at 320 px", await overflow(page));
  await page.setViewportSize(PAPER);
  await page.emulateMedia({ media: "print" });
  subject.equal("navigation on paper", await page.locator("nav:visible").count(), 0);
  subject.check("width on paper", await overflow(page));
  await page.emulateMedia({ media: null });
  subject.check("browser's complaints", [...complaints]);
  return { title: shape.title, links: shape.links, html };
}

/** Collects what the browser complains of, and every request that leaves the site. */
function listen(page, origin, wantedStatus) {
  const heard = new Set();
  page.on("console", (message) => {
    const expected = wantedStatus !== 200 && message.text().includes(`status of ${wantedStatus}`);
    if (["error", "warning"].includes(message.type()) && !expected) heard.add(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => heard.add(`script: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) heard.add(`asks elsewhere: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && response.status() !== wantedStatus) heard.add(`${response.status()} for ${response.url()}`);
  });
  return heard;
}

async function violations(page) {
  const result = await page.evaluate((standards) => {
    return globalThis.axe.run(document, { runOnly: { type: "tag", values: standards }, resultTypes: ["violations"] });
  }, STANDARDS);
  return result.violations.map(({ id, help, nodes }) => {
    return `${id} (${help}), ${nodes.length} times, first ${nodes[0].target.join(" ")}: ${nodes[0].html.slice(0, 160)}`;
  });
}

async function overflow(page) {
  return page.evaluate(() => {
    const excess = document.scrollingElement.scrollWidth - window.innerWidth;
    if (excess <= 0) return null;
    const wide = [...document.querySelectorAll("main *, header *, footer *")]
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
      .slice(-1)
      .map((element) => element.outerHTML.slice(0, 160));
    return `${excess} px too wide, for example ${wide[0] ?? "?"}`;
  });
}

/** Runs inside the page. */
function readShape() {
  const links = [...document.querySelectorAll("a[href]")].map((link) => link.href);
  // What a search form leads to: each of its lists with the second choice (the first is everything), and with one choice of each shelf.
  const choices = [...document.querySelectorAll('form[method="get"] select')].flatMap((list) => {
    const options = [list.options[1], ...[...list.querySelectorAll("optgroup")].map((shelf) => shelf.querySelector("option"))];
    return options.filter(Boolean).map(({ value }) => `${list.form.action}?${new URLSearchParams({ [list.name]: value })}`);
  });
  const here = location.href.split("#")[0];
  const brokenFragments = links
    .filter((link) => link.startsWith(`${here}#`))
    .map((link) => decodeURIComponent(link.slice(here.length + 1)))
    .filter((id) => id !== "" && !document.getElementById(id))
    .map((id) => `#${id} is not on the page`);
  return {
    language: document.documentElement.lang,
    headings: document.querySelectorAll("h1").length,
    mains: document.querySelectorAll("main").length,
    title: document.title,
    links: [...links, ...choices],
    brokenFragments: [...new Set(brokenFragments)],
  };
}
