// A new group registers itself on a telephone, shows that its address is its own, hands in, and the office approves.
// Called as  node registration.mjs http://127.0.0.1:8080 DATA_DIR  beside a running demo.
import { own } from "./own.mjs";

const { journey, close } = await own("registration", process.argv);
const stamp = Date.now();
const mail = `mihon-${stamp}@example.jp`;
const name = `見本 夕凪の会 ${stamp}`;

await journey("A group registers itself and the office approves it", async ({ page, context, go, look, secret, signIn, main, subject }) => {
  const press = (words) => go(main.getByRole("button", { name: words }).click());
  await page.goto("/groups");
  await go(main.getByRole("link", { name: "登録のしかた・申請" }).click());
  await look("the explanation");
  await main.getByRole("textbox", { name: "メールアドレス" }).fill("mihon@@example.jp");
  await press("申請を始める");
  await look("an address that is none");
  subject.equal("a wrong address stays", await main.getByRole("textbox", { name: "メールアドレス" }).inputValue(), "mihon@@example.jp");
  await main.getByRole("textbox", { name: "メールアドレス" }).fill(mail);
  await press("申請を始める");
  await look("step 1");
  const base = new URL(page.url()).pathname.replace("/name", "");

  await page.getByLabel(/^団体名 /).fill(name);
  await page.getByLabel(/^団体名のよみ/).fill("夕凪の会");
  await page.getByLabel(/^団体の種類/).selectOption("voluntary");
  await press("保存して次へ");
  await look("step 1 with a fault");
  subject.equal("the fault is told", await main.getByText("かなだけで書いてください").first().isVisible(), true);
  await page.getByLabel(/^団体名のよみ/).fill("ゆうなぎのかい");
  await press("保存して次へ");

  await page.getByLabel(/^活動の目的/).fill("夕凪の浜を楽しむことを目的としています。");
  await page.getByLabel(/^活動の内容/).fill("月に一度、浜を歩きます。");
  await page.getByRole("group", { name: /^活動の分野/ }).getByRole("checkbox").nth(3).check();
  await page.getByRole("group", { name: /^拠点のある町/ }).getByRole("radio").first().check();
  await page.getByRole("group", { name: /^活動する町/ }).getByRole("checkbox").first().check();
  await look("step 2");
  await press("保存して次へ");

  await page.getByLabel(/^設立/).fill("平成15年6月");
  await page.getByLabel(/^会員数 /).fill("１２人");
  await look("step 3");
  await press("保存して次へ");

  await page.getByLabel(/^代表者の氏名 /).fill("見本 凪子");
  await page.getByRole("group", { name: /^代表者の氏名を/ }).getByRole("radio").first().check();
  await page.getByLabel("電話", { exact: true }).fill("0920-00-0081");
  await page.getByRole("group", { name: /^電話を/ }).getByRole("radio").nth(1).check();
  await page.getByRole("group", { name: /^メールを/ }).getByRole("radio").nth(1).check();
  await page.getByLabel(/^申請する方のお名前/).fill("見本 凪子");
  await look("step 4");
  await press("保存して次へ");

  await page.getByRole("group", { name: /^規約や会則/ }).getByRole("radio").first().check();
  for (const box of await page.getByRole("checkbox").all()) await box.check();
  await look("step 5");
  await press("保存して次へ");
  await look("step 6 without a verified address");
  await press("この内容で申請する");
  await look("refused: the address is not verified");

  // The letter is read on another device: a browser of its own.
  const phone = await context.browser().newContext({ javaScriptEnabled: false });
  const other = await phone.newPage();
  await other.goto(await secret("groups.application_link", "リンク", mail));
  await look("the page behind the letter", other);
  await go(other.getByRole("button", { name: "このアドレスを確認する" }).click(), other);
  await look("the address is verified", other);
  await phone.close();

  await page.goto(`${base}/confirm`);
  await look("step 6");
  await press("この内容で申請する");
  await look("handed in");

  const desk = await context.browser().newContext({ baseURL: new URL(page.url()).origin, javaScriptEnabled: false });
  const office = await desk.newPage();
  await signIn("shokuin@example.jp", office);
  await office.goto("/staff/applications");
  await look("the list of the office", office);
  await go(office.getByRole("link", { name }).click(), office);
  await look("the case", office);
  await go(office.getByRole("button", { name: "差し戻す" }).click(), office);
  await look("a question is missing", office);
  await go(office.getByRole("main").getByRole("link", { name: "承認の前に内容を直す" }).click(), office);
  await look("the office corrects", office);
  await office.getByLabel(/^活動場所/).fill("夕凪の浜");
  await go(office.getByRole("button", { name: "保存する" }).click(), office);
  await look("corrected", office);
  await go(office.getByRole("button", { name: "承認する" }).click(), office);
  await look("approved", office);
  await office.goto("/staff/applications/new");
  await look("entering a sheet of paper", office);
  await desk.close();

  await page.goto(base);
  await look("the applicant sees the approval");
  await go(main.getByRole("link", { name: "団体のページを見る" }).click());
  await look("the public page");
  subject.equal("the page bears the name", await page.locator("h1").innerText(), name);
  subject.equal("the telephone stays with the office", (await page.content()).includes("0920-00-0081"), false);
});

await close();
