"""An invitee's calendar for tests, by python icalendar and the standard mail library.

invited.py facts              reads a JSON list of calendars and prints what icalendar reads of each, as a JSON list
invited.py reply ADDRESS WORD reads an invitation and prints the mail with which a calendar answers it (WORD is ACCEPTED, DECLINED)
"""
import json
import sys
from email.message import EmailMessage
from email.utils import make_msgid

from icalendar import Calendar


def event_of(text):
    calendar = Calendar.from_ical(text)
    events = calendar.walk("VEVENT")
    assert len(events) == 1, f"{len(events)} events"
    return calendar, events[0]


def listed(value):
    return value if isinstance(value, list) else [value] if value else []


def facts(text):
    calendar, event = event_of(text)
    asked = listed(event.get("ATTENDEE"))
    return {
        "method": str(calendar.get("METHOD")),
        "zones": [str(zone.get("TZID")) for zone in calendar.walk("VTIMEZONE")],
        "uid": str(event.get("UID")),
        "sequence": int(event.get("SEQUENCE", 0)),
        "status": str(event.get("STATUS", "")),
        "summary": str(event.get("SUMMARY")),
        "starts": event.get("DTSTART").dt.isoformat(),
        "zone": event.get("DTSTART").params.get("TZID", ""),
        "organizer": str(event.get("ORGANIZER", "")),
        "asked": [[str(one), str(one.params.get("RSVP", ""))] for one in asked],
    }


def reply(text, address, word):
    calendar, event = event_of(text)
    calendar["METHOD"] = "REPLY"
    mine = [one for one in listed(event.get("ATTENDEE")) if str(one).lower() == f"mailto:{address}".lower()]
    assert len(mine) == 1, f"{address} is not invited"
    mine[0].params["PARTSTAT"] = word
    event["ATTENDEE"] = mine[0]
    message = EmailMessage()
    message["From"] = address
    message["To"] = str(event.get("ORGANIZER")).split(":", 1)[1]
    message["Subject"] = f"{word}: {event.get('SUMMARY')}"
    message["Message-ID"] = make_msgid(domain="example.jp")
    message.set_content("お返事します。")
    message.add_alternative(calendar.to_ical(), "text", "calendar", params={"method": "REPLY"})
    return message.as_bytes()


if sys.argv[1] == "facts":
    print(json.dumps([facts(text) for text in json.load(sys.stdin)], ensure_ascii=False))
else:
    sys.stdout.buffer.write(reply(sys.stdin.read(), *sys.argv[2:4]))
