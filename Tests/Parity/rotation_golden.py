#!/usr/bin/env python3
"""Makes Tests/Golden/rotation-prices.csv and rotation.json: a small universe of invented prices, and what a rotation
over it does, worked out from docs/portfolios.md alone (numpy, pandas).

    rotation_golden.py FOLDER

The universe has a member that begins late, one that ends early, one with holes, one on other days of the week, one whose
membership is dated.
"""
import json, pathlib, sys
import numpy as np, pandas as pd

RANK, TREND, START, FEE, SLIP, LEAST = 20, 50, 10_000.0, 0.001, 0.0005, 1e-9
DATED = {"BETA": ("2020-09-15", "2021-08-20")}


def prices():
    random = np.random.default_rng(20260101)
    days = pd.date_range("2020-01-01", "2022-03-31", freq="D")
    weekdays = days[days.day_of_week < 5]
    calendars = {
        "ALFA": weekdays, "BETA": weekdays, "CHAR": weekdays[150:], "DELT": weekdays[:430],
        "ECHO": weekdays[random.random(len(weekdays)) > 0.12], "FOXT": days[(days.day_of_week + 3) % 7 < 5],
    }
    frames = {}
    for place, (symbol, own) in enumerate(calendars.items()):
        steps = random.normal(0.0004, 0.008 + 0.004 * place, len(own))
        close = np.round(50 * (1 + place) * np.exp(np.cumsum(steps)), 4)
        gaps = random.normal(0, 0.003, len(own))
        before = np.concatenate([[50.0 * (1 + place)], close[:-1]])
        frames[symbol] = pd.DataFrame({"open": np.round(before * np.exp(gaps), 4), "close": close}, index=own)
    return frames


def measure(rule, closes):
    returns = closes[1:] / closes[:-1] - 1
    if rule == "risk_parity":
        return 1 / np.std(returns, ddof=1)
    whole = closes[-1] / closes[0] - 1
    return {"equal": 1.0, "momentum": max(whole, 0.0), "mean_reversion": max(-whole, 0.0)}[rule]


def member(symbol, now):
    first, last = DATED.get(symbol, ("1900-01-01", "2100-01-01"))
    return pd.Timestamp(first) <= now <= pd.Timestamp(last)


def replay(frames, rule, rebalance, top, until, lookback, at_close):
    symbols = sorted(frames)
    ranks = {}
    for symbol in symbols:
        close = frames[symbol]["close"]
        rank = close / close.shift(RANK) - 1
        ranks[symbol] = rank.where(close > close.rolling(TREND).mean())
    clock = sorted(set().union(*(set(frame.index) for frame in frames.values())))
    period = {"1mo": lambda t: (t.year, t.month), "1w": lambda t: (t - pd.Timedelta(days=t.day_of_week)).date()}[rebalance]
    cash, held, chosen, targets = START, {}, set(), {}
    rows, equity, decisions = [], [], []

    def known(symbol, now):
        """Bars whose day is over by now."""
        return frames[symbol][frames[symbol].index + pd.Timedelta(days=1) <= now]

    def decide(now):
        nonlocal chosen
        candidates = []
        for symbol in symbols:
            past = known(symbol, now)
            if not member(symbol, now) or len(past) == 0:
                continue
            last = past.index[-1]
            if last + pd.Timedelta(days=1 + 14) < now or not np.isfinite(ranks[symbol][last]):
                continue
            if rule != "equal" and len(past) <= lookback:
                continue
            candidates.append((-ranks[symbol][last], symbol, measure(rule, past["close"].values[-lookback - 1:])))
        candidates.sort()
        order = [symbol for _, symbol, _ in candidates]
        new = [symbol for symbol in order[:until] if symbol in chosen]
        new += [symbol for symbol in order if symbol not in new][: max(0, top - len(new))]
        chosen = set(new)
        measures = {symbol: value for _, symbol, value in candidates if symbol in chosen}
        total = sum(measures.values())
        shares = {s: (m / total * len(measures) / top if total > 0 else 0.0) for s, m in sorted(measures.items())}
        targets.clear()
        targets.update({symbol: 0.0 for symbol in held})
        targets.update(shares)
        decisions.append({"time": str(now.date()), "weights": shares})

    def mark(symbol, now):
        past = known(symbol, now)
        own = held[symbol]["fill"]
        return own[1] if len(past) == 0 or own[0] > past.index[-1] else past["close"].iloc[-1]

    def trade(now, column, seen):
        nonlocal cash
        worth = cash + sum(position["quantity"] * mark(symbol, seen) for symbol, position in held.items())
        buys = []
        for symbol in sorted(targets):
            if now not in frames[symbol].index:
                continue
            price = frames[symbol].loc[now, column]
            share = targets.pop(symbol)
            if symbol in held:
                have = held[symbol]["quantity"]
                change = share * worth / mark(symbol, seen) - have if share else -have
                held[symbol]["fill"] = (now, price)
                if share == 0 or change * price < -LEAST * worth:
                    sell(symbol, -change, price * (1 - SLIP), now, "rebalance" if share else "signal")
                elif change > 0:
                    buys.append((symbol, change, price * (1 + SLIP), price))
            elif share > 0:
                buys.append((symbol, share * worth / price, price * (1 + SLIP), price))
        cost = sum(quantity * price * (1 + FEE) for _, quantity, price, _ in buys)
        scale = min(1.0, cash / cost) if cost > 0 else 1.0
        for symbol, quantity, price, raw in buys:
            quantity *= scale
            if quantity * price <= LEAST * worth:
                continue
            position = held.setdefault(symbol, {"quantity": 0.0, "cost": 0.0, "fees": 0.0, "since": now})
            position["fill"] = (now, raw)
            position["quantity"] += quantity
            position["cost"] += quantity * price
            position["fees"] += quantity * price * FEE
            cash -= quantity * price * (1 + FEE)

    def sell(symbol, quantity, price, now, reason):
        nonlocal cash
        position = held[symbol]
        share = quantity / position["quantity"]
        fee = 0.0 if reason == "end" else quantity * price * FEE
        cost, fees = position["cost"] * share, position["fees"] * share
        rows.append([symbol, str(position["since"].date()), str(now.date()), quantity, cost / quantity, price,
                     quantity * price - cost - fees - fee, reason])
        cash += quantity * price - fee
        position["quantity"] -= quantity
        position["cost"] -= cost
        position["fees"] -= fees
        if share > 1 - 1e-9:
            del held[symbol]

    closes = pd.DataFrame({symbol: frames[symbol]["close"] for symbol in symbols}).reindex(clock).ffill()
    for step, now in enumerate(clock):
        if not at_close and step and period(now) != period(clock[step - 1]):
            decide(now)
        for symbol in symbols:
            if not member(symbol, now):
                chosen.discard(symbol)
                targets.pop(symbol, None)
                if symbol in held:
                    targets[symbol] = 0.0
        if not at_close:
            trade(now, "open", now)
        else:
            seen = now
            if step + 1 < len(clock) and period(clock[step + 1]) != period(now):
                seen = clock[step + 1]
                decide(seen)
            trade(now, "close", seen)
        equity.append(cash + sum(held[s]["quantity"] * closes.loc[now, s] for s in held))
    for symbol in sorted(held):
        sell(symbol, held[symbol]["quantity"], closes.loc[clock[-1], symbol], clock[-1], "end")
    return {"rows": rows, "equity": equity[::25] + equity[-1:], "decisions": decisions}


def main():
    folder = pathlib.Path(sys.argv[1])
    frames = prices()
    table = pd.concat(frames, axis=1, sort=True)
    table.columns = [f"{symbol}.{column}" for symbol, column in table.columns]
    table.to_csv(folder / "rotation-prices.csv", index_label="date", date_format="%Y-%m-%d")
    cases = []
    for weight, rebalance, top, until, lookback, at_close in [
        ("equal", "1mo", 2, 3, 63, False), ("risk_parity", "1mo", 3, 3, 40, False), ("momentum", "1w", 3, 4, 30, False),
        ("mean_reversion", "1w", 3, 5, 15, False), ("risk_parity", "1w", 2, 4, 25, True),
    ]:
        answer = replay(frames, weight, rebalance, top, until, lookback, at_close)
        cases.append({"weight": weight, "rebalance": rebalance, "top": top, "until_rank": until, "lookback": lookback,
                      "at_close": at_close, **answer})
    text = json.dumps({"rank": RANK, "trend": TREND, "start": START, "fee": FEE, "slippage": SLIP, "dated": DATED,
                       "cases": cases}, indent=None, separators=(",", ":"))
    (folder / "rotation.json").write_text(text.replace("],[", "],\n[").replace("},{", "},\n{") + "\n")


main()
