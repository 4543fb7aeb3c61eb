"""Writes Sources/Calendars/CalendarTable.swift: the sessions of every exchange that exchange_calendars knows.

    python Scripts/calendar_table.py Sources/Calendars/CalendarTable.swift [LAST_YEAR]

The facts are those of the PyPI packages exchange_calendars (Apache-2.0) and tzdata; their versions stand in the table.
An exchange starts in 1990, or where the package's calendar starts, and ends with LAST_YEAR (next year, unless said), or
where the package says that it knows no more. It could compute further, but holidays that are moved or decreed are
announced a year ahead.

Nothing here knows a rule: the schedule is read session by session and written as weekdays and regular hours with the
dates from which they hold, and the days that differ. `make calendar-oracle` compares what the program makes of it.
"""

import datetime as dt
import importlib.metadata
import re
import sys
import textwrap
import warnings
import zoneinfo
from collections import Counter

import exchange_calendars
import exchange_calendars.calendar_utils as utils

warnings.filterwarnings("ignore")

FIRST_YEAR = 1990
ZONE_YEARS = (1980, 2045)
# Segments and sister exchanges that share hours and holidays with one that has a table, beyond the package's own.
SISTERS = {
    "XNGS": "XNYS", "XNMS": "XNYS", "XNCM": "XNYS",
    "XNSE": "XBOM", "XSHE": "XSHG", "XKOS": "XKRX",
    "XCME": "CMES", "XCBT": "CMES", "XCEC": "CMES", "XNYM": "CMES",
}


def schedule_of(mic, last):
    """The schedule of an exchange from the first year that the package can compute."""
    for year in range(FIRST_YEAR, last):
        for end in (f"{last}-12-31", f"{last - 1}-12-31"):
            try:
                return exchange_calendars.get_calendar(mic, start=f"{year}-01-01", end=end), year, end
            except ValueError:
                continue
    raise SystemExit(f"{mic}: the package computes no schedule that ends in {last}")


def wall(moment, date, zone):
    """Minutes on the exchange's clock from the midnight at which the session's date begins."""
    there = moment.astimezone(zone).replace(tzinfo=None)
    seconds = (there - dt.datetime.combine(date, dt.time())).total_seconds()
    assert seconds % 60 == 0, (moment, date)
    return int(seconds) // 60


def clock(minutes):
    days, rest = divmod(minutes, 1440)
    return f"{rest // 60:02}:{rest % 60:02}" + ("" if days == 0 else f"{days:+}")


def hours_text(hours):
    return " ".join(clock(minutes) for minutes in hours)


def sessions_of(calendar):
    zone = calendar.tz
    result = {}
    for row in calendar.schedule.itertuples():
        date = row.Index.date()
        moments = [row.open, row.close]
        if row.break_start == row.break_start and row.break_start is not None:  # not NaT
            moments += [row.break_start, row.break_end]
        result[date] = tuple(wall(m.to_pydatetime(), date, zone) for m in moments)
    return result


def weeks_of(sessions, first, last):
    """The weekdays (Monday = 1) on most of which there was a session, with the date from which they hold."""
    weeks = []
    for year in range(first.year, last.year + 1):
        begin, end = max(first, dt.date(year, 1, 1)), min(last, dt.date(year, 12, 31))
        held, all_days = Counter(), Counter()
        for offset in range((end - begin).days + 1):
            date = begin + dt.timedelta(offset)
            all_days[date.isoweekday()] += 1
            held[date.isoweekday()] += date in sessions
        days = "".join(str(d) for d in range(1, 8) if held[d] * 2 > all_days[d])
        if not weeks or weeks[-1][1] != days:
            weeks.append((begin, days))
    return weeks


def rules_of(sessions):
    """Regular hours with the date from which they hold: a change is what most of the next twenty sessions keep to."""
    dates = sorted(sessions)
    rules = []
    for position, date in enumerate(dates):
        hours = sessions[date]
        if rules and rules[-1][1] == hours:
            continue
        ahead = [sessions[d] for d in dates[position:position + 20]]
        if not rules:
            rules.append((date, Counter(ahead).most_common(1)[0][0]))
        elif len(ahead) >= 10 and ahead.count(hours) * 2 > len(ahead):
            rules.append((date, hours))
    return rules


def wrapped(head, words):
    lines = textwrap.wrap(" ".join(words), 118 - len(head), break_long_words=False, break_on_hyphens=False)
    return [f"{head} {line}" for line in lines]


def in_force(rules, date):
    return [what for begin, what in rules if begin <= date][-1]


def text_of(mic, last_year):
    calendar, first_year, end = schedule_of(mic, last_year)
    sessions = sessions_of(calendar)
    first, last = min(sessions), dt.date.fromisoformat(end)
    first = dt.date(first_year, 1, 1) if first.month == 1 else first
    weeks, rules = weeks_of(sessions, first, last), rules_of(sessions)
    lines = [f"zone {calendar.tz.key}", f"span {first} {last}"]
    lines += [f"week {begin} {days}" for begin, days in weeks]
    lines += [f"hours {begin if i else first} {hours_text(hours)}" for i, (begin, hours) in enumerate(rules)]
    rules[0] = (first, rules[0][1])
    closed, extra, special = [], [], {}
    for offset in range((last - first).days + 1):
        date = first + dt.timedelta(offset)
        usual = str(date.isoweekday()) in in_force(weeks, date)
        hours = sessions.get(date)
        if hours is None:
            if usual:
                closed.append(date)
        elif hours != in_force(rules, date):
            special.setdefault(hours, []).append(date)
        elif not usual:
            extra.append(date)
    for word, dates in (("closed", closed), ("extra", extra)):
        for year in sorted({date.year for date in dates}):
            lines += wrapped(f"{word} {year}", [f"{d:%m%d}" for d in dates if d.year == year])
    for hours in sorted(special, key=lambda h: special[h][0]):
        lines += wrapped(f"special {hours_text(hours)} on", [f"{d:%Y%m%d}" for d in special[hours]])
    return lines, calendar.tz.key, len(sessions), first, last


def offset_minutes(zone, moment):
    return int(moment.astimezone(zone).utcoffset().total_seconds()) // 60


def zone_lines(name):
    """The offset from UTC in minutes, and the moments (UTC) from which another one holds."""
    zone, utc = zoneinfo.ZoneInfo(name), dt.timezone.utc
    day, end = dt.datetime(ZONE_YEARS[0], 1, 1, tzinfo=utc), dt.datetime(ZONE_YEARS[1], 1, 1, tzinfo=utc)
    offset = offset_minutes(zone, day)
    words = []
    first = offset
    while day < end:
        following = day + dt.timedelta(days=1)
        if offset_minutes(zone, following) != offset:
            low, high = day, following
            while high - low > dt.timedelta(minutes=1):
                middle = low + dt.timedelta(minutes=(high - low) // dt.timedelta(minutes=1) // 2)
                low, high = (middle, high) if offset_minutes(zone, middle) == offset else (low, middle)
            offset = offset_minutes(zone, following)
            words.append(f"{high:%Y%m%d%H%M}{offset:+}")
        day = following
    return [str(first)] + textwrap.wrap(" ".join(words), 118, break_on_hyphens=False)


def swift_cases(entries):
    out = []
    for name, lines in entries:
        out += [f'    case "{name}":', '      """'] + [f"      {line}" for line in lines] + ['      """']
    return out


def main():
    target = sys.argv[1]
    last_year = int(sys.argv[2]) if len(sys.argv) > 2 else dt.date.today().year + 1
    mics = [n for n in exchange_calendars.get_calendar_names(include_aliases=False) if re.fullmatch("[A-Z]{4}", n)]
    aliases = {a: m for a, m in utils._default_calendar_aliases.items() if re.fullmatch("[A-Z]{4,}", a) and m in mics}
    aliases |= SISTERS

    tables, zones, count = [], {"UTC"}, 0
    for mic in mics:
        lines, zone, sessions, first, last = text_of(mic, last_year)
        tables.append((mic, lines))
        zones.add(zone)
        count += sessions
        print(f"{mic} {first} {last} {sessions} sessions, {sum(map(len, lines))} bytes", file=sys.stderr)

    # Zones that agree over all these years share one text; the first name stands for all.
    zone_texts, zone_names = {}, {}
    for name in sorted(zones):
        zone_names[name] = zone_texts.setdefault("\n".join(zone_lines(name)), name)

    package, tzdata = (importlib.metadata.version(n) for n in ("exchange_calendars", "tzdata"))
    same = {name: other for name, other in zone_names.items() if name != other}
    out = [
        "// swift-format-ignore-file",
        "// Written by Scripts/calendar_table.py (`make calendars`): do not edit.",
        "//",
        f"// Sessions: exchange_calendars {package} <https://pypi.org/project/exchange_calendars>, licensed under the",
        "// Apache License, Version 2.0 <https://www.apache.org/licenses/LICENSE-2.0>; made into this form by the script.",
        f"// Time zones: tzdata {tzdata}, public domain.",
        f"// {len(mics)} exchanges, {count} sessions.",
        "",
        "/// The sessions of exchanges as text, one block an exchange, read when it is first asked for (`CalendarText`).",
        "enum CalendarTable {",
        "  /// What the table was made from.",
        f'  static let source = "exchange_calendars {package}, tzdata {tzdata}"',
        "",
        "  /// Every exchange that has a block, by its MIC.",
        "  static let exchanges = [",
        *textwrap.wrap(", ".join(f'"{m}"' for m in mics) + ",", 114, initial_indent="    ", subsequent_indent="    "),
        "  ]",
        "",
        "  /// Other names of these: markets and segments that keep the hours and holidays of one above.",
        "  static let aliases = [",
        *textwrap.wrap(", ".join(f'"{a}": "{m}"' for a, m in sorted(aliases.items())) + ",", 114,
                       initial_indent="    ", subsequent_indent="    "),
        "  ]",
        "",
        f"  /// Zones whose clocks agree from {ZONE_YEARS[0]} on with one that has a block.",
        "  static let sameZones = [",
        *[f'    "{name}": "{other}",' for name, other in sorted(same.items())],
        "  ]",
        "",
        "  /// The zone, the dates covered, weekdays (Monday = 1) and hours on the exchange's clock (open, close, pause) with",
        "  /// the date from which they hold; then the days that differ. `-1` after an hour is the day before.",
        "  static func sessions(of exchange: String) -> String? {",
        "    switch exchange {",
        *swift_cases(tables),
        "    default: nil",
        "    }",
        "  }",
        "",
        f"  /// The minutes by which a zone is ahead of UTC at the start of {ZONE_YEARS[0]}, then each moment (UTC) from which",
        f"  /// it is another, to the end of {ZONE_YEARS[1] - 1}.",
        "  static func offsets(of zone: String) -> String? {",
        "    switch zone {",
        *swift_cases((name, text.split("\n")) for text, name in zone_texts.items()),
        "    default: nil",
        "    }",
        "  }",
        "}",
    ]
    with open(target, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


main()
