"""The same work as examples/reader.rs by icalendar and recurring-ical-events: python.py FILE YEAR"""

import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

file, year = Path(sys.argv[1]).read_bytes(), int(sys.argv[2])
tokyo = ZoneInfo("Asia/Tokyo")
began = time.process_time()
calendar = icalendar.Calendar.from_ical(file)
read = time.process_time()
found = recurring_ical_events.of(calendar).between(datetime(year, 4, 1, tzinfo=tokyo), datetime(year + 2, 4, 1, tzinfo=tokyo))
print(f"{read - began:.3f} {time.process_time() - read:.3f} {len(found)}")
