"""A host in a temporary folder, for those who measure it."""

import contextlib
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]

EACH_BAR = """name: each
title: Each bar
timeframe: 1m
symbols: [X]
pipeline:
  - { id: up, buy: close > 1, confidence: 80 }
emit: level
notify: { priority: high }
"""


class Host:
    def __init__(self, program, folder, process, port):
        self.program, self.folder, self.process, self.port = program, folder, process, port

    def status(self):
        """Numbers of /proc/PID/status: bytes, and how many threads."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        known = dict(re.findall(r"^(\w+):\s+(\d+)", text, re.M))
        sizes = {name: int(known[name]) * 1024 for name in ["VmRSS", "RssAnon", "RssFile", "VmHWM"]}
        return sizes | {"threads": int(known["Threads"])}

    def log(self):
        return (self.folder / "log").read_text()

    def price(self, bars, begin):
        """Minute bars of X from a moment on."""
        lines = ["timestamp,open,high,low,close,volume"]
        lines += [f"{begin + 60 * n},10,11,9,10,100" for n in range(bars)]
        (self.folder / "prices").mkdir(exist_ok=True)
        file = self.folder / "prices" / "X.csv.new"
        file.write_text("\n".join(lines) + "\n")
        file.rename(self.folder / "prices" / "X.csv")


def config(rest, every="1h"):
    return f"""locale: en
timezone: UTC
watchlists: {{ index: [^IXIC, ^GSPC] }}
sources:
  sample: {{ type: csv, path: "Samples/*.csv" }}
  files: {{ type: csv, path: "prices/*.csv" }}
collect:
  - {{ source: sample, symbols: ["@index"], timeframe: 1d, exchange: XNYS }}
  - {{ source: files, symbols: [X], timeframe: 1m }}
channels: {{ book: {{ type: file, path: told.jsonl }} }}
routes: [{{ channels: [book] }}]
schedule: [{{ job: evaluate, every: {every} }}]
{rest}
"""


@contextlib.contextmanager
def running(program, configuration, strategies, environment=None):
    program = pathlib.Path(program).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "Samples").symlink_to(ROOT / "Samples")
        (folder / "strategies").mkdir()
        for strategy in strategies:
            if isinstance(strategy, pathlib.Path):
                shutil.copy(strategy, folder / "strategies")
            else:
                (folder / "strategies" / f"{strategy.split()[1]}.yaml").write_text(strategy)
        (folder / "config.yaml").write_text(configuration)
        host = Host(program, folder, None, 0)
        host.price(50, int(time.time()) // 60 * 60 - 7_200)
        with open(folder / "log", "w") as log:
            host.process = subprocess.Popen([program, "run"], cwd=folder, stderr=log, env=environment)
        try:
            for _ in range(1_200):
                if "running;" in host.log() or host.process.poll() is not None:
                    break
                time.sleep(0.1)
            found = re.search(r"api: http://127\.0\.0\.1:(\d+)", host.log())
            if host.process.poll() is not None or not found:
                raise SystemExit(f"the host does not run:\n{host.log()}")
            host.port = int(found[1])
            yield host
        finally:
            if host.process.poll() is None:
                host.process.terminate()
                try:
                    host.process.wait(45)
                except subprocess.TimeoutExpired:
                    host.process.kill()
