// A round of all groups by real mail: node post.mjs BASE_URL DATA_DIR beside a demo whose mail server is tests/readers/smtp.py,
// which writes what it gets into DATA_DIR/letters.jsonl.
import { address, linkIn } from "./letterbox.mjs";
import { go, own } from "./own.mjs";

const { journey, close } = await own("post", process.argv);
const ASK = "【更新確認のお願い】";
const REMINDER = /^【お知らせ】.+の更新確認がまだのようです/;

let round;
let asked;
let answered;

await journey("staff release the letters of a round, and a mail server gets each of them once", async (kit) => {
  const { page, main, signIn, look, subject, came } = kit;
  await signIn("shokuin@example.jp");
  await page.goto("/staff/rounds/new");
  await page.getByLabel("名前").fill("見本の更新確認(メール)");
  await page.getByLabel("回答期限").fill(new Date(Date.now() + 20 * 86400000).toISOString().slice(0, 10));
  const all = await main.locator("fieldset .tick").first().innerText();
  const [, groups, letters] = all.match(/(\d+)団体 = .*手紙 (\d+)通/);
  subject.equal("all groups are asked", Number(groups), 66);
  await go(page, main.getByRole("button", { name: "更新確認を始める" }).click());
  round = new URL(page.url()).pathname;
  await look("a round whose letters wait");
  await page.goto("/staff/mail");
  await go(page, main.getByRole("link", { name: /見本の更新確認\(メール\)/ }).first().click());
  await look("the letters before they leave");
  await go(page, main.locator(".item-title").first().click());
  await look("one of them");
  await page.goBack();
  await go(page, main.getByRole("button", { name: /すべて送信する/ }).click());
  asked = await came(/^【更新確認のお願い】/, Number(letters));
  subject.equal("as many letters as were announced", asked.length, Number(letters));
  subject.equal("each under a name of its own", new Set(asked.map((letter) => letter.message_id)).size, asked.length);
  subject.equal("each by one address", asked.every((letter) => letter.recipients.length === 1), true);
  subject.equal("each with a way out", asked.every((letter) => "list-unsubscribe-post" in letter.headers), true);
  subject.equal("no letter has a fault of form", asked.flatMap((letter) => letter.defects).length, 0);
  await page.reload();
  await look("the letters have left");
});

await journey("a group answers from its letter, and its page says when", async ({ page, main, look, subject }) => {
  answered = asked[0];
  const name = answered.subject.slice(ASK.length).split("の掲載内容")[0];
  subject.equal("the letter shows what is on file", answered.text.includes(name), true);
  await page.goto(linkIn(answered, "confirm"));
  await look("the question");
  await go(page, main.getByRole("button", { name: "内容に変更ありません" }).click());
  await look("the answer is taken");
  await page.goto(`/groups?q=${encodeURIComponent(name)}`);
  await go(page, main.getByRole("link", { name }).first().click());
  const today = new Intl.DateTimeFormat("ja-JP-u-ca-japanese", { dateStyle: "long", timeZone: "Asia/Tokyo" }).format(new Date());
  const told = await main.getByText("最終確認日").innerText();
  subject.equal("the page says that it was confirmed today", told.includes(today), true);
});

await journey("only those who have not answered are reminded", async ({ page, main, signIn, look, subject, came }) => {
  await signIn("shokuin@example.jp");
  await page.goto(round);
  await go(page, main.getByRole("button", { name: "お知らせの手紙を作る" }).click());
  await look("a round with reminders");
  await page.goto("/staff/mail");
  await go(page, main.getByRole("link", { name: /見本の更新確認\(メール\)/ }).first().click());
  await go(page, main.getByRole("button", { name: /すべて送信する/ }).click());
  const group = answered.subject.slice(ASK.length).split("の掲載内容")[0];
  const others = asked.filter((letter) => !letter.subject.slice(ASK.length).startsWith(`${group}の掲載内容`));
  const reminded = await came(REMINDER, others.length);
  subject.equal("each of them once", JSON.stringify(reminded.map(address).sort()), JSON.stringify(others.map(address).sort()));
});

await close();
