// Reads each calendar file in a folder with ical.js, as a web calendar would: node read.mjs FOLDER
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Report } from "../browser/report.mjs";

const ICAL = createRequire(new URL("../browser/package.json", import.meta.url))("ical.js");
// Without this ical.js forgives values that it cannot read.
ICAL.design.strict = true;

const [folder] = process.argv.slice(2);
if (!folder) throw new Error("usage: read.mjs FOLDER");
const report = new Report("ical.js");
const names = (await readdir(folder)).filter((name) => name.endsWith(".ics")).sort();
if (names.length === 0) throw new Error(`no .ics file in ${folder}`);
for (const name of names) {
  const subject = report.subject(`ical.js reads ${decodeURIComponent(name)}`);
  readCalendar(await readFile(join(folder, name), "utf8"), subject);
  subject.close();
}
report.close();

function readCalendar(text, subject) {
  let events = [];
  try {
    const calendar = new ICAL.Component(ICAL.parse(text));
    for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
    events = calendar.getAllSubcomponents("vevent");
    subject.equal("number of events", events.length, text.match(/^BEGIN:VEVENT\r$/gm)?.length ?? 0);
  } catch (error) {
    subject.check("parse", error.message);
  }
  for (const component of events) subject.check("event", faultOf(component));
  ICAL.TimezoneService.reset();
}

function faultOf(component) {
  const uid = component.getFirstPropertyValue("uid");
  try {
    const event = new ICAL.Event(component, { exceptions: [] });
    const undefinedZone = [...component.toString().matchAll(/;TZID=([^;:]+)/g)]
      .map(([, zone]) => zone)
      .find((zone) => !ICAL.TimezoneService.has(zone));
    if (undefinedZone) return `${uid} uses ${undefinedZone} without a VTIMEZONE`;
    if (!event.startDate?.toJSDate().getTime()) return `${uid} has no readable start`;
    if (event.endDate.compare(event.startDate) < 0) return `${uid} ends before it starts`;
    if (!event.summary || event.summary.includes("\ufffd")) return `${uid} has a broken summary 「${event.summary}」`;
    if (event.isRecurring() && !event.iterator().next()) return `${uid} recurs but never happens`;
    return null;
  } catch (error) {
    return `${uid}: ${error.message}`;
  }
}
