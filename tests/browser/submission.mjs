// Somebody without an account has an event published: node submission.mjs BASE_URL DATA_DIR beside a demo whose mail server is
// tests/readers/smtp.py, which writes what it gets into DATA_DIR/letters.jsonl.
import { address, linkIn } from "./letterbox.mjs";
import { own } from "./own.mjs";

const { journey, close } = await own("submission", process.argv);
const MAIL = `mihon-keisai${Date.now()}@example.jp`;
const TITLE = "見本 浜の餅つき";

/** The letters to this resident whose subject looks like this. */
async function letters(came, subject) {
  for (let turn = 0; turn < 60; turn += 1) {
    const found = (await came(subject, 0)).filter((letter) => address(letter) === MAIL);
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`no letter came to ${MAIL}`);
}

/** How many sheets of A4 a page takes. */
async function sheets(page) {
  const printed = (await page.pdf({ preferCSSPageSize: true, format: "A4" })).toString("latin1");
  return printed.match(/\/Type\s*\/Page[^s]/g).length;
}

let entry;

await journey("a resident finds the form, is told what is missing, and confirms by letter", async (kit) => {
  const { page, main, look, go, subject, came } = kit;
  await page.goto("/events");
  await go(main.getByRole("link", { name: /^催しを予定表に載せる/ }).click());
  await look("the form");
  await go(main.getByRole("link", { name: "申込用紙" }).click());
  await look("the form on paper");
  subject.equal("on one sheet", (await sheets(page)), 1);
  await page.goBack();
  await main.locator("#f-title").fill(TITLE);
  await main.locator("#f-organiser").fill("見本 浜の会");
  await main.locator("#f-category").selectOption("culture");
  await main.locator("#f-from").fill("2020-01-05");
  await main.locator("#f-begins").fill("10:00");
  await main.locator("#f-place").fill("見本の浜");
  await main.locator("#f-name").fill("見本 花子");
  await main.getByLabel("主催している").check();
  await main.locator("#f-mail").fill(MAIL);
  await go(main.getByRole("button", { name: "確認のメールを受け取る" }).click());
  await look("a day that is over");
  subject.check("the day is told", (await main.innerText()).includes("終わった催しは載せられません。") ? null : "no");
  subject.equal("what was typed is still there", await main.locator("#f-organiser").inputValue(), "見本 浜の会");
  const year = new Date().getFullYear() + 1;
  await main.locator("#f-from").fill(`${year}-01-10`);
  await go(main.getByRole("button", { name: "確認のメールを受け取る" }).click());
  await look("the letter is on its way");
  const [letter] = await letters(came, /予定の掲載の申込み/);
  subject.equal("nothing a stranger typed stands in it", letter.text.includes("餅つき"), false);
  const link = linkIn(letter, "events/submissions");
  await page.goto(link);
  await look("is this right?");
  await go(main.getByRole("button", { name: "この内容で申し込む" }).click());
  await look("the office has it");
  subject.check("it waits", (await main.innerText()).includes("事務局が内容を確かめています") ? null : "no");
});

await journey("staff look at it, publish it, and the resident hears", async ({ page, main, look, go, subject, came, signIn }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/staff/events");
  await go(main.getByRole("link", { name: TITLE }).click());
  await look("for staff");
  subject.check("who asked", (await main.innerText()).includes(MAIL) ? null : "not named");
  await go(main.getByRole("button", { name: "公開する" }).click());
  await look("published");
  entry = new URL(page.url()).pathname.replace("/staff", "");
  const [letter] = await letters(came, /予定表に載せました/);
  subject.check("the letter names its page", letter.text.includes(entry) ? null : letter.text);
  await page.goto(linkIn(letter, "events/submissions"));
  await look("the resident's page");
  subject.equal("from there a change is told", await main.getByRole("link", { name: "このサイトから知らせる" }).count(), 1);
  await page.goto("/staff/events/submit");
  await look("what came by telephone");
});

await journey("everybody sees the event and nobody who asked for it", async ({ page, main, look, subject }) => {
  await page.goto(entry);
  await look("the entry");
  const text = await main.innerText();
  subject.check("it is there", text.includes(TITLE) && text.includes("見本 浜の会") ? null : text);
  subject.equal("without the name of who asked", (await page.content()).includes("花子"), false);
});

await close();
