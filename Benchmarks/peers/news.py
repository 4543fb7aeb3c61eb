"""The same feeds read by feedparser and saved with SQLite's full-text search by Python's own sqlite3.

    NewsStore --items 20000 --write feeds.jsonl && python news.py feeds.jsonl

The peer keeps a row an item with a unique identifier and its words (FTS5, unicode61, external content), a transaction a
feed with synchronous = FULL; it puts nothing into stories, knows nothing of other feeds, and sorts what it finds by time.
"""
import json
import os
import sqlite3
import sys
import tempfile
import time

import feedparser

documents = [json.loads(line)[0] for line in open(sys.argv[1], encoding="utf-8")]
start = time.perf_counter()
parsed = [feedparser.parse(document) for document in documents]
count = sum(len(feed.entries) for feed in parsed)
print(f"read    {count / (time.perf_counter() - start):.0f} items/s")

with tempfile.TemporaryDirectory() as folder:
    db = sqlite3.connect(os.path.join(folder, "peer.db"), isolation_level=None)
    db.executescript(
        """PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE news (id INTEGER PRIMARY KEY, guid TEXT UNIQUE, url TEXT, title TEXT, summary TEXT, at TEXT);
        CREATE INDEX news_at ON news (at);
        CREATE VIRTUAL TABLE words USING fts5 (title, summary, content = 'news', content_rowid = 'id');"""
    )
    start = time.perf_counter()
    for document in documents:
        feed = feedparser.parse(document)
        db.execute("BEGIN")
        for entry in feed.entries:
            row = (entry.id, entry.link, entry.title, entry.summary, entry.published)
            done = db.execute("INSERT OR IGNORE INTO news (guid, url, title, summary, at) VALUES (?, ?, ?, ?, ?)", row)
            if done.rowcount:
                db.execute(
                    "INSERT INTO words (rowid, title, summary) VALUES (?, ?, ?)",
                    (done.lastrowid, entry.title, entry.summary),
                )
        db.execute("COMMIT")
    print(f"ingest  {count / (time.perf_counter() - start):.0f} items/s")
    for name, words in [("a common word", "word0"), ("a rare word", "inflation"), ("two words", "rates earnings")]:
        times = []
        for _ in range(50):
            start = time.perf_counter()
            found = db.execute(
                "SELECT news.* FROM words JOIN news ON news.id = words.rowid WHERE words MATCH ? ORDER BY at DESC LIMIT 50",
                (words,),
            ).fetchall()
            times.append(time.perf_counter() - start)
        times.sort()
        print(f"search  {name}: {len(found)} found, median {times[25] * 1e6:.0f} µs")
