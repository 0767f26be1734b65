"""Reads each calendar file in a folder with icalendar and khal, as a desktop calendar would: read.py FOLDER"""

import re
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

from icalendar import Calendar

LONGEST_LINE = 75  # octets, RFC 5545 §3.1
KHAL_SETTINGS = """
[calendars]
[[feed]]
path = {folder}/vdir
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Asia/Tokyo
default_timezone = Asia/Tokyo
[default]
default_calendar = feed
[sqlite]
path = {folder}/khal.db
"""


def octets(data):
    """RFC 5545 §3.1: CRLF, at most 75 octets a line, folded between characters; no control characters."""
    if not data.endswith(b"\r\n"):
        yield "does not end with CRLF"
    for number, line in enumerate(data.removesuffix(b"\r\n").split(b"\r\n"), 1):
        if len(line) > LONGEST_LINE:
            yield f"line {number} has {len(line)} octets"
        if re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line):
            yield f"line {number} holds a control character"
        try:
            if "\ufffd" in line.decode():
                yield f"line {number} holds a replacement character"
        except UnicodeDecodeError:
            yield f"line {number} is not whole UTF-8 characters"


def head(calendar, subscribed):
    """A subscription has a name and says how often to ask again; a single event has neither, or Outlook opens a second calendar."""
    if calendar.get("VERSION") != "2.0":
        yield f"VERSION is {calendar.get('VERSION')}"
    if not calendar.get("PRODID"):
        yield "PRODID is missing"
    for name in ("METHOD", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        if subscribed and calendar.get(name) is None:
            yield f"{name} is missing"
    if calendar.get("METHOD", "PUBLISH") != "PUBLISH":
        yield f"METHOD is {calendar.get('METHOD')}"
    if not subscribed and calendar.get("X-WR-CALNAME"):
        yield "X-WR-CALNAME has no place in a single event"


def events(calendar, data):
    """Every event is there once, in a known zone, and whole."""
    found = calendar.walk("VEVENT")
    if len(found) != data.count(b"BEGIN:VEVENT\r\n"):
        yield f"{len(found)} events read of {data.count(b'BEGIN:VEVENT')}"
    zones = {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")}
    for zone in set(re.findall(r";TZID=\"?([^;:\"]+)", unfold(data))) - zones:
        yield f"{zone} is used without a VTIMEZONE"
    keys = Counter((str(event.get("UID")), stamp(event.get("RECURRENCE-ID"))) for event in found)
    yield from (f"{key} stands {count} times" for key, count in keys.items() if count > 1)
    for event in found:
        yield from (f"{event.get('UID')}: {fault}" for fault in event_faults(event))


def event_faults(event):
    yield from (f"{name} could not be read: {reason}" for name, reason in event.errors)
    for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "LAST-MODIFIED"):
        if event.get(name) is None:
            yield f"{name} is missing"
    for name in ("ORGANIZER", "ATTENDEE"):
        if event.get(name) is not None:
            yield f"{name} has no place in a public feed"
    if event.get("STATUS") == "CANCELLED" and not str(event.get("SUMMARY")).startswith("【中止】"):
        yield "is cancelled without saying 【中止】"
    start, end = event.get("DTSTART"), event.get("DTEND")
    if start and end and (type(start.dt) is not type(end.dt) or end.dt < start.dt):
        yield f"runs from {start.dt} to {end.dt}"
    if start and type(start.dt) is datetime and start.dt.tzinfo is None:
        yield "floats: it starts in no time zone"


def khal(path, calendar):
    """khal imports the file into a calendar of its own and then lists every event of it."""
    found = calendar.walk("VEVENT")
    if not found:
        return
    days = [day(event["DTSTART"].dt) for event in found]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "vdir").mkdir()
        Path(folder, "settings").write_text(KHAL_SETTINGS.format(folder=folder))
        yield from complaints(folder, "import", "--batch", "-a", "feed", str(path))
        wanted = {str(event["UID"]) for event in found}
        stored = len(list(Path(folder, "vdir").glob("*.ics")))
        if stored != len(wanted):
            yield f"imported {stored} of {len(wanted)} entries"
        window = [str(min(days)), str(max(days) + timedelta(days=400))]
        listed = run_khal(folder, "list", "--format", "{uid}", "--day-format", "", *window)
        missing = wanted - set(listed.stdout.split())
        yield from (f"does not list {uid}" for uid in sorted(missing))
        yield from (f"list: {line}" for line in listed.stderr.splitlines())


def complaints(folder, *arguments):
    result = run_khal(folder, *arguments)
    if result.returncode != 0:
        yield f"{arguments[0]} ended with {result.returncode}"
    yield from (f"{arguments[0]}: {line}" for line in result.stderr.splitlines())


def run_khal(folder, *arguments):
    command = ["khal", "-c", f"{folder}/settings", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def day(moment):
    return moment.date() if isinstance(moment, datetime) else moment


def stamp(moment):
    return moment and moment.to_ical()


def unfold(data):
    return re.sub(rb"\r\n[ \t]", b"", data).decode(errors="replace")


def read(path):
    """Yields each check of one file with its faults."""
    data = path.read_bytes()
    yield "octets", list(octets(data))
    calendar = Calendar.from_ical(data)
    yield "calendar", list(head(calendar, subscribed=not unquote(path.name).startswith("feeds/event/")))
    yield "events", list(events(calendar, data))
    yield "khal", list(khal(path, calendar))


def main(folder):
    paths = sorted(Path(folder).glob("*.ics"))
    if not paths:
        sys.exit(f"no .ics file in {folder}")
    passed = failed = 0
    for path in paths:
        results = []
        try:
            results.extend(read(path))
        except ValueError as error:
            results.append(("parse", [str(error)]))
        wrong = [(what, fault) for what, faults in results for fault in faults]
        failed += sum(1 for _, faults in results if faults)
        passed += sum(1 for _, faults in results if not faults)
        print(f"{'FAIL' if wrong else 'ok  '} icalendar and khal read {unquote(path.name)} ({len(results)} checks)")
        for what, fault in wrong[:20]:
            print(f"       {what}: {fault[:400]}")
    print(f"icalendar and khal: {passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main(*sys.argv[1:])
