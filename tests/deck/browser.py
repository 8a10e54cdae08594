"""Headless Chromium by its own protocol: enough to press keys, count requests and read errors."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from tornado.websocket import websocket_connect

PATH = shutil.which("chromium") or shutil.which("google-chrome") or ""
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", "--window-size=1280,800",
)  # fmt: skip


class Browser:
    """One page; `events` holds what it said."""

    def __init__(self, socket: Any) -> None:
        self.socket, self.number, self.events = socket, 0, []

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self.number += 1
        await self.socket.write_message(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(await self.socket.read_message())
            if message.get("id") == self.number:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    async def evaluate(self, expression: str) -> Any:
        result = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, userGesture=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    async def press(self, key: str, text: str = "") -> None:
        await self.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=text)
        await self.call("Input.dispatchKeyEvent", type="keyUp", key=key)
        await asyncio.sleep(0.1)

    async def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode((await self.call("Page.captureScreenshot"))["data"]))

    def of(self, *methods: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["method"] in methods]


async def opened(url: str, use: Any) -> Any:
    """Open a page, wait until it is loaded, and use it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [PATH, *OPTIONS, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            port = await asyncio.to_thread(_port, process)
            listing = await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{port}/json")
            target = next(t for t in json.load(listing) if t["type"] == "page")
            browser = Browser(await websocket_connect(target["webSocketDebuggerUrl"], max_message_size=100_000_000))
            for domain in ("Page", "Runtime", "Log", "Network"):
                await browser.call(f"{domain}.enable")
            await browser.call("Page.navigate", url=url)
            while await browser.evaluate("document.readyState + document.fonts.status") != "completeloaded":
                await asyncio.sleep(0.05)
            return await use(browser)
        finally:
            process.terminate()
            process.wait(timeout=10)
            process.stderr.close()


def _port(process: subprocess.Popen[str]) -> int:
    for line in process.stderr:
        if "DevTools listening on" in line:
            return int(line.split("127.0.0.1:")[1].split("/")[0])
    raise RuntimeError("Chromium did not start")
