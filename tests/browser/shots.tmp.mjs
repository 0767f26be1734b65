import { launch } from "./chromium.mjs";
const [,, cookie, ...paths] = process.argv;
const browser = await launch();
for (const [w,h] of [[1280,900],[360,740]]) {
  const context = await browser.newContext({ baseURL: "http://127.0.0.1:8123", viewport: { width: w, height: h } });
  if (cookie !== "-") await context.addCookies([{ name: "kyodo", value: cookie, url: "http://127.0.0.1:8123" }]);
  const page = await context.newPage();
  let n = 0;
  for (const path of paths) {
    await page.goto(path);
    await page.screenshot({ path: `/tmp/shot-${n}-${w}.png`, fullPage: true });
    n++;
  }
}
await browser.close();
