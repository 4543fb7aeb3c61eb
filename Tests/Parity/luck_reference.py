"""Reference figures for the tests against luck, from numpy, scipy and arch (Kevin Sheppard's package).

    pip install numpy pandas scipy arch==8.0.0
    python luck_reference.py Samples/GSPC-1d.csv > Tests/Golden/GSPC-1d.luck.json

Nothing here calls the program. The tests of Sources/Backtesting/Statistics make the same columns from the same prices
and compare: block lengths and standard errors to rounding, p-values within the Monte-Carlo error of both sides.
"""

import itertools
import json
import sys

import numpy as np
import pandas as pd
from arch.bootstrap import SPA, StationaryBootstrap, StepM, optimal_block_length
from scipy import stats

REPLICATIONS = 20_000
BLOCK = 8
SPANS = [2, 5, 10, 20, 50, 100, 150, 200]
PEEKS = [60, 90, 130, 200, 400]


def columns(prices):
    """Long above an average, and rules that see tomorrow every k-th bar; less their exposure times the prices' return."""
    close = pd.read_csv(prices)["close"].to_numpy(float)
    change = np.append(0.0, close[1:] / close[:-1] - 1)
    first = max(SPANS) + 1
    bars = np.arange(first, len(close))
    named = {}
    for span in SPANS:
        average = pd.Series(close).rolling(span).mean().to_numpy()
        held = (close > average)[bars - 1].astype(float)
        named[f"above {span}"] = held
        named[f"below {span}"] = 1 - held
    for every in PEEKS:
        held = ((bars % every == 0) & (change[bars] > 0)).astype(float)
        named[f"peek {every}"] = held
    returns = change[bars]
    return {name: held * returns - held.mean() * returns for name, held in named.items()}, returns


def step_down(matrix, errors, block, replications, seed):
    """Romano and Wolf 2016, with the whole matrix of resampled statistics at hand."""
    count = len(matrix)
    own = matrix.mean(axis=0) / errors
    resampled = np.empty((replications, matrix.shape[1]))
    bootstrap = StationaryBootstrap(block, matrix, seed=seed)
    for row, (data, _) in enumerate(bootstrap.bootstrap(replications)):
        resampled[row] = (data[0].mean(axis=0) - matrix.mean(axis=0)) / errors
    order = np.argsort(-own)
    p, before = np.empty(len(own)), 0.0
    for place, strategy in enumerate(order):
        largest = resampled[:, order[place:]].max(axis=1)
        before = max(before, (1 + np.sum(largest >= own[strategy])) / (1 + replications))
        p[strategy] = before
    return p


def overfitting(matrix, blocks):
    """CSCV over returns joined bar by bar, not over sums."""
    parts = np.array_split(matrix, blocks)
    logits, inside, outside = [], [], []
    for chosen in itertools.combinations(range(blocks), blocks // 2):
        train = np.concatenate([parts[b] for b in chosen])
        test = np.concatenate([parts[b] for b in range(blocks) if b not in chosen])
        best = train.mean(0) / train.std(0, ddof=1)
        then = test.mean(0) / test.std(0, ddof=1)
        winner = np.argmax(best)
        omega = stats.rankdata(then)[winner] / (len(then) + 1)
        logits.append(np.log(omega / (1 - omega)))
        inside.append(best[winner])
        outside.append(then[winner])
    logits = np.array(logits)
    return {
        "blocks": blocks, "combinations": len(logits), "pbo": float(np.mean(logits <= 0)),
        "mean_logit": float(logits.mean()), "degradation": float(stats.linregress(inside, outside).slope),
        "probability_of_loss": float(np.mean(np.array(outside) < 0)),
    }


def main():
    named, prices = columns(sys.argv[1])
    matrix = np.column_stack(list(named.values()))
    nothing = np.zeros(len(matrix))
    raw = SPA(nothing, -matrix, block_size=BLOCK, reps=REPLICATIONS, seed=1)
    raw.compute()
    # arch takes the largest mean as it is; columns divided by their own errors make that the studentised test.
    errors = np.sqrt(raw._loss_diff_var / len(matrix))
    rules = [i for i, name in enumerate(named) if not name.startswith("peek")]
    # Bad ones beside a middling one: here the three ways to centre differ.
    mixed = [i for i, name in enumerate(named) if name.startswith("above") or name == "below 50"]
    families = {"mixed": mixed, "all": list(range(len(named))), "rules": rules, "weak": rules + [len(named) - 2, len(named) - 1]}
    tests = {}
    for family, members in families.items():
        scaled = matrix[:, members] / errors[members]
        hansen = SPA(nothing, -scaled, block_size=BLOCK, reps=REPLICATIONS, seed=2)
        hansen.compute()
        white = SPA(nothing, -matrix[:, members], block_size=BLOCK, reps=REPLICATIONS, seed=3)
        white.compute()
        found = {}
        for level in (0.05, 0.2):
            steps = StepM(nothing, pd.DataFrame(-scaled), size=level, block_size=BLOCK, reps=REPLICATIONS, seed=4)
            steps.compute()
            found[str(level)] = [list(named)[members[int(i)]] for i in steps.superior_models]
        stepdown = step_down(matrix[:, members], errors[members], BLOCK, REPLICATIONS, 5)
        tests[family] = {
            "members": [list(named)[i] for i in members],
            "spa": {name: float(p) for name, p in hansen.pvalues.items()},
            "reality_check": float(white.pvalues["upper"]),
            "stepdown": [float(p) for p in stepdown],
            "superior": found,
        }
    moments = {
        name: {
            "skewness": float(stats.skew(column)), "kurtosis": float(stats.kurtosis(column, fisher=False)),
            "sharpe": float(column.mean() / column.std(ddof=1)),
        }
        for name, column in named.items()
    }
    grid = [1e-300, 1e-100, 1e-20, 1e-10, 1e-4, 0.01, 0.07, 0.075, 0.2, 0.5, 0.7, 0.925, 0.93, 0.99, 1 - 1e-12]
    points = [-38.0, -20.0, -8.0, -3.0, -1.0, -0.1, 0.0, 0.5, 2.0, 6.0]
    print(json.dumps({
        "made_with": f"numpy {np.__version__}, scipy, arch; {REPLICATIONS} replications, block {BLOCK}",
        "replications": REPLICATIONS, "block": BLOCK, "bars": len(matrix),
        "automatic_block": {
            **{name: float(optimal_block_length(column).iloc[0, 0]) for name, column in named.items()},
            "prices": float(optimal_block_length(prices).iloc[0, 0]),
            "squares": float(optimal_block_length(prices**2).iloc[0, 0]),
        },
        "errors": dict(zip(named, map(float, errors))), "moments": moments, "tests": tests,
        "overfitting": [overfitting(matrix, 8), overfitting(matrix[:, rules], 10), overfitting(matrix[:, rules], 16)],
        "quantiles": [[p, float(stats.norm.ppf(p))] for p in grid],
        "probabilities": [[x, float(stats.norm.cdf(x))] for x in points],
    }, indent=1))


if __name__ == "__main__":
    main()
