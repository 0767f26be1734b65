// The letters that a test's mail server got (tests/readers/smtp.py writes them into DATA_DIR/letters.jsonl), and calendars that read them.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const INVITED = new URL("../readers/invited.py", import.meta.url).pathname;

/** The letters whose subject looks like this, as a mail library read them; waits until there are so many. */
export async function came(dataDir, subject, count) {
  for (let turn = 0; turn < 200; turn += 1) {
    const text = await readFile(join(dataDir, "letters.jsonl"), "utf8").catch(() => "");
    const letters = text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
    const found = letters.filter((letter) => subject.test(letter.subject));
    if (found.length >= count) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`fewer than ${count} letters came`);
}

/** To whom a letter came. */
export const address = (letter) => letter.recipients[0];

/** The path of a personal link in a letter. */
export const linkIn = (letter, page) => new URL(letter.text.match(new RegExp(`https?://\\S+/${page}/\\S+`))[0]).pathname;

/** What python icalendar reads of the calendars of these letters. */
export async function calendars(letters) {
  return JSON.parse(await python([INVITED, "facts"], JSON.stringify(letters.map((letter) => letter.calendar))));
}

/** The mail with which the calendar of a letter's addressee answers its invitation. */
export const reply = (letter, word) => python([INVITED, "reply", address(letter), word], letter.calendar);

/** Runs a program with a text on its standard input and returns what it prints. */
export function piped(file, args, input, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env });
    const printed = [];
    const told = [];
    child.stdout.on("data", (chunk) => printed.push(chunk));
    child.stderr.on("data", (chunk) => told.push(chunk));
    child.on("error", reject);
    child.on("close", (status) => {
      const text = Buffer.concat(printed).toString();
      status === 0 ? resolve(text) : reject(new Error(`${file} ${args[0]}: status ${status}: ${Buffer.concat(told)}`));
    });
    // A program that asks for nothing may be gone before it was told anything.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

const python = (args, input) => piped("/usr/bin/python3", ["-B", ...args], input);
