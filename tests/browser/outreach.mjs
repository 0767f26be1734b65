// 出前説明会 in the browser: asked for with three wishes, one refused by the way there, planned, decided, moved, withdrawn, reported, and found at the plan.
// Usage: node outreach.mjs http://127.0.0.1:8080 DATA_DIR
import { own } from "./own.mjs";

const { journey, close } = await own("outreach", process.argv);
const MAIL = "mihon-uketsuke@example.jp";
const BODY = "見本 読み聞かせの会";
let evening;

/** The day of 令和8年12月17日(木) 19:00から as 2026-12-17. */
function iso(words) {
  const [, year, month, day] = words.match(/令和(\d+|元)年(\d+)月(\d+)日/);
  const number = year === "元" ? 1 : Number(year);
  return `${2018 + number}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** So many days after a day, passing over weekends. */
function later(day, count) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  while ([0, 6].includes(date.getUTCDay())) date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

await journey("staff see what waits, the week and the month", async ({ page, main, signIn, look, go, subject }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/staff/outreach");
  await look("the board");
  const row = page.locator("tr", { hasText: "見本ヶ原" }).first();
  evening = iso(await row.locator("li").first().innerText());
  subject.equal("the clock counts open days", /あと\d+開庁日/.test(await row.innerText()), true);
  await page.goto(`/staff/outreach/week?day=${evening}`);
  await look("the week of everybody");
  subject.equal("other duties stand in it", (await page.locator(".lane-duty").count()) >= 4, true);
  await page.goto("/staff/outreach/month");
  await look("the month");
  await page.goto("/staff/outreach/topics");
  await look("the menu as staff keep it");
  await go(main.getByRole("link", { name: "内容を加える" }).click());
  await look("a topic to be added");
  await page.goto("/staff/outreach/people");
  await look("who can be sent");
});

await journey("a circle asks with three wishes and one is refused by the way there", async ({ page, main, secret, look, go, subject }) => {
  await page.goto("/");
  await go(page.getByRole("link", { name: "出前説明会を申し込む" }).click());
  await look("the menu and the rules");
  await go(main.getByRole("link", { name: /申込用紙/ }).click());
  await look("the form on paper");
  await page.goto("/outreach");
  await go(main.getByRole("link", { name: "申し込む", exact: true }).click());
  await look("the empty form");
  await page.locator("#f-topic").selectOption({ index: 1 });
  await main.getByLabel("そのほかの団体・サークル・集まり", { exact: true }).check();
  await page.locator("#f-circle").fill(BODY);
  await page.locator("#f-circle_town").selectOption({ label: "上対馬町" });
  await page.locator("#f-contact_name").fill("見本 花子");
  await page.locator("#f-mail").fill(MAIL);
  await page.locator("#f-phone").fill("0920-00-0009");
  await page.locator("#f-place").fill("見本文化館 和室");
  await page.locator("#f-town").selectOption({ label: "上対馬町" });
  await page.locator("#f-people").fill("9人");
  await go(main.getByRole("button", { name: "職員が伺える日時を見る" }).click());
  await look("the free times");
  subject.equal("there are free times", (await page.locator(".free-days li").count()) > 5, true);
  const days = [evening, later(evening, 1), later(evening, 5)];
  for (const [at, day] of days.entries()) {
    await page.locator(`#f-day${at + 1}`).fill(day);
    await page.locator(`#f-starts${at + 1}`).fill(at === 0 ? "19:00" : "14:00");
  }
  await page.locator("#f-until3").fill("16:30");
  await go(main.getByRole("button", { name: "確認のメールを受け取る" }).click());
  await look("a wish that nobody can reach");
  const fault = await page.locator("#e-day1").innerText();
  subject.equal("the reason names the minutes", /移動に?\d+分|車\d+分|\d+分足りません/.test(fault) && fault.includes("足りません"), true);
  subject.equal("only that wish is refused", await page.locator("#e-day2, #e-day3").count(), 0);
  subject.equal("nobody is named", /出前 [一二三]/.test(fault), false);
  await page.locator("#f-day1").fill(later(evening, 6));
  await page.locator("#f-starts1").fill("10:30");
  await go(main.getByRole("button", { name: "確認のメールを受け取る" }).click());
  await look("sent, not confirmed yet");
  const link = await secret("outreach.link", "リンク", MAIL);
  await page.goto(new URL(link).pathname);
  await look("opened by the letter");
  await go(main.getByRole("button", { name: "この内容で申し込む" }).click());
  await look("received");
  subject.equal("it has its number", /受付第\d+号/.test(await main.innerText()), true);
  await go(main.getByRole("link", { name: "申込の内容を直す" }).click());
  await look("changing it");
  await page.locator("#f-people").fill("11人");
  await go(main.getByRole("button", { name: "この内容に直す" }).click());
  subject.equal("it is changed", (await main.innerText()).includes("およそ11人"), true);
});

await journey("staff plan everything, decide, move one, take a withdrawal in, report two", async ({ page, main, signIn, look, go, subject, context }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/staff/outreach/plan");
  await look("the plan of everything that waits");
  subject.equal("it says that it is the best", (await main.innerText()).includes("確かめました"), true);
  const unserved = page.locator("article.box", { hasText: "見本ヶ原" });
  subject.equal("what cannot be served says why, with minutes", /\d+分/.test(await unserved.innerText()), true);
  const count = await page.locator("input[name=take]").count();
  await go(main.getByRole("button", { name: "選んだ申込を仮押さえする" }).click());
  await look("what was held");
  subject.equal("all of it is held", (await page.getByText("仮押さえしました。").count()) === count, true);
  await page.goto("/staff/outreach");
  await go(main.getByRole("link", { name: BODY }).click());
  await look("a request with what is held");
  await page.getByLabel("条件・その他(決定通知書に載ります)").fill("駐車場は2台までお使いください。");
  await go(main.getByRole("button", { name: /この日時に決定する/ }).click());
  await look("decided");
  await go(main.getByRole("link", { name: /決定通知書/ }).click());
  await look("the notice on paper");
  subject.equal("it is numbered", /出前第\d+号/.test(await main.innerText()), true);
  await go(main.getByRole("link", { name: "もとのページに戻る" }).click());
  await go(main.getByRole("link", { name: "手紙を確かめて送り出す" }).click());
  await look("the letters of the decision, held");
  await go(main.getByRole("button", { name: /すべて送信する/ }).click());
  await page.goto("/staff/outreach");
  // Moved: the one that was decided before.
  await go(page.locator("table", { hasText: "日時の順" }).getByRole("link", { name: /見本 子育ての会/ }).click());
  await go(main.getByRole("link", { name: /日時・会場・職員を変える/ }).click());
  await look("moving a session");
  await page.locator("#f-starts").fill("13:30");
  await go(main.getByRole("button", { name: "この日時と場所に行ける職員を見る" }).click());
  await look("who could go then");
  await page.locator("#f-ground").fill("会場の都合のため");
  await go(main.getByRole("button", { name: /変更し/ }).click());
  await look("moved");
  subject.equal("the notice of the change is there", await main.getByRole("link", { name: /変更通知書/ }).count(), 1);
  // Withdrawn by telephone.
  await page.goto("/staff/outreach");
  await go(main.getByRole("link", { name: /見本浦/ }).first().click());
  await main.getByText("取下げを受け付ける", { exact: true }).first().click();
  await main.getByLabel("電話", { exact: true }).check();
  await page.locator("#f-reason").fill("区の役員が交代するため");
  await go(main.getByRole("button", { name: "取下げを受け付ける" }).click());
  await look("withdrawn");
  // A typhoon day is looked at, not called off.
  await page.goto("/staff/outreach/closing");
  await page.locator("#f-first").fill(evening);
  await page.locator("#f-last").fill(later(evening, 20));
  for (const box of await page.locator("input[name=town]").all()) await box.check();
  await page.locator("#f-reason").fill("台風の接近のため");
  await go(main.getByRole("button", { name: "あてはまる説明会を見る" }).click());
  await look("what a typhoon would call off");
  // Two reports.
  for (const name of ["小浦", "見本 写真の会"]) {
    await page.goto("/staff/outreach");
    await go(main.getByRole("link", { name: new RegExp(`${name}.*報告を書く`) }).click());
    await look(`the report of ${name}`);
    await main.getByLabel("実施した", { exact: true }).check();
    await page.locator("#f-people").fill("12");
    await page.locator("#f-content").fill("協働のことをお話ししました。");
    await go(main.getByRole("button", { name: /保存/ }).first().click());
    await look(`${name}, reported`);
  }
  await page.goto("/staff/outreach/results");
  await look("what came of the year");
  const plain = await context.newPage();
  await plain.goto("/plans/2009/items/1-01");
  subject.equal("the district is evidence for 1-01", (await plain.getByRole("main").innerText()).includes("報告済み"), true);
  await plain.goto("/plans/2009/items/1-02");
  subject.equal("the circle counts for 1-02 without its name", (await plain.getByRole("main").innerText()).includes("見本 写真の会"), false);
  subject.equal("and as a number", /公開していない出前説明会/.test(await plain.getByRole("main").innerText()), true);
});

await journey("the applicant reads the decision only once it was released", async ({ page, main, secret, look, subject }) => {
  const link = await secret("outreach.received", "リンク", MAIL);
  await page.goto(new URL(link).pathname);
  await look("the own page after the decision");
  subject.equal("the day stands there", (await main.innerText()).includes("日時が決まりました"), true);
});

await close();
