#!/usr/bin/env python3
"""Compares `finstage eval` with TA-Lib (PyPI: TA-Lib, numpy, pandas) on any price file.

    talib_parity.py FINSTAGE PRICES.csv [PRICES.csv ...]

Every indicator must have the same empty cells and differ by at most 1e-9, relatively. Exits with 1 where one does not.
"""
import csv, io, math, subprocess, sys
import numpy as np, pandas as pd, talib as ta


def columns(o, h, l, c, v):
    """Expression -> what TA-Lib says."""
    macd = ta.MACD(c, 12, 26, 9)
    bands = ta.BBANDS(c, 20, 2.0, 2.0)
    k, d = ta.STOCH(h, l, c, 14, 3, 0, 3, 0)
    table = {
        "sma(close, 20)": ta.SMA(c, 20), "sma(volume, 50)": ta.SMA(v, 50), "ema(close, 12)": ta.EMA(c, 12),
        "ema(close, 200)": ta.EMA(c, 200), "rsi(close, 2)": ta.RSI(c, 2), "rsi(close, 14)": ta.RSI(c, 14),
        "macd(close, 12, 26, 9).line": macd[0], "macd(close, 12, 26, 9).signal": macd[1],
        "macd(close, 12, 26, 9).histogram": macd[2], "bollinger(close, 20, 2).upper": bands[0],
        "bollinger(close, 20, 2).middle": bands[1], "bollinger(close, 20, 2).lower": bands[2],
        "stddev(close, 20)": ta.STDDEV(c, 20), "atr(14)": ta.ATR(h, l, c, 14),
        "stochastic(14, 3, 3).k": k, "stochastic(14, 3, 3).d": d, "obv()": ta.OBV(c, v),
        "highest(high, 252)": ta.MAX(h, 252), "lowest(low, 252)": ta.MIN(l, 252), "sum(close, 30)": ta.SUM(c, 30),
    }
    return table


def compare(program, path):
    prices = pd.read_csv(path)
    prices.columns = [name.lower() for name in prices.columns]
    o, h, l, c, v = (prices[name].to_numpy(float) for name in ("open", "high", "low", "close", "volume"))
    table = columns(o, h, l, c, v)
    text = subprocess.run([program, "eval", *table, "--data", path], check=True, capture_output=True, text=True).stdout
    rows = list(csv.reader(io.StringIO(text)))
    worst_of_all, faults = 0.0, 0
    for place, (name, theirs) in enumerate(table.items(), start=1):
        ours = np.array([float(row[place]) if row[place] else math.nan for row in rows[1:]])
        empty = int((np.isnan(ours) != np.isnan(theirs)).sum())
        with np.errstate(invalid="ignore", divide="ignore"):
            difference = np.where(ours == theirs, 0, np.abs(ours - theirs) / np.abs(theirs))
        worst = float(np.nanmax(difference, initial=0))
        faults += empty > 0 or worst > 1e-9
        print(f"{path.rsplit('/', 1)[-1]:16} {name:36} empty cells that differ {empty:4}  worst {worst:.2e}"
              + ("   <-- FAULT" if empty or worst > 1e-9 else ""))
    return faults


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(1 if sum(compare(sys.argv[1], path) for path in sys.argv[2:]) else 0)
