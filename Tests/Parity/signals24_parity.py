#!/usr/bin/env python3
"""Compares the 24 rules of Benchmarks/signals24 with pandas and TA-Lib (PyPI: TA-Lib, numpy, pandas) on any price files.

    signals24_parity.py FINSTAGE PRICES.csv [PRICES.csv ...]

For each rule and 1, 5 and 20 bars: the number of signals must be equal, and success rate, mean return and mean / deviation
differ by at most 1e-9, relatively. Where they do not, the bars on which the signals differ are named. Exits with 1 then.
"""
import json, pathlib, subprocess, sys
import numpy as np, pandas as pd, talib as ta

RULES = pathlib.Path(__file__).resolve().parents[2] / "Benchmarks" / "signals24"
HORIZONS = (1, 5, 20)


def crossing(a, b):
    """1 where a comes to stand above b, -1 where below; equality belongs to the side before."""
    gap = pd.Series(a - b)
    return ((gap > 0) & (gap.shift() <= 0)).astype(int) - ((gap < 0) & (gap.shift() >= 0)).astype(int)


def onset(buy, sell):
    """1 on the first bar of `buy`, -1 on that of `sell`."""
    first = lambda held: held & ~held.shift(fill_value=False)
    return first(pd.Series(buy)).astype(int) - first(pd.Series(sell)).astype(int)


def rules(o, h, l, c, v):
    before = lambda x: pd.Series(x).shift().to_numpy()
    sma = lambda n: ta.SMA(c, n)
    upper, middle, lower = ta.BBANDS(c, 20, 2.0, 2.0)
    width = (upper - lower) / middle
    narrow = before(width) <= before(pd.Series(width).rolling(120).min()) * 1.1
    line, average, _ = ta.MACD(c, 12, 26, 9)
    k, d = ta.STOCH(h, l, c, 14, 3, 0, 3, 0)
    kd = crossing(k, d)
    rsi, fast = ta.RSI(c, 14), ta.RSI(c, 2)
    cci, willr, mfi = ta.CCI(h, l, c, 20), ta.WILLR(h, l, c, 14), ta.MFI(h, l, c, v, 14)
    obv = ta.OBV(c, v)
    middle_k, reach = ta.EMA(c, 20), 2 * ta.ATR(h, l, c, 14)
    distance, busy = (c - sma(20)) / ta.STDDEV(c, 20), v > 1.5 * ta.SMA(v, 20)
    candles = sum(getattr(ta, "CDL" + name)(o, h, l, c)
                  for name in ("ENGULFING", "HAMMER", "SHOOTINGSTAR", "MORNINGSTAR", "EVENINGSTAR"))
    leaves = lambda n: onset(c > before(ta.MAX(h, n)), c < before(ta.MIN(l, n)))
    return {
        "sma-cross-10-30": crossing(sma(10), sma(30)),
        "golden-cross-50-200": crossing(sma(50), sma(200)),
        "ema-cross-12-26": crossing(ta.EMA(c, 12), ta.EMA(c, 26)),
        "dema-cross": crossing(ta.DEMA(c, 20), ta.DEMA(c, 50)),
        "price-above-sma200": crossing(c, sma(200)),
        "rsi-30-70": onset(rsi < 30, rsi > 70),
        "rsi2-connors": onset((fast < 10) & (c > sma(200)), (fast > 90) & (c < sma(200))),
        "macd-signal": crossing(line, average),
        "macd-zero": crossing(line, 0),
        "bb-reversion": onset(c < lower, c > upper),
        "bb-squeeze-break": onset(narrow & (c > upper), narrow & (c < lower)),
        "stoch-cross": kd * np.where(kd > 0, k < 20, k > 80),
        "adx-di": crossing(ta.PLUS_DI(h, l, c, 14), ta.MINUS_DI(h, l, c, 14)) * (ta.ADX(h, l, c, 14) > 25),
        "cci-100": onset(cci < -100, cci > 100),
        "willr": onset(willr < -80, willr > -20),
        "mfi-20-80": onset(mfi < 20, mfi > 80),
        "donchian-20": leaves(20),
        "high-252": leaves(252),
        "keltner": onset(c > middle_k + reach, c < middle_k - reach),
        "obv-trend": crossing(obv, ta.SMA(obv, 20)),
        "roc-zero": crossing(ta.ROC(c, 10), 0),
        "psar": crossing(c, ta.SAR(h, l)),
        "engulf-hammer-star": np.sign(pd.Series(candles)),
        "zscore-volume": onset((distance < -2) & busy, (distance > 2) & busy),
    }


def outcome(signs, c, bars):
    """Count, success rate, mean and mean / sample deviation of what a signal made, turned for a sell."""
    made = ((pd.Series(c).shift(-bars) / c - 1) * signs)[signs != 0].dropna()
    known = [(made > 0).mean(), made.mean(), made.mean() / made.std() if len(made) > 1 else None]
    return [len(made)] + [None if x is None or np.isnan(x) else float(x) for x in known] if len(made) else [0, None, None, None]


def agree(a, b):
    return a is b if a is None or b is None else abs(a - b) <= 1e-9 * abs(b)


def compare(program, path):
    prices = pd.read_csv(path)
    prices.columns = [name.lower() for name in prices.columns]
    columns = [prices[name].to_numpy(float) for name in ("open", "high", "low", "close", "volume")]
    with np.errstate(invalid="ignore", divide="ignore"):
        theirs = rules(*columns)
    answer = subprocess.run(
        [program, "backtest", RULES, "--data", path, "--ledger", "none", "--format", "json", "--horizons",
         ",".join(f"{bars}b" for bars in HORIZONS)], check=True, capture_output=True, text=True).stdout
    ours = {entry["name"]: entry for entry in json.loads(answer)["strategies"]}
    assert ours.keys() == theirs.keys(), ours.keys() ^ theirs.keys()
    faults, worst, total = 0, 0.0, 0
    for name, signs in theirs.items():
        is_fault = False
        for bars in HORIZONS:
            found = ours[name]["outcomes"][f"{bars}b"]
            found = [found[key] for key in ("count", "success_rate", "mean_return", "sharpe")]
            wanted = outcome(signs, columns[3], bars)
            total += wanted[0] if bars == 1 else 0
            worst = max([worst] + [abs(a - b) / abs(b) for a, b in zip(found, wanted) if a is not None and b])
            if found[0] != wanted[0] or not all(map(agree, found, wanted)):
                is_fault = True
                print(f"{name:20} {bars:2} bars: {found} is not {wanted}")
        if is_fault:
            faults += 1
            mine = {signal["bar"]: 1 if signal["direction"] == "buy" else -1 for signal in ours[name]["signals"]}
            his = {int(bar): int(signs[bar]) for bar in np.flatnonzero(signs)}
            differing = sorted(bar for bar in mine.keys() | his.keys() if mine.get(bar) != his.get(bar))
            print(f"{name:20} signals differ on {len(differing)} bars: "
                  + ", ".join(f"{bar} {mine.get(bar, 0)} for {his.get(bar, 0)}" for bar in differing[:10]))
    print(f"{path.rsplit('/', 1)[-1]:20} {len(columns[3])} bars, {total} signals, {len(theirs) - faults} of {len(theirs)} rules"
          f" agree, worst relative difference {worst:.1e}")
    return faults


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(1 if sum([compare(sys.argv[1], path) for path in sys.argv[2:]]) else 0)
