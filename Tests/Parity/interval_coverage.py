"""How often the interval of the success rate holds the true rate: the figures of docs/statistics.md.

    python Tests/Parity/interval_coverage.py [HISTORIES]

Returns are independent and Student-distributed with a drift, signals come by kind: at random, in clusters, after falls,
on every bar. Needs numpy and scipy.
"""

import sys

import numpy as np
from scipy import stats

random = np.random.default_rng(1)
HISTORIES = int(sys.argv[1]) if len(sys.argv) > 1 else 500


def steps(*shape):
    return random.standard_t(4, size=shape) * 0.01 + 0.0004


def signals(kind, path, count):
    if kind == "every bar":
        return np.arange(count)
    if kind == "random":
        return np.flatnonzero(random.random(count) < 0.01)
    if kind == "clusters":
        first = np.flatnonzero(random.random(count) < 0.006)
        found = np.unique(np.concatenate([first + step for step in range(6)]))
        return found[found < count]
    past = np.zeros(count)
    past[20:] = path[20:count] - path[: count - 20]
    return np.flatnonzero(past < -0.08)


def variance(bars, errors, block):
    total = errors @ errors
    for lag in range(1, len(bars)):
        distance = bars[lag:] - bars[:-lag]
        near = distance < block
        if not near.any():
            break
        total += 2 * (errors[lag:][near] * errors[:-lag][near] * (1 - distance[near] / block)).sum()
    return total / len(bars) ** 2


def wilson(rate, trials, z):
    scale = 1 + z * z / trials
    middle = (rate + z * z / (2 * trials)) / scale
    half = z / scale * np.sqrt(rate * (1 - rate) / trials + z * z / (4 * trials**2))
    return middle - half, middle + half


print(f"{'bars':>6} {'horizon':>8} {'signals':<10} {'normal':>7} {'Student':>8}")
for count in (1_000, 5_000):
    for horizon in (5, 20):
        truth = (steps(400_000, horizon).sum(axis=1) > 0).mean()
        for kind in ("random", "clusters", "falls", "every bar"):
            held, tried = np.zeros(2), 0
            for _ in range(HISTORIES):
                path = np.concatenate([[0], np.cumsum(steps(count + horizon))])
                bars = signals(kind, path, count)
                if len(bars) < 10:
                    continue
                success = (path[bars + horizon] > path[bars]).astype(float)
                rate, apart, free = success.mean(), 0, -1
                for bar in bars:
                    if bar >= free:
                        apart, free = apart + 1, bar + horizon
                spread = variance(bars, success - rate, 3 * horizon)
                trials = np.clip(rate * (1 - rate) / spread, 1, len(bars)) if spread > 0 else apart
                quantiles = stats.norm.ppf(0.975), stats.t.ppf(0.975, max(apart - 1, 1))
                for place, z in enumerate(quantiles if apart < len(bars) else quantiles[:1] * 2):
                    low, high = wilson(rate, trials if apart < len(bars) else len(bars), z)
                    held[place] += low <= truth <= high
                tried += 1
            print(f"{count:>6} {horizon:>8} {kind:<10} {held[0] / tried:>7.3f} {held[1] / tried:>8.3f}", flush=True)
