// Journeys of people with pages of their own: members of groups, staff, administrators. A script of journeys begins with
//   const { journey, close } = await own("groups", process.argv);   and ends with   await close();
// and is called as  node NAME.mjs http://127.0.0.1:8080 DATA_DIR  beside a running demo whose database lies in DATA_DIR.
// KYODO names the binary (target/debug/kyodo otherwise): sign-in links come from its command, so that no mail is needed.
import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { launch } from "./chromium.mjs";
import { came, piped } from "./letterbox.mjs";
import * as nu from "./nu.mjs";
import { Report } from "./report.mjs";

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SIZES = [
  { width: 1280, height: 900 },
  { width: 320, height: 640 },
];

export async function own(name, [, , base, dataDir]) {
  if (!base || !dataDir) throw new Error(`usage: ${name}.mjs BASE_URL DATA_DIR`);
  const report = new Report(name);
  const browser = await launch();
  const folder = await mkdtemp(join(tmpdir(), "kyodo-own-"));
  const looked = [];
  // Pages are walked without scripts; axe needs them, so the page is looked at once more, as it stands, in a browser that runs them.
  const glass = await (await browser.newContext({ bypassCSP: true })).newPage();

  /** One journey in a browser of its own, without JavaScript unless asked for; a step that cannot be taken is its fault. */
  async function journey(title, walk, options = {}) {
    const subject = report.subject(title);
    const context = await browser.newContext({ baseURL: base, javaScriptEnabled: false, ...options });
    context.setDefaultTimeout(10000);
    const page = await context.newPage();
    const kit = {
      page,
      subject,
      context,
      base,
      kyodo: (args, input = "") => kyodo(base, dataDir, args, input),
      came: (subject, count) => came(dataDir, subject, count),
      secret: (letter, name, mail) => secret(dataDir, letter, name, mail),
      signIn: (mail, where = page) => signIn(base, dataDir, where, mail),
      look: (what, where = page) => look(glass, where, what, subject, folder, looked),
      go: (step, where = page) => go(where, step),
      main: page.getByRole("main"),
    };
    try {
      await walk(kit);
    } catch (error) {
      subject.check("every step can be taken", `${error.message.split("\n").slice(0, 4).join(" ")} at ${page.url()}`);
    }
    await context.close();
    subject.close();
  }

  /** Checks the HTML of every page looked at, prints the totals and ends. */
  async function close() {
    await browser.close();
    const faults = looked.length > 0 ? await nu.faults(folder) : new Map();
    const html = report.subject("Nu HTML Checker");
    looked.forEach((what, index) => {
      html.check(what, faults.get(`${index}.html`));
    });
    html.close();
    await rm(folder, { recursive: true });
    report.close();
  }

  return { journey, close };
}

/** Takes a step that opens another page, and waits for that page. */
export async function go(page, step) {
  const [response] = await Promise.all([page.waitForNavigation({ waitUntil: "load" }), step]);
  return response;
}

/** Runs a command of the binary on the demo's database, with a text on its standard input, and returns what it said. */
function kyodo(base, dataDir, args, input = "") {
  const file = process.env.KYODO ?? new URL("../../target/debug/kyodo", import.meta.url).pathname;
  const env = {
    ...process.env,
    KYODO_BASE_URL: base,
    KYODO_DATA_DIR: dataDir,
    KYODO_DATABASE_URL: `sqlite://${join(dataDir, "demo.sqlite")}`,
  };
  return piped(file, args, input, env);
}

/** A secret of the newest letter of a kind to an address, which no page shows: read from the outbox of the demo's database. */
async function secret(dataDir, kind, name, mail) {
  const script = `import json, sqlite3, sys
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
sql = "SELECT secrets FROM letters WHERE kind = ? AND to_mail = ? ORDER BY created_at DESC, id DESC"
print(json.loads(database.execute(sql, sys.argv[2:4]).fetchone()[0])[sys.argv[4]])`;
  const { stdout } = await promisify(execFile)("python3", ["-c", script, join(dataDir, "demo.sqlite"), kind, mail, name]);
  return stdout.trim();
}

/** Signs in by a link of the command `sign-in-link`; staff set up or give their one-time password as well. */
async function signIn(base, dataDir, page, mail) {
  const link = (await kyodo(base, dataDir, ["sign-in-link", mail])).match(/https?:\/\/\S+/)[0];
  await page.goto(link);
  await go(page, page.getByRole("main").getByRole("button").first().click());
  if (!new URL(page.url()).pathname.startsWith("/sign-in/totp")) return;
  // Scripts follow one another on the same demo, so what staff have set up is remembered beside its database.
  const file = join(dataDir, "one-time-passwords.json");
  const known = existsSync(file) ? JSON.parse(await readFile(file, "utf8")) : {};
  const shown = page.locator("[data-totp-secret]");
  if ((await shown.count()) > 0) known[mail] = { secret: (await shown.getAttribute("data-totp-secret")).replaceAll(" ", "") };
  const { secret, step } = known[mail];
  used.set(secret, Math.max(used.get(secret) ?? 0, step ?? 0));
  while (used.get(secret) > Date.now() / 30000) await new Promise((resolve) => setTimeout(resolve, 1000));
  await page.getByRole("textbox", { name: /6桁/ }).fill(totp(secret));
  known[mail].step = used.get(secret);
  await writeFile(file, JSON.stringify(known));
  await go(page, page.getByRole("main").getByRole("button").first().click());
  // After the first set-up the recovery codes are shown; one goes on from there.
  const on = page.getByRole("main").getByRole("button", { name: /控えました/ });
  if ((await on.count()) > 0) await go(page, on.click());
}

/** The one-time password of a base32 secret now (RFC 6238). A password is good once: a second one waits for the next step. */
const used = new Map();
export function totp(secret) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  let step = Math.floor(Date.now() / 30000);
  // The site takes the step after this one as well, so two sign-ins in a row need not wait.
  if (used.get(secret) >= step) step = used.get(secret) + 1;
  used.set(secret, step);
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", key).update(message).digest();
  const offset = digest[19] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1000000).padStart(6, "0");
}

/** Checks the page as it stands: accessibility and width at 1280 and 320 px; its HTML is checked at the end. */
async function look(glass, page, what, subject, folder, looked) {
  const html = await page.content();
  await writeFile(join(folder, `${looked.length}.html`), html);
  looked.push(what);
  subject.equal(`${what}: h1`, await page.locator("h1").count(), 1);
  const url = page.url();
  const only = (address) => address.href === url;
  await glass.route(only, (route) => route.fulfill({ body: html, contentType: "text/html; charset=utf-8" }));
  await glass.goto(url);
  await glass.evaluate(axeSource);
  for (const size of SIZES) {
    await glass.setViewportSize(size);
    subject.check(`${what}: accessibility at ${size.width} px`, await violations(glass));
    const excess = await glass.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth);
    subject.check(`${what}: width at ${size.width} px`, excess > 0 ? `${excess} px too wide` : null);
  }
  await glass.unroute(only);
}

async function violations(page) {
  const result = await page.evaluate((standards) => {
    return globalThis.axe.run(document, { runOnly: { type: "tag", values: standards }, resultTypes: ["violations"] });
  }, STANDARDS);
  return result.violations.map(({ id, help, nodes }) => `${id} (${help}): ${nodes[0].html.slice(0, 160)}`);
}
