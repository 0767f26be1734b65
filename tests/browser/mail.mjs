// The outbox and leaving a topic: node mail.mjs BASE_URL DATA_DIR beside a running demo.
import { own } from "./own.mjs";

const { journey, close } = await own("mail", process.argv);

await journey("A clerk looks after the outbox", async ({ page, main, subject, signIn, look, go }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/staff/mail");
  await look("the outbox");
  subject.equal("failed letters come first", await main.locator("h2").nth(1).innerText(), "送れなかった手紙");
  await go(main.getByRole("link", { name: "見本 登録内容の変更を承認しました" }).first().click());
  await look("a letter that failed");
  subject.equal("its reason is told", await main.getByText("宛先のアドレスがないか").count(), 1);
  subject.equal("and the server's own words", await main.getByText("550 5.1.1 User unknown").count(), 1);
  await go(main.getByRole("button", { name: "もう一度送信する" }).click());
  subject.equal("it is due again", await main.getByText("もう一度送信します。").count(), 1);
  await go(main.getByRole("button", { name: "保留にする" }).click());
  await look("a letter that is held");
  await go(main.getByRole("button", { name: "送信を取りやめる" }).click());
  await look("a letter that was taken back");
  await page.goto("/staff/mail");
  await main.getByRole("searchbox").fill("招待");
  await go(main.getByRole("button", { name: "探す" }).click());
  await look("a search");
  subject.equal("one letter is found", await main.locator(".item-title").count(), 1);
  await go(main.locator(".item-title").click());
  await look("a letter with a link");
  subject.equal("without a mail server its link can be passed on", await main.getByText("/invitations/mihon").count(), 1);
});

await journey("Letters to many are looked at and released", async ({ page, main, subject, signIn, look, go }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/staff/mail");
  await go(main.getByRole("link", { name: "見本 連絡調整会議のご案内" }).first().click());
  await look("a batch that waits");
  await go(main.locator(".item-title").first().click());
  await look("a letter of the batch");
  const text = await main.locator(".letter-text").innerText();
  await page.goBack();
  await go(main.getByRole("button", { name: /すべて送信する/ }).click());
  await look("a batch that was released");
  subject.equal("nothing is held any more", await main.getByRole("button", { name: /すべて送信する/ }).count(), 0);
  // The way out at the end of the letter: without a mail server staff see it.
  await page.goto(text.match(/\/unsubscribe\/\S+/)[0]);
  await look("leaving a topic");
  await go(main.getByRole("button", { name: "このメールを止める" }).click());
  await look("a topic that was left");
  await go(main.getByRole("button", { name: "もう一度受け取る" }).click());
  subject.equal("one can come back", await main.getByRole("button", { name: "このメールを止める" }).count(), 1);
});

await journey("A member chooses what to get", async ({ page, main, subject, signIn, look, go }) => {
  await signIn("mihon01@example.jp");
  await page.goto("/me");
  await main.getByLabel(/お知らせ/).uncheck();
  await go(main.getByRole("button", { name: "受け取るメールを保存する" }).click());
  await look("one's own page after the choice");
  subject.equal("the choice stays", await main.getByLabel(/お知らせ/).isChecked(), false);
});

await close();
