"""What Benchmarks/compare_peers runs once all is built: compare.py FOLDER DATE"""
import glob, importlib.metadata, json, math, os, pathlib, platform, shutil, subprocess, sys, sysconfig

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "performance.md"
FINSTAGE = ROOT / ".build" / "release" / "finstage"
BESIDE = ROOT / "Benchmarks" / ".build" / "release" / "BesideTALib"
BEGIN, END = "<!-- measured -->", "<!-- measured ends -->"
READ = "import time, pandas as pd, sys; t = time.process_time(); d = pd.read_csv(sys.argv[1], parse_dates=['timestamp']); " \
       "print((time.process_time() - t) / len(d) * 1e9)"


def busy(command):
    """Seconds for which a child process kept a processor busy."""
    child = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"compare_peers: ended with {child.returncode}: {command}")
    return usage.ru_utime + usage.ru_stime


def least(ours, theirs, rounds=7):
    """The least busy seconds of each of two commands; they take turns."""
    runs = [(busy(ours), busy(theirs)) for _ in range(rounds)]
    return min(run[0] for run in runs), min(run[1] for run in runs)


def printed(command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


def indicators(folder):
    """name -> ns a bar of ours, of TA-Lib; and what the live step allocated."""
    library = glob.glob(os.path.join(sysconfig.get_paths()["purelib"], "ta_lib.libs", "libta*so*"))
    if not library:
        sys.exit("compare_peers: the TA-Lib package brings no library along")
    rows, allocated = {}, None
    for line in printed([BESIDE, library[0], folder / "million.csv"]).splitlines():
        if line.startswith("live, allocations"):
            allocated = line
        else:
            name, ours, theirs, *_ = line.split()
            rows[name] = (float(ours), float(theirs))
    return rows, allocated


def measured(folder):
    """(what, name of the limit, ours, theirs, unit) a row."""
    rows, allocated = indicators(folder)
    table = [(f"{name}, a million bars" if name not in ("live", "candlesticks") else
              {"live": "RSI 14, SMA 20, MACD, Bollinger, a bar at a time", "candlesticks": "61 candlestick patterns"}[name],
              name, ours, theirs, "ns/bar") for name, (ours, theirs) in rows.items()]
    batch = [ours / theirs for name, (ours, theirs) in rows.items() if name != "live"]
    mean = math.exp(sum(map(math.log, batch)) / len(batch))
    python = sys.executable
    ours, theirs = least([FINSTAGE, "backtest", ROOT / "Benchmarks/signals24", "--data", folder / "bars.csv", "--horizons",
                          "1b,5b,20b", "--ledger", "none"],
                         [python, ROOT / "Benchmarks/peers/signals24.py", folder / "bars.csv"])
    table.append(("24 strategies × 140,000 bars, the whole process", "signals24", ours * 1e3, theirs * 1e3, "ms"))
    library = glob.glob(os.path.join(sysconfig.get_paths()["purelib"], "ta_lib.libs", "libta*so*"))[0]
    million = folder / "million.csv"
    reads = [(float(printed([BESIDE, library, million, "csv"]).split()[1]), float(printed([python, "-c", READ, million])))
             for _ in range(3)]
    table.append(("reading CSV with ISO time stamps (pandas)", "csv", min(r[0] for r in reads), min(r[1] for r in reads),
                  "ns/row"))
    forty = folder / "forty"
    shutil.rmtree(forty, ignore_errors=True)
    forty.mkdir()
    for path in sorted((ROOT / "strategies").glob("**/*.yaml"))[:40]:
        shutil.copy(path, forty)
    ours, theirs = least([FINSTAGE, "validate", forty], [python, "-c", "import talib"])
    table.append(("cold start: `validate` of 40 strategies (`import talib`)", "validate", ours * 1e3, theirs * 1e3, "ms"))
    return table, mean, allocated


def main(folder, date):
    limits = json.loads((ROOT / "Benchmarks/peers/limits.json").read_text())
    table, mean, allocated = measured(folder)
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("TA-Lib", "numpy", "pandas"))
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.processor())
    swift = printed(["swift", "--version"]).splitlines()[0]
    lines = [BEGIN, f"{date}. {model}, {os.cpu_count()} processors, {platform.system()} {platform.machine()}. {swift}; Python "
             f"{platform.python_version()}, {versions}.", "", "| work | ours | peer | ours / peer | aim |", "|---|--:|--:|--:|--:|"]
    missed = []
    for what, name, ours, theirs, unit in table:
        aim = limits["aims"].get(name)
        ratio = ours / theirs
        note = "" if aim is None else f"≤ {aim:g}" + ("" if ratio <= aim else ", missed")
        lines.append(f"| {what} | {ours:.2f} {unit} | {theirs:.2f} {unit} | {ratio:.3f} | {note} |")
        if ratio > limits["limits"].get(name, math.inf):
            missed.append(f"{name}: {ratio:.3f}, where {limits['limits'][name]:g} is admitted")
    aim = limits["aims"]["mean"]
    lines += [f"| geometric mean of the indicators | | | {mean:.3f} | ≤ {aim:g}{'' if mean <= aim else ', missed'} |", "",
              f"{allocated[0].upper()}{allocated[1:]}.", END]
    if mean > limits["limits"]["mean"]:
        missed.append(f"mean: {mean:.3f}, where {limits['limits']['mean']:g} is admitted")
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    PAGE.write_text(before + "\n".join(lines) + rest.split(END)[1])
    print("\n".join(lines))
    for line in missed:
        print(f"beyond the limit: {line}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2]))
