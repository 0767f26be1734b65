// A round of the yearly confirmation in the browser: staff begin it, print it and key it in; a group answers by link and by code.
// Usage: node rounds.mjs http://127.0.0.1:8080 DATA_DIR [FOLDER_FOR_PRINTS]
import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { go, own } from "./own.mjs";

const { journey, close } = await own("rounds", process.argv);
const prints = process.argv[4] ?? (await mkdtemp(join(tmpdir(), "kyodo-prints-")));
let round;
let codes = [];

/** Prints the page as it stands and tells how many pages it has. */
async function print(page, name) {
  const file = join(prints, `${name}.pdf`);
  await writeFile(file, await page.pdf({ preferCSSPageSize: true, printBackground: false }));
  const { stdout } = await promisify(execFile)("pdfinfo", [file]);
  return Number(stdout.match(/Pages:\s+(\d+)/)[1]);
}

await journey("staff begin a round, print it and key its answers in", async ({ page, main, signIn, look, subject }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/staff/rounds");
  await look("the rounds");
  await go(page, main.getByRole("link", { name: "更新確認を始める" }).click());
  await look("beginning a round");
  await page.getByLabel("回答期限").fill("2000-01-01");
  await go(page, main.getByRole("button", { name: "更新確認を始める" }).click());
  await look("a day that is over");
  const due = new Date(Date.now() + 20 * 86400000).toISOString().slice(0, 10);
  await page.getByLabel("名前").fill("見本の更新確認");
  await page.getByLabel("回答期限").fill(due);
  await go(page, main.getByRole("button", { name: "更新確認を始める" }).click());
  round = new URL(page.url()).pathname;
  await look("a round that has begun");

  await go(page, main.getByRole("link", { name: "用紙を印刷する" }).click());
  await look("choosing sheets");
  await go(page, main.getByRole("button", { name: "用紙を作る" }).click());
  await look("sheets of those without mail");
  await page.goto(`${round}/sheets`);
  await page.getByLabel(/すべての団体/).check();
  await go(page, page.getByRole("main").getByRole("button", { name: "用紙を作る" }).click());
  const sheets = await page.locator(".sheet").count();
  subject.equal("one page for each sheet", await print(page, "sheets"), sheets);
  codes = await page.locator(".sheet-code strong").allInnerTexts();
  await page.goto(`${round}/labels`);
  await look("labels");
  await page.goto(`${round}/labels?which=all`);
  const labels = await page.locator(".label").count();
  subject.equal("twelve labels on a page", await print(page, "labels"), Math.ceil(labels / 12));

  await page.goto(`${round}/key-in`);
  await look("the desk for answers on paper");
  await page.getByLabel("届いた方法").selectOption("post");
  await page.locator("#q").fill(codes[0]);
  await go(page, page.keyboard.press("Enter"));
  await look("a group found by its code");
  subject.equal("the first answer has the focus", await page.evaluate(() => document.activeElement.textContent), "変更なし");
  await go(page, page.keyboard.press("Enter"));
  await look("an answer keyed in");
  subject.equal("the box has the focus again", await page.evaluate(() => document.activeElement.id), "q");
  subject.equal("the channel stays", await page.getByLabel("届いた方法").inputValue(), "post");
  await page.keyboard.type("見本");
  await go(page, page.keyboard.press("Enter"));
  await look("several groups found");
  await page.locator("#q").fill("ありません");
  await go(page, page.keyboard.press("Enter"));
  await look("nothing found");
  await go(page, main.getByRole("button", { name: /取り消す/ }).first().click());
  await look("an answer taken back");
});

await journey("a group answers with the code of its sheet", async ({ page, main, look, subject }) => {
  await page.goto("/confirm");
  await look("typing a code");
  await page.getByLabel(/用紙の番号/).fill("2222-2222-2222");
  await go(page, main.getByRole("button", { name: "次へ進む" }).click());
  await look("a code that is none");
  await page.getByLabel(/用紙の番号/).fill(codes[1].toLowerCase());
  await go(page, main.getByRole("button", { name: "次へ進む" }).click());
  await look("the question");
  await go(page, main.getByRole("button", { name: "内容に変更ありません" }).click());
  await look("the answer is taken");
  subject.equal("no second answer", await main.getByRole("button", { name: "内容に変更ありません" }).count(), 0);
  await page.goto(`/confirm?code=${codes[2]}`);
  await page.locator("#f-told_words").fill("電話が変わりました。");
  await go(page, main.getByRole("button", { name: "直すところを送る" }).click());
  await look("what is to be put right is sent");
});

await journey("staff see what came and deal with it", async ({ page, main, signIn, look }) => {
  await signIn("shokuin@example.jp");
  await page.goto(`${round}?answer=told`);
  await look("the list of one answer");
  await go(page, main.getByRole("table").getByRole("link").first().click());
  await look("what a group wrote");
  await go(page, main.getByRole("button", { name: /対応済みにする/ }).click());
  await look("dealt with");
});

await close();
