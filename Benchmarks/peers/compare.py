"""What Benchmarks/compare_peers runs once all is built: compare.py FOLDER DATE"""
import glob, importlib.metadata, importlib.util, json, math, os, pathlib, platform, shutil, subprocess, sys, sysconfig

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "performance.md"
FINSTAGE = ROOT / ".build" / "release" / "finstage"
BESIDE = ROOT / "Benchmarks" / ".build" / "release" / "BesideTALib"
SWEEP = ROOT / "Benchmarks" / ".build" / "release" / "Sweep"
BEGIN, END = "<!-- measured -->", "<!-- measured ends -->"
WORDS = {"live": "RSI 14, SMA 20, MACD and Bollinger, a bar at a time", "candlesticks": "61 candlestick patterns"}
READ = """
import sys, time
import pandas as pd
start = time.process_time()
rows = len(pd.read_csv(sys.argv[1], parse_dates=["timestamp"]))
print((time.process_time() - start) / rows * 1e9)
"""


def busy(command):
    """Seconds for which a child process kept a processor busy."""
    nothing = subprocess.DEVNULL
    child = subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=nothing, stderr=nothing)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"compare_peers: ended with {child.returncode}: {command}")
    return usage.ru_utime + usage.ru_stime


def least(ours, theirs, rounds=7):
    """The least of each of two figures that are taken in turns."""
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def printed(command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


def library():
    found = glob.glob(os.path.join(sysconfig.get_paths()["purelib"], "ta_lib.libs", "libta*so*"))
    if not found:
        sys.exit("compare_peers: the TA-Lib package brings no library along")
    return found[0]


def beside_talib(folder):
    """Rows (name, ours, theirs) in ns a bar, what the live step allocated, and ns a bar to find the missing bars."""
    rows, allocated, holes = [], "", ""
    for line in printed([BESIDE, library(), folder / "million.csv"]).splitlines():
        if line.startswith("live, allocations"):
            allocated = line
        elif line.startswith("holes"):
            holes = line.split()[1]
        else:
            name, ours, theirs, *_ = line.split()
            rows.append((name, float(ours), float(theirs)))
    return rows, allocated, holes


def processes(folder):
    """Rows (name, what, ours, theirs, unit)."""
    python, bars, million = sys.executable, folder / "bars.csv", folder / "million.csv"
    backtest = [FINSTAGE, "backtest", ROOT / "Benchmarks/signals24", "--data", bars, "--horizons", "1b,5b,20b",
                "--ledger", "none"]
    pair = least(lambda: busy(backtest), lambda: busy([python, ROOT / "Benchmarks/peers/signals24.py", bars]))
    yield "signals24", "24 strategies × 140,000 bars, the whole process", pair[0] * 1e3, pair[1] * 1e3, "ms"
    pair = least(lambda: float(printed([BESIDE, library(), million, "csv"]).split()[1]),
                 lambda: float(printed([python, "-c", READ, million])), rounds=3)
    yield "csv", "reading CSV with ISO time stamps, beside pandas", *pair, "ns/row"
    forty = folder / "forty"
    shutil.rmtree(forty, ignore_errors=True)
    forty.mkdir()
    for path in sorted((ROOT / "strategies").glob("**/*.yaml"))[:40]:
        shutil.copy(path, forty)
    pair = least(lambda: busy([FINSTAGE, "validate", forty]), lambda: busy([python, "-c", "import talib"]))
    yield "validate", "`validate` of 40 strategies, beside `import talib`", pair[0] * 1e3, pair[1] * 1e3, "ms"


def sweeps():
    """Rows of sweeps on one thread, and of time on the wall on two; none where there is no numba for this Python."""
    if importlib.util.find_spec("numba") is None:
        return
    script = ROOT / "Benchmarks/peers/sweep_numba.py"
    lines = [json.loads(line) for line in printed([sys.executable, script, "--sweep", SWEEP]).splitlines()]
    for bars in (2_520, 140_000):
        both = [line for line in lines if line.get("bars") == bars]
        one, two = (next(line for line in both if line.get("jobs") == jobs) for jobs in (1, 2))
        theirs = 1e3 / next(line for line in both if "peer" in line)["million_evals_per_cpu_s"]
        what = f"4,851 combinations × {bars:,} bars, beside a fused loop in numba"
        yield f"sweep{bars}", what, 1e3 / one["million_evals_per_cpu_s"], theirs, "ns/bar"
        if os.cpu_count() > 1:
            yield f"sweep{bars}on2", f"{what}, two threads of ours", 1e3 / two["million_evals_per_s"], theirs, "ns/bar"


def machine(date):
    with open("/proc/cpuinfo") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("TA-Lib", "numpy", "pandas"))
    swift = printed(["swift", "--version"]).splitlines()[0]
    return (f"{date}. {(names or [platform.processor()])[0]}, {os.cpu_count()} processors, {platform.system()} "
            f"{platform.machine()}. {swift}; Python {platform.python_version()}, {versions}.")


def main(folder, date):
    known = json.loads((ROOT / "Benchmarks/peers/limits.json").read_text())
    indicators, allocated, holes = beside_talib(folder)
    rows = [(name, WORDS.get(name, f"{name} over a million bars"), ours, theirs, "ns/bar")
            for name, ours, theirs in indicators]
    rows += processes(folder)
    rows += sweeps()
    batch = [math.log(ours / theirs) for name, ours, theirs in indicators if name != "live"]
    ratios = {name: ours / theirs for name, _, ours, theirs, _ in rows} | {"mean": math.exp(sum(batch) / len(batch))}

    def end(name):
        aim = known["aims"][name]
        return f"{ratios[name]:.3f} | ≤ {aim:g}{'' if ratios[name] <= aim else ', missed'} |"

    lines = [BEGIN, machine(date), "", "| work | ours | peer | ours / peer | aim |", "|---|--:|--:|--:|--:|"]
    for name, what, ours, theirs, unit in rows:
        lines.append(f"| {what} | {ours:.2f} {unit} | {theirs:.2f} {unit} | {end(name)}")
    lines += [f"| finding the missing bars, once a series | {holes} ns/bar | | | |",
              f"| geometric mean of the indicators | | | {end('mean')}", "", f"{allocated.capitalize()}.", END]
    text = "\n".join(lines)
    before, rest = PAGE.read_text().split(BEGIN)
    PAGE.write_text(before + text + rest.split(END)[1])
    print(text)
    beyond = [name for name, limit in known["limits"].items() if ratios.get(name, 0) > limit]
    for name in beyond:
        limit = known["limits"][name]
        print(f"beyond the limit: {name} {ratios[name]:.3f}, where {limit:g} is admitted", file=sys.stderr)
    return 1 if beyond else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2]))
