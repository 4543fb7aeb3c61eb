"""Works out the figures of docs/statistics.md with numpy, pandas and scipy: Tests/Golden/IXIC-1d.figures.json.

    python Tests/Parity/figures_reference.py > Tests/Golden/IXIC-1d.figures.json

The account is rebuilt from vectorbt's trades (Tests/Golden/IXIC-1d.vectorbt-trades.json) and the closes, the outcomes
from vectorbt's signals: nothing here comes from the program that is tested.
"""

import json
import pathlib
import sys

import numpy as np
import pandas as pd
from scipy import stats

ROOT = pathlib.Path(__file__).parents[2]
START, FEE, PERIODS = 10_000.0, 0.001, 252
HORIZONS = (1, 5, 20)

prices = pd.read_csv(ROOT / "Samples/IXIC-1d.csv")
prices.columns = [name.lower() for name in prices.columns]
prices.index = pd.to_datetime(prices["timestamp"], utc=True)
close = prices["close"]
strategies = json.loads((ROOT / "Tests/Golden/IXIC-1d.vectorbt-trades.json").read_text())


def account(trades):
    """Equity at each close: all money in, all out, a fee of each fill."""
    equity = pd.Series(np.nan, index=close.index)
    cash, done = START, 0
    for trade in trades:
        first = close.index.get_loc(pd.Timestamp(trade["entry_time"]))
        equity.iloc[done:first] = cash
        cash -= trade["quantity"] * trade["entry_price"] * (1 + FEE)
        last = len(close) if trade["open"] else close.index.get_loc(pd.Timestamp(trade["exit_time"]))
        equity.iloc[first:last] = cash + trade["quantity"] * close.iloc[first:last]
        done = last
        if not trade["open"]:
            cash += trade["quantity"] * trade["exit_price"] * (1 - FEE)
    equity.iloc[done:] = cash
    return equity


def hold():
    """Bought at the second open, which is the first on which a strategy that can speak at once could have traded."""
    quantity = START / (prices["open"].iloc[1] * (1 + FEE))
    equity = quantity * close
    equity.iloc[0] = START
    return equity


def returns(equity):
    return (equity / equity.shift(1).fillna(START) - 1).to_numpy()


def years():
    return (close.index[-1] - close.index[0]).total_seconds() / 86_400 / 365.25


def months(equity):
    def change(last):
        return (last / last.shift(1).fillna(START) - 1)

    table = change(equity.groupby([equity.index.year, equity.index.month]).last())
    totals = change(equity.groupby(equity.index.year).last())
    return [
        {"year": int(year), "months": [table.get((year, month)) for month in range(1, 13)], "total": totals[year]}
        for year in totals.index
    ]


def stationary_bootstrap(own, block, replications=4_000):
    """Politis and Romano 1994, a bar at a time: with probability 1 / block the next bar is any, else the one after."""
    random = np.random.default_rng(4)
    n = len(own)
    found = {"sharpe": [], "cagr": [], "max_drawdown": []}
    for _ in range(replications):
        jumps = random.random(n) < 1 / block
        jumps[0] = True
        starts = np.flatnonzero(jumps)
        place = random.integers(0, n, len(starts))[np.cumsum(jumps) - 1]
        path = own[(place + np.arange(n) - starts[np.cumsum(jumps) - 1]) % n]
        growth = np.cumprod(1 + path)
        found["sharpe"].append(path.mean() / path.std(ddof=1) * np.sqrt(PERIODS))
        found["cagr"].append(growth[-1] ** (1 / years()) - 1)
        found["max_drawdown"].append((growth / np.maximum.accumulate(np.maximum(growth, 1)) - 1).min())
    return {
        "block": block,
        **{key: list(np.quantile(values, [0.025, 0.05, 0.95, 0.975])) for key, values in found.items()},
    }


def figures(strategy):
    trades = strategy["trades"]
    equity = account(trades)
    own, market = returns(equity), returns(hold())
    below = equity / np.maximum(equity.cummax(), START) - 1
    limit = np.quantile(own, 0.05)
    beta = np.cov(own, market)[0, 1] / np.var(market, ddof=1)
    difference = own - market
    closed = pd.Series([trade["pnl"] for trade in trades if not trade["open"]])
    traded = sum(
        trade["quantity"] * (trade["entry_price"] + (0 if trade["open"] else trade["exit_price"])) for trade in trades)
    return {
        "final_equity": equity.iloc[-1],
        "ulcer_index": np.sqrt((below**2).mean()),
        "var_95": limit,
        "cvar_95": own[own <= limit].mean(),
        "expectancy": closed.mean(),
        "payoff_ratio": closed[closed > 0].mean() / -closed[closed < 0].mean(),
        "turnover": traded / years() / equity.mean(),
        "alpha": (own.mean() - beta * market.mean()) * PERIODS,
        "beta": beta,
        "information_ratio": difference.mean() / difference.std(ddof=1) * np.sqrt(PERIODS),
        "monthly_returns": months(equity),
        "intervals": stationary_bootstrap(own, 10),
    }


def regimes():
    change = close.pct_change()
    volatility = change.rolling(20).std()
    median = volatility.expanding().median()
    names = np.where(close > close.rolling(200).mean(), "bull_", "bear_").astype(object)
    names += np.where(volatility > median, "turbulent", "calm")
    names[:199] = "unknown"
    return names


def resampled_deviation(bars, success, block, replications=4_000):
    """Of the rate, drawn: blocks of bars that begin anywhere, the series a circle."""
    random = np.random.default_rng(5)
    n = len(close)
    calls, won = np.zeros(n), np.zeros(n)
    calls[bars] = 1
    won[bars] = success
    sums = [np.concatenate([[0], np.cumsum(np.concatenate([values, values]))]) for values in (calls, won)]
    starts = random.integers(0, n, (replications, n // block))
    counts, wins = [(total[starts + block] - total[starts]).sum(axis=1) for total in sums]
    return (wins[counts > 0] / counts[counts > 0]).std()


def interval(bars, success, horizon):
    rate, count = success.mean(), len(bars)
    apart, free = 0, -1
    for bar in bars:
        if bar >= free:
            apart, free = apart + 1, bar + horizon
    if apart == count:
        trials, z = count, stats.norm.ppf(0.975)
    else:
        block = 3 * horizon
        weights = np.maximum(0, 1 - np.abs(bars[:, None] - bars[None, :]) / block)
        errors = success - rate
        variance = errors @ weights @ errors / count**2
        drawn = resampled_deviation(bars, success, block)
        # Few signals make the drawn rate a quotient of two unsteady numbers.
        if count >= 50:
            print(f"{horizon} bars, {count} signals: {np.sqrt(variance):.4f}, drawn {drawn:.4f}", file=sys.stderr)
            assert abs(drawn / np.sqrt(variance) - 1) < 0.1
        trials = np.clip(rate * (1 - rate) / variance, 1, count) if variance > 0 else apart
        z = stats.t.ppf(0.975, apart - 1)
    scale = 1 + z * z / trials
    middle = (rate + z * z / (2 * trials)) / scale
    half = z / scale * np.sqrt(rate * (1 - rate) / trials + z * z / (4 * trials**2))
    return [max(0, middle - half), min(1, middle + half)]


def outcome(calls, horizon, among):
    """Of calls (bar, sign), against acting on every bar among those."""
    forward = (close.shift(-horizon) / close - 1).to_numpy()
    known = among & ~np.isnan(forward)
    calls = [(bar, sign) for bar, sign in calls if known[bar]]
    if not calls:
        return None
    bars, signs = np.array(calls).T
    value = forward[bars] * signs
    high, low = prices["high"].to_numpy(), prices["low"].to_numpy()
    up = np.array([high[bar + 1 : bar + horizon + 1].max() / close.iloc[bar] - 1 for bar in bars])
    down = np.array([low[bar + 1 : bar + horizon + 1].min() / close.iloc[bar] - 1 for bar in bars])
    base = np.mean([(forward[known] * sign > 0).mean() for sign in signs])
    low, high = interval(bars, (value > 0).astype(float), horizon)
    grade = None
    if len(bars) >= 10:
        margin = low - base
        grade = "F" if high < base else "A" if margin >= 0.1 else "B" if margin >= 0.05 else "C" if margin > 0 else "D"
    return {
        "count": len(bars),
        "success_rate": (value > 0).mean(),
        "base_rate": base,
        "mfe": np.maximum(0, np.where(signs > 0, up, -down)).mean(),
        "mae": np.minimum(0, np.where(signs > 0, down, -up)).mean(),
        "interval": [low, high],
        "grade": grade,
    }


def outcomes(strategy):
    place = {time: bar for bar, time in enumerate(close.index)}
    calls = sorted(
        (place[pd.Timestamp(time)], sign)
        for name, sign in (("buy", 1), ("sell", -1))
        for time in strategy["signals"][name]
    )
    market = regimes()
    table = {}
    for horizon in HORIZONS:
        table[f"{horizon}b"] = outcome(calls, horizon, np.full(len(close), True))
        table[f"{horizon}b"]["regimes"] = {
            name: found
            for name in sorted(set(market))
            if (found := outcome([call for call in calls if market[call[0]] == name], horizon, market == name))
        }
    return table


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return None if value is None else value if isinstance(value, (str, int)) else float(f"{value:.15g}")


json.dump(
    plain({name: figures(strategy) | {"outcomes": outcomes(strategy)} for name, strategy in strategies.items()}),
    sys.stdout, separators=(",", ":"))
