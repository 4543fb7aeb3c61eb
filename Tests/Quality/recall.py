"""How much of what is wrong with prices `finstage data check` finds, and how often it speaks where nothing is wrong.

  recall.py FINSTAGE [--defects FOLDER] [--seed N] [--rounds N] FILE...

FILE... are sound daily files. Each round cuts a stretch out of one, puts one defect of each kind at a random place, and
looks for a finding of that kind there. FOLDER holds real defects as pairs NAME.csv and NAME-fixed.csv, of which the
name says the kind; the repaired copy of NAME.csv is compared with NAME-fixed.csv, value by value.
"""

import argparse
import csv
import datetime
import json
import math
import os
import random
import subprocess
import sys
import tempfile

UTC = datetime.timezone.utc
DAY = datetime.timedelta(days=1)


def load(path):
    with open(path) as file:
        rows = [{name.lower(): value for name, value in row.items()} for row in csv.DictReader(file)]
    bars = []
    for row in rows:
        time = datetime.datetime.fromisoformat(row["timestamp"].replace("Z", "+00:00"))
        bars.append([time] + [float(row[name]) for name in ("open", "high", "low", "close", "volume")])
    return bars


def sessions(source, count=60):
    """Half-hour bars of `count` sessions, a random walk with the volume of a session."""
    bars, price = [], 100.0
    day = datetime.datetime(2024, 1, 2, tzinfo=UTC)
    while count:
        if day.weekday() < 5:
            for slot in range(13):
                opened = price
                path = [opened * math.exp(sum(source.gauss(0, 0.0006) for _ in range(k + 1))) for k in range(4)]
                price = path[-1]
                prices = [round(value, 2) for value in (opened, max(opened, *path), min(opened, *path), price)]
                time = day + datetime.timedelta(minutes=870 + 30 * slot)
                bars.append([time] + prices + [float(source.randrange(2_000, 9_000))])
            count -= 1
        day += DAY
    return bars


def write(path, bars, extra=None):
    """`extra`: columns by name, a value a bar."""
    extra = extra or {}
    with open(path, "w") as file:
        file.write(",".join(["timestamp", "open", "high", "low", "close", "volume"] + list(extra)) + "\n")
        for index, bar in enumerate(bars):
            values = [bar[0].strftime("%Y-%m-%dT%H:%M:%SZ")] + [repr(value) for value in bar[1:]]
            file.write(",".join(values + [repr(column[index]) for column in extra.values()]) + "\n")


class Defect:
    """Bars with one defect of a kind, at [first, last]."""

    def __init__(self, kind, bars, first, last, extra=None, what=""):
        self.kind, self.bars, self.extra, self.what = kind, bars, extra, what
        self.first, self.last = first, last


def scaled(bars, start, end, factor, volume=1.0):
    for bar in bars[start:end]:
        bar[1:5] = [value * factor for value in bar[1:5]]
        bar[5] *= volume
    return bars


def paying(bars, source, share_gains=0.0):
    """Quarterly dividends that prices fall by, and the close adjusted for them. Gives the columns and the places."""
    dividends, gains, adjusted = [0.0] * len(bars), [0.0] * len(bars), [0.0] * len(bars)
    places = list(range(source.randrange(20, 60), len(bars) - 5, 63))
    for place in places:
        share = source.uniform(0.004, 0.012) if not share_gains else source.uniform(0.03, 0.08)
        dividends[place] = round(bars[place - 1][4] * share, 4)
        if share_gains:
            gains[place] = round(dividends[place] * share_gains, 4)
        # The price falls by what is paid, from that day on.
        scaled(bars, place, len(bars), 1 - dividends[place] / bars[place - 1][4])
    readjust(bars, dividends, gains, adjusted)
    splits = [0.0] * len(bars)
    return {"adj close": adjusted, "dividends": dividends, "stock splits": splits, "capital gains": gains}, places


def readjust(bars, dividends, gains, adjusted, steps=None):
    """The adjusted close; `steps` overrides what it takes off at a place."""
    factor = 1.0
    for place in range(len(bars) - 1, -1, -1):
        adjusted[place] = bars[place][4] * factor
        if place and dividends[place]:
            step = (steps or {}).get(place, dividends[place] / bars[place - 1][4])
            factor *= 1 - step


def defects(bars, source, daily):
    """One defect of each kind, each in its own copy of the bars."""
    count = len(bars)

    def copy():
        return [bar[:] for bar in bars]

    def place(margin=30):
        return source.randrange(margin, count - margin)

    def times(some, start, end):
        return some[start][0], some[end - 1][0]

    # unit_100x: a bar, a stretch, or one or two of its prices.
    at, length, factor = place(), source.choice([1, 1, 4, 30]), source.choice([100.0, 0.01])
    length = min(length, count - at - 10)
    some = scaled(copy(), at, at + length, factor)
    yield Defect("unit_100x", some, *times(some, at, at + length), what=f"{length} bars")
    at, some = place(), copy()
    some[at][4] *= 0.01
    some[at][3] = some[at][4]
    yield Defect("unit_100x", some, some[at][0], some[at][0], what="close alone")

    # Splits: declared and not, in prices alone or in volumes too.
    for kind in ("missing_split", "doubled_split"):
        for declared in (True, False):
            at, ratio = place(), source.choice([2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0])
            step = ratio if kind == "missing_split" else 1 / ratio
            some = scaled(copy(), 0, at, step, source.choice([1.0, 1 / step]))
            extra = {"stock splits": [ratio if k == at else 0.0 for k in range(count)]} if declared else None
            yield Defect(kind, some, some[at][0], some[at][0], extra, "declared" if declared else "undeclared")

    # spike: the whole bar, its close, its high or its low.
    at, some, column = place(), copy(), source.choice([0, 4, 2, 3])
    factor = source.choice([1.6, 2.0, 5.0]) if column != 3 else source.choice([0.5, 0.3, 0.1])
    if column == 0:
        factor = source.choice([factor, 1 / factor])
        scaled(some, at, at + 1, factor)
    else:
        some[at][column] *= factor
        if column == 4 and source.random() < 0.5:
            some[at][2] = max(some[at][2], some[at][4])
    yield Defect("spike", some, some[at][0], some[at][0], what=("bar", "", "high", "low", "close")[column])

    at, length = place(), source.choice([10, 40, 80])
    length = min(length, count - at - 25)
    some = scaled(copy(), at, at + length, source.choice([0.74, 1.18, 1.31, 7.83, 110.3, 151.7, 1342.0]))
    yield Defect("currency_mismatch", some, *times(some, at, at + length))

    at, some, length = place(), copy(), source.choice([3, 5, 8])
    for bar in some[at + 1:at + 1 + length]:
        bar[1:5] = some[at][1:5]
    yield Defect("stale", some, *times(some, at, at + 1 + length), what=f"{length} repeats")

    at, some = place(), copy()
    some[at][5] = 0.0
    yield Defect("zero_volume", some, some[at][0], some[at][0])

    at, some = place(), copy()
    some[at][2], some[at][3] = some[at][3], some[at][2] + 0.01
    yield Defect("high_below_low", some, some[at][0], some[at][0])

    at, some = place(), copy()
    some[at][source.randrange(1, 5)] = source.choice([0.0, -1.0])
    yield Defect("non_positive", some, some[at][0], some[at][0])

    at, some = place(), copy()
    some.insert(at + 1, some[at][:])
    if source.random() < 0.5:
        some[at + 1][4] *= 1.001
    yield Defect("duplicate", some, some[at][0], some[at][0])

    at, some = place(), copy()
    some[at], some[at + 5] = some[at + 5], some[at]
    yield Defect("out_of_order", some, some[at + 1][0], some[at][0])

    # timezone_shift: hours for a stretch of days or sessions.
    at, length = place(), source.choice([5, 20])
    shift = datetime.timedelta(hours=source.choice([-9, -5, 4, 8, -24] if daily else [-5, -3, 2, 4]))
    some = copy()
    if daily:
        while some[at][0] - some[at - 1][0] <= DAY:
            at += 1
        start, end = at, min(at + length, count - 5)
    else:
        start, end = at // 13 * 13, min(at // 13 * 13 + 13 * (length // 5), count - 13)
    for bar in some[start:end]:
        bar[0] += shift
    yield Defect("timezone_shift", some, *times(some, start, end), what=str(shift))

    # gap: by the spacing within a day, by the calendar for days.
    at, some, length = place(), copy(), source.choice([1, 2, 4])
    if not daily:
        at = at // 13 * 13 + 3
    first, last = some[at][0], some[at + length - 1][0]
    del some[at:at + length]
    yield Defect("gap", some, first, last)

    if not daily:
        return
    # Dividends: amount and adjustment, each a hundred times off, none, twice.
    for what in ("amount x100", "amount /100", "both x100", "both /100", "not adjusted", "adjusted x1/100", "twice"):
        some = copy()
        extra, places = paying(some, source)
        paid = extra["dividends"]
        if not places:
            continue
        at = source.choice(places)
        share = paid[at] / some[at - 1][4]
        steps = {}
        if what.startswith("both"):
            paid[at] *= 100 if "x" in what else 0.01
            steps = None
        elif what.startswith("amount"):
            steps[at] = share
            paid[at] *= 100 if "x" in what else 0.01
        elif what == "not adjusted":
            steps[at] = 0.0
        elif what == "adjusted x1/100":
            steps[at] = share / 100
        else:
            paid[at - 2] = paid[at]
        readjust(some, paid, [0.0] * count, extra["adj close"], steps)
        yield Defect("bad_dividend", some, some[at - 2][0], some[at][0], extra, what)
    some = copy()
    extra, places = paying(some, source, share_gains=source.uniform(0.4, 0.95))
    twice = {p: (extra["dividends"][p] + extra["capital gains"][p]) / some[p - 1][4] for p in places}
    readjust(some, extra["dividends"], extra["capital gains"], extra["adj close"], twice)
    yield Defect("double_counted_gain", some, some[places[0]][0], some[places[-1]][0], extra)


def check(finstage, paths, *options):
    """Findings by path."""
    run = subprocess.run(
        [finstage, "data", "check", "--format", "json", *options, "--data", *paths], capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"{run.returncode}: {run.stderr}")
    found = {path: [] for path in paths}
    for finding in json.loads(run.stdout)["findings"]:
        found[finding["file"]].append(finding)
    return found


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def synthetic(finstage, files, seed, rounds, folder, exchange):
    source = random.Random(seed)
    made, clean = [], []
    for number in range(rounds):
        for name, whole in files:
            start = source.randrange(0, len(whole) - 700)
            cut = whole[start:start + 700]
            series = [(f"{name} 1d", cut, True)] + ([("walk 30m", sessions(source), False)] if number % 2 == 0 else [])
            for label, bars, daily in series:
                path = f"{folder}/clean-{len(clean)}.csv"
                write(path, bars)
                clean.append((path, daily, label))
                if daily:
                    extra, _ = paying(bars := [bar[:] for bar in bars], source)
                    path = f"{folder}/clean-{len(clean)}.csv"
                    write(path, bars, extra)
                    clean.append((path, daily, label + " with dividends"))
                for defect in defects(cut if daily else bars, source, daily):
                    path = f"{folder}/{defect.kind}-{len(made)}.csv"
                    write(path, defect.bars, defect.extra)
                    made.append((path, defect, daily))
    options = ["--exchange", exchange] if exchange else []
    found = {}
    for daily in (True, False):
        paths = [path for path, _, is_daily in made if is_daily == daily]
        paths += [path for path, is_daily, _ in clean if is_daily == daily]
        for start in range(0, len(paths), 100):
            found.update(check(finstage, paths[start:start + 100], *(options if daily else [])))
    table, missed, strange = {}, [], {}
    for path, defect, daily in made:
        if defect.kind == "gap" and daily and not exchange:
            continue
        margin = DAY if defect.kind in ("timezone_shift", "bad_dividend") else datetime.timedelta(0)
        hit = any(
            finding["kind"] == defect.kind and (finding["severity"] != "info" or defect.kind == "zero_volume")
            and instant(finding["time"]) <= defect.last + margin and instant(finding["last"]) >= defect.first - margin
            for finding in found[path])
        row = table.setdefault(defect.kind, [0, 0, 0])
        row[0] += 1
        row[1] += hit
        if not hit:
            others = sorted({f["kind"] for f in found[path] if f["severity"] != "info"})
            missed.append(f"  {defect.kind} {defect.what} {defect.first.date()}: found {others or 'nothing'}")
        for finding in found[path]:
            if finding["kind"] != defect.kind and finding["severity"] != "info":
                key = (defect.kind, finding["kind"])
                strange[key] = strange.get(key, 0) + 1
    bars = 0
    alarms = {}
    for path, daily, label in clean:
        bars += 1
        for finding in found[path]:
            if finding["severity"] != "info":
                alarms[finding["kind"]] = alarms.get(finding["kind"], 0) + 1
                print(f"  false: {label} {finding['kind']} {finding['time']} {finding['evidence']}")
    print(f"\nInjected, seed {seed}: {len(made)} files with a defect, {len(clean)} sound ones\n")
    print("| kind | injected | found | recall | in sound files |")
    print("|---|---|---|---|---|")
    for kind in sorted(table):
        count, hits, _ = table[kind]
        print(f"| `{kind}` | {count} | {hits} | {100 * hits / count:.1f} % | {alarms.get(kind, 0)} |")
    print("\nMissed:" if missed else "\nNone was missed.")
    print("\n".join(missed[:40]))
    besides = {f"{a} → {b}": n for (a, b), n in sorted(strange.items())}
    print("Besides the injected kind (errors and warnings):", besides)


KINDS = {
    "bad-div": ["bad_dividend"], "bad-stock-split": ["missing_split", "doubled_split"], "100x-error": ["unit_100x"],
    "bad-unit": ["unit_100x"], "cg-double-count": ["double_counted_gain"],
}


def twin(path):
    """Rows by date, or by moment for intraday files."""
    with open(path) as file:
        rows = [{name.lower(): value for name, value in row.items()} for row in csv.DictReader(file)]
    table = {}
    for row in rows:
        text = row.get("timestamp") or row.get("date") or row.get("datetime")
        time = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        key = text[:10] if text[11:19] == "00:00:00" else time.astimezone(UTC).isoformat()
        table[key] = {
            name: float(row[name]) if row[name] not in ("", None) else math.nan
            for name in ("open", "high", "low", "close", "adj close", "volume", "dividends") if name in row
        }
    return table


def same(one, other):
    return math.isnan(one) and math.isnan(other) or abs(one - other) <= 1e-5 * abs(other) + 1e-9


def real(finstage, defects_folder, folder):
    print("\nReal defects\n")
    print("| file | found | of its kind in the mended twin | values that were bad | mended alike | others changed |")
    print("|---|---|---|---|---|---|")
    for name in sorted(os.listdir(defects_folder)):
        kinds = next((kinds for word, kinds in KINDS.items() if word in name and "no-bad" not in name), None)
        if name.endswith("-fixed.csv") or not name.endswith(".csv"):
            continue
        path = f"{folder}/{name}"
        with open(f"{defects_folder}/{name}") as source, open(path, "w") as target:
            target.write(source.read())
        if kinds is None:
            found = [f for f in check(finstage, [path])[path] if f["severity"] != "info"]
            print(f"| {name} | {len(found)} | sound | 0 | | |")
            continue
        fixed = f"{defects_folder}/{name[:-4]}-fixed.csv"
        config = f"{folder}/config.yaml"
        with open(config, "w") as file:
            file.write(f"quality: {{ repair: [{', '.join(kinds)}] }}\n")
        found = [f for f in check(finstage, [path], "--repair", "--config", config)[path] if f["kind"] in kinds]
        left = [f for f in check(finstage, [fixed])[fixed] if f["kind"] in kinds and f["severity"] != "info"]
        bad, good, mended = twin(path), twin(fixed), twin(f"{path[:-4]}.repaired.csv")
        wrong = alike = others = 0
        for key, row in good.items():
            for column, value in row.items():
                before, after = bad[key][column], mended.get(key, {}).get(column, math.nan)
                if not same(before, value):
                    wrong += 1
                    alike += same(after, value)
                elif not same(after, value):
                    others += 1
        print(f"| {name} | {len(found)} | {len(left)} | {wrong} | {alike} | {others} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("finstage")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--defects")
    parser.add_argument("--exchange", help="the calendar of the daily files; without one their gaps are not looked for")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=12)
    wanted = parser.parse_args()
    files = [(os.path.basename(path), load(path)) for path in wanted.files]
    with tempfile.TemporaryDirectory() as folder:
        synthetic(os.path.abspath(wanted.finstage), files, wanted.seed, wanted.rounds, folder, wanted.exchange)
        if wanted.defects:
            real(os.path.abspath(wanted.finstage), wanted.defects, folder)


if __name__ == "__main__":
    main()
