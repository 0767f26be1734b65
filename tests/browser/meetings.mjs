// A liaison meeting in the browser: staff convene it, groups say when they can and whether they come, the day moves, it is called off.
// Usage: node meetings.mjs http://127.0.0.1:8080 DATA_DIR
import { own } from "./own.mjs";

const { journey, close } = await own("meetings", process.argv);
const MAIL = "mihon01@example.jp";
const TITLE = "第9回 見本の連絡調整会議";
let work;
let group;

const ahead = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);

await journey("staff convene a meeting and ask twelve groups for a day", async ({ page, main, signIn, look, go, subject }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/staff/meetings");
  await look("the meetings");
  await go(main.getByRole("link", { name: "会議を招集する" }).click());
  await look("convening a meeting");
  await page.getByLabel("会議の名前").fill(TITLE);
  await page.getByLabel("会議の長さ").fill("500");
  await go(main.getByRole("button", { name: "保存する" }).click());
  await look("what is missing");
  subject.equal("the faults are told", await page.getByText("招く団体を一つ以上選んでください。").count() > 0, true);
  subject.equal("what was typed stays", await page.getByLabel("会議の名前").inputValue(), TITLE);
  await page.getByLabel("会議の長さ").fill("90");
  await page.getByLabel("会議の目的").fill("来年度の予定を知らせ合います。");
  await page.getByLabel("必要な団体の数").fill("6");
  const groups = page.locator(".seat-choice input[name=group]");
  for (let at = 0; at < 12; at += 1) await groups.nth(at).check();
  await page.locator(".seat-choice input[name=required]").first().check();
  group = await page.locator(".seat-choice input[name=required]").first().getAttribute("value");
  await go(main.getByRole("button", { name: "保存する" }).click());
  work = new URL(page.url()).pathname;
  await look("a meeting in preparation");
  await go(main.getByRole("link", { name: "候補日を選んでたずねる" }).click());
  await go(main.getByRole("link", { name: "日程をさがす" }).click());
  await look("proposals and why");
  subject.equal("days that cannot be are told", await page.getByText(/開けない日と、その理由/).count(), 1);
  await go(main.getByRole("button", { name: "印をつけた日時を候補にする" }).click());
  for (const [days, time] of [[30, "10:00"], [31, "19:00"]]) {
    await page.getByLabel("日にち").fill(ahead(days));
    await page.getByLabel("始まる時刻").fill(time);
    await page.getByLabel("場所", { exact: true }).fill("見本公民館");
    await go(main.getByRole("button", { name: "候補に加える" }).click());
  }
  await look("the candidates");
  await go(main.getByRole("link", { name: "団体にたずねる" }).click());
  await look("before the groups are asked");
  await go(main.getByRole("button", { name: "お尋ねの手紙を作る" }).click());
  await look("an open poll");
  await go(main.getByRole("link", { name: /見本.*の答えを入力する/ }).nth(3).click());
  await look("keying in an answer");
  for (const field of await page.locator("input[type=radio][value=yes]").all()) await field.check();
  await go(main.getByRole("button", { name: "入力する" }).click());
  subject.equal("one has answered", await page.getByText("1 / 12団体が答えました").count(), 1);
});

await journey("a group answers by its personal link and signed in", async ({ page, main, signIn, secret, look, go, subject }) => {
  const link = await secret("meetings.poll", "リンク", MAIL);
  await page.goto(new URL(link).pathname);
  await look("the question");
  await go(main.getByRole("button", { name: "この内容で答える" }).click());
  await look("nothing was chosen");
  for (const field of await page.locator("input[type=radio][value=yes]").all()) await field.check();
  await go(main.getByRole("button", { name: "この内容で答える" }).click());
  await look("the answer is taken");
  await signIn(MAIL);
  await page.goto(`/me/groups/${group}/meetings`);
  await look("the meetings of a group");
  subject.equal("the poll can be answered from here", await main.getByRole("link", { name: /日程のお尋ねに答える/ }).count() > 0, true);
});

await journey("staff remind the silent, fix the day and invite", async ({ page, main, signIn, look, go, subject }) => {
  await signIn("shokuin@example.jp");
  await page.goto(`${work.replace("/work", "")}/poll`);
  await go(main.getByRole("button", { name: "未回答の10団体にもう一度たずねる" }).click());
  await go(main.getByRole("link", { name: /この日時に決める/ }).first().click());
  await look("fixing the day");
  await page.getByLabel("場所", { exact: true }).fill("見本公民館");
  await go(main.getByRole("button", { name: "保存する" }).click());
  await look("a fixed meeting");
  await go(main.getByRole("link", { name: "通知を作る" }).click());
  await look("the notice");
  await page.getByLabel("文書番号").fill("見本第9号");
  await go(main.getByRole("button", { name: "この内容で手紙を作る" }).click());
  await look("the notice is made");
  await page.goto("/meetings");
  await look("the meetings for everybody");
  await go(main.getByRole("link", { name: TITLE }).click());
  await look("the meeting for everybody");
  await go(main.getByRole("link", { name: "カレンダーの予定を見る" }).click());
  subject.equal("it stands in the calendar", await page.getByRole("heading", { level: 1 }).innerText(), TITLE);
  await page.goto("/plans/2009/items/3-01");
  subject.equal("and at the item of the plan", await page.getByText(TITLE).count() > 0, true);
});

await journey("a group replies, staff key one in, move the meeting and call it off", async (kit) => {
  const { page, main, signIn, secret, look, go, subject, context } = kit;
  const link = await secret("meetings.invitation", "リンク", MAIL);
  await page.goto(new URL(link).pathname);
  await look("the reply");
  await page.getByLabel("出席", { exact: true }).check();
  await page.getByLabel("出席する方のお名前").fill("見本 太郎\n見本 花子");
  await go(main.getByRole("button", { name: "この内容で返事をする" }).click());
  await look("the reply is taken");
  await context.clearCookies();
  await signIn("shokuin@example.jp");
  await page.goto(`${work.replace("/work", "")}/replies`);
  await look("the replies");
  subject.equal("two people come", await page.getByText("1団体 2人").count(), 1);
  await go(main.getByRole("link", { name: /見本.*の返事/ }).nth(2).click());
  await look("keying in a reply");
  await page.getByLabel("欠席").check();
  await go(main.getByRole("button", { name: "入力する" }).click());
  await go(main.getByRole("link", { name: /見本.*を会議から/ }).nth(4).click());
  await look("taking a group out");
  await page.getByLabel("理由").fill("二重に招いたため");
  await go(main.getByRole("button", { name: "会議から外す" }).click());
  await page.goto(work);
  await go(main.getByRole("link", { name: "日時を変える" }).click());
  await page.getByLabel("日にち").fill(ahead(33));
  await go(main.getByRole("button", { name: "保存する" }).click());
  await go(main.getByRole("link", { name: "通知を作る" }).click());
  subject.equal("a change is to be told", await page.getByRole("heading", { level: 1 }).innerText(), "変更のお知らせを作る");
  await go(main.getByRole("button", { name: "この内容で手紙を作る" }).click());
  await page.goto(work);
  await go(main.getByRole("link", { name: "会議を中止する" }).click());
  await look("before it is called off");
  await page.getByLabel("中止の理由").fill("台風のため");
  await go(main.getByRole("button", { name: "中止する" }).click());
  await look("a meeting that was called off");
  const feed = await (await context.request.get("/feeds/kind/meeting.ics")).text();
  subject.equal("the feed says so", feed.includes("SUMMARY:【中止】第9回 見本の連絡調整会議"), true);
});

await close();
