#!/usr/bin/env python3
"""Writes a random walk of candles, the same on every machine: prices.py FILE BARS MINUTES

A line is `2015-01-01T00:00:00Z,open,high,low,close,volume`. Needs numpy.
"""
import sys
import numpy as np


def main(path, bars, minutes):
    draw = np.random.default_rng(42)
    close = 100 * np.cumprod(1 + 0.002 * draw.standard_normal(bars))
    last = np.concatenate([[100.0], close[:-1]])
    opens = last * (1 + 0.0005 * draw.uniform(-1, 1, bars))
    high = np.maximum(opens, close) * (1 + 0.002 * draw.uniform(0, 1, bars) ** 2)
    low = np.minimum(opens, close) * (1 - 0.002 * draw.uniform(0, 1, bars) ** 2)
    volume = draw.integers(1_000, 20_000, bars)
    stamps = np.datetime64("2015-01-01T00:00:00", "s") + np.arange(bars) * np.timedelta64(60 * minutes, "s")
    with open(path, "w", newline="\n") as file:
        file.write("timestamp,open,high,low,close,volume\n")
        for row in zip(np.datetime_as_string(stamps), opens, high, low, close, volume):
            file.write("%sZ,%.4f,%.4f,%.4f,%.4f,%d\n" % row)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
