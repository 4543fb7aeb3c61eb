"""The signals of the cookbook's examples, worked out from their definitions and not by the program.

Each example is computed twice over the sample prices: as the page of the original language defines it (Pine's
reference manual for ta.*, freqtrade with TA-Lib and qtpylib), and as docs/semantics.md and Plugins/README.md define our
words, in plain loops over sums that are exact (math.fsum). What comes out is Tests/Cookbook/NAME.csv: symbol, time,
direction, and by whom it is given: both, ours (Finstage alone), original (the original alone).

    python3 Tests/Cookbook/oracle.py            writes the files
    python3 Tests/Cookbook/oracle.py --check    exits with 1 where one of them says something else

Needs TA-Lib for the examples of freqtrade, which computes its indicators with it.
"""
import csv
import math
import pathlib
import sys

import numpy
import talib

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAN = math.nan


class Prices:
    def __init__(self, name):
        with open(ROOT / "Samples" / f"{name}-1d.csv") as file:
            rows = list(csv.DictReader(file))
        self.symbol = "^" + name
        self.time = [row["timestamp"] for row in rows]
        self.open, self.high, self.low, self.close, self.volume = (
            [float(row[key]) for row in rows] for key in ("open", "high", "low", "close", "volume")
        )


# Indicators in plain loops; a value that is not there is nan. Comparisons with nan are false, as only true acts.


def sma(x, n):
    return [math.fsum(x[i - n + 1 : i + 1]) / n if i >= n - 1 else NAN for i in range(len(x))]


def deviation(x, n, less=0):
    """Of the population, or of a sample with less = 1."""
    out = []
    for i in range(len(x)):
        if i < n - 1:
            out.append(NAN)
            continue
        window = x[i - n + 1 : i + 1]
        mean = math.fsum(window) / n
        out.append(math.sqrt(math.fsum((v - mean) ** 2 for v in window) / (n - less)))
    return out


def ema_mean_seeded(x, n):
    """Seeded by the mean of the first n values, as TA-Lib does and we do."""
    out, value, first = [], NAN, next(i for i, v in enumerate(x) if v == v)
    for i, v in enumerate(x):
        if i == first + n - 1:
            value = math.fsum(x[first : i + 1]) / n
        elif i > first + n - 1:
            value = v * 2 / (n + 1) + value * (1 - 2 / (n + 1))
        out.append(value)
    return out


def ema_pine(x, n):
    """Pine's ta.ema: the first value is its own average."""
    out, value = [], NAN
    for v in x:
        value = v if value != value else v * 2 / (n + 1) + value * (1 - 2 / (n + 1))
        out.append(value)
    return out


def rma(x, n):
    """Wilder's average: the mean of the first n values, then one n-th of each new one. Pine's ta.rma is the same."""
    out, value, first = [], NAN, next(i for i, v in enumerate(x) if v == v)
    for i, v in enumerate(x):
        if i == first + n - 1:
            value = math.fsum(x[first : i + 1]) / n
        elif i > first + n - 1:
            value = (value * (n - 1) + v) / n
        out.append(value)
    return out


def rsi(x, n):
    up = [NAN] + [max(b - a, 0) for a, b in zip(x, x[1:])]
    down = [NAN] + [max(a - b, 0) for a, b in zip(x, x[1:])]
    return [100 * u / (u + d) if u + d > 0 else (0 if u == u else NAN) for u, d in zip(rma(up, n), rma(down, n))]


def true_range(p, first):
    """With first, the first bar's is its own range, as in Pine; else it has none, as in TA-Lib."""
    out = [p.high[0] - p.low[0] if first else NAN]
    for i in range(1, len(p.close)):
        last = p.close[i - 1]
        out.append(max(p.high[i] - p.low[i], abs(p.high[i] - last), abs(p.low[i] - last)))
    return out


def highest(x, n):
    return [max(x[i - n + 1 : i + 1]) if i >= n - 1 and x[i - n + 1] == x[i - n + 1] else NAN for i in range(len(x))]


def lowest(x, n):
    return [min(x[i - n + 1 : i + 1]) if i >= n - 1 and x[i - n + 1] == x[i - n + 1] else NAN for i in range(len(x))]


def ago(x, n=1):
    return [NAN] * n + x[: len(x) - n]


def above(a, b):
    """Crosses above: above now and not a bar ago, both known. ta.crossover and qtpylib.crossed_above are the same."""
    return [i > 0 and a[i] > b[i] and a[i - 1] <= b[i - 1] for i in range(len(a))]


def below(a, b):
    return above(b, a)


def macd(x, average):
    fast, slow = average(x, 12), average(x, 26)
    if average is ema_mean_seeded:
        # TA-Lib seeds the fast average inside the slow one's window: by values 14 to 25.
        fast = [NAN] * 14 + ema_mean_seeded(x[14:], 12)
    line = [f - s for f, s in zip(fast, slow)]
    signal = average(line, 9)
    if average is ema_mean_seeded:
        line = [v if s == s else NAN for v, s in zip(line, signal)]
    return line, signal


# How conditions become signals.


def edges(buy, sell):
    """Ours: the bar on which one becomes true; both on one bar are neither."""
    out, was = {}, (False, False)
    for i, (b, s) in enumerate(zip(buy, sell)):
        if b and not s and not was[0]:
            out[i] = {"buy"}
        elif s and not b and not was[1]:
            out[i] = {"sell"}
        was = (b, s)
    return out


def levels(buy, sell):
    """Columns of freqtrade, and ours with emit: level: each bar on which it is true. Both on one bar are neither."""
    return {i: {"buy" if b else "sell"} for i, (b, s) in enumerate(zip(buy, sell)) if b != s}


def calls(enter, leave):
    """Ours with long: { enter, exit }: enter is an edge; exit is tested from the bar after the call on, once."""
    out, was, held = {}, False, False
    for i, (e, x) in enumerate(zip(enter, leave)):
        if held and x:
            out.setdefault(i, set()).add("exit_long")
            held = False
        if e and not was:
            out.setdefault(i, set()).add("buy")
            held = True
        was = e
    return out


def orders(enter, leave):
    """Pine's strategy.entry and strategy.close, filled at the next open: in a position no further entry, and without one
    nothing to close. An order of this bar changes the position of the next one."""
    out, held = {}, False
    for i, (e, x) in enumerate(zip(enter, leave)):
        if e and not held:
            out.setdefault(i, set()).add("buy")
        if x and held:
            out.setdefault(i, set()).add("exit_long")
        held = (held and not x) or (e and not held)
    return out


def both(*columns):
    return [all(values) for values in zip(*columns)]


def greater(a, b):
    return [x > y for x, y in zip(a, b)]


def column(value, count):
    return [value] * count


# The examples: (ours, original).


def pine_sma_cross(p):
    fast, slow = sma(p.close, 10), sma(p.close, 30)
    found = edges(above(fast, slow), below(fast, slow))
    return found, found


def pine_rsi_pullback(p):
    trend, strength = greater(p.close, sma(p.close, 200)), rsi(p.close, 3)
    enter = both(trend, [v < 20 for v in strength])
    leave = [v > 70 for v in strength]
    return calls(enter, leave), orders(enter, leave)


def supertrend(p, atr, first_up):
    """Directions, 1 up and -1 down. `first_up` tells the first one."""
    out, upper, lower, direction = [], NAN, NAN, 0
    for i, a in enumerate(atr):
        if a != a:
            out.append(NAN)
            continue
        middle = (p.high[i] + p.low[i]) / 2
        u, l = middle + 3 * a, middle - 3 * a
        if direction == 0:
            upper, lower = u, l
            direction = 1 if first_up(p.close[i], middle) else -1
        else:
            last = p.close[i - 1]
            lower = l if l > lower or last < lower else lower
            upper = u if u < upper or last > upper else upper
            direction = (-1 if p.close[i] < lower else 1) if direction > 0 else (1 if p.close[i] > upper else -1)
        out.append(direction)
    return out


def pine_supertrend(p):
    own = supertrend(p, rma(true_range(p, False), 10), lambda close, middle: close > middle)
    pine = supertrend(p, rma(true_range(p, True), 10), lambda close, middle: False)
    zero = column(0, len(p.close))
    return tuple(edges(above(d, zero), below(d, zero)) for d in (own, pine))


def pine_bollinger_squeeze(p):
    middle, spread = sma(p.close, 20), deviation(p.close, 20)
    upper = [m + 2 * s for m, s in zip(middle, spread)]
    lower = [m - 2 * s for m, s in zip(middle, spread)]
    width = [(u - l) / m for u, l, m in zip(upper, lower, middle)]
    narrow = [w <= v for w, v in zip(width, lowest(width, 125))]
    lately = [any(narrow[max(0, i - 4) : i + 1]) for i in range(len(narrow))]
    enter = both(lately, greater(p.close, upper))
    leave = greater(middle, p.close)
    return calls(enter, leave), orders(enter, leave)


def pine_donchian(p):
    enter = greater(p.close, ago(highest(p.high, 20)))
    leave = greater(ago(lowest(p.low, 10)), p.close)
    return calls(enter, leave), orders(enter, leave)


def pine_macd_filter(p):
    def by(average):
        line, signal = macd(p.close, average)
        trend = average(p.close, 200)
        return edges(
            both(above(line, signal), greater(p.close, trend)), both(below(line, signal), greater(trend, p.close))
        )

    return by(ema_mean_seeded), by(ema_pine)


def arrays(p):
    return (numpy.array(v) for v in (p.high, p.low, p.close))


def typical(p):
    return [(h + l + c) / 3 for h, l, c in zip(p.high, p.low, p.close)]


def tema(x, n):
    one = ema_mean_seeded(x, n)
    two = ema_mean_seeded(one, n)
    three = ema_mean_seeded(two, n)
    return [3 * a - 3 * b + c for a, b, c in zip(one, two, three)]


def freqtrade_sample(p):
    middle = sma(typical(p), 20)

    def by(strength, average):
        up, down = greater(average, ago(average)), greater(ago(average), average)
        enter = both(above(strength, column(30, len(strength))), [a <= m for a, m in zip(average, middle)], up)
        leave = both(above(strength, column(70, len(strength))), greater(average, middle), down)
        return levels(enter, leave)

    _, _, close = arrays(p)
    return (
        by(rsi(p.close, 14), tema(p.close, 9)),
        by(talib.RSI(close, 14).tolist(), talib.TEMA(close, 9).tolist()),
    )


def freqtrade_bbands_rsi(p):
    price = typical(p)
    # qtpylib takes the deviation of a sample, TA-Lib, Pine and we that of the population: 2 × √(20 / 19) of ours.
    lower = [m - 2 * s for m, s in zip(sma(price, 20), deviation(price, 20, less=1))]
    wide = [m - 2.0519567 * s for m, s in zip(sma(price, 20), deviation(price, 20))]

    def by(strength, band):
        return levels(both([v < 30 for v in strength], greater(band, p.close)), [v > 70 for v in strength])

    _, _, close = arrays(p)
    return by(rsi(p.close, 14), wide), by(talib.RSI(close, 14).tolist(), lower)


def directional(p, n):
    """Wilder's sums of movements and ranges: the first n − 1 are added up, then each loses its n-th part."""
    plus, minus, reach = [], [], []
    for i in range(1, len(p.close)):
        up, down = p.high[i] - p.high[i - 1], p.low[i - 1] - p.low[i]
        plus.append(up if up > down and up > 0 else 0)
        minus.append(down if down > up and down > 0 else 0)
        reach.append(max(
            p.high[i] - p.low[i], abs(p.high[i] - p.close[i - 1]), abs(p.low[i] - p.close[i - 1])))

    def wilder(x):
        out, value = [NAN] * n, math.fsum(x[: n - 1])
        for v in x[n - 1 :]:
            value = value - value / n + v
            out.append(value)
        return out

    plus, minus, reach = wilder(plus), wilder(minus), wilder(reach)
    plus_di = [100 * a / r if r else 0 for a, r in zip(plus, reach)]
    minus_di = [100 * a / r if r else 0 for a, r in zip(minus, reach)]
    index = [abs(a - b) / (a + b) * 100 if a + b else 0 for a, b in zip(plus_di, minus_di)]
    adx, value = [NAN] * (2 * n - 1), math.fsum(index[n : 2 * n]) / n
    adx.append(value)
    for v in index[2 * n :]:
        value = (value * (n - 1) + v) / n
        adx.append(value)
    return plus_di, minus_di, adx


def freqtrade_adx_momentum(p):
    def by(plus, minus, adx, momentum):
        enter = [a > 25 and m > 0 and u > 25 and u > d for u, d, a, m in zip(plus, minus, adx, momentum)]
        leave = [a > 25 and m < 0 and d > 25 and u < d for u, d, a, m in zip(plus, minus, adx, momentum)]
        return levels(enter, leave)

    high, low, close = arrays(p)
    plus, minus, _ = directional(p, 25)
    _, _, adx = directional(p, 14)
    momentum = [a - b for a, b in zip(p.close, ago(p.close, 14))]
    original = (
        talib.PLUS_DI(high, low, close, 25), talib.MINUS_DI(high, low, close, 25), talib.ADX(high, low, close, 14),
        talib.MOM(close, 14),
    )
    return by(plus, minus, adx, momentum), by(*(v.tolist() for v in original))


def freqtrade_ema_cross(p):
    _, _, close = arrays(p)

    def by(fast, slow):
        volume = [v > 0 for v in p.volume]
        return levels(both(above(fast, slow), volume), both(below(fast, slow), volume))

    return (
        by(ema_mean_seeded(p.close, 20), ema_mean_seeded(p.close, 50)),
        by(talib.EMA(close, 20).tolist(), talib.EMA(close, 50).tolist()),
    )


EXAMPLES = [
    pine_sma_cross, pine_rsi_pullback, pine_supertrend, pine_bollinger_squeeze, pine_donchian, pine_macd_filter,
    freqtrade_sample, freqtrade_bbands_rsi, freqtrade_adx_momentum, freqtrade_ema_cross,
]


def text(example):
    lines = ["symbol,time,direction,by"]
    for name in ("IXIC", "GSPC"):
        prices = Prices(name)
        ours, original = example(prices)
        for i in sorted(set(ours) | set(original)):
            for direction in ("exit_long", "buy", "sell"):
                a, b = direction in ours.get(i, ()), direction in original.get(i, ())
                if a or b:
                    by = "both" if a and b else "ours" if a else "original"
                    lines.append(f"{prices.symbol},{prices.time[i]},{direction},{by}")
    return "\n".join(lines) + "\n"


def main():
    stale = []
    for example in EXAMPLES:
        name = example.__name__.replace("_", "-")
        path, found = pathlib.Path(__file__).with_name(f"{name}.csv"), text(example)
        counts = {by: found.count(f",{by}\n") for by in ("both", "ours", "original")}
        print(f"{name:26} both {counts['both']:5}  ours alone {counts['ours']:4}  original alone {counts['original']:4}")
        if "--check" not in sys.argv:
            path.write_text(found)
        elif not path.exists() or path.read_text() != found:
            stale.append(name)
    if stale:
        sys.exit(f"stale: {', '.join(stale)}")


main()
