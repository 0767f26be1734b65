// What people come for, done the way they would do it: node journeys.mjs http://127.0.0.1:8080
// All but one go without JavaScript; what they look for is found by role, label and visible words.
import { launch } from "./chromium.mjs";
import { Report } from "./report.mjs";

const [base] = process.argv.slice(2);
if (!base) throw new Error("usage: journeys.mjs BASE_URL");
const report = new Report("journeys");
const browser = await launch();

/** One journey in a browser of its own; a step that cannot be taken is a fault of the journey. */
async function journey(title, walk, options = {}) {
  const subject = report.subject(title);
  const context = await browser.newContext({ baseURL: base, javaScriptEnabled: false, ...options });
  context.setDefaultTimeout(5000);
  try {
    await walk(await context.newPage(), subject);
  } catch (error) {
    subject.check("every step can be taken", error.message.split("\n").slice(0, 3).join(" "));
  }
  await context.close();
  subject.close();
}

const main = (page) => page.getByRole("main");
const address = (page) => main(page).getByRole("textbox", { name: "購読のアドレス" });
const menu = (page, name) => page.getByRole("navigation", { name: "主なページ" }).getByRole("link", { name, exact: true });
const count = async (page) => Number((await main(page).getByRole("status").first().innerText()).match(/\d+/)?.[0]);
/** Takes a step that opens another page, and waits for that page. */
const go = (page, step) => Promise.all([page.waitForEvent("load"), step]);
const submit = (page) => go(page, main(page).getByRole("button").first().press("Enter"));
const names = (page, path) => main(page).locator(`a[href^="${path}"]`).allInnerTexts();

async function search(page, words) {
  await page.goto("/groups");
  await page.getByRole("searchbox").fill(words);
  await go(page, page.getByRole("searchbox").press("Enter"));
  const found = await names(page, "/groups/");
  return { count: await count(page), names: found.filter((name) => name !== "登録のしかた・申請") };
}

await journey("a resident finds what is on this Sunday", async (page, subject) => {
  await page.goto("/");
  await go(page, menu(page, "予定").click());
  const table = main(page).getByRole("table");
  const column = (await table.getByRole("columnheader").allInnerTexts()).findIndex((text) => text.startsWith("日"));
  const entries = table.locator(`tbody td:nth-child(${column + 1})`).getByRole("link").filter({ hasText: /\d:\d\d/ });
  for (let month = 0; month < 2 && (await entries.count()) === 0; month += 1) {
    await go(page, main(page).locator('a[rel="next"]').click());
  }
  const name = (await entries.first().innerText()).replace(/^\d+:\d+\s*/, "").trim();
  await go(page, entries.first().click());
  const heading = await main(page).getByRole("heading", { level: 1 }).innerText();
  subject.check("the entry of that name opens", heading.includes(name.replace("【中止】", "")) ? null : `${heading}, not ${name}`);
  const text = await main(page).innerText();
  subject.check("its Sunday is written out with the era", /令和\d+年\d+月\d+日\s?\(日/.test(text) ? null : text.slice(0, 200));
  subject.check("a place is given", text.includes("場所") ? null : "no 場所");
});

await journey("a month lies between the month before and the month after", async (page, subject) => {
  await page.goto("/events?month=2026-12&view=month");
  const heading = main(page).getByRole("heading", { level: 1 });
  subject.check("December", (await heading.innerText()).includes("令和8年12月") ? null : await heading.innerText());
  await go(page, main(page).locator('a[rel="next"]').click());
  subject.check("January", (await heading.innerText()).includes("令和9年1月") ? null : await heading.innerText());
  subject.check("New Year's Day has its name", (await main(page).innerText()).includes("元日") ? null : "no 元日");
});

await journey("a cancelled entry says so in the month and on its own page", async (page, subject) => {
  await page.goto("/events?view=month");
  const cancelled = main(page).getByRole("link").filter({ hasText: "【中止】" });
  for (let month = 0; month < 6 && (await cancelled.count()) === 0; month += 1) {
    await go(page, main(page).locator('a[rel="next"]').click());
  }
  await go(page, cancelled.first().click());
  subject.check("the page", (await main(page).innerText()).includes("中止") ? null : "does not say 中止");
});

await journey("a group is found however its place is written", async (page, subject) => {
  const all = await search(page, "");
  subject.equal("all groups", all.count, 66);
  const tsushima = await search(page, "対馬");
  subject.check("対馬 finds some and not all", tsushima.count > 0 && tsushima.count < 66 ? null : `${tsushima.count}`);
  for (const words of ["つしま", "ツシマ", "ﾂｼﾏ"]) {
    const found = await search(page, words);
    const missing = tsushima.names.filter((name) => found.count === tsushima.count && !found.names.includes(name));
    subject.equal(`${words} finds as many as 対馬`, found.count, tsushima.count);
    subject.equal(`${words} finds the same as 対馬`, missing, []);
  }
  const kechi = await search(page, "鶏知");
  subject.check("鶏知 finds some", kechi.count > 0 ? null : "none");
  for (const words of ["雞知", "けち"]) subject.equal(`${words} finds as many as 鶏知`, (await search(page, words)).count, kechi.count);
  const both = await search(page, "見本　清掃");
  subject.check("two words narrow the search", both.count > 0 && both.count < 66 ? null : `${both.count}`);
  const none = await search(page, "ここにない言葉");
  subject.equal("a word that nobody uses finds none", [none.count, none.names], [0, []]);
  subject.equal("the words stay in the box", await page.getByRole("searchbox").inputValue(), "ここにない言葉");
});

await journey("the plan shows its items by mark", async (page, subject) => {
  await page.goto("/plans/2009");
  const items = main(page).locator('a[href*="/plans/2009/items/"]');
  const codes = async () => new Set(await items.evaluateAll((links) => links.map((link) => link.pathname))).size;
  subject.equal("all items", await codes(), 38);
  const legend = await main(page).innerText();
  for (const words of ["市民と市が主体", "市が主体", "市民が主体"]) subject.check("legend", legend.includes(words) ? null : words);
  for (const [mark, wanted] of [["◎", 26], ["●", 12], ["★", 0]]) {
    const select = page.getByLabel("主体", { exact: true });
    const option = select.locator("option", { hasText: mark });
    await select.selectOption(await option.getAttribute("value"));
    await submit(page);
    subject.equal(`items marked ${mark}`, [await count(page), await codes()], [wanted, wanted]);
  }
});

await journey("what stands under 2-04 also stands under 3-01", async (page, subject) => {
  const evidence = async (code) => {
    await page.goto(`/plans/2009/items/${code}`);
    return [...new Set(await names(page, "/events/"))].sort();
  };
  const meetings = await evidence("2-04");
  subject.check("2-04 has evidence", meetings.length > 0 ? null : "none");
  subject.equal("3-01 has the same", await evidence("3-01"), meetings);
});

await journey("the keyboard is enough", async (page, subject) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  const skip = page.locator(":focus");
  subject.equal("first stop", await skip.innerText(), "本文へ移動");
  const box = await skip.boundingBox();
  subject.check("it can be seen", box && box.y >= 0 && box.x >= 0 ? null : JSON.stringify(box));
  await page.keyboard.press("Enter");
  subject.equal("it leads to", new URL(page.url()).hash, "#main");
  await page.goto("/");
  await tabTo(page, menu(page, "団体"));
  await go(page, page.keyboard.press("Enter"));
  subject.equal("the menu leads to", new URL(page.url()).pathname, "/groups");
  await tabTo(page, page.getByRole("searchbox"));
  await page.keyboard.type("読み聞かせ");
  await go(page, page.keyboard.press("Enter"));
  subject.equal("the search goes to", new URL(page.url()).searchParams.get("q"), "読み聞かせ");
  subject.check("and finds", (await count(page)) > 0 ? null : "nothing");
});

/** Presses Tab until the focus is on `wanted`. */
async function tabTo(page, wanted) {
  for (let stops = 0; stops < 60; stops += 1) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`no way by Tab to ${wanted}`);
}

await journey("a calendar address can be copied", async (page, subject) => {
  await page.goto("/subscribe");
  const url = await address(page).inputValue();
  subject.check("address", /^https?:\/\/.*\.ics$/.test(url) ? null : url);
  await page.getByRole("button", { name: "アドレスをコピー" }).click();
  subject.equal("clipboard", await page.evaluate(() => navigator.clipboard.readText()), url);
  subject.check("it says so", (await main(page).innerText()).includes("コピーしました") ? null : "no word of it");
  const answer = await page.request.get(url);
  subject.equal("the address answers", [answer.status(), answer.headers()["content-type"]], [200, "text/calendar; charset=utf-8"]);
  const apple = await main(page).locator('a[href^="webcal:"]').getAttribute("href");
  subject.equal("webcal", apple.replace(/^webcal/, new URL(url).protocol.slice(0, -1)), url);
  const google = new URL(await main(page).locator('a[href^="https://calendar.google.com/"]').getAttribute("href"));
  subject.equal("Google is given the webcal address", google.searchParams.get("cid"), apple);
  subject.equal("QR code", await main(page).getByRole("img", { name: /QR/ }).count(), 1);
}, { javaScriptEnabled: true, permissions: ["clipboard-read", "clipboard-write"] });

await journey("without JavaScript a calendar of one town is chosen and read", async (page, subject) => {
  await page.goto("/subscribe");
  const whole = await address(page).inputValue();
  subject.equal("copy button", await page.getByRole("button", { name: "アドレスをコピー" }).count(), 0);
  const select = page.getByRole("combobox", { name: "受け取る予定" });
  await select.selectOption(await select.locator('option[value^="town/"]').first().getAttribute("value"));
  await submit(page);
  const town = await address(page).inputValue();
  subject.check("another address", town !== whole && town.includes("/feeds/") ? null : town);
  const size = async (url) => ((await (await page.request.get(url)).text()).match(/BEGIN:VEVENT/g) ?? []).length;
  const [some, all] = [await size(town), await size(whole)];
  subject.check("fewer entries", some > 0 && some < all ? null : `${some} of ${all}`);
});

await journey("without JavaScript two towns are combined, subscribed to and put on a poster", async (page, subject) => {
  await page.goto("/events?view=list");
  await page.goto("/subscribe");
  await page.getByText("いくつかの町や分類を組み合わせて選ぶ").click();
  const towns = main(page).getByRole("group", { name: "町" }).getByRole("checkbox");
  await towns.nth(0).check();
  await towns.nth(1).check();
  await go(page, page.getByRole("button", { name: "この組み合わせにする" }).click());
  const url = await address(page).inputValue();
  subject.check("a short address", /\/feeds\/c\/[0-9a-z]{10}\.ics$/.test(url) ? null : url);
  subject.equal("the boxes stay ticked", await towns.evaluateAll((boxes) => boxes.map((box) => box.checked).slice(0, 3)), [true, true, false]);
  const answer = await page.request.get(url);
  subject.equal("the address answers", [answer.status(), answer.headers()["content-type"]], [200, "text/calendar; charset=utf-8"]);
  const here = page.url();
  await go(page, main(page).getByRole("link", { name: /ポスター/ }).click());
  subject.equal("code on the poster", await main(page).getByRole("img", { name: /QR/ }).count(), 1);
  await go(page, page.getByRole("link", { name: "購読のページに戻る" }).click());
  subject.equal("back again", page.url(), here);
});

await journey("a clerk takes the month as text for the magazine and prints it for the neighbourhood", async (page, subject) => {
  await page.goto("/events");
  await go(page, page.getByRole("link", { name: /印刷する/ }).click());
  await go(page, page.getByRole("link", { name: "回覧板の形にする" }).click());
  subject.check("seals", (await main(page).innerText()).includes("読んだら印を押して") ? null : "no boxes");
  await page.emulateMedia({ media: "print" });
  subject.equal("hints are not printed", await page.getByText("このまま印刷してください").isVisible(), false);
  await page.emulateMedia({ media: "screen" });
  await go(page, page.getByRole("link", { name: "有線テレビの文字放送" }).click());
  const text = await main(page).getByRole("textbox", { name: "組んだ文" }).inputValue();
  const longest = Math.max(...text.split("\n").map((line) => [...line].length));
  subject.check("no line is too long for the screen", longest > 5 && longest <= 20 ? null : `${longest} letters`);
});

await journey("what is printed is the content alone", async (page, subject) => {
  await page.goto("/events?view=list");
  await page.emulateMedia({ media: "print" });
  subject.equal("menus", await page.locator("nav:visible").count(), 0);
  subject.equal("forms", await page.locator("form:visible").count(), 0);
  subject.check("heading", (await main(page).getByRole("heading", { level: 1 }).isVisible()) ? null : "is not printed");
});

await browser.close();
report.close();
