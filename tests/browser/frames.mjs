// Another site shows the month and the list in frames: node frames.mjs http://127.0.0.1:8080 [FOLDER FOR PICTURES]
import { createServer } from "node:http";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { Report } from "./report.mjs";

const [base, folder] = process.argv.slice(2);
if (!base) throw new Error("usage: frames.mjs BASE_URL [FOLDER]");
const report = new Report("frames");
const browser = await launch();

// The page of a group somewhere else: another port is another origin.
const frame = (path, width) => `<iframe src="${base}${path}" title="${path} ${width}" width="${width}" height="600"></iframe>`;
const html = `<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><title>見本の会</title><h1>見本の会</h1>
${frame("/embed/list", 280)}${frame("/embed/month", 280)}${frame("/embed/list?kind=event", 700)}${frame("/embed/month?kind=event,meeting", 800)}
<iframe src="${base}/events" title="refused" width="300" height="200"></iframe>`;
const server = createServer((_, response) => response.setHeader("content-type", "text/html; charset=utf-8").end(html));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const context = await browser.newContext({ javaScriptEnabled: true, viewport: { width: 1280, height: 1400 } });
const page = await context.newPage();
const refusals = [];
page.on("console", (message) => message.type() === "error" && refusals.push(message.text()));
const subject = report.subject("another site shows the month and the list in frames");
try {
  await page.goto(`http://127.0.0.1:${server.address().port}/`, { waitUntil: "networkidle" });
  if (folder) await page.screenshot({ path: join(folder, "frames.png"), fullPage: true });
  for (const [index, width] of [280, 280, 700, 800].entries()) {
    const handle = await page.locator("iframe").nth(index).elementHandle();
    const inside = await handle.contentFrame();
    const name = `${await handle.getAttribute("title")}`;
    subject.equal(`${name}: heading`, await inside.locator("h1").count(), 1);
    subject.check(`${name}: entries`, (await inside.locator('a[href*="/events/"]').count()) > 0 ? null : "there are none");
    const room = await inside.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    subject.check(`${name}: fits`, room[0] <= room[1] ? null : `${room[0]} px in ${room[1]} px of ${width}`);
    subject.equal(`${name}: credit`, await inside.locator(".embed-credit a").count(), 1);
    const away = await inside.locator('a:not([target="_blank"])').evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    subject.equal(`${name}: links that stay inside lead to other months only`, away.filter((href) => !href.startsWith("/embed/month?")), []);
  }
  const [opened] = await Promise.all([context.waitForEvent("page"), page.frameLocator("iframe >> nth=0").locator('a[href*="/events/"]').first().click()]);
  await opened.waitForLoadState();
  subject.check("an entry opens beside the other site", /\/events\/[0-9a-f-]{36}$/.test(opened.url()) ? null : opened.url());
  const moved = page.waitForEvent("framenavigated", { predicate: (one) => one.url().includes("month="), timeout: 10000 });
  await Promise.all([moved, page.frameLocator("iframe >> nth=3").locator('a[rel="next"]').click()]);
  subject.check("the next month shows inside", page.frames().some((one) => one.url().includes("month=")) ? null : "no frame moved");
  subject.equal("cookies", await context.cookies(), []);
  subject.check("what is no frame is refused", refusals.some((text) => text.includes("frame-ancestors")) ? null : refusals.join("; ") || "it was shown");
} catch (error) {
  subject.check("every step can be taken", error.message.split("\n").slice(0, 3).join(" "));
}
subject.close();
server.close();
await browser.close();
report.close();
