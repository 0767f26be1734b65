// A group's own calendar comes in, is cancelled where it is kept, and is held when it is suddenly empty:
// node sources.mjs http://127.0.0.1:8080 DATA_DIR beside a running demo that may fetch from 127.0.0.1 (KYODO_FETCH_ALLOW).
import { createServer } from "node:http";
import { own } from "./own.mjs";
import { subscribed } from "./phone.mjs";

const { journey, close } = await own("sources", process.argv);
const [MEMBER, STAFF] = ["mihon01@example.jp", "shokuin@example.jp"];
// Of this run alone, so that it can be walked twice.
const RUN = Date.now() % 100000;
const DAY = new Date(Date.now() + 40 * 86400000).toISOString().slice(0, 10).replaceAll("-", "");
const [TITLE, NAME] = [`見本の太鼓まつり${RUN}`, `見本の太鼓カレンダー${RUN}`];
let events = [
  ["matsuri", TITLE, "LOCATION:厳原町 見本広場"],
  ["board", "役員会(見本)", "LOCATION:見本公民館"],
  ["broken", "こわれた予定(見本)", "DTSTART:いつか"],
];

/** The calendar as it is kept elsewhere just now. */
function calendar() {
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//mihon//JA", `X-WR-CALNAME:${NAME}`];
  for (const [uid, title, ...more] of events) {
    lines.push("BEGIN:VEVENT", `UID:${uid}-${RUN}@mihon.example`, "DTSTAMP:20261101T000000Z", `SUMMARY:${title}`);
    if (!more.some((line) => line.startsWith("DTSTART"))) lines.push(`DTSTART;TZID=Asia/Tokyo:${DAY}T100000`, "DURATION:PT2H");
    lines.push(...more, "END:VEVENT");
  }
  return [...lines, "END:VCALENDAR", ""].join("\r\n");
}

const server = createServer((request, response) => {
  if (request.url !== "/taiko.ics") return response.writeHead(404).end();
  response.writeHead(200, { "content-type": "text/calendar" }).end(calendar());
}).listen(0, "127.0.0.1");
const address = () => `http://127.0.0.1:${server.address().port}/taiko.ics`;
const said = async (main, words) => ((await main.innerText()).includes(words) ? null : `no ${words}`);
let source = "";

await journey("a member tries the calendar of the group and asks for it", async (kit) => {
  const { page, subject, main, go, look } = kit;
  await kit.signIn(MEMBER);
  await page.goto("/me");
  await go(main.locator("a[href^='/me/groups/']").first().click());
  await go(main.getByRole("link", { name: /^カレンダーの取り込み/ }).click());
  await look("the calendars of a group");
  await go(main.getByRole("link", { name: "取り込みを申し込む" }).click());
  await look("the form of a calendar");
  await main.getByLabel(/^カレンダーのアドレス/).fill(address().replace("taiko", "nothing"));
  await main.getByLabel(/^名前/).fill(NAME);
  await main.getByLabel(/^このことばがある予定は取り込まない/).fill("役員会");
  await go(main.getByRole("button", { name: "読んで、内容を確かめる" }).click());
  subject.check("what is wrong stands beside the address", await said(main, "このアドレスには何もありません(404)。"));
  subject.equal("what was typed is kept", await main.getByLabel(/^このことばがある予定は取り込まない/).inputValue(), "役員会");
  await look("an address with nothing behind it");
  await main.getByLabel(/^カレンダーのアドレス/).fill(address());
  await go(main.getByRole("button", { name: "読んで、内容を確かめる" }).click());
  source = new URL(page.url()).pathname;
  subject.check("what comes in is shown", await said(main, TITLE));
  subject.check("what does not, and why", await said(main, "「役員会」ということばがあるため、取り込みません。"));
  subject.check("what cannot be read", await said(main, "日時（DTSTART）の「いつか」が読めない"));
  await look("a calendar that is tried");
  await go(main.getByRole("button", { name: "この内容で申し込む" }).click());
  subject.check("it is told what happens next", await said(main, "事務局が確かめて、結果をメールでお知らせします。"));
});

await journey("staff approve it, it is cancelled where it is kept, and an empty file is held", async (kit) => {
  const { page, subject, main, go, look } = kit;
  await kit.signIn(STAFF);
  await page.goto("/staff/sources");
  subject.check("it waits", await said(main, NAME));
  await look("the desk of sources");
  await go(main.getByRole("link", { name: NAME }).click());
  await look("a source that waits for staff");
  await go(main.getByRole("link", { name: "設定を直す", exact: true }).click());
  await look("the settings of a source for staff");
  await main.getByRole("radio", { name: "すぐに公開する" }).check();
  await go(main.getByRole("button", { name: "保存する" }).click());
  await go(main.getByRole("button", { name: "承認して取り込む" }).click());
  subject.check("it is read", await said(main, "最後に取り込んだ内容"));
  await look("a source that is read");
  const visitor = await (await kit.context.browser().newContext({ baseURL: kit.base })).newPage();
  const found = `/events?view=list&q=${encodeURIComponent(TITLE)}`;
  await visitor.goto(found);
  await visitor.getByRole("main").getByRole("link", { name: new RegExp(TITLE) }).click();
  subject.check("everybody sees it and where it came from", await said(visitor.getByRole("main"), NAME));
  await look("an entry with its source", visitor);
  const phone = await subscribed(`${kit.base}/calendar.ics`);
  const date = `${DAY.slice(0, 4)}-${DAY.slice(4, 6)}-${DAY.slice(6)}`;
  await phone.sync();
  // vdirsyncer gives files names of its own, so the name of the entry is that of the feed.
  const named = async () => {
    const feed = (await (await fetch(`${kit.base}/calendar.ics`)).text()).replaceAll("\r\n ", "");
    return /^UID:(.*)$/m.exec(feed.split("BEGIN:VEVENT").find((one) => one.includes(TITLE)) ?? "")?.[1];
  };
  const uid = await named();
  subject.check("a phone that subscribes shows it", (await phone.day(date)).includes(`10:00 ${TITLE}`) ? null : await phone.day(date));
  events[0].push("STATUS:CANCELLED");
  await go(main.getByRole("button", { name: "いますぐ読む" }).click());
  subject.check("the change came in", await said(main, "読んで、変わったところを取り込みました。"));
  await visitor.reload();
  subject.check("everybody sees that it is cancelled", await said(visitor.getByRole("main"), "この予定は中止になりました"));
  await phone.sync();
  const after = await phone.entries(TITLE);
  subject.equal("the phone has one entry of it", after.length, 1);
  subject.check("under the same name", uid && (await named()) === uid ? null : `${uid} ${await named()}`);
  subject.check("which is cancelled", after[0]?.includes("STATUS:CANCELLED") ? null : after[0]);
  subject.check("and shows as such", (await phone.day(date)).includes(`【中止】${TITLE}`) ? null : await phone.day(date));
  await phone.leave();
  events[0].pop();
  await go(main.getByRole("button", { name: "いますぐ読む" }).click());
  events = [];
  await go(main.getByRole("button", { name: "いますぐ読む" }).click());
  subject.check("an empty file is held", await said(main, "1件もなくなりました。"));
  await look("a source that is held");
  await go(main.getByRole("button", { name: "取り込まず、元のままにする" }).click());
  await visitor.reload();
  subject.check("nothing was purged", (await visitor.getByRole("main").innerText()).includes("中止になりました") ? "cancelled" : null);
  await go(main.getByRole("button", { name: "しばらく休む" }).click());
  await look("a source that rests");
});

server.close();
await close();
