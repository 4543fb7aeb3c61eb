#!/usr/bin/env python3
"""Compares the candlestick patterns of `finstage eval` with TA-Lib (PyPI: TA-Lib, numpy, pandas) on any price files.

    candlestick_parity.py FINSTAGE PRICES.csv [PRICES.csv ...] [--random SEED ...]

All 61 patterns must be equal on every bar; those with a penetration also at other values of it. --random SEED adds
20,000 bars of a random walk in steps of 0.5, where equalities abound, and the patterns' own examples, each as it is and
shaken 30 times, so that the rare ones occur and nearly occur. Exits with 1 where a bar differs.
"""
import csv, io, re, subprocess, sys, tempfile
import numpy as np, pandas as pd, talib as ta

# Names that are not TA-Lib's, split into words.
SPELLED = """two_crows three_black_crows three_inside three_line_strike three_outside three_stars_in_south
three_white_soldiers abandoned_baby advance_block belt_hold breakaway closing_marubozu conceal_baby_swallow
counterattack dark_cloud_cover doji doji_star dragonfly_doji engulfing evening_doji_star evening_star
gap_side_side_white gravestone_doji hammer hanging_man harami harami_cross high_wave hikkake hikkake_mod homing_pigeon
identical_three_crows in_neck inverted_hammer kicking kicking_by_length ladder_bottom long_legged_doji long_line
marubozu matching_low mat_hold morning_doji_star morning_star on_neck piercing rickshaw_man rise_fall_three_methods
separating_lines shooting_star short_line spinning_top stalled_pattern stick_sandwich takuri tasuki_gap thrusting
tristar unique_three_river upside_gap_two_crows xside_gap_three_methods""".split()
PENETRATING = ["abandoned_baby", "dark_cloud_cover", "evening_doji_star", "evening_star", "mat_hold",
               "morning_doji_star", "morning_star"]


def theirs(name):
    """three_white_soldiers -> talib.CDL3WHITESOLDIERS"""
    short = name.replace("swallow", "swall")
    short = re.sub(r"(^|_)two(?=_)", r"\g<1>2", re.sub(r"(^|_)three(?=_)", r"\g<1>3", short))
    return getattr(ta, "CDL" + short.replace("_", "").upper())


def cases():
    """Expression, TA-Lib's function, its settings."""
    for name in SPELLED:
        yield f"{name}()", theirs(name), {}
    for name in PENETRATING:
        for share in (0.0, 0.1, 0.25, 0.75, 1.25):
            yield f"{name}({share})", theirs(name), {"penetration": share}


def random_prices(seed, bars=20_000):
    """A random walk in steps of 0.5 with calm and wild stretches, gaps, and bodies that repeat."""
    draw = np.random.default_rng(seed)
    size = draw.choice([1, 2, 3, 6], bars // 50).repeat(50)
    steps = lambda: np.rint(draw.normal(0, 1, bars) * size) / 2
    up = lambda: np.rint(draw.exponential(0.7, bars) * size * draw.integers(0, 2, bars)) / 2
    close, opens = np.empty(bars), np.empty(bars)
    last, moves, gaps = 500.0, steps(), steps() * draw.choice([0, 0.5, 1], bars)
    for bar in range(bars):
        opens[bar] = last + np.rint(gaps[bar] * 2) / 2
        close[bar] = last = max(50.0, opens[bar] + moves[bar] - (last - 500) / 100 // 0.5 * 0.5)
    high, low = np.maximum(opens, close) + up(), np.minimum(opens, close) - up()
    return frame(opens, high, low, close)


def shaken_examples(program, seed):
    """The examples that `finstage modules` prints, one after the other; then with prices moved by a step or none."""
    draw = np.random.default_rng(seed)
    parts = []
    for name in SPELLED:
        text = subprocess.run([program, "modules", name], check=True, capture_output=True, text=True).stdout
        columns = [re.findall(rf"^  {input}: (.*)$", text, re.M) for input in ("open", "high", "low", "close")]
        for example in zip(*columns):
            opens, high, low, close = (2 * np.array(column.split(), float) for column in example)
            parts.append((opens, high, low, close))
            for _ in range(30):
                move = lambda prices: prices + draw.choice([-0.5, 0, 0, 0, 0, 0, 0, 0.5], len(prices))
                o, c = move(opens), move(close)
                parts.append((o, np.maximum(move(high), np.maximum(o, c)), np.minimum(move(low), np.minimum(o, c)), c))
    return frame(*(np.concatenate(column) for column in zip(*parts)))


def frame(opens, high, low, close):
    stamps = pd.date_range("2000-01-03", periods=len(opens), freq="h").strftime("%Y-%m-%dT%H:%M:%SZ")
    return pd.DataFrame(
        {"timestamp": stamps, "open": opens, "high": high, "low": low, "close": close, "volume": 1000.0})


def compare(program, path, label):
    prices = pd.read_csv(path)
    prices.columns = [name.lower() for name in prices.columns]
    candles = [prices[name].to_numpy(float) for name in ("open", "high", "low", "close")]
    table = list(cases())
    text = subprocess.run([program, "eval", *(expression for expression, _, _ in table), "--data", path],
                          check=True, capture_output=True, text=True).stdout
    rows = list(csv.reader(io.StringIO(text)))[1:]
    faults = 0
    for place, (expression, function, settings) in enumerate(table, start=1):
        ours = [row[place] for row in rows]
        expected = function(*candles, **settings)
        different = [bar for bar, value in enumerate(ours) if value == "" or float(value) != expected[bar]]
        different += [len(rows)] * (len(rows) != len(expected))
        faults += bool(different)
        print(f"{label:16} {expression:32} bars {len(rows):6}  not 0 {int((expected != 0).sum()):6}  different {len(different):6}"
              + (f"   <-- FAULT, first at bar {different[0]}" if different else ""))
    return faults


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    program, paths, seeds = arguments[0], arguments[1:], []
    if "--random" in paths:
        at = paths.index("--random")
        paths, seeds = paths[:at], [int(seed) for seed in paths[at + 1:]]
    faults = sum(compare(program, path, path.rsplit("/", 1)[-1]) for path in paths)
    for seed in seeds:
        for label, prices in (f"random {seed}", random_prices(seed)), (f"shaken {seed}", shaken_examples(program, seed)):
            with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
                prices.to_csv(file.name, index=False)
                faults += compare(program, file.name, label)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
