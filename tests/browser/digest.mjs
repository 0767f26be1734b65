// The calendar by mail: node digest.mjs BASE_URL DATA_DIR beside a demo whose mail server is tests/readers/smtp.py,
// which writes what it gets into DATA_DIR/letters.jsonl.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { address } from "./letterbox.mjs";
import { go, own } from "./own.mjs";

const { journey, close } = await own("digest", process.argv);
const [, , base, dataDir] = process.argv;
const MAIL = `mihon-aruku${Date.now()}@example.jp`;
const OTHER = `mihon-hoshi${Date.now()}@example.jp`;

/** The letters to an address, once there are so many whose subject looks like this. */
async function cameTo(came, mail, subject, count) {
  for (let turn = 0; turn < 90; turn += 1) {
    const found = (await came(subject, 0)).filter((letter) => address(letter) === mail);
    if (found.length >= count) return found;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`fewer than ${count} letters came to ${mail}`);
}

/** The secret part of the link to the reader's own page. */
const ownLink = (letter) => new URL(letter.text.match(/https?:\/\/\S+\/subscribe\/mail\/[^/\s]+(?=\s)/)[0]).pathname;

/** The path of a coming event that staff can cancel as a whole. */
async function single(page, main) {
  await page.goto("/events?view=list");
  const links = main.locator('a[href^="/events/"]');
  const paths = await links.evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute("href")))]);
  for (const path of paths.filter((path) => /^\/events\/[0-9a-f-]{36}$/.test(path))) {
    await page.goto(`${path}/cancel`);
    const isWhole = (await page.locator("#f-scope").count()) === 0;
    if (isWhole && (await main.getByRole("button", { name: "中止を知らせる" }).count()) > 0) return path;
  }
  throw new Error("no event can be cancelled");
}

/** Puts the day of a reader's latest letter back, as the demo's clock cannot be turned. */
async function putBack(mail) {
  const script = `import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=30)
database.execute("""UPDATE digest_subscriptions SET told_on = date(told_on, '-1 day')
    WHERE reader_id = (SELECT id FROM digest_readers WHERE mail = ?)""", sys.argv[2:3])
database.commit()`;
  await promisify(execFile)("python3", ["-c", script, join(dataDir, "demo.sqlite"), mail]);
}

let personal;

await journey("an administrator lets the letters go out at any hour", async ({ page, main, signIn, subject }) => {
  await signIn("kanri@example.jp");
  await page.goto("/staff/settings/rules");
  await main.locator('input[name="digest.hour"]').fill("0");
  await go(page, main.getByRole("button", { name: "保存する" }).last().click());
  await page.goto("/staff/settings/rules");
  subject.equal("it is kept", await main.locator('input[name="digest.hour"]').inputValue(), "0");
});

await journey("a resident orders the calendar by mail, and it begins with the second yes", async ({ page, main, look, subject, came }) => {
  await page.goto("/subscribe?feed=town/izuhara");
  await go(page, main.getByRole("link", { name: "メールで受け取る" }).click());
  await look("the form");
  subject.equal("what was chosen before is chosen", await page.locator("#f-feed").inputValue(), "town/izuhara");
  subject.equal("Thursday is offered first", await page.locator("#f-cadence").inputValue(), "4");
  await page.locator("#f-mail").evaluate((input) => input.setAttribute("type", "text"));
  await page.locator("#f-mail").fill("見本");
  await go(page, main.getByRole("button", { name: "確認のメールを受け取る" }).click());
  await look("a wrong address");
  subject.equal("what was typed is still there", await page.locator("#f-mail").inputValue(), "見本");
  await page.locator("#f-mail").fill(MAIL);
  await page.locator("#f-feed").selectOption("all");
  await page.locator("#f-cadence").selectOption("0");
  await go(page, main.getByRole("button", { name: "確認のメールを受け取る" }).click());
  await look("the letter is on its way");
  const [letter] = await cameTo(came, MAIL, /お知らせメールの申し込み/, 1);
  subject.equal("a letter that asks is no letter of a list", "list-unsubscribe" in letter.headers, false);
  personal = ownLink(letter);
  await page.goto(personal);
  await look("is this right?");
  await page.reload();
  subject.equal("looking begins nothing", await main.getByRole("button", { name: "お知らせメールを始める" }).count(), 1);
  await go(page, main.getByRole("button", { name: "お知らせメールを始める" }).click());
  await look("it has begun");
  subject.equal("the next one is announced", await main.getByText(/次は .+時ごろです。/).count(), 1);
});

await journey("the letter of the day comes once, and one click ends it", async ({ page, main, look, subject, came, context }) => {
  // The demo's own clock cannot be turned: the reader's last letter is put back by a day.
  await putBack(MAIL);
  const [letter] = await cameTo(came, MAIL, /までの予定のお知らせ/, 1);
  subject.equal("it is for this person alone", letter.recipients.length, 1);
  subject.equal("its days have headings", /■ .*月.*日\(.\S*\)/.test(letter.text), true);
  subject.equal("no fault of form", letter.defects.length, 0);
  subject.equal("one click is offered", letter.headers["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
  const named = letter.text.match(/https?:\/\/\S+\/events\/[0-9a-f-]{36}/g);
  const answer = await page.goto(new URL(named[0]).pathname);
  subject.equal("each event is a link to its page", answer.status(), 200);
  const end = `${ownLink(letter)}/end`;
  subject.equal("the text says where it ends", letter.text.includes(`${base}${end}`), true);
  await page.goto(end);
  await look("shall it end?");
  await page.goto(ownLink(letter));
  await look("the settings");
  subject.equal("looking has ended nothing", await main.getByRole("button", { name: "お休みにする" }).count(), 1);
  const clicked = await context.request.post(`${base}${end}`, {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    data: "List-Unsubscribe=One-Click",
  });
  subject.equal("the mail program's click is answered at once", clicked.status(), 200);
  await page.goto(end);
  await look("it has ended");
  subject.equal("and the address is forgotten", await main.getByRole("heading", { name: "このリンクは使えません" }).count(), 1);
});

await journey("somebody who starred an event hears at once that it is cancelled", async (kit) => {
  const { page, main, look, subject, came, signIn } = kit;
  await signIn("shokuin@example.jp");
  const event = await single(page, main);
  await page.goto(event);
  await go(page, main.getByRole("link", { name: "中止や変更をメールで受け取る" }).click());
  await look("the form for one event");
  await page.locator("#f-mail").fill(OTHER);
  await go(page, main.getByRole("button", { name: "確認のメールを受け取る" }).click());
  const [letter] = await cameTo(came, OTHER, /お知らせメールの申し込み/, 1);
  await page.goto(ownLink(letter));
  await go(page, main.getByRole("button", { name: "お知らせメールを始める" }).click());
  await look("a star");
  await page.goto(`${event}/cancel`);
  await page.locator("#f-reason").fill("大雨のため中止します。");
  await go(page, main.getByRole("button", { name: "中止を知らせる" }).click());
  const [told] = await cameTo(came, OTHER, /【中止】/, 1);
  subject.equal("the letter names the page", told.text.includes(`${base}${event}`), true);
  subject.equal("and says why", told.text.includes("主催者から: 大雨のため中止します。"), true);
});

await journey("the office sees numbers and no addresses", async ({ page, main, signIn, look, subject }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/staff");
  await go(page, main.getByRole("link", { name: "お知らせメール" }).click());
  await look("the office's page");
  subject.equal("no address is shown", await main.getByText("example.jp").count(), 0);
});

await close();
