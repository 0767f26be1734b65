"""Reads one generated calendar with every reader there is, in turns, and prints rows of docs/performance.md.

readers.py FILE YEAR: 10,000 components, expanded over two years from 1 April. libical is compiled for it (libical-dev);
icalendar with recurring-ical-events and ical.js (tests/browser) take part where they are installed.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 5
HERE = Path(__file__).parent
ROOT = HERE.parent


def main(file, year):
    with tempfile.TemporaryDirectory() as folder:
        results = measured(readers(Path(folder)), file, str(year))
    ours = statistics.median(total for total, _, _, _, _ in results["this"])
    for name, runs in results.items():
        print_row(name, runs, ours)
    counts = {name: runs[0][3] for name, runs in results.items()}
    # libical and ical.js leave out a DTSTART that its rule does not give, which RFC 5545 leaves undefined.
    if len({found for name, found in counts.items() if name not in ("libical", "ical.js")}) > 1:
        sys.exit(f"the readers find different numbers of occurrences: {counts}")


def readers(folder):
    """The command of each reader that can run here."""
    found = {"this": [ROOT / "target/release/examples/reader"]}
    compiled = ["cc", "-O2", HERE / "readers/libical.c", "-o", folder / "libical", "-lical"]
    if subprocess.run(compiled, check=False, capture_output=True).returncode == 0:
        found["libical"] = [folder / "libical"]
    else:
        print("left out: libical (apt-get install libical-dev)", file=sys.stderr)
    python = [os.environ.get("KYODO_BENCH_PYTHON", "python3"), "-B"]
    if subprocess.run([*python, "-c", "import recurring_ical_events"], check=False, capture_output=True).returncode == 0:
        found["icalendar + recurring-ical-events"] = [*python, HERE / "readers/python.py"]
    else:
        print("left out: icalendar + recurring-ical-events (pip install both, KYODO_BENCH_PYTHON)", file=sys.stderr)
    if (ROOT / "tests/browser/node_modules/ical.js").exists():
        found["ical.js"] = ["node", HERE / "readers/ical.mjs"]
    else:
        print("left out: ical.js (npm ci in tests/browser)", file=sys.stderr)
    return found


def measured(readers, file, year):
    """For each reader its runs, as CPU seconds in all, reading, expanding, occurrences and MB; all take turns."""
    results = {name: [] for name in readers}
    for run in range(RUNS):
        for name, command in readers.items():
            # The slow ones once are enough to know by how much.
            if run == 0 or results[name][0][0] < 5:
                results[name].append(one(command, file, year))
    return results


def one(command, file, year):
    process = subprocess.Popen([*command, file, year], stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[-1]} ended with {process.returncode}")
    reading, expanding, found = said.split()
    reading, expanding = float(reading), float(expanding)
    return reading + expanding, reading, expanding, int(found), usage.ru_maxrss / 1024


def print_row(name, runs, ours):
    who = "reading and expanding 10,000 components, two years, CPU" if name == "this" else f"the same by {name}"
    totals = [total for total, *_ in runs]
    middle = statistics.median(totals)
    ratio = "" if name == "this" else f", {middle / ours:.1f} times as long"
    reading = statistics.median(reading for _, reading, *_ in runs)
    shown = " | ".join(f"{value:.2f} s" for value in (min(totals), middle, max(totals)))
    promised = "< 0.5 s, < 100 MB" if name == "this" else ""
    note = f" (reading {reading:.2f} s; {runs[0][3]:,} occurrences; {max(mb for *_, mb in runs):.0f} MB{ratio})"
    print(f"| {who}{note} | {promised} | {shown} |  |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
