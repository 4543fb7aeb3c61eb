#!/usr/bin/env python3
"""The 24 rules of Benchmarks/signals24 in pandas, numpy and TA-Lib, with their outcomes after 1, 5 and 20 bars:
signals24.py PRICES.csv

The rules are those that the parity test compares with; what it does with pandas for clarity is numpy here, as somebody
would write it who wants it fast.
"""
import pathlib, sys
import numpy as np, pandas as pd

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Parity"))
import signals24_parity as parity


def crossing(a, b):
    gap = np.sign(a - b)
    signs = np.zeros(len(gap), np.int8)
    signs[1:] = ((gap[1:] > 0) & (gap[:-1] <= 0)).view(np.int8) - ((gap[1:] < 0) & (gap[:-1] >= 0)).view(np.int8)
    return signs


def onset(buy, sell):
    first = lambda held: held & ~np.r_[False, held[:-1]]
    return first(buy).view(np.int8) - first(sell).view(np.int8)


def main(path):
    parity.crossing, parity.onset = crossing, onset
    prices = pd.read_csv(path, parse_dates=["timestamp"])
    columns = [prices[name].to_numpy(float) for name in ("open", "high", "low", "close", "volume")]
    with np.errstate(invalid="ignore", divide="ignore"):
        signals = parity.rules(*columns)
    close = columns[3]
    later = {bars: np.r_[close[bars:] / close[:-bars] - 1, np.full(bars, np.nan)] for bars in parity.HORIZONS}
    for name, signs in signals.items():
        signs = np.asarray(signs)
        places = np.flatnonzero(signs)
        for bars in parity.HORIZONS:
            made = later[bars][places] * signs[places]
            made = made[~np.isnan(made)]
            print(name, bars, len(made), (made > 0).mean(), made.mean(), made.mean() / made.std(ddof=1))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
