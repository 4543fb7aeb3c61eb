"""Compares `finstage calendar` with exchange_calendars, session by session and bar by bar.

    python Tests/Parity/calendar_oracle.py FINSTAGE            every exchange of the table, all its years
    python Tests/Parity/calendar_oracle.py --cases FILE        writes the days that the plain suite checks

Sessions: opening, close and pause, as the package has them in UTC. Bars: labels and closes of `trading_index` at one hour
over the last ten years, cut at the pause and at the close.
"""

import csv
import io
import subprocess
import sys
import warnings

import exchange_calendars
import pandas

warnings.filterwarnings("ignore")

# The largest twenty; the rest follow.
LARGEST = (
    "XNYS XLON XTKS XKRX XHKG XSHG XSES XASX XETR XFRA XPAR XAMS XMIL XMAD XSWX XTSE XBOM BVMF XSTO XTAI").split()
BARS_FROM = "2017-01-01"

CASES = {
    "XNYS": "1990-12-24 1996-01-08 2001-09-10 2001-09-11 2001-09-12 2001-09-13 2001-09-14 2001-09-17 2007-01-02 2012-10-26 "
            "2012-10-29 2012-10-30 2012-10-31 2018-12-05 2024-03-08 2024-03-11 2024-03-28 2024-03-29 2024-04-01 2024-07-03 "
            "2024-07-04 2024-10-28 2024-11-01 2024-11-04 2024-11-29 2024-12-24 2025-01-08 2025-01-09 2025-01-10 2025-07-03 "
            "2026-11-27 2027-11-26",
    "XLON": "2012-06-05 2020-05-08 2022-09-19 2023-05-08 2024-03-08 2024-03-11 2024-03-28 2024-04-01 2024-04-02 2024-10-25 "
            "2024-10-28 2024-11-01 2024-12-24 2024-12-31",
    "XETR": "2024-03-28 2024-04-02 2024-05-01 2024-10-25 2024-10-28 2024-12-30",
    "XTKS": "2001-01-04 2009-06-01 2011-03-11 2020-10-01 2024-11-01 2024-11-05 2024-12-30 2025-01-03",
    "XHKG": "1994-07-01 2011-03-04 2011-03-07 2012-03-05 2023-07-17 2023-09-01 2023-09-08 2024-02-09 2024-12-24",
    "XKRX": "1990-01-04 1990-01-06 1998-11-18 1998-12-05 1998-12-07 2000-05-19 2000-05-22 2016-07-29 2016-08-01 2020-12-03 "
            "2024-11-14 2025-01-02 2025-01-27",
    "XSHG": "1992-01-02 2015-09-03 2020-01-31 2024-02-09 2024-02-19",
    "XSES": "2024-02-09 2024-02-12 2024-02-13",
    "XASX": "1999-12-31 2024-04-05 2024-04-08 2024-10-04 2024-10-08 2024-12-24 2024-12-31",
    "XNZE": "2024-04-05 2024-04-08 2024-09-27 2024-09-30",
    "BVMF": "2019-02-15 2019-11-01 2019-11-04 2024-02-12 2024-02-14 2024-11-20",
    "XBOM": "2024-01-20 2024-03-02 2024-11-01 2026-11-24",
    "XSTO": "2024-03-28 2024-04-30 2024-06-21",
    "XMOS": "2022-02-25 2022-02-28 2022-03-23 2022-03-24",
    "ASEX": "2015-06-26 2015-06-29 2015-07-31 2015-08-03",
    "XSAU": "2024-04-07 2024-06-16 2024-06-21 2024-06-23",
    "XTAE": "2025-01-05 2025-01-06 2025-12-26 2026-01-09",
    "CMES": "2024-03-08 2024-03-11 2024-07-04 2024-11-04 2024-11-29",
    "XIST": "2024-04-09 2024-10-28",
    "XSGO": "2024-03-28 2024-09-06 2024-09-09 2024-12-31",
}


def stamp(moment):
    return "" if pandas.isna(moment) else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def rows_of(calendar):
    return [
        [f"{row.Index:%Y-%m-%d}", stamp(row.open), stamp(row.close), stamp(row.break_start), stamp(row.break_end)]
        for row in calendar.schedule.itertuples()]


def ask(program, *arguments):
    text = subprocess.run([program, "calendar", *arguments, "--format", "csv"], check=True, capture_output=True, text=True)
    return list(csv.reader(io.StringIO(text.stdout)))[1:]


def differences(ours, theirs):
    """How many rows stand on one side alone, and the first of them."""
    ours, theirs = set(map(tuple, ours)), set(map(tuple, theirs))
    return len(ours ^ theirs), sorted((ours - theirs) | (theirs - ours))[:4]


def bars_of(calendar, first, last):
    intervals = calendar.trading_index(
        first, last, "1h", intervals=True, force_close=True, force_break_close=True, ignore_breaks=False)
    return [[stamp(i.left), stamp(i.right)] for i in intervals]


def compare(program):
    listing = ask(program)
    known = {row[0]: (row[2], row[3]) for row in listing if row[2] and not row[4]}
    total, wrong, bars, wrong_bars = 0, 0, 0, 0
    for mic in LARGEST + sorted(set(known) - set(LARGEST)):
        first, last = known[mic]
        calendar = exchange_calendars.get_calendar(mic, start=first, end=last)
        theirs = rows_of(calendar)
        count, shown = differences(ask(program, mic, "--from", first, "--to", last), theirs)
        total, wrong = total + len(theirs), wrong + count
        pauses = sum(1 for row in theirs if row[3])

        begin = max(BARS_FROM, theirs[0][0])
        expected = bars_of(calendar, calendar.date_to_session(begin, "next"), calendar.last_session)
        found, shown_bars = differences(ask(program, mic, "--from", begin, "--to", last, "--timeframe", "1h"), expected)
        bars, wrong_bars = bars + len(expected), wrong_bars + found
        print(f"{mic} {first} {last}: {len(theirs)} sessions ({pauses} with a pause), {count} differ {shown or ''}; "
              f"{len(expected)} hourly bars, {found} differ {shown_bars or ''}", flush=True)
    print(f"{len(known)} exchanges, {total} sessions, {wrong} differ; {bars} hourly bars, {wrong_bars} differ "
          f"(exchange_calendars {exchange_calendars.__version__})")
    return wrong + wrong_bars


def write_cases(path):
    with open(path, "w", encoding="utf-8") as file:
        file.write("exchange,date,open,close,pause_start,pause_end\n")
        for mic, dates in CASES.items():
            end = "2026-12-31" if mic in ("XBOM", "XSES", "XSHG") else "2027-12-31"
            start = max(min(dates.split())[:4], {"XTKS": "1997", "XBOM": "1997", "XSAU": "2021"}.get(mic, "1990"))
            rows = {row[0]: row for row in rows_of(exchange_calendars.get_calendar(mic, start=f"{start}-01-01", end=end))}
            for date in dates.split():
                file.write(",".join([mic] + rows.get(date, [date, "", "", "", ""])) + "\n")


if sys.argv[1] == "--cases":
    write_cases(sys.argv[2])
else:
    sys.exit(1 if compare(sys.argv[1]) else 0)
