"""A browser for a test: headless Chromium through chromedriver's WebDriver protocol, with the
standard library alone. Everything it starts ends with it."""

import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars"]
START_TIMEOUT_S = 60
CALL_TIMEOUT_S = 120


def missing():
    """Why there is no browser here; None where there is one."""
    for program, package in (("chromedriver", "chromium-driver"), ("chromium", "chromium")):
        if shutil.which(program) is None:
            return f"no {program}: apt-get install {package}"
    return None


class Browser:
    def __init__(self, width=1240, height=1000):
        self._profile = tempfile.TemporaryDirectory(prefix="uringbench-browser-")
        with socket.socket() as probe:  # chromedriver takes no port 0
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._base = f"http://127.0.0.1:{port}"
        self._driver = subprocess.Popen(["chromedriver", f"--port={port}", "--log-level=OFF"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._session = None
        self._proxyless = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            self._wait_for_driver()
            options = {"args": [*FLAGS, f"--user-data-dir={self._profile.name}",
                                f"--window-size={width},{height}"]}
            wanted = {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options,
                                      "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}
            self._session = self._call("POST", "/session", {"capabilities": wanted})["sessionId"]
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._session is not None:
            try:
                self._call("DELETE", f"/session/{self._session}")
            except (OSError, RuntimeError):
                pass
            self._session = None
        self._driver.terminate()
        self._driver.wait()
        self._profile.cleanup()

    def _wait_for_driver(self):
        end = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                if self._call("GET", "/status")["ready"]:
                    return
            except OSError:
                if time.monotonic() > end or self._driver.poll() is not None:
                    raise

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        try:
            with self._proxyless.open(request, timeout=CALL_TIMEOUT_S) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode("utf-8", "replace")) from None

    def _in_session(self, method, path, body=None):
        return self._call(method, f"/session/{self._session}{path}", body)

    def open(self, url):
        self._in_session("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """The value of a script's `return`."""
        return self._in_session("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def command(self, name, **parameters):
        """One of the DevTools protocol."""
        return self._in_session("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def size(self, width, height):
        """Of the page itself; a window has a least width."""
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=False)

    def keys(self, *names):
        """Presses and releases keys, by their WebDriver characters."""
        actions = []
        for name in names:
            actions += [{"type": "keyDown", "value": name}, {"type": "keyUp", "value": name}]
        self._in_session("POST", "/actions",
                         {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def click(self, selector):
        found = self._in_session("POST", "/element", {"using": "css selector", "value": selector})
        (element,) = found.values()
        self._in_session("POST", f"/element/{element}/click", {})

    def log(self, kind="browser"):
        """What was logged since the last call; `performance` holds every request."""
        return self._in_session("POST", "/se/log", {"type": kind})

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._in_session("GET", "/screenshot")))
