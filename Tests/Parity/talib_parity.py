#!/usr/bin/env python3
"""Compares `finstage eval` with TA-Lib (PyPI: TA-Lib, numpy, pandas) on any price file.

    talib_parity.py FINSTAGE PRICES.csv [PRICES.csv ...]

Every indicator must have the same empty cells and differ by at most 1e-9, relatively; a least-squares slope by at most
1e-6 or what TA-Lib is itself off, as it forms it from large sums that cancel, and it must be the nearer of the two to
arithmetic with 64 bits of mantissa. Exits with 1 where one does not.
"""
import csv, io, math, subprocess, sys
import numpy as np, pandas as pd, talib as ta


def columns(o, h, l, c, v):
    """Expression -> what TA-Lib says, with the settings of the golden file and others."""
    table = {}

    def add(form, outputs, of, *settings):
        """`form` holds {} for the settings; `outputs` are names, [] for one."""
        for values in settings:
            theirs = of(*values)
            name = form.format(", ".join(str(value) for value in values))
            if not outputs:
                table[name] = theirs
            for place, output in enumerate(outputs):
                table[f"{name}.{output}"] = theirs[place]

    add("sma(close, {})", [], lambda n: ta.SMA(c, n), [5], [20], [50], [200])
    add("sma(volume, {})", [], lambda n: ta.SMA(v, n), [50])
    add("ema(close, {})", [], lambda n: ta.EMA(c, n), [2], [12], [26], [50], [200])
    add("wma(close, {})", [], lambda n: ta.WMA(c, n), [2], [9], [20], [100])
    add("dema(close, {})", [], lambda n: ta.DEMA(c, n), [2], [20], [50])
    add("tema(close, {})", [], lambda n: ta.TEMA(c, n), [2], [20], [50])
    add("kama(close, {})", [], lambda n: ta.KAMA(c, n), [2], [10], [30])
    add("trima(close, {})", [], lambda n: ta.TRIMA(c, n), [2], [3], [9], [20], [50])
    add("rsi(close, {})", [], lambda n: ta.RSI(c, n), [2], [14])
    add("macd(close, {})", ["line", "signal", "histogram"], lambda f, s, n: ta.MACD(c, f, s, n), [12, 26, 9], [5, 35, 5])
    add("bollinger(close, {})", ["upper", "middle", "lower"], lambda n, w: ta.BBANDS(c, n, w, w), [20, 2.0], [5, 1.5])
    add("stddev(close, {})", [], lambda n: ta.STDDEV(c, n), [5], [20])
    add("atr({})", [], lambda n: ta.ATR(h, l, c, n), [2], [14])
    add("natr({})", [], lambda n: ta.NATR(h, l, c, n), [2], [14], [50])
    add("true_range({})", [], lambda: ta.TRANGE(h, l, c), [])
    add("adx({})", [], lambda n: ta.ADX(h, l, c, n), [2], [7], [14], [30])
    add("plus_di({})", [], lambda n: ta.PLUS_DI(h, l, c, n), [2], [14], [30])
    add("minus_di({})", [], lambda n: ta.MINUS_DI(h, l, c, n), [2], [14], [30])
    add("stochastic({})", ["k", "d"], lambda n, k, d: ta.STOCH(h, l, c, n, k, 0, d, 0), [14, 3, 3], [5, 1, 3])
    add("stochastic_rsi(close, {})", ["k", "d"], lambda n, k, d: ta.STOCHRSI(c, n, k, d, 0), [14, 14, 3], [5, 9, 1],
        [2, 1, 1])
    add("cci({})", [], lambda n: ta.CCI(h, l, c, n), [2], [5], [20], [50], [200])
    add("williams_r({})", [], lambda n: ta.WILLR(h, l, c, n), [2], [14], [100])
    add("mfi({})", [], lambda n: ta.MFI(h, l, c, v, n), [2], [14], [50])
    add("obv({})", [], lambda: ta.OBV(c, v), [])
    add("ad_line({})", [], lambda: ta.AD(h, l, c, v), [])
    add("chaikin_oscillator({})", [], lambda f, s: ta.ADOSC(h, l, c, v, f, s), [3, 10], [10, 3], [5, 50])
    add("roc(close, {})", [], lambda n: ta.ROC(c, n), [1], [10], [100])
    add("momentum(close, {})", [], lambda n: ta.MOM(c, n), [1], [10], [100])
    add("trix(close, {})", [], lambda n: ta.TRIX(c, n), [1], [5], [15], [30])
    add("highest(high, {})", [], lambda n: ta.MAX(h, n), [2], [252])
    add("lowest(low, {})", [], lambda n: ta.MIN(l, n), [2], [252])
    add("sum(close, {})", [], lambda n: ta.SUM(c, n), [30])
    add("linear_regression(close, {})", [], lambda n: ta.LINEARREG(c, n), [2], [5], [20], [100])
    add("linear_regression_slope(close, {})", [], lambda n: ta.LINEARREG_SLOPE(c, n), [2], [5], [20], [100])
    add("aroon({})", ["down", "up"], lambda n: ta.AROON(h, l, n), [2], [14], [25], [100])
    add("parabolic_sar({})", [], lambda a, m: ta.SAR(h, l, a, m), [0.02, 0.2], [0.05, 0.5], [0.3, 0.2])
    add("ultimate_oscillator({})", [], lambda a, b, n: ta.ULTOSC(h, l, c, a, b, n), [7, 14, 28], [2, 3, 4], [28, 7, 7])
    add("ppo(close, {})", [], lambda f, s: ta.PPO(c, f, s, 1), [12, 26], [5, 35])
    add("cmo(close, {})", [], lambda n: ta.CMO(c, n), [2], [14], [50])
    add("correlation(high, close, {})", [], lambda n: ta.CORREL(h, c, n), [20], [60])
    return table


def slope(c, n):
    """The least-squares slope in long doubles, from distances to each window's first value."""
    windows = np.lib.stride_tricks.sliding_window_view(c.astype(np.longdouble), n)
    places = np.arange(n, dtype=np.longdouble) - np.longdouble(n - 1) / 2
    return np.concatenate([np.full(n - 1, np.nan), (windows - windows[:, :1]) @ places / (places * places).sum()])


def difference(ours, theirs):
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(np.nanmax(np.where(ours == theirs, 0, np.abs(ours - theirs) / np.abs(theirs)), initial=0))


def compare(program, path):
    prices = pd.read_csv(path)
    prices.columns = [name.lower() for name in prices.columns]
    o, h, l, c, v = (prices[name].to_numpy(float) for name in ("open", "high", "low", "close", "volume"))
    table = columns(o, h, l, c, v)
    text = subprocess.run([program, "eval", *table, "--data", path], check=True, capture_output=True, text=True).stdout
    rows = list(csv.reader(io.StringIO(text)))
    faults = 0
    for place, (name, theirs) in enumerate(table.items(), start=1):
        ours = np.array([float(row[place]) if row[place] else math.nan for row in rows[1:]])
        empty = int((np.isnan(ours) != np.isnan(theirs)).sum())
        worst, limit, note = difference(ours, theirs), 1e-9, ""
        is_fault = empty > 0 or worst > limit
        if name.startswith("linear_regression_slope"):
            # Over windows whose slope is more than rounding of the prices; a flat one has none to compare with.
            exact = slope(c, int(name.split(",")[1].strip(" )")))
            stands = np.abs(exact) > 1e-12 * np.abs(c)
            worst = difference(ours[stands], theirs[stands])
            errors = [difference(values[stands], exact[stands]) for values in (ours, theirs)]
            note = "  from exact: ours {:.1e}, TA-Lib {:.1e}".format(*errors)
            is_fault = empty > 0 or worst > max(1e-6, 2 * errors[1]) or errors[0] > errors[1]
        faults += is_fault
        print(f"{path.rsplit('/', 1)[-1]:16} {name:40} empty cells that differ {empty:4}  worst {worst:.2e}"
              + note + ("   <-- FAULT" if is_fault else ""))
    return faults


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(1 if sum(compare(sys.argv[1], path) for path in sys.argv[2:]) else 0)
