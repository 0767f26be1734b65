// A group keeps its own page: node updates.mjs http://127.0.0.1:8080 DATA_DIR beside a running demo.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { own } from "./own.mjs";

const { journey, close } = await own("updates", process.argv);
const MEMBER = "mihon01@example.jp";
const STAFF = "shokuin@example.jp";
const FEE = `年${1000 + (Date.now() % 1000)}円`;

/** A JPEG of two colours with words of a camera in it, drawn by the browser. */
async function drawn(page) {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 2400, height: 1200 });
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#006f83";
    paper.fillRect(0, 0, 2400, 1200);
    paper.fillStyle = "#ffd43d";
    paper.fillRect(0, 0, 1200, 1200);
    return canvas.toDataURL("image/jpeg");
  });
  return Buffer.from(url.split(",")[1], "base64");
}

/** The group of the member at this place in its list, and the address of its public page. */
async function group(kit, at) {
  await kit.page.goto("/me");
  await kit.go(kit.main.locator('a[href^="/me/groups/"]').nth(at).click());
  const id = new URL(kit.page.url()).pathname.split("/")[3];
  return { hub: `/me/groups/${id}`, shown: `/groups/${id}`, staff: `/staff/groups/${id}` };
}

await journey("a member edits the profile, the office compares and approves half, the public sees it", async (kit) => {
  const { page, subject, main, go, look } = kit;
  await kit.signIn(MEMBER);
  const paths = await group(kit, 2);
  await look("the hub of a group");
  const before = await main.getByRole("heading", { level: 1 }).innerText();
  await go(main.getByRole("link", { name: /プロフィールを直す/ }).click());
  await look("the form of the profile");
  await main.getByLabel(/^団体名 /).fill(`${before}・新`);
  await main.getByLabel(/^活動の目的/).fill("見本の新しい目的です。");
  await main.getByLabel(/^会費/).fill(FEE);
  await main.getByRole("textbox", { name: "電話" }).fill("12");
  await go(main.getByRole("button", { name: "送る" }).click());
  subject.check("a wrong number is said", (await main.innerText()).includes("か所を直してください") ? null : "no fault");
  subject.equal("what was typed stays", await main.getByLabel(/^会費/).inputValue(), FEE);
  await look("the form with a fault");
  await main.getByRole("textbox", { name: "電話" }).fill("0920-99-0001");
  await main.getByRole("group", { name: "電話を公開しますか" }).getByLabel("公開してよい").check();
  await go(main.getByRole("button", { name: "送る" }).click());
  await look("the hub while changes wait");
  subject.check("it says what waits", (await main.innerText()).includes("事務局の確認を待っている変更") ? null : "no");

  const visitor = await (await kit.context.browser().newContext({ baseURL: kit.base })).newPage();
  await visitor.goto(paths.shown);
  const shown = () => visitor.getByRole("main").innerText();
  subject.check("the fee and the number show at once", (await shown()).includes(FEE) && (await shown()).includes("0920-99-0001") ? null : "no");
  subject.check("the name does not", (await shown()).includes("・新") ? "it does" : null);

  const office = await (await kit.context.browser().newContext({ baseURL: kit.base, javaScriptEnabled: false })).newPage();
  await kit.signIn(STAFF, office);
  const desk = office.getByRole("main");
  await office.goto(`${paths.staff}/profile`);
  await look("the form for the office", office);
  await kit.go(desk.getByRole("link", { name: "変更の確認" }).click(), office);
  subject.equal("every box is ticked", await desk.getByRole("checkbox", { checked: true }).count(), 2);
  subject.check("new letters are marked", (await desk.locator("ins").allInnerTexts()).join("").includes("・新") ? null : "no <ins>");
  await look("the comparison", office);
  await desk.getByRole("checkbox", { name: "活動の目的を承認する" }).uncheck();
  await kit.go(desk.getByRole("button", { name: "印を付けた項目を承認する" }).click(), office);
  await look("the comparison without a word on the other half", office);
  await desk.getByRole("textbox", { name: /団体への説明/ }).fill("目的は、総会のあとでもう一度お送りください。");
  await kit.go(desk.getByRole("button", { name: "印を付けた項目を承認する" }).click(), office);
  await look("the decided proposal", office);
  await visitor.reload();
  subject.check("the approved half is public", (await shown()).includes("・新") ? null : "no");
  subject.check("the other half is not", (await shown()).includes("新しい目的") ? "it is" : null);
  await page.goto(paths.hub);
  subject.check("the member reads the note", (await main.innerText()).includes("総会のあとで") ? null : "no");

  // The name comes back with the first version.
  await office.goto(`${paths.staff}/history`);
  await look("the history for the office", office);
  await kit.go(desk.getByRole("link", { name: /^第1版の内容/ }).click(), office);
  await look("an old version", office);
  await desk.getByRole("textbox", { name: /戻す理由/ }).fill("見本を元に戻すため");
  await kit.go(desk.getByRole("button", { name: "この版に戻す" }).click(), office);
  await visitor.reload();
  subject.check("the old name is back", (await shown()).includes("・新") ? "no" : null);
  subject.check("the consent is not", (await shown()).includes("0920-99-0001") ? "it is" : null);
  await page.goto(`${paths.hub}/history`);
  await look("the history for members");
});

await journey("two people at one field see both texts", async (kit) => {
  const { page, subject, main, go, look } = kit;
  await kit.signIn(MEMBER);
  const paths = await group(kit, 1);
  await page.goto(`${paths.hub}/profile`);
  const other = await kit.context.newPage();
  await other.goto(`${paths.hub}/profile`);
  await other.getByLabel(/^会費/).fill(`${FEE}と入会金`);
  await kit.go(other.getByRole("button", { name: "送る" }).click(), other);
  await main.getByLabel(/^会費/).fill("なし(見本)");
  await go(main.getByRole("button", { name: "送る" }).click());
  subject.check("the other text is shown", (await main.innerText()).includes(`${FEE}と入会金`) ? null : "no");
  subject.equal("one's own stays", await main.getByLabel(/^会費/).inputValue(), "なし(見本)");
  await look("two texts of one field");
  await go(main.getByRole("button", { name: "送る" }).click());
  await page.goto(paths.shown);
  subject.check("it is settled", (await main.innerText()).includes("なし(見本)") ? null : "no");
});

await journey("a photo is sent, shown and taken down", async (kit) => {
  const { page, subject, main, go, look } = kit;
  await kit.signIn(MEMBER);
  const paths = await group(kit, 0);
  const painter = await (await kit.context.browser().newContext()).newPage();
  const buffer = await drawn(painter);
  await page.goto(`${paths.hub}/photo`);
  await look("the page of the photo");
  await main.getByLabel("写真のファイル").setInputFiles({ name: "note.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no photo") });
  await main.getByLabel(/^写真の説明/).fill("見本の二色の絵");
  await go(main.getByRole("button", { name: "送って公開する" }).click());
  subject.check("what is no photo is said", (await main.innerText()).includes("写真として読めません") ? null : "no");
  await look("the page of the photo with a fault");
  const folder = await mkdtemp(join(tmpdir(), "kyodo-photo-"));
  await writeFile(join(folder, "huge.jpg"), Buffer.alloc(12 * 1024 * 1024, 255));
  await main.getByLabel("写真のファイル").setInputFiles(join(folder, "huge.jpg"));
  const answer = await go(main.getByRole("button", { name: "送って公開する" }).click());
  await rm(folder, { recursive: true });
  subject.equal("12 MB are too much", answer?.status(), 413);
  subject.check("in a sentence", (await page.getByRole("main").innerText()).includes("10MBまで") ? null : "no");
  await page.goto(`${paths.hub}/photo`);
  await main.getByLabel("写真のファイル").setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer });
  await main.getByLabel(/^写真の説明/).fill("見本の二色の絵");
  await go(main.getByRole("button", { name: "送って公開する" }).click());
  await look("the page of the photo with the photo");
  await page.goto(paths.shown);
  const photo = main.getByRole("img", { name: "見本の二色の絵" });
  subject.equal("it is 1600 pixels wide", await photo.getAttribute("width"), "1600");
  subject.check("it is loaded", (await photo.evaluate((image) => image.complete && image.naturalWidth > 0)) ? null : "no");
  await look("the public page with a photo");
  await page.goto(`${paths.hub}/photo`);
  await go(main.getByRole("button", { name: "写真の掲載をやめる" }).click());
  await page.goto(paths.shown);
  subject.equal("it is gone", await photo.count(), 0);
  const office = await (await kit.context.browser().newContext({ baseURL: kit.base, javaScriptEnabled: false })).newPage();
  await kit.signIn(STAFF, office);
  await office.goto(`${paths.staff}/photo`);
  await look("the photo for the office", office);
});

await close();
