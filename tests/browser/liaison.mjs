// One liaison meeting from the first idea to its evidence, by real mail: node liaison.mjs BASE_URL DATA_DIR beside a demo whose mail
// server is tests/readers/smtp.py, which writes what it gets into DATA_DIR/letters.jsonl.
import { address, calendars, linkIn, reply } from "./letterbox.mjs";
import { own } from "./own.mjs";

const { journey, close } = await own("liaison", process.argv);
const TITLE = "第7回 見本の連絡調整会議";
const STAFF = "shokuin@example.jp";
const ITEMS = ["2-04", "3-01"];
const GROUPS = 12;
// The others have no address: they are asked by telephone, and get paper.
let mailed;
let meeting;
let asked;
let invited;

const titled = (word) => new RegExp(`${word}.*${TITLE}`);
const day = (ahead) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format(new Date(Date.now() + ahead * 86400000));
/** Which group a letter is for: each says so in its first lines. */
const groupOf = (letter) => letter.text.split(/\r?\n/).find((line) => line.startsWith("見本 "));
const groupsOf = (letters) => [...new Set(letters.map(groupOf))].sort();

/** Sends what waits for this meeting: the newest letters of this kind. */
async function release({ page, main, go }, kind) {
  await page.goto("/staff/mail");
  await go(main.getByRole("link", { name: new RegExp(`${TITLE}.*${kind}|${kind}.*${TITLE}`) }).first().click());
  await go(main.getByRole("button", { name: /送信する/ }).last().click());
}

await journey("proposals for groups of all six towns become a poll of twelve groups, and only the silent are reminded", async (kit) => {
  const { page, main, signIn, look, go, subject, came } = kit;
  await signIn(STAFF);
  await page.goto("/meetings/new");
  await page.getByLabel("会議の名前").fill(TITLE);
  await page.getByLabel("会議の長さ").fill("90");
  await page.getByLabel("進行(議長)の名前").fill("見本 太郎");
  await page.getByLabel("必要な団体の数").fill("8");
  const groups = page.locator(".seat-choice input[name=group]");
  for (let at = 0; at < GROUPS; at += 1) await groups.nth(at * 5).check();
  await page.locator(".seat-choice input[name=required]").first().check();
  await go(main.getByRole("button", { name: "保存する" }).click());
  meeting = new URL(page.url()).pathname.replace("/work", "");
  await page.goto(`${meeting}/finding`);
  await look("the proposals");
  const proposals = main.locator("input[name=date]");
  subject.equal("several days are proposed", (await proposals.count()) >= 3, true);
  subject.equal("each with the farthest journey", await main.locator(".entry-row").filter({ hasText: "いちばん遠い" }).count(), await proposals.count());
  subject.equal("and days that are left out say why", await main.locator(".fold .facts dd").filter({ hasText: /\S/ }).count() > 0, true);
  await go(main.getByRole("button", { name: "印をつけた日時を候補にする" }).click());
  await go(main.getByRole("link", { name: "団体にたずねる" }).click());
  const [, without] = (await main.getByText(/団体にはメールのあて先がありません/).innerText()).match(/(\d+)団体には/);
  mailed = GROUPS - Number(without);
  await go(main.getByRole("button", { name: "お尋ねの手紙を作る" }).click());
  await release(kit, "日程");
  asked = await came(titled("【日程のお尋ね】"), mailed);
  subject.equal("all groups with an address are asked", groupsOf(asked).length, mailed);
  const [first, second] = groupsOf(asked);
  for (const [group, word] of [[first, "yes"], [second, "maybe"]]) {
    await page.goto(linkIn(asked.find((letter) => groupOf(letter) === group), "poll"));
    for (const field of await page.locator(`input[type=radio][value=${word}]`).all()) await field.check();
    await go(main.getByRole("button", { name: "この内容で答える" }).click());
  }
  await page.goto(`${meeting}/poll`);
  await look("two of twelve have answered");
  await go(main.getByRole("button", { name: /未回答の10団体/ }).click());
  await release(kit, "日程");
  const reminded = await came(titled("【再度のお願い】"), mailed - 2);
  subject.equal("only the silent", groupsOf(reminded).join(), groupsOf(asked).filter((group) => ![first, second].includes(group)).join());
});

await journey("the invitation is one letter and one calendar for each, answered from the page and by a calendar", async (kit) => {
  const { page, main, signIn, look, go, subject, came, kyodo } = kit;
  await signIn(STAFF);
  await page.goto(`${meeting}/poll`);
  await go(main.getByRole("link", { name: /この日時に決める/ }).first().click());
  await page.getByLabel("場所", { exact: true }).fill("見本公民館");
  await go(main.getByRole("button", { name: "保存する" }).click());
  await page.goto(`${meeting}/notice`);
  await page.getByLabel("文書番号").fill("見本第7号");
  await go(main.getByRole("button", { name: "この内容で手紙を作る" }).click());
  await release(kit, "開催通知");
  invited = await came(titled("【開催通知】"), asked.length);
  const told = await calendars(invited);
  subject.equal("requests", [...new Set(told.map((one) => one.method))].join(), "REQUEST");
  subject.equal("one entry for all", new Set(told.map((one) => `${one.uid} ${one.sequence} ${one.starts}`)).size, 1);
  subject.equal("each asks its own addressee alone, with RSVP", told.every((one, at) => one.asked.join() === `mailto:${address(invited[at])},TRUE`), true);
  subject.equal("with the zone it names", told.every((one) => one.zones.includes(one.zone)), true);
  subject.equal("whom to answer", told.every((one) => one.organizer.startsWith("mailto:")), true);
  subject.equal("no letter has a fault of form", invited.flatMap((letter) => letter.defects).length, 0);
  // Whoever looks after two of the groups answers for both with one calendar, so somebody else does here.
  const alone = invited.filter((letter) => invited.filter((one) => address(one) === address(letter)).length === 1);
  const [byPage, byMail] = alone;
  await page.goto(linkIn(byPage, "rsvp"));
  await page.getByLabel("出席", { exact: true }).check();
  await page.getByLabel("出席する方のお名前").fill("見本 一郎\n見本 二郎");
  await go(main.getByRole("button", { name: "この内容で返事をする" }).click());
  await kyodo(["inbound"], await reply(byMail, "ACCEPTED"));
  await page.goto(`${meeting}/replies`);
  await look("two replies");
  subject.equal("both came in", await page.getByText("2団体 3人").count(), 1);
});

await journey("the meeting moves, and one group is taken out: each calendar is told of its own entry", async (kit) => {
  const { page, main, signIn, go, subject, came } = kit;
  await signIn(STAFF);
  const [before] = await calendars(invited.slice(0, 1));
  await page.goto(`${meeting}/day`);
  await page.getByLabel("日にち").fill(day(45));
  await go(main.getByRole("button", { name: "保存する" }).click());
  await page.goto(`${meeting}/notice`);
  await go(main.getByRole("button", { name: "この内容で手紙を作る" }).click());
  await release(kit, "変更");
  const moved = await came(titled("【変更】"), invited.length);
  const told = await calendars(moved);
  subject.equal("the same entry, one step later", told.every((one) => one.uid === before.uid && one.sequence > before.sequence && one.method === "REQUEST"), true);
  subject.equal("on the new day", told.every((one) => one.starts.startsWith(day(45))), true);
  await page.goto(`${meeting}/replies`);
  const name = groupOf(invited.at(-1));
  await go(main.getByRole("link", { name: new RegExp(`${name}を会議から`) }).click());
  await page.getByLabel("理由").fill("二重に招いたため（見本）");
  await go(main.getByRole("button", { name: "会議から外す" }).click());
  await release(kit, "取り消し");
  const ended = await came(titled("【ご案内の取り消し】"), 1);
  subject.equal("only this group", groupsOf(ended).join(), name);
  const [gone] = await calendars(ended);
  subject.equal("its calendar drops the entry", [gone.method, gone.uid, gone.sequence >= told[0].sequence].join(), ["CANCEL", before.uid, true].join());
});

await journey("it is held, its minutes with three decisions are published, and the items of the plan show it", async (kit) => {
  const { page, main, signIn, look, go, subject, came } = kit;
  await signIn(STAFF);
  // The day comes at once: put to the first minutes of today.
  await page.goto(`${meeting}/day`);
  await page.getByLabel("日にち").fill(day(0));
  await page.getByLabel("始まる時刻").fill("00:00");
  await page.getByLabel("終わる時刻").fill("00:15");
  await go(main.getByRole("button", { name: "保存する" }).click());
  await page.goto(`${meeting}/attendance`);
  for (let at = 0; at < 8; at += 1) await go(main.getByRole("button", { name: /: 出席$/ }).nth(at).click());
  subject.equal("enough are there", await page.getByRole("heading", { name: "会議は成立しています。" }).count(), 1);
  await page.goto(`${meeting}/holding`);
  await go(main.getByRole("button", { name: "「開催済み」にする" }).click());
  for (const [words, item] of [["清掃の日を決めた（見本）。", "3-05"], ["物品の一覧を作る（見本）。", "3-08"], ["次の会議は秋に開く（見本）。", "2-04"]]) {
    await page.goto(`${meeting}/minutes/decisions`);
    await page.locator("input[name=kind][value=decision]").check();
    await page.getByRole("textbox", { name: /内容/ }).fill(words);
    await page.locator(`input[name=items][value="${item}"]`).check();
    await go(main.getByRole("button", { name: "加える" }).click());
  }
  await page.goto(`${meeting}/minutes/review`);
  await page.getByLabel("確かめる団体").selectOption({ index: 1 });
  await go(main.getByRole("button", { name: "確認をお願いする" }).click());
  for (const who of ["進行(議長)", "出席した団体"]) {
    await page.getByLabel(who, { exact: true }).check();
    await page.getByLabel("お名前").fill("見本 太郎");
    await go(main.getByRole("button", { name: "確認を書きとめる" }).click());
  }
  await page.goto(`${meeting}/publication`);
  await go(main.getByRole("button", { name: "議事録を公開する" }).click());
  await release(kit, "議事録");
  const told = await came(new RegExp(`「${TITLE}」の議事録`), mailed - 1);
  subject.equal("everybody invited who has an address gets the minutes", groupsOf(told).length, mailed - 1);
  await page.goto(linkIn(told[0], "minutes"));
  await look("the minutes by the letter's link");
  await page.goto(meeting);
  subject.equal("three decisions", await page.locator(".decided li").count(), 3);
  for (const code of [...ITEMS, "3-05", "3-08"]) {
    await page.goto(`/plans/2009/items/${code}`);
    subject.equal(`evidence at ${code}`, await main.getByRole("link", { name: TITLE }).count() > 0, true);
  }
});

await close();
