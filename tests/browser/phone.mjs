// A phone that subscribes: vdirsyncer fetches a feed into a folder, as a phone does in the background, and khal shows what is in it.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A phone that is subscribed to a feed. */
export async function subscribed(url) {
  const folder = await mkdtemp(join(tmpdir(), "kyodo-phone-"));
  await mkdir(join(folder, "vdir"));
  await writeFile(
    join(folder, "vdirsyncer"),
    `[general]\nstatus_path = "${folder}/status/"\n[pair feed]\na = "remote"\nb = "local"\ncollections = null\nconflict_resolution = "a wins"\n` +
      `[storage remote]\ntype = "http"\nurl = "${url}"\n[storage local]\ntype = "filesystem"\npath = "${folder}/vdir"\nfileext = ".ics"\n`,
  );
  const clock = "%H:%M";
  await writeFile(
    join(folder, "khal"),
    `[calendars]\n[[feed]]\npath = ${folder}/vdir\n[locale]\ntimeformat = ${clock}\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n` +
      `datetimeformat = %Y-%m-%d ${clock}\nlongdatetimeformat = %Y-%m-%d ${clock}\nlocal_timezone = Asia/Tokyo\ndefault_timezone = Asia/Tokyo\n` +
      `[default]\ndefault_calendar = feed\n[sqlite]\npath = ${folder}/khal.db\n`,
  );
  const vdirsyncer = (...words) => run("vdirsyncer", ["-c", join(folder, "vdirsyncer"), ...words]);
  await vdirsyncer("discover", "feed");
  return {
    /** Asks for the feed again. */
    sync: () => vdirsyncer("sync"),
    /** What is on on a day, as the phone shows it. */
    async day(day) {
      const { stdout } = await run("khal", ["-c", join(folder, "khal"), "list", day, day, "--format", "{start-time} {title}"]);
      return stdout;
    },
    /** The entries whose lines hold these words. */
    async entries(words) {
      const names = await readdir(join(folder, "vdir"));
      const files = await Promise.all(names.map((name) => readFile(join(folder, "vdir", name), "utf8")));
      return files.map((text) => text.replaceAll(/\r?\n /g, "")).filter((text) => text.includes(words));
    },
    leave: () => rm(folder, { recursive: true }),
  };
}
