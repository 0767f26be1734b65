// The people of a group: a group is claimed with a printed code, its new representative invites somebody and hands over.
// Called as  node people.mjs http://127.0.0.1:8080 DATA_DIR  beside a running demo; letters are read from its outbox.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { own } from "./own.mjs";

const { journey, close } = await own("people", process.argv);
const dataDir = process.argv[3];
const GROUP = "見本 おはなしの部屋ひだまり";
const [SHIGEO, KYOKO, NAGISA] = ["shigeo@example.jp", "kyoko@example.jp", "nagisa@example.jp"];
let code = "";

/** The personal link in the newest letter of a kind to an address: what its reader would see in the mail. */
async function link(kind, mail) {
  const sql = `SELECT json_extract(secrets, '$."リンク"') FROM letters WHERE kind = '${kind}' AND to_mail = '${mail}' ORDER BY created_at DESC, id DESC LIMIT 1`;
  const script = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])";
  const { stdout } = await promisify(execFile)("python3", ["-c", script, join(dataDir, "demo.sqlite"), sql]);
  return stdout.trim();
}

await journey("Staff print claim letters, each on one page", async ({ page, subject, signIn, look, go, main }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/staff/claims");
  await look("claims");
  await go(main.getByRole("link", { name: "受取りの手紙をまとめて作る" }).click());
  await look("groups without people");
  await go(main.getByRole("button", { name: "印を付けた団体の手紙を作る" }).click());
  await look("no group ticked");
  for (const name of [GROUP, "見本 ガイドボランティア城下町", "見本 韓国語おしゃべりサークル"]) {
    await main.getByRole("checkbox", { name }).check();
  }
  await go(main.getByRole("button", { name: "印を付けた団体の手紙を作る" }).click());
  await look("letters");
  const folder = await mkdtemp(join(tmpdir(), "kyodo-people-"));
  const file = join(folder, "letters.pdf");
  await page.pdf({ path: file, preferCSSPageSize: true });
  const pages = (await readFile(file, "latin1")).match(/\/Type \/Page\b(?!s)/g)?.length;
  await rm(folder, { recursive: true });
  subject.equal("three letters are three pages", pages, 3);
  const sheet = main.getByRole("article", { name: GROUP });
  code = (await sheet.locator(".claim-fours").innerText()).replaceAll(/\s/g, "");
  subject.equal("the code has twelve letters", code.replaceAll("-", "").length, 12);
});

await journey("A new user claims the group with the printed code", async ({ page, subject, look, go, main }) => {
  await page.goto(`/claim?code=${code}`);
  await look("claim");
  await main.getByRole("textbox", { name: /受取りの番号/ }).fill("2222-2222-2222");
  await go(main.getByRole("button").click());
  await look("wrong code");
  await main.getByRole("textbox", { name: /受取りの番号/ }).fill(code.toLowerCase().replaceAll("-", " "));
  await go(main.getByRole("button").click());
  await look("who claims");
  subject.check("the group is named", (await main.innerText()).includes(GROUP) ? null : "it is not");
  await page.locator("form").evaluate((form) => form.setAttribute("novalidate", ""));
  await main.getByRole("textbox", { name: /お名前/ }).fill("見本 茂雄");
  await go(main.getByRole("button").click());
  await look("claim with faults");
  subject.equal("the name is kept", await main.getByRole("textbox", { name: /お名前/ }).inputValue(), "見本 茂雄");
  await main.getByRole("textbox", { name: /団体での役割/ }).fill("理事長");
  await main.getByRole("textbox", { name: /メールアドレス/ }).fill(SHIGEO);
  await go(main.getByRole("button").click());
  await look("look into your mail");
  await page.goto(await link("groups.claim_verify", SHIGEO));
  await look("verify the address");
  await go(main.getByRole("button").click());
  await look("the office looks at it");
});

await journey("Staff confirm the claim", async ({ page, signIn, look, go, main }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/staff/claims");
  await look("claims that wait");
  await go(main.getByRole("link", { name: GROUP }).click());
  await look("claim for staff");
  await page.locator("form").last().evaluate((form) => form.setAttribute("novalidate", ""));
  await go(main.getByRole("button", { name: "お断りの手紙を送る" }).click());
  await look("refusal without a reason");
  await main.getByRole("radio", { name: "代表者" }).check();
  await go(main.getByRole("button", { name: "受取りを認める" }).click());
  await look("claim confirmed");
});

await journey("The new representative invites somebody", async ({ page, signIn, look, go, main }) => {
  await signIn(SHIGEO);
  await page.goto("/me");
  const group = await main.getByRole("link", { name: GROUP }).first().getAttribute("href");
  await page.goto(`${group}/people`);
  await look("people");
  await main.getByRole("textbox", { name: /メールアドレス/ }).fill(KYOKO);
  await main.getByRole("textbox", { name: /お名前/ }).fill("見本 京子");
  await go(main.getByRole("button", { name: "招待の手紙を送る" }).click());
  await look("invited");
  await go(main.getByRole("button", { name: /もう一度送る/ }).click());
  await look("sent again");
});

await journey("The invited person accepts and signs in", async ({ page, subject, signIn, look, go, main }) => {
  const invitation = await link("groups.invitation", KYOKO);
  await page.goto(invitation);
  await look("invitation");
  await go(main.getByRole("button", { name: "担当者を引き受ける" }).click());
  await look("accepted");
  subject.equal("a used link is gone", (await page.goto(invitation)).status(), 410);
  await look("invitation that is over");
  await signIn(KYOKO);
  const group = await main.getByRole("link", { name: GROUP }).first().getAttribute("href");
  await page.goto(`${group}/people`);
  await look("people for the new one");
});

await journey("The representative hands over to somebody new", async ({ page, subject, signIn, look, go, main }) => {
  await signIn(SHIGEO);
  const group = await main.getByRole("link", { name: GROUP }).first().getAttribute("href");
  await page.goto(`${group}/people`);
  await go(main.getByRole("link", { name: "代表者を引き継ぐ" }).click());
  await look("hand over");
  await main.getByRole("radio", { name: /ほかの方/ }).check();
  await go(main.getByRole("button", { name: "引継ぎの手紙を送る" }).click());
  await look("hand over with faults");
  await main.getByRole("textbox", { name: /お名前/ }).fill("見本 渚");
  await main.getByRole("textbox", { name: /メールアドレス/ }).fill(NAGISA);
  await go(main.getByRole("button", { name: "引継ぎの手紙を送る" }).click());
  await look("hand-over under way");
  await page.goto(await link("groups.handover", NAGISA));
  await look("confirm the hand-over");
  await main.getByRole("textbox", { name: /役職/ }).fill("理事長");
  await go(main.getByRole("button", { name: "代表者を引き受ける" }).click());
  await look("handed over");
  await page.goto(`${group}/people`);
  const lines = await main.locator(".people-name").allInnerTexts();
  subject.check("the new one leads", lines[0].includes("見本 渚") && lines[0].includes("代表者") ? null : lines[0]);
  await go(main.getByRole("link", { name: /担当から抜ける/ }).click());
  await look("leave");
});

await journey("Staff look after the people of a group", async ({ page, signIn, look, go, main }) => {
  await signIn("shokuin@example.jp");
  await page.goto("/groups?q=いきいき体操三根");
  const group = (await main.getByRole("link", { name: /いきいき体操三根の会/ }).first().getAttribute("href")).split("/").pop();
  await page.goto(`/staff/groups/${group}/people`);
  await look("people for staff");
  await go(main.getByRole("link", { name: /担当から外す/ }).first().click());
  await look("remove");
  await page.goto(`/staff/groups/${group}/people/representative`);
  await look("name a representative");
  await page.locator("form").last().evaluate((form) => form.setAttribute("novalidate", ""));
  await go(main.getByRole("button", { name: "代表者を変更する" }).click());
  await look("name a representative with faults");
  await main.getByRole("combobox", { name: /受けた方法/ }).selectOption({ label: "郵送" });
  await main.getByRole("textbox", { name: /理由/ }).fill("総会で会長が交代したと届出があったため");
  await go(main.getByRole("button", { name: "代表者を変更する" }).click());
  await look("representative named");
  await page.goto(`/staff/groups/${group}/claim`);
  await look("no letter for a group with people");
});

await close();
