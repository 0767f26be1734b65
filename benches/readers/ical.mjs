// The same work as examples/reader.rs by ical.js: node ical.mjs FILE YEAR
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const ICAL = createRequire(new URL("../../tests/browser/package.json", import.meta.url))("ical.js");
const [file, year] = process.argv.slice(2);
const text = readFileSync(file, "utf8");
const seconds = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;
const april = (of) => Date.UTC(Number(of), 2, 31, 15) / 1000;
const [from, to] = [april(year), april(Number(year) + 2)];

const began = seconds();
const calendar = new ICAL.Component(ICAL.parse(text));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const read = seconds();
let found = 0;
for (const component of calendar.getAllSubcomponents("vevent")) {
  const event = new ICAL.Event(component, { exceptions: [] });
  const length = event.duration.toSeconds();
  const within = (start) => start < to && start + length > from;
  if (!event.isRecurring()) {
    found += within(event.startDate.toUnixTime());
    continue;
  }
  const starts = event.iterator();
  for (let start = starts.next(); start && start.toUnixTime() < to; start = starts.next()) found += within(start.toUnixTime());
}
console.log(read - began, seconds() - read, found);
