#!/usr/bin/env python3
"""Writes the cases by which cron expressions and zones are tested, from sources of their own.

    schedule_cases.py FOLDER [SEED]

    cron.txt      croniter and cronsim (PyPI): fields, lists, ranges, steps, names, the rule of two days, in zones without
                  changes of their clocks; one by one and only where they agree, where both know the form
    clocks.txt    every minute of UTC looked at through Python's zoneinfo: cron over changes of the clocks
    zones.txt     zoneinfo: offsets from UTC of every zone at random moments
    days.txt      zoneinfo: the slots of the jobs of the simulated days

zoneinfo reads the package tzdata here, not the machine's files.
"""
import calendar, datetime as dt, importlib.metadata as metadata, pathlib, random, sys, zoneinfo

zoneinfo.reset_tzpath(())
UTC = dt.timezone.utc
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
WEEKDAYS = "sun mon tue wed thu fri sat".split()


def field(rng, low, high, names=None, star=0.4, steps=True):
    kind = rng.random()
    if kind < star:
        return "*"
    if kind < star + 0.1 and steps:
        return f"*/{rng.randint(2, max(2, (high - low) // 2))}"
    name = lambda n: names[n - low] if names and rng.random() < 0.5 and n - low < len(names) else str(n)
    items = []
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        a, b = sorted((rng.randint(low, high), rng.randint(low, high)))
        form = rng.random()
        if form < 0.6 or a == b:
            items.append(name(a))
        elif form < 0.85:
            items.append(f"{name(a)}-{name(b)}")
        else:
            items.append(f"{a}-{b}/{rng.randint(1, 5)}")
    return ",".join(items)


def expression(rng, star_days=True):
    return " ".join([
        field(rng, 0, 59, star=0.15), field(rng, 0, 23, star=0.2),
        field(rng, 1, 31, star=0.5, steps=star_days), field(rng, 1, 12, MONTHS, star=0.7),
        field(rng, 0, 6, WEEKDAYS, star=0.6, steps=star_days),
    ])


# A cron of our own, by looking at everything: not by way of what the program does.
def numbers(text, low, high, names=()):
    found = set()
    for item in text.split(","):
        span, _, step = item.partition("/")
        number = lambda word: names.index(word) + low if word in names else int(word)
        ends = (low, high) if span == "*" else tuple(number(word) for word in (span.split("-") * 2)[:2])
        if "-" in span:
            ends = tuple(number(word) for word in span.split("-"))
        found |= set(range(ends[0], ends[1] + 1, int(step or 1)))
    return found


class Cron:
    def __init__(self, text):
        self.text = text
        words = text.split()
        self.minutes, self.hours = numbers(words[0], 0, 59), numbers(words[1], 0, 23)
        self.days, self.months = numbers(words[2], 1, 31), numbers(words[3], 1, 12, MONTHS)
        self.weekdays = {day % 7 for day in numbers(words[4], 0, 6 if words[4].startswith("*") else 7, WEEKDAYS)}
        self.both = words[2].startswith("*") or words[4].startswith("*")
        self.elapsed = words[0].startswith("*") or words[1].startswith("*")

    def day(self, date):
        if date.month not in self.months:
            return False
        one, other = date.day in self.days, (date.weekday() + 1) % 7 in self.weekdays
        return one and other if self.both else one or other

    def slots(self, zone, start, end):
        """Slots after `start` and up to `end`, both aware, in UTC."""
        if self.elapsed:
            moment = start.replace(second=0, microsecond=0)
            while moment <= end:
                local = moment.astimezone(zone)
                if (moment > start and local.minute in self.minutes and local.hour in self.hours and self.day(local)
                        and local.second == 0):
                    yield moment
                moment += dt.timedelta(minutes=1)
            return
        date, found = (start - dt.timedelta(days=3)).date(), set()
        while date <= (end + dt.timedelta(days=3)).date():
            if self.day(date):
                for hour in self.hours:
                    for minute in self.minutes:
                        found.add(first_moment(dt.datetime(date.year, date.month, date.day, hour, minute), zone))
            date += dt.timedelta(days=1)
        yield from (slot for slot in sorted(found) if start < slot <= end)


def first_moment(local, zone):
    """The first moment at which the clocks show a time or have gone past it."""
    there = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) == local:
        return there
    # Left out: the first second at which the clocks show more, found by halving.
    low, high = there - dt.timedelta(days=2), there + dt.timedelta(days=2)
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) >= local:
            high = middle
        else:
            low = middle
    return high


def stamp(moment):
    return str(int(moment.timestamp()))


def cron_cases(rng):
    from croniter import croniter
    from cronsim import CronSim
    yield f"croniter {metadata.version('croniter')}, cronsim {metadata.version('cronsim')}"
    made = 0
    while made < 400:
        # croniter does not follow Vixie cron where a day begins with a star and goes on.
        both = rng.random() < 0.5
        text = expression(rng, star_days=not both)
        offset = rng.choice([0, 9 * 3600, -5 * 3600, 5 * 3600 + 1800])
        zone = dt.timezone(dt.timedelta(seconds=offset))
        start = dt.datetime(rng.randint(1990, 2060), rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23),
                            rng.randint(0, 59), rng.randint(0, 59), tzinfo=UTC)
        local = start.astimezone(zone).replace(tzinfo=None)
        try:
            sim = CronSim(text, local)
            times = [next(sim) for _ in range(5)]
        except Exception:
            continue
        if both:
            other = croniter(text, local)
            if [other.get_next(dt.datetime) for _ in range(5)] != times:
                sys.exit(f"croniter and cronsim differ: {text} after {local}")
        slots = [stamp(time.replace(tzinfo=zone)) for time in times]
        sign = "-" if offset < 0 else "+"
        yield "|".join([text, f"{sign}{abs(offset) // 3600:02}:{abs(offset) % 3600 // 60:02}", stamp(start), *slots])
        made += 1


def clock_cases(rng):
    yield f"tzdata {metadata.version('tzdata')}"
    changes = [
        ("America/New_York", "2026-03-08"), ("America/New_York", "2026-11-01"), ("Europe/London", "2026-03-29"),
        ("Europe/Dublin", "2026-10-25"), ("Australia/Lord_Howe", "2026-04-05"), ("Australia/Lord_Howe", "2026-10-04"),
        ("Pacific/Apia", "2011-12-30"), ("Pacific/Apia", "2012-04-01"), ("Asia/Seoul", "1988-05-08"),
        ("Asia/Seoul", "1988-10-09"), ("America/Sao_Paulo", "2018-11-04"), ("Africa/Cairo", "2014-05-16"),
        ("Asia/Kathmandu", "1986-01-01"), ("Pacific/Kwajalein", "1993-08-21"), ("America/Caracas", "2007-12-09"),
        ("Antarctica/Troll", "2026-03-29"), ("Asia/Gaza", "2026-03-28"), ("America/Nuuk", "2026-03-29"),
        ("Africa/Casablanca", "2026-02-15"), ("Pacific/Chatham", "2026-04-05"), ("America/Havana", "2026-03-08"),
    ]
    fixed = ["30 2 * * *", "0 2 * * *", "30 1 * * *", "15 0 * * *", "0 8 * * *", "0,30 1-3 * * *", "45 2 * * 0",
             "*/20 * * * *", "30 * * * *", "*/15 2 * * *", "0 */2 * * *", "0 0 * * *", "5 0 30 * *", "59 23 * * *"]
    for name, date in changes:
        zone = zoneinfo.ZoneInfo(name)
        middle = dt.datetime.fromisoformat(date).replace(tzinfo=UTC)
        for text in fixed + [expression(rng).rsplit(" ", 3)[0] + " * * *" for _ in range(3)]:
            start = middle - dt.timedelta(hours=40, seconds=rng.randint(0, 3600))
            slots = list(Cron(text).slots(zone, start, middle + dt.timedelta(hours=40)))
            yield "|".join([text, name, stamp(start), *map(stamp, slots[:120])])


def zone_cases(rng):
    yield f"tzdata {metadata.version('tzdata')}"
    # Names that are no places (WET, Mexico/BajaNorte) have meant other zones in other editions.
    regions = "Africa America Antarctica Asia Atlantic Australia Europe Indian Pacific".split()
    names = sorted(name for name in zoneinfo.available_timezones() if name.split("/")[0] in regions)
    for name in names:
        zone, cells = zoneinfo.ZoneInfo(name), []
        for _ in range(8):
            # Of the last years the machine's data may be older than these; what is long ago is still corrected.
            moment = dt.datetime(1985, 1, 1, tzinfo=UTC) + dt.timedelta(seconds=rng.randint(0, 39 * 31_557_600))
            cells.append(f"{stamp(moment)}:{int(moment.astimezone(zone).utcoffset().total_seconds())}")
        yield "|".join([name, *cells])
    for name in ["America/New_York", "Europe/London", "Europe/Dublin", "Australia/Lord_Howe", "Asia/Seoul",
                 "Pacific/Chatham", "America/Nuuk", "Pacific/Apia"]:
        # The whole history, and the rule for the time to come.
        zone, cells = zoneinfo.ZoneInfo(name), []
        for _ in range(80):
            moment = dt.datetime(1880, 1, 1, tzinfo=UTC) + dt.timedelta(seconds=rng.randint(0, 220 * 31_557_600))
            cells.append(f"{stamp(moment)}:{int(moment.astimezone(zone).utcoffset().total_seconds())}")
        yield "|".join([name, *cells])


# name | cron | zone; the same jobs stand in the test.
JOBS = [
    ("new_york", "30 2 * * *", "America/New_York"), ("new_york_hours", "15 */3 * * *", "America/New_York"),
    ("seoul", "0 8 * * *", "Asia/Seoul"), ("seoul_hours", "5 1-23/2 * * 1-5", "Asia/Seoul"),
    ("lord_howe", "45 1 * * *", "Australia/Lord_Howe"), ("lord_howe_gap", "15 2 * * *", "Australia/Lord_Howe"),
    ("lord_howe_hours", "*/30 1-3 * * *", "Australia/Lord_Howe"),
    ("apia", "0 8 * * *", "Pacific/Apia"), ("apia_midnight", "0 0 * * *", "Pacific/Apia"),
    ("apia_hours", "20 */6 * * *", "Pacific/Apia"),
]
WINDOWS = ["2011-12-15", "2026-03-07", "2026-10-03"]


def day_cases(rng):
    yield f"tzdata {metadata.version('tzdata')}"
    for date in WINDOWS:
        start = dt.datetime.fromisoformat(date).replace(tzinfo=UTC)
        end = start + dt.timedelta(days=30)
        for name, text, zone in JOBS:
            slots = Cron(text).slots(zoneinfo.ZoneInfo(zone), start, end)
            yield "|".join([stamp(start), name, text, zone, *map(stamp, slots)])
        every, moment, slots = 90 * 60, int(start.timestamp()), []
        while (moment := moment + 60) <= end.timestamp():
            if moment % every == 0:
                slots.append(str(moment))
        yield "|".join([stamp(start), "every", "90m", "UTC", *slots])


def main():
    folder, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20261122
    for name, cases in [("cron", cron_cases), ("clocks", clock_cases), ("zones", zone_cases), ("days", day_cases)]:
        head, *lines = cases(random.Random(f"{seed} {name}"))
        path = folder / f"{name}.txt"
        path.write_text(f"# schedule_cases.py, seed {seed}: {head}\n" + "\n".join(lines) + "\n")
        print(path, len(lines))


main()
