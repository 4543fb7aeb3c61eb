"""Drives a browser through the dashboard of a running host: drive.py FINSTAGE SAMPLES PICTURES

Signs in, looks at every page, runs a backtest and a sweep by their forms, sees a live signal arrive without a reload, has the
connection lost and found again, uses the chart by keyboard, and reads pages without JavaScript. Fails where anything is told
on the console, is asked of another host, or is wider than a telephone. Leaves pictures of all pages.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from browser import Browser

CONFIG = """
locale: en
timezone: UTC
watchlists: { index: [^IXIC, ^GSPC], live: [X] }
sources: { sample: { type: csv, path: "Samples/*.csv" }, files: { type: csv, path: "prices/*.csv" } }
collect:
  - { source: sample, symbols: ["@index"], timeframe: 1d, exchange: XNYS }
  - { source: files, symbols: ["@live"], timeframe: 1m }
channels: { book: { type: file, path: told.jsonl } }
routes: [{ channels: [book] }]
notify: { max_age: 365d, hourly_cap: 1000 }
schedule: [{ job: evaluate, every: 1s }, { job: daily_report, every: 30s }]
api: { listen: "127.0.0.1:PORT", anonymous: none, rate: 10000, burst: 100000 }
"""

EACH = """
name: each
title: Each bar
description: Says buy at every bar, so that there is something to see.
timeframe: 1m
symbols: ["@live"]
pipeline:
  - { id: up, buy: close > 1, confidence: 80 }
emit: level
notify: { priority: high, cooldown: 1m }
"""

PAGES = ["/", "/signals", "/signals/1", "/strategies", "/strategies/ma20-breakout?symbol=%5EIXIC", "/league", "/backtests",
         "/backtests/1", "/sweeps", "/sweeps?strategy=golden-cross", "/sweeps/1", "/news", "/reports", "/schedule",
         "/outbox", "/data", "/data?check=true"]


def check(is_true, what):
    if not is_true:
        raise SystemExit(f"dashboard-check: {what}")
    print(f"  {what}", flush=True)


class Host:
    def __init__(self, program, samples):
        self.folder = tempfile.mkdtemp(prefix="finstage-dashboard-")
        self.program = os.path.abspath(program)
        shutil.copytree(samples, f"{self.folder}/Samples")
        os.makedirs(f"{self.folder}/strategies")
        os.makedirs(f"{self.folder}/prices")
        own = os.path.join(os.path.dirname(os.path.abspath(samples)), "strategies")
        for folder, _, names in os.walk(own):
            for name in names:
                if name in ("ma20-breakout.yaml", "golden-cross.yaml", "triple-confirmation.yaml"):
                    shutil.copy(f"{folder}/{name}", f"{self.folder}/strategies/")
        self.write("strategies/each.yaml", EACH)
        self.begin = int(time.time()) // 60 - 60
        self.price(50)
        self.port = 0
        self.start()

    def write(self, name, text):
        # Whole or not at all, as a source that is read at any moment wants it.
        with open(f"{self.folder}/{name}.new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(f"{self.folder}/{name}.new", f"{self.folder}/{name}")

    def price(self, count):
        rows = [f"{(self.begin + n) * 60},{10 + n % 5},{12 + n % 5},{9 + n % 5},{10 + n % 3},100" for n in range(count)]
        self.write("prices/X.csv", "timestamp,open,high,low,close,volume\n" + "\n".join(rows) + "\n")

    def start(self):
        self.write("config.yaml", CONFIG.replace("PORT", str(self.port)))
        self.log = open(f"{self.folder}/log", "w+", encoding="utf-8")
        self.process = subprocess.Popen([self.program, "run"], cwd=self.folder, stdout=self.log, stderr=self.log)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with open(f"{self.folder}/log", encoding="utf-8") as file:
                found = re.search(r"api: http://127\.0\.0\.1:(\d+)", file.read())
            if found:
                self.port = int(found.group(1))
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        with open(f"{self.folder}/log", encoding="utf-8") as file:
            raise SystemExit("the host does not run:\n" + file.read()[-2000:])

    def token(self, name, role):
        return subprocess.run([self.program, "token", "create", name, "--role", role], cwd=self.folder,
                              capture_output=True, text=True, check=True).stdout.strip()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    program, samples, pictures = sys.argv[1:4]
    os.makedirs(pictures, exist_ok=True)
    host = Host(program, samples)
    browser_folder = tempfile.mkdtemp(prefix="finstage-browser-")
    browser = Browser(os.environ.get("CHROMIUM", "chromium"), browser_folder)
    try:
        drive(browser, host, pictures)
    finally:
        browser.close()
        host.remove()
        shutil.rmtree(browser_folder, ignore_errors=True)


def sign_in(browser, host, secret):
    browser.go(f"http://127.0.0.1:{host.port}/login")
    browser.run(f"document.querySelector('[name=token]').value = {json.dumps(secret)}")
    browser.press("document.querySelector('.form button')")


def drive(browser, host, pictures):
    def at(path):
        return f"http://127.0.0.1:{host.port}{path}"

    browser.screen(1280, 900, False)
    secret = host.token("driver", "operate")
    browser.call("Page.navigate", url=at("/schedule"))
    browser.wait("location.pathname === '/login' && document.readyState === 'complete'")
    check(True, "who is not signed in is led to /login")
    browser.picture(f"{pictures}/login-desktop-light.png")
    sign_in(browser, host, secret)
    check(browser.run("location.pathname") == "/", "a token signs in")
    check(browser.run("document.cookie.includes('finstage=') === false"), "no script can read the session's cookie")
    browser.wait("document.getElementById('state').textContent === 'Live'")

    before = browser.run("performance.timeOrigin")
    host.price(51)
    browser.wait("document.getElementById('signals').textContent.includes('each')")
    check(browser.run("performance.timeOrigin") == before, "a live signal appears on the overview without a reload")
    browser.wait("document.getElementById('arrivals').textContent.includes('each')")
    check(True, "its arrival is said")

    browser.go(at("/backtests?strategy=ma20-breakout"))
    browser.run("document.querySelector('[name=symbol]').value = '^IXIC'")
    browser.press("[...document.querySelectorAll('.form button')].at(-1)")
    check(browser.run("location.pathname") == "/backtests/1", "a backtest is asked for by the form")
    browser.wait("document.querySelector('#report svg.chart') !== null", 120)
    check(True, "its report comes without a reload")
    browser.go(at("/sweeps?strategy=golden-cross"))
    browser.run("document.querySelector('[name=symbol]').value = '^IXIC'")
    browser.press("[...document.querySelectorAll('.form button')].at(-1)")
    browser.wait("document.querySelector('table.heat td') !== null", 120)
    shades = browser.run("new Set([...document.querySelectorAll('table.heat td')].map("
                         "(c) => getComputedStyle(c).backgroundColor)).size")
    check(shades > 3, f"a sweep is a heat map, of {shades} colours")
    browser.go(at("/league"))
    browser.press("document.querySelector('.form button')")
    browser.go(at("/league"))
    browser.wait("document.querySelector('#league table') !== null", 240)
    check(True, "all strategies stand in the league table")

    browser.go(at("/strategies/ma20-breakout?symbol=%5EIXIC"))
    browser.wait("document.querySelector('canvas') !== null")
    browser.run("document.querySelector('canvas').focus()")
    browser.key("ArrowLeft", 37)
    browser.wait("document.querySelector('.reading').textContent.includes('close')")
    first = browser.run("document.querySelector('.reading').textContent")
    for key, code in (("ArrowLeft", 37), ("+", 187), ("-", 189), ("PageUp", 33)):
        browser.key(key, code)
    browser.key("Home", 36)
    browser.wait(f"document.querySelector('.reading').textContent !== {json.dumps(first)}")
    check("1999-" in browser.run("document.querySelector('.reading').textContent"), "the chart is led by the keyboard")

    browser.go(at("/schedule"))
    browser.press("document.querySelector('form[action$=\"/pause\"] button')")
    check(browser.run("document.querySelector('form[action$=\"/resume\"]') !== null"), "a button lets a job rest")
    browser.press("document.querySelector('form[action$=\"/resume\"] button')")

    check_faults(browser, host)
    browser.go(at("/"))
    browser.wait("document.getElementById('state').textContent === 'Live'")
    host.stop()
    browser.wait("document.getElementById('state').classList.contains('lost')")
    check(True, "a lost connection is told")
    browser.picture(f"{pictures}/lost-desktop-light.png")
    host.start()
    browser.wait("document.getElementById('state').textContent.includes('sign in again')", 40)
    check(True, "that the session has ended with the host is told")
    browser.faults.clear()  # A connection that is lost is an error to the browser, and was meant.
    sign_in(browser, host, secret)
    repeat_work(browser, at)
    photograph(browser, host, at, pictures)
    check_faults(browser, host)

    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.go(at("/strategies/ma20-breakout?symbol=%5EIXIC"))
    check(browser.run("document.querySelector('.drawing svg') !== null"), "without JavaScript the chart is a drawing")
    browser.call("Emulation.setScriptExecutionDisabled", value=False)
    browser.go(at("/"))
    browser.press("document.querySelector('form[action=\"/logout\"] button')")
    check(browser.run("location.pathname") == "/login", "who signs out is out")


def repeat_work(browser, at):
    """What a host that was started anew has not."""
    browser.go(at("/backtests?strategy=ma20-breakout"))
    browser.run("document.querySelector('[name=symbol]').value = '^IXIC'")
    browser.press("[...document.querySelectorAll('.form button')].at(-1)")
    browser.wait("document.querySelector('#report svg.chart') !== null", 120)
    browser.go(at("/sweeps?strategy=golden-cross"))
    browser.run("document.querySelector('[name=symbol]').value = '^IXIC'")
    browser.press("[...document.querySelectorAll('.form button')].at(-1)")
    browser.wait("document.querySelector('table.heat td') !== null", 120)
    browser.go(at("/league"))
    browser.press("document.querySelector('.form button')")
    browser.go(at("/league"))
    browser.wait("document.querySelector('#league table') !== null", 240)


def photograph(browser, host, at, pictures):
    wide = []
    for path in PAGES:
        name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "overview"
        for screen, width, height in (("desktop", 1280, 900), ("phone", 360, 740)):
            for scheme in ("light", "dark"):
                browser.screen(width, height, scheme == "dark")
                language = "ko" if (screen, scheme) == ("phone", "dark") else "en"
                browser.go(at(path + ("&" if "?" in path else "?") + f"lang={language}"))
                if path.startswith("/strategies/"):
                    browser.wait("document.querySelector('canvas') !== null")
                else:
                    time.sleep(0.15)
                browser.picture(f"{pictures}/{name}-{screen}-{scheme}.png")
                over = browser.run("document.documentElement.scrollWidth - innerWidth")
                if over > 0:
                    wide.append(f"{path} by {over} at {width}")
    check(not wide, f"no page is wider than its screen {wide or ''}")


def check_faults(browser, host):
    check(not browser.faults, f"nothing is told on the console {browser.faults[:5] or ''}")
    hosts = {name for name in browser.hosts if name != f"127.0.0.1:{host.port}"}
    check(not hosts, f"nobody else is asked {hosts or ''}")


main()
