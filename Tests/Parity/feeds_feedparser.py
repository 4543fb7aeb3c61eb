"""Reads the feeds of Tests/NewsTests/Feeds with feedparser and says where it reads something else than their cases.

    python Tests/Parity/feeds_feedparser.py        # pip install feedparser

Compared are the number of items, and of each its title, link and date. feedparser cleans HTML and does not strip it, so
titles are compared without tags. Cases in which the two are known to differ, and why, stand in DIFFERS.
"""
import calendar
import html
import json
import pathlib
import re
import sys
from datetime import datetime, timezone

import feedparser

FOLDER = pathlib.Path(__file__).parent.parent / "NewsTests" / "Feeds"
DIFFERS = json.loads((pathlib.Path(__file__).parent / "feeds_differ.json").read_text())


def text(entry):
    value = entry.get("title", "")
    if entry.get("title_detail", {}).get("type") != "text/plain":
        value = re.sub(r"</?(em|b|i)>", "", re.sub(r"<(script|style).*?</\1>", "", value, flags=re.S))
        value = html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", " ", value))
    return re.sub(r"\s+", " ", value).strip()


def moment(entry):
    parsed = entry.get("published_parsed") or entry.get("updated_parsed") or entry.get("created_parsed")
    return calendar.timegm(parsed) if parsed else None


def compare(name, case):
    data = (FOLDER / f"{name}.feed").read_bytes()
    headers = {"content-type": case["content_type"]} if "content_type" in case else {}
    if "address" in case:
        headers["content-location"] = case["address"]
    try:
        read = feedparser.parse(data, response_headers=headers, sanitize_html=True)
    except UnicodeEncodeError as error:
        yield f"feedparser fails: {error}"
        return
    if len(read.entries) != len(case["items"]):
        yield f"{len(read.entries)} items, not {len(case['items'])}"
        return
    for number, (entry, item) in enumerate(zip(read.entries, case["items"])):
        if text(entry) != item["title"]:
            yield f"item {number}: title {text(entry)!r}, not {item['title']!r}"
        if "url" in item and entry.get("link") != item["url"]:
            yield f"item {number}: link {entry.get('link')!r}, not {item['url']!r}"
        # A zone that the feed does not name is the configuration's, of which feedparser knows nothing.
        if "date" in item and not item.get("zone_assumed"):
            wanted = int(datetime.fromisoformat(item["date"].replace("Z", "+00:00")).astimezone(timezone.utc).timestamp())
            if moment(entry) != wanted:
                yield f"item {number}: date {moment(entry)}, not {wanted} ({item['date']})"


agreed, surprises = [], []
for path in sorted(FOLDER.glob("*.json")):
    name, case = path.stem, json.loads(path.read_text())
    if "sentence" in case or case.get("format") == "json":
        continue
    found = list(compare(name, case))
    if found and name not in DIFFERS:
        surprises += [f"{name}: {line}" for line in found]
    elif not found:
        agreed.append(name)
    if found and "-v" in sys.argv:
        print(f"{name}: {DIFFERS.get(name, 'NOT EXPECTED')}\n  " + "\n  ".join(found))
print(f"{len(agreed)} cases are read the same: {', '.join(agreed)}")
print(f"{len(DIFFERS)} differ for a reason that is written down")
print("\n".join(surprises) or "nothing else differs")
sys.exit(1 if surprises else 0)
