// Calendar entries of groups: node desk.mjs BASE_URL DATA_DIR beside a running demo.
import { own } from "./own.mjs";

const { journey, close } = await own("desk", process.argv);
const TITLE = "見本 浜のごみ調べ";
let entry = "";

/** A day so many days ahead, as date fields take it. */
function ahead(days) {
  return new Date(Date.now() + days * 86400000 + 9 * 3600000).toISOString().slice(0, 10);
}

const press = (page, name) => page.getByRole("main").getByRole("button", { name }).first().click();

await journey("A group adds a weekly entry, looks at it first, and changes and cancels one of its days", async (kit) => {
  const { page, look, go, signIn, subject } = kit;
  await signIn("mihon01@example.jp");
  await page.goto("/events/new");
  await look("the empty form");
  await page.locator("form.form").evaluate((form) => form.setAttribute("novalidate", ""));
  await go(press(page, "保存する"));
  await look("the form with its faults");
  subject.equal("the faults are counted", (await page.locator("#faults").innerText()).endsWith("か所を直してください"), true);
  await page.getByLabel("主催する団体").selectOption({ index: 1 });
  await page.getByLabel("名称", { exact: false }).first().fill(TITLE);
  await page.getByLabel("分類").selectOption({ label: "生活と環境" });
  await page.locator("#f-from").fill(ahead(20));
  await page.locator("#f-begins").fill("10:00");
  await page.locator("#f-ends").fill("12:00");
  await page.getByText("くり返す予定のとき").click();
  await page.locator("#f-repeat").selectOption("week");
  await page.locator("#f-repeat_count").fill("4");
  await page.locator("#f-facility").selectOption("izuhara-community-hall");
  await go(press(page, "保存する前に見てみる"));
  subject.equal("the repetition is said in words", (await page.getByRole("main").innerText()).includes("全4回"), true);
  await look("what would be kept");
  await go(press(page, "書き直す"));
  subject.equal("everything typed is there", await page.locator("#f-title").inputValue(), TITLE);
  await go(press(page, "保存する前に見てみる"));
  await go(press(page, "この内容で保存する"));
  await look("the entries of the group");
  subject.equal("it waits", await page.getByRole("heading", { name: /確認を待っている予定/ }).count(), 1);
});

await journey("A clerk looks at it, lets everybody see it and trusts the group", async (kit) => {
  const { page, look, go, signIn, subject } = kit;
  await signIn("shokuin@example.jp");
  await page.goto("/staff/events");
  await look("the calendar for staff");
  await go(page.getByRole("link", { name: TITLE }).first().click());
  await look("an entry that waits");
  await page.getByLabel(/次からはすぐに公開する/).check();
  await go(press(page, "公開する"));
  await look("an entry that was approved");
  entry = new URL(page.url()).pathname.split("/").pop();
  await page.goto(`/events/${entry}`);
  subject.equal("everybody sees it", await page.locator("h1").innerText(), TITLE);
  await look("the public page");
  await page.goto("/staff/events");
  await go(page.locator("#waiting ~ ul a").first().click());
  await page.locator("form[action$=refusal]").evaluate((form) => form.setAttribute("novalidate", ""));
  await go(press(page, "見送る"));
  await look("a refusal without a reason");
});

await journey("A group changes one day of its series and cancels another", async (kit) => {
  const { page, look, go, signIn, subject } = kit;
  await signIn("mihon01@example.jp");
  await page.goto(`/events/${entry}`);
  await go(page.getByRole("link", { name: "主催団体の方はこちらから直せます" }).click());
  await look("which days are meant");
  await page.locator("#one-at").selectOption({ index: 1 });
  await go(press(page, "この回だけを直す"));
  await look("the form of one day");
  await page.locator("#f-begins").fill("11:00");
  await go(press(page, "保存する"));
  subject.equal("it says so", (await page.getByRole("status").innerText()).includes("予定を直しました。"), true);
  await page.goto(`/events/${entry}/cancel`);
  await look("cancelling");
  await page.getByLabel("下で選ぶ回だけ").check();
  await page.locator("#f-at").selectOption({ index: 2 });
  await page.locator("#f-reason").fill("会場の点検のため中止します。");
  await go(press(page, "中止を知らせる"));
  await look("the entries of the group after a change");
  await page.goto(`/events/${entry}`);
  subject.equal("one day is marked", await page.getByRole("main").getByText("中止", { exact: true }).count(), 1);
  await look("the public page with a cancelled day");
  // At the same place and time, the form asks first.
  await page.goto(`/events/new?copy=${entry}`);
  await page.locator("#f-from").fill(ahead(20));
  await page.locator("#f-repeat").selectOption("");
  await page.locator("#f-repeat_count").fill("");
  await go(press(page, "保存する"));
  subject.equal("the clash is told", await page.locator("h1").innerText(), "ほかの予定と重なっています");
  await look("a clash");
});

await journey("A resident reports an error, and a clerk answers", async (kit) => {
  const { page, look, go, signIn, subject } = kit;
  await page.goto(`/events/${entry}`);
  await go(page.getByRole("link", { name: "まちがいを知らせる" }).click());
  await look("the form of a report");
  await page.locator("#f-body").fill("駐車場の場所が違うようです。");
  await page.locator("#f-mail").fill("mihon-shimin@example.jp");
  await go(press(page, "知らせる"));
  await look("thanks for a report");
  await signIn("kanri@example.jp");
  await page.goto("/staff/reports");
  await look("the reports");
  await go(page.getByRole("link", { name: TITLE }).first().click());
  await look("a report");
  await page.locator("#f-note").fill("団体に電話で確かめ、直した。");
  await page.locator("#f-answer").fill("ご指摘のとおり直しました。");
  await go(press(page, "対応を記録する"));
  await look("a settled report");
  subject.equal("it is settled", await page.getByText("対応済み").count(), 1);
});

await close();
