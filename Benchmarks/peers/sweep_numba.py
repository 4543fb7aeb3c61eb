#!/usr/bin/env python3
"""The grid of Benchmarks/Sweep as somebody who knows numba well would write it, and both measured in one run.

    sweep_numba.py [--sweep PATH] [--bars 2520,140000] [--rounds 5]

One fused loop a combination over sums of the closes up to each bar: crossing averages, long or flat, a fee on each turn;
return, Sharpe ratio, greatest drawdown, trades. Both make the same random walk (splitmix64; normal deviates as sums of
twelve uniform ones). PATH is the built benchmark; without it only the peer runs. Needs numpy and numba. Prints JSON lines
and, with PATH, how many times the evaluations per second of processor time of the peer's one thread ours makes.
"""

import argparse
import json
import subprocess
import time

import numpy as np
from numba import njit, prange

FEE = 0.001


def uniform(seed, count):
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def walk(bars):
    """Closes; of a bar's thirteen numbers the last one is its gap, which the peer does not need."""
    draws = uniform(bars, 13 * bars).reshape(bars, 13)
    normal = np.add.reduce(draws[:, :12], axis=1) - 6
    return 100 * np.cumprod(1 + (0.012 if bars <= 5_000 else 0.002) * normal)


def body(closes, sums, fast, slow):
    per_fast, per_slow = 1.0 / fast, 1.0 / slow
    growth, peak, deepest, total, squares = 1.0, 1.0, 0.0, 0.0, 0.0
    held, trades = 0, 0
    for bar in range(slow, len(closes)):
        gain = 0.0
        if held:
            gain = closes[bar] / closes[bar - 1] - 1.0
        now = sums[bar + 1]
        above = 1 if (now - sums[bar + 1 - fast]) * per_fast > (now - sums[bar + 1 - slow]) * per_slow else 0
        if above != held:
            gain = (1.0 + gain) * (1.0 - FEE) - 1.0
            trades += above
            held = above
        growth *= 1.0 + gain
        total += gain
        squares += gain * gain
        if growth > peak:
            peak = growth
        drawdown = growth / peak - 1.0
        if drawdown < deepest:
            deepest = drawdown
    mean = total / len(closes)
    return growth - 1.0, mean / np.sqrt(squares / len(closes) - mean * mean), deepest, trades


def kernel(parallel):
    combination = njit(body)

    @njit(parallel=parallel)
    def sweep(closes, sums, pairs, out):
        for k in prange(len(pairs)):
            out[k, 0], out[k, 1], out[k, 2], out[k, 3] = combination(closes, sums, pairs[k, 0], pairs[k, 1])

    return sweep


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sweep")
    parser.add_argument("--bars", default="2520,140000")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    pairs = np.array([(fast, slow) for fast in range(2, 101) for slow in range(fast + 1, 101)])
    sweep = kernel(parallel=False)
    for bars in map(int, options.bars.split(",")):
        closes = walk(bars)
        sums = np.concatenate(([0.0], np.cumsum(closes)))
        out = np.zeros((len(pairs), 4))
        sweep(closes, sums, pairs[:2], out)  # compiles
        best = float("inf")
        for _ in range(options.rounds):
            start = time.process_time()
            sweep(closes, sums, pairs, out)
            best = min(best, time.process_time() - start)
        peer = bars * len(pairs) / best / 1e6
        print(json.dumps({"peer": "numba", "bars": bars, "cpu_s": best, "million_evals_per_cpu_s": peer,
                          "trades": int(out[:, 3].sum())}))
        if not options.sweep:
            continue
        answer = subprocess.run([options.sweep, "--bars", str(bars), "--rounds", str(options.rounds)],
                                check=True, capture_output=True, text=True).stdout
        for line in map(json.loads, answer.splitlines()):
            if "jobs" in line:
                key = "million_evals_per_cpu_s" if line["jobs"] == 1 else "million_evals_per_s"
                line["times_peer"] = line[key] / peer
            print(json.dumps(line))


if __name__ == "__main__":
    main()
