"""A Chromium without a window, driven over its DevTools protocol by a pair of pipes: nothing but Python and Chromium."""

import base64
import json
import os
import select
import subprocess
import time


class Browser:
    def __init__(self, program, folder):
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()

        def place():
            # The pipes are to be 3 and 4; one of them may be there already.
            a, b = os.dup(to_browser), os.dup(from_browser)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self._process = subprocess.Popen(
            [program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", "--hide-scrollbars", "--disable-background-networking", "--disable-sync",
             f"--user-data-dir={folder}", "about:blank"],
            preexec_fn=place, pass_fds=(3, 4), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self._rest = b""
        self._number = 0
        self._session = None
        # What went wrong on pages: exceptions, errors on the console, what the policy refused, what was asked elsewhere.
        self.faults = []
        self.hosts = set()
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self):
        self._process.terminate()
        self._process.wait(timeout=20)

    def call(self, method, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + 60
        while time.monotonic() < end:
            answer = self._read(1)
            if answer and answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
        raise TimeoutError(method)

    def _read(self, seconds):
        while b"\0" not in self._rest:
            if not select.select([self._in], [], [], seconds)[0]:
                return None
            more = os.read(self._in, 1 << 20)
            if not more:
                raise EOFError("the browser has ended")
            self._rest += more
        text, _, self._rest = self._rest.partition(b"\0")
        message = json.loads(text)
        self._note(message)
        return message

    def _note(self, message):
        name, what = message.get("method"), message.get("params", {})
        if name == "Runtime.exceptionThrown":
            self.faults.append(f"exception: {what['exceptionDetails'].get('exception', what['exceptionDetails'])}")
        elif name == "Runtime.consoleAPICalled" and what["type"] in ("error", "assert", "warning"):
            self.faults.append(f"console: {[a.get('value') for a in what['args']]}")
        elif name == "Log.entryAdded" and what["entry"]["level"] == "error":
            self.faults.append(f"log: {what['entry']['text']} {what['entry'].get('url', '')}")
        elif name == "Network.requestWillBeSent":
            url = what["request"]["url"]
            if url.startswith(("http:", "https:", "ws:")):
                self.hosts.add(url.split("/")[2])

    def run(self, script):
        """The value of an expression, or of what it promises."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, script, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.run(script):
                    return
            except RuntimeError:
                pass  # The page is being changed for another.
            time.sleep(0.1)
        raise TimeoutError(f"never so: {script}\n{self.run('document.body.innerText.slice(0, 1500)')}")

    def go(self, url):
        self.call("Page.navigate", url=url)
        path = url.split("/", 3)[3] if url.count("/") > 2 else ""
        self.wait(f"document.readyState === 'complete' && location.href.includes({json.dumps('/' + path)})")

    def press(self, script):
        """Presses what an expression finds, and waits for the page that follows."""
        self.run("window.isOld = true")
        self.run(f"({script}).click()")
        self.wait("!window.isOld && document.readyState === 'complete'")

    def key(self, name, code=0):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code)

    def screen(self, width, height, is_dark):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}])

    def picture(self, path):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 2400), "scale": 1}
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
