"""A page of Chromium without a window, driven by its own protocol (Chrome DevTools Protocol)."""

from __future__ import annotations

import asyncio
import base64
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)  # fmt: skip
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0",
)  # fmt: skip
PATIENCE = 60.0  # seconds
WRONG = ("Runtime.exceptionThrown", "Network.loadingFailed")


class Page:
    """One page: what it is told to do, and what it got over its sockets."""

    def __init__(self, connection: aiohttp.ClientWebSocketResponse) -> None:
        self._connection, self._asked = connection, 0
        self.got = bytearray()  # of all sockets
        self.wrong: list[str] = []

    async def ask(self, method: str, **given: Any) -> dict[str, Any]:
        """Have something done, and give the answer."""
        self._asked += 1
        await self._connection.send_json({"id": self._asked, "method": method, "params": given})
        while True:
            said = await self._heard()
            if said.get("id") == self._asked:
                found: dict[str, Any] = said.get("result", {})
                return found

    async def value(self, expression: str) -> Any:
        """What an expression of JavaScript is."""
        return (await self.ask("Runtime.evaluate", expression=expression))["result"].get("value")

    async def press(self, key: str) -> None:
        """Press a key that stands for itself."""
        await self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
        await self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Listen until something holds; fails after a minute."""
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await self._heard()

    async def _heard(self) -> dict[str, Any]:
        said: dict[str, Any] = await self._connection.receive_json(timeout=PATIENCE)
        method, given = said.get("method"), said.get("params", {})
        if method == "Network.webSocketFrameReceived" and given["response"]["opcode"] == 2:
            self.got += base64.b64decode(given["response"]["payloadData"])
        elif method in WRONG or (method == "Log.entryAdded" and given["entry"]["level"] == "error"):
            self.wrong.append(str(given))
        return said


@asynccontextmanager
async def page() -> AsyncIterator[Page]:
    """An empty page of a browser that ends with the block."""
    name = next((found for found in map(shutil.which, NAMES) if found), None)
    assert name is not None, "Neither Chromium nor Chrome is installed."
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = await asyncio.create_subprocess_exec(
            name, *QUIET, f"--user-data-dir={profile}", "about:blank", stderr=asyncio.subprocess.PIPE
        )
        try:
            assert browser.stderr is not None
            line = ""
            while "DevTools listening on" not in line:
                line = (await asyncio.wait_for(browser.stderr.readline(), PATIENCE)).decode()
                assert line, "The browser ended."
            port = line.split(":")[-1].partition("/")[0]
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/json") as answer:
                    target = next(one for one in await answer.json() if one["type"] == "page")
                async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as connection:
                    found = Page(connection)
                    for domain in ("Page", "Network", "Runtime", "Log"):
                        await found.ask(f"{domain}.enable")
                    yield found
        finally:
            browser.kill()
            await browser.wait()
