// Signing in, one's own page, staff accounts: node accounts.mjs BASE_URL DATA_DIR beside a running demo.
import { own, totp } from "./own.mjs";

const { journey, close } = await own("accounts", process.argv);
const run = Date.now().toString(36);

await journey("Somebody asks for a way in", async ({ page, look, go, main, subject }) => {
  await page.goto("/me/name");
  subject.equal("one's own page asks to sign in", new URL(page.url()).pathname, "/sign-in");
  await look("the sign-in");
  await main.getByLabel(/メールアドレス/).evaluate((field) => field.setAttribute("type", "text"));
  await main.getByLabel(/メールアドレス/).fill("hanako");
  await go(main.getByRole("button", { name: "番号を受け取る" }).click());
  subject.equal("what was typed stays", await main.getByLabel(/メールアドレス/).inputValue(), "hanako");
  await look("the sign-in with a fault");
  await main.getByLabel(/メールアドレス/).fill(`nobody-${run}@example.jp`);
  await go(main.getByRole("button", { name: "番号を受け取る" }).click());
  subject.equal("the code is asked for", new URL(page.url()).pathname, "/sign-in/code");
  await look("the code");
  await main.getByLabel(/6桁の数字/).fill("000000");
  await go(main.getByRole("button", { name: "サインインする" }).click());
  await look("a wrong code");
});

await journey("A member signs in by a link, twice", async ({ kyodo, page, look, go, main, subject }) => {
  const link = (await kyodo(["sign-in-link", "mihon01@example.jp"])).trim();
  await page.goto(link);
  await look("the link");
  await go(main.getByRole("button", { name: "サインインする" }).click());
  subject.equal("three groups are there", await main.locator(".own-groups li").count(), 3);
  await look("one's own page");
  await main.getByLabel(/^名前/).fill("見本 花子");
  await go(main.getByRole("button", { name: "名前を保存する" }).click());
  subject.equal("it says what was done", await main.getByRole("status").innerText(), "できました 名前を保存しました。");
  const again = await page.goto(link);
  subject.equal("the link is used up", again.status(), 410);
  await look("a used link");
});

await journey("A session that ends in the middle of a form loses no text", async ({ kyodo, signIn, page, context, look, go, main, subject }) => {
  await signIn("mihon01@example.jp");
  await page.goto("/me");
  await main.getByLabel(/^名前/).fill("見本 花子 代表");
  await context.clearCookies();
  await go(main.getByRole("button", { name: "名前を保存する" }).click());
  await look("the sign-in that keeps a form");
  await page.goto((await kyodo(["sign-in-link", "mihon01@example.jp"])).trim());
  await go(main.getByRole("button", { name: "サインインする" }).click());
  subject.equal("one is led to what was typed", new URL(page.url()).pathname, "/me/kept");
  await look("what was typed");
  await go(main.getByRole("button", { name: "この内容を送る" }).click());
  subject.equal("it arrived", await main.getByLabel(/^名前/).inputValue(), "見本 花子 代表");
});

await journey("Other browsers are signed out", async ({ signIn, page, context, look, go, main, subject }) => {
  await signIn("mihon01@example.jp");
  await context.clearCookies();
  await signIn("mihon01@example.jp");
  await page.goto("/me");
  await look("several browsers");
  await go(main.getByRole("button", { name: "ほかの端末をすべて終える" }).click());
  subject.equal("one is left", await main.locator(".devices > li").count(), 1);
});

await journey("A new clerk sets the one-time password up", async ({ kyodo, page, context, look, go, main, subject }) => {
  const mail = `shokuin-${run}@example.jp`;
  await kyodo(["staff", "add", mail, "--name", "見本 新人", "--role", "staff"]);
  await page.goto((await kyodo(["sign-in-link", mail])).trim());
  await go(main.getByRole("button", { name: "サインインする" }).click());
  await look("the set-up");
  const secret = await page.locator("[data-totp-secret]").getAttribute("data-totp-secret");
  await main.getByLabel(/6桁の数字/).fill("000000");
  await go(main.getByRole("button", { name: "設定する" }).click());
  await look("a wrong password");
  await main.getByLabel(/6桁の数字/).fill(totp(secret));
  await go(main.getByRole("button", { name: "設定する" }).click());
  await look("the recovery codes");
  const codes = await main.locator(".codes li").allInnerTexts();
  subject.equal("there are ten", codes.length, 10);
  await go(main.getByRole("button", { name: "控えました" }).click());
  await context.clearCookies();
  await page.goto((await kyodo(["sign-in-link", mail])).trim());
  await go(main.getByRole("button", { name: "サインインする" }).click());
  await look("the one-time password");
  await main.locator("summary").click();
  await look("the recovery code");
  await main.getByLabel(/回復コード/).fill(codes[4].toLowerCase());
  await go(main.getByRole("button", { name: "回復コードで次へ" }).click());
  await page.goto("/me");
  subject.equal("the code let one in", await page.locator("h1").innerText(), "マイページ");
  await go(main.getByRole("link", { name: "回復コードを作り直す" }).click());
  await look("new recovery codes");
});

await journey("An administrator looks after accounts", async ({ signIn, page, look, go, main, subject }) => {
  await signIn("kanri@example.jp");
  await page.goto("/staff/accounts");
  await look("the accounts");
  await go(main.getByRole("button", { name: "登録する" }).evaluate((button) => button.form.setAttribute("novalidate", "")).then(() => main.getByRole("button", { name: "登録する" }).click()));
  await look("an empty form");
  await main.getByLabel(/^メールアドレス/).fill(`ukeire-${run}@example.jp`);
  await main.getByLabel(/^氏名/).fill("見本 受入");
  await main.getByLabel("職員", { exact: true }).check();
  await go(main.getByRole("button", { name: "登録する" }).click());
  await look("a new account");
  await main.getByLabel("利用できる").uncheck();
  await go(main.getByRole("button", { name: "保存する" }).click());
  subject.equal("it is stopped", await main.locator(".chip-stop").innerText(), "停止中");
  await look("a stopped account");
  await page.goto("/staff/accounts?q=mihon01");
  await go(main.locator(".links a").first().click());
  await look("a member's account");
});

await close();
