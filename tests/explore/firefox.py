"""Opens the explorer's file in Firefox as it is and says, as JSON, what is read there. Arguments: Firefox, the file, and what follows `#` in the link.

Firefox is asked through WebDriver BiDi, which it speaks itself.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

from websockets.sync.client import connect

# How long anything may take on a busy machine, in seconds.
LONG = 120
FINISHED = """(() => { const run = document.documentElement.dataset.run;
  return run && document.getElementById('status').dataset.finished === run ? 'yes' : 'no'; })()"""
READ = "['sentence', 'lead', 'panels'].map(id => document.getElementById(id).innerHTML).join('\\n')"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def until(act):
    """What an act gives in the end that gives nothing as long as it is too early."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        given = act()
        if given:
            return given
        time.sleep(0.1)
    raise TimeoutError


class Firefox:
    """One window, and all that its page complains of or asks for."""

    def __init__(self, socket):
        self.socket, self.asked, self.errors = socket, 0, []
        self.call("session.new", {"capabilities": {}})
        self.call("session.subscribe", {"events": ["log.entryAdded", "network.beforeRequestSent"]})
        self.window = self.call("browsingContext.getTree", {})["contexts"][0]["context"]

    def call(self, method, parameters):
        self.asked += 1
        self.socket.send(json.dumps({"id": self.asked, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=LONG))
            if message.get("id") == self.asked:
                return message["result"]
            self.hear(message.get("method"), message.get("params", {}))

    def hear(self, event, said):
        if event == "log.entryAdded" and said["level"] in ("error", "warn"):
            self.errors.append(said["text"])
        if event == "network.beforeRequestSent":
            address = said["request"]["url"]
            if not address.startswith(("file:", "blob:", "data:", "about:")):
                self.errors.append(address)

    def value(self, expression):
        parameters = {"expression": expression, "target": {"context": self.window}, "awaitPromise": True}
        return self.call("script.evaluate", parameters)["result"]["value"]

    def read(self, address):
        self.call("browsingContext.navigate", {"context": self.window, "url": address, "wait": "complete"})
        until(lambda: self.value(FINISHED) == "yes")
        return self.value(READ)


def main():
    program, page, link = sys.argv[1:4]
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        arguments = [program, "--headless", "--no-remote", "--profile", home, "--remote-debugging-port", str(port)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        firefox = subprocess.Popen(arguments, env={**os.environ, "HOME": home}, **quiet)

        def seen():
            try:
                with connect(f"ws://127.0.0.1:{port}/session", max_size=None, open_timeout=LONG) as socket:
                    window = Firefox(socket)
                    return {"read": window.read(f"{pathlib.Path(page).resolve().as_uri()}#{link}"), "errors": window.errors}
            except ConnectionError:
                # It has not started.
                return None

        try:
            print(json.dumps(until(seen)))
        finally:
            firefox.terminate()
            firefox.wait()

main()
