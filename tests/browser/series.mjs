// A year of meetings in the browser: made by a rule, looked at before it is made, changed together, copied, ended; and one's own meetings in a calendar.
// Usage: node series.mjs http://127.0.0.1:8080 DATA_DIR
import { own } from "./own.mjs";

const { journey, close } = await own("series", process.argv);
const MAIL = "mihon01@example.jp";
const TITLE = "見本の月例の会";

await journey("staff plan a year of meetings by a rule", async ({ page, main, signIn, look, go, subject }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/staff/meetings");
  await go(main.getByRole("link", { name: "年間計画" }).click());
  await look("the plan of a year");
  await go(main.getByRole("link", { name: "会議をまとめて作る" }).click());
  await look("a series to be made");
  await page.getByLabel("会議の名前").fill(TITLE);
  await go(main.getByRole("button", { name: "日にちを確かめる" }).click());
  await look("what is missing");
  subject.equal("the faults are told", await page.getByText("招く団体を一つ以上選んでください。").count() > 0, true);
  const year = await page.locator('#f-year').locator("option").nth(2).getAttribute("value");
  await page.locator('#f-year').selectOption(year);
  await page.getByLabel("はじめの回の番号").fill("1");
  await page.locator(".seat-choice input[name=group]").first().check();
  await go(main.getByRole("button", { name: "日にちを確かめる" }).click());
  await look("all dates with their reasons");
  const dates = page.locator("input[name=on]");
  const count = await dates.count();
  await dates.last().uncheck();
  await go(main.getByRole("button", { name: "印をつけた日に会議を作る" }).click());
  await look("the plan with a series");
  subject.equal("one is left out", await main.getByRole("link", { name: new RegExp(`^第.*${TITLE}$`) }).count(), count - 1);
  await go(main.getByRole("link", { name: new RegExp(`この先の会議もまとめて変える.*${TITLE}`) }).click());
  await look("changing the later ones");
  await page.getByLabel("場所", { exact: true }).fill("見本公民館 小会議室");
  await go(main.getByRole("button", { name: "まとめて保存する" }).click());
  subject.equal("all have the place", await page.getByText("見本公民館 小会議室").count(), count - 1);
  await go(main.getByRole("link", { name: `第1回 ${TITLE}` }).click());
  await look("a meeting of a series");
  await go(main.getByRole("link", { name: "この会議を写して、次の会議を招集する" }).click());
  await look("a copy of a meeting");
  subject.equal("the number is raised", await page.getByLabel("会議の名前").inputValue(), `第2回 ${TITLE}`);
  await page.goto(`/staff/meetings/plan?year=${year}`);
  await go(main.getByRole("link", { name: new RegExp(`この年間計画を終える.*${TITLE}`) }).click());
  await look("before a series ends");
  await go(main.getByRole("button", { name: "年間計画を終える" }).click());
  subject.equal("it is over", await page.getByText("この会議の年間計画を終えました。").count(), 1);
});

await journey("a member takes the own meetings into a calendar and stops it again", async ({ page, main, signIn, look, go, subject, context }) => {
  await signIn(MAIL);
  await page.goto("/me");
  await go(main.getByRole("link", { name: /自分の会議を/ }).click());
  await look("no calendar yet");
  await go(main.getByRole("button", { name: "カレンダーのアドレスを作る" }).click());
  await look("the address, this once");
  const address = new URL(await page.locator("#address").inputValue()).pathname;
  const feed = await context.request.get(address);
  subject.equal("a calendar reads it", (await feed.text()).startsWith("BEGIN:VCALENDAR"), true);
  await page.goto("/me/feeds");
  await look("the calendars that are used");
  await go(main.getByRole("button", { name: /止める/ }).click());
  subject.equal("it is stopped", (await context.request.get(address)).status(), 404);
  const group = await main.getByRole("link").count();
  subject.equal("there is a way back", group > 0, true);
});

await journey("somebody who is invited makes a calendar by the personal link", async ({ page, main, secret, look, go, subject, context }) => {
  const link = await secret("meetings.invitation", "リンク", MAIL);
  await page.goto(new URL(link).pathname);
  await go(main.getByRole("link", { name: /自分の会議のカレンダー/ }).click());
  await look("a calendar by the link");
  await go(main.getByRole("button", { name: "カレンダーのアドレスを作る" }).click());
  const address = new URL(await page.locator("#address").inputValue()).pathname;
  subject.equal("a calendar reads it", (await context.request.get(address)).status(), 200);
});

await close();
