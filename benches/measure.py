"""Measures the release build against what the project promises and prints a table.

Each figure is the minimum, median and maximum of five runs of five seconds with eight connections. The feed and a bare
axum handler returning the same bytes take turns, so that both meet the same neighbours on the machine. The server's CPU
time a request (median) hardly depends on those neighbours.
"""

import contextlib
import json
import os
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import date
from pathlib import Path

import dispatch
import generate
import readers

RUNS = 5
SECONDS = 5
CONNECTIONS = 8
HERE = Path(__file__).parent
ROOT = HERE.parent
KYODO = ROOT / "target/release/kyodo"
BARE = ROOT / "target/release/examples/bare"
LETTERS = ROOT / "target/release/examples/letters"
MEETINGS = ROOT / "target/release/examples/meetings"
OUTREACH = ROOT / "target/release/examples/outreach"
SOURCES = ROOT / "target/release/examples/sources"
DUPLICATES = ROOT / "target/release/examples/duplicates"
# What people type; 海 is one character, 神楽 two, 対馬 stands in every address, the last one nowhere.
SEARCHES = ["対馬", "海", "神楽", "ﾂｼﾏ", "いづはら", "読み聞かせ 上対馬", "鬱蒼"]
# Pages that are somebody's own, by the address of who opens them; nobody's need no cookie.
OWN_PAGES = {
    "": ["/sign-in", "/groups/new", "/claim", "/confirm"],
    "mihon01@example.jp": [
        "/me",
        "/me/groups/{id}",
        "/me/groups/{id}/profile",
        "/me/groups/{id}/photo",
        "/me/groups/{id}/people",
        "/me/groups/{id}/events",
        "/me/groups/{id}/history",
        "/me/groups/{id}/confirm",
        "/events/new",
    ],
    "shokuin@example.jp": [
        "/staff",
        f"/staff/search?q={urllib.parse.quote('見本')}",
        "/staff/groups",
        "/staff/groups/{id}",
        "/staff/groups/{id}/profile",
        "/staff/groups/{id}/history",
        "/staff/groups/{id}/people",
        "/staff/applications",
        "/staff/applications/{id}",
        "/staff/events",
        "/staff/claims",
        "/staff/reports",
        "/staff/rounds",
        "/staff/rounds/{id}",
        "/staff/mail",
        "/staff/mail/{id}",
        "/staff/audit",
    ],
    "kanri@example.jp": ["/staff/accounts", "/staff/settings", "/staff/settings/rules", "/staff/settings/letters"],
}
# Process ids of the servers, by the address they answer at.
PROCESSES = {}


def main(folder):
    files = folder / "files"
    say("generating files")
    generate.main(files, str(date.today()))
    print(f"Machine: {os.cpu_count()} cores. Date: {date.today()}. Runs: {RUNS} of {SECONDS} s, {CONNECTIONS} connections.\n")
    print("| what | promised | min | median | max | CPU µs a request |\n| --- | --- | --- | --- | --- | --- |")
    measure_feeds(folder, files)
    measure_components(folder, files)
    measure_demo(folder)
    measure_searches(folder, files)
    measure_months(folder, files)
    measure_letters(folder)
    measure_own(folder)
    measure_meetings(folder)
    measure_free_times(folder)
    measure_sources(folder)
    measure_duplicates(folder)
    measure_planner(folder)


def measure_feeds(folder, files):
    for size in generate.FEED_SIZES:
        home = database(folder, f"feed-{size}", "events", [files / f"feed-{size}.ics"])
        with site(home) as base:
            url = f"{base}/calendar.ics"
            body, etag = fetch(url)
            found = body.count(b"BEGIN:VEVENT\r\n")
            if found < size:
                sys.exit(f"{url} holds {found} events instead of {size}")
            (home / "bare.ics").write_bytes(body)
            with bare(home / "bare.ics") as bare_url:
                compare(bare_url, url, etag, f"{size} entries ({len(body) / 1024:.0f} KiB)", size == max(generate.FEED_SIZES))
            if size == max(generate.FEED_SIZES):
                for layout in ("atom", "json", "csv", "csv?layout=base"):
                    measure_format(home, f"{base}/feeds/all.{layout}", layout)


def compare(bare_url, url, etag, what, largest):
    """The feed in requests per second of the bare handler; the largest feed in all its forms."""
    row(f"feed of {what}, of the bare handler's requests/s", "≥ 0.8" if largest else "", ratios((bare_url, {}), (url, {})))
    if not largest:
        return
    tags = ((bare_url, {"If-None-Match": fetch(bare_url)[1]}), (url, {"If-None-Match": etag}))
    row(f"304 for {what}, of the bare handler's 304s/s", "≥ 0.8", ratios(*tags))
    gzip = {"Accept-Encoding": "gzip"}
    row(f"gzip of {what}, of the bare handler's", "", ratios((bare_url, gzip), (url, gzip)))
    row("the bare handler against itself: the noise of this run", "", ratios((bare_url, {}), (f"{bare_url}?again", {})))
    results = [wrk(bare_url, {"If-None-Match": tags[0][1]["If-None-Match"]}) for _ in range(RUNS)]
    row("304 of the bare handler: p99, the least that this machine can do", "", [one["p99_us"] / 1000 for one in results], "{:.1f} ms")


def measure_format(home, url, layout):
    """The largest feed in another format, beside the bare handler with the same bytes."""
    began = time.monotonic()
    body, etag = fetch(url)
    first = (time.monotonic() - began) * 1000
    file = home / "bare.feed"
    file.write_bytes(body)
    with bare(file) as bare_url:
        what = f"the same feed as {layout} ({len(body) / 1024:.0f} KiB; prepared in {first:.0f} ms)"
        row(f"{what}, of the bare handler's requests/s", "≥ 0.8", ratios((bare_url, {}), (url, {})))
        tags = ((bare_url, {"If-None-Match": fetch(bare_url)[1]}), (url, {"If-None-Match": etag}))
        row("its 304, of the bare handler's 304s/s", "≥ 0.8", ratios(*tags))


def measure_components(folder, files):
    taken, expanded = [], []
    for run in range(RUNS):
        home = database(folder, f"components-{run}", None, [])
        began = time.monotonic()
        kyodo(home, "import", "events", files / "components.ics")
        taken.append(time.monotonic() - began)
        began = time.monotonic()
        year = date.today().year
        kyodo(home, "ics", "expand", files / "components.ics", "--from", f"{year}-04-01", "--to", f"{year + 2}-04-01")
        expanded.append(time.monotonic() - began)
    row("import of 10,000 components, a third recurring, into the database", "< 3 s", taken, "{:.2f} s")
    row("`ics expand` of the same file, two years", "", expanded, "{:.2f} s")
    readers.main(files / "components.ics", year)


def measure_demo(folder):
    home = folder / "demo"
    home.mkdir()
    starts, sizes = [], []
    for run in range(RUNS + 1):
        began = time.monotonic()
        with site(home, "demo") as base:
            # The first start makes the database; the promise is about the others.
            if run > 0:
                starts.append(time.monotonic() - began)
                time.sleep(3)
                sizes.append(resident(base))
            if run == RUNS:
                latency_row("search 対馬 on 66 groups: p99", "< 3 ms", f"{base}/groups?q={quoted('対馬')}")
                anew_row("the same, each page made anew", f"{base}/groups?q={quoted('対馬')}")
                latency_row("month view of the demo: p99", "", f"{base}/events")
                for path in ("/", "/plans/2009", "/groups"):
                    latency_row(f"{path} of the demo: p99", "", base + path)
                row("demo after that load: resident", "", [resident(base)], "{:.0f} MB")
    row("demo: start to first 200", "< 1 s", starts, "{:.2f} s")
    row("demo, idle: resident", "< 60 MB", sizes, "{:.0f} MB")


def measure_searches(folder, files):
    home = database(folder, "groups", "groups", sorted(files.glob("groups-*.csv")))
    with site(home) as base:
        for words in SEARCHES:
            latency_row(f"search {words} on 100,000 groups: p99", "< 30 ms", f"{base}/groups?q={quoted(words)}")
        for words in SEARCHES[:3]:
            anew_row(f"search {words} on 100,000 groups, each page made anew: p99", f"{base}/groups?q={quoted(words)}")
        latency_row("list of 100,000 groups: p99", "", f"{base}/groups")
        latency_row("list of 100,000 groups, page 1,000: p99", "", f"{base}/groups?page=1000")
    letters(home, "fill", 100_000)
    cookie = {"Cookie": letters(home, "cookie")}
    with site(home) as base:
        for path, promised in (("/staff", "< 100 ms"), (f"/staff/search?q={quoted('対馬')}", ""), ("/staff/groups", "")):
            what = f"{urllib.parse.unquote(path)} on 100,000 groups and 100,000 letters: p99"
            latency_row(what, promised, base + path, headers=cookie)
            row("the same, one request at a time", promised, [one(base + path, cookie) for _ in range(4 * RUNS)], "{:.1f} ms")


def measure_months(folder, files):
    home = database(folder, "events", "events", sorted(files.glob("events-*.csv")))
    with site(home) as base:
        month = date.today().strftime("%Y-%m")
        latency_row("month view, 100,000 entries: p99", "< 30 ms", f"{base}/events?month={month}&view=month")
        anew_row("the same, each page made anew", f"{base}/events?month={month}&view=month")
        latency_row("list view, 100,000 entries: p99", "", f"{base}/events?month={month}&view=list")
        latency_row("search 神楽 in 100,000 entries: p99", "", f"{base}/events?q={quoted('神楽')}")


def measure_letters(folder):
    home = folder / "letters"
    home.mkdir()
    kyodo(home, "migrate", "up")
    queued, rates = [], []
    with mail_server(home) as (url, taken):
        mail = {"KYODO_SMTP_URL": url, "KYODO_MAIL_FROM": "kyodo@city.example.jp"}
        for run in range(RUNS):
            queued.append(float(letters(home, "queue", 1000)))
            with site(home, more=mail):
                rates.append(1000 / seconds_between(taken, run * 1000 + 1, (run + 1) * 1000))
    row("1,000 letters of a round queued in one transaction", "< 1,000 ms", queued, "{:.0f} ms")
    row("1,000 letters sent to a local mail server", "> 50/s", rates, "{:.0f}/s")
    letters(home, "fill", 100_000)
    with site(home) as base:
        cookie = {"Cookie": letters(home, "cookie")}
        for what, path in (
            ("the outbox of 100,000 letters: p99", ""),
            ("the same, the letters that failed", "?state=failed"),
            ("the same, searching an address that is there", f"?q={quoted('mihon77@')}"),
            ("the same, searching what is nowhere", f"?q={quoted('鬱蒼')}"),
        ):
            latency_row(what, "", f"{base}/staff/mail{path}", headers=cookie)


def seconds_between(taken, first, last):
    """Seconds from the first letter of a run to its last, as they come in."""
    moments = []
    for count in (first, last):
        until = time.monotonic() + 300
        while taken() < count:
            if time.monotonic() > until:
                sys.exit(f"only {taken()} of {count} letters came")
            time.sleep(0.01)
        moments.append(time.monotonic())
    return moments[1] - moments[0]


@contextlib.contextmanager
def mail_server(home):
    """The mail server of the tests; gives its address and a function that counts the letters it got."""
    file = home / "letters.jsonl"
    command = ["/usr/bin/python3", "-B", ROOT / "tests/readers/smtp.py", file]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    port = int(process.stdout.readline())
    with stopped_afterwards(process):
        yield f"smtp://127.0.0.1:{port}", lambda: file.read_bytes().count(b"\n") if file.exists() else 0


def measure_own(folder):
    """Every kind of page that is somebody's own, on the demo data."""
    home = folder / "own"
    home.mkdir()
    with site(home, "demo") as base:
        for mail, paths in OWN_PAGES.items():
            headers = {"Cookie": letters(home, "cookie", mail, file="demo.sqlite")} if mail else {}
            for path in paths:
                path = filled(base, path, headers)
                name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "{id}", urllib.parse.unquote(path))
                latency_row(f"{name} of the demo: p99", "< 20 ms", base + path, headers=headers)


def measure_meetings(folder):
    """Looking for a day among 66 groups, 90 days and 10,000 entries; inviting 1,000 groups; the page on which one replies."""
    starts, possible, scan, *took = meetings("look")
    what = f"day finder, 66 groups, 90 days, 10,000 entries, 6 places, {starts} starts ({possible} possible)"
    row(f"{what}, in memory", "", took[0::2], "{:.1f} ms")
    row("the same with the explanation of every start", "< 200 ms", took[1::2], "{:.1f} ms")
    row("a plain scan of the same, which finds the same (measured over 10 of the days)", "", [scan], "{:.0f} ms")
    home = database(folder, "meetings", None, [])
    meeting, read, *took = meetings("fill", home)
    row(f"the same out of the database ({read} entries read)", "< 200 ms", took, "{:.1f} ms")
    with site(home) as base:
        page, cookie = f"{base}/meetings/{meeting}/finding", {"Cookie": letters(home, "cookie")}
        row("its whole page, one request at a time", "< 200 ms", [one(page, cookie) for _ in range(4 * RUNS)], "{:.1f} ms")
    took = [meetings("invite", home)[0] for _ in range(RUNS)]
    row("1,000 groups invited in one transaction", "< 1,000 ms", took, "{:.0f} ms")
    with site(home) as base:
        latency_row("/rsvp/{token}: p99", "< 10 ms", base + invited(home))
    if server := os.environ.get("KYODO_BENCH_POSTGRES"):
        measure_invitations_on_postgres(home, server)


def measure_invitations_on_postgres(home, server):
    """The same on an empty database of a PostgreSQL server, named by its address."""
    more = {"KYODO_DATABASE_URL": server}
    subprocess.run([KYODO, "migrate", "up"], cwd=home, env=settings(home, 0, more), check=True, capture_output=True)
    with site(home, more=more):
        pass
    took = [meetings("invite", home, server)[0] for _ in range(RUNS)]
    row("1,000 groups invited in one transaction, PostgreSQL", "< 1,000 ms", took, "{:.0f} ms")


def measure_free_times(folder):
    """When twenty people with three duties a day could go to one request within sixty days: out of the database, and judged."""
    home = database(folder, "outreach", None, [])
    said = subprocess.run([OUTREACH, f"sqlite://{home / 'kyodo.sqlite'}"], capture_output=True, text=True, check=True).stdout
    runs = [line.split() for line in said.splitlines()]
    what = f"free times of one request, 60 days, 20 people with 3 duties a day ({runs[0][2]} starts offered)"
    row(f"{what}, judged in memory", "< 50 ms", [float(run[1]) for run in runs], "{:.1f} ms")
    row("reading how things stand for it out of the database", "", [float(run[0]) for run in runs], "{:.1f} ms")


def measure_sources(folder):
    """200 calendars of 20 events, all of one local server: nothing changed, by tag or by bytes, and everything changed."""
    home = bare_database(folder, "sources")
    said = subprocess.run([SOURCES, f"sqlite://{home / 'kyodo.sqlite'}"], capture_output=True, text=True, check=True).stdout
    runs = {}
    for word, milliseconds, statements in map(str.split, said.splitlines()):
        runs.setdefault(word, []).append((float(milliseconds), int(statements)))
    for word, what, promised in (
        ("tag", "200 sources read again, each answers 304", "< 5,000 ms, < 2 statements each"),
        ("bytes", "200 sources read again, each sends the same bytes", "< 5,000 ms, < 2 statements each"),
        ("changed", "200 sources of 20 events, every event changed", ""),
        ("alone", "the same 200 requests one after the other, nothing done with them", ""),
    ):
        statements = max(count for _, count in runs[word]) / 200
        note = f" ({statements:.2f} statements a source)" if statements else ""
        row(f"{what}{note}", promised, [took for took, _ in runs[word]], "{:.0f} ms")


def measure_duplicates(folder):
    """A thousand new entries against a hundred thousand: folding all of them and comparing, and a whole search of the database."""
    said = subprocess.run([DUPLICATES], capture_output=True, text=True, check=True).stdout
    runs = [[int(number) for number in line.split()] for line in said.splitlines()]
    for days in sorted({run[0] for run in runs}):
        took = [run[1] + run[2] for run in runs if run[0] == days]
        row(f"1,000 new entries scored against 100,000, spread over {days} days", "< 2,000 ms", took, "{:.0f} ms")
    home = bare_database(folder, "duplicates")
    said = subprocess.run([DUPLICATES, f"sqlite://{home / 'kyodo.sqlite'}"], capture_output=True, text=True, check=True).stdout
    runs = [line.split() for line in said.splitlines()]
    took = [float(run[1]) for run in runs if run[0] == "search"]
    row("the same search whole, SQLite, reading and keeping included", "", took, "{:.0f} ms")
    row("the first search, all 100,000 against one another", "", [float(runs[0][1])], "{:.0f} ms")


def measure_planner(folder):
    """Three problems of each size; at the largest OR-Tools beside it, where it is installed."""
    for requests, staff, promised in ((10, 4, "< 0.2 s"), (30, 6, "< 3 s"), (60, 6, "< 30 s"), (120, 8, "")):
        answers = [planned(folder, seed, requests, staff) for seed in (1, 2, 3)]
        proven = sum(answer["status"] == "optimal" for answer in answers)
        best = sum(answer["bound"] == {key: answer[key] for key in ("served", "rank_sum")} for answer in answers)
        what = f"planner, {requests} requests: served and ranks proven for {best} of 3, evenness as well for {proven}"
        row(what, promised, [answer["seconds"] for answer in answers], "{:.3f} s")
        if requests < 120:
            continue
        for seed, answer in zip((1, 2, 3), answers):
            told = f"served {answer['served']}, ranks {answer['rank_sum']}, squares {answer['sumsq']}"
            print(f"| problem {seed} of 120 requests after at most 60 s | | {told} | | | |")
            try:
                reached, is_proven, _ = dispatch.cpsat(dispatch.problem(seed, requests, staff), 60)
            except ImportError:
                say("ortools is not installed: no comparison")
                continue
            told = "served {}, ranks {}, squares {}".format(*reached)
            print(f"| the same by CP-SAT in 60 s{', the first two proven' if is_proven else ''} | | {told} | | | |")


def planned(folder, seed, requests, staff):
    """The planner's answer to an invented problem."""
    file = folder / f"problem-{requests}-{seed}.json"
    file.write_text(json.dumps(dispatch.problem(seed, requests, staff)))
    said = subprocess.run([KYODO, "outreach", "plan", file], capture_output=True, text=True, check=True).stdout
    return json.loads(said)


def meetings(command, home=None, url=None):
    """Runs examples/meetings.rs and returns the words that it said, numbers as such."""
    place = [] if home is None else [url or f"sqlite://{home / 'kyodo.sqlite'}"]
    said = subprocess.run([MEETINGS, command, *place], capture_output=True, text=True, check=True).stdout.split()
    return [float(word) if re.fullmatch(r"[0-9]+\.[0-9]+", word) else word for word in said]


def invited(home):
    """The personal link of one of the letters."""
    with contextlib.closing(sqlite3.connect(home / "kyodo.sqlite")) as data:
        secrets = data.execute("SELECT secrets FROM letters WHERE kind = 'meetings.invitation' LIMIT 1").fetchone()[0]
    return urllib.parse.urlsplit(json.loads(secrets)["リンク"]).path


def filled(base, path, headers):
    """The address with `{id}` filled by the first link of that form on the page before it."""
    if "{id}" not in path:
        return path
    before, behind = path.split("{id}")
    request = urllib.request.Request(base + (before.rstrip("/") if before != "/me/groups/" else "/me"), headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        page = answer.read().decode()
    return before + re.search(re.escape(before) + r"([0-9a-f]{8}-[0-9a-f-]{27})", page).group(1) + behind


def letters(home, command, *more, file="kyodo.sqlite"):
    """Runs examples/letters.rs on a database and returns what it said."""
    url, count = f"sqlite://{home / file}", more
    return subprocess.run([LETTERS, command, url, *map(str, count)], capture_output=True, text=True, check=True).stdout.strip()


def ratios(one, other):
    """Requests per second of `other` in those of `one`, the two taking turns."""
    found = []
    for run in range(RUNS):
        turns = [one, other] if run % 2 == 0 else [other, one]
        rates = {id(turn): rate(wrk(*turn)) for turn in turns}
        found.append(rates[id(other)] / rates[id(one)])
    return found


def latency_row(what, promised, url, *how, headers=None):
    results = [wrk(url, headers or {}, *how) for _ in range(RUNS)]
    cpu = statistics.median(result["cpu_us"] for result in results)
    row(what, promised, [result["p99_us"] / 1000 for result in results], "{:.1f} ms", f"{cpu:.0f}")


def one(url, headers):
    """Milliseconds of a single request on a quiet server."""
    began = time.monotonic()
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as answer:
        answer.read()
    return (time.monotonic() - began) * 1000


def anew_row(what, url):
    """The same without the pages that the server keeps for as long as nothing changes."""
    latency_row(what, "", url, "anew")


def rate(result):
    return result["requests"] / result["duration_us"] * 1e6


def wrk(url, headers, *how):
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", f"--timeout={10 * SECONDS}s", "-s", HERE / "percentiles.lua"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    before = cpu_seconds(url)
    output = subprocess.run([*command, url, "--", *how], capture_output=True, text=True, check=True).stdout
    result = json.loads(output.splitlines()[-1])
    result["cpu_us"] = (cpu_seconds(url) - before) / max(result["requests"], 1) * 1e6
    if result["errors"]:
        sys.exit(f"{result['errors']} errors from {url}")
    if result["requests"] == 0:
        # Not one answer came in time; the percentile is at least this.
        result["p99_us"] = SECONDS * 1e6
    say(f"{url} {headers or ''}: {rate(result):.0f}/s, p99 {result['p99_us'] / 1000:.1f} ms")
    return result


def database(folder, name, noun, files):
    """A fresh database in a folder of its own, filled through the importer."""
    home = folder / name
    home.mkdir()
    kyodo(home, "migrate", "up")
    with site(home):
        pass  # its first start loads the plan and the reference data
    for file in files:
        began = time.monotonic()
        kyodo(home, "import", noun, file)
        say(f"import {noun} {file.name}: {time.monotonic() - began:.1f} s")
    return home


def bare_database(folder, name):
    """A fresh database that no site has worked on: its jobs would do beforehand what is measured."""
    home = folder / name
    home.mkdir()
    kyodo(home, "migrate", "up")
    return home


def kyodo(home, *arguments):
    with (home / "report.txt").open("w") as report:
        result = subprocess.run([KYODO, *arguments], cwd=home, env=settings(home), stdout=report, stderr=report, check=False)
    if result.returncode != 0:
        tail = (home / "report.txt").read_text()[-2000:]
        sys.exit(f"kyodo {' '.join(map(str, arguments))} ended with {result.returncode}\n{tail}")


def settings(home, port=0, more=None):
    return {**os.environ, **(more or {}), "KYODO_DATA_DIR": str(home), "KYODO_LISTEN": f"127.0.0.1:{port}", "RUST_LOG": "warn"}


@contextlib.contextmanager
def site(home, command="serve", more=None):
    port = free_port()
    with (home / "site.txt").open("w") as log:
        process = subprocess.Popen([KYODO, command], cwd=home, env=settings(home, port, more), stdout=log, stderr=log)
    PROCESSES[f"http://127.0.0.1:{port}"] = process.pid
    with stopped_afterwards(process):
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def bare(file):
    port = free_port()
    process = subprocess.Popen([BARE, file, f"127.0.0.1:{port}"])
    PROCESSES[f"http://127.0.0.1:{port}"] = process.pid
    with stopped_afterwards(process):
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}/calendar.ics"


@contextlib.contextmanager
def stopped_afterwards(process):
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(url, process):
    for _ in range(6000):
        if process.poll() is not None:
            sys.exit(f"{process.args} ended with {process.returncode}")
        try:
            fetch(url)
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
    sys.exit(f"no answer from {url}")


def cpu_seconds(url):
    """Processor time that the server behind an address has used so far."""
    parts = urllib.parse.urlsplit(url)
    fields = Path(f"/proc/{PROCESSES[f'{parts.scheme}://{parts.netloc}']}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(base):
    status = Path(f"/proc/{PROCESSES[base]}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def fetch(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read(), answer.headers.get("ETag")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def quoted(text):
    return urllib.parse.quote(text)


def row(what, promised, values, form="{:.2f}", cpu=""):
    shown = [form.format(value) for value in (min(values), statistics.median(values), max(values))]
    print(f"| {what} | {promised} | {' | '.join(shown)} | {cpu} |", flush=True)


def say(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=ROOT / "target") as place:
        main(Path(place))
