// The agenda of a meeting in the browser: staff write it, a group proposes and learns what became of it, files are handed out.
// Usage: node agenda.mjs http://127.0.0.1:8080 DATA_DIR
import { own } from "./own.mjs";

const { journey, close } = await own("agenda", process.argv);
const MAIL = "mihon01@example.jp";
const TITLE = "第8回 見本の議題の会議";
const PDF = Buffer.from("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n");
const ahead = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
let meeting;
let group;
let agenda;

await journey("staff write the agenda, order it and take proposals", async ({ page, main, signIn, look, go, subject }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/meetings/new");
  await page.getByLabel("会議の名前").fill(TITLE);
  await page.getByLabel("会議の長さ").fill("60");
  const groups = page.locator(".seat-choice input[name=group]");
  for (let at = 0; at < 6; at += 1) await groups.nth(at).check();
  group = await groups.first().getAttribute("value");
  await go(main.getByRole("button", { name: "保存する" }).click());
  meeting = new URL(page.url()).pathname.replace("/work", "");
  await go(main.getByRole("link", { name: "議題", exact: true }).click());
  await look("an empty agenda");
  await page.locator("#f-title").fill("長すぎる議題");
  await page.getByLabel("時間(分)").fill("900");
  await go(main.getByRole("button", { name: "議題に加える" }).click());
  await look("an item that is too long");
  for (const [title, minutes] of [["海岸の清掃", "40分"], ["夏祭りの日程", "30"], ["その他", ""]]) {
    await page.locator("#f-title").fill(title);
    await page.getByLabel("時間(分)").fill(minutes);
    await page.getByLabel("説明する人").fill("見本 太郎");
    await go(main.getByRole("button", { name: "議題に加える" }).click());
  }
  subject.equal("too long is told", await page.getByText("10分長くなっています").count(), 1);
  await go(main.getByRole("button", { name: /上へ.*夏祭りの日程/ }).click());
  await look("an agenda in another order");
  const titles = await page.locator(".agenda > li .entry-title").allInnerTexts();
  subject.equal("the order", titles, ["夏祭りの日程", "海岸の清掃", "その他"]);
  await go(main.getByRole("link", { name: /直す.*その他/ }).click());
  await look("changing an item");
  await page.getByLabel("説明", { exact: true }).fill("次の会議の日を決めます。");
  await go(main.getByRole("button", { name: "保存する" }).click());
  await go(main.getByRole("button", { name: /外す.*その他/ }).click());
  await look("an item that was taken out");
  await go(main.getByRole("button", { name: /議題に戻す.*その他/ }).click());
  await page.getByLabel("提案の締切").fill(ahead(9));
  await go(main.getByRole("button", { name: "締切を保存する" }).click());
  subject.equal("proposals are taken", await page.getByText("まで受け付けます").count(), 1);
});

await journey("files are handed out by what they are", async ({ page, main, signIn, look, go, subject }) => {
  await signIn("shokuin@example.jp");
  await page.goto(`${meeting}/materials`);
  await look("no materials yet");
  const file = (name, buffer) => page.getByLabel("資料のファイル").setInputFiles({ name, mimeType: "application/pdf", buffer });
  await file("予定.pdf", Buffer.from("<!DOCTYPE html><script>alert(1)</script>"));
  await go(main.getByRole("button", { name: "資料を入れる" }).click());
  await look("a file that is no document");
  subject.equal("it is refused", await page.getByText("どれとしても読めません").count() > 0, true);
  await file("行事の予定.pdf", PDF);
  await page.getByLabel("どの議題の資料ですか").selectOption({ label: "夏祭りの日程" });
  await go(main.getByRole("button", { name: "資料を入れる" }).click());
  await look("a material");
  await file("名簿.pdf", PDF);
  await page.getByLabel("だれでも読める").uncheck();
  await go(main.getByRole("button", { name: "資料を入れる" }).click());
  subject.equal("one is for the invited", await main.locator(".chip-flag").count(), 1);
  await go(main.getByRole("link", { name: /直す.*行事の予定/ }).click());
  await look("changing a material");
  await page.getByLabel("資料の題名").fill("行事の予定(案)");
  await go(main.getByRole("button", { name: "保存する" }).click());
});

await journey("the day is fixed and the notice lists the agenda", async ({ page, main, signIn, look, go, subject }) => {
  await signIn("shokuin@example.jp");
  await page.goto(`${meeting}/day`);
  await page.getByLabel("日にち").fill(ahead(20));
  await page.getByLabel("始まる時刻").fill("10:00");
  await page.getByLabel("終わる時刻").fill("11:00");
  await page.getByLabel("場所", { exact: true }).fill("見本公民館");
  await go(main.getByRole("button", { name: "保存する" }).click());
  await go(main.getByRole("link", { name: "通知を作る" }).click());
  subject.equal("the letter lists it", await page.getByText(/\(\d\) 夏祭りの日程/).count(), 1);
  await go(main.getByRole("button", { name: "この内容で手紙を作る" }).click());
  await page.goto(`${meeting}/agenda`);
  await go(main.getByRole("link", { name: "次第を印刷する" }).click());
  await look("the programme on paper");
  await page.goto(meeting);
  await look("the agenda for everybody");
  subject.equal("clock times", await page.getByText("10:00〜10:30").count(), 1);
  subject.equal("the public file alone", await main.getByRole("link", { name: /行事の予定|名簿/ }).allInnerTexts(), ["行事の予定(案)"]);
  subject.equal("not who speaks", await page.getByText("見本 太郎").count(), 0);
});

await journey("a group proposes by its link, changes it and reads the files", async ({ page, main, secret, look, go, subject, context }) => {
  const link = await secret("meetings.invitation", "リンク", MAIL);
  await page.goto(new URL(link).pathname);
  await go(main.getByRole("link", { name: /議題と資料を見る/ }).click());
  agenda = new URL(page.url()).pathname;
  await look("the agenda for a group");
  await page.locator("#f-title").fill("長すぎる提案");
  await page.locator("#f-minutes").fill("900");
  await page.getByLabel("説明", { exact: true }).fill("消さないでください。");
  await go(main.getByRole("button", { name: "この議題を提案する" }).click());
  await look("a proposal that is too long");
  subject.equal("what was typed stays", await page.getByLabel("説明", { exact: true }).inputValue(), "消さないでください。");
  for (const title of ["物置の貸し借り", "花壇の水やり", "やめる提案"]) {
    await page.locator("#f-title").fill(title);
    await page.locator("#f-minutes").fill("");
    await go(main.getByRole("button", { name: "この議題を提案する" }).click());
  }
  await look("proposals of a group");
  await go(main.getByRole("link", { name: /直す.*物置の貸し借り/ }).click());
  await look("changing a proposal");
  await page.locator("#f-minutes").fill("15");
  await go(main.getByRole("button", { name: "保存する" }).click());
  await go(main.getByRole("button", { name: /取り下げる.*やめる提案/ }).click());
  const file = await main.getByRole("link", { name: "名簿" }).getAttribute("href");
  const sent = await context.request.get(file);
  subject.equal("the file of the invited", [sent.status(), sent.headers()["content-type"]], [200, "application/pdf"]);
  const outside = await context.request.get(file.replace(/.*\/materials/, `${meeting}/materials`));
  subject.equal("nobody else has it", outside.status(), 404);
});

await journey("staff take one proposal and decline another, and the group learns of it", async ({ page, main, signIn, look, go, subject }) => {
  await signIn("shokuin@example.jp");
  await page.goto(`${meeting}/agenda`);
  await go(main.getByRole("link", { name: "物置の貸し借り" }).click());
  await look("a proposal");
  await go(main.getByRole("button", { name: "見送る" }).click());
  await look("a refusal without a word");
  await page.getByLabel("団体へのひとこと").fill("15分とります。");
  await go(main.getByRole("button", { name: "議題に採用する" }).click());
  await go(main.getByRole("link", { name: "花壇の水やり" }).click());
  await page.getByLabel("団体へのひとこと").fill("次の会議で話します。");
  await go(main.getByRole("button", { name: "見送る" }).click());
  await look("an agenda with what groups proposed");
  await page.goto(agenda);
  await look("what became of the proposals");
  for (const told of ["採用", "見送り", "取り下げ", "15分とります。", "次の会議で話します。"]) {
    subject.equal(told, await page.getByText(told, { exact: true }).count() > 0, true);
  }
});

await journey("a member opens the agenda from their meetings", async ({ page, main, signIn, look, go, subject }) => {
  await signIn(MAIL);
  await page.goto(`/me/groups/${group}/meetings`);
  await go(main.getByRole("link", { name: new RegExp(`議題と資料.*${TITLE}`) }).click());
  await look("the agenda for a member");
  subject.equal("the file of the invited", await main.getByRole("link", { name: "名簿" }).count(), 1);
});

await close();
