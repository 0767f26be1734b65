// The day of a meeting and its minutes in the browser: ticked on two phones and through a lost connection, written by two people,
// checked by the chair and an attendee, published with three decisions, found at the items of the plan.
// Usage: node minutes.mjs http://127.0.0.1:8080 DATA_DIR
import { own } from "./own.mjs";

const { journey, close } = await own("minutes", process.argv);
const TITLE = "第8回 見本の連絡調整会議";
const PHONE = { javaScriptEnabled: true, viewport: { width: 360, height: 740 } };
const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format(new Date());
let meeting;

await journey("a meeting of today is convened, with a group that chairs", async ({ page, main, signIn, look, go, subject }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/meetings/new");
  await page.getByLabel("会議の名前").fill(TITLE);
  await page.getByLabel("会議の長さ").fill("15");
  await page.getByLabel("進行(議長)の名前").fill("見本 太郎");
  await page.getByLabel("必要な団体の数").fill("2");
  const groups = page.locator(".seat-choice input[name=group]");
  for (let at = 0; at < 4; at += 1) await groups.nth(at).check();
  await go(main.getByRole("button", { name: "保存する" }).click());
  meeting = new URL(page.url()).pathname.replace("/work", "");
  await go(main.getByRole("link", { name: "日時を決める" }).click());
  await page.getByLabel("日にち").fill(today());
  await page.getByLabel("始まる時刻").fill("00:00");
  await page.getByLabel("終わる時刻").fill("00:15");
  await page.getByLabel("場所", { exact: true }).fill("見本公民館");
  await go(main.getByRole("button", { name: "保存する" }).click());
  await look("a meeting on its day");
  await page.goto(`${meeting}/agenda`);
  for (const [title, minutes] of [["清掃の日（見本）", "20"], ["物品の貸し借り（見本）", "30"]]) {
    await page.getByRole("textbox", { name: /^議題/ }).fill(title);
    await page.getByLabel("時間(分)").fill(minutes);
    await go(main.getByRole("button", { name: "議題に加える" }).click());
  }
  subject.equal("both points stand", await page.getByText("物品の貸し借り（見本）").count() > 0, true);
});

await journey("without a script every tick is a form", async ({ page, main, signIn, look, go, subject }) => {
  await signIn("shokuin@example.jp");
  await page.goto(`${meeting}/attendance`);
  await look("nobody is there yet");
  subject.equal("what is missing", await page.getByRole("heading", { name: "あと2団体で成立します。" }).count(), 1);
  await go(main.getByRole("button", { name: /: 出席$/ }).first().click());
  subject.equal("one is there", await page.getByRole("heading", { name: "あと1団体で成立します。" }).count(), 1);
  await go(main.getByRole("link", { name: /人数と名前/ }).nth(1).click());
  await look("numbers and names");
  await page.getByLabel("代理出席").check();
  await page.getByLabel("人数").fill("0");
  await go(main.getByRole("button", { name: "この内容で付ける" }).click());
  await look("what has to be put right");
  await page.getByLabel("人数").fill("3");
  await page.getByLabel("出席した方のお名前").fill("見本 一郎");
  await page.getByLabel(/公開する議事録に載せてよい/).check();
  await go(main.getByRole("button", { name: "この内容で付ける" }).click());
  await page.getByLabel("団体かお名前").fill("通りがかりの見本の方");
  await go(main.getByRole("button", { name: "加える", exact: true }).click());
  await look("enough are there");
  subject.equal("the quorum", await page.getByRole("heading", { name: "会議は成立しています。" }).count(), 1);
  await page.goto(`${meeting}/attendance/print`);
  await look("the sheet on paper");
});

await journey("two phones tick at once, one of them through a lost connection", async ({ page, context, signIn, subject, base }) => {
  await signIn("shokuin@example.jp");
  await page.goto(`${meeting}/attendance`);
  const lines = page.locator(".roll-line");
  const other = await context.newPage();
  await other.goto(new URL(`${meeting}/attendance`, base).href);
  await context.setOffline(true);
  await lines.nth(2).getByRole("button", { name: /: 出席$/ }).click();
  await page.getByText(/つながりません。付けた1件は/).waitFor();
  await page.reload().catch(() => {});
  await context.setOffline(false);
  await page.goto(`${meeting}/attendance`);
  await lines.nth(2).getByText("出席 1人").waitFor();
  subject.equal("the tick came through, also after the page was gone", await lines.nth(2).getByRole("button", { name: /: 出席$/ }).getAttribute("aria-pressed"), "true");
  await other.locator(".roll-line").nth(3).getByRole("button", { name: /: 欠席$/ }).click();
  await page.locator(".roll-line").nth(3).getByText("欠席", { exact: true }).first().waitFor({ timeout: 15000 });
  await page.getByText("まだ0団体").waitFor({ timeout: 15000 });
  subject.equal("each sees what the other ticked", await page.getByText("まだ0団体").count(), 1);
}, PHONE);

await journey("the meeting ends, and two people write its minutes", async ({ page, context, main, signIn, look, go, subject, base }) => {
  await signIn("shokuin@example.jp");
  await page.goto(`${meeting}/holding`);
  await look("what follows from the end");
  await go(main.getByRole("button", { name: "「開催済み」にする" }).click());
  await go(main.getByRole("link", { name: "議事録を書く" }).click());
  await look("empty minutes");
  const other = await context.newPage();
  await other.goto(new URL(`${meeting}/minutes`, base).href);
  await page.getByRole("textbox", { name: "概要" }).fill("四つの団体が集まりました。");
  await page.locator("#part-overview [data-state]").getByText(/保存しました/).waitFor();
  await other.getByRole("textbox", { name: "概要" }).fill("短い会議でした。");
  await other.locator("#part-overview [data-state]").getByText(/書きかえました/).waitFor();
  await go(other.locator("#part-overview").getByRole("button").click(), other);
  await look("what two people wrote", other);
  subject.equal("both texts are there", [await other.getByText("四つの団体が集まりました。").count(), await other.getByRole("textbox", { name: "概要" }).inputValue()], [1, "短い会議でした。"]);
  await other.getByRole("textbox", { name: "概要" }).fill("四つの団体が集まった、短い会議でした。");
  await go(other.locator("#part-overview").getByRole("button").click(), other);
  // A lost connection: the text waits on the device.
  const point = page.getByLabel("要点: 清掃の日（見本）");
  await context.setOffline(true);
  await point.fill("6月がよいという声が多かった。");
  await page.getByText(/まだ保存できていません/).waitFor();
  await context.setOffline(false);
  await page.goto(`${meeting}/minutes`);
  await page.locator(".minutes-part", { hasText: "清掃の日（見本）" }).getByText(/に保存しました/).waitFor();
  await other.reload();
  subject.equal("it came through", await other.getByLabel("要点: 清掃の日（見本）").inputValue(), "6月がよいという声が多かった。");
  subject.equal("what the other wrote stands", await other.getByRole("textbox", { name: "概要" }).inputValue(), "四つの団体が集まった、短い会議でした。");
}, { javaScriptEnabled: true });

await journey("three decisions, checked and published", async ({ page, main, signIn, secret, look, go, subject, base, context }) => {
  await signIn("shokuin@example.jp");
  await page.goto(`${meeting}/minutes`);
  const add = async (kind, words, item, more) => {
    await go(main.getByRole("link", { name: /決まったこと・宿題を加える.*清掃の日/ }).click());
    await page.locator(`input[name=kind][value=${kind}]`).check();
    await page.getByRole("textbox", { name: /内容/ }).fill(words);
    await page.locator(`input[name=items][value="${item}"]`).check();
    if (more) await more();
    await go(main.getByRole("button", { name: "加える" }).click());
  };
  await add("decision", "清掃を6月の第1日曜に行う（見本）。", "3-05");
  await go(main.getByRole("link", { name: /決まったこと・宿題を加える.*清掃の日/ }).click());
  await page.locator("input[name=kind][value=task]").check();
  await page.getByRole("textbox", { name: /内容/ }).fill("案内を作る（見本）。");
  await go(main.getByRole("button", { name: "加える" }).click());
  await look("a task without owner and day");
  await page.getByLabel("担当の団体").selectOption({ index: 2 });
  await page.locator("#f-due_on").fill("2027-03-01");
  await go(main.getByRole("button", { name: "加える" }).click());
  await add("carried", "駐車場の使い方を次も話す（見本）。", "3-08");
  await look("minutes with three decisions");
  await go(main.getByRole("link", { name: /確認へ進む/ }).click());
  await look("before anybody checks");
  await page.getByLabel("確かめる団体").selectOption({ index: 1 });
  await go(main.getByRole("button", { name: "確認をお願いする" }).click());
  await look("handed to those who check");
  for (const who of ["進行(議長)", "出席した団体"]) {
    await page.getByLabel(who, { exact: true }).check();
    await page.getByLabel("お名前").fill("見本 太郎");
    await go(main.getByRole("button", { name: "確認を書きとめる" }).click());
  }
  await go(main.getByRole("link", { name: "公開へ進む" }).click());
  await look("before publication");
  await go(main.getByRole("button", { name: "議事録を公開する" }).click());
  await look("a meeting whose minutes are out");
  await page.goto(meeting);
  await look("the published minutes");
  subject.equal("three decisions", await page.locator(".decided li").count(), 3);
  subject.equal("a name with consent, none without", [await page.getByText("見本 一郎").count(), await page.getByText("通りがかり").count()], [1, 0]);
  for (const code of ["2-04", "3-01", "3-05"]) {
    await page.goto(`/plans/2009/items/${code}`);
    subject.equal(`evidence at ${code}`, await main.getByRole("link", { name: TITLE }).count() > 0, true);
  }
  await look("an item with a decision");
  await page.goto("/staff/meetings/tasks");
  await look("all tasks");
  await go(main.getByRole("link", { name: /書きとめる.*案内を作る/ }).click());
  await look("what became of a task");
  await go(main.getByRole("button", { name: "知らせる" }).click());
  await page.goto(`${meeting}/publication`);
  await look("published, with the way back");
  const link = await secret("meetings.minutes", "リンク", "mihon01@example.jp").catch(() => null);
  if (link) {
    const reader = await context.newPage();
    await reader.goto(new URL(new URL(link).pathname, base).href);
    await look("the minutes by personal link", reader);
  }
});

await journey("a member sees the tasks of the group", async ({ page, main, signIn, look, go }) => {
  await signIn("mihon01@example.jp");
  await page.goto("/me");
  const link = await main.getByRole("link", { name: /見本/ }).first().getAttribute("href").catch(() => "");
  await page.goto(`${link}/meetings`);
  await look("the meetings of a group, with tasks");
  await go(main.getByRole("link", { name: /会議の宿題/ }).click());
  await look("the tasks of a group");
});

await close();
