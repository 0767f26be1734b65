"""Reads a news feed with feedparser, as a news reader would, and prints what it understood as JSON: news.py < FEED

With a folder instead, reads every .atom file in it and says what a reader would stumble over: news.py FOLDER
"""
import json
import sys
from pathlib import Path

import feedparser


def read(data):
    feed = feedparser.parse(data, response_headers={"content-type": "application/atom+xml; charset=utf-8"})
    return {
        "bozo": str(feed.get("bozo_exception", "")) if feed.bozo else "",
        "version": feed.version,
        "id": feed.feed.get("id", ""),
        "title": feed.feed.get("title", ""),
        "updated": feed.feed.get("updated", ""),
        "author": feed.feed.get("author", ""),
        "links": sorted([link.get("rel"), link.get("type"), link.get("href")] for link in feed.feed.get("links", [])),
        "entries": [
            {
                "id": entry.get("id", ""),
                "title": entry.get("title", ""),
                "link": entry.get("link", ""),
                "updated": entry.get("updated", ""),
                "published": entry.get("published", ""),
                "summary": entry.get("summary", ""),
                "author": entry.get("author", ""),
                "tags": [[tag.term, tag.label] for tag in entry.get("tags", [])],
                "content": [part.value for part in entry.get("content", [])],
            }
            for entry in feed.entries
        ],
    }


def faults(data):
    feed = read(data)
    if feed["bozo"]:
        yield feed["bozo"]
    if feed["version"] != "atom10":
        yield f"is {feed['version']}"
    for name in ("id", "title", "updated", "author"):
        if not feed[name]:
            yield f"has no {name}"
    rels = [link[0] for link in feed["links"]]
    for rel in ("self", "alternate"):
        if rel not in rels:
            yield f"has no link {rel}"
    ids = [entry["id"] for entry in feed["entries"]]
    if len(set(ids)) != len(ids):
        yield "names an entry twice"
    if data.count(b"<entry>") != len(ids):
        yield f"{len(ids)} entries read of {data.count(b'<entry>')}"
    for entry in feed["entries"]:
        for name in ("id", "title", "link", "updated", "summary", "content"):
            if not entry[name]:
                yield f"{entry['id']} has no {name}"
    updated = [entry["updated"] for entry in feed["entries"]]
    if updated != sorted(updated, reverse=True):
        yield "is not in the order of its changes"
    if updated and feed["updated"] != updated[0]:
        yield "was not updated with its latest entry"


if len(sys.argv) < 2:
    json.dump(read(sys.stdin.buffer.read()), sys.stdout, ensure_ascii=False)
else:
    files = sorted(Path(sys.argv[1]).glob("*.atom"))
    if not files:
        sys.exit(f"no .atom file in {sys.argv[1]}")
    failed = 0
    for file in files:
        found = list(faults(file.read_bytes()))
        failed += bool(found)
        print(f"{'not ok' if found else 'ok'} feedparser reads {file.name}")
        for fault in found:
            print(f"  {fault}")
    print(f"feedparser: {len(files) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
