"""The dashboard in a browser: it is drawn, keys reach it, and a page without the secret is nothing."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser.chromium import Page, page
from tests.e2e.terminal import stop_engines

LRTUI = str(Path(sys.executable).with_name("lrtui"))


async def main() -> None:
    with TemporaryDirectory() as home:
        server = await asyncio.create_subprocess_exec(
            LRTUI, "serve", "--port", "0", "moons",
            env={**os.environ, "LRTUI_HOME": home}, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            assert server.stdout is not None
            address = (await server.stdout.readline()).decode().strip()
            async with page() as shown:
                await seen_and_driven(shown, address)
            async with page() as shown:
                await shown.ask("Page.navigate", url=address.replace(address.split("/")[3], "guess"))
                await shown.until(lambda: any("404" in told for told in shown.wrong))
                assert not shown.got
            server.terminate()
            assert await server.wait() == 0
        finally:
            if server.returncode is None:
                server.kill()
            stop_engines(Path(home))
    print("A browser shows the dashboard, trains by a key, and leaves.")


async def seen_and_driven(shown: Page, address: str) -> None:
    """Train by Space, and leave by q."""
    await shown.ask("Page.navigate", url=address)
    await shown.until(lambda: b"untrained" in shown.got)
    await shown.ask("Runtime.evaluate", expression="document.querySelector('textarea').focus()")
    await shown.press(" ")
    await shown.until(lambda: b"finished" in shown.got)
    assert await shown.value("document.querySelector('.xterm-screen canvas').width") > 0
    await shown.press("q")
    await shown.until(lambda: b"\x1b[?1049l" in shown.got)  # the screen of before comes back
    while "-closed" not in str(await shown.value("document.body.className")):
        pass
    assert await shown.value("getComputedStyle(document.getElementById('ended')).display") == "block"
    assert shown.wrong == [], shown.wrong


if __name__ == "__main__":
    asyncio.run(main())
