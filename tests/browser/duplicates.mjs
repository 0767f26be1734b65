// Staff make one of the same festival from two calendars: node duplicates.mjs http://127.0.0.1:8080 DATA_DIR beside a running demo.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { own } from "./own.mjs";

const { journey, close } = await own("duplicates", process.argv);
const STAFF = "shokuin@example.jp";
// Of this run alone, so that it can be walked twice.
const NAME = `見本港まつり${Date.now() % 100000}`;
const DAY = new Date(Date.now() + 40 * 86400000).toISOString().slice(0, 10).replaceAll("-", "");

/** A calendar with the festival, as a file. */
function calendar(name, title, place) {
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//mihon//JA", `X-WR-CALNAME:${name}`, "BEGIN:VEVENT"];
  lines.push(`UID:${name}-${NAME}@mihon.example`, "DTSTAMP:20261101T000000Z", `SUMMARY:${title}`, `LOCATION:${place}`);
  lines.push(`DTSTART:${DAY}T010000Z`, `DTEND:${DAY}T070000Z`, "END:VEVENT", "END:VCALENDAR", "");
  return lines.join("\r\n");
}

await journey("staff compare two entries, show them as one, and part them again", async (kit) => {
  const { page, subject, main, go, look } = kit;
  const folder = await mkdtemp(join(tmpdir(), "kyodo-duplicates-"));
  for (const [name, title, place] of [["見本観光協会", `第10回 ${NAME}`, "見本港 特設会場"], ["見本まつりの会", `【お知らせ】${NAME}`, "見本港"]]) {
    await writeFile(join(folder, `${name}.ics`), calendar(name, title, place));
    await kit.kyodo(["import", "events", join(folder, `${name}.ics`)]);
  }
  await rm(folder, { recursive: true });
  const found = `/events?view=list&q=${encodeURIComponent(NAME)}`;
  await page.goto(found);
  const links = main.getByRole("link", { name: new RegExp(NAME) });
  subject.equal("both are in the calendar", await links.count(), 2);
  const addresses = await links.evaluateAll((all) => all.map((one) => one.href));

  await kit.signIn(STAFF);
  await page.goto("/staff/duplicates");
  await look("the desk of duplicates");
  await main.getByLabel(/^1つめの予定のアドレス/).fill(addresses[0]);
  await main.getByLabel(/^2つめの予定のアドレス/).fill("見本");
  await go(main.getByRole("button", { name: "比べる" }).click());
  await look("an address that is none");
  subject.check("it says what to do", (await main.innerText()).includes("アドレスを写して入れてください") ? null : "no fault");
  await main.getByLabel(/^2つめの予定のアドレス/).fill(addresses[1]);
  await go(main.getByRole("button", { name: "比べる" }).click());
  const compared = await main.innerText();
  subject.check("both stand side by side", compared.includes("見本観光協会") && compared.includes("見本まつりの会") ? null : "no");
  subject.check("with the reasons", compared.includes("同じ日の同じ時刻に始まります。") ? null : "no");
  await look("two entries side by side");
  await main.getByRole("radio", { name: /第10回/ }).check();
  await go(main.getByRole("button", { name: "1つの予定にまとめる" }).click());
  subject.check("it is told", (await main.innerText()).includes("1つの予定にまとめました。") ? null : "no");

  const visitor = await (await kit.context.browser().newContext({ baseURL: kit.base })).newPage();
  await visitor.goto(found);
  subject.equal("everybody sees one", await visitor.getByRole("main").getByRole("link", { name: new RegExp(NAME) }).count(), 1);
  const shown = new Set();
  for (const address of addresses) {
    await visitor.goto(address);
    shown.add(visitor.url());
  }
  subject.equal("both addresses lead to it", shown.size, 1);

  await go(main.getByRole("link", { name: new RegExp(`第10回 ${NAME}`) }).first().click());
  await look("a union");
  await go(main.getByRole("button", { name: /この予定のほうを公開する/ }).click());
  subject.check("the other one is shown", (await main.innerText()).includes("表示する予定を替えました。") ? null : "no");
  await visitor.goto(addresses[0]);
  subject.check("to everybody", (await visitor.getByRole("heading", { level: 1 }).innerText()).includes("お知らせ") ? null : "no");
  await go(main.getByRole("button", { name: "別々の予定に戻す" }).click());
  await visitor.goto(found);
  subject.equal("parted again", await visitor.getByRole("main").getByRole("link", { name: new RegExp(NAME) }).count(), 2);
});

await close();
